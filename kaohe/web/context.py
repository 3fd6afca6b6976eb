"""What every page's frame shows: the menu, who is signed in, where."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from kaohe.core.access import Verb
from kaohe.core.problems import N_
from kaohe.indicators.queries.desk_of_indicators import returned_count
from kaohe.organization.queries.access import allows, roles_of
from kaohe.web.accounts.idle import idle_seconds
from kaohe.web.words.roles import ROLES

_KEPT = "_frame_of_page"


class Place(NamedTuple):
    """A line of the menu: its words, its address, and the part of the site that it stands for."""

    words: str
    url: str
    part: str


MENU = (
    (N_("Desk"), "web:desk", "desk", Verb.DESK_READ),
    (N_("Organization"), "web:overview", "organization", Verb.OVERVIEW_READ),
    (N_("Indicators"), "web:indicators", "indicators", Verb.YEAR_READ),
    (N_("Users"), "web:users", "users", Verb.USER_READ),
    (N_("Record"), "web:trace", "trace", Verb.TRACE_READ),
    (N_("System"), "web:system", "system", Verb.SYSTEM_READ),
)


SEARCHED = (Verb.UNIT_READ, Verb.PERSON_READ, Verb.DEPARTMENT_READ, Verb.DOCUMENT_READ)
TABS = (
    (N_("Overview"), "web:overview", "overview", Verb.OVERVIEW_READ),
    (N_("Committee"), "web:committee", "committee", Verb.COMMITTEE_READ),
    (N_("Departments"), "web:departments", "departments", Verb.DEPARTMENT_READ),
    (N_("Register of units"), "web:units", "units", Verb.UNIT_READ),
    (N_("People and posts"), "web:people", "people", Verb.PERSON_READ),
    (N_("Rules and documents"), "web:documents", "documents", Verb.DOCUMENT_READ),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """For the frame of a page; one question to the database, whatever the page."""
    user: Any = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"demo": settings.DEMO}
    kept: dict[str, Any] | None = getattr(request, _KEPT, None)  # a page with a list asks twice
    if kept is None:
        kept = _of_page(request, user)
        setattr(request, _KEPT, kept)
    return kept


def _of_page(request: HttpRequest, user: Any) -> dict[str, Any]:
    part = request.path.strip("/").split("/")[0] or "desk"
    return {
        "demo": settings.DEMO,
        "menu": _places(user, MENU),
        "organization_tabs": _places(user, TABS),
        "menu_part": part,
        "returned_count": returned_count(user),
        "roles": [_(ROLES[role]) for role in roles_of(user)],
        "may_search": any(allows(user, verb) for verb in SEARCHED),
        "may_read_erasures": allows(user, Verb.ERASURE_READ),
        "idle_seconds": idle_seconds(user),
    }


def _places(user: Any, lines: Sequence[tuple[str, str, str, Verb]]) -> list[Place]:
    return [
        Place(_(words), reverse(url), part)
        for words, url, part, verb in lines
        if allows(user, verb)
    ]
