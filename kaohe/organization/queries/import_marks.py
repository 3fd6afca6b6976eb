"""The workbook of an import with what is wrong marked in it, in the language of whoever asks."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from kaohe.core.errors import NotFound
from kaohe.core.problems import N_, Problem
from kaohe.core.register import FIELD, Kind
from kaohe.documents.annotatable import can_be_annotated
from kaohe.documents.register_book import Mark, annotated, list_of_problems
from kaohe.organization.models import Import
from kaohe.organization.queries.files import path_of
from kaohe.organization.queries.import_report import Shown
from kaohe.organization.queries.imports import department_names, report_of

_DAYS = frozenset({"day", "began", "begin"})
MOST_ANNOTATED = 2000  # rows; longer workbooks are answered with the rows that are not right


class NoReport(NotFound):
    """A workbook without rows that could be marked."""

    code = "import.no-report"
    sentence = N_("There is nothing to mark: the workbook is not checked, or could not be read.")


def marked_workbook(row: Import) -> tuple[bytes, str]:
    """The workbook with what is wrong marked in it, and its name.

    One that is long, or cannot be annotated, is answered with the rows that are not right.

    Raises:
        NothingHere, NoReport: it is not checked, or could not be read.
    """
    report = report_of(row)
    if not report.head["columns"]:
        raise NoReport
    wanted = sorted(
        {each.row: each for kind in ("bad", "warnings") for each in report.lines(kind)}.items()
    )
    lines = [each for _number, each in wanted]
    path = path_of(row.file.digest)
    is_short = row.file.media == "xlsx" and report.counts["all"] <= MOST_ANNOTATED
    data = None
    if is_short and can_be_annotated(path):
        marks = marks_of(lines)
        data = annotated(path, report.head["sheet"], report.head["head_row"], marks)
    if data is None:
        names = department_names(row.jurisdiction)
        told = ((each.row, as_typed(each, names), marks_of([each])) for each in lines)
        data = list_of_problems(report.columns, told, _)
    stem = row.file.name.rpartition(".")[0] or row.file.name
    return data, _("{name}-marked.xlsx").format(name=stem)


def said(problem: Problem) -> str:
    """What is wrong and what to do, in one sentence each."""
    facts = {name: _fact(name, fact) for name, fact in problem.facts.items()}
    told = Problem(problem.code, problem.table, problem.row, problem.column, facts)
    return _("{problem}; {remedy}").format(problem=told.sentence(_), remedy=told.remedy(_))


def _fact(name: str, fact: object) -> object:
    """A fact as people read it; days come from a report as text."""
    return str(fact).replace("-", ".") if name in _DAYS else fact


def shown(name: str, kept: Any, departments: Mapping[int, str]) -> str:
    """A value of a report as people read it."""
    each = FIELD[name]
    if kept in (None, "", []):
        return ""
    if name == "department":
        return departments.get(kept, str(kept))
    if each.kind is Kind.DATE:
        return str(kept).replace("-", ".")
    if each.choices:
        return next((_(choice.word) for choice in each.choices if choice.code == kept), str(kept))
    return "、".join(kept) if isinstance(kept, list) else str(kept)


def as_typed(line: Shown, departments: Mapping[int, str]) -> dict[str, str]:
    """The cells of a row: as they were typed, or where that was not kept, as they will be."""
    return line.typed or {
        name: shown(name, kept, departments) for name, kept in line.values.items()
    }


def marks_of(lines: Iterable[Shown]) -> list[Mark]:
    """What is wrong, for marking it in the workbook itself."""
    return [
        Mark(line.row, problem.column, said(problem), problem.severity == "error")
        for line in lines
        for problem in line.problems
    ]
