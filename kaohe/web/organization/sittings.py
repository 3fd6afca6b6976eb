"""Pages: sittings of the committee, from the plan to the closed minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters as filters
import django_tables2 as tables
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.access import Verb
from kaohe.organization.papers.minutes import minutes_outline
from kaohe.organization.queries import committee as queries
from kaohe.organization.queries.access import NothingHere, allows
from kaohe.organization.queries.departments import open_departments
from kaohe.organization.services import sittings as services
from kaohe.organization.services.sitting_refusals import STATES
from kaohe.web.history import history_of
from kaohe.web.lists import has_any, listing
from kaohe.web.organization.sitting_forms import (
    AttendanceForm,
    ConfirmForm,
    MatterForm,
    MinutesForm,
    SittingForm,
    everybody_came,
)
from kaohe.web.requests import SignedIn, here
from kaohe.web.story import word
from kaohe.web.words.committee import OUTCOME_SIGNS, SITTING_SIGNS
from kaohe.web.writing import WritingForm, show, written

if TYPE_CHECKING:
    from kaohe.organization.models import Sitting

FORM, CONFIRM = "organization/form.html", "organization/committee_confirm.html"
NUM = {"td": {"class": "num"}, "th": {"class": "num"}}


class SittingTable(tables.Table):
    """The list of sittings."""

    held_on = tables.DateColumn(verbose_name=lazy("Day"), format="Y.m.d")
    title = tables.Column(lazy("Title"), linkify=("web:sitting", {"key": tables.A("pk")}))
    location = tables.Column(lazy("Place"), default="—")
    matters = tables.Column(lazy("Matters"), attrs=NUM)
    decided = tables.Column(lazy("Decided"), attrs=NUM)
    state = tables.Column(lazy("State"))

    class Meta:
        order_by = ("-held_on",)

    def render_state(self, value: str) -> str:
        """In words."""
        return word("state", value)


class SittingFilter(filters.FilterSet):
    """What the list can be narrowed by."""

    q = filters.CharFilter(
        label=lazy("Title contains"), field_name="title", lookup_expr="icontains"
    )
    state = filters.ChoiceFilter(
        label=lazy("State"),
        choices=[(code, lazy(words)) for code, words in STATES.items()],
    )


def sittings(request: SignedIn) -> HttpResponse:
    """The list."""
    place = here(request, Verb.COMMITTEE_READ)
    rows = queries.sittings_of(request.user, place)
    return listing(
        request,
        "organization/sittings.html",
        rows=rows,
        table=SittingTable,
        filters=SittingFilter,
        title=_("Sittings"),
        context={
            "tab": "committee",
            "place": place,
            "any": has_any(rows),
            "committee": queries.committee_of(request.user, place),
            "may_manage": allows(request.user, Verb.COMMITTEE_MANAGE, place),
        },
    )


def home(row: Sitting) -> str:
    """The page of a sitting."""
    return reverse("web:sitting", args=[row.pk])


def sitting(request: SignedIn, key: int) -> HttpResponse:
    """One sitting: agenda, who stands aside, decisions, attendance, minutes, history."""
    row = queries.get_sitting(request.user, key)
    roll = queries.roll_of(row)
    matters = queries.matters_of(row, roll)
    subjects = queries.subjects_of_sitting(row, matters, roll)
    closes = allows(request.user, Verb.COMMITTEE_DECIDE, row) and row.state == "open"
    own = closes and request.user.pseudonym in queries.recorders_of(row)
    present = sum(bool(line.attendance and line.attendance.present) for line in roll)
    context = {
        "tab": "committee",
        "sitting": row,
        "state": word("state", row.state),
        "sign": SITTING_SIGNS[row.state],
        "roll": roll,
        "noted": any(line.attendance for line in roll),
        "present": present,
        "matters": [_told(each) for each in matters],
        "gaps": services.has_gaps(row.minutes) and row.state != "closed",
        "decided": sum(each.decision is not None for each in matters),
        "may_manage": allows(request.user, Verb.COMMITTEE_MANAGE, row) and row.state != "closed",
        "may_close": closes and not own,
        "own_record": own,
        "history": history_of(request.user, row, subjects),
    }
    return show(request, "organization/sitting.html", context)


def _told(matter: queries.Matter) -> dict[str, Any]:
    """A matter for the page, its decision in words."""
    decision = matter.decision
    told: dict[str, Any] = {"matter": matter, "item": matter.item, "decision": decision}
    if decision:
        told["outcome"] = word("outcome", decision.outcome)
        told["sign"] = OUTCOME_SIGNS[decision.outcome]
        told["votes"] = decision.votes_for + decision.votes_against + decision.abstentions
    return told


def deed(
    request: SignedIn,
    about: Sitting,
    form: WritingForm,
    title: str,
    do: Any,
    said: str,
    **extra: Any,
) -> HttpResponse:
    """A form about a sitting or a part of it: show it, carry it out, back to the sitting."""
    answer = written(request, form, do, to=lambda _done: home(about), said=lambda _done: said)
    context = {"tab": "committee", "title": title, "about": about.title, "back": home(about)}
    template = extra.pop("template", FORM)
    return answer or show(request, template, {**context, **extra}, form)


def plan_sitting(request: SignedIn) -> HttpResponse:
    """Put a sitting on the calendar."""
    place = here(request, Verb.COMMITTEE_MANAGE)
    committee = queries.committee_of(request.user, place)
    if committee is None:
        raise NothingHere
    form = SittingForm(request.POST or None)
    answer = written(
        request,
        form,
        lambda: services.plan_sitting(by=request.user, committee=committee, **form.given),
        to=home,
        said=lambda row: _("%(name)s is entered.") % {"name": row.title},
    )
    context = {
        "tab": "committee",
        "title": _("Plan a sitting"),
        "about": committee.name,
        "back": reverse("web:committee"),
    }
    return answer or show(request, FORM, context, form)


def correct_sitting(request: SignedIn, key: int) -> HttpResponse:
    """Mend title, day or place."""
    row = queries.get_sitting(request.user, key)
    initial = {name: getattr(row, name) for name in ("title", "held_on", "location")}
    form = SittingForm(request.POST or None, seen=row.version, initial=initial)

    def do() -> object:
        return services.correct_sitting(
            by=request.user, sitting=row, seen=form.was_seen, **form.given
        )

    return deed(request, row, form, _("Correct the sitting"), do, _("The sitting is corrected."))


def _matter_form(
    request: SignedIn, row: Any, *, keep: int | None = None, **kwargs: Any
) -> MatterForm:
    place = row.jurisdiction
    return MatterForm(
        request.POST or None,
        departments=open_departments(place),
        units=queries.units_to_name(place),
        versions=queries.versions_to_decide(place, keep),
        **kwargs,
    )


def enter_matter(request: SignedIn, key: int) -> HttpResponse:
    """Put a matter on the agenda."""
    row = queries.get_sitting(request.user, key)
    form = _matter_form(request, row, initial={"document_version": request.GET.get("version")})

    def do() -> object:
        return services.enter_matter(by=request.user, sitting=row, **form.given)

    said = _("The matter is on the agenda.")
    return deed(request, row, form, _("Put a matter on the agenda"), do, said)


def correct_matter(request: SignedIn, key: int) -> HttpResponse:
    """Mend a matter that is not decided."""
    row = queries.get_item(request.user, key)
    names = ("title", "text", "department", "unit", "document_version")
    initial = {name: getattr(row, name) for name in names}
    keep = row.document_version_id
    form = _matter_form(request, row, keep=keep, seen=row.version, initial=initial)

    def do() -> object:
        return services.correct_matter(by=request.user, item=row, seen=form.was_seen, **form.given)

    said = _("The matter is corrected.")
    return deed(request, row.sitting, form, _("Correct the matter"), do, said)


def open_sitting(request: SignedIn, key: int) -> HttpResponse:
    """Say that the sitting has begun."""
    row = queries.get_sitting(request.user, key)
    form = ConfirmForm(request.POST or None, seen=row.version)

    def do() -> object:
        return services.open_sitting(by=request.user, sitting=row, seen=form.was_seen)

    return deed(
        request,
        row,
        form,
        _("Open the sitting"),
        do,
        _("The sitting is open."),
        refused=_("Not opened yet. Please mend:"),
        template=CONFIRM,
        sentence=_("From now on attendance and decisions can be recorded."),
        button=_("Open the sitting"),
    )


def close_sitting(request: SignedIn, key: int) -> HttpResponse:
    """Confirm what was decided, and close."""
    row = queries.get_sitting(request.user, key)
    form = ConfirmForm(request.POST or None, seen=row.version)

    def do() -> object:
        return services.close_sitting(by=request.user, sitting=row, seen=form.was_seen)

    return deed(
        request,
        row,
        form,
        _("Confirm and close the sitting"),
        do,
        _("The sitting is closed; its decisions hold."),
        refused=_("Not closed yet. Please mend:"),
        template=CONFIRM,
        sentence=_(
            "With this you confirm the decisions and the minutes. Nothing of the sitting can be"
            " changed afterwards; a later sitting may decide otherwise."
        ),
        button=_("Confirm and close"),
    )


def note_attendance(request: SignedIn, key: int) -> HttpResponse:
    """Note who came."""
    row = queries.get_sitting(request.user, key)
    roll = queries.roll_of(row)
    form = AttendanceForm(everybody_came(request.POST, roll) or None, roll=roll)

    def do() -> object:
        return services.note_attendance(
            by=request.user, sitting=row, present=form.present, reasons=form.reasons
        )

    template = "organization/sitting_attendance.html"
    said = _("Attendance is noted.")
    return deed(request, row, form, _("Note attendance"), do, said, template=template)


def write_minutes(request: SignedIn, key: int) -> HttpResponse:
    """Write the minutes, beginning with an outline from the agenda."""
    row = queries.get_sitting(request.user, key)
    minutes = row.minutes or minutes_outline(row, queries.matters_of(row, queries.roll_of(row)))
    form = MinutesForm(request.POST or None, seen=row.version, initial={"minutes": minutes})

    def do() -> object:
        return services.write_minutes(
            by=request.user, sitting=row, seen=form.was_seen, **form.given
        )

    return deed(request, row, form, _("Write the minutes"), do, _("The minutes are saved."))
