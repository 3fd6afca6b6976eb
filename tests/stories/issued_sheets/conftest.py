"""The cast.  After a chapter that failed the later ones, of all parts, are left out."""

import pytest
from django.conf import settings

from tests.fixtures.browser import SCREENS
from tests.fixtures.server import serving, shared_database
from tests.stories.issued_sheets.people import Story

FAILED = []


@pytest.fixture(scope="package")  # of this folder: one of a plugin would last for the session
def cast(chromium, django_db_setup, django_db_blocker, tmp_path_factory):
    """Those who act, and files of the story's own."""
    home = tmp_path_factory.mktemp("sheets")
    with pytest.MonkeyPatch.context() as patch, shared_database(django_db_blocker):
        patch.setattr(settings, "HOME", home)
        patch.setattr(settings, "FILES", home / "files")
        with serving() as site:
            found = Story(chromium, site, home)
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
            SCREENS.mkdir(parents=True, exist_ok=True)
            item.funcargs["story"].picture(item.name)
    return report


def pytest_runtest_setup(item):
    if FAILED:
        pytest.skip(f"an earlier chapter failed: {FAILED[0]}")
