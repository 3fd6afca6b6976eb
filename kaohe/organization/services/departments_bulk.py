"""Many new departments at once, as another system has them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from kaohe.core.access import Target, Verb
from kaohe.core.texts import clean
from kaohe.journal.bulk import insert_all
from kaohe.organization.models import Department, DepartmentName, Jurisdiction, User
from kaohe.organization.queries.access import require
from kaohe.organization.services.bulk import Fault, RowsRefused, alone_in, parts, repeated
from kaohe.organization.services.departments import DepartmentNameTaken
from kaohe.organization.services.writing import created, record_all

Row = Mapping[str, Any]


@transaction.atomic
def open_departments(
    *, by: User, jurisdiction: Jurisdiction, rows: Sequence[Row | None]
) -> list[Department]:
    """Enter many departments, all of them or none, an entry for each.

    Args:
        rows: of each the arguments of ``departments.open_department``; None for one that could
            not be read: nothing is written then, and the others are checked.

    Raises:
        RoleMissing: ``by`` may not, there.
        RowsRefused: some cannot be taken; every one is told.
    """
    require(by, Verb.DEPARTMENT_MANAGE, Target(jurisdiction.lineage))
    here = alone_in(jurisdiction)
    named = [(place, clean(row["name"])) for place, row in enumerate(rows) if row is not None]
    faults = repeated(named, "name") + _taken(here, named)
    if faults or None in rows:
        raise RowsRefused(faults, len(rows))
    made = [_made(here, row) for row in rows if row is not None]
    insert_all([department for department, _name in made])
    insert_all([name for _department, name in made])
    record_all([_told(*each) for each in made], by=by)
    return [department for department, _name in made]


def _made(here: Jurisdiction, row: Row) -> tuple[Department, DepartmentName]:
    fields = {
        name: clean(value) if isinstance(value, str) else value for name, value in row.items()
    }
    document = fields.pop("document", "")
    department = Department(jurisdiction=here, **fields)
    name = DepartmentName(
        department=department,
        name=department.name,
        from_on=department.opened_on,
        document=document,
    )
    return department, name


def _told(department: Department, name: DepartmentName) -> Any:
    extra = {"document": name.document} if name.document else {}
    return created(department, "department.opened", extra=extra)


def _taken(here: Jurisdiction, named: Sequence[tuple[int, str]]) -> list[Fault]:
    """The rows whose name an open department bears."""
    open_ones = Department.objects.filter(jurisdiction=here, closed_on__isnull=True)
    borne: set[str] = set()
    for part in parts(name for _row, name in named):
        borne.update(open_ones.filter(name__in=part).values_list("name", flat=True))
    return [
        Fault(row, "name", DepartmentNameTaken(name=name)) for row, name in named if name in borne
    ]
