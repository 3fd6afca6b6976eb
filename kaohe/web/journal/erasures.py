"""Pages: requests to erase personal text from the record; one person asks, another settles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import django_filters as filters
import django_tables2 as tables
from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.access import Verb
from kaohe.journal.queries import tell
from kaohe.organization.queries.access import allows, reach_of
from kaohe.organization.queries.erasures import (
    digest_of,
    doomed_by,
    entry_to_ask_about,
    get_request,
    person_to_ask_about,
    texts_about,
    texts_held,
    visible_requests,
)
from kaohe.organization.services import erasures as services
from kaohe.organization.services.erasure_refusals import ErasureSettled
from kaohe.web.fields import LongText, NameField, Ticks, choice, tick
from kaohe.web.lists import has_any, listing
from kaohe.web.requests import SignedIn, key_in
from kaohe.web.story import Line, story, text_label, word
from kaohe.web.words.erasures import BASES, STATES
from kaohe.web.writing import WritingForm, show, written

if TYPE_CHECKING:
    from kaohe.organization.models import ErasureRequest
    from kaohe.organization.queries.erasures import Doomed

SIGNS = {"asked": "run", "carried_out": "done", "refused": "back"}
EXCERPT = 60  # characters of a text beside its box
CHOICES = [(code, lazy(words)) for code, words in BASES.items()]


class RequestTable(tables.Table):
    """The list of requests."""

    id = tables.Column(
        "№",
        linkify=("web:erasure", {"key": tables.A("pk")}),
        attrs={"td": {"class": "num"}, "th": {"class": "num"}},
    )
    about = tables.Column(lazy("What is to be erased"), empty_values=(), orderable=False)
    basis = tables.Column(lazy("Basis in law"), orderable=False)
    document = tables.Column(lazy("Document"), orderable=False)
    state = tables.Column(lazy("State"), orderable=False)
    asked_by = tables.Column(lazy("Asked by"), orderable=False)
    asked_at = tables.DateTimeColumn(verbose_name=lazy("Asked at"), format="Y.m.d H:i")
    jurisdiction = tables.Column(lazy("Jurisdiction"), orderable=False)

    class Meta:
        order_by = ("-id",)

    def render_about(self, record: Any) -> str:
        """A person, or entries."""
        return about(record)

    def render_basis(self, value: str) -> str:
        """In words."""
        return word("basis", value)

    def render_state(self, value: str) -> SafeString:
        """As sign and word."""
        return format_html('<span class="st st-{}">{}</span>', SIGNS[value], word("state", value))

    def value_state(self, value: str) -> str:
        """In words."""
        return word("state", value)


class RequestFilter(filters.FilterSet):
    """What the list can be narrowed by."""

    state = filters.ChoiceFilter(
        label=lazy("State"), choices=[(code, lazy(words)) for code, words in STATES.items()]
    )
    document = filters.CharFilter(label=lazy("Document contains"), lookup_expr="icontains")


class TextTicks(Ticks):
    """Texts to tick, each in a line of its own: they are long."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The boxes below each other."""
        made = super().render(name, value, attrs, renderer)
        return mark_safe(made.replace("k-opts cols", "k-opts", 1))  # noqa: S308  # made above


class AskForm(WritingForm):
    """Why something is to be erased."""

    basis = choice(CHOICES, label=lazy("Basis in law"))
    document = NameField(
        label=lazy("Document"),
        help_text=lazy("number of the request, judgment or order; it stands in the public log"),
    )
    reason = LongText(
        label=lazy("Reason"), help_text=lazy("do not repeat here what is to be forgotten")
    )


class AskTextsForm(AskForm):
    """Which texts of one entry, and why."""

    names = forms.MultipleChoiceField(
        label=lazy("Texts"), widget=TextTicks(attrs={"aria-label": lazy("Texts")})
    )
    field_order = ("names", "basis")


class CarryOutForm(WritingForm):
    """That somebody has looked at each text that will go."""

    what = forms.CharField(widget=forms.HiddenInput, max_length=64)
    looked = tick(label=lazy("I have looked at each of these texts and checked the document"))

    def clean_looked(self) -> bool:
        """Without having looked nothing goes."""
        if not self.cleaned_data["looked"]:
            raise forms.ValidationError(
                _("Look at the texts and tick this, or refuse the request.")
            )
        return True


class RefuseForm(WritingForm):
    """Why a request is refused."""

    reason = LongText(label=lazy("Why it is refused"))


def about(row: Any) -> str:
    """What a request is about, in a line."""
    if row.person is not None:
        return _("everything about %(name)s") % {"name": row.person.name}
    places = [getattr(item.entry, "position", None) for item in row.items.all()]
    numbers = [str(each.index) if each else _("waits to be sealed") for each in places]
    return _("texts of entry %(numbers)s") % {"numbers": _(", ").join(numbers)}


def erasures(request: SignedIn) -> HttpResponse:
    """The list."""
    rows = visible_requests(request.user).prefetch_related("items__entry__position")
    return listing(
        request,
        "journal/erasures.html",
        rows=rows,
        table=RequestTable,
        filters=RequestFilter,
        title=_("Erasures"),
        hide=() if reach_of(request.user, Verb.ERASURE_READ).everywhere else ("jurisdiction",),
        context={
            "tab": "erasures",
            "any": has_any(rows),
            "may_ask": allows(request.user, Verb.ERASURE_ASK),
        },
    )


def erasure(request: SignedIn, key: int) -> HttpResponse:
    """One request: who asks for what and why, what would go, what came of it."""
    row = get_request(request.user, key)
    may_settle = row.state == "asked" and allows(request.user, Verb.ERASURE_CARRY_OUT, row)
    context = {**_facts(row), "may_settle": may_settle, "lost": _lost(doomed_by(row))}
    return show(request, "journal/erasure.html", context)


def _facts(row: ErasureRequest) -> dict[str, Any]:
    return {
        "tab": "erasures",
        "row": row,
        "about": about(row),
        "basis": word("basis", row.basis),
        "state": word("state", row.state),
        "sign": SIGNS[row.state],
    }


def _lost(doomed: Iterable[Doomed]) -> list[tuple[Line, list[tuple[str, str | None]]]]:
    """Each entry in words, with the labels and the texts that go; no text: it is gone."""
    found = list(doomed)
    lines = story(tell(each.entry for each in found))
    return [
        (
            line,
            [
                (text_label(name, each.entry.subject.partition(":")[0]), text)
                for name, text in each.texts.items()
            ],
        )
        for line, each in zip(lines, found, strict=True)
    ]


def ask_erasure(request: SignedIn) -> HttpResponse:
    """Ask: about texts of an entry, or about everything of a person."""
    if entry := request.GET.get("entry", ""):
        return _ask_texts(request, entry)
    if person := request.GET.get("person", ""):
        return _ask_person(request, key_in(person) or 0)
    return show(request, "journal/erasure_choose.html", {"tab": "erasures"})


def _ask_texts(request: SignedIn, number: str) -> HttpResponse:
    entry, place = entry_to_ask_about(request.user, number)
    kind = entry.subject.partition(":")[0]
    held = texts_held(entry)
    form = AskTextsForm(request.POST or None)
    names: Any = form.fields["names"]
    names.choices = [
        (name, f"{text_label(name, kind)}{_(': ')}{Truncator(text).chars(EXCERPT)}")
        for name, text in held.items()
    ]
    answer = written(
        request,
        form,
        lambda: services.ask_erasure(
            by=request.user, entry=entry, jurisdiction=place, **form.given
        ),
        to=_page,
        said=_said_asked,
    )
    [line] = story(tell([entry]))
    context = {
        "tab": "erasures",
        "line": line,
        "none": not held,
        "back": reverse("web:trace-entry", args=[entry.entry]),
        "refused": _("Not asked yet. Please mend:"),
    }
    return answer or show(request, "journal/erasure_ask.html", context, form)


def _ask_person(request: SignedIn, key: int) -> HttpResponse:
    person = person_to_ask_about(request.user, key)
    form = AskForm(request.POST or None)
    answer = written(
        request,
        form,
        lambda: services.ask_person_erasure(by=request.user, person=person, **form.given),
        to=_page,
        said=_said_asked,
    )
    context = {
        "tab": "erasures",
        "person": person,
        "lost": _lost(texts_about(person)),
        "back": reverse("web:person", args=[person.pk]),
        "refused": _("Not asked yet. Please mend:"),
    }
    return answer or show(request, "journal/erasure_ask.html", context, form)


def _page(row: ErasureRequest) -> str:
    return reverse("web:erasure", args=[row.pk])


def _said_asked(row: ErasureRequest) -> str:
    return _("The request has the number %(number)s. The audit administrator decides on it.") % {
        "number": row.pk
    }


def _to_settle(request: SignedIn, key: int) -> ErasureRequest:
    row = get_request(request.user, key, Verb.ERASURE_CARRY_OUT)
    if row.state != "asked" and request.method != "POST":
        raise ErasureSettled
    return row


def carry_out_erasure(request: SignedIn, key: int) -> HttpResponse:
    """Look at what will go, and let it go."""
    row = _to_settle(request, key)
    doomed = doomed_by(row)
    what = digest_of(doomed)
    form = CarryOutForm(request.POST or None, seen=row.version, initial={"what": what})
    answer = written(
        request,
        form,
        lambda: services.carry_out_erasure(
            by=request.user, request=row, seen=form.was_seen, what=form.given["what"]
        ),
        to=_page,
        said=lambda done: _("It is erased. The record says so."),
    )
    context = {**_facts(row), "lost": _lost(doomed), "refused": _("Nothing is erased yet:")}
    return answer or show(request, "journal/erasure_carry_out.html", context, form)


def refuse_erasure(request: SignedIn, key: int) -> HttpResponse:
    """Refuse, and say why."""
    row = _to_settle(request, key)
    form = RefuseForm(request.POST or None, seen=row.version)
    answer = written(
        request,
        form,
        lambda: services.refuse_erasure(
            by=request.user, request=row, seen=form.was_seen, **form.given
        ),
        to=_page,
        said=lambda done: _("The request is refused."),
    )
    return answer or show(request, "journal/erasure_refuse.html", _facts(row), form)
