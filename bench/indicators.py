"""What the second pillar costs, as sections of the page."""

import os
import sys
from collections.abc import Mapping
from typing import Any

from bench.measure import cost_of
from bench.page import Line, Section
from tests.postgresql import cluster

PYTHON = sys.executable
PAGE_GOAL = 0.080  # seconds
COMMAND = [PYTHON, "-m", "bench.indicators_cost"]


def sections() -> list[Section]:
    """Both databases."""
    embedded = cost_of(COMMAND).said
    with cluster() as folder:
        address = f"postgresql://kaohe@/postgres?host={folder}"
        server = cost_of(COMMAND, {**os.environ, "KAOHE_DATABASE": address}).said
    return [deeds((("SQLite", embedded), ("PostgreSQL", server))), pages(embedded["pages"])]


def deeds(both: tuple[tuple[str, Mapping[str, Any]], ...]) -> Section:
    """What long work takes, on the clock."""
    lines = []
    for database, found in both:
        lines += [
            _line(f"{found['sheets']} sheets issued in one action, {database}", found["issue"], 10),
            _line(f"the workbook of 40 sheets out, {database}", found["book_out"], 5),
            _line(f"and in again: read, compared, applied, {database}", found["book_in"], 5),
        ]
    found = both[0][1]
    lines += [
        _line("the effect of a setting on last year's results, 282 units", found["preview"], 2),
        Line("last year's folder made ready for that, once", _said(found["prepare"])),
    ]
    return Section(
        "Indicators: seven departments of 40 units",
        lines,
        "On the clock and, in brackets, of the process alone; each sheet with its entry on the"
        " record.",
    )


def _said(spent: tuple[float, float]) -> str:
    wall, cpu = spent
    return f"{wall:.2f} s (CPU {cpu:.2f} s)"


def _line(words: str, spent: tuple[float, float], goal: int) -> Line:
    return Line(words, _said(spent), f"under {goal} s", spent[0] < goal)


def pages(found: Mapping[str, tuple[float, float, float]]) -> Section:
    """What a page takes."""
    lines = [
        Line(
            name,
            f"{1000 * middle:.1f} ms, {1000 * slow:.1f} ms (CPU {1000 * cpu:.1f} ms)",
            f"under {1000 * PAGE_GOAL:.0f} ms",
            middle < PAGE_GOAL,
        )
        for name, (middle, slow, cpu) in found.items()
    ]
    return Section(
        "Pages of the indicators: 280 units, a scheme of 40 sheets",
        lines,
        "Time on the clock in the WSGI application, from the request to the last byte: median, 95th"
        " percentile, and the median of the process alone. SQLite.",
    )
