"""What the settings of a scheme, their effect and the common template look like over the API."""

from decimal import Decimal
from typing import Any, Literal

from pydantic import ConfigDict, Field

from kaohe.api.indicators.scheme_shapes import (
    NUMBERS,
    Code,
    KindBody,
    Rule,
    StepBody,
    ticks_of,
)
from kaohe.api.shapes import Amount, Aside, Body, Brief, Key, Line, Name, Shape, Short, Text
from kaohe.core.indicators import Indicator
from kaohe.core.rows import EventKind, Step

Value = str | list[str] | list[dict[str, str | list[str]]] | dict[str, dict[str, str]]
TEXTS = (
    "item",
    "name",
    "ledger",
    "aspect",
    "rule",
    "direction",
    "definition",
    "source",
    "evidence",
    "basis",
    "tag",
    "judge",
    "period",
    "person",
)


class BeginPart(Body):
    """What settings or a template begin with."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})

    like: Key | None = Field(
        None, description="The key of a version of an earlier year; null: what comes along."
    )


class ChoiceShape(Shape):
    """A word that a setting may have."""

    code: str
    words: str


class SettingShape(Shape):
    """One setting with its meaning, its source and its value."""

    key: str = Field(description="Its dotted key in scheme.toml.")
    section: str
    kind: str = Field(description="How the value is written.")
    label: str
    meaning: str
    tag: str = Field(description="seed, reg, practice or design: how far it may be changed.")
    tag_words: str
    clause: str = Field(description="Of docs/rules.")
    choices: list[ChoiceShape]
    columns: list[ChoiceShape] = Field(description="Of a setting that is a table.")
    value: Any = Field(description="Texts; of a table, rows of texts.")
    default: Any
    is_default: bool


class SettingsShape(Shape):
    """All settings of a version."""

    items: list[SettingShape]


class SettingValue(Body):
    """A setting and its new value."""

    key: str = Field(max_length=80)
    value: Value = Field(description="In the shape in which the settings of a version show it.")


class ChangeSettings(Body):
    """Settings that change, all or none."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"settings": [{"key": "grading.a_share", "value": "25"}]}]}
    )

    settings: list[SettingValue] = Field(min_length=1, max_length=100)
    change_note: Text | None = Field(None, description="What is new, and why.")


class GradeCounts(Shape):
    """How many units have which grade."""

    A: int
    B: int
    C: int
    none: int


class GroupEffect(Shape):
    """A group before and after."""

    name: str
    units: int
    before: GradeCounts
    after: GradeCounts


class TierEffect(Shape):
    """A tier before and after, in units."""

    name: str
    before: int
    after: int


class NotTriedShape(Shape):
    """A setting that could not be tried, and why."""

    key: str
    why: str


class PreviewShape(Shape):
    """What settings would have done to an earlier year; without one, all is empty."""

    year: int | None = Field(description="The year whose facts were used; null: none is kept.")
    changed: list[str] = Field(description="Keys of settings that differ from that year's.")
    not_tried: list[NotTriedShape]
    seats_left_out: bool = Field(
        description="The committee's choices at the last seat no longer fit and were left out."
    )
    counts: dict[str, int] = Field(description="Units, and how many move, and in what.")
    groups: list[GroupEffect]
    tiers: list[TierEffect]
    quota_before: int | None = Field(description="Staff who may be graded excellent.")
    quota_after: int | None
    moves: list[dict[str, Any]] = Field(
        description="Who moves, changed grades first: unit, before, after, because."
    )
    left_out: int = Field(description="How many more move.")


class CommonItemBody(Body):
    """An item of the common template.  Fields that its rule does not use are emptied."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "item": "R21",
                    "name": "证书正副本保管",
                    "ledger": "registration",
                    "aspect": "法人登记",
                    "rule": "deduction",
                    "points": "1",
                    "kinds": [{"kind": "遗失", "points": "0.5", "cap": "1"}],
                }
            ]
        }
    )

    item: Code = Field(min_length=1, description="Its code.")
    name: Name
    ledger: Literal["", "registration", "establishment"] = ""
    aspect: Short
    points: Amount | None = None
    rule: Rule = "deduction"
    zero_at: Amount | None = None
    full_at: Amount | None = None
    target: Amount | None = None
    minimum: Amount | None = Field(None, description="Percent of the target.")
    steps: list[StepBody] = Field(default_factory=list, max_length=20)
    kinds: list[KindBody] = Field(default_factory=list, max_length=20)
    late_per_day: Amount | None = Field(None, description="Percent of a milestone's share.")
    direction: Literal["", "up", "down"] = ""
    trim: bool | None = None
    definition: Text = ""
    source: Aside = ""
    evidence: Aside = ""
    basis: Line = ""
    tag: Literal["", "seed", "reg", "practice", "design"] = ""
    judge: Literal["", "automatic", "system", "inspection", "complaint", "manual"] = ""
    period: Literal["", "month", "quarter", "half", "year"] = ""
    person: Brief = Field("", description="The post in charge, no name.")

    def indicator(self) -> Indicator:
        """The item that it describes."""
        texts: dict[str, Any] = {name: getattr(self, name) for name in TEXTS}
        numbers: dict[str, Any] = {name: ticks_of(getattr(self, name)) for name in NUMBERS}
        steps = [Step(_ticks(each.threshold), _ticks(each.percent)) for each in self.steps]
        kinds = [EventKind(x.kind, _ticks(x.points), ticks_of(x.cap)) for x in self.kinds]
        return Indicator(
            **texts,
            **numbers,
            component="common",
            steps=tuple(steps),
            kinds=tuple(kinds),
            trim=self.trim,
        )


def _ticks(value: Decimal) -> int:
    return ticks_of(value) or 0


class AspectShape(Shape):
    """An aspect of a ledger."""

    name: str
    points: str
    items: list[dict[str, str]] = Field(description="As in the content of the version.")


class LedgerShape(Shape):
    """A ledger of the common template."""

    code: str
    words: str
    count: int
    points: str
    aspects: list[AspectShape]


class TemplateShape(Shape):
    """The common template as two ledgers."""

    preface: str
    points: str = Field(description="The sum of all; it must be 100.")
    ledgers: list[LedgerShape]
