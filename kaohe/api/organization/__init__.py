"""The first pillar over the API."""
