"""What approving a department's scheme does to its targets: those reviewed are finalised."""

from collections.abc import Iterable

from django.utils import timezone

from kaohe.core.errors import Conflict, NotPermitted, Refusal
from kaohe.core.indicator_trees import sheet_from
from kaohe.core.indicators import Plan
from kaohe.core.leaf import Event
from kaohe.core.part_path import Sort
from kaohe.core.part_path import State as PartState
from kaohe.core.target_path import Deed, TargetState, advance
from kaohe.core.target_values import holds
from kaohe.indicators.models import PartVersion, Sheet, TargetTable
from kaohe.indicators.queries.parts import plan_in
from kaohe.indicators.queries.targets import draft_for, scheme_for
from kaohe.indicators.services.target_drafts import EDITABLE
from kaohe.indicators.services.target_refusals import (
    TargetsApproved,
    TargetsDraftClosed,
    TargetsDraftMissing,
    TargetsIssued,
    TargetsMoved,
    TargetsReturned,
)
from kaohe.organization.models import User
from kaohe.organization.services.writing import State as Before
from kaohe.organization.services.writing import changed, record_all

AGREED = (TargetState.REVIEWED, TargetState.FINALISED)


def finalise_with(by: User, version: PartVersion) -> list[TargetTable]:
    """Finalise the reviewed targets of a department whose scheme ``by`` approves.

    Called in the transaction of the approval, which asked whether ``by`` may.

    Raises:
        TargetsMoved: the scheme no longer holds what was agreed with a unit.
        TargetsReturned: it holds what was returned to one.
        TargetOwnDeed: ``by`` declared or reviewed some of them.

    Source: docs/rules/targets.md, TA-3.
    """
    if version.part.sort != Sort.DEPARTMENT:
        return []
    rows = (
        TargetTable.objects.select_for_update(of=("self",))
        .filter(
            participant__assessment_year=version.part.assessment_year,
            participant__department=version.part.department,
            state__in=(*AGREED, TargetState.RETURNED),
        )
        .select_related("jurisdiction", "participant")
    )
    plan, found = plan_in(version), list(rows)
    refuse_returned([row for row in found if row.state == TargetState.RETURNED], plan)
    agreed = [row for row in found if row.state in AGREED]
    refuse_moved(agreed, plan)
    reviewed = [row for row in agreed if row.state == TargetState.REVIEWED]
    record_all([finalised(by, row) for row in reviewed], by=by)
    return reviewed


def refuse_moved(tables: Iterable[TargetTable], plan: Plan) -> None:
    """See that a plan holds units against what was agreed with them, before their first sheet.

    Raises:
        TargetsMoved: it does not.

    Source: docs/rules/targets.md, TA-3.
    """
    rows = list(tables)
    issued = _issued(rows)
    wrong = [row.participant.name for row in rows if _has_moved(row, plan, issued)]
    if wrong:
        raise TargetsMoved(units="、".join(wrong))


def refuse_returned(tables: Iterable[TargetTable], plan: Plan) -> None:
    """See that a plan does not hold what was returned to units, before their first sheet.

    Raises:
        TargetsReturned: it does.

    Source: docs/rules/targets.md, TA-3.
    """
    rows = list(tables)
    issued = _issued(rows)
    wrong = [
        row.participant.name
        for row in rows
        if row.participant_id not in issued
        and row.participant.code in plan.sheets
        and holds(plan, row.participant.code, sheet_from(row.content))
    ]
    if wrong:
        raise TargetsReturned(units="、".join(wrong))


def refuse_settled(table: TargetTable) -> None:
    """See that targets may be returned: not once the sheet is issued, or the scheme approved.

    Raises:
        TargetsIssued: the unit's sheet is issued.
        TargetsApproved: the scheme that holds them is approved.

    Source: docs/rules/targets.md, TA-1.
    """
    unit = table.participant
    if Sheet.objects.filter(participant=unit).exists():
        raise TargetsIssued
    if table.state == TargetState.FINALISED:
        scheme = draft_for(unit.assessment_year, unit.department)
        if scheme is not None and scheme.state == PartState.APPROVED:
            raise TargetsApproved(department=unit.department_name)


def may_return(table: TargetTable) -> bool:
    """Whether ``refuse_settled`` lets targets be returned."""
    try:
        refuse_settled(table)
    except Conflict:
        return False
    return True


def _issued(rows: Iterable[TargetTable]) -> set[int]:
    """The units that have a sheet."""
    found = Sheet.objects.filter(participant__in=[row.participant_id for row in rows])
    return set(found.values_list("participant_id", flat=True))


def _has_moved(row: TargetTable, plan: Plan, issued: set[int]) -> bool:
    code = row.participant.code
    if row.participant_id in issued or code not in plan.sheets:
        return False
    return not holds(plan, code, sheet_from(row.content))


def finalised(by: User, row: TargetTable) -> Event:
    """Write one table as finalised; the entry for it."""
    before = Before(row)
    row.state = advance(
        TargetState(row.state),
        Deed.FINALISE,
        by=by.pk,
        before={row.declared_by_id, row.reviewed_by_id},
    )
    row.finalised_by, row.finalised_at = by, timezone.now()
    row.version += 1
    row.save()
    return changed(row, before, "targets.finalised", unit=row.participant.code)


def kept_back(user: User, rows: Iterable[TargetTable], deed: Deed) -> dict[int, Refusal]:
    """Of some tables, those to which a deed on many would be refused, and why; by key.

    Args:
        deed: review or finalise.
    """
    rows = list(rows)
    issued, found = _issued(rows), dict[int, Refusal]()
    plans: dict[int | None, Plan | Refusal | None] = {}
    for row in rows:
        key = row.participant.department_id
        if key not in plans:
            plans[key] = _plan_for(row, deed)
        plan = plans[key]
        before = {row.declared_by_id} | ({row.reviewed_by_id} if deed is Deed.FINALISE else set())
        try:
            advance(TargetState(row.state), deed, by=user.pk, before=before)
            if isinstance(plan, Refusal):
                raise plan
            if plan is not None and deed is Deed.FINALISE and _has_moved(row, plan, issued):
                raise TargetsMoved(units=row.participant.name)
        except (Conflict, NotPermitted) as refusal:
            found[row.pk] = refusal
    return found


def _plan_for(row: TargetTable, deed: Deed) -> Plan | Refusal | None:
    year, department = row.participant.assessment_year, row.participant.department
    version = scheme_for(year, department)
    if deed is Deed.FINALISE:
        return plan_in(version) if version else None
    draft = draft_for(year, department)
    if draft is None:
        return TargetsDraftMissing(department=row.participant.department_name)
    if draft.state not in EDITABLE:
        return TargetsDraftClosed(department=row.participant.department_name)
    return plan_in(draft)
