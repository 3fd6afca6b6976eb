"""My account: roles, password, second factor, and where I am signed in."""

from typing import Any

from allauth.account.internal.flows.password_change import finalize_password_change
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from kaohe.organization import lockout
from kaohe.organization.password_policy import PolicyValidator
from kaohe.organization.queries.accounts import password_days_left
from kaohe.organization.queries.users import assignments_of, factors_of, identity_of, sessions_of
from kaohe.organization.services import accounts, signins
from kaohe.web.accounts.browsers import called
from kaohe.web.accounts.forms import PasswordForm
from kaohe.web.accounts.holdings import told
from kaohe.web.accounts.idle import idle_seconds, is_administrator
from kaohe.web.accounts.sign_on import PROVIDER
from kaohe.web.refusals import refusals_shown_on
from kaohe.web.requests import SignedIn
from kaohe.web.writing import show


def account(request: SignedIn) -> HttpResponse:
    """Who I am here, what I may do and until when, and how I sign in."""
    user = request.user
    return show(
        request,
        "web/account.html",
        {
            "tab": "account",
            "roles_held": [told(row) for row in assignments_of(user, user)],
            "factors": factors_of(user),
            "wants_factor": is_administrator(user),
            "days_left": password_days_left(user),
            "identity": bool(identity_of(user, PROVIDER)),
            "session_count": len(sessions_of(user)),
            "idle_minutes": idle_seconds(user) // 60,
        },
    )


@sensitive_post_parameters()
def change_password(request: SignedIn) -> HttpResponse:
    """Choose a new password; every other session ends."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _changed(request, form):
        return redirect("web:account")
    days_left = password_days_left(request.user)
    context: dict[str, Any] = {
        "tab": "password",
        "rules": PolicyValidator().get_help_text(),
        "is_due": days_left == 0,
        "is_first": request.user.must_change_password,
        "has_password": days_left is not None,
    }
    return show(request, "account/password_change.html", context, form)


def _changed(request: SignedIn, form: PasswordForm) -> bool:
    """Whether the password was changed; if not, the form says why.  Tries are counted."""
    user, key = request.user, lockout.key_of(request.user, "")
    number = lockout.begin(key)
    if not number:
        form.add_error("old", _("Too many wrong passwords. Try again in half an hour."))
        return False
    old, new = form.cleaned_data["old"], form.cleaned_data["new"]
    with refusals_shown_on(form):
        try:
            row = accounts.change_password(by=user, old=old, new=new)
        except accounts.WrongPassword:
            if lockout.fail(key, number):
                signins.note_lock(user=user, address=request.META.get("REMOTE_ADDR", ""))
            raise
        except accounts.PasswordUnfit:
            lockout.forgive(key)
            raise
        lockout.forgive(key)
        finalize_password_change(request, row)
        signins.end_own_sessions(by=row, keep=request.session.session_key or "")
        return True
    return False


def sessions(request: SignedIn) -> HttpResponse:
    """Where I am signed in; end one of these sessions, or all others."""
    user, own = request.user, request.session.session_key or ""
    if request.method == "POST":
        number = request.POST.get("session", "")
        if number.isdecimal() and len(number) < 18:
            done = int(signins.end_own_session(by=user, number=int(number), keep=own))
        else:
            done = signins.end_own_sessions(by=user, keep=own)
        if done:
            messages.success(request, _("Sessions ended: %(count)s.") % {"count": done})
        else:
            messages.info(request, _("There was no other session to end."))
        return redirect("usersessions_list")
    rows = [(row, called(row.user_agent)) for row in sessions_of(user)]
    context = {"tab": "sessions", "sessions": rows, "own": own}
    return show(request, "usersessions/usersession_list.html", context)


def sign_on_name() -> str:
    """What the sign-on system is called here; empty: there is none."""
    return str(settings.OIDC_NAME) if settings.OIDC_ISSUER else ""
