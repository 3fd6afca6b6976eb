"""Accounts, roles, sign-ins and the installation itself."""

from datetime import date
from functools import partial

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from kaohe.core.access import Role
from kaohe.organization.models import RoleAssignment, User
from kaohe.organization.services import accounts, installation, roles, signins
from tests.fixtures.people import PASSWORD
from tests.record.cases import leaves

DAY = date(2026, 3, 5)


def about_clerk(service, **given):
    """A case of the security administrator and somebody else's account."""

    def prepare(city):
        return partial(service, by=city.security, user=city.clerk, **given)

    return prepare


def session_of(user):
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return UserSession.objects.create(user=user, session_key=store.session_key, ip="127.0.0.1")


leaves("accounts.correct_account", "user.corrected")(
    about_clerk(accounts.correct_account, seen=1, phone="0535-0000000")
)
leaves("accounts.close_account", "user.closed")(
    about_clerk(accounts.close_account, seen=1, reason="退休")
)
leaves("accounts.reset_password", "user.password-reset")(
    about_clerk(accounts.reset_password, seen=1)
)
leaves("accounts.unlock_account", "user.unlocked")(about_clerk(accounts.unlock_account))
leaves("accounts.end_sessions", "user.sessions-ended")(about_clerk(accounts.end_sessions))
leaves("signins.link_identity", "user.identity-linked")(
    about_clerk(signins.link_identity, provider="sso", uid="u-1")
)


@leaves("accounts.open_account", "user.opened")
def _(city):
    return partial(
        accounts.open_account,
        by=city.security,
        username="li-min",
        name="李某某",
        jurisdiction=city.place,
    )


@leaves("accounts.reopen_account", "user.reopened")
def _(city):
    User.objects.filter(pk=city.clerk.pk).update(is_active=False)
    return partial(
        accounts.reopen_account, by=city.security, user=city.clerk, seen=1, reason="返聘"
    )


@leaves("accounts.reset_second_factor", "user.second-factor-reset")
def _(city):
    Authenticator.objects.create(user=city.clerk, type="totp", data={"secret": "x"})
    return partial(accounts.reset_second_factor, by=city.security, user=city.clerk, seen=1)


@leaves("accounts.change_password", "user.password-changed")
def _(city):
    return partial(accounts.change_password, by=city.clerk, old=PASSWORD, new="Xin-mima-2026-ok")


@leaves("roles.grant_role", "role.granted")
def _(city):
    return partial(
        roles.grant_role,
        by=city.security,
        user=city.person(),
        role=Role.OFFICE_CLERK,
        jurisdiction=city.place,
        charge=[city.education],
        from_on=DAY,
    )


@leaves("roles.end_role", "role.ended")
def _(city):
    row = RoleAssignment.objects.get(user=city.clerk)
    return partial(
        roles.end_role, by=city.security, assignment=row, seen=1, on=date(2099, 1, 1), reason="调离"
    )


@leaves("roles.open_unit_accounts", *["user.opened", "role.granted"] * 2)
def _(city):
    for unit in (city.school, city.second_school):
        assert unit.code
    return partial(roles.open_unit_accounts, by=city.security, jurisdiction=city.place)


@leaves("signins.note_sign_in", "user.signed-in")
def _(city):
    return partial(
        signins.note_sign_in, by=city.clerk, method="password", failed_before=2, address="10.0.0.1"
    )


@leaves("signins.note_sign_out", "user.signed-out")
def _(city):
    return partial(signins.note_sign_out, by=city.clerk, cause="own")


@leaves("signins.note_own_deed", "user.code-added")
def _(city):
    return partial(signins.note_own_deed, by=city.clerk, action="user.code-added")


@leaves("signins.end_own_sessions", "user.sessions-ended")
def _(city):
    here, _ = session_of(city.clerk), session_of(city.clerk)
    return partial(signins.end_own_sessions, by=city.clerk, keep=here.session_key)


@leaves("signins.end_own_session", "user.sessions-ended")
def _(city):
    here, other = session_of(city.clerk), session_of(city.clerk)
    return partial(signins.end_own_session, by=city.clerk, number=other.pk, keep=here.session_key)


@leaves("signins.unlink_identity", "user.identity-unlinked")
def _(city):
    SocialAccount.objects.create(user=city.clerk, provider="sso", uid="u-1")
    return partial(signins.unlink_identity, by=city.security, user=city.clerk, provider="sso")


@leaves("installation.enter_jurisdiction", "jurisdiction.entered")
def _(city):
    return partial(
        installation.enter_jurisdiction, by=city.system, code="370600", name="示例地级市"
    )


@leaves("installation.correct_jurisdiction", "jurisdiction.corrected")
def _(city):
    return partial(
        installation.correct_jurisdiction,
        by=city.system,
        jurisdiction=city.place,
        seen=1,
        name="示例县级市",
    )
