"""Pages that write people and posts: enter, correct, appoint, end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.access import Verb
from kaohe.organization.queries.access import require
from kaohe.organization.queries.departments import get_department
from kaohe.organization.queries.people import (
    get_person,
    get_tenure,
    people_to_appoint,
    people_to_offer,
)
from kaohe.organization.queries.units import get_unit
from kaohe.organization.services import people as services
from kaohe.organization.services.people import where_to_manage
from kaohe.web.fields import DayField, LongText, NameField, choice, tick
from kaohe.web.requests import SignedIn, here
from kaohe.web.words.people import POSTS
from kaohe.web.writing import WritingForm, show, written

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kaohe.organization.models import Department, Person, Tenure, Unit

FORM = "organization/form.html"
PARTS = [(code, lazy(words)) for code, words in POSTS.items()]


class PersonForm(WritingForm):
    """What is known of a person."""

    name = NameField(label=lazy("Full name"), max_length=60)
    phone = NameField(label=lazy("Telephone"), max_length=30, required=False)
    note = LongText(label=lazy("Remark"), required=False, rows=3)


class AppointForm(WritingForm):
    """Somebody into a post: one who is entered already, or a new one."""

    person: forms.ModelChoiceField[Person] = forms.ModelChoiceField(
        queryset=None,
        label=lazy("Person"),
        required=False,
        empty_label=lazy("a new person, named below"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    name = NameField(
        label=lazy("Full name"),
        max_length=60,
        required=False,
        help_text=lazy("of a person who is not in the list"),
    )
    phone = NameField(label=lazy("Telephone"), max_length=30, required=False)
    post = choice(PARTS, label=lazy("Part"))
    title = NameField(
        label=lazy("Post held"),
        max_length=60,
        required=False,
        help_text=lazy("as in the decision: party secretary, headmaster"),
    )
    from_on = DayField(label=lazy("In post from"))
    document = NameField(label=lazy("Document"), required=False)
    relieve = tick(
        label=lazy("Relieve who holds the post now, on the day before"),
        help_text=lazy("a unit has one principal and one legal representative at a time"),
    )

    def __init__(
        self, *args: Any, people: QuerySet[Person], offered: Iterable[Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        field.queryset = people  # anybody may be named; a few are offered
        field.widget.choices = [("", field.empty_label), *(_offer(each) for each in offered)]


def _offer(person: Any) -> tuple[int, str]:
    """A person to choose, told from others of the same name by a post."""
    tenure = next(iter(person.posts), None)
    place = (tenure.unit or tenure.department) if tenure else None
    if place is None:
        return person.pk, person.name
    return person.pk, _("{name} ({title})").format(name=person.name, title=place.name)


class EndForm(WritingForm):
    """The end of a post."""

    on = DayField(label=lazy("Last day in post"))
    document = NameField(label=lazy("Document"), required=False)


class TenureForm(WritingForm):
    """What was entered of a post."""

    post = choice(PARTS, label=lazy("Part"))
    title = NameField(label=lazy("Post held"), max_length=60, required=False)
    from_on = DayField(label=lazy("In post from"), required=False)
    to_on = DayField(
        label=lazy("In post until"), required=False, help_text=lazy("empty: still in post")
    )
    document = NameField(label=lazy("Document"), required=False)


def new_person(request: SignedIn) -> HttpResponse:
    """Enter a person without a post yet."""
    place = here(request, Verb.PERSON_MANAGE)
    form = PersonForm(request.POST or None)
    answer = written(
        request,
        form,
        lambda: services.enter_person(by=request.user, jurisdiction=place, **form.given),
        to=lambda row: reverse("web:person", args=[row.pk]),
        said=lambda row: _("%(name)s is entered.") % {"name": row.name},
    )
    context = {"tab": "people", "title": _("Enter a person"), "back": reverse("web:people")}
    return answer or show(request, FORM, context, form)


def correct_person(request: SignedIn, key: int) -> HttpResponse:
    """Mend the name, the telephone or the note."""
    row = get_person(request.user, key)
    require(request.user, Verb.PERSON_MANAGE, where_to_manage(request.user, row))
    initial = {name: getattr(row, name) for name in ("name", "phone", "note")}
    form = PersonForm(request.POST or None, seen=row.version, initial=initial)
    answer = written(
        request,
        form,
        lambda: services.correct_person(
            by=request.user, person=row, seen=form.was_seen, **form.given
        ),
        to=lambda done: reverse("web:person", args=[done.pk]),
        said=lambda done: _("%(name)s is saved.") % {"name": done.name},
    )
    context = {
        "tab": "people",
        "title": _("Correct the person"),
        "about": row.name,
        "back": reverse("web:person", args=[row.pk]),
    }
    return answer or show(request, FORM, context, form)


def appoint_to_unit(request: SignedIn, key: int) -> HttpResponse:
    """Somebody into a post of a unit."""
    return _appoint(request, get_unit(request.user, key), "web:unit-people", "units")


def appoint_to_department(request: SignedIn, key: int) -> HttpResponse:
    """Somebody into a post of a department."""
    return _appoint(request, get_department(request.user, key), "web:department", "departments")


def _appoint(request: SignedIn, place: Unit | Department, back: str, tab: str) -> HttpResponse:
    require(request.user, Verb.PERSON_MANAGE, place)
    named = request.GET.get("named", "").strip()[:60]
    form = AppointForm(
        request.POST or None,
        people=people_to_appoint(request.user, place.jurisdiction),
        offered=people_to_offer(request.user, place, named, request.POST.get("person", "")),
    )
    answer = written(
        request,
        form,
        lambda: services.appoint(by=request.user, place=place, **form.given),
        to=lambda row: reverse(back, args=[place.pk]),
        said=lambda row: _("{name} is in post.").format(name=row.person.name),
    )
    context = {
        "tab": tab,
        "title": _("Put somebody into a post"),
        "about": place.name,
        "back": reverse(back, args=[place.pk]),
        "named": named,
    }
    return answer or show(request, "organization/person_appoint.html", context, form)


def tenure_deed(
    request: SignedIn, key: int, form_class: type[WritingForm], title: str, service: Any
) -> HttpResponse:
    """A form about a post: show it, carry it out."""
    row = get_tenure(request.user, key)
    require(request.user, Verb.PERSON_MANAGE, row)
    known = ("post", "title", "from_on", "to_on", "document")
    initial = {name: getattr(row, name) for name in known} if form_class is TenureForm else {}
    form = form_class(request.POST or None, seen=row.version, initial=initial)
    answer = written(
        request,
        form,
        lambda: service(by=request.user, tenure=row, seen=form.was_seen, **form.given),
        to=lambda done: _home(row),
        said=lambda done: _("The post of {name} is saved.").format(name=row.person.name),
    )
    place = row.unit or row.department
    about = f"{row.person.name}·{place.name if place else ''}"
    context = {"tab": "people", "title": title, "about": about, "back": _home(row)}
    return answer or show(request, FORM, context, form)


def _home(row: Tenure) -> str:
    """The page on which the post is listed."""
    return reverse("web:person", args=[row.person_id])


def end_tenure(request: SignedIn, key: int) -> HttpResponse:
    """The end of a post."""
    return tenure_deed(request, key, EndForm, _("End the post"), services.end_tenure)


def correct_tenure(request: SignedIn, key: int) -> HttpResponse:
    """Mend what was entered of a post."""
    return tenure_deed(request, key, TenureForm, _("Correct the post"), services.correct_tenure)
