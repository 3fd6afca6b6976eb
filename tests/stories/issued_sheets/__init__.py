"""The story of a department's March: last year's scheme becomes this year's issued sheets."""
