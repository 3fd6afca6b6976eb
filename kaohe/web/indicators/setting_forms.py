"""The form of a section of the settings: judged whole by the rules, refused field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from kaohe.core.scheme_fields import Kind, Section, Setting
from kaohe.core.scheme_settings import ALL_SETTINGS, say_problem, setting_at
from kaohe.indicators.queries.settings_part import groups_with_weights, settings_in
from kaohe.indicators.services.settings_part import (
    SettingsGroupUnknown,
    SettingsUnsound,
    changed_content,
)
from kaohe.web.indicators.number_fields import RowsField
from kaohe.web.indicators.setting_fields import field_of
from kaohe.web.writing import WritingForm

if TYPE_CHECKING:
    from kaohe.indicators.models import PartVersion


class SectionForm(WritingForm):
    """The settings of one section of a version."""

    def __init__(
        self, *args: Any, version: PartVersion, section: Section, more: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, seen=version.version, **kwargs)
        self.version = version
        self.settings = [each for each in ALL_SETTINGS if each.section == section]
        values = {**settings_in(version), **(more or {})}
        tiers = [row["name"] for row in values["tier_policy.tiers"]]
        groups = groups_with_weights(version)
        for setting in self.settings:
            field = field_of(setting, tiers, groups)
            field.initial = _shown(field, setting, values[setting.key])
            self.fields[setting.name] = field
        for field in self.fields.values():
            field.error_messages["required"] = _("This must be filled in.")

    @property
    def given(self) -> dict[str, Any]:
        """The settings as they were filled in, by key."""
        return {
            each.key: _given(each, self.cleaned_data[each.name])
            for each in self.settings
            if each.name in self.cleaned_data
        }

    def clean(self) -> dict[str, Any] | None:
        """Asks the rules; every problem stands at its field."""
        found = super().clean()
        try:
            changed_content(self.version, self.given)
        except SettingsUnsound as unsound:
            for problem in unsound.problems:
                setting, _rest = setting_at(problem.column)
                text = f"{say_problem(problem, _)}{_(': ')}{problem.remedy(_)}"
                place = setting.name if setting and setting.name in self.fields else None
                self.add_error(place, text)
        except SettingsGroupUnknown as unknown:
            self.add_error("weights_by_group", unknown.say(_))
        return found


def _shown(field: forms.Field, setting: Setting, value: Any) -> Any:
    """A value as its field shows it at first."""
    if isinstance(field, RowsField):
        return [[_text(row.get(column.name, "")) for column in setting.columns] for row in value]
    return value


def _text(value: Any) -> str:
    return "、".join(value) if isinstance(value, list) else str(value)


def _given(setting: Setting, value: Any) -> Any:
    """What was filled in, as the rules take it."""
    if setting.kind is not Kind.ROWS:
        return value
    lists = {column.name for column in setting.columns if column.kind is Kind.LIST}
    return [
        {name: _parts(cell) if name in lists else cell or "" for name, cell in row.items()}
        for row in value
    ]


def _parts(text: str | None) -> list[str]:
    """Codes parted by commas, in whatever form they are typed."""
    plain = (text or "").replace("，", "、").replace(",", "、").replace("；", "、")
    return [part.strip() for part in plain.split("、") if part.strip()]
