"""Reading the first pillar: named, typed, never writes."""
