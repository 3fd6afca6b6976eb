"""The curve of an indicator's rule (计分曲线), and what an example would earn, by ``core.items``.

Along the curve runs what the rule looks at: the measured value; the number of events of one kind;
the days that every milestone is late; the place among ten; the mean of the marks.  Decimals are
ticks.  Nothing is estimated: each point is computed as the engine computes it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kaohe.core import items as rules
from kaohe.core.indicators import Indicator, Node, Values, ends_for, item_row
from kaohe.core.quantities import FULL, LIMIT, TICK, half_up
from kaohe.core.rows import EventKind, Item
from kaohe.core.sheets import Ends, earned_by_value
from kaohe.core.tables import EVENT_RULES, MEASURED_RULES, RULES

PLACES = 10  # units in the ranking that a curve shows
MOST = 20  # events, or samples of a bent line, that a curve shows
LATEST = 60  # days late that a curve shows

NEEDS: Mapping[str, tuple[str, ...]] = {
    "interval": ("zero_at", "full_at"),
    "ratio_up": ("target",),
    "ratio_down": ("target",),
    "growth": ("base", "target"),
    "steps_up": ("steps",),
    "steps_down": ("steps",),
    "deduction": ("kinds",),
    "accrual": ("kinds",),
    "rank": ("direction",),
    "milestones": (),
    "marks": (),
}
_OF_UNITS = frozenset({"zero_at", "full_at", "target", "base"})
_ABOVE_ZERO = {"ratio_up": ("target",), "growth": ("base", "target")}


class Point(NamedTuple):
    """A point of a curve: where, and what is earned there."""

    value: int
    earned: int


@dataclass(frozen=True, slots=True)
class Measured:
    """What an example supposes; each rule looks at its own part."""

    value: int | None = None
    events: Mapping[str, int] = field(default_factory=dict)  # kind → how many
    late: Sequence[int | None] = ()  # days late of each milestone; None: not done
    place: int = 1
    ranked: int = PLACES
    marks: Sequence[int] = ()


def lacking(indicator: Indicator, values: Values, *, points: bool = True) -> list[str]:
    """The fields that the rule needs for a unit and that stand nowhere: "rule", "target" …

    Args:
        points: whether the points are asked for too.

    Source: docs/rules/folder.md, F-8.
    """
    if indicator.rule not in RULES:
        return ["rule"]
    found = ["points"] if points and indicator.points is None else []
    own = ends_for(indicator, values)
    for name in NEEDS[indicator.rule]:
        given = getattr(own if name in _OF_UNITS else indicator, name)
        if given is None or given in ((), ""):
            found.append(name)
    return found


def unusable(indicator: Indicator, values: Values) -> list[str]:
    """The fields that stand, but by which the rule cannot divide: a target of 0, a base of 0.

    Source: docs/rules/folder.md, F-8.
    """
    own = ends_for(indicator, values)
    return [
        name
        for name in _ABOVE_ZERO.get(indicator.rule, ())
        for given in (getattr(own, name),)
        if given is not None and given <= 0
    ] + (["target"] if indicator.rule == "ratio_down" and (own.target or 0) < 0 else [])


def is_flat(indicator: Indicator, values: Values) -> bool:
    """Whether whatever is measured earns the same: such an indicator tells units not apart.

    Of steps: more than one with one percentage, or all with 0.  What lacks something is not flat.

    Source: docs/rules/checkup.md, K-4.
    """
    match indicator.rule:
        case "interval":
            own = ends_for(indicator, values)
            return own.zero_at is not None and own.zero_at == own.full_at
        case "steps_up" | "steps_down":
            percents = {step.percent for step in indicator.steps}
            return percents == {0} or (len(indicator.steps) > 1 and len(percents) == 1)
        case "deduction" | "accrual":
            return bool(indicator.kinds) and not any(map(_takes, indicator.kinds))
    return False


def _takes(kind: EventKind) -> bool:
    return kind.points > 0 and kind.cap != 0


def example(
    indicator: Indicator, values: Values, measured: Measured, nodes: Sequence[Node] = ()
) -> int | None:
    """What a unit would earn, in ticks; None where the rule lacks what it needs for it.

    Args:
        nodes: the unit's milestones; without them one milestone is the whole.

    Source: docs/rules/scoring.md, I-1, I-2, I-3, I-4, I-5, I-6, I-7, I-8, I-9, I-10, I-11.
    """
    if lacking(indicator, values) or unusable(indicator, values):
        return None
    item = item_row(indicator, "")
    match indicator.rule:
        case "deduction" | "accrual":
            return _by_events(item, measured)
        case "milestones":
            return _by_milestones(item, measured, nodes)
        case "rank":
            ranked = max(1, measured.ranked)
            return rules.rank(item.points, min(max(0, measured.place - 1), ranked - 1), ranked)
        case "marks":
            given = [min(max(0, mark), item.points) for mark in measured.marks]
            return rules.marks(given, trim=bool(item.trim)) if given else None
    own = ends_for(indicator, values)
    if measured.value is None or (item.rule == "interval" and own.zero_at == own.full_at):
        return None
    ends = Ends(own.zero_at, own.full_at, own.target, own.base)
    return earned_by_value(item, ends, measured.value)


def _by_events(item: Item, measured: Measured) -> int:
    totals = [_total(kind, measured.events.get(kind.kind, 0)) for kind in item.kinds]
    rule = rules.deduction if item.rule == "deduction" else rules.accrual
    return rule(item.points, totals)


def _by_milestones(item: Item, measured: Measured, nodes: Sequence[Node]) -> int:
    shares = [node.share for node in nodes] or [FULL]
    done = [
        (share, max(0, late))
        for share, late in zip(shares, measured.late, strict=False)
        if late is not None
    ]
    late = FULL if item.late_per_day is None else item.late_per_day
    return rules.milestones(item.points, done, late)


def _total(kind: EventKind, number: int) -> int:
    total = kind.points * max(0, number)
    return total if kind.cap is None else min(kind.cap, total)


def curve(
    indicator: Indicator, values: Values, nodes: Sequence[Node] = (), kind: str = ""
) -> list[Point]:
    """The points of the curve, the values rising; empty where it cannot be drawn.

    A jump is two points beside one another.  Whole numbers (events, days, places) are in ticks.

    Args:
        nodes: the unit's milestones.
        kind: of which kind events are counted; empty: the first.
    """
    if lacking(indicator, values) or unusable(indicator, values):
        return []
    kind = kind or (indicator.kinds[0].kind if indicator.kinds else "")
    found = _knots(indicator, values, kind)
    low, high = _axis(indicator, values)
    knots = sorted({min(max(knot, low), high) for knot in found})
    suppose = _supposing(indicator, nodes, kind)
    points = [(knot, example(indicator, values, suppose(knot), nodes)) for knot in knots]
    return [Point(value, earned) for value, earned in points if earned is not None]


def _axis(indicator: Indicator, values: Values) -> tuple[int, int]:
    """From where to where the axis may run: of a share in percent it does not pass 0 and 100."""
    own = ends_for(indicator, values)
    written = [own.zero_at, own.full_at, own.target, *(each.threshold for each in indicator.steps)]
    within = all(0 <= each <= FULL for each in written if each is not None)
    if indicator.measure == "%" and indicator.rule in _SHARES and within:
        return 0, FULL
    return 1 - LIMIT, LIMIT - 1


_SHARES = MEASURED_RULES - {"growth", "rank"}


def _supposing(indicator: Indicator, nodes: Sequence[Node], kind: str) -> Callable[[int], Measured]:
    """From a place on the axis to what is supposed there."""
    if indicator.rule in EVENT_RULES:
        return lambda knot: Measured(events={kind: knot // TICK})
    if indicator.rule == "milestones":
        return lambda knot: Measured(late=[knot // TICK] * max(1, len(nodes)))
    if indicator.rule == "rank":
        return lambda knot: Measured(place=knot // TICK)
    if indicator.rule == "marks":
        return lambda knot: Measured(marks=[knot])
    return lambda knot: Measured(value=knot)


def _knots(indicator: Indicator, values: Values, kind: str) -> Iterable[int]:
    """Where the curve begins, bends, jumps and ends."""
    own = ends_for(indicator, values)
    target, base = own.target or 0, own.base or 0
    match indicator.rule:
        case "interval":
            return _around((own.zero_at or 0, own.full_at or 0))
        case "ratio_up":
            least = _part(target, indicator.minimum or 0)
            return {0, least - 1, least, target, target + target // 4} - {-1}
        case "ratio_down":
            return _bent(target, indicator.minimum)
        case "growth":
            grown = base + half_up(base * target, FULL)
            return {base - (grown - base) // 4, base, grown, grown + (grown - base) // 4}
        case "steps_up":
            return _jumps(indicator, -1)
        case "steps_down":
            return _jumps(indicator, +1)
        case "milestones":
            return _days(indicator.late_per_day)
        case "rank":
            return [place * TICK for place in range(1, PLACES + 1)]
        case "marks":
            return {0, indicator.points or 0}
    return [number * TICK for number in range(_enough(indicator, kind) + 1)]


def _around(ends: Iterable[int]) -> set[int]:
    low, high = min(ends), max(ends)
    margin = (high - low) // 4 or TICK
    return {low - margin, low, high, high + margin}


def _part(whole: int, percent: int) -> int:
    """The least value that is not below a percentage of a whole."""
    return -(-whole * percent // FULL)


def _bent(target: int, minimum: int | None) -> set[int]:
    """Of a limit: until it, the bent line behind it, and where a minimum cuts it off."""
    if target == 0:
        return {0, 1, TICK}
    end = 3 * target
    knots = {0, target}
    if minimum:
        last = FULL * target // minimum
        end = last + last // 4
        knots |= {last, last + 1}
    step = max(1, (end - target) // MOST)
    return knots | set(range(target, end, step)) | {end}


def _jumps(indicator: Indicator, side: int) -> set[int]:
    thresholds = [step.threshold for step in indicator.steps]
    beside = {threshold + side for threshold in thresholds}
    return _around(thresholds) | set(thresholds) | beside


def _days(late_per_day: int | None) -> list[int]:
    cost = FULL if late_per_day is None else late_per_day
    until = min(LATEST, -(-FULL // cost)) if cost else MOST
    return [day * TICK for day in range(until + 2)]


def _enough(indicator: Indicator, kind: str) -> int:
    """How many events of a kind use everything up, within reason."""
    worth = next((each.points for each in indicator.kinds if each.kind == kind), 0)
    if not worth:
        return 1
    return min(MOST, -(-(indicator.points or 0) // worth) + 1)
