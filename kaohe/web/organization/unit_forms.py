"""Pages that write the register: enter, correct, names, grades of earlier years, posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from kaohe.core.access import Verb
from kaohe.organization.queries.access import NothingHere, require
from kaohe.organization.queries.units import (
    departments_to_manage,
    get_unit,
    groups_of,
    names_of,
    units_of,
)
from kaohe.organization.services import history, units
from kaohe.organization.services.people import InPost
from kaohe.web.organization.unit_fields import (
    CorrectUnitForm,
    NamesForm,
    NewUnitForm,
    PastGradeForm,
    split_posts,
)
from kaohe.web.requests import SignedIn, here
from kaohe.web.writing import show, written

if TYPE_CHECKING:
    from kaohe.organization.models import Unit

FORM = "organization/unit_form.html"


def new_unit(request: SignedIn) -> HttpResponse:
    """Enter a unit, with who is in post."""
    place = here(request, Verb.UNIT_MANAGE)
    departments = departments_to_manage(request.user, place)
    form = NewUnitForm(
        request.POST or None,
        departments=departments,
        groups=groups_of(units_of(request.user, place)),
        initial={"department": request.GET.get("department")},
    )

    def enter() -> Unit:
        given = form.given
        posts = _posts(split_posts(given))
        plates = given.pop("aliases")
        return units.enter_unit(
            by=request.user, jurisdiction=place, plates=plates, posts=posts, **given
        )

    answer = written(
        request,
        form,
        enter,
        to=lambda row: reverse("web:unit", args=[row.pk]),
        said=lambda row: _("%(name)s is entered.") % {"name": row.name},
    )
    context = {
        "tab": "units",
        "title": _("Enter a unit"),
        "back": reverse("web:units"),
        "without_departments": not departments.exists(),
    }
    return answer or show(request, FORM, context, form)


def _posts(given: dict[str, Any]) -> list[InPost]:
    """Who is in post, as the form says it."""
    return [
        InPost(
            "principal",
            given["principal"],
            given["principal_title"],
            given["principal_from"],
        ),
        InPost(
            "legal_representative",
            given["legal_representative"],
            from_on=given["legal_from"],
        ),
        InPost("contact", given["contact"], phone=given["contact_phone"]),
    ]


def _about(unit: Unit, title: str, back: str = "web:unit") -> dict[str, Any]:
    return {
        "tab": "units",
        "title": title,
        "about": unit.name,
        "unit": unit,
        "back": reverse(back, args=[unit.pk]),
    }


def _unit(request: SignedIn, key: int, verb: Verb) -> Unit:
    """A unit that the person may see, and do ``verb`` to."""
    row = get_unit(request.user, key)
    require(request.user, verb, row)
    return row


def correct_unit(request: SignedIn, key: int) -> HttpResponse:
    """Mend what the register says of a unit, or bring it up to date."""
    row = _unit(request, key, Verb.UNIT_MANAGE)
    form = CorrectUnitForm(
        request.POST or None,
        seen=row.version,
        groups=groups_of(units_of(request.user, row.jurisdiction)),
        initial={name: getattr(row, name) for name in CorrectUnitForm.names},
    )
    answer = written(
        request,
        form,
        lambda: units.correct_unit(by=request.user, unit=row, seen=form.was_seen, **form.given),
        to=lambda done: reverse("web:unit-registration", args=[done.pk]),
        said=lambda done: _("%(name)s is saved.") % {"name": done.name},
    )
    return answer or show(request, FORM, _about(row, _("Correct the register")), form)


def set_names(request: SignedIn, key: int) -> HttpResponse:
    """The short name, the plates, former names of unknown days."""
    row = _unit(request, key, Verb.UNIT_MANAGE)
    form = NamesForm(request.POST or None, seen=row.version, initial=names_of(row))
    answer = written(
        request,
        form,
        lambda: units.set_names(by=request.user, unit=row, seen=form.was_seen, **form.given),
        to=lambda done: reverse("web:unit-names", args=[done.pk]),
        said=lambda done: _("%(name)s is saved.") % {"name": done.name},
    )
    context = _about(row, _("Short name and plates"), "web:unit-names")
    return answer or show(request, "organization/form.html", context, form)


def record_grade(request: SignedIn, key: int) -> HttpResponse:
    """The grade of a year before the platform."""
    row = _unit(request, key, Verb.UNIT_MANAGE)
    form = PastGradeForm(request.POST or None)
    answer = written(
        request,
        form,
        lambda: history.record_past_grade(by=request.user, unit=row, **form.given),
        to=lambda done: reverse("web:unit-grades", args=[row.pk]),
        said=lambda done: _("The grade of {year} is on record.").format(year=done.year),
    )
    context = _about(row, _("Record the grade of an earlier year"), "web:unit-grades")
    return answer or show(request, "organization/form.html", context, form)


class EditionForm(forms.Form):
    """Which snapshot a unit is compared with."""

    year = forms.IntegerField(min_value=1990, max_value=2199, required=False)
    edition = forms.IntegerField(min_value=1, max_value=9999, required=False)


def edition_asked(request: SignedIn) -> tuple[int | None, int | None]:
    """The year and edition in the address.

    Raises:
        NothingHere: they are no numbers.
    """
    form = EditionForm(request.GET)
    if not form.is_valid():
        raise NothingHere
    return form.cleaned_data["year"], form.cleaned_data["edition"]
