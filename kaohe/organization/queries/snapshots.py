"""Reading the snapshots of the years."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date as day
from datetime import datetime

from django.db.models import Count, Max, QuerySet

from kaohe.core.access import Verb
from kaohe.core.leaf import Fact
from kaohe.organization.models import Jurisdiction, Unit, UnitYear, User
from kaohe.organization.models.jurisdictions import fact
from kaohe.organization.queries.access import NothingHere, visible


@dataclass(frozen=True, slots=True)
class Edition:
    """One snapshot of a year, as far as a user may see it."""

    year: int
    edition: int
    on: day
    taken_at: datetime
    taken_by: str
    count: int
    is_last: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact that was another one when the snapshot was taken."""

    name: str
    then: Fact
    now: Fact


def rows_seen(user: User) -> QuerySet[UnitYear]:
    """The rows of snapshots that a user may see: those of the units they may see today."""
    return visible(
        user, Verb.UNIT_READ, UnitYear.objects.all(), department="unit__department", unit="unit"
    )


def editions_of(user: User, jurisdiction: Jurisdiction) -> list[Edition]:
    """The snapshots of a jurisdiction, latest year and edition first."""
    found = (
        rows_seen(user)
        .filter(jurisdiction=jurisdiction)
        .order_by("-year", "-edition")
        .values("year", "edition", "on", "taken_at", "taken_by__name")
        .annotate(count=Count("pk"))
    )
    last: dict[int, int] = {}
    editions = []
    for row in found:
        newest = last.setdefault(row["year"], row["edition"])
        editions.append(
            Edition(
                row["year"],
                row["edition"],
                row["on"],
                row["taken_at"],
                row["taken_by__name"],
                row["count"],
                row["edition"] == newest,
            )
        )
    return editions


def snapshot_of(
    user: User, jurisdiction: Jurisdiction, year: int, edition: int
) -> QuerySet[UnitYear]:
    """The rows of one snapshot that a user may see."""
    rows = rows_seen(user).filter(jurisdiction=jurisdiction, year=year, edition=edition)
    return rows.select_related("taken_by").order_by("code", "id")


def years_of_unit(unit: Unit) -> QuerySet[UnitYear]:
    """All snapshots of a unit, latest first."""
    return UnitYear.objects.filter(unit=unit).select_related("taken_by")


def chosen_of_unit(rows: Iterable[UnitYear], year: int | None, edition: int | None) -> UnitYear:
    """The snapshot that is asked for, else the latest.

    Raises:
        NothingHere: there is no such snapshot.
    """
    for row in rows:
        if (year is None or row.year == year) and (edition is None or row.edition == edition):
            return row
    raise NothingHere


def last_edition(jurisdiction: Jurisdiction, year: int) -> int | None:
    """The number of the last snapshot of a year, if there is one."""
    rows = UnitYear.objects.filter(jurisdiction=jurisdiction, year=year)
    found: int | None = rows.aggregate(last=Max("edition"))["last"]
    return found


def differences(unit: Unit, row: UnitYear, leading: dict[str, str]) -> list[Difference]:
    """What is another today than it was in a snapshot.

    Args:
        leading: who is in which post today.
    """
    then: dict[str, Fact] = {
        "name": row.name,
        "code": row.code,
        "department_id": row.department_id,
        "category": row.category,
        "group": row.group,
        "staff": row.staff,
        **{post: getattr(row, post) for post in leading},
        **row.facts,
    }
    now = {name: fact(getattr(unit, name)) for name in then if name not in leading} | leading
    return [
        Difference(name, then[name], now[name])
        for name in then
        if (then[name] or None) != (now[name] or None) or (then[name] == 0) != (now[name] == 0)
    ]
