"""Fixtures for all tests; each is asked for by name."""

pytest_plugins = [
    "tests.fixtures.database",
    "tests.fixtures.people",
    "tests.fixtures.server",
    "tests.fixtures.browser",
]
