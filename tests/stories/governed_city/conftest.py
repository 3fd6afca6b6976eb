"""The cast.  After a chapter that failed the later ones, of all parts, are left out."""

import pytest

from tests.fixtures.server import serving, shared_database
from tests.stories.governed_city.people import Story

FAILED = []


@pytest.fixture(scope="package")  # of this folder: one of a plugin would last for the session
def cast(chromium, django_db_setup, django_db_blocker):
    """Those who act, each in a window that stays open from chapter to chapter."""
    with shared_database(django_db_blocker), serving() as site:
        found = Story(chromium, site)
        yield found
        found.close()


@pytest.fixture
def story(cast):
    """The story so far; a chapter fails that leaves a problem in any window."""
    yield cast
    assert cast.problems() == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.when != "teardown" and report.failed:
        FAILED.append(item.name)
        if "story" in item.funcargs:
            item.funcargs["story"].picture(item.name)
    return report


def pytest_runtest_setup(item):
    if FAILED:
        pytest.skip(f"an earlier chapter failed: {FAILED[0]}")
