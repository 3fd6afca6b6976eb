"""Pages: departments and member departments."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.access import Verb
from kaohe.organization.queries.access import allows
from kaohe.organization.queries.departments import count_units, departments_of, get_department
from kaohe.organization.queries.people import in_post_in
from kaohe.organization.services import departments as services
from kaohe.web.fields import DayField, LongText, NameField, choice, tick
from kaohe.web.history import history_of
from kaohe.web.lists import has_any, listing
from kaohe.web.organization.people import with_words
from kaohe.web.requests import SignedIn, here
from kaohe.web.story import word
from kaohe.web.words.departments import PARTS
from kaohe.web.writing import WritingForm, show, written

MEMBER = [("", lazy("none")), *((code, lazy(words)) for code, words in PARTS.items())]


class DepartmentTable(tables.Table):
    """The list of departments."""

    name = tables.Column(lazy("Department"), linkify=("web:department", {"key": tables.A("pk")}))
    short_name = tables.Column(lazy("Short name"), default="—")
    in_charge = tables.Column(lazy("In charge of units"))
    member_part = tables.Column(lazy("Part as a member department"))
    unit_count = tables.Column(
        lazy("Units"), attrs={"td": {"class": "num"}, "th": {"class": "num"}}
    )
    closed_on = tables.DateColumn(verbose_name=lazy("Closed on"), format="Y.m.d", default="—")

    class Meta:
        order_by = ("name",)

    def render_in_charge(self, value: bool) -> str:
        """In words."""
        return word("in_charge", value)

    def render_member_part(self, value: str) -> str:
        """In words."""
        return word("member_part", value)


class DepartmentFilter(filters.FilterSet):
    """What the list can be narrowed by."""

    q = filters.CharFilter(label=lazy("Name contains"), method="by_name")
    part = filters.ChoiceFilter(
        label=lazy("Kind"),
        choices=[("charge", lazy("in charge of units")), ("member", lazy("member department"))],
        method="by_part",
    )

    def by_name(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Present and earlier names alike."""
        return rows.filter(Q(name__icontains=value) | Q(names__name__icontains=value)).distinct()

    def by_part(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those in charge, or the members."""
        return rows.filter(in_charge=True) if value == "charge" else rows.exclude(member_part="")


class DepartmentForm(WritingForm):
    """What is known of a department but for its name."""

    short_name = NameField(label=lazy("Short name"), max_length=60, required=False)
    code = NameField(label=lazy("Unified social credit code"), max_length=18, required=False)
    in_charge = tick(label=lazy("In charge of units"), initial=True)
    member_part = choice(
        MEMBER,
        label=lazy("Part as a member department"),
        required=False,
        help_text=lazy("for which of the four links it puts results to use"),
    )
    opened_on = DayField(label=lazy("From"), required=False, earliest=1800)


class NewDepartmentForm(DepartmentForm):
    """A department that was not there."""

    name = NameField(label=lazy("Name"))
    document = NameField(label=lazy("Document"), required=False)
    field_order = ("name", "short_name")


class RenameForm(WritingForm):
    """A new name from a day on."""

    name = NameField(label=lazy("New name"))
    on = DayField(label=lazy("From"))
    document = NameField(label=lazy("Document"))


class CloseForm(WritingForm):
    """The end of a department."""

    on = DayField(label=lazy("Closed on"))
    reason = LongText(label=lazy("Reason"))


def departments(request: SignedIn) -> HttpResponse:
    """The list."""
    place = here(request, Verb.DEPARTMENT_READ)
    rows = departments_of(request.user, place)
    return listing(
        request,
        "organization/departments.html",
        rows=rows,
        table=DepartmentTable,
        filters=DepartmentFilter,
        title=_("Departments"),
        hide=() if allows(request.user, Verb.UNIT_READ) else ("unit_count",),
        context={
            "tab": "departments",
            "place": place,
            "any": has_any(rows),
            "may_manage": allows(request.user, Verb.DEPARTMENT_MANAGE, place),
        },
    )


def department(request: SignedIn, key: int) -> HttpResponse:
    """One department: names, member part, history."""
    row = get_department(request.user, key)
    return show(
        request,
        "organization/department.html",
        {
            "tab": "departments",
            "department": row,
            "part": word("member_part", row.member_part),
            "unit_count": count_units(request.user, row),
            "may_manage": allows(request.user, Verb.DEPARTMENT_MANAGE, row),
            "may_appoint": allows(request.user, Verb.PERSON_MANAGE, row),
            "posts": with_words(in_post_in(request.user, row)),
            "history": history_of(request.user, row, [row.subject]),
        },
    )


def new_department(request: SignedIn) -> HttpResponse:
    """Enter a department."""
    place = here(request, Verb.DEPARTMENT_MANAGE)
    form = NewDepartmentForm(request.POST or None)
    answer = written(
        request,
        form,
        lambda: services.open_department(by=request.user, jurisdiction=place, **form.given),
        to=lambda row: reverse("web:department", args=[row.pk]),
        said=lambda row: _("%(name)s is entered.") % {"name": row.name},
    )
    context = {"tab": "departments", "title": _("Enter a department"), "back": _list()}
    return answer or show(request, "organization/form.html", context, form)


def _list() -> str:
    return reverse("web:departments")


def _deed(
    request: SignedIn, key: int, form_class: type[WritingForm], title: str, service: Any
) -> HttpResponse:
    """A form about a department: show it, carry it out."""
    row = get_department(request.user, key)
    initial = {name: getattr(row, name, None) for name in form_class.base_fields}
    initial.pop("name", None)
    form = form_class(request.POST or None, seen=row.version, initial=initial)
    answer = written(
        request,
        form,
        lambda: service(by=request.user, department=row, seen=form.was_seen, **form.given),
        to=lambda done: reverse("web:department", args=[done.pk]),
        said=lambda done: _("%(name)s is saved.") % {"name": done.name},
    )
    context = {
        "tab": "departments",
        "title": title,
        "about": row.name,
        "back": reverse("web:department", args=[row.pk]),
    }
    return answer or show(request, "organization/form.html", context, form)


def correct_department(request: SignedIn, key: int) -> HttpResponse:
    """Mend what was entered wrongly."""
    return _deed(
        request, key, DepartmentForm, _("Correct the department"), services.correct_department
    )


def rename_department(request: SignedIn, key: int) -> HttpResponse:
    """A new name."""
    return _deed(request, key, RenameForm, _("Rename the department"), services.rename_department)


def close_department(request: SignedIn, key: int) -> HttpResponse:
    """The end."""
    return _deed(request, key, CloseForm, _("Close the department"), services.close_department)
