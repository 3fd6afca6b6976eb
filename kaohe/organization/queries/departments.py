"""Reading departments."""

from django.db.models import Count, Q, QuerySet

from kaohe.core.access import Verb
from kaohe.organization.models import Department, Jurisdiction, User
from kaohe.organization.queries.access import one, visible


def departments_of(user: User, jurisdiction: Jurisdiction) -> QuerySet[Department]:
    """The departments of a jurisdiction that a user may see, with how many units each has."""
    rows = Department.objects.filter(jurisdiction=jurisdiction).select_related("jurisdiction")
    open_units = Count("units", filter=Q(units__closed_on__isnull=True))
    return visible(user, Verb.DEPARTMENT_READ, rows).annotate(unit_count=open_units)


def get_department(user: User, key: int) -> Department:
    """A department that a user may see.

    Raises:
        NothingHere: there is none.
    """
    rows = Department.objects.select_related("jurisdiction").prefetch_related("names")
    return one(visible(user, Verb.DEPARTMENT_READ, rows), key)


def open_departments(jurisdiction: Jurisdiction) -> QuerySet[Department]:
    """The departments of a jurisdiction that exist today, for a choice in a form."""
    return Department.objects.filter(jurisdiction=jurisdiction, closed_on__isnull=True)
