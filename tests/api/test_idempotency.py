"""A request with a key is carried out once, however often it is sent."""

import pytest

from kaohe.core.access import Role
from kaohe.journal.models import JournalEntry
from kaohe.organization.models import Department, Once

NEW = {"name": "市水务局"}


@pytest.fixture
def office(person, calling):
    return calling(person(Role.OFFICE_HEAD))


def test_a_request_sent_again_gets_the_first_answer_and_does_nothing(office):
    first = office.post("/departments", NEW, Idempotency_Key="k 1")
    office.patch(f"/departments/{first.json()['id']}", {"short_name": "水务"})
    second = office.post("/departments", NEW, Idempotency_Key="k 1")

    assert (second.status_code, second.content) == (201, first.content)
    assert second["Location"] == first["Location"]
    assert second["ETag"] == first["ETag"] == '"1"'
    assert second["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert Department.objects.count() == 1
    assert JournalEntry.objects.filter(action="department.opened").count() == 1


@pytest.mark.parametrize("other", [{"name": "市水利局"}, {**NEW, "code": ""}])
def test_a_key_with_another_body_is_refused(office, other):
    office.post("/departments", NEW, Idempotency_Key="k")

    answer = office.post("/departments", other, Idempotency_Key="k")

    assert (answer.status_code, answer.json()["code"]) == (409, "writing.key-reused")
    assert Department.objects.count() == 1


def test_a_key_with_another_address_is_refused(office, education, health):
    body = {"on": "2026-03-01", "reason": "机构改革"}
    office.post(f"/departments/{education.pk}/close", body, Idempotency_Key="k")

    answer = office.post(f"/departments/{health.pk}/close", body, Idempotency_Key="k")

    assert answer.status_code == 409
    health.refresh_from_db()
    assert health.closed_on is None


def test_a_refused_request_may_be_sent_again_mended(office, education):
    refused = office.post("/departments", {"name": education.name}, Idempotency_Key="k")
    assert refused.status_code == 409

    assert office.post("/departments", NEW, Idempotency_Key="k").status_code == 201


def test_a_key_is_kept_with_its_deed_or_not_at_all(office, monkeypatch):
    def fails(*_, **__):
        raise RuntimeError("the answer cannot be kept")

    office.client.raise_request_exception = False
    monkeypatch.setattr(Once, "save", fails)
    answer = office.post("/departments", NEW, Idempotency_Key="k")

    assert answer.status_code == 500
    assert (Department.objects.count(), Once.objects.count()) == (0, 0)
    assert JournalEntry.objects.count() == 0


def test_two_people_may_use_one_key(office, person, calling):
    other = calling(person(Role.OFFICE_CHIEF))

    assert office.post("/departments", NEW, Idempotency_Key="k").status_code == 201
    assert other.post("/departments", {"name": "局"}, Idempotency_Key="k").status_code == 201


def test_a_form_of_the_pages_and_a_request_never_share_a_key(office, person, signed_in):
    head = person(Role.OFFICE_HEAD, username="head")
    sent = {"name": "市水务局", "once_key": "k"}
    signed_in(head).post("/organization/departments/new", sent)

    from tests.fixtures.api import Program, make_token

    program = Program(make_token(head)[1])
    assert program.post("/departments", {"name": "局"}, Idempotency_Key="k").status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb", " "])
def test_a_key_that_is_none_is_refused(office, key):
    answer = office.post("/departments", NEW, Idempotency_Key=key)

    assert (answer.status_code, answer.json()["code"]) == (400, "api.header-unsound")
    assert Department.objects.count() == 0
