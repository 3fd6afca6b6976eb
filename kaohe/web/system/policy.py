"""Page: how accounts are guarded, and which are locked now, for the security administrator."""

from typing import NamedTuple

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kaohe.core import passwords
from kaohe.core.access import Verb
from kaohe.organization import lockout
from kaohe.organization.queries.access import allows
from kaohe.organization.queries.users import locked_accounts, unguarded_administrators
from kaohe.web.accounts.account import sign_on_name
from kaohe.web.requests import SignedIn

MINUTE, HOUR = 60, 3600


class Rule(NamedTuple):
    """One thing that holds for every account: what it is about, and what holds."""

    about: str
    says: str


def policy(request: SignedIn) -> HttpResponse:
    """What the program and its settings say; nothing of it can be changed here."""
    return render(
        request,
        "system/policy.html",
        {
            "tab": "policy",
            "rules": [*_passwords(), *_sign_in(), *_sessions()],
            "locked": locked_accounts(request.user),
            "may_manage": allows(request.user, Verb.USER_MANAGE),
            "bare_count": unguarded_administrators().count(),
        },
    )


def _passwords() -> list[Rule]:
    length = _("%(least)s to %(most)s characters") % {
        "least": passwords.SHORTEST,
        "most": passwords.LONGEST,
    }
    kinds = _(
        "of capital letters, other letters, digits and signs %(n)s kinds at least; without user"
        " name and name"
    ) % {"n": passwords.CLASSES}
    return [
        Rule(_("Length of a password"), length),
        Rule(_("Kinds of characters"), kinds),
        Rule(
            _("Passwords of before"), _("not one of the last %(n)s") % {"n": passwords.REMEMBERED}
        ),
        Rule(_("How long a password holds"), _("%(n)s days") % {"n": passwords.DAYS}),
        Rule(
            _("First password"),
            _("random, shown once, to be changed at the first sign-in"),
        ),
    ]


def _sign_in() -> list[Rule]:
    locks = _("after %(n)s wrong passwords, for %(minutes)s minutes") % {
        "n": lockout.FAILURES,
        "minutes": lockout.SECONDS // MINUTE,
    }
    factor = (
        _(
            "one-time code or security key; required of the three administrators, but not in this"
            " demonstration"
        )
        if settings.DEMO
        else _("one-time code or security key; required of the three administrators")
    )
    return [
        Rule(_("Account lock"), locks),
        Rule(_("Second factor"), factor),
        Rule(_("Sign-on system"), sign_on_name() or _("not set up")),
    ]


def _sessions() -> list[Rule]:
    idle = _("after %(n)s minutes; of administrators after %(admin)s minutes") % {
        "n": settings.IDLE_SECONDS // MINUTE,
        "admin": settings.IDLE_SECONDS_OF_ADMINISTRATORS // MINUTE,
    }
    longest = _("%(n)s hours, and not longer than the browser is open") % {
        "n": settings.SESSION_COOKIE_AGE // HOUR
    }
    line = _("encrypted (TLS)") if settings.TLS else _("not encrypted: KAOHE_TLS is off")
    return [
        Rule(_("Signed out when nothing is done"), idle),
        Rule(_("Longest session"), longest),
        Rule(_("Connection"), line),
    ]
