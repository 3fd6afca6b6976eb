"""Forms of targets: what a unit declares, what its department amends, reasons, many at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.indicators import Indicator, SheetPlan, Values
from kaohe.core.past import Past
from kaohe.core.quantities import LIMIT, show_plain
from kaohe.core.target_values import FAULTS, Asked, Cell, faults_of, node_field, with_own
from kaohe.web.fields import DayField, LongText, NameField
from kaohe.web.indicators.number_fields import TicksField
from kaohe.web.indicators.target_words import (
    easing_told,
    field_label,
    latest_told,
    said_values,
)
from kaohe.web.requests import SignedIn
from kaohe.web.words import indicators as words
from kaohe.web.writing import WritingForm


class Earlier(NamedTuple):
    """What a unit had in an earlier year; empty where nothing was measured or no target stood."""

    year: int
    actual: str
    target: str


class TargetRow(NamedTuple):
    """One indicator of the form: what is known of it, its fields, the field of its reason."""

    indicator: Indicator
    points: str
    rule: str
    asks_values: bool
    history: list[Earlier]
    cells: list[forms.BoundField]
    reason: forms.BoundField | None
    opens: bool = False  # the reason is asked for, given, or refused
    stood: str = ""  # what the scheme said before
    latest: str = ""
    marks: Sequence[str] = ()


def _shown(ticks: int | None) -> str:
    return "" if ticks is None else show_plain(ticks)


def sent(request: SignedIn) -> Any:
    """What a form was filled with; None where the page is only asked for."""
    return request.POST if request.method == "POST" else None


def cell_name(item: str, name: str) -> str:
    """The name of a field: the indicator's code and the value's."""
    return f"{item}:{name}"


class CellsForm(WritingForm):
    """A form with a field for each value and day of some indicators.

    Args:
        asked: what is asked, with what stands there now.
        past: three years, to show beside.
    """

    def __init__(self, *args: Any, asked: Sequence[Asked], unit: str, past: Past, **given: Any):
        super().__init__(*args, **given)
        self.asked, self.unit, self.past = list(asked), unit, past
        for place, each in enumerate(self.asked):
            for number, (name, value) in enumerate(self._cells(each)):
                field = self._field(each, name, value)
                field.widget.attrs["id"] = f"id_{place}_{number}"
                self.fields[cell_name(each.indicator.item, name)] = field

    @staticmethod
    def _cells(asked: Asked) -> list[tuple[str, int | date | None]]:
        values: list[tuple[str, int | date | None]] = [
            (name, getattr(asked.values, name)) for name in asked.fields
        ]
        return values + [(node_field(each.milestone), each.due_on) for each in asked.nodes]

    @staticmethod
    def _field(asked: Asked, name: str, value: int | date | None) -> forms.Field:
        label = field_label(name)
        if isinstance(value, date):
            return DayField(label=label, required=False, initial=value)
        measure = "%" if asked.indicator.rule == "growth" and name == "target" else ""
        measure = measure or asked.indicator.measure
        if measure:
            label = _("%(name)s (%(measure)s)") % {"name": label, "measure": measure}
        return TicksField(label=label, initial=value, least=1 - LIMIT, most=LIMIT - 1)

    def wanted(self) -> dict[Cell, int | date]:
        """What was entered, by item and name; empty fields are left out."""
        found: dict[Cell, int | date] = {}
        for each in self.asked:
            item = each.indicator.item
            for name, _value in self._cells(each):
                value = self.cleaned_data.get(cell_name(item, name))
                if value is not None:
                    found[item, name] = value
        return found

    def rows(self) -> list[TargetRow]:
        """The indicators with their fields."""
        return [self._row(each) for each in self.asked]

    def _row(self, each: Asked) -> TargetRow:
        item = each.indicator.item
        reason = self._reason_of(item)
        return TargetRow(
            each.indicator,
            _shown(each.indicator.points),
            _(words.RULES.get(each.indicator.rule, "—")),
            bool(each.fields),
            [
                Earlier(past.year, _shown(past.value), _shown(past.target))
                for past in self.past.values(self.unit, each.indicator.name)
            ],
            [self[cell_name(item, name)] for name, _value in self._cells(each)],
            reason,
            bool(each.is_below or each.easier)
            or (reason is not None and bool(reason.errors or reason.value())),
            said_values(each.fields, each.stood),
            latest_told(each.actual, each.actual_year),
            easing_told(each),
        )

    def _reason_of(self, item: str) -> forms.BoundField | None:
        name = cell_name(item, "reason")
        return self[name] if name in self.fields else None

    def other_fields(self) -> list[forms.BoundField]:
        """The fields that belong to no indicator."""
        return [each for each in self.visible_fields() if ":" not in each.name]


class TargetForm(CellsForm):
    """What a unit declares; where it is to be declared and not only kept, all of it is checked.

    Args:
        year: the assessment year.
        whole: whether faults are refused.
    """

    def __init__(self, *args: Any, year: int, whole: bool, **given: Any) -> None:
        super().__init__(*args, **given)
        self.year, self.whole = year, whole
        for place, each in enumerate(self.asked):
            if each.fields:
                field = LongText(
                    label=_("Reason where easier"),
                    required=False,
                    rows=2,
                    initial=each.values.reason,
                )
                field.widget.attrs["id"] = f"id_{place}_reason"
                self.fields[cell_name(each.indicator.item, "reason")] = field

    def own(self) -> SheetPlan:
        """What was entered, as what a sheet adds."""
        values: dict[str, Values] = {}
        nodes = {}
        for each in self.asked:
            item = each.indicator.item
            if each.fields:
                given = {name: self.cleaned_data.get(cell_name(item, name)) for name in each.fields}
                reason = self.cleaned_data.get(cell_name(item, "reason")) or ""
                values[item] = Values(**given, reason=reason)
            if each.nodes:
                days = {
                    node: self.cleaned_data.get(cell_name(item, node_field(node.milestone)))
                    for node in each.nodes
                }
                nodes[item] = tuple(
                    node._replace(due_on=day or node.due_on) for node, day in days.items()
                )
        return SheetPlan(values, {}, nodes)

    def clean(self) -> dict[str, Any] | None:
        """Faults of the values, each at its field."""
        found = super().clean()
        if self.whole and not self.errors:
            for fault in faults_of(with_own(self.asked, self.own()), self.year):
                name = cell_name(fault.item, fault.field)
                self.add_error(name if name in self.fields else None, _(FAULTS[fault.code]))
        return found


class ReviewForm(TargetForm):
    """What a department accepts, or sets in place of what its unit declared."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["reason"] = LongText(
            label=_("Why it is amended"),
            required=False,
            rows=3,
            help_text=_("needed only where a value differs from what the unit declared"),
        )


class ReasonForm(WritingForm):
    """A reason, which must be given."""

    reason = LongText(label=lazy("Reason"))


class NoteForm(WritingForm):
    """A reason, which may be left out."""

    reason = LongText(label=lazy("Reason"), required=False)


class SureForm(WritingForm):
    """Nothing to fill in: the deed alone."""


class ManyForm(WritingForm):
    """Several tables, each with the version that was on the screen."""

    tables = forms.MultipleChoiceField(widget=forms.MultipleHiddenInput)

    def __init__(self, *args: Any, rows: Iterable[Any], **given: Any) -> None:
        super().__init__(*args, **given)
        self.known = {f"{row.pk}:{row.version}": row for row in rows}
        field: Any = self.fields["tables"]
        field.choices = [(key, key) for key in self.known]
        field.error_messages["invalid_choice"] = _(
            "Somebody has changed one of these since you opened the page. Look again and choose."
        )
        field.error_messages["required"] = _("Choose at least one.")

    def chosen(self) -> list[tuple[Any, int]]:
        """The tables, each with what was seen of it."""
        return [
            (self.known[key], int(key.partition(":")[2])) for key in self.cleaned_data["tables"]
        ]

    def ticked(self) -> set[str]:
        """Which are ticked on the page: all at first, then those that were sent."""
        sent: Any = self.data
        return set(sent.getlist("tables")) if self.is_bound else set(self.known)


class AdjustForm(CellsForm):
    """New values in the place of those of the sheet, with the reason and the document."""

    def __init__(self, *args: Any, said: tuple[str, str] = ("", ""), **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["reason"] = LongText(
            label=_("Reason"),
            initial=said[0],
            error_messages={"required": _("This must be filled in.")},
        )
        self.fields["document"] = NameField(
            label=_("Document"),
            required=False,
            initial=said[1],
            help_text=_("number of the document that gives the ground, where there is one"),
        )
