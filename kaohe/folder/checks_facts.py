"""Facts stand under items that address their unit, and are of the kind that the rule uses."""

from collections.abc import Mapping

import duckdb

from kaohe.core.problems import Problem, declare
from kaohe.core.quantities import FULL, LIMIT, show_plain
from kaohe.core.scheme import Scheme
from kaohe.core.tables import EVENT_RULES, MEASURED_RULES
from kaohe.folder.sweep import LISTED, Finding, Sweep, listed, run_sweep
from kaohe.folder.typed import literal

declare(
    "error",
    {
        "unknown-unit": (
            "there is no unit {found} in the table units",
            "correct the code, or add the unit to units",
        ),
        "unknown-item": (
            "there is no item “{found}” in the table items",
            "correct the code, or add the item to items",
        ),
        "item-not-for-unit": (
            "the item “{item}” does not address the unit {unit}",
            "enter it under an item of this unit, or correct department and unit of the item",
        ),
        "fact-on-not-applicable": (
            "the item “{item}” does not apply to the unit {unit}, by row {row} of not_applicable",
            "delete this row, or that row of not_applicable",
        ),
        "fact-of-another-rule": (
            "the item “{item}” is scored by the rule {rule}, which does not use this table",
            "enter it in the table {right}, or correct the rule of the item",
        ),
        "unknown-kind": (
            "the item “{item}” has no kind of event “{found}”",
            "write one of its kinds: {allowed}",
        ),
        "event-outside-year": (
            "{found} is not in the year {year}",
            "correct the day, or take the event out: it belongs to another year’s folder",
        ),
        "measurement-empty": (
            "there is neither a value nor a numerator and a denominator",
            "enter the value, or both others; if nothing was measured, delete the row",
        ),
        "measurement-half": (
            "of numerator and denominator only one is given",
            "enter both, or the value in their place",
        ),
        "measurement-both": (
            "there are both a value and a part of a rate",
            "leave either the value, or numerator and denominator",
        ),
        "rate-of-nothing": (
            "the denominator is 0, and the numerator {found}",
            "correct one of the two; 0 of 0 means that there was nothing to measure",
        ),
        "rate-too-large": (
            "the rate of {numerator} to {denominator} is 100000000 percent or more",
            "correct the numerator or the denominator",
        ),
        "shares-not-100": (
            "the shares of the milestones of the unit {unit} under “{item}” make {found}, not 100",
            "correct the shares, so that together they make 100 percent",
        ),
        "mark-above-points": (
            "the mark {found} is above the {points} points of the item “{item}”",
            "enter a mark of at most {points}, or correct the points of the item",
        ),
    },
)

_USES = {
    "events": EVENT_RULES,
    "measurements": MEASURED_RULES,
    "milestones": frozenset({"milestones"}),
    "marks": frozenset({"marks"}),
}
_RATE_TOO_LARGE = (  # the rate in ticks, rounded half up, is LIMIT or more
    f"f.value IS NULL AND f.denominator > 0 AND f.numerator > f.denominator * {LIMIT // FULL - 1}"
    f" AND f.numerator::HUGEINT * {2 * FULL} >= f.denominator::HUGEINT * {2 * LIMIT - 1}"
)


def unknown_unit(column: str = "unit") -> Finding:
    """A row that names a unit which is not in ``units``; its join has the alias ``u``."""
    named = f"f.{column}"
    when = f"{named} IS NOT NULL AND u.unit IS NULL"
    return Finding("unknown-unit", column, when, {"found": named})


def check_facts(
    con: duckdb.DuckDBPyConnection, scheme: Scheme | None, sizes: Mapping[str, int]
) -> list[Problem]:
    """Rows of targets, not_applicable and of the four tables of facts that do not suit.

    Args:
        con: holds the typed tables and those of ``checks_ground``.
        sizes: rows of each table.

    Source: docs/rules/folder.md, F-3, F-5; docs/rules/scoring.md, N-1, R-2.
    """
    own = {
        "targets": (),
        "not_applicable": (),
        "events": _event_findings(scheme),
        "measurements": _MEASUREMENTS,
        "milestones": (),
        "marks": _MARKS,
    }
    problems: list[Problem] = []
    for table, findings in own.items():
        if sizes[table]:
            problems += run_sweep(con, _sweep(table, findings, bool(sizes["not_applicable"])))
    if sizes["milestones"]:
        problems += _check_shares(con)
    return problems


def _sweep(table: str, own: tuple[Finding, ...], waivers: bool) -> Sweep:
    source = (
        f"{table} f LEFT JOIN check_units u ON u.unit = f.unit"
        " LEFT JOIN check_items i ON i.item = f.item"
    )
    findings = [
        unknown_unit(),
        Finding(
            "unknown-item", "item", "f.item IS NOT NULL AND i.item IS NULL", {"found": "f.item"}
        ),
        Finding(
            "item-not-for-unit",
            "item",
            "u.unit IS NOT NULL AND (i.department <> u.department OR i.unit <> u.unit)",
            {"item": "f.item", "unit": "f.unit"},
        ),
    ]
    if table in _USES:
        findings.append(_other_rule(table))
        if waivers:
            source += " LEFT JOIN check_waived w ON w.unit = f.unit AND w.item = f.item"
            facts = {"item": "f.item", "unit": "f.unit", "row": "w.row"}
            findings.append(Finding("fact-on-not-applicable", "item", "w.unit IS NOT NULL", facts))
    if table == "events":
        source += " LEFT JOIN check_kinds k ON k.item = f.item AND k.kind = f.kind"
    return Sweep(table, source, (*findings, *own))


def _other_rule(table: str) -> Finding:
    used = ", ".join(map(literal, sorted(_USES[table])))
    right = " ".join(
        f"WHEN i.rule IN ({', '.join(map(literal, sorted(rules)))}) THEN {literal(name)}"
        for name, rules in _USES.items()
    )
    facts = {"item": "f.item", "rule": "i.rule", "right": f"CASE {right} END"}
    return Finding("fact-of-another-rule", "item", f"i.rule NOT IN ({used})", facts)


def _event_findings(scheme: Scheme | None) -> tuple[Finding, ...]:
    kinds = "(SELECT string_agg(kind, ', ' ORDER BY kind) FROM check_kinds c WHERE c.item = f.item)"
    unknown = Finding(
        "unknown-kind",
        "kind",
        "i.has_kinds AND f.kind IS NOT NULL AND k.kind IS NULL",
        {"item": "f.item", "found": "f.kind", "allowed": kinds},
    )
    if scheme is None:
        return (unknown,)
    outside = Finding(
        "event-outside-year",
        "occurred_on",
        f"year(f.occurred_on) <> {scheme.year}",
        {"found": "CAST(f.occurred_on AS VARCHAR)", "year": str(scheme.year)},
    )
    return (unknown, outside)


_MEASUREMENTS = (
    Finding(
        "measurement-empty",
        "value",
        "f.value IS NULL AND f.numerator IS NULL AND f.denominator IS NULL",
    ),
    Finding(
        "measurement-half",
        "numerator",
        "f.value IS NULL AND f.numerator IS NULL AND f.denominator IS NOT NULL",
    ),
    Finding(
        "measurement-half",
        "denominator",
        "f.value IS NULL AND f.numerator IS NOT NULL AND f.denominator IS NULL",
    ),
    Finding(
        "measurement-both",
        "value",
        "f.value IS NOT NULL AND (f.numerator IS NOT NULL OR f.denominator IS NOT NULL)",
    ),
    Finding(
        "rate-of-nothing",
        "denominator",
        "f.value IS NULL AND f.denominator = 0 AND f.numerator <> 0",
        {"found": "f.numerator"},
        ("found",),
    ),
    Finding(
        "rate-too-large",
        "denominator",
        _RATE_TOO_LARGE,
        {"numerator": "f.numerator", "denominator": "f.denominator"},
        ("numerator", "denominator"),
    ),
)
_MARKS = (
    Finding(
        "mark-above-points",
        "points",
        "i.rule = 'marks' AND f.points > i.points",
        {"found": "f.points", "points": "i.points", "item": "f.item"},
        ("found", "points"),
    ),
)


def _check_shares(con: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Milestones of one unit and item whose shares do not make 100 percent.

    Where a share could not be read, nothing is said of the sum.
    """
    rows = con.execute(
        "SELECT unit, item, min(row), sum(share), count(*) OVER () FROM milestones"  # noqa: S608
        " SEMI JOIN (SELECT unit FROM check_units WHERE status <> 'exempt') USING (unit)"
        " SEMI JOIN (SELECT item FROM check_items WHERE rule = 'milestones') USING (item)"
        f" GROUP BY unit, item HAVING sum(share) <> {FULL} AND count(share) = count(*)"
        f" ORDER BY min(row) LIMIT {LISTED}"
    ).fetchall()
    places = [
        (row, {"unit": unit, "item": item, "found": show_plain(int(total))})
        for unit, item, row, total, _ in rows
    ]
    return listed("shares-not-100", "milestones", "share", places, rows[0][-1] if rows else 0)
