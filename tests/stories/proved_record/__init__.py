"""The story of a record that proves itself, in chapters that build on one another."""
