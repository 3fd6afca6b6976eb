"""How a form is carried out: once, with refusals shown on it."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from kaohe.organization.services.once import once
from kaohe.web.refusals import refusals_shown_on
from kaohe.web.requests import SignedIn

T = TypeVar("T")
KEY, SEEN = "once_key", "seen"


class WritingForm(forms.Form):
    """A form that writes: it carries its own key, and the version of what it was filled from."""

    once_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, seen: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[KEY].initial = uuid4().hex
        self.fields[SEEN].initial = seen
        for field in self.fields.values():
            field.error_messages["required"] = _("This must be filled in.")

    @property
    def given(self) -> dict[str, Any]:
        """What was filled in, without the form's own two fields."""
        return {name: value for name, value in self.cleaned_data.items() if name not in (KEY, SEEN)}

    @property
    def was_seen(self) -> int | None:
        """The version that was on the screen."""
        found: int | None = self.cleaned_data.get(SEEN)
        return found


def written(
    request: SignedIn,
    form: WritingForm,
    do: Callable[[], T],
    *,
    to: Callable[[T], str],
    said: Callable[[T], str] | None = None,
) -> HttpResponse | None:
    """Carry out a form that was sent and is sound.

    Args:
        do: calls the service.
        to: the address to go on to, from what the service gave.
        said: the sentence of success to show there.

    Returns:
        The redirect; None where nothing is to be carried out, or it was refused (the form says so).
    """
    if request.method != "POST" or not form.is_valid():
        return None

    def carry_out() -> str:
        result = do()
        if said is not None:
            messages.success(request, said(result))
        return to(result)

    key = form.cleaned_data.get(KEY) or uuid4().hex
    with refusals_shown_on(form):
        return HttpResponseRedirect(
            once(by=request.user, key=key, digest=_digest(request), do=carry_out)
        )
    return None


def _digest(request: SignedIn) -> str:
    """Of all that was sent, but for the token that changes each time."""
    sent = sorted(
        (name, tuple(values))
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
    )
    files = sorted(
        (name, str(file.name), _content(file))
        for name in request.FILES
        for file in request.FILES.getlist(name)
    )
    return hashlib.sha256(repr((request.get_full_path(), sent, files)).encode()).hexdigest()


def _content(file: Any) -> str:
    """The digest of what a file holds: a mended workbook may have the old name and size."""
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()


def show(
    request: SignedIn, template: str, context: Mapping[str, Any], form: forms.BaseForm | None = None
) -> HttpResponse:
    """A page; with status 422 where it shows a form that was refused."""
    full = {**context, "form": form} if form is not None else dict(context)
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return render(request, template, full, status=status)
