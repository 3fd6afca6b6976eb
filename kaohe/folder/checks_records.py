"""Adjustments, tiers, responses, history, successions and tenures, row by row."""

from collections.abc import Iterable, Mapping

import duckdb

from kaohe.core.problems import Problem, declare
from kaohe.core.scheme import Scheme
from kaohe.folder.checks_facts import unknown_unit
from kaohe.folder.sweep import LISTED, Finding, Sweep, listed, run_sweep
from kaohe.folder.typed import literal

SCHEME = "scheme.toml"

declare(
    "error",
    {
        "unknown-round": (
            "the scheme has no round “{found}”",
            "write one of its rounds: {allowed}",
        ),
        "unknown-channel": (
            "the scheme has no channel “{found}”",
            "write one of its channels: {allowed}",
        ),
        "unknown-tier": (
            "the scheme has no tier “{found}”",
            "write one of its tiers: {allowed}",
        ),
        "group-without-units": (
            "no unit is of the group “{found}”, for which the scheme has weights of its own",
            "write the group as it stands in units, or delete its weights",
        ),
        "adjustment-without-points": (
            "the adjustment is a {kind}, and has no points",
            "enter its points",
        ),
        "seat-not-by-committee": (
            "a seat is given by the committee, and tie_at_last_seat is “{found}”",
            "delete the row, or set tie_at_last_seat to committee",
        ),
        "history-not-past": (
            "{found} is not before {year}, the year that is assessed",
            "correct the year, or delete the row",
        ),
        "continuation-twice": (
            "the unit {unit} continues another unit already, by row {first}",
            "leave one continuation; the others are absorption, merger or split",
        ),
        "tenure-backwards": (
            "the post ends on {found}, before it begins on {begin}",
            "correct one of the two days",
        ),
    },
)
declare(
    "warning",
    {
        "points-not-used": (
            "an adjustment of the kind {kind} takes no points; {found} is not used",
            "empty the cell, or correct the kind",
        ),
        "tiers-not-used": (
            "the table is not used, for the scheme assigns tiers by “{found}”",
            "delete the table, or set assign to manual",
        ),
    },
)


def check_records(
    con: duckdb.DuckDBPyConnection, scheme: Scheme | None, sizes: Mapping[str, int]
) -> list[Problem]:
    """Faulty rows of the tables that stand under no item.

    Args:
        con: holds the typed tables and those of ``checks_ground``.
        sizes: rows of each table.

    Source: docs/rules/folder.md, F-3; docs/rules/grading.md, G-3.
    """
    findings = {
        "responses": (unknown_unit(), *_survey(scheme)),
        "adjustments": (unknown_unit(), *_ADJUSTMENTS, *_seats(scheme)),
        "tiers": (unknown_unit(), *_tiers(scheme)),
        "history": tuple(_history(scheme)),
        "tenures": (unknown_unit(), _TENURE),
    }
    problems: list[Problem] = []
    for table, own in findings.items():
        if sizes[table] and own:
            joined = " LEFT JOIN check_units u ON u.unit = f.unit" if table != "history" else ""
            problems += run_sweep(con, Sweep(table, f"{table} f{joined}", own))
    if sizes["successions"]:
        problems += _continuations(con)
    if scheme is not None:
        problems += _groups(con, scheme)
        if sizes["tiers"] and scheme.tier_policy.assign != "manual":
            facts = {"found": scheme.tier_policy.assign}
            problems.append(Problem("tiers-not-used", "tiers", None, "", facts))
    return problems


def _not_among(code: str, column: str, names: Iterable[str]) -> Finding:
    allowed = list(names)
    among = ", ".join(map(literal, allowed))
    when = f"f.{column} NOT IN ({among})" if allowed else f"f.{column} IS NOT NULL"
    facts = {"found": f"f.{column}", "allowed": literal(", ".join(allowed))}
    return Finding(code, column, when, facts)


def _survey(scheme: Scheme | None) -> tuple[Finding, ...]:
    if scheme is None:
        return ()
    return (
        _not_among("unknown-round", "round", (entry.code for entry in scheme.survey.rounds)),
        _not_among("unknown-channel", "channel", (entry.code for entry in scheme.survey.channels)),
    )


def _tiers(scheme: Scheme | None) -> tuple[Finding, ...]:
    if scheme is None:
        return ()
    return (_not_among("unknown-tier", "tier", (tier.name for tier in scheme.tier_policy.tiers)),)


def _seats(scheme: Scheme | None) -> tuple[Finding, ...]:
    if scheme is None or scheme.grading.tie_at_last_seat == "committee":
        return ()
    facts = {"found": literal(scheme.grading.tie_at_last_seat)}
    return (Finding("seat-not-by-committee", "kind", "f.kind = 'seat'", facts),)


def _history(scheme: Scheme | None) -> Iterable[Finding]:
    if scheme is not None:
        facts = {"found": "f.year", "year": str(scheme.year)}
        yield Finding("history-not-past", "year", f"f.year >= {scheme.year}", facts)


_ADJUSTMENTS = (
    Finding(
        "adjustment-without-points",
        "points",
        "f.kind IN ('bonus', 'deduction') AND f.points IS NULL",
        {"kind": "f.kind"},
    ),
    Finding(
        "points-not-used",
        "points",
        "f.kind NOT IN ('bonus', 'deduction') AND f.points IS NOT NULL",
        {"kind": "f.kind", "found": "f.points"},
        ("found",),
    ),
)
_TENURE = Finding(
    "tenure-backwards",
    "to",
    "f.to_on < f.from_on",
    {"found": "CAST(f.to_on AS VARCHAR)", "begin": "CAST(f.from_on AS VARCHAR)"},
)


def _continuations(con: duckdb.DuckDBPyConnection) -> list[Problem]:
    rows = con.execute(
        "SELECT row, unit, first, count(*) OVER () FROM ("  # noqa: S608
        " SELECT row, unit, min(row) OVER (PARTITION BY unit) AS first FROM successions"
        " WHERE kind = 'continuation' AND unit IS NOT NULL"
        f") WHERE row > first ORDER BY row LIMIT {LISTED}"
    ).fetchall()
    places = [(row, {"unit": unit, "first": first}) for row, unit, first, _ in rows]
    count = rows[0][-1] if rows else 0
    return listed("continuation-twice", "successions", "kind", places, count)


def _groups(con: duckdb.DuckDBPyConnection, scheme: Scheme) -> list[Problem]:
    if not scheme.weights_by_group:
        return []
    present = {group for (group,) in con.execute('SELECT DISTINCT "group" FROM units').fetchall()}
    return [
        Problem("group-without-units", SCHEME, None, f"weights_by_group.{group}", {"found": group})
        for group in scheme.weights_by_group
        if group not in present
    ]
