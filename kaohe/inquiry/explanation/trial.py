"""A trial: what one unit would have come to with other facts, by the exact rules.

Only the unit's facts are changed.  Its cells, its components, the tiers of its whole scope and
the ranks and grades of its whole group are worked out anew.  Where a ranked item is touched, the
units of the department are rescored with it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from kaohe.core.quantities import FULL
from kaohe.core.rows import Event, Inputs, Mark, Measurement, Milestone, Result
from kaohe.core.scoring import own_scores
from kaohe.core.sheets import Rivals, rivals, score_sheet, sheets
from kaohe.core.standing import Standing, group_results, scope_of, tiers_of
from kaohe.core.survey import component_score, weighted_mean
from kaohe.core.tables import COMPONENTS
from kaohe.inquiry.explanation.case import Case, facts_of

Row = Event | Measurement | Milestone | Mark
Key = tuple[str, ...]

KEYS: Mapping[type, tuple[str, Key]] = {
    Event: ("events", ("event",)),
    Measurement: ("measurements", ("item",)),
    Milestone: ("milestones", ("item", "milestone")),
    Mark: ("marks", ("item", "judge")),
}


@dataclass(frozen=True)
class Change:
    """Other facts for the unit.

    ``rows`` replace those of the same key, or are added; ``pleased`` are (round, channel) with
    full marks; ``dropped`` are adjustments taken back; ``full`` are components that would have
    had full marks.
    """

    rows: Mapping[tuple[str, Key], Row] = field(default_factory=dict)
    pleased: frozenset[tuple[str, str]] = frozenset()
    dropped: frozenset[str] = frozenset()
    full: frozenset[str] = frozenset()

    def __or__(self, other: "Change") -> "Change":
        """Both changes; where they meet, ``other`` holds."""
        return Change(
            {**self.rows, **other.rows},
            self.pleased | other.pleased,
            self.dropped | other.dropped,
            self.full | other.full,
        )


class Outcome(NamedTuple):
    """What the unit would have come to; ``total`` is T, the composite before its rounding."""

    result: Result
    total: int  # ticks
    tier: str | None


def changed(*rows: Row) -> Change:
    """The change to these rows of the unit."""
    return Change({_key(row): row for row in rows})


def _key(row: Row) -> tuple[str, Key]:
    table, fields = KEYS[type(row)]
    return table, tuple(getattr(row, name) for name in fields)


def total_of(case: Case, result: Result) -> int:
    """T of C-4 in ticks: the weighted score with bonus and deduction, held to its bounds.

    Source: docs/rules/scoring.md, C-4.
    """
    raw = (result.weighted or 0) + (result.bonus or 0) - (result.deduction or 0)
    return min(FULL + case.scheme.bonus_cap, max(0, raw))


def outcome(case: Case, change: Change) -> Outcome:
    """What the unit would come to, all tiers and ranks that depend on it worked out anew.

    A choice of the committee (``seat``) that the change makes void is left out of account.

    Source: docs/rules/scoring.md, N-3; docs/rules/grading.md, G-3.
    """
    standings = dict(case.standings)
    for code, scores in _rescored(case, change).items():
        before = standings[code]
        kept = tuple(row for row in before.adjustments if row.adjustment not in change.dropped)
        standings[code] = Standing(before.unit, scores, kept, before.manual_tier)
    name = scope_of(case.scheme, case.unit)
    near = [each for each in standings.values() if scope_of(case.scheme, each.unit) == name]
    tier_of = {**case.tiers, **tiers_of(case.scheme, near)}
    members = [each for each in standings.values() if each.unit.group == case.unit.group]
    rows, _problems = group_results(case.scheme, members, tier_of)
    result = next(row for row in rows if row.unit == case.unit.unit)
    return Outcome(result, total_of(case, result), tier_of.get(case.unit.unit))


def _rescored(case: Case, change: Change) -> dict[str, tuple[int | None, ...]]:
    """The component scores of the unit, and of its department where a ranked item is touched."""
    code = case.unit.unit
    ranked = {item.item for item in case.inputs.items if item.rule == "rank"}
    among: Rivals
    if any(table == "measurements" and key[0] in ranked for table, key in change.rows):
        mates = {u.unit for u in case.inputs.units if u.department == case.unit.department}
        near = _altered(facts_of(case.inputs, mates), change, code)
        among = rivals(sheets(near))
    else:
        near = _altered(case.own, change, code)
        among = case.among
    scored = _components(case, near, among)
    own = scored[code]
    scored[code] = tuple(
        FULL if component in change.full else score
        for component, score in zip(COMPONENTS, (*own[:2], _social(case, change)), strict=True)
    )
    return scored


def _components(case: Case, inputs: Inputs, among: Rivals) -> dict[str, tuple[int | None, ...]]:
    relief = case.scheme.self_correction_relief
    found = {}
    for code, sheet in sheets(inputs).items():
        social = case.standings[code].scores[COMPONENTS.index("social")]
        found[code] = own_scores(case.scheme, score_sheet(sheet, relief, among), social)
    return found


def _altered(inputs: Inputs, change: Change, unit: str) -> Inputs:
    tables: dict[str, Any] = {}
    for kind, (table, _fields) in KEYS.items():
        new = {key: row for (name, key), row in change.rows.items() if name == table}
        rows: Iterable[Row] = getattr(inputs, table)
        kept = [row for row in rows if row.unit != unit or _key(row)[1] not in new]
        tables[table] = (*kept, *(row for row in new.values() if isinstance(row, kind)))
    return inputs._replace(responses=(), **tables)


def _social(case: Case, change: Change) -> int | None:
    """The social component with some channels at full marks.

    Source: docs/rules/survey.md, E-5, E-6.
    """
    part = case.parts["social"]
    if not change.pleased:
        return part.score
    return pleased(case, change.pleased)


def pleased(case: Case, channels: Iterable[tuple[str, str]]) -> int | None:
    """The social component if these (round, channel) had full marks, in ticks.

    Source: docs/rules/survey.md, E-5, E-6.
    """
    chosen = set(channels)
    rounds = []
    for each in case.scheme.survey.rounds:
        pairs = [
            (row.weight_used, FULL if (row.round, row.channel) in chosen else row.score)
            for row in case.surveyed
            if row.round == each.code and row.score is not None
        ]
        rounds.append((each.weight, weighted_mean(pairs)))
    return component_score(rounds)
