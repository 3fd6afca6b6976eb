"""What may be done in the second pillar: one function for each thing."""
