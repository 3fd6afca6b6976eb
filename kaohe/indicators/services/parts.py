"""The parts of a year's scheme: begun, edited, handed in, returned or approved, given up.

Which move is open from where, to whom, is ``core.part_path``; here it is carried out.  Issuing,
which makes sheets, is in ``issuing``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from kaohe.core.checkup import errors_among
from kaohe.core.checkup_answers import open_warnings
from kaohe.core.indicator_trees import digest_of
from kaohe.core.leaf import Event, Fact
from kaohe.core.part_path import VERBS, Action, Sort, State, advance, next_number
from kaohe.core.plan_differences import CellChange, cell_changes
from kaohe.core.texts import clean_long
from kaohe.indicators.models import AssessmentYear, Part, PartVersion
from kaohe.indicators.queries.answers import told_in
from kaohe.indicators.queries.checkup import findings_of
from kaohe.indicators.queries.checkup_words import finding_in_words
from kaohe.indicators.queries.limits import limits_in_years, returns_in
from kaohe.indicators.queries.parts import flat, hands_on, in_force, verbs_on
from kaohe.indicators.queries.review import units_gone
from kaohe.indicators.queries.sheets import next_content
from kaohe.indicators.services.marking import Marked, make_marks, settle_marks
from kaohe.indicators.services.part_refusals import (
    PartMoved,
    PartNoteMissing,
    PartNotSound,
    PartReturnedOften,
    PartThere,
    PartUnchanged,
    YearIsClosed,
)
from kaohe.indicators.services.target_hook import finalise_with
from kaohe.organization.models import Department, User
from kaohe.organization.queries.access import require
from kaohe.organization.services.writing import State as Before
from kaohe.organization.services.writing import (
    changed,
    created,
    is_same,
    record,
    save,
    taken,
)

__all__ = ["Marked"]
Content = Mapping[str, Any]


@transaction.atomic
def begin_part(
    *,
    by: User,
    year: AssessmentYear,
    sort: Sort,
    content: Content,
    department: Department | None = None,
    change_note: str = "",
) -> PartVersion:
    """Begin a part with the draft of its first version.

    Args:
        department: of a department's scheme.

    Raises:
        RoleMissing: ``by`` may not.
        YearIsClosed: the year is over.
        PartThere: it was begun before.
    """
    row = Part(
        jurisdiction=year.jurisdiction, assessment_year=year, sort=sort, department=department
    )
    require(by, VERBS[sort].draft, row)
    must_be_open(taken(AssessmentYear, year.pk, None))
    if Part.objects.filter(assessment_year=year, sort=sort, department=department).exists():
        raise PartThere
    row.save()
    record(created(row, "part.begun"), by=by)
    return _draft(by, row, 1, content, change_note)


def must_be_open(year: AssessmentYear) -> None:
    """See that a year is not over.

    Raises:
        YearIsClosed: it is.
    """
    if year.state != "open":
        raise YearIsClosed(year=year.year)


def _draft(by: User, part: Part, number: int, content: Content, note: str) -> PartVersion:
    row = PartVersion.objects.create(
        jurisdiction=part.jurisdiction,
        part=part,
        number=number,
        content=dict(content),
        digest=digest_of(content),
        change_note=clean_long(note),
        drafted_by=by,
    )
    record(created(row, "part.drafted"), by=by)
    return row


@transaction.atomic
def draft_next_version(
    *, by: User, part: Part, change_note: str = "", content: Content | None = None
) -> PartVersion:
    """Begin the next version, with what is in force.

    Args:
        content: something else to begin with.

    Raises:
        RoleMissing: ``by`` may not.
        YearIsClosed: the year is over.
        PartVersionOpen: another version is not finished; who was later is told.
    """
    require(by, VERBS[Sort(part.sort)].draft, part)
    must_be_open(taken(AssessmentYear, part.assessment_year_id, None))  # no adjustment meanwhile
    row = taken(Part, part.pk, None)
    states = {each.number: State(each.state) for each in row.versions.only("number", "state")}
    number = next_number(states)
    if content is None:
        content = next_content(row)
    return _draft(by, row, number, content, change_note)


@transaction.atomic
def edit_part(
    *,
    by: User,
    version: PartVersion,
    seen: int | None,
    content: Content,
    change_note: str | None = None,
) -> PartVersion:
    """Change a draft, or a version that was returned; the record keeps which cells changed.

    Raises:
        RoleMissing: ``by`` may not.
        YearIsClosed: the year is over.
        PartIssuedIsFixed, PartMoveNotOpen: it cannot be edited where it stands.
        Changed: it is not what ``by`` saw: somebody else has edited it.
    """
    row, before = taken_version(by, version, seen, Action.EDIT)
    must_be_open(row.part.assessment_year)
    row.state = moved(by, row, Action.EDIT)
    old, row.content = row.content, dict(content)
    row.digest = digest_of(row.content)
    if change_note is not None:
        row.change_note = clean_long(change_note)
    if is_same(row, before):
        return row
    sort = row.part.sort
    found = cell_changes(flat(sort, old), flat(sort, row.content))
    save(row, by=by, event=told(row, before, "part.edited", texts={"cells": in_lines(found)}))
    settle_marks(by, row)
    return row


def in_lines(found: Sequence[CellChange]) -> str:
    """Changes of cells as the record keeps them: a line for each."""
    return "\n".join(f"{each.path}: {each.old} → {each.new}" for each in found)


def taken_version(
    by: User, version: PartVersion, seen: int | None, action: Action
) -> tuple[PartVersion, Before]:
    """The version, locked, after it was asked whether a person may take an action at all."""
    draft, approve, issue = VERBS[Sort(version.part.sort)]
    verb = {
        Action.RETURN: approve,
        Action.APPROVE: approve,
        Action.ISSUE: issue,
        Action.ARCHIVE: issue,
    }.get(action, draft)
    require(by, verb, version)
    row = taken(PartVersion, version.pk, seen)
    return row, Before(row)


def moved(by: User, row: PartVersion, action: Action, *, reason: str = "", marks: int = 0) -> State:
    """Where an action leads; people are known to the rule by their pseudonyms."""
    return advance(
        Sort(row.part.sort),
        State(row.state),
        action,
        by=by.pseudonym,
        hands=hands_on(row),
        may=verbs_on(by, row.part),
        reason=reason,
        marks=marks,
    )


def told(
    row: PartVersion,
    before: Before,
    action: str,
    extra: Mapping[str, Fact] | None = None,
    **given: Any,
) -> Event:
    """The entry of a move; it tells which version moved."""
    return changed(row, before, action, extra={"number": row.number, **(extra or {})}, **given)


@transaction.atomic
def submit_part(
    *, by: User, version: PartVersion, seen: int | None, change_note: str | None = None
) -> PartVersion:
    """Hand a version in for approval.

    Raises:
        RoleMissing: ``by`` may not.
        PartMoveNotOpen: it is not a draft, nor returned.
        PartNotSound: the check-up finds errors.
        PartUnchanged: it says what is in force.
        PartNoteMissing: a later version does not say what changes.
        Changed: it is not what ``by`` saw.
    """
    row, before = taken_version(by, version, seen, Action.SUBMIT)
    must_be_open(row.part.assessment_year)
    state = moved(by, row, Action.SUBMIT)
    if change_note is not None:
        row.change_note = clean_long(change_note)
    refuse_unsound(row)
    holding = in_force(row.part)
    if holding is not None and holding.digest == row.digest:
        raise PartUnchanged(number=holding.number)
    if holding is not None and not row.change_note:
        raise PartNoteMissing
    row.state, row.submitted_by, row.return_reason = state, by, ""
    row.submitted_at = timezone.now()
    unanswered = open_warnings(told_in([row])[row.pk])
    extra = {"unanswered": unanswered} if unanswered else None
    save(row, by=by, event=told(row, before, "part.submitted", extra))
    return row


def refuse_moved(row: PartVersion) -> None:
    """See that every unit of a scheme still is under its department, and takes part.

    Raises:
        PartMoved: some are not.
    """
    if gone := units_gone(row):
        where = [gettext(each.why).format(department=each.department) for each in gone]
        told_of = zip(gone, where, strict=True)
        raise PartMoved(units="、".join(f"{each.name}（{why}）" for each, why in told_of))


def refuse_unsound(row: PartVersion) -> None:
    """See that the check-up of a version finds no error.

    Raises:
        PartNotSound: it does.
    """
    errors = errors_among(findings_of(row))
    if errors:
        first = finding_in_words(errors[0], gettext).sentence
        raise PartNotSound(count=len(errors), first=first)


@transaction.atomic
def return_part(
    *,
    by: User,
    version: PartVersion,
    seen: int | None,
    reason: str = "",
    marks: Sequence[Marked] = (),
) -> PartVersion:
    """Send a version back to those who drafted it, with marks on cells.

    Raises:
        RoleMissing: ``by`` may not.
        PartMoveNotOpen: it is neither submitted nor approved.
        PartReasonMissing: neither a reason nor a mark with one.
        PartReturnedOften: it was returned before, as often as is usual, and has no reason itself.
        MarkNowhere: a mark names no cell of the version.
        YearIsClosed: the year is over.
        Changed: it is not what ``by`` saw.
    """
    row, before = taken_version(by, version, seen, Action.RETURN)
    must_be_open(row.part.assessment_year)
    given = [each for each in marks if clean_long(each.reason)]
    row.state = moved(by, row, Action.RETURN, reason=reason, marks=len(given))
    _refuse_often(row, reason)
    row.return_reason, row.returned_by = clean_long(reason), by
    row.approved_by = row.approved_at = None
    save(row, by=by, event=told(row, before, "part.returned", {"marks": len(given)}))
    make_marks(by, row, given)
    return row


def _refuse_often(row: PartVersion, reason: str) -> None:
    """See that a return beyond the usual rounds says by itself why.

    Raises:
        PartReturnedOften: it does not.

    Source: docs/rules/checkup.md, K-18.
    """
    year, count = row.part.assessment_year_id, returns_in([row])[row.pk]
    if not clean_long(reason) and count >= limits_in_years([year])[year].returns:
        raise PartReturnedOften(count=count)


@transaction.atomic
def approve_part(*, by: User, version: PartVersion, seen: int | None) -> PartVersion:
    """Approve a version that was handed in.

    Raises:
        RoleMissing: ``by`` may not.
        PartOwnDraft: ``by`` drafted, edited or submitted it.
        PartMoveNotOpen: it is not submitted.
        PartMoved: units have left the department since.
        PartNotSound: the check-up finds errors by now.
        TargetsMoved, TargetOwnDeed: it goes against what was agreed with its units.
        YearIsClosed: the year is over.
        Changed: it is not what ``by`` saw.
    """
    row, before = taken_version(by, version, seen, Action.APPROVE)
    must_be_open(row.part.assessment_year)
    row.state = moved(by, row, Action.APPROVE)
    refuse_moved(row)
    refuse_unsound(row)
    finalise_with(by, row)
    row.approved_by, row.approved_at = by, timezone.now()
    save(row, by=by, event=told(row, before, "part.approved"))
    return row


@transaction.atomic
def withdraw_part(
    *, by: User, version: PartVersion, seen: int | None, reason: str = ""
) -> PartVersion:
    """Give up a version that is not approved; its number is not used again.

    Raises:
        RoleMissing: ``by`` may not.
        PartMoveNotOpen: it is approved or finished.
        YearIsClosed: the year is over.
        Changed: it is not what ``by`` saw.
    """
    row, before = taken_version(by, version, seen, Action.WITHDRAW)
    must_be_open(row.part.assessment_year)
    row.state = moved(by, row, Action.WITHDRAW)
    texts = {"reason": clean_long(reason)}
    save(row, by=by, event=told(row, before, "part.withdrawn", texts=texts))
    return row
