"""Pages: the committee, its office, its member departments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from kaohe.core.access import Verb
from kaohe.journal.queries import entries_of, tell
from kaohe.organization.queries import committee as queries
from kaohe.organization.queries.access import NothingHere, allows
from kaohe.organization.queries.departments import open_departments
from kaohe.organization.services import committee as services
from kaohe.web.history import SHOWN
from kaohe.web.organization.committee_forms import (
    CommitteeForm,
    EndSeatForm,
    NewSeatForm,
    OfficeForm,
    SeatForm,
)
from kaohe.web.organization.sitting_forms import ConfirmForm
from kaohe.web.requests import SignedIn, here, key_in
from kaohe.web.story import Line, story, word
from kaohe.web.words.committee import LINKS, SITTING_SIGNS
from kaohe.web.writing import WritingForm, show, written

if TYPE_CHECKING:
    from kaohe.organization.models import Committee, Jurisdiction, Seat

FORM = "organization/form.html"
RECENT, LATEST = 5, 8


def _home(row: object = None) -> str:
    return reverse("web:committee")


def committee(request: SignedIn) -> HttpResponse:
    """Seats, office, member departments, the latest sittings; or how to begin."""
    place = here(request, Verb.COMMITTEE_READ)
    found = queries.committee_of(request.user, place)
    context: dict[str, Any] = {
        "tab": "committee",
        "place": place,
        "committee": found,
        "may_manage": allows(request.user, Verb.COMMITTEE_MANAGE, place),
        "members": _members(place),
    }
    if found is None:
        return show(request, "organization/committee_empty.html", context)
    seats = queries.listed_seats(found)
    former = list(queries.former_seats(found))
    subjects = [found.subject, *(row.subject for row in [*seats, *former])]
    every = request.GET.get("history") == "all"
    lines = _history(request, found, subjects, SHOWN if every else LATEST + 1)
    context |= {
        "seats": [(row, word("seat", row.seat)) for row in seats],
        "former": [(row, word("seat", row.seat)) for row in former],
        "sittings": sitting_lines(queries.sittings_of(request.user, place)[:RECENT]),
        "history": lines if every or lines is None else lines[:LATEST],
        "more": not every and lines is not None and len(lines) > LATEST,
    }
    return show(request, "organization/committee.html", context)


def _history(
    request: SignedIn, row: Committee, subjects: list[str], limit: int
) -> list[Line] | None:
    """The record of the committee, its office and its seats, a seat by the name of its holder."""
    if not allows(request.user, Verb.TRACE_READ, row):
        return None
    office = entries_of([row.jurisdiction.subject]).filter(action="office.corrected")
    told = tell((entries_of(subjects) | office)[:limit])
    return [_named(line, row) for line in story(told)]


def _named(line: Line, row: Committee) -> Line:
    if not line.about or line.about in (row.name, row.jurisdiction.name):
        return line
    return replace(line, what=_("%(deed)s: %(name)s") % {"deed": line.what, "name": line.about})


def _members(place: Jurisdiction) -> list[tuple[Any, str]]:
    """The member departments, each with its part in words."""
    rows = queries.member_departments(place)
    found = [(row, _(LINKS.get(row.member_part, ""))) for row in rows]
    order = list(LINKS)
    return sorted(found, key=lambda each: order.index(each[0].member_part))


def sitting_lines(rows: Any) -> list[tuple[Any, str, str]]:
    """Sittings, each with its sign and its state in words."""
    return [(row, SITTING_SIGNS[row.state], word("state", row.state)) for row in rows]


def found_committee(request: SignedIn) -> HttpResponse:
    """Enter the committee."""
    place = here(request, Verb.COMMITTEE_MANAGE)
    name = _("Assessment Committee of Public Institutions of %(place)s") % {"place": place.name}
    form = CommitteeForm(request.POST or None, initial={"name": name})
    answer = written(
        request,
        form,
        lambda: services.found_committee(by=request.user, jurisdiction=place, **form.given),
        to=_home,
        said=lambda row: _("%(name)s is entered.") % {"name": row.name},
    )
    return answer or _form(request, form, _("Enter the committee"), place.name)


def _form(request: SignedIn, form: WritingForm, title: str, about: str) -> HttpResponse:
    context = {"tab": "committee", "title": title, "about": about, "back": _home()}
    return show(request, FORM, context, form)


def _here(request: SignedIn) -> Committee:
    """The committee whose page is managed."""
    found = queries.committee_of(request.user, here(request, Verb.COMMITTEE_MANAGE))
    if found is None:
        raise NothingHere
    return found


def correct_committee(request: SignedIn) -> HttpResponse:
    """Mend name, day or document."""
    row = _here(request)
    initial = {name: getattr(row, name) for name in ("name", "founded_on", "document")}
    form = CommitteeForm(request.POST or None, seen=row.version, initial=initial)
    answer = written(
        request,
        form,
        lambda: services.correct_committee(
            by=request.user, committee=row, seen=form.was_seen, **form.given
        ),
        to=_home,
        said=lambda done: _("%(name)s is saved.") % {"name": done.name},
    )
    return answer or _form(request, form, _("Correct the committee"), row.name)


def correct_office(request: SignedIn) -> HttpResponse:
    """How the office signs, and whom to call."""
    place = here(request, Verb.COMMITTEE_MANAGE)
    initial = {"office_name": place.office_name, "support": place.support}
    form = OfficeForm(request.POST or None, seen=place.version, initial=initial)
    answer = written(
        request,
        form,
        lambda: services.correct_office(
            by=request.user, jurisdiction=place, seen=form.was_seen, **form.given
        ),
        to=_home,
        said=lambda row: _("%(name)s is saved.") % {"name": row.office_name},
    )
    return answer or _form(request, form, _("Correct the assessment office"), place.name)


def give_seat(request: SignedIn) -> HttpResponse:
    """Give somebody a seat."""
    row = _here(request)
    form = NewSeatForm(
        request.POST or None,
        departments=open_departments(row.jurisdiction),
        people=queries.people_to_seat(row),
        initial={"seat": request.GET.get("seat", "member")},
    )
    answer = written(
        request,
        form,
        lambda: services.give_seat(by=request.user, committee=row, **form.given),
        to=_home,
        said=lambda done: _("%(name)s is entered.") % {"name": done.person.name},
    )
    return answer or _form(request, form, _("Give a seat"), row.name)


def correct_seat(request: SignedIn, key: int) -> HttpResponse:
    """Mend what was entered wrongly."""
    row = queries.get_seat(request.user, key)
    names = ("seat", "department", "title", "from_on", "document")
    form = SeatForm(
        request.POST or None,
        seen=row.version,
        departments=open_departments(row.jurisdiction),
        initial={name: getattr(row, name) for name in names},
    )
    answer = written(
        request,
        form,
        lambda: services.correct_seat(
            by=request.user, seat=row, seen=form.was_seen, kind=form.kind, **form.rest
        ),
        to=_home,
        said=lambda done: _("%(name)s is saved.") % {"name": row.person.name},
    )
    return answer or _form(request, form, _("Correct the seat"), row.person.name)


def end_seat(request: SignedIn, key: int) -> HttpResponse:
    """End a seat with its last day."""
    row = queries.get_seat(request.user, key)
    form = EndSeatForm(request.POST or None, seen=row.version)
    answer = written(
        request,
        form,
        lambda: services.end_seat(by=request.user, seat=row, seen=form.was_seen, **form.given),
        to=_home,
        said=lambda done: _("The seat of %(name)s is ended.") % {"name": row.person.name},
    )
    return answer or _form(request, form, _("End the seat"), row.person.name)


def order_seats(request: SignedIn) -> HttpResponse:
    """Move a seat up or down in the order in which they are listed."""
    row = _here(request)
    seats = queries.listed_seats(row)
    if not seats:
        return HttpResponseRedirect(_home())
    form = ConfirmForm(request.POST or None)
    answer = written(
        request,
        form,
        lambda: services.order_seats(
            by=request.user, committee=row, seats=_moved(request.POST, [seat.pk for seat in seats])
        ),
        to=lambda _done: reverse("web:order-seats"),
    )
    context = {
        "tab": "committee",
        "title": _("Order of the seats"),
        "about": row.name,
        "back": _home(),
        "seats": _movable(seats),
    }
    return answer or show(request, "organization/committee_order.html", context, form)


def _movable(seats: list[Seat]) -> list[tuple[Seat, str, bool, bool]]:
    """Seats with their kinds in words, and whether they can go up and down within these."""
    kinds = ["", *(seat.seat for seat in seats), ""]
    return [
        (
            seat,
            word("seat", seat.seat),
            kinds[place - 1] == seat.seat,
            kinds[place + 1] == seat.seat,
        )
        for place, seat in enumerate(seats, start=1)
    ]


def _moved(sent: QueryDict, keys: list[int]) -> list[int]:
    """The order after one seat went up or down by a place; as it was where it cannot."""
    for button, by in (("up", -1), ("down", 1)):
        key = key_in(sent.get(button, ""))
        if key in keys:
            place = keys.index(key)
            goal = min(max(place + by, 0), len(keys) - 1)
            keys.insert(goal, keys.pop(place))
    return keys
