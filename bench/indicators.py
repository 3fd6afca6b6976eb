"""What the second pillar costs, as sections of the page."""

import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

from bench.indicators_pages import EMPTY
from bench.measure import told_by
from bench.page import Line, Section
from tests.postgresql import cluster

PAGE_GOAL = 0.080  # seconds on the clock
READ_GOAL = 0.010  # seconds of CPU
COMMAND = [sys.executable, "-m", "bench.indicators_cost"]
TITLE, SHOWN = "The indicators", "python -m bench --indicators"

Found = dict[str, dict[str, Any]]  # by database, what was measured so far


def sections() -> list[Section]:
    """Both databases.

    Raises:
        KeyboardInterrupt: somebody stopped it.
    """
    found: Found = {}
    measure(found)
    return told(found)


def measure(found: Found) -> None:
    """Fill in what is measured, at once when it is known: who is stopped keeps the rest.

    Raises:
        KeyboardInterrupt: somebody stopped it, by the keyboard or a signal to end.
    """
    with _ending_is_stopping():
        _say("SQLite")
        embedded = found.setdefault("SQLite", {})
        for each in told_by([*COMMAND, "--whole"]):
            embedded |= each
        _say("PostgreSQL")
        with cluster() as folder:
            address = f"postgresql://kaohe@/postgres?host={folder}"
            server = found.setdefault("PostgreSQL", {})
            for each in told_by(COMMAND, {**os.environ, "KAOHE_DATABASE": address}):
                server |= each


@contextmanager
def _ending_is_stopping() -> Iterator[None]:
    def stop(*_signal: object) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def told(found: Found) -> list[Section]:
    """The sections of what was measured; what is missing has no line."""
    made = [
        deeds(found),
        *(pages(database, each["pages"]) for database, each in found.items() if "pages" in each),
        reads(found),
    ]
    return [section for section in made if section.lines]


def deeds(found: Mapping[str, Mapping[str, Any]]) -> Section:
    """What long work takes, on the clock, and in times of what no way of doing it could save."""
    lines: list[Line] = []
    for database, each in found.items():
        words = f"{each.get('sheets')} sheets issued in one action, {database}"
        lines += _line(words, each, "issue", 10, "issue_floor")
        lines += _line(f"the workbook of 40 sheets out, {database}", each, "book_out", 5)
        words = f"and in again: read, compared, applied, {database}"
        lines += _line(words, each, "book_in", 5, "book_floor")
    for each in found.values():
        words = "the effect of a setting on last year's results, 282 units"
        lines += _line(words, each, "preview", 2)
        if "prepare" in each:
            words = "last year's folder made ready for that, once"
            lines.append(Line(words, _said(each["prepare"])))
    return Section(
        "Indicators: seven departments of 40 units",
        lines,
        "On the clock and, in brackets, of the process alone; each sheet with its entry on the"
        " record. Times: of the rows of the sheets written alone, and of the workbook read by its"
        " reader alone.",
    )


def _said(spent: Sequence[float]) -> str:
    wall, cpu = spent
    return f"{wall:.2f} s (CPU {cpu:.2f} s)"


def _line(
    words: str, found: Mapping[str, Any], name: str, goal: int, floor: str = ""
) -> list[Line]:
    if name not in found:
        return []
    spent = found[name]
    times = f"; {spent[1] / max(found[floor][1], 0.0001):.1f} times" if floor else ""
    return [Line(words, f"{_said(spent)}{times}", f"under {goal} s", spent[0] < goal)]


def pages(database: str, found: Mapping[str, Sequence[float]]) -> Section:
    """What a page takes."""
    least = found[EMPTY][2]
    lines = [Line(EMPTY, _page(found[EMPTY]))]
    lines += [
        Line(
            name,
            f"{_page(each)}; {each[2] / least:.0f} times",
            f"under {1000 * PAGE_GOAL:.0f} ms",
            each[0] < PAGE_GOAL,
        )
        for name, each in found.items()
        if name != EMPTY
    ]
    return Section(
        f"Pages of the indicators: 280 units, a scheme of 40 sheets, {database}",
        lines,
        "Time on the clock in the WSGI application, from the request to the last byte: median, 95th"
        " percentile, and the median of the process alone, also in times of the empty view. Seen by"
        " the head of the office.",
    )


def _page(spent: Sequence[float]) -> str:
    middle, slow, cpu = (1000 * each for each in spent)
    return f"{middle:.1f} ms, {slow:.1f} ms (CPU {cpu:.1f} ms)"


def reads(found: Mapping[str, Mapping[str, Any]]) -> Section:
    """What an answer of the API takes."""
    lines = [
        Line(
            f"{name}, {database}",
            f"{1000 * cpu:.1f} ms",
            f"under {1000 * READ_GOAL:.0f} ms",
            cpu < READ_GOAL,
        )
        for database, each in found.items()
        for name, cpu in each.get("reads", {}).items()
    ]
    return Section(
        "Reads of the indicators over the API: 280 units",
        lines,
        "CPU of the process from the request to the last byte, token and scope included, medians;"
        " what a PostgreSQL server spends is not in it.",
    )
