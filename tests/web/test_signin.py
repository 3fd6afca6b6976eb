"""Signing in: one page, a lock after five, a second factor, idle time, what is logged."""

import base64
import hashlib
import hmac
import json
import struct
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.cache import cache

from kaohe.core.access import Role
from kaohe.journal.models import JournalEntry
from kaohe.journal.queries import entries_of, tell
from kaohe.organization import lockout
from kaohe.organization.models import User
from kaohe.web.accounts.factors import MFAAdapter
from kaohe.web.middleware import SEEN
from tests.fixtures.people import PASSWORD

LOGIN = "/account/login/"
SECRET = base64.b32encode(b"kaohe second factor!").decode()


@pytest.fixture
def clerk(person):
    return person(Role.OFFICE_CLERK, username="liky")


def sign_in(client, username="liky", password=PASSWORD, **more):
    return client.post(LOGIN, {"login": username, "password": password, **more})


def told_of(user):
    return list(tell(entries_of([user.subject])))


def code_of(step=0):
    """The one-time code of a moment, computed as RFC 6238 says."""
    counter = struct.pack(">Q", int(time.time()) // 30 + step)
    digest = hmac.new(base64.b32decode(SECRET), counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def with_codes(user):
    Authenticator.objects.create(
        user=user, type="totp", data={"secret": MFAAdapter().encrypt(SECRET)}
    )
    return user


def test_the_right_password_leads_to_the_desk_and_onto_the_record(client, clerk):
    answer = sign_in(client)

    assert (answer.status_code, answer["Location"]) == (302, "/")
    [told] = told_of(clerk)
    assert (told.action, told.facts) == ("user.signed-in", {"method": "password"})
    assert UserSession.objects.get().user == clerk


def test_a_user_name_may_be_typed_in_capitals_and_with_blanks(client, clerk):
    assert sign_in(client, " LIKY ").status_code == 302


@pytest.mark.parametrize("username", ["liky", "niemand"])
def test_a_wrong_password_and_an_unknown_name_look_the_same(client, clerk, username):
    answer = sign_in(client, username, "falsch")

    assert answer.status_code == 422
    assert "账号或密码不正确" in answer.content.decode()
    assert not JournalEntry.objects.exists()


@pytest.mark.parametrize("username", ["liky", "niemand"])
def test_the_fifth_failure_locks_and_the_right_password_is_refused(client, clerk, username):
    pages = [sign_in(client, username, "falsch").content.decode() for _ in range(5)]

    assert "已锁定" not in pages[3]
    assert "已锁定，30 分钟后" in pages[4]
    assert "已锁定" in sign_in(client, username).content.decode()
    assert "_auth_user_id" not in client.session
    actions = [each.action for each in told_of(clerk)]
    assert actions == (["user.locked"] if username == "liky" else [])


def test_a_lock_cannot_be_dodged_by_host_or_by_case(client, clerk):
    for number in range(5):
        client.post(
            LOGIN, {"login": "LikY", "password": "falsch"}, headers={"host": f"h{number}.example"}
        )

    assert "已锁定" in sign_in(client).content.decode()


def test_failed_tries_are_told_at_the_next_sign_in_and_then_forgotten(client, clerk):
    for _ in range(4):
        sign_in(client, password="falsch")  # noqa: S106
    answer = client.post(LOGIN, {"login": "liky", "password": PASSWORD}, follow=True)

    assert "4 次密码错误" in answer.content.decode()
    assert told_of(clerk)[0].sealed["failed_before"] == "4"
    client.post("/account/logout/")
    sign_in(client, password="falsch")  # noqa: S106
    assert lockout.begin(lockout.key_of(clerk, "")) == 2


def test_a_lock_ends_after_half_an_hour(client, clerk):
    for _ in range(5):
        sign_in(client, password="falsch")  # noqa: S106
    key = lockout.key_of(clerk, "")
    cache.delete(f"{key}:locked")  # what the cache does when the time is over

    assert sign_in(client).status_code == 302


def test_a_closed_account_is_told_so_only_to_who_knows_its_password(client, clerk):
    User.objects.update(is_active=False)

    assert sign_in(client)["Location"] == "/account/inactive/"
    assert "账号或密码不正确" in sign_in(client, password="falsch").content.decode()  # noqa: S106
    assert "已停用" in client.get("/account/inactive/").content.decode()


def test_neither_names_nor_passwords_are_logged(client, clerk, caplog):
    with caplog.at_level(0):
        for _ in range(6):
            sign_in(client, "liky", "Geheim-2026-wort")
        sign_in(client, "niemand", "Geheim-2026-wort")

    assert "sign-in refused" in caplog.text
    for text in ("liky", "niemand", "Geheim", clerk.name):
        assert text not in caplog.text


def test_a_session_is_new_after_signing_in(client, clerk):
    client.get(LOGIN)
    session = client.session
    session["before"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key

    sign_in(client)

    assert client.session.session_key != session.session_key


def test_signing_out_is_on_record_and_final(client, clerk):
    sign_in(client)
    key = client.session.session_key

    client.post("/account/logout/")

    assert told_of(clerk)[0].facts == {"cause": "own"}
    client.cookies["sessionid"] = key
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize(
    ("role", "minutes", "gone"),
    [
        (Role.OFFICE_CLERK, 14, False),
        (Role.OFFICE_CLERK, 16, True),
        (Role.SEC_ADMIN, 9, False),
        (Role.SEC_ADMIN, 11, True),
    ],
)
def test_who_does_nothing_is_signed_out(client, person, role, minutes, gone):
    user = person(role)
    client.force_login(user)
    session = client.session
    session[SEEN] = time.time() - 60 * minutes
    session.save()

    answer = client.get("/account/")

    assert answer.status_code == (302 if gone else 200)
    if gone:
        assert answer["Location"] == "/account/login/?next=%2Faccount%2F&idle=1"
        assert "长时间未操作" in client.get(answer["Location"]).content.decode()
        assert told_of(user)[0].facts == {"cause": "idle"}


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(client, clerk):
    client.force_login(clerk)
    session = client.session
    session[SEEN] = before = time.time() - 600
    session.save()

    client.get("/account/", headers={"hx-request": "true"})

    assert client.session[SEEN] == before


def test_a_first_password_opens_nothing_but_its_change(client, clerk):
    User.objects.update(must_change_password=True)
    sign_in(client)

    for address in ("/", "/account/", "/account/sessions/", "/account/2fa/"):
        assert client.get(address)["Location"] == "/account/password/"
    assert "初始密码" in client.get("/account/password/").content.decode()


def test_an_administrator_without_a_second_factor_can_only_set_one_up(client, person):
    Authenticator.objects.filter(user=(user := person(Role.SEC_ADMIN))).delete()
    client.force_login(user)

    assert client.get("/users/")["Location"] == "/account/2fa/totp/activate/"
    assert client.get("/account/2fa/").status_code == 200
    Authenticator.objects.create(user=user, type="recovery_codes", data={})
    assert client.get("/users/").status_code == 302


def test_a_demonstration_lets_administrators_in_without(client, person, settings):
    settings.DEMO = True
    Authenticator.objects.filter(user=(user := person(Role.SEC_ADMIN))).delete()
    client.force_login(user)

    assert client.get("/users/").status_code == 200


def test_a_right_code_with_the_password_passes_both_steps(client, clerk):
    with_codes(clerk)

    assert sign_in(client, code=code_of())["Location"] == "/"
    assert told_of(clerk)[0].facts == {"method": "password", "factor": "totp"}


def test_without_a_code_the_second_page_asks(client, clerk):
    with_codes(clerk)

    assert sign_in(client)["Location"] == "/account/2fa/authenticate/"
    assert client.get("/").status_code == 302
    assert "6 位数字" in client.get("/account/2fa/authenticate/").content.decode()
    assert client.post("/account/2fa/authenticate/", {"code": code_of()})["Location"] == "/"
    assert client.get("/account/").status_code == 200


def test_a_wrong_code_with_the_password_is_said_on_the_second_page(client, clerk):
    with_codes(clerk)
    wrong = f"{(int(code_of()) + 1) % 10**6:06}"

    answer = client.post(LOGIN, {"login": "liky", "password": PASSWORD, "code": wrong}, follow=True)

    assert "动态口令不正确" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_code_of_the_half_minute_before_is_good_and_no_code_twice(client, clerk):
    with_codes(clerk)
    code = code_of(-1)
    assert sign_in(client, code=code)["Location"] == "/"
    client.post("/account/logout/")
    cache.delete_many([f"allauth.mfa.totp.used?user={clerk.pk}&code={code}"])

    assert sign_in(client, code=code)["Location"] == "/account/2fa/authenticate/"


def test_five_wrong_codes_lock_the_second_step(client, clerk):
    with_codes(clerk)
    sign_in(client)
    for _ in range(5):
        client.post("/account/2fa/authenticate/", {"code": "000000"})

    page = client.post("/account/2fa/authenticate/", {"code": code_of()})

    assert page.status_code == 200
    assert "口令错误次数过多" in page.content.decode()


def test_the_secret_of_a_code_is_stored_encrypted(clerk):
    row = Authenticator.objects.get(user=with_codes(clerk))

    assert SECRET not in json.dumps(row.data)
    assert MFAAdapter().decrypt(row.data["secret"]) == SECRET


def test_a_secret_that_cannot_be_read_opens_nothing_and_breaks_nothing(client, clerk, settings):
    with_codes(clerk)
    settings.SECRET_KEY = "another"  # noqa: S105

    answer = sign_in(client, code=code_of())

    assert answer["Location"] == "/account/2fa/authenticate/"
    assert client.post("/account/2fa/authenticate/", {"code": code_of()}).status_code == 200


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_signing_in_leads_nowhere_else(client, clerk, target):
    assert sign_in(client, next=target)["Location"] == "/"
    assert client.get("/account/login/", {"next": target})["Location"] == "/"


def test_signing_in_leads_back_to_where_one_was_going(client, clerk):
    away = client.get("/account/sessions/")["Location"]

    assert away == "/account/login/?next=%2Faccount%2Fsessions%2F"
    assert sign_in(client, next="/account/sessions/")["Location"] == "/account/sessions/"


def test_the_demonstration_lists_its_accounts_and_signs_in_by_one_click(
    client, clerk, settings, tmp_path
):
    settings.DEMO, settings.HOME = True, tmp_path
    row = {"username": "liky", "password": PASSWORD, "role": "经办人", "name": "李", "where": "市"}
    (tmp_path / "demo-accounts.json").write_text(json.dumps([row]), "utf-8")

    assert "liky" in client.get(LOGIN).content.decode()
    assert client.post("/account/demo", {"username": "liky"})["Location"] == "/"
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize("content", [None, "", "{}", "[1]", '[{"username": "x"}]'])
def test_a_broken_list_of_demonstration_accounts_breaks_nothing(
    client, db, settings, tmp_path, content
):
    settings.DEMO, settings.HOME = True, tmp_path
    if content is not None:
        (tmp_path / "demo-accounts.json").write_text(content, "utf-8")

    assert client.get(LOGIN).status_code == 200
    assert client.post("/account/demo", {"username": "x"})["Location"] == LOGIN


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "事考办经办人"), ("en", "clerk of the assessment office")]
)
def test_the_form_comes_first_and_roles_are_told_in_the_reader_s_language(
    client, db, settings, tmp_path, language, words
):
    settings.DEMO, settings.HOME = True, tmp_path
    row = {"username": "x", "password": "y", "role": "office_clerk", "name": "李", "where": "市"}
    (tmp_path / "demo-accounts.json").write_text(json.dumps([row]), "utf-8")

    page = client.get(LOGIN, headers={"accept-language": language}).content.decode()

    assert words in page
    assert page.index('name="password"') < page.index(words)
    assert "novalidate" in page


def test_outside_a_demonstration_there_is_no_one_click(client, clerk):
    assert client.post("/account/demo", {"username": "liky"}).status_code == 404
    assert client.get("/account/demo").status_code == 405


@pytest.mark.parametrize(
    "address", ["/account/forgotten", "/account/first", "/accessibility", "/account/login/"]
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_for_everybody_show_in_both_languages(client, city, address, language):
    answer = client.get(address, headers={"accept-language": language})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert ("Run by" in page) is (language == "en")


@pytest.mark.parametrize(
    "address",
    [
        "/account/signup/",
        "/account/email/",
        "/account/password/reset/",
        "/account/password/set/",
        "/account/confirm-email/",
        "/account/confirm-email/x/",
        "/account/login/code/confirm/",
        "/account/3rdparty/",
        "/account/3rdparty/signup/",
        "/account/social/signup/",
        "/account/2fa/webauthn/login/",
        "/account/2fa/signup/",
    ],
)
def test_what_allauth_offers_beyond_is_not_there(client, clerk, address):
    assert client.get(address).status_code == 404
    client.force_login(clerk)
    assert client.get(address).status_code == 404


def test_too_many_tries_from_one_address_are_slowed_down(client, clerk, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip", "login_failed": "5/30m/key"}
    for _ in range(2):
        sign_in(client, "niemand", "falsch")

    answer = sign_in(client)

    assert answer.status_code == 429
    assert "次数过多" in answer.content.decode()
    assert "Content-Security-Policy" in answer
