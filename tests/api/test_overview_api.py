"""The overview, the stages and the desk over the API."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaohe.core.access import Role, Verb
from kaohe.organization.models import Department
from kaohe.organization.services import documents as services
from tests.fixtures.people import make_department, make_jurisdiction, make_unit, make_user


@pytest.fixture
def office(chief, calling):
    return calling(chief)


def test_the_overview_counts_what_one_may_see(office, seats, school, hospital, document):
    told = office.get("/overview").json()

    assert (told["jurisdiction"], told["figures"]["units"]) == ("370699", 2)
    assert {(each["name"], each["units"]) for each in told["departments"]} == {
        ("市教育和体育局", 1),
        ("市卫生健康局", 1),
    }
    assert [each["member_part"] for each in told["members"]] == ["health", "education"]
    assert {each["person_name"] for each in told["seats"]} >= {"周明远", "陈永强"}
    assert len(told["expiring"]) == 12
    assert (told["in_force"], told["below"]) == ([], [])


def test_who_has_no_part_in_the_committee_sees_no_seats(calling, person, seats, school):
    told = calling(person(Role.UNIT_HEAD, unit=school)).get("/overview").json()

    assert told["seats"] == []
    assert told["figures"]["units"] == 1


def test_a_province_sees_what_stands_below(calling, person, school):
    city = school.jurisdiction
    province = make_jurisdiction("370000", "某省")
    city.path = f"{province.pk}/{city.pk}/"
    city.save()
    reader = calling(person(Role.PROVINCE_READER, jurisdiction=province))

    (below,) = reader.get("/overview?jurisdiction=370000").json()["below"]

    assert (below["code"], below["units"], below["in_force"]) == ("370699", 1, 0)
    assert reader.get("/overview?jurisdiction=999999").status_code == 404


def test_the_stages_say_what_is_there_and_what_is_not(office, seats, document):
    told = office.get("/readiness").json()

    states = {each["code"]: each["state"] for each in told["items"]}
    assert states["committee"] == "done"
    assert states["work_rules"] == "run"
    assert states["measures"] == "todo"
    assert told["done"] == sum(state == "done" for state in states.values())
    (rules,) = [each for each in told["items"] if each["code"] == "work_rules"]
    assert rules["words"] == "工作规则"
    assert [step["done"] for step in rules["steps"]] == [True, False, False]


def test_the_desk_says_what_waits_and_where(calling, director, clerk, version, submit_document):
    submit_document(version=version)

    (task,) = calling(director).get("/desk").json()["tasks"]

    assert task["address"] == f"/api/v1/versions/{version.pk}"
    assert task["page"] == f"/organization/versions/{version.pk}"
    assert "工作规则" in task["title"]
    told = calling(clerk).get("/desk").json()
    assert [each["address"] for each in told["sent"]] == [task["address"]]
    services.return_version(by=director, version=version, seen=None, reason="请补充")
    (back,) = calling(clerk).get("/desk").json()["returned"]
    assert back["note"] == "请补充"


def test_a_token_for_other_things_sees_nothing_of_them_on_the_desk(
    calling, director, clerk, version, submit_document
):
    submit_document(version=version)

    assert calling(director, Verb.UNIT_READ).get("/desk").json()["tasks"] == []
    assert calling(clerk, Verb.UNIT_READ).get("/desk").json()["sent"] == []


def test_an_administrator_has_a_desk_without_a_place(calling, db):
    told = calling(make_user(Role.SYS_ADMIN)).get("/desk").json()

    assert told["jurisdiction"] is None
    assert told["tasks"]
    assert all(task["page"].startswith("/") for task in told["tasks"])


def test_the_unit_of_ones_role_stands_on_the_desk(calling, person, school):
    told = calling(person(Role.UNIT_HEAD, unit=school)).get("/desk").json()

    assert told["units"] == [school.pk]


def test_each_asks_the_same_number_of_questions_however_much_there_is(office, city, clerk):
    def questions():
        found = []
        for path in ("/overview", "/readiness", "/desk"):
            with CaptureQueriesContext(connection) as asked:
                assert office.get(path).status_code == 200
            found.append(len(asked))
        return found

    def more(first, last):
        for number in range(first, last):
            department = make_department(city, f"局{number}", member_part="audit")
            make_unit(city, department, f"单位{number}", 10_000_000 + number)
            services.open_document(by=clerk, jurisdiction=city, sort="other", title=f"办法{number}")

    more(0, 3)
    questions()  # notes that the token is in use
    few = questions()
    more(3, 60)

    assert Department.objects.count() == 60
    assert questions() == few
    assert max(few) <= 20
