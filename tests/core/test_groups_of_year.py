from datetime import date

import pytest

from kaohe.core.groups_of_year import (
    GENERAL,
    GroupSize,
    Merge,
    after_merge,
    is_frozen,
    merge_proposal,
    too_small,
    usual_freeze,
)

EDUCATION = GroupSize("教育组", 30)
LAW, TOWN = GroupSize("执法组", 3), GroupSize("城建组", 4)


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2026, 1, 10), date(2026, 3, 31)),
        (date(2026, 3, 17), date(2026, 3, 31)),
        (date(2026, 3, 18), date(2026, 4, 1)),
        (date(2026, 11, 26), date(2026, 12, 10)),
        (date(2030, 1, 1), date(2027, 12, 31)),
    ],
)
def test_groups_have_until_31_march_or_two_weeks_from_a_late_opening(today, last):
    assert usual_freeze(2026, today) == last


@pytest.mark.parametrize(
    ("frozen_on", "today", "frozen"),
    [
        (None, date(2026, 3, 31), False),
        (None, date(2026, 4, 1), True),
        (date(2026, 3, 5), date(2026, 3, 5), True),
    ],
)
def test_groups_freeze_by_a_deed_or_when_their_last_day_is_over(frozen_on, today, frozen):
    assert is_frozen(date(2026, 3, 31), frozen_on, today) is frozen


def test_a_group_is_too_small_below_the_minimum_but_not_when_it_is_empty():
    groups = [GroupSize("甲", 5), GroupSize("乙", 4), GroupSize("丙", 0)]

    assert too_small(groups, 5) == [GroupSize("乙", 4)]


def test_nothing_is_proposed_where_every_group_is_large_enough():
    assert merge_proposal([EDUCATION, GroupSize("空组", 0)], 5) is None


def test_small_groups_go_into_the_general_one_when_they_make_it_large_enough():
    assert merge_proposal([EDUCATION, LAW, TOWN], 5) == Merge(
        ("执法组", "城建组"), GENERAL, 7, True
    )


def test_the_general_group_counts_with_what_it_has():
    groups = [EDUCATION, LAW, GroupSize(GENERAL, 2)]

    assert merge_proposal(groups, 5) == Merge(("执法组",), GENERAL, 5, True)


def test_what_would_still_be_too_small_goes_into_the_smallest_large_group():
    groups = [EDUCATION, GroupSize("卫生组", 12), LAW]

    assert merge_proposal(groups, 5) == Merge(("执法组",), "卫生组", 15, True)


def test_a_general_group_that_is_too_small_itself_is_merged_too():
    groups = [EDUCATION, GroupSize(GENERAL, 2)]

    assert merge_proposal(groups, 5) == Merge((GENERAL,), "教育组", 32, True)


def test_small_groups_alone_are_put_together_although_that_is_not_enough():
    groups = [GroupSize("甲", 1), GroupSize("乙", 2)]

    assert merge_proposal(groups, 5) == Merge(("甲", "乙"), GENERAL, 3, False)


def test_a_single_small_group_has_nothing_to_be_merged_with():
    assert merge_proposal([LAW], 5) is None


def test_a_merge_moves_all_units_and_loses_none():
    groups = [EDUCATION, LAW, TOWN]
    found = after_merge(groups, ("执法组", "城建组"), GENERAL)

    assert found == [("教育组", 30, 30), ("执法组", 3, 0), ("城建组", 4, 0), (GENERAL, 0, 7)]
    assert sum(before for _, before, _ in found) == sum(after for _, _, after in found)


def test_a_group_that_is_merged_into_itself_keeps_its_units():
    assert after_merge([LAW, TOWN], ("执法组", "城建组"), "城建组") == [
        ("执法组", 3, 0),
        ("城建组", 4, 7),
    ]
