"""Other settings on an earlier year: what can be tried, and what keeps its value."""

from dataclasses import replace

from kaohe.core.quantities import TICK
from kaohe.core.scheme import Channel, Dimension, Grading, Round, Tier, TierPolicy
from kaohe.core.scheme_settings import DEFAULTS
from kaohe.core.scheme_trials import NOT_TRIED, trial_of

BASE = replace(DEFAULTS, year=2025, jurisdiction="370699", title="上年方案")
WISHED = replace(BASE, year=2026, title="今年方案")
GROUPS = {"教育组", "卫生组"}
WEIGHTS = {"common": TICK, "individual": TICK, "social": TICK}


def survey(**parts):
    """What is wished, with other parts of the survey."""
    return replace(WISHED, survey=replace(WISHED.survey, **parts))


def whys(trial):
    return {each.key: each.why for each in trial.not_tried}


def test_the_same_settings_change_nothing():
    trial = trial_of(BASE, WISHED, GROUPS)

    assert trial.scheme == BASE
    assert (trial.changed, trial.not_tried) == ((), ())


def test_weights_are_tried_in_the_year_of_the_facts():
    trial = trial_of(BASE, replace(WISHED, weights={**BASE.weights, "social": 30 * TICK}), GROUPS)

    assert trial.scheme.year == 2025
    assert trial.scheme.weights["social"] == 30 * TICK
    assert trial.changed == ("components.social.weight",)


def test_weights_of_a_group_that_had_no_unit_are_left_out_and_named():
    trial = trial_of(
        BASE, replace(WISHED, weights_by_group={"教育组": WEIGHTS, "新组": WEIGHTS}), GROUPS
    )

    assert list(trial.scheme.weights_by_group) == ["教育组"]
    assert [(each.why, each.names) for each in trial.not_tried] == [("groups", "新组")]


def test_other_questions_cannot_be_asked_of_last_years_answers():
    asked = (Dimension("duty", TICK, ("q1", "q99")),)
    trial = trial_of(BASE, survey(dimensions=asked, answered_share=50 * TICK), GROUPS)

    assert whys(trial) == {"survey.dimensions": "questions"}
    assert trial.scheme.survey.dimensions == BASE.survey.dimensions
    assert trial.scheme.survey.answered_share == 50 * TICK


def test_the_same_questions_with_other_weights_are_tried():
    rows = tuple(replace(each, weight=2 * each.weight) for each in BASE.survey.dimensions[::-1])
    trial = trial_of(BASE, survey(dimensions=rows), GROUPS)

    assert trial.not_tried == ()
    assert trial.scheme.survey.dimensions == rows


def test_channels_and_rounds_may_be_added_but_not_taken_away():
    more = (*BASE.survey.channels, Channel("web", TICK, 10))
    third = (*BASE.survey.rounds, Round("h3", TICK))
    added = trial_of(BASE, survey(channels=more, rounds=third), GROUPS)
    gone = trial_of(BASE, survey(channels=more[1:], rounds=third[1:]), GROUPS)

    assert (added.not_tried, added.scheme.survey.channels) == ((), more)
    assert whys(gone) == {"survey.channels": "channels", "survey.rounds": "rounds"}
    assert gone.scheme.survey.rounds == BASE.survey.rounds


def test_tiers_given_one_by_one_are_not_known_beforehand():
    manual = TierPolicy(assign="manual", tiers=(Tier("优", value=0), Tier("良", value=3 * TICK)))
    wished = replace(WISHED, tier_policy=manual, grading=Grading(a_barred_tiers=("良",)))
    trial = trial_of(BASE, wished, GROUPS)

    assert whys(trial) == {"tier_policy.assign": "manual"}
    assert trial.scheme.tier_policy == BASE.tier_policy
    assert trial.scheme.grading.a_barred_tiers == ("Ⅲ",)


def test_tiers_that_were_given_one_by_one_stay_if_their_names_do():
    given = replace(BASE, tier_policy=replace(BASE.tier_policy, assign="manual"))
    same = trial_of(given, replace(WISHED, tier_policy=given.tier_policy), GROUPS)
    fewer = replace(given.tier_policy, tiers=given.tier_policy.tiers[:2])
    other = trial_of(given, replace(WISHED, tier_policy=fewer), GROUPS)

    assert same.not_tried == ()
    assert whys(other) == {"tier_policy.assign": "manual"}


def test_each_reason_has_its_words():
    assert all("{" in text or text.startswith("tiers") for text in NOT_TRIED.values())
