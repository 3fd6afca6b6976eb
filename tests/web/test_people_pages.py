"""Pages of people and posts."""

import io
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaohe.core.access import Role, Verb
from kaohe.organization.models import Committee, Person, Seat, Tenure
from kaohe.organization.queries.access import allows
from kaohe.organization.services import people

LIST = "/organization/people/"


@pytest.fixture
def head(person):
    return person(Role.OFFICE_HEAD)


@pytest.fixture
def office(head, signed_in):
    return signed_in(head)


def text(answer):
    return answer.content.decode()


def put(head, place, name, post="deputy", **fields):
    fields.setdefault("from_on", date(2024, 1, 8))
    return people.appoint(by=head, place=place, post=post, name=name, **fields)


def queries_of(client, address):
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_an_empty_list_teaches(office, school):
    assert "k-empty" in text(office.get(LIST))


def test_the_list_takes_as_many_queries_for_sixty_people_as_for_three(office, head, school):
    for number in range(3):
        put(head, school, f"人{number}")
    office.get(LIST)
    few = queries_of(office, LIST)
    for number in range(3, 60):
        put(head, school, f"人{number}")

    assert queries_of(office, LIST) == few


def test_the_filters_speak_of_one_post(office, head, school, hospital):
    both = put(head, school, "陈某某", "principal")
    people.end_tenure(by=head, tenure=both, seen=1, on=date(2025, 1, 1))
    put(head, hospital, "", "contact", person=both.person)
    put(head, school, "赵某某", "contact")
    Person.objects.create(jurisdiction=school.jurisdiction, name="孙某某")

    def found(**asked):
        rows = text(office.get(LIST, asked)).split("<tbody>")[1]
        return {name for name in ("陈某某", "赵某某", "孙某某") if name in rows}

    assert found() == {"陈某某", "赵某某", "孙某某"}
    assert found(post="principal", state="present") == set()
    assert found(post="principal", state="past") == {"陈某某"}
    assert found(unit="第一中学", post="contact") == {"赵某某"}
    assert found(department=hospital.department_id) == {"陈某某"}
    assert found(state="none") == {"孙某某"}
    assert found(q="赵") == {"赵某某"}


def test_the_workbook_has_a_line_for_each_post(office, head, school):
    put(head, school, "陈某某")

    assert office.get(LIST + "?export=xlsx").content[:2] == b"PK"


def test_a_new_principal_relieves_the_former_one_when_asked(office, head, school):
    put(head, school, "陈某某", "principal")
    sent = {"name": "赵某某", "post": "principal", "from_on": "2026-06-01", "once_key": "k"}
    address = f"/organization/units/{school.pk}/appoint"

    refused = office.post(address, sent)
    done = office.post(address, {**sent, "relieve": "on", "once_key": "k2"})
    again = office.post(address, {**sent, "relieve": "on", "once_key": "k2"})

    assert refused.status_code == 422
    assert "陈某某" in text(refused)
    assert done.status_code == again.status_code == 302
    assert Tenure.objects.get(person__name="陈某某").to_on == date(2026, 5, 31)
    assert Person.objects.count() == 2


def test_somebody_entered_is_found_by_name_and_put_in_post(office, head, school, hospital):
    known = put(head, hospital, "䶮某某").person
    address = f"/organization/units/{school.pk}/appoint"

    assert "䶮某某（示例市人民医院）" in text(office.get(address, {"named": "䶮"}))
    office.post(address, {"person": known.pk, "post": "deputy", "from_on": "2026-06-01"})

    assert known.tenures.count() == 2


def test_a_post_ends_and_is_corrected_on_forms(office, head, school):
    row = put(head, school, "陈某某")

    office.post(f"/organization/posts/{row.pk}/end", {"on": "2026-03-01", "seen": 1})
    stale = office.post(
        f"/organization/posts/{row.pk}/correct", {"post": "deputy", "title": "校长", "seen": 1}
    )

    row.refresh_from_db()
    assert row.to_on == date(2026, 3, 1)
    assert stale.status_code == 422


def test_a_person_is_entered_and_corrected(office, city):
    entered = office.post(f"{LIST}new", {"name": "陈某某", "phone": "0535-2212345"})
    page = office.get(entered["Location"])
    key = Person.objects.get().pk
    office.post(f"{LIST}{key}/correct", {"name": "陈某", "phone": "", "seen": 1})

    assert "陈某某" in text(page)
    assert Person.objects.get().name == "陈某"
    assert "k-trace" in text(office.get(f"{LIST}{key}"))


def test_a_department_contact_is_put_in_post_by_the_office(office, education):
    answer = office.post(
        f"/organization/departments/{education.pk}/appoint",
        {"name": "马某某", "post": "contact", "from_on": "2026-01-05"},
    )

    assert answer["Location"] == f"/organization/departments/{education.pk}"


def test_a_department_head_sees_people_of_the_department_only(
    person, signed_in, head, school, hospital
):
    mine, other = put(head, school, "陈某某"), put(head, hospital, "赵某某")
    client = signed_in(person(Role.DEPT_HEAD, department=school.department))

    assert "赵某某" not in text(client.get(LIST))
    assert client.get(f"{LIST}{mine.person_id}").status_code == 200
    assert client.get(f"{LIST}{other.person_id}").status_code == 404
    assert client.get(f"/organization/posts/{mine.pk}/end").status_code == 403


def test_people_of_another_city_are_not_there(office, other_city):
    stranger = Person.objects.create(jurisdiction=other_city, name="外某某")

    assert office.get(f"{LIST}{stranger.pk}").status_code == 404


@pytest.mark.parametrize(
    "query", ["department=x", "department=-1", "q=%00", "post=zz", "department=9" + "9" * 40]
)
def test_a_filter_that_cannot_be_read_is_not_asked_for(person, signed_in, query):
    client = signed_in(person(Role.OFFICE_HEAD))

    assert client.get(f"/organization/people/?{query}").status_code == 200


def test_a_seat_on_the_committee_is_something_held(office, head, city, school):
    committee = Committee.objects.create(jurisdiction=city, name="示例市考核委员会")
    sits = Person.objects.create(jurisdiction=city, name="周某某")
    sat = Person.objects.create(jurisdiction=city, name="吴某某")
    Person.objects.create(jurisdiction=city, name="郑某某")
    given = {"jurisdiction": city, "committee": committee, "title": "副市长"}
    Seat.objects.create(**given, person=sits, seat="director")
    Seat.objects.create(**given, person=sat, seat="member", to_on=date(2025, 12, 31))

    page = text(office.get(f"/organization/people/{sits.pk}"))
    assert "示例市考核委员会" in page
    assert "主任·副市长" in text(office.get(LIST + "?q=周某某"))
    found = {state: text(office.get(f"{LIST}?state={state}")) for state in ("present", "none")}
    assert "周某某" in found["present"]
    assert "吴某某" not in found["present"]
    assert "周某某" not in found["none"]
    assert "郑某某" in found["none"]
    assert "吴某某" in text(office.get(LIST + "?state=past"))
    book = openpyxl.load_workbook(io.BytesIO(office.get(LIST + "?export=xlsx").content))
    assert "示例市考核委员会" in [row[1].value for row in book.active.iter_rows()]


def test_who_may_not_read_the_committee_sees_no_seat(person, signed_in, city, school, education):
    committee = Committee.objects.create(jurisdiction=city, name="示例市考核委员会")
    head = person(Role.OFFICE_HEAD)
    sits = put(head, school, "周某某").person
    Seat.objects.create(jurisdiction=city, committee=committee, person=sits, seat="member")
    clerk = person(Role.UNIT_CLERK, unit=school)

    page = text(signed_in(clerk).get(f"/organization/people/{sits.pk}"))

    assert allows(clerk, Verb.COMMITTEE_READ, committee) == ("示例市考核委员会" in page)
