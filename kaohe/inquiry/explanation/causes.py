"""Lost points (扣分), each with its one cause.

The causes of a component sum to what it lacks of 100: those of an item to what it lacks of its
points (docs/rules/scoring.md, R-5), those of the survey, set right one after another, to what the
component lacks.  What a tier took and what deductions took stand beside them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from kaohe.core.items import FEWEST_JUDGES_TO_TRIM
from kaohe.core.problems import N_
from kaohe.core.quantities import FULL, half_up, show_ticks
from kaohe.core.rows import Event, Item, Milestone
from kaohe.core.tables import COMPONENTS, EVENT_RULES
from kaohe.inquiry.explanation.arithmetic import plain
from kaohe.inquiry.explanation.case import Case
from kaohe.inquiry.explanation.component_lines import counted_adjustments, counted_items
from kaohe.inquiry.explanation.item_lines import clause_of, days_late
from kaohe.inquiry.explanation.trial import pleased

Section = dict[str, object]


@dataclass(frozen=True)
class Cause:
    """One cause of lost points; ``lost`` in ticks.

    ``kind`` is "event", "no-event", "milestone", "measurement", "marks", "missing", "survey",
    "component", "tier" or "adjustment"; ``about`` is the row that it comes from, if any.
    """

    kind: str
    component: str
    lost: int
    words: str
    clause: str
    item: Item | None = None
    fact: str = ""
    document: str | None = None
    about: Event | Milestone | None = None
    place: tuple[str, str] = ("", "")  # round and channel


def causes(case: Case) -> list[Cause]:
    """All causes of lost points: by component, then by item in the order of their codes.

    Source: docs/rules/scoring.md, R-3, R-5, C-1, C-3, C-4.
    """
    found: list[Cause] = []
    for component in COMPONENTS:
        if case.parts[component].score is None:
            found += _absent(case, component)
        elif component == "social":
            found += _survey(case)
        else:
            for item, earned in counted_items(case, component):
                if earned < item.points:
                    found += _item(case, item, item.points - earned)
    return [*found, *_tier(case), *_adjustments(case)]


def cause_section(case: Case, number: int, cause: Cause) -> Section:
    """One cause as ``explain`` documents it."""
    return {
        "number": number,
        "component": cause.component,
        "item": cause.item.item if cause.item else None,
        "item_name": cause.item.name if cause.item else None,
        "cause": cause.kind,
        "fact": cause.fact or None,
        "clause": cause.clause,
        "lost": show_ticks(cause.lost),
        "words": cause.words,
        "document": cause.document,
    }


def _absent(case: Case, component: str) -> Iterable[Cause]:
    if case.scheme.missing[component] == "zero":
        words = case.translate(N_("The component is missing and counts 0."))
        yield Cause("component", component, FULL, words, "C-4")


def _item(case: Case, item: Item, lost: int) -> Iterable[Cause]:
    clause = clause_of(item.rule)
    if "missing" in case.cells[item.item].flags:
        words = case.translate(N_("Nothing was reported under this item."))
        return [Cause("missing", item.component, lost, words, "R-3", item)]
    if item.rule in EVENT_RULES:
        return _events(case, item, lost)
    if item.rule == "milestones":
        return _milestones(case, item, lost)
    if item.rule == "marks":
        words = _marks_words(case, item)
        return [Cause("marks", item.component, lost, words, clause, item)]
    row = case.sheet.measurements[item.item]
    words = case.translate(N_("The measured value is short of what full points need."))
    return [Cause("measurement", item.component, lost, words, clause, item, document=row.document)]


def _events(case: Case, item: Item, lost: int) -> Iterable[Cause]:
    _ = case.translate
    if item.rule == "accrual":
        words = _(N_("Fewer events than full points need."))
        yield Cause("no-event", item.component, lost, words, clause_of(item.rule), item)
        return
    for event in case.events:
        effect = case.effects.get(event.event, 0)
        if event.item == item.item and effect < 0:
            text = N_("“{kind}” on {day}.")
            if event.self_corrected:
                text = N_("“{kind}” on {day}, self-corrected.")
            words = _(text).format(kind=event.kind, day=event.occurred_on.isoformat())
            yield Cause(
                "event",
                item.component,
                -effect,
                words,
                "R-5",
                item,
                event.event,
                event.document,
                event,
            )


def _milestones(case: Case, item: Item, lost: int) -> Iterable[Cause]:
    """What each milestone cost; the last takes what the rounding left over."""
    per_day = FULL if item.late_per_day is None else item.late_per_day
    rows = sorted(case.sheet.milestones[item.item], key=lambda row: (row.due_on, row.milestone))
    short = []
    for row in rows:
        late = days_late(row)
        gone = FULL if late is None else min(FULL, per_day * late)
        if gone * row.share > 0:
            short.append((row, late, gone * row.share))
    done = passed = 0
    for row, late, worth in short:
        passed += worth
        upto = half_up(item.points * passed, FULL * FULL)
        if (row, late, worth) == short[-1]:
            upto = lost
        if upto > done:
            words = _milestone_words(case, row, late)
            about = (item, row.milestone, None, row)
            clause = clause_of(item.rule)
            yield Cause("milestone", item.component, upto - done, words, clause, *about)
        done = upto


def _milestone_words(case: Case, row: Milestone, late: int | None) -> str:
    text = N_("“{name}”, due {due}: not done.")
    if late is not None:
        text = N_("“{name}”, due {due}: {late} days late.")
    due = row.due_on.isoformat()
    return case.translate(text).format(name=row.milestone, due=due, late=late)


def _marks_words(case: Case, item: Item) -> str:
    _ = case.translate
    rows = case.sheet.marks[item.item]
    text = N_("The mean of {number} judges' marks is below full points.")
    if item.trim and len(rows) >= FEWEST_JUDGES_TO_TRIM:
        text = N_("The trimmed mean of {number} judges' marks is below full points.")
    return _(text).format(number=len(rows))


def _survey(case: Case) -> Iterable[Cause]:
    """What each channel cost: the channels are raised to 100 one after another."""
    _ = case.translate
    order = {each.code: place for place, each in enumerate(case.scheme.survey.rounds)}
    channels = {each.code: place for place, each in enumerate(case.scheme.survey.channels)}
    raised: list[tuple[str, str]] = []
    reached = case.parts["social"].score or 0
    for row in sorted(case.surveyed, key=lambda r: (order[r.round], channels[r.channel])):
        if row.score is None or row.weight_used == 0:
            continue
        raised.append((row.round, row.channel))
        now = pleased(case, raised) or 0
        if now > reached:
            text = N_("{round}, {channel}: {score} from {counted} responses.")
            words = _(text).format(
                round=case.say("round", row.round),
                channel=case.say("channel", row.channel),
                score=show_ticks(row.score),
                counted=row.counted,
            )
            place = (row.round, row.channel)
            fact = "/".join(place)
            yield Cause("survey", "social", now - reached, words, "E-4", fact=fact, place=place)
        reached = now


def _tier(case: Case) -> Iterable[Cause]:
    part = case.parts["individual"]
    lost = (part.score or 0) - (part.adjusted or 0)
    if part.tier is not None and lost > 0:
        words = case.translate(N_("Tier {tier} of the individual indicators."))
        yield Cause("tier", "individual", lost, words.format(tier=part.tier), "C-3", fact=part.tier)


def _adjustments(case: Case) -> Iterable[Cause]:
    """The deductions that count, in the order of their codes, up to the cap."""
    _ = case.translate
    left = case.scheme.deduction_cap
    for row in counted_adjustments(case, "deduction"):
        lost = min(left, row.points or 0)
        left -= lost
        if lost:
            text = N_("Deduction of {points} points: {matter}.")
            words = _(text).format(points=plain(row.points or 0), matter=row.matter)
            yield Cause(
                "adjustment",
                "",
                lost,
                words,
                "C-4",
                None,
                row.adjustment,
                row.document,
            )
