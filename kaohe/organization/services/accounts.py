"""Accounts: opened, corrected, closed and helped by the security administrator, and one's own."""

import re
import secrets
from typing import Any, NamedTuple
from unicodedata import normalize

from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import (
    PBKDF2PasswordHasher,
    check_password,
    get_hasher,
    make_password,
)
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from kaohe.core.access import Target, Verb
from kaohe.core.errors import Conflict, Invalid
from kaohe.core.passwords import REMEMBERED, Fault
from kaohe.core.texts import clean
from kaohe.organization import lockout
from kaohe.organization.models import Jurisdiction, PastPassword, User
from kaohe.organization.queries.access import require
from kaohe.organization.queries.accounts import faults_of_password, find_user
from kaohe.organization.services.tokens import revoke_tokens_of
from kaohe.organization.services.writing import (
    State,
    changed,
    created,
    is_same,
    record,
    save,
    taken,
)

NAME = re.compile(r"\w[\w.@-]{1,59}")
QUICK = 20_000  # rounds
LETTERS, CAPITALS, DIGITS = "abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"


class UserNameTaken(Conflict):
    """Two accounts may not bear one user name, whatever its case."""

    code = "user.name-taken"
    sentence = "There is an account “{username}” already. Choose another user name."
    field = "username"


class UserNameUnfit(Invalid):
    """A user name is typed daily: it has no blanks and no odd signs."""

    code = "user.name-unfit"
    sentence = (
        "“{username}” cannot be a user name. Use 2 to 60 letters, digits, dots, hyphens,"
        " underscores or @, and begin with a letter or digit."
    )
    field = "username"


class OwnAccount(Invalid):
    """Nobody administers their own account."""

    code = "user.own-account"
    sentence = "This is your own account. Another security administrator must do this."


class AccountIsClosed(Conflict):
    """A closed account can only be reopened."""

    code = "user.closed"
    sentence = "The account is closed. Reopen it first."


class AccountIsOpen(Conflict):
    """Only a closed account can be reopened."""

    code = "user.open"
    sentence = "The account is open; there is nothing to reopen."


class WrongPassword(Invalid):
    """Who changes a password must know the present one."""

    code = "user.wrong-password"
    sentence = "This is not your present password. Type it again."
    field = "old"


class PasswordUnfit(Invalid):
    """A password that breaks a rule; everything that is wrong is said at once."""

    code = "user.password-unfit"
    sentence = "The new password will not do: {faults}"
    field = "new"

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults=faults)

    def say(self, translate: Any = str) -> str:
        """The sentence, with each fault in the same language."""
        faults: Any = self.facts["faults"]
        told = translate("; ").join(each.say(translate) for each in faults)
        return str(translate(self.sentence)).format(faults=told)


class Opened(NamedTuple):
    """An account and the password for its first sign-in; the password is nowhere else in clear."""

    user: User
    password: str


def initial_password() -> str:
    """A random password that keeps the rules and can be read aloud: three groups of four."""
    while True:
        text = "".join(secrets.choice(LETTERS + CAPITALS + DIGITS) for _ in range(12))
        if all(set(text) & set(kind) for kind in (LETTERS, CAPITALS, DIGITS)):
            return "-".join((text[:4], text[4:8], text[8:]))


def fit_name(username: str) -> str:
    """A user name as it is kept: what is written wide, or otherwise alike, is one name.

    Raises:
        UserNameUnfit: it cannot be one.
        UserNameTaken: another account bears it.
    """
    username = _plain(username)
    if not NAME.fullmatch(username):
        raise UserNameUnfit(username=username)
    if find_user(username):
        raise UserNameTaken(username=username)
    return username


def _plain(username: str) -> str:
    return normalize("NFKC", clean(username))


@transaction.atomic
def open_account(
    *,
    by: User,
    username: str,
    name: str,
    phone: str = "",
    jurisdiction: Jurisdiction | None = None,
) -> Opened:
    """Open an account; whoever gets its first password must change it at once.

    Raises:
        RoleMissing: ``by`` may not.
        UserNameUnfit, UserNameTaken: the user name will not do.
    """
    where = Target(jurisdiction.lineage if jurisdiction else ())
    require(by, Verb.USER_MANAGE, where)
    password = initial_password()
    row = User(
        username=fit_name(username),
        name=clean(name),
        phone=clean(phone),
        jurisdiction=jurisdiction,
    )
    _set(row, quick_hash(password), must_change=True)
    record(created(row, "user.opened"), by=by)
    return Opened(row, password)


@transaction.atomic
def correct_account(*, by: User, user: User, seen: int | None, **fields: Any) -> User:
    """Mend name, telephone or jurisdiction of an account.

    Args:
        fields: of ``username``, ``name``, ``phone``, ``jurisdiction``.

    Raises:
        RoleMissing: ``by`` may not.
        UserNameUnfit, UserNameTaken: the new user name will not do.
        Changed: it is not what ``by`` saw.
    """
    require(by, Verb.USER_MANAGE, user)
    row = taken(User, user.pk, seen)
    before = State(row)
    username = _plain(fields.pop("username", row.username))
    if username.casefold() != _plain(row.username).casefold():
        fit_name(username)
    row.username = username
    for name, value in fields.items():
        setattr(row, name, clean(value) if isinstance(value, str) else value)
    if not is_same(row, before):
        save(row, by=by, event=changed(row, before, "user.corrected"))
    return row


@transaction.atomic
def close_account(*, by: User, user: User, seen: int | None, reason: str) -> User:
    """Close an account: from this moment nobody signs in with it; its sessions and tokens end.

    Raises:
        RoleMissing: ``by`` may not.
        OwnAccount: it is one's own.
        AccountIsClosed: it is closed already.
        Changed: it is not what ``by`` saw.
    """
    row, before = _held(by, user, seen)
    row.is_active = False
    end_all_sessions(row)
    revoke_tokens_of(by=by, user=row)
    event = changed(row, before, "user.closed", texts={"reason": clean(reason)})
    save(row, by=by, event=event)
    return row


@transaction.atomic
def reopen_account(*, by: User, user: User, seen: int | None, reason: str) -> Opened:
    """Reopen an account, with a new first password.

    Raises:
        RoleMissing: ``by`` may not.
        OwnAccount: it is one's own.
        AccountIsOpen: it is open.
        Changed: it is not what ``by`` saw.
    """
    require(by, Verb.USER_MANAGE, user)
    _not_own(by, user)
    row = taken(User, user.pk, seen)
    before = State(row)
    if row.is_active:
        raise AccountIsOpen
    row.is_active = True
    password = initial_password()
    _set(row, quick_hash(password), must_change=True)
    event = changed(row, before, "user.reopened", texts={"reason": clean(reason)})
    save(row, by=by, event=event)
    return Opened(row, password)


@transaction.atomic
def reset_password(*, by: User, user: User, seen: int | None) -> Opened:
    """Give an account a new first password, lift its lock, end its sessions and tokens.

    Raises:
        RoleMissing: ``by`` may not.
        OwnAccount: it is one's own.
        AccountIsClosed: it is closed.
        Changed: it is not what ``by`` saw.
    """
    row, before = _held(by, user, seen)
    password = initial_password()
    _set(row, quick_hash(password), must_change=True)
    lift_lock(row)
    end_all_sessions(row)
    revoke_tokens_of(by=by, user=row)
    save(row, by=by, event=changed(row, before, "user.password-reset"))
    return Opened(row, password)


@transaction.atomic
def reset_second_factor(*, by: User, user: User, seen: int | None) -> User:
    """Take away every second factor of somebody who has lost theirs, and end their sessions.

    Raises:
        RoleMissing: ``by`` may not.
        OwnAccount: it is one's own.
        AccountIsClosed: it is closed.
        Changed: it is not what ``by`` saw.
    """
    row, before = _held(by, user, seen)
    rows = Authenticator.objects.filter(user=row)
    removed = sorted(rows.values_list("type", flat=True))
    rows.delete()
    end_all_sessions(row)
    event = changed(row, before, "user.second-factor-reset", extra={"factors": removed})
    save(row, by=by, event=event)
    return row


@transaction.atomic
def unlock_account(*, by: User, user: User) -> User:
    """Lift the lock of an account after too many failed tries.

    Raises:
        RoleMissing: ``by`` may not.
        OwnAccount: it is one's own.
    """
    require(by, Verb.USER_MANAGE, user)
    _not_own(by, user)
    row = taken(User, user.pk, None)
    lift_lock(row)
    record(changed(row, State(row), "user.unlocked"), by=by)
    return row


@transaction.atomic
def end_sessions(*, by: User, user: User) -> User:
    """Sign somebody out everywhere.

    Raises:
        RoleMissing: ``by`` may not.
    """
    require(by, Verb.USER_MANAGE, user)
    row = taken(User, user.pk, None)
    count = end_all_sessions(row)
    record(changed(row, State(row), "user.sessions-ended", extra={"count": count}), by=by)
    return row


def change_password(*, by: User, old: str, new: str) -> User:
    """Change one's own password; nothing of either enters the record.

    Hashing takes a second on purpose; it is done before the transaction, so that nobody waits.

    Raises:
        WrongPassword: ``old`` is not the present one.
        PasswordUnfit: ``new`` breaks a rule.
        Changed: the password was changed elsewhere at the same time.
    """
    before = User.objects.get(pk=by.pk)
    if not check_password(old, before.password):
        raise WrongPassword
    if faults := faults_of_password(before, new):
        raise PasswordUnfit(faults)
    return _write_password(by, make_password(new), seen=before.version)


@transaction.atomic
def _write_password(by: User, encoded: str, seen: int) -> User:
    row = taken(User, by.pk, seen)
    before = State(row)
    _set(row, encoded, must_change=False)
    save(row, by=by, event=changed(row, before, "user.password-changed"))
    return row


def quick_hash(password: str) -> str:
    """The hash of a random first password; 69 bits of chance need no slow hash to be safe.

    The first sign-in replaces it by a slow one.
    """
    hasher = get_hasher()
    if isinstance(hasher, PBKDF2PasswordHasher):
        return hasher.encode(password, hasher.salt(), QUICK)
    return make_password(password)


def lift_lock(user: User) -> None:
    """Forget an account's failed tries: passwords and one-time codes alike."""
    lockout.forgive(lockout.key_of(user, user.username))
    nobody = HttpRequest()  # the limit is counted for the account, whoever asks
    ratelimit.clear(nobody, action="login_failed", key=f"mfa-auth-user-{user.pk}")


def end_all_sessions(user: User, *, keep: str = "", number: int | None = None) -> int:
    """End the sessions of an account that are still alive; how many there were.

    Args:
        keep: the key of the one that stays.
        number: only this one.
    """
    rows = UserSession.objects.filter(user=user).exclude(session_key=keep)
    ending = [
        row for row in (rows if number is None else rows.filter(pk=number)) if not row.purge()
    ]
    for row in ending:
        row.end()
    return len(ending)


def _held(by: User, user: User, seen: int | None) -> tuple[User, State]:
    """Somebody else's open account, locked for the rest of the transaction."""
    require(by, Verb.USER_MANAGE, user)
    _not_own(by, user)
    row = taken(User, user.pk, seen)
    if not row.is_active:
        raise AccountIsClosed
    return row, State(row)


def _not_own(by: User, user: User) -> None:
    if by.pk == user.pk:
        raise OwnAccount


def _set(row: User, encoded: str, *, must_change: bool) -> None:
    """Give an account a password, and remember its last few."""
    row.password = encoded
    row.must_change_password = must_change
    row.password_set_at = timezone.now()
    row.save()
    PastPassword.objects.create(user=row, encoded=row.password)
    kept = row.past_passwords.values_list("pk", flat=True)[:REMEMBERED]
    row.past_passwords.exclude(pk__in=list(kept)).delete()
