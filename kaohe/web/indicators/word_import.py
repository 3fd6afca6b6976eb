"""Pages: what the columns of a Word file mean, said once for a department."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from kaohe.indicators.queries import plan_book as books
from kaohe.indicators.queries.word_drafts import WordHead, heads_in, word_columns
from kaohe.indicators.reading.word_heads import FIELDS
from kaohe.indicators.services import part_imports
from kaohe.indicators.services import word_columns as services
from kaohe.organization.queries.access import NothingHere
from kaohe.web.fields import choice
from kaohe.web.indicators.column_words import MEANINGS
from kaohe.web.indicators.frame import about_year, look_at
from kaohe.web.requests import SignedIn
from kaohe.web.writing import WritingForm, show, written

if TYPE_CHECKING:
    from kaohe.indicators.models import WordColumns

CHOICES = [(name, MEANINGS[name]) for name in ("", *FIELDS)]


class ColumnsForm(WritingForm):
    """A choice for each head of the file."""

    def __init__(self, *args: Any, heads: list[WordHead], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.heads = {f"head{place}": each.head for place, each in enumerate(heads)}
        for place, each in enumerate(heads):
            help_text = "" if each.is_known else _("not known yet")
            self.fields[f"head{place}"] = choice(
                CHOICES, label=each.head, required=False, initial=each.field, help_text=help_text
            )

    def said(self) -> dict[str, str]:
        """Head → field, of those that were said otherwise than they are taken for."""
        return {head: self.cleaned_data[name] for name, head in self.heads.items()}


def columns_of_file(request: SignedIn, key: int) -> HttpResponse:
    """Say what the columns of a Word file mean; it is read again at once.

    Raises:
        NothingHere: it is no Word file, or nothing more can become of it.
    """
    row = books.get_part_file(request.user, key)
    department = row.part.department
    if row.sort != "docx" or row.state != "read" or department is None:
        raise NothingHere
    look_at(request, row.part.assessment_year)
    held = word_columns(department)
    form = ColumnsForm(
        request.POST or None, heads=heads_in(row), seen=held.version if held else None
    )

    def say() -> WordColumns:
        made = services.set_word_columns(
            by=request.user, department=department, columns=form.said(), seen=form.was_seen
        )
        part_imports.read_part_file(by=request.user, key=row.pk)
        return made

    answer = written(
        request,
        form,
        say,
        to=lambda _done: reverse("web:part-file", args=[row.pk]),
        said=lambda _done: _("The file was read again with these columns."),
    )
    context = {
        **about_year(request, row.part.assessment_year, "schemes"),
        "title": _("What the columns mean"),
        "about": department.name,
        "lead": _("This is kept for the department and used for all its Word files."),
        "back": reverse("web:part-file", args=[row.pk]),
        "save": _("Keep and read again"),
    }
    return answer or show(request, "indicators/form.html", context, form)
