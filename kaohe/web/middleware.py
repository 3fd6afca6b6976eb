"""The gate before every page, and how a refusal is shown."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from kaohe.core.access import ADMINISTRATORS
from kaohe.core.errors import Refusal
from kaohe.organization.queries.access import roles_of
from kaohe.organization.queries.accounts import has_second_factor, password_is_due
from kaohe.web.refusals import refusal_page

Answer = Callable[[HttpRequest], HttpResponse]
SEEN = "seen_at"  # the key in the session: when the person last did something
OPEN = frozenset(
    {"account_login", "account_logout", "account_reauthenticate", "mfa_authenticate"}
)  # of allauth: what is needed to sign in and out
SECOND_FACTOR = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
    }
)


class GateMiddleware:
    """Nobody passes who has not signed in, sat idle too long, or owes a new password."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Send the person where they must go first, or let them through."""
        match = request.resolver_match
        name = match.url_name if match else None
        if getattr(view, "verb", "signed in") is None or name in OPEN:
            return None
        if name and name.startswith(("openid_connect_", "socialaccount_")):
            return None
        user: Any = request.user
        if not user.is_authenticated:
            return _to_login(request)
        if self._idle_too_long(request, user):
            logout(request)
            return _to_login(request, idle=True)
        if name != "account_change_password" and password_is_due(user):
            return redirect("account_change_password")
        if name not in SECOND_FACTOR | {"account_change_password"} and self._owes_factor(user):
            return redirect("mfa_activate_totp")
        return None

    @staticmethod
    def _idle_too_long(request: HttpRequest, user: Any) -> bool:
        """Whether the person was away; if not, now counts as the last sign of life.

        A page that only asks how far a job is does not keep anybody signed in.
        """
        administrator = not ADMINISTRATORS.isdisjoint(roles_of(user))
        limit = settings.IDLE_SECONDS_OF_ADMINISTRATORS if administrator else settings.IDLE_SECONDS
        now = timezone.now().timestamp()
        last = request.session.get(SEEN, now)
        if now - last > timedelta(seconds=limit).total_seconds():
            return True
        if "HX-Request" not in request.headers and now - request.session.get(SEEN, 0) > 30:
            request.session[SEEN] = now
        return False

    @staticmethod
    def _owes_factor(user: Any) -> bool:
        """Administrators need a second factor; a demonstration lets them in without."""
        if settings.DEMO or ADMINISTRATORS.isdisjoint(roles_of(user)):
            return False
        return not has_second_factor(user)


def _to_login(request: HttpRequest, *, idle: bool = False) -> HttpResponse:
    query = {"next": request.get_full_path() if request.method == "GET" else reverse("web:desk")}
    if idle:
        query["idle"] = "1"
    target = f"{reverse('account_login')}?{urlencode(query)}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return redirect(target)


class RefusalMiddleware:
    """A refusal that no form has shown becomes a page with its sentence and its status."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of a refusal; what is a bug goes on."""
        return refusal_page(request, exception) if isinstance(exception, Refusal) else None
