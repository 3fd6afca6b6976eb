"""Pages: the register of units, its list and its workbook."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import django_filters as filters
import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

import kaohe.web.words.people
import kaohe.web.words.units  # noqa: F401  # the words of what is shown
from kaohe.core.access import Verb
from kaohe.core.register import FIELD
from kaohe.organization.queries.access import allows
from kaohe.organization.queries.units import (
    by_certificate,
    departments_with_units,
    found_by,
    groups_of,
    over_establishment,
    units_of,
    with_leaders,
    with_names,
    without_leaders,
)
from kaohe.web.lists import has_any, listing
from kaohe.web.organization.certificates import clock_of
from kaohe.web.organization.unit_sheet import register_workbook
from kaohe.web.requests import SignedIn, here
from kaohe.web.story import word

if TYPE_CHECKING:
    from kaohe.organization.models import Jurisdiction, Unit

MONTH = re.compile(r"([12][0-9]{3})-(0[1-9]|1[0-2])", re.ASCII)
NUMBER = {"td": {"class": "num nw"}, "th": {"class": "num"}}
CERTIFICATE = [
    ("expired", lazy("certificate expired")),
    ("near", lazy("ends within 30 days")),
    ("soon", lazy("ends within 60 days")),
    ("none", lazy("no day known")),
]
OPEN = [
    ("open", lazy("open units")),
    ("closed", lazy("closed units")),
    ("all", lazy("open and closed")),
]
POSTS = [
    ("missing", lazy("no principal or legal representative")),
    ("over", lazy("over establishment")),
]


def choices_of(name: str) -> list[tuple[str, Any]]:
    """The choices of a field of the register, in words."""
    return [(each.code, lazy(each.word)) for each in FIELD[name].choices]


def leading(unit: Any, post: str) -> str:
    """Who is in a post of a unit today; several are parted by 、."""
    return "、".join(each.person.name for each in unit.leading if each.post == post)


class UnitTable(tables.Table):
    """The register as a list."""

    name = tables.Column(lazy("Unit"))
    code = tables.Column(
        lazy("Code"), default="—", attrs={"td": {"class": "code wide"}, "th": {"class": "wide"}}
    )
    department = tables.Column(lazy("Competent department"), accessor="department__name")
    category = tables.Column(lazy("Category"), default="—")
    group = tables.Column(lazy("Group"), default="—")
    posts = tables.Column(
        lazy("Posts approved/filled"), empty_values=(), order_by="posts_approved", attrs=NUMBER
    )
    principal = tables.Column(lazy("Principal"), empty_values=(), orderable=False)
    legal = tables.Column(lazy("Legal representative"), empty_values=(), orderable=False)
    cert_to = tables.Column(lazy("Certificate until"), default="—")
    status = tables.Column(lazy("Status"))

    class Meta:
        order_by = ("code",)

    def render_name(self, record: Unit) -> SafeString:
        """The name, and on a narrow screen the code below it."""
        return format_html(
            '<a href="{}">{}</a><div class="narrow code">{}</div>',
            reverse("web:unit", args=[record.pk]),
            record.name,
            record.code or "—",
        )

    def render_category(self, value: str) -> str:
        """In words."""
        return word("category", value)

    def render_posts(self, record: Unit) -> SafeString:
        """Approved and filled; a sign and a word where more are filled."""
        return posts_said(record)

    def render_principal(self, record: Unit) -> str:
        """Who it is today."""
        return leading(record, "principal") or "—"

    def render_legal(self, record: Unit) -> str:
        """Who it is today."""
        return leading(record, "legal_representative") or "—"

    def render_cert_to(self, record: Unit) -> SafeString:
        """The last day, and how long it is until then."""
        clock = clock_of(record, timezone.localdate())
        day = format_html('<span class="nw">{}</span>', f"{record.cert_to:%Y.%m.%d}")
        if clock is None:
            return day
        return format_html('{}<br><span class="st st-{}">{}</span>', day, clock.sign, clock.words)

    def render_status(self, record: Unit) -> str | SafeString:
        """In words; a unit that has ended is nothing else."""
        said = status_of(record)
        if record.closed_on is None:
            return said
        return format_html('<span class="st st-hold">{}</span>', said)


def status_of(unit: Unit) -> str:
    """The status in the register; a unit that has ended has none but that."""
    if unit.closed_on is not None:
        return _("ended, last day {day}").format(day=f"{unit.closed_on:%Y.%m.%d}")
    return word("status", unit.status)


def posts_said(unit: Unit) -> SafeString:
    """Posts approved and filled; what is not known is a dash."""
    approved, filled = (
        "—" if each is None else f"{each}" for each in (unit.posts_approved, unit.posts_filled)
    )
    text = format_html("{}／{}", approved, filled)
    over = (unit.posts_filled or 0) - (unit.posts_approved or 0)
    if unit.posts_approved is None or unit.posts_filled is None or over <= 0:
        return text
    words = _("over by {n}").format(n=over)
    return format_html('{}<br><span class="st st-soon">{}</span>', text, words)


def _departments(request: HttpRequest | None) -> Any:
    """The departments to choose from in the filter."""
    signed_in: Any = request
    return departments_with_units(signed_in.user, here(signed_in, Verb.UNIT_READ))


class UnitFilter(filters.FilterSet):
    """What the register can be narrowed by; closed units are shown when they are asked for."""

    q = filters.CharFilter(label=lazy("Name, former name or code"), method="by_text")
    department = filters.ModelChoiceFilter(label=lazy("Department"), queryset=_departments)
    category = filters.ChoiceFilter(label=lazy("Category"), choices=choices_of("category"))
    group = filters.ChoiceFilter(label=lazy("Group"))
    status = filters.ChoiceFilter(label=lazy("Status"), choices=choices_of("status"))
    certificate = filters.ChoiceFilter(
        label=lazy("Certificate"), choices=CERTIFICATE, method="by_certificate"
    )
    certificate_month = filters.CharFilter(
        label=lazy("Month in which the certificate ends"),
        method="by_month",
        widget=forms.HiddenInput,
    )
    post = filters.ChoiceFilter(label=lazy("Posts and people"), choices=POSTS, method="by_posts")
    open = filters.ChoiceFilter(
        label=lazy("Which"), choices=OPEN, method="by_open", empty_label=None
    )

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        full = data.copy() if data is not None else QueryDict(mutable=True)
        full.setdefault("open", "open")
        super().__init__(full, *args, **kwargs)
        groups = groups_of(self.queryset)
        self.filters["group"].extra["choices"] = [(each, each) for each in groups]

    def by_text(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Names of every kind, and the code."""
        return found_by(rows, value)

    def by_certificate(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """By how long the certificate still holds."""
        return by_certificate(rows, value, timezone.localdate())

    def by_month(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """By the month in which the certificate ends, as 2026-12; what is no month finds none."""
        found = MONTH.fullmatch(value)
        if found is None:
            return rows.none()
        return rows.filter(cert_to__year=int(found[1]), cert_to__month=int(found[2]))

    def say_certificate_month(self, value: str) -> str:
        """The month in words."""
        found = MONTH.fullmatch(value)
        return _("{month}/{year}").format(year=found[1], month=int(found[2])) if found else value

    def by_posts(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """More posts filled than approved; or nobody to answer for the unit."""
        return over_establishment(rows) if value == "over" else without_leaders(rows)

    def by_open(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Open ones, closed ones, or both."""
        return rows if value == "all" else rows.filter(closed_on__isnull=value == "open")


def units(request: SignedIn) -> HttpResponse:
    """The list; as a workbook with every field of the register."""
    place = here(request, Verb.UNIT_READ)
    rows = units_of(request.user, place)
    if request.GET.get("export") == "xlsx":
        chosen = UnitFilter(request.GET, queryset=rows, request=request)
        return register_workbook(with_names(chosen.qs), _("Register of units"))
    return listing(
        request,
        "organization/units.html",
        rows=with_leaders(rows),
        table=UnitTable,
        filters=UnitFilter,
        title=_("Register of units"),
        context={"tab": "units", "place": place, "any": has_any(rows), **_deeds(request, place)},
    )


def _deeds(request: SignedIn, place: Jurisdiction) -> dict[str, bool]:
    """What the person may do with the register here: at least to some of it."""
    return {
        "may_manage": allows(request.user, Verb.UNIT_MANAGE),
        "may_import": allows(request.user, Verb.UNIT_IMPORT),
        "may_snapshot": allows(request.user, Verb.UNIT_SNAPSHOT, place),
    }
