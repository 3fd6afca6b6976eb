"""Pages of users and roles, for the security administrator."""

import io
import re
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kaohe.core.access import Role
from kaohe.journal.models import JournalEntry
from kaohe.organization import lockout
from kaohe.organization.models import RoleAssignment, User
from kaohe.organization.services import accounts
from tests.fixtures.people import PASSWORD, make_department, make_user

PASSWORD_SHOWN = re.compile(r'<dd class="code b">([\w-]{14})</dd>')


@pytest.fixture
def guard(person):
    return person(Role.SEC_ADMIN, jurisdiction=None)


@pytest.fixture
def office(guard, signed_in):
    return signed_in(guard)


@pytest.fixture
def clerk(person):
    return person(Role.OFFICE_CLERK, username="liky")


def html(answer):
    return answer.content.decode()


def rows_of(answer):
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return list(book.worksheets[0].iter_rows(values_only=True))


def test_an_account_is_opened_and_its_password_shown_once(office, city):
    sent = {"username": "zhangsan", "name": "张三", "jurisdiction": city.pk, "once_key": "k"}

    shown = office.post("/users/new", sent)

    [password] = PASSWORD_SHOWN.findall(html(shown))
    user = User.objects.get(username="zhangsan")
    assert user.check_password(password)
    assert shown["Cache-Control"] == "no-store, private"
    again = office.post("/users/new", sent)
    assert again["Location"] == f"/users/{user.pk}"
    assert User.objects.filter(username="zhangsan").count() == 1
    assert password not in html(office.get(f"/users/{user.pk}"))


def test_a_taken_name_is_said_on_the_form(office, clerk):
    answer = office.post("/users/new", {"username": "LIKY", "name": "x"})

    assert answer.status_code == 422
    assert "已存在" in html(answer)


def test_the_list_filters_shows_states_and_is_a_workbook(office, clerk, guard):
    accounts.close_account(by=guard, user=clerk, seen=1, reason="x")
    locked = make_user(Role.OFFICE_HEAD, username="lockee")
    key = lockout.key_of(locked, "")
    for number in range(1, 6):
        lockout.begin(key)
        lockout.fail(key, number)

    page = html(office.get("/users/"))
    assert "已锁定" in page
    assert "已停用" in page
    assert "liky" not in html(office.get("/users/?state=open"))
    assert "lockee" not in html(office.get("/users/?role=office_clerk"))
    rows = rows_of(office.get("/users/?export=xlsx"))
    assert {row[0] for row in rows[1:]} == {"liky", "lockee", guard.username}
    assert {row[-1] for row in rows[1:]} == {"已停用", "已锁定", "启用"}


def test_the_number_of_queries_does_not_grow_with_the_list(office, city, education):
    def count(address):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert office.get(address).status_code == 200
        return len(queries)

    for address in ("/users/", "/users/roles/", "/users/?export=xlsx", "/users/roles/?export=xlsx"):
        office.get(address)
        few = count(address)
        for number in range(20):
            make_user(
                Role.OFFICE_CLERK,
                Role.DEPT_CLERK,
                jurisdiction=city,
                department=education,
                username=f"u{len(address)}-{number}-{address[-5:-1]}",
                charge=[education],
            )
        assert count(address) == few, address


def test_the_number_of_queries_does_not_grow_with_an_account(office, clerk, education):
    def count(address):
        with CaptureQueriesContext(connection) as queries:
            assert office.get(address).status_code == 200
        return len(queries)

    address = f"/users/{clerk.pk}"
    Client().post("/account/login/", {"login": "liky", "password": PASSWORD})
    office.get(address)
    few = count(address)
    for year in range(2000, 2020):
        row = RoleAssignment.objects.create(
            user=clerk, role="office_clerk", from_on=f"{year}-01-01", to_on=f"{year}-12-31"
        )
        row.charge.add(education)
        Client().post("/account/login/", {"login": "liky", "password": PASSWORD})

    assert count(address) == few


def test_a_page_tells_who_which_roles_and_what_was_done(office, clerk, guard):
    accounts.reset_password(by=guard, user=clerk, seen=1)

    page = html(office.get(f"/users/{clerk.pk}"))

    for text in ("liky", "事考办", "重置密码", "下次登录须修改", "k-trace", guard.name):
        assert text in page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "part", ["", "/correct", "/close", "/password", "/factor", "/unlock", "/sessions", "/grant"]
)
def test_every_page_about_an_account_opens(office, clerk, part, language):
    answer = office.get(f"/users/{clerk.pk}{part}", headers={"accept-language": language})

    assert answer.status_code == 200
    assert clerk.name in html(answer)


def test_an_account_is_closed_and_reopened_with_reasons(office, clerk):
    office.post(f"/users/{clerk.pk}/close", {"reason": "调离", "seen": 1})
    assert not User.objects.get(pk=clerk.pk).is_active

    shown = office.post(f"/users/{clerk.pk}/reopen", {"reason": "返岗", "seen": 2})

    [password] = PASSWORD_SHOWN.findall(html(shown))
    assert User.objects.get(pk=clerk.pk).check_password(password)


def test_a_stale_form_changes_nothing(office, clerk):
    answer = office.post(f"/users/{clerk.pk}/close", {"reason": "x", "seen": 0})

    assert answer.status_code == 422
    assert User.objects.get(pk=clerk.pk).is_active


def test_a_reset_password_works_at_the_door_and_must_be_changed(office, clerk):
    shown = office.post(f"/users/{clerk.pk}/password", {"seen": 1})
    [password] = PASSWORD_SHOWN.findall(html(shown))
    browser = Client()

    browser.post("/account/login/", {"login": "liky", "password": password})

    assert browser.get("/")["Location"] == "/account/password/"


def test_a_lock_is_lifted_by_the_page(office, clerk):
    browser = Client()
    for _ in range(5):
        browser.post("/account/login/", {"login": "liky", "password": "falsch"})

    assert "解除锁定" in html(office.get(f"/users/{clerk.pk}"))
    office.post(f"/users/{clerk.pk}/unlock")

    given = {"login": "liky", "password": PASSWORD}
    assert browser.post("/account/login/", given).status_code == 302


def test_ones_own_sessions_end_on_the_page_that_keeps_this_one(office, guard):
    for answer in (
        office.get(f"/users/{guard.pk}/sessions"),
        office.post(f"/users/{guard.pk}/sessions"),
    ):
        assert answer["Location"] == "/account/sessions/"
    assert office.get("/users/").status_code == 200


def test_sessions_are_ended_from_afar(office, clerk):
    browser = Client()
    browser.post("/account/login/", {"login": "liky", "password": PASSWORD})

    office.post(f"/users/{clerk.pk}/sessions")

    assert browser.get("/account/").status_code == 302


def test_ones_own_account_offers_none_of_this(office, guard):
    page = html(office.get(f"/users/{guard.pk}"))

    for part in ("close", "password", "factor", "grant"):
        assert f"/users/{guard.pk}/{part}" not in page
    assert "/end" not in page
    answer = office.post(f"/users/{guard.pk}/close", {"reason": "x", "seen": 1})
    assert answer.status_code == 422


def test_a_role_is_granted_in_two_steps(office, city, education, health, clerk):
    step = html(office.get(f"/users/{clerk.pk}/grant"))
    assert "office_chief" in step
    address = f"/users/{clerk.pk}/grant?role=dept_clerk&jurisdiction={city.pk}"
    assert education.name in html(office.get(address))

    given = {"department": education.pk, "from_on": f"{timezone.localdate()}", "document": "3号"}
    answer = office.post(address, given)

    assert answer["Location"] == f"/users/{clerk.pk}"
    assert RoleAssignment.objects.get(role="dept_clerk").department == education
    assert office.get(f"/users/{clerk.pk}/grant?role=dept_clerk").status_code == 422
    assert office.get(f"/users/{clerk.pk}/grant?role=nonsense").status_code == 422


def test_a_unit_is_found_by_code_or_full_name(office, city, school, person):
    nobody, today = person(), timezone.localdate()
    address = f"/users/{nobody.pk}/grant?role=unit_clerk&jurisdiction={city.pk}"
    assert school.name in html(office.get(address))

    assert office.post(address, {"unit": "某校", "from_on": today}).status_code == 422
    assert office.post(address, {"unit": school.name, "from_on": today}).status_code == 302
    tomorrow = {"from_on": today - timedelta(9), "to_on": today - timedelta(9)}
    assert office.post(address, {"unit": school.code, **tomorrow}).status_code == 302


def test_a_clerk_is_given_departments_and_ledgers_by_the_form(office, city, education, person):
    nobody = person()
    address = f"/users/{nobody.pk}/grant?role=ledger_keeper&jurisdiction={city.pk}"
    given = {
        "charge": [education.pk],
        "ledgers": ["registration"],
        "from_on": timezone.localdate(),
    }

    assert office.post(address, given).status_code == 302

    page = html(office.get("/users/roles/"))
    assert "登记管理台账" in page
    assert education.name in page
    assert "尚无人担任的角色" in page


def test_a_department_of_another_city_is_no_choice(office, city, other_city, person):
    nobody, foreign = person(), make_department(other_city, "外市某局")
    address = f"/users/{nobody.pk}/grant?role=dept_head&jurisdiction={city.pk}"

    assert foreign.name not in html(office.get(address))
    given = {"department": foreign.pk, "from_on": timezone.localdate()}
    assert office.post(address, given).status_code == 422


def test_two_administrators_in_one_are_refused_on_the_form(office, person):
    other = person(Role.AUDIT_ADMIN)

    answer = office.post(
        f"/users/{other.pk}/grant?role=sys_admin", {"from_on": timezone.localdate()}
    )

    assert answer.status_code == 422
    assert "三员分立" in html(answer)


def test_a_role_is_ended_by_its_page(office, clerk):
    row = RoleAssignment.objects.get(user=clerk)
    browser = Client()
    browser.force_login(clerk)
    assert browser.get("/organization/departments/").status_code == 200

    given = {"on": timezone.localdate(), "reason": "调离", "seen": 1}
    assert office.post(f"/users/roles/{row.pk}/end", given).status_code == 302

    assert browser.get("/organization/departments/").status_code == 403


def test_accounts_for_all_units_come_as_one_workbook_once(office, city, school, hospital):
    address = f"/users/units?jurisdiction={city.pk}"
    assert "尚无账号的单位 2 家" in html(office.get(address))

    answer = office.post(address, {"once_key": "k"})

    rows = rows_of(answer)[1:]
    assert {row[3] for row in rows} == {school.code, hospital.code}
    for row in rows:
        assert User.objects.get(username=row[3]).check_password(row[4])
    assert JournalEntry.objects.count() == 4
    assert office.post(address, {"once_key": "k"})["Location"] == "/users/"
    assert "尚无账号的单位 0 家" in html(office.get(address))


def test_the_security_administrator_sees_nothing_of_the_business(office, school, education):
    for address in ("/organization/departments/", f"/organization/departments/{education.pk}"):
        assert office.get(address).status_code == 403


def test_without_a_sign_on_system_there_is_nothing_to_link(office, clerk):
    assert office.get(f"/users/{clerk.pk}/identity").status_code == 404


def test_an_identity_is_linked_and_the_link_removed(office, clerk, settings):
    settings.OIDC_ISSUER = "https://sso.example"

    office.post(f"/users/{clerk.pk}/identity", {"uid": "sub-7"})
    assert "已关联" in html(office.get(f"/users/{clerk.pk}"))
    office.post(f"/users/{clerk.pk}/identity")

    assert "未关联" in html(office.get(f"/users/{clerk.pk}"))


@pytest.mark.parametrize("name", ["O'Neill", "䶮𠀀", "王\u202e小明", "=cmd()", "x" * 61])
def test_strange_names_pass_unharmed_or_are_refused(office, name):
    answer = office.post("/users/new", {"username": "strange", "name": name})

    found = User.objects.filter(username="strange").first()
    if name in ("=cmd()", "x" * 61):
        assert (answer.status_code, found) == (422, None)
    else:
        assert found.name == name.replace("\u202e", "")
