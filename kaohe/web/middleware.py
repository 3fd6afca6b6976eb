"""The gate before every page, and how a refusal is shown."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from kaohe.core.errors import Refusal
from kaohe.organization.queries.accounts import has_second_factor, password_is_due
from kaohe.organization.services.signins import note_sign_out, touch_session
from kaohe.web.accounts.idle import idle_seconds, is_administrator
from kaohe.web.failures import machine_page, too_large
from kaohe.web.refusals import refusal_page

Answer = Callable[[HttpRequest], HttpResponse]
SEEN = "seen_at"  # the key in the session: when the person last did something
SIGN_OF_LIFE = 30  # seconds between two notes that somebody is there
MEGABYTE = 1024 * 1024
FORM = MEGABYTE  # what a form holds beside its file
OPEN = frozenset(
    {
        "account_login",
        "account_logout",
        "account_inactive",
        "mfa_authenticate",
        "openid_connect_login",
        "openid_connect_callback",
        "socialaccount_login_cancelled",
        "socialaccount_login_error",
        "set_language",
    }
)  # what is needed to sign in and out
CHANGE_PASSWORD = "account_change_password"  # noqa: S105  # the name of an address
SECOND_FACTOR = frozenset(
    {
        CHANGE_PASSWORD,
        "account_reauthenticate",
        "mfa_index",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
    }
)  # what who still has no second factor needs to get one


class SizeMiddleware:
    """Refuses what is larger than a file may be before any of it is taken in."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """By the length that the sender states; without one nothing is read anyway."""
        stated = str(request.META.get("CONTENT_LENGTH") or "0")
        if not stated.isdecimal() or int(stated) > settings.UPLOAD_LIMIT + FORM:
            return too_large(request, settings.UPLOAD_LIMIT // MEGABYTE)
        return self.get_response(request)


class GateMiddleware:
    """Nobody passes who has not signed in, sat idle too long, or owes a password or a factor."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing that somebody signed in has seen stays in a browser's store."""
        answer = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            answer.headers["Cache-Control"] = "no-store, private"
        return answer

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Send the person where they must go first, or let them through."""
        match = request.resolver_match
        name = match.url_name if match else None
        is_ours = bool(match and match.namespaces)
        if getattr(view, "verb", "signed in") is None or (name in OPEN and not is_ours):
            return None
        user: Any = request.user
        if not user.is_authenticated:
            return _to_login(request)
        if self._idle_too_long(request, user):
            note_sign_out(by=user, cause="idle")
            logout(request)
            return _to_login(request, idle=True)
        if is_ours:
            name = None
        if name != CHANGE_PASSWORD and password_is_due(user) and not _signed_on(request, user):
            return redirect(CHANGE_PASSWORD)
        if name not in SECOND_FACTOR and self._owes_factor(user):
            return redirect("mfa_activate_totp")
        return None

    @staticmethod
    def _idle_too_long(request: HttpRequest, user: Any) -> bool:
        """Whether the person was away; if not, now counts as the last sign of life.

        A page that only asks how far a job is does not keep anybody signed in.
        """
        now = timezone.now().timestamp()
        last = request.session.get(SEEN, now)
        if now - last > idle_seconds(user):
            return True
        if (
            "HX-Request" not in request.headers
            and now - request.session.get(SEEN, 0) > SIGN_OF_LIFE
        ):
            request.session[SEEN] = now
            touch_session(request.session.session_key or "")
        return False

    @staticmethod
    def _owes_factor(user: Any) -> bool:
        """Administrators need a second factor; a demonstration lets them in without."""
        return not settings.DEMO and is_administrator(user) and not has_second_factor(user)


def _signed_on(request: HttpRequest, user: Any) -> bool:
    """Whether this session began at the sign-on system; then no password of ours was used."""
    proofs = get_authentication_records(request, user)
    return any(proof.get("method") == "socialaccount" for proof in proofs)


def _form_of(request: HttpRequest) -> str:
    """The page whose form was sent; the desk where the browser does not say it."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc != request.get_host() or not came_from.path.startswith("/"):
        return reverse("web:desk")
    return came_from._replace(scheme="", netloc="", fragment="").geturl()


def _to_login(request: HttpRequest, *, idle: bool = False) -> HttpResponse:
    query = {"next": request.get_full_path() if request.method == "GET" else _form_of(request)}
    if idle:
        query["idle"] = "1"
    elif request.method != "GET":
        query["unsaved"] = "1"
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
        """The page of a refusal, or of a machine that cannot; what is a bug goes on."""
        if isinstance(exception, Refusal):
            return refusal_page(request, exception)
        return machine_page(request, exception)
