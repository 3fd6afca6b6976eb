"""The accounts of a demonstration: listed on the sign-in page, and nowhere else."""

import json
from typing import Any, NamedTuple

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kaohe.core.access import Role
from kaohe.web.words.roles import ROLES

FILE = "demo-accounts.json"


class DemoAccount(NamedTuple):
    """One account of a demonstration; ``role`` as the code of one, ``where`` as people read it."""

    username: str
    password: str
    role: str
    name: str
    where: str

    @property
    def role_words(self) -> str:
        """The role in the words that it has everywhere; what is no role, as it was written."""
        return _(ROLES[Role(self.role)]) if self.role in set(Role) else self.role


def demo_accounts() -> list[DemoAccount]:
    """The accounts that the demonstration has written down; none anywhere else."""
    if not settings.DEMO:
        return []
    try:
        rows: list[dict[str, Any]] = json.loads((settings.HOME / FILE).read_text("utf-8"))
        return [DemoAccount(*(str(row[name]) for name in DemoAccount._fields)) for row in rows]
    except (OSError, ValueError, KeyError, TypeError):
        return []


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the accounts of a demonstration, by one click."""
    if not settings.DEMO:
        raise Http404
    wanted = request.POST.get("username", "")
    found = next((each for each in demo_accounts() if each.username == wanted), None)
    if found is not None:
        given = {"username": found.username, "password": found.password}
        try:
            user = get_adapter(request).authenticate(request, **given)
        except ValidationError as locked:
            messages.warning(request, locked.message)
            return redirect("account_login")
        if user is not None:
            answer: HttpResponse = perform_password_login(request, given, Login(user=user))
            return answer
    messages.warning(request, _("This demonstration account cannot sign in any more."))
    return redirect("account_login")
