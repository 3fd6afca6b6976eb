"""Pages: the snapshots of the years."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

import kaohe.web.words.units  # noqa: F401  # the words of what is shown
from kaohe.core.access import Verb
from kaohe.core.texts import fold
from kaohe.organization.queries.access import NothingHere, allows, require
from kaohe.organization.queries.snapshots import editions_of, last_edition, snapshot_of
from kaohe.organization.queries.units import lacking_for_year
from kaohe.organization.services import snapshots as services
from kaohe.web.fields import DayField
from kaohe.web.lists import listing
from kaohe.web.organization.unit_fields import year_field
from kaohe.web.organization.units import NUMBER, choices_of
from kaohe.web.requests import SignedIn, here
from kaohe.web.story import label, word
from kaohe.web.writing import WritingForm, show, written


class SnapshotTable(tables.Table):
    """What each unit was in a year."""

    code = tables.Column(lazy("Code"), default="—", attrs={"td": {"class": "code"}})
    name = tables.Column(lazy("Unit"), linkify=("web:unit-years", {"key": tables.A("unit_id")}))
    department_name = tables.Column(lazy("Competent department"))
    category = tables.Column(lazy("Category"), default="—")
    group = tables.Column(lazy("Group"), default="—")
    staff = tables.Column(lazy("Staff to be assessed"), default="—", attrs=NUMBER)
    principal = tables.Column(lazy("Principal"), default="—")
    legal_representative = tables.Column(lazy("Legal representative"), default="—")

    class Meta:
        order_by = ("code",)

    def render_category(self, value: str) -> str:
        """In words."""
        return word("category", value)


class SnapshotFilter(filters.FilterSet):
    """What a snapshot can be narrowed by."""

    q = filters.CharFilter(label=lazy("Name or code"), method="by_text")
    category = filters.ChoiceFilter(label=lazy("Category"), choices=choices_of("category"))

    def by_text(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """The name of that day, or the code."""
        text = fold(value)
        return rows.filter(name__icontains=value.strip()) | rows.filter(code__icontains=text)


class SnapshotForm(WritingForm):
    """Which year is fixed, as of which day."""

    year = year_field(label=lazy("Assessment year"))
    on = DayField(
        label=lazy("As of"),
        help_text=lazy("names, departments and people are those of this day"),
    )


def snapshots(request: SignedIn) -> HttpResponse:
    """The years and their editions."""
    place = here(request, Verb.UNIT_READ)
    return show(
        request,
        "organization/snapshots.html",
        {
            "tab": "units",
            "place": place,
            "editions": editions_of(request.user, place),
            "may_snapshot": allows(request.user, Verb.UNIT_SNAPSHOT, place),
        },
    )


def snapshot(request: SignedIn, year: int, edition: int) -> HttpResponse:
    """One edition: every unit that was open on its day."""
    place = here(request, Verb.UNIT_READ)
    rows = snapshot_of(request.user, place, year, edition)
    first = rows.first()
    if first is None:
        raise NothingHere
    last = last_edition(place, year)
    return listing(
        request,
        "organization/snapshot.html",
        rows=rows,
        table=SnapshotTable,
        filters=SnapshotFilter,
        title=_("Snapshot {year}-{edition}").format(year=year, edition=edition),
        context={
            "tab": "units",
            "place": place,
            "first": first,
            "last": last,
            "is_last": edition == last,
        },
    )


def take_snapshot(request: SignedIn) -> HttpResponse:
    """Fix the register of a year."""
    place = here(request, Verb.UNIT_SNAPSHOT)
    require(request.user, Verb.UNIT_SNAPSHOT, place)
    today = timezone.localdate()
    form = SnapshotForm(request.POST or None, initial={"year": today.year, "on": today})
    answer = written(
        request,
        form,
        lambda: services.take_snapshot(by=request.user, jurisdiction=place, **form.given),
        to=lambda done: reverse("web:snapshot", args=[done.year, done.edition]),
        said=lambda done: _("The snapshot of {year} is taken; units: {n}.").format(
            year=done.year, n=done.units
        ),
    )
    context = {
        "tab": "units",
        "title": _("Take the snapshot of a year"),
        "back": reverse("web:snapshots"),
        "place": place,
        "lacking": [(label(name, "unit"), n) for name, n in lacking_for_year(place).items()],
    }
    return answer or show(request, "organization/snapshot_form.html", context, form)
