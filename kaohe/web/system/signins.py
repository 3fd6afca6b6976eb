"""Pages: helping with an account: closed, reopened, a new password, a lost factor, a lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.organization.queries.users import get_user, identity_of
from kaohe.organization.services import accounts, signins
from kaohe.web.accounts.account import sign_on_name
from kaohe.web.accounts.holdings import sent
from kaohe.web.accounts.sign_on import PROVIDER
from kaohe.web.fields import LongText, NameField
from kaohe.web.requests import SignedIn
from kaohe.web.system.users import first_password
from kaohe.web.writing import WritingForm, show, written

if TYPE_CHECKING:
    from kaohe.organization.models import User


class ReasonForm(WritingForm):
    """Why."""

    reason = LongText(label=lazy("Reason"), max_length=1000, rows=3)


class ConfirmForm(WritingForm):
    """Nothing to fill in; one says yes."""


class IdentityForm(WritingForm):
    """Who somebody is at the sign-on system."""

    uid = NameField(
        label=lazy("Identity there"),
        max_length=190,
        help_text=lazy("the subject (sub) that the sign-on system gives for this person"),
    )


def _deed(
    request: SignedIn,
    key: int,
    form_class: type[WritingForm],
    do: Callable[[User, WritingForm], Any],
    words: dict[str, Any],
) -> HttpResponse:
    """A form about an account: show it, carry it out; a first password is shown once."""
    row = get_user(request.user, key)
    form = form_class(sent(request), seen=row.version)
    back = reverse("web:user", args=[row.pk])
    shown: list[accounts.Opened] = []

    def carry_out() -> str:
        done = do(row, form)
        if isinstance(done, accounts.Opened):
            shown.append(done)
        return back

    said = words.pop("said", "")
    answer = written(
        request, form, carry_out, to=str, said=(lambda done: str(said)) if said else None
    )
    if shown:
        return first_password(request, shown[0])
    context = {"tab": "users", "about": row.name, "back": back, **words}
    return answer or show(request, "system/user_form.html", context, form)


def close_user(request: SignedIn, key: int) -> HttpResponse:
    """Nobody signs in with it from now on."""
    return _deed(
        request,
        key,
        ReasonForm,
        lambda row, form: accounts.close_account(
            by=request.user, user=row, seen=form.was_seen, **form.given
        ),
        {
            "title": _("Close the account"),
            "explained": _(
                "From this moment nobody can sign in with this account; its sessions and tokens"
                " end. What was done under it keeps its name. It can be reopened."
            ),
            "button": _("Close the account"),
            "said": _("The account is closed."),
        },
    )


def reopen_user(request: SignedIn, key: int) -> HttpResponse:
    """It is there again, with a new first password."""
    return _deed(
        request,
        key,
        ReasonForm,
        lambda row, form: accounts.reopen_account(
            by=request.user, user=row, seen=form.was_seen, **form.given
        ),
        {
            "title": _("Reopen the account"),
            "explained": _("It gets a new first password. Roles that have not ended hold again."),
            "button": _("Reopen the account"),
        },
    )


def reset_password(request: SignedIn, key: int) -> HttpResponse:
    """A new first password."""
    return _deed(
        request,
        key,
        ConfirmForm,
        lambda row, form: accounts.reset_password(by=request.user, user=row, seen=form.was_seen),
        {
            "title": _("Give a new first password"),
            "explained": _(
                "The present password stops working, a lock is lifted, all sessions end, and all"
                " tokens are revoked. The new password is shown once; hand it over in person or by"
                " telephone."
            ),
            "button": _("Make a new password"),
        },
    )


def reset_factor(request: SignedIn, key: int) -> HttpResponse:
    """Somebody has lost telephone or key."""
    return _deed(
        request,
        key,
        ConfirmForm,
        lambda row, form: accounts.reset_second_factor(
            by=request.user, user=row, seen=form.was_seen
        ),
        {
            "title": _("Take away the second factors"),
            "explained": _(
                "For somebody who has lost the telephone or the key. Make sure that it is they who"
                " ask. All sessions end; an administrator must set up a new factor at the next"
                " sign-in."
            ),
            "button": _("Take away the second factors"),
            "said": _("The second factors are gone."),
        },
    )


def unlock_user(request: SignedIn, key: int) -> HttpResponse:
    """The lock after wrong passwords is lifted."""
    return _deed(
        request,
        key,
        ConfirmForm,
        lambda row, form: accounts.unlock_account(by=request.user, user=row),
        {
            "title": _("Lift the lock"),
            "explained": _(
                "The account was locked after five wrong passwords. Ask first whether it was the"
                " person who mistyped them."
            ),
            "button": _("Lift the lock"),
            "said": _("The lock is lifted."),
        },
    )


def end_sessions(request: SignedIn, key: int) -> HttpResponse:
    """Signed out everywhere; one's own sessions end on a page of their own, but for this one."""
    if key == request.user.pk:
        return redirect("usersessions_list")
    return _deed(
        request,
        key,
        ConfirmForm,
        lambda row, form: accounts.end_sessions(by=request.user, user=row),
        {
            "title": _("End all sessions"),
            "explained": _("The person is signed out everywhere and can sign in again."),
            "button": _("End all sessions"),
            "said": _("All sessions have ended."),
        },
    )


def link_user(request: SignedIn, key: int) -> HttpResponse:
    """Link an account with the sign-on system, or remove the link."""
    if not sign_on_name():
        raise Http404
    row = get_user(request.user, key)
    if identity_of(row, PROVIDER):
        return _deed(
            request,
            key,
            ConfirmForm,
            lambda row, form: signins.unlink_identity(by=request.user, user=row, provider=PROVIDER),
            {
                "title": _("Remove the link with the sign-on system"),
                "explained": _("The person can sign in with user name and password only."),
                "button": _("Remove the link"),
                "said": _("The link is removed."),
            },
        )
    return _deed(
        request,
        key,
        IdentityForm,
        lambda row, form: signins.link_identity(
            by=request.user, user=row, provider=PROVIDER, **form.given
        ),
        {
            "title": _("Link with the sign-on system"),
            "button": _("Link the account"),
            "said": _("The account is linked."),
        },
    )
