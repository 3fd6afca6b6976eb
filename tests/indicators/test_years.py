"""Years: opened with calendar, groups and units; corrected, linked, closed, archived."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.utils import timezone

from kaohe.core.access import Role
from kaohe.indicators.models import AssessmentYear, Sheet
from kaohe.indicators.queries.years import documents_of_year, on_their_way, standing, years_of
from kaohe.indicators.services import participants, years
from kaohe.indicators.services.part_refusals import YearIsClosed
from kaohe.indicators.services.year_refusals import (
    CutOffPast,
    DocumentNotFit,
    YearDaysFar,
    YearFrozenOn,
    YearNotClosed,
    YearOutOfRange,
    YearThere,
    YearUnfinished,
)
from kaohe.journal.models import JournalEntry
from kaohe.journal.queries import entries_of, tell
from kaohe.organization.models import Document
from kaohe.organization.queries.access import RoleMissing
from kaohe.organization.services.writing import Changed
from tests.fixtures.people import make_department, make_unit


def actions():
    return list(JournalEntry.objects.order_by("pk").values_list("action", flat=True))


def test_a_year_is_opened_with_29_steps_its_groups_and_the_units_in_scope(
    city, school, hospital, office_clerk
):
    school.category, school.group = "public_first", "教育组"
    school.save()
    hospital.category = "production"
    hospital.save()

    row = years.open_year(by=office_clerk, jurisdiction=city, year=2026)

    assert row.title == "2026年度事业单位绩效考核"
    assert row.steps.count() == 29
    assert [each.name for each in row.participants.all()] == ["示例市第一中学"]
    assert row.participants.get().group.name == "教育组"
    assert actions() == [
        "year.opened",
        *["step.planned"] * 29,
        "group.made",
        "participant.taken-in",
    ]


def test_a_unit_of_another_city_or_one_that_has_ended_is_not_taken_in(
    city, other_city, education, school, office_clerk
):
    there = make_department(other_city, "邻市教育局")
    make_unit(other_city, there, "邻市第一中学", 70000001, category="public_first")
    ended = {"category": "public_first", "closed_on": date(2025, 12, 1)}
    make_unit(city, education, "示例市第九中学", 70000002, **ended)
    school.category = "public_first"
    school.save()

    row = years.open_year(by=office_clerk, jurisdiction=city, year=2026)

    assert [each.name for each in row.participants.all()] == [school.name]


def test_the_title_does_not_follow_the_language_of_who_opens_the_year(city, office_clerk, settings):
    settings.LANGUAGE_CODE = "en"
    row = years.open_year(by=office_clerk, jurisdiction=city, year=2027)

    assert row.title == "2027年度事业单位绩效考核"


def test_a_year_is_opened_once(year, city, office_clerk):
    with pytest.raises(YearThere, match="2026"):
        years.open_year(by=office_clerk, jurisdiction=city, year=2026)

    assert AssessmentYear.objects.count() == 1


@pytest.mark.parametrize("number", [0, 26, 1999, 2101, 20260])
def test_a_number_that_is_no_year_is_refused(city, office_clerk, number):
    with pytest.raises(YearOutOfRange):
        years.open_year(by=office_clerk, jurisdiction=city, year=number)


@pytest.mark.parametrize("role", [Role.COMMITTEE_MEMBER, Role.LEDGER_KEEPER, Role.SYS_ADMIN])
def test_who_only_reads_opens_no_year(city, person, role):
    with pytest.raises(RoleMissing):
        years.open_year(by=person(role), jurisdiction=city, year=2026)


def test_nobody_opens_a_year_of_another_city(other_city, office_clerk):
    with pytest.raises(RoleMissing):
        years.open_year(by=office_clerk, jurisdiction=other_city, year=2026)


def test_another_city_does_not_see_the_year(year, city, other_city, person):
    from tests.fixtures.people import make_user

    stranger = make_user(Role.OFFICE_HEAD, jurisdiction=other_city)

    assert list(years_of(stranger, city)) == []
    assert list(years_of(person(Role.DATA_PROVIDER), city)) == [year]


@pytest.fixture
def correct(year, office_clerk):
    """``correct_year`` with everything as it is; a test names only what it is about."""
    return partial(
        years.correct_year,
        by=office_clerk,
        year=year,
        seen=None,
        title=year.title,
        minimum_group=5,
        freeze_on=year.freeze_on,
        cut_off_on=year.cut_off_on,
    )


@pytest.fixture
def on(monkeypatch):
    """A function: it is this day."""

    def set_day(day):
        monkeypatch.setattr(timezone, "localdate", lambda *_: day)

    return set_day


def test_a_correction_leaves_one_entry_with_what_changed(correct, year):
    row = correct(minimum_group=4, reason="组数偏多")

    [told, _opened] = tell(entries_of([row.subject]))
    assert (told.action, told.facts, told.was) == (
        "year.corrected",
        {"minimum_group": 4},
        {"minimum_group": 5},
    )
    assert told.sealed == {"reason": "组数偏多"}


def test_a_correction_of_nothing_leaves_none(correct):
    before = JournalEntry.objects.count()
    correct()

    assert JournalEntry.objects.count() == before


def test_two_who_correct_do_not_overwrite_one_another(correct):
    correct(minimum_group=4, seen=1)
    with pytest.raises(Changed):
        correct(minimum_group=6, seen=1)


def test_the_last_day_for_groups_cannot_move_after_the_freeze(correct, year, on):
    on(year.freeze_on + timedelta(days=1))
    with pytest.raises(YearFrozenOn):
        correct(freeze_on=year.freeze_on + timedelta(days=30))


def test_a_last_day_of_another_decade_is_a_slip_of_the_hand(correct):
    with pytest.raises(YearDaysFar):
        correct(cut_off_on=date(2062, 9, 30))


def test_once_over_the_last_day_for_adjustments_moves_only_by_who_approves(
    correct, year, on, person
):
    later = year.cut_off_on + timedelta(days=10)
    on(year.cut_off_on)
    correct(cut_off_on=later)
    on(later + timedelta(days=1))
    with pytest.raises(CutOffPast):
        correct(cut_off_on=later + timedelta(days=5))

    row = correct(by=person(Role.OFFICE_HEAD), cut_off_on=later + timedelta(days=5))
    assert row.cut_off_on == later + timedelta(days=5)


def test_the_work_plan_is_linked_and_another_kind_is_refused(year, city, office_clerk):
    plan = Document.objects.create(jurisdiction=city, sort="work_plan", title="2026年工作计划")
    rules = Document.objects.create(jurisdiction=city, sort="work_rules", title="工作规则")
    link = partial(years.link_document, by=office_clerk, year=year, seen=None)
    row = link(sort="work_plan", document=plan)

    assert [each.document for each in documents_of_year(office_clerk, row)] == [plan, None]
    for sort, document in (("opinion", rules), ("work_rules", rules), ("opinion", plan)):
        with pytest.raises(DocumentNotFit):
            link(sort=sort, document=document)


def test_a_document_of_another_city_is_not_linked(year, other_city, office_clerk):
    strange = Document.objects.create(jurisdiction=other_city, sort="opinion", title="意见")
    with pytest.raises(DocumentNotFit):
        years.link_document(by=office_clerk, year=year, seen=None, sort="opinion", document=strange)


def test_a_year_with_a_draft_on_its_way_is_not_closed(year, draft, office_head):
    with pytest.raises(YearUnfinished, match="versions of schemes 1"):
        years.close_year(by=office_head, year=year, seen=None)

    assert on_their_way(year) == {"parts": 1, "adjustments": 0, "targets": 0, "changes": 0}


def test_a_year_with_a_proposal_that_waits_is_not_closed(year, office_clerk, office_head):
    participants.propose_change(
        by=office_clerk,
        participant=year.participants.get(),
        field="status",
        new="exempt",
        reason="正在撤并",
    )
    with pytest.raises(YearUnfinished, match="proposals 1"):
        years.close_year(by=office_head, year=year, seen=None)


def test_a_closed_year_does_not_change(year, correct, office_head):
    years.close_year(by=office_head, year=year, seen=None)

    with pytest.raises(YearIsClosed):
        correct(minimum_group=4)
    with pytest.raises(YearIsClosed):
        years.close_year(by=office_head, year=year, seen=None)


def test_who_only_manages_does_not_close_the_year(year, office_clerk):
    for deed in (years.close_year, years.archive_year):
        with pytest.raises(RoleMissing):
            deed(by=office_clerk, year=year, seen=None)


def test_an_open_year_is_not_archived(year, office_head):
    with pytest.raises(YearNotClosed):
        years.archive_year(by=office_head, year=year, seen=None)


def test_the_sheets_go_to_the_archive_with_their_year(scheme, year, office_head):
    years.close_year(by=office_head, year=year, seen=None)
    before = JournalEntry.objects.count()
    row = years.archive_year(by=office_head, year=year, seen=None)

    added = actions()[before:]
    assert row.state == "archived"
    assert {each.state for each in Sheet.objects.all()} == {"archived"}
    assert sorted(set(added)) == ["part.archived", "sheet.archived", "year.archived"]
    assert added.count("year.archived") == 1


def test_how_far_a_year_is_counts_what_a_person_may_see(scheme, year, health, dept_clerk, person):
    hospital = make_unit(year.jurisdiction, health, "示例市人民医院", 277779)
    hospital.category = "public_second"
    hospital.save()
    office = person(Role.OFFICE_HEAD)
    participants.add_unit(by=office, year=year, unit=hospital, reason="新设")

    assert standing(office, year) == {
        "units": 2,
        "ungraded": 0,
        "groups": 1,
        "departments": 2,
        "schemes": 1,
        "sheets": 1,
    }
    assert standing(dept_clerk, year)["units"] == 1
