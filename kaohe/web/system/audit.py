"""Pages: the whole record, for the audit administrator."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.access import Verb
from kaohe.core.errors import Invalid
from kaohe.core.leaf import Fact
from kaohe.organization.queries.access import allows, require
from kaohe.organization.queries.audit import (
    BY_INSTALLATION,
    about,
    done_by,
    everybody,
    get_entry,
    names_of_jurisdictions,
    record_seen_by,
)
from kaohe.organization.queries.names import names_of_keys
from kaohe.web.lists import has_any, listing
from kaohe.web.requests import SignedIn
from kaohe.web.story import SUBJECTS, story, word
from kaohe.web.words import ACTIONS
from kaohe.web.words import system as words  # noqa: F401  # declares

MOST_EXPORTED = 200_000
AT_ONCE = 5_000  # keys that one query asks for
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class TooMuchToExport(Invalid):
    """A workbook that no program would open."""

    code = "audit.too-much-to-export"
    sentence = (
        "A workbook takes {most} entries at most; here are {count}. Narrow the list, for example by"
        " days, and export it in parts."
    )


class EntryTable(tables.Table):
    """The list of entries."""

    id = tables.Column(
        "№",
        attrs={"td": {"class": "num"}, "th": {"class": "num"}},
        linkify=("web:audit-entry", [tables.A("pk")]),
    )
    at = tables.DateTimeColumn(verbose_name=lazy("Time"), format="Y.m.d H:i:s", orderable=False)
    actor = tables.Column(lazy("Who"), orderable=False)
    action = tables.Column(lazy("What was done"), orderable=False)
    subject = tables.Column(lazy("Object"), orderable=False)
    unit = tables.Column(
        lazy("Unit"), orderable=False, default="—", attrs={"td": {"class": "code"}}
    )
    jurisdiction = tables.Column(lazy("Jurisdiction"), orderable=False, default="—")

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What the objects of the rows that are shown are called; asked once for them all."""
        shown = self.page.object_list if getattr(self, "page", None) else self.rows
        return subject_names(row.record.subject for row in shown)

    @cached_property
    def places(self) -> Mapping[str, str]:
        """What jurisdictions are called, by their codes; asked once."""
        return names_of_jurisdictions()

    @cached_property
    def people(self) -> Any:
        """Who is behind the pseudonyms; asked once."""
        return everybody()

    def render_actor(self, value: str) -> str:
        """By name."""
        return who(value, self.people)

    def render_action(self, value: str) -> str:
        """In words."""
        return _(ACTIONS.get(value, value))

    def render_subject(self, value: str) -> str:
        """The name, with kind and number as a note; what has no name by these alone."""
        name, note = self.names.get(value, ""), called(value)
        return format_html('{}<br><span class="mu sm">{}</span>', name, note) if name else note

    def value_subject(self, value: str) -> str:
        """The same in one line of a workbook."""
        name, note = self.names.get(value, ""), called(value)
        return _("%(name)s (%(note)s)") % {"name": name, "note": note} if name else note

    def render_jurisdiction(self, value: str) -> str:
        """By name; one that is not there any more by its code."""
        return self.places.get(value, value)


def called(subject: str) -> str:
    """The kind of an object in words, and its number."""
    kind, _colon, number = subject.partition(":")
    return f"{word('subject_kind', kind)} {number[:12]}"


def subject_names(subjects: Iterable[str]) -> dict[str, str]:
    """What some objects of the record are called; those without a name are left out."""
    keys: dict[str, tuple[str, Fact]] = {}
    for subject in set(subjects):
        kind, _colon, number = subject.partition(":")
        if kind in SUBJECTS and number.isdecimal():
            keys[subject] = (SUBJECTS[kind][0], int(number))
    asked = list(keys.values())
    found: dict[tuple[str, Fact], str] = {}
    for begin in range(0, len(asked), AT_ONCE):
        found |= names_of_keys(asked[begin : begin + AT_ONCE])
    return {subject: found[key] for subject, key in keys.items() if found.get(key)}


def who(actor: str, people: Any) -> str:
    """The name behind a pseudonym."""
    return _("the installation") if actor == BY_INSTALLATION else people.get(actor, actor)


def _actions() -> list[tuple[str, str]]:
    return sorted(((code, _(text)) for code, text in ACTIONS.items()), key=lambda pair: pair[0])


class EntryFilter(filters.FilterSet):
    """What the record can be narrowed by."""

    first = filters.DateFilter(label=lazy("From day"), method="from_day", widget=DAY)
    last = filters.DateFilter(label=lazy("To day"), method="to_day", widget=DAY)
    who = filters.CharFilter(label=lazy("Who"), method="by_name")
    action = filters.ChoiceFilter(label=lazy("What was done"), choices=_actions)
    about = filters.CharFilter(label=lazy("Object or code"), method="about_what")

    def from_day(self, rows: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        """From the beginning of a day, here."""
        return rows.filter(at__gte=_begin(value))

    def to_day(self, rows: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        """To the end of a day, here."""
        return rows.filter(at__lt=_begin(value + timedelta(days=1)))

    def by_name(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Of whoever bears the name."""
        return rows.filter(done_by(value.strip()))

    def about_what(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """About an object, a kind of objects, or a unit."""
        return rows.filter(about(value.strip()))


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def audit(request: SignedIn) -> HttpResponse:
    """The list, and the same as a workbook."""
    rows = record_seen_by(request.user).defer("leaf")
    if request.GET.get("export"):
        require(request.user, Verb.AUDIT_EXPORT)
        count = EntryFilter(request.GET, queryset=rows, request=request).qs.count()
        if count > MOST_EXPORTED:
            raise TooMuchToExport(most=MOST_EXPORTED, count=count)
    return listing(
        request,
        "system/audit.html",
        rows=rows,
        table=EntryTable,
        filters=EntryFilter,
        title=_("Record"),
        context={"any": has_any(rows), "may_export": allows(request.user, Verb.AUDIT_EXPORT)},
    )


def entry(request: SignedIn, number: int) -> HttpResponse:
    """One entry: in words, and the exact bytes that stand for it."""
    found = get_entry(request.user, number)
    [line] = story([found.told])
    return render(
        request,
        "system/audit_entry.html",
        {
            "told": found.told,
            "line": line,
            "leaf": found.leaf,
            "length": len(found.leaf.encode()),
            "digest": found.digest,
            "subject": called(found.told.subject),
            "place": names_of_jurisdictions().get(found.told.jurisdiction, ""),
        },
    )
