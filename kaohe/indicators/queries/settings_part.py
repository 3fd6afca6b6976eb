"""Reading the settings of a year's scheme."""

from collections.abc import Mapping
from typing import Any

from kaohe.core.access import Verb
from kaohe.core.checkup_limits import limit_values
from kaohe.core.part_path import FIXED, Sort
from kaohe.core.scheme_settings import values_of
from kaohe.indicators.models import AssessmentYear, PartVersion
from kaohe.indicators.queries.limits import kept_limits
from kaohe.indicators.queries.parts import get_part_version, scheme_in, versions_of
from kaohe.organization.models import User
from kaohe.organization.queries.access import NothingHere, visible


def get_version_of(user: User, key: int, sort: Sort) -> PartVersion:
    """A version of one sort of part that a user may see.

    Raises:
        NothingHere: there is none.
    """
    found = get_part_version(user, key)
    if found.part.sort != sort:
        raise NothingHere
    return found


def versions_of_sort(user: User, year: AssessmentYear, sort: Sort) -> list[PartVersion]:
    """The versions of a part of a year that a user may see, latest first."""
    return list(versions_of(user, year).filter(part__sort=sort).order_by("-number"))


def earlier_versions(user: User, year: AssessmentYear, sort: Sort) -> list[PartVersion]:
    """What was in force in earlier years, from which a year may begin; latest year first."""
    rows = PartVersion.objects.filter(
        part__sort=sort,
        part__assessment_year__jurisdiction=year.jurisdiction_id,
        part__assessment_year__year__lt=year.year,
        state__in=sorted(FIXED - {"superseded"}),
    )
    rows = visible(user, Verb.YEAR_READ, rows).select_related("part__assessment_year")
    return list(rows.order_by("-part__assessment_year__year", "-number"))


def settings_in(version: PartVersion) -> Mapping[str, Any]:
    """The value of every setting of a version, by key."""
    return {**values_of(scheme_in(version)), **limit_values(kept_limits(version.content))}


def groups_with_weights(version: PartVersion) -> list[str]:
    """The groups of the year, and those for which the version has weights though they are gone."""
    year = version.part.assessment_year
    names = list(year.groups.filter(closed=False).values_list("name", flat=True))
    return [*names, *(name for name in scheme_in(version).weights_by_group if name not in names)]
