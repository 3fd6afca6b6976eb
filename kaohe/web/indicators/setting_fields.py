"""A field for each kind of setting; all of them give texts, which the rules then judge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kaohe.core.scheme_fields import TAG_WORDS, Column, Kind, Setting
from kaohe.core.scheme_settings import default_values
from kaohe.core.texts import clean
from kaohe.web.fields import NameField, Ticks, choice
from kaohe.web.indicators.number_fields import Cell, NumberInput, RowsField, ShortTable
from kaohe.web.indicators.setting_words import said

_DEFAULTS = default_values()
_NARROW = {Kind.WEIGHT, Kind.PERCENT, Kind.POINTS, Kind.WHOLE}


class GroupWeights(forms.Widget):
    """Three weights for each group, named ``FIELD-ROW-COMPONENT``; empty: the general ones."""

    def __init__(self, groups: Sequence[str], setting: Setting) -> None:
        super().__init__()
        self.groups, self.setting = groups, setting

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, dict[str, str]]:
        """The weights that were typed, by group."""
        return {
            group: {
                column.name: str(data.get(f"{name}-{place}-{column.name}", ""))
                for column in self.setting.columns
            }
            for place, group in enumerate(self.groups)
        }

    def id_for_label(self, id_: str) -> str:
        """The first cell."""
        return f"{id_}-0-common"

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The table of groups."""
        rows = (
            (group, self._cells(name, place, group, (value or {}).get(group, {})))
            for place, group in enumerate(self.groups)
        )
        body = format_html_join("", '<tr><th scope="row">{}</th>{}</tr>', rows)
        heads = format_html_join(
            "", '<th scope="col">{}</th>', ((_(c.label),) for c in self.setting.columns)
        )
        return format_html(
            '<div class="scroll"><table class="k-tb mid k-short"><thead><tr><th scope="col">{}</th>'
            "{}</tr></thead><tbody>{}</tbody></table></div>",
            _("Group"),
            heads,
            body,
        )

    def _cells(self, name: str, place: int, group: str, row: dict[str, str]) -> SafeString:
        return format_html_join(
            "",
            '<td><input class="form-control w-xs num" name="{0}" id="id_{0}" value="{1}"'
            ' aria-label="{2}" maxlength="40" inputmode="decimal" autocomplete="off"></td>',
            (
                (
                    f"{name}-{place}-{column.name}",
                    row.get(column.name, ""),
                    f"{group}·{_(column.label)}",
                )
                for column in self.setting.columns
            ),
        )


class GroupsField(forms.Field):
    """Weights by group; groups without any are left out."""

    def clean(self, value: Any) -> dict[str, dict[str, str]]:
        """The groups that have weights of their own."""
        return {group: row for group, row in value.items() if any(map(clean, row.values()))}


class Numbers(forms.Widget):
    """A few numbers beside each other, named ``FIELD-PLACE``."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """What was typed, in order."""
        return [str(data.get(f"{name}-{place}", "")) for place in range(self.count)]

    def id_for_label(self, id_: str) -> str:
        """The first of them."""
        return f"{id_}-0"

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The fields."""
        cells = (
            (f"{name}-{place}", text, _("answer %(number)s") % {"number": place + 1})
            for place, text in enumerate(value or [""] * self.count)
        )
        fields = format_html_join(
            " ",
            '<input class="form-control w-xs num" name="{0}" id="id_{0}" value="{1}"'
            ' aria-label="{2}" maxlength="40" inputmode="decimal" autocomplete="off">',
            cells,
        )
        return format_html('<div class="k-unit">{}</div>', fields)


class PlainField(forms.Field):
    """A field whose value is judged by the rules alone."""

    def clean(self, value: Any) -> Any:
        """As it was typed."""
        return value


class Order(forms.Widget):
    """Several of a few words in an order: a choice for each place, named ``FIELD-PLACE``."""

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.setting = setting

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """The words that were chosen, in order."""
        found = [str(data.get(f"{name}-{p}", "")) for p in range(len(self.setting.choices))]
        return [each for each in found if each]

    def id_for_label(self, id_: str) -> str:
        """The first place."""
        return f"{id_}-0"

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """A list to choose from for each place."""
        chosen = [*(value or ()), *[""] * len(self.setting.choices)]
        choices = [("", "—"), *((each.code, _(each.words)) for each in self.setting.choices)]
        lists = []
        for place in range(len(self.setting.choices)):
            options = format_html_join(
                "",
                '<option value="{}"{}>{}</option>',
                (
                    (code, SafeString(" selected") if code == chosen[place] else "", words)
                    for code, words in choices
                ),
            )
            label = _("place %(number)s") % {"number": place + 1}
            lists.append((f"{name}-{place}", label, options))
        fields = format_html_join(
            " ",
            '<select class="form-select w-s" name="{0}" id="id_{0}" aria-label="{1}">{2}</select>',
            lists,
        )
        return format_html('<div class="k-unit">{}</div>', fields)


class WideTable(ShortTable):
    """A short table that scrolls in its own box where the screen is narrow."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The table in its box."""
        found = super().render(name, value, attrs, renderer)
        return format_html('<div class="scroll">{}</div>', found)


class WideRows(RowsField):
    """The rows of such a table."""

    def __init__(self, columns: Sequence[Cell], **kwargs: Any) -> None:
        super().__init__(columns, **kwargs)
        self.widget = WideTable(columns)


def field_of(setting: Setting, tiers: Sequence[str], groups: Sequence[str]) -> forms.Field:
    """The field of a setting.

    Args:
        tiers: names of the scheme's tiers.
        groups: names of the groups that may have weights of their own.
    """
    told: dict[str, Any] = {
        "label": _(setting.label),
        "help_text": hint_of(setting),
        "required": False,
    }
    if setting.kind is Kind.CHOICE:
        choices = [(each.code, _(each.words)) for each in setting.choices]
        return choice(choices, widget=forms.Select(attrs={"class": "form-select w-l"}), **told)
    if setting.kind is Kind.ROWS:
        return WideRows([_column(each) for each in setting.columns], **told)
    if setting.kind is Kind.GROUPS:
        return GroupsField(widget=GroupWeights(groups, setting), **told)
    if setting.kind is Kind.NUMBERS:
        return PlainField(widget=Numbers(setting.count), **told)
    if setting.kind is Kind.LIST:
        return _list_field(setting, tiers, told)
    if setting.kind is Kind.LINE:
        return NameField(max_length=120, **told)
    return forms.CharField(max_length=40, widget=NumberInput(), **told)


def _column(column: Column) -> Cell:
    width = "w-xs num" if column.kind in _NARROW else ""
    return Cell(column.name, _(column.label), str, width, required=False)


def _list_field(setting: Setting, tiers: Sequence[str], told: dict[str, Any]) -> forms.Field:
    if setting.choices:
        return PlainField(widget=Order(setting), **told)
    boxes = Ticks(attrs={"aria-label": _(setting.label)})
    choices = [(name, name) for name in tiers]
    return forms.MultipleChoiceField(choices=choices, widget=boxes, **told)


def hint_of(setting: Setting) -> str:
    """What a setting means, its default, and where that comes from."""
    facts = {
        "meaning": _(setting.meaning),
        "source": _(TAG_WORDS[setting.tag]),
        "default": _("; ").join(said(setting, _DEFAULTS)),
    }
    if setting.kind is Kind.LINE:
        return facts["meaning"]
    return _("%(meaning)s Default: %(default)s (%(source)s).") % facts
