"""Pages: the units of a year, one of them, and which are taken in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.access import Verb
from kaohe.core.groups_of_year import is_frozen
from kaohe.indicators.queries.participants import (
    changes_of_unit,
    departments_in,
    differences_of,
    found_by_text,
    groups_in,
    latest_sheet,
    not_taken_in,
)
from kaohe.indicators.queries.years import get_participant, participants_of
from kaohe.indicators.services import participants as services
from kaohe.organization.queries.access import allows
from kaohe.web.fields import LongText, row_choice
from kaohe.web.history import history_of
from kaohe.web.indicators.changes import change_line
from kaohe.web.indicators.deeds import deed_page
from kaohe.web.indicators.frame import about_year, look_at, year_page
from kaohe.web.indicators.groups import may_change_groups
from kaohe.web.lists import has_any, listing
from kaohe.web.requests import SignedIn
from kaohe.web.story import label, word
from kaohe.web.words.years import STATUSES
from kaohe.web.writing import WritingForm, show

if TYPE_CHECKING:
    from kaohe.indicators.models import AssessmentYear, Participant

TAB = "participants"
STATUS_SIGNS = {"ungraded": "hold", "exempt": "hold"}


class ParticipantTable(tables.Table):
    """The list of a year's units."""

    name = tables.Column(lazy("Unit"))
    code = tables.Column(
        lazy("Code"), attrs={"td": {"class": "code wide"}, "th": {"class": "wide"}}
    )
    department_name = tables.Column(lazy("Competent department"))
    category = tables.Column(lazy("Category"), default="—")
    group = tables.Column(lazy("Group"), accessor="group__name", default="—")
    staff = tables.Column(
        lazy("Staff"), attrs={"td": {"class": "num"}, "th": {"class": "num"}}, default="—"
    )
    status = tables.Column(lazy("Way of assessment"))

    class Meta:
        order_by = ("department_name", "name")

    def render_name(self, record: Participant) -> SafeString:
        """The name; on a narrow screen the code below it."""
        return format_html(
            '<a href="{}">{}</a><div class="narrow code">{}</div>',
            reverse("web:participant", args=[record.pk]),
            record.name,
            record.code,
        )

    def value_name(self, value: str) -> str:
        """The name alone."""
        return value

    def render_category(self, value: str) -> str:
        """In words."""
        return word("category", value)

    def render_status(self, value: str) -> str | SafeString:
        """In words; with a sign where it is not the usual one."""
        return status_said(value)


def status_said(value: str) -> str | SafeString:
    """A status in words, with a sign where it is not the usual one."""
    words = word("participation", value)
    sign = STATUS_SIGNS.get(value)
    return format_html('<span class="st st-{}">{}</span>', sign, words) if sign else words


class ParticipantFilter(filters.FilterSet):
    """What the list can be narrowed by."""

    q = filters.CharFilter(label=lazy("Name or code"), method="by_text")
    department = filters.ChoiceFilter(label=lazy("Department"), field_name="department_name")
    group = filters.ChoiceFilter(label=lazy("Group"), field_name="group")
    grouped = filters.ChoiceFilter(
        label=lazy("With a group"),
        choices=[("yes", lazy("yes")), ("no", lazy("no"))],
        method="by_grouped",
    )
    status = filters.ChoiceFilter(
        label=lazy("Way of assessment"),
        choices=[(code, lazy(words)) for code, words in STATUSES.items()],
    )
    category = filters.ChoiceFilter(label=lazy("Category"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows: Any = self.queryset
        self.filters["department"].extra["choices"] = [
            (each, each) for each in departments_in(rows)
        ]
        self.filters["group"].extra["choices"] = groups_in(rows)
        codes = rows.order_by("category").values_list("category", flat=True).distinct()
        self.filters["category"].extra["choices"] = [
            (code, word("category", code)) for code in codes if code
        ]

    def by_text(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """A part of the name or of the code."""
        return found_by_text(rows, value)

    def by_grouped(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those with a group, or those that need one and have none."""
        if value == "yes":
            return rows.filter(group__isnull=False)
        return rows.filter(group__isnull=True).exclude(status="exempt")


class AddForm(WritingForm):
    """A unit of the register, and why it takes part."""

    reason = LongText(label=lazy("Reason"))
    field_order = ("unit", "reason")

    def __init__(self, *args: Any, rows: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = row_choice(rows, label=_("Unit"))
        self.order_fields(self.field_order)


class OutForm(WritingForm):
    """Why a unit does not take part."""

    reason = LongText(label=lazy("Reason"))


def may_change_scope(request: SignedIn, year: AssessmentYear) -> bool:
    """Whether the person may take units in and out, by role and by day."""
    frozen = is_frozen(year.freeze_on, year.frozen_on, timezone.localdate())
    verb = Verb.YEAR_APPROVE if frozen else Verb.YEAR_MANAGE
    return year.state == "open" and allows(request.user, verb, year)


def participants(request: SignedIn, key: int) -> HttpResponse:
    """The list."""
    year = year_page(request, key)
    rows = participants_of(request.user, year)
    return listing(
        request,
        "indicators/participants.html",
        rows=rows,
        table=ParticipantTable,
        filters=ParticipantFilter,
        title=_("Units in the year"),
        context={
            **about_year(request, year, TAB),
            "any": has_any(rows),
            "may_manage": year.state == "open" and allows(request.user, Verb.YEAR_MANAGE, year),
            "may_assign": may_change_groups(request, year),
            "may_add": may_change_scope(request, year),
        },
    )


def participant(request: SignedIn, key: int) -> HttpResponse:
    """One unit of a year: what the year says of it, proposals, history."""
    row = get_participant(request.user, key)
    year = row.assessment_year
    look_at(request, year)
    frozen = is_frozen(year.freeze_on, year.frozen_on, timezone.localdate())
    manages = year.state == "open" and allows(request.user, Verb.YEAR_MANAGE, year)
    changes = list(changes_of_unit(row))
    waiting = {each.field for each in changes if each.state == "proposed"}
    unit = row.unit
    return show(
        request,
        "indicators/participant.html",
        {
            **about_year(request, year, TAB),
            "row": row,
            "status": status_said(row.status),
            "category": word("category", row.category),
            "sector": word("sector", row.sector),
            "ended": unit is not None and unit.closed_on,
            "differences": [
                (
                    word_label(each.field),
                    word(each.field, each.year),
                    word(each.field, each.register),
                )
                for each in differences_of(row)
            ],
            "changes": [change_line(each) for each in changes],
            "may_manage": manages,
            "may_propose_group": manages and frozen and "group" not in waiting,
            "may_propose_status": manages and "status" not in waiting,
            "may_assign": may_change_groups(request, year),
            "may_take_out": may_change_scope(request, year),
            "may_read_unit": unit is not None and allows(request.user, Verb.UNIT_READ, unit),
            "sheet": latest_sheet(row),
            "history": history_of(
                request.user, row, [row.subject, *(each.subject for each in changes)]
            ),
        },
    )


def word_label(name: str) -> str:
    """The label of what a year copies from the register."""
    return label(name, "participant")


def add_unit(request: SignedIn, key: int) -> HttpResponse:
    """Take a unit into the year."""
    year = year_page(request, key, Verb.YEAR_MANAGE)
    form = AddForm(
        request.POST or None,
        initial={"unit": request.GET.get("unit", "")},
        rows=not_taken_in(request.user, year),
    )
    return deed_page(
        request,
        year,
        TAB,
        form,
        lambda: services.add_unit(by=request.user, year=year, **form.given),
        title=_("Take a unit into the year"),
        lead=_(
            "Units of the first and second public-service category take part by themselves when"
            " the year is opened; any other, or one that is new, is taken in here, with a reason."
        ),
        save=_("Take in"),
        back=reverse("web:participants", args=[year.pk]),
        to=lambda row: reverse("web:participant", args=[row.pk]),
        said=lambda row: _("%(name)s takes part.") % {"name": row.name},
    )


def take_out(request: SignedIn, key: int) -> HttpResponse:
    """Take a unit out of the year."""
    row = get_participant(request.user, key, Verb.YEAR_MANAGE)
    year = row.assessment_year
    form = OutForm(request.POST or None, seen=row.version)
    return deed_page(
        request,
        year,
        TAB,
        form,
        lambda: services.take_out_of_year(
            by=request.user, participant=row, seen=form.was_seen, **form.given
        ),
        title=_("Take the unit out of the year"),
        about=row.name,
        save=_("Take out of the year"),
        back=reverse("web:participant", args=[row.pk]),
        to=lambda _done: reverse("web:participants", args=[year.pk]),
        said=lambda done: _("%(name)s no longer takes part.") % {"name": done.name},
    )
