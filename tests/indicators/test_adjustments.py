"""Adjustments in mid-year: proposed in time, reviewed, finalised into the next sheet."""

from datetime import date
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from kaohe.core.access import Role
from kaohe.core.target_path import (
    CutOffPassed,
    TargetMoveNotOpen,
    TargetOwnDeed,
    TargetReasonMissing,
)
from kaohe.indicators.models import Adjustment, Sheet
from kaohe.indicators.queries.sheets import undone_by
from kaohe.indicators.services import adjustments
from kaohe.indicators.services.issuing import Issuing, issue_part
from kaohe.indicators.services.part_refusals import PartUndoes
from kaohe.indicators.services.parts import (
    approve_part,
    draft_next_version,
    edit_part,
    submit_part,
)
from kaohe.indicators.services.target_refusals import (
    AdjustmentEmpty,
    AdjustmentNoReason,
    AdjustmentNoSheet,
    AdjustmentOfDepartment,
    AdjustmentOfUnit,
    AdjustmentStale,
    AdjustmentUnderWay,
    AdjustmentUnknownCell,
    TargetsUnsound,
)
from kaohe.journal.models import JournalEntry
from kaohe.journal.queries import entries_of, tell
from kaohe.organization.queries.access import RoleMissing
from kaohe.organization.services.writing import Changed
from tests.fixtures.database import record_unlocked
from tests.fixtures.targets import IN_TIME, ticks

CELL = ("J07", "target")


@pytest.fixture
def propose(scheme, participant, unit_clerk, on_day):
    """``propose_adjustment`` with everything in order; a test names only what it is about."""
    on_day(IN_TIME)
    return partial(
        adjustments.propose_adjustment,
        by=unit_clerk,
        participant=participant,
        wanted={CELL: ticks(6)},
        reason="暴雨致操场停用",
    )


@pytest.fixture
def accepted(adjustment, dept_head):
    return adjustments.review_adjustment(by=dept_head, adjustment=adjustment, seen=None)


def test_what_is_finalised_makes_the_next_sheet_and_changes_nothing_else(accepted, office_chief):
    old = accepted.sheet
    row = adjustments.finalise_adjustment(by=office_chief, adjustment=accepted, seen=None)
    old.refresh_from_db()
    new = Sheet.objects.get(state="issued")

    assert (old.state, new.number, row.made, row.state) == ("superseded", 2, new, "finalised")
    assert new.content["indicators"] == old.content["indicators"]
    assert new.content["sheet"]["values"] == {"J07": {"target": "6"}}
    assert old.content["sheet"]["values"] == {}
    assert new.reason == row.reason
    latest = JournalEntry.objects.order_by("-pk")[:3]
    actions = {each.action for each in latest}
    assert actions == {"sheet.superseded", "sheet.issued", "adjustment.finalised"}


def test_old_and_new_are_kept_and_sealed_on_record(adjustment):
    assert adjustment.changes == [{"item": "J07", "field": "target", "old": "8", "new": "6"}]
    told = next(iter(tell(entries_of([adjustment.subject]))))
    assert told.sealed["cells"] == "J07/target: 8 → 6"
    assert told.sealed["document"] == "莱教体〔2026〕31号"
    assert "reason" not in told.facts


def test_the_last_day_counts_to_its_end_where_the_installation_stands(propose, on_day):
    on_day(date(2026, 9, 30), hour=15, minute=59)  # 23:59 in Shanghai
    propose()
    Adjustment.objects.all().delete()
    on_day(date(2026, 9, 30), hour=16)  # midnight
    with pytest.raises(CutOffPassed, match=r"2026\.09\.30"):
        propose()
    assert not Adjustment.objects.exists()


def test_what_was_proposed_in_time_is_decided_after_the_cut_off_but_not_proposed_again(
    adjustment, dept_head, office_chief, unit_clerk, on_day
):
    on_day(date(2026, 10, 9))
    row = adjustments.review_adjustment(by=dept_head, adjustment=adjustment, seen=None)
    row = adjustments.return_adjustment(
        by=office_chief, adjustment=row, seen=None, reason="缺少依据"
    )
    with pytest.raises(CutOffPassed):
        adjustments.propose_again(
            by=unit_clerk, adjustment=row, seen=None, wanted={CELL: ticks(7)}, reason="补充"
        )
    assert adjustments.withdraw_adjustment(by=unit_clerk, adjustment=row, seen=None).state == (
        "withdrawn"
    )


def test_only_one_is_open_at_a_time(adjustment, propose, participant, unit_clerk):
    with pytest.raises(AdjustmentUnderWay, match="1"):
        propose()
    with pytest.raises(IntegrityError), transaction.atomic():
        Adjustment.objects.create(
            jurisdiction=adjustment.jurisdiction,
            participant=participant,
            number=2,
            sheet=adjustment.sheet,
            reason="并行",
            proposed_by=unit_clerk,
        )
    adjustments.withdraw_adjustment(by=unit_clerk, adjustment=adjustment, seen=None)
    assert propose().number == 2


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        ({CELL: ticks(8)}, AdjustmentEmpty),
        ({}, AdjustmentEmpty),
        ({("J99", "target"): ticks(1)}, AdjustmentUnknownCell),
        ({("J01", "target"): ticks(1)}, AdjustmentUnknownCell),
        ({CELL: 0}, TargetsUnsound),
        ({("J01", "zero_at"): ticks(95)}, TargetsUnsound),
    ],
)
def test_what_a_sheet_cannot_hold_is_refused(propose, wanted, refusal):
    with pytest.raises(refusal):
        propose(wanted=wanted)


def test_a_proposal_says_why(propose):
    with pytest.raises(AdjustmentNoReason):
        propose(reason="\u200b \n")


def test_before_the_sheet_is_issued_there_is_nothing_to_adjust(
    draft, participant, unit_clerk, on_day
):
    on_day(IN_TIME)
    with pytest.raises(AdjustmentNoSheet):
        adjustments.propose_adjustment(
            by=unit_clerk, participant=participant, wanted={CELL: 1}, reason="无"
        )


def test_who_reviewed_does_not_finalise(propose, person, education, office_chief):
    both = person(Role.DEPT_HEAD, Role.OFFICE_CHIEF, department=education)
    row = adjustments.review_adjustment(by=both, adjustment=propose(), seen=None)
    with pytest.raises(TargetOwnDeed):
        adjustments.finalise_adjustment(by=both, adjustment=row, seen=None)

    row = adjustments.finalise_adjustment(by=office_chief, adjustment=row, seen=None)
    assert row.state == "finalised"


def test_the_department_proposes_for_its_unit_and_another_person_finalises(
    propose, dept_clerk, person, education, unit_clerk, office_chief
):
    both = person(Role.DEPT_CLERK, Role.OFFICE_CHIEF, department=education)
    row = propose(by=both, as_department=True)
    assert (row.state, row.reviewed_by) == ("reviewed", both)
    with pytest.raises(TargetOwnDeed):
        adjustments.finalise_adjustment(by=both, adjustment=row, seen=None)
    with pytest.raises(AdjustmentOfDepartment):
        adjustments.withdraw_adjustment(by=unit_clerk, adjustment=row, seen=None)
    row = adjustments.return_adjustment(by=office_chief, adjustment=row, seen=None, reason="补")
    again = adjustments.propose_again(
        by=dept_clerk,
        adjustment=row,
        seen=row.version,
        wanted={CELL: ticks(5)},
        reason="已补充依据",
        as_department=True,
    )
    assert (again.state, again.changes[0]["new"]) == ("reviewed", "5")


def test_what_the_unit_proposed_the_department_does_not_withdraw(adjustment, dept_clerk):
    with pytest.raises(AdjustmentOfUnit):
        adjustments.withdraw_adjustment(
            by=dept_clerk, adjustment=adjustment, seen=None, as_department=True
        )


def test_each_step_is_for_its_own_side(adjustment, unit_clerk, dept_head, office_chief, person):
    with pytest.raises(RoleMissing):
        adjustments.review_adjustment(by=office_chief, adjustment=adjustment, seen=None)
    with pytest.raises(TargetMoveNotOpen):
        adjustments.finalise_adjustment(by=office_chief, adjustment=adjustment, seen=None)
    with pytest.raises(Changed):
        adjustments.review_adjustment(by=dept_head, adjustment=adjustment, seen=99)
    with pytest.raises(TargetReasonMissing):
        adjustments.return_adjustment(by=dept_head, adjustment=adjustment, seen=None, reason=" ")
    row = adjustments.return_adjustment(
        by=dept_head, adjustment=adjustment, seen=None, reason="数值偏低"
    )
    again = adjustments.propose_again(
        by=unit_clerk, adjustment=row, seen=None, wanted={CELL: ticks(7)}, reason="上调"
    )
    assert (again.state, again.return_reason, again.number) == ("proposed", "", 1)


def test_an_adjustment_of_a_sheet_that_was_replaced_is_refused(
    accepted, scheme, dept_clerk, office_chief, template
):
    nextone = draft_next_version(by=dept_clerk, part=scheme.part, change_note="调整演练")
    tree = {
        **nextone.content,
        "sheets": {accepted.participant.code: {"values": {"J07": {"target": "9"}}}},
    }
    edit_part(by=dept_clerk, version=nextone, seen=None, content=tree)
    submit_part(by=dept_clerk, version=nextone, seen=None)
    approve_part(by=office_chief, version=nextone, seen=None)
    issue_part(by=office_chief, version=nextone, seen=None)

    with pytest.raises(AdjustmentStale):
        adjustments.finalise_adjustment(by=office_chief, adjustment=accepted, seen=None)


def test_a_scheme_drafted_before_does_not_undo_an_adjustment(
    accepted, scheme, dept_clerk, office_chief, on_day
):
    nextone = draft_next_version(by=dept_clerk, part=scheme.part, change_note="改前言")
    tree = {**nextone.content, "preface": "修订"}
    edit_part(by=dept_clerk, version=nextone, seen=None, content=tree)
    on_day(date(2026, 8, 11))
    adjustments.finalise_adjustment(by=office_chief, adjustment=accepted, seen=None)
    submit_part(by=dept_clerk, version=nextone, seen=None)
    approve_part(by=office_chief, version=nextone, seen=None)

    with pytest.raises(PartUndoes):
        issue_part(by=office_chief, version=nextone, seen=None)


def test_the_next_version_begins_with_what_was_adjusted(
    accepted, scheme, dept_clerk, office_chief, school
):
    adjustments.finalise_adjustment(by=office_chief, adjustment=accepted, seen=None)
    nextone = draft_next_version(by=dept_clerk, part=scheme.part)

    assert nextone.content["sheets"][school.code]["values"] == {"J07": {"target": "6"}}


def test_what_is_decided_is_not_withdrawn_nor_proposed_again(accepted, office_chief, unit_clerk):
    row = adjustments.finalise_adjustment(by=office_chief, adjustment=accepted, seen=None)
    with pytest.raises(TargetMoveNotOpen):
        adjustments.withdraw_adjustment(by=unit_clerk, adjustment=row, seen=None)
    with pytest.raises(TargetMoveNotOpen):
        adjustments.propose_again(
            by=unit_clerk, adjustment=row, seen=None, wanted={CELL: ticks(7)}, reason="再调"
        )


def test_the_record_names_the_role_in_which_it_was_done(accepted, office_chief):
    adjustments.return_adjustment(by=office_chief, adjustment=accepted, seen=None, reason="补")
    told = next(iter(tell(entries_of([accepted.subject]))))
    assert told.role == Role.OFFICE_CHIEF


def test_the_adjustment_that_was_last_counts_when_a_scheme_drafted_before_is_issued(
    accepted, propose, scheme, school, dept_clerk, dept_head, office_chief, on_day
):
    nextone = draft_next_version(by=dept_clerk, part=scheme.part, change_note="改前言")
    on_day(date(2026, 8, 11))
    adjustments.finalise_adjustment(by=office_chief, adjustment=accepted, seen=None)
    again = propose(wanted={CELL: ticks(7)})
    adjustments.review_adjustment(by=dept_head, adjustment=again, seen=None)
    adjustments.finalise_adjustment(by=office_chief, adjustment=again, seen=None)
    own = {"values": {"J07": {"target": "7"}}, "not_applicable": {}, "nodes": {}}
    tree = {**nextone.content, "preface": "修订", "sheets": {school.code: own}}

    edit_part(by=dept_clerk, version=nextone, seen=None, content=tree)
    submit_part(by=dept_clerk, version=nextone, seen=None)
    approve_part(by=office_chief, version=nextone, seen=None)
    issue_part(by=office_chief, version=nextone, seen=None)

    assert Sheet.objects.get(state="issued").content["sheet"] == own


def test_sheets_without_a_number_get_different_ones_when_they_are_adjusted(
    scheme, participant, year, office_chief
):
    first = Sheet.objects.get()
    others = Sheet.objects.filter(pk=first.pk)
    said = []
    with record_unlocked():
        others.update(sheet_number="")  # as those of a year that came in as a folder
        for _time in range(2):
            issuing = Issuing(office_chief, None, None, "调整", IN_TIME)
            said.append(issuing.next_number(year))
            others.update(sheet_number=said[-1])
    assert said[0] != said[1]


def test_an_adjustment_does_not_turn_an_indicator_round(propose):
    with pytest.raises(TargetsUnsound, match="J01"):
        propose(wanted={("J01", "full_at"): ticks(70)})


def test_an_adjustment_of_what_the_next_version_no_longer_asks_is_not_undone(
    accepted, scheme, dept_clerk, office_chief, on_day
):
    nextone = draft_next_version(by=dept_clerk, part=scheme.part, change_note="删去演练")
    kept = [each for each in nextone.content["indicators"] if each["item"] != "J07"]
    nextone.content = {**nextone.content, "indicators": kept}
    on_day(date(2026, 8, 11))
    adjustments.finalise_adjustment(by=office_chief, adjustment=accepted, seen=None)

    assert undone_by(nextone) == []
