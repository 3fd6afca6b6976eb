"""Departments over the API."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaohe.core.access import Role, Verb
from kaohe.journal.models import JournalEntry
from kaohe.organization.models import Department
from tests.fixtures.people import make_department, make_jurisdiction


@pytest.fixture
def office(person, calling):
    return calling(person(Role.OFFICE_HEAD))


def test_a_department_is_entered_and_leaves_its_entry(office, city):
    answer = office.post(
        "/departments", {"name": " 市水务局　", "member_part": "finance", "opened_on": "1949-10-01"}
    )

    assert answer.status_code == 201
    told = answer.json()
    row = Department.objects.get()
    assert told == {
        "id": row.pk,
        "version": 1,
        "jurisdiction": "370699",
        "name": "市水务局",
        "short_name": "",
        "code": "",
        "in_charge": True,
        "member_part": "finance",
        "opened_on": "1949-10-01",
        "closed_on": None,
        "names": [{"name": "市水务局", "from_on": "1949-10-01", "to_on": None, "document": ""}],
    }
    assert answer["Location"] == f"/api/v1/departments/{row.pk}"
    assert answer["ETag"] == '"1"'
    assert [entry.action for entry in JournalEntry.objects.all()] == ["department.opened"]
    assert office.get(f"/departments/{row.pk}").json() == told


def test_a_correction_changes_what_is_sent_and_nothing_else(office, education):
    where = f"/departments/{education.pk}"

    told = office.patch(where, {"short_name": "教体局"}, If_Match='"1"').json()

    assert (told["short_name"], told["member_part"], told["version"]) == ("教体局", "education", 2)
    assert office.patch(where, {"short_name": "局"}, If_Match='"1"').status_code == 412
    assert office.patch(where, {"short_name": "局"}).json()["version"] == 3


def test_a_renaming_keeps_the_old_name(office, education):
    told = office.post(
        f"/departments/{education.pk}/rename",
        {"name": "市教育局", "on": "2026-03-01", "document": "编〔2026〕2号"},
    ).json()

    assert [(each["name"], each["to_on"]) for each in told["names"]] == [
        ("市教育局", None),
        ("市教育和体育局", "2026-02-28"),
    ]


def test_what_a_rule_refuses_is_a_problem_with_its_facts(office, school):
    answer = office.post(
        f"/departments/{school.department_id}/close", {"on": "2026-03-01", "reason": "机构改革"}
    )

    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told["type"] == "urn:kaohe:problem:department.has-units"
    assert told["facts"] == {"name": "市教育和体育局", "count": 1}
    assert "1" in told["detail"]
    assert "市教育和体育局" in told["detail"]


def test_a_department_closes(office, education):
    answer = office.post(
        f"/departments/{education.pk}/close", {"on": "2026-03-01", "reason": "机构改革"}
    )

    assert answer.json()["closed_on"] == "2026-03-01"


def test_the_list_is_narrowed(office, city, education, health):
    make_department(city, "市水务局", in_charge=False, closed_on="2020-01-01")

    def names(query):
        return [each["name"] for each in office.get(f"/departments?{query}").json()["items"]]

    assert names("q=教育") == ["市教育和体育局"]
    assert names("part=charge") == ["市卫生健康局", "市教育和体育局"]
    assert names("part=member&state=open") == ["市卫生健康局", "市教育和体育局"]
    assert names("state=closed") == ["市水务局"]
    office.post(
        f"/departments/{education.pk}/rename",
        {"name": "市体育局", "on": "2026-03-01", "document": "编〔2026〕2号"},
    )
    assert names("q=教育") == ["市体育局"]


def test_another_city_is_not_there(office, other_city):
    away = make_department(other_city, "外市某局")

    assert office.get(f"/departments/{away.pk}").status_code == 404
    assert office.patch(f"/departments/{away.pk}", {"code": ""}).status_code == 404
    assert office.get("/departments?jurisdiction=370698").status_code == 404
    sent = {"name": "市水务局", "jurisdiction": "370698"}
    assert office.post("/departments", sent).status_code == 404
    assert Department.objects.count() == 1


def test_who_sees_several_jurisdictions_says_which(person, calling, education):
    province = make_jurisdiction("370000", "某省")
    education.jurisdiction.path = f"{province.pk}/{education.jurisdiction.pk}/"
    education.jurisdiction.save()
    reader = calling(person(Role.PROVINCE_READER, jurisdiction=province), Verb.DEPARTMENT_READ)

    found = reader.get("/departments?jurisdiction=370699").json()["items"]
    assert [each["name"] for each in found] == ["市教育和体育局"]
    assert reader.get("/departments").json()["items"] == []  # of their own jurisdiction


def test_a_list_asks_the_same_number_of_questions_whatever_its_length(office, city):
    def questions():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert office.get("/departments?limit=100").status_code == 200
        return len(asked)

    make_department(city, "局")
    questions()  # notes that the token is in use
    few = questions()
    for number in range(60):
        make_department(city, f"第{number}局")

    assert questions() == few <= 6
