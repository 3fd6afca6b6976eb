"""My account: password, second factor, sessions."""

import base64
import hashlib
import hmac
import re
import struct
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client

from kaohe.core.access import Role
from kaohe.journal.queries import entries_of, tell
from kaohe.organization.models import User
from tests.fixtures.people import PASSWORD

NEW = "Xin-2026-mima"
CHANGE = "/account/password/"


@pytest.fixture
def clerk(person):
    return person(Role.OFFICE_CLERK, username="liky")


def at_the_desk(user):
    """A browser of its own that has signed in by the page."""
    client = Client()
    client.post("/account/login/", {"login": user.username, "password": PASSWORD})
    return client


def told_of(user):
    return list(tell(entries_of([user.subject])))


def change(client, old=PASSWORD, new=NEW, again=None):
    return client.post(CHANGE, {"old": old, "new": new, "again": again or new})


def test_my_account_tells_roles_and_how_i_sign_in(client, clerk, city):
    client.force_login(clerk)

    page = client.get("/account/").content.decode()

    for text in ("liky", clerk.name, city.name, "2020.01.01", "90 天", "15 分钟"):
        assert text in page


def test_a_changed_password_ends_every_other_session_and_keeps_this_one(clerk):
    here, elsewhere = at_the_desk(clerk), at_the_desk(clerk)

    assert change(here)["Location"] == "/account/"

    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert UserSession.objects.get(user=clerk).session_key == here.session.session_key
    assert told_of(clerk)[0].action == "user.password-changed"


def test_after_a_first_password_is_changed_the_pages_open(clerk):
    User.objects.update(must_change_password=True)
    client = at_the_desk(clerk)

    change(client)

    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"old": "falsch"}, "当前密码不正确"),
        ({"new": "kurz"}, "至少"),
        ({"new": PASSWORD}, "最近"),
        ({"again": "Anders-2026-x"}, "两遍"),
    ],
)
def test_a_refused_password_says_why_and_shows_none(client, clerk, given, words):
    client.force_login(clerk)

    answer = change(client, **given)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert not [text for text in given.values() if text in page]
    assert User.objects.get(pk=clerk.pk).check_password(PASSWORD)


def test_the_present_password_cannot_be_guessed_here(client, clerk):
    client.force_login(clerk)
    for _ in range(5):
        change(client, old="falsch")

    assert change(client).status_code == 422
    assert User.objects.get(pk=clerk.pk).check_password(PASSWORD)


def test_sessions_are_listed_and_ended_one_by_one_or_all(clerk):
    here, second, third = (at_the_desk(clerk) for _ in range(3))
    number = UserSession.objects.get(session_key=second.session.session_key).pk

    assert here.get("/account/sessions/").content.decode().count("127.0.0.1") == 3
    here.post("/account/sessions/", {"session": number})
    assert second.get("/account/").status_code == 302
    assert third.get("/account/").status_code == 200
    here.post("/account/sessions/")
    assert third.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200


def test_a_single_session_has_no_others_to_end_and_a_browser_is_told_in_a_word(clerk):
    here = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/115.0"})
    here.post("/account/login/", {"login": clerk.username, "password": PASSWORD})

    page = here.get("/account/sessions/").content.decode()
    assert "Firefox 115 · Windows" in page
    assert "结束其他全部会话" not in page
    at_the_desk(clerk)
    assert "结束其他全部会话" in here.get("/account/sessions/").content.decode()


def test_the_sessions_of_others_cannot_be_ended(clerk, person):
    here, other = at_the_desk(clerk), at_the_desk(person(Role.OFFICE_HEAD))
    number = UserSession.objects.get(session_key=other.session.session_key).pk

    here.post("/account/sessions/", {"session": number})
    here.post("/account/sessions/", {"session": "9" * 40})

    assert other.get("/account/").status_code == 200


def code_for(secret):
    digest = hmac.new(
        base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1
    ).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def confirm(client, address):
    """Type the password again where it is asked for."""
    answer = client.get(address)
    assert answer["Location"].startswith("/account/reauthenticate/")
    client.post(answer["Location"], {"password": PASSWORD})
    return client.get(address)


def test_one_time_codes_are_set_up_used_and_removed(clerk, django_capture_on_commit_callbacks):
    client = at_the_desk(clerk)
    page = confirm(client, "/account/2fa/totp/activate/").content.decode()
    secret = re.search(r'<p class="code">([A-Z2-7]{32})</p>', page).group(1)
    assert "data:image/svg+xml;base64," in page

    answer = client.post("/account/2fa/totp/activate/", {"code": "000000"})
    assert "动态口令不正确" in answer.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/2fa/totp/activate/", {"code": code_for(secret)})
    again = {"login": "liky", "password": PASSWORD, "code": code_for(secret)}
    assert Client().post("/account/login/", again)["Location"] != "/"  # it was used for setting up
    answer = client.get("/account/2fa/codes/")

    codes = re.findall(r"<li>(\d{4}-?\d{4})</li>", answer.content.decode())
    assert len(codes) == 10
    assert "只显示这一次" in answer.content.decode()
    assert codes[0] not in client.get("/account/2fa/codes/").content.decode()
    assert client.get("/account/2fa/codes/file/").status_code in (403, 404)
    again = Client()
    given = {"login": "liky", "password": PASSWORD, "code": codes[0]}
    assert again.post("/account/login/", given)["Location"] == "/"
    assert Client().post("/account/login/", given)["Location"] != "/"
    assert client.get("/account/2fa/totp/deactivate/").status_code == 200
    client.post("/account/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=clerk).exists()
    actions = {each.action for each in told_of(clerk)}
    assert actions >= {"user.code-added", "user.code-removed"}


def test_new_recovery_codes_replace_the_old(clerk, django_capture_on_commit_callbacks):
    client = at_the_desk(clerk)
    Authenticator.objects.create(user=clerk, type="totp", data={"secret": ""})
    confirm(client, "/account/2fa/codes/new/")

    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/2fa/codes/new/")

    assert Authenticator.objects.filter(user=clerk, type="recovery_codes").count() == 1
    assert told_of(clerk)[0].action == "user.recovery-codes-made"


def test_nothing_weighty_is_done_without_the_password_again(clerk):
    client = at_the_desk(clerk)

    for address in ("totp/activate/", "keys/add/", "codes/new/"):
        answer = client.get(f"/account/2fa/{address}")
        assert answer["Location"].startswith("/account/reauthenticate/"), address
    client.post("/account/2fa/codes/new/")
    assert not Authenticator.objects.exists()


def test_the_keys_of_others_are_not_there(client, clerk, person):
    key = Authenticator.objects.create(
        user=person(Role.OFFICE_HEAD), type="webauthn", data={"name": "x", "credential": {}}
    )
    client.force_login(clerk)
    confirm(client, "/account/2fa/codes/new/")

    assert client.get(f"/account/2fa/keys/{key.pk}/remove/").status_code == 404
    assert client.post(f"/account/2fa/keys/{key.pk}/remove/").status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_language_is_kept_in_the_browser(client, clerk, language):
    client.force_login(clerk)

    client.post("/language/", {"language": language, "next": "/account/"})

    page = client.get("/account/").content.decode()
    assert ("My account" in page) is (language == "en")


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example"])
def test_choosing_a_language_leads_nowhere_else(client, db, target):
    answer = client.post("/language/", {"language": "en", "next": target})

    assert "evil" not in answer["Location"]
