"""What the API costs, as a section of the page: reads, and registers in one request."""

import os
import sys

from bench.measure import cost_of
from bench.page import Line, Section
from tests.postgresql import cluster

READ_GOAL = 0.010  # seconds of CPU
ROWS_GOAL = 5_000  # in a second
PYTHON = sys.executable
READS = (
    ("unit", "a unit"),
    ("list", "a list of 100 units, with who leads them"),
    ("entry", "an entry of the record"),
    ("record", "the record of a unit"),
    ("departments", "the departments"),
)
WRITES = (
    ("units", "units of 16 fields"),
    ("full", "units with further names, a purpose and a principal"),
    ("people", "people, each with a post"),
)


def sections() -> list[Section]:
    """Both databases."""
    embedded = cost_of([PYTHON, "-m", "bench.api_cost"]).said
    with cluster() as folder:
        address = f"postgresql://kaohe@/postgres?host={folder}"
        environment = {**os.environ, "KAOHE_DATABASE": address}
        server = cost_of([PYTHON, "-m", "bench.api_cost"], environment).said
    both = (("SQLite", embedded), ("PostgreSQL", server))
    return [reads(both), writes(both)]


def reads(both: tuple[tuple[str, dict[str, float]], ...]) -> Section:
    """What one answer costs."""
    lines = [
        Line(
            f"{words}, {database}",
            f"{1000 * found[name]:.1f} ms",
            f"under {1000 * READ_GOAL:.0f} ms",
            found[name] < READ_GOAL,
        )
        for database, found in both
        for name, words in READS
    ]
    return Section(
        "Reads over the API, from 20,010 units",
        lines,
        "CPU of the process from the request to the last byte, token and scope included, medians;"
        " what a PostgreSQL server spends is not in it.",
    )


def writes(both: tuple[tuple[str, dict[str, float]], ...]) -> Section:
    """How many rows a second takes."""
    lines = []
    for database, found in both:
        for name, words in WRITES:
            rate, of_cpu = found["rows"] / found[name], found["rows"] / found[f"{name}_cpu"]
            is_goal = name == "units"
            lines.append(
                Line(
                    f"{words}, {database}",
                    f"{rate:,.0f} rows a second (a second of CPU: {of_cpu:,.0f});"
                    f" {found[f'{name}_entries']:,.0f} entries",
                    f"at least {ROWS_GOAL:,}" if is_goal else "",
                    rate >= ROWS_GOAL if is_goal else None,
                )
            )
    return Section(
        f"Registers in one request of {both[0][1]['rows']:,.0f} rows",
        lines,
        "From the bytes of the JSON to the answer: read, every row checked against every other and"
        " the register, rows and entries written in one transaction. On the clock.",
    )
