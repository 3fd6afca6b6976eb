"""Issuing: a part comes into force; a department's scheme makes a sheet for each of its units."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone

from kaohe.core.indicator_trees import digest_of, indicator_tree, sheet_tree
from kaohe.core.indicators import Plan
from kaohe.core.leaf import Event
from kaohe.core.part_path import MOVES, Action, Sort, State
from kaohe.core.scheme_canonical import canonical
from kaohe.core.texts import clean
from kaohe.indicators.models import AssessmentYear, Part, Participant, PartVersion, Sheet
from kaohe.indicators.queries.parts import in_force, part_of, plan_in, scheme_in
from kaohe.indicators.services.part_refusals import PartMoved, TemplateMissing
from kaohe.indicators.services.parts import moved, must_be_open, taken_version, told
from kaohe.journal.bulk import insert_all
from kaohe.organization.models import User
from kaohe.organization.services.writing import State as Before
from kaohe.organization.services.writing import changed, created, record_all, save

Progress = Callable[[int, int, str], None]


def _silent(_done: int, _total: int, _words: str) -> None:
    return


@transaction.atomic
def issue_part(
    *, by: User, version: PartVersion, seen: int | None, document_number: str = ""
) -> PartVersion:
    """Issue an approved version: it is frozen, and takes the place of the one in force.

    Raises:
        RoleMissing: ``by`` may not.
        PartMoveNotOpen: it is not approved.
        TemplateMissing: sheets cannot be made before the common template is issued.
        PartMoved: a unit has left the department since.
        Changed: it is not what ``by`` saw.
    """
    return issue_parts(by=by, versions=[(version, seen)], document_number=document_number)[0]


@transaction.atomic
def issue_parts(
    *,
    by: User,
    versions: Sequence[tuple[PartVersion, int | None]],
    document_number: str = "",
    progress: Progress = _silent,
) -> list[PartVersion]:
    """Issue several versions, all or none, with an entry for each and for each sheet.

    Args:
        versions: each with what ``by`` saw of it.

    Raises:
        as ``issue_part``.
    """
    found = []
    for place, (version, seen) in enumerate(versions):
        progress(place, len(versions), "")
        found.append(_issue(by, version, seen, clean(document_number)))
    progress(len(versions), len(versions), "")
    return found


def _issue(by: User, version: PartVersion, seen: int | None, number: str) -> PartVersion:
    row, before = taken_version(by, version, seen, Action.ISSUE)
    must_be_open(row.part.assessment_year)
    row.state = moved(by, row, Action.ISSUE)
    holding = in_force(row.part)
    if holding is not None:
        _supersede(by, holding, row)
    row.issued_by, row.issued_on = by, timezone.localdate()
    row.document_number = number
    if row.part.sort == Sort.SETTINGS:
        row.scheme_digest = sha256(canonical(scheme_in(row)).encode()).hexdigest()
    save(row, by=by, event=told(row, before, "part.issued"))
    if row.part.sort == Sort.DEPARTMENT:
        _make_sheets(by, row)
    return row


def _supersede(by: User, old: PartVersion, new: PartVersion) -> None:
    before = Before(old)
    old.state = MOVES[State(old.state), Action.SUPERSEDE][0]
    save(old, by=by, event=told(old, before, "part.superseded", {"superseded_by": new.number}))


@dataclass
class Issuing:
    """What the sheets of one issue have in common."""

    by: User
    version: PartVersion | None
    template: PartVersion
    reason: str
    on: date
    events: list[Event] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)


def _make_sheets(by: User, version: PartVersion) -> None:
    part = version.part
    template = template_in_force(part.assessment_year)
    plan, common = plan_in(version), plan_in(template)
    rows = _participants(part)
    left = [code for code in plan.sheets if code not in rows]
    if left:
        names = Participant.objects.filter(
            assessment_year=part.assessment_year, code__in=left
        ).values_list("name", flat=True)
        raise PartMoved(units="、".join(names) or "、".join(left))
    issuing = Issuing(by, version, template, version.change_note, timezone.localdate())
    present = {
        sheet.participant_id: sheet
        for sheet in Sheet.objects.filter(participant__in=rows.values(), state="issued")
    }
    for code, participant in rows.items():
        add_sheet(issuing, participant, sheet_content(plan, common, code), present)
    write_sheets(issuing)


def template_in_force(year: AssessmentYear) -> PartVersion:
    """The common template of a year.

    Raises:
        TemplateMissing: none was issued.
    """
    part = part_of(year, Sort.TEMPLATE)
    found = in_force(part) if part else None
    if found is None:
        raise TemplateMissing(year=year.year)
    return found


def _participants(part: Part) -> dict[str, Participant]:
    """The units of a department that take part and are still under it, by code."""
    rows = Participant.objects.filter(
        assessment_year=part.assessment_year,
        department=part.department,
        unit__department=part.department,
        unit__closed_on__isnull=True,
    ).exclude(status="exempt")
    return {row.code: row for row in rows.select_related("jurisdiction", "unit")}


def sheet_content(plan: Plan, common: Plan, unit: str) -> dict[str, Any]:
    """A unit's sheet as it is issued: all indicators that address it, and what is its own."""
    indicators = [*common.of_unit(unit), *plan.of_unit(unit)]
    return {
        "indicators": [indicator_tree(each) for each in indicators],
        "sheet": sheet_tree(plan.sheet(unit)),
    }


def add_sheet(
    issuing: Issuing,
    participant: Participant,
    content: dict[str, Any],
    present: dict[int, Sheet],
) -> None:
    """Prepare the sheet of a unit, unless the one in force says the same."""
    digest, old = digest_of(content), present.get(participant.pk)
    if old is not None and old.digest == digest:
        return
    number = 1
    if old is not None:
        before, number = Before(old), old.number + 1
        old.state = "superseded"
        old.version += 1
        old.save()
        extra = {"superseded_by": number}
        issuing.events.append(
            changed(old, before, "sheet.superseded", unit=participant.code, extra=extra)
        )
    issuing.sheets.append(
        Sheet(
            jurisdiction=participant.jurisdiction,
            participant=participant,
            number=number,
            content=content,
            digest=digest,
            reason=issuing.reason if number > 1 else "",
            scheme_version=issuing.version,
            template_version=issuing.template,
            issued_by=issuing.by,
            issued_on=issuing.on,
        )
    )


def write_sheets(issuing: Issuing) -> list[Sheet]:
    """Write the sheets that were prepared, with an entry for each."""
    insert_all(issuing.sheets)
    issuing.events += [
        created(sheet, "sheet.issued", unit=sheet.participant.code) for sheet in issuing.sheets
    ]
    record_all(issuing.events, by=issuing.by)
    return issuing.sheets
