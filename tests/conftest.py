"""Fixtures for all tests; each is asked for by name."""

from hypothesis import settings

# How long one example takes says more of the machine than of us; bench/ measures.
settings.register_profile("without a clock", deadline=None)
settings.load_profile("without a clock")

pytest_plugins = [
    "tests.fixtures.database",
    "tests.fixtures.people",
    "tests.fixtures.sittings",
    "tests.fixtures.documents",
    "tests.fixtures.indicators",
    "tests.fixtures.folders",
    "tests.fixtures.targets",
    "tests.fixtures.imports",
    "tests.fixtures.server",
    "tests.fixtures.browser",
    "tests.fixtures.api",
    "tests.fixtures.sign_on",
    "tests.fixtures.logs",
    "tests.fixtures.sealing",
    "tests.fixtures.sealed",
]


def pytest_xdist_make_scheduler(config, log):
    """With ``--dist loadscope`` every test goes to a worker of its own, but a story goes whole."""
    if config.getvalue("dist") != "loadscope":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class ByStory(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            path = nodeid.partition("::")[0]
            folder, _, file = path.rpartition("/")
            if folder.startswith("tests/stories/"):
                return folder
            return path if file.startswith("test_browser") else nodeid

    return ByStory(config, log)
