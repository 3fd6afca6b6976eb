"""A version of the settings or of the template on a page that edits it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from kaohe.core.errors import Refusal
from kaohe.core.part_path import VERBS, Action, Sort, State, move
from kaohe.indicators.queries.settings_part import get_version_of
from kaohe.organization.queries.access import require
from kaohe.web.indicators.frame import about_year, look_at
from kaohe.web.requests import SignedIn

if TYPE_CHECKING:
    from kaohe.indicators.models import PartVersion


def version_to_edit(request: SignedIn, key: int, sort: Sort) -> PartVersion:
    """A version of a sort that a person may draft; its year becomes the one looked at.

    Raises:
        NothingHere, RoleMissing: there is none, or they may not.
    """
    version = get_version_of(request.user, key, sort)
    require(request.user, VERBS[sort].draft, version)
    look_at(request, version.part.assessment_year)
    return version


def kept_away(request: SignedIn, version: PartVersion) -> HttpResponse | None:
    """Back to its page, with the reason, where a version cannot be edited; else None.

    What is sent nevertheless is refused by the service.
    """
    if request.method == "POST":
        return None
    try:
        move(Sort(version.part.sort), State(version.state), Action.EDIT)
    except Refusal as refusal:
        messages.warning(request, refusal.say(_))
        return HttpResponseRedirect(page_of(version))
    return None


def page_of(version: PartVersion) -> str:
    """The address of a version."""
    return reverse("web:part-version", args=[version.pk])


def about_version(request: SignedIn, version: PartVersion) -> dict[str, Any]:
    """What each page that edits a version needs."""
    year = version.part.assessment_year
    return {
        **about_year(request, year, version.part.sort),
        "version": version,
        "about": _("%(year)s, version %(n)s") % {"year": year.year, "n": version.number},
        "back": page_of(version),
    }
