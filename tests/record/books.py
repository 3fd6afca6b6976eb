"""Files that are brought for schemes."""
