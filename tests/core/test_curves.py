"""Curves of the eleven rules: each point is what the engine gives, with bends and jumps."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.core.curves import (
    NEEDS,
    PLACES,
    Measured,
    Point,
    curve,
    example,
    is_flat,
    lacking,
    unusable,
)
from kaohe.core.indicators import Indicator, Node, Values, item_row
from kaohe.core.quantities import FULL, LIMIT, TICK
from kaohe.core.rows import Event, EventKind, Mark, Measurement, Milestone, Step, Target, Unit
from kaohe.core.sheets import Sheet, score_cell
from kaohe.core.tables import RULES
from tests.indicators.plans import indicators

KINDS = (EventKind("逾期", TICK), EventKind("未办", 2 * TICK, 3 * TICK))
NOTHING = Values()
UNIT = Unit("U", "示例学校", "教育组", "市教体局", "graded", "appropriation", 1)
DUE = date(2026, 6, 30)
NODES = (Node("上半年", 40 * TICK, DUE), Node("下半年", 60 * TICK, DUE))


def of(rule, **fields):
    return Indicator("J01", "指标", points=10 * TICK, rule=rule, **fields)


def drawn(indicator, values=NOTHING, **more):
    return [(p.value / TICK, p.earned / TICK) for p in curve(indicator, values, **more)]


@pytest.mark.parametrize(
    ("indicator", "points"),
    [
        (
            of("interval", zero_at=80 * TICK, full_at=90 * TICK),
            [(77.5, 0), (80, 0), (90, 10), (92.5, 10)],
        ),
        (of("interval", zero_at=TICK, full_at=0), [(-0.25, 10), (0, 10), (1, 0), (1.25, 0)]),
        (of("ratio_up", target=8 * TICK), [(0, 0), (8, 10), (10, 10)]),
        (
            of("ratio_up", target=100 * TICK, minimum=95 * TICK, measure="%"),
            [(0, 0), (94.9999, 0), (95, 9.5), (100, 10)],
        ),
        (of("ratio_down", target=0), [(0, 10), (0.0001, 0), (1, 0)]),
        (of("steps_up", steps=(Step(TICK, FULL),)), [(0, 0), (0.9999, 0), (1, 10), (2, 10)]),
        (
            of("steps_down", steps=(Step(TICK, FULL), Step(3 * TICK, 50 * TICK))),
            [(0.5, 10), (1, 10), (1.0001, 5), (3, 5), (3.0001, 0), (3.5, 0)],
        ),
        (
            of("deduction", kinds=(EventKind("事故", 4 * TICK),)),
            [(0, 10), (1, 6), (2, 2), (3, 0), (4, 0)],
        ),
        (
            of("accrual", kinds=(EventKind("获奖", 4 * TICK, 8 * TICK),)),
            [(0, 0), (1, 4), (2, 8), (3, 8), (4, 8)],
        ),
        (of("milestones"), [(0, 10), (1, 0), (2, 0)]),
        (
            of("milestones", late_per_day=40 * TICK),
            [(0, 10), (1, 6), (2, 2), (3, 0), (4, 0)],
        ),
        (of("marks"), [(0, 0), (10, 10)]),
    ],
)
def test_a_curve_runs_through_its_bends_and_jumps(indicator, points):
    assert drawn(indicator) == points


def test_a_growth_runs_from_the_base_to_the_target_and_beyond():
    found = drawn(of("growth", target=8 * TICK), Values(base=1000 * TICK))
    assert found == [(980, 0), (1000, 0), (1080, 10), (1100, 10)]


def test_a_ranking_is_shown_among_ten():
    found = drawn(of("rank", direction="up"))
    assert len(found) == PLACES
    assert found[0] == (1, 10)
    assert found[-1] == (10, 0)


def test_a_limit_bends_behind_its_target_and_is_cut_off_at_the_minimum():
    found = drawn(of("ratio_down", target=20 * TICK, minimum=50 * TICK))
    assert (20, 10) in found
    assert (40, 5) in found
    assert (40.0001, 0) in found
    assert found[-1] == (50, 0)
    assert drawn(of("ratio_down", target=20 * TICK))[-1] == (60, 3.3333)


def test_milestones_that_are_never_late_are_shown_for_some_days():
    assert len(drawn(of("milestones", late_per_day=0))) > 10


def test_many_small_events_are_shown_within_reason():
    assert len(drawn(of("deduction", kinds=(EventKind("小事", 1),)))) == 21


def test_the_kind_that_is_counted_may_be_chosen():
    assert drawn(of("deduction", kinds=KINDS), kind="未办")[2] == (2, 7)
    assert drawn(of("deduction", kinds=KINDS), kind="没有") == [(0, 10), (1, 10)]


def test_milestones_late_alike_share_the_loss():
    indicator = of("milestones", late_per_day=10 * TICK)
    assert drawn(indicator, nodes=NODES)[:2] == [(0, 10), (1, 9)]


def test_a_share_in_percent_stays_between_0_and_100_unless_its_ends_lie_beyond():
    beyond = of("interval", zero_at=90 * TICK, full_at=110 * TICK, measure="%")
    assert drawn(beyond)[-1][0] == 115
    within = of("interval", zero_at=90 * TICK, full_at=100 * TICK, measure="%")
    assert drawn(within)[-1] == (100, 10)


@pytest.mark.parametrize("rule", RULES)
def test_what_a_rule_needs_is_missed(rule):
    needed = [name for name in NEEDS[rule] if name != "base"]
    assert set(needed) <= set(lacking(of(rule), NOTHING))
    assert lacking(replace(of(rule), points=None), NOTHING)[0] == "points"
    assert curve(replace(of(rule), points=None), NOTHING) == []


def test_a_rule_that_does_not_exist_is_missed():
    assert lacking(of("magic"), NOTHING) == ["rule"]
    assert example(of(""), NOTHING, Measured(value=1)) is None


def test_numbers_by_which_a_rule_cannot_divide_are_told():
    assert unusable(of("ratio_up", target=0), NOTHING) == ["target"]
    assert unusable(of("growth", target=TICK), Values(base=0)) == ["base"]
    assert unusable(of("ratio_down", target=-1), NOTHING) == ["target"]
    assert unusable(of("ratio_down"), NOTHING) == []
    assert curve(of("ratio_up", target=0), NOTHING) == []


def test_equal_ends_can_neither_be_drawn_nor_computed():
    equal = of("interval", zero_at=TICK, full_at=TICK)
    assert is_flat(equal, NOTHING)
    assert curve(equal, NOTHING) == []
    assert example(equal, NOTHING, Measured(value=TICK)) is None


def test_what_lacks_something_is_not_called_flat():
    assert not is_flat(of("interval"), NOTHING)
    assert not is_flat(of("deduction"), NOTHING)
    assert not is_flat(of("marks"), NOTHING)


def test_an_example_without_a_value_earns_nothing_that_could_be_told():
    assert example(of("ratio_up", target=TICK), NOTHING, Measured()) is None
    assert example(of("marks"), NOTHING, Measured()) is None


def test_strange_examples_are_brought_into_bounds():
    ranked = of("rank", direction="up")
    assert example(ranked, NOTHING, Measured(place=0, ranked=0)) == 10 * TICK
    assert example(ranked, NOTHING, Measured(place=99, ranked=5)) == 0
    assert example(of("marks"), NOTHING, Measured(marks=[-5, 99 * TICK])) == 5 * TICK
    assert (
        example(of("deduction", kinds=KINDS), NOTHING, Measured(events={"逾期": -3})) == FULL // 10
    )


numbers = st.integers(1 - LIMIT, LIMIT - 1)


@given(numbers, numbers, numbers, st.sampled_from(["interval", "ratio_up", "ratio_down", "growth"]))
def test_an_example_of_a_value_is_what_the_engine_gives(value, one, other, rule):
    values = Values(one, other, abs(one) or 1, abs(other) or 1)
    indicator = of(rule)
    earned = example(indicator, values, Measured(value=value))
    if one == other and rule == "interval":
        assert earned is None
        return
    item = item_row(indicator, "")
    target = Target("U", "J01", *(getattr(values, name) for name in ENDS))
    sheet = Sheet(UNIT, [item], {"J01": target})
    sheet.measurements["J01"] = Measurement("U", "J01", value)
    assert earned == score_cell(sheet, item, 0, {}).earned


ENDS = ("zero_at", "full_at", "target", "base")


@given(st.integers(0, 9), st.integers(0, 9), st.sampled_from(["deduction", "accrual"]))
def test_an_example_of_events_is_what_the_engine_gives(late, lost, rule):
    indicator = of(rule, kinds=KINDS)
    item = item_row(indicator, "")
    sheet = Sheet(UNIT, [item])
    for number, kind in enumerate(["逾期"] * late + ["未办"] * lost):
        event = Event(f"E{number}", "U", "J01", kind, DUE, "confirmed", self_corrected=False)
        sheet.events["J01"].append(event)
    supposed = Measured(events={"逾期": late, "未办": lost})
    assert example(indicator, NOTHING, supposed) == score_cell(sheet, item, 0, {}).earned


@given(
    st.lists(st.none() | st.integers(-9, 40), min_size=2, max_size=2),
    st.none() | st.integers(0, FULL),
)
def test_an_example_of_milestones_is_what_the_engine_gives(late, late_per_day):
    indicator = of("milestones", late_per_day=late_per_day)
    item = item_row(indicator, "")
    sheet = Sheet(UNIT, [item])
    for node, days in zip(NODES, late, strict=True):
        done = None if days is None else DUE + timedelta(days=days)
        sheet.milestones["J01"].append(
            Milestone("U", "J01", node.milestone, node.share, node.due_on, done)
        )
    earned = example(indicator, NOTHING, Measured(late=late), NODES)
    assert earned == score_cell(sheet, item, 0, {}).earned


@given(st.lists(st.integers(0, 10 * TICK), min_size=1, max_size=9), st.booleans())
def test_an_example_of_marks_is_what_the_engine_gives(given_marks, trim):
    indicator = of("marks", trim=trim)
    item = item_row(indicator, "")
    sheet = Sheet(UNIT, [item])
    sheet.marks["J01"] = [Mark("U", "J01", f"P{n}", mark) for n, mark in enumerate(given_marks)]
    earned = example(indicator, NOTHING, Measured(marks=given_marks))
    assert earned == score_cell(sheet, item, 0, {}).earned


@given(indicators("J01", []), numbers)
def test_any_indicator_has_a_curve_within_its_points_or_none(indicator, base):
    values = Values(base=base)
    points = curve(indicator, values)
    assert all(isinstance(point, Point) for point in points)
    assert all(0 <= point.earned <= (indicator.points or 0) for point in points)
    assert all(before.value < after.value for before, after in pairwise(points))
