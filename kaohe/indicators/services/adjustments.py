"""Adjustments of targets in mid-year: proposed, reviewed or returned, finalised, withdrawn.

Finalising one makes the next version of the unit's sheet, with the changed values and nothing else.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from kaohe.core.access import Verb
from kaohe.core.indicator_trees import digest_of, sheet_from, sheet_tree
from kaohe.core.leaf import Event
from kaohe.core.quantities import LIMIT
from kaohe.core.target_path import (
    AdjustmentState,
    Deed,
    advance,
    refuse_after,
    verbs_of,
)
from kaohe.core.target_values import (
    FAULTS,
    Cell,
    Change,
    adjusted,
    changed_sheet,
    changes_of,
    faults_of,
    still_holds,
)
from kaohe.core.texts import clean, clean_long
from kaohe.indicators.models import Adjustment, AssessmentYear, Participant, Sheet
from kaohe.indicators.queries.adjustments import (
    adjustable,
    changes_in,
    open_adjustment,
    sheet_in_force,
)
from kaohe.indicators.services.issuing import Issuing, add_sheet, write_sheets
from kaohe.indicators.services.parts import must_be_open
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
from kaohe.indicators.services.targets import require_any, require_now
from kaohe.organization.models import User
from kaohe.organization.queries.access import require
from kaohe.organization.services.writing import State as Before
from kaohe.organization.services.writing import changed, created, record, save, taken

Wanted = Mapping[Cell, int | date]


@transaction.atomic
def propose_adjustment(
    *,
    by: User,
    participant: Participant,
    wanted: Wanted,
    reason: str,
    document: str = "",
    as_department: bool = False,
) -> Adjustment:
    """Propose that values of a unit's sheet be changed in mid-year.

    Args:
        wanted: the new values (ticks) and days, by item and name.
        document: the number of the document that gives the ground.
        as_department: the department proposes it for its unit, which is its review at once.

    Raises:
        RoleMissing: ``by`` may not.
        YearIsClosed: the year is over.
        CutOffPassed: the last day for adjustments is over.
        AdjustmentNoSheet: no sheet is in force.
        AdjustmentUnderWay: another adjustment of the unit is not decided.
        AdjustmentEmpty, AdjustmentUnknownCell, AdjustmentNoReason, TargetsUnsound: it is not sound.
    """
    require(by, side(as_department), participant)
    must_be_open(taken(AssessmentYear, participant.assessment_year_id, None))  # before the unit
    unit = taken(Participant, participant.pk, None)
    _must_be_in_time(unit)
    sheet = _sheet(unit)
    changes = _changes(sheet, unit, wanted)
    row = Adjustment(
        jurisdiction=unit.jurisdiction,
        participant=unit,
        number=_next_number(unit),
        sheet=sheet,
        by_department=as_department,
    )
    _propose(row, by, changes, reason, document)
    row.save()
    record(created(row, "adjustment.proposed", unit=unit.code, texts=_lines(changes)), by=by)
    return row


def _next_number(unit: Participant) -> int:
    """The number of a unit's next adjustment; only one is open at a time."""
    other = open_adjustment(unit)
    if other is not None:
        raise AdjustmentUnderWay(number=other.number)
    return (unit.adjustments.aggregate(last=Max("number"))["last"] or 0) + 1


def side(as_department: bool) -> Verb:
    """The verb of those who propose: the department for its unit, or the unit itself."""
    return Verb.TARGET_REVIEW if as_department else Verb.TARGET_DECLARE


def _propose(row: Adjustment, by: User, changes: list[Change], reason: str, document: str) -> None:
    row.changes = [each._asdict() for each in changes]
    row.digest = digest_of(row.changes)
    row.reason, row.document = clean_long(reason), clean(document)
    if not row.reason:
        raise AdjustmentNoReason
    row.state = AdjustmentState.REVIEWED if row.by_department else AdjustmentState.PROPOSED
    row.reviewed_by = by if row.by_department else None
    row.proposed_by, row.proposed_at = by, timezone.now()
    row.return_reason = ""


def _must_be_in_time(unit: Participant) -> None:
    year = unit.assessment_year
    must_be_open(year)
    refuse_after(timezone.localdate(), year.cut_off_on, year.year)


def _sheet(unit: Participant) -> Sheet:
    sheet = sheet_in_force(unit)
    if sheet is None:
        raise AdjustmentNoSheet(unit=unit.name)
    return sheet


def _changes(sheet: Sheet, unit: Participant, wanted: Wanted) -> list[Change]:
    """What is to change, found sound.

    Raises:
        AdjustmentUnknownCell, AdjustmentEmpty, TargetsUnsound: it is not.
    """
    asked = adjustable(sheet, unit.code)
    for (item, _name), value in wanted.items():
        if isinstance(value, int) and abs(value) >= LIMIT:
            raise TargetsUnsound(count=1, item=item, first=FAULTS["out-of-range"])
    try:
        changes = changes_of(asked, wanted)
    except KeyError as unknown:
        item, name = unknown.args[0]
        raise AdjustmentUnknownCell(item=item, field=name) from unknown
    if not changes:
        raise AdjustmentEmpty
    items = {each.item for each in changes}
    whole = adjusted(asked, changed_sheet(sheet_from(sheet.content["sheet"]), changes))
    touched = [each for each in whole if each.indicator.item in items]
    faults = faults_of(touched, unit.assessment_year.year, reasons=False)  # it has one reason
    if faults:
        first = faults[0]
        raise TargetsUnsound(count=len(faults), item=first.item, first=FAULTS[first.code])
    return changes


def _lines(changes: list[Change]) -> dict[str, str]:
    """The changes as the record keeps them: a line for each."""
    return {"cells": "\n".join(f"{c.item}/{c.field}: {c.old} → {c.new}" for c in changes)}


def _taken(
    by: User, adjustment: Adjustment, seen: int | None, deed: Deed, verb: Verb | None = None
) -> tuple[Adjustment, Before]:
    """The adjustment, locked, after it was asked whether a person may do a deed to it."""
    require_any(by, [verb] if verb else verbs_of(AdjustmentState, deed), adjustment)
    if deed is Deed.FINALISE:  # it makes a sheet: not while others are issued
        taken(AssessmentYear, adjustment.participant.assessment_year_id, None)
    taken(Participant, adjustment.participant_id, None)
    row = taken(Adjustment, adjustment.pk, seen)
    require_now(by, AdjustmentState(row.state), deed, row, verb)
    must_be_open(row.participant.assessment_year)
    return row, Before(row)


def _told(row: Adjustment, before: Before, action: str, **given: Any) -> Event:
    extra = {"number": row.number}
    return changed(row, before, action, unit=row.participant.code, extra=extra, **given)


def _must_be_of(row: Adjustment, as_department: bool) -> None:
    if row.by_department != as_department:
        raise AdjustmentOfDepartment if row.by_department else AdjustmentOfUnit


@transaction.atomic
def propose_again(
    *,
    by: User,
    adjustment: Adjustment,
    seen: int | None,
    wanted: Wanted,
    reason: str,
    document: str = "",
    as_department: bool = False,
) -> Adjustment:
    """Propose an adjustment that was returned once more, from the sheet that is now in force.

    Raises:
        RoleMissing: ``by`` may not.
        TargetMoveNotOpen: it was not returned.
        AdjustmentOfDepartment, AdjustmentOfUnit: the other side proposed it.
        Changed: it is not what ``by`` saw.
        as ``propose_adjustment`` otherwise.
    """
    row, before = _taken(by, adjustment, seen, Deed.PROPOSE, side(as_department))
    _must_be_of(row, as_department)
    _must_be_in_time(row.participant)
    row.sheet = _sheet(row.participant)
    changes = _changes(row.sheet, row.participant, wanted)
    _propose(row, by, changes, reason, document)
    save(row, by=by, event=_told(row, before, "adjustment.proposed-again", texts=_lines(changes)))
    return row


@transaction.atomic
def withdraw_adjustment(
    *,
    by: User,
    adjustment: Adjustment,
    seen: int | None,
    reason: str = "",
    as_department: bool = False,
) -> Adjustment:
    """Withdraw an adjustment that is not decided; the sheet stays as it is.

    Raises:
        RoleMissing: ``by`` may not.
        TargetMoveNotOpen: it is decided.
        AdjustmentOfDepartment, AdjustmentOfUnit: the other side proposed it.
        Changed: it is not what ``by`` saw.
    """
    row, before = _taken(by, adjustment, seen, Deed.WITHDRAW, side(as_department))
    _must_be_of(row, as_department)
    row.state = AdjustmentState.WITHDRAWN
    texts = {"withdrawal": clean_long(reason)}
    save(row, by=by, event=_told(row, before, "adjustment.withdrawn", texts=texts))
    return row


@transaction.atomic
def review_adjustment(*, by: User, adjustment: Adjustment, seen: int | None) -> Adjustment:
    """Accept, as the department, what its unit proposed.

    Raises:
        RoleMissing: ``by`` may not.
        TargetMoveNotOpen: it is not proposed.
        TargetOwnDeed: ``by`` proposed it.
        Changed: it is not what ``by`` saw.
    """
    row, before = _taken(by, adjustment, seen, Deed.REVIEW)
    state = AdjustmentState(row.state)
    row.state = advance(state, Deed.REVIEW, by=by.pk, before={row.proposed_by_id})
    row.reviewed_by = by
    save(row, by=by, event=_told(row, before, "adjustment.reviewed"))
    return row


@transaction.atomic
def return_adjustment(
    *, by: User, adjustment: Adjustment, seen: int | None, reason: str
) -> Adjustment:
    """Return an adjustment to who proposed it: by the department, or, once reviewed, the office.

    Raises:
        RoleMissing: ``by`` may not.
        TargetMoveNotOpen: it is decided, or returned already.
        TargetReasonMissing: no reason is given.
        Changed: it is not what ``by`` saw.
    """
    row, before = _taken(by, adjustment, seen, Deed.RETURN)
    state = AdjustmentState(row.state)
    row.state = advance(state, Deed.RETURN, by=by.pk, before=(), reason=reason)
    row.return_reason, row.reviewed_by = clean_long(reason), None
    save(row, by=by, event=_told(row, before, "adjustment.returned"))
    return row


@transaction.atomic
def finalise_adjustment(*, by: User, adjustment: Adjustment, seen: int | None) -> Adjustment:
    """Finalise an adjustment: the unit's sheet gets its next version.

    Raises:
        RoleMissing: ``by`` may not.
        TargetMoveNotOpen: it is not reviewed.
        TargetOwnDeed: ``by`` proposed or reviewed it.
        AdjustmentNoSheet, AdjustmentStale: the sheet in force is not the one it starts from.
        Changed: it is not what ``by`` saw.
    """
    row, before = _taken(by, adjustment, seen, Deed.FINALISE)
    state, hands = AdjustmentState(row.state), {row.proposed_by_id, row.reviewed_by_id}
    row.state = advance(state, Deed.FINALISE, by=by.pk, before=hands)
    row.made = _next_sheet(by, row)
    row.finalised_by = by
    save(row, by=by, event=_told(row, before, "adjustment.finalised"))
    return row


def _next_sheet(by: User, row: Adjustment) -> Sheet:
    unit, sheet, changes = row.participant, _sheet(row.participant), changes_in(row)
    if not still_holds(adjustable(sheet, unit.code), changes):
        raise AdjustmentStale
    own = changed_sheet(sheet_from(sheet.content["sheet"]), changes)
    content = {**sheet.content, "sheet": sheet_tree(own)}
    issuing = Issuing(
        by, sheet.scheme_version, sheet.template_version, row.reason, timezone.localdate()
    )
    add_sheet(issuing, unit, content, {unit.pk: sheet})
    return write_sheets(issuing)[0]
