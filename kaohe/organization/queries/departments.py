"""Reading departments."""

from django.db.models import Count, Q, QuerySet

from kaohe.core.access import Verb
from kaohe.organization.models import Department, DepartmentName, Jurisdiction, User
from kaohe.organization.queries.access import allows, one, open_units_seen, visible, visible_units


def departments_of(user: User, jurisdiction: Jurisdiction) -> QuerySet[Department]:
    """The departments of a jurisdiction that a user may see, with how many units each has."""
    rows = Department.objects.filter(jurisdiction=jurisdiction).select_related("jurisdiction")
    counted = Count("units", filter=open_units_seen(user, jurisdiction))
    return visible(user, Verb.DEPARTMENT_READ, rows).annotate(unit_count=counted)


def called(rows: QuerySet[Department], text: str) -> QuerySet[Department]:
    """Those of some departments whose present or earlier names contain a text."""
    names = DepartmentName.objects.filter(name__icontains=text)
    return rows.filter(Q(name__icontains=text) | Q(pk__in=names.values("department")))


def count_units(user: User, department: Department) -> int | None:
    """How many open units of a department a user may see; None: no unit anywhere."""
    if not allows(user, Verb.UNIT_READ):
        return None
    return visible_units(user).filter(department=department, closed_on__isnull=True).count()


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
