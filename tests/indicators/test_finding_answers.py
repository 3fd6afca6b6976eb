"""Answers to warnings, the review that shows them, limits of the year, the office's deadline."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaohe.core.access import Role
from kaohe.core.checklist import State as Stands
from kaohe.core.checkup_answers import Key
from kaohe.core.indicator_trees import tree_of
from kaohe.core.part_path import PartMoveNotOpen, PartOwnDraft, Sort
from kaohe.core.quantities import TICK
from kaohe.indicators.models import FindingAnswer
from kaohe.indicators.queries.answers import reviewed, told_in
from kaohe.indicators.queries.limits import answer_due, limits_in_years, returns_in
from kaohe.indicators.queries.parts import hands_on
from kaohe.indicators.queries.review import own_among
from kaohe.indicators.queries.waiting import queue_of
from kaohe.indicators.services import answering, issuing, parts, settings_part
from kaohe.indicators.services.part_refusals import PartReturnedOften
from kaohe.journal.models import JournalEntry
from kaohe.organization.queries.access import RoleMissing
from tests.fixtures.indicators import common_plan, school_plan

pytestmark = pytest.mark.django_db
SOURCE = Key("source-missing", "indicators/J01/source")
WHY = "年报五月发布，届时补充。"


def with_first(plan, **fields):
    """The plan with its first indicator changed."""
    first, *others = plan.indicators
    return replace(plan, indicators=(replace(first, **fields), *others))


@pytest.fixture
def warned(draft, template, dept_clerk, school):
    """The draft without the source of its first indicator: one warning."""
    plan = with_first(school_plan(school.code), source="")
    parts.edit_part(by=dept_clerk, version=draft, seen=None, content=tree_of(plan))
    draft.refresh_from_db()
    return draft


def answer(by, version, text=WHY, key=SOURCE):
    return answering.answer_finding(by=by, version=version, key=key, text=text)


def the_one(version):
    (told,) = reviewed(version).told
    return told


def test_a_warning_is_answered_at_the_finding_and_the_text_is_sealed(warned, dept_clerk):
    assert reviewed(warned).open == 1

    answer(dept_clerk, warned)

    told = the_one(warned)
    assert (told.answer.text, told.answer.who, told.is_answered) == (WHY, dept_clerk.name, True)
    assert reviewed(warned).open == 0
    entry = JournalEntry.objects.latest("id")
    assert entry.action == "finding.answered"
    assert WHY not in entry.leaf


def test_an_answer_is_added_never_changed_and_not_twice(warned, dept_clerk):
    answer(dept_clerk, warned)
    answer(dept_clerk, warned)
    assert FindingAnswer.objects.count() == 1

    answer(dept_clerk, warned, "改为六月。")

    assert FindingAnswer.objects.count() == 2
    assert the_one(warned).answer.text == "改为六月。"


def test_figures_that_change_leave_the_answer_behind(warned, dept_clerk, school):
    answer(dept_clerk, warned)
    plan = with_first(school_plan(school.code), source="", name="教学常规检查优良率")

    parts.edit_part(by=dept_clerk, version=warned, seen=None, content=tree_of(plan))
    warned.refresh_from_db()

    told = the_one(warned)
    assert told.is_stale
    assert reviewed(warned).open == 1


def test_the_answer_travels_into_the_next_version(warned, dept_clerk, office_chief, issued, school):
    answer(dept_clerk, warned)
    scheme = issued(warned, dept_clerk, office_chief)

    following = parts.draft_next_version(by=dept_clerk, part=scheme.part)

    told = the_one(following)
    assert (told.answer.text, told.answer.number) == (WHY, scheme.number)
    assert told.is_answered


def test_an_answer_in_a_version_that_was_given_up_is_not_carried(warned, dept_clerk):
    answer(dept_clerk, warned)
    parts.withdraw_part(by=dept_clerk, version=warned, seen=None)
    warned.refresh_from_db()

    again = parts.draft_next_version(by=dept_clerk, part=warned.part, content=warned.content)

    assert the_one(again).answer is None


@pytest.mark.parametrize(
    ("text", "refusal"),
    [(" \n ", answering.AnswerMissing), ("长" * 2001, answering.AnswerTooLong)],
)
def test_an_answer_says_something_and_not_too_much(warned, dept_clerk, text, refusal):
    with pytest.raises(refusal):
        answer(dept_clerk, warned, text)


def test_rare_characters_pass_unharmed(warned, dept_clerk):
    assert answer(dept_clerk, warned, "䶮𠀀 d'été").text == "䶮𠀀 d'été"


def test_what_is_no_longer_found_is_not_answered(draft, template, dept_clerk):
    with pytest.raises(answering.FindingGone):
        answer(dept_clerk, draft)


def test_errors_and_notes_are_not_answered(draft, template, dept_clerk, school):
    plan = with_first(school_plan(school.code), points=14 * TICK, evidence="")
    parts.edit_part(by=dept_clerk, version=draft, seen=None, content=tree_of(plan))
    draft.refresh_from_db()
    for key in (
        Key("points-sum", f"sheets/{school.code}"),
        Key("evidence-missing", "indicators/J01/evidence"),
    ):
        with pytest.raises(answering.FindingNotAnswered):
            answer(dept_clerk, draft, key=key)
    assert not FindingAnswer.objects.exists()


def test_who_does_not_draft_there_does_not_answer(warned, person, health, unit_clerk):
    for stranger in (person(Role.DEPT_CLERK, department=health), unit_clerk):
        with pytest.raises(RoleMissing):
            answer(stranger, warned)


def test_what_was_submitted_is_not_answered_until_it_is_back(warned, dept_clerk, office_chief):
    parts.submit_part(by=dept_clerk, version=warned, seen=None)
    with pytest.raises(PartMoveNotOpen):
        answer(dept_clerk, warned)

    parts.return_part(by=office_chief, version=warned, seen=None, reason="请说明")

    answer(dept_clerk, warned)
    assert the_one(warned).is_answered


def test_who_answered_had_a_hand_in_it_and_does_not_approve(year, office_clerk, office_head):
    plan = common_plan()
    first = replace(plan.indicators[0], source="")
    plan = replace(plan, indicators=(first, *plan.indicators[1:]))
    row = parts.begin_part(by=office_clerk, year=year, sort=Sort.TEMPLATE, content=tree_of(plan))
    answer(office_head, row, key=Key("source-missing", "indicators/R01/source"))
    parts.submit_part(by=office_clerk, version=row, seen=None)
    row.refresh_from_db()

    assert office_head.pseudonym in hands_on(row)
    assert own_among(office_head, [row]) == {row.pk}
    with pytest.raises(PartOwnDraft):
        parts.approve_part(by=office_head, version=row, seen=None)


def test_handing_in_puts_the_number_of_open_warnings_on_record(warned, dept_clerk):
    parts.submit_part(by=dept_clerk, version=warned, seen=None)

    entry = JournalEntry.objects.filter(action="part.submitted").latest("id")
    assert json.loads(entry.leaf)["facts"]["unanswered"] == 1


def test_the_checklist_says_how_each_point_stands(warned, dept_clerk):
    answer(dept_clerk, warned)
    points = {line.point.code: line for line in reviewed(warned).points}

    assert points["sources"].state is Stands.WARNED
    assert (points["sources"].warnings, points["sources"].answered) == (1, 1)
    assert points["targets"].state is Stands.APART
    assert points["tiers"].state is Stands.WAITS
    assert (points["points"].looked.sheets, points["points"].looked.indicators) == (1, 8)


@pytest.fixture
def limits(year, office_clerk, office_chief, office_head, person, issued):
    """A function: settings of the year issued with these limits."""

    def go(**given):
        version = settings_part.begin_settings(by=office_clerk, year=year)
        settings_part.change_settings(
            by=office_clerk,
            version=version,
            seen=None,
            given={f"checkup.{name}": text for name, text in given.items()},
        )
        director = person(Role.COMMITTEE_DIRECTOR)
        parts.submit_part(by=office_clerk, version=version, seen=None)
        parts.approve_part(by=director, version=version, seen=None)
        return issuing.issue_part(by=office_head, version=version, seen=None)

    return go


def test_the_check_up_goes_by_the_issued_settings_of_the_year(draft, template, limits, year):
    assert reviewed(draft).told == []

    version = limits(fewest="9")

    assert [each.finding.check for each in reviewed(draft).told] == ["indicators-few"]
    points = {line.point.code: line.state for line in reviewed(draft).points}
    assert points["tiers"] is Stands.PASSED
    assert limits_in_years([year.pk])[year.pk].fewest == 9
    assert version.content["checkup"]["fewest"] == "9"


def test_limits_do_not_touch_the_scheme_of_the_engine(year, office_clerk):
    version = settings_part.begin_settings(by=office_clerk, year=year)
    before = version.content["toml"]

    settings_part.change_settings(
        by=office_clerk, version=version, seen=None, given={"checkup.fewest": "6"}
    )
    version.refresh_from_db()

    assert version.content["toml"] == before
    assert "checkup" not in before


def test_old_settings_without_limits_hold_the_defaults_and_stay_as_they_are(year, office_clerk):
    version = settings_part.begin_settings(by=office_clerk, year=year)
    version.content = {"toml": version.content["toml"]}
    version.save()

    settings_part.change_settings(
        by=office_clerk, version=version, seen=None, given={"grading.a_share": "25"}
    )
    version.refresh_from_db()
    assert set(version.content) == {"toml"}

    settings_part.change_settings(
        by=office_clerk, version=version, seen=None, given={"checkup.returns": "3"}
    )
    version.refresh_from_db()
    assert version.content["checkup"]["returns"] == "3"


def test_unsound_limits_are_refused_with_all_else(year, office_clerk):
    version = settings_part.begin_settings(by=office_clerk, year=year)
    with pytest.raises(settings_part.SettingsUnsound) as refused:
        settings_part.change_settings(
            by=office_clerk,
            version=version,
            seen=None,
            given={"checkup.fewest": "0", "grading.a_share": "x"},
        )
    assert {each.column for each in refused.value.problems} == {
        "checkup.fewest",
        "grading.a_share",
    }


def test_the_office_answers_within_ten_working_days(warned, dept_clerk, year):
    found = limits_in_years([year.pk])[year.pk]
    assert answer_due(warned, found) is None

    parts.submit_part(by=dept_clerk, version=warned, seen=None)
    warned.refresh_from_db()
    warned.submitted_at = datetime(2026, 3, 2, 1, tzinfo=UTC)

    assert answer_due(warned, found) == date(2026, 3, 16)
    assert answer_due(warned, replace(found, review_days=1)) == date(2026, 3, 3)
    warned.submitted_at = datetime(2040, 3, 2, 1, tzinfo=UTC)
    assert answer_due(warned, found) is None


def test_a_further_return_needs_a_reason_for_the_whole(warned, dept_clerk, office_chief):
    marks = [parts.Marked("indicators/J01/source", "写明来源")]

    def back(**given):
        parts.submit_part(by=dept_clerk, version=warned, seen=None)
        return parts.return_part(by=office_chief, version=warned, seen=None, marks=marks, **given)

    back()
    back()
    assert returns_in([warned]) == {warned.pk: 2}
    parts.submit_part(by=dept_clerk, version=warned, seen=None)
    with pytest.raises(PartReturnedOften):
        parts.return_part(by=office_chief, version=warned, seen=None, marks=marks)
    parts.return_part(by=office_chief, version=warned, seen=None, marks=marks, reason="仍未写明")
    assert returns_in([warned]) == {warned.pk: 3}


def test_the_queue_says_what_is_answered_and_until_when(warned, dept_clerk, office_chief, year):
    parts.submit_part(by=dept_clerk, version=warned, seen=None)

    (waiting,) = queue_of(office_chief, year)

    assert waiting.found["warning"] == waiting.unanswered == 1
    assert waiting.due is not None
    assert waiting.returns == 0


def test_answers_of_many_versions_take_the_same_number_of_questions(warned, template, dept_clerk):
    told_in([warned])
    with CaptureQueriesContext(
        connection,
    ) as one:
        told_in([warned])
    answer(dept_clerk, warned)
    with CaptureQueriesContext(connection) as many:
        told_in([warned, template])
    assert len(many) == len(one)


def test_settings_have_no_checklist(year, office_clerk):
    version = settings_part.begin_settings(by=office_clerk, year=year)
    assert version.part.sort == Sort.SETTINGS
    assert reviewed(version) == ([], [])
