"""Pages: what the columns of Word files mean, said once for a department; whose each file is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from kaohe.indicators.queries import plan_book as books
from kaohe.indicators.queries.word_drafts import WordHead, word_columns
from kaohe.indicators.queries.word_matching import (
    FileRead,
    Shape,
    files_read,
    shapes_in,
    unit_choices,
)
from kaohe.indicators.reading.word_files import ALL, OUT
from kaohe.indicators.reading.word_heads import FIELDS
from kaohe.indicators.services import word_columns as services
from kaohe.indicators.services.word_uploads import place_word_files
from kaohe.organization.queries.access import NothingHere
from kaohe.web.fields import choice
from kaohe.web.indicators.column_words import MEANINGS
from kaohe.web.indicators.frame import about_year, look_at
from kaohe.web.indicators.workbooks import read_on
from kaohe.web.requests import SignedIn
from kaohe.web.writing import WritingForm, show, written

if TYPE_CHECKING:
    from kaohe.indicators.models import PartImport
    from kaohe.organization.models import Department

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
    """Say what the columns of Word files mean; files of another shape are asked about in turn.

    When all is said, the files are read again.

    Raises:
        NothingHere: it is no Word file, or nothing more can become of it.
    """
    row, department = _read_word(request, key)
    shape = _shape(request, row)
    held = word_columns(department)
    form = ColumnsForm(
        request.POST or None, heads=list(shape.heads), seen=held.version if held else None
    )

    def say() -> str:
        services.set_word_columns(
            by=request.user, department=department, columns=form.said(), seen=form.was_seen
        )
        following = next((each for each in shapes_in(row) if each.is_open), None)
        if following is None:
            return read_on(request, row)
        return f"{reverse('web:part-file-columns', args=[row.pk])}?shape={following.key}"

    answer = written(request, form, say, to=str, said=lambda _done: _("The columns are kept."))
    context = {
        **about_year(request, row.part.assessment_year, "schemes"),
        "title": _("What the columns mean"),
        "about": _files_said(shape),
        "lead": _("This is kept for the department and used for all its Word files."),
        "back": reverse("web:part-file", args=[row.pk]),
        "save": _("Keep and read again"),
    }
    return answer or show(request, "indicators/form.html", context, form)


def _read_word(request: SignedIn, key: int) -> tuple[PartImport, Department]:
    """An import of Word files that were read and are still to be applied.

    Raises:
        NothingHere: it is none.
    """
    row = books.get_part_file(request.user, key)
    if row.sort != "docx" or row.state != "read" or row.part.department is None:
        raise NothingHere
    look_at(request, row.part.assessment_year)
    return row, row.part.department


def _shape(request: SignedIn, row: PartImport) -> Shape:
    """The shape that an address names, else the first.

    Raises:
        NothingHere: no file has any heads.
    """
    shapes = shapes_in(row)
    if not shapes:
        raise NothingHere
    wanted = request.GET.get("shape")
    return next((each for each in shapes if each.key == wanted), shapes[0])


def _files_said(shape: Shape) -> str:
    """The files of a shape: the first few by name."""
    said = "、".join(shape.names[:3])
    rest = len(shape.names) - 3
    return said if rest <= 0 else _("{files} and {n} more").format(files=said, n=rest)


class UnitsForm(WritingForm):
    """For each Word file the unit that it is for."""

    def __init__(
        self, *args: Any, files: list[FileRead], units: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.keys = {f"file{each.key}": each.key for each in files}
        whose = [(ALL, _("for all units")), (OUT, _("leave this file out")), *units]
        for each in files:
            found = "、".join(name for _code, name in each.units) or _("not known")
            itself = _("as it says itself: {units}").format(units=found)
            if each.chosen:
                itself = _("as it says itself")
            self.fields[f"file{each.key}"] = choice(
                [("", itself), *whose], label=each.name, required=False, initial=each.chosen
            )

    def said(self) -> dict[int, str]:
        """Key of each file → what was chosen."""
        return {key: self.cleaned_data[name] for name, key in self.keys.items()}


def units_of_files(request: SignedIn, key: int) -> HttpResponse:
    """Say which unit each Word file is for; they are read again at once.

    Raises:
        NothingHere: it is no Word file, or nothing more can become of it.
    """
    row, _department = _read_word(request, key)
    form = UnitsForm(
        request.POST or None, files=files_read(row), units=unit_choices(row), seen=row.version
    )

    def place() -> str:
        place_word_files(by=request.user, row=row, seen=form.was_seen, chosen=form.said())
        return read_on(request, row)

    answer = written(request, form, place, to=str)
    context = {
        **about_year(request, row.part.assessment_year, "schemes"),
        "title": _("Which unit each file is for"),
        "about": books.title_of_part(row.part),
        "lead": _("A unit has one file. What is left out is not read; it can be brought later."),
        "back": reverse("web:part-file", args=[row.pk]),
        "save": _("Keep and read again"),
    }
    return answer or show(request, "indicators/form.html", context, form)
