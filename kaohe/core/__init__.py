"""The rules: pure Python over frozen values; no framework, no I/O, no clock, no chance."""
