"""What targets and their adjustments look like over the API."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator

from kaohe.api.shapes import (
    Amount,
    Body,
    Day,
    Heading,
    Instant,
    JurisdictionCode,
    Key,
    Line,
    Object,
    Paging,
    Reason,
    Shape,
    Short,
    Text,
)
from kaohe.core.indicators import Node, SheetPlan, Values
from kaohe.core.quantities import LIMIT, TICK, show_plain
from kaohe.core.target_values import Cell, node_field

Number = Annotated[Amount, Field(gt=-(LIMIT // TICK), lt=LIMIT // TICK)]
NAMES = ("zero_at", "full_at", "target", "base")
TargetStates = Literal["", "open", "declared", "reviewed", "finalised", "returned"]
AdjustmentStates = Literal["", "proposed", "reviewed", "finalised", "returned", "withdrawn"]


def _ticks(value: Decimal | None) -> int | None:
    return None if value is None else int(value * TICK)


def shown(ticks: int | None) -> str | None:
    """Ticks as a decimal; None where there is none."""
    return None if ticks is None else show_plain(ticks)


class TargetFilters(Paging):
    """What the list can be narrowed by."""

    year: int | None = Field(None, ge=1900, le=2200, description="The assessment year.")
    department: Key | None = None
    state: TargetStates = ""
    code: str = Field("", max_length=18, description="The credit code of the unit.")


class TargetTableLine(Object):
    """The targets of a unit in a list."""

    jurisdiction: JurisdictionCode
    year: int = Field(description="The assessment year.")
    participant: int = Field(description="The key of the unit in its year.")
    unit_code: str
    unit_name: str
    department_name: str
    state: str = Field(description="open, declared, reviewed, finalised or returned.")
    digest: str = Field(description="SHA-256 of the values in their canonical form.")
    declared_at: Instant | None
    reviewed_at: Instant | None
    finalised_at: Instant | None

    @model_validator(mode="before")
    @classmethod
    def _placed(cls, row: Any) -> Any:
        return {**own_fields(cls, row), **of_unit(row)}


def own_fields(shape: type[Shape], row: Any) -> dict[str, Any]:
    """The fields of a shape that are attributes of a row."""
    return {name: getattr(row, name) for name in shape.model_fields if hasattr(row, name)}


def of_unit(row: Any) -> dict[str, Any]:
    """What a table or an adjustment tells of its unit."""
    unit = row.participant
    return {
        "year": unit.assessment_year.year,
        "participant": unit.pk,
        "unit_code": unit.code,
        "unit_name": unit.name,
        "department_name": unit.department_name,
    }


class EarlierYear(Shape):
    """What an earlier year says of an indicator of the same name."""

    year: int
    value: str | None = Field(description="What was measured.")
    target: str | None


class ValuesShape(Shape):
    """Values of one indicator; null: not entered, or not used by its rule."""

    zero_at: str | None
    full_at: str | None
    target: str | None
    base: str | None
    reason: str = Field(description="Why it is easier than the scheme or the latest year.")


class NodeShape(Shape):
    """A milestone with the day on which it is due."""

    milestone: str
    due_on: date


class TargetLineShape(Shape):
    """One indicator that asks values or days of the unit."""

    item: str
    name: str
    rule: str
    measure: str
    fields: list[str] = Field(description="The values that the rule uses.")
    earlier: list[EarlierYear] = Field(description="Latest first.")
    declared: ValuesShape | None = Field(description="What the unit declared.")
    agreed: ValuesShape = Field(description="What stands now.")
    days: list[NodeShape]
    below: bool = Field(
        description="It asks less of the unit than was measured in the latest year with a value."
    )
    compared_year: int | None = Field(description="The latest year that has a value, if any.")
    scheme: ValuesShape = Field(description="What the scheme said before the unit declared.")
    easier: list[str] = Field(description="The values that are easier than those of the scheme.")


class TargetTableShape(TargetTableLine):
    """The targets of a unit."""

    note: str = Field(description="Why the department amended what was declared.")
    return_reason: str
    lines: list[TargetLineShape]


def values_told(values: Values) -> dict[str, Any]:
    """Values as texts."""
    return {name: shown(getattr(values, name)) for name in NAMES} | {"reason": values.reason}


class OwnValues(Body):
    """What is entered under one indicator; what its rule does not use is passed over."""

    item: Short
    zero_at: Number | None = None
    full_at: Number | None = None
    target: Number | None = None
    base: Number | None = None
    reason: Text = Field("", description="Why it is easier than the scheme or the latest year.")


class OwnDay(Body):
    """The day on which a milestone is due."""

    item: Short
    milestone: Heading
    due_on: Day


EXAMPLE: Any = {"values": [{"item": "J07", "target": "10"}]}


class FillTargets(Body):
    """What a unit enters; indicators that are left out are as the scheme's draft has them."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    values: list[OwnValues] = Field(max_length=500)
    days: list[OwnDay] = Field(default_factory=list, max_length=500)

    def own(self) -> SheetPlan:
        """As what a sheet adds."""
        values = {
            each.item: Values(
                **{name: _ticks(getattr(each, name)) for name in NAMES}, reason=each.reason
            )
            for each in self.values
        }
        nodes: dict[str, tuple[Node, ...]] = {}
        for day in self.days:
            node = Node(day.milestone, 0, day.due_on)
            nodes[day.item] = (*nodes.get(day.item, ()), node)
        return SheetPlan(values, {}, nodes)


class DeclareTargets(Body):
    """What a unit declares; without values, what it has filled in."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    values: list[OwnValues] | None = Field(None, max_length=500)
    days: list[OwnDay] = Field(default_factory=list, max_length=500)

    def own(self) -> SheetPlan | None:
        """As what a sheet adds; None: what was filled in before."""
        if self.values is None:
            return None
        return FillTargets.model_construct(values=self.values, days=self.days).own()


class ReviewTargets(DeclareTargets):
    """What a department accepts; with values, what it sets in place of those declared."""

    reason: Text = Field("", description="Why it amends; needed where a value differs.")


class ReturnTargets(Body):
    """Why something is returned."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "依据不足，请补充"}]})

    reason: Reason


class WithdrawTargets(Body):
    """Why a declaration is taken back."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "一项数据填报有误"}]})

    reason: Reason


class ChosenTable(Body):
    """Targets of one of several units, with the version that was seen."""

    table: Key
    version: Key | None = None


class ChosenTables(Body):
    """Targets of several units: all or none."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"tables": [{"table": 1, "version": 1}]}]}
    )

    tables: list[ChosenTable] = Field(min_length=1, max_length=1000)


class Many(Shape):
    """How many tables a deed was done to."""

    count: int


class AdjustmentFilters(Paging):
    """What the list can be narrowed by."""

    year: int | None = Field(None, ge=1900, le=2200, description="The assessment year.")
    state: AdjustmentStates = ""
    code: str = Field("", max_length=18, description="The credit code of the unit.")


class TargetChangeShape(Shape):
    """One value that is changed; decimals and days as text."""

    item: str
    field: str = Field(description="zero_at, full_at, target, base or due_on/MILESTONE.")
    old: str
    new: str


class AdjustmentShape(Object):
    """An adjustment of a unit's targets in mid-year."""

    jurisdiction: JurisdictionCode
    year: int = Field(description="The assessment year.")
    participant: int = Field(description="The key of the unit in its year.")
    unit_code: str
    unit_name: str
    department_name: str
    number: int
    state: str = Field(description="proposed, reviewed, finalised, returned or withdrawn.")
    by_department: bool = Field(description="The department proposed it for its unit.")
    changes: list[TargetChangeShape]
    reason: str
    document: str
    return_reason: str
    sheet: int = Field(description="The key of the sheet that it starts from.")
    made: int | None = Field(description="The key of the sheet that it made.")
    proposed_at: Instant

    @model_validator(mode="before")
    @classmethod
    def _placed(cls, row: Any) -> Any:
        keys = {"sheet": row.sheet_id, "made": row.made_id}
        return {**own_fields(cls, row), **of_unit(row), **keys}


class AdjustedValue(Body):
    """A new value."""

    item: Short
    field: Literal["zero_at", "full_at", "target", "base"]
    value: Number


class Adjusting(Body):
    """New values and days, the reason and the document."""

    values: list[AdjustedValue] = Field(default_factory=list, max_length=500)
    days: list[OwnDay] = Field(default_factory=list, max_length=500)
    reason: Reason
    document: Line = ""

    def wanted(self) -> dict[Cell, int | date]:
        """By item and name."""
        found: dict[Cell, int | date] = {}
        for value in self.values:
            found[value.item, value.field] = int(value.value * TICK)
        for day in self.days:
            found[day.item, node_field(day.milestone)] = day.due_on
        return found


CHANGE: dict[str, Any] = {
    "values": [{"item": "J07", "field": "target", "value": "6"}],
    "reason": "操场停用两个月",
}


class ProposeAdjustment(Adjusting):
    """An adjustment of the sheet of a unit."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"participant": 1, **CHANGE}]})

    participant: Key = Field(description="The key of the unit in its year.")


class ProposeAgain(Adjusting):
    """An adjustment that was returned, mended."""

    model_config = ConfigDict(json_schema_extra={"examples": [CHANGE]})


class WithdrawAdjustment(Body):
    """Why an adjustment is withdrawn."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "情况已经好转"}]})

    reason: Text = ""


class Nothing(Body):
    """The deed alone."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})


def days_told(nodes: Iterable[Node]) -> list[dict[str, Any]]:
    """Milestones with their days."""
    return [{"milestone": node.milestone, "due_on": node.due_on} for node in nodes]
