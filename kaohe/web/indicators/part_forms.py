"""Forms about versions of parts: handed in, returned with marks, issued, given up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.checkup_answers import LONGEST
from kaohe.indicators.services.parts import Marked
from kaohe.web.fields import LongText, NameField
from kaohe.web.writing import WritingForm

MOST_MARKS = 100


class NoteForm(WritingForm):
    """What is new in a version, and why."""

    change_note = LongText(
        label=lazy("What is new"),
        rows=3,
        required=False,
        help_text=lazy("what is changed and why, for those who approve; needed after the first"),
    )


class ReturnPartForm(WritingForm):
    """Why a version goes back: for the whole, and for each cell that was marked."""

    reason = LongText(
        label=lazy("Reason"),
        required=False,
        help_text=lazy(
            "what is to be changed; the drafter reads it first. It also holds for marked cells"
            " without a reason of their own"
        ),
    )

    def __init__(self, *args: Any, cells: Sequence[tuple[str, str, str]], **kwargs: Any) -> None:
        """``cells``: path, where in words, and what stands there."""
        super().__init__(*args, **kwargs)
        self._paths = {f"why_{place}": path for place, (path, _w, _t) in enumerate(cells)}
        for place, (_path, where, text) in enumerate(cells):
            self.fields[f"why_{place}"] = LongText(
                label=where, rows=2, required=False, help_text=text
            )

    def clean(self) -> dict[str, Any]:
        """A marked cell has a reason: its own, or that of the whole."""
        found: dict[str, Any] = super().clean() or {}
        for name in self._paths:
            if not found.get(name) and not found.get("reason") and name not in self.errors:
                self.add_error(
                    name, ValidationError(_("Write why this cell is marked, or a reason for all."))
                )
        return found

    @property
    def marks(self) -> list[Marked]:
        """The marked cells with their reasons."""
        given = self.cleaned_data
        return [
            Marked(path, given.get(name) or given["reason"]) for name, path in self._paths.items()
        ]


class AnswerForm(WritingForm):
    """Why a warning of the check-up is to stay as it is."""

    check = forms.CharField(widget=forms.HiddenInput, max_length=40)
    path = forms.CharField(widget=forms.HiddenInput, required=False)
    about = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)
    text = LongText(
        label=lazy("Explanation"),
        rows=3,
        max_length=LONGEST,
        help_text=lazy("why it is to stay as it is; the approver reads it beside the finding"),
    )


class IssuePartForm(WritingForm):
    """The document by which a version is issued."""

    document_number = NameField(
        label=lazy("Document number"),
        max_length=60,
        required=False,
        help_text=lazy("of the paper by which it is issued, where there is one"),
    )


class GiveUpForm(WritingForm):
    """Why a version is given up."""

    reason = LongText(label=lazy("Reason"), required=False)
