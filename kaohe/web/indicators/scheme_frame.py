"""What the pages of one department's scheme have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch, reverse

from kaohe.core.access import Verb
from kaohe.core.indicators import Indicator
from kaohe.core.part_path import Sort
from kaohe.core.plan_edits import ItemGone, found_in
from kaohe.indicators.queries.parts import get_part_version, plan_in
from kaohe.indicators.queries.review import may_edit
from kaohe.organization.queries.access import NothingHere, allows
from kaohe.web.indicators.frame import about_year
from kaohe.web.requests import SignedIn

if TYPE_CHECKING:
    from kaohe.indicators.models import PartVersion


def scheme_page(request: SignedIn, key: int) -> PartVersion:
    """A version of a department's scheme that the person may see.

    Raises:
        NothingHere: there is none.
    """
    version = get_part_version(request.user, key)
    if version.part.sort != Sort.DEPARTMENT:
        raise NothingHere
    return version


def scheme_to_edit(request: SignedIn, key: int) -> PartVersion:
    """A version for a page that edits it; where it stands is asked again by the service.

    Raises:
        NothingHere: there is none, or the person may not draft it.
    """
    version = scheme_page(request, key)
    if not allows(request.user, Verb.SCHEME_DRAFT, version):
        raise NothingHere
    return version


def indicator_in(version: PartVersion, item: str) -> Indicator:
    """An indicator of a scheme.

    Raises:
        NothingHere: there is none of this code.
    """
    try:
        return found_in(plan_in(version), item)
    except ItemGone:
        raise NothingHere from None


def about_scheme(request: SignedIn, version: PartVersion) -> dict[str, Any]:
    """What a page of a scheme needs: its year, its department, whether it can be edited."""
    part = version.part
    return {
        **about_year(request, part.assessment_year, "schemes"),
        "version": version,
        "department": part.department,
        "editable": may_edit(request.user, version),
        "about": part.department.name if part.department else "",
    }


def back_to(version: PartVersion) -> str:
    """The page of the version."""
    return reverse("web:part-version", args=[version.pk])


def address_if_any(name: str, *given: Any) -> str:
    """An address, or nothing where this installation has no such page."""
    try:
        return reverse(name, args=given)
    except NoReverseMatch:
        return ""
