"""Pages of departments."""

import pytest

from kaohe.core.access import Role
from kaohe.organization.models import Department


@pytest.fixture
def office(person, signed_in):
    return signed_in(person(Role.OFFICE_HEAD))


def test_an_empty_list_teaches_and_offers_the_first_step(office):
    page = office.get("/organization/departments/").content.decode()

    assert "/organization/departments/new" in page
    assert "k-empty" in page


def test_a_form_sent_twice_is_carried_out_once(office):
    sent = {"name": "市水务局", "in_charge": "on", "once_key": "k1"}

    first = office.post("/organization/departments/new", sent)
    second = office.post("/organization/departments/new", sent)

    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Department.objects.count() == 1


def test_a_refused_form_says_so_with_its_status(office, education):
    answer = office.post("/organization/departments/new", {"name": education.name})

    assert answer.status_code == 422
    assert education.name in answer.content.decode()


def test_a_page_of_another_city_is_not_there(office, other_city):
    from tests.fixtures.people import make_department

    row = make_department(other_city, "外市某局")

    assert office.get(f"/organization/departments/{row.pk}").status_code == 404


def test_the_page_tells_the_history(office):
    office.post("/organization/departments/new", {"name": "市水务局"})
    row = Department.objects.get()

    page = office.get(f"/organization/departments/{row.pk}").content.decode()

    assert "k-trace" in page


def test_the_list_is_a_workbook_too(office, education):
    answer = office.get("/organization/departments/?export=xlsx")

    assert answer.content[:2] == b"PK"
