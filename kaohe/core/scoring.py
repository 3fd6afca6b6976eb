"""The exact evaluator: all facts of one year in, all that follows from them out.

It takes one unit at a time, in whole numbers, in the order in which docs/rules reads.  The
set-based engine must agree with it to the last digit; one unit is rescored by the same functions.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from kaohe.core import composite as totals
from kaohe.core import survey
from kaohe.core.linkages import known_past, proposals
from kaohe.core.problems import FolderRefused, Problem
from kaohe.core.rows import (
    Adjustment,
    Inputs,
    ItemScore,
    Linkage,
    Outputs,
    Response,
    Result,
    SurveyScore,
    Tenure,
    Unit,
)
from kaohe.core.scheme import Scheme
from kaohe.core.sheets import rivals, score_sheet, sheet_effects, sheets
from kaohe.core.standing import (
    Standing,
    adjusted_scores,
    component_scores,
    group_results,
    tiers_of,
)

Rounds = Mapping[str, Mapping[str, Sequence[int | None]]]  # round → channel → response scores


def assess(scheme: Scheme, inputs: Inputs) -> Outputs:
    """Everything that one year's facts come to under its scheme.

    Args:
        scheme: sound.
        inputs: checked; the order of rows has no meaning.

    Returns:
        The six tables, each sorted by its key.

    Raises:
        FolderRefused: the committee's choices of seats do not fit the tie at the last seat.
        ValueError: the inputs were not checked: a rule lacks what it needs.

    Source: docs/rules/scoring.md, N-3, N-4; docs/rules/outputs.md, O-1.
    """
    relief = scheme.self_correction_relief
    all_sheets = sheets(inputs)
    among = rivals(all_sheets)
    cells = {code: score_sheet(sheet, relief, among) for code, sheet in all_sheets.items()}
    effects = [row for sheet in all_sheets.values() for row in sheet_effects(sheet, relief)]
    answered = responses_by_unit(scheme, inputs.responses)
    surveyed = {code: score_survey(scheme, code, answered.get(code, {})) for code in all_sheets}
    standings = _standings(scheme, inputs, cells, surveyed)
    tier_of = tiers_of(scheme, standings.values())
    results = _results(scheme, inputs.units, standings, tier_of)
    return Outputs(
        item_scores=tuple(cell for row in cells.values() for cell in row),
        event_effects=tuple(sorted(effects)),
        survey_scores=tuple(row for rows, _ in surveyed.values() for row in rows),
        component_scores=tuple(
            row
            for code, standing in standings.items()
            for row in component_scores(
                standing,
                tier_of.get(code),
                adjusted_scores(scheme, standing, tier_of.get(code)),
            )
        ),
        results=tuple(results),
        linkages=tuple(_linkages(scheme, inputs, results)),
    )


def responses_by_unit(
    scheme: Scheme, responses: Iterable[Response]
) -> dict[str, dict[str, dict[str, list[int | None]]]]:
    """The score of each response, by unit, round and channel; None for one that does not count.

    Source: docs/rules/survey.md, E-1, E-3.
    """
    known: dict[tuple[int | None, ...], int | None] = {}
    found: dict[str, dict[str, dict[str, list[int | None]]]] = {}
    for row in responses:
        score = None
        if row.valid:
            if row.answers not in known:
                counts = survey.response_counts(scheme.survey, row.valid, row.answers)
                known[row.answers] = (
                    survey.response_score(scheme.survey, row.answers) if counts else None
                )
            score = known[row.answers]
        channels = found.setdefault(row.unit, {}).setdefault(row.round, {})
        channels.setdefault(row.channel, []).append(score)
    return found


def score_survey(scheme: Scheme, unit: str, rounds: Rounds) -> tuple[list[SurveyScore], int | None]:
    """A unit's rows of ``survey_scores``, sorted, and the score of its social component.

    Args:
        rounds: the scores of the unit's responses by round and channel.

    Source: docs/rules/survey.md, E-4, E-5, E-6, E-7; docs/rules/outputs.md, O-1, O-5.
    """
    rows: list[SurveyScore] = []
    by_round = []
    for each in scheme.survey.rounds:
        asked = rounds.get(each.code, {})
        channels = {
            channel.code: survey.channel_score(scheme.survey, channel, asked[channel.code])
            for channel in scheme.survey.channels
            if channel.code in asked
        }
        by_round.append((each.weight, survey.round_score(channels.values())))
        rows += [
            SurveyScore(unit, each.code, code, *found[:-1], "thin-channel" if found.thin else "")
            for code, found in channels.items()
        ]
    return sorted(rows, key=lambda row: row[:3]), survey.component_score(by_round)


def own_scores(
    scheme: Scheme, cells: Sequence[ItemScore], social: int | None
) -> tuple[int | None, ...]:
    """S of a unit's three components, in the order of ``COMPONENTS``, ticks; None: missing.

    Source: docs/rules/scoring.md, C-1.
    """
    common, individual = (
        totals.component_score(
            (cell for cell in cells if cell.component == component),
            not_applicable=scheme.not_applicable,
        )
        for component in ("common", "individual")
    )
    return common, individual, social


def _standings(
    scheme: Scheme,
    inputs: Inputs,
    cells: Mapping[str, Sequence[ItemScore]],
    surveyed: Mapping[str, tuple[list[SurveyScore], int | None]],
) -> dict[str, Standing]:
    adjustments: defaultdict[str, list[Adjustment]] = defaultdict(list)
    for row in inputs.adjustments:
        adjustments[row.unit].append(row)
    manual = {row.unit: row.tier for row in inputs.tiers}
    units = {unit.unit: unit for unit in inputs.units}
    return {
        code: Standing(
            units[code],
            own_scores(scheme, scored, surveyed[code][1]),
            tuple(adjustments[code]),
            manual.get(code),
        )
        for code, scored in cells.items()
    }


def _results(
    scheme: Scheme,
    units: Iterable[Unit],
    standings: Mapping[str, Standing],
    tier_of: Mapping[str, str],
) -> list[Result]:
    groups: defaultdict[str, list[Standing]] = defaultdict(list)
    for standing in standings.values():
        groups[standing.unit.group].append(standing)
    found = [exempt_result(unit) for unit in units if unit.status == "exempt"]
    problems: list[Problem] = []
    for members in groups.values():
        rows, unsound = group_results(scheme, members, tier_of)
        found += rows
        problems += unsound
    if problems:
        raise FolderRefused(problems)
    return sorted(found, key=lambda row: row.unit)


def exempt_result(unit: Unit) -> Result:
    """The row of an exempt unit: no scores, no rank, grade ``none``.

    Source: docs/rules/grading.md, G-4, G-5.
    """
    place = unit.unit, unit.name, unit.group, unit.department
    return Result(*place, None, None, None, None, None, None, "none", "exempt")


def _linkages(scheme: Scheme, inputs: Inputs, results: Iterable[Result]) -> list[Linkage]:
    past = known_past(inputs.history, inputs.successions)
    tenures: defaultdict[str, list[Tenure]] = defaultdict(list)
    for row in inputs.tenures:
        tenures[row.unit].append(row)
    units = {unit.unit: unit for unit in inputs.units}
    return [
        row
        for result in results
        for row in proposals(scheme, units[result.unit], result.grade, tenures[result.unit], past)
    ]
