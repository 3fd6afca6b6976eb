"""Fixing the register of a year (年度快照): a row for each unit that was open on a day."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from kaohe.core.access import Target, Verb
from kaohe.core.leaf import Event
from kaohe.organization.models import Jurisdiction, Unit, UnitYear, User
from kaohe.organization.queries.access import require
from kaohe.organization.queries.as_of import DayOfUnits, units_open_on
from kaohe.organization.services.units_refusals import (
    NothingToFix,
    SnapshotInFuture,
    SnapshotOutsideYear,
)
from kaohe.organization.services.writing import State, record_all, taken

BATCH = 500
OWN_COLUMNS = ("name", "code", "department_id", "category", "group", "staff")


class Snapshot(NamedTuple):
    """What was taken."""

    year: int
    edition: int
    units: int


@transaction.atomic
def take_snapshot(*, by: User, jurisdiction: Jurisdiction, year: int, on: date) -> Snapshot:
    """Fix what each unit of a jurisdiction was on a day, with an entry for each unit.

    A snapshot that is taken again is a further edition; the earlier ones stay.  Names, departments
    and people are those of the day; other facts are those that are kept now.

    Raises:
        RoleMissing: ``by`` may not, there.
        SnapshotOutsideYear: the day is not in the year.
        SnapshotInFuture: the day is still to come.
        NothingToFix: no unit was open then.
    """
    require(by, Verb.UNIT_SNAPSHOT, Target(jurisdiction.lineage))
    if on.year != year:
        raise SnapshotOutsideYear(year=year)
    if on > timezone.localdate():
        raise SnapshotInFuture
    here = taken(Jurisdiction, jurisdiction.pk, None)
    units = list(units_open_on(here, on))
    if not units:
        raise NothingToFix
    earlier = UnitYear.objects.filter(jurisdiction=here, year=year)
    edition = (earlier.aggregate(last=Max("edition"))["last"] or 0) + 1
    rows = _rows(by, here, year, edition, on, units)
    UnitYear.objects.bulk_create(rows, batch_size=BATCH)
    record_all([_event(row, here.code, on) for row in rows], by=by)
    return Snapshot(year, edition, len(rows))


def _rows(
    by: User, here: Jurisdiction, year: int, edition: int, on: date, units: Sequence[Unit]
) -> list[UnitYear]:
    day, now = DayOfUnits(here, on), timezone.now()
    rows = []
    for unit in units:
        name, department = day.name(unit), day.department(unit)
        facts = State(unit).facts
        row = UnitYear(
            jurisdiction=here,
            unit=unit,
            year=year,
            edition=edition,
            on=on,
            taken_at=now,
            taken_by=by,
            name=name,
            code=unit.code or "",
            department_id=department,
            department_name=day.department_name(department),
            category=unit.category,
            group=unit.group,
            staff=unit.staff,
            principal=day.person(unit, "principal"),
            legal_representative=day.person(unit, "legal_representative"),
            facts={key: value for key, value in facts.items() if key not in OWN_COLUMNS},
        )
        rows.append(row)
    return rows


def _event(row: UnitYear, code: str, on: date) -> Event:
    facts = {
        "year": row.year,
        "edition": row.edition,
        "name": row.name,
        "code": row.code,
        "department_id": row.department_id,
        "category": row.category,
        "group": row.group,
        "staff": row.staff,
        **row.facts,
    }
    texts = {"principal": row.principal, "legal_representative": row.legal_representative}
    return Event(
        "unit.snapshot-taken",
        row.unit.subject,
        code,
        row.code,
        facts={key: value for key, value in facts.items() if value not in (None, "")},
        sealed={key: text for key, text in texts.items() if text},
        effective_on=on,
    )
