"""The earlier years of the demonstration city: who was there then."""

import pytest

from kaohe.demo.platform_past import members_of
from kaohe.demo.platform_register import SEED
from kaohe.demo.roster import default_size, roster
from kaohe.demo.years import past_of

TODAY = 2026
ROSTER = roster(default_size(), SEED)
BY_PART = {member.part: member.unit for member in ROSTER if member.part}


def codes(year):
    return {member.unit.unit: member for member in members_of(year, TODAY)}


@pytest.mark.parametrize("year", [2023, 2024, 2025])
def test_every_code_stands_once_and_most_units_are_those_of_today(year):
    members = list(members_of(year, TODAY))

    assert len(codes(year)) == len(members)
    assert len(set(codes(year)) & {member.unit.unit for member in ROSTER}) > 270


def test_who_was_founded_later_is_not_there_and_who_ended_since_is():
    before, after = codes(2024), codes(2025)
    gone = {row.kind: row for row in past_of(ROSTER, TODAY, SEED).successions}

    assert BY_PART["ungraded"].unit not in after
    for part, kind in (("merged", "merger"), ("split", "split"), ("continued", "continuation")):
        assert BY_PART[part].unit not in before
        assert BY_PART[part].unit in after
        assert gone[kind].predecessor in before
        assert gone[kind].predecessor not in after
    absorbed = gone["absorption"].predecessor
    assert absorbed in before
    assert absorbed in after
    assert BY_PART["absorbing"].unit in before


def test_who_plays_a_part_today_had_an_ordinary_year_but_for_the_two_that_need_a_past():
    parts = {member.part for member in codes(2025).values()}

    assert parts == {"", "failing", "continued"}
    assert {member.part for member in codes(2023).values()} == {"", "continued"}
    assert codes(2024)[BY_PART["exempt"].unit].unit.status == "graded"
    assert codes(2025)[BY_PART["exempt"].unit].unit.status == "exempt"
