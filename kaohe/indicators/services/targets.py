"""Targets: their declaration is opened, filled in, declared, reviewed or returned, finalised.

What is reviewed is written into the draft of the department's scheme in the same transaction.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from kaohe.core.access import Verb
from kaohe.core.indicator_trees import digest_of, sheet_from, sheet_tree
from kaohe.core.indicators import SheetPlan
from kaohe.core.leaf import Event
from kaohe.core.plan_differences import cell_changes, flat_sheet
from kaohe.core.target_path import (
    AdjustmentState,
    Deed,
    TargetReasonMissing,
    TargetState,
    advance,
    move,
    move_not_open,
    verbs_of,
)
from kaohe.core.target_values import (
    amends,
    into_draft,
    narrowed,
    stood_of,
)
from kaohe.core.texts import clean_long
from kaohe.indicators.models import (
    AssessmentYear,
    Participant,
    PartVersion,
    TargetTable,
)
from kaohe.indicators.queries.parts import plan_in
from kaohe.indicators.queries.targets import STOOD, scheme_for
from kaohe.indicators.services.parts import edit_part, in_lines, must_be_open
from kaohe.indicators.services.target_drafts import (
    Draft,
    by_department,
    lock_drafts,
    must_be_editable,
    sound,
)
from kaohe.indicators.services.target_hook import finalised, refuse_moved, refuse_settled
from kaohe.indicators.services.target_refusals import TargetsNothingToOpen
from kaohe.journal.bulk import insert_all
from kaohe.organization.models import User
from kaohe.organization.queries.access import Placed, allows, require
from kaohe.organization.services.writing import (
    Changed,
    changed,
    created,
    is_same,
    record_all,
    save,
    taken,
)
from kaohe.organization.services.writing import State as Before

Seen = Sequence[tuple[TargetTable, int | None]]


@transaction.atomic
def open_targets(*, by: User, version: PartVersion) -> list[TargetTable]:
    """Open the declaration for the units that have a sheet in a draft of a department's scheme.

    Raises:
        RoleMissing: ``by`` may not.
        YearIsClosed: the year is over.
        TargetsDraftClosed: the scheme was handed in.
        TargetsNothingToOpen: it is open for all of them already.
    """
    require(by, Verb.TARGET_REVIEW, version)
    must_be_open(taken(AssessmentYear, version.part.assessment_year_id, None))
    row = taken(PartVersion, version.pk, None)
    must_be_editable(row)
    plan = plan_in(row)
    units = (
        Participant.objects.filter(
            assessment_year=row.part.assessment_year,
            department=row.part.department,
            code__in=list(plan.sheets),
            targets__isnull=True,
        )
        .exclude(status="exempt")
        .select_related("jurisdiction")
    )
    tables = [TargetTable(jurisdiction=unit.jurisdiction, participant=unit) for unit in units]
    if not tables:
        raise TargetsNothingToOpen
    insert_all(tables)
    events = [created(each, "targets.opened", unit=each.participant.code) for each in tables]
    record_all(events, by=by)
    return tables


@transaction.atomic
def fill_targets(*, by: User, table: TargetTable, seen: int | None, own: SheetPlan) -> TargetTable:
    """Keep what a unit has entered so far; nothing of it is checked yet.

    Raises:
        RoleMissing: ``by`` may not.
        TargetMoveNotOpen: it is with the department or the office.
        TargetsDraftMissing, TargetsNoSheet: there is nothing to declare targets for.
        Changed: it is not what ``by`` saw.
    """
    row, before = _taken(by, table, seen, Deed.FILL)
    asked = Draft(row.participant).asks(row)
    old = row.content
    _fill(row, narrowed(asked, own))
    if is_same(row, before):
        return row
    event = changed(
        row, before, "targets.filled", unit=row.participant.code, texts=_cells(old, row.content)
    )
    save(row, by=by, event=event)
    return row


@transaction.atomic
def declare_targets(
    *, by: User, table: TargetTable, seen: int | None, own: SheetPlan | None = None
) -> TargetTable:
    """Declare the targets of a unit to its department.

    Args:
        own: what the unit enters with it; None: what it filled in before.

    Raises:
        RoleMissing: ``by`` may not.
        TargetMoveNotOpen: it is with the department or the office.
        TargetsDraftMissing, TargetsNoSheet: there is nothing to declare targets for.
        TargetsUnsound: a value is missing or unfit, or easier than before without a reason.
        Changed: it is not what ``by`` saw.
    """
    row, before = _taken(by, table, seen, Deed.DECLARE)
    row.state = advance(TargetState(row.state), Deed.DECLARE, by=by.pk, before=())
    asked = Draft(row.participant).asks(row)
    given = sheet_from(row.content) if own is None else narrowed(asked, own)
    old = row.content
    _fill(row, sound(row, asked, given))
    row.declared = {**row.content, STOOD: sheet_tree(stood_of(asked))}
    row.declared_by, row.declared_at = by, timezone.now()
    row.note = row.return_reason = ""
    event = changed(
        row, before, "targets.declared", unit=row.participant.code, texts=_cells(old, row.content)
    )
    save(row, by=by, event=event)
    return row


@transaction.atomic
def withdraw_targets(*, by: User, table: TargetTable, seen: int | None, reason: str) -> TargetTable:
    """Take back, as the unit, what it declared, while its department has not reviewed it.

    Raises:
        RoleMissing: ``by`` may not.
        TargetMoveNotOpen: it is not declared, or was reviewed.
        TargetReasonMissing: no reason is given.
        Changed: it is not what ``by`` saw.

    Source: docs/rules/targets.md, TA-1.
    """
    row, before = _taken(by, table, seen, Deed.WITHDRAW)
    state = TargetState(row.state)
    row.state = advance(state, Deed.WITHDRAW, by=by.pk, before=(), reason=reason)
    row.declared, row.declared_by, row.declared_at = {}, None, None
    texts = {"withdrawal": clean_long(reason)}
    event = changed(row, before, "targets.withdrawn", unit=row.participant.code, texts=texts)
    save(row, by=by, event=event)
    return row


def _fill(row: TargetTable, own: SheetPlan) -> None:
    row.content = sheet_tree(own)
    row.digest = digest_of(row.content)


def _cells(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, str]:
    """What changed, as the record keeps it: a line for each value."""
    found = cell_changes(flat_sheet(old, ""), flat_sheet(new, ""))
    return {"cells": in_lines([each._replace(path=each.path.lstrip("/")) for each in found])}


def _taken(
    by: User, table: TargetTable, seen: int | None, deed: Deed
) -> tuple[TargetTable, Before]:
    """One table as ``_taken_all`` gives them."""
    [row] = _taken_all(by, [(table, seen)], deed)
    return row, Before(row)


def require_any(by: User, verbs: Sequence[Verb], where: Placed) -> None:
    """See that a person may do at least one of some verbs; which one it must be, the state says.

    Raises:
        RoleMissing: none of them.
    """
    if not any(allows(by, verb, where) for verb in verbs):
        require(by, verbs[0], where)


def require_now(
    by: User,
    state: TargetState | AdjustmentState,
    deed: Deed,
    row: Placed,
    verb: Verb | None = None,
) -> None:
    """See that a deed starts from where something stands, and is this person's from there.

    Args:
        verb: of the side that acts, where it is not the one of the path.

    Raises:
        TargetMoveNotOpen: it is not.
    """
    of_path = move(state, deed)[1]
    needed = verb or of_path
    if not allows(by, needed, row):
        raise move_not_open(state, deed)
    require(by, needed, row)  # notes the role


def _taken_all(by: User, tables: Seen, deed: Deed) -> list[TargetTable]:
    """The tables, locked, after it was asked whether a person may do a deed to each of them.

    Raises:
        RoleMissing: ``by`` may not.
        TargetMoveNotOpen: the deed does not start where one stands.
        YearIsClosed: the year is over.
        Changed: one is not what ``by`` saw.
    """
    for table, _seen in tables:
        require_any(by, verbs_of(TargetState, deed), table)
    seen = {table.pk: version for table, version in tables}
    found = TargetTable.objects.select_for_update(of=("self",)).filter(pk__in=seen)
    rows = list(
        found.select_related(
            "jurisdiction",
            "participant__jurisdiction",
            "participant__assessment_year",
            "participant__department",
        ).order_by("participant__code")
    )
    for row in rows:
        if seen[row.pk] not in (None, row.version):
            raise Changed
        require_now(by, TargetState(row.state), deed, row)
        must_be_open(row.participant.assessment_year)
    return rows


@transaction.atomic
def review_targets(
    *,
    by: User,
    table: TargetTable,
    seen: int | None,
    amended: SheetPlan | None = None,
    reason: str = "",
) -> TargetTable:
    """Accept what a unit declared, as it is or amended, and write it into the scheme's draft.

    Args:
        amended: what the department sets in its place; what the unit declared is kept beside.
        reason: why it amends.

    Raises:
        RoleMissing: ``by`` may not review targets, or not draft the scheme.
        TargetMoveNotOpen: it is not declared.
        TargetOwnDeed: ``by`` declared it.
        TargetReasonMissing: it is amended without a reason.
        TargetsUnsound: an amended value is missing or unfit.
        TargetsDraftMissing, TargetsNoSheet, TargetsDraftClosed: there is no draft to write into.
        Changed: it is not what ``by`` saw.
    """
    return _review(by, [(table, seen)], amended, clean_long(reason))[0]


@transaction.atomic
def review_all(*, by: User, tables: Seen) -> list[TargetTable]:
    """Accept what several units declared, as it is: all or none.

    Raises:
        as ``review_targets``.
    """
    return _review(by, tables, None, "")


def _review(by: User, tables: Seen, amended: SheetPlan | None, reason: str) -> list[TargetTable]:
    lock_drafts(
        [table for table, _seen in tables]
    )  # before the tables: approving a scheme takes them in this order, too
    rows = _taken_all(by, tables, Deed.REVIEW)
    events = []
    for group in by_department(rows):
        draft = Draft(group[0].participant)
        sheets = draft.sheets()
        for row in group:
            events.append(_accept(by, row, draft, amended, reason))
            code = row.participant.code
            agreed = into_draft(draft.plan, code, sheet_from(row.content))
            sheets[code] = sheet_tree(agreed)
        content = {**draft.version.content, "sheets": sheets}
        edit_part(by=by, version=draft.version, seen=None, content=content)
    record_all(events, by=by)
    return rows


def _accept(
    by: User, row: TargetTable, draft: Draft, amended: SheetPlan | None, reason: str
) -> Event:
    """Write one table as reviewed; the entry for it."""
    before, old = Before(row), row.content
    row.state = advance(TargetState(row.state), Deed.REVIEW, by=by.pk, before={row.declared_by_id})
    asked = draft.asks(row)
    given = sheet_from(row.content) if amended is None else narrowed(asked, amended)
    _fill(row, sound(row, asked, given))
    row.note = ""
    if amends(asked, sheet_from(row.declared), sheet_from(row.content)):
        if not reason:
            raise TargetReasonMissing
        row.note = reason
    row.reviewed_by, row.reviewed_at = by, timezone.now()
    row.version += 1
    row.save()
    texts = _cells(old, row.content)
    return changed(row, before, "targets.reviewed", unit=row.participant.code, texts=texts)


@transaction.atomic
def return_targets(*, by: User, table: TargetTable, seen: int | None, reason: str) -> TargetTable:
    """Return targets to the unit: by its department, or, once reviewed, by the office.

    Raises:
        RoleMissing: ``by`` may not.
        TargetMoveNotOpen: it is with the unit already.
        TargetReasonMissing: no reason is given.
        TargetsIssued: the unit's sheet is issued.
        TargetsApproved: the scheme that holds them is approved.
        Changed: it is not what ``by`` saw.
    """
    row, before = _taken(by, table, seen, Deed.RETURN)
    refuse_settled(row)
    row.state = advance(TargetState(row.state), Deed.RETURN, by=by.pk, before=(), reason=reason)
    row.return_reason = clean_long(reason)
    row.reviewed_by = row.finalised_by = None
    row.reviewed_at = row.finalised_at = None
    save(row, by=by, event=changed(row, before, "targets.returned", unit=row.participant.code))
    return row


@transaction.atomic
def finalise_targets(*, by: User, tables: Seen) -> list[TargetTable]:
    """Finalise what departments have reviewed: all or none.

    Raises:
        RoleMissing: ``by`` may not.
        TargetMoveNotOpen: one is not reviewed.
        TargetOwnDeed: ``by`` declared or reviewed one.
        TargetsMoved: the department's scheme no longer holds what was agreed.
        Changed: one is not what ``by`` saw.
    """
    rows = _taken_all(by, tables, Deed.FINALISE)
    for group in by_department(rows):
        participant = group[0].participant
        version = scheme_for(participant.assessment_year, participant.department)
        if version is not None:
            refuse_moved(group, plan_in(version))
    record_all([finalised(by, row) for row in rows], by=by)
    return rows
