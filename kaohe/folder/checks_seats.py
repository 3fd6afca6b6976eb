"""Whether the seats that the committee gave were its to give; known only after scoring."""

from collections import defaultdict
from collections.abc import Mapping

import duckdb

from kaohe.core.grading import Contender, give_seats, seats
from kaohe.core.problems import Problem, declare
from kaohe.core.scheme import Scheme

declare(
    "error",
    {
        "seat-not-tied": (
            "the unit {unit} is not tied at the last A seat of its group",
            "delete the row: the committee chooses only among units tied at the last seat",
        ),
        "seats-too-many": (
            "the committee gave seats to {count} units tied at the last seat of the group "
            "“{group}”, and {left} are left",
            "leave at most {left} of these rows",
        ),
    },
)

_CANDIDATE = {"seat", "no-seat", "tie-at-last-seat"}  # the reasons that only candidates have


def check_seats(con: duckdb.DuckDBPyConnection, scheme: Scheme) -> list[Problem]:
    """Adjustments ``seat`` for units that are not tied at the last seat, or too many of them.

    Args:
        con: holds ``adjustments``, and ``results`` as scored.

    Source: docs/rules/grading.md, G-3.
    """
    given = con.execute(
        'SELECT a.row, a.unit, r."group", r.rank FROM adjustments a'
        " LEFT JOIN results r ON r.unit = a.unit WHERE a.kind = 'seat' ORDER BY a.row"
    ).fetchall()
    by_group: defaultdict[str, dict[int, str]] = defaultdict(dict)
    problems = []
    for row, unit, group, rank in given:
        if rank is None:
            problems.append(_not_tied(row, unit))
        else:
            by_group[group][row] = unit
    for group, rows in by_group.items():
        problems += _check_group(con, scheme, group, rows)
    return sorted(problems, key=Problem.place)


def _not_tied(row: int, unit: str) -> Problem:
    return Problem("seat-not-tied", "adjustments", row, "unit", {"unit": unit})


def _check_group(
    con: duckdb.DuckDBPyConnection, scheme: Scheme, group: str, chosen: Mapping[int, str]
) -> list[Problem]:
    rows = con.execute(
        "SELECT unit, rank, group_size, reasons FROM results"
        ' WHERE "group" = $1 AND rank IS NOT NULL',
        [group],
    ).fetchall()
    ranked = {unit: rank for unit, rank, _, _ in rows}
    candidates = [
        Contender(unit, 0, (), chosen=unit in chosen.values())
        for unit, _, _, reasons in rows
        if not _CANDIDATE.isdisjoint((reasons or "").split(";"))
    ]
    free = seats(scheme.grading, rows[0][2])
    seating = give_seats(scheme.grading, candidates, ranked, free)
    standing = {each.unit for each in candidates} - set(seating.not_tied)
    above = {each.unit: ranked[each.unit] for each in candidates}
    problems = []
    for row, unit in chosen.items():
        if unit not in standing:
            problems.append(_not_tied(row, unit))
        elif unit in seating.too_many:
            left = free - sum(rank < above[unit] for rank in above.values())
            facts = {"count": len(seating.too_many), "group": group, "left": left}
            problems.append(Problem("seats-too-many", "adjustments", row, "unit", facts))
    return problems
