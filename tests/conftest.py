"""Fixtures for all tests; each is asked for by name."""

pytest_plugins = [
    "tests.fixtures.database",
    "tests.fixtures.people",
    "tests.fixtures.sittings",
    "tests.fixtures.documents",
    "tests.fixtures.imports",
    "tests.fixtures.server",
    "tests.fixtures.browser",
    "tests.fixtures.sign_on",
]
