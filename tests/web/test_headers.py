"""What every answer carries, and requests that try something."""

import re

import pytest
from django.conf import settings as real
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path

from kaohe.config import env
from kaohe.config import urls as real_urls
from kaohe.core.access import Role
from tests.fixtures.people import PASSWORD


def crash(request):
    raise RuntimeError("on purpose")


urlpatterns = [*real_urls.urlpatterns, path("crash", crash, name="crash")]
crash.verb = None
handler404, handler500 = real_urls.handler404, real_urls.handler500
handler403, handler429 = real_urls.handler403, real_urls.handler429

PAGES = {
    "the door": ("/account/login/", 200),
    "the desk": ("/", 200),
    "a list": ("/organization/departments/", 200),
    "my account": ("/account/", 200),
    "refused": ("/users/", 403),
    "not there": ("/nothing/at/all", 404),
    "of others": ("/organization/departments/999", 404),
    "broken": ("/crash", 500),
    "health": ("/healthz", 200),
}


@pytest.fixture
def office(person):
    client = Client(raise_request_exception=False)
    client.force_login(person(Role.OFFICE_HEAD, username="head"))
    return client


@pytest.fixture(params=list(PAGES), ids=str)
def answer(request, office):
    where, status = PAGES[request.param]
    client = Client() if request.param == "the door" else office
    with override_settings(ROOT_URLCONF=__name__):
        found = client.get(where)
    assert found.status_code == status
    return found


def test_every_page_has_a_policy_that_runs_nothing_foreign(answer, db):
    policy = dict(
        part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";")
    )

    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    for name in ("script-src", "style-src"):
        assert policy[name].startswith("'self'")
        assert "unsafe" not in policy[name]
        assert "*" not in policy[name]
    assert "style-src-attr" not in policy


def test_every_page_is_guarded_against_sniffing_framing_and_telling(answer):
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


def test_no_page_runs_inline_scripts_or_loads_from_elsewhere(answer):
    page = answer.content.decode()

    assert re.findall(r"<script(?![^>]*(src=|application/json))[^>]*>", page) == []
    assert re.findall(r"\son\w+=", page) == []
    assert re.findall(r"\bstyle=", page) == []
    assert re.findall(r'(?:src|href|action)="(?:https?:)?//', page) == []


def test_what_somebody_signed_in_has_seen_is_not_stored(office):
    for where, _ in PAGES.values():
        if where != "/crash":
            assert "no-store" in office.get(where)["Cache-Control"], where
    assert "no-store" in Client().get("/account/login/")["Cache-Control"]
    workbook = office.get("/organization/departments/?export=xlsx")
    assert workbook["Cache-Control"] == "no-store, private"
    assert workbook["Content-Disposition"].startswith("attachment")


def test_over_tls_the_browser_is_told_to_stay_there(db, settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000  # what KAOHE_TLS=on sets
    where = "/account/login/"

    assert "Strict-Transport-Security" not in Client().get(where)
    answer = Client().get(where, secure=True)
    assert answer["Strict-Transport-Security"] == "max-age=31536000"


def test_cookies_are_for_the_server_and_this_site_alone(client, person):
    person(Role.OFFICE_HEAD, username="head")
    client.get("/account/login/")

    client.post("/account/login/", {"login": "head", "password": PASSWORD})

    for name in ("sessionid", "csrftoken"):
        assert client.cookies[name]["httponly"]
        assert client.cookies[name]["samesite"] == "Lax"
    assert not client.cookies["sessionid"]["max-age"]  # ends with the browser


def test_cookies_travel_over_tls_only_where_there_is_tls():
    text = (real.PACKAGE / "config" / "settings.py").read_text("utf-8")

    assert "SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS" in text
    assert 'TLS = env.flag("TLS", default=True)' in text


def test_forms_without_their_token_are_refused(person):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person(Role.SEC_ADMIN))
    for where in ("/users/new", "/account/password/", "/account/sessions/", "/account/logout/"):
        assert client.post(where, {"username": "x"}).status_code == 403, where
    assert client.post("/account/login/", {"login": "x", "password": "y"}).status_code == 403
    assert client.post("/language/", {"language": "en"}).status_code == 403
    assert client.post("/account/demo", {"username": "x"}).status_code == 403


def test_a_request_for_another_host_is_refused(office, settings):
    settings.ALLOWED_HOSTS = ["kaohe.example.gov.cn"]

    assert office.get("/", headers={"host": "evil.example"}).status_code == 400
    assert office.get("/", headers={"host": "kaohe.example.gov.cn"}).status_code == 200


@pytest.mark.parametrize(
    "header", ["x-http-method-override", "x-method-override", "x-forwarded-host"]
)
def test_headers_that_would_override_something_are_ignored(office, header):
    answer = office.get("/organization/departments/new", headers={header: "POST"})

    assert answer.status_code == 200
    assert b"k-alert" not in answer.content
    assert b"evil" not in office.get("/", headers={header: "evil.example"}).content


def test_a_method_in_the_form_is_ignored(office, education):
    answer = office.get("/organization/departments/new?_method=post&name=x")

    assert answer.status_code == 200
    assert b"k-alert" not in answer.content


@pytest.mark.parametrize("method", ["head", "options"])
def test_head_and_options_are_asked_the_same_question(office, method):
    assert getattr(office, method)("/users/").status_code == 403
    assert getattr(office, method)("/organization/departments/999").status_code == 404
    assert getattr(office, method)("/organization/departments/").status_code == 200
    assert getattr(Client(), method)("/organization/departments/").status_code == 302


def test_a_forged_session_opens_nothing(db):
    client = Client()
    for text in ("", "x" * 32, "' OR 1=1 --", "../../etc/passwd", "0" * 5000):
        client.cookies["sessionid"] = text
        assert client.get("/").status_code == 302


def test_the_way_to_the_door_is_written_safely(db):
    answer = Client().get("/organization/departments/?q=%0d%0aSet-Cookie:x&next=//evil")

    assert answer["Location"].startswith("/account/login/?next=%2Forganization")
    assert "\r" not in answer["Location"]


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("", []),
        ("https://sso.example.gov.cn/realms/kaohe", ["https://sso.example.gov.cn"]),
        ("http://10.1.1.1:8080/", ["http://10.1.1.1:8080"]),
    ],
)
def test_forms_may_lead_to_the_sign_on_system_and_nowhere_else(address, origin):
    assert env.origin(address) == origin


def test_health_says_nothing_about_anybody(office):
    answer: HttpResponse = Client().get("/healthz")

    assert set(answer.json()) <= {"status", "version", "worker"}
    assert "sessionid" not in answer.cookies
