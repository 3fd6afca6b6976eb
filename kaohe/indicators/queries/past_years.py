"""Earlier years: what the engine made of their folders, and what each unit had by then.

Only a year whose whole folder is kept says anything here; see ``services.year_folders``.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

from django.db.models import F

from kaohe.core.past import Past, PastValue
from kaohe.core.rows import Outputs
from kaohe.core.texts import fold
from kaohe.folder.past_table import PastRow, read_past
from kaohe.folder.read_results import read_outputs
from kaohe.indicators.models import AssessmentYear, Participant
from kaohe.indicators.queries.frozen import (
    FolderMissing,
    FolderSpoilt,
    opened_folder,
    opened_results,
)
from kaohe.indicators.queries.remembered import Remembered
from kaohe.organization.models import Jurisdiction

__all__ = [
    "FolderMissing",
    "FolderSpoilt",
    "last_with_folder",
    "opened_folder",
    "opened_results",
    "past_of",
    "results_of",
    "years_with_folders",
]

_pasts: Remembered[object, Past] = Remembered(8)  # by what they follow from


def years_with_folders(
    jurisdiction: Jurisdiction, before: int | None = None
) -> list[AssessmentYear]:
    """The years of a jurisdiction whose folders are kept, latest first."""
    rows = AssessmentYear.objects.filter(
        jurisdiction=jurisdiction, folder__isnull=False, results__isnull=False
    )
    if before is not None:
        rows = rows.filter(year__lt=before)
    return list(rows.select_related("folder", "results").order_by("-year"))


def last_with_folder(
    jurisdiction: Jurisdiction, before: int | None = None
) -> AssessmentYear | None:
    """The latest year whose folder is kept: what a preview is made with."""
    return next(iter(years_with_folders(jurisdiction, before)), None)


def results_of(year: AssessmentYear) -> Outputs:
    """The engine's results of an imported year; nobody changes them.

    Raises:
        FolderMissing: no folder of the year is kept.
        FolderSpoilt: what is kept was changed.

    Source: docs/rules/year_folder.md, YF-3.
    """
    folder = opened_results(year)
    return _read_results(str(folder))


@lru_cache(maxsize=4)
def _read_results(folder: str) -> Outputs:
    from pathlib import Path

    return read_outputs(Path(folder))


def past_of(jurisdiction: Jurisdiction, before: int, years: int = 3) -> Past:
    """What the years before one say of units and indicators; cached in the process.

    A unit is found under the code of that year and under the one it bears today, a department
    likewise by both names.  A year whose kept folder was spoilt is left out.

    Args:
        before: a year; those from ``before - years`` to ``before - 1`` are read.

    Source: docs/rules/year_folder.md, YF-4.
    """
    rows = [row for row in years_with_folders(jurisdiction, before) if row.year >= before - years]
    if not rows:
        return Past()
    codes, names = _renamed(rows)
    key = (
        tuple((row.year, _digest(row)) for row in rows),
        tuple(sorted(codes.items())),
        tuple(sorted(names.items())),
    )
    return _pasts.get_or(key, lambda: _joined(rows, codes, names))


def _digest(year: AssessmentYear) -> str:
    return year.results.digest if year.results else ""


Pair = tuple[int, str]


def _renamed(rows: Sequence[AssessmentYear]) -> tuple[dict[Pair, str], dict[Pair, str]]:
    """Codes of units and names of departments that are others today, by year."""
    here = Participant.objects.filter(assessment_year__in=rows).order_by()
    units = here.filter(unit__code__isnull=False).exclude(unit__code=F("code"))
    departments = here.exclude(department__name=F("department_name")).filter(
        department__isnull=False
    )
    codes = units.values_list("assessment_year__year", "code", "unit__code")
    names = departments.values_list(
        "assessment_year__year", "department_name", "department__name"
    ).distinct()
    return (
        {(year, old): str(new) for year, old, new in codes},
        {(year, old): str(new) for year, old, new in names},
    )


def _joined(
    rows: Sequence[AssessmentYear], codes: Mapping[Pair, str], names: Mapping[Pair, str]
) -> Past:
    by_unit: defaultdict[tuple[str, str], list[PastValue]] = defaultdict(list)
    by_department: defaultdict[Pair, defaultdict[str, list[int]]] = defaultdict(
        lambda: defaultdict(list)
    )
    years = []
    for row in rows:
        try:
            found = read_past(opened_results(row))
        except FolderSpoilt:
            continue
        years.append(row.year)
        _add(row.year, found, codes, names, by_unit, by_department)
    return Past(
        tuple(years), dict(by_unit), {key: dict(items) for key, items in by_department.items()}
    )


def _add(
    year: int,
    rows: Sequence[PastRow],
    codes: Mapping[Pair, str],
    names: Mapping[Pair, str],
    by_unit: dict[tuple[str, str], list[PastValue]],
    by_department: dict[Pair, defaultdict[str, list[int]]],
) -> None:
    folded: dict[str, str] = {}
    for row in rows:
        name = folded.get(row.name)
        if name is None:
            name = folded[row.name] = fold(row.name)
        value = PastValue(year, row.item, row.name, row.points, row.value, row.target, row.earned)
        for unit in {row.unit, codes.get((year, row.unit), row.unit)}:
            by_unit[unit, name].append(value)
        if row.earned is not None:
            for place in {row.department, names.get((year, row.department), row.department)}:
                by_department[year, place][name].append(row.earned)
