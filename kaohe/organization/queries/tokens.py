"""Reading tokens of the API, and finding who stands behind one."""

import hashlib

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from kaohe.core.access import ADMINISTRATORS, Verb
from kaohe.core.errors import NotPermitted
from kaohe.core.problems import N_
from kaohe.organization.models import ApiToken, Jurisdiction, User
from kaohe.organization.queries.access import allows, jurisdictions_of, one, roles_of, visible
from kaohe.organization.queries.accounts import has_second_factor
from kaohe.organization.queries.users import minutes_locked

PREFIX = "kaohe_"


class TokenRests(NotPermitted):
    """A genuine token that opens nothing now; what it says is told to its holder only."""


class TokenRevoked(TokenRests):
    """Somebody has revoked it."""

    code = "token.revoked"
    sentence = N_("This token has been revoked. Make a new one on the account page.")


class TokenExpired(TokenRests):
    """Its last day is over."""

    code = "token.expired"
    sentence = N_("The last day of this token was {day}. Make a new one on the account page.")


class TokenOfClosedAccount(TokenRests):
    """Its user may not sign in any more."""

    code = "token.account-closed"
    sentence = N_(
        "The account of this token is closed. Ask the security administrator of the installation."
    )


class TokenOfLockedAccount(TokenRests):
    """Its user is locked out for a while."""

    code = "token.account-locked"
    sentence = N_(
        "The account of this token is locked after wrong passwords, for another {minutes} minutes."
        " Wait, or ask the security administrator to lift the lock."
    )


class TokenAwaitsPassword(TokenRests):
    """Its user has been given a first password and has not replaced it."""

    code = "token.password-due"
    sentence = N_(
        "The account of this token has been given a new first password. Sign in on the pages and"
        " choose your own; then the token works again."
    )


class TokenAwaitsFactor(TokenRests):
    """Its user is an administrator without a second factor."""

    code = "token.factor-due"
    sentence = N_(
        "The account of this token belongs to an administrator and has no second factor. Sign in"
        " on the pages and set one up; then the token works again."
    )


def digest_of(secret: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def token_behind(secret: str) -> ApiToken | None:
    """The token of a secret with its user, good or not; None: there is none.  One query."""
    return (
        ApiToken.objects.select_related("user", "user__jurisdiction", "confined_to")
        .filter(digest=digest_of(secret))
        .first()
    )


def must_not_rest(token: ApiToken) -> None:
    """Ask of a token and its user what the pages ask of the user.

    Raises:
        TokenRests: it opens nothing now; the class says why.

    Source: docs/rules/access.md, X-6.
    """
    user = token.user
    if token.revoked_at is not None:
        raise TokenRevoked
    if not token.is_good_at(timezone.now()):
        raise TokenExpired(day=f"{token.last_day:%Y.%m.%d}")
    if not user.is_active:
        raise TokenOfClosedAccount
    if minutes := minutes_locked(user):
        raise TokenOfLockedAccount(minutes=minutes)
    if user.must_change_password and user.has_usable_password():
        raise TokenAwaitsPassword
    if (
        not settings.DEMO
        and not ADMINISTRATORS.isdisjoint(roles_of(user))
        and not has_second_factor(user)
    ):
        raise TokenAwaitsFactor


def _tokens() -> QuerySet[ApiToken]:
    return ApiToken.objects.select_related("user", "user__jurisdiction", "confined_to")


def own_tokens(user: User) -> QuerySet[ApiToken]:
    """The tokens that a user has made, latest first."""
    return _tokens().filter(user=user)


def tokens_seen(user: User) -> QuerySet[ApiToken]:
    """The tokens of all accounts that a user may see, latest first."""
    return visible(user, Verb.USER_READ, _tokens(), jurisdiction="user__jurisdiction")


def get_token(user: User, key: int) -> ApiToken:
    """A token of one's own, or of an account that one may see.

    Raises:
        NothingHere: there is none.
    """
    seen = _tokens().filter(Q(user=user) | Q(pk__in=tokens_seen(user).values("pk")))
    return one(seen, key)


def count_good(user: User) -> int:
    """How many of one's own tokens work today."""
    now = timezone.now()
    found = ApiToken.objects.filter(user=user, revoked_at__isnull=True, expires_at__gt=now)
    return int(found.aggregate(n=Count("pk"))["n"])


def verbs_of(user: User) -> list[Verb]:
    """What a user may do anywhere today: what a token of theirs can be made for."""
    return [verb for verb in Verb if verb is not Verb.DESK_READ and allows(user, verb)]


def places_to_confine_to(user: User) -> QuerySet[Jurisdiction]:
    """The jurisdictions that a user may look at, to which a token can be confined."""
    return jurisdictions_of(user, Verb.OVERVIEW_READ).order_by("code")
