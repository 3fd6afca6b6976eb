"""Many new units at once, as another system has them: checked together, written together."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from kaohe.core.access import Target, Verb
from kaohe.core.errors import Refusal
from kaohe.core.problems import errors_in
from kaohe.core.register import check_code
from kaohe.journal.bulk import few_collections, insert_all
from kaohe.organization.models import Department, Jurisdiction, Succession, Unit, UnitName, User
from kaohe.organization.queries.access import NothingHere, allows, require
from kaohe.organization.services.bulk import (
    DepartmentOutOfReach,
    Fault,
    RowsRefused,
    alone_in,
    parts,
    repeated,
)
from kaohe.organization.services.units import (
    MOST_NAMES,
    Built,
    build_unit,
    entries_of_built,
)
from kaohe.organization.services.units_refusals import (
    CertificateEndsEarly,
    CodeTaken,
    CodeTakenElsewhere,
    CodeUnsound,
    TooManyNames,
    UnitNameTaken,
)
from kaohe.organization.services.writing import record_all

CHUNK = 2000  # units that are in memory with all that belongs to them
Row = Mapping[str, Any]


@transaction.atomic
def enter_units(*, by: User, jurisdiction: Jurisdiction, rows: Sequence[Row | None]) -> list[Unit]:
    """Enter many units, all of them or none, an entry for each object.

    Args:
        rows: of each unit the arguments of ``units.enter_unit``, the department by its key; None
            for one that could not be read: nothing is written then, and the others are checked.

    Returns:
        The units, in the order of the rows.

    Raises:
        RoleMissing, NothingHere: ``by`` may enter units in none of the departments.
        RowsRefused: some cannot be taken; every one is told with all that is wrong.
    """
    require(by, Verb.UNIT_MANAGE)
    here = alone_in(jurisdiction)
    departments = _departments(by, here, rows)
    with few_collections():
        built = [_built(row, here, departments) for row in rows]
        faults = _faults(here, rows, built)
        if faults or None in rows:
            raise RowsRefused(faults, len(rows))
        units = [each for each in built if each is not None]
        for start in range(0, len(units), CHUNK):
            _write(units[start : start + CHUNK], by)
    return [each.unit for each in units]


def _departments(by: User, here: Jurisdiction, rows: Sequence[Row | None]) -> dict[int, Department]:
    """The departments of the rows under which ``by`` may enter a unit."""
    wanted = {row["department"] for row in rows if row is not None}
    found = {
        row.pk: row
        for row in Department.objects.filter(jurisdiction=here, closed_on__isnull=True)
        if row.pk in wanted and allows(by, Verb.UNIT_MANAGE, Target(here.lineage, row.pk))
    }
    if wanted and not found:
        raise NothingHere
    return found


def _built(
    row: Row | None, here: Jurisdiction, departments: Mapping[int, Department]
) -> Built | None:
    department = departments.get(row["department"]) if row is not None else None
    if row is None or department is None:
        return None
    return build_unit(jurisdiction=here, **{**row, "department": department})


def _write(built: Sequence[Built], by: User) -> None:
    insert_all([each.unit for each in built])
    insert_all([name for each in built for name in each.names])
    insert_all([each.affiliation for each in built])
    insert_all([person for each in built for person in each.people])
    insert_all([tenure for each in built for tenure in each.tenures])
    record_all([event for each in built for event in entries_of_built(each)], by=by)


def _faults(
    here: Jurisdiction, rows: Sequence[Row | None], built: Sequence[Built | None]
) -> list[Fault]:
    """Everything that is wrong with the rows that could be read."""
    faults: list[Fault] = []
    names, codes = [], []
    for number, (row, made) in enumerate(zip(rows, built, strict=True)):
        if made is None:
            if row is not None:
                refusal = DepartmentOutOfReach(found=row["department"])
                faults.append(Fault(number, refusal.field, refusal))
            continue
        names.append((number, made.names[0].folded))
        if made.unit.code:
            codes.append((number, made.unit.code))
        faults += [Fault(number, each.field, each) for each in _wrong(row or {}, made)]
    faults += repeated(names, "name") + repeated(codes, "code")
    faults += _names_taken(here, names) + _codes_taken(here, codes)
    return faults


def _wrong(row: Row, made: Built) -> list[Refusal]:
    """What is wrong with one unit by itself."""
    unit, found = made.unit, list[Refusal]()
    if unit.code:
        found += [CodeUnsound(each) for each in check_code(unit.code) if errors_in((each,))]
    if unit.cert_from and unit.cert_to and unit.cert_to < unit.cert_from:
        found.append(CertificateEndsEarly(begin=unit.cert_from))
    further = len(row.get("plates", ())) + len(row.get("former_names", ()))
    if further > MOST_NAMES:
        found.append(TooManyNames(count=further, most=MOST_NAMES))
    return found


def _names_taken(here: Jurisdiction, names: Sequence[tuple[int, str]]) -> list[Fault]:
    """The rows whose name, folded, an open unit of the jurisdiction bears."""
    present = UnitName.objects.filter(kind="name", to_on__isnull=True)
    borne: dict[int, tuple[str, str]] = {}
    for part in parts(each for _row, each in names):  # by name alone: that is the index
        found = present.filter(folded__in=part).values_list("unit_id", "folded", "name")
        borne |= {unit: (key, name) for unit, key, name in found}
    units = Unit.objects.filter(jurisdiction=here, closed_on__isnull=True)
    taken: dict[str, str] = {}
    for keys in parts(borne):
        for unit, present_name in units.filter(pk__in=keys).values_list("pk", "name"):
            key, name = borne[unit]
            if name == present_name:
                taken[key] = name
    return [
        Fault(row, "name", UnitNameTaken(name=taken[key])) for row, key in names if key in taken
    ]


def _codes_taken(here: Jurisdiction, codes: Sequence[tuple[int, str]]) -> list[Fault]:
    """The rows whose code is or was another unit's."""
    taken: dict[str, tuple[int, str]] = {}
    past = Succession.objects.filter(kind="continuation").exclude(predecessor_code="")
    present = ("code", "jurisdiction", "name")
    former = ("predecessor_code", "unit__jurisdiction", "unit__name")
    found = list(past.values_list(*former)) if codes else []  # few units ever change their code
    for part in parts(code for _row, code in codes):
        found += Unit.objects.filter(code__in=part).values_list(*present)
    taken |= {code: (place, name) for code, place, name in found}
    faults = []
    for row, code in codes:
        if code in taken:
            place, name = taken[code]
            refusal: Refusal = CodeTakenElsewhere(found=code)
            if place == here.pk:
                refusal = CodeTaken(name=name, found=code)
            faults.append(Fault(row, "code", refusal))
    return faults
