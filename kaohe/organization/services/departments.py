"""Departments: enter, correct, rename, close."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from kaohe.core.access import Target, Verb
from kaohe.core.errors import Conflict, Invalid
from kaohe.core.problems import N_
from kaohe.core.texts import clean
from kaohe.organization.models import Department, DepartmentName, Jurisdiction, User
from kaohe.organization.queries.access import require
from kaohe.organization.services.writing import (
    State,
    changed,
    created,
    is_same,
    record,
    save,
    taken,
)


class DepartmentNameTaken(Conflict):
    """Two open departments of one jurisdiction may not bear one name."""

    code = "department.name-taken"
    sentence = N_(
        "There is a department “{name}” already. Give this one another name, or use that one."
    )
    field = "name"


class DepartmentHasUnits(Conflict):
    """A department in charge of units cannot close."""

    code = "department.has-units"
    sentence = N_(
        "“{name}” is still in charge of {count} units. Transfer these to another department first."
    )


class SameName(Invalid):
    """A renaming that changes nothing."""

    code = "department.same-name"
    sentence = N_("“{name}” is the present name. Enter the new one.")
    field = "name"


@transaction.atomic
def open_department(
    *,
    by: User,
    jurisdiction: Jurisdiction,
    name: str,
    short_name: str = "",
    code: str = "",
    in_charge: bool = True,
    member_part: str = "",
    opened_on: date | None = None,
    document: str = "",
) -> Department:
    """Enter a department.

    Raises:
        RoleMissing: ``by`` may not, there.
        DepartmentNameTaken: an open department bears the name.
    """
    require(by, Verb.DEPARTMENT_MANAGE, Target(jurisdiction.lineage))
    name = clean(name)
    _must_be_free(jurisdiction, name)
    row = Department.objects.create(
        jurisdiction=jurisdiction,
        name=name,
        short_name=clean(short_name),
        code=code,
        in_charge=in_charge,
        member_part=member_part,
        opened_on=opened_on,
    )
    DepartmentName.objects.create(
        department=row, name=name, from_on=opened_on, document=clean(document)
    )
    extra = {"document": clean(document)} if document else {}
    record(created(row, "department.opened", extra=extra), by=by)
    return row


@transaction.atomic
def correct_department(
    *, by: User, department: Department, seen: int | None, **fields: Any
) -> Department:
    """Mend what was entered wrongly; a new name has a service of its own.

    Args:
        fields: of ``short_name``, ``code``, ``in_charge``, ``member_part``, ``opened_on``.

    Raises:
        RoleMissing: ``by`` may not.
        Changed: it is not what ``by`` saw.
    """
    require(by, Verb.DEPARTMENT_MANAGE, department)
    row = taken(Department, department.pk, seen)
    before = State(row)
    for name, value in fields.items():
        setattr(row, name, clean(value) if isinstance(value, str) else value)
    if not is_same(row, before):
        save(row, by=by, event=changed(row, before, "department.corrected"))
    return row


@transaction.atomic
def rename_department(
    *, by: User, department: Department, seen: int | None, name: str, on: date, document: str
) -> Department:
    """Give a department a new name from a day on; papers of earlier days print the old one.

    Raises:
        RoleMissing: ``by`` may not.
        SameName: it bears the name already.
        DepartmentNameTaken: another one does.
        Changed: it is not what ``by`` saw.
    """
    require(by, Verb.DEPARTMENT_MANAGE, department)
    row = taken(Department, department.pk, seen)
    before = State(row)
    name = clean(name)
    if name == row.name:
        raise SameName(name=name)
    _must_be_free(row.jurisdiction, name)
    row.names.filter(to_on__isnull=True).update(to_on=on - timedelta(days=1))
    DepartmentName.objects.create(department=row, name=name, from_on=on, document=clean(document))
    row.name = name
    event = changed(
        row, before, "department.renamed", effective_on=on, extra={"document": clean(document)}
    )
    save(row, by=by, event=event)
    return row


@transaction.atomic
def close_department(
    *, by: User, department: Department, seen: int | None, on: date, reason: str
) -> Department:
    """Close a department that is in charge of no unit any more.

    Raises:
        RoleMissing: ``by`` may not.
        DepartmentHasUnits: it still is.
        Changed: it is not what ``by`` saw.
    """
    require(by, Verb.DEPARTMENT_MANAGE, department)
    row = taken(Department, department.pk, seen)
    before = State(row)
    count = row.units.filter(closed_on__isnull=True).count()
    if count:
        raise DepartmentHasUnits(name=row.name, count=count)
    row.closed_on = on
    event = changed(
        row, before, "department.closed", effective_on=on, texts={"reason": clean(reason)}
    )
    save(row, by=by, event=event)
    return row


def _must_be_free(jurisdiction: Jurisdiction, name: str) -> None:
    open_ones = Department.objects.filter(jurisdiction=jurisdiction, closed_on__isnull=True)
    if open_ones.filter(name=name).exists():
        raise DepartmentNameTaken(name=name)
