"""Installations for the tests of the commands: made once, copied for each test."""

import os

import pytest

from tests.cli.installations import Installation, new_database


@pytest.fixture(scope="session")
def _made_once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    database = os.environ.get("KAOHE_DATABASE", "")
    made = Installation(folder / "home", new_database(database) if database else "")
    made.run("init")
    return made


@pytest.fixture
def empty(tmp_path):
    """A folder and a database with nothing in them."""
    database = os.environ.get("KAOHE_DATABASE", "")
    found = Installation(tmp_path / "empty", new_database(database) if database else "")
    yield found
    found.end()


@pytest.fixture
def made(_made_once, tmp_path):
    """An installation as ``kaohe init`` leaves it."""
    found = _made_once.copy(tmp_path)
    yield found
    found.end()
