"""Pages: proposals to change a unit's group or status, and their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import django_filters as filters
import django_tables2 as tables
from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.access import Verb
from kaohe.core.groups_of_year import is_frozen
from kaohe.indicators.queries.groups import groups_of
from kaohe.indicators.queries.participants import changes_of, changes_of_unit, get_change
from kaohe.indicators.queries.years import get_participant
from kaohe.indicators.services import participants as services
from kaohe.indicators.services.year_refusals import ChangeOpen, GroupsNotFrozen
from kaohe.organization.queries.access import allows
from kaohe.web.fields import LongText, NameField, choice
from kaohe.web.history import history_of
from kaohe.web.indicators.deeds import deed_page
from kaohe.web.indicators.frame import about_year, look_at, year_page
from kaohe.web.lists import has_any, listing
from kaohe.web.requests import SignedIn
from kaohe.web.story import word
from kaohe.web.words.years import CHANGE_SIGNS, CHANGE_STATES, FIELDS, STATUSES
from kaohe.web.writing import WritingForm, show

if TYPE_CHECKING:
    from kaohe.indicators.models import Participant, ParticipantChange

TAB = "participants"


class ChangeLine(NamedTuple):
    """A proposal as the pages show it."""

    row: ParticipantChange
    field: str
    old: str
    new: str
    sign: str
    state: str


def change_line(row: ParticipantChange) -> ChangeLine:
    """A proposal in words."""
    return ChangeLine(
        row,
        _(FIELDS[row.field]),
        value_said(row.field, row.old),
        value_said(row.field, row.new),
        CHANGE_SIGNS[row.state],
        word("change_state", row.state),
    )


def value_said(field: str, value: str) -> str:
    """A group or a status in words."""
    if not value:
        return "—"
    return word("participation", value) if field == "status" else value


class ChangeTable(tables.Table):
    """The list of proposals."""

    unit = tables.Column(
        lazy("Unit"), accessor="participant__name", linkify=("web:change", {"key": tables.A("pk")})
    )
    department = tables.Column(
        lazy("Competent department"), accessor="participant__department_name"
    )
    field = tables.Column(lazy("Matter of the change"))
    old = tables.Column(lazy("Holds"), default="—")
    new = tables.Column(lazy("Should become"))
    proposed_by = tables.Column(lazy("Proposed by"), accessor="proposed_by__name")
    proposed_at = tables.DateColumn(verbose_name=lazy("Day"), format="Y.m.d")
    state = tables.Column(lazy("State"))

    class Meta:
        order_by = ("-proposed_at",)

    def render_field(self, value: str) -> str:
        """In words."""
        return _(FIELDS[value])

    def render_old(self, record: ParticipantChange) -> str:
        """In words."""
        return value_said(record.field, record.old)

    def render_new(self, record: ParticipantChange) -> str:
        """In words."""
        return value_said(record.field, record.new)

    def render_state(self, value: str) -> SafeString:
        """In words, with its sign."""
        words = word("change_state", value)
        return format_html('<span class="st st-{}">{}</span>', CHANGE_SIGNS[value], words)

    def value_state(self, value: str) -> str:
        """For the workbook."""
        return word("change_state", value)


class ChangeFilter(filters.FilterSet):
    """What the list can be narrowed by."""

    q = filters.CharFilter(
        label=lazy("Unit"), field_name="participant__name", lookup_expr="icontains"
    )
    field = filters.ChoiceFilter(
        label=lazy("Matter of the change"),
        choices=[(code, lazy(text)) for code, text in FIELDS.items()],
    )
    state = filters.ChoiceFilter(
        label=lazy("State"), choices=[(code, lazy(text)) for code, text in CHANGE_STATES.items()]
    )


class ProposeForm(WritingForm):
    """What should hold, and why."""

    new = choice([], label=lazy("Should become"))
    reason = LongText(label=lazy("Reason"))
    document = NameField(
        label=lazy("Document"), required=False, help_text=lazy("by which it is founded, if any")
    )

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["new"]
        field.choices = choices


class AnswerForm(WritingForm):
    """Yes or no, by the button that is pressed, and why."""

    approve = forms.ChoiceField(
        choices=[("yes", ""), ("no", "")], required=False, widget=forms.HiddenInput
    )
    answer = LongText(
        label=lazy("Reason"), required=False, help_text=lazy("needed where it is refused")
    )

    def clean(self) -> dict[str, Any] | None:
        """One of the two buttons was pressed."""
        found = super().clean()
        if not self.errors and not self.cleaned_data.get("approve"):
            raise forms.ValidationError(_("Press one of the two buttons: approve or refuse."))
        return found

    def place_of(self, refusal: Any) -> str:
        """What a refusal calls the reason is our answer."""
        return "answer" if refusal.field == "reason" else ""


class BackForm(WritingForm):
    """Why a proposal is taken back."""

    reason = LongText(label=lazy("Reason"))


def changes(request: SignedIn, key: int) -> HttpResponse:
    """The list."""
    year = year_page(request, key)
    rows = changes_of(request.user, year)
    return listing(
        request,
        "indicators/changes.html",
        rows=rows,
        table=ChangeTable,
        filters=ChangeFilter,
        title=_("Changes of group and status"),
        context={**about_year(request, year, TAB), "any": has_any(rows)},
    )


def change(request: SignedIn, key: int) -> HttpResponse:
    """One proposal, with its answer."""
    row = get_change(request.user, key)
    year = row.participant.assessment_year
    look_at(request, year)
    waits = row.state == "proposed" and year.state == "open"
    answers = waits and allows(request.user, Verb.YEAR_APPROVE, year)
    own = row.proposed_by_id == request.user.pk
    return show(
        request,
        "indicators/change.html",
        {
            **about_year(request, year, TAB),
            "line": change_line(row),
            "change": row,
            "may_answer": answers and not own,
            "own": answers and own,
            "may_withdraw": waits and own and allows(request.user, Verb.YEAR_MANAGE, year),
            "history": history_of(request.user, row, [row.subject]),
        },
    )


class InTheWay(NamedTuple):
    """Why nothing can be proposed now, and where to go instead."""

    sentence: str
    url: str
    label: str


def _in_the_way(row: Participant, field: str) -> InTheWay | None:
    """What would refuse a proposal, in the same words; None where nothing would."""
    year = row.assessment_year
    waiting = changes_of_unit(row).filter(field=field, state="proposed").first()
    if field == "group" and not is_frozen(year.freeze_on, year.frozen_on, timezone.localdate()):
        there = f"{reverse('web:assign-units', args=[year.pk])}?q={row.code}&unit={row.pk}"
        return InTheWay(GroupsNotFrozen().say(_), there, _("Put into another group"))
    if waiting is not None:
        there = reverse("web:change", args=[waiting.pk])
        return InTheWay(ChangeOpen().say(_), there, _("Open the proposal"))
    return None


def _propose(request: SignedIn, key: int, field: str, title: str, choices: Any) -> HttpResponse:
    row = get_participant(request.user, key, Verb.YEAR_MANAGE)
    form = ProposeForm(request.POST or None, choices=[("", "—"), *choices(row)])
    return deed_page(
        request,
        row.assessment_year,
        TAB,
        form,
        lambda: services.propose_change(
            by=request.user, participant=row, field=field, **form.given
        ),
        title=title,
        about=row.name,
        lead=_("Another person approves it: the committee's director or the head of the office."),
        save=_("Propose"),
        back=reverse("web:participant", args=[row.pk]),
        said=_("The change is proposed."),
        template="indicators/change_propose.html",
        way=None if form.is_bound else _in_the_way(row, field),
    )


def propose_group(request: SignedIn, key: int) -> HttpResponse:
    """Propose another group."""

    def others(row: Participant) -> list[tuple[str, str]]:
        found = groups_of(row.assessment_year).exclude(pk=row.group_id or 0)
        return [(each.name, each.name) for each in found]

    return _propose(request, key, "group", _("Propose another group"), others)


def propose_status(request: SignedIn, key: int) -> HttpResponse:
    """Propose another status."""

    def others(row: Participant) -> list[tuple[str, str]]:
        return [(code, _(words)) for code, words in STATUSES.items() if code != row.status]

    return _propose(request, key, "status", _("Propose another status"), others)


def answer_change(request: SignedIn, key: int) -> HttpResponse:
    """Approve or refuse a proposal."""
    row = get_change(request.user, key)
    if row.state != "proposed" and request.method != "POST":
        return HttpResponseRedirect(reverse("web:change", args=[row.pk]))
    form = AnswerForm(request.POST or None, seen=row.version)
    return deed_page(
        request,
        row.participant.assessment_year,
        TAB,
        form,
        lambda: services.decide_change(
            by=request.user,
            change=row,
            seen=form.was_seen,
            approve=form.given["approve"] == "yes",
            answer=form.given["answer"],
        ),
        title=_("Answer the proposal"),
        template="indicators/change_answer.html",
        line=change_line(row),
        change=row,
        about=row.participant.name,
        back=reverse("web:change", args=[row.pk]),
        said=_("The proposal is answered."),
    )


def withdraw_change(request: SignedIn, key: int) -> HttpResponse:
    """Take back what one has proposed."""
    row = get_change(request.user, key)
    if row.state != "proposed" and request.method != "POST":
        return HttpResponseRedirect(reverse("web:change", args=[row.pk]))
    form = BackForm(request.POST or None, seen=row.version)
    return deed_page(
        request,
        row.participant.assessment_year,
        TAB,
        form,
        lambda: services.withdraw_change(
            by=request.user, change=row, seen=form.was_seen, **form.given
        ),
        title=_("Take the proposal back"),
        about=row.participant.name,
        lead=_("Nobody has answered it yet; nothing changes for the unit."),
        save=_("Take it back"),
        back=reverse("web:change", args=[row.pk]),
        said=_("The proposal is taken back."),
    )
