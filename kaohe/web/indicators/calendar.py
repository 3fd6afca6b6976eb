"""Pages: the calendar of a year, one step of it, and what is done with a step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.access import Verb
from kaohe.core.year_steps import SIGN_WORDS, STAGE_WORDS, Sign
from kaohe.indicators.queries.journey import (
    BY_DOCUMENTS,
    StepState,
    get_step,
    journey_of,
    step_state,
)
from kaohe.indicators.services import steps as services
from kaohe.organization.queries.access import allows
from kaohe.web.fields import DayField, LongText
from kaohe.web.history import history_of
from kaohe.web.indicators.deeds import deed_page
from kaohe.web.indicators.frame import about_year, look_at, year_page
from kaohe.web.lists import is_export, rows_workbook
from kaohe.web.requests import SignedIn
from kaohe.web.story import word
from kaohe.web.words.years import SIGNS
from kaohe.web.writing import WritingForm, show

if TYPE_CHECKING:
    from kaohe.indicators.models import Step

TAB = "calendar"


class StepLine(NamedTuple):
    """A step as the pages show it."""

    state: StepState
    words: str
    responsible: str
    sign: str
    said: str
    left: str
    law: bool


class StageLines(NamedTuple):
    """The steps of a stage as the page shows them."""

    words: str
    lines: list[StepLine]


def step_line(state: StepState) -> StepLine:
    """A step in words."""
    return StepLine(
        state,
        _(state.step.words),
        word("responsible", state.row.responsible),
        "soon" if state.soon else SIGNS[state.sign],
        _(SIGN_WORDS[state.sign]),
        _left(state),
        state.step.tag == "reg",
    )


def _left(state: StepState) -> str:
    """Working days left or late; a dash where there is nothing to count."""
    if state.sign not in (Sign.RUNNING, Sign.LATE):
        return "—"
    if state.left is None:
        return _("days off not announced")
    if state.left < 0:
        return _("{n} working days late").format(n=-state.left)
    if state.left == 0 and state.sign is Sign.LATE:
        return _("late")
    return _("{n} working days left").format(n=state.left)


class MoveForm(WritingForm):
    """Other dates."""

    starts_on = DayField(label=lazy("First day"))
    ends_on = DayField(
        label=lazy("Last day"), help_text=lazy("a working day, where it is not fixed by law")
    )
    reason = LongText(label=lazy("Reason"))


class NoteForm(WritingForm):
    """That it is done, with a remark."""

    note = LongText(label=lazy("Remark"), required=False)


class WhyForm(WritingForm):
    """A reason."""

    reason = LongText(label=lazy("Reason"))


def calendar(request: SignedIn, key: int) -> HttpResponse:
    """The 29 steps in their stages: dates, who is responsible, sign, days left."""
    year = year_page(request, key)
    stages = journey_of(year, timezone.localdate())
    lines = [
        StageLines(_(STAGE_WORDS[each.stage]), [step_line(state) for state in each.steps])
        for each in stages
        if each.steps
    ]
    if is_export(request):
        return _as_workbook(lines)
    return show(
        request,
        "indicators/calendar.html",
        {
            **about_year(request, year, TAB),
            "stages": lines,
            "unsure": any(state.left is None for each in stages for state in each.steps),
        },
    )


def _as_workbook(stages: list[StageLines]) -> HttpResponse:
    heads = (
        *(_("No."), _("Stage"), _("Step"), _("First day"), _("Last day")),
        *(_("Responsible"), _("State"), _("Done on"), _("Days left")),
    )
    rows = [
        (
            line.state.row.number,
            stage.words,
            line.words,
            f"{line.state.row.starts_on:%Y.%m.%d}",
            f"{line.state.row.ends_on:%Y.%m.%d}",
            line.responsible,
            line.said,
            f"{line.state.done_on:%Y.%m.%d}" if line.state.done_on else "",
            line.left,
        )
        for stage in stages
        for line in stage.lines
    ]
    return rows_workbook(_("Calendar"), [heads, *rows])


def step(request: SignedIn, key: int) -> HttpResponse:
    """One step: dates, sign, remark, history."""
    row = get_step(request.user, key)
    year = row.assessment_year
    look_at(request, year)
    state = step_state(row, timezone.localdate())
    return show(
        request,
        "indicators/step.html",
        {
            **about_year(request, year, TAB),
            "step": row,
            "line": step_line(state),
            "stage": _(STAGE_WORDS[state.step.stage]),
            "may": _deeds(request, row),
            "by_documents": row.code == BY_DOCUMENTS,
            "history": history_of(request.user, row, [row.subject]),
        },
    )


def _deeds(request: SignedIn, row: Step) -> set[str]:
    """What the person may do with a step as it stands."""
    year = row.assessment_year
    if year.state != "open" or not allows(request.user, Verb.YEAR_MANAGE, year):
        return set()
    if row.done_on or row.dropped:
        return {"reopen"}
    found = {"move"}
    state = step_state(row, timezone.localdate())
    if row.code != BY_DOCUMENTS:
        found.add("finish")
    if state.step.tag != "reg":
        found.add("drop")
    return found


def _deed(
    request: SignedIn,
    key: int,
    form_class: type[WritingForm],
    service: Any,
    title: str,
    said: str,
    names: tuple[str, ...] = (),
) -> HttpResponse:
    row = get_step(request.user, key, Verb.YEAR_MANAGE)
    initial = {name: getattr(row, name) for name in names}
    form = form_class(request.POST or None, seen=row.version, initial=initial)
    line = step_line(step_state(row, timezone.localdate()))
    return deed_page(
        request,
        row.assessment_year,
        TAB,
        form,
        lambda: service(by=request.user, step=row, seen=form.was_seen, **form.given),
        title=title,
        about=line.words,
        back=reverse("web:step", args=[row.pk]),
        said=said,
    )


def move_step(request: SignedIn, key: int) -> HttpResponse:
    """Give a step other dates."""
    return _deed(
        request,
        key,
        MoveForm,
        services.move_step,
        _("Move the step"),
        _("The step is moved."),
        ("starts_on", "ends_on"),
    )


def finish_step(request: SignedIn, key: int) -> HttpResponse:
    """Say that a step is done."""
    done = _("The step is marked as done.")
    return _deed(request, key, NoteForm, services.finish_step, _("Mark the step as done"), done)


def drop_step(request: SignedIn, key: int) -> HttpResponse:
    """Say that a step is not held this year."""
    said = _("The step is not held this year.")
    return _deed(request, key, WhyForm, services.drop_step, _("Do without the step"), said)


def reopen_step(request: SignedIn, key: int) -> HttpResponse:
    """Take a step up again."""
    said = _("The step is taken up again.")
    return _deed(request, key, WhyForm, services.reopen_step, _("Take up again"), said)
