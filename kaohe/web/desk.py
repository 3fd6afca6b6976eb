"""The first page: my work, by deadline; what was returned; what I sent on; reminders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kaohe.core.access import Verb
from kaohe.core.deadlines import working_days_between
from kaohe.core.errors import Invalid
from kaohe.indicators.queries.desk_of_indicators import with_indicators
from kaohe.indicators.queries.year_desk import tasks_of_years
from kaohe.jobs.queries import jobs_of
from kaohe.organization.queries.access import allows, jurisdictions_of
from kaohe.organization.queries.calendar import announced_holidays, working_day_number
from kaohe.organization.queries.desk import Desk, desk_of
from kaohe.organization.queries.desk_lines import Task
from kaohe.organization.queries.readiness import readiness
from kaohe.web.history import lately
from kaohe.web.indicators.frame import year_choice, year_in_view
from kaohe.web.indicators.journey import journey_boxes
from kaohe.web.requests import CHOSEN, SignedIn
from kaohe.web.stages import StageLine, stage_lines
from kaohe.web.story import word

if TYPE_CHECKING:
    from kaohe.organization.models import Jurisdiction


JOBS = 5  # as many of one's latest jobs stand on the desk


@dataclass(frozen=True, slots=True)
class Line:
    """A task as the page shows it."""

    kind: str
    title: str
    note: str
    deed: str
    url: str
    due_on: date | None
    sign: str  # late, soon, or empty
    left: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one span of days."""

    words: str
    lines: list[Line]


def desk(request: SignedIn) -> HttpResponse:
    """What waits for me, by deadline; what I sent on; reminders."""
    today = timezone.localdate()
    place = _place(request)
    found: Desk = with_indicators(desk_of(request.user, place, today), request.user, place)
    year = year_in_view(request, place) if place else None
    tasks = [*found.tasks, *tasks_of_years(request.user, place, today)]
    stages = _stages(request, place, today)
    return render(
        request,
        "web/desk.html",
        {
            "today": today,
            "working_day": working_day_number(today),
            "place": place,
            "groups": _grouped([_line(task, today) for task in tasks], today),
            "task_count": len(tasks),
            "returned": [_line(task, today) for task in found.returned],
            "sent": [_line(task, today) for task in found.sent],
            "reminders": [_line(task, today) for task in found.reminders],
            "rules": found.rules,
            "lately": lately(request.user, place) if place else [],
            "units": found.units,
            "stages": stages,
            "stages_done": sum(stage.state == "done" for stage in stages),
            **(journey_boxes(year, today) if year else {}),
            **(year_choice(request, place, year, "desk") if place else {}),
            "jobs": [(job, word("job_kind", job.kind)) for job in jobs_of(request.user)[:JOBS]],
        },
    )


def _place(request: SignedIn) -> Jurisdiction | None:
    """The jurisdiction of the desk; administrators of the installation have none."""
    choice = jurisdictions_of(request.user, Verb.OVERVIEW_READ)
    wanted = request.session.get(CHOSEN) or request.user.jurisdiction_id
    return choice.filter(pk=wanted or 0).first()


def _stages(request: SignedIn, place: Jurisdiction | None, today: date) -> list[StageLine]:
    """How far the jurisdiction is organised, for those who organise it."""
    if place is None or not allows(request.user, Verb.DOCUMENT_REVIEW, place):
        return []
    if not allows(request.user, Verb.COMMITTEE_READ, place):
        return []
    return stage_lines(readiness(place, today))


def _line(task: Task, today: date) -> Line:
    url = reverse(task.url, args=[task.key] if task.key is not None else [])
    sign, left = _clock(task.due_on, today, calendar=task.calendar)
    return Line(
        kind=_(task.kind),
        title=task.say(_),
        note=task.note,
        deed=_(task.deed) if task.deed else "",
        url=url + task.query,
        due_on=task.due_on,
        sign=sign,
        left=left,
        state=str(task.facts.get("state", "")),
    )


def _clock(due: date | None, today: date, *, calendar: bool) -> tuple[str, str]:
    """A sign and the days left or late, in working days where these are meant and known."""
    if due is None:
        return "", ""
    if due == today:
        return "soon", _("due today")
    first, last = min(due, today), max(due, today)
    days = None if calendar else _working_days(first, last)
    if days is not None:
        words = _("{n} working days late") if due < today else _("{n} working days left")
    else:
        days = (last - first).days
        words = _("{n} calendar days late") if due < today else _("{n} calendar days left")
    if due < today:
        return "late", words.format(n=days)
    return ("soon" if days <= 5 else ""), words.format(n=days)


def _working_days(first: date, last: date) -> int | None:
    """How many; None where a year has no table of holidays yet."""
    try:
        return working_days_between(first, last, announced_holidays())
    except Invalid:
        return None


def _grouped(lines: list[Line], today: date) -> list[Group]:
    """Overdue, today, this week, later, without a day; empty groups are left out."""
    week = today + timedelta(days=6 - today.weekday())
    spans = (
        (_("Overdue"), lambda due: due is not None and due < today),
        (_("Today"), lambda due: due == today),
        (_("This week"), lambda due: due is not None and today < due <= week),
        (_("Later"), lambda due: due is not None and due > week),
        (_("Without a deadline"), lambda due: due is None),
    )
    groups = []
    for words, inside in spans:
        found = [line for line in lines if inside(line.due_on)]
        if found:
            groups.append(Group(words, sorted(found, key=lambda each: each.due_on or today)))
    return groups
