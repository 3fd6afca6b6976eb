"""One unit rescored within its cohort, to the same digits as the whole year assessed again.

A fact of one unit changes its own cells and components at once.  Its tier may change, and with it
those of others in its scope; then their groups, and its own, are ranked and graded anew.  Nobody
else can move, so nobody else is looked at.

What is covered: any change in the events, targets, milestones, marks, responses, adjustments,
not-applicable rows, measurements and manual tier of one unit, except under items of the rule
``rank``, where its value decides what other units of the department earn.  Linkages are left to
``linkages.proposals``, for the units whose grade moved.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kaohe.core.problems import FolderRefused, Problem
from kaohe.core.rows import (
    Adjustment,
    ComponentScore,
    EventEffect,
    Inputs,
    ItemScore,
    Outputs,
    Result,
    SurveyScore,
)
from kaohe.core.scheme import Scheme
from kaohe.core.scoring import own_scores, responses_by_unit, score_survey
from kaohe.core.sheets import score_sheet, sheet_effects, sheets
from kaohe.core.standing import (
    Standing,
    adjusted_scores,
    component_scores,
    group_results,
    scope_of,
    tiers_of,
)
from kaohe.core.tables import COMPONENTS


class NotCovered(Exception):
    """Rescoring one unit would not be enough; assess the whole year.  ``table`` says what moved."""

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(f"a change in {table} reaches further than one unit")


class Cohort(NamedTuple):
    """Everyone whom a change in one unit can move, as they stand before it."""

    cells: Mapping[str, ItemScore]  # the unit's own, by item
    scope: Sequence[Standing]  # all units of its tier scope that are not exempt, itself included
    groups: Mapping[str, Sequence[Standing]]  # for each of their groups, all not exempt
    tiers: Mapping[str, str]  # of every unit in ``scope`` and ``groups`` that has one
    results: Mapping[str, Result]  # of every unit in ``scope`` and ``groups``


class Rescored(NamedTuple):
    """What a change comes to: the unit's own rows complete, and of all units what moved."""

    item_scores: tuple[ItemScore, ...] = ()
    event_effects: tuple[EventEffect, ...] = ()
    survey_scores: tuple[SurveyScore, ...] = ()
    component_scores: tuple[ComponentScore, ...] = ()  # the unit's three, and those that moved
    results: tuple[Result, ...] = ()  # those that moved


def cohort_of(scheme: Scheme, inputs: Inputs, outputs: Outputs, unit: str) -> Cohort:
    """The cohort of one unit.

    Args:
        inputs: units, adjustments and manual tiers of its scope and their groups, or of all.
        outputs: component scores and results of the same units, item scores of the unit.

    Source: docs/rules/scoring.md, C-2; docs/rules/grading.md, G-1.
    """
    scores: defaultdict[str, dict[str, ComponentScore]] = defaultdict(dict)
    for row in outputs.component_scores:
        scores[row.unit][row.component] = row
    adjustments: defaultdict[str, list[Adjustment]] = defaultdict(list)
    for adjustment in inputs.adjustments:
        adjustments[adjustment.unit].append(adjustment)
    manual = {row.unit: row.tier for row in inputs.tiers}
    standings = {
        each.unit: Standing(
            each,
            tuple(scores[each.unit][component].score for component in COMPONENTS),
            tuple(adjustments[each.unit]),
            manual.get(each.unit),
        )
        for each in inputs.units
        if each.status != "exempt"
    }
    groups: defaultdict[str, list[Standing]] = defaultdict(list)
    for standing in standings.values():
        groups[standing.unit.group].append(standing)
    place = [scope_of(scheme, each) for each in inputs.units if each.unit == unit]
    return Cohort(
        cells={cell.item: cell for cell in outputs.item_scores if cell.unit == unit},
        scope=[each for each in standings.values() if [scope_of(scheme, each.unit)] == place],
        groups=groups,
        tiers={row.unit: row.tier for row in outputs.component_scores if row.tier is not None},
        results={row.unit: row for row in outputs.results},
    )


def rescore(scheme: Scheme, before: Inputs, after: Inputs, cohort: Cohort) -> Rescored:
    """What becomes of everyone when the rows of one unit change.

    Args:
        before, after: the unit alone, the items that address it, and its rows.
        cohort: everyone whom it can move, as they stood with ``before``.

    Raises:
        NotCovered: the change reaches further than one unit's own scores.
        FolderRefused: with it, the committee's choices of seats no longer fit the tie.

    Source: docs/rules/scoring.md, C-1, C-2, C-3, C-4, C-5; docs/rules/grading.md, G-1.
    """
    ranked = _check_covered(before, after)
    (unit,) = after.units
    if unit.status == "exempt":
        return Rescored()
    sheet = sheets(after)[unit.unit]
    relief = scheme.self_correction_relief
    fresh = score_sheet(sheet, relief, {})
    cells = [cohort.cells[cell.item] if cell.item in ranked else cell for cell in fresh]
    answered = responses_by_unit(scheme, after.responses).get(unit.unit, {})
    surveyed, social = score_survey(scheme, unit.unit, answered)
    standing = Standing(
        unit,
        own_scores(scheme, cells, social),
        tuple(after.adjustments),
        next((row.tier for row in after.tiers), None),
    )
    scope = [standing, *(each for each in cohort.scope if each.unit.unit != unit.unit)]
    tiers, components = _new_components(scheme, standing, scope, cohort)
    moved = {row.unit for row in components}
    touched = {
        group: [standing if each.unit == unit else each for each in cohort.groups[group]]
        for group in {each.unit.group for each in scope if each.unit.unit in moved}
    }
    return Rescored(
        tuple(cells),
        tuple(sorted(sheet_effects(sheet, relief))),
        tuple(surveyed),
        components,
        _new_results(scheme, touched, tiers, cohort.results),
    )


def _check_covered(before: Inputs, after: Inputs) -> set[str]:
    """The codes of the unit's ranked items; ``NotCovered`` where one of them moves."""
    if before.units != after.units or len(after.units) != 1:
        raise NotCovered("units")
    if set(before.items) != set(after.items):
        raise NotCovered("items")
    ranked = {item.item for item in after.items if item.rule == "rank"}
    for table in ("measurements", "not_applicable"):
        was, now = (
            {row for row in getattr(inputs, table) if row.item in ranked}
            for inputs in (before, after)
        )
        if was != now:
            raise NotCovered(table)
    return ranked


def _new_components(
    scheme: Scheme, standing: Standing, scope: Sequence[Standing], cohort: Cohort
) -> tuple[dict[str, str], tuple[ComponentScore, ...]]:
    """All tiers, and the component scores of the unit and of everyone whose tier moved."""
    tiers = tiers_of(scheme, scope)
    rows = [
        row
        for each in scope
        if each is standing or tiers.get(each.unit.unit) != cohort.tiers.get(each.unit.unit)
        for row in _rows(scheme, each, tiers, standing)
    ]
    scoped = {each.unit.unit for each in scope}
    others = {unit: tier for unit, tier in cohort.tiers.items() if unit not in scoped}
    return {**others, **tiers}, tuple(sorted(rows, key=lambda row: row[:2]))


def _rows(
    scheme: Scheme, each: Standing, tiers: Mapping[str, str], standing: Standing
) -> list[ComponentScore]:
    tier = tiers.get(each.unit.unit)
    rows = component_scores(each, tier, adjusted_scores(scheme, each, tier))
    return rows if each is standing else [row for row in rows if row.component == "individual"]


def _new_results(
    scheme: Scheme,
    touched: Mapping[str, Sequence[Standing]],
    tiers: Mapping[str, str],
    before: Mapping[str, Result],
) -> tuple[Result, ...]:
    """The results that differ from those before, in the groups that were touched."""
    found: list[Result] = []
    problems: list[Problem] = []
    for members in touched.values():
        rows, unsound = group_results(scheme, members, tiers)
        found += [row for row in rows if row != before[row.unit]]
        problems += unsound
    if problems:
        raise FolderRefused(problems)
    return tuple(sorted(found, key=lambda row: row.unit))
