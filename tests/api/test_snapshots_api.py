"""Snapshots of the years, and search, over the API."""

import pytest

from kaohe.core.access import Role
from kaohe.journal.models import JournalEntry
from kaohe.organization.models import Person, UnitName


@pytest.fixture
def office(person, calling):
    return calling(person(Role.OFFICE_HEAD))


def test_a_snapshot_is_taken_and_read(office, school, hospital):
    taken = office.post("/snapshots", {"year": 2025, "on": "2025-12-31"})
    office.post("/snapshots", {"year": 2025, "on": "2025-12-30"})

    assert (taken.status_code, taken.json()) == (201, {"year": 2025, "edition": 1, "units": 2})
    told = office.get("/snapshots").json()["items"]
    assert [(each["edition"], each["is_last"], each["count"]) for each in told] == [
        (2, True, 2),
        (1, False, 2),
    ]
    rows = office.get("/snapshots/2025/1?q=中学").json()["items"]
    assert [(each["name"], each["unit"]) for each in rows] == [("示例市第一中学", school.pk)]
    assert rows[0]["facts"]["status"] == "normal"
    assert len(office.get("/snapshots/2025/1?limit=1").json()["items"]) == 1
    assert office.get("/snapshots/2025/1?category=business").json()["items"] == []
    assert office.get("/snapshots/2025/3").status_code == 404
    assert office.get("/snapshots/99999999999999999999/1").status_code == 404
    assert JournalEntry.objects.filter(action="unit.snapshot-taken").count() == 4


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"year": 2024, "on": "2025-12-31"}, "snapshot.outside-year"),
        ({"year": 2099, "on": "2099-12-31"}, "snapshot.in-future"),
        ({"year": 2025, "on": "2025-12-31"}, "snapshot.nothing-to-fix"),
    ],
)
def test_a_snapshot_that_would_say_nothing_is_refused(office, sent, code):
    assert office.post("/snapshots", sent).json()["code"] == code


def test_a_unit_sees_itself_in_a_snapshot(office, person, calling, school, hospital):
    office.post("/snapshots", {"year": 2025, "on": "2025-12-31"})
    clerk = calling(person(Role.UNIT_CLERK, unit=school))

    assert [row["unit"] for row in clerk.get("/snapshots/2025/1").json()["items"]] == [school.pk]
    assert clerk.get("/snapshots").json()["items"][0]["count"] == 1
    assert clerk.post("/snapshots", {"year": 2025, "on": "2025-12-31"}).status_code == 403


def test_search_finds_units_people_and_departments(office, city, education, school, hospital):
    UnitName.objects.create(unit=hospital, kind="name", name="教育医院", folded="教育医院")
    Person.objects.create(jurisdiction=city, name="教育某")

    told = office.get("/search?q=教育").json()

    assert told["units"] == [
        {
            "id": hospital.pk,
            "name": hospital.name,
            "code": hospital.code,
            "other_name": "教育医院",
        }
    ]
    assert [each["name"] for each in told["people"]] == ["教育某"]
    assert [each["id"] for each in told["departments"]] == [education.pk]
    assert (told["documents"], told["more"]) == ([], [])
    assert office.get("/search?q=").status_code == 422
    assert office.get("/search").status_code == 422


def test_search_finds_nothing_beyond_the_scope_of_the_token(person, calling, school):
    from kaohe.core.access import Verb

    reader = calling(person(Role.OFFICE_HEAD), Verb.PERSON_READ)

    assert reader.get("/search?q=中学").json()["units"] == []
