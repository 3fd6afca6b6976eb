"""The effect of settings on an earlier year: what the engine says, and what cannot be tried."""

from dataclasses import replace

import pytest
from django.utils.translation import override

from kaohe.core.problems import Problem
from kaohe.core.quantities import TICK
from kaohe.core.rows import Adjustment, ManualTier, Target
from kaohe.core.scheme import Dimension, Grading, TierPolicy
from kaohe.indicators.queries import preview, preview_base
from kaohe.indicators.queries.frozen import opened_folder
from kaohe.indicators.queries.parts import scheme_in
from kaohe.indicators.queries.remembered import Remembered
from kaohe.indicators.services import settings_part
from kaohe.inquiry.whatif.differences import what_if
from kaohe.inquiry.whatif.moves import composite_text
from tests.fixtures.folders import as_year, in_year, write_year
from tests.folder.mini_folder import CLINIC, INPUTS, NURSERY, SCHEME, SCHOOL, UNITS, code

EASY = Grading(a_share=50 * TICK, a_minimum=0, a_component_minimum={}, a_barred_tiers=(), c_below=0)


@pytest.fixture
def base(past_year):
    """The scheme of 2025."""
    return preview_base.scheme_of_folder(past_year)


def grades(line):
    return [line.before.get(grade, 0) for grade in "ABC"], [
        line.after.get(grade, 0) for grade in "ABC"
    ]


def test_the_same_settings_move_nobody(past_year, base):
    found = preview.preview_of(past_year, replace(base, year=2026, title="新"))

    assert found.moves == ()
    assert found.trial.changed == ()
    assert found.counts["units"] == 4
    assert not any(line.moved for line in found.groups)


def test_it_is_what_the_engine_says_of_the_folder(past_year, base):
    wished = replace(base, weights={**base.weights, "social": 80 * TICK})
    found = preview.preview_of(past_year, wished)
    asked = what_if(opened_folder(past_year), ["scheme:components.social.weight=80"])

    assert found.counts == asked["counts"]
    assert {each.unit: composite_text(each.after) for each in found.moves} == {
        each["unit"]: each["after"]["composite"] for each in asked["units"]
    }
    assert found.told(str) == asked["units"]
    assert found.told(str, 1) == asked["units"][:1]


def test_grades_are_counted_by_group_and_together(past_year, base):
    found = preview.preview_of(past_year, replace(base, grading=EASY))
    lines = {line.name: grades(line) for line in found.groups}

    assert lines["卫生组"] == ([0, 0, 1], [0, 1, 0])  # what bars from A still does
    assert lines["文化组"] == ([0, 0, 0], [0, 0, 0])  # exempt
    (whole,) = found.grades
    assert whole.units == 4
    assert grades(whole)[1] == [sum(after[i] for _, after in lines.values()) for i in range(3)]
    first = found.moves[0]
    assert first.before.grade != first.after.grade


def test_tiers_and_the_quota_of_excellent_staff_are_counted(past_year, base):
    policy = TierPolicy(assign="none")
    linkages = replace(base.linkages, fixed_share={"A": 0, "B": 0, "C": 0})
    found = preview.preview_of(past_year, replace(base, tier_policy=policy, linkages=linkages))

    assert sum(line.before for line in found.tiers) == 3
    assert sum(line.after for line in found.tiers) == 0
    assert found.quota[0] > 0
    assert found.quota[1] == 0


def test_other_questions_are_named_and_left_as_they_were(past_year, base):
    asked = (Dimension("duty", 20 * TICK, ("q1", "q9")),)
    found = preview.preview_of(
        past_year, replace(base, survey=replace(base.survey, dimensions=asked))
    )

    assert [each.why for each in found.trial.not_tried] == ["questions"]
    assert found.moves == ()


def twins():
    """Two units that are equal in all, and the committee's choice between them."""
    units = tuple(
        UNITS[0]._replace(unit=code(number), name=f"第{number}小学", group="新组")
        for number in (21, 22)
    )
    return INPUTS._replace(
        units=(*UNITS, *units),
        targets=(*INPUTS.targets, *(Target(unit.unit, "J3", base=1000 * TICK) for unit in units)),
        adjustments=(*INPUTS.adjustments, Adjustment("A3", code(21), "seat", "并列", "文5")),
    )


def test_choices_at_a_seat_that_is_not_contested_any_more_are_left_out(
    tmp_path, office_clerk, city, files
):
    path = write_year(tmp_path / "twins", inputs=in_year(2025, twins()), grading=EASY)
    year = as_year(path, office_clerk, city)
    base = preview_base.scheme_of_folder(year)

    same = preview.preview_of(year, replace(base, bonus_cap=4 * TICK))
    assert not same.seats_left_out
    both = preview.preview_of(year, replace(base, grading=replace(EASY, a_share=100 * TICK)))
    line = next(line for line in both.groups if line.name == "新组")
    assert both.seats_left_out
    assert grades(line) == ([1, 1, 0], [2, 0, 0])


def test_tiers_that_were_given_one_by_one_may_be_left(tmp_path, office_clerk, city, files):
    given = in_year(2025)._replace(
        tiers=tuple(ManualTier(unit, "Ⅱ", "评议") for unit in (SCHOOL, CLINIC, NURSERY))
    )
    path = write_year(
        tmp_path / "manual", inputs=given, tier_policy=replace(SCHEME.tier_policy, assign="manual")
    )
    year = as_year(path, office_clerk, city)
    base = preview_base.scheme_of_folder(year)
    found = preview.preview_of(year, replace(base, tier_policy=TierPolicy()))

    assert found.trial.not_tried == ()
    assert found.counts["tier"] > 0


def test_settings_that_the_facts_do_not_bear_are_refused_with_the_reason(
    past_year, base, monkeypatch
):
    monkeypatch.setattr(
        preview, "check_folder", lambda *given: [Problem("scheme-empty-list", facts={"key": "x"})]
    )
    for language, reason in (("en", "“x” is empty"), ("zh-hans", "“x”为空")):
        with override(language), pytest.raises(preview.PreviewNotPossible) as refused:
            preview.preview_of(past_year, replace(base, bonus_cap=TICK))

        assert "2025" in refused.value.say()
        assert reason in refused.value.say()


def test_a_preview_is_remembered_and_its_base_is_kept(past_year, base, monkeypatch):
    wished = replace(base, deduction_cap=3 * TICK)
    first = preview.preview_of(past_year, wished)
    monkeypatch.setattr(preview, "base_tables", None)

    assert preview_base.is_prepared(past_year)
    assert preview.preview_of(past_year, wished) is first


def test_a_base_that_was_deleted_is_made_again(past_year, base):
    kept = preview_base.prepare(past_year)
    kept.unlink()

    assert not preview_base.is_prepared(past_year)
    assert preview.preview_of(past_year, replace(base, bonus_cap=2 * TICK)).year == 2025
    assert kept.exists()


def test_only_so_many_are_remembered(past_year, base, monkeypatch):
    monkeypatch.setattr(preview, "_previews", Remembered(1))
    first, second = (replace(base, bonus_cap=points * TICK) for points in (1, 2))
    for wished in (first, second):
        preview.preview_of(past_year, wished)

    assert preview._previews.get(preview._key(past_year, first)) is None
    assert preview._previews.get(preview._key(past_year, second)) is not None


def test_a_version_is_tried_on_the_last_year_before_it(past_year, year, office_clerk):
    version = settings_part.begin_settings(by=office_clerk, year=year)

    assert preview.base_of(version) == past_year
    assert not preview.peek(version).is_ready
    found = preview.preview_of_version(version)
    assert found.year == 2025
    assert preview.peek(version).is_ready
    assert found.trial.changed == ("survey.dimensions", "survey.channels")
    assert found.trial.scheme.survey.channels == scheme_in(version).survey.channels


def test_without_an_earlier_year_there_is_nothing_to_try_on(year, office_clerk):
    version = settings_part.begin_settings(by=office_clerk, year=year)

    assert preview.preview_of_version(version) is None
    assert preview.peek(version).is_ready
