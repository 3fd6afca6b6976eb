"""The path of a part: drafted, handed in, returned with marks, approved, issued."""

from functools import partial

import pytest

from kaohe.core.indicator_trees import plan_of, tree_of
from kaohe.core.part_path import PartMoveNotOpen, PartOwnDraft, PartReasonMissing
from kaohe.indicators.models import Sheet
from kaohe.indicators.services import issuing, parts
from kaohe.journal.models import JournalEntry
from kaohe.organization.services.writing import Changed
from tests.fixtures.indicators import school_plan


def test_a_scheme_goes_from_a_draft_to_a_sheet_for_the_unit(scheme, school):
    sheet = Sheet.objects.get()

    assert scheme.state == "issued"
    assert sheet.participant.code == school.code
    assert [each["item"] for each in sheet.content["indicators"]][:3] == ["R01", "E01", "J01"]
    said = JournalEntry.objects.get(subject=sheet.subject)
    assert sheet.digest in said.leaf


def test_who_drafted_does_not_approve(draft, submit, person, education):
    from kaohe.core.access import Role

    both = person(Role.DEPT_CLERK, Role.OFFICE_CHIEF, department=education)
    parts.edit_part(by=both, version=draft, seen=None, content=draft.content, change_note="看过")
    submit(version=draft)
    with pytest.raises(PartOwnDraft):
        parts.approve_part(by=both, version=draft, seen=None)


def test_a_return_needs_a_reason_or_a_mark(draft, submit, office_chief):
    submit(version=draft)
    give_back = partial(parts.return_part, by=office_chief, version=draft, seen=None)

    with pytest.raises(PartReasonMissing):
        give_back(reason=" ", marks=[parts.Marked("indicators/J01/points", " ")])
    row = give_back(marks=[parts.Marked("indicators/J01/points", "分值偏高")])
    assert row.state == "returned"
    assert row.marks.get().text == "15"


def test_what_was_approved_and_is_returned_is_approved_by_nobody(
    draft, template, submit, office_chief
):
    submit(version=draft)
    row = parts.approve_part(by=office_chief, version=draft, seen=None)
    assert (row.approved_by, row.approved_at is None) == (office_chief, False)

    row = parts.return_part(by=office_chief, version=row, seen=None, reason="目标请核对")

    assert (row.approved_by, row.approved_at) == (None, None)
    assert row.returned_by == office_chief


def test_a_mark_is_settled_when_its_cell_changes(draft, submit, office_chief, dept_clerk, school):
    submit(version=draft)
    paths = ("indicators/J01/name", "indicators/J01/points")
    marks = [parts.Marked(path, "写明口径") for path in paths]
    row = parts.return_part(by=office_chief, version=draft, seen=None, marks=marks)
    plan = school_plan(school.code)
    tree = tree_of(plan)
    tree["indicators"][0]["name"] = "教学常规检查合格率（县级抽查）"
    parts.edit_part(by=dept_clerk, version=row, seen=None, content=tree)

    named, other = row.marks.order_by("id")
    assert (named.settled, other.settled) == (True, False)
    assert plan_of(tree).indicators[0].name.endswith("（县级抽查）")


def test_two_drafters_do_not_overwrite_one_another(draft, dept_clerk, dept_head):
    seen = draft.version
    tree = {**draft.content, "preface": "甲"}
    parts.edit_part(by=dept_clerk, version=draft, seen=seen, content=tree)
    with pytest.raises(Changed):
        parts.edit_part(
            by=dept_head, version=draft, seen=seen, content={**draft.content, "preface": "乙"}
        )


def test_what_is_not_approved_is_not_issued(draft, template, office_head):
    with pytest.raises(PartMoveNotOpen):
        issuing.issue_part(by=office_head, version=draft, seen=None)
