"""One unit's case: its facts and what was concluded from them, laid side by side."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from kaohe.core.rows import (
    Adjustment,
    ComponentScore,
    Event,
    Inputs,
    ItemScore,
    Outputs,
    Result,
    SurveyScore,
    Unit,
)
from kaohe.core.scheme import Scheme
from kaohe.core.sheets import Rivals, Sheet, rivals, sheets
from kaohe.core.standing import Standing, scope_of
from kaohe.core.tables import COMPONENTS
from kaohe.locale import Translate
from kaohe.locale.words import say

FACTS = (
    "targets",
    "not_applicable",
    "events",
    "measurements",
    "milestones",
    "marks",
    "responses",
)


@dataclass(frozen=True)
class Case:
    """What an explanation of one unit is made from.

    ``inputs`` holds at least the unit's own facts, the units and adjustments of its group and of
    its tier scope, and the measurements of its department where an item of it is ranked;
    ``outputs`` the results and component scores of the same units.
    """

    scheme: Scheme
    inputs: Inputs
    outputs: Outputs
    unit: Unit
    translate: Translate

    @cached_property
    def own(self) -> Inputs:
        """The unit's facts alone, with all items."""
        return facts_of(self.inputs, {self.unit.unit})

    @cached_property
    def sheet(self) -> Sheet:
        """The unit's sheet; it must not be exempt."""
        return sheets(self.own)[self.unit.unit]

    @cached_property
    def among(self) -> Rivals:
        """The values of the department's graded units under its ranked items."""
        mates = {u.unit for u in self.inputs.units if u.department == self.unit.department}
        ranked = {item.item for item in self.inputs.items if item.rule == "rank"}
        if not ranked:
            return {}
        near = facts_of(self.inputs, mates)
        measured = tuple(row for row in near.measurements if row.item in ranked)
        return rivals(sheets(Inputs(near.units, near.items, measurements=measured)))

    @cached_property
    def cells(self) -> Mapping[str, ItemScore]:
        """The unit's rows of item_scores, by item."""
        return {row.item: row for row in self.outputs.item_scores if row.unit == self.unit.unit}

    @cached_property
    def effects(self) -> Mapping[str, int]:
        """What each counting event took or brought, ticks."""
        return {
            row.event: row.effect
            for row in self.outputs.event_effects
            if row.unit == self.unit.unit
        }

    @cached_property
    def surveyed(self) -> tuple[SurveyScore, ...]:
        """The unit's rows of survey_scores."""
        return tuple(row for row in self.outputs.survey_scores if row.unit == self.unit.unit)

    @cached_property
    def parts(self) -> Mapping[str, ComponentScore]:
        """The unit's component scores, by component."""
        return {
            row.component: row
            for row in self.outputs.component_scores
            if row.unit == self.unit.unit
        }

    @cached_property
    def results(self) -> Mapping[str, Result]:
        """The results, by unit."""
        return {row.unit: row for row in self.outputs.results}

    @property
    def result(self) -> Result:
        """What the unit came to."""
        return self.results[self.unit.unit]

    @cached_property
    def units(self) -> Mapping[str, Unit]:
        """The units, by code."""
        return {unit.unit: unit for unit in self.inputs.units}

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """All rows of the unit in the ledgers, in order of day and event."""
        return tuple(sorted(self.own.events, key=lambda row: (row.occurred_on, row.event)))

    @cached_property
    def standings(self) -> Mapping[str, Standing]:
        """All assessed units as the steps after the components see them, by unit."""
        scores: dict[str, dict[str, int | None]] = {}
        for row in self.outputs.component_scores:
            scores.setdefault(row.unit, {})[row.component] = row.score
        given: dict[str, list[Adjustment]] = {}
        for adjustment in self.inputs.adjustments:
            given.setdefault(adjustment.unit, []).append(adjustment)
        manual = {row.unit: row.tier for row in self.inputs.tiers}
        return {
            code: Standing(
                self.units[code],
                tuple(found[component] for component in COMPONENTS),
                tuple(given.get(code, ())),
                manual.get(code),
            )
            for code, found in scores.items()
            if code in self.units
        }

    @cached_property
    def tiers(self) -> Mapping[str, str]:
        """The tier of every unit that has one."""
        return {row.unit: row.tier for row in self.outputs.component_scores if row.tier is not None}

    @cached_property
    def scope(self) -> tuple[Standing, ...]:
        """The graded units that share the unit's tier scope and have the individual component."""
        name = scope_of(self.scheme, self.unit)
        individual = COMPONENTS.index("individual")
        return tuple(
            standing
            for standing in self.standings.values()
            if standing.unit.status == "graded"
            and scope_of(self.scheme, standing.unit) == name
            and standing.scores[individual] is not None
        )

    @cached_property
    def group(self) -> tuple[Result, ...]:
        """The ranked results of the unit's group, best first."""
        members = [
            row
            for row in self.outputs.results
            if row.group == self.unit.group and row.rank is not None
        ]
        return tuple(sorted(members, key=lambda row: (row.rank or 0, row.unit)))

    def weight(self, component: str) -> int:
        """A component's weight in the unit's group, ticks."""
        return self.scheme.weights_of(self.unit.group)[COMPONENTS.index(component)]

    def say(self, kind: str, code: str) -> str:
        """The words for a code, in the reader's language."""
        return say(kind, code, self.translate)

    def coded(self, kind: str, codes: str | None) -> list[dict[str, str]]:
        """Codes joined by ``;`` as a list of code and words."""
        return [
            {"code": code, "words": self.say(kind, code)}
            for code in (codes or "").split(";")
            if code
        ]


def open_case(
    scheme: Scheme, inputs: Inputs, outputs: Outputs, unit: str, translate: Translate = str
) -> Case:
    """The case of one unit.

    Args:
        unit: its credit code.

    Raises:
        KeyError: there is no such unit.
    """
    found = {row.unit: row for row in inputs.units}[unit]
    return Case(scheme, inputs, outputs, found, translate)


def facts_of(inputs: Inputs, units: Collection[str]) -> Inputs:
    """The rows of some units in every table of facts, with all items."""
    chosen = {
        table: tuple(row for row in getattr(inputs, table) if row.unit in units)
        for table in ("units", *FACTS)
    }
    return Inputs(items=inputs.items, **chosen)
