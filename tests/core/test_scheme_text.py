"""Reading a scheme: strict, complete, and all problems at once."""

import json

import pytest

from kaohe.core.problems import CATALOGUE, Problem
from kaohe.core.quantities import TICK
from kaohe.core.scheme import Dimension, Scheme, SeatsAtLeast, Tier
from kaohe.core.scheme_canonical import canonical, scheme_tree
from kaohe.core.scheme_text import read_scheme, read_scheme_tree

REQUIRED = """
format = "kaohe-scheme/1"
year = 2026
jurisdiction = "370683"
[components.common]
weight = 20
[components.individual]
weight = 60
[components.social]
weight = 20
"""


def sound(more: str = "") -> Scheme:
    scheme, problems = read_scheme(REQUIRED + more)
    assert problems == []
    assert scheme is not None
    return scheme


def problems_of(more: str) -> list[tuple[str, str]]:
    scheme, problems = read_scheme(REQUIRED + more)
    assert scheme is None
    return [(problem.code, problem.column) for problem in problems]


def test_what_is_left_out_has_its_default():
    scheme = sound()

    assert scheme == Scheme(
        year=2026,
        jurisdiction="370683",
        title="2026年度事业单位绩效考核方案",
        weights={"common": 20 * TICK, "individual": 60 * TICK, "social": 20 * TICK},
    )
    assert scheme.weights_of("any group") == (20 * TICK, 60 * TICK, 20 * TICK)


def test_every_setting_can_be_given():
    scheme = sound(
        """
        [weights_by_group."教育组"]
        common = 20
        individual = 50
        social = 30.5
        [common]
        self_correction_relief = 25
        not_applicable = "full"
        [tier_policy]
        assign = "quota"
        scope = "group"
        effect = "none"
        small_scope = 4
        ties = "up"
        tiers = [{ name = "甲", share = 30 }, { name = "乙", threshold = 60.5, value = 2 }]
        [survey]
        scale = [0, 25, 50, 75.5, 100]
        answered_share = 50
        thin_channel = "drop"
        dimensions = [{ code = "duty", weight = 20, questions = ["q1", "q2"] }]
        channels = [{ code = "on_site", weight = 40, minimum = 30 }]
        rounds = [{ code = "h1", weight = 40 }]
        [adjustments]
        bonus_cap = 3
        deduction_cap = 4
        [grading]
        a_share = 15
        seats_at_least = { seats = 2, from_group_size = 8 }
        a_component_minimum = {}
        a_barred_tiers = ["乙"]
        tie_break = []
        [linkages]
        fixed_share = { A = 30, B = 20, C = 10 }
        a_streak = 4
        """
    )

    assert scheme.weights_of("教育组") == (20 * TICK, 50 * TICK, 305_000)
    assert scheme.tier_policy.tiers == (
        Tier("甲", share=30 * TICK),
        Tier("乙", threshold=605_000, value=2 * TICK),
    )
    assert scheme.survey.dimensions == (Dimension("duty", 20 * TICK, ("q1", "q2")),)
    assert scheme.survey.questions == ("q1", "q2")
    assert scheme.grading.a_component_minimum == {}
    assert scheme.linkages.fixed_share == {"A": 30 * TICK, "B": 20 * TICK, "C": 10 * TICK}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("[grading]\na_minimun = 90", [("scheme-unknown-key", "grading.a_minimun")]),
        ("[grading]\na_share = 101", [("scheme-out-of-range", "grading.a_share")]),
        ("[grading]\na_share = 1e1", [("scheme-not-decimal", "grading.a_share")]),
        ("[grading]\na_share = nan", [("scheme-not-decimal", "grading.a_share")]),
        ("[grading]\na_share = 0.00001", [("scheme-not-decimal", "grading.a_share")]),
        ("[grading]\na_share = true", [("scheme-not-decimal", "grading.a_share")]),
        ("[grading]\na_share = -1", [("scheme-out-of-range", "grading.a_share")]),
        (
            "[grading]\nseats_at_least = { seats = 1 }",
            [("scheme-key-missing", "grading.seats_at_least.from_group_size")],
        ),
        ('[grading]\nseats_rounding = "up"', [("scheme-not-choice", "grading.seats_rounding")]),
        (
            '[grading]\ntie_break = ["common", "commom"]',
            [("scheme-not-choice", "grading.tie_break")],
        ),
        (
            '[grading]\ntie_break = ["common", "common"]',
            [("scheme-duplicate", "grading.tie_break")],
        ),
        ('[grading]\ntie_break = "common"', [("scheme-not-list", "grading.tie_break")]),
        (
            '[grading]\na_barred_tiers = ["Ⅳ"]',
            [("scheme-barred-tier-unknown", "grading.a_barred_tiers")],
        ),
        (
            "[grading]\na_component_minimum = { comon = 80 }",
            [("scheme-unknown-key", "grading.a_component_minimum.comon")],
        ),
        ("[linkages]\nprincipal_months = 6.5", [("scheme-not-whole", "linkages.principal_months")]),
        (
            "[linkages]\nprincipal_months = 100_000_000",
            [("scheme-out-of-range", "linkages.principal_months")],
        ),
        ("[linkages]\na_streak = 0", [("scheme-streak-zero", "linkages.a_streak")]),
        ("[survey]\nscale = [1, 2]", [("scheme-scale-five", "survey.scale")]),
        ("[survey]\nscale = 100", [("scheme-not-list", "survey.scale")]),
        ('[survey]\nscale = [0, 1, 2, 3, "4"]', [("scheme-not-decimal", "survey.scale")]),
        ("[survey]\nrounds = 3", [("scheme-not-list", "survey.rounds")]),
        ("[survey]\nrounds = [3]", [("scheme-not-table", "survey.rounds[1]")]),
        (
            '[survey]\nrounds = [{ code = "=1", weight = 1 }]',
            [("scheme-danger", "survey.rounds[1].code")],
        ),
        (
            '[survey]\nrounds = [{ code = " @1", weight = 1 }]',
            [("scheme-danger", "survey.rounds[1].code")],
        ),
        (
            '[survey]\nchannels = [{ code = "a", weight = 1, minimum = 1_000_000 }]',
            [("scheme-out-of-range", "survey.channels[1].minimum")],
        ),
        (
            '[survey]\nrounds = [{ code = " ", weight = 1 }]',
            [("scheme-not-text", "survey.rounds[1].code")],
        ),
        (
            "[survey]\nrounds = [{ code = 1, weight = 1 }]",
            [("scheme-not-text", "survey.rounds[1].code")],
        ),
        (
            '[survey]\nrounds = [{ code = "a", weight = 0 }]',
            [("scheme-out-of-range", "survey.rounds[1].weight")],
        ),
        (
            '[survey]\ndimensions = [{ code = "a", weight = 1, questions = [] }]',
            [("scheme-empty-list", "survey.dimensions[1].questions")],
        ),
        (
            '[survey]\ndimensions = [{ code = "a", weight = 1, questions = ["unit"] }]',
            [("scheme-question-reserved", "survey.dimensions")],
        ),
        (
            '[survey]\ndimensions = [{ code = "a", weight = 1, questions = ["q"] },'
            '{ code = "b", weight = 1, questions = ["q"] }]',
            [("scheme-question-twice", "survey.dimensions")],
        ),
        (
            "[tier_policy]\ntiers = []\n[grading]\na_barred_tiers = []",
            [("scheme-empty-list", "tier_policy.tiers")],
        ),
        (
            '[tier_policy]\ntiers = [{ name = "Ⅲ" }]',
            [("scheme-key-missing", "tier_policy.tiers[1].value")],
        ),
        (
            "[weights_by_group.g]\ncommon = 1",
            [
                ("scheme-key-missing", "weights_by_group.g.individual"),
                ("scheme-key-missing", "weights_by_group.g.social"),
            ],
        ),
    ],
)
def test_a_mistake_is_named_with_its_key(more, expected):
    assert problems_of(more) == expected


def test_whole_numbers_may_be_as_large_as_any_other():
    most = 99_999_999
    scheme = sound(
        f"""
        [tier_policy]
        small_scope = {most}
        [grading]
        seats_at_least = {{ seats = {most}, from_group_size = {most} }}
        [linkages]
        principal_months = {most}
        a_streak = {most}
        """
    )

    assert scheme.tier_policy.small_scope == most
    assert scheme.grading.seats_at_least == SeatsAtLeast(most, most)
    assert scheme.linkages.principal_months == scheme.linkages.a_streak == most


def test_all_mistakes_are_named_at_once():
    scheme, problems = read_scheme('format = "kaohe-scheme/9"\nyear = "x"\ncommon = 3\n')

    assert scheme is None
    assert [(problem.code, problem.column) for problem in problems] == [
        ("scheme-wrong-format", "format"),
        ("scheme-not-whole", "year"),
        ("scheme-key-missing", "jurisdiction"),
        ("scheme-key-missing", "components"),
        ("scheme-not-table", "common"),
    ]


def test_a_missing_component_is_asked_for_once():
    text = REQUIRED.replace("[components.social]\nweight = 20\n", "")

    assert [p.column for p in read_scheme(text)[1]] == ["components.social"]


@pytest.mark.parametrize("text", ["year = ", "a = " + "[" * 5000])
def test_what_is_no_toml_is_refused_with_the_place(text):
    scheme, problems = read_scheme(text)

    assert scheme is None
    assert [problem.code for problem in problems] == ["scheme-not-toml"]


def test_a_tree_and_a_text_read_the_same():
    assert (
        read_scheme_tree({"format": "kaohe-scheme/1"})[1]
        == read_scheme('format = "kaohe-scheme/1"')[1]
    )


def test_a_long_wrong_value_is_shown_short():
    (problem,) = read_scheme(REQUIRED + f'[common]\nnot_applicable = "{"x" * 200}"')[1]

    assert len(problem.sentence()) < 150


def test_every_problem_of_a_scheme_says_how_to_mend_it():
    for problem in read_scheme("year = 1\nbad = 2\n[grading]\na_share = 200")[1]:
        assert problem.severity == "error"
        assert problem.sentence()
        assert problem.remedy()
        assert isinstance(problem, Problem)
        assert problem.code in CATALOGUE


def test_the_canonical_form_is_sorted_complete_and_without_numbers():
    text = canonical(sound())

    assert json.loads(text) == scheme_tree(sound())
    assert text.startswith('{"adjustments":{"bonus_cap":"5.0000","deduction_cap":"10.0000"}')
    assert '"year":"2026.0000"' in text
    assert " " not in text.replace("年度", "")


def test_the_canonical_form_of_what_is_written_out_is_that_of_the_default():
    written = sound("[grading]\na_share = 20.0\nc_below = 60\n[tier_policy]\nsmall_scope = 3")

    assert canonical(written) == canonical(sound())


def test_members_sort_by_utf_16_as_rfc_8785_says():
    more = "".join(
        f'[weights_by_group."{group}"]\ncommon = 1\nindividual = 1\nsocial = 1\n'
        for group in ("\U0001f600", "\uff21", "a")
    )
    groups = canonical(sound(more)).split('"weights_by_group":')[1]

    assert groups.index("a") < groups.index("\U0001f600") < groups.index("\uff21")


def test_survey_codes_and_tiers_may_not_repeat():
    assert problems_of(
        """
        [survey]
        rounds = [{ code = "a", weight = 1 }, { code = "a", weight = 1 }]
        channels = [
          { code = "c", weight = 1, minimum = 1 },
          { code = "c", weight = 1, minimum = 1 },
        ]
        [tier_policy]
        tiers = [{ name = "Ⅲ", value = 0 }, { name = "Ⅲ", value = 0 }]
        """
    ) == [
        ("scheme-duplicate", "tier_policy.tiers"),
        ("scheme-duplicate", "survey.channels"),
        ("scheme-duplicate", "survey.rounds"),
    ]
