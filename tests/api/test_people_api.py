"""People and posts over the API."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaohe.core.access import Role
from kaohe.journal.models import JournalEntry
from kaohe.organization.models import Person, Tenure


@pytest.fixture
def office(person, calling):
    return calling(person(Role.OFFICE_HEAD))


def actions():
    return list(JournalEntry.objects.order_by("id").values_list("action", flat=True))


def named(answer):
    assert answer.status_code == 200, answer.content
    return [each["name"] for each in answer.json()["items"]]


def test_a_person_is_entered_and_corrected(office):
    told = office.post("/people", {"name": "䶮某某", "phone": "0535-2212345"}).json()

    assert (told["name"], told["phone"], told["note"]) == ("䶮某某", "0535-2212345", "")
    where = f"/people/{told['id']}"
    assert office.get(where).json() == told
    told = office.patch(where, {"name": "䶮某", "note": "备注"}, If_Match='"1"').json()
    assert (told["name"], told["phone"], told["note"]) == ("䶮某", "0535-2212345", "备注")
    assert office.patch(where, {"name": "某"}, If_Match='"1"').status_code == 412
    assert actions() == ["person.entered", "person.corrected"]


def test_somebody_is_put_into_a_post_and_relieves_the_former_one(office, school):
    where = f"/units/{school.pk}/appoint"
    first = {"name": "李某某", "post": "principal", "title": "校长", "from_on": "2020-03-01"}
    second = {"name": "王某某", "post": "principal", "from_on": "2026-03-01"}

    told = office.post(where, first).json()
    assert (told["person_name"], told["place"], told["to_on"]) == ("李某某", "示例市第一中学", None)
    assert office.post(where, second).json()["code"] == "tenure.post-held"
    assert office.post(where, {**second, "relieve": True}).json()["from_on"] == "2026-03-01"
    posts = office.get(f"/units/{school.pk}/posts").json()["items"]
    assert [(each["person_name"], each["to_on"]) for each in posts] == [
        ("李某某", "2026-02-28"),
        ("王某某", None),
    ]
    (own,) = office.get(f"/people/{told['person']}/posts").json()["items"]
    assert own["id"] == told["id"]


def test_one_who_is_entered_is_put_into_a_post_of_a_department(office, city, other_city, education):
    here = Person.objects.create(jurisdiction=city, name="王某某")
    away = Person.objects.create(jurisdiction=other_city, name="外市某人")
    where = f"/departments/{education.pk}/appoint"
    sent = {"post": "contact", "from_on": "2026-03-01"}

    assert office.post(where, {**sent, "person": here.pk}).json()["person"] == here.pk
    assert office.post(where, {**sent, "person": away.pk}).status_code == 404
    assert office.post(where, sent).json()["code"] == "tenure.no-person"
    (post,) = office.get(f"/departments/{education.pk}/posts").json()["items"]
    assert (post["unit"], post["department"]) == (None, education.pk)
    assert actions() == ["tenure.begun"]


def test_a_post_is_corrected_and_ends(office, school):
    sent = {"name": "李某某", "post": "deputy", "from_on": "2020-03-01"}
    told = office.post(f"/units/{school.pk}/appoint", sent).json()
    where = f"/posts/{told['id']}"

    assert office.patch(where, {"title": "副校长"}).json()["title"] == "副校长"
    assert office.post(f"{where}/end", {"on": "2019-01-01"}).json()["code"] == (
        "tenure.ends-before-begin"
    )
    assert office.post(f"{where}/end", {"on": "2026-03-31"}).json()["to_on"] == "2026-03-31"
    assert office.get(where).json()["version"] == 3
    assert office.post(f"{where}/end", {"on": "2026-03-31"}).status_code == 409


def test_people_are_found_by_name_place_post_and_time(office, city, education, school):
    office.post("/people", {"name": "无职某"})
    appoint = f"/units/{school.pk}/appoint"
    office.post(appoint, {"name": "李某某", "post": "deputy", "from_on": "2020-03-01"})
    office.post(
        f"/departments/{education.pk}/appoint",
        {"name": "王某某", "post": "contact", "from_on": "2020-03-01"},
    )
    past = Tenure.objects.get(post="contact")
    office.post(f"/posts/{past.pk}/end", {"on": "2024-03-31"})

    assert named(office.get("/people")) == ["无职某", "李某某", "王某某"]
    assert named(office.get("/people?q=李")) == ["李某某"]
    assert named(office.get("/people?at=第一中学")) == ["李某某"]
    assert named(office.get(f"/people?department={education.pk}")) == ["李某某", "王某某"]
    assert named(office.get("/people?post=contact")) == ["王某某"]
    assert named(office.get("/people?state=present")) == ["李某某"]
    assert named(office.get("/people?state=past")) == ["王某某"]
    assert named(office.get("/people?state=none")) == ["无职某"]
    posts = office.get(f"/posts?unit={school.pk}&post=deputy&state=present").json()["items"]
    assert [each["person_name"] for each in posts] == ["李某某"]
    assert len(office.get("/posts").json()["items"]) == 2


def test_a_unit_sees_its_own_people_only(person, calling, office, school, hospital):
    for place, name in ((school, "李某某"), (hospital, "王某某")):
        sent = {"name": name, "post": "deputy", "from_on": "2020-03-01"}
        office.post(f"/units/{place.pk}/appoint", sent)
    clerk = calling(person(Role.UNIT_CLERK, unit=school))

    assert named(clerk.get("/people")) == ["李某某"]
    assert len(clerk.get("/posts").json()["items"]) == 1
    assert clerk.get(f"/units/{hospital.pk}/posts").status_code == 404
    away = Person.objects.get(name="王某某")
    assert clerk.get(f"/people/{away.pk}").status_code == 404
    assert clerk.post(f"/units/{school.pk}/appoint", {}).status_code == 403


@pytest.mark.parametrize("path", ["/people?limit=100", "/posts?limit=100"])
def test_a_list_asks_the_same_number_of_questions_whatever_its_length(office, city, school, path):
    def questions():
        with CaptureQueriesContext(connection) as asked:
            assert office.get(path).status_code == 200
        return len(asked)

    def fill(numbers):
        for number in numbers:
            who = Person.objects.create(jurisdiction=city, name=f"人员{number}")
            Tenure.objects.create(jurisdiction=city, person=who, unit=school, post="deputy")

    fill(range(3))
    questions()
    few = questions()
    fill(range(3, 60))

    assert questions() == few <= 6
