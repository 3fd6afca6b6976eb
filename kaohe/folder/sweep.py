"""One pass over a table that counts every kind of fault, and a second only where there is one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import duckdb

from kaohe.core.problems import CATALOGUE, Problem, declare
from kaohe.core.quantities import show_plain

LISTED = 1_000  # rows of one fault in one column that are named each

declare(
    "error",
    {
        "yet-more-rows": (
            "{count} more rows after this one have the same problem",
            "mend the listed rows first: most often the others have the same cause",
        ),
    },
)
declare(
    "warning",
    {
        "yet-more-warnings": (
            "{count} more rows after this one give the same warning",
            "look at the listed rows first: most often the others have the same cause",
        ),
    },
)


class Finding(NamedTuple):
    """One kind of fault that a row may have.

    ``when`` is SQL, true for a faulty row; NULL, as for a cell that could not be read, is no
    fault.  ``facts`` are SQL as well, and those named in ``decimals`` are ticks.
    """

    code: str
    column: str
    when: str
    facts: Mapping[str, str] = {}
    decimals: tuple[str, ...] = ()


class Sweep(NamedTuple):
    """A table, joined to what its rows are judged by, and the faults that its rows may have.

    ``source`` follows FROM and gives the table the alias ``f``, each of its rows once.
    """

    table: str
    source: str
    findings: tuple[Finding, ...]


def run_sweep(con: duckdb.DuckDBPyConnection, sweep: Sweep) -> list[Problem]:
    """All faults of a table; of each kind the first thousand rows, and how many more.

    Source: docs/rules/folder.md, F-10.
    """
    counts = ", ".join(f"count(*) FILTER (WHERE {finding.when})" for finding in sweep.findings)
    found = con.execute(f"SELECT {counts} FROM {sweep.source}").fetchone() or ()  # noqa: S608
    problems: list[Problem] = []
    for finding, count in zip(sweep.findings, found, strict=True):
        if count:
            problems += _listed(con, sweep, finding, count)
    return problems


def _listed(
    con: duckdb.DuckDBPyConnection, sweep: Sweep, finding: Finding, count: int
) -> list[Problem]:
    cells = ", ".join(["f.row", *finding.facts.values()])
    rows = con.execute(
        f"SELECT {cells} FROM {sweep.source} WHERE {finding.when}"  # noqa: S608
        f" ORDER BY f.row LIMIT {LISTED}"
    ).fetchall()
    places = [(row, facts_of(finding, cells)) for row, *cells in rows]
    return listed(finding.code, sweep.table, finding.column, places, count)


def facts_of(finding: Finding, cells: Sequence[object]) -> dict[str, object]:
    """The facts of one row, decimals as people write them."""
    facts = dict(zip(finding.facts, cells, strict=True))
    for name in finding.decimals:
        cell = facts[name]
        facts[name] = show_plain(cell) if isinstance(cell, int) else cell
    return facts


def listed(
    code: str,
    table: str,
    column: str,
    places: Iterable[tuple[int | None, Mapping[str, object]]],
    count: int,
) -> list[Problem]:
    """A problem for each place; and, if there are more than these, one that says how many.

    Args:
        places: row and facts, at most ``LISTED``.
        count: of all rows with this fault.
    """
    problems = [Problem(code, table, row, column, facts) for row, facts in places]
    if count > len(problems):
        warning = CATALOGUE[code].severity == "warning"
        more = "yet-more-warnings" if warning else "yet-more-rows"
        last = problems[-1].row if problems else None
        problems.append(Problem(more, table, last, column, {"count": count - len(problems)}))
    return problems
