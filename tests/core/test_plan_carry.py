"""Last year's scheme as the draft of a new year."""

from datetime import date

from kaohe.core.indicators import Element, Indicator, Node, Plan, SheetPlan, Values
from kaohe.core.past import Past, PastValue
from kaohe.core.plan_carry import carry_over, last_value, moved_on
from kaohe.core.quantities import TICK
from kaohe.core.texts import fold

ONE, GONE, NEW = "12370699495312705A", "12370699495312706B", "12370699495312707C"


def an(item, rule, **ends):
    values = {key: value * TICK for key, value in ends.items()}
    return Indicator(item, item, element=Element.BUSINESS, points=TICK, rule=rule, **values)


def reached(**values):
    return Past(
        (2025, 2024),
        {
            (ONE, fold(name)): (PastValue(2025, name, name, TICK, value * TICK),)
            for name, value in values.items()
        },
    )


def test_what_was_reached_becomes_the_base_and_no_target_lies_behind_it():
    up = an("J01", "ratio_up", target=100)
    assert moved_on(up, Values(), 120 * TICK) == Values(target=120 * TICK, base=120 * TICK)
    assert moved_on(up, Values(), 90 * TICK) == Values(base=90 * TICK)
    assert moved_on(an("J01", "ratio_up"), Values(), 90 * TICK) == Values(base=90 * TICK)

    down = an("J02", "ratio_down", target=30)
    assert moved_on(down, Values(), 20 * TICK) == Values(target=20 * TICK, base=20 * TICK)
    assert moved_on(down, Values(), -TICK) == Values(target=0, base=-TICK)
    assert moved_on(down, Values(), 40 * TICK) == Values(base=40 * TICK)


def test_the_end_of_an_interval_is_moved_on_in_its_own_direction():
    rising = an("J03", "interval", zero_at=60, full_at=90)
    assert moved_on(rising, Values(), 95 * TICK) == Values(full_at=95 * TICK, base=95 * TICK)
    assert moved_on(rising, Values(), 80 * TICK) == Values(base=80 * TICK)
    falling = an("J03", "interval", zero_at=10, full_at=2)
    assert moved_on(falling, Values(), TICK) == Values(full_at=TICK, base=TICK)
    assert moved_on(falling, Values(), 5 * TICK) == Values(base=5 * TICK)
    assert moved_on(an("J03", "interval"), Values(), TICK) == Values(base=TICK)


def test_growth_counts_from_what_was_reached():
    assert moved_on(an("J04", "growth", target=5), Values(base=1), TICK) == Values(base=TICK)
    assert moved_on(an("J04", "growth", target=5), Values(base=1), None) == Values()


def test_a_scheme_is_carried_over_to_the_units_that_are_there():
    first = an("J01", "ratio_up", target=100)
    plan = Plan(
        "前言",
        (
            first,
            an("J02", "deduction"),
            Indicator("J03", "J03", unit=GONE, rule="marks"),
            an("J04", "milestones"),
        ),
        {
            ONE: SheetPlan(
                {"J01": Values(target=50 * TICK, base=TICK, reason="新建")},
                {"J02": "无此事项"},
                {
                    "J04": (
                        Node("开工", 40 * TICK, date(2024, 2, 29)),
                        Node("竣工", 60 * TICK, date(2024, 6, 30)),
                    )
                },
            ),
            GONE: SheetPlan(),
        },
    )

    carried = carry_over(plan, [ONE, NEW], reached(J01=70), 2026)

    assert [each.item for each in carried.plan.indicators] == ["J01", "J02", "J04"]
    assert carried.plan.sheets[ONE].values == {"J01": Values(target=70 * TICK, base=70 * TICK)}
    assert carried.plan.sheets[ONE].not_applicable == {"J02": "无此事项"}
    days = [node.due_on for node in carried.plan.sheets[ONE].nodes["J04"]]
    assert days == [date(2026, 2, 28), date(2026, 6, 30)]
    assert carried.plan.sheets[NEW] == SheetPlan()
    assert carried.without_base == ((NEW, "J01"),)
    assert carried.plan.preface == "前言"


def test_only_the_year_before_counts():
    past = reached(J01=70)

    assert last_value(past, ONE, "J01", 2026) == 70 * TICK
    assert last_value(past, ONE, "J01", 2027) is None
    assert last_value(past, ONE, "J02", 2026) is None
