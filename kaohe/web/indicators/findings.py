"""Findings of the check-up in words, point by point of the checklist, with what was answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext as _

from kaohe.core.checklist import POINT_OF, STATE_WORDS, Line, State
from kaohe.core.checkup import WARNING
from kaohe.core.checkup_answers import Answer, Key, Told, key_of
from kaohe.indicators.queries import review
from kaohe.indicators.queries.answers import Reviewed, reviewed
from kaohe.indicators.queries.checkup_words import finding_in_words
from kaohe.indicators.queries.differences import Names
from kaohe.indicators.queries.parts import flat
from kaohe.web.indicators.finding_places import place_of
from kaohe.web.indicators.part_cells import path_said
from kaohe.web.indicators.part_forms import AnswerForm

if TYPE_CHECKING:
    from kaohe.indicators.models import PartVersion

SIGNS = {
    State.PASSED: "done",
    State.WARNED: "soon",
    State.WRONG: "back",
    State.WAITS: "todo",
    State.APART: "hold",
}


class FindingRow(NamedTuple):
    """A finding as a table shows it.

    ``then``: what was found when it was answered for, if that is no longer so.  ``form``: where it
    is answered, for whoever may.  ``cell``: the path by which it can be marked, if it can.
    ``place``: the address at which it is mended, or read.
    """

    severity: str
    where: str
    finding: str
    remedy: str
    path: str
    answer: Answer | None = None
    then: str = ""
    is_open: bool = False
    form: AnswerForm | None = None
    cell: str = ""
    place: str = ""


class PointRow(NamedTuple):
    """A point of the checklist with its findings."""

    code: str
    label: str
    sign: str
    state: str
    counts: list[str]
    looked: str
    rows: list[FindingRow]


class Shown(NamedTuple):
    """The check-up of a version as its templates show it."""

    points: list[PointRow]
    open: int
    total: int


def checkup_shown(version: PartVersion, *, may_answer: bool = False, edits: bool = False) -> Shown:
    """The whole check-up of a version: each point, and under it what was found.

    Args:
        may_answer: whether warnings are shown with a form.
        edits: whether findings lead to the forms by which they are mended, else to what they name.
    """
    found = reviewed(version)
    rows = _rows(version, found, may_answer=may_answer, edits=edits)
    points = [_point(line, rows.get(line.point.code, [])) for line in found.points]
    return Shown(points, found.open, len(found.told))


def _rows(
    version: PartVersion, found: Reviewed, *, may_answer: bool, edits: bool
) -> dict[str, list[FindingRow]]:
    names = Names(version.part.assessment_year, [version.content])
    cells = flat(version.part.sort, version.content)
    rows: dict[str, list[FindingRow]] = {}
    for place, told in enumerate(found.told):
        path = told.finding.path
        cell = path if path and review.is_cell(version, cells, path) else ""
        form = None
        if may_answer and told.finding.severity == WARNING:
            form = answer_form(key_of(told.finding), place, told)
        row = _row(told, names, form, cell)._replace(place=place_of(version, path, edits=edits))
        rows.setdefault(POINT_OF[told.finding.check], []).append(row)
    return rows


def answer_form(key: Key, place: int, told: Told) -> AnswerForm:
    """The form under a finding; several stand on one page, each with ids of its own."""
    text = told.answer.text if told.answer else ""
    return AnswerForm(initial={**key._asdict(), "text": text}, auto_id=f"a{place}_%s")


def _row(told: Told, names: Names, form: AnswerForm | None, cell: str) -> FindingRow:
    said = finding_in_words(told.finding, _)
    where = path_said(names, said.path) if said.path else names.units.get(said.unit, "")
    then = ""
    if told.answer and told.is_stale:
        then = finding_in_words(replace(told.finding, facts=told.answer.facts), _).sentence
    return FindingRow(
        said.severity,
        where,
        said.sentence,
        said.remedy,
        said.path,
        told.answer,
        then,
        told.is_open,
        form,
        cell,
    )


def _point(line: Line, rows: Sequence[FindingRow]) -> PointRow:
    counts = []
    if line.errors:
        counts.append(_("errors: %(n)s") % {"n": line.errors})
    if line.warnings:
        facts = {"n": line.warnings, "m": line.answered}
        counts.append(_("warnings: %(n)s, answered: %(m)s") % facts)
    if line.notes:
        counts.append(_("notes: %(n)s") % {"n": line.notes})
    return PointRow(
        line.point.code,
        _(line.point.label),
        SIGNS[line.state],
        _(STATE_WORDS[line.state]),
        counts,
        _(line.said).format_map(line.looked._asdict()),
        list(rows),
    )
