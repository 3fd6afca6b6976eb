"""Pages of tokens: my own, and those of all accounts."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kaohe.core.access import Role
from kaohe.organization.models import ApiToken
from kaohe.web.words import ACTIONS
from tests.fixtures.api import Program, make_token

SENT = {"name": "人事系统", "scopes": ["unit.read"], "once_key": "k1"}


@pytest.fixture
def head(person):
    return person(Role.OFFICE_HEAD)


@pytest.fixture
def page(head, signed_in):
    return signed_in(head)


@pytest.fixture
def sent():
    return SENT | {"last_day": (timezone.localdate() + timedelta(days=30)).isoformat()}


def test_an_empty_page_teaches(page):
    content = page.get("/account/tokens/").content.decode()

    assert "k-empty" in content
    assert "/account/tokens/new" in content


def test_a_token_is_shown_once_and_works(page, sent):
    answer = page.post("/account/tokens/new", sent)

    [secret] = re.findall(r"kaohe_[\w-]{43}", answer.content.decode())
    assert answer["Cache-Control"] == "no-store, private"
    assert Program(secret).get("/").json()["scopes"] == ["unit.read"]
    assert secret not in page.get("/account/tokens/").content.decode()
    assert secret not in repr(dict(page.session.items()))


def test_a_form_sent_twice_makes_one_token_and_shows_it_once(page, sent):
    page.post("/account/tokens/new", sent)
    again = page.post("/account/tokens/new", sent)

    assert (again.status_code, again["Location"]) == (302, "/account/tokens/")
    assert ApiToken.objects.count() == 1


def test_only_what_i_may_do_is_offered(page, sent):
    content = page.get("/account/tokens/new").content.decode()
    assert 'value="unit.read"' in content
    assert 'value="user.manage"' not in content

    answer = page.post("/account/tokens/new", sent | {"scopes": ["user.manage"]})

    assert answer.status_code == 422
    assert ApiToken.objects.count() == 0


@pytest.mark.parametrize(
    "wrong", [{"scopes": []}, {"name": ""}, {"last_day": "2020-01-01"}, {"last_day": "2099-01-01"}]
)
def test_a_refused_form_says_so_with_its_status(page, sent, wrong):
    answer = page.post("/account/tokens/new", sent | wrong)

    assert answer.status_code == 422
    assert "k-alert" in answer.content.decode()


def test_a_token_is_confined_to_a_place_that_i_may_see(page, sent, city, other_city):
    away = page.post("/account/tokens/new", sent | {"confined_to": other_city.pk})
    assert away.status_code == 422

    page.post("/account/tokens/new", sent | {"confined_to": city.pk})

    assert ApiToken.objects.get().confined_to == city


def test_i_revoke_my_token(page, head):
    row, secret = make_token(head)
    where = f"/account/tokens/{row.pk}/revoke"
    assert page.get(where).status_code == 200

    stale = page.post(where, {"seen": 7, "once_key": "a"})
    assert stale.status_code == 422
    page.post(where, {"seen": 1, "once_key": "b"})

    assert Program(secret).get("/").json()["code"] == "token.revoked"


def test_the_token_of_another_is_not_there(page, person):
    row, _ = make_token(person(Role.OFFICE_CHIEF))

    assert page.get(f"/account/tokens/{row.pk}/revoke").status_code == 404
    assert page.post(f"/account/tokens/{row.pk}/revoke", {}).status_code == 404


def test_the_security_administrator_sees_all_and_revokes(person, signed_in, head):
    row, secret = make_token(head)
    make_token(head, days=-1)
    admin = signed_in(person(Role.SEC_ADMIN))

    content = admin.get("/users/tokens/").content.decode()
    assert content.count("对接") == 2
    assert f"/users/tokens/{row.pk}/revoke" in content
    for state, count in (("good", 1), ("over", 1), ("revoked", 0)):
        found = admin.get(f"/users/tokens/?state={state}").content.decode()
        assert found.count("对接") == count, state
    assert admin.get("/users/tokens/?export=xlsx").content[:2] == b"PK"
    assert admin.get(f"/users/tokens/{row.pk}/revoke").status_code == 200
    admin.post(f"/users/tokens/{row.pk}/revoke", {"seen": 1})

    assert Program(secret).get("/").status_code == 401


def test_the_list_asks_the_same_number_of_questions_whatever_its_length(person, signed_in, head):
    admin = signed_in(person(Role.SEC_ADMIN))

    def questions():
        with CaptureQueriesContext(connection) as asked:
            admin.get("/users/tokens/")
        return len(asked)

    for _ in range(3):
        make_token(head)
    questions()
    few = questions()
    for _ in range(45):
        make_token(head)

    assert questions() == few


def test_what_the_record_says_of_tokens_has_words(page):
    assert {"token.made", "token.revoked"} <= set(ACTIONS)
