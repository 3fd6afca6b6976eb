"""Accounts, roles and tokens over the API."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaohe.core.access import Role, Verb
from kaohe.journal.models import JournalEntry, SealedText
from kaohe.organization.models import ApiToken, Once, RoleAssignment, User
from tests.fixtures.api import make_token
from tests.fixtures.people import make_unit, make_user

NEW = {"username": "wangmm", "name": "王某某", "phone": "0535-2212345", "jurisdiction": "370699"}


@pytest.fixture
def admin(person):
    return person(Role.SEC_ADMIN)


@pytest.fixture
def security(admin, calling):
    return calling(admin)


def last_action():
    return JournalEntry.objects.latest("id").action


def test_an_account_is_opened_with_a_password_that_signs_in_once(security, city):
    answer = security.post("/users", NEW)

    told = answer.json()
    row = User.objects.get(username="wangmm")
    assert answer.status_code == 201
    assert answer["Location"] == f"/api/v1/users/{row.pk}"
    assert row.check_password(told["password"])
    assert row.must_change_password
    shown = security.get(f"/users/{row.pk}").json()
    assert (shown["name"], shown["jurisdiction"], shown["version"]) == ("王某某", "370699", 1)
    assert "password" not in shown
    assert last_action() == "user.opened"


def test_a_first_password_stands_in_no_store(security, city):
    answer = security.post("/users", NEW, Idempotency_Key="k-1")
    password = answer.json()["password"]
    again = security.post("/users", NEW, Idempotency_Key="k-1")

    assert again["Idempotent-Replayed"] == "true"
    assert again.json() == {**answer.json(), "password": None}
    assert (again.status_code, again["Location"]) == (201, answer["Location"])
    assert User.objects.filter(username="wangmm").count() == 1
    for kept in (Once.objects.values_list("answer"), SealedText.objects.values_list("texts")):
        assert password not in json.dumps(list(kept))
    assert not JournalEntry.objects.filter(leaf__contains=password).exists()


def test_accounts_of_units_are_opened_at_once_and_their_passwords_kept_nowhere(
    security, city, school
):
    sent = {"jurisdiction": "370699"}
    answer = security.post("/users/units", sent, Idempotency_Key="units")
    [made] = answer.json()["accounts"]

    assert (made["unit"], made["unit_name"]) == (school.pk, school.name)
    assert User.objects.get(username=school.code).check_password(made["password"])
    [again] = security.post("/users/units", sent, Idempotency_Key="units").json()["accounts"]
    assert again == {**made, "password": None}
    assert security.post("/users/units", sent).json() == {"accounts": []}


def test_an_account_is_corrected_closed_reopened(security, person):
    row = person(Role.OFFICE_CLERK)
    where = f"/users/{row.pk}"

    told = security.patch(where, {"phone": "1", "jurisdiction": ""}, If_Match='"1"').json()
    assert (told["phone"], told["jurisdiction"], told["name"]) == ("1", None, row.name)
    assert security.patch(where, {"phone": "2"}, If_Match='"1"').status_code == 412
    assert security.post(f"{where}/reopen", {"reason": "回岗"}).status_code == 409
    assert security.post(f"{where}/close", {"reason": "调离"}).json()["is_active"] is False
    assert last_action() == "user.closed"
    assert security.post(f"{where}/reopen", {"reason": "回岗"}).json()["password"]
    assert last_action() == "user.reopened"


def test_who_has_lost_password_or_factor_is_helped(security, person):
    row = person(Role.SYS_ADMIN)
    where = f"/users/{row.pk}"
    assert security.get(f"{where}/guard").json()["one_time_code"] is True

    password = security.post(f"{where}/reset-password", None).json()["password"]
    row.refresh_from_db()
    assert row.check_password(password)
    assert security.post(f"{where}/reset-factors", None).status_code == 200
    guard = security.get(f"{where}/guard").json()
    assert (guard["one_time_code"], guard["awaits_password"]) == (False, True)
    assert security.post(f"{where}/unlock", None).status_code == 200
    assert last_action() == "user.unlocked"
    assert security.post(f"{where}/end-sessions", None).status_code == 200
    assert last_action() == "user.sessions-ended"


def test_an_account_is_linked_with_the_sign_on_system(security, person):
    where = f"/users/{person(Role.OFFICE_CLERK).pk}"

    assert security.post(f"{where}/link", {"uid": "u-1"}).json()["identity"] == "u-1"
    assert security.post(f"{where}/link", {"uid": "u-2"}).status_code == 409
    assert security.post(f"{where}/unlink", None).json()["identity"] == ""
    assert security.post(f"{where}/link", {"uid": " "}).status_code == 422


def test_nobody_administers_their_own_account(security, admin):
    answer = security.post(f"/users/{admin.pk}/close", {"reason": "试"})

    assert (answer.status_code, answer.json()["code"]) == (422, "user.own-account")
    role = RoleAssignment.objects.get(user=admin)
    ended = security.post(f"/roles/{role.pk}/end", {"on": "2099-01-01", "reason": "试"})
    assert ended.status_code == 422


def test_the_list_of_accounts_is_narrowed(security, person, city):
    clerk = person(Role.OFFICE_CLERK)
    idle = person()

    def names(query):
        return [each["username"] for each in security.get(f"/users?{query}").json()["items"]]

    assert names("role=office_clerk") == [clerk.username]
    assert names("state=none") == [idle.username]
    assert names(f"q={idle.username}") == [idle.username]
    assert len(names("jurisdiction=370699")) == 3
    assert names("jurisdiction=999999") == names("state=bare") == names("state=closed") == []
    held = security.get("/users?role=office_clerk").json()["items"][0]["roles"]
    assert [(each["role"], each["jurisdiction"]) for each in held] == [("office_clerk", "370699")]


def test_a_role_is_granted_at_its_place_and_ends(security, person, education, school):
    row = person()
    sent = {"jurisdiction": "370699", "from_on": "2026-01-01"}
    where = f"/users/{row.pk}/grant"

    assert security.post(where, {**sent, "role": "dept_clerk"}).status_code == 422
    told = security.post(where, {**sent, "role": "dept_clerk", "department": education.pk}).json()
    assert (told["place"], told["department"], told["user"]) == (
        education.name,
        education.pk,
        row.pk,
    )
    clerk = {**sent, "role": "office_clerk", "charge": [education.pk], "ledgers": ["registration"]}
    told = security.post(where, clerk).json()
    assert (told["charge"], told["ledgers"]) == ([education.pk], ["registration"])
    assert security.post(where, {**sent, "role": "unit_clerk", "unit": 10**9}).status_code == 404
    assert security.post(where, {**sent, "role": "emperor"}).status_code == 422

    ended = security.post(f"/roles/{told['id']}/end", {"on": "2099-01-01", "reason": "调整"})
    assert ended.json()["to_on"] == "2098-12-31"
    assert last_action() == "role.ended"
    listed = security.get(f"/users/{row.pk}/roles").json()["items"]
    assert {each["role"] for each in listed} == {"dept_clerk", "office_clerk"}
    assert security.get(f"/roles/{told['id']}").json() == ended.json()


def test_a_role_of_an_administrator_is_held_everywhere_and_no_city_gives_it(
    admin, calling, person, city
):
    row = person()
    sent = {"role": "sys_admin", "jurisdiction": "370699", "from_on": "2026-01-01"}

    confined = calling(admin, confined_to=city)
    assert confined.post(f"/users/{row.pk}/grant", sent).status_code == 403
    told = calling(admin).post(f"/users/{row.pk}/grant", sent).json()
    assert told["jurisdiction"] is None


def test_places_for_roles_are_offered_to_who_grants(security, admin, calling, education, school):
    assert [each["name"] for each in security.get("/roles/departments").json()["items"]] == [
        education.name
    ]
    [unit] = security.get(f"/roles/units?q={school.code}").json()["items"]
    assert unit == {"id": school.pk, "name": school.name, "code": school.code}
    reader = calling(admin, Verb.USER_READ)
    assert reader.get("/roles/units").status_code == 422  # in no jurisdiction
    assert reader.get("/roles/units?jurisdiction=370699").status_code == 404


def test_it_is_told_which_roles_nobody_holds(security, person):
    person(Role.OFFICE_HEAD)
    whole, city = security.get("/roles/vacant").json()["items"]

    assert (whole["place"], set(whole["roles"])) == ("", {"sys_admin", "audit_admin"})
    assert "office_head" not in city["roles"]
    assert "office_chief" in city["roles"]
    held = security.get("/roles?role=office_head&jurisdiction=370699").json()["items"]
    assert len(held) == 1


def test_an_accounts_history_is_told(security, admin, person):
    row = person()
    security.patch(f"/users/{row.pk}", {"phone": "1"})
    security.post(
        f"/users/{row.pk}/grant",
        {"role": "surveyor", "jurisdiction": "370699", "from_on": "2026-01-01"},
    )

    found = security.get(f"/users/{row.pk}/entries").json()["items"]
    assert [each["action"] for each in found] == ["role.granted", "user.corrected"]
    assert {each["actor_name"] for each in found} == {admin.name}
    assert {each["index"] for each in found} == {None}


def test_ones_own_tokens_are_seen_and_revoked(person, calling):
    user = person(Role.OFFICE_HEAD)
    other, _secret = make_token(user, [Verb.UNIT_READ])
    program = calling(user, Verb.UNIT_READ)

    found = program.get("/tokens?state=good").json()["items"]
    assert [each["id"] for each in found][1] == other.pk
    assert "digest" not in found[0]
    assert program.post(f"/tokens/{other.pk}/revoke", None, If_Match='"7"').status_code == 412
    assert program.post(f"/tokens/{other.pk}/revoke", None).json()["revoked_at"]
    assert program.post(f"/tokens/{other.pk}/revoke", None).status_code == 409
    assert len(program.get("/tokens?state=revoked").json()["items"]) == 1
    assert program.get("/tokens?state=over").json()["items"] == []
    assert last_action() == "token.revoked"


def test_the_tokens_of_others_are_for_who_looks_after_accounts(admin, security, person, calling):
    other, _secret = make_token(person(Role.OFFICE_HEAD))

    assert (
        calling(person(Role.OFFICE_HEAD)).post(f"/tokens/{other.pk}/revoke", None).status_code
        == 404
    )
    assert (
        calling(admin, Verb.UNIT_READ).post(f"/tokens/{other.pk}/revoke", None).status_code == 404
    )
    reads = calling(admin, Verb.USER_READ)
    assert reads.post(f"/tokens/{other.pk}/revoke", None).status_code == 403
    found = security.get(f"/users/tokens?q={other.user.name}&state=good").json()["items"]
    assert [each["id"] for each in found] == [other.pk]
    assert security.post(f"/tokens/{other.pk}/revoke", None).status_code == 200
    assert ApiToken.objects.get(pk=other.pk).revoked_at


def test_no_token_is_made_by_a_token(security):
    assert security.post("/tokens", {"name": "新"}).status_code == 405


def test_the_security_policy_is_told(security):
    told = security.get("/security-policy").json()

    assert (told["wrong_passwords"], told["locked"], told["has_sign_on"]) == (5, [], False)


@pytest.mark.parametrize(
    "where", ["/users", "/roles", "/users/tokens", "/roles/units", "/tokens", "/users/1/entries"]
)
def test_a_list_asks_the_same_number_of_questions_whatever_its_length(
    security, admin, city, education, where
):
    where = where.replace("/1/", f"/{admin.pk}/")

    def questions():
        with CaptureQueriesContext(connection) as asked:
            found = security.get(f"{where}?limit=200")
        assert found.status_code == 200
        return len(asked), len(found.json()["items"])

    def more(count):
        for _ in range(count):
            user = make_user(Role.OFFICE_CLERK, jurisdiction=city, charge=[education])
            make_token(user)
            make_token(admin)
            number = user.pk * 1000
            make_unit(city, education, f"单位{number}", number)
            security.post(f"/users/{admin.pk}/end-sessions", None)

    more(3)
    questions()
    few, some = questions()
    more(57)
    many, all_ = questions()

    assert many == few <= 12
    assert all_ >= some + 57
