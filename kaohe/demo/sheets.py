"""The indicators: both ledgers, and the sheet of every department (一个主管部门一份考核方案)."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kaohe.core.quantities import parse_ticks
from kaohe.core.rows import EventKind, Item, Step
from kaohe.demo import plan
from kaohe.demo.roster import Member, town_hall


class Indicator(NamedTuple):
    """An item, and the hints in the plan from which its facts are made."""

    item: Item
    hints: plan.Table


def ticks(number: object) -> int:
    """A number of the plan as ticks."""
    value = parse_ticks(str(number))
    if value is None:
        raise ValueError(f"{number} has more than four digits")
    return value


def common_indicators() -> list[Indicator]:
    """The 32 items of the two ledgers, which hold for every unit."""
    return [
        Indicator(_common_item(row, ledger["name"]), row)
        for ledger in plan.ledgers()
        for row in ledger["items"]
    ]


def _common_item(row: plan.Table, ledger: str) -> Item:
    return Item(
        item=row["item"],
        component="common",
        name=row["name"],
        points=ticks(row["points"]),
        rule="deduction",
        aspect=row["aspect"],
        element=ledger,
        kinds=tuple(
            EventKind(kind["kind"], ticks(kind["points"]), _maybe(kind, "cap"))
            for kind in row["kinds"]
        ),
    )


def _maybe(row: plan.Table, name: str) -> int | None:
    return ticks(row[name]) if name in row else None


def _kinds(text: str) -> Iterable[EventKind]:
    for part in filter(None, text.split(";")):
        name, points, *cap = part.split(":")
        yield EventKind(name, ticks(points), ticks(cap[0]) if cap else None)


def _steps(text: str) -> Iterable[Step]:
    for part in filter(None, text.split(";")):
        threshold, percent = part.split(":")
        yield Step(ticks(threshold), ticks(percent))


def _item(row: plan.Table, code: str, department: str, unit: str | None) -> Item:
    return Item(
        item=code,
        component="individual",
        name=row["name"],
        points=ticks(row["points"]),
        rule=row["rule"],
        department=department,
        unit=unit,
        aspect=row.get("aspect"),
        element=plan.ELEMENTS[row["element"]],
        zero_at=_maybe(row, "zero_at"),
        full_at=_maybe(row, "full_at"),
        target=_maybe(row, "target"),
        minimum=_maybe(row, "minimum"),
        steps=tuple(_steps(row.get("steps", ""))),
        kinds=tuple(_kinds(row.get("kinds", ""))),
        late_per_day=_maybe(row, "late_per_day"),
        direction=row.get("direction"),
        trim=row.get("trim"),
    )


def sheet_indicators(name: str, kind: str) -> list[Indicator]:
    """One sheet with what units of one kind have of their own, under numbers for codes."""
    content = plan.sheet(name)
    rows = [*content["items"], *content.get("own", {}).get(kind, ())]
    return [
        Indicator(_item(row, f"{number:02d}", "", None), row)
        for number, row in enumerate(rows, start=1)
    ]


def departments() -> dict[str, tuple[str, str]]:
    """Every department's prefix of item codes and the name of its sheet."""
    city = plan.city()
    known = {row["name"]: (row["prefix"], row["sheet"]) for row in city["departments"]}
    for number, town in enumerate(city["towns"], start=1):
        known[town_hall(town)] = (f"ZJ{number}", city["town_sheet"])
    return known


def individual_indicators(members: Sequence[Member]) -> dict[str, list[Indicator]]:
    """By unit: its sheet, of the items of its department and of its own (一个单位一张考核单).

    The items of a department make 100 points together with those that a unit has of its own.
    """
    sheets: dict[str, list[Indicator]] = {}
    shared: dict[str, list[Indicator]] = {}
    known = departments()
    for place, member in enumerate(members, start=1):
        department = member.unit.department
        prefix, name = known[department]
        content = plan.sheet(name)
        if department not in shared:
            shared[department] = [
                Indicator(_item(row, f"{prefix}{number:02d}", department, None), row)
                for number, row in enumerate(content["items"], start=1)
            ]
        own = [
            Indicator(_item(row, f"{prefix}-{place:03d}-{number}", department, unit), row)
            for unit in (member.unit.unit,)
            for number, row in enumerate(content.get("own", {}).get(member.kind, ()), start=1)
        ]
        sheets[member.unit.unit] = shared[department] + own
    return sheets
