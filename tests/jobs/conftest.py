"""Real installations for the tests with real workers."""

from tests.cli.conftest import _made_once, made

__all__ = ["_made_once", "made"]
