"""Writing the first pillar: one function for each thing one can do, one transaction each."""
