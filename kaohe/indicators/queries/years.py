"""Reading assessment years: which there are, their calendar, who takes part."""

from django.db.models import QuerySet

from kaohe.core.access import Verb
from kaohe.indicators.models import AssessmentYear, Participant
from kaohe.organization.models import Jurisdiction, User
from kaohe.organization.queries.access import one, visible


def years_of(user: User, jurisdiction: Jurisdiction) -> QuerySet[AssessmentYear]:
    """The years of a jurisdiction that a user may know of, latest first."""
    rows = AssessmentYear.objects.filter(jurisdiction=jurisdiction).select_related("jurisdiction")
    return visible(user, Verb.YEAR_READ, rows)


def get_year(user: User, key: int, verb: Verb = Verb.YEAR_READ) -> AssessmentYear:
    """A year to which a user may do ``verb``.

    Raises:
        NothingHere: there is none.
    """
    return one(visible(user, verb, AssessmentYear.objects.select_related("jurisdiction")), key)


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
