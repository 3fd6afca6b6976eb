"""What a page says when the machine cannot: nothing is lost, and what to do."""

import errno

import pytest
from django.db import OperationalError

from kaohe.core.access import Role
from kaohe.organization.models import Department


@pytest.fixture
def office(person, signed_in):
    return signed_in(person(Role.OFFICE_HEAD))


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), 507),
        (OperationalError("database or disk is full"), 507),
        (OperationalError("database is locked"), 503),
    ],
)
def test_a_machine_that_cannot_is_told_and_nothing_is_half_done(
    office, monkeypatch, failure, status
):
    from kaohe.journal import services

    def fail(*args, **kwargs):
        raise failure

    monkeypatch.setattr(services, "append", fail)

    answer = office.post("/organization/departments/new", {"name": "市水务局"})

    assert answer.status_code == status
    assert "href" in answer.content.decode()
    assert not Department.objects.exists()


def test_a_bug_is_not_hidden(office, monkeypatch):
    from kaohe.journal import services

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(services, "append", fail)
    office.raise_request_exception = False

    answer = office.post("/organization/departments/new", {"name": "市水务局"})

    assert answer.status_code == 500


def test_what_is_too_large_is_refused_before_it_is_read(office, settings):
    settings.UPLOAD_LIMIT = 1000

    answer = office.post(
        "/organization/imports/new", b"x", content_type="text/plain", CONTENT_LENGTH=3_000_000
    )

    assert answer.status_code == 413


def test_while_the_database_is_locked_a_sign_in_is_not_called_too_often(client, db, monkeypatch):
    from django.db.backends.utils import CursorWrapper

    real = CursorWrapper._execute

    def locked(self, sql, *given):
        if "kaohe_cache" in sql and not sql.startswith("SELECT"):
            raise OperationalError("database is locked")
        return real(self, sql, *given)

    monkeypatch.setattr(CursorWrapper, "_execute", locked)

    answer = client.post("/account/login/", {"login": "liky", "password": "falsch"})

    assert answer.status_code == 503
    assert "数据库" in answer.content.decode()


def test_who_loses_their_own_session_meanwhile_signs_in_again(rf):
    from django.contrib.sessions.exceptions import SessionInterrupted

    from kaohe.web.failures import bad

    assert bad(rf.get("/"), SessionInterrupted())["Location"] == "/account/login/"
    assert bad(rf.get("/")).status_code == 400
