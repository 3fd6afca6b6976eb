"""What is read in the second pillar: named, typed, never writing."""
