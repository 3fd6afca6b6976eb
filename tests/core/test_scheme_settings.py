"""The settings of a scheme: read from it, written into it, called by their names."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.core.problems import CATALOGUE, Problem
from kaohe.core.quantities import TICK
from kaohe.core.scheme import Tier, TierPolicy
from kaohe.core.scheme_canonical import canonical
from kaohe.core.scheme_fields import (
    PRESETS,
    SECTION_WORDS,
    TAG_MEANINGS,
    TAG_WORDS,
    Kind,
)
from kaohe.core.scheme_settings import (
    ALL_SETTINGS,
    BY_KEY,
    DEFAULTS,
    SETTINGS,
    changed_keys,
    fits,
    say_problem,
    setting_at,
    value_at,
    values_of,
    with_values,
    words_at,
)
from tests.world_schemes import sound_scheme

SCHEME = replace(DEFAULTS, year=2026, jurisdiction="370699", title="示例市方案")


def changed(**given_values):
    """The default scheme with some settings changed; keys with __ for points."""
    return with_values(SCHEME, {key.replace("__", "."): v for key, v in given_values.items()})


@given(st.integers(0, 2**32))
def test_what_is_read_and_written_again_is_the_same_scheme(seed):
    scheme = sound_scheme(Random(seed), ("教育组", "卫生组"))  # noqa: S311

    found, problems = with_values(scheme, values_of(scheme))

    assert problems == []
    assert canonical(found) == canonical(scheme)


def test_every_setting_of_a_scheme_file_stands_in_the_list_once():
    keys = [setting.key for setting in SETTINGS]

    assert len(keys) == len(set(keys))
    assert {setting.section for setting in ALL_SETTINGS} == set(SECTION_WORDS)
    assert {setting.tag for setting in SETTINGS} <= set(TAG_WORDS)
    assert set(TAG_WORDS) == set(TAG_MEANINGS)
    assert all(setting.meaning.endswith(".") for setting in SETTINGS)
    assert all(setting.name.count(".") == 0 for setting in SETTINGS)


def test_each_choice_of_a_setting_is_one_that_the_rules_take():
    for setting in SETTINGS:
        if setting.kind is Kind.CHOICE:
            for each in setting.choices:
                given_values = {setting.key: each.code}
                found, problems = with_values(SCHEME, given_values)
                assert (problems, values_of(found)[setting.key]) == ([], each.code)


def test_numbers_are_taken_as_people_write_them():
    found, problems = changed(grading__a_share=" ２５ ", linkages__a_streak="４")

    assert problems == []
    assert found.grading.a_share == 25 * TICK
    assert found.linkages.a_streak == 4


def test_all_that_is_wrong_is_said_at_once():
    _, problems = changed(
        grading__a_share="120",
        linkages__a_streak="三",
        components__common__weight="-1",
        survey__scale=["0", "30", "60", "80", "x"],
        adjustments__bonus_cap="",
    )

    assert {each.column for each in problems} == {
        "grading.a_share",
        "linkages.a_streak",
        "components.common.weight",
        "survey.scale",
        "adjustments.bonus_cap",
    }


def test_an_empty_minimum_is_no_minimum():
    found, _ = changed(grading__a_component_minimum__common="")

    assert dict(found.grading.a_component_minimum) == {"social": 80 * TICK}
    again, _ = with_values(found, {"grading.a_component_minimum.individual": "85"})
    assert dict(again.grading.a_component_minimum) == {"individual": 85 * TICK, "social": 80 * TICK}


def test_a_table_is_given_row_by_row():
    rows = [{"name": "优", "share": "", "threshold": "85", "value": "0"}, {"name": "良"}]
    found, problems = changed(
        tier_policy__tiers=rows, tier_policy__effect="none", grading__a_barred_tiers=["良"]
    )

    assert problems == []
    assert found.tier_policy.tiers == (Tier("优", None, 85 * TICK, 0), Tier("良"))
    assert values_of(found)["tier_policy.tiers"][1] == {"name": "良"}


def test_a_list_of_questions_is_a_list():
    rows = [{"code": "duty", "weight": "1", "questions": ["q1", " q2 "]}]
    found, problems = changed(survey__dimensions=rows)

    assert problems == []
    assert found.survey.questions == ("q1", "q2")


def test_a_group_without_weights_has_the_general_ones():
    weights = {"common": "10", "individual": "60", "social": "30"}
    found, problems = changed(weights_by_group={"教育组": weights, "卫生组": {"common": " "}})
    _, partly = changed(weights_by_group={"教育组": {"common": "10"}})

    assert problems == []
    assert list(found.weights_by_group) == ["教育组"]
    assert {each.code for each in partly} == {"scheme-key-missing"}


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_a_value_that_was_read_fits_its_setting_and_other_shapes_do_not(setting):
    right = {Kind.ROWS: [{}], Kind.GROUPS: {"": {}}, Kind.LIST: [""], Kind.NUMBERS: [""]}
    strange = ("", [""], [{}], {"": {}}, None, 1, [[""]], ["x" * 201], "x" * 201)

    assert fits(setting, values_of(SCHEME)[setting.key])
    assert [each for each in strange if fits(setting, each)] == [right.get(setting.kind, "")]


def test_rows_have_their_columns_and_no_others():
    rounds, dimensions = BY_KEY["survey.rounds"], BY_KEY["survey.dimensions"]

    assert fits(rounds, [{"code": "h1"}, {}])
    assert not fits(rounds, [{"colour": "h1"}])
    assert not fits(rounds, [{"code": ["h1"]}])
    assert not fits(rounds, [{}] * 201)
    assert fits(dimensions, [{"questions": ["q1"]}])
    assert not fits(dimensions, [{"questions": "q1"}])
    assert not fits(dimensions, [{"questions": [1]}])


def test_what_differs_is_named_in_order():
    other, _ = changed(grading__c_below="50", components__common__weight="30")

    assert changed_keys(SCHEME, other) == ["components.common.weight", "grading.c_below"]
    assert changed_keys(SCHEME, SCHEME) == []


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("grading.a_share", ["Grade A at most, % of a group"]),
        ("tier_policy.tiers[2].share", ["The tiers", "2", "Seats at most, %"]),
        (
            "survey.channels.on_site.minimum",
            ["Channels", "on-site questionnaire", "Responses at least"],
        ),
        ("format", ["format"]),
        ("year", ["assessment year"]),
        ("survey.rounds.补充", ["Rounds", "补充"]),
    ],
)
def test_a_place_is_called_by_its_setting(place, words):
    assert words_at(place) == words


def test_a_setting_is_found_by_its_own_key_and_not_by_one_that_only_begins_alike():
    assert setting_at("grading.c_share_below")[0] is BY_KEY["grading.c_share_below"]
    assert setting_at("grading.c_sharex") == (None, "grading.c_sharex")


@pytest.mark.parametrize(
    ("place", "text", "said"),
    [
        ("grading.tie_at_last_seat", "committee", "the committee decides"),
        ("grading.tie_break.1", "social", "Social evaluation"),
        ("grading.a_minimum", "90.0000", "90"),
        ("grading.a_barred_tiers.1", "Ⅲ", "Ⅲ"),
        ("title", "2026.5", "2026.5"),
        ("survey.rounds.h1.code", "h1", "first half-year"),
        ("survey.rounds.补充.code", "补充", "补充"),
        ("year", "2026.0000", "2026"),
    ],
)
def test_a_value_is_said_in_words(place, text, said):
    assert value_at(place, text) == said


def test_a_problem_names_the_setting_as_people_know_it():
    _, problems = changed(grading__a_share="120")
    other = Problem("scheme-not-toml", "scheme.toml", None, "", {"reason": "?"})

    assert say_problem(problems[0], str).startswith("“Grade A at most, % of a group” is 120")
    assert say_problem(other, str) == CATALOGUE["scheme-not-toml"].problem.format(reason="?")


def test_the_presets_are_weights_that_the_rules_take():
    for preset in PRESETS:
        weights = {f"components.{name}.weight": text for name, text in preset.weights.items()}
        found, problems = with_values(SCHEME, weights)
        assert problems == []
        assert sum(found.weights.values()) == 100 * TICK


def test_the_defaults_are_those_of_the_rules():
    assert DEFAULTS.tier_policy == TierPolicy()
    assert len(DEFAULTS.survey.dimensions) == 5
    assert len(DEFAULTS.survey.questions) == 10
