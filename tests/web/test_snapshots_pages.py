"""Pages of the snapshots of the years."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kaohe.core.access import Role
from kaohe.organization.models import UnitYear
from kaohe.organization.services import snapshots
from tests.fixtures.people import make_unit

LIST = "/organization/snapshots/"


@pytest.fixture
def head(person):
    return person(Role.OFFICE_HEAD)


@pytest.fixture
def office(head, signed_in):
    return signed_in(head)


def text(answer):
    return answer.content.decode()


def test_an_empty_page_teaches_and_offers_the_first_step(office, city):
    assert f"{LIST}new" in text(office.get(LIST))


def test_a_snapshot_is_taken_once_however_often_it_is_sent(office, school):
    today = timezone.localdate()
    sent = {"year": today.year, "on": today.isoformat(), "once_key": "k"}

    first = office.post(f"{LIST}new", sent)
    second = office.post(f"{LIST}new", sent)

    assert first["Location"] == second["Location"] == f"{LIST}{today.year}/1"
    assert UnitYear.objects.count() == 1
    assert school.name in text(office.get(first["Location"]))


def test_a_day_of_another_year_is_refused_on_its_field(office, school):
    answer = office.post(f"{LIST}new", {"year": 2024, "on": "2025-01-01"})

    assert answer.status_code == 422
    assert 'id="id_on_error"' in text(answer)


def test_the_form_says_what_a_year_still_lacks(office, school):
    assert "组别" in text(office.get(f"{LIST}new"))


def test_an_earlier_edition_says_that_it_is_replaced(office, head, city, school):
    today = timezone.localdate()
    for _time in range(2):
        snapshots.take_snapshot(by=head, jurisdiction=city, year=today.year, on=today)

    assert f"{LIST}{today.year}/2" in text(office.get(f"{LIST}{today.year}/1"))
    assert "k-alert" not in text(office.get(f"{LIST}{today.year}/2"))
    assert office.get(f"{LIST}{today.year}/3").status_code == 404


def test_the_pages_take_as_many_queries_for_many_units_as_for_few(
    office, head, city, education, school
):
    today = timezone.localdate()

    def queries(edition):
        snapshots.take_snapshot(by=head, jurisdiction=city, year=today.year, on=today)
        counts = []
        for address in (LIST, f"{LIST}{today.year}/{edition}"):
            office.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert office.get(address).status_code == 200
            counts.append(len(asked))
        return counts

    few = queries(1)
    for number in range(60):
        make_unit(city, education, f"示例市第{number}小学", 49460000 + number)

    assert queries(2) == few


def test_the_snapshot_is_a_workbook_too(office, head, city, school):
    today = timezone.localdate()
    snapshots.take_snapshot(by=head, jurisdiction=city, year=today.year, on=today)

    assert office.get(f"{LIST}{today.year}/1?export=xlsx").content[:2] == b"PK"


def test_a_unit_sees_its_own_row_and_takes_none(person, signed_in, head, city, school, hospital):
    today = timezone.localdate()
    snapshots.take_snapshot(by=head, jurisdiction=city, year=today.year, on=today)
    client = signed_in(person(Role.UNIT_HEAD, unit=school))

    page = text(client.get(f"{LIST}{today.year}/1"))

    assert school.name in page
    assert hospital.name not in page
    assert client.get(f"{LIST}new").status_code == 403


def test_another_city_has_no_such_snapshot(person, signed_in, head, city, other_city, school):
    today = timezone.localdate()
    snapshots.take_snapshot(by=head, jurisdiction=city, year=today.year, on=today)
    client = signed_in(person(Role.OFFICE_HEAD, jurisdiction=other_city))

    assert client.get(f"{LIST}{today.year}/1").status_code == 404
