"""Reading assessment years: which there are, their calendar, who takes part."""

from typing import NamedTuple

from django.db.models import QuerySet

from kaohe.core.access import Verb
from kaohe.core.part_path import OPEN
from kaohe.indicators.models import (
    Adjustment,
    AssessmentYear,
    Participant,
    ParticipantChange,
    PartVersion,
    Sheet,
    TargetTable,
)
from kaohe.organization.models import Document, DocumentVersion, Jurisdiction, User
from kaohe.organization.queries.access import allows, one, visible


def years_of(user: User, jurisdiction: Jurisdiction) -> QuerySet[AssessmentYear]:
    """The years of a jurisdiction that a user may know of, latest first."""
    rows = AssessmentYear.objects.filter(jurisdiction=jurisdiction).select_related("jurisdiction")
    return visible(user, Verb.YEAR_READ, rows)


def get_year(user: User, key: int, verb: Verb = Verb.YEAR_READ) -> AssessmentYear:
    """A year to which a user may do ``verb``.

    Raises:
        NothingHere: there is none.
    """
    rows = AssessmentYear.objects.select_related("jurisdiction", "work_plan", "opinion")
    return one(visible(user, verb, rows), key)


def participants_of(
    user: User, year: AssessmentYear, verb: Verb = Verb.SHEET_READ
) -> QuerySet[Participant]:
    """The units of a year to which a user may do ``verb``."""
    rows = Participant.objects.filter(assessment_year=year)
    return visible(user, verb, rows, department="department", unit="unit").select_related(
        "jurisdiction", "unit", "department", "group"
    )


def get_participant(user: User, key: int, verb: Verb = Verb.SHEET_READ) -> Participant:
    """A unit of a year to which a user may do ``verb``.

    Raises:
        NothingHere: there is none.
    """
    rows = visible(user, verb, Participant.objects.all(), department="department", unit="unit")
    return one(
        rows.select_related("jurisdiction", "assessment_year", "unit", "department", "group"), key
    )


def on_their_way(year: AssessmentYear) -> dict[str, int]:
    """How much of a year is not finished, by kind; with any of it the year cannot be closed.

    Source: docs/rules/years.md, Y-9.
    """
    of_units = {"participant__assessment_year": year}
    unanswered = ["declared", "reviewed", "returned"]
    return {
        "parts": PartVersion.objects.filter(part__assessment_year=year, state__in=OPEN).count(),
        "adjustments": Adjustment.objects.filter(
            **of_units, state__in=["proposed", "reviewed", "returned"]
        ).count(),
        "targets": TargetTable.objects.filter(**of_units, state__in=unanswered).count(),
        "changes": ParticipantChange.objects.filter(**of_units, state="proposed").count(),
    }


class YearDocument(NamedTuple):
    """The work plan or the city opinion of a year, and the version of it that counts today."""

    sort: str
    document: Document | None
    version: DocumentVersion | None


def documents_of_year(user: User, year: AssessmentYear) -> list[YearDocument]:
    """Both documents of a year: the version in force, else the latest that a user may see.

    Source: docs/rules/years.md, Y-10.
    """
    drafts = allows(user, Verb.DOCUMENT_REVIEW, year)
    found = []
    for sort in ("work_plan", "opinion"):
        document: Document | None = getattr(year, sort)
        version = None
        if document is not None:
            rows = document.versions.exclude(state="withdrawn").order_by("-number")
            issued = rows.filter(state="issued").first()
            version = issued or (rows.first() if drafts else None)
        found.append(YearDocument(sort, document, version))
    return found


def documents_for(user: User, year: AssessmentYear, sort: str) -> QuerySet[Document]:
    """The documents of a kind to which a year may be linked."""
    rows = Document.objects.filter(jurisdiction=year.jurisdiction_id, sort=sort)
    return visible(user, Verb.DOCUMENT_READ, rows)


def standing(user: User, year: AssessmentYear) -> dict[str, int]:
    """How far a year is, as a user sees it: units, groups, departments, schemes, sheets."""
    rows = participants_of(user, year).order_by()
    seen = rows.values("pk")
    sheets = Sheet.objects.filter(participant__in=seen, state__in=["issued", "archived"])
    return {
        "units": rows.count(),
        "ungraded": rows.exclude(status="graded").count(),
        "groups": year.groups.filter(closed=False).count(),
        "departments": rows.values("department_name").distinct().count(),
        "schemes": PartVersion.objects.filter(
            part__assessment_year=year,
            part__sort="department",
            state__in=["issued", "archived"],
            part__department__in=rows.values("department"),
        ).count(),
        "sheets": sheets.order_by().count(),
    }
