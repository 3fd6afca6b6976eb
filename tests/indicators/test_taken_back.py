"""What one proposed is taken back until somebody has decided; a closed year is opened again."""

from datetime import date
from functools import partial

import pytest

from kaohe.core.access import Role
from kaohe.core.target_path import TargetMoveNotOpen, TargetReasonMissing
from kaohe.indicators.services import participants, targets, years
from kaohe.indicators.services.part_refusals import YearIsClosed
from kaohe.indicators.services.year_refusals import (
    ChangeDecided,
    ChangeReasonMissing,
    NotOwnChange,
    ReopenReasonMissing,
    YearNotToReopen,
)
from kaohe.journal.queries import entries_of, tell
from kaohe.organization.queries.access import RoleMissing
from kaohe.organization.services.writing import Changed
from tests.fixtures.people import make_user

LONG = "撤回䶮𠀀O'Neill\u202e" + "长" * 3000


@pytest.fixture
def change(year, office_clerk):
    """The clerk's proposal that the school be exempt."""
    year.freeze_on = date(2100, 3, 31)
    year.save()
    return participants.propose_change(
        by=office_clerk,
        participant=year.participants.get(),
        field="status",
        new="exempt",
        reason="正在撤并",
    )


@pytest.fixture
def withdraw(change, office_clerk):
    return partial(
        participants.withdraw_change, by=office_clerk, change=change, seen=None, reason="批复已到"
    )


def test_who_proposed_takes_it_back_and_may_propose_anew(change, withdraw, year, office_clerk):
    row = withdraw(reason=LONG)

    assert (row.state, row.decided_by) == ("withdrawn", None)
    assert row.answer.endswith("长")
    assert year.participants.get().status == "graded"
    told = next(iter(tell(entries_of([change.subject]))))
    assert (told.action, told.facts["state"]) == ("change.withdrawn", "withdrawn")
    assert told.sealed["answer"] == row.answer
    assert participants.propose_change(
        by=office_clerk, participant=row.participant, field="status", new="ungraded", reason="新设"
    )


def test_nobody_else_takes_it_back(change, withdraw, person, other_city, office_head):
    with pytest.raises(NotOwnChange):
        withdraw(by=office_head)
    with pytest.raises(NotOwnChange):
        withdraw(by=person(Role.OFFICE_CLERK, username="另一人"))
    with pytest.raises(RoleMissing):
        withdraw(by=person(Role.COMMITTEE_DIRECTOR))
    with pytest.raises(RoleMissing):
        withdraw(by=make_user(Role.OFFICE_CLERK, jurisdiction=other_city))


def test_it_is_taken_back_once_with_a_reason_before_it_is_answered(
    change, withdraw, office_head, year
):
    with pytest.raises(ChangeReasonMissing):
        withdraw(reason=" \u200b")
    with pytest.raises(Changed):
        withdraw(seen=7)
    withdraw()
    with pytest.raises(ChangeDecided):
        withdraw()
    with pytest.raises(ChangeDecided):
        participants.decide_change(by=office_head, change=change, seen=None, approve=True)


def test_what_was_answered_stays_answered(change, withdraw, office_head):
    participants.decide_change(by=office_head, change=change, seen=None, approve=True)

    with pytest.raises(ChangeDecided):
        withdraw()


def test_a_unit_takes_its_declaration_back_and_declares_anew(declared, unit_clerk):
    row = targets.withdraw_targets(by=unit_clerk, table=declared, seen=None, reason="一项有误")

    assert (row.state, row.declared, row.declared_by, row.declared_at) == ("open", {}, None, None)
    assert row.content == declared.content
    told = next(iter(tell(entries_of([row.subject]))))
    assert (told.action, told.sealed["withdrawal"]) == ("targets.withdrawn", "一项有误")
    again = targets.declare_targets(by=unit_clerk, table=row, seen=None)
    assert again.state == "declared"


def test_the_declaration_is_taken_back_by_the_unit_with_a_reason(declared, unit_clerk, dept_head):
    with pytest.raises(TargetReasonMissing):
        targets.withdraw_targets(by=unit_clerk, table=declared, seen=None, reason=" ")
    with pytest.raises(RoleMissing):
        targets.withdraw_targets(by=dept_head, table=declared, seen=None, reason="误")
    with pytest.raises(Changed):
        targets.withdraw_targets(by=unit_clerk, table=declared, seen=77, reason="误")


def test_what_the_department_reviewed_is_not_taken_back(reviewed, unit_clerk):
    with pytest.raises(TargetMoveNotOpen):
        targets.withdraw_targets(by=unit_clerk, table=reviewed, seen=None, reason="误")


def test_a_closed_year_is_opened_again_with_a_reason(year, office_head, office_clerk):
    reopen = partial(years.reopen_year, by=office_head, year=year, seen=None, reason="漏办一项")
    with pytest.raises(YearNotToReopen):
        reopen()
    years.close_year(by=office_head, year=year, seen=None)
    with pytest.raises(ReopenReasonMissing):
        reopen(reason="")
    with pytest.raises(RoleMissing):
        reopen(by=office_clerk)
    with pytest.raises(Changed):
        reopen(seen=77)

    row = reopen()

    assert row.state == "open"
    told = next(iter(tell(entries_of([year.subject]))))
    assert (told.action, told.sealed["reason"]) == ("year.reopened", "漏办一项")


def test_what_is_archived_stays(year, office_head):
    years.close_year(by=office_head, year=year, seen=None)
    years.archive_year(by=office_head, year=year, seen=None)

    with pytest.raises(YearNotToReopen):
        years.reopen_year(by=office_head, year=year, seen=None, reason="漏办一项")


def test_nothing_is_taken_back_in_a_closed_year(declared, unit_clerk, year):
    year.state = "closed"
    year.save()

    with pytest.raises(YearIsClosed):
        targets.withdraw_targets(by=unit_clerk, table=declared, seen=None, reason="误")
