"""Check-up against earlier years (历史体检): targets too low, out of reach, telling nobody apart.

An indicator is found again by its folded name; where it is new, nothing is said.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kaohe.core.checkup import NOTE, WARNING, Check, Context, Finding, cell, declare_checks, label
from kaohe.core.indicators import Indicator, Plan, Values, ends_for
from kaohe.core.past import PastValue
from kaohe.core.problems import N_
from kaohe.core.quantities import FULL, half_up, show_plain
from kaohe.core.texts import fold

declare_checks(
    {
        "target-below-last": Check(
            WARNING,
            N_("“{item}”: {found} asks for less than the {before} that was reached in {year}"),
            N_("raise it, or write the reason on the unit's sheet"),
        ),
        "target-below-many": Check(
            WARNING,
            N_("“{item}”: {found} is less than {count} units reached in {year}, at best {before}"),
            N_("raise it, set targets for these units, or write the reason on their sheets"),
        ),
        "target-under-worst": Check(
            WARNING,
            N_("“{item}”: {found} was surpassed in every earlier year; the least was {before}"),
            N_("raise it: points for which nothing is asked tell nothing"),
        ),
        "target-unreachable": Check(
            WARNING,
            N_("“{item}”: {found} lies far beyond the best of earlier years, {before}"),
            N_("set a target that can be reached with effort"),
        ),
        "target-trivial": Check(
            WARNING,
            N_("“{item}”: all {count} units had full points in {year}, and no more is asked now"),
            N_("raise the target, or replace the indicator"),
        ),
        "never-separated": Check(
            NOTE,
            N_("“{item}”: all {count} units earned the same in {year}"),
            N_("consider another rule, finer steps or another indicator"),
        ),
    }
)


class Aim(NamedTuple):
    """What earns all points, where that is written, and +1 where more is better, -1 where less."""

    value: int
    field: str
    sense: int


def aim_of(indicator: Indicator, values: Values) -> Aim | None:
    """What a unit must reach to earn all points; None under rules that do not measure.

    Source: docs/rules/checkup.md, K-13.
    """
    own = ends_for(indicator, values)
    match indicator.rule:
        case "interval" if own.zero_at is not None and own.full_at is not None:
            return Aim(own.full_at, "full_at", 1 if own.full_at > own.zero_at else -1)
        case "ratio_up" | "ratio_down" if own.target is not None:
            return Aim(own.target, "target", 1 if indicator.rule == "ratio_up" else -1)
        case "growth" if own.target is not None and own.base is not None:
            grown = own.base + half_up(own.base * max(0, own.target), FULL)
            return Aim(grown, "target", 1)
        case "steps_up" | "steps_down" if indicator.steps:
            sense = 1 if indicator.rule == "steps_up" else -1
            return Aim(indicator.steps[0].threshold, "steps", sense)
    return None


class _Seen(NamedTuple):
    """An indicator on a unit's sheet, with its aim and the unit's earlier years."""

    unit: str
    aim: Aim
    is_own: bool  # the aim is written on the unit's sheet
    reason: str
    past: Sequence[PastValue]

    def surpassed(self, year: int) -> int | None:
        """What the unit reached in a year, if that was more than is asked now."""
        found = next((each for each in self.past if each.year == year), None)
        if found is None or found.value is None:
            return None
        return found.value if self.aim.sense * (found.value - self.aim.value) > 0 else None


def check_history(plan: Plan, context: Context) -> Iterator[Finding]:
    """All findings against earlier years.

    Source: docs/rules/checkup.md, K-13, K-14.
    """
    if not context.past.years:
        return
    best = _everybody(plan, context)
    trivial: set[str] = set()
    for indicator in plan.indicators:
        seen = list(_seen(indicator, plan, context))
        yield from _below_last(indicator, seen, context)
        for each in seen:
            yield from _under_worst(indicator, each, context)
        if indicator.rule != "growth":
            yield from _far(indicator, seen, best.get(fold(indicator.name), []), context)
            for finding in _trivial(indicator, seen, context):
                trivial.add(indicator.item)
                yield finding
    for indicator in plan.indicators:
        if indicator.item not in trivial:
            yield from _separated(indicator, context)


def _seen(indicator: Indicator, plan: Plan, context: Context) -> Iterator[_Seen]:
    name = fold(indicator.name)
    for unit, sheet in plan.sheets.items():
        if indicator.unit not in ("", unit) or indicator.item in sheet.not_applicable:
            continue
        values = sheet.values.get(indicator.item, Values())
        aim = aim_of(indicator, values)
        if aim is not None:
            past = context.past.by_unit.get((unit, name), ())
            is_own = indicator.rule == "growth" or getattr(values, aim.field, None) is not None
            yield _Seen(unit, aim, is_own, values.reason, past)


def _everybody(plan: Plan, context: Context) -> Mapping[str, list[int]]:
    """All values of earlier years under each name of the plan, whichever unit's."""
    names = {fold(each.name) for each in plan.indicators}
    found: defaultdict[str, list[int]] = defaultdict(list)
    for (_unit, name), values in context.past.by_unit.items():
        if name in names:
            found[name].extend(each.value for each in values if each.value is not None)
    return found


def _place(indicator: Indicator, seen: _Seen) -> str:
    """Where the aim is written: on the unit's sheet, but steps with the indicator."""
    own = "" if seen.aim.field == "steps" else seen.unit
    return cell(indicator.item, seen.aim.field, own)


def _below_last(indicator: Indicator, seen: Sequence[_Seen], context: Context) -> Iterator[Finding]:
    """Aims below last year: of a unit's own each by itself, of a common aim once for all."""
    year = context.year - 1
    low = [
        (each, reached)
        for each in seen
        for reached in (each.surpassed(year),)
        if reached is not None and not each.reason
    ]
    shared = [(each, reached) for each, reached in low if not each.is_own]
    for each, reached in low:
        if each.is_own or len(shared) == 1:
            facts = {
                "item": label(indicator, context.name_of(each.unit)),
                "found": show_plain(each.aim.value),
                "before": show_plain(reached),
                "year": year,
            }
            yield Finding("target-below-last", _place(indicator, each), each.unit, facts)
    if len(shared) > 1:
        aim = shared[0][0].aim
        most = max((reached for _each, reached in shared), key=lambda reached: aim.sense * reached)
        facts = {
            "item": label(indicator),
            "found": show_plain(aim.value),
            "count": len(shared),
            "before": show_plain(most),
            "year": year,
        }
        yield Finding("target-below-many", cell(indicator.item, aim.field), facts=facts)


def _under_worst(indicator: Indicator, seen: _Seen, context: Context) -> Iterator[Finding]:
    """An aim that every earlier year surpassed, where that is not told by last year."""
    aim = seen.aim
    if seen.surpassed(context.year - 1) is not None and not seen.reason:
        return
    values = [each.value for each in seen.past if each.value is not None]
    if len(values) >= context.limits.samples and all(
        aim.sense * (each - aim.value) > 0 for each in values
    ):
        facts = {
            "item": label(indicator, context.name_of(seen.unit)),
            "found": show_plain(aim.value),
            "before": show_plain(min(values) if aim.sense > 0 else max(values)),
        }
        yield Finding("target-under-worst", _place(indicator, seen), seen.unit, facts)


def _far(
    indicator: Indicator, seen: Sequence[_Seen], values: Sequence[int], context: Context
) -> Iterator[Finding]:
    """Aims beyond the best by more than the stretch; the same aim of several units once."""
    if len(values) < context.limits.samples:
        return
    told: set[int] = set()
    for each in seen:
        aim = each.aim
        best = max(values) if aim.sense > 0 else min(values)
        room = abs(best) * context.limits.stretch
        if FULL * aim.sense * (aim.value - best) > room and aim.value not in told:
            told.add(aim.value)
            facts = {
                "item": label(indicator, context.name_of(each.unit)),
                "found": show_plain(aim.value),
                "before": show_plain(best),
            }
            yield Finding("target-unreachable", _place(indicator, each), each.unit, facts)


def _trivial(indicator: Indicator, seen: Sequence[_Seen], context: Context) -> Iterator[Finding]:
    last = [
        (each.aim, value)
        for each in seen
        for value in each.past
        if value.year == context.year - 1 and value.earned is not None
    ]
    full = all(value.earned == value.points for _aim, value in last)
    harder = any(
        value.target is None or aim.sense * (aim.value - value.target) > 0 for aim, value in last
    )
    if len(last) >= context.limits.samples and full and not harder:
        facts = {"item": label(indicator), "count": len(last), "year": context.year - 1}
        yield Finding("target-trivial", cell(indicator.item, last[0][0].field), facts=facts)


def _separated(indicator: Indicator, context: Context) -> Iterator[Finding]:
    name = fold(indicator.name)
    earned: list[int] = []
    for (year, department), items in context.past.by_department.items():
        if year == context.year - 1 and context.department in ("", department):
            earned.extend(items.get(name, ()))
    if len(earned) >= context.limits.samples and len(set(earned)) == 1:
        facts = {"item": label(indicator), "count": len(earned), "year": context.year - 1}
        yield Finding("never-separated", cell(indicator.item, "name"), facts=facts)
