"""Targets: declared by the unit, reviewed by its department, finalised by the office."""

from functools import partial

import pytest

from kaohe.core.access import Role
from kaohe.core.indicator_trees import sheet_from
from kaohe.core.indicators import SheetPlan, Values
from kaohe.core.target_path import TargetMoveNotOpen, TargetOwnDeed, TargetReasonMissing
from kaohe.indicators.models import Sheet
from kaohe.indicators.queries.parts import plan_in
from kaohe.indicators.queries.targets import counts_by_state, tables_of, target_lines
from kaohe.indicators.services import parts, targets
from kaohe.indicators.services.target_hook import finalise_with, may_return
from kaohe.indicators.services.target_refusals import (
    TargetsApproved,
    TargetsDraftClosed,
    TargetsDraftMissing,
    TargetsIssued,
    TargetsMoved,
    TargetsNoSheet,
    TargetsNothingToOpen,
    TargetsReturned,
    TargetsUnsound,
)
from kaohe.journal.models import JournalEntry
from kaohe.journal.queries import entries_of, tell
from kaohe.organization.queries.access import RoleMissing
from kaohe.organization.services.writing import Changed
from tests.fixtures.targets import ticks


@pytest.fixture
def declare(unit_clerk):
    return partial(targets.declare_targets, by=unit_clerk, seen=None)


def target_of(sheet, item="J07"):
    return sheet.values[item].target


def test_opening_makes_a_table_for_each_unit_of_the_draft_once(targets_table, draft, dept_clerk):
    assert targets_table.state == "open"
    with pytest.raises(TargetsNothingToOpen):
        targets.open_targets(by=dept_clerk, version=draft)


def test_a_declaration_holds_all_that_is_asked(declared):
    kept = sheet_from(declared.content)

    assert declared.state == "declared"
    assert target_of(kept) == ticks(10)
    assert target_of(kept, "J02") == ticks(100)
    assert kept.values["J01"] == Values(ticks(80), ticks(95))
    stood = declared.declared["stood"]["values"]
    assert declared.declared == {**declared.content, "stood": declared.declared["stood"]}
    assert stood["J07"] == {"target": "8"}


def test_what_was_accepted_stands_in_the_draft_of_the_scheme(reviewed, draft, school):
    draft.refresh_from_db()
    sheet = plan_in(draft).sheet(school.code)

    assert reviewed.state == "reviewed"
    assert sheet.values == {"J07": Values(target=ticks(10))}
    actions = {each.action for each in JournalEntry.objects.all()}
    assert {"targets.reviewed", "part.edited"} <= actions


def test_an_amendment_needs_a_reason_and_keeps_what_was_declared(
    declared, dept_head, draft, school
):
    amend = partial(
        targets.review_targets,
        by=dept_head,
        table=declared,
        seen=None,
        amended=SheetPlan({"J07": Values(target=ticks(12))}),
    )
    with pytest.raises(TargetReasonMissing):
        amend(reason=" ")
    row = amend(reason="全市统一要求每月一次。")

    assert row.note == "全市统一要求每月一次。"
    assert target_of(sheet_from(row.content)) == ticks(12)
    assert target_of(sheet_from(row.declared)) == ticks(10)
    draft.refresh_from_db()
    assert target_of(plan_in(draft).sheet(school.code)) == ticks(12)
    [line] = [each for each in target_lines(row) if each.is_amended]
    assert (line.declared.target, line.agreed.target) == (ticks(10), ticks(12))


def test_three_persons_answer_for_a_target(declared, person, education, school):
    everything = person(
        Role.UNIT_CLERK, Role.DEPT_CLERK, Role.OFFICE_CHIEF, department=education, unit=school
    )
    declared.declared_by = everything
    declared.save()
    with pytest.raises(TargetOwnDeed):
        targets.review_targets(by=everything, table=declared, seen=None)


def test_who_reviewed_does_not_finalise(declared, person, education, office_chief):
    both = person(Role.DEPT_CLERK, Role.OFFICE_CHIEF, department=education)
    row = targets.review_targets(by=both, table=declared, seen=None)
    with pytest.raises(TargetOwnDeed):
        targets.finalise_targets(by=both, tables=[(row, None)])
    [row] = targets.finalise_targets(by=office_chief, tables=[(row, row.version)])
    assert row.state == "finalised"


def test_a_return_needs_a_reason_and_goes_back_to_the_unit(declared, dept_clerk, declare):
    with pytest.raises(TargetReasonMissing):
        targets.return_targets(by=dept_clerk, table=declared, seen=None, reason="\u200b ")
    row = targets.return_targets(by=dept_clerk, table=declared, seen=None, reason="演练次数偏少")
    assert (row.state, row.return_reason) == ("returned", "演练次数偏少")
    again = declare(table=row, own=SheetPlan({"J07": Values(target=ticks(11))}))
    assert (again.state, again.return_reason) == ("declared", "")


def test_the_office_returns_what_was_reviewed_and_the_department_cannot(
    reviewed, dept_clerk, office_chief
):
    give_back = partial(targets.return_targets, table=reviewed, seen=None, reason="依据不足")
    with pytest.raises(TargetMoveNotOpen):
        give_back(by=dept_clerk)
    assert give_back(by=office_chief).reviewed_by is None


def test_what_a_rule_cannot_use_is_refused_with_its_place(targets_table, declare):
    with pytest.raises(TargetsUnsound, match="J01") as refused:
        declare(
            table=targets_table,
            own=SheetPlan(
                {
                    "J01": Values(zero_at=ticks(95), full_at=ticks(95)),
                    "J07": Values(target=0),
                }
            ),
        )
    assert refused.value.facts["count"] == 2


def test_what_was_filled_in_is_kept_and_declared_later(targets_table, unit_clerk, own, declare):
    row = targets.fill_targets(by=unit_clerk, table=targets_table, seen=1, own=own)
    same = targets.fill_targets(by=unit_clerk, table=row, seen=None, own=own)
    assert (row.state, same.version) == ("open", row.version)
    with pytest.raises(Changed):
        targets.fill_targets(by=unit_clerk, table=row, seen=1, own=own)

    assert target_of(sheet_from(declare(table=row).content)) == ticks(10)


def test_the_values_and_their_reasons_are_sealed_on_record(declared):
    told = next(iter(tell(entries_of([declared.subject]))))

    assert told.action == "targets.declared"
    assert "J07/target:  → 10" in told.sealed["cells"]
    assert set(told.facts) == {"state", "digest"}


def test_other_units_and_other_roles_may_not(targets_table, person, hospital, dept_clerk, own):
    stranger = person(Role.UNIT_CLERK, unit=hospital)
    for by in (stranger, dept_clerk):
        with pytest.raises(RoleMissing):
            targets.declare_targets(by=by, table=targets_table, seen=None, own=own)


def test_review_waits_for_a_draft_that_may_be_edited(
    declared, draft, dept_clerk, dept_head, office_chief, submit
):
    submit(version=draft)
    with pytest.raises(TargetsDraftClosed, match="教育和体育局"):
        targets.review_targets(by=dept_head, table=declared, seen=None)
    parts.return_part(by=office_chief, version=draft, seen=None, reason="目标未审核")
    assert targets.review_targets(by=dept_head, table=declared, seen=None).state == "reviewed"
    parts.withdraw_part(by=dept_clerk, version=draft, seen=None)
    row = targets.return_targets(by=office_chief, table=declared, seen=None, reason="方案撤回")
    with pytest.raises(TargetsDraftMissing):
        targets.declare_targets(by=declared.declared_by, table=row, seen=None)


def test_a_unit_without_a_sheet_in_the_draft_has_nothing_to_declare(
    targets_table, draft, dept_clerk, declare
):
    parts.edit_part(
        by=dept_clerk, version=draft, seen=None, content={**draft.content, "sheets": {}}
    )
    with pytest.raises(TargetsNoSheet):
        declare(table=targets_table)


def test_approving_the_scheme_finalises_what_was_reviewed(reviewed, draft, submit, office_chief):
    submit(version=draft)
    draft.refresh_from_db()
    [row] = finalise_with(office_chief, draft)

    assert (row.state, row.finalised_by) == ("finalised", office_chief)


def test_a_scheme_that_lost_what_was_agreed_is_not_approved(
    reviewed, draft, dept_clerk, office_chief
):
    tree = {**draft.content, "sheets": {reviewed.participant.code: {}}}
    parts.edit_part(by=dept_clerk, version=draft, seen=None, content=tree)
    draft.refresh_from_db()

    with pytest.raises(TargetsMoved, match="第一中学"):
        finalise_with(office_chief, draft)
    with pytest.raises(TargetsMoved):
        targets.finalise_targets(by=office_chief, tables=[(reviewed, None)])


def test_once_the_sheet_is_issued_targets_are_not_returned(
    reviewed, template, draft, issued, dept_clerk, office_chief
):
    draft.refresh_from_db()
    issued(draft, dept_clerk, office_chief)
    reviewed.refresh_from_db()

    assert Sheet.objects.get().content["sheet"]["values"]["J07"] == {"target": "10"}
    assert reviewed.state == "finalised"
    with pytest.raises(TargetsIssued):
        targets.return_targets(by=office_chief, table=reviewed, seen=None, reason="重报")


def test_a_deed_out_of_turn_is_refused(targets_table, dept_head, office_chief):
    with pytest.raises(TargetMoveNotOpen):
        targets.review_targets(by=dept_head, table=targets_table, seen=None)
    with pytest.raises(TargetMoveNotOpen):
        targets.finalise_targets(by=office_chief, tables=[(targets_table, None)])


def test_all_that_a_department_was_declared_is_accepted_at_once(declared, dept_head, year):
    [row] = targets.review_all(by=dept_head, tables=[(declared, declared.version)])
    assert row.state == "reviewed"
    assert counts_by_state(tables_of(dept_head, year)) == {"reviewed": 1}


def test_a_target_turned_round_is_refused_whatever_the_reason(targets_table, declared, dept_head):
    turned = SheetPlan({"J01": Values(ticks(80), ticks(70), reason="反了")})
    review = partial(targets.review_targets, by=dept_head, table=declared, seen=None)
    with pytest.raises(TargetsUnsound, match="J01"):
        review(amended=turned, reason="调整")


def test_what_is_easier_than_the_scheme_needs_a_reason_and_is_shown_after_review(
    targets_table, declare, dept_head
):
    with pytest.raises(TargetsUnsound, match="J07"):
        declare(table=targets_table, own=SheetPlan({"J07": Values(target=ticks(3))}))
    low = SheetPlan({"J07": Values(target=ticks(3), reason="操场停用")})
    row = declare(table=targets_table, own=low)
    row = targets.review_targets(by=dept_head, table=row, seen=None)

    [line] = [each for each in target_lines(row) if each.easier]
    assert (line.stood.target, line.agreed.target) == (ticks(8), ticks(3))
    assert line.actual_year is None


def test_a_scheme_that_holds_what_was_returned_is_not_approved(
    reviewed, draft, submit, office_chief
):
    submit(version=draft)
    targets.return_targets(by=office_chief, table=reviewed, seen=None, reason="依据不足")

    with pytest.raises(TargetsReturned, match="第一中学"):
        parts.approve_part(by=office_chief, version=draft, seen=None)
    parts.return_part(by=office_chief, version=draft, seen=None, reason="目标退回")


def test_finalised_targets_of_an_approved_scheme_wait_for_its_return(
    reviewed, draft, submit, office_chief
):
    submit(version=draft)
    parts.approve_part(by=office_chief, version=draft, seen=None)
    give_back = partial(
        targets.return_targets, by=office_chief, table=reviewed, seen=None, reason="重报"
    )
    with pytest.raises(TargetsApproved, match="教育和体育局"):
        give_back()
    reviewed.refresh_from_db()
    assert not may_return(reviewed)
    parts.return_part(by=office_chief, version=draft, seen=None, reason="目标重报")
    assert give_back().state == "returned"
