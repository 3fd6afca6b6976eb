"""The register of a year: fixed, in editions, as of a day."""

import time
from datetime import date, timedelta
from functools import partial

import pytest
from django.utils import timezone

from kaohe.core.access import Role
from kaohe.core.texts import fold
from kaohe.journal.models import JournalEntry
from kaohe.journal.queries import entries_of, tell
from kaohe.organization.models import Affiliation, Unit, UnitName, UnitYear
from kaohe.organization.queries.access import RoleMissing
from kaohe.organization.queries.snapshots import differences, editions_of, snapshot_of
from kaohe.organization.services import people, snapshots, units
from kaohe.organization.services.departments import rename_department
from kaohe.organization.services.units_refusals import (
    NothingToFix,
    SnapshotInFuture,
    SnapshotOutsideYear,
)

LAST = date(2025, 12, 31)


@pytest.fixture
def head(person):
    return person(Role.OFFICE_HEAD)


@pytest.fixture
def taken(head, city):
    return partial(snapshots.take_snapshot, by=head, jurisdiction=city, year=2025, on=LAST)


def test_each_unit_that_was_open_has_a_row_and_an_entry(taken, school, hospital, city, health):
    gone = Unit.objects.create(
        jurisdiction=city, department=health, name="已撤销", closed_on=date(2025, 12, 30)
    )
    Unit.objects.create(
        jurisdiction=city, department=health, name="未成立", opened_on=date(2026, 1, 1)
    )
    last_day = Unit.objects.create(
        jurisdiction=city, department=health, name="末日撤销", closed_on=LAST
    )

    done = taken()

    assert (done.edition, done.units) == (1, 3)
    assert {row.unit for row in UnitYear.objects.all()} == {school, hospital, last_day}
    assert not UnitYear.objects.filter(unit=gone).exists()
    assert JournalEntry.objects.filter(action="unit.snapshot-taken").count() == 3
    [told] = tell(entries_of([school.subject]))
    assert (told.unit, told.facts["year"], told.facts["name"]) == (school.code, 2025, school.name)


def test_names_departments_and_people_are_those_of_the_day(taken, head, school, city, health):
    UnitName.objects.filter(unit=school).update(name="示例县中学", to_on=date(2026, 1, 31))
    UnitName.objects.create(
        unit=school,
        kind="name",
        name=school.name,
        folded=fold(school.name),
        from_on=date(2026, 2, 1),
    )
    UnitName.objects.create(unit=school, kind="name", name="更早的名称", folded="更早的名称")
    Affiliation.objects.filter(unit=school).update(to_on=date(2026, 1, 31))
    Affiliation.objects.create(unit=school, department=health, from_on=date(2026, 2, 1))
    old = school.department
    Unit.objects.filter(pk=school.pk).update(department=health)
    rename_department(
        by=head, department=old, seen=1, name="市教育局", on=date(2026, 3, 1), document="文"
    )
    appoint = partial(people.appoint, by=head, place=school, post="principal")
    appoint(name="陈某某", from_on=date(2020, 1, 1))
    appoint(name="赵某某", from_on=date(2026, 1, 1), relieve=True)

    taken()

    row = UnitYear.objects.get()
    assert row.name == "示例县中学"
    assert (row.department, row.department_name) == (old, "市教育和体育局")
    assert row.principal == "陈某某"


def test_a_later_change_does_not_reach_the_snapshot(taken, head, school):
    units.correct_unit(by=head, unit=school, seen=1, staff=100, sector="教育")
    taken()
    units.correct_unit(by=head, unit=school, seen=2, staff=90, sector="")

    row = UnitYear.objects.get()
    school.refresh_from_db()
    found = differences(school, row, {"principal": "", "legal_representative": ""})

    assert (row.staff, row.facts["sector"]) == (100, "教育")
    assert [(each.name, each.then, each.now) for each in found] == [
        ("staff", 100, 90),
        ("sector", "教育", ""),
    ]


def test_zero_and_not_known_are_different(taken, head, school):
    units.correct_unit(by=head, unit=school, seen=1, staff=0)
    taken()
    school = units.correct_unit(by=head, unit=school, seen=2, staff=None)

    found = differences(school, UnitYear.objects.get(), {})

    assert [(each.then, each.now) for each in found] == [(0, None)]


def test_taken_again_it_is_a_further_edition_and_the_first_stays(taken, head, school, city):
    taken()
    units.correct_unit(by=head, unit=school, seen=1, staff=90)

    assert taken().edition == 2

    assert [row.staff for row in UnitYear.objects.order_by("edition")] == [None, 90]
    assert [(each.edition, each.is_last) for each in editions_of(head, city)] == [
        (2, True),
        (1, False),
    ]


def test_a_day_outside_the_year_or_still_to_come_is_refused(taken, school):
    tomorrow = timezone.localdate() + timedelta(days=1)

    with pytest.raises(SnapshotOutsideYear):
        taken(on=date(2026, 1, 1))
    with pytest.raises(SnapshotInFuture):
        taken(year=tomorrow.year, on=tomorrow)


def test_an_empty_register_cannot_be_fixed(taken):
    with pytest.raises(NothingToFix):
        taken()


@pytest.mark.parametrize("role", [Role.OFFICE_CLERK, Role.DEPT_HEAD, Role.PROVINCE_READER])
def test_others_may_not(taken, person, education, school, role):
    with pytest.raises(RoleMissing):
        taken(by=person(role, department=education))


def test_each_sees_the_rows_of_the_units_it_may_see(taken, person, city, school, hospital):
    taken()

    for user, names in (
        (person(Role.DEPT_HEAD, department=hospital.department), {"示例市人民医院"}),
        (person(Role.UNIT_HEAD, unit=school), {"示例市第一中学"}),
        (person(Role.MEMBER_HR), {"示例市第一中学", "示例市人民医院"}),
    ):
        assert {row.name for row in snapshot_of(user, city, 2025, 1)} == names
        assert [each.count for each in editions_of(user, city)] == [len(names)]


def test_three_hundred_units_are_fixed_well_within_a_second(taken, city, education):
    Unit.objects.bulk_create(
        Unit(jurisdiction=city, department=education, name=f"单位{n}") for n in range(300)
    )

    began = time.process_time()
    taken()

    assert time.process_time() - began < 1
