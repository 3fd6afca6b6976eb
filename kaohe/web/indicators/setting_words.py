"""Values of settings as people read them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from kaohe.core.problems import N_
from kaohe.core.scheme_fields import TAG_MEANINGS, TAG_WORDS, Column, Kind, Setting
from kaohe.core.scheme_settings import ALL_BY_KEY, default_values
from kaohe.inquiry.explanation.arithmetic import comma
from kaohe.locale.words import say

_OWN_CODES = {
    "survey.dimensions": "dimension",
    "survey.channels": "channel",
    "survey.rounds": "round",
}  # tables whose codes have customary words
_DEFAULTS = default_values()
_EFFECTS = {
    "subtract": N_("%(value)s points off"),
    "ceiling": N_("%(value)s points at most"),
    "coefficient": N_("times %(value)s"),
    "fixed": N_("%(value)s points in any case"),
}


class SettingLine(NamedTuple):
    """A setting on a page: its words, its value, and where that comes from."""

    key: str
    label: str
    meaning: str
    value: list[str]
    default: list[str]
    is_default: bool
    tag: str
    tag_meaning: str


def setting_line(setting: Setting, values: Mapping[str, Any]) -> SettingLine:
    """A setting of a scheme's values in words."""
    is_line = setting.kind is Kind.LINE
    return SettingLine(
        setting.key,
        _(setting.label),
        _(setting.meaning),
        said(setting, values),
        [] if is_line else said(setting, _DEFAULTS),
        is_line or values[setting.key] == _DEFAULTS[setting.key],
        _(TAG_WORDS[setting.tag]),
        _(TAG_MEANINGS[setting.tag]),
    )


def said(setting: Setting, values: Mapping[str, Any]) -> list[str]:
    """A setting of a scheme's values in lines of words."""
    value = values[setting.key]
    if setting.key == "tier_policy.tiers":
        return [_tier(row, values["tier_policy.effect"]) for row in value]
    if setting.kind is Kind.ROWS:
        return [_row(setting, row) for row in value] or [_("none")]
    if setting.kind is Kind.GROUPS:
        rows = [_weights(setting, group, row) for group, row in value.items()]
        return rows or [_("no group has its own")]
    if setting.kind is Kind.LIST:
        return [comma(_).join(_(setting.words_of(each)) for each in value) or _("none")]
    if setting.kind is Kind.NUMBERS:
        return ["／".join(value)]
    if setting.optional and not value:
        return [_("no limit")]
    return [_(setting.words_of(value)) if setting.choices else value]


def said_at(key: str, values: Mapping[str, Any]) -> str:
    """The value of a setting in one line."""
    return _("; ").join(said(ALL_BY_KEY[key], values))


def _tier(row: Mapping[str, str], effect: str) -> str:
    """A tier: who comes into it, and what it does to the score."""
    parts = []
    if share := row.get("share"):
        parts.append(_("seats at most %(share)s%%") % {"share": share})
    if threshold := row.get("threshold"):
        parts.append(_("%(points)s points or more") % {"points": threshold})
    if effect in _EFFECTS and (value := row.get("value")):
        parts.append(_(_EFFECTS[effect]) % {"value": value})
    cells = _(", ").join(parts) or _("the rest")
    return _("%(name)s: %(cells)s") % {"name": row["name"], "cells": cells}


def _row(setting: Setting, row: Mapping[str, Any]) -> str:
    first, *others = setting.columns
    name = row.get(first.name, "")
    if kind := _OWN_CODES.get(setting.key):
        name = say(kind, name, _)
    cells = [_cell(column, row[column.name]) for column in others if row.get(column.name)]
    return _("%(name)s: %(cells)s") % {"name": name, "cells": _(", ").join(cells)}


def _cell(column: Column, value: Any) -> str:
    text = comma(_).join(value) if isinstance(value, list) else value
    return f"{_(column.label)} {text}"


def _weights(setting: Setting, group: str, row: Mapping[str, str]) -> str:
    cells = [_cell(column, row[column.name]) for column in setting.columns]
    return _("%(name)s: %(cells)s") % {"name": group, "cells": _(", ").join(cells)}
