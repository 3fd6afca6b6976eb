"""Tokens of the API: made by the person, revoked by the person or the security administrator."""

import secrets
from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kaohe.core.access import Verb
from kaohe.core.errors import Conflict, Invalid, NotPermitted
from kaohe.core.problems import N_
from kaohe.core.texts import clean
from kaohe.organization.models import ApiToken, Jurisdiction, User
from kaohe.organization.queries.access import require
from kaohe.organization.queries.tokens import PREFIX, digest_of, verbs_of
from kaohe.organization.services.writing import State, changed, created, record, save, taken

LONGEST = 365  # days
NOTED = timedelta(hours=1)  # how exactly it is known when a token was last used


class TokenScopesMissing(Invalid):
    """A token for nothing."""

    code = "token.scopes-missing"
    sentence = N_("Choose at least one thing that the token may be used for.")
    field = "scopes"


class TokenBeyondUser(Invalid):
    """A token may do no more than its user."""

    code = "token.beyond-user"
    sentence = N_(
        "You may not do this yourself ({scopes}), so no token of yours may. Leave it out."
    )
    field = "scopes"


class TokenDaysOutOfRange(Invalid):
    """The last day of a token lies within a year from today."""

    code = "token.days-out-of-range"
    sentence = N_("The last day must lie between {first} and {last}. Choose such a day.")
    field = "last_day"


class TokenByToken(NotPermitted):
    """A token makes no tokens: what it is good for would outlive it."""

    code = "token.by-token"
    sentence = N_("A token cannot make another. Sign in on the pages, and make it there.")


class TokenRevokedAlready(Conflict):
    """What is revoked cannot be revoked again."""

    code = "token.revoked-already"
    sentence = N_("This token is revoked already; nothing more is to be done.")


@transaction.atomic
def make_token(
    *,
    by: User,
    name: str,
    scopes: Collection[Verb],
    last_day: date,
    confined_to: Jurisdiction | None = None,
) -> tuple[ApiToken, str]:
    """Make a token for oneself.

    Args:
        name: what it is for.
        last_day: on which it still works.
        confined_to: the jurisdiction, with those below it, that it is good for; None: all.

    Returns:
        The row, and the token itself, which is kept nowhere and can be shown this once.

    Raises:
        TokenByToken: ``by`` has not signed in but acts through a token.
        TokenScopesMissing: it would be for nothing.
        TokenBeyondUser: ``by`` may not do that.
        TokenDaysOutOfRange: the last day is over, or more than a year away.
    """
    require(by, Verb.DESK_READ)
    if by.limited_to is not None:
        raise TokenByToken
    if not scopes:
        raise TokenScopesMissing
    if beyond := set(scopes) - set(verbs_of(by)):
        raise TokenBeyondUser(scopes=", ".join(sorted(beyond)))
    today = timezone.localdate()
    if not today <= last_day <= today + timedelta(days=LONGEST):
        last = today + timedelta(days=LONGEST)
        raise TokenDaysOutOfRange(first=f"{today:%Y.%m.%d}", last=f"{last:%Y.%m.%d}")
    secret = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        user=by,
        name=clean(name),
        digest=digest_of(secret),
        scopes=sorted(scopes),
        confined_to=confined_to,
        expires_at=_end_of(last_day),
    )
    record(created(row, "token.made"), by=by)
    return row, secret


@transaction.atomic
def revoke_token(*, by: User, token: ApiToken, seen: int | None) -> ApiToken:
    """Make a token worthless, from this moment on.

    Raises:
        RoleMissing: it is another's, and ``by`` does not look after that account.
        TokenRevokedAlready: it is worthless already.
        Changed: it is not what ``by`` saw.
    """
    if by.pk == token.user_id:
        require(by, Verb.DESK_READ)
    else:
        require(by, Verb.USER_MANAGE, token)
    row = taken(ApiToken, token.pk, seen)
    if row.revoked_at is not None:
        raise TokenRevokedAlready
    before = State(row)
    row.revoked_at = timezone.now()
    save(row, by=by, event=changed(row, before, "token.revoked"))
    return row


@transaction.atomic
def revoke_tokens_of(*, by: User, user: User) -> int:
    """Make every token of an account worthless, since it may be in wrong hands; how many.

    Raises:
        RoleMissing: ``by`` does not look after the account.
    """
    require(by, Verb.USER_MANAGE, user)
    now = timezone.now()
    good = ApiToken.objects.filter(user=user, revoked_at__isnull=True, expires_at__gt=now)
    rows = list(good.select_for_update(of=("self",)).order_by("pk"))
    for row in rows:
        before = State(row)
        row.revoked_at = now
        save(row, by=by, event=changed(row, before, "token.revoked"))
    return len(rows)


def note_use(token: ApiToken) -> None:
    """Keep when a token was last used; no more than once an hour, and no entry of the record."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at >= NOTED:
        idle = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - NOTED)
        ApiToken.objects.filter(idle, pk=token.pk).update(last_used_at=now)


def _end_of(day: date) -> datetime:
    """The moment at which a day is over, where this runs."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
