"""How accounts are guarded: the page of the rules, locked accounts, factors, and the roles held."""

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaohe.core.access import ADMINISTRATORS, Role
from kaohe.organization import lockout
from kaohe.organization.models import RoleAssignment
from kaohe.organization.queries.users import assignments_seen, unguarded_administrators, vacancies
from kaohe.web.accounts.browsers import called
from tests.fixtures.people import make_department, make_jurisdiction, make_user

POLICY = "/users/policy"


@pytest.fixture
def guard(person):
    return person(Role.SEC_ADMIN, jurisdiction=None)


@pytest.fixture
def office(guard, signed_in):
    return signed_in(guard)


def page_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def lock(user):
    key = lockout.key_of(user, "")
    for number in range(1, lockout.FAILURES + 1):
        lockout.begin(key)
        lockout.fail(key, number)


def test_the_rules_are_those_that_are_carried_out(office, settings):
    settings.IDLE_SECONDS, settings.IDLE_SECONDS_OF_ADMINISTRATORS = 25 * 60, 7 * 60

    page = page_of(office, POLICY)

    for text in ("10 至 128 个字符", "90 天", "锁定 30 分钟", "25 分钟", "7 分钟", "12 小时"):
        assert text in page
    assert "演示环境" not in page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_locked_accounts_are_listed_with_their_way_out(office, person, language):
    locked, free = person(Role.OFFICE_CLERK), person(Role.OFFICE_CLERK)
    lock(locked)

    page = office.get(POLICY, headers={"accept-language": language}).content.decode()

    assert f"/users/{locked.pk}/unlock" in page
    assert free.username not in page
    office.post(f"/users/{locked.pk}/unlock", {"seen": 1})
    assert locked.username not in page_of(office, POLICY)


def test_whether_accounts_are_locked_is_asked_for_many_at_once(office, city):
    def count():
        with CaptureQueriesContext(connection) as queries:
            page_of(office, POLICY)
        return len(queries)

    page_of(office, POLICY)
    few = count()
    for number in range(30):
        make_user(Role.DATA_PROVIDER, jurisdiction=city, username=f"many{number}")

    assert count() == few


def test_administrators_without_a_second_factor_are_counted_and_named(office, guard, person):
    assert "未启用双因素认证的 " not in page_of(office, "/users/")
    bare = person(Role.AUDIT_ADMIN)
    Authenticator.objects.filter(user=bare).delete()
    person(Role.OFFICE_CLERK)  # needs none

    assert list(unguarded_administrators()) == [bare]
    assert "管理员中未启用双因素认证的 1 人" in page_of(office, "/users/")
    listed = page_of(office, "/users/?state=bare")
    assert f"/users/{bare.pk}" in listed
    assert f"/users/{guard.pk}" not in listed
    assert "/users/?state=bare" in page_of(office, "/")


def test_whoever_is_an_administrator_no_more_needs_no_second_factor(person, guard):
    former = person(Role.AUDIT_ADMIN)
    Authenticator.objects.filter(user=former).delete()
    RoleAssignment.objects.filter(user=former).update(to_on="2020-02-01")

    assert not unguarded_administrators().exists()


def test_a_demonstration_says_that_it_lets_administrators_in_without(client, office, settings):
    settings.DEMO = True
    for address in ("/account/", "/account/2fa/", POLICY):
        assert "演示环境暂免" in page_of(office, address), address
    client.logout()
    assert "演示环境暂免" in page_of(client, "/account/login/")

    settings.DEMO = False
    assert "演示环境" not in page_of(client, "/account/login/")


def test_roles_stand_by_their_rank(office, person):
    for role in (Role.UNIT_CLERK, Role.COMMITTEE_DIRECTOR, Role.DEPT_HEAD, Role.OFFICE_HEAD):
        person(role)

    table = office.get("/users/roles/").context["table"]

    shown = [Role(row.record.role) for row in table.rows]
    assert shown == sorted(shown, key=list(Role).index)
    turned = office.get("/users/roles/?sort=-role").context["table"]
    assert [Role(row.record.role) for row in turned.rows] == shown[::-1]


def test_what_nobody_holds_is_told_place_by_place(office, guard, city, other_city):
    for role in set(Role) - ADMINISTRATORS - {Role.PROVINCE_READER}:
        make_user(role, jurisdiction=city, username=f"of-{role}")

    found = {each.place: each.roles for each in vacancies(guard, assignments_seen(guard))}

    assert found[""] == [Role.SYS_ADMIN, Role.AUDIT_ADMIN]
    assert found[city.name] == []
    assert set(found[other_city.name]) == set(Role) - ADMINISTRATORS - {Role.PROVINCE_READER}
    page = page_of(office, "/users/roles/")
    assert page.count("各角色均有人担任。") == 1


def test_a_province_is_asked_for_its_readers_and_for_more_once_it_has_departments(guard, db):
    province = make_jurisdiction("379900", "示例省")
    make_jurisdiction("379901", "甲市", parent=province)

    def lacking():
        return {each.place: each.roles for each in vacancies(guard, [])}[province.name]

    assert lacking() == [Role.PROVINCE_READER]
    make_department(province, "省教育厅")
    assert Role.OFFICE_HEAD in lacking()


def test_granting_begins_with_nothing_chosen_but_the_own_place(office, person, city, other_city):
    page = page_of(office, f"/users/{person().pk}/grant")

    assert '<option value="" selected>请选择</option>' in page
    assert f'<option value="{city.pk}" selected>' in page
    assert "disabled" not in page


def test_the_only_place_is_chosen_already(office, person, city):
    page = page_of(office, f"/users/{person(jurisdiction=None).pk}/grant")

    assert f'<option value="{city.pk}" selected>' in page
    assert "尚无账号的单位 0 家" in page_of(office, "/users/units")


def test_with_several_places_one_must_be_chosen(office, city, other_city):
    page = page_of(office, "/users/units")

    assert "请选择地区" in page
    assert "---" not in page


@pytest.mark.parametrize(
    ("held", "shut", "free"),
    [
        (Role.OFFICE_CLERK, Role.SYS_ADMIN, Role.LEDGER_KEEPER),
        (Role.AUDIT_ADMIN, Role.OFFICE_CLERK, Role.AUDIT_ADMIN),
    ],
)
def test_what_cannot_be_joined_cannot_be_chosen(office, person, held, shut, free):
    page = page_of(office, f"/users/{person(held).pk}/grant")

    assert f'<option value="{shut}" disabled>' in page
    assert f'<option value="{free}">' in page
    assert "三员分立" in page


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
            " HeadlessChrome/131.0.0.0 Safari/537.36",
            "Chromium 131 · Linux",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
            " Chrome/120.0.0.0 Safari/537.36 Edg/120.0.2210.91",
            "Edge 120 · Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15"
            " (KHTML, like Gecko) Version/17.1 Mobile/15E148 Safari/604.1",
            "Safari 17 · iOS",
        ),
        ("Mozilla/5.0 (Windows NT 10.0; rv:11.0) Trident/7.0; rv:11.0", "Internet Explorer 11"),
        ("curl/8.5.0", ""),
        ("", ""),
    ],
)
def test_a_browser_is_called_by_its_name(agent, said):
    assert called(agent).startswith(said)
    assert bool(called(agent)) == bool(said)
