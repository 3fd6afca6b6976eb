"""The demonstration: an invented city, province or nation."""
