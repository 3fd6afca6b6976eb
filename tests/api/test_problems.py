"""Whatever comes in, what goes out is JSON that says what is wrong and what to do."""

import json
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from kaohe.api.organization import departments
from kaohe.core.access import Role, Verb
from kaohe.journal.models import JournalEntry
from kaohe.organization import lockout
from kaohe.organization.models import ApiToken, Department
from tests.fixtures.api import Program, make_token

NEW = {"name": "市水务局"}
CHINESE = re.compile("[一-鿿]")


@pytest.fixture
def head(person):
    return person(Role.OFFICE_HEAD)


@pytest.fixture
def office(head, calling):
    return calling(head)


def told(answer, status, code):
    """The problem of an answer that is of this status and code."""
    assert answer["Content-Type"] == "application/problem+json"
    content = json.loads(answer.content)
    assert (answer.status_code, content["status"], content["code"]) == (status, status, code)
    assert content["type"] == f"urn:kaohe:problem:{code}"
    assert CHINESE.search(content["detail"])
    assert CHINESE.search(content["title"])
    return content


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "api.fields-unsound"),
        (b"{", "api.body-not-json"),
        (b"\xff\xfe{}", "api.body-not-text"),
        ("{“name”: 1}".encode("gb18030"), "api.body-not-text"),
        (b"\xef\xbb\xbf{}", "api.body-not-json"),
        (b'{"name": NaN}', "api.body-no-number"),
        (b'{"name": -Infinity}', "api.body-no-number"),
        (b'{"name": "a"} {}', "api.body-not-json"),
        (b'{"name": ' + b"9" * 5000 + b"}", "api.body-no-number"),
        (b'{"name": "a", "name": "b"}', "api.body-twice-named"),
        (b'{"name": ' + b"[" * 40 + b"]" * 40 + b"}", "api.body-too-deep"),
        (b"[" * 100_000, "api.body-too-deep"),
    ],
)
def test_a_body_that_is_no_sound_json_is_refused(office, body, code):
    answer = office.post("/departments", body)

    told(answer, 422 if code == "api.fields-unsound" else 400, code)
    assert Department.objects.count() == 0


def test_a_body_may_be_as_deep_as_the_limit_says(office):
    at_most = b'{"name": ' + b"[" * 31 + b"]" * 31 + b"}"

    told(office.post("/departments", at_most), 422, "api.fields-unsound")


@pytest.mark.parametrize("body", [[], "text", 5, None, True, {"name": {}}, {"name": ["x"]}])
def test_json_of_another_kind_is_refused(office, body):
    told(office.post("/departments", json.dumps(body).encode()), 422, "api.fields-unsound")


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("name", None, "not-text"),
        ("name", 5, "not-text"),
        ("name", "", "too-short"),
        ("name", " \u200b\u3000", "too-short"),
        ("name", "局" * 121, "too-long"),
        ("name", "=1+1", "formula"),
        ("name", "\ud800", "not-text"),
        ("in_charge", "true", "not-truth"),
        ("in_charge", 1, "not-truth"),
        ("member_part", "kitchen", "not-a-choice"),
        ("opened_on", "2026-02-30", "not-a-day"),
        ("opened_on", "2026-3-5", "not-a-day"),
        ("opened_on", "1750-01-01", "not-a-day"),
        ("opened_on", 20260305, "not-a-day"),
        ("opened_on", "2026-03-05T00:00:00", "not-a-day"),
        ("jurisdiction", "abc", "not-fitting"),
        ("Name", "市水务局", "unknown"),
        ("a/b~c", 1, "unknown"),
    ],
)
def test_a_value_that_cannot_be_taken_is_named(office, field, value, error):
    content = told(office.post("/departments", {**NEW, field: value}), 422, "api.fields-unsound")

    where = "/" + field.replace("~", "~0").replace("/", "~1")
    assert [(each["where"], each["code"]) for each in content["errors"]] == [(where, error)]
    assert CHINESE.search(content["errors"][0]["what"])
    assert CHINESE.search(content["errors"][0]["how"])


def test_all_that_is_wrong_is_told_at_once(office):
    sent = {"opened_on": "morgen", "member_part": 3, "colour": "red"}

    content = told(office.post("/departments", sent), 422, "api.fields-unsound")

    assert {each["where"] for each in content["errors"]} == {
        "/name",
        "/opened_on",
        "/member_part",
        "/colour",
    }
    assert content["facts"] == {"count": 4}


@pytest.mark.parametrize("name", ["䶮水局", "𠀀局", "O'Brien 局", "\u202e局\u202c", "a\u0301局"])
def test_rare_characters_pass_unharmed(office, name):
    kept = office.post("/departments", {"name": name}).json()["name"]

    assert Department.objects.get().name == kept
    assert "\u202e" not in kept


def test_a_body_that_is_too_large_is_not_read(office):
    answer = office.post("/departments", b'{"name": "' + b"x" * (2 * 1024 * 1024) + b'"}')
    told(answer, 413, "api.body-too-large")

    lied = office.send("POST", "/departments", NEW, Content_Length="99999999999")
    assert lied.status_code in (201, 413)  # the client of the test sets it anew


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=gbk", ""]
)
def test_another_kind_of_content_is_not_taken(office, kind):
    told(
        office.send("POST", "/departments", NEW, **{"Content-Type": kind}),
        415,
        "api.body-wrong-type",
    )


@pytest.mark.parametrize("query", ["colour=red", "limit=1&limit=2", "q=a&colour=red&colour=blue"])
def test_parameters_that_nobody_reads_are_refused(office, query):
    content = told(office.get(f"/departments?{query}"), 422, "api.fields-unsound")

    assert content["errors"][0]["where"] in ("colour", "limit")


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=viele", "limit=1e3", "part=x"])
def test_parameters_out_of_range_are_named(office, query):
    content = told(office.get(f"/departments?{query}"), 422, "api.fields-unsound")

    assert [each["where"] for each in content["errors"]] == [query.partition("=")[0]]


def test_an_unknown_address_is_a_problem(office, client):
    told(office.get("/kitchen"), 404, "api.address-unknown")
    told(client.get("/api/v2/"), 404, "api.address-unknown")
    told(client.get("/api/"), 404, "api.address-unknown")


def test_an_unknown_method_is_a_problem_that_names_the_known(office):
    answer = office.send("DELETE", "/departments")

    told(answer, 405, "api.method-unknown")
    assert set(answer["Allow"].replace(" ", "").split(",")) == {"GET", "POST"}
    told(Client().options("/api/v1/openapi.json"), 405, "api.method-unknown")


def test_a_strange_host_is_a_problem(office, settings):
    settings.ALLOWED_HOSTS = ["kaohe.gov.cn"]

    told(office.get("/departments"), 400, "api.request-unsound")


def test_a_bug_is_a_problem_that_tells_nothing_of_the_inside(office, monkeypatch):
    def breaks(*_):
        raise ZeroDivisionError("secret of the inside")

    office.client.raise_request_exception = False
    monkeypatch.setattr(departments, "departments_of", breaks)
    answer = office.get("/departments")

    told(answer, 500, "api.broken")
    assert b"secret" not in answer.content


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (OperationalError("database or disk is full"), 507, "api.disk-full"),
        (OperationalError("database is locked"), 503, "api.database-busy"),
        (OSError(28, "No space left on device"), 507, "api.disk-full"),
    ],
)
def test_what_the_machine_cannot_do_is_a_problem(office, monkeypatch, fault, status, code):
    def breaks(*_):
        raise fault

    monkeypatch.setattr(departments, "departments_of", breaks)

    told(office.get("/departments"), status, code)


def test_the_language_is_that_of_the_request(head, calling):
    english = calling(head, language="en-GB,en;q=0.9,zh;q=0.1").get("/kitchen")
    assert english.json()["title"] == "Nothing here"
    assert english["Content-Language"] == "en"
    for asked in ("", "*", "fr", "zh-TW, en;q=0.1", "x" * 5000, "zh-CN"):
        answer = calling(head, language=asked).get("/kitchen")
        assert answer.json()["title"] != "Nothing here", asked


def test_no_cookie_is_read_or_set(office, head):
    browser = Client()
    browser.force_login(head)

    answer = browser.get("/api/v1/departments")

    told(answer, 401, "api.token-missing")
    assert not answer.cookies
    assert not office.get("/departments").cookies
    assert office.get("/departments")["Cache-Control"] == "no-store, private"


def test_the_description_is_open_to_anybody(client):
    answer = client.get("/api/v1/openapi.json")

    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.1")
    assert (
        client.get("/api/v1/openapi.json", headers={"If-None-Match": answer["ETag"]}).status_code
        == 304
    )


def test_a_closed_account_takes_its_tokens_along(head, office):
    head.is_active = False
    head.save()

    told(office.get("/"), 401, "token.account-closed")


def test_the_tokens_of_a_locked_account_rest(head, office):
    key = lockout.key_of(head, "")
    for _ in range(5):
        lockout.fail(key, lockout.begin(key))

    content = told(office.get("/"), 401, "token.account-locked")

    assert content["facts"]["minutes"] > 0
    cache.clear()
    assert office.get("/").status_code == 200


def test_the_tokens_of_an_account_with_a_first_password_rest(head, office):
    head.must_change_password = True
    head.save()

    told(office.get("/"), 401, "token.password-due")


def test_the_tokens_of_an_administrator_without_a_second_factor_rest(person, calling):
    admin = person(Role.SEC_ADMIN)
    program = calling(admin)
    assert program.get("/").status_code == 200

    admin.authenticator_set.all().delete()

    told(program.get("/"), 401, "token.factor-due")


def test_it_is_noted_once_an_hour_that_a_token_is_used(head):
    row, secret = make_token(head)
    program = Program(secret)

    program.get("/")
    first = ApiToken.objects.get(pk=row.pk).last_used_at
    program.get("/")
    assert ApiToken.objects.get(pk=row.pk).last_used_at == first

    ApiToken.objects.update(last_used_at=first - timedelta(hours=2))
    program.get("/")
    assert ApiToken.objects.get(pk=row.pk).last_used_at > timezone.now() - timedelta(minutes=1)
    assert JournalEntry.objects.count() == 0


def test_who_am_i(head):
    _row, secret = make_token(head, [Verb.UNIT_READ])

    told = Program(secret).get("/").json()

    assert told["username"] == head.username
    assert told["roles"] == ["office_head"]
    assert told["scopes"] == ["unit.read"]
    assert told["expires_at"].endswith("Z")
    assert (told["jurisdiction"], told["confined_to"]) == ("370699", None)


def test_no_secret_stands_in_the_database_or_in_a_problem(head, city):
    row, secret = make_token(head)
    kept = ApiToken.objects.filter(pk=row.pk).values_list()[0]

    assert secret not in repr(kept)
    assert secret.encode() not in Program(secret + "x").get("/").content
