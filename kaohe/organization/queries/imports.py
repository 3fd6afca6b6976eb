"""Reading imports of the register."""

from django.db.models import QuerySet

from kaohe.core.access import Target, Verb
from kaohe.core.register import Value
from kaohe.organization.models import Department, Import, Jurisdiction, User
from kaohe.organization.queries.access import NothingHere, jurisdictions_of, one, reach_of
from kaohe.organization.queries.files import path_of
from kaohe.organization.queries.import_register import register_of
from kaohe.organization.queries.import_report import Report, opened


def place_to_import(user: User, jurisdiction: Jurisdiction) -> Target:
    """Where a user may import in a jurisdiction: all of it, else a department in their charge."""
    found = reach_of(user, Verb.UNIT_IMPORT)
    whole = Target(jurisdiction.lineage)
    if found.covers(whole) or not found.departments:
        return whole
    mine = Department.objects.filter(jurisdiction=jurisdiction, pk__in=found.departments)
    first = mine.order_by("pk").values_list("pk", flat=True).first()
    return whole if first is None else Target(jurisdiction.lineage, first)


def imports_of(user: User, jurisdiction: Jurisdiction) -> QuerySet[Import]:
    """The imports of a jurisdiction that a user may see; who is in charge of some departments
    sees their own."""
    rows = Import.objects.filter(jurisdiction=jurisdiction).select_related("file", "added_by")
    if reach_of(user, Verb.UNIT_IMPORT).covers(Target(jurisdiction.lineage)):
        return rows
    return rows.filter(added_by=user)


def get_import(user: User, key: object) -> Import:
    """An import that a user may see.

    Raises:
        NothingHere: there is none.
    """
    places = jurisdictions_of(user, Verb.UNIT_IMPORT)
    row = one(Import.objects.filter(jurisdiction__in=places).select_related("jurisdiction"), key)
    return one(imports_of(user, row.jurisdiction).select_related("jurisdiction"), row.pk)


def report_of(row: Import) -> Report:
    """What was found when the workbook was checked.

    Raises:
        NothingHere: it was not checked, or the report was lost.
    """
    if not row.report:
        raise NothingHere
    try:
        return opened(path_of(row.report))
    except OSError as missing:
        raise NothingHere from missing


def register_rows(
    user: User, jurisdiction: Jurisdiction, departments: set[int] | None = None
) -> list[dict[str, Value]]:
    """The open units of a register as a workbook gives them, departments by name."""
    register = register_of(jurisdiction)
    return [
        {**unit.values, "department": register.departments.get(unit.department, "")}
        for unit in register.units.values()
        if unit.closed_on is None and (departments is None or unit.department in departments)
    ]


def departments_to_import(user: User, jurisdiction: Jurisdiction) -> list[Department]:
    """The open departments whose units a user may import."""
    found = reach_of(user, Verb.UNIT_IMPORT)
    rows = Department.objects.filter(
        jurisdiction=jurisdiction, closed_on__isnull=True, in_charge=True
    )
    return [row for row in rows if found.covers(Target(jurisdiction.lineage, row.pk))]


def department_names(jurisdiction: Jurisdiction) -> dict[int, str]:
    """The departments of a jurisdiction, closed ones too, by key."""
    return dict(Department.objects.filter(jurisdiction=jurisdiction).values_list("pk", "name"))
