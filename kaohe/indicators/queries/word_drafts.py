"""What Word files are read against: what heads mean to a department, what its units are called."""

from typing import NamedTuple

from kaohe.core.access import Verb
from kaohe.indicators.models import Part, Participant, WordColumns
from kaohe.indicators.queries.plan_book import scheme_units
from kaohe.indicators.reading.word_units import SHORT, UnitNames
from kaohe.organization.models import Department, Succession, UnitName, User
from kaohe.organization.queries.access import one, visible


def columns_of(department: int | None) -> dict[str, str]:
    """Folded head → field of an indicator, "" where a column is not needed."""
    row = WordColumns.objects.filter(department=department).first()
    return dict(row.columns) if row else {}


def word_columns(department: Department) -> WordColumns | None:
    """What a department has said, if it has."""
    return WordColumns.objects.filter(department=department).select_related("jurisdiction").first()


def department_that_drafts(user: User, key: int) -> Department:
    """A department whose scheme a user drafts.

    Raises:
        NothingHere: there is none.
    """
    rows = Department.objects.select_related("jurisdiction")
    return one(visible(user, Verb.SCHEME_DRAFT, rows, department="pk"), key)


def unit_names(part: Part) -> UnitNames:
    """The units of a scheme with all that they are called: names now and before, codes before.

    Source: docs/rules/plan_books.md, PB-9.
    """
    units = scheme_units(part)
    place = part.jurisdiction.name
    called = {code: [name] for code, name in units.items()}
    rows = Participant.objects.filter(
        assessment_year=part.assessment_year_id, code__in=units, unit__isnull=False
    )
    by_unit = dict(rows.values_list("unit", "code"))
    kinds = {"name": 0, "short": 1, "plate": 2}
    named = UnitName.objects.filter(unit__in=by_unit).values_list("unit", "kind", "name", "to_on")
    for unit, _kind, name, _to in sorted(
        named, key=lambda each: (each[3] is not None, kinds.get(each[1], 3))
    ):
        called[by_unit[unit]].append(name)
    former = Succession.objects.filter(kind="continuation", unit__in=by_unit)
    for unit, code in former.values_list("unit", "predecessor_code"):
        called[by_unit[unit]].append(code)
    for names in called.values():
        names += [
            rest
            for name in names
            if (rest := name.removeprefix(place)) != name and len(rest) >= SHORT
        ]
    return UnitNames(called)


class WordHead(NamedTuple):
    """A head of a Word file: as it is written, what it is taken for, whether anybody said so."""

    head: str
    field: str  # "" where it is not read
    is_known: bool
