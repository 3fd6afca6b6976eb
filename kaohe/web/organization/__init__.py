"""Pages of the first pillar."""
