"""The draft that targets are declared for: what it asks of a unit, whether it may be written."""

from collections.abc import Sequence
from typing import Any

from kaohe.core.indicators import SheetPlan
from kaohe.core.part_path import State as PartState
from kaohe.core.target_values import FAULTS, Asked, declared, faults_of, with_own
from kaohe.indicators.models import AssessmentYear, Participant, PartVersion, TargetTable
from kaohe.indicators.queries.parts import plan_in
from kaohe.indicators.queries.targets import asked_in, draft_for, past_for
from kaohe.indicators.services.target_refusals import (
    TargetsDraftClosed,
    TargetsDraftMissing,
    TargetsNoSheet,
    TargetsUnsound,
)
from kaohe.organization.services.writing import taken

EDITABLE = (PartState.DRAFT, PartState.RETURNED)


def must_be_editable(version: PartVersion) -> None:
    """See that a draft may still be written.

    Raises:
        TargetsDraftClosed: it was handed in.
    """
    if version.state not in EDITABLE:
        department = version.part.department
        raise TargetsDraftClosed(department=department.name if department else "")


class Draft:
    """The draft of a department's scheme, and what it asks of its units.

    Raises:
        TargetsDraftMissing: no version is under way.
    """

    def __init__(self, participant: Participant) -> None:
        year = participant.assessment_year
        found = draft_for(year, participant.department)
        if found is None:
            raise TargetsDraftMissing(department=participant.department_name)
        self.version = found
        self.plan = plan_in(found)
        self.past = past_for(participant)

    def asks(self, table: TargetTable) -> list[Asked]:
        """What it asks of the unit of a table.

        Raises:
            TargetsNoSheet: it has no sheet for the unit.
        """
        participant = table.participant
        if participant.code not in self.plan.sheets:
            raise TargetsNoSheet(unit=participant.name)
        return asked_in(self.plan, self.past, table)

    def sheets(self) -> dict[str, Any]:
        """Its sheets, which may still be written.

        Raises:
            TargetsDraftClosed: it was handed in.
        """
        must_be_editable(self.version)
        return dict(self.version.content["sheets"])


def sound(row: TargetTable, asked: list[Asked], own: SheetPlan) -> SheetPlan:
    """What is agreed, whole: what is asked, with what was entered.

    Raises:
        TargetsUnsound: something is wrong with it.
    """
    whole = with_own(asked, own)
    faults = faults_of(whole, row.participant.assessment_year.year)
    if faults:
        first = faults[0]
        raise TargetsUnsound(count=len(faults), item=first.item, first=FAULTS[first.code])
    return declared(whole)


def lock_drafts(tables: Sequence[TargetTable]) -> None:
    """Lock the drafts of some units, always in one order."""
    drafts = {
        draft.pk
        for group in by_department(tables)
        for draft in (draft_for(_year_of(group[0]), group[0].participant.department),)
        if draft
    }
    for key in sorted(drafts):
        taken(PartVersion, key, None)


def _year_of(row: TargetTable) -> AssessmentYear:
    return row.participant.assessment_year


def by_department(rows: Sequence[TargetTable]) -> list[list[TargetTable]]:
    """Tables parted by the departments of their units."""
    groups: dict[int | None, list[TargetTable]] = {}
    for row in rows:
        groups.setdefault(row.participant.department_id, []).append(row)
    return list(groups.values())
