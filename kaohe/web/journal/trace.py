"""Pages: the record (痕迹), searched within one's reach.

The list is cut by the number of the last row that was shown: nothing is counted, nothing skipped,
and the millionth entry is as near as the first.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

import kaohe.web.words.system  # declares
import kaohe.web.words.trace  # noqa: F401  # declares
from kaohe.core.access import Verb
from kaohe.core.errors import Invalid
from kaohe.core.leaf import Fact
from kaohe.core.problems import N_
from kaohe.organization.queries.access import allows, names_behind, require
from kaohe.organization.queries.audit import names_of_jurisdictions
from kaohe.organization.queries.names import names_of_codes, names_of_keys
from kaohe.organization.queries.trace import (
    BY_INSTALLATION,
    about,
    done_by,
    entry_of_row,
    indexes_of,
    narrowed_to,
    numbered,
    sees_whole,
    trace_seen_by,
    walking,
    whole_record,
)
from kaohe.web.lists import PAGE, dress, narrowed_by, workbook
from kaohe.web.requests import SignedIn
from kaohe.web.story import SUBJECTS, word
from kaohe.web.words import ACTIONS

MOST_EXPORTED = 200_000
AT_ONCE = 5_000  # keys that one query asks for
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
SEALED = '{} <span class="rcpt" aria-hidden="true">讫</span><span class="visually-hidden">{}</span>'
NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}


class TooMuchToExport(Invalid):
    """A workbook that no program would open."""

    code = "audit.too-much-to-export"
    sentence = N_(
        "A workbook takes {most} entries at most; here are more. Narrow the list, for example by"
        " days, and export it in parts."
    )


class EntryTable(tables.Table):
    """The list of entries."""

    index = tables.Column(
        lazy("Index"),
        accessor="pk",
        attrs=NUMBER,
        linkify=("web:trace-entry", [tables.A("entry")]),
        orderable=False,
    )
    at = tables.DateTimeColumn(verbose_name=lazy("Time"), format="Y.m.d H:i:s", orderable=False)
    actor = tables.Column(lazy("Who"), orderable=False)
    action = tables.Column(lazy("What was done"), orderable=False)
    subject = tables.Column(lazy("Object"), orderable=False)
    unit = tables.Column(lazy("Unit"), orderable=False, default="—")
    jurisdiction = tables.Column(lazy("Jurisdiction"), orderable=False, default="—")

    @cached_property
    def shown(self) -> Sequence[Any]:
        """The rows."""
        return [row.record for row in self.rows]

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What the objects of the rows are called; asked once for them all."""
        return subject_names(row.subject for row in self.shown)

    @cached_property
    def places(self) -> Mapping[str, str]:
        """What jurisdictions are called, by their codes; asked once."""
        return names_of_jurisdictions()

    @cached_property
    def units(self) -> Mapping[str, str]:
        """What the units of the rows are called, by their codes; asked once."""
        return _in_parts(names_of_codes, {row.unit for row in self.shown if row.unit})

    @cached_property
    def people(self) -> Mapping[str, str]:
        """Who is behind the pseudonyms; asked once."""
        return _in_parts(names_behind, {row.actor for row in self.shown})

    @cached_property
    def indexes(self) -> Mapping[int, int]:
        """Which of the rows are sealed; asked once."""
        found: dict[int, int] = {}
        for begin in range(0, len(self.shown), AT_ONCE):
            found |= indexes_of(self.shown[begin : begin + AT_ONCE])
        return found

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

    def render_unit(self, value: str) -> str:
        """By name, with its code; one that is not there any more by its code."""
        name = self.units.get(value, "")
        return format_html('{}<br><span class="mu sm">{}</span>', name, value) if name else value

    def value_unit(self, value: str) -> str:
        """The code, by which a workbook finds it."""
        return value

    def render_jurisdiction(self, value: str) -> str:
        """By name; one that is not there any more by its code."""
        return self.places.get(value, value)

    def render_index(self, record: Any) -> str:
        """The index with the seal, or that it waits."""
        if record.pk not in self.indexes:
            return format_html('<span class="st st-hold">{}</span>', _("waits for sealing"))
        return format_html(SEALED, self.indexes[record.pk], _("sealed"))

    def value_index(self, record: Any) -> int | str:
        """The index as a number."""
        return self.indexes.get(record.pk, "")


def _in_parts(ask: Any, keys: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    waiting = list(keys)
    for begin in range(0, len(waiting), AT_ONCE):
        found |= ask(waiting[begin : begin + AT_ONCE])
    return found


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
    return {subject: word(key[0], found[key]) for subject, key in keys.items() if found.get(key)}


def who(actor: str, people: Mapping[str, str]) -> str:
    """The name behind a pseudonym."""
    return _("the installation") if actor == BY_INSTALLATION else people.get(actor, actor)


def _actions() -> list[tuple[str, str]]:
    return sorted(((code, _(text)) for code, text in ACTIONS.items()), key=lambda pair: pair[0])


class EntryFilter(filters.FilterSet):
    """What the record can be narrowed by."""

    time = "at"
    about = filters.CharFilter(label=lazy("Object or unit"), method="about_what")
    who = filters.CharFilter(label=lazy("Who"), method="by_name")
    action = filters.ChoiceFilter(label=lazy("What was done"), choices=_actions)
    first = filters.DateFilter(label=lazy("From day"), method="from_day", widget=DAY)
    last = filters.DateFilter(label=lazy("To day"), method="to_day", widget=DAY)
    number = filters.CharFilter(label=lazy("index or entry number"), method="of_number")

    def about_what(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """About an object, a kind of objects, or a unit; by name, code or number."""
        return rows.filter(about(value))

    def by_name(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Of whoever bears the name."""
        return rows.filter(done_by(self.request.user, value.strip()))

    def from_day(self, rows: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        """From the beginning of a day, here."""
        return rows.filter(**{f"{self.time}__gte": _begin(value)})

    def to_day(self, rows: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        """To the end of a day, here."""
        return rows.filter(**{f"{self.time}__lt": _begin(value + timedelta(days=1))})

    def of_number(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """The one that bears the number."""
        return rows.filter(numbered(value))


class WalkingFilter(EntryFilter):
    """The same over rows that are walked from the latest on, since many fit."""

    time = "walked_at"


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def trace(request: SignedIn) -> HttpResponse:
    """The list, and the same as a workbook."""
    rows = trace_seen_by(request.user).defer("leaf")
    whole = sees_whole(request.user)
    chosen = WalkingFilter(request.GET, queryset=walking(rows), request=request)
    dress(chosen)
    narrowed = narrowed_by(request, chosen)
    found = None
    if narrowed["is_narrowed"]:
        wanted = EntryFilter(request.GET, queryset=whole_record(), request=request)
        found = narrowed_to(rows, wanted.qs)
    found = chosen.qs if found is None else found
    if request.GET.get("export") == "xlsx":
        return _exported(request, found, whole)
    shown, newer, older = _cut(found, request.GET.get("before", ""), request.GET.get("after", ""))
    return render(
        request,
        "journal/trace.html",
        {
            "tab": "trace",
            "table": _table(shown, whole),
            "filter": chosen,
            **narrowed,
            "any": bool(shown) or narrowed["is_narrowed"] or rows.exists(),
            "newer": _address(request, "after", newer),
            "older": _address(request, "before", older),
            "newest": _address(request, "", 0),
            "may_export": not whole or allows(request.user, Verb.AUDIT_EXPORT),
            "whole": whole,
        },
    )


def _table(shown: Sequence[Any], whole: bool) -> EntryTable:
    several = whole or len({row.jurisdiction for row in shown}) > 1
    return EntryTable(shown, exclude=() if several else ("jurisdiction",))


def _exported(request: SignedIn, found: QuerySet[Any], whole: bool) -> HttpResponse:
    if whole:
        require(request.user, Verb.AUDIT_EXPORT)
    shown = list(found[: MOST_EXPORTED + 1])
    if len(shown) > MOST_EXPORTED:
        raise TooMuchToExport(most=MOST_EXPORTED)
    return workbook(_table(shown, whole), _("Record"))


def _cut(found: QuerySet[Any], before: str, after: str) -> tuple[list[Any], int, int]:
    """The rows of a page, and from where the newer and the older ones go on (0: none do)."""
    if after.isdecimal() and len(after) < 19:
        rows = list(found.filter(pk__gt=int(after)).order_by("id")[: PAGE + 1])
        more = len(rows) > PAGE
        rows = rows[:PAGE][::-1]
        return rows, rows[0].pk if more else 0, rows[-1].pk if rows else 0
    is_inside = before.isdecimal() and len(before) < 19
    if is_inside:
        found = found.filter(pk__lt=int(before))
    rows = list(found[: PAGE + 1])
    more, rows = len(rows) > PAGE, rows[:PAGE]
    return rows, rows[0].pk if is_inside and rows else 0, rows[-1].pk if more else 0


def _address(request: SignedIn, name: str, number: int) -> str:
    """The same list, cut elsewhere; empty where nothing is there."""
    if name and not number:
        return ""
    query = request.GET.copy()
    for each in ("before", "after", "export"):
        query.pop(each, None)
    if name:
        query[name] = str(number)
    return f"?{query.urlencode()}"


def audit(request: SignedIn) -> HttpResponse:
    """The address of old: the record is read at one place by everybody."""
    query = request.GET.urlencode()
    return redirect(f"{reverse('web:trace')}{f'?{query}' if query else ''}")


def audit_entry(request: SignedIn, number: int) -> HttpResponse:
    """The address of old, by the number of the row."""
    return redirect("web:trace-entry", entry=entry_of_row(request.user, number))
