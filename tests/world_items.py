"""Items that make 100 points for every unit, under every rule, and the rows that suit them."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from kaohe.core.quantities import FULL, LIMIT, TICK
from kaohe.core.rows import (
    Event,
    EventKind,
    Inputs,
    Item,
    Mark,
    Measurement,
    Milestone,
    Step,
    Target,
    Unit,
)
from kaohe.core.tables import EVENT_RULES, RULES

EDGE = LIMIT - 1
CODES = ("a", "Z", "项", "m-1", "é", "k_2", "項", "b", "𠮷")


def _parts(rng: Random, total: int) -> list[int]:
    """Positive numbers of ticks that sum to ``total``."""
    count = rng.choice((1, 2, 3, 4))
    cuts = {total * place // count for place in range(1, count)}
    if rng.random() < 0.3:
        cuts |= {rng.choice((1, TICK, total - 1, total // 3, total // 2 + 1))}
    ends = [0, *sorted(cut for cut in cuts if 0 < cut < total), total]
    return [high - low for low, high in pairwise(ends)]


def _steps(rng: Random, falling: bool) -> tuple[Step, ...]:
    pool = (90 * TICK, 75 * TICK, 60 * TICK, 0, -5 * TICK, EDGE, 1)
    thresholds = sorted(rng.sample(pool, rng.choice((3, 1, 2))), reverse=falling)
    percents = (FULL, 80 * TICK, 333_333, 0, 1)
    return tuple(Step(threshold, rng.choice(percents)) for threshold in thresholds)


def _kinds(rng: Random, points: int) -> tuple[EventKind, ...]:
    worths = (TICK, 5_000, 0, 33_333, points, points + 1, EDGE)
    caps = (None, 0, TICK, 2 * TICK, points - 1, points, EDGE)
    names = ("迟报", "missing", "major")[: rng.choice((2, 1, 3))]
    return tuple(EventKind(name, rng.choice(worths), rng.choice(caps)) for name in names)


def _with_columns(rng: Random, item: Item) -> Item:
    """The item with the columns that its rule uses."""
    rule = item.rule
    if rule == "interval":
        ends = [0, 60 * TICK, 90 * TICK, FULL, -10 * TICK, EDGE, -EDGE]
        zero_at, full_at = rng.sample(ends, 2)
        return item._replace(zero_at=zero_at, full_at=full_at)
    if rule in ("ratio_up", "ratio_down", "growth"):
        least = (0,) if rule == "ratio_down" else ()
        targets = (FULL, 10 * TICK, 1, 333_333, EDGE, *least)
        minimum = None if rule == "growth" else rng.choice((None, 60 * TICK, 0, FULL))
        return item._replace(target=rng.choice(targets), minimum=minimum)
    if rule in ("steps_up", "steps_down"):
        return item._replace(steps=_steps(rng, rule == "steps_up"))
    if rule in EVENT_RULES:
        return item._replace(kinds=_kinds(rng, item.points))
    if rule == "milestones":
        return item._replace(late_per_day=rng.choice((None, 0, 10 * TICK, 33_333, FULL, EDGE)))
    if rule == "rank":
        return item._replace(direction=rng.choice(("up", "down")))
    return item._replace(trim=rng.choice((None, True, False)))


def _share_out(rng: Random, item: Item, total: int) -> list[Item]:
    """Items in the place of ``item`` that make ``total`` points."""
    found = []
    for number, points in enumerate(_parts(rng, total)):
        code = f"{rng.choice(CODES)}{item.item}{number}"
        rule = rng.choice((*RULES, "deduction", "rank"))
        sized = item._replace(item=code, name=f"指标{code}", points=points, rule=rule)
        found.append(_with_columns(rng, sized))
    return found


def items_for(rng: Random, units: Sequence[Unit]) -> list[Item]:
    """Items of both components, addressed to all, to departments and to single units."""
    departments = sorted({unit.department for unit in units})
    found: list[Item] = []
    for component, letter in (("common", "c"), ("individual", "i")):
        whole = Item(letter, component, "", 0, "deduction")
        shared = rng.choice((FULL, 40 * TICK, 0) if component == "common" else (0, 25 * TICK))
        if shared:
            found += _share_out(rng, whole, shared)
        for number, department in enumerate(departments if shared < FULL else ()):
            own = rng.choice((0, 0, 10 * TICK, FULL - shared))
            local = whole._replace(item=f"{letter}{number}_", department=department)
            if shared + own < FULL:
                found += _share_out(rng, local, FULL - shared - own)
            if own:
                found += _of_single_units(rng, local, own, units)
    return found


def _of_single_units(rng: Random, local: Item, own: int, units: Sequence[Unit]) -> list[Item]:
    found = []
    for place, unit in enumerate(units):
        if unit.department == local.department:
            named = rng.choice((local.department, None))
            alone = local._replace(item=f"{local.item}u{place}_", department=named)
            found += _share_out(rng, alone._replace(unit=unit.unit), own)
    return found


def _values(item: Item) -> list[int]:
    """Values near everything that the item's rule looks at; few, so that units tie."""
    marks = [item.zero_at, item.full_at, item.target, *(step.threshold for step in item.steps)]
    near = {0, FULL, 80 * TICK, EDGE, -EDGE}
    for mark in marks:
        if mark is not None:
            near |= {mark - 1, mark, mark + 1, mark // 2, mark * 9 // 10}
    return sorted(value for value in near if abs(value) < LIMIT)


def _measurement(rng: Random, item: Item, unit: str) -> Measurement:
    if rng.random() < 0.7:
        pool = [80 * TICK, 90 * TICK, FULL] if item.rule == "rank" else _values(item)
        return Measurement(unit, item.item, value=rng.choice(pool))
    parts = ((9 * TICK, 10 * TICK), (0, 0), (0, 1), (1, 30_000), (EDGE, EDGE), (EDGE, TICK * 101))
    numerator, denominator = rng.choice(parts)
    return Measurement(unit, item.item, numerator=numerator, denominator=denominator)


def _target(rng: Random, item: Item, unit: str) -> Target | None:
    """The unit's own values, where its item has such; a growth needs its base."""
    pick = rng.random()
    if item.rule == "growth":
        base = rng.choice((1, FULL, 80 * TICK, EDGE))
        return Target(unit, item.item, base=base, target=rng.choice((None, 5 * TICK, FULL)))
    if item.rule in ("ratio_up", "ratio_down") and pick < 0.3:
        return Target(unit, item.item, target=rng.choice((1, 50 * TICK, 333_333, EDGE)))
    if item.rule == "interval" and item.full_at is not None and pick < 0.3:
        zero_at = rng.choice([end for end in (0, -1, 77_777, EDGE) if end != item.full_at])
        return Target(unit, item.item, zero_at=zero_at)
    return None


def _milestones(rng: Random, item: Item, unit: str, year: int) -> list[Milestone]:
    due = date(year, 6, 30)
    waits = (0, -30, 1, 2, 9, 45, 200, None, None)
    rows = []
    for number, share in enumerate(_parts(rng, FULL)):
        wait = rng.choice(waits)
        done = None if wait is None else due + timedelta(days=wait)
        if rng.random() < 0.02:
            done = date(9999, 12, 31)
        rows.append(Milestone(unit, item.item, f"节点{number}", share, due, done))
    return rows


def _marks(rng: Random, item: Item, unit: str) -> list[Mark]:
    pool = [item.points, item.points * 9 // 10, item.points // 3, 0]
    count = rng.choice((3, 1, 4, 5, 6, 7))
    return [Mark(unit, item.item, f"评委{judge}", rng.choice(pool)) for judge in range(count)]


def _events(rng: Random, item: Item, unit: str, year: int) -> list[Event]:
    """Events of one unit's item, some reversed, some reversals of reversals."""
    rows: list[Event] = []
    prefix = f"{rng.choice(CODES)}-{item.item}-{unit[-6:]}"
    for number in range(rng.choice((0, 0, 1, 2, 3, 6))):
        kind = rng.choice(item.kinds).kind
        before = [row.event for row in rows]
        reverses = rng.choice(before) if before and rng.random() < 0.3 else None
        day = date(year, rng.choice((1, 3, 3, 12)), rng.choice((1, 15, 31)))
        worths = (None, None, None, 0, 1, 5_000, 2 * TICK, item.points, EDGE)
        rows.append(
            Event(
                f"{prefix}-{rng.choice((9, 10))}{number}",
                unit,
                item.item,
                kind,
                day,
                rng.choice(("confirmed", "confirmed", "pending", "objected", "withdrawn")),
                rng.random() < 0.3,
                points=rng.choice(worths),
                reverses=reverses,
                document=rng.choice((None, "督查〔2026〕1号", "督查〔2026〕2号")),
            )
        )
    rng.shuffle(rows)
    return rows


def rows_for(rng: Random, item: Item, unit: str, year: int) -> Inputs:
    """What one unit has on record under one item that applies to it; often nothing."""
    rows = Inputs((), ())
    target = _target(rng, item, unit)
    if target is not None:
        rows = rows._replace(targets=(target,))
    if item.rule in EVENT_RULES:
        return rows._replace(events=tuple(_events(rng, item, unit, year)))
    if rng.random() < 0.1:
        return rows
    if item.rule == "milestones":
        return rows._replace(milestones=tuple(_milestones(rng, item, unit, year)))
    if item.rule == "marks":
        return rows._replace(marks=tuple(_marks(rng, item, unit)))
    return rows._replace(measurements=(_measurement(rng, item, unit),))
