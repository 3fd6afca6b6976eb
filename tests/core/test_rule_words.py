"""How each of the eleven rules is said."""

import pytest

from kaohe.core.indicators import Indicator, Values
from kaohe.core.quantities import TICK
from kaohe.core.rows import EventKind, Step
from kaohe.core.rule_words import rule_said
from kaohe.core.tables import RULES

T = TICK
CASES = [
    (
        {"rule": "interval", "zero_at": 60 * T, "full_at": 95 * T},
        "60 or less earns nothing, 95 or more all, in between by share",
    ),
    (
        {"rule": "interval", "zero_at": 10 * T, "full_at": 2 * T},
        "10 or more earns nothing, 2 or less all, in between by share",
    ),
    ({"rule": "interval"}, "— or less earns nothing, — or more all, in between by share"),
    (
        {"rule": "ratio_up", "target": 8 * T, "minimum": 60 * T},
        "in proportion to the target 8, at most all points;nothing where less than 60% is reached",
    ),
    (
        {"rule": "ratio_down", "target": 8 * T},
        "up to 8 all points, beyond it target divided by value",
    ),
    (
        {"rule": "steps_up", "steps": (Step(90 * T, 100 * T), Step(75 * T, 80 * T))},
        "from 90 on 100% of the points;from 75 on 80% of the points",
    ),
    (
        {"rule": "steps_down", "steps": (Step(T, 100 * T),)},
        "up to 1 100% of the points",
    ),
    (
        {"rule": "growth", "target": 5 * T},
        "growth over the base —, all points at 5%",
    ),
    (
        {"rule": "deduction", "kinds": (EventKind("逾期", T), EventKind("未办", T, 2 * T))},
        "逾期: 1 points off each time;未办: 1 points off each time, 2 at most",
    ),
    (
        {"rule": "accrual", "kinds": (EventKind("获奖", T, T),)},
        "获奖: 1 points each time, 1 at most",
    ),
    (
        {"rule": "milestones"},
        "the share of each milestone that is done;a milestone that is late earns nothing",
    ),
    (
        {"rule": "milestones", "late_per_day": T},
        "the share of each milestone that is done;each day late takes 1% of its share",
    ),
    ({"rule": "rank"}, "by rank in the department, the highest value first"),
    (
        {"rule": "rank", "direction": "down"},
        "by rank in the department, the lowest value first",
    ),
    ({"rule": "marks"}, "mean of the judges' marks"),
    (
        {"rule": "marks", "trim": True},
        "mean of the judges' marks without the highest and the lowest",
    ),
    ({"rule": ""}, ""),
]


@pytest.mark.parametrize(("given", "told"), CASES)
def test_a_rule_is_told_with_its_numbers(given, told):
    assert ";".join(each.say() for each in rule_said(Indicator("J01", **given))) == told


def test_a_unit_reads_its_own_numbers():
    said = rule_said(Indicator("J01", rule="ratio_up", target=T), Values(target=7 * T))

    assert said[0].say() == "in proportion to the target 7, at most all points"


def test_every_rule_is_told():
    assert {given["rule"] for given, _told in CASES} == {*RULES, ""}
