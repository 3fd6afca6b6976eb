"""The limits that a year's check-up and review go by: of its issued settings, else the defaults."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.timezone import localdate

from kaohe.core.checkup import Limits
from kaohe.core.checkup_limits import ROOT, limits_of
from kaohe.core.deadlines import add_working_days
from kaohe.core.errors import Invalid
from kaohe.core.part_path import Sort, State
from kaohe.core.scheme_text import read_scheme
from kaohe.indicators.models import AssessmentYear, PartVersion
from kaohe.journal.queries import entries_of
from kaohe.organization.queries.calendar import announced_holidays

_IN_FORCE = (State.ISSUED, State.ARCHIVED)


def kept_limits(content: Mapping[str, Any]) -> Mapping[str, str]:
    """The limits that a version of the settings holds; an older one holds none."""
    found: Mapping[str, str] = content.get(ROOT, {})
    return found


def limits_in_years(years: Iterable[int]) -> dict[int, Limits]:
    """The limits of years by their keys, in one query; without issued settings the defaults.

    Source: docs/rules/checkup.md, K-17.
    """
    wanted = set(years)
    rows = PartVersion.objects.filter(
        part__assessment_year__in=wanted, part__sort=Sort.SETTINGS, state__in=_IN_FORCE
    ).order_by("number")
    found = rows.values_list("part__assessment_year", f"content__{ROOT}")
    kept = {year: limits_of(each or {}) for year, each in found}
    return {year: kept.get(year, Limits()) for year in wanted}


def limits_and_tiers(year: AssessmentYear) -> tuple[Limits, int | None]:
    """The limits of a year, and how many tiers its issued settings have; None: none are issued."""
    rows = PartVersion.objects.filter(
        part__assessment_year=year, part__sort=Sort.SETTINGS, state__in=_IN_FORCE
    ).order_by("-number")
    content = rows.values_list("content", flat=True).first()
    if content is None:
        return Limits(), None
    return limits_of(kept_limits(content)), _tiers(content.get("toml", ""))


@lru_cache(maxsize=64)
def _tiers(toml: str) -> int | None:
    scheme, _problems = read_scheme(toml)
    return len(scheme.tier_policy.tiers) if scheme else None


def answer_due(version: PartVersion, limits: Limits) -> date | None:
    """Until when the office answers a scheme that was submitted; None: nothing waits, or unknown.

    Of a year whose days off are not announced yet nothing is guessed.

    Source: docs/rules/checkup.md, K-18.
    """
    waits = version.part.sort == Sort.DEPARTMENT and version.state == State.SUBMITTED
    if not waits or version.submitted_at is None:
        return None
    try:
        return add_working_days(
            localdate(version.submitted_at), limits.review_days, announced_holidays()
        )
    except Invalid:
        return None


def returns_in(versions: Iterable[PartVersion]) -> dict[int, int]:
    """How often versions were returned so far, by key, from the record, in one query."""
    rows = {row.subject: row.pk for row in versions}
    entries = entries_of(list(rows)).filter(action="part.returned").order_by()
    found = dict.fromkeys(rows.values(), 0)
    for subject in entries.select_related(None).values_list("subject", flat=True):
        found[rows[subject]] += 1
    return found
