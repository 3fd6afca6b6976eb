"""考核: the annual four-in-one assessment of public institutions, exact and explainable."""

__version__ = "0.4.0"
