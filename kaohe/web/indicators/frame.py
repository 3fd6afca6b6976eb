"""What every page of a year has: the year itself, its tabs, and the choice of another year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kaohe.core.access import Verb
from kaohe.core.problems import N_
from kaohe.indicators.queries.years import get_year, years_of
from kaohe.organization.queries.access import allows
from kaohe.web.requests import SignedIn

if TYPE_CHECKING:
    from kaohe.indicators.models import AssessmentYear
    from kaohe.organization.models import Jurisdiction

CHOSEN_YEAR = "assessment_year"  # the key in the session
# what a tab is called, the address that it leads to (with the year's key), and its name
TABS = (
    (N_("Year"), "web:year", "year"),
    (N_("Calendar"), "web:calendar", "calendar"),
    (N_("Groups"), "web:groups", "groups"),
    (N_("Units in the year"), "web:participants", "participants"),
    (N_("Common indicators"), "web:template", "template"),
    (N_("Settings of the scheme"), "web:settings", "settings"),
    (N_("Departments' schemes"), "web:schemes", "schemes"),
    (N_("Assessment sheets"), "web:sheets", "sheets"),
    (N_("Targets"), "web:targets", "targets"),
    (N_("Approvals"), "web:approvals", "approvals"),
    (N_("In and out"), "web:year-files", "year-files"),
)


class YearTab(NamedTuple):
    """A tab of a year's pages."""

    words: str
    url: str
    part: str


def year_page(request: SignedIn, key: int, verb: Verb = Verb.YEAR_READ) -> AssessmentYear:
    """The year of a page, to which the person may do ``verb``; it is the one that is looked at.

    Raises:
        NothingHere: there is none.
    """
    year = get_year(request.user, key, verb)
    look_at(request, year)
    return year


def look_at(request: SignedIn, year: AssessmentYear) -> None:
    """Keep a year as the one whose pages are looked at."""
    if request.session.get(CHOSEN_YEAR) != year.pk:
        request.session[CHOSEN_YEAR] = year.pk


def about_year(request: SignedIn, year: AssessmentYear, tab: str) -> dict[str, Any]:
    """What ``indicators/base.html`` needs: the year, its tabs, the other years.

    Args:
        tab: the name of the tab that the page belongs to, as in ``TABS``.
    """
    return {
        "year": year,
        "tab": tab,
        "year_tabs": tabs_of(request, year),
        **year_choice(request, year.jurisdiction, year, tab),
    }


def year_choice(
    request: SignedIn, place: Jurisdiction, year: AssessmentYear | None, tab: str
) -> dict[str, Any]:
    """What the choice of a year in the page's head needs: the years, and where it leads back to."""
    return {"year_choice": list(years_of(request.user, place)), "year": year, "choice_tab": tab}


def year_in_view(request: SignedIn, place: Jurisdiction) -> AssessmentYear | None:
    """The year that is looked at in a jurisdiction.

    The one that was chosen; else that of today, if it is open; else the latest open one; else the
    latest.
    """
    rows = list(years_of(request.user, place))
    wanted, today = request.session.get(CHOSEN_YEAR), timezone.localdate().year
    opened = [row for row in rows if row.state == "open"]
    found = [row for row in rows if row.pk == wanted] or [
        row for row in opened if row.year == today
    ]
    return next(iter(found or opened or rows), None)


def tabs_of(request: SignedIn, year: AssessmentYear) -> list[YearTab]:
    """The tabs that a person may open; each asks for the verb of its own address."""
    found = []
    for words, name, part in TABS:
        try:
            url = reverse(name, args=[year.pk])
        except NoReverseMatch:
            continue
        if allows(request.user, resolve(url).func.verb):  # type: ignore[attr-defined]
            found.append(YearTab(_(words), url, part))
    return found
