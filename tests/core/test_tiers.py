"""How a scope is divided into tiers."""

from dataclasses import replace

import pytest

from kaohe.core.quantities import FULL, TICK
from kaohe.core.rows import Unit
from kaohe.core.scheme import Scheme, Tier, TierPolicy
from kaohe.core.standing import Standing, scope_of, tiers_of
from kaohe.core.tiers import divide, seats_of

POLICY = TierPolicy()
UNIT = Unit("U1", "第一中学", "教育组", "教体局", "graded", "per_pupil", 10)
SCHEME = Scheme(2026, "370683", {})


def tiers(policy: TierPolicy, *scores: int) -> str:
    """The tiers of units with these scores (points), in their order, as one word."""
    found = divide(policy, {f"u{n}": score * TICK for n, score in enumerate(scores)})
    return "".join(found[f"u{n}"] for n in range(len(scores)))


def test_seats_are_a_share_rounded_down_and_at_least_one() -> None:
    tier = Tier("Ⅰ", share=30 * TICK)

    assert [seats_of(POLICY, tier, n) for n in (1, 3, 6, 7, 10)] == [1, 1, 1, 2, 3]
    assert seats_of(replace(POLICY, assign="threshold"), tier, 10) is None


def test_the_best_take_the_seats_that_their_scores_allow() -> None:
    assert tiers(POLICY, 99, 98, 95, 74) == "ⅠⅡⅡⅢ"
    assert tiers(POLICY, 89, 88, 80, 75) == "ⅡⅡⅡⅡ"


def test_a_quota_alone_asks_for_no_score() -> None:
    assert tiers(replace(POLICY, assign="quota"), 60, 50, 40, 30) == "ⅠⅡⅡⅡ"


def test_a_threshold_alone_has_no_seats() -> None:
    assert tiers(replace(POLICY, assign="threshold"), 99, 98, 95, 75, 74) == "ⅠⅠⅠⅡⅢ"


def test_equals_that_do_not_fit_close_the_tier_to_all_below() -> None:
    shares = replace(POLICY.tiers[0], share=50 * TICK)
    policy = replace(POLICY, tiers=(shares, *POLICY.tiers[1:]))

    assert tiers(policy, 99, 95, 95, 94) == "ⅠⅡⅡⅡ"  # one seat left, a block of two


def test_ties_go_up_only_one_beyond_the_seats_left() -> None:
    up = replace(POLICY, ties="up")

    assert tiers(up, 95, 95, 94, 93) == "ⅠⅠⅡⅡ"
    assert tiers(up, 95, 95, 95, 93) == "ⅡⅡⅡⅡ"
    assert tiers(up, 99, 95, 95, 93) == "ⅠⅡⅡⅡ"  # no seat left


def test_a_small_scope_goes_by_thresholds_alone() -> None:
    assert tiers(POLICY, 99, 98) == "ⅠⅠ"
    assert tiers(replace(POLICY, assign="quota"), 99, 80) == "ⅠⅡ"


def test_the_last_tier_takes_the_rest_whatever_it_says() -> None:
    last = Tier("Ⅱ", share=1, threshold=FULL)
    policy = TierPolicy(tiers=(Tier("Ⅰ", share=10 * TICK), last))

    assert tiers(policy, 3, 2, 1) == "ⅠⅡⅡ"
    assert tiers(policy, 2, 1) == "ⅠⅠ"  # a small scope: no threshold, open to all


def test_a_scope_is_a_department_a_group_or_all() -> None:
    def scope(word: str) -> str:
        policy = replace(POLICY, scope=word)
        return scope_of(replace(SCHEME, tier_policy=policy), UNIT)

    assert [scope("department"), scope("group"), scope("jurisdiction")] == ["教体局", "教育组", ""]


def test_an_ungraded_unit_takes_no_seat_and_a_missing_component_has_no_tier() -> None:
    best = Standing(UNIT._replace(unit="best", status="ungraded"), (None, 99 * TICK, None))
    three = [Standing(UNIT._replace(unit=f"u{n}"), (None, (98 - n) * TICK, None)) for n in range(3)]
    nothing = Standing(UNIT._replace(unit="nothing"), (FULL, None, None))

    assert tiers_of(SCHEME, [best, *three, nothing]) == {
        "best": "Ⅰ",
        "u0": "Ⅰ",
        "u1": "Ⅱ",
        "u2": "Ⅱ",
    }


def test_tiers_by_hand_come_from_the_table_alone() -> None:
    scheme = replace(SCHEME, tier_policy=replace(POLICY, assign="manual"))
    given = Standing(UNIT, (None, FULL, None), manual_tier="Ⅲ")
    nothing = Standing(UNIT._replace(unit="U2"), (None, None, None), manual_tier="Ⅰ")

    assert tiers_of(scheme, [given, nothing]) == {"U1": "Ⅲ"}
    with pytest.raises(ValueError, match="U1"):
        tiers_of(scheme, [replace(given, manual_tier=None)])


def test_a_scheme_may_have_no_tiers() -> None:
    scheme = replace(SCHEME, tier_policy=replace(POLICY, assign="none"))

    assert tiers_of(scheme, [Standing(UNIT, (None, FULL, None))]) == {}
