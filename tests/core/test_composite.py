"""Components, the effect of a tier, and the composite."""

from dataclasses import replace

import pytest

from kaohe.core.composite import (
    adjusted_score,
    component_score,
    composite,
    counted_points,
    weighted_score,
)
from kaohe.core.quantities import FULL, TICK
from kaohe.core.rows import Adjustment, ItemScore
from kaohe.core.scheme import Scheme, Tier

SCHEME = Scheme(
    2026,
    "370683",
    {"common": 20 * TICK, "individual": 60 * TICK, "social": 20 * TICK},
    weights_by_group={"教育组": {"common": 1, "individual": 1, "social": 2}},
)


def cell(points: int, earned: int | None) -> ItemScore:
    return ItemScore("U", "i", "common", points, earned, 0)


def adjustment(kind: str, matter: str, points: int | None) -> Adjustment:
    return Adjustment("J", "U", kind, matter, "文1号", points)


def test_an_item_that_does_not_apply_is_left_out_or_full() -> None:
    cells = [cell(60 * TICK, 30 * TICK), cell(40 * TICK, None)]

    assert component_score(cells, not_applicable="rescale") == 50 * TICK
    assert component_score(cells, not_applicable="full") == 70 * TICK


def test_a_component_without_an_item_left_is_missing() -> None:
    assert component_score([cell(FULL, None)], not_applicable="rescale") is None
    assert component_score([cell(FULL, None)], not_applicable="full") == FULL
    assert component_score([], not_applicable="full") is None


@pytest.mark.parametrize(
    ("effect", "value", "adjusted"),
    [
        ("none", 30_000, 940_000),
        ("subtract", 30_000, 910_000),
        ("subtract", 950_000, 0),
        ("ceiling", 900_000, 900_000),
        ("ceiling", 950_000, 940_000),
        ("coefficient", 9_999, 939_906),
        ("coefficient", 20_000, FULL),
        ("fixed", 850_000, 850_000),
        ("fixed", 2 * FULL, FULL),
    ],
)
def test_the_effect_of_a_tier_is_held_to_0_and_100(effect: str, value: int, adjusted: int) -> None:
    assert adjusted_score(940_000, Tier("Ⅱ", value=value), effect) == adjusted


def test_without_a_tier_a_score_stays() -> None:
    assert adjusted_score(940_000, None, "subtract") == 940_000


def test_a_tier_without_the_value_that_its_effect_needs_is_refused() -> None:
    assert adjusted_score(1, Tier("Ⅱ"), "none") == 1
    with pytest.raises(ValueError, match="Ⅱ"):
        adjusted_score(1, Tier("Ⅱ"), "fixed")


def test_of_one_matter_only_the_largest_counts() -> None:
    rows = [
        adjustment("bonus", "表彰", 10_000),
        adjustment("bonus", "表彰", 30_000),
        adjustment("bonus", "试点", 5_000),
        adjustment("deduction", "表彰", 70_000),
        adjustment("force_c", "事故", None),
    ]

    assert counted_points(rows, "bonus") == 35_000
    assert counted_points(rows, "deduction") == 70_000


def test_a_missing_component_counts_nothing_or_leaves_its_weight() -> None:
    weights, scores = (20, 60, 20), (FULL, None, 50 * TICK)

    zero = dict.fromkeys(("common", "individual", "social"), "zero")
    assert weighted_score(weights, scores, zero) == 30 * TICK
    assert weighted_score(weights, scores, zero | {"individual": "redistribute"}) == 75 * TICK


def test_without_any_component_the_bracket_is_nothing() -> None:
    left_out = dict.fromkeys(("common", "individual", "social"), "redistribute")

    assert weighted_score((1, 1, 1), (None, None, None), left_out) == 0
    assert weighted_score((1, 1, 1), (None, None, None), SCHEME.missing) == 0


def test_a_group_may_have_weights_of_its_own() -> None:
    scores = (FULL, FULL, 0)

    assert composite(SCHEME, "卫生组", scores, []).composite == 8_000
    assert composite(SCHEME, "教育组", scores, []).composite == 5_000


def test_bonuses_and_deductions_are_capped_and_the_total_held() -> None:
    more = [adjustment("bonus", "表彰", 60_000), adjustment("deduction", "通报", 10_000)]
    less = [adjustment("deduction", "通报", 900_000)]

    assert composite(SCHEME, "卫生组", (FULL,) * 3, more) == (FULL, 50_000, 10_000, 10_400)
    assert composite(SCHEME, "卫生组", (FULL,) * 3, more[:1]).composite == 10_500
    assert composite(SCHEME, "卫生组", (50_000,) * 3, less) == (50_000, 0, 100_000, 0)


def test_the_composite_is_rounded_half_up_to_two_digits() -> None:
    scheme = replace(SCHEME, missing=dict.fromkeys(SCHEME.missing, "redistribute"))

    assert composite(scheme, "卫生组", (None, 726_250, None), []).composite == 7_263
    assert composite(scheme, "卫生组", (None, 726_249, None), []).composite == 7_262
