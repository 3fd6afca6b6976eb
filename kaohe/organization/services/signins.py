"""Signing in and out, and one's own second factors, on record.

A failed try is not an entry of its own: it is counted, the count stands in the entry of the next
sign-in, and the fifth locks the account, which is an entry.  Who tries names that do not exist
leaves nothing in the record, which is never shortened.
"""

from collections.abc import Mapping

from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction
from django.utils import timezone

from kaohe.core.access import Verb
from kaohe.core.errors import Conflict
from kaohe.core.leaf import Event, Fact
from kaohe.core.texts import clean
from kaohe.organization.models import User
from kaohe.organization.queries.access import require
from kaohe.organization.services.accounts import AccountIsClosed, end_all_sessions
from kaohe.organization.services.writing import code_of, record, taken

OWN_DEEDS = frozenset(
    {
        "user.code-added",
        "user.code-removed",
        "user.key-added",
        "user.key-removed",
        "user.recovery-codes-made",
    }
)


SIGN_ON = "sso"  # the sign-on system, as allauth knows it


class IdentityTaken(Conflict):
    """An identity of the sign-on system belongs to one account, and an account has one."""

    code = "user.identity-taken"
    sentence = (
        "This identity of the sign-on system, or this account, is linked already. Remove the other"
        " link first."
    )
    field = "uid"


@transaction.atomic
def note_sign_in(
    *, by: User, method: str, factor: str = "", failed_before: int = 0, address: str = ""
) -> None:
    """Put a sign-in on record.

    Args:
        method: "password" or "sign-on".
        factor: the second factor that was shown, if any.
        failed_before: how many tries failed since the sign-in before; sealed: it would tell an
            attacker how far he came.
        address: where it came from; sealed.
    """
    facts: dict[str, Fact] = {"method": method}
    if factor:
        facts["factor"] = factor
    texts = {"failed_before": str(failed_before or ""), "address": address}
    _note("user.signed-in", by, by, facts, {name: text for name, text in texts.items() if text})


@transaction.atomic
def note_sign_out(*, by: User, cause: str) -> None:
    """Put a sign-out on record; ``cause``: "own" or "idle"."""
    _note("user.signed-out", by, by, {"cause": cause})


@transaction.atomic
def note_lock(*, user: User, address: str) -> None:
    """Put on record that an account is locked; nobody in particular did it."""
    _note("user.locked", user, None, {}, {"address": address} if address else {})


@transaction.atomic
def note_own_deed(*, by: User, action: str) -> None:
    """Put on record what somebody changed about their own second factors.

    Raises:
        ValueError: ``action`` is none of ``OWN_DEEDS``.
    """
    if action not in OWN_DEEDS:
        raise ValueError(action)
    _note(action, by, by, {})


@transaction.atomic
def end_own_sessions(*, by: User, keep: str) -> int:
    """Sign oneself out everywhere but here; how many sessions ended."""
    row = taken(User, by.pk, None)
    count = end_all_sessions(row, keep=keep)
    if count:
        _note("user.sessions-ended", row, by, {"count": count})
    return count


@transaction.atomic
def end_own_session(*, by: User, number: int, keep: str) -> bool:
    """End one of one's own sessions, but not the one in use; whether there was such a one."""
    row = taken(User, by.pk, None)
    count = end_all_sessions(row, keep=keep, number=number)
    if count:
        _note("user.sessions-ended", row, by, {"count": count})
    return bool(count)


@transaction.atomic
def link_identity(*, by: User, user: User, provider: str, uid: str) -> None:
    """Link an account with an identity of the sign-on system.

    Raises:
        RoleMissing: ``by`` is neither the security administrator nor the account itself.
        AccountIsClosed: the account is closed.
        IdentityTaken: the identity or the account is linked already.
    """
    if by.pk != user.pk:
        require(by, Verb.USER_MANAGE, user)
    row = taken(User, user.pk, None)
    if not row.is_active:
        raise AccountIsClosed
    if SocialAccount.objects.filter(user=row, provider=provider).exists():
        raise IdentityTaken
    try:
        with transaction.atomic():
            SocialAccount.objects.create(user=row, provider=provider, uid=clean(uid))
    except IntegrityError as taken_already:
        raise IdentityTaken from taken_already
    _note("user.identity-linked", row, by, {"provider": provider}, {"uid": clean(uid)})


@transaction.atomic
def unlink_identity(*, by: User, user: User, provider: str) -> None:
    """Remove the link between an account and the sign-on system, and end its sessions.

    Raises:
        RoleMissing: ``by`` may not.
    """
    require(by, Verb.USER_MANAGE, user)
    row = taken(User, user.pk, None)
    count, _ = SocialAccount.objects.filter(user=row, provider=provider).delete()
    if count:
        end_all_sessions(row)
        _note("user.identity-unlinked", row, by, {"provider": provider})


def touch_session(key: str) -> None:
    """Note that a session is in use; the gate does so once in a while, and it is no entry."""
    UserSession.objects.filter(session_key=key).update(last_seen_at=timezone.now())


def _note(
    action: str,
    user: User,
    by: User | None,
    facts: Mapping[str, Fact],
    sealed: Mapping[str, str] | None = None,
) -> None:
    record(Event(action, user.subject, code_of(user), facts=facts, sealed=sealed or {}), by=by)
