"""How a jurisdiction is organised, in numbers and names."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncMonth

from kaohe.core.access import Verb
from kaohe.core.deadlines import add_months
from kaohe.organization.models import (
    Department,
    DocumentVersion,
    Jurisdiction,
    Seat,
    Unit,
    User,
)
from kaohe.organization.queries.access import (
    allows,
    jurisdictions_of,
    open_units_seen,
    visible,
    visible_units,
)

MONTHS = 12
HAS_TO = ~Q(
    status__in=("deregistered", "revoked")
)  # a certificate; closed units are left out already


@dataclass(frozen=True, slots=True)
class Overview:
    """What stands on the overview of a jurisdiction."""

    units: dict[str, int]  # units, expired, soon, over (more posts filled than approved)
    departments: list[Department]  # in charge, with unit_count, posts and filled
    members: list[Department]
    seats: list[Seat]
    in_force: list[DocumentVersion]
    expiring: list[tuple[date, int]]  # certificates that end in each of the next twelve months
    below: list[Jurisdiction]  # jurisdictions below that may be seen, with unit_count and expired


def overview_of(user: User, place: Jurisdiction, today: date) -> Overview:
    """The overview as far as a user may see it; a bounded number of queries."""
    units = visible_units(user).filter(jurisdiction=place, closed_on__isnull=True).order_by()
    departments = list(_departments(user, place))
    whole = allows(user, Verb.UNIT_READ, place) or not allows(user, Verb.UNIT_READ)
    return Overview(
        units=units.aggregate(
            units=Count("id"),
            expired=Count("id", filter=Q(cert_to__lt=today) & HAS_TO),
            soon=Count("id", filter=Q(cert_to__range=(today, today + timedelta(30))) & HAS_TO),
            over=Count("id", filter=Q(posts_filled__gt=F("posts_approved"))),
        ),
        departments=[each for each in departments if each.in_charge and (whole or each.unit_count)],
        members=[each for each in departments if each.member_part],
        seats=list(_seats(user, place, today)),
        in_force=list(in_force(user, place)),
        expiring=_expiring(user, place, today),
        below=list(_below(user, place, today)),
    )


def _below(user: User, place: Jurisdiction, today: date) -> QuerySet[Jurisdiction]:
    rows = jurisdictions_of(user, Verb.UNIT_READ).filter(path__startswith=place.path)
    units = Unit.objects.filter(jurisdiction=OuterRef("pk"), closed_on__isnull=True).order_by()
    rules = DocumentVersion.objects.filter(jurisdiction=OuterRef("pk"), state="issued").order_by()
    return rows.exclude(pk=place.pk).annotate(
        unit_count=_number(units),
        expired=_number(units.filter(HAS_TO, cert_to__lt=today)),
        in_force=_number(rules),
    )


def _number(rows: QuerySet[Any]) -> Coalesce:
    """How many rows of another table belong to each, asked within the one query."""
    counted = rows.values("jurisdiction").annotate(n=Count("id")).values("n")
    return Coalesce(Subquery(counted), 0)


def _departments(user: User, place: Jurisdiction) -> QuerySet[Any]:
    rows = Department.objects.filter(jurisdiction=place, closed_on__isnull=True)
    open_units = open_units_seen(user, place)
    return (
        visible(user, Verb.DEPARTMENT_READ, rows)
        .annotate(
            unit_count=Count("units", filter=open_units),
            posts=Sum("units__posts_approved", filter=open_units),
            filled=Sum("units__posts_filled", filter=open_units),
        )
        .order_by("-unit_count", "name")
    )


def _seats(user: User, place: Jurisdiction, today: date) -> QuerySet[Seat]:
    rows = Seat.objects.filter(jurisdiction=place).filter(
        Q(to_on__isnull=True) | Q(to_on__gte=today)
    )
    return visible(user, Verb.COMMITTEE_READ, rows).select_related("person", "department")


def in_force(user: User, place: Jurisdiction) -> QuerySet[DocumentVersion]:
    """The documents of a jurisdiction that hold today, as far as a user may read them."""
    rows = DocumentVersion.objects.filter(jurisdiction=place, state="issued")
    return (
        visible(user, Verb.DOCUMENT_READ, rows)
        .select_related("document")
        .order_by("document__sort", "document__title")
    )


def _expiring(user: User, place: Jurisdiction, today: date) -> list[tuple[date, int]]:
    """How many certificates end in each of the next twelve months, this one first."""
    first = today.replace(day=1)
    rows = (
        visible_units(user)
        .filter(HAS_TO, jurisdiction=place, closed_on__isnull=True, cert_to__gte=today)
        .order_by()
        .annotate(month=TruncMonth("cert_to"))
        .values("month")
        .annotate(n=Count("id"))
    )
    found = {row["month"]: row["n"] for row in rows}
    months = [add_months(first, count) for count in range(MONTHS)]
    return [(month, found.get(month, 0)) for month in months]
