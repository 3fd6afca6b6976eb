"""Items and their rules: what a rule needs stands, and a unit's items make 100 points."""

from collections.abc import Iterator, Mapping

import duckdb

from kaohe.core.problems import Problem, declare
from kaohe.core.quantities import FULL, show_plain
from kaohe.folder.checks_facts import unknown_unit
from kaohe.folder.checks_ground import addressed
from kaohe.folder.sweep import LISTED, Finding, Sweep, listed, run_sweep
from kaohe.folder.typed import literal

declare(
    "error",
    {
        "unknown-department": (
            "no unit belongs to the department “{found}”",
            "write a department as it stands in units; an empty cell means every unit",
        ),
        "item-unit-elsewhere": (
            "the unit {unit} belongs to the department “{found}”, not to “{department}”",
            "name a unit of that department, or correct the department",
        ),
        "item-points-zero": (
            "the item “{item}” has 0 points",
            "give it points, or delete it",
        ),
        "rule-needs-column": (
            "the item “{item}” is scored by the rule {rule}, and its {column} is missing",
            "enter {column}",
        ),
        "rule-needs-column-or-targets": (
            "the item “{item}” is scored by the rule {rule}, and {column} is given neither here "
            "nor in targets for any of its units",
            "enter {column} here, or for each of its units in targets",
        ),
        "target-missing": (
            "the item “{item}” is scored by the rule {rule}, and the unit {unit} has no {column}",
            "enter {column} for this unit in targets",
        ),
        "ends-equal": (
            "zero_at and full_at of the item “{item}” are both {found}",
            "give the two ends different values",
        ),
        "target-not-positive": (
            "the target is {found}, and the rule {rule} needs one above 0",
            "enter a target above 0",
        ),
        "base-not-positive": (
            "the base is 0, and the rule growth needs one above 0",
            "enter a base above 0, or score the item by another rule",
        ),
        "value-negative": (
            "{column} is {found}, and may not be below 0",
            "enter 0 or more; only measured values, ends of intervals and thresholds of steps may "
            "be below 0",
        ),
        "points-not-100": (
            "the {component} items of {count} unit(s) of the department “{department}” make "
            "{found} points together, not 100; the first is {unit}",
            "correct the points in items until they make 100 for every unit, graded or ungraded; "
            "an item that does not apply to a unit stays, with a row in not_applicable",
        ),
    },
)
declare(
    "warning",
    {
        "column-not-used": (
            "the rule {rule} of the item “{item}” does not use {column}",
            "empty the cell, or correct the rule",
        ),
    },
)

USED_BY: Mapping[str, tuple[str, ...]] = {
    "zero_at": ("interval",),
    "full_at": ("interval",),
    "target": ("ratio_up", "ratio_down", "growth"),
    "minimum": ("ratio_up", "ratio_down"),
    "steps": ("steps_up", "steps_down"),
    "kinds": ("deduction", "accrual"),
    "late_per_day": ("milestones",),
    "direction": ("rank",),
    "trim": ("marks",),
    "base": ("growth",),
}
_NEEDED_IN_ITEMS = ("steps", "kinds", "direction")
_NEEDED = ("zero_at", "full_at", "target", "base")  # after targets
_POSITIVE = "('ratio_up', 'growth')"  # the rules whose target is above 0


def _rules(column: str) -> str:
    return "(" + ", ".join(map(literal, USED_BY[column])) + ")"


def check_items(con: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Rows of ``items`` that name what does not exist, or that their rule cannot use.

    Source: docs/rules/folder.md, F-3, F-5, F-8; docs/rules/scoring.md, N-1.
    """
    source = (
        "items f LEFT JOIN check_units u ON u.unit = f.unit LEFT JOIN"
        " (SELECT DISTINCT department FROM check_units) d ON d.department = f.department"
    )
    findings = (*_ITEM_FINDINGS, *_unused("f.rule", _IN_ITEMS))
    return run_sweep(con, Sweep("items", source, findings)) + _unusable(con)


def _unusable(con: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Items with equal ends or a target of 0 that some unit has not replaced by its own values."""
    wrong = (
        "(SELECT item, row, department, unit, rule, full_at FROM check_items"  # noqa: S608
        f" WHERE (rule = 'interval' AND zero_at = full_at) OR (rule IN {_POSITIVE} AND target = 0))"
    )
    if not con.execute(f"SELECT 1 FROM {wrong} LIMIT 1").fetchone():  # noqa: S608
        return []
    rows = con.execute(
        f"SELECT DISTINCT item, row, rule, full_at FROM ({_pairs(wrong)})"  # noqa: S608
        " WHERE CASE rule WHEN 'interval' THEN own_zero_at IS NULL AND own_full_at IS NULL"
        " ELSE own_target IS NULL END ORDER BY row"
    ).fetchall()
    problems = []
    for item, row, rule, full_at in rows:
        if rule == "interval":
            facts = {"item": item, "found": show_plain(full_at)}
            problems.append(Problem("ends-equal", "items", row, "full_at", facts))
        else:
            facts = {"found": "0", "rule": rule}
            problems.append(Problem("target-not-positive", "items", row, "target", facts))
    return problems


def _pairs(needs: str) -> str:
    """SQL: the rows of ``needs`` with each unit to which its item applies, and its own values."""
    own = ", ".join(f"t.{column} AS own_{column}" for column in _NEEDED)
    return (
        f"SELECT p.*, t.row AS place, {own} FROM ({addressed(needs)}) p"  # noqa: S608
        " LEFT JOIN targets t ON t.unit = p.of_unit AND t.item = p.item"
        " ANTI JOIN check_waived w ON w.unit = p.of_unit AND w.item = p.item"
        " ANTI JOIN check_unmeasurable m ON m.unit = p.of_unit AND m.item = p.item"
    )


def check_targets(con: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Values of ``targets`` that the rule of their item cannot use.

    Source: docs/rules/folder.md, F-8; docs/rules/scoring.md, N-1, I-1, I-6.
    """
    source = (
        "targets f JOIN check_items i ON i.item = f.item"
        " LEFT JOIN check_sums u ON u.unit = f.unit"
        " LEFT JOIN check_waived w ON w.unit = f.unit AND w.item = f.item"
        " LEFT JOIN check_unmeasurable m ON m.unit = f.unit AND m.item = f.item"
    )
    applies = "u.unit IS NOT NULL AND w.unit IS NULL AND m.unit IS NULL"
    zero, full = "coalesce(f.zero_at, i.zero_at)", "coalesce(f.full_at, i.full_at)"
    own = "(f.zero_at IS NOT NULL OR f.full_at IS NOT NULL)"
    ends = Finding(
        "ends-equal",
        "full_at",
        f"i.rule = 'interval' AND {own} AND {zero} = {full} AND {applies}",
        {"item": "f.item", "found": zero},
        ("found",),
    )
    target = Finding(
        "target-not-positive",
        "target",
        f"i.rule IN {_POSITIVE} AND f.target = 0 AND {applies}",
        {"found": "'0'", "rule": "i.rule"},
    )
    base = Finding("base-not-positive", "base", f"i.rule = 'growth' AND f.base = 0 AND {applies}")
    findings = (ends, target, base, _negative("target"), _negative("base"))
    return run_sweep(con, Sweep("targets", source, (*findings, *_unused("i.rule", _IN_TARGETS))))


def _needs_column(column: str) -> Finding:
    return Finding(
        "rule-needs-column",
        column,
        f"f.rule IN {_rules(column)} AND f.{column} IS NULL",
        {"item": "f.item", "rule": "f.rule", "column": literal(column)},
    )


def _negative(column: str) -> Finding:
    facts = {"found": f"f.{column}", "column": literal(column)}
    return Finding("value-negative", column, f"f.{column} < 0", facts, ("found",))


def _unused(rule: str, columns: tuple[str, ...]) -> Iterator[Finding]:
    for column in columns:
        facts = {"rule": rule, "item": "f.item", "column": literal(column)}
        when = f"f.{column} IS NOT NULL AND {rule} NOT IN {_rules(column)}"
        yield Finding("column-not-used", column, when, facts)


_IN_ITEMS = tuple(column for column in USED_BY if column != "base")
_IN_TARGETS = _NEEDED
_ITEM_FINDINGS = (
    unknown_unit(),
    Finding(
        "unknown-department",
        "department",
        "f.department IS NOT NULL AND d.department IS NULL",
        {"found": "f.department"},
    ),
    Finding(
        "item-unit-elsewhere",
        "unit",
        "f.department <> u.department",
        {"unit": "f.unit", "found": "u.department", "department": "f.department"},
    ),
    Finding("item-points-zero", "points", "f.points = 0", {"item": "f.item"}),
    *map(_needs_column, _NEEDED_IN_ITEMS),
    _negative("target"),
)


def check_needs(con: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Items whose rule needs a value that neither they nor ``targets`` give.

    Asked for every unit, graded or ungraded, to which the item applies, measured or not.

    Source: docs/rules/folder.md, F-8.
    """
    problems: list[Problem] = []
    for column in _NEEDED:
        own = f"{column} IS NULL AND " if column != "base" else ""
        needs = (
            "(SELECT item, department, unit, rule, row FROM check_items"  # noqa: S608
            f" WHERE {own}rule IN {_rules(column)})"
        )
        if con.execute(f"SELECT 1 FROM {needs} LIMIT 1").fetchone():  # noqa: S608
            problems += _lacking(con, needs, column)
    return problems


def _lacking(con: duckdb.DuckDBPyConnection, needs: str, column: str) -> list[Problem]:
    pairs = (
        f"SELECT item, rule, row, of_unit, place, own_{column} IS NULL AS lacks"  # noqa: S608
        f" FROM ({_pairs(needs)})"
    )
    items = con.execute(
        "SELECT item, rule, row, count(*), count(*) FILTER (WHERE lacks)"  # noqa: S608
        f" FROM ({pairs}) GROUP BY ALL HAVING bool_or(lacks) ORDER BY row"
    ).fetchall()
    problems: list[Problem] = []
    some: list[str] = []
    count = 0
    for item, rule, row, total, lacking in items:
        facts = {"item": item, "rule": rule, "column": column}
        if total == lacking and column != "base":
            problems.append(Problem("rule-needs-column-or-targets", "items", row, column, facts))
        else:
            some.append(literal(item))
            count += lacking
    if some:
        places = con.execute(
            f"SELECT place, of_unit, item, rule FROM ({pairs}) WHERE lacks"  # noqa: S608
            f" AND item IN ({', '.join(some)})"
            f" ORDER BY place NULLS FIRST, of_unit, item LIMIT {LISTED}"
        ).fetchall()
        named = [
            (place, {"unit": unit, "item": item, "rule": rule, "column": column})
            for place, unit, item, rule in places
        ]
        problems += listed("target-missing", "targets", column, named, count)
    return problems


def check_sums(con: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Units whose common, or individual, items do not make 100 points.

    The items that do not apply to a unit count like the others, and so does having none: that a
    component is absent must be said in ``not_applicable``, with the reason, never left out.
    Units of one department with one sum are one problem.  Nothing is said while an item has no
    readable points, component, department or unit.

    Source: docs/rules/folder.md, F-7.
    """
    unsure = con.execute(
        "SELECT 1 FROM items WHERE item IS NULL OR points IS NULL OR component IS NULL LIMIT 1"
    ).fetchone()
    if unsure:
        return []
    problems: list[Problem] = []
    for component in ("common", "individual"):
        rows = con.execute(
            f"SELECT s.department, {component}_points, count(*), min(u.row),"  # noqa: S608
            " arg_min(u.unit, u.row) FROM check_sums s JOIN check_units u USING (unit)"
            f" WHERE {component}_points <> {FULL} AND s.department IS NOT NULL"
            f" GROUP BY ALL ORDER BY min(u.row)"
        ).fetchall()
        places = [
            (
                row,
                {
                    "component": component,
                    "count": count,
                    "department": department,
                    "found": show_plain(found),
                    "unit": unit,
                },
            )
            for department, found, count, row, unit in rows[:LISTED]
        ]
        problems += listed("points-not-100", "units", "unit", places, len(rows))
    return problems
