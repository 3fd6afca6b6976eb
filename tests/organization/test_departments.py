"""Departments: entered, corrected, renamed, closed."""

from datetime import date
from functools import partial

import pytest

from kaohe.core.access import Role
from kaohe.journal.models import JournalEntry
from kaohe.journal.queries import entries_of, tell
from kaohe.organization.models import Department
from kaohe.organization.queries.access import RoleMissing
from kaohe.organization.services import departments
from kaohe.organization.services.departments import (
    DepartmentHasUnits,
    DepartmentNameTaken,
    SameName,
)
from kaohe.organization.services.writing import Changed


@pytest.fixture
def clerk(person):
    return person(Role.OFFICE_HEAD)


@pytest.fixture
def opened(clerk, city):
    """``open_department`` with everything in order; a test names only what it is about."""
    return partial(departments.open_department, by=clerk, jurisdiction=city, name="市水务局")


def test_a_department_and_its_entry_are_written_together(opened):
    row = opened(opened_on=date(2019, 1, 1), document="莱编〔2019〕1号")

    [told] = tell(entries_of([row.subject]))
    assert told.action == "department.opened"
    assert told.facts["name"] == "市水务局"
    assert told.facts["document"] == "莱编〔2019〕1号"
    assert [name.name for name in row.names.all()] == ["市水务局"]


def test_two_open_departments_may_not_bear_one_name(opened):
    opened()

    with pytest.raises(DepartmentNameTaken, match="市水务局"):
        opened(name=" 市水务局　")

    assert Department.objects.count() == 1
    assert JournalEntry.objects.count() == 1


def test_a_renaming_keeps_the_old_name_with_its_last_day(opened, clerk):
    row = opened()

    departments.rename_department(
        by=clerk,
        department=row,
        seen=1,
        name="市水利局",
        on=date(2026, 3, 1),
        document="编〔2026〕2号",
    )

    assert [(n.name, n.to_on) for n in row.names.order_by("id")] == [
        ("市水务局", date(2026, 2, 28)),
        ("市水利局", None),
    ]
    told = next(iter(tell(entries_of([row.subject]))))
    assert (told.facts["name"], told.was["name"]) == ("市水利局", "市水务局")


def test_a_renaming_to_the_present_name_is_refused(opened, clerk):
    with pytest.raises(SameName):
        departments.rename_department(
            by=clerk, department=opened(), seen=1, name="市水务局", on=date(2026, 3, 1), document=""
        )


def test_who_saw_an_older_version_is_told(opened, clerk):
    row = opened()
    departments.correct_department(by=clerk, department=row, seen=1, short_name="水务")

    with pytest.raises(Changed):
        departments.correct_department(by=clerk, department=row, seen=1, short_name="水局")

    assert Department.objects.get().short_name == "水务"


def test_a_correction_that_changes_nothing_is_not_an_entry(opened, clerk):
    row = opened()

    departments.correct_department(by=clerk, department=row, seen=1, short_name="")

    assert JournalEntry.objects.count() == 1


def test_a_department_in_charge_of_units_cannot_close(school, education, clerk):
    with pytest.raises(DepartmentHasUnits, match="1 units"):
        departments.close_department(
            by=clerk, department=education, seen=1, on=date(2026, 5, 1), reason="机构改革"
        )


@pytest.mark.parametrize("role", [Role.DEPT_HEAD, Role.SYS_ADMIN, Role.LEDGER_KEEPER])
def test_others_may_not(person, city, education, role):
    with pytest.raises(RoleMissing):
        departments.open_department(
            by=person(role, department=education), jurisdiction=city, name="市水务局"
        )


def test_not_in_another_city(clerk, other_city):
    with pytest.raises(RoleMissing):
        departments.open_department(by=clerk, jurisdiction=other_city, name="市水务局")
