"""Pages: jobs; how far one is, and what came of it."""

from typing import Any
from uuid import UUID

import django_filters as filters
import django_tables2 as tables
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.access import Verb
from kaohe.jobs.queries import get_job, jobs_seen_by, outcome_of, standing
from kaohe.organization.queries.access import allows
from kaohe.web.lists import has_any, listing
from kaohe.web.requests import SignedIn
from kaohe.web.story import word
from kaohe.web.words.system import STATES

OPEN = ("queued", "running")


class JobTable(tables.Table):
    """The list of jobs."""

    requested_at = tables.DateTimeColumn(
        verbose_name=lazy("Asked at"), format="Y.m.d H:i", linkify=("web:job", [tables.A("pk")])
    )
    kind = tables.Column(lazy("What"))
    jurisdiction = tables.Column(lazy("Jurisdiction"), default="—")
    requested_by = tables.Column(lazy("Asked by"), order_by=("requested_by__name",))
    state = tables.TemplateColumn(
        '{% include "web/parts/job_state.html" with job=record only %}', verbose_name=lazy("State")
    )
    tries = tables.Column(lazy("Tries"), attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    ended_at = tables.DateTimeColumn(verbose_name=lazy("Ended at"), format="Y.m.d H:i", default="—")

    def render_kind(self, value: str) -> str:
        """In words."""
        return word("job_kind", value)

    def value_state(self, value: str) -> str:
        """In words, for the workbook."""
        return word("job_state", value)


class JobFilter(filters.FilterSet):
    """What the list can be narrowed by."""

    state = filters.ChoiceFilter(
        label=lazy("State"), choices=[(code, lazy(words)) for code, words in STATES.items()]
    )
    who = filters.CharFilter(
        label=lazy("Asked by"), field_name="requested_by__name", lookup_expr="icontains"
    )


def jobs(request: SignedIn) -> HttpResponse:
    """The jobs of everybody."""
    rows = jobs_seen_by(request.user)
    return listing(
        request,
        "system/jobs.html",
        rows=rows,
        table=JobTable,
        filters=JobFilter,
        title=_("Jobs"),
        context={"tab": "jobs", "any": has_any(rows)},
    )


def job(request: SignedIn, key: UUID) -> HttpResponse:
    """One job; with ``?part=state`` what changes of it alone, for the page that asks by itself."""
    row = get_job(request.user, key)
    context: dict[str, Any] = {
        "job": row,
        "standing": standing(row),
        "title": word("job_kind", row.kind),
        "is_open": row.state in OPEN,
        "outcome": outcome_of(row, _),
        "sees_all": allows(request.user, Verb.JOB_READ),
    }
    part = request.GET.get("part") == "state"
    return render(request, "system/job_part.html" if part else "system/job.html", context)
