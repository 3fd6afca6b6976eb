"""The arithmetic, set-based: each rule once, as Narwhals expressions over whole ticks."""
