"""Whom the rows of a folder mean: units and departments of the register, by codes and names."""

from collections.abc import Collection

from kaohe.organization.models import Department, DepartmentName, Jurisdiction, Succession, Unit

FEW = 500  # that a database takes in one question


def _parts(keys: Collection[str]) -> list[list[str]]:
    found = sorted(keys)
    return [found[place : place + FEW] for place in range(0, len(found), FEW)]


def units_by_code(place: Jurisdiction, codes: Collection[str]) -> dict[str, Unit]:
    """The units of a jurisdiction that bear some codes, or bore them before a continuation.

    Source: docs/rules/year_folder.md, YF-5.
    """
    found: dict[str, Unit] = {}
    for some in _parts(codes):
        rows = Unit.objects.filter(jurisdiction=place, code__in=some)
        found |= {str(unit.code): unit for unit in rows.select_related("jurisdiction")}
    for some in _parts(set(codes) - set(found)):
        former = Succession.objects.filter(
            jurisdiction=place, kind="continuation", predecessor_code__in=some
        ).select_related("unit__jurisdiction")
        found |= {row.predecessor_code: row.unit for row in former}
    return found


def departments_by_name(place: Jurisdiction, names: Collection[str]) -> dict[str, Department]:
    """The departments of a jurisdiction that bear some names: each for one of the names at most.

    The present name counts first, then the present name without that of the place, the short name,
    and a former name; among departments of one name the open one.

    Source: docs/rules/year_folder.md, YF-5.
    """
    rows = list(Department.objects.filter(jurisdiction=place).select_related("jurisdiction"))
    rows.sort(key=lambda row: (row.closed_on is not None, row.pk))
    former = DepartmentName.objects.filter(department__in=rows).values_list("name", "department")
    by_key = {row.pk: row for row in rows}
    ways = [
        [(row.name, row) for row in rows],
        [(row.name.removeprefix(place.name), row) for row in rows],
        [(row.short_name, row) for row in rows if row.short_name],
        [(name, by_key[key]) for name, key in former],
    ]
    found: dict[str, Department] = {}
    taken: set[int] = set()
    for way in ways:
        for name, row in way:
            if name in names and name not in found and row.pk not in taken:
                found[name] = row
                taken.add(row.pk)
    return found
