"""Pages: the log and who watches it; adding, correcting and ending a witness."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

import kaohe.web.words.trace  # noqa: F401  # declares
from kaohe.core.access import Verb
from kaohe.organization.queries.access import allows
from kaohe.organization.queries.witnesses import get_witness, sealing_state, witnesses_seen_by
from kaohe.organization.services import witnesses as services
from kaohe.web.fields import LongText, NameField
from kaohe.web.journal.standing import log_facts, witness_lines
from kaohe.web.requests import SignedIn
from kaohe.web.writing import WritingForm, show, written

if TYPE_CHECKING:
    from kaohe.journal.models import Witness


class CorrectWitnessForm(WritingForm):
    """What may change of a witness."""

    name = NameField(label=lazy("Organisation"))
    url = forms.CharField(
        label=lazy("Address of the witness"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "url"}),
        help_text=lazy(
            "where each new checkpoint is sent; empty if the witness fetches by itself or by USB"
            " stick"
        ),
    )


class AddWitnessForm(CorrectWitnessForm):
    """A witness that was not there."""

    vkey = forms.CharField(
        label=lazy("Verification key"),
        max_length=300,
        widget=forms.Textarea(attrs={"class": "form-control code", "rows": 2}),
        help_text=lazy("one line; compare its fingerprint with the operator by telephone"),
    )
    field_order = ("name", "vkey", "url")


class EndWitnessForm(WritingForm):
    """The end of a witness."""

    reason = LongText(label=lazy("Reason"))


def trace_witnesses(request: SignedIn) -> HttpResponse:
    """The log and its witnesses, for everybody who reads the record."""
    context = _context(request, "witnesses")
    if not allows(request.user, Verb.AUDIT_READ):  # it may name folders and files
        context["trouble"] = ""
    return show(request, "journal/witnesses.html", context)


def witnesses(request: SignedIn) -> HttpResponse:
    """The same for who keeps the system, with how sealing goes on and the deeds."""
    context = _context(request, "log")
    context["may_manage"] = allows(request.user, Verb.SYSTEM_MANAGE)
    return show(request, "journal/witnesses_system.html", context)


def _context(request: SignedIn, tab: str) -> dict[str, Any]:
    return {
        "tab": tab,
        "lines": witness_lines(witnesses_seen_by(request.user)),
        **log_facts(sealing_state()),
    }


def add_witness(request: SignedIn) -> HttpResponse:
    """Enter a witness."""
    form = AddWitnessForm(request.POST or None)
    answer = written(
        request,
        form,
        lambda: services.add_witness(by=request.user, **form.given),
        to=lambda _row: _list(),
        said=lambda row: _("%(name)s is entered.") % {"name": row.name},
    )
    context = {"tab": "log", "title": _("Enter a witness"), "back": _list()}
    return answer or show(request, "system/jurisdiction_form.html", context, form)


def correct_witness(request: SignedIn, key: int) -> HttpResponse:
    """Mend name or address."""
    row = get_witness(request.user, key)
    initial = {"name": row.name, "url": row.url}
    form = CorrectWitnessForm(request.POST or None, seen=row.version, initial=initial)
    return _deed(request, row, form, _("Correct the witness"), services.correct_witness)


def end_witness(request: SignedIn, key: int) -> HttpResponse:
    """The end."""
    row = get_witness(request.user, key)
    form = EndWitnessForm(request.POST or None, seen=row.version)
    return _deed(request, row, form, _("End the witness"), services.end_witness)


def _deed(
    request: SignedIn, row: Witness, form: WritingForm, title: str, service: Any
) -> HttpResponse:
    answer = written(
        request,
        form,
        lambda: service(by=request.user, witness=row, seen=form.was_seen, **form.given),
        to=lambda _row: _list(),
        said=lambda done: _("%(name)s is saved.") % {"name": done.name},
    )
    context = {"tab": "log", "title": title, "about": row.name, "back": _list()}
    return answer or show(request, "system/jurisdiction_form.html", context, form)


def _list() -> str:
    return reverse("web:witnesses")
