"""What it costs to assess a city, a province, a nation: against others, and against the floor."""
