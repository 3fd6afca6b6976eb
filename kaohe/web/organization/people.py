"""Pages: people and the posts they hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

import kaohe.web.words.committee
import kaohe.web.words.people  # noqa: F401  # the words of what is shown
from kaohe.core.access import Verb
from kaohe.organization.queries.access import allows
from kaohe.organization.queries.erasures import is_erased, may_ask_about_person
from kaohe.organization.queries.people import (
    departments_with_people,
    get_person,
    in_post_at,
    people_of,
    visible_seats,
)
from kaohe.organization.services.people import where_to_manage
from kaohe.web.history import history_of
from kaohe.web.lists import has_any, listing
from kaohe.web.organization.unit_sheet import CHUNK, plain_workbook
from kaohe.web.requests import SignedIn, here
from kaohe.web.story import word
from kaohe.web.words.people import POSTS
from kaohe.web.writing import show

STATE = [
    ("present", lazy("in post")),
    ("past", lazy("formerly in post")),
    ("none", lazy("never in post")),
]
PAST = mark_safe(' class="mu"')  # a constant of ours


class PersonTable(tables.Table):
    """People with their posts."""

    name = tables.Column(lazy("Full name"), linkify=("web:person", {"key": tables.A("pk")}))
    posts = tables.Column(lazy("Posts held"), empty_values=(), orderable=False)
    phone = tables.Column(lazy("Telephone"), default="—", orderable=False)

    class Meta:
        order_by = ("name",)

    def render_posts(self, record: Any) -> SafeString:
        """A line for each post: place, part, title, days."""
        lines = [_post_line(each, word("post", each.post)) for each in record.posts]
        lines += [_post_line(each, words) for each, words in seats_of(record)]
        if not lines:
            return format_html('<span class="mu">{}</span>', _("no post"))
        return format_html('<ul class="k-plain">{}</ul>', format_html_join("", "{}", zip(lines)))


def _post_line(row: Any, words: str) -> SafeString:
    """A post or a seat as a line, as ``person_posts.html`` has it; a list writes hundreds."""
    if getattr(row, "unit_id", None):
        url, name = reverse("web:unit", args=[row.unit_id]), row.unit.name
    elif hasattr(row, "unit_id"):
        url, name = reverse("web:department", args=[row.department_id]), row.department.name
    else:
        url, name = reverse("web:committee"), row.committee.name
    title = f"·{row.title}" if row.title else ""
    return format_html(
        '<li{}><a href="{}">{}</a> {}{} <span class="mu nw">{}</span></li>',
        PAST if row.to_on else "",
        url,
        name,
        words,
        title,
        _held(row),
    )


def _held(row: Any) -> str:
    first = f"{row.from_on:%Y.%m.%d}" if row.from_on else "—"
    if row.to_on:
        return f"{first}–{row.to_on:%Y.%m.%d}"
    return f"{first} {_('to date')}" if row.from_on else _("in post")


def seats_of(person: Any) -> list[tuple[Any, str]]:
    """The seats of a person on committees, each with what it is in words."""
    return [(each, word("seat", each.seat)) for each in person.sat]


def _departments(request: HttpRequest | None) -> Any:
    """The departments to choose from in the filter."""
    signed_in: Any = request
    return departments_with_people(signed_in.user, here(signed_in, Verb.PERSON_READ))


class PersonFilter(filters.FilterSet):
    """What people can be found by; unit, department, part and time speak of one post."""

    q = filters.CharFilter(label=lazy("Full name contains"), method="at_once")
    unit = filters.CharFilter(label=lazy("Unit or department contains"), method="at_once")
    department = filters.ModelChoiceFilter(
        label=lazy("Department"), queryset=_departments, method="at_once"
    )
    post = filters.ChoiceFilter(
        label=lazy("Part"),
        choices=[(code, lazy(words)) for code, words in POSTS.items()],
        method="at_once",
    )
    state = filters.ChoiceFilter(label=lazy("When"), choices=STATE, method="at_once")

    def at_once(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """All of them are applied together, below."""
        return rows

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """People by name, and those with a post that has everything that is asked for."""
        sound = self.form.cleaned_data  # what could not be read is not asked for
        asked: dict[str, Any] = {name: sound.get(name) or "" for name in self.filters}
        if asked["q"]:
            queryset = queryset.filter(name__icontains=asked["q"].strip())
        signed_in: Any = self.request
        found = in_post_at(
            signed_in.user,
            place=asked["unit"],
            department=asked["department"] or None,
            post=asked["post"],
        )
        state = asked["state"]
        if not (state or asked["unit"] or asked["department"] or asked["post"]):
            return queryset
        seats = visible_seats(signed_in.user).order_by()
        if asked["unit"] or asked["department"] or asked["post"]:
            seats = seats.none()  # a seat is in neither
        if state in ("present", "past"):
            ended = {"to_on__isnull": state == "present"}
            found, seats = found.filter(**ended), seats.filter(**ended)
        holds = Q(pk__in=found.values("person")) | Q(pk__in=seats.values("person"))
        return queryset.exclude(holds) if state == "none" else queryset.filter(holds)


def people(request: SignedIn) -> HttpResponse:
    """The list; as a workbook a line for each post."""
    place = here(request, Verb.PERSON_READ)
    rows = people_of(request.user, place)
    if request.GET.get("export") == "xlsx":
        chosen = PersonFilter(request.GET, queryset=rows, request=request)
        return plain_workbook(_heads(), _lines(chosen.qs), _("People and posts"))
    return listing(
        request,
        "organization/people.html",
        rows=rows,
        table=PersonTable,
        filters=PersonFilter,
        title=_("People and posts"),
        context={
            "tab": "people",
            "place": place,
            "any": has_any(rows),
            "may_manage": allows(request.user, Verb.PERSON_MANAGE),
            "may_enter": allows(request.user, Verb.PERSON_MANAGE, place),
        },
    )


def _heads() -> list[str]:
    """The heads of the workbook."""
    return [
        _("Full name"),
        _("Unit or department"),
        _("Competent department"),
        _("Part"),
        _("Post held"),
        _("In post from"),
        _("In post until"),
        _("Document"),
        _("Telephone"),
    ]


def _lines(rows: QuerySet[Any]) -> Iterator[list[str]]:
    """A line for each post; one without a post for who has none."""
    for person in rows.iterator(chunk_size=CHUNK):
        held = [_post(each) for each in person.posts] + [_seat(*each) for each in seats_of(person)]
        for cells in held or [[""] * 7]:
            yield [person.name, *cells, person.phone]


def _seat(row: Any, words: str) -> list[str]:
    return [row.committee.name, "", words, row.title, *_days(row), row.document]


def _days(row: Any) -> list[str]:
    return [f"{day:%Y-%m-%d}" if day else "" for day in (row.from_on, row.to_on)]


def _post(tenure: Any) -> list[str]:
    place = tenure.unit or tenure.department
    return [
        place.name,
        tenure.unit.department.name if tenure.unit else "",
        word("post", tenure.post),
        tenure.title,
        *_days(tenure),
        tenure.document,
    ]


def person(request: SignedIn, key: int) -> HttpResponse:
    """One person: posts held and formerly held, history."""
    row: Any = get_person(request.user, key)
    where = where_to_manage(request.user, row)
    subjects = [row.subject, *(each.subject for each in (*row.posts, *row.sat))]
    seats = seats_of(row)
    lines = [
        (each, word("post", each.post), allows(request.user, Verb.PERSON_MANAGE, each))
        for each in row.posts
    ]
    return show(
        request,
        "organization/person.html",
        {
            "tab": "people",
            "person": row,
            "present": [line for line in lines if line[0].to_on is None],
            "seated": [line for line in seats if line[0].to_on is None],
            "sat": [line for line in seats if line[0].to_on is not None],
            "count": sum(each.to_on is None for each in (*row.posts, *row.sat)),
            "past": [line for line in lines if line[0].to_on is not None],
            "may_manage": allows(request.user, Verb.PERSON_MANAGE, where) and not is_erased(row),
            "may_erase": may_ask_about_person(request.user, row),
            "history": history_of(request.user, _Seen(row), subjects),
        },
    )


def with_words(rows: Iterable[Any]) -> list[Any]:
    """Posts, each with its part in words."""
    found = list(rows)
    for each in found:
        each.words = word("post", each.post)
    return found


class _Seen:
    """Where a person's history may be read: where the person belongs, or has a post one may see."""

    def __init__(self, row: Any) -> None:
        self.row = row

    def place(self) -> Any:
        """The place of the first post that was read, else the person's own."""
        posts = self.row.posts
        return posts[0].place() if posts else self.row.place()
