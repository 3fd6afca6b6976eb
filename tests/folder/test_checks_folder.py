"""Circles, documents counted twice, tiers by hand, groups and seats: what several rows say."""

from dataclasses import replace
from datetime import date

import pytest

from kaohe.core.rows import Adjustment, Inputs, ManualTier, PastGrade, Response, Succession
from kaohe.core.scheme import Survey, TierPolicy
from kaohe.folder.checks_chains import in_circles
from tests.folder.mini_folder import (
    CLINIC,
    INPUTS,
    ITEMS,
    LATE,
    MUSEUM,
    NOBODY,
    NURSERY,
    OLD_SCHOOL,
    SCHEME,
    SCHOOL,
    added,
    event,
    places,
    problems_of,
)

OTHER_DAY = date(2026, 5, 6)


def test_a_circle_of_reversals_is_told_at_each_of_its_rows() -> None:
    inputs = INPUTS._replace(
        events=(
            event("A", reverses="C"),
            event("B", reverses="A"),
            event("C", reverses="B"),
            event("D", reverses="A"),
        )
    )

    assert places(inputs) == [("reverses-in-a-circle", "events", n, "reverses") for n in (2, 3, 4)]


def test_a_circle_of_successions_is_told_at_each_of_its_rows() -> None:
    rows = (
        Succession(SCHOOL, CLINIC, 2024, "merger"),
        Succession(CLINIC, OLD_SCHOOL, 2023, "split"),
        Succession(OLD_SCHOOL, SCHOOL, 2022, "absorption"),
        Succession(NURSERY, SCHOOL, 2022, "split"),
        Succession(MUSEUM, MUSEUM, 2022, "split"),
    )

    assert places(INPUTS._replace(successions=rows)) == [
        ("succession-in-a-circle", "successions", row, "predecessor") for row in (2, 3, 4, 6)
    ]


def test_circles_are_found_and_what_only_leads_to_or_from_them_is_not() -> None:
    two_rings = {("a", "b"), ("b", "a"), ("c", "d"), ("d", "c")}
    between = {("b", "c"), ("x", "a"), ("d", "y")}

    assert in_circles(two_rings | between) == two_rings


def test_a_circle_may_be_longer_than_any_stack() -> None:
    size = 20_000
    ring = [(str(place), str((place + 1) % size)) for place in range(size)]

    assert in_circles(ring) == set(ring)
    assert in_circles(ring[:-1]) == set()


def test_one_document_under_two_items_is_a_warning() -> None:
    inputs = added(
        "events",
        event("X", document="文9"),
        event("Y", document="文9", item="K2"),
        event("Z", document="文9", item="K2", occurred_on=OTHER_DAY),
        event("V", document="文9", item="K2", status="pending"),
        event("W", document="文9", item="K2", unit=CLINIC),
    )

    found = problems_of(inputs)

    assert [(each.code, each.row, each.column) for each in found] == [
        ("same-source-twice", 6, "document")
    ]
    assert found[0].severity == "warning"
    assert found[0].facts == {"document": "文9", "other": "K1", "first": 5}


def test_a_reversed_event_shares_its_document_with_nothing() -> None:
    inputs = added(
        "events",
        event("X", document="文9"),
        event("Y", document="文9", item="K2"),
        event("U", item="K2", reverses="Y"),
    )

    assert places(inputs) == []


def test_tiers_by_hand_need_a_row_for_each_unit_with_the_component() -> None:
    manual = replace(SCHEME, tier_policy=TierPolicy(assign="manual"))
    inputs = INPUTS._replace(tiers=(ManualTier(SCHOOL, "Ⅰ", "r"),))

    found = problems_of(inputs, manual)

    assert [(each.code, each.row) for each in found] == [("tier-row-missing", None)] * 2
    assert {each.facts["unit"] for each in found} == {CLINIC, NURSERY}


def test_a_tier_row_names_a_tier_of_the_scheme_and_a_unit() -> None:
    manual = replace(SCHEME, tier_policy=TierPolicy(assign="manual"))
    tiers = [ManualTier(unit, "Ⅱ", "r") for unit in (SCHOOL, CLINIC, NURSERY)]
    sound = INPUTS._replace(tiers=tuple(tiers))
    wrong = sound._replace(tiers=(*tiers[:2], ManualTier(NURSERY, "Ⅳ", "r")))
    nobody = sound._replace(tiers=(*tiers, ManualTier(NOBODY, "Ⅰ", "r")))
    twice = sound._replace(tiers=(*tiers, tiers[0]))

    assert places(sound, manual) == []
    assert places(wrong, manual) == [("unknown-tier", "tiers", 4, "tier")]
    assert places(nobody, manual) == [("unknown-unit", "tiers", 5, "unit")]
    assert places(twice, manual) == [("key-twice", "tiers", 5, "unit")]


def test_a_table_of_tiers_that_is_not_used_is_a_warning() -> None:
    inputs = INPUTS._replace(tiers=(ManualTier(SCHOOL, "Ⅰ", "r"),))

    found = problems_of(inputs)

    assert [(each.code, each.table, each.row) for each in found] == [
        ("tiers-not-used", "tiers", None)
    ]
    assert found[0].severity == "warning"


def test_weights_of_a_group_need_a_unit_of_the_group() -> None:
    scheme = replace(SCHEME, weights_by_group={"教育组": SCHEME.weights, "交通组": SCHEME.weights})

    assert places(INPUTS, scheme) == [
        ("group-without-units", "scheme.toml", None, "weights_by_group.交通组")
    ]


@pytest.mark.parametrize("policy", ["all_in", "all_out"])
def test_seats_are_given_by_the_committee_only(policy: str) -> None:
    scheme = replace(SCHEME, grading=replace(SCHEME.grading, tie_at_last_seat=policy))
    inputs = added("adjustments", Adjustment("A3", SCHOOL, "seat", "m", "d"))

    assert places(inputs, scheme) == [("seat-not-by-committee", "adjustments", 4, "kind")]
    assert places(inputs) == []


def test_kinds_are_not_asked_for_where_the_item_has_none() -> None:
    inputs = INPUTS._replace(
        items=(ITEMS[0]._replace(kinds=()), *ITEMS[1:]), events=(event("X", kind=LATE.kind),)
    )

    assert places(inputs) == [("rule-needs-column", "items", 2, "kinds")]


def test_without_a_sound_scheme_the_rest_is_checked_all_the_same() -> None:
    inputs = added("events", event("X", kind="lost", occurred_on=date(2020, 1, 1)))
    rows = unjudged(inputs)

    assert places(INPUTS, None) == []
    assert places(rows, None) == [
        ("unknown-kind", "events", 5, "kind"),
        ("unknown-unit", "tiers", 2, "unit"),
    ]


def unjudged(inputs: Inputs) -> Inputs:
    """With rows that only a scheme could fault: a tier, a round, a year."""
    return inputs._replace(
        tiers=(ManualTier(NOBODY, "Ⅸ", "r"),),
        responses=(Response("r1", SCHOOL, "h9", "fax", True, ()),),
        history=(PastGrade(SCHOOL, 2030, "A"),),
    )


def test_rounds_and_channels_of_a_scheme_without_a_survey_are_unknown() -> None:
    scheme = replace(SCHEME, survey=Survey())
    inputs = INPUTS._replace(responses=(Response("r1", SCHOOL, "h1", "visit", True, ()),))

    assert places(inputs, scheme) == [
        ("unknown-channel", "responses", 2, "channel"),
        ("unknown-round", "responses", 2, "round"),
    ]
