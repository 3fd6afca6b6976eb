"""What a year's folder says of the time before it: grades, successions, people in post."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from kaohe.core.problems import Problem, declare
from kaohe.core.rows import PastGrade, Succession, Tenure
from kaohe.core.tables import GRADES, POSTS
from kaohe.folder.load import load_folder
from kaohe.folder.rows import fetch_inputs
from kaohe.indicators.models import AssessmentYear, Participant
from kaohe.indicators.queries.past_years import opened_folder, results_of, years_with_folders
from kaohe.inquiry.opening import connection
from kaohe.organization import models as register

declare(
    "warning",
    {
        "export-tenure-undated": (
            "{person} is in post at {unit} since a day that the register does not say, and is left"
            " out",
            "enter the day in the register, and export anew",
        ),
    },
)
Coded = tuple[str, int]


@dataclass(frozen=True)
class Background:
    """The rows of three tables, and what had to be left out of them."""

    history: Sequence[PastGrade] = ()
    successions: Sequence[Succession] = ()
    tenures: Sequence[Tenure] = ()
    left_out: list[Problem] = field(default_factory=list)


def background_of(year: AssessmentYear, participants: Sequence[Participant]) -> Background:
    """Grades, successions and tenures, of the folder that was imported or else of the register.

    Source: docs/rules/year_folder.md, YF-9.
    """
    if year.folder_id is not None:
        return _as_it_was(year)
    successions = list(_successions(year))
    left_out: list[Problem] = []
    return Background(
        sorted(_history(year), key=lambda row: (row.unit, row.year)),
        successions,
        list(_tenures(year, participants, left_out)),
        left_out,
    )


def _as_it_was(year: AssessmentYear) -> Background:
    with connection() as con:
        loaded = load_folder(opened_folder(year), con)
        inputs = fetch_inputs(con, loaded.scheme)
    return Background(inputs.history, inputs.successions, inputs.tenures)


def _rows_of_successions(year: AssessmentYear) -> Iterable[register.Succession]:
    rows = register.Succession.objects.filter(jurisdiction=year.jurisdiction, year__lte=year.year)
    return rows.select_related("unit", "predecessor").order_by("on", "pk")


def _successions(year: AssessmentYear) -> Iterable[Succession]:
    """Who followed whom, by the codes of the day; each pair once."""
    found: dict[tuple[str, str], Succession] = {}
    for row in _rows_of_successions(year):
        unit = row.code or row.unit.code or ""
        before = row.predecessor_code or row.predecessor.code or ""
        if unit and before and unit != before:
            found[unit, before] = Succession(unit, before, row.year, row.kind)
    return sorted(found.values())


def _history(year: AssessmentYear) -> Iterable[PastGrade]:
    """What is on record of grades; where it is silent, what imported years came to."""
    found: dict[Coded, PastGrade] = {}
    for past in years_with_folders(year.jurisdiction, year.year):
        for result in results_of(past).results:
            if result.grade in GRADES:
                row = PastGrade(result.unit, past.year, result.grade)
                found[result.unit, past.year] = row
    borne = _codes_by_year(year)
    rows = register.PastGrade.objects.filter(jurisdiction=year.jurisdiction, year__lt=year.year)
    for unit, code, of, grade, document in rows.values_list(
        "unit", "unit__code", "year", "grade", "document"
    ):
        here = _code_in(borne.get(unit, ()), of) or code
        if here:
            found[here, of] = PastGrade(here, of, grade, document or None)
    return found.values()


def _codes_by_year(year: AssessmentYear) -> dict[int, list[tuple[int, str]]]:
    """Of each unit that was given a new code: until which year it bore which one before."""
    found: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for row in _rows_of_successions(year):
        if row.kind == "continuation" and row.predecessor_code:
            found[row.unit_id].append((row.year, row.predecessor_code))
    return found


def _code_in(borne: Iterable[tuple[int, str]], year: int) -> str:
    return next((code for until, code in borne if year < until), "")


def _tenures(
    year: AssessmentYear, participants: Sequence[Participant], left_out: list[Problem]
) -> Iterable[Tenure]:
    """Who was in the two posts that results follow, until the end of the year."""
    codes = {each.unit_id: each.code for each in participants}
    rows = register.Tenure.objects.filter(
        jurisdiction=year.jurisdiction, post__in=POSTS, unit__isnull=False
    ).select_related("person")
    last = date(year.year, 12, 31)
    found = set()
    for row in rows:
        code = codes.get(row.unit_id)
        if code is None or (row.from_on is not None and row.from_on > last):
            continue
        if row.from_on is None:
            facts = {"person": row.person.name, "unit": code}
            left_out.append(Problem("export-tenure-undated", "tenures", facts=facts))
        else:
            found.add(Tenure(code, row.person.name, row.post, row.from_on, row.to_on))
    return sorted(found, key=lambda row: (row.unit, row.post, row.from_on, row.person))
