"""An import that was applied, undone: the draft says again what it said."""

from copy import deepcopy

import pytest

from kaohe.core.access import Role
from kaohe.core.errors import Refusal
from kaohe.indicators.services import parts
from kaohe.indicators.services.marking import Marked
from kaohe.indicators.services.part_undoing import undo_part_file
from kaohe.journal.models import JournalEntry
from kaohe.organization.queries.access import RoleMissing
from tests.indicators.books import apply, fresh


def undo(row, by, seen=None):
    return undo_part_file(by=by, row=row, seen=seen)


def refusal_of(do, *args, **given):
    with pytest.raises(Refusal) as refused:
        do(*args, **given)
    return refused.value


def test_the_draft_says_again_what_it_said_and_the_record_keeps_both(bring, draft, dept_clerk):
    before = deepcopy(fresh(draft).content)
    row = apply(bring(("方案", 2, "分值", 14)), dept_clerk)
    count = JournalEntry.objects.count()

    undone = undo(row, dept_clerk, seen=row.version)

    assert undone.state == "undone"
    assert fresh(draft).content == before
    actions = JournalEntry.objects.order_by("pk").values_list("action", flat=True)[count:]
    assert list(actions) == ["part.edited", "part-import.undone"]


def test_two_imports_are_undone_the_last_one_first(bring, draft, dept_clerk):
    before = deepcopy(fresh(draft).content)
    first = apply(bring(("方案", 2, "分值", 14)), dept_clerk)
    second = apply(bring(("方案", 3, "分值", 16), version=fresh(draft)), dept_clerk)

    assert refusal_of(undo, first, dept_clerk).code == "part-file.edited"
    undo(second, dept_clerk)
    undo(first, dept_clerk)
    assert fresh(draft).content == before


def test_a_draft_that_was_edited_since_stays_and_who_and_when_is_told(
    bring, draft, dept_clerk, person, education
):
    row = apply(bring(("方案", 2, "分值", 14)), dept_clerk)
    other = person(Role.DEPT_CLERK, department=education)
    content = deepcopy(fresh(draft).content)
    content["indicators"][1]["points"] = "16"
    parts.edit_part(by=other, version=draft, seen=None, content=content)

    refusal = refusal_of(undo, row, dept_clerk)

    assert (refusal.code, refusal.facts["name"]) == ("part-file.edited", other.name)
    assert fresh(draft).content == content


def test_a_version_that_was_handed_in_is_not_changed(bring, draft, dept_clerk, submit):
    row = apply(bring(("方案", 2, "分值", 14), ("方案", 3, "分值", 16)), dept_clerk)
    submit(version=fresh(draft))

    assert refusal_of(undo, row, dept_clerk).code == "part-file.left"


def test_only_what_was_applied_is_undone_and_once(bring, dept_clerk):
    row = bring(("方案", 2, "分值", 14))
    assert refusal_of(undo, row, dept_clerk).code == "part-file.not-applied"
    applied = apply(row, dept_clerk)
    stale = refusal_of(undo, applied, dept_clerk, seen=applied.version - 1)
    assert stale.code == "writing.changed-meanwhile"
    undo(applied, dept_clerk)
    assert refusal_of(undo, applied, dept_clerk).code == "part-file.not-applied"


def test_what_was_applied_before_this_was_kept_cannot_be_undone(bring, dept_clerk):
    row = apply(bring(("方案", 2, "分值", 14)), dept_clerk)
    row.before = None
    row.save()

    assert refusal_of(undo, row, dept_clerk).code == "part-file.not-kept"


def test_others_may_not(bring, dept_clerk, person, health):
    row = apply(bring(("方案", 2, "分值", 14)), dept_clerk)

    for somebody in (person(Role.DEPT_CLERK, department=health), person(Role.OFFICE_CLERK)):
        with pytest.raises(RoleMissing):
            undo(row, somebody)


def test_a_mark_that_the_file_had_settled_is_open_again(
    bring, draft, dept_clerk, office_chief, submit
):
    submit(version=draft)
    marks = [Marked("indicators/J01/points", "偏高"), Marked("indicators/J02/points", "偏低")]
    parts.return_part(by=office_chief, version=fresh(draft), seen=None, marks=marks)
    row = apply(bring(("方案", 2, "分值", 14), version=fresh(draft)), dept_clerk)
    mark = draft.marks.get(path="indicators/J01/points")
    assert mark.settled

    undo(row, dept_clerk)

    assert not fresh(mark).settled
    actions = JournalEntry.objects.filter(subject=mark.subject).order_by("pk")
    assert [each.action for each in actions] == ["mark.made", "mark.settled", "mark.reopened"]
