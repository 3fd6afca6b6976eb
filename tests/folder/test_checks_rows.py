"""Each fault of a row is told once, at its row and column, and nothing else is."""

from datetime import date

import pytest

from kaohe.core.quantities import LIMIT, TICK
from kaohe.core.rows import (
    Adjustment,
    Inputs,
    Item,
    Mark,
    Measurement,
    Milestone,
    NotApplicable,
    PastGrade,
    Response,
    Succession,
    Target,
    Tenure,
    Unit,
)
from tests.folder.mini_folder import (
    CLINIC,
    INPUTS,
    ITEMS,
    MUSEUM,
    NOBODY,
    NURSERY,
    OLD_SCHOOL,
    SCHOOL,
    Place,
    added,
    code,
    event,
    places,
    spoilt,
)

DAY = date(2026, 5, 5)


def test_a_sound_folder_has_no_problem() -> None:
    assert places(INPUTS) == []


FAULTS: dict[str, tuple[Inputs, Place]] = {
    "a second unit": (
        added("units", Unit(SCHOOL, "二中", "教育组", "教体局", "graded", "per_pupil", 1)),
        ("key-twice", "units", 6, "unit"),
    ),
    "a second item": (
        added("items", ITEMS[0]),
        ("key-twice", "items", 12, "item"),
    ),
    "a second target": (
        added("targets", Target(SCHOOL, "J3", base=2)),
        ("key-twice", "targets", 4, "item"),
    ),
    "a second waiver": (
        added("not_applicable", NotApplicable(NURSERY, "J3", "r")),
        ("key-twice", "not_applicable", 3, "item"),
    ),
    "a second event": (added("events", event("E2")), ("key-twice", "events", 5, "event")),
    "a second measurement": (
        added("measurements", Measurement(SCHOOL, "J1", 1)),
        ("key-twice", "measurements", 7, "item"),
    ),
    "a second milestone": (
        added("milestones", Milestone(CLINIC, "W3", "开工", 0, DAY)),
        ("key-twice", "milestones", 4, "milestone"),
    ),
    "a second mark": (
        added("marks", Mark(SCHOOL, "J4", "甲", 1)),
        ("key-twice", "marks", 4, "judge"),
    ),
    "a second response": (
        added("responses", Response("r1", CLINIC, "h1", "visit", True, (1, 1))),
        ("key-twice", "responses", 4, "response"),
    ),
    "a second adjustment": (
        added("adjustments", Adjustment("A1", CLINIC, "bar_a", "m", "d")),
        ("key-twice", "adjustments", 4, "adjustment"),
    ),
    "a second year": (
        added("history", PastGrade(SCHOOL, 2025, "B")),
        ("key-twice", "history", 4, "year"),
    ),
    "a second succession": (
        added("successions", Succession(SCHOOL, OLD_SCHOOL, 2024, "merger")),
        ("key-twice", "successions", 3, "predecessor"),
    ),
    "an item of no unit": (
        added("items", Item("X", "common", "n", TICK, "marks", unit=NOBODY)),
        ("unknown-unit", "items", 12, "unit"),
    ),
    "a target of no unit": (
        added("targets", Target(NOBODY, "J1", zero_at=1)),
        ("unknown-unit", "targets", 4, "unit"),
    ),
    "a waiver of no unit": (
        added("not_applicable", NotApplicable(NOBODY, "J1", "r")),
        ("unknown-unit", "not_applicable", 3, "unit"),
    ),
    "an event of no unit": (
        added("events", event("X", unit=NOBODY)),
        ("unknown-unit", "events", 5, "unit"),
    ),
    "a measurement of no unit": (
        added("measurements", Measurement(NOBODY, "J1", 1)),
        ("unknown-unit", "measurements", 7, "unit"),
    ),
    "a milestone of no unit": (
        added("milestones", Milestone(NOBODY, "W3", "m", 0, DAY)),
        ("unknown-unit", "milestones", 4, "unit"),
    ),
    "a mark of no unit": (
        added("marks", Mark(NOBODY, "J4", "x", 1)),
        ("unknown-unit", "marks", 4, "unit"),
    ),
    "a response of no unit": (
        added("responses", Response("x", NOBODY, "h1", "visit", True, (1, 1))),
        ("unknown-unit", "responses", 4, "unit"),
    ),
    "an adjustment of no unit": (
        added("adjustments", Adjustment("x", NOBODY, "bar_a", "m", "d")),
        ("unknown-unit", "adjustments", 4, "unit"),
    ),
    "a tenure of no unit": (
        added("tenures", Tenure(NOBODY, "王五", "principal", DAY)),
        ("unknown-unit", "tenures", 4, "unit"),
    ),
    "an event on no item": (
        spoilt("events", 3, item="K9"),
        ("unknown-item", "events", 3, "item"),
    ),
    "a measurement on no item": (
        spoilt("measurements", 3, item="J9"),
        ("unknown-item", "measurements", 3, "item"),
    ),
    "a mark on no item": (spoilt("marks", 2, item="J9"), ("unknown-item", "marks", 2, "item")),
    "a target on no item": (
        added("targets", Target(SCHOOL, "J9", target=1)),
        ("unknown-item", "targets", 4, "item"),
    ),
    "a waiver on no item": (
        added("not_applicable", NotApplicable(SCHOOL, "J9", "r")),
        ("unknown-item", "not_applicable", 3, "item"),
    ),
    "an item of no department": (
        added("items", Item("X", "common", "n", TICK, "marks", "交通局")),
        ("unknown-department", "items", 12, "department"),
    ),
    "an item of a unit of another department": (
        added("items", Item("X", "common", "n", TICK, "marks", "卫健局", SCHOOL)),
        ("item-unit-elsewhere", "items", 12, "unit"),
    ),
    "a kind of event that the item does not know": (
        spoilt("events", 2, kind="lost"),
        ("unknown-kind", "events", 2, "kind"),
    ),
    "an event of the year before": (
        spoilt("events", 3, occurred_on=date(2025, 12, 31)),
        ("event-outside-year", "events", 3, "occurred_on"),
    ),
    "an event of the year after": (
        spoilt("events", 3, occurred_on=date(2027, 1, 1)),
        ("event-outside-year", "events", 3, "occurred_on"),
    ),
    "a round that the scheme does not have": (
        spoilt("responses", 3, round="h3"),
        ("unknown-round", "responses", 3, "round"),
    ),
    "a channel that the scheme does not have": (
        spoilt("responses", 3, channel="fax"),
        ("unknown-channel", "responses", 3, "channel"),
    ),
    "a measurement on an item of another department": (
        added("measurements", Measurement(SCHOOL, "W1", 1)),
        ("item-not-for-unit", "measurements", 7, "item"),
    ),
    "a measurement on an item of another unit": (
        added("measurements", Measurement(MUSEUM, "W2", 1)),
        ("item-not-for-unit", "measurements", 7, "item"),
    ),
    "a target on an item of another department": (
        added("targets", Target(CLINIC, "J2", target=1)),
        ("item-not-for-unit", "targets", 4, "item"),
    ),
    "a waiver on an item of another department": (
        added("not_applicable", NotApplicable(CLINIC, "J2", "r")),
        ("item-not-for-unit", "not_applicable", 3, "item"),
    ),
    "a mark on an item of another department": (
        added("marks", Mark(CLINIC, "J4", "x", 1)),
        ("item-not-for-unit", "marks", 4, "item"),
    ),
    "a measurement on an item that does not apply": (
        added("measurements", Measurement(NURSERY, "J3", 1)),
        ("fact-on-not-applicable", "measurements", 7, "item"),
    ),
    "an event on an item that does not apply": (
        INPUTS._replace(not_applicable=(NotApplicable(CLINIC, "K2", "r"), *INPUTS.not_applicable),
                        events=(*INPUTS.events, event("X", unit=CLINIC, item="K2"))),
        ("fact-on-not-applicable", "events", 5, "item"),
    ),
    "an event under a rule that measures": (
        spoilt("events", 3, item="J1"),
        ("fact-of-another-rule", "events", 3, "item"),
    ),
    "a measurement under a rule of events": (
        added("measurements", Measurement(SCHOOL, "K1", 1)),
        ("fact-of-another-rule", "measurements", 7, "item"),
    ),
    "a measurement under marks": (
        added("measurements", Measurement(SCHOOL, "J4", 1)),
        ("fact-of-another-rule", "measurements", 7, "item"),
    ),
    "a milestone under another rule": (
        added("milestones", Milestone(CLINIC, "W1", "m", 0, DAY)),
        ("fact-of-another-rule", "milestones", 4, "item"),
    ),
    "a mark under another rule": (
        added("marks", Mark(SCHOOL, "J1", "x", 1)),
        ("fact-of-another-rule", "marks", 4, "item"),
    ),
    "an empty measurement": (
        spoilt("measurements", 2, value=None),
        ("measurement-empty", "measurements", 2, "value"),
    ),
    "a rate without its numerator": (
        spoilt("measurements", 3, numerator=None),
        ("measurement-half", "measurements", 3, "numerator"),
    ),
    "a rate without its denominator": (
        spoilt("measurements", 3, denominator=None),
        ("measurement-half", "measurements", 3, "denominator"),
    ),
    "a value beside a rate": (
        spoilt("measurements", 3, value=0),
        ("measurement-both", "measurements", 3, "value"),
    ),
    "a rate of nothing": (
        spoilt("measurements", 3, denominator=0),
        ("rate-of-nothing", "measurements", 3, "denominator"),
    ),
    "a rate beyond the bound": (
        spoilt("measurements", 3, numerator=LIMIT - 1, denominator=TICK - 1),
        ("rate-too-large", "measurements", 3, "denominator"),
    ),
    "a rate rounded up to the bound": (
        spoilt("measurements", 3, numerator=10**12 - 5 * 10**5, denominator=10**6 - 1),
        ("rate-too-large", "measurements", 3, "denominator"),
    ),
    "shares below 100": (
        spoilt("milestones", 2, share=40 * TICK - 1),
        ("shares-not-100", "milestones", 2, "share"),
    ),
    "a mark above the points": (
        spoilt("marks", 3, points=20 * TICK + 1),
        ("mark-above-points", "marks", 3, "points"),
    ),
    "an event that reverses itself": (
        spoilt("events", 4, reverses="E3"),
        ("reverses-itself", "events", 4, "reverses"),
    ),
    "an event that reverses nothing known": (
        spoilt("events", 4, reverses="E9"),
        ("reverses-unknown", "events", 4, "reverses"),
    ),
    "an event that reverses one of another item": (
        spoilt("events", 4, reverses="E2"),
        ("reverses-elsewhere", "events", 4, "reverses"),
    ),
    "an event that reverses one of another unit": (
        added("events", event("X", unit=CLINIC, reverses="E1")),
        ("reverses-elsewhere", "events", 5, "reverses"),
    ),
    "a bonus without points": (
        spoilt("adjustments", 2, points=None),
        ("adjustment-without-points", "adjustments", 2, "points"),
    ),
    "points of a bar": (
        spoilt("adjustments", 3, points=TICK),
        ("points-not-used", "adjustments", 3, "points"),
    ),
    "history of this year": (
        spoilt("history", 2, year=2026),
        ("history-not-past", "history", 2, "year"),
    ),
    "a second continuation": (
        added("successions", Succession(SCHOOL, code(8), 2024, "continuation")),
        ("continuation-twice", "successions", 3, "kind"),
    ),
    "a tenure that ends before it begins": (
        spoilt("tenures", 3, to_on=date(2019, 12, 31)),
        ("tenure-backwards", "tenures", 3, "to"),
    ),
    "an item without points": (
        added("items", Item("X", "common", "n", 0, "marks")),
        ("item-points-zero", "items", 12, "points"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("inputs", "place"), FAULTS.values(), ids=FAULTS.keys())
def test_one_fault_is_one_problem_at_its_place(inputs: Inputs, place: Place) -> None:
    sums = "points-not-100"  # an item too many also spoils the sums, which are tested elsewhere

    assert [each for each in places(inputs) if each[0] != sums] == [place]


SOUND: dict[str, Inputs] = {
    "facts of an exempt unit": added("events", event("X", unit=MUSEUM)),
    "an item of one unit without its department": INPUTS._replace(
        items=(*ITEMS[:7], ITEMS[7]._replace(department=None), *ITEMS[8:])
    ),
    "a target on an item that does not apply": added("targets", Target(NURSERY, "J3", target=TICK)),
    "the largest rate": spoilt("measurements", 3, numerator=LIMIT - 10**6, denominator=10**6),
    "a reversed reversal": added("events", event("X", reverses="E3")),
    "several absorptions": added(
        "successions",
        Succession(SCHOOL, code(7), 2024, "absorption"),
        Succession(SCHOOL, code(8), 2024, "absorption"),
    ),
    "a post of one day": added("tenures", Tenure(SCHOOL, "王五", "principal", DAY, DAY)),
    "milestones of an exempt unit": added("milestones", Milestone(MUSEUM, "W3", "m", 1, DAY)),
}


@pytest.mark.parametrize("inputs", SOUND.values(), ids=SOUND.keys())
def test_what_the_rules_allow_is_no_problem(inputs: Inputs) -> None:
    wrong = {"item-not-for-unit"} if inputs.milestones != INPUTS.milestones else set()

    assert {each[0] for each in places(inputs)} == wrong
