"""The departments and sheets of a county, as tables from which facts are made by the million."""

from collections.abc import Iterator
from typing import Any

import duckdb

from kaohe.core.quantities import FULL, TICK
from kaohe.core.rows import Item
from kaohe.core.tables import MEASURED_RULES
from kaohe.demo import plan
from kaohe.demo.sheets import Indicator, common_indicators, sheet_indicators, ticks
from kaohe.folder.rows import kinds_text, steps_text

_TABLES = """
CREATE TABLE department (
    d INTEGER, first_slot INTEGER, last_slot INTEGER, name VARCHAR, cohort VARCHAR, tail VARCHAR,
    sector VARCHAR, funding_basis VARCHAR
);
CREATE TABLE indicator (
    d INTEGER, component VARCHAR, suffix VARCHAR, aspect VARCHAR, element VARCHAR, name VARCHAR,
    points BIGINT, rule VARCHAR, zero_at BIGINT, full_at BIGINT, target BIGINT, minimum BIGINT,
    steps VARCHAR, kinds VARCHAR, late_per_day BIGINT, direction VARCHAR, trim BOOLEAN
);
CREATE TABLE sheet (
    d INTEGER,
    own STRUCT(k BIGINT, suffix VARCHAR, rule VARCHAR, least BIGINT, most BIGINT, step BIGINT)[],
    measured STRUCT(
        k BIGINT, suffix VARCHAR, rule VARCHAR, zero_at BIGINT, full_at BIGINT, target BIGINT,
        least BIGINT, most BIGINT, step BIGINT, thresholds BIGINT[], is_rate BOOLEAN,
        may_be_none BOOLEAN, falling BOOLEAN, most_lost BIGINT
    )[],
    nodes STRUCT(suffix VARCHAR, number BIGINT, share BIGINT, due_on DATE)[],
    judges STRUCT(suffix VARCHAR, points BIGINT, judge BIGINT)[],
    faults STRUCT(suffix VARCHAR, kind VARCHAR)[],
    merits STRUCT(suffix VARCHAR, kind VARCHAR)[]
);
CREATE TABLE entry (position INTEGER, suffix VARCHAR, kind VARCHAR);
"""
_INSERT_INDICATOR = """
INSERT INTO indicator VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def store_sheets(con: duckdb.DuckDBPyConnection, year: int) -> None:
    """Makes the tables ``department``, ``indicator``, ``sheet`` and ``entry``."""
    con.execute(_TABLES)
    first = 0
    indicators = [_indicator_row(None, one, one.item.item) for one in common_indicators()]
    for d, row in enumerate(plan.country()["departments"]):
        last = first + row["slots"] - 1
        names = (row["name"], row["cohort"], row["tail"], row["sector"], row["funding_basis"])
        con.execute(
            "INSERT INTO department VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [d, first, last, *names]
        )
        first = last + 1
        own = sheet_indicators(row["sheet"], row["kind"])
        numbered = [(k, f"{k:02d}", one) for k, one in enumerate(own, start=1)]
        indicators += [_indicator_row(d, one, suffix) for _, suffix, one in numbered]
        con.execute("INSERT INTO sheet VALUES (?, ?, ?, ?, ?, ?, ?)", _sheet_row(d, numbered, year))
    con.executemany(_INSERT_INDICATOR, indicators)
    con.executemany(
        "INSERT INTO entry VALUES (?, ?, ?)",
        [(position, *entry) for position, entry in enumerate(_entries())],
    )


def _indicator_row(d: int | None, indicator: Indicator, suffix: str) -> tuple[Any, ...]:
    item = indicator.item
    return (
        d,
        item.component,
        suffix,
        item.aspect,
        item.element,
        item.name,
        item.points,
        item.rule,
        item.zero_at,
        item.full_at,
        item.target,
        item.minimum,
        steps_text(item.steps) or None,
        kinds_text(item.kinds) or None,
        item.late_per_day,
        item.direction,
        item.trim,
    )


def _entries() -> Iterator[tuple[str, str]]:
    """The ledger entries that occur, each as often as in the city; the lightest kind mostly."""
    for indicator in common_indicators():
        kinds = [kind.kind for kind in indicator.item.kinds]
        for number in range(2 * indicator.hints["often"]):
            yield indicator.item.item, kinds[1 if number % 4 == 3 and len(kinds) > 1 else 0]


def _sheet_row(d: int, numbered: list[tuple[int, str, Indicator]], year: int) -> list[Any]:
    own, measured, nodes, judges, faults, merits = [], [], [], [], [], []
    for k, suffix, (item, hints) in numbered:
        if "each" in hints or "base" in hints:
            row = {"k": k, "suffix": suffix, "rule": item.rule, **_range_of(hints)}
            own.append(row)
        if item.rule in MEASURED_RULES:
            measured.append({"k": k, "suffix": suffix, **_measured(item, hints)})
        for number, (share, day) in enumerate(hints.get("nodes", ()), start=1):
            node = {"number": number, "share": ticks(share), "due_on": f"{year}-{day}"}
            nodes.append({"suffix": suffix, **node})
        for judge in range(1, hints.get("judges", 0) + 1):
            judges.append({"suffix": suffix, "points": item.points, "judge": judge})
        if item.rule == "deduction":
            faults += [{"suffix": suffix, "kind": kind.kind} for kind in item.kinds]
        if item.rule == "accrual":
            merits += [{"suffix": suffix, "kind": kind.kind} for kind in item.kinds]
    return [d, own, measured, nodes, judges, faults, merits]


def _range_of(hints: plan.Table) -> dict[str, int]:
    least, most, step = hints.get("each") or hints.get("base") or (0, 0, 0)
    return {"least": ticks(least), "most": ticks(most), "step": ticks(step)}


def _measured(item: Item, hints: plan.Table) -> dict[str, Any]:
    worst, best = item.zero_at, item.full_at
    if item.rule == "rank":
        low, high = (ticks(end) for end in hints["spread"])
        worst, best = (high, low) if item.direction == "down" else (low, high)
    lowest = item.minimum or 20 * TICK
    mirrored = item.rule == "interval" and (best or 0) < (worst or 0)
    return {
        "rule": item.rule,
        "zero_at": worst,
        "full_at": best,
        "target": item.target,
        **_range_of(hints),
        "thresholds": [step.threshold for step in item.steps],
        "is_rate": "rate" in hints,
        "may_be_none": hints.get("may_be_none", False),
        "falling": item.rule == "steps_down" or mirrored,
        "most_lost": (FULL - lowest - TICK) * 1000 // FULL,
    }
