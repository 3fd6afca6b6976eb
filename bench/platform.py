"""What the platform costs: its pages, an entry on the record, the import of a register."""

import sys
from pathlib import Path

from bench import platform_home
from bench.measure import cost_of
from bench.page import Line, Section

PAGE_GOAL = 0.080  # seconds at the median
RECORD_GOAL = 0.20  # of the CPU of a form
IMPORT_GOAL = 20.0  # seconds on the clock, for 10,000 units
PYTHON = sys.executable


def sections(data: Path) -> list[Section]:
    """All three, measured one after the other."""
    home = platform_home.made(data.resolve())
    return [
        pages(cost_of([PYTHON, "-m", "bench.pages", home]).said),
        record(cost_of([PYTHON, "-m", "bench.journal_cost", home]).said),
        register(cost_of([PYTHON, "-m", "bench.register_import"]).said),
    ]


def pages(found: dict[str, list[float]]) -> Section:
    """Server time of each page, and how many times an empty one's it is."""
    (empty, (least, _)), *rest = found.items()
    lines = [Line(empty, _ms(*found[empty]))]
    lines += [
        Line(
            name,
            f"{_ms(middle, most)}; {middle / least:.0f} times",
            f"under {1000 * PAGE_GOAL:.0f} ms",
            middle < PAGE_GOAL,
        )
        for name, (middle, most) in rest
    ]
    return Section(
        "Pages of the demonstration city: 300 units, seen by the head of the office",
        lines,
        "Time on the clock in the WSGI application, from the request to the last byte: median,"
        " 95th percentile, and the median in times of the empty view. SQLite.",
    )


def record(found: dict[str, float]) -> Section:
    """A form sent over HTTP, with and without its entry."""
    more = found["with"] / found["without"] - 1
    return Section(
        "An entry on the record: a department corrected over HTTP",
        [
            Line("CPU of the server, record patched out", f"{1000 * found['without']:.2f} ms"),
            Line("CPU of the server", f"{1000 * found['with']:.2f} ms"),
            Line(
                "what the entry adds",
                f"{100 * more:.1f} %",
                f"at most {100 * RECORD_GOAL:.0f} %",
                more <= RECORD_GOAL,
            ),
        ],
        "gunicorn with one worker on loopback, batches with and without in turn.",
    )


def register(found: dict[str, float]) -> Section:
    """A register imported from a workbook."""
    spent = found["check"] + found["apply"]
    return Section(
        f"Import of a register: {found['units']:,} units from a workbook",
        [
            Line("the workbook read by its reader alone", f"{found['read']:.2f} s"),
            Line(
                "read, checked, compared",
                f"{found['check']:.2f} s; {found['check'] / found['read']:.1f} times",
            ),
            Line("applied, with an entry for each object", f"{found['apply']:.2f} s"),
            Line(
                "together",
                f"{spent:.1f} s",
                f"under {IMPORT_GOAL:.0f} s",
                spent < IMPORT_GOAL,
            ),
            Line("a page of the preview, from the report", f"{1000 * found['page']:.1f} ms"),
        ],
    )


def _ms(middle: float, most: float) -> str:
    return f"{1000 * middle:.1f} ms, {1000 * most:.1f} ms"
