"""The sign-in page, and what stands beside it for everybody."""

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kaohe.organization.queries.accounts import public_face
from kaohe.web.accounts.demo import demo_accounts


class SignInView(LoginView):
    """User name, password and one-time code on one page."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Also who runs this, the sign-on system, and the accounts of a demonstration."""
        return {
            **super().get_context_data(**kwargs),
            "face": public_face(),
            "sign_on": settings.OIDC_NAME if settings.OIDC_ISSUER else "",
            "demo_accounts": demo_accounts(),
            "idle": "idle" in self.request.GET,
            "unsaved": "unsaved" in self.request.GET,
        }

    def form_invalid(self, form: Any) -> HttpResponse:
        """The page again, with the status that says so."""
        answer: HttpResponse = super().form_invalid(form)
        answer.status_code = 422
        return answer


sign_in = SignInView.as_view()


def forgotten_password(request: HttpRequest) -> HttpResponse:
    """Whom to ask for a new password; nothing is sent by mail."""
    return _plain(request, "account/forgotten.html")


def first_sign_in(request: HttpRequest) -> HttpResponse:
    """How a unit signs in for the first time."""
    return _plain(request, "account/first.html")


def accessibility(request: HttpRequest) -> HttpResponse:
    """How the pages serve everybody."""
    return _plain(request, "account/accessibility.html")


def _plain(request: HttpRequest, template: str) -> HttpResponse:
    return render(request, template, {"face": public_face()})
