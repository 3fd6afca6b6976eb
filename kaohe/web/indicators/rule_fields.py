"""The fields of a scoring rule: all eleven, of which a form shows those of the one chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.curves import is_flat, unusable
from kaohe.core.indicators import Indicator, Values
from kaohe.core.item_lists import DANGEROUS, STEP_RULES
from kaohe.core.plan_edits import RULE_FIELDS, USED
from kaohe.core.quantities import FULL
from kaohe.core.rows import EventKind, Step
from kaohe.web.fields import NameField, choice, tick
from kaohe.web.indicators.number_fields import (
    Cell,
    NumberInput,
    RowsField,
    TicksField,
    any_number,
    as_rows,
    percent,
    points,
)
from kaohe.web.words.indicators import DIRECTIONS, RULES

BARRED = (":", ";", "：", "；")


def kind_of_event(text: str) -> str:
    """The name of a kind of event, as lists can hold it."""
    if text.startswith(DANGEROUS) or any(sign in text for sign in BARRED):
        raise ValidationError(
            _("A kind of event holds no colon or semicolon and does not begin with = + - @.")
        )
    return text


STEP_COLUMNS = (
    Cell("threshold", lazy("threshold"), any_number, "w-s num"),
    Cell("percent", lazy("percent of the points"), percent, "w-s num"),
)
KIND_COLUMNS = (
    Cell("kind", lazy("kind of event"), kind_of_event, ""),
    Cell("points", lazy("points each time"), points, "w-xs num"),
    Cell("cap", lazy("at most"), points, "w-xs num", required=False),
)
CHOSEN = [("", lazy("choose …")), *((code, lazy(words)) for code, words in RULES.items())]
TRIED = {
    "deduction": lazy("Example: how often each kind, in their order, such as 1,0"),
    "accrual": lazy("Example: how often each kind, in their order, such as 1,0"),
    "milestones": lazy("Example: days late"),
    "rank": lazy("Example: rank among 10 units"),
    "marks": lazy("Example: marks of the judges, such as 8,9,8.5"),
}
CHOOSING, SHOWING = "choose", "show"  # buttons that only show the form anew


def _rule_choice() -> forms.Select:
    """The choice of a rule; with scripts its fields come as soon as it is chosen."""
    return forms.Select(
        attrs={
            "class": "form-select",
            "hx-post": "",
            "hx-vals": '{"choose": "1"}',
            "hx-include": "closest form",
            "hx-target": "#rule-fields",
            "hx-select": "#rule-fields",
            "hx-swap": "outerHTML",
            # what is typed while the fields are fetched would be lost: nothing can be typed
            "hx-disabled-elt": "#rule-fields",
        }
    )


class RuleForm(forms.Form):
    """Rule and points, what the rule needs, and an example to try it with."""

    rule = choice(CHOSEN, label=lazy("Scoring rule"), required=True, widget=_rule_choice())
    points = TicksField(label=lazy("Points"), least=1, most=FULL, required=True)
    zero_at = TicksField(
        label=lazy("No points at"),
        help_text=lazy("empty where each unit has its own; it is then entered on its sheet"),
    )
    full_at = TicksField(
        label=lazy("Full points at"),
        help_text=lazy("smaller than the other end where less is better"),
    )
    target = TicksField(
        label=lazy("Target"),
        help_text=lazy("empty where each unit has its own; growth: in percent over the base"),
    )
    minimum = TicksField(
        label=lazy("Least share, percent"),
        least=0,
        most=FULL,
        help_text=lazy("below this share of the target nothing is earned; empty: no such line"),
    )
    steps = RowsField(STEP_COLUMNS, label=lazy("Steps of the value"))
    kinds = RowsField(KIND_COLUMNS, label=lazy("Kinds of events"))
    late_per_day = TicksField(
        label=lazy("A day late takes, percent"),
        least=0,
        help_text=lazy("of the milestone's share; empty: late earns nothing"),
    )
    direction = choice(
        [(code, lazy(words)) for code, words in DIRECTIONS.items()],
        label=lazy("Direction"),
        required=False,
        initial="up",
    )
    trim = tick(label=lazy("Leave out the highest and the lowest mark, from five judges on"))
    try_base = TicksField(label=lazy("Example: base"), widget=NumberInput())
    try_out = NameField(
        label=lazy("Example: value reached"),
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control w-m", "autocomplete": "off"}),
    )

    is_checked = True  # whether the rule is looked at as a whole

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule = self.chosen_rule
        self.fields["try_out"].label = TRIED.get(rule, self.base_fields["try_out"].label)

    def quiet(self) -> None:
        """Show what was sent without refusing anything of it yet."""
        self._errors = forms.utils.ErrorDict()
        self.cleaned_data = {}

    @property
    def chosen_rule(self) -> str:
        """The rule that is chosen at the moment."""
        name = self.add_prefix("rule")
        given = (
            self.data.get(name)
            if self.is_bound
            else self.get_initial_for_field(self.fields["rule"], "rule")
        )
        return str(given or "")

    @property
    def rule_fields(self) -> list[forms.BoundField]:
        """The fields that the chosen rule uses."""
        return [self[name] for name in USED.get(self.chosen_rule, ())]

    @property
    def try_fields(self) -> list[forms.BoundField]:
        """The fields of the example."""
        rule = self.chosen_rule
        if rule not in USED:
            return []
        names = ("try_base", "try_out") if rule == "growth" else ("try_out",)
        return [self[name] for name in names]

    def clean(self) -> dict[str, Any]:
        """See that the rule can be computed; what the rule does not use is not looked at."""
        given: dict[str, Any] = super().clean() or {}
        rule = given.get("rule", "")
        for name in set(RULE_FIELDS) - set(USED.get(rule, ())):
            self.errors.pop(name, None)
        for name in ("try_base", "try_out"):
            self.errors.pop(name, None)
        if rule in USED and self.is_checked:
            self._check_rule(rule, given)
        return given

    def _check_rule(self, rule: str, given: Mapping[str, Any]) -> None:
        if rule in STEP_RULES and "steps" in given:
            self._check_steps(rule, given["steps"])
        if "kinds" in USED[rule] and "kinds" in given:
            self._check_kinds(given["kinds"])
        made = self.ruled(given)
        bad = [name for name in unusable(made, Values()) if name in given]
        for name in bad:
            self.add_error(name, _("Enter a target above 0: the rule divides by it."))
        if not self.errors and is_flat(made, Values()):
            field = next(iter(USED[rule]))
            self.add_error(
                field,
                _("Whatever is reached earns the same: give the rule ends or steps that differ."),
            )

    def _check_steps(self, rule: str, rows: Sequence[Mapping[str, int]]) -> None:
        if not rows:
            self.add_error("steps", _("Enter at least one step."))
        sign = -1 if STEP_RULES[rule] == "falling" else 1
        for place in range(1, len(rows)):
            if (rows[place]["threshold"] - rows[place - 1]["threshold"]) * sign <= 0:
                told = (
                    _("Row %(row)s: thresholds must fall from row to row, each once.")
                    if sign < 0
                    else _("Row %(row)s: thresholds must rise from row to row, each once.")
                )
                self.add_error("steps", told % {"row": place + 1})
                return

    def _check_kinds(self, rows: Sequence[Mapping[str, Any]]) -> None:
        if not rows:
            self.add_error("kinds", _("Enter at least one kind of event."))
        names = [row["kind"] for row in rows]
        for name in sorted({each for each in names if names.count(each) > 1}):
            self.add_error("kinds", _("The kind “%(kind)s” stands twice.") % {"kind": name})

    def ruled(self, given: Mapping[str, Any]) -> Indicator:
        """The indicator with rule and points, as far as they could be read."""
        steps = [row for row in given.get("steps") or () if len(row) == len(STEP_COLUMNS)]
        kinds = [row for row in given.get("kinds") or () if len(row) == len(KIND_COLUMNS)]
        names = ("points", "zero_at", "full_at", "target", "minimum", "late_per_day")
        numbers: dict[str, Any] = {name: given.get(name) for name in names}
        rule = given.get("rule") or ""
        return Indicator(
            "",
            rule=rule,
            **numbers,
            steps=tuple(Step(row["threshold"], row["percent"]) for row in steps),
            kinds=tuple(EventKind(row["kind"], row["points"], row["cap"]) for row in kinds),
            direction=given.get("direction") or "" if rule == "rank" else "",
            trim=bool(given.get("trim")) if rule == "marks" else None,
        )


def rule_initial(indicator: Indicator) -> dict[str, Any]:
    """What the fields of a rule are filled with."""
    names = ("rule", "points", "zero_at", "full_at", "target", "minimum", "late_per_day", "trim")
    return {
        **{name: getattr(indicator, name) for name in names},
        "direction": indicator.direction or "up",
        "steps": as_rows(STEP_COLUMNS, [each._asdict() for each in indicator.steps]),
        "kinds": as_rows(KIND_COLUMNS, [each._asdict() for each in indicator.kinds]),
    }
