"""The limits of the check-up as settings: defaults, bounds, and what they change."""

from dataclasses import replace

import pytest

from kaohe.core.checkup import Limits
from kaohe.core.checkup_limits import (
    LIMIT_DEFAULTS,
    LIMIT_SETTINGS,
    limit_values,
    limits_of,
    with_limits,
)
from kaohe.core.checkup_plan import check_plan
from kaohe.core.quantities import TICK
from kaohe.core.scheme_fields import TAG_WORDS, Section
from kaohe.core.scheme_settings import ALL_BY_KEY, default_values, say_problem, setting_at, words_at
from tests.core.checkup_cases import CASES


def test_without_limits_the_defaults_hold():
    assert limits_of({}) == Limits()
    assert limit_values({}) == LIMIT_DEFAULTS
    assert default_values().keys() == ALL_BY_KEY.keys()


def test_each_limit_is_told_like_every_setting():
    for setting in LIMIT_SETTINGS:
        assert setting.section is Section.CHECKUP
        assert setting.meaning.endswith(".")
        assert setting.tag in TAG_WORDS
        assert setting_at(setting.key) == (setting, "")
    assert words_at("checkup.fewest") == ["Indicators on a sheet at least"]


def test_limits_are_read_as_people_write_them():
    kept, problems = with_limits({}, {"checkup.fewest": "６", "checkup.heaviest": "12.50"})
    assert problems == []
    assert (kept["fewest"], kept["heaviest"]) == ("6", "12.5")
    limits = limits_of(kept)
    assert (limits.fewest, limits.heaviest) == (6, 125_000)
    assert limits.quantified == 70 * TICK


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        ("checkup.fewest", "", "checkup-not-number"),
        ("checkup.fewest", "八", "checkup-not-number"),
        ("checkup.fewest", "7.5", "checkup-not-number"),
        ("checkup.fewest", "0", "checkup-out-of-range"),
        ("checkup.history", "6", "checkup-out-of-range"),
        ("checkup.copied", "49.9", "checkup-out-of-range"),
        ("checkup.latent", "-1", "checkup-out-of-range"),
        ("checkup.business", "60", "checkup-shares"),
    ],
)
def test_what_cannot_be_a_limit_is_refused_at_its_setting(key, text, code):
    _kept, (problem,) = with_limits({}, {key: text})
    assert (problem.code, problem.column) == (code, key)
    assert "{" not in say_problem(problem, str) + problem.remedy()


def test_the_three_shares_are_changed_together():
    given = {"checkup.business": "60", "checkup.benefit": "25", "checkup.management": "15"}
    kept, problems = with_limits({}, given)
    assert problems == []
    assert sorted(limits_of(kept).elements.values()) == [15 * TICK, 25 * TICK, 60 * TICK]


@pytest.mark.parametrize("key", ["checkup.business", "checkup.fewest"])
def test_all_problems_are_told_at_once(key):
    given = {"checkup.samples": "x", key: "y"}
    _kept, problems = with_limits({}, given)
    assert {each.column for each in problems} == set(given)


@pytest.mark.parametrize(
    ("code", "wider"),
    [
        ("indicators-few", {"fewest": 1}),
        ("indicator-heavy", {"heaviest": 100 * TICK}),
        ("quantified-low", {"quantified": 0}),
        ("latent-low", {"latent": 0}),
        ("overlap-common", {"overlap": 100 * TICK}),
        ("target-unreachable", {"stretch": 100 * TICK}),
        ("target-trivial", {"samples": 20}),
        ("never-separated", {"samples": 20}),
        ("target-under-worst", {"samples": 20}),
    ],
)
def test_a_wider_limit_silences_its_check(code, wider):
    case, _near = CASES[code]
    context = replace(case.context, limits=replace(case.context.limits, **wider))
    assert code not in {each.check for each in check_plan(case.plan, context)}
