"""What comes with the platform to begin from: the common template and libraries of sectors."""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from kaohe.core.errors import NotFound
from kaohe.core.indicator_trees import indicator_from
from kaohe.core.indicators import Indicator, Plan
from kaohe.core.problems import N_

_DATA = Path(__file__).parent.parent / "data"
_LIBRARIES = ("health", "education", "agriculture", "enforcement")


class LibraryUnknown(NotFound):
    """There is no such library."""

    code = "library.unknown"
    sentence = N_("There is no library “{library}”. Choose one of the list.")


@cache
def _read(name: str) -> Mapping[str, Any]:
    text = (_DATA / f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text, parse_float=Decimal)


def _indicators(name: str) -> tuple[Indicator, ...]:
    rows = _read(name)["indicators"]
    return tuple(indicator_from({key: str(value) for key, value in row.items()}) for row in rows)


@cache
def seed_template() -> Plan:
    """The common template to begin from: both ledgers, 20 and 12 items, 100 points.

    Source: docs/rules/indicators.md, S-1.
    """
    return Plan(_read("common_template")["preface"], _indicators("common_template"))


@cache
def libraries() -> tuple[tuple[str, str], ...]:
    """The libraries: code and title."""
    return tuple((code, _read(f"libraries/{code}")["title"]) for code in _LIBRARIES)


@cache
def library(code: str) -> tuple[Indicator, ...]:
    """The indicators of a library, which make 100 points.

    Raises:
        LibraryUnknown: there is none of this code.

    Source: docs/rules/indicators.md, S-2.
    """
    if code not in _LIBRARIES:
        raise LibraryUnknown(library=code)
    return _indicators(f"libraries/{code}")
