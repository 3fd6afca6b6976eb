"""Accounts: opened, helped, closed; passwords remembered; signing in on record."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from kaohe.core.access import Role
from kaohe.core.passwords import problems_of
from kaohe.journal.models import JournalEntry
from kaohe.journal.queries import entries_of, tell
from kaohe.organization import lockout
from kaohe.organization.models import PastPassword, User
from kaohe.organization.queries.access import RoleMissing
from kaohe.organization.queries.accounts import password_days_left, password_is_due, public_face
from kaohe.organization.queries.users import minutes_locked
from kaohe.organization.services import accounts, signins
from kaohe.organization.services.writing import Changed
from tests.fixtures.people import PASSWORD, make_jurisdiction

NEW = "Xin-2026-mima"


@pytest.fixture
def guard(person):
    return person(Role.SEC_ADMIN)


@pytest.fixture
def clerk(person):
    return person(Role.OFFICE_CLERK)


def told_of(user):
    return list(tell(entries_of([user.subject])))


def with_session(user):
    store = SessionStore()
    store["_auth_user_id"] = str(user.pk)
    store["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
    store["_auth_user_hash"] = user.get_session_auth_hash()
    store.save()
    return UserSession.objects.create(
        user=user, session_key=store.session_key, ip="127.0.0.1", user_agent="test"
    )


def test_an_account_is_opened_with_a_first_password_and_an_entry_without_names(guard, city):
    row, password = accounts.open_account(
        by=guard, username="zhangsan", name="张三", phone="13900000000", jurisdiction=city
    )

    assert row.check_password(password)
    assert row.must_change_password
    assert password_is_due(row)
    [entry] = JournalEntry.objects.filter(subject=row.subject)
    assert entry.action == "user.opened"
    for text in ("张三", "zhangsan", "13900000000", password):
        assert text not in entry.leaf
    [told] = told_of(row)
    assert told.sealed == {"username": "zhangsan", "name": "张三", "phone": "13900000000"}


def test_a_first_password_keeps_the_rules_and_none_is_like_another():
    found = {accounts.initial_password() for _ in range(50)}

    assert len(found) == 50
    assert [text for text in found if problems_of(text)] == []
    assert all(re.fullmatch(r"\w{4}-\w{4}-\w{4}", text) for text in found)


@pytest.mark.parametrize("username", ["a", "zhang san", "-zhang", "=1+1", "a" * 61, "张/三", ""])
def test_a_user_name_that_cannot_be_typed_is_refused(guard, username):
    with pytest.raises(accounts.UserNameUnfit):
        accounts.open_account(by=guard, username=username, name="张三")


@pytest.mark.parametrize("username", ["zhangsan", "13900000000", "zs@example", "张三", "䶮𠀀"])
def test_a_user_name_may_be_a_number_an_address_or_chinese(guard, username):
    assert accounts.open_account(by=guard, username=username, name="张三").user.username == username


def test_two_accounts_do_not_share_a_name_whatever_its_case(guard):
    accounts.open_account(by=guard, username="ZhangSan", name="张三")

    with pytest.raises(accounts.UserNameTaken):
        accounts.open_account(by=guard, username=" zhangsan ", name="李四")


def test_a_name_written_wide_is_the_same_name(guard, clerk):
    row = accounts.open_account(by=guard, username="ｐｕｐｐｅｔ１", name="张三").user
    assert row.username == "puppet1"

    for username in ("puppet1", "ｐuppet1", "PUPPET１"):
        with pytest.raises(accounts.UserNameTaken):
            accounts.open_account(by=guard, username=username, name="李四")
    with pytest.raises(accounts.UserNameTaken):
        accounts.correct_account(by=guard, user=clerk, seen=1, username="ｐuppet1")


def test_a_correction_keeps_what_was_and_one_that_changes_nothing_is_no_entry(guard, clerk):
    accounts.correct_account(by=guard, user=clerk, seen=1, name="李四", username="lisi")
    accounts.correct_account(by=guard, user=clerk, seen=2, name="李四")

    [told] = told_of(clerk)
    assert told.action == "user.corrected"
    assert told.sealed["name"] == "李四"
    assert told.sealed["was.name"] == clerk.name


def test_who_saw_an_older_version_is_told(guard, clerk):
    accounts.correct_account(by=guard, user=clerk, seen=1, name="李四")

    with pytest.raises(Changed):
        accounts.close_account(by=guard, user=clerk, seen=1, reason="调离")


def test_closing_ends_sessions_and_reopening_gives_a_new_password(guard, clerk):
    session = with_session(clerk)

    accounts.close_account(by=guard, user=clerk, seen=1, reason="调离")

    assert not SessionStore().exists(session.session_key)
    assert not User.objects.get(pk=clerk.pk).is_active
    with pytest.raises(accounts.AccountIsClosed):
        accounts.reset_password(by=guard, user=clerk, seen=2)
    row, password = accounts.reopen_account(by=guard, user=clerk, seen=2, reason="返岗")
    assert row.is_active
    assert row.check_password(password)
    assert not row.check_password(PASSWORD)
    assert [each.action for each in told_of(clerk)] == ["user.reopened", "user.closed"]
    with pytest.raises(accounts.AccountIsOpen):
        accounts.reopen_account(by=guard, user=clerk, seen=3, reason="")


def test_a_reset_password_lifts_the_lock_and_ends_sessions(guard, clerk):
    session = with_session(clerk)
    lock(clerk)

    row, password = accounts.reset_password(by=guard, user=clerk, seen=1)

    assert row.check_password(password)
    assert row.must_change_password
    assert minutes_locked(clerk) == 0
    assert not SessionStore().exists(session.session_key)
    [told] = told_of(clerk)
    assert told.action == "user.password-reset"
    assert password not in JournalEntry.objects.get(pk=told.number).leaf


def lock(user):
    key = lockout.key_of(user, user.username)
    for number in range(1, lockout.FAILURES + 1):
        assert lockout.begin(key) == number
        lockout.fail(key, number)


def test_a_lock_holds_half_an_hour_and_can_be_lifted(guard, clerk):
    lock(clerk)

    assert lockout.begin(lockout.key_of(clerk, "")) == 0
    assert 29 <= minutes_locked(clerk) <= 30
    accounts.unlock_account(by=guard, user=clerk)
    assert minutes_locked(clerk) == 0
    assert lockout.begin(lockout.key_of(clerk, "")) == 1
    assert [each.action for each in told_of(clerk)] == ["user.unlocked"]


def test_a_hundred_tries_at_once_are_five(clerk):
    key = lockout.key_of(clerk, "")

    assert [lockout.begin(key) for _ in range(100)] == [1, 2, 3, 4, 5] + [0] * 95


def test_names_that_do_not_exist_are_locked_alike():
    key = lockout.key_of(None, "Niemand")

    assert key == lockout.key_of(None, " niemand ")
    assert key != lockout.key_of(None, "jemand")


def test_lost_factors_are_taken_away(guard, clerk):
    Authenticator.objects.create(user=clerk, type="totp", data={})
    Authenticator.objects.create(user=clerk, type="recovery_codes", data={})

    accounts.reset_second_factor(by=guard, user=clerk, seen=1)

    assert not Authenticator.objects.filter(user=clerk).exists()
    [told] = told_of(clerk)
    assert told.facts["factors"] == ["recovery_codes", "totp"]


def test_sessions_are_ended_by_the_security_administrator(guard, clerk):
    with_session(clerk)
    with_session(clerk)

    accounts.end_sessions(by=guard, user=clerk)

    assert not UserSession.objects.exists()
    [told] = told_of(clerk)
    assert (told.action, told.facts["count"]) == ("user.sessions-ended", 2)


@pytest.mark.parametrize("deed", ["close_account", "reset_password", "reset_second_factor"])
def test_nobody_administers_their_own_account(guard, deed):
    extra = {"reason": "x"} if deed == "close_account" else {}

    with pytest.raises(accounts.OwnAccount):
        getattr(accounts, deed)(by=guard, user=guard, seen=1, **extra)
    with pytest.raises(accounts.OwnAccount):
        accounts.unlock_account(by=guard, user=guard)


@pytest.mark.parametrize("role", [Role.SYS_ADMIN, Role.AUDIT_ADMIN, Role.OFFICE_HEAD])
def test_others_may_not(person, clerk, city, role):
    other = person(role)
    deeds = [
        lambda: accounts.open_account(by=other, username="x1", name="x", jurisdiction=city),
        lambda: accounts.correct_account(by=other, user=clerk, seen=1, name="x"),
        lambda: accounts.close_account(by=other, user=clerk, seen=1, reason="x"),
        lambda: accounts.reopen_account(by=other, user=clerk, seen=1, reason="x"),
        lambda: accounts.reset_password(by=other, user=clerk, seen=1),
        lambda: accounts.reset_second_factor(by=other, user=clerk, seen=1),
        lambda: accounts.unlock_account(by=other, user=clerk),
        lambda: accounts.end_sessions(by=other, user=clerk),
        lambda: signins.link_identity(by=other, user=clerk, provider="sso", uid="1"),
        lambda: signins.unlink_identity(by=other, user=clerk, provider="sso"),
    ]

    for deed in deeds:
        with pytest.raises(RoleMissing):
            deed()
    assert not JournalEntry.objects.exists()


def test_a_password_is_changed_with_an_entry_that_tells_nothing_of_it(clerk):
    accounts.change_password(by=clerk, old=PASSWORD, new=NEW)

    row = User.objects.get(pk=clerk.pk)
    assert row.check_password(NEW)
    assert not row.must_change_password
    assert password_days_left(row) == 90
    [entry] = JournalEntry.objects.all()
    assert entry.action == "user.password-changed"
    assert NEW not in entry.leaf
    assert PASSWORD not in entry.leaf


def test_a_wrong_present_password_changes_nothing(clerk):
    with pytest.raises(accounts.WrongPassword):
        accounts.change_password(by=clerk, old="falsch", new=NEW)

    assert User.objects.get(pk=clerk.pk).check_password(PASSWORD)


def test_two_changes_at_once_are_not_both_made(clerk, monkeypatch):
    def slow(password):
        User.objects.filter(pk=clerk.pk).update(version=9)  # the other one was faster
        return "x"

    monkeypatch.setattr(accounts, "make_password", slow)

    with pytest.raises(Changed):
        accounts.change_password(by=clerk, old=PASSWORD, new=NEW)


@pytest.mark.parametrize(
    ("new", "code"),
    [("kurz", "too-short"), ("nurbuchstaben", "too-plain"), (PASSWORD, "used-before")],
)
def test_an_unfit_password_says_everything_that_is_wrong(clerk, new, code):
    with pytest.raises(accounts.PasswordUnfit) as refused:
        accounts.change_password(by=clerk, old=PASSWORD, new=new)

    assert code in [fault.code for fault in refused.value.facts["faults"]]
    assert new not in refused.value.say()


def test_the_last_five_passwords_do_not_come_back_and_the_sixth_may(clerk):
    used = [PASSWORD]
    for number in range(5):
        used.append(f"Mima-{number}-2026-x")
        accounts.change_password(by=clerk, old=used[-2], new=used[-1])

    for old in used[1:]:
        with pytest.raises(accounts.PasswordUnfit):
            accounts.change_password(by=clerk, old=used[-1], new=old)
    accounts.change_password(by=clerk, old=used[-1], new=PASSWORD)
    assert PastPassword.objects.filter(user=clerk).count() == 5


@pytest.mark.parametrize(("days", "due"), [(0, False), (89, False), (90, True), (400, True)])
def test_a_password_is_due_from_its_ninetieth_day(clerk, days, due):
    clerk.password_set_at = timezone.now() - timedelta(days=days)

    assert password_is_due(clerk) is due


def test_who_signs_on_elsewhere_owes_no_password(clerk):
    clerk.set_unusable_password()
    clerk.must_change_password = True

    assert not password_is_due(clerk)
    assert password_days_left(clerk) is None


def test_signing_in_and_out_is_on_record_with_the_address_sealed(clerk):
    signins.note_sign_in(by=clerk, method="password", failed_before=2, address="10.1.2.3")
    signins.note_sign_out(by=clerk, cause="own")

    out, into = told_of(clerk)
    assert (into.action, out.action) == ("user.signed-in", "user.signed-out")
    assert into.facts == {"method": "password"}
    assert into.sealed == {"failed_before": "2", "address": "10.1.2.3"}
    assert into.actor == clerk.pseudonym
    assert "10.1.2.3" not in JournalEntry.objects.get(pk=into.number).leaf


def test_only_known_deeds_of_ones_own_are_noted(clerk):
    with pytest.raises(ValueError, match="closed"):
        signins.note_own_deed(by=clerk, action="user.closed")


def test_an_identity_belongs_to_one_account_and_an_account_has_one(guard, clerk, person):
    other = person(Role.OFFICE_CHIEF)
    signins.link_identity(by=guard, user=clerk, provider="sso", uid="sub-1")

    with pytest.raises(signins.IdentityTaken):
        signins.link_identity(by=guard, user=other, provider="sso", uid="sub-1")
    with pytest.raises(signins.IdentityTaken):
        signins.link_identity(by=guard, user=clerk, provider="sso", uid="sub-2")
    signins.unlink_identity(by=guard, user=clerk, provider="sso")
    signins.link_identity(by=guard, user=other, provider="sso", uid="sub-1")
    assert [each.action for each in told_of(clerk)] == [
        "user.identity-unlinked",
        "user.identity-linked",
    ]


def test_the_public_face_names_one_place_or_none(city):
    assert public_face().place == "示例市"
    make_jurisdiction("370698", "邻市")
    assert public_face().place == ""
