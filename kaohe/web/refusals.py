"""Refusals on pages: an error on the form that caused it, or a page with its status."""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kaohe.core.errors import Conflict, Invalid, Refusal
from kaohe.core.statuses import TITLE, status_of


@contextmanager
def refusals_shown_on(form: forms.BaseForm) -> Iterator[None]:
    """Turn a refusal that the person can mend into an error on the form they are looking at.

    A form that calls its fields otherwise than the refusal says where by ``place_of``.
    """
    try:
        yield
    except (Invalid, Conflict) as refusal:
        field = refusal.field if refusal.field in form.fields else ""
        if not field and (place_of := getattr(form, "place_of", None)):
            field = place_of(refusal)
        form.add_error(field or None, refusal.say(_))


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A page that says what is wrong and what to do."""
    status = status_of(refusal)
    return render(
        request,
        "web/refusal.html",
        {"status": status, "title": _(TITLE[status]), "sentence": refusal.say(_)},
        status=status,
    )
