"""Reading sheets as they were issued, and what follows from them for the next draft."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from kaohe.core.access import Verb
from kaohe.core.indicator_trees import digest_of
from kaohe.core.indicators import Plan
from kaohe.core.part_path import FIXED, Sort
from kaohe.core.plan_differences import cell_changes, flat_plan
from kaohe.core.quantities import parse_ticks
from kaohe.core.target_values import Cell, asked_of, cell_text, cells_of
from kaohe.indicators.models import (
    Adjustment,
    AssessmentYear,
    Part,
    Participant,
    PartVersion,
    Sheet,
)
from kaohe.indicators.queries.differences import Difference, Names, told
from kaohe.indicators.queries.parts import in_force, part_of, plan_in
from kaohe.journal.queries import entries_of, tell
from kaohe.organization.models import User
from kaohe.organization.queries.access import one, visible

RELATED = (
    "jurisdiction",
    "participant__assessment_year",
    "participant__department",
    "participant__unit",
    "participant__group",
    "issued_by",
    "received_by",
)


def _seen(user: User, rows: QuerySet[Sheet]) -> QuerySet[Sheet]:
    return visible(
        user,
        Verb.SHEET_READ,
        rows,
        department="participant__department",
        unit="participant__unit",
    )


def sheets_of(user: User, year: AssessmentYear) -> QuerySet[Sheet]:
    """All sheets of a year that a user may see, those that were replaced too; no contents."""
    rows = Sheet.objects.filter(participant__assessment_year=year)
    return _seen(user, rows).select_related(*RELATED).defer("content")


def all_sheets(user: User) -> QuerySet[Sheet]:
    """All sheets of all years that a user may see; no contents."""
    return _seen(user, Sheet.objects.all()).select_related(*RELATED).defer("content")


def get_sheet(user: User, key: int) -> Sheet:
    """A sheet that a user may see.

    Raises:
        NothingHere: there is none.
    """
    rows = Sheet.objects.select_related(*RELATED, "scheme_version__part", "template_version__part")
    return one(_seen(user, rows), key)


def versions_of_sheet(sheet: Sheet) -> list[Sheet]:
    """All versions of the sheet of a unit, latest first."""
    return list(sheet.participant.sheets.select_related("issued_by").order_by("-number"))


def as_plan(sheet: Sheet) -> dict[str, Any]:
    """A sheet as the tree of a plan with one unit."""
    content = sheet.content
    return {
        "indicators": content.get("indicators", []),
        "sheets": {sheet.participant.code: content.get("sheet", {})},
    }


def sheet_differences(old: Sheet, new: Sheet) -> list[Difference]:
    """What differs between two versions of a unit's sheet, cell by cell."""
    names = Names(new.participant.assessment_year, [as_plan(old), as_plan(new)])
    found = cell_changes(flat_plan(as_plan(old)), flat_plan(as_plan(new)))
    return [told(each, names) for each in found if not each.path.endswith("/place")]


def next_content(part: Part) -> Mapping[str, Any]:
    """What the next version of a part begins with: what is in force.

    Of a department's scheme, each unit's own values as its sheet in force has them: adjustments
    made since the scheme was issued are not undone by the next one.
    """
    base = in_force(part) or part.versions.first()
    content: dict[str, Any] = dict(base.content) if base else {}
    if part.sort != Sort.DEPARTMENT or "sheets" not in content:
        return content
    sheets = dict(content["sheets"])
    rows = Sheet.objects.filter(
        participant__assessment_year=part.assessment_year,
        participant__department=part.department,
        state="issued",
    )
    for code, tree in rows.values_list("participant__code", "content"):
        if code in sheets:
            sheets[code] = tree["sheet"]
    return content | {"sheets": sheets}


def undone_by(version: PartVersion) -> list[str]:
    """The names of units whose targets were adjusted after a draft began that holds the old ones.

    What was adjusted last counts, values and days of milestones alike, where the draft still asks
    for it.

    Source: docs/rules/indicators.md, P-4.
    """
    if version.part.sort != Sort.DEPARTMENT:
        return []
    rows = Adjustment.objects.filter(
        participant__assessment_year=version.part.assessment_year,
        participant__code__in=list(version.content.get("sheets", ())),
        state="finalised",
        moved_at__gt=version.created_at,
    ).select_related("participant")
    agreed: dict[Participant, dict[Cell, str]] = {}
    for row in rows.order_by("moved_at", "id"):
        cells = agreed.setdefault(row.participant, {})
        cells |= {(each["item"], each["field"]): each["new"] for each in row.changes}
    if not agreed:
        return []
    plan = _with_common(version)
    return [unit.name for unit, cells in agreed.items() if _undoes(plan, unit.code, cells)]


def _with_common(version: PartVersion) -> Plan:
    """A draft of a department with the common indicators in force: all that it asks of units."""
    plan, part = plan_in(version), part_of(version.part.assessment_year, Sort.TEMPLATE)
    common = in_force(part) if part else None
    if common is None:
        return plan
    return Plan("", (*plan_in(common).indicators, *plan.indicators), plan.sheets)


def _undoes(plan: Plan, unit: str, agreed: Mapping[Cell, str]) -> bool:
    """Whether a draft asks a unit for another value than was agreed."""
    now = cells_of(asked_of(plan, unit))
    return any(cell in now and not _is(now[cell], text) for cell, text in agreed.items())


def _is(value: int | date | None, text: str) -> bool:
    """Whether a cell holds what a change says; numbers may be written in several ways."""
    return value == parse_ticks(text) if isinstance(value, int) else cell_text(value) == text


def to_renew(year: AssessmentYear) -> QuerySet[Sheet]:
    """The sheets in force that hold an earlier version of the common template."""
    part = part_of(year, Sort.TEMPLATE)
    holding = in_force(part) if part else None
    if holding is None:
        return Sheet.objects.none()
    rows = Sheet.objects.filter(participant__assessment_year=year, state="issued")
    return rows.filter(Q(template_version__isnull=False) & ~Q(template_version=holding))


def is_as_recorded(row: Sheet | PartVersion) -> bool:
    """Whether what was issued still is what its digest and the record say.

    Source: docs/rules/indicators.md, P-5.
    """
    if digest_of(row.content) != row.digest:
        return False
    entries = entries_of([row.subject]).exclude(action="sheet.received")  # comes afterwards
    said = (each.facts["digest"] for each in tell(entries) if "digest" in each.facts)
    return next(said, row.digest) == row.digest


def altered() -> Iterator[Sheet | PartVersion]:
    """Everything issued whose content is not what its digest says: somebody wrote past us."""
    for version in PartVersion.objects.filter(state__in=sorted(FIXED)).iterator(chunk_size=50):
        if digest_of(version.content) != version.digest:
            yield version
    for sheet in Sheet.objects.select_related("participant").iterator(chunk_size=200):
        if digest_of(sheet.content) != sheet.digest:
            yield sheet
