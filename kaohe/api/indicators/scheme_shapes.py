"""What indicators and sheets of a department's scheme look like over the API."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from kaohe.api.shapes import Amount, Aside, Body, Brief, Day, Instant, Key, Line, Shape, Text
from kaohe.core.indicators import Indicator, Node, SheetPlan, Values
from kaohe.core.quantities import TICK, show_plain
from kaohe.core.rows import EventKind, Step

Rule = Literal[
    "",
    "interval",
    "ratio_up",
    "ratio_down",
    "steps_up",
    "steps_down",
    "growth",
    "deduction",
    "accrual",
    "milestones",
    "rank",
    "marks",
]
Element = Literal["", "主体业务开展", "经济社会效益", "管理运行状况"]
UnitCode = Annotated[str, Field(max_length=18)]
Code = Annotated[str, Field(max_length=40)]
NUMBERS = ("points", "zero_at", "full_at", "target", "minimum", "late_per_day")
TEXTS = (
    "item",
    "name",
    "unit",
    "element",
    "rule",
    "direction",
    "visibility",
    "measure",
    "definition",
    "source",
    "evidence",
    "basis",
    "period",
    "person",
)


def ticks_of(value: Decimal | None) -> int | None:
    """A decimal of a body as ticks."""
    return None if value is None else int(value * TICK)


class StepBody(Body):
    """One step: from a threshold on, a percentage of the points."""

    threshold: Amount
    percent: Amount


class KindBody(Body):
    """One kind of event."""

    kind: Line
    points: Amount
    cap: Amount | None = Field(None, description="The most that the kind may take or give.")


class IndicatorBody(Body):
    """An indicator.  Fields that its rule does not use are emptied."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "课后服务参与率",
                    "element": "经济社会效益",
                    "rule": "ratio_up",
                    "points": "5",
                    "target": "90",
                }
            ]
        }
    )

    item: Code = Field("", description="Its code; empty: the next one.")
    name: Line
    unit: UnitCode = Field("", description="The credit code of the one unit that it is for.")
    element: Element = ""
    points: Amount | None = None
    rule: Rule = ""
    zero_at: Amount | None = None
    full_at: Amount | None = None
    target: Amount | None = None
    minimum: Amount | None = Field(None, description="Percent of the target.")
    steps: list[StepBody] = Field(default_factory=list, max_length=20)
    kinds: list[KindBody] = Field(default_factory=list, max_length=20)
    late_per_day: Amount | None = Field(None, description="Percent of a milestone's share.")
    direction: Literal["", "up", "down"] = ""
    trim: bool | None = None
    visibility: Literal["", "visible", "latent"] = ""
    measure: Brief = ""
    definition: Text = ""
    source: Aside = ""
    evidence: Aside = ""
    basis: Aside = ""
    period: Literal["", "month", "quarter", "half", "year"] = ""
    person: Brief = Field("", description="The post in charge, no name.")

    def indicator(self) -> Indicator:
        """The indicator that it describes."""
        texts: dict[str, Any] = {name: getattr(self, name) for name in TEXTS}
        numbers: dict[str, Any] = {name: ticks_of(getattr(self, name)) for name in NUMBERS}
        steps = [Step(ticks_of(x.threshold) or 0, ticks_of(x.percent) or 0) for x in self.steps]
        kinds = [EventKind(x.kind, ticks_of(x.points) or 0, ticks_of(x.cap)) for x in self.kinds]
        return Indicator(**texts, **numbers, steps=tuple(steps), kinds=tuple(kinds), trim=self.trim)


class OwnBody(Body):
    """A unit's own values under an indicator, in place of the indicator's."""

    item: Code
    zero_at: Amount | None = None
    full_at: Amount | None = None
    target: Amount | None = None
    base: Amount | None = None
    reason: Aside = Field("", description="Why they differ.")


class WaivedBody(Body):
    """An indicator that does not apply to a unit, and why."""

    item: Code
    reason: Aside


class NodeBody(Body):
    """A milestone of a unit."""

    item: Code
    milestone: Line
    share: Amount = Field(description="Percent.")
    due_on: Day


class SheetBody(Body):
    """What a unit's sheet adds, all of it: what is left out is not there."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"values": [{"item": "J02", "target": "95", "reason": "新建校区"}]}]
        }
    )

    values: list[OwnBody] = Field(default_factory=list, max_length=200)
    not_applicable: list[WaivedBody] = Field(default_factory=list, max_length=200)
    nodes: list[NodeBody] = Field(default_factory=list, max_length=400)

    def sheet(self) -> SheetPlan:
        """The sheet that it describes."""
        values = {
            each.item: Values(
                ticks_of(each.zero_at),
                ticks_of(each.full_at),
                ticks_of(each.target),
                ticks_of(each.base),
                each.reason,
            )
            for each in self.values
        }
        nodes: dict[str, tuple[Node, ...]] = {}
        for row in self.nodes:
            node = Node(row.milestone, ticks_of(row.share) or 0, row.due_on)
            nodes[row.item] = (*nodes.get(row.item, ()), node)
        return SheetPlan(values, {x.item: x.reason for x in self.not_applicable}, nodes)


class BeginScheme(Body):
    """Of which year a department begins its scheme, and what with."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"assessment_year": 1, "source": "nothing"}]}
    )

    assessment_year: Key = Field(description="The key of the year.")
    source: Literal["nothing", "last-year", "library"] = "nothing"
    library: Brief = Field("", description="The code of the library to begin with.")


class MoveIndicator(Body):
    """Which way an indicator moves among those of its element."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"up": True}]})

    up: bool


class UnitsBody(Body):
    """Units, by their credit codes."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"units": ["12370699495312705A"]}]})

    units: list[UnitCode] = Field(min_length=1, max_length=500)


class TakeOverBody(Body):
    """A unit that came from another department, by its credit code."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"code": "12370699495312705A"}]})

    code: UnitCode
    with_indicators: bool = Field(
        default=True, description="Bring along what the scheme does not have, as the unit's own."
    )


class ChosenBody(Body):
    """An indicator of a library, and the points that it gets."""

    item: Code
    points: Amount


class FromLibrary(Body):
    """What is taken of a library."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"library": "education", "items": [{"item": "JY01", "points": "10"}]}]
        }
    )

    library: Brief
    items: list[ChosenBody] = Field(min_length=1, max_length=100)


class PrefaceBody(Body):
    """What a scheme says before its indicators."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"preface": "指导思想"}]})

    preface: Text


class SchemeLineShape(Shape):
    """A department of a year, with its scheme."""

    department: int
    name: str
    units: int
    scheme_version: int | None = Field(description="Its key; null: not begun.")
    state: str
    number: int | None
    indicators: int | None
    quantified: str | None = Field(description="Percent of the points.")
    visible: str | None = Field(description="Percent of the points.")
    latent: str | None = Field(description="Percent of the points.")
    moved_at: Instant | None


class Schemes(Shape):
    """The departments of a year with their schemes."""

    items: list[SchemeLineShape]


class PastShape(Shape):
    """What a unit had under an indicator in an earlier year."""

    year: int
    value: str | None
    target: str | None
    earned: str | None
    points: str


class SheetItem(Shape):
    """An indicator on a unit's sheet."""

    indicator: dict[str, Any] = Field(description="As in the content of the scheme.")
    values: dict[str, str] = Field(description="The unit's own, with their reason.")
    not_applicable: str
    nodes: list[dict[str, str]]
    past: list[PastShape] = Field(description="Three years, latest first.")


class DraftSheet(Shape):
    """A unit's sheet as it will be issued."""

    unit: str
    name: str
    points: str = Field(description="The sum of the individual indicators.")
    items: list[SheetItem] = Field(description="Common ones first.")


class LibraryShape(Shape):
    """A library of a sector."""

    code: str
    title: str
    indicators: list[dict[str, str]]


class Libraries(Shape):
    """The libraries that come with the platform."""

    items: list[LibraryShape]


class CurveQuery(BaseModel):
    """At which value an indicator is tried."""

    model_config = ConfigDict(extra="forbid")

    value: str = Field("", max_length=40, description="Empty: one from the middle of the curve.")


class CurvePoint(Shape):
    """A point of a curve; a jump is two points beside one another."""

    value: str
    earned: str


class CurveShape(Shape):
    """How an indicator is scored: in sentences, as a curve, by an example."""

    said: list[str]
    points: list[CurvePoint]
    flat: bool = Field(description="Whatever is reached earns the same.")
    example: CurvePoint | None


def shown(ticks: int | None) -> str | None:
    """A decimal of an answer."""
    return None if ticks is None else show_plain(ticks)
