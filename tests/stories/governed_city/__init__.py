"""The story of a city, in parts that build on one another, on one database."""
