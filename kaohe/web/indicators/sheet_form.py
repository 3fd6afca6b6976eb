"""The form of what one unit's sheet adds: own values, what does not apply, milestones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.indicators import Indicator, Node, SheetPlan, Values
from kaohe.core.plan_edits import OWN_USED
from kaohe.core.quantities import FULL, show_plain
from kaohe.core.tables import MEASURED_RULES
from kaohe.web.fields import NameField
from kaohe.web.indicators.number_fields import (
    Cell,
    NumberInput,
    PlainInput,
    RowsField,
    TicksField,
    as_rows,
    percent,
)
from kaohe.web.writing import WritingForm

NUMBERS = {
    "zero_at": lazy("No points at"),
    "full_at": lazy("Full points at"),
    "target": lazy("Target"),
    "base": lazy("Base"),
}


def day(text: str) -> str:
    """A day as it is kept."""
    try:
        return date.fromisoformat(text.replace(".", "-").replace("/", "-")).isoformat()
    except ValueError:
        raise ValidationError(_("Write the day as 2026-06-30.")) from None


def milestone(text: str) -> str:
    """The name of a milestone, as paths can hold it."""
    if "/" in text or text[:1] in ("=", "+", "-", "@"):
        raise ValidationError(
            _("The name of a milestone holds no slash and does not begin with = + - @.")
        )
    return text


NODE_COLUMNS = (
    Cell("milestone", lazy("milestone"), milestone, ""),
    Cell("share", lazy("share, percent"), percent, "w-xs num"),
    Cell("due_on", lazy("due on"), day, "w-s", kind="date"),
)


class SheetForm(WritingForm):
    """What a sheet adds; a field is named by the place of its indicator on the sheet."""

    def __init__(
        self,
        *args: Any,
        indicators: Sequence[Indicator],
        sheet: SheetPlan,
        **kwargs: Any,
    ) -> None:
        self.indicators = indicators
        super().__init__(*args, **kwargs)
        for place, each in enumerate(indicators):
            for name, field in _fields_of(each, sheet).items():
                self.fields[f"{name}-{place}"] = field

    def clean(self) -> dict[str, Any]:
        """The shares of milestones make 100 percent."""
        given: dict[str, Any] = super().clean() or {}
        for place in range(len(self.indicators)):
            nodes = given.get(f"nodes-{place}")
            if nodes and sum(row["share"] for row in nodes) != FULL:
                told = _("The shares make %(sum)s%% together; they must make 100%%.") % {
                    "sum": show_plain(sum(row["share"] for row in nodes))
                }
                self.add_error(f"nodes-{place}", told)
        return given

    def of_place(self, place: int) -> list[forms.BoundField]:
        """The fields of one indicator."""
        return [
            self[name]
            for name in self.fields
            if name.rpartition("-")[2] == str(place) and "-" in name
        ]

    def sheet(self) -> SheetPlan:
        """The sheet as it was filled in."""
        given = self.cleaned_data
        values, waived, nodes = {}, {}, {}
        for place, each in enumerate(self.indicators):
            numbers: dict[str, Any] = {
                name: given.get(f"{name}-{place}") for name in (*NUMBERS, "reason")
            }
            values[each.item] = Values(**numbers | {"reason": numbers["reason"] or ""})
            waived[each.item] = given.get(f"not_applicable-{place}") or ""
            nodes[each.item] = tuple(
                Node(row["milestone"], row["share"], date.fromisoformat(row["due_on"]))
                for row in given.get(f"nodes-{place}") or ()
            )
        return SheetPlan(values, waived, nodes)


def _fields_of(indicator: Indicator, sheet: SheetPlan) -> dict[str, forms.Field]:
    own = sheet.values.get(indicator.item, Values())
    found: dict[str, forms.Field] = {}
    if indicator.component != "common":
        names = list(OWN_USED.get(indicator.rule, ()))
        names += ["base"] if indicator.rule in MEASURED_RULES else []
        for name in names:
            found[name] = TicksField(
                label=NUMBERS[name],
                initial=getattr(own, name),
                widget=_number_input(indicator, name),
            )
        if names:
            found["reason"] = _aside(lazy("Reason, where it differs"), own.reason)
        if indicator.rule == "milestones":
            rows = [node._asdict() for node in sheet.nodes.get(indicator.item, ())]
            found["nodes"] = RowsField(
                NODE_COLUMNS,
                label=lazy("Milestones"),
                initial=as_rows(NODE_COLUMNS, rows),
            )
    waived = sheet.not_applicable.get(indicator.item, "")
    found["not_applicable"] = _aside(lazy("Does not apply, because"), waived)
    return found


def _number_input(indicator: Indicator, name: str) -> NumberInput:
    common = getattr(indicator, name, None)
    hint = {} if common is None else {"placeholder": show_plain(common)}
    return NumberInput(**{"class": "form-control num w-xs"}, **hint)


def _aside(label: Any, text: str) -> NameField:
    widget = PlainInput(attrs={"class": "form-control"})
    return NameField(label=label, max_length=300, required=False, initial=text, widget=widget)
