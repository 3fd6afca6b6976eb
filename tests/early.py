"""Before Django reads its settings: a home of our own, and the database asked for.

Loaded with ``-p`` (pyproject.toml), because a conftest comes too late for that.  With several
workers the first process starts the database server, and each worker has a home of its own.
"""

import gc
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

WORKER = "PYTEST_XDIST_WORKER"
_stack = ExitStack()


def _prepare_environment() -> None:
    """Set what the settings read."""
    if "KAOHE_TEST_HOME" not in os.environ:
        os.environ["KAOHE_TEST_HOME"] = _stack.enter_context(
            tempfile.TemporaryDirectory(prefix="kaohe-test-")
        )
    home = Path(os.environ["KAOHE_TEST_HOME"]) / os.environ.get(WORKER, "alone")
    home.mkdir(exist_ok=True)
    os.environ["KAOHE_HOME"] = str(home)
    os.environ["KAOHE_TLS"] = "off"
    os.environ["KAOHE_DEMO"] = "off"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's driver runs an event loop
    os.environ["DJANGO_SETTINGS_MODULE"] = "kaohe.config.settings"
    wants_server = os.environ.get("KAOHE_TEST_DB") == "postgresql"
    if wants_server and "KAOHE_DATABASE" not in os.environ:
        from tests.postgresql import cluster

        socket = _stack.enter_context(cluster())
        os.environ["KAOHE_DATABASE"] = f"postgresql://kaohe@/kaohe?host={socket}"


gc.disable()  # until all tests are collected: what is imported is never garbage
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that a server is stopped, too
_prepare_environment()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[object]:
    """Collect tests first and garbage afterwards, and never look for it among what was imported."""
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _stack.close()
