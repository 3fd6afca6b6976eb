"""What the page of a version shows, as workbooks: content, changes, cells, check-up, marks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from kaohe.core.checkup import SEVERITY_WORDS
from kaohe.core.part_path import Sort
from kaohe.core.problems import N_
from kaohe.web.indicators.part_steps import named
from kaohe.web.lists import rows_workbook

if TYPE_CHECKING:
    from kaohe.indicators.models import PartVersion

Rows = Iterable[tuple[object, ...]]
Context = Mapping[str, Any]
KINDS = {"changed": N_("changed"), "added": N_("added"), "removed": N_("removed")}


def exported(row: PartVersion, context: Context) -> HttpResponse:
    """The tab of a version's page that is open, as a workbook."""
    return rows_workbook(named(row), EXPORTED[context["view"]](row, context))


def _content(row: PartVersion, context: Context) -> Rows:
    content = context.get("content")
    return SORTS[Sort(row.part.sort)](content) if content else _cells(row, context)


def _template(content: Context) -> Rows:
    yield (
        _("Ledger"),
        _("Aspect"),
        _("Item code"),
        _("Item"),
        _("Definition"),
        _("Points"),
        _("How points are lost or earned"),
        _("Evidence"),
        _("Source of the value"),
        _("Basis"),
        _("Judged"),
        _("Nature of the clause"),
    )
    for ledger in content["ledgers"]:
        for aspect in ledger.aspects:
            for each in aspect.items:
                scoring = _("; ").join(each.scoring)
                shown = (each.item, each.name, each.definition, each.points, scoring)
                further = (each.evidence, each.source, each.basis, each.judge, each.tag)
                yield (ledger.words, aspect.name, *shown, *further)


def _settings(content: Context) -> Rows:
    yield (
        _("Section"),
        _("Setting"),
        _("Meaning"),
        _("Value"),
        _("Default"),
        _("Source"),
    )
    for section in content["sections"]:
        for each in section["lines"]:
            value, default = ("\n".join(lines) for lines in (each.value, each.default))
            told = (each.label, each.meaning, value, default, each.tag)
            yield (section["words"], *told)


def _scheme(content: Context) -> Rows:
    yield (
        _("Element"),
        _("Code of the indicator"),
        _("Indicator"),
        _("For"),
        _("Points"),
        _("How it is scored"),
        _("Visible or latent"),
        _("Marks"),
    )
    for group in content["groups"]:
        for each in group.lines:
            who = each.unit or _("all units of the department")
            named_ = (group.words, each.indicator.item, each.indicator.name, who)
            yield (*named_, each.points, each.said, each.visibility, len(each.marks))


def _changes(_row: PartVersion, context: Context) -> Rows:
    yield (
        _("Where"),
        _("Field"),
        _("Change"),
        _("Before"),
        _("Now"),
    )
    for each in context["rows"]:
        yield each.where, each.label, _(KINDS[each.kind]), each.old, each.new


def _cells(_row: PartVersion, context: Context) -> Rows:
    yield (
        _("Where"),
        _("Field"),
        _("Content"),
    )
    for each in context.get("cells", ()):
        yield each.where, each.label, each.new


def _check(_row: PartVersion, context: Context) -> Rows:
    yield (
        _("Point"),
        _("How grave"),
        _("Where"),
        _("What is found"),
        _("What to do"),
        _("Answer to the finding"),
        _("By"),
        _("On"),
    )
    checkup = context.get("checkup")
    for point in checkup.points if checkup else ():
        for each in point.rows:
            severity = _(SEVERITY_WORDS[each.severity])
            answer = each.answer
            told = (answer.text, answer.who, _day(answer.at)) if answer else ("", "", "")
            yield (point.label, severity, each.where, each.finding, each.remedy, *told)


def _marks(_row: PartVersion, context: Context) -> Rows:
    yield (
        _("State"),
        _("Where"),
        _("As it was"),
        _("Reason"),
        _("By"),
        _("On"),
    )
    for mark, where, text in context["marks"]:
        state = _("changed since") if mark.settled else _("open")
        yield state, where, text, mark.reason, mark.made_by.name, _day(mark.made_at)


def _day(at: Any) -> str:
    return f"{localdate(at):%Y.%m.%d}"


SORTS: Mapping[Sort, Callable[[Context], Rows]] = {
    Sort.TEMPLATE: _template,
    Sort.SETTINGS: _settings,
    Sort.DEPARTMENT: _scheme,
}
EXPORTED: Mapping[str, Callable[[PartVersion, Context], Rows]] = {
    "content": _content,
    "changes": _changes,
    "cells": _cells,
    "check": _check,
    "marks": _marks,
}
