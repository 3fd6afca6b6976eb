"""Fields for decimals as ticks, and for short tables of them, refused cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kaohe.core.quantities import FULL, LIMIT, parse_ticks, show_plain
from kaohe.core.texts import clean, shortened

SPARE = 2  # empty rows behind the filled ones
FEWEST, MOST = 5, 20  # rows of a table


def number(text: str, *, least: int | None = None, most: int | None = None) -> int:
    """A decimal as ticks.

    Raises:
        ValidationError: it is none, or outside the bounds; in words.
    """
    ticks = parse_ticks(text)
    if ticks is None:
        raise ValidationError(
            _(
                "“%(text)s” is no number that can be taken: write digits with at most 4 behind"
                " the point, no sign of thousands, no %%, such as 97.5."
            )
            % {"text": shortened(text)}
        )
    if least is not None and ticks < least:
        raise ValidationError(
            _("%(found)s is too small: %(least)s or more is needed.")
            % {"found": show_plain(ticks), "least": show_plain(least)}
        )
    if most is not None and ticks > most:
        raise ValidationError(
            _("%(found)s is too large: it can be %(most)s at most.")
            % {"found": show_plain(ticks), "most": show_plain(most)}
        )
    return ticks


class PlainInput(forms.TextInput):
    """A line to type in, written without a template: a sheet has a hundred of them."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The field."""
        given = {"type": self.input_type, "name": name, **self.build_attrs(self.attrs, attrs)}
        shown = self.format_value(value)
        if shown is not None:
            given["value"] = shown
        return format_html("<input{}>", flatatt(given))


class NumberInput(PlainInput):
    """A field for a decimal, narrow, with the digits at the right."""

    def __init__(self, **attrs: Any) -> None:
        super().__init__(
            attrs={
                "class": "form-control num w-s",
                "inputmode": "decimal",
                "autocomplete": "off",
                **attrs,
            }
        )

    def format_value(self, value: Any) -> str | None:
        """Ticks as people write them; what was typed as it was typed."""
        return show_plain(value) if isinstance(value, int) else super().format_value(value)


class TicksField(forms.CharField):
    """A decimal, as ticks; None where nothing is entered."""

    def __init__(self, *, least: int | None = None, most: int | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("widget", NumberInput())
        kwargs.setdefault("required", False)
        super().__init__(max_length=40, **kwargs)
        self.least, self.most = least, most

    def clean(self, value: Any) -> Any:
        """The ticks."""
        text = clean(super().clean(value) or "")
        return number(text, least=self.least, most=self.most) if text else None


class Cell(NamedTuple):
    """A column of a short table: its name, its head, and how a cell of it is read."""

    name: str
    label: Any  # text, or text that waits for the language
    read: Callable[[str], Any]
    width: str = "w-xs num"
    required: bool = True
    kind: str = "text"


class ShortTable(forms.Widget):
    """A few rows of cells, named ``FIELD-ROW-COLUMN``."""

    def __init__(self, columns: Sequence[Cell], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.columns = columns

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[list[str]]:
        """The rows as they were typed, down to the last that holds something."""
        rows = [
            [str(data.get(f"{name}-{row}-{column.name}", "")) for column in self.columns]
            for row in range(MOST)
        ]
        while rows and not any(map(clean, rows[-1])):
            rows.pop()
        return rows

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether the form that was sent did not show the table."""
        return not any(str(key).startswith(f"{name}-0-") for key in data)

    def id_for_label(self, id_: str) -> str:
        """The first cell."""
        return f"{id_}-0-{self.columns[0].name}"

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The table, with some rows to spare."""
        rows = list(value or ())
        count = min(MOST, max(FEWEST, len(rows) + SPARE))
        empty = [""] * len(self.columns)
        body = format_html_join(
            "",
            '<tr><td class="num mu">{}</td>{}</tr>',
            (
                (place + 1, self._cells(name, place, rows[place] if place < len(rows) else empty))
                for place in range(count)
            ),
        )
        heads = format_html_join(
            "", '<th scope="col">{}</th>', ((column.label,) for column in self.columns)
        )
        return format_html(
            '<table class="k-tb k-short"><thead><tr><th scope="col" class="num">{}</th>{}</tr>'
            "</thead><tbody>{}</tbody></table>",
            _("No."),
            heads,
            body,
        )

    def _cells(self, name: str, place: int, row: Sequence[str]) -> SafeString:
        return format_html_join(
            "",
            '<td><input class="form-control {}" type="{}" name="{}" id="id_{}" value="{}"'
            ' aria-label="{}" maxlength="120" autocomplete="off"></td>',
            (
                (
                    column.width,
                    column.kind,
                    f"{name}-{place}-{column.name}",
                    f"{name}-{place}-{column.name}",
                    text,
                    _("%(column)s, row %(row)s") % {"column": column.label, "row": place + 1},
                )
                for column, text in zip(self.columns, row, strict=True)
            ),
        )


class RowsField(forms.Field):
    """The rows of a short table, each a mapping from column to value; empty rows are passed over.

    Every cell that cannot be taken is named with its row and column, all of them at once.
    """

    widget: ShortTable

    def __init__(self, columns: Sequence[Cell], **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(widget=ShortTable(columns), **kwargs)
        self.columns = columns

    def clean(self, value: Any) -> list[dict[str, Any]]:
        """The rows that hold something."""
        found, wrong = [], []
        for place, row in enumerate(value or (), 1):
            if any(map(clean, row)):
                cells, errors = self._read(place, row)
                found.append(cells)
                wrong += errors
        if wrong:
            raise ValidationError(wrong)
        return found

    def _read(self, place: int, row: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
        cells: dict[str, Any] = {}
        errors: list[str] = []
        for column, given in zip(self.columns, row, strict=True):
            text, told = clean(given), ""
            try:
                if text:
                    cells[column.name] = column.read(text)
                elif column.required:
                    told = _("This must be filled in.")
                else:
                    cells[column.name] = None
            except ValidationError as wrong:
                told = wrong.messages[0]
            if told:
                where = {"row": place, "column": column.label, "told": told}
                errors.append(_("Row %(row)s, %(column)s: %(told)s") % where)
        return cells, errors


def percent(text: str) -> int:
    """A percentage from 0 to 100."""
    return number(text, least=0, most=FULL)


def points(text: str) -> int:
    """Points, 0 or more, at most 100."""
    return number(text, least=0, most=FULL)


def any_number(text: str) -> int:
    """A measured value, of any sign."""
    return number(text, least=1 - LIMIT, most=LIMIT - 1)


def shown(value: Any) -> str:
    """A cell as it is typed: ticks as a decimal, other things as text."""
    if value is None:
        return ""
    return show_plain(value) if isinstance(value, int) else str(value)


def as_rows(columns: Sequence[Cell], rows: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Rows as a ``ShortTable`` shows them."""
    return [[shown(row.get(column.name)) for column in columns] for row in rows]
