"""Units of a year: taken in and out, regraded by approval, refreshed from the register."""

from datetime import date
from functools import partial

import pytest

from kaohe.core.access import Role
from kaohe.indicators.models import Group, Participant, ParticipantChange
from kaohe.indicators.queries.participants import (
    changes_of,
    differences_of,
    get_change,
    in_scope_but_out,
    not_taken_in,
    register_differences,
)
from kaohe.indicators.services import participants, years
from kaohe.indicators.services.part_refusals import YearIsClosed
from kaohe.indicators.services.year_refusals import (
    ChangeDecided,
    ChangeOfNothing,
    ChangeOpen,
    ChangeOutdated,
    ChangeReasonMissing,
    GroupsNotFrozen,
    NothingDiffers,
    OwnChange,
    ScopeReasonMissing,
    UnitHasTraces,
    UnitNotFit,
    UnitThere,
)
from kaohe.journal.models import JournalEntry
from kaohe.journal.queries import entries_of, tell
from kaohe.organization.queries.access import NothingHere, RoleMissing
from kaohe.organization.services.writing import Changed
from tests.fixtures.people import make_unit, make_user


@pytest.fixture
def row(year):
    """The school in the year, whose groups are not frozen."""
    year.freeze_on = date(2100, 3, 31)
    year.save()
    return year.participants.get()


@pytest.fixture
def frozen(year, row):
    """The same year with two groups, frozen."""
    year.frozen_on = date(2026, 3, 10)
    year.save()
    Group.objects.create(jurisdiction=year.jurisdiction, assessment_year=year, name="综合组")
    return year


@pytest.fixture
def propose(row, office_clerk):
    """``propose_change`` with everything in order; a test names only what it is about."""
    return partial(
        participants.propose_change,
        by=office_clerk,
        participant=row,
        field="status",
        new="ungraded",
        reason="新设立不满六个月",
        document="编〔2026〕2号",
    )


def actions(before=0):
    return list(JournalEntry.objects.order_by("pk").values_list("action", flat=True))[before:]


def test_a_unit_of_another_category_is_taken_in_with_a_reason(row, year, hospital, office_clerk):
    hospital.category = "production"
    hospital.save()
    assert list(in_scope_but_out(office_clerk, year)) == []
    assert list(not_taken_in(office_clerk, year)) == [hospital]
    add = partial(participants.add_unit, by=office_clerk, year=year, unit=hospital)
    with pytest.raises(ScopeReasonMissing):
        add(reason=" ")

    found = add(reason="市政府要求一并考核")
    [told] = tell(entries_of([found.subject]))
    assert told.action == "participant.taken-in"
    assert told.sealed == {"reason": "市政府要求一并考核"}
    with pytest.raises(UnitThere):
        add(reason="再次")


def test_a_unit_that_has_ended_or_is_of_another_city_is_not_taken_in(
    row, year, hospital, other_city, office_clerk
):
    hospital.closed_on = date(2026, 2, 1)
    hospital.save()
    from tests.fixtures.people import make_department

    strange = make_unit(other_city, make_department(other_city, "邻市局"), "邻市一中", 277779)
    for unit in (hospital, strange):
        with pytest.raises(UnitNotFit):
            participants.add_unit(by=office_clerk, year=year, unit=unit, reason="补录")


def test_a_unit_is_taken_out_with_a_reason_and_the_record_keeps_that_it_was_in(row, office_clerk):
    subject = row.subject
    participants.take_out_of_year(by=office_clerk, participant=row, seen=1, reason="不属公益类")

    assert Participant.objects.count() == 0
    told = next(iter(tell(entries_of([subject]))))
    assert (told.action, told.facts["name"]) == ("participant.taken-out", "示例市第一中学")


def test_a_unit_with_a_sheet_is_not_taken_out(scheme, year, office_clerk):
    year.freeze_on = date(2100, 3, 31)
    year.save()
    with pytest.raises(UnitHasTraces):
        participants.take_out_of_year(
            by=office_clerk, participant=year.participants.get(), seen=None, reason="撤并"
        )


def test_after_the_freeze_only_who_approves_takes_units_in_or_out(
    frozen, hospital, office_clerk, person
):
    add = partial(participants.add_unit, year=frozen, unit=hospital, reason="新设立")
    with pytest.raises(RoleMissing):
        add(by=office_clerk)

    assert add(by=person(Role.OFFICE_HEAD)).name == "示例市人民医院"


def test_a_status_changes_by_a_proposal_that_another_person_approves(row, propose, person):
    change = propose()
    before = JournalEntry.objects.count()
    participants.decide_change(
        by=person(Role.OFFICE_HEAD), change=change, seen=1, approve=True, answer=""
    )

    row.refresh_from_db()
    assert (row.status, row.status_reason) == ("ungraded", "新设立不满六个月")
    assert actions(before) == ["change.approved", "participant.status-set"]


def test_a_unit_that_is_graded_again_keeps_no_reason(row, propose, person):
    head = person(Role.OFFICE_HEAD)
    for new in ("exempt", "graded"):
        change = propose(new=new)
        participants.decide_change(by=head, change=change, seen=None, approve=True)

    row.refresh_from_db()
    assert (row.status, row.status_reason) == ("graded", "")


def test_a_refusal_says_why_and_changes_nothing(row, propose, person):
    change, head = propose(), person(Role.OFFICE_HEAD)
    decide = partial(participants.decide_change, by=head, change=change, seen=1, approve=False)
    with pytest.raises(ChangeReasonMissing):
        decide(answer=" ")

    decide(answer="已满六个月")
    row.refresh_from_db()
    assert row.status == "graded"
    with pytest.raises(ChangeDecided):
        participants.decide_change(by=head, change=change, seen=None, approve=True)


def test_who_proposed_does_not_answer(propose, person):
    head = person(Role.OFFICE_HEAD)
    change = propose(by=head)
    with pytest.raises(OwnChange):
        participants.decide_change(by=head, change=change, seen=None, approve=True)


def test_who_only_manages_does_not_answer(propose, office_chief):
    change = propose()
    with pytest.raises(RoleMissing):
        participants.decide_change(by=office_chief, change=change, seen=None, approve=True)


def test_two_answers_do_not_cross(propose, person):
    change = propose()
    participants.decide_change(
        by=person(Role.OFFICE_HEAD), change=change, seen=1, approve=False, answer="材料不全"
    )
    with pytest.raises(Changed):
        participants.decide_change(
            by=person(Role.COMMITTEE_DIRECTOR), change=change, seen=1, approve=True
        )


def test_one_proposal_at_a_time_for_each_matter(propose):
    propose()
    with pytest.raises(ChangeOpen):
        propose(new="exempt")


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"new": "graded"}, ChangeOfNothing),
        ({"new": "unheard"}, ChangeOfNothing),
        ({"field": "name", "new": "新名"}, ChangeOfNothing),
        ({"reason": "\u200b"}, ChangeReasonMissing),
        ({"field": "group", "new": "综合组"}, GroupsNotFrozen),
    ],
)
def test_a_proposal_of_nothing_or_without_a_reason_is_refused(propose, given, refusal):
    with pytest.raises(refusal):
        propose(**given)

    assert ParticipantChange.objects.count() == 0


def test_after_the_freeze_a_group_changes_by_approval(frozen, row, propose, person):
    with pytest.raises(ChangeOfNothing):
        propose(field="group", new="不存在组")
    change = propose(field="group", new="综合组")
    assert (change.old, change.new) == ("教育组", "综合组")
    participants.decide_change(
        by=person(Role.COMMITTEE_DIRECTOR), change=change, seen=1, approve=True
    )

    row.refresh_from_db()
    assert row.group.name == "综合组"


@pytest.mark.parametrize("moved", [False, True])
def test_what_was_proposed_on_a_state_that_no_longer_holds_is_not_approved(
    frozen, row, propose, person, moved
):
    change = propose(field="group", new="综合组")
    if moved:  # the unit stands elsewhere by now
        elsewhere = Group.objects.create(
            jurisdiction=frozen.jurisdiction, assessment_year=frozen, name="医疗组"
        )
        Participant.objects.filter(pk=row.pk).update(group=elsewhere)
    else:
        Group.objects.filter(name="综合组").update(closed=True)
    before = JournalEntry.objects.count()
    with pytest.raises(ChangeOutdated):
        participants.decide_change(by=person(Role.OFFICE_HEAD), change=change, seen=1, approve=True)

    change.refresh_from_db()
    assert (change.state, JournalEntry.objects.count()) == ("proposed", before)


def test_what_the_register_says_by_now_is_shown_and_taken_over(
    row, year, school, health, office_clerk, dept_clerk
):
    assert register_differences(office_clerk, year) == []
    with pytest.raises(NothingDiffers):
        participants.refresh_units(by=office_clerk, year=year, participants=[row])
    school.name, school.department, school.staff = "示例市实验中学", health, 95
    school.group = "卫生组"
    school.save()

    [found] = register_differences(office_clerk, year)
    assert [each.field for each in found.differences] == ["name", "department_name", "staff"]
    [done] = participants.refresh_units(by=office_clerk, year=year, participants=[row])
    assert (done.name, done.department, done.staff) == ("示例市实验中学", health, 95)
    assert done.group.name == "教育组"  # the group belongs to the year
    told = next(iter(tell(entries_of([row.subject]))))
    assert told.action == "participant.refreshed"
    assert sorted(told.facts) == ["department_id", "department_name", "name", "staff"]
    assert register_differences(office_clerk, year) == []


def test_a_unit_that_ended_is_shown_without_being_moved(row, year, school, office_clerk):
    school.closed_on = date(2026, 6, 30)
    school.save()

    [found] = register_differences(office_clerk, year)
    assert (found.ended, found.differences) == (True, [])
    row.refresh_from_db()
    assert row.status == "graded"


def test_a_unit_of_a_folder_without_a_place_in_the_register_differs_in_nothing(row, year):
    row.unit = None
    row.save()

    assert differences_of(row) == []


def test_a_person_sees_the_proposals_about_their_own_units_only(
    propose, year, education, health, person
):
    change = propose()
    own = person(Role.DEPT_CLERK, department=education)
    other = person(Role.DEPT_CLERK, department=health)

    assert list(changes_of(own, year)) == [change]
    assert list(changes_of(other, year)) == []
    with pytest.raises(NothingHere):
        get_change(other, change.pk)


def test_another_city_manages_nothing_here(row, year, other_city, propose):
    stranger = make_user(Role.OFFICE_HEAD, jurisdiction=other_city)
    with pytest.raises(RoleMissing):
        propose(by=stranger)
    with pytest.raises(RoleMissing):
        participants.refresh_units(by=stranger, year=year, participants=[row])


def test_in_a_closed_year_nothing_is_proposed(row, year, propose, office_head):
    years.close_year(by=office_head, year=year, seen=None)
    with pytest.raises(YearIsClosed):
        propose()
