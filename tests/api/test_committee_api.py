"""The committee, its office and its seats over the API."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaohe.core.access import Role, Verb
from kaohe.journal.models import JournalEntry
from kaohe.organization.models import Committee, Person, Seat
from kaohe.organization.services import committee as services
from tests.fixtures.people import make_jurisdiction


@pytest.fixture
def office(chief, calling):
    return calling(chief)


def test_a_committee_is_founded_once_and_corrected(office, city):
    sent = {"name": "示例市事考委", "founded_on": "2011-10-18"}
    answer = office.post("/committees", sent, Idempotency_Key="k1")

    row = Committee.objects.get()
    assert answer.status_code == 201
    assert answer["Location"] == f"/api/v1/committees/{row.pk}"
    assert answer.json() == {
        "id": row.pk,
        "version": 1,
        "jurisdiction": "370699",
        "name": "示例市事考委",
        "founded_on": "2011-10-18",
        "document": "",
    }
    assert office.post("/committees", sent, Idempotency_Key="k1").content == answer.content
    assert office.post("/committees", sent).json()["code"] == "committee.there-already"

    told = office.patch(f"/committees/{row.pk}", {"name": "事考委"}, If_Match='"1"').json()
    assert (told["name"], told["founded_on"], told["version"]) == ("事考委", "2011-10-18", 2)
    assert office.patch(f"/committees/{row.pk}", {"name": "委"}, If_Match='"1"').status_code == 412
    assert office.get(f"/committees/{row.pk}").json() == told
    assert [each.action for each in JournalEntry.objects.all()] == [
        "committee.founded",
        "committee.corrected",
    ]


def test_the_office_signs_as_it_is_told(office, city):
    told = office.patch(f"/offices/{city.pk}", {"office_name": "市事考办"}, If_Match='"1"').json()

    assert told == {
        "id": city.pk,
        "version": 2,
        "jurisdiction": "370699",
        "office_name": "市事考办",
        "support": "",
    }
    assert office.get(f"/offices/{city.pk}").json() == told
    assert office.get("/offices").json()["items"] == [told]


def test_a_seat_is_given_corrected_and_ended(office, committee, education):
    sent = {"kind": "member", "name": "陈永强", "department": education.pk, "title": "副局长"}
    answer = office.post("/seats", sent)
    assert answer.status_code == 201
    told = answer.json()
    where = f"/seats/{told['id']}"
    assert answer["Location"] == f"/api/v1{where}"
    assert (told["kind"], told["person_name"], told["committee"]) == (
        "member",
        "陈永强",
        committee.pk,
    )

    told = office.patch(where, {"title": "局长", "department": None}, If_Match='"1"').json()
    assert (told["title"], told["department"], told["kind"]) == ("局长", None, "member")
    told = office.post(f"{where}/end", {"to_on": "2026-03-31", "reason": "工作调整"}).json()
    assert told["to_on"] == "2026-03-31"
    answer = office.patch(where, {"title": "局长"})
    assert (answer.status_code, answer.json()["code"]) == (409, "seat.ended-already")
    assert office.get("/seats?state=present").json()["items"] == []
    assert [each["id"] for each in office.get("/seats?state=past").json()["items"]] == [told["id"]]


def test_somebody_who_sits_already_is_told_by_name(office, committee, seats):
    answer = office.post("/seats", {"kind": "member", "person": seats[1].person_id})

    assert answer.status_code == 409
    assert answer.json()["code"] == "seat.person-seated"
    assert answer.json()["facts"] == {"name": seats[1].person.name}


def test_who_is_not_on_the_list_of_people_is_nothing(office, committee, other_city):
    away = Person.objects.create(jurisdiction=other_city, name="外市某人")

    answer = office.post("/seats", {"kind": "member", "person": away.pk})

    assert answer.status_code == 404
    assert Seat.objects.count() == 0


def test_the_order_of_seats_is_another_one(office, committee, seats):
    keys = [seat.pk for seat in seats]
    turned = [keys[0], *reversed(keys[1:])]

    moved = office.post(f"/committees/{committee.pk}/order", {"seats": turned}).json()["moved"]

    assert moved
    assert [each["id"] for each in office.get("/seats").json()["items"]] == turned


def test_seats_are_narrowed_by_kind(office, seats):
    kinds = {each["kind"] for each in office.get("/seats?kind=member").json()["items"]}

    assert kinds == {"member"}
    assert office.get("/seats?kind=chairman").status_code == 422


def test_another_city_is_not_there(office, committee, other_city):
    away = Committee.objects.create(jurisdiction=other_city, name="邻市事考委")

    assert office.get(f"/committees/{away.pk}").status_code == 404
    assert office.patch(f"/committees/{away.pk}", {"name": "委"}).status_code == 404
    assert office.get(f"/offices/{other_city.pk}").status_code == 404
    sent = {"kind": "member", "name": "某", "jurisdiction": "370698"}
    assert office.post("/seats", sent).status_code == 404
    assert [each["id"] for each in office.get("/committees").json()["items"]] == [committee.pk]


def test_a_member_reads_and_changes_nothing(person, calling, committee):
    member = calling(person(Role.COMMITTEE_MEMBER))

    assert member.get(f"/committees/{committee.pk}").status_code == 200
    answer = member.patch(f"/committees/{committee.pk}", {"name": "委"})
    assert (answer.status_code, answer.json()["code"]) == (403, "access.role-missing")


def test_a_city_without_a_committee_gives_no_seats(office, city):
    answer = office.post("/seats", {"kind": "member", "name": "某某"})

    assert (answer.status_code, answer.json()["code"]) == (404, "access.nothing-here")


def test_a_province_lists_the_committees_below(person, calling, committee, city):
    province = make_jurisdiction("370000", "某省")
    city.path = f"{province.pk}/{city.pk}/"
    city.save()
    reader = calling(person(Role.PROVINCE_READER, jurisdiction=province), Verb.COMMITTEE_READ)

    assert [each["jurisdiction"] for each in reader.get("/committees").json()["items"]] == [
        "370699"
    ]
    found = reader.get("/committees?jurisdiction=370000").json()["items"]
    assert found == []


def test_a_list_asks_the_same_number_of_questions_whatever_its_length(office, chief, committee):
    def questions():
        with CaptureQueriesContext(connection) as asked:
            assert office.get("/seats?limit=100").status_code == 200
        return len(asked)

    def give(name):
        services.give_seat(
            by=chief, committee=committee, seat="member", name=name, from_on=date(2026, 1, 1)
        )

    for number in range(3):
        give(f"委员{number}")
    questions()  # notes that the token is in use
    few = questions()
    for number in range(57):
        give(f"新委员{number}")

    assert questions() == few <= 6
