"""What units were called, where they belonged and who was in post on a day."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from kaohe.organization.models import (
    Affiliation,
    Department,
    DepartmentName,
    Jurisdiction,
    Tenure,
    Unit,
    UnitName,
)

WIDEST = 200  # characters of the names of those in one post


def holds_on(day: date) -> Q:
    """What has begun by a day and not ended before it; an unknown end is open."""
    return (Q(from_on__isnull=True) | Q(from_on__lte=day)) & (
        Q(to_on__isnull=True) | Q(to_on__gte=day)
    )


def units_open_on(jurisdiction: Jurisdiction, day: date) -> QuerySet[Unit]:
    """The units of a jurisdiction that were there on a day; ``closed_on`` is the last one."""
    begun = Q(opened_on__isnull=True) | Q(opened_on__lte=day)
    not_ended = Q(closed_on__isnull=True) | Q(closed_on__gte=day)
    return Unit.objects.filter(begun & not_ended, jurisdiction=jurisdiction).order_by("code", "id")


class DayOfUnits:
    """Names, departments and people of all units of a jurisdiction on a day, read at once."""

    def __init__(self, jurisdiction: Jurisdiction, day: date) -> None:
        here = {"unit__jurisdiction": jurisdiction}
        self._names = _by_key(
            UnitName.objects.filter(holds_on(day), kind="name", **here).values_list(
                "unit_id", "name", "from_on", "to_on"
            )
        )
        self._departments = _by_key(
            Affiliation.objects.filter(holds_on(day), **here).values_list(
                "unit_id", "department_id", "from_on", "to_on"
            )
        )
        self._department_names = _by_key(
            DepartmentName.objects.filter(
                holds_on(day), department__jurisdiction=jurisdiction
            ).values_list("department_id", "name", "from_on", "to_on")
        )
        self._present = dict(
            Department.objects.filter(jurisdiction=jurisdiction).values_list("pk", "name")
        )
        self._people: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
        posts = Tenure.objects.filter(holds_on(day), **here).order_by("from_on", "id")
        for unit, post, name in posts.values_list("unit_id", "post", "person__name"):
            if unit is not None:
                self._people[unit, post].append(name)

    def name(self, unit: Unit) -> str:
        """The name of a unit on the day."""
        return str(_of_day(self._names.get(unit.pk, []), unit.name))

    def department(self, unit: Unit) -> int:
        """The key of the department of a unit on the day."""
        return int(_of_day(self._departments.get(unit.pk, []), unit.department_id))

    def department_name(self, department: int) -> str:
        """The name of a department on the day."""
        present = self._present.get(department, "")
        return str(_of_day(self._department_names.get(department, []), present))

    def person(self, unit: Unit, post: str) -> str:
        """Who was in a post of a unit on the day; several are parted by 、."""
        return "、".join(self._people.get((unit.pk, post), []))[:WIDEST]


Dated = tuple[Any, date | None, date | None]


def _by_key(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[Dated]]:
    found: defaultdict[int, list[Dated]] = defaultdict(list)
    for key, value, from_on, to_on in rows:
        found[key].append((value, from_on, to_on))
    return found


def _of_day(rows: list[Dated], present: Any) -> Any:
    """The value that holds among those that may: the one that began last.

    Without a first day one that has a last day comes before one whose days are unknown, unless
    that is the present one.
    """

    def rank(row: Dated) -> tuple[date, bool, bool]:
        value, from_on, to_on = row
        return (from_on or date.min, to_on is not None, value == present)

    return max(rows, key=rank)[0] if rows else present
