"""Every relation that must hold between the rows of a folder, checked in one go."""

from collections.abc import Iterable

import duckdb

from kaohe.core.problems import Problem, declare, errors_in
from kaohe.core.scheme import Scheme
from kaohe.core.tables import INPUT_TABLES
from kaohe.folder.checks_chains import check_reversals, check_successions
from kaohe.folder.checks_facts import check_facts
from kaohe.folder.checks_ground import ground, table_sizes
from kaohe.folder.checks_items import check_items, check_needs, check_sums, check_targets
from kaohe.folder.checks_keys import check_keys
from kaohe.folder.checks_presence import check_presence
from kaohe.folder.checks_records import check_records
from kaohe.folder.checks_sources import check_sources
from kaohe.folder.find import WORKBOOK

__all__ = ["check_folder", "without_echoes"]

declare(
    "error",
    {
        "no-rows": (
            "the table has no rows, and nothing can be assessed without it",
            "enter at least one row",
        ),
    },
)

# What follows from an empty cell, and says nothing new where the cell was refused already.
ECHOES = frozenset(
    {
        "adjustment-without-points",
        "measurement-empty",
        "measurement-half",
        "no-rows",
        "rule-needs-column",
        "rule-needs-column-or-targets",
        "target-missing",
    }
)


def check_folder(con: duckdb.DuckDBPyConnection, scheme: Scheme | None) -> list[Problem]:
    """Everything that is wrong between the rows of the typed tables, errors and warnings.

    Args:
        con: holds the typed tables; nothing is left in it.
        scheme: None if it is not sound: then what depends on it is not checked.

    Returns:
        the problems by table, row and column.

    Source: docs/rules/folder.md, F-3, F-5, F-7, F-8, F-10.
    """
    sizes = table_sizes(con)
    problems = check_keys(con, sizes)
    for table in ("units", "items"):
        if not sizes[table]:
            problems.append(Problem("no-rows", table))
    if sizes["units"] and sizes["items"]:
        with ground(con):
            problems += check_items(con)
            problems += check_needs(con)
            problems += check_sums(con)
            problems += check_facts(con, scheme, sizes)
            problems += check_records(con, scheme, sizes)
            if sizes["targets"]:
                problems += check_targets(con)
            if sizes["events"]:
                problems += check_reversals(con) + check_sources(con)
            if sizes["successions"]:
                problems += check_successions(con)
            if scheme is not None:
                problems += check_presence(con, scheme, sizes)
    return sorted(problems, key=Problem.place)


def without_echoes(found: Iterable[Problem], reading: Iterable[Problem]) -> list[Problem]:
    """Problems of ``check_folder`` without those that only repeat a cell refused in reading.

    Args:
        found: what ``check_folder`` gave.
        reading: what reading the files gave.

    Source: docs/rules/folder.md, F-10.
    """
    refused = {(each.table, each.row) for each in reading if errors_in([each])}
    refused |= {(table, None) for table, _ in refused}  # nothing of it may have been read
    if not {("", None), (WORKBOOK, None)}.isdisjoint(refused):  # nor of any other
        refused |= {(table, None) for table in INPUT_TABLES}
    return [
        each for each in found if each.code not in ECHOES or (each.table, each.row) not in refused
    ]
