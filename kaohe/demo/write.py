"""Writing a demonstration folder: a city to work in, or a province or a nation to measure with."""

from pathlib import Path
from typing import NamedTuple

from kaohe.core.problems import Problem, declare
from kaohe.core.rows import Inputs
from kaohe.demo.city import MOST_CITY_UNITS, build_city
from kaohe.demo.country import MOST_UNITS, SCALES, write_country
from kaohe.folder.author import write_folder
from kaohe.inquiry.refusals import QuestionRefused
from kaohe.inquiry.writing import written_aside

FIRST_YEAR, LAST_YEAR = 1950, 2999
_FORMS = {"city": ("xlsx", "csv", "parquet"), "province": ("parquet", "csv")}
_FORMS["nation"] = _FORMS["province"]

declare(
    "error",
    {
        "demo-units": (
            "a demonstration of scale {scale} has 1 to {most} units, not {units}",
            "give another number with --units, or a larger scale with --scale",
        ),
        "demo-year": (
            "a demonstration is of a year from {first} to {last}, not of {year}",
            "give another year with --year",
        ),
        "demo-form": (
            "a demonstration of scale {scale} cannot be written as {form}",
            "choose one of these with --format: {forms}",
        ),
    },
)


class Made(NamedTuple):
    """What was written: units, and facts (events, measurements, milestones, marks, responses)."""

    units: int
    facts: int


def write_demo(
    out: Path,
    *,
    scale: str = "city",
    units: int | None = None,
    year: int = 2026,
    seed: int = 1,
    form: str | None = None,
) -> Made:
    """Writes an invented assessment folder that passes every check.

    Args:
        out: absent or an empty folder; it appears complete or not at all.
        scale: "city" (282 units, about 80,000 facts), "province" (40,000 units, 10 million facts)
            or "nation" (1.1 million units, 96 million facts).
        units: another number of units than that of the scale.
        year: the assessment year.
        seed: the same seed, size and year give the same facts on every machine.
        form: "xlsx" (for a city alone, and its default), "csv" or "parquet".

    Raises:
        QuestionRefused: no such demonstration can be made; nothing was written.
    """
    wanted = SCALES[scale].units if units is None and scale in SCALES else units
    forms = _FORMS[scale]
    chosen = forms[0] if form is None else form
    problems = _refused(scale, wanted, year, chosen)
    if problems:
        raise QuestionRefused(problems)
    with written_aside(out) as folder:
        if scale == "city":
            text, inputs = build_city(wanted, year, seed)
            write_folder(inputs, text, folder, chosen)
            return Made(len(inputs.units), facts_of(inputs))
        size = wanted or 0
        facts = write_country(folder, scale, units=size, year=year, seed=seed, form=chosen)
        return Made(size, facts)


def _refused(scale: str, units: int | None, year: int, form: str) -> list[Problem]:
    problems = []
    most = MOST_CITY_UNITS if scale == "city" else MOST_UNITS
    if units is not None and not 1 <= units <= most:
        facts = {"scale": scale, "most": most, "units": units}
        problems.append(Problem("demo-units", facts=facts))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        facts = {"first": FIRST_YEAR, "last": LAST_YEAR, "year": year}
        problems.append(Problem("demo-year", facts=facts))
    if form not in _FORMS[scale]:
        facts = {"scale": scale, "form": form, "forms": ", ".join(_FORMS[scale])}
        problems.append(Problem("demo-form", facts=facts))
    return problems


def facts_of(inputs: Inputs) -> int:
    """How many facts: events, measurements, milestones, marks and responses."""
    tables = (
        inputs.events,
        inputs.measurements,
        inputs.milestones,
        inputs.marks,
        inputs.responses,
    )
    return sum(len(rows) for rows in tables)
