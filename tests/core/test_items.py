"""The edges of the eleven item rules."""

import pytest

from kaohe.core import items
from kaohe.core.quantities import FULL, LIMIT, TICK
from kaohe.core.rows import Step

TEN = 10 * TICK


def test_a_rate_is_percent_rounded_half_up() -> None:
    assert items.rate(2 * TICK, 3 * TICK) == 666_667
    assert items.rate(0, 5) == 0


def test_nothing_out_of_nothing_is_nothing_to_measure() -> None:
    assert items.rate(0, 0) is None


def test_something_out_of_nothing_is_no_rate() -> None:
    with pytest.raises(ValueError, match="denominator"):
        items.rate(1, 0)


@pytest.mark.parametrize(
    ("value", "earned"), [(599_999, 0), (600_000, 0), (600_001, 0), (899_999, TEN), (900_000, TEN)]
)
def test_an_interval_ends_at_its_ends(value: int, earned: int) -> None:
    assert items.interval(TEN, value, zero_at=600_000, full_at=900_000) == earned


def test_an_interval_is_rounded_half_up_at_a_tick() -> None:
    assert items.interval(1, 1, zero_at=0, full_at=2) == 1
    assert items.interval(1, 1, zero_at=0, full_at=3) == 0


def test_a_falling_interval_mirrors_the_rising_one() -> None:
    for value in (-1, 0, 1, 7, 19, 20, 21):
        falling = items.interval(TEN, value, zero_at=20, full_at=0)
        assert falling == items.interval(TEN, -value, zero_at=-20, full_at=0)


def test_an_interval_may_run_below_zero() -> None:
    assert items.interval(TEN, -50_000, zero_at=-100_000, full_at=0) == TEN // 2


def test_an_interval_without_length_is_refused() -> None:
    with pytest.raises(ValueError, match="equal"):
        items.interval(TEN, 1, zero_at=5, full_at=5)


@pytest.mark.parametrize(
    ("value", "minimum", "earned"),
    [
        (-1, None, 0),
        (0, None, 0),
        (1, None, 0),
        (500_000, None, TEN // 2),
        (599_999, 600_000, 0),
        (600_000, 600_000, 60_000),
        (FULL, 1_000_000, TEN),
        (FULL + 1, None, TEN),
    ],
)
def test_ratio_up_against_100(value: int, minimum: int | None, earned: int) -> None:
    assert items.ratio_up(TEN, value, target=FULL, minimum=minimum) == earned


def test_ratio_up_needs_a_target_above_zero() -> None:
    with pytest.raises(ValueError, match="target"):
        items.ratio_up(TEN, 1, target=0)


@pytest.mark.parametrize(
    ("value", "minimum", "earned"),
    [
        (-5, None, TEN),
        (30_000, None, TEN),
        (30_001, None, 99_997),
        (60_000, 500_000, TEN // 2),
        (60_001, 500_000, 0),
    ],
)
def test_ratio_down_against_3(value: int, minimum: int | None, earned: int) -> None:
    assert items.ratio_down(TEN, value, target=30_000, minimum=minimum) == earned


def test_ratio_down_to_a_target_of_zero_is_all_or_nothing() -> None:
    assert items.ratio_down(TEN, 0, target=0) == TEN
    assert items.ratio_down(TEN, 1, target=0) == 0


def test_ratio_down_needs_a_target_not_below_zero() -> None:
    with pytest.raises(ValueError, match="target"):
        items.ratio_down(TEN, 1, target=-1)


STEPS = (Step(900_000, FULL), Step(750_000, 800_000), Step(600_000, 333_333))


def test_the_first_step_reached_decides() -> None:
    earned = [items.steps_up(TEN, value, STEPS) for value in (900_000, 899_999, 600_000, 599_999)]

    assert earned == [TEN, 80_000, 33_333, 0]


def test_the_first_step_not_passed_decides() -> None:
    rising = (Step(0, FULL), Step(20_000, 500_000))

    assert [items.steps_down(TEN, value, rising) for value in (-1, 0, 1, 20_000, 20_001)] == [
        TEN,
        TEN,
        TEN // 2,
        TEN // 2,
        0,
    ]


def test_growth_is_rounded_before_it_is_held_against_its_target() -> None:
    base = 3 * TICK
    assert items.growth(TEN, base, base=base, target=TEN) == 0
    assert items.growth(TEN, base + 1, base=base, target=TEN) == 33  # 0.0033 percent of 10
    assert items.growth(TEN, base + 1, base=base, target=33) == TEN
    assert items.growth(TEN, -base, base=base, target=TEN) == 0


@pytest.mark.parametrize(("base", "target"), [(0, 1), (1, 0), (-1, 1)])
def test_growth_needs_a_base_and_a_target_above_zero(base: int, target: int) -> None:
    with pytest.raises(ValueError, match="base"):
        items.growth(TEN, 5, base=base, target=target)


def test_a_deduction_stops_at_nothing_and_an_accrual_at_the_points() -> None:
    assert items.deduction(TEN, []) == TEN
    assert items.deduction(TEN, [60_000, 40_001]) == 0
    assert items.accrual(TEN, []) == 0
    assert items.accrual(TEN, [60_000, 40_001]) == TEN


def test_milestones_all_done_in_time_are_the_points() -> None:
    assert items.milestones(TEN, [(333_333, 0), (666_667, 0)]) == TEN


def test_a_milestone_loses_by_the_day_and_no_more_than_itself() -> None:
    assert items.milestones(TEN, [(FULL, 9)], late_per_day=TEN) == TICK
    assert items.milestones(TEN, [(FULL, 10)], late_per_day=TEN) == 0
    assert items.milestones(TEN, [(FULL, 11), (0, 0)], late_per_day=TEN) == 0
    assert items.milestones(TEN, [(FULL, 1)]) == 0
    assert items.milestones(TEN, []) == 0


def test_ranks_share_the_points_out_evenly() -> None:
    assert [items.rank(TEN, better, 4) for better in range(4)] == [TEN, 66_667, 33_333, 0]


def test_ranked_alone_earns_all() -> None:
    assert items.rank(TEN, 0, 1) == TEN


def test_beside_the_graded_the_last_place_is_the_lowest() -> None:
    assert [items.rank_beside(TEN, better, 3) for better in range(4)] == [TEN, TEN // 2, 0, 0]
    assert [items.rank_beside(TEN, better, 1) for better in (0, 1)] == [TEN, 0]
    assert items.rank_beside(TEN, 0, 0) == TEN


def test_marks_are_trimmed_from_five_judges_on() -> None:
    assert items.marks([0, 10, 10, 20], trim=True) == 10
    assert items.marks([0, 10, 10, 10, 100], trim=True) == 10
    assert items.marks([0, 10, 10, 10, 100]) == 26
    assert items.marks([1, 2]) == 2


def test_no_marks_have_no_mean() -> None:
    with pytest.raises(ValueError, match="mark"):
        items.marks([])


def test_at_the_bounds_the_doubled_products_of_an_item_stay_below_two_to_the_63() -> None:
    edge, points = LIMIT - 1, FULL
    products = [
        points * (edge + edge - 1),  # an interval from end to end
        points * edge,  # a ratio
        FULL * (edge - 1),  # a growth, a rate
        points * FULL * FULL,  # milestones
        FULL * edge,  # a minimum
    ]

    assert max(2 * product for product in products) < 2**63
    assert items.interval(points, edge - 1, zero_at=-edge, full_at=edge) == points
    assert items.interval(points, 0, zero_at=-edge, full_at=edge) == points // 2
    assert items.ratio_up(points, edge - 1, target=edge) == points
    assert items.growth(points, edge, base=1, target=edge) == points
