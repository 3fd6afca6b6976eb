"""Ways to have kept lost points, cheapest first, and how few would have been enough.

What a way would have brought is exact: the unit is rescored with it, the tiers of its scope and
the grades of its group are worked out anew.  What it would have cost is a convention, stated here
and in every explanation, that only puts the ways in order:

    a fault corrected by the unit itself                        1
    a figure, a proof or a mark handed in where there was none  2
    an event that had not happened, or one more achievement     2
    a milestone in time                                         1 for each day late
    a measured value at its target                              1 for each percent short of it
    judges' marks                                               1 for each percent of the points
    a place in the department's ranking                         5 for each place
    a channel of the survey                                     2 for each point short of 100
    a component that is missing                                 100
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from kaohe.core.problems import N_
from kaohe.core.quantities import FULL, TICK, show_plain, show_ticks
from kaohe.core.rows import Event, Item, Mark, Measurement, Milestone
from kaohe.core.sheets import Ends, ends_of, measured
from kaohe.core.tables import MEASURED_RULES
from kaohe.inquiry.explanation.arithmetic import comma, hundredths, signed
from kaohe.inquiry.explanation.case import Case
from kaohe.inquiry.explanation.causes import Cause
from kaohe.inquiry.explanation.item_lines import days_late
from kaohe.inquiry.explanation.trial import Change, Outcome, changed, outcome, total_of

Section = dict[str, object]


@dataclass(frozen=True)
class Way:
    """One way to have kept (part of) a cause: ``number`` is the cause's."""

    number: int
    action: str
    change: Change
    effort: int
    effort_words: str
    words: str
    sets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Keep:
    """A way with what it would have brought: ``gain`` in ticks of the composite."""

    way: Way
    gain: int
    outcome: Outcome


def ordered_keeps(case: Case, causes: Iterable[Cause]) -> list[Keep]:
    """All ways to have kept something, least effort for a composite point first.

    A way that alone brings nothing stands at the end.
    """
    now = total_of(case, case.result)
    found = []
    for number, cause in enumerate(causes, 1):
        for way in _WAYS.get(cause.kind, _no_way)(case, number, cause):
            after = outcome(case, way.change)
            found.append(Keep(way, after.total - now, after))
    return sorted(found, key=_price)


def _price(keep: Keep) -> tuple[bool, Fraction, int, str]:
    worth = keep.gain > 0
    price = Fraction(keep.way.effort, keep.gain) if worth else Fraction(keep.way.effort)
    return (not worth, price, keep.way.number, keep.way.action)


def keep_section(place: int, keep: Keep) -> Section:
    """One keep as ``explain`` documents it."""
    result = keep.outcome.result
    return {
        "place": place,
        "cause": keep.way.number,
        "action": keep.way.action,
        "gain": signed(keep.gain, 4),
        "composite": hundredths(result.composite),
        "rank": result.rank,
        "grade": result.grade,
        "effort": keep.way.effort,
        "effort_words": keep.way.effort_words,
        "words": keep.way.words,
        "changes": list(keep.way.sets),
    }


def _no_way(_case: Case, _number: int, _cause: Cause) -> list[Way]:
    return []


def _event(case: Case, number: int, cause: Cause) -> list[Way]:
    _ = case.translate
    event = cause.about
    if not isinstance(event, Event):
        return []
    ways = [
        Way(
            number,
            "avoid",
            changed(event._replace(status="withdrawn")),
            2,
            _(N_("one event")),
            _(N_("If the event had not happened.")),
            (f"event:{event.event}=withdrawn",),
        )
    ]
    if not event.self_corrected and case.scheme.self_correction_relief:
        words = _(N_("If the unit had found and corrected it itself: {relief} percent forgiven."))
        relief = show_plain(case.scheme.self_correction_relief)
        ways.insert(
            0,
            Way(
                number,
                "self-correct",
                changed(event._replace(self_corrected=True)),
                1,
                _(N_("one self-correction")),
                words.format(relief=relief),
                (f"event:{event.event}.self_corrected=true",),
            ),
        )
    return ways


def _achieve(case: Case, number: int, cause: Cause) -> list[Way]:
    """One event more of each kind in turn, the most valuable first, until full points."""
    item, code = cause.item, case.unit.unit
    if item is None:
        return []
    missing, rows = cause.lost, list[Event]()
    room = {
        kind.kind: None if kind.cap is None else kind.cap - _gained(case, item, kind.kind)
        for kind in item.kinds
    }
    day = date(case.scheme.year, 12, 31)
    for kind in sorted(item.kinds, key=lambda kind: (-kind.points, kind.kind)):
        while missing > 0 and kind.points > 0 and (left := room[kind.kind]) != 0:
            amount = kind.points if left is None else min(kind.points, left)
            room[kind.kind] = None if left is None else left - amount
            missing -= amount
            name = f"{item.item}+{len(rows) + 1}"
            rows.append(Event(name, code, item.item, kind.kind, day, "confirmed", False))
    if not rows:
        return []
    _ = case.translate
    words = _(N_("{number} more: {kinds}.")).format(
        number=len(rows), kinds=comma(_).join(dict.fromkeys(row.kind for row in rows))
    )
    effort_words = _(N_("{number} more achievements")).format(number=len(rows))
    return [Way(number, "achieve", changed(*rows), 2 * len(rows), effort_words, words)]


def _gained(case: Case, item: Item, kind: str) -> int:
    mine = [e for e in case.events if e.item == item.item and e.kind == kind]
    return sum(case.effects.get(event.event, 0) for event in mine)


def _milestone(case: Case, number: int, cause: Cause) -> list[Way]:
    _ = case.translate
    row = cause.about
    if not isinstance(row, Milestone):
        return []
    late = days_late(row)
    if late is None:
        late = (date(case.scheme.year, 12, 31) - row.due_on).days
        effort_words = _(N_("not done by the year's end, {days} days"))
    else:
        effort_words = _(N_("{days} days late"))
    late = max(1, late)
    place = f"{row.unit}/{row.item}/{row.milestone}"
    return [
        Way(
            number,
            "in-time",
            changed(row._replace(done_on=row.due_on)),
            late,
            effort_words.format(days=late),
            _(N_("Done by {due}.")).format(due=row.due_on.isoformat()),
            (f"milestone:{place}.done_on={row.due_on.isoformat()}",),
        )
    ]


def _measurement(case: Case, number: int, cause: Cause) -> list[Way]:
    item = cause.item
    if item is None:
        return []
    value = measured(case.sheet.measurements[item.item]) or 0
    needed = full_value(case, item)
    if item.rule == "rank":
        return [_places(case, number, item, (value, needed))]
    gap = abs(needed - value)
    percent = -(-100 * cause.lost // item.points) if needed == 0 else -(-100 * gap // abs(needed))
    percent = max(1, percent)
    _ = case.translate
    words = _(N_("{needed} in place of {value}.")).format(
        needed=show_plain(needed), value=show_plain(value)
    )
    effort_words = _(N_("{percent} percent short")).format(percent=percent)
    return [_measure(case, number, item, (needed, percent, effort_words, words))]


def _measure(case: Case, number: int, item: Item, told: tuple[int, int, str, str]) -> Way:
    needed, effort, effort_words, words = told
    row = Measurement(case.unit.unit, item.item, value=needed)
    sets = (f"measurement:{case.unit.unit}/{item.item}={show_plain(needed)}",)
    return Way(number, "reach", changed(row), effort, effort_words, words, sets)


def _places(case: Case, number: int, item: Item, values: tuple[int, int]) -> Way:
    value, needed = values
    down = item.direction == "down"
    others = case.among.get((item.item, case.unit.department), ())
    better = max(1, sum(each < value if down else each > value for each in others))
    _ = case.translate
    words = _(N_("As good as the best of the department: {needed} in place of {value}.")).format(
        needed=show_plain(needed), value=show_plain(value)
    )
    effort_words = _(N_("{places} places behind")).format(places=better)
    return _measure(case, number, item, (needed, 5 * better, effort_words, words))


def full_value(case: Case, item: Item) -> int:
    """The least demanding value that earns the most under the item's rule, in ticks.

    Source: docs/rules/scoring.md, I-1, I-2, I-3, I-4, I-5, I-6, I-10.
    """
    ends: Ends = ends_of(item, case.sheet.targets.get(item.item))
    if item.rule == "interval":
        return ends.full_at or 0
    if item.rule in ("steps_up", "steps_down"):
        best = max(item.steps, key=lambda step: step.percent)
        return best.threshold
    if item.rule == "growth":
        base, target = ends.base or 0, ends.target or 0
        return -(-base * (FULL + target) // FULL)
    if item.rule == "rank":
        others = case.among.get((item.item, case.unit.department), ())
        best_of = min if item.direction == "down" else max
        return best_of(others, default=0)
    return ends.target or 0


def _marks(case: Case, number: int, cause: Cause) -> list[Way]:
    item = cause.item
    if item is None:
        return []
    _ = case.translate
    rows = [row._replace(points=item.points) for row in case.sheet.marks[item.item]]
    percent = max(1, -(-100 * cause.lost // item.points))
    full = show_plain(item.points)
    sets = tuple(f"mark:{row.unit}/{row.item}/{row.judge}={full}" for row in rows)
    words = _(N_("Full marks of all judges."))
    effort_words = _(N_("{percent} percent short")).format(percent=percent)
    return [Way(number, "marks", changed(*rows), percent, effort_words, words, sets)]


def _missing(case: Case, number: int, cause: Cause) -> list[Way]:
    item, code = cause.item, case.unit.unit
    if item is None:
        return []
    _ = case.translate
    effort_words = _(N_("one report"))
    if item.rule in MEASURED_RULES:
        needed = full_value(case, item)
        words = _(N_("A figure handed in; with {needed} it earns all its points."))
        told = (needed, 2, effort_words, words.format(needed=show_plain(needed)))
        return [_measure(case, number, item, told)]
    if item.rule == "milestones":
        day = date(case.scheme.year, 12, 31)
        row: Milestone | Mark = Milestone(code, item.item, item.item, FULL, day, day)
        words = _(N_("Milestones set, and all done in time."))
    else:
        row = Mark(code, item.item, item.item, item.points)
        words = _(N_("Marked by judges, with full marks."))
    return [Way(number, "report", changed(row), 2, effort_words, words)]


def _survey(case: Case, number: int, cause: Cause) -> list[Way]:
    place = cause.place
    row = next(each for each in case.surveyed if (each.round, each.channel) == place)
    short = -(-(FULL - (row.score or 0)) // TICK)
    _ = case.translate
    words = _(N_("All who answered there very satisfied."))
    effort_words = _(N_("{points} points short of 100")).format(points=short)
    change = Change(pleased=frozenset({place}))
    return [Way(number, "please", change, 2 * max(1, short), effort_words, words)]


def _adjustment(case: Case, number: int, cause: Cause) -> list[Way]:
    _ = case.translate
    change = Change(dropped=frozenset({cause.fact}))
    words = _(N_("If the matter had not happened."))
    sets = (f"adjustment:{cause.fact}=withdrawn",)
    return [Way(number, "avoid", change, 2, _(N_("one matter")), words, sets)]


def _component(case: Case, number: int, cause: Cause) -> list[Way]:
    if cause.component == "individual" and case.scheme.tier_policy.assign == "manual":
        return []
    _ = case.translate
    change = Change(full=frozenset({cause.component}))
    words = _(N_("The component was there, with {points} points.")).format(points=show_ticks(FULL))
    return [Way(number, "component", change, 100, _(N_("a whole component")), words)]


_WAYS: Mapping[str, Callable[[Case, int, Cause], list[Way]]] = {
    "event": _event,
    "no-event": _achieve,
    "milestone": _milestone,
    "measurement": _measurement,
    "marks": _marks,
    "missing": _missing,
    "survey": _survey,
    "adjustment": _adjustment,
    "component": _component,
}
