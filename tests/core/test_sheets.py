"""From rows to the cells of a sheet."""

from datetime import date

import pytest

from kaohe.core.quantities import FULL, TICK
from kaohe.core.rows import (
    Event,
    EventKind,
    Inputs,
    Item,
    ItemScore,
    Mark,
    Measurement,
    Milestone,
    NotApplicable,
    Step,
    Target,
    Unit,
)
from kaohe.core.sheets import (
    Ends,
    addressed,
    earned_by_value,
    ends_of,
    measured,
    rivals,
    score_sheet,
    sheets,
)

TEN = 10 * TICK
UNITS = tuple(
    Unit(code, code, "组", department, status, "appropriation", 1)
    for code, department, status in (
        ("a", "D1", "graded"),
        ("b", "D1", "graded"),
        ("c", "D1", "ungraded"),
        ("d", "D2", "graded"),
        ("e", "D1", "exempt"),
    )
)


def item(rule: str, code: str = "i", **given: object) -> Item:
    return Item(code, "common", code, TEN, rule)._replace(**given)  # type: ignore[arg-type]


def cells(one: Item, **tables: object) -> dict[str, ItemScore]:
    """The cells of one item, by unit."""
    inputs = Inputs(UNITS, (one,))._replace(**tables)  # type: ignore[arg-type]
    found = sheets(inputs)
    among = rivals(found)
    return {code: score_sheet(sheet, 0, among)[0] for code, sheet in found.items()}


def values(**given: int) -> tuple[Measurement, ...]:
    return tuple(Measurement(unit, "i", value) for unit, value in given.items())


def test_an_item_addresses_all_or_a_department_or_a_unit() -> None:
    items = (
        item("marks", "z"),
        item("marks", "department", department="D1"),
        item("marks", "one", department="D1", unit="a"),
        item("marks", "by unit alone", unit="a"),
        item("marks", "elsewhere", department="D2"),
    )
    of = addressed(items)

    assert [each.item for each in of(UNITS[0])] == ["by unit alone", "department", "one", "z"]
    assert [each.item for each in of(UNITS[1])] == ["department", "z"]
    assert [each.item for each in of(UNITS[3])] == ["elsewhere", "z"]


def test_an_exempt_unit_has_no_sheet_and_its_facts_are_not_used() -> None:
    event = Event("x", "e", "i", "late", date(2026, 1, 1), "confirmed", self_corrected=False)
    found = cells(
        item("deduction", kinds=(EventKind("late", TICK),)),
        events=(event,),
        targets=(Target("e", "i"),),
        not_applicable=(NotApplicable("e", "i", "x"),),
        measurements=values(e=1),
        milestones=(Milestone("e", "i", "m", FULL, date(2026, 1, 1)),),
        marks=(Mark("e", "i", "j", 1),),
    )

    assert set(found) == {"a", "b", "c", "d"}
    assert {cell.earned for cell in found.values()} == {TEN}


def test_a_units_own_values_replace_the_items_one_by_one() -> None:
    one = item("interval", zero_at=1, full_at=2, target=3)

    assert ends_of(one, None) == Ends(1, 2, 3, None)
    assert ends_of(one, Target("a", "i", zero_at=9, base=7)) == Ends(9, 2, 3, 7)
    assert ends_of(one, Target("a", "i", full_at=8, target=6)) == Ends(1, 8, 6, None)


@pytest.mark.parametrize(
    ("rule", "given"),
    [
        ("interval", {"zero_at": 0, "full_at": FULL}),
        ("ratio_up", {"target": FULL}),
        ("ratio_down", {"target": 25 * TICK}),
        ("steps_up", {"steps": (Step(50 * TICK, 50 * TICK),)}),
        ("steps_down", {"steps": (Step(50 * TICK, 50 * TICK),)}),
    ],
)
def test_each_rule_that_measures_finds_its_columns(rule: str, given: dict[str, object]) -> None:
    one = item(rule)._replace(**given)  # type: ignore[arg-type]
    assert cells(one, measurements=values(a=50 * TICK))["a"].earned == TEN // 2


def test_growth_takes_its_base_from_the_units_own_values() -> None:
    target = Target("a", "i", base=TEN)
    found = cells(item("growth", target=TEN), targets=(target,), measurements=values(a=105_000))

    assert found["a"].earned == TEN // 2


def test_a_rule_without_what_it_needs_is_refused() -> None:
    with pytest.raises(ValueError, match="lacks"):
        cells(item("growth", target=TEN), measurements=values(a=1))
    with pytest.raises(ValueError, match="marks"):
        earned_by_value(item("marks"), Ends(None, None, None, None), 1)


def test_a_measurement_is_a_value_or_a_rate() -> None:
    assert measured(Measurement("a", "i", value=7)) == 7
    assert measured(Measurement("a", "i", numerator=1, denominator=4)) == 25 * TICK
    for half in (Measurement("a", "i", numerator=1), Measurement("a", "i", denominator=1)):
        with pytest.raises(ValueError, match="numerator"):
            measured(half)


def test_nothing_to_measure_is_not_applicable_and_yet_one_fact() -> None:
    row = Measurement("a", "i", numerator=0, denominator=0)
    cell = cells(item("ratio_up", target=1), measurements=(row,))["a"]

    assert (cell.earned, cell.facts, cell.flags) == (None, 1, "nothing-to-measure")


@pytest.mark.parametrize("rule", ["marks", "milestones", "interval", "rank", "steps_up"])
def test_missing_data_earn_nothing_and_are_flagged(rule: str) -> None:
    cell = cells(item(rule, zero_at=0, full_at=1))["a"]

    assert (cell.earned, cell.facts, cell.flags) == (0, 0, "missing")


@pytest.mark.parametrize(("rule", "earned"), [("deduction", TEN), ("accrual", 0)])
def test_an_item_without_events_is_not_missing(rule: str, earned: int) -> None:
    cell = cells(item(rule, kinds=(EventKind("late", 1),)))["a"]

    assert (cell.earned, cell.facts, cell.flags) == (earned, 0, "")


def test_an_item_that_does_not_apply_has_no_facts() -> None:
    cell = cells(item("marks"), not_applicable=(NotApplicable("a", "i", "无此职能"),))["a"]

    assert (cell.earned, cell.facts, cell.flags) == (None, 0, "not-applicable")


def test_milestones_count_done_and_undone_and_lose_all_by_a_day_unless_said_otherwise() -> None:
    due = date(2026, 6, 30)
    rows = (
        Milestone("a", "i", "1", 50 * TICK, due, date(2026, 6, 1)),
        Milestone("a", "i", "2", 30 * TICK, due, date(2026, 7, 1)),
        Milestone("a", "i", "3", 20 * TICK, due),
    )

    plain = cells(item("milestones"), milestones=rows)["a"]
    gentle = cells(item("milestones", late_per_day=50 * TICK), milestones=rows)["a"]
    assert (plain.earned, plain.facts) == (50_000, 3)
    assert gentle.earned == 65_000


def test_trimmed_marks_are_facts_all_the_same() -> None:
    given = tuple(Mark("a", "i", str(n), points) for n, points in enumerate((0, 4, 5, 6, TEN)))
    cell = cells(item("marks", trim=True), marks=given)["a"]

    assert (cell.earned, cell.facts) == (5, 5)


def test_ranks_are_among_the_graded_of_the_department() -> None:
    found = cells(item("rank", direction="up"), measurements=values(a=5, b=3, c=9, d=1, e=99))

    assert [found[unit].earned for unit in "abcd"] == [TEN, 0, TEN, TEN]
    assert [found[unit].flags for unit in "abcd"] == ["", "", "", "alone"]


def test_ranks_may_go_down_and_equals_share() -> None:
    down = item("rank", direction="down")

    assert cells(down, measurements=values(a=5, b=3))["b"].earned == TEN
    equal = cells(down, measurements=values(a=3, b=3, c=4))
    assert [equal[unit].earned for unit in "abc"] == [TEN, TEN, 0]


def test_who_has_nothing_to_measure_is_nobodys_rival() -> None:
    nothing = Measurement("b", "i", numerator=0, denominator=0)
    found = cells(item("rank", direction="up"), measurements=(*values(a=5, c=6), nothing))

    assert (found["a"].earned, found["a"].flags) == (TEN, "alone")
    assert (found["c"].earned, found["c"].flags) == (TEN, "alone")
    worse = cells(item("rank", direction="up"), measurements=(*values(a=5, c=4), nothing))
    assert (worse["c"].earned, worse["c"].flags) == (0, "alone")
    nobody = cells(item("rank", direction="up"), measurements=values(c=4))
    assert (nobody["c"].earned, nobody["c"].flags) == (TEN, "alone")
