"""A story is told chapter by chapter: after a chapter that failed the later ones are left out."""

import pytest

FAILED = set()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed and "story" in item.fixturenames:
        FAILED.add(item.path)
    return report


def pytest_runtest_setup(item):
    if item.path in FAILED:
        pytest.skip("an earlier chapter failed")
