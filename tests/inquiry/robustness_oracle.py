"""One draw of a simulation the slow way: the exact evaluator on inputs changed by hand.

It reads the same chance (weight factors, coins, survey pieces) and nothing else of the simulation.
"""

from collections.abc import Mapping
from dataclasses import replace
from math import isqrt
from typing import NamedTuple

import duckdb

from kaohe.core import survey
from kaohe.core.quantities import FULL, half_up
from kaohe.core.rows import Inputs
from kaohe.core.scheme import Scheme
from kaohe.core.scoring import assess, own_scores, responses_by_unit
from kaohe.core.sheets import rivals, score_sheet, sheets
from kaohe.core.standing import Standing, group_results, tiers_of
from kaohe.core.tables import COMPONENTS, OUTPUT_TABLES
from kaohe.folder.rows import store_inputs, store_rows
from kaohe.inquiry.robustness.chance import MILLION, Chance, deviates, unpacked, words_for
from kaohe.inquiry.robustness.cohort import Cohort
from kaohe.inquiry.robustness.load import cohort_from
from kaohe.inquiry.robustness.simulate import Uncertainty


class Stand(NamedTuple):
    """What one draw makes of one unit."""

    rank: int
    grade: str


class Drawn(NamedTuple):
    """What one draw changes: weights in the scheme, statuses of events, channel means."""

    scheme: Scheme
    inputs: Inputs
    means: Mapping[tuple[str, str, str], int]  # by unit, round, channel


def cohort_of(scheme: Scheme, inputs: Inputs) -> Cohort | None:
    """The cohort of a year as the exact evaluator assesses it; None where nobody is graded."""
    if not any(unit.status == "graded" for unit in inputs.units):
        return None
    outputs = assess(scheme, inputs)
    with duckdb.connect() as con:
        store_inputs(con, scheme, inputs)
        for table, columns in OUTPUT_TABLES.items():
            types = {
                column.name: "VARCHAR" if column.kind == "text" else "BIGINT" for column in columns
            }
            store_rows(con, table, types, list(getattr(outputs, table)))
        return cohort_from(con, scheme)


def draws_of(
    scheme: Scheme, inputs: Inputs, cohort: Cohort, uncertainty: Uncertainty
) -> list[Drawn]:
    """The changed inputs of every draw."""
    chance = Chance(uncertainty.seed, uncertainty.draws)
    schemes = [scheme] * uncertainty.draws
    if uncertainty.weights is not None:
        factors = chance.factors(uncertainty.weights, 3).tolist()
        schemes = [_weighted(scheme, row) for row in factors]
    changed = _decided(inputs, cohort, chance, uncertainty)
    means = [_means(scheme, inputs, cohort, chance, draw) for draw in range(uncertainty.draws)]
    if not uncertainty.survey:
        means = [{}] * uncertainty.draws
    return [Drawn(*each) for each in zip(schemes, changed, means, strict=True)]


def _weighted(scheme: Scheme, factors: list[int]) -> Scheme:
    by_component = dict(zip(COMPONENTS, factors, strict=True))

    def moved(weights: Mapping[str, int]) -> dict[str, int]:
        return {
            name: max(1, half_up(weight * by_component[name], MILLION))
            for name, weight in weights.items()
        }

    groups = {group: moved(weights) for group, weights in scheme.weights_by_group.items()}
    return replace(scheme, weights=moved(scheme.weights), weights_by_group=groups)


def _decided(
    inputs: Inputs, cohort: Cohort, chance: Chance, uncertainty: Uncertainty
) -> list[Inputs]:
    """Each draw's events: open ones by their coin; those without a coin may fall as they like."""
    if cohort.undecided is None or not uncertainty.events:
        return [inputs] * uncertainty.draws
    codes = list(cohort.undecided.coins)
    coins = unpacked(chance.coins(len(codes)), 0, uncertainty.draws)
    found = []
    for draw in range(uncertainty.draws):
        fallen = dict(zip(codes, coins[:, draw].tolist(), strict=True))
        events = tuple(
            row._replace(
                status="confirmed" if fallen.get(row.event, (draw + place) % 2) else "withdrawn"
            )
            if row.status in ("pending", "objected")
            else row
            for place, row in enumerate(inputs.events)
        )
        found.append(inputs._replace(events=events))
    return found


def _means(
    scheme: Scheme, inputs: Inputs, cohort: Cohort, chance: Chance, draw: int
) -> dict[tuple[str, str, str], int]:
    answered = responses_by_unit(scheme, inputs.responses)
    rounds = [each.code for each in scheme.survey.rounds]
    channels = [each.code for each in scheme.survey.channels]
    found, start = {}, 0
    for _, units in cohort.slices():
        codes = list(cohort.unit[units])
        width = len(rounds) * len(channels) * len(codes)
        row = chance.pieces(start + draw * words_for(width), 1, width)[0].tolist()
        start += words_for(width) * chance.draws
        for place, piece in enumerate(row):
            block, unit = divmod(place, len(codes))
            a, b = divmod(block, len(channels))
            given = answered.get(codes[unit], {}).get(rounds[a], {}).get(channels[b], [])
            scores = [score for score in given if score is not None]
            if scores:
                mean = half_up(sum(scores), len(scores))
                moved = int(deviates()[piece]) * standard_error(scores)
                by = (2 * moved + MILLION) // (2 * MILLION)
                found[codes[unit], rounds[a], channels[b]] = min(FULL, max(0, mean + by))
    return found


def standard_error(scores: list[int]) -> int:
    """s/√n in ticks, rounded half up; 0 for a single score."""
    n = len(scores)
    if n < 2:
        return 0
    mean_square = n * sum(score * score for score in scores) - sum(scores) ** 2
    return (isqrt(4 * mean_square // (n * n * (n - 1))) + 1) // 2


def standing_of(drawn: Drawn) -> dict[str, Stand]:
    """Rank and grade of every graded unit, by the exact evaluator."""
    scheme, inputs = drawn.scheme, drawn.inputs
    all_sheets = sheets(inputs)
    among = rivals(all_sheets)
    answered = responses_by_unit(scheme, inputs.responses)
    manual = {row.unit: row.tier for row in inputs.tiers}
    standings = {}
    for code, sheet in all_sheets.items():
        cells = score_sheet(sheet, scheme.self_correction_relief, among)
        social = _social(drawn, code, answered.get(code, {}))
        adjustments = tuple(row for row in inputs.adjustments if row.unit == code)
        scores = own_scores(scheme, cells, social)
        standings[code] = Standing(sheet.unit, scores, adjustments, manual.get(code))
    tier_of = tiers_of(scheme, standings.values())
    found = {}
    for group in {standing.unit.group for standing in standings.values()}:
        members = [each for each in standings.values() if each.unit.group == group]
        for row in group_results(scheme, members, tier_of)[0]:
            if row.rank is not None:
                found[row.unit] = Stand(row.rank, row.grade)
    return found


def _social(
    drawn: Drawn, unit: str, answered: Mapping[str, Mapping[str, list[int | None]]]
) -> int | None:
    rules = drawn.scheme.survey
    by_round = []
    for each in rules.rounds:
        scored = []
        for channel in rules.channels:
            given = answered.get(each.code, {}).get(channel.code)
            if given is not None:
                own = survey.channel_score(rules, channel, given)
                mean = drawn.means.get((unit, each.code, channel.code), own.score)
                scored.append(own._replace(score=mean))
        by_round.append((each.weight, survey.round_score(scored)))
    return survey.component_score(by_round)
