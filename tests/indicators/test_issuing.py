"""Issuing: sheets, what keeps them back, receipts, next versions, the archive."""

from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from kaohe.core.access import Role
from kaohe.core.indicator_trees import digest_of, tree_of
from kaohe.core.indicators import Node, Plan, SheetPlan, Values
from kaohe.core.part_path import PartMoveNotOpen, Sort
from kaohe.core.quantities import TICK
from kaohe.indicators.models import Adjustment, Participant, PartVersion, Sheet
from kaohe.indicators.queries.parts import flat
from kaohe.indicators.queries.review import units_gone
from kaohe.indicators.queries.sheets import sheet_differences, undone_by
from kaohe.indicators.services import (
    archiving,
    issuing,
    parts,
    receiving,
    reviewing,
)
from kaohe.indicators.services.part_refusals import (
    MarkNowhere,
    PartMoved,
    PartUndoes,
    SheetNotInForce,
    SheetReceived,
    TemplateMissing,
)
from kaohe.journal.models import JournalEntry
from kaohe.organization.queries.access import RoleMissing
from kaohe.organization.services.writing import Changed
from tests.fixtures.database import record_unlocked
from tests.fixtures.indicators import common_plan, school_plan
from tests.fixtures.people import make_unit


@pytest.fixture
def approved(draft, template, submit, office_chief):
    """The department's draft, approved."""
    submit(version=draft)
    return parts.approve_part(by=office_chief, version=draft, seen=None)


@pytest.fixture
def issue(office_chief):
    return partial(issuing.issue_part, by=office_chief, seen=None)


@pytest.fixture
def sheet(scheme):
    return Sheet.objects.get()


@pytest.fixture
def unit_head(person, school):
    return person(Role.UNIT_HEAD, unit=school)


def next_version(dept_clerk, scheme, **changes):
    """The next version of a scheme, with another plan."""
    row = parts.draft_next_version(by=dept_clerk, part=scheme.part, change_note="修订")
    content = {**row.content, **changes}
    return parts.edit_part(by=dept_clerk, version=row, seen=None, content=content)


def renamed(scheme):
    """The indicators of a scheme, the first with another name."""
    first, *rest = scheme.content["indicators"]
    return [{**first, "name": "教学常规检查优良率"}, *rest]


def test_without_a_common_template_no_sheet_is_issued(draft, submit, office_chief, issue):
    submit(version=draft)
    parts.approve_part(by=office_chief, version=draft, seen=None)

    with pytest.raises(TemplateMissing, match="2026"):
        issue(version=draft)

    draft.refresh_from_db()
    assert draft.state == "approved"
    assert Sheet.objects.count() == 0


def test_sheets_are_numbered_in_their_year(sheet):
    assert sheet.sheet_number == "考核单〔2026〕001号"
    assert (sheet.number, sheet.state) == (1, "issued")
    assert digest_of(sheet.content) == sheet.digest


def test_a_unit_that_the_scheme_does_not_name_gets_no_sheet(approved, issue, city, education, year):
    other = make_unit(city, education, "示例市第二中学", 49458013)
    Participant.objects.create(
        jurisdiction=city,
        assessment_year=year,
        unit=other,
        department=education,
        code=other.code,
        name=other.name,
        department_name=education.name,
    )

    issue(version=approved)

    assert [each.participant.code for each in Sheet.objects.all()] == list(
        approved.content["sheets"]
    )


@pytest.mark.parametrize("how", ["moved", "closed", "exempt", "taken over", "gone"])
def test_a_unit_that_has_left_keeps_its_scheme_from_approval_and_issue(
    how, draft, template, submit, school, health, office_chief, issue
):
    submit(version=draft)
    row = Participant.objects.get(code=school.code)
    if how == "moved":
        school.department = health
        school.save()
    elif how == "closed":
        school.closed_on = date(2026, 3, 1)
        school.save()
    elif how == "exempt":
        row.status = "exempt"
        row.save()
    elif how == "taken over":
        row.department, row.department_name = health, health.name
        row.save()
    else:
        row.delete()
    name = school.name if how != "gone" else school.code

    with pytest.raises(PartMoved, match=name):
        parts.approve_part(by=office_chief, version=draft, seen=None)
    PartVersion.objects.filter(pk=draft.pk).update(state="approved")
    with pytest.raises(PartMoved, match=name):
        issue(version=draft)

    draft.refresh_from_db()
    assert len(units_gone(draft)) == 1
    assert Sheet.objects.count() == 0


def test_the_way_out_is_to_return_it_and_take_the_unit_out(
    draft, template, submit, school, health, office_chief, dept_clerk, city, education, year
):
    other = make_unit(city, education, "示例市第二中学", 49458013)
    Participant.objects.create(
        jurisdiction=city,
        assessment_year=year,
        unit=other,
        department=education,
        code=other.code,
        name=other.name,
        department_name=education.name,
    )
    content = tree_of(school_plan(school.code, other.code))
    parts.edit_part(by=dept_clerk, version=draft, seen=None, content=content)
    submit(version=draft)
    school.department = health
    school.save()
    row = parts.return_part(
        by=office_chief,
        version=draft,
        seen=None,
        marks=[parts.Marked(f"sheets/{school.code}", "已划出")],
    )
    parts.edit_part(by=dept_clerk, version=row, seen=None, content=tree_of(school_plan(other.code)))

    assert row.marks.get().settled
    submit(version=row)
    parts.approve_part(by=office_chief, version=row, seen=None)
    issuing.issue_part(by=office_chief, version=row, seen=None)
    assert Sheet.objects.get().participant.unit == other


def test_the_next_version_makes_a_next_sheet_only_where_something_differs(
    scheme, sheet, dept_clerk, office_chief, issued
):
    first = next_version(dept_clerk, scheme, preface="改")
    issued(first, dept_clerk, office_chief)
    assert Sheet.objects.get() == sheet  # the preface stands on no sheet

    second = next_version(dept_clerk, scheme, indicators=renamed(scheme))
    issued(second, dept_clerk, office_chief)

    old, new = Sheet.objects.order_by("number")
    assert [(each.number, each.state) for each in (old, new)] == [(1, "superseded"), (2, "issued")]
    assert new.sheet_number == old.sheet_number
    assert new.reason == "修订"
    [found] = sheet_differences(old, new)
    assert (found.where.label, found.new) == ("name of the indicator", "教学常规检查优良率")
    scheme.refresh_from_db()
    assert scheme.state == "superseded"


def test_the_next_draft_begins_with_the_targets_as_adjusted(scheme, sheet, school, dept_clerk):
    own = {"values": {"J07": {"target": "6", "reason": "灾情"}}, "not_applicable": {}, "nodes": {}}
    content = {**sheet.content, "sheet": own}
    with record_unlocked():
        Sheet.objects.filter(pk=sheet.pk).update(content=content, digest=digest_of(content))

    row = parts.draft_next_version(by=dept_clerk, part=scheme.part)

    assert row.content["sheets"][school.code] == own
    assert row.content["indicators"] == scheme.content["indicators"]


def test_a_version_that_would_undo_a_later_adjustment_is_not_issued(
    scheme, sheet, school, dept_clerk, office_chief, issued
):
    row = next_version(dept_clerk, scheme, indicators=renamed(scheme))
    changes = [{"item": "J07", "field": "target", "old": "8", "new": "6.0"}]
    Adjustment.objects.create(
        jurisdiction=scheme.jurisdiction,
        participant=sheet.participant,
        number=1,
        sheet=sheet,
        state="finalised",
        changes=changes,
        reason="灾情",
        proposed_by=dept_clerk,
    )
    parts.submit_part(by=dept_clerk, version=row, seen=None)
    parts.approve_part(by=office_chief, version=row, seen=None)

    with pytest.raises(PartUndoes, match=school.name):
        issuing.issue_part(by=office_chief, version=row, seen=None)

    values = {"J07": Values(target=6 * TICK)}
    plan = Plan("改", school_plan(school.code).indicators, {school.code: SheetPlan(values)})
    parts.return_part(by=office_chief, version=row, seen=None, reason="按调整后的目标填写")
    parts.edit_part(by=dept_clerk, version=row, seen=None, content=tree_of(plan))
    row.refresh_from_db()
    assert undone_by(row) == []


def test_several_are_issued_all_or_none(approved, template, office_chief, year):
    other = parts.draft_next_version(
        by=office_chief, part=template.part, change_note="修订"
    )  # a draft: it cannot be issued
    with pytest.raises(PartMoveNotOpen):
        issuing.issue_parts(by=office_chief, versions=[(approved, None), (other, None)])

    assert Sheet.objects.count() == 0
    assert JournalEntry.objects.filter(action="sheet.issued").count() == 0


def test_or_each_by_itself_with_its_reason(approved, template, office_chief):
    other = parts.draft_next_version(by=office_chief, part=template.part, change_note="修订")
    told = []

    found = issuing.issue_each(
        by=office_chief,
        versions=[(other, None), (approved, None)],
        progress=lambda *at: told.append(at),
    )

    assert [row.pk for row in found.done] == [approved.pk]
    assert [(each.version, each.refusal.code) for each in found.kept] == [
        (other, "part.move-not-open")
    ]
    assert Sheet.objects.count() == 1
    assert told[-1][:2] == (1, 2)


def test_many_are_approved_and_the_exceptions_say_why(
    draft, template, submit, person, city, education, health, hospital, year, dept_clerk
):
    submit(version=draft)
    both = person(Role.OFFICE_CHIEF)
    own = parts.draft_next_version(by=both, part=template.part, change_note="修订")
    content = {**tree_of(common_plan()), "preface": "修订"}
    parts.edit_part(by=both, version=own, seen=None, content=content)
    parts.submit_part(by=both, version=own, seen=None)
    own.refresh_from_db()
    draft.refresh_from_db()

    stale = reviewing.approve_parts(by=both, versions=[(draft, draft.version - 1)])
    found = reviewing.approve_parts(by=both, versions=[(own, own.version), (draft, draft.version)])

    assert [each.refusal.code for each in stale.kept] == ["writing.changed-meanwhile"]
    assert [row.pk for row in found.done] == [draft.pk]
    assert [each.refusal.code for each in found.kept] == ["part.own-draft"]
    own.refresh_from_db()
    assert own.state == "submitted"


def test_a_mark_on_a_cell_that_is_not_there_is_refused(draft, submit, office_chief, school):
    submit(version=draft)
    for path in ("indicators/J99/name", "indicators/J01/colour", "sheets/1/J01/target", "x" * 300):
        with pytest.raises(MarkNowhere):
            parts.return_part(
                by=office_chief, version=draft, seen=None, marks=[parts.Marked(path, "改")]
            )
    assert draft.marks.count() == 0

    empty = f"sheets/{school.code}/J01/target"  # may be marked because nothing stands there
    assert empty not in flat(Sort.DEPARTMENT, draft.content)
    row = parts.return_part(
        by=office_chief, version=draft, seen=None, marks=[parts.Marked(empty, "请填目标")]
    )
    assert row.marks.get().text == ""


def test_the_head_of_the_unit_confirms_the_receipt_once(sheet, unit_head):
    row = receiving.receive_sheet(by=unit_head, sheet=sheet, seen=sheet.version)

    assert row.received_by == unit_head
    with pytest.raises(SheetReceived, match=unit_head.name):
        receiving.receive_sheet(by=unit_head, sheet=sheet, seen=None)


def test_nobody_else_confirms_it(sheet, unit_clerk, dept_head, office_head, person, hospital):
    other = person(Role.UNIT_HEAD, unit=hospital)
    for user in (unit_clerk, dept_head, office_head, other):
        with pytest.raises(RoleMissing):
            receiving.receive_sheet(by=user, sheet=sheet, seen=None)


def test_only_the_sheet_in_force_is_received(
    scheme, sheet, unit_head, dept_clerk, office_chief, issued
):
    row = next_version(dept_clerk, scheme, indicators=renamed(scheme))
    issued(row, dept_clerk, office_chief)

    with pytest.raises(SheetNotInForce):
        receiving.receive_sheet(by=unit_head, sheet=sheet, seen=None)
    with pytest.raises(Changed):
        receiving.receive_sheet(by=unit_head, sheet=sheet, seen=sheet.version)


def test_a_year_that_is_over_takes_its_parts_along(scheme, sheet, year, office_head, office_clerk):
    with pytest.raises(RoleMissing):
        archiving.archive_parts(by=office_clerk, year=year)

    assert archiving.archive_parts(by=office_head, year=year) == 3  # template, scheme, sheet

    sheet.refresh_from_db()
    assert sheet.state == "archived"
    assert set(PartVersion.objects.values_list("state", flat=True)) == {"archived"}


def test_a_day_that_was_adjusted_is_not_undone_by_a_draft_that_began_before(
    scheme, sheet, school, dept_clerk
):
    nodes = {"J07": (Node("完成演练", 100 * TICK, date(2026, 6, 30)),)}
    shape = [
        replace(each, rule="milestones", target=None) if each.item == "J07" else each
        for each in school_plan(school.code).indicators
    ]
    plan = Plan("改", tuple(shape), {school.code: SheetPlan(nodes=nodes)})
    row = next_version(dept_clerk, scheme, indicators=renamed(scheme))
    parts.edit_part(by=dept_clerk, version=row, seen=None, content=tree_of(plan))
    changes = [
        {"item": "J07", "field": "due_on/完成演练", "old": "2026-06-30", "new": "2026-09-30"}
    ]
    Adjustment.objects.create(
        jurisdiction=scheme.jurisdiction,
        participant=sheet.participant,
        number=1,
        sheet=sheet,
        state="finalised",
        changes=changes,
        reason="灾情",
        proposed_by=dept_clerk,
    )
    row.refresh_from_db()
    assert undone_by(row) == [school.name]
