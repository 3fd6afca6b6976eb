"""Which events count, what they are worth, and what each of them did."""

from datetime import date

import pytest
from hypothesis import given

from kaohe.core.events import (
    capped_totals,
    counting,
    effects,
    event_points,
    same_source_twice,
)
from kaohe.core.quantities import FULL, TICK
from kaohe.core.rows import Event, EventKind, Item
from kaohe.core.scoring import assess
from tests.worlds import World, worlds

HALF = 50 * TICK
FAULTS = Item(
    *("R01", "common", "年度报告公示", 3 * TICK, "deduction"),
    kinds=(EventKind("late", TICK), EventKind("wrong", 5_000, 8_000)),
)
AWARDS = FAULTS._replace(rule="accrual")


def event(code: str, kind: str = "late", day: int = 1, **given: object) -> Event:
    plain = Event(code, "U", "R01", kind, date(2026, 3, day), "confirmed", self_corrected=False)
    return plain._replace(**given)  # type: ignore[arg-type]


def test_only_confirmed_events_count() -> None:
    rows = [event(status, status=status) for status in ("confirmed", "pending", "objected")]

    assert [row.event for row in counting(rows)] == ["confirmed"]


def test_a_reversed_event_and_its_reversal_do_not_count() -> None:
    assert counting([event("a"), event("b", reverses="a")]) == []


def test_a_reversal_that_is_reversed_still_reverses() -> None:
    rows = [event("a"), event("b", reverses="a"), event("c", reverses="b")]

    assert counting(rows) == []


def test_a_reversal_that_is_not_confirmed_reverses_nothing() -> None:
    rows = [event("a"), event("b", reverses="a", status="pending")]

    assert [row.event for row in counting(rows)] == ["a"]


def test_an_events_own_points_stand_before_its_kinds() -> None:
    assert event_points(event("a"), FAULTS, HALF) == TICK
    assert event_points(event("a", points=0), FAULTS, HALF) == 0


def test_relief_forgives_a_loss_and_shortens_no_achievement() -> None:
    corrected = event("a", points=3, self_corrected=True)

    assert event_points(corrected, FAULTS, HALF) == 2  # 1.5 ticks, half up
    assert event_points(corrected, FAULTS, FULL) == 0
    assert event_points(corrected, AWARDS, HALF) == 3


def test_an_event_of_an_unknown_kind_is_not_worth_anything_silently() -> None:
    with pytest.raises(KeyError):
        event_points(event("a", "other"), FAULTS, HALF)


def test_a_kind_takes_no_more_than_its_cap() -> None:
    rows = [event("a", "wrong"), event("b", "wrong"), event("c")]

    assert capped_totals(FAULTS, rows, HALF) == [TICK, 8_000]


def test_effects_go_by_day_then_code_until_cap_and_floor() -> None:
    rows = [
        event("d", day=3, points=5 * TICK),
        event("c", "wrong", day=2),
        event("b", "wrong", day=2),
        event("a", day=4),
        event("z", day=1),
    ]

    assert [(row.event, row.effect) for row in effects(FAULTS, rows, HALF)] == [
        ("z", -10_000),
        ("b", -5_000),
        ("c", -3_000),  # the cap of its kind
        ("d", -12_000),  # the floor of the item
        ("a", 0),
    ]


def test_effects_of_an_accrual_are_gains() -> None:
    assert [row.effect for row in effects(AWARDS, [event("a"), event("b")], HALF)] == [TICK] * 2


def test_one_document_and_day_under_two_items_is_one_source_twice() -> None:
    first = event("x", document="莱编〔2026〕1号")
    again = event("a", item="R02", document="莱编〔2026〕1号")
    other_day = event("b", item="R02", day=2, document="莱编〔2026〕1号")
    same_item = event("y", document="莱编〔2026〕1号")
    no_document = event("c", item="R02")

    rows = [again, other_day, same_item, no_document, first, event("d", document="")]

    assert same_source_twice(rows) == [(first, again)]


@given(worlds())
def test_the_effects_of_an_item_sum_to_what_was_lost_or_earned(world: World) -> None:
    scheme, inputs = world
    outputs = assess(scheme, inputs)
    rules = {item.item: item.rule for item in inputs.items}
    sums: dict[tuple[str, str], int] = {}
    for row in outputs.event_effects:
        sums[row.unit, row.item] = sums.get((row.unit, row.item), 0) + row.effect

    for cell in outputs.item_scores:
        if rules[cell.item] in ("deduction", "accrual") and cell.earned is not None:
            from_full = cell.points if rules[cell.item] == "deduction" else 0
            assert sums.get((cell.unit, cell.item), 0) == cell.earned - from_full
