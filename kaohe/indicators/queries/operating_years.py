"""Years as the operator of an installation sees them, who works on the machine itself."""

from typing import NamedTuple

from django.db.models import Count, Q

from kaohe.core.access import Verb
from kaohe.core.errors import Invalid
from kaohe.core.problems import N_
from kaohe.indicators.models import AssessmentYear
from kaohe.organization.models import Jurisdiction, User
from kaohe.organization.queries.access import allows
from kaohe.organization.queries.accounts import find_user


class YearUnknown(Invalid):
    """There is no such year."""

    code = "year.unknown"
    sentence = N_("There is no assessment year {year} here. Those that there are: {years}.")


class PlaceUnclear(Invalid):
    """Which jurisdiction is meant?"""

    code = "year.place-unclear"
    sentence = N_("Say with --jurisdiction which jurisdiction is meant: {places}.")


class NobodyNamed(Invalid):
    """In whose name?"""

    code = "year.nobody-named"
    sentence = N_(
        "What is entered is entered in somebody's name: give the account with --as. Accounts that"
        " may: {accounts}."
    )


class YearLine(NamedTuple):
    """A year in the operator's list."""

    place: str
    year: int
    title: str
    state: str
    units: int
    sheets: int
    folder: bool


def year_lines(code: str | None = None) -> list[YearLine]:
    """Every year of the installation, or of one jurisdiction, latest first."""
    rows = AssessmentYear.objects.select_related("jurisdiction").order_by(
        "jurisdiction__code", "-year"
    )
    if code:
        rows = rows.filter(jurisdiction__code=code)
    current = Q(participants__sheets__state__in=["issued", "archived"])
    counted = rows.annotate(
        units=Count("participants", distinct=True),
        sheets=Count("participants__sheets", filter=current, distinct=True),
    )
    return [
        YearLine(
            row.jurisdiction.name,
            row.year,
            row.title,
            row.state,
            row.units,
            row.sheets,
            row.folder_id is not None,
        )
        for row in counted
    ]


def year_on_machine(number: int, code: str | None = None) -> AssessmentYear:
    """A year by its number, in the jurisdiction that is named or the only one that has it.

    Raises:
        YearUnknown: there is none.
        PlaceUnclear: several jurisdictions have it.
    """
    rows = AssessmentYear.objects.select_related("jurisdiction")
    if code:
        rows = rows.filter(jurisdiction__code=code)
    found = list(rows.filter(year=number).order_by("jurisdiction__code"))
    if not found:
        years = sorted({str(year) for year in rows.values_list("year", flat=True)})
        raise YearUnknown(year=number, years="、".join(years) or "—")
    if len(found) > 1:
        raise PlaceUnclear(places="、".join(_called(row.jurisdiction) for row in found))
    return found[0]


def place_on_machine(code: str) -> Jurisdiction:
    """The jurisdiction of a code.

    Raises:
        PlaceUnclear: there is none of it.
    """
    found = Jurisdiction.objects.filter(code=code).first()
    if found is None:
        everywhere = Jurisdiction.objects.order_by("code")
        raise PlaceUnclear(places="、".join(map(_called, everywhere)))
    return found


def _called(place: Jurisdiction) -> str:
    return f"{place.code} {place.name}"


def who_enters(place: Jurisdiction, name: str | None) -> User:
    """The account in whose name a year is entered: the one that is named, else the only one.

    Raises:
        NobodyNamed: there is no such account, or several could be meant.
    """
    if name is not None:
        found = find_user(name)
        if found is not None:
            return found
    users = User.objects.filter(is_active=True, assignments__jurisdiction=place).distinct()
    able = [user for user in users.order_by("username") if allows(user, Verb.YEAR_MANAGE, place)]
    if name is None and len(able) == 1:
        return able[0]
    raise NobodyNamed(accounts="、".join(user.username for user in able) or "—")
