"""The page of a version: where it stands, whose turn it is, content, differences, check-up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from kaohe.core.part_path import FIXED, VERBS, Action, Sort, State
from kaohe.indicators.queries import differences, review
from kaohe.indicators.queries.limits import answer_due, limits_in_years, returns_in
from kaohe.indicators.queries.parts import (
    get_part_version,
    open_version,
    read_verb,
    verbs_on,
    versions_of,
)
from kaohe.inquiry.explanation.arithmetic import comma
from kaohe.organization.queries.access import allows
from kaohe.web.history import history_of
from kaohe.web.indicators.contents import content_of
from kaohe.web.indicators.findings import checkup_shown
from kaohe.web.indicators.frame import about_year, look_at
from kaohe.web.indicators.part_cells import cell_rows, cell_said, difference_rows, path_said
from kaohe.web.indicators.part_exports import EXPORTED, exported
from kaohe.web.indicators.part_since import since_shown
from kaohe.web.indicators.part_steps import state_of, steps, title_of
from kaohe.web.lists import is_export
from kaohe.web.requests import SignedIn
from kaohe.web.words.parts import NOUNS
from kaohe.web.writing import show

if TYPE_CHECKING:
    from kaohe.indicators.models import PartVersion

TABS = {Sort.SETTINGS: "settings", Sort.TEMPLATE: "template", Sort.DEPARTMENT: "schemes"}
CONTENT, CHANGES, CELLS, CHECK, MARKS, RECORD = (
    "content",
    "changes",
    "cells",
    "check",
    "marks",
    "record",
)


def address_of(version: PartVersion) -> str:
    """The page of a version."""
    return reverse("web:part-version", args=[version.pk])


def deed_url(version: PartVersion, deed: str) -> str:
    """The address of a deed on a version: each sort has its own, with its own verb."""
    return reverse(f"web:{deed}-{NOUNS[Sort(version.part.sort)]}", args=[version.pk])


def part_version(request: SignedIn, key: int) -> HttpResponse:
    """One version; ``?tab=`` says what of it is shown."""
    row = get_part_version(request.user, key)
    look_at(request, row.part.assessment_year)
    tab = request.GET.get("tab", CONTENT)
    fill = SHOWN.get(tab)
    context = {**frame_of(request, row), "view": tab if fill else CONTENT}
    context |= (fill or _content)(request, row)
    if is_export(request) and context["view"] in EXPORTED:
        return exported(row, context)
    context["may_export"] = context["view"] in EXPORTED
    return show(request, "indicators/part_version.html", context)


def frame_of(request: SignedIn, row: PartVersion) -> dict[str, Any]:
    """What stands on every page of a version: state, steps, whose turn, deeds, the tabs."""
    user = request.user
    own = row.pk in review.own_among(user, [row])
    deeds = review.deeds_on(user, row, own=own)
    sign, state = state_of(row)
    gone = review.units_gone(row) if State(row.state) not in FIXED else []
    verb, turn = review.turn_of(row)
    return {
        **about_year(request, row.part.assessment_year, TABS[Sort(row.part.sort)]),
        "version": row,
        "part_title": title_of(row),
        "sign": sign,
        "state": state,
        "steps": steps(row, review.trail_of(row)),
        "deeds": {str(each): deed_url(row, each) for each in deeds},
        "may_return": Action.RETURN in deeds,
        "may_edit": review.may_edit(user, row),
        "next_url": _next(request, row),
        "own": own and row.state == State.SUBMITTED and _may_approve(request, row),
        "mine": verb is not None and allows(user, verb, row),
        "turn": comma(_).join(turn),
        "gone": [_gone_said(each) for each in gone],
        **deadline_of(row),
        "open_marks": row.marks.filter(settled=False).count(),
        "reads_drafts": _reads_drafts(request, row),
        "siblings": _siblings(request, row),
    }


def deadline_of(row: PartVersion) -> dict[str, Any]:
    """Until when the office answers a scheme, and how often the version was returned."""
    year = row.part.assessment_year_id
    limits = limits_in_years([year])[year]
    due, times = answer_due(row, limits), returns_in([row])[row.pk]
    return {
        "due": due,
        "is_late": due is not None and due < localdate(),
        "returns": times,
        "returned_often": times >= limits.returns,
    }


def _may_approve(request: SignedIn, row: PartVersion) -> bool:
    return allows(request.user, VERBS[Sort(row.part.sort)].approve, row)


def _reads_drafts(request: SignedIn, row: PartVersion) -> bool:
    """Whether a person reads what leads up to an issue: notes, marks, check-up."""
    return allows(request.user, read_verb(row.part.sort), row)


def _siblings(request: SignedIn, row: PartVersion) -> list[tuple[PartVersion, str, str]]:
    """All versions of the part that a person may see, with their signs and states."""
    rows = versions_of(request.user, row.part.assessment_year).filter(part=row.part)
    return [(each, *state_of(each)) for each in rows.defer("content")]


def _next(request: SignedIn, row: PartVersion) -> str:
    """Where the next version is drafted, if it may be now."""
    draft = VERBS[Sort(row.part.sort)].draft
    ended = State(row.state) in (State.ISSUED, State.WITHDRAWN)
    if not ended or row.part.assessment_year.state != "open":
        return ""
    if draft not in verbs_on(request.user, row.part) or open_version(row.part):
        return ""
    return deed_url(row, "next")


def _gone_said(gone: review.Gone) -> str:
    facts = {"department": gone.department}
    return _("%(unit)s: %(why)s") % {"unit": gone.name, "why": _(gone.why).format_map(facts)}


def _content(request: SignedIn, row: PartVersion) -> dict[str, Any]:
    found = content_of(request, row)
    return {"content": found} if found else _cells(request, row)


def _changes(request: SignedIn, row: PartVersion) -> dict[str, Any]:
    """What differs from another version: the one asked for, else that in force before."""
    asked = request.GET.get("from", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 9 else None
    since = {"since": since_shown(row)} if _reads_drafts(request, row) and not asked else {}
    return {**changes_of(request, row, number), **since}


def changes_of(request: SignedIn, row: PartVersion, number: int | None = None) -> dict[str, Any]:
    """What a version changes in the one that it is compared with, for whoever decides on it."""
    old = differences.compared_with(request.user, row, number)
    last_year = old is None and number is None
    if last_year:
        old = differences.previous_of_year(row)
    found = differences.differences(old, row) if old else []
    return {
        "old": old,
        "last_year": last_year and old is not None,
        "rows": difference_rows(found, review.marks_of(row)),
    }


def _cells(request: SignedIn, row: PartVersion) -> dict[str, Any]:
    """Every cell, for whoever marks some of them; who may, sees the empty ones too."""
    verb = VERBS[Sort(row.part.sort)].approve
    may_mark = review.is_open(row, Action.RETURN) and allows(request.user, verb, row)
    found = differences.cells_of(row, empty=may_mark)
    return {"cells": cell_rows(found, review.marks_of(row))}


def _check(request: SignedIn, row: PartVersion) -> dict[str, Any]:
    if not _reads_drafts(request, row):
        return {}
    return about_checkup(request, row)


def about_checkup(request: SignedIn, row: PartVersion) -> dict[str, Any]:
    """The checklist and the findings, with forms for whoever answers them."""
    checked = row.part.sort != Sort.SETTINGS
    may_answer = checked and review.may_edit(request.user, row)
    return {
        "checkup": checkup_shown(row, may_answer=may_answer, edits=may_answer) if checked else None,
        "answer_url": deed_url(row, "answer") if may_answer else "",
    }


def _marks(request: SignedIn, row: PartVersion) -> dict[str, Any]:
    if not _reads_drafts(request, row):
        return {"marks": []}
    names = differences.Names(row.part.assessment_year, [row.content])
    marks = row.marks.select_related("made_by").order_by("settled", "id")
    return {
        "marks": [
            (each, path_said(names, each.path), cell_said(names.where(each.path), each.text))
            for each in marks
        ]
    }


def _record(request: SignedIn, row: PartVersion) -> dict[str, Any]:
    subjects = [row.subject, row.part.subject]
    if not _reads_drafts(request, row):
        return {"history": None}
    return {"history": history_of(request.user, row, subjects)}


SHOWN: Mapping[str, Callable[[SignedIn, PartVersion], dict[str, Any]]] = {
    CONTENT: _content,
    CHANGES: _changes,
    CELLS: _cells,
    CHECK: _check,
    MARKS: _marks,
    RECORD: _record,
}
