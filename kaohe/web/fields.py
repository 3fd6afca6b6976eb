"""Fields of our forms: days, names, reasons, each with the same limits and widgets everywhere."""

from __future__ import annotations

from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kaohe.core.texts import clean, clean_long

LONG = 5000
M = TypeVar("M", bound=Model)


class DayField(forms.DateField):
    """A day, from a date picker, or typed as 2026-03-05, 2026.3.5 or 2026/3/5."""

    widget = forms.DateInput(attrs={"type": "date", "class": "form-control w-s"}, format="%Y-%m-%d")

    def __init__(self, *, earliest: int = 1949, latest: int = 2100, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d", "%Y年%m月%d日"])
        super().__init__(**kwargs)
        self.earliest, self.latest = earliest, latest

    def validate(self, value: Any) -> None:
        """Refuses a year that can only be a slip of the hand."""
        super().validate(value)
        if value is not None and not self.earliest <= value.year <= self.latest:
            raise ValidationError(
                _("The year %(year)s cannot be meant. Enter a year from %(first)s to %(last)s.")
                % {"year": value.year, "first": self.earliest, "last": self.latest}
            )


class NameField(forms.CharField):
    """A line of text: cleaned of what cannot be seen, and nothing that a spreadsheet would run."""

    def __init__(self, *, max_length: int = 120, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"class": "form-control"}))
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        """The text as it will be kept."""
        return clean(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        """Refuses what begins like a formula."""
        super().validate(value)
        if value[:1] in ("=", "+", "-", "@"):
            raise ValidationError(
                _("A text may not begin with %(sign)s: a spreadsheet would run it as a formula.")
                % {"sign": value[0]}
            )


class LongText(forms.CharField):
    """Paragraphs: a reason, minutes; up to 5,000 characters."""

    def __init__(self, *, max_length: int = LONG, rows: int = 4, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"class": "form-control", "rows": rows}))
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        """The text as it will be kept, its paragraphs as they are."""
        return clean_long(super().to_python(value) or "")


class Ticks(forms.CheckboxSelectMultiple):
    """Several of a few, as boxes to tick; ``attrs`` carries the group's ``aria-label``."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The boxes in columns."""
        chosen = {str(each) for each in value or ()}
        boxes = [
            (name, key, mark_safe(" checked") if str(key) in chosen else "", text)
            for key, text in self.choices
        ]
        options = format_html_join(
            "",
            '<label class="k-opt"><input class="form-check-input" type="checkbox" name="{}"'
            ' value="{}"{}><span>{}</span></label>',
            boxes,
        )
        said = self.attrs.get("aria-label", "")
        return format_html(
            '<div class="k-opts cols" role="group" aria-label="{}">{}</div>', said, options
        )


class PlainSelect(forms.Select):
    """A list to choose from, written without a template: departments make it long."""

    @classmethod
    def like(cls, other: forms.Select) -> PlainSelect:
        """The same list as another."""
        made = cls(attrs=other.attrs)
        made.choices, made.is_required = other.choices, other.is_required
        return made

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The list with its options."""
        told = self.get_context(name, value, attrs)["widget"]
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (each["value"], mark_safe(" selected") if each["selected"] else "", each["label"])
                for _group, choices, _index in told["optgroups"]
                for each in choices
            ),
        )
        given = {"name": name, **told["attrs"]}
        return format_html("<select{}>{}</select>", flatatt(given), options)


class FilePick(forms.FileInput):
    """A file to choose, with our words: a browser's own button speaks the browser's language.

    Without scripts the browser's button shows.
    """

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The button, and the names of what was chosen."""
        return format_html(
            '<div class="drop">{}<span class="fake btn btn-o" aria-hidden="true">{}</span>'
            '<span class="fake mu">{}</span><span class="names" aria-live="polite"></span></div>',
            super().render(name, value, attrs, renderer),
            _("Choose a file"),
            _("or drop it here"),
        )


class FilesPick(FilePick):
    """Several files to choose."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """All files that were sent, in their order."""
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.FileField):
    """One file or several; gives a list."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Each of the files, as a field for one would have it."""
        sent = data if isinstance(data, list) else [data]
        return [super(FilesField, self).clean(each, initial) for each in sent or [None]]


def files_choice(accept: str, **kwargs: Any) -> FilesField:
    """Files from the person's machine.

    Args:
        accept: the endings that the browser offers, parted by commas.
    """
    pick = FilesPick(attrs={"accept": accept})
    return FilesField(allow_empty_file=True, widget=pick, **kwargs)


def file_choice(accept: str, **kwargs: Any) -> forms.FileField:
    """A file from the person's machine.

    Args:
        accept: the endings that the browser offers, parted by commas.
    """
    kwargs.setdefault("widget", FilePick(attrs={"accept": accept}))
    return forms.FileField(allow_empty_file=True, **kwargs)  # a service says what to do then


def choice(choices: Any, **kwargs: Any) -> forms.ChoiceField:
    """One of a few, from a list."""
    kwargs.setdefault("widget", forms.Select(attrs={"class": "form-select"}))
    return forms.ChoiceField(choices=choices, **kwargs)


def row_choice(queryset: QuerySet[M], **kwargs: Any) -> forms.ModelChoiceField[M]:
    """One of the rows that the person may choose from."""
    kwargs.setdefault("widget", forms.Select(attrs={"class": "form-select"}))
    return forms.ModelChoiceField(queryset=queryset, **kwargs)


def tick(**kwargs: Any) -> forms.BooleanField:
    """Yes or no."""
    kwargs.setdefault("widget", forms.CheckboxInput(attrs={"class": "form-check-input"}))
    return forms.BooleanField(required=False, **kwargs)
