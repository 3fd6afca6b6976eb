"""Social evaluation of one unit: responses, channels, rounds, and the score of the component."""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

from kaohe.core.problems import N_
from kaohe.core.quantities import show_hundredths, show_ticks
from kaohe.core.rows import SurveyScore
from kaohe.core.scheme import Channel, Round
from kaohe.core.scoring import responses_by_unit
from kaohe.core.survey import weighted_mean
from kaohe.inquiry.explanation.arithmetic import (
    Line,
    hundredths,
    plain,
    points,
    quotient,
    said,
    value_of,
    weighted_line,
)
from kaohe.inquiry.explanation.case import Case

Section = dict[str, object]
Scores = Mapping[tuple[str, str], Sequence[int]]  # (round, channel) → scores that count


def round_scores(case: Case) -> dict[str, int | None]:
    """The score of each round in which the unit was asked about, by its code; ticks.

    Source: docs/rules/survey.md, E-5.
    """
    found: dict[str, int | None] = {}
    for each in case.scheme.survey.rounds:
        rows = [row for row in case.surveyed if row.round == each.code]
        if rows:
            found[each.code] = weighted_mean(
                (row.weight_used, row.score) for row in rows if row.score is not None
            )
    return found


def survey_sections(case: Case) -> list[Section]:
    """The rounds of the social component, each with its channels, in the scheme's order.

    Source: docs/rules/survey.md, E-1, E-4, E-5, E-7.
    """
    answered = responses_by_unit(case.scheme, case.own.responses).get(case.unit.unit, {})
    scores = {
        (round_, channel): [score for score in given if score is not None]
        for round_, channels in answered.items()
        for channel, given in channels.items()
    }
    found = round_scores(case)
    return [
        _round(case, each, found[each.code], scores)
        for each in case.scheme.survey.rounds
        if each.code in found
    ]


def social_lines(case: Case) -> list[Line]:
    """How the rounds became the score of the component.

    Source: docs/rules/survey.md, E-6.
    """
    _ = case.translate
    part = case.parts["social"]
    if part.score is None:
        return [said("E-6", _(N_("No response counts: the component is missing.")))]
    found = round_scores(case)
    pairs = [
        (each.weight, score)
        for each in case.scheme.survey.rounds
        if (score := found.get(each.code)) is not None
    ]
    label = _(N_("score of social evaluation"))
    return [weighted_line(label, "E-6", pairs, result=part.score, translate=_)]


def _round(case: Case, each: Round, score: int | None, scores: Scores) -> Section:
    _ = case.translate
    rows = {row.channel: row for row in case.surveyed if row.round == each.code}
    channels = [c for c in case.scheme.survey.channels if c.code in rows]
    pairs = [
        (rows[c.code].weight_used, rows[c.code].score or 0)
        for c in channels
        if rows[c.code].weight_used > 0
    ]
    lines = [said("E-5", _(N_("No channel of this round counts.")))]
    if score is not None:
        label = _(N_("score of the round"))
        lines = [weighted_line(label, "E-5", pairs, result=score, translate=_)]
    return {
        "round": each.code,
        "name": case.say("round", each.code),
        "weight": show_ticks(each.weight),
        "score": points(score),
        "lines": lines,
        "channels": [
            _channel(case, c, rows[c.code], scores.get((each.code, c.code), ())) for c in channels
        ],
    }


def _channel(case: Case, channel: Channel, row: SurveyScore, scores: Sequence[int]) -> Section:
    if len(scores) != row.counted:
        raise ValueError(f"the responses of {channel.code} are not those of its score")
    tally = sorted(Counter(scores).items(), reverse=True)
    return {
        "channel": channel.code,
        "name": case.say("channel", channel.code),
        "weight": show_ticks(channel.weight),
        "weight_used": show_ticks(row.weight_used),
        "minimum": channel.minimum,
        "responses": row.responses,
        "counted": row.counted,
        "score": points(row.score),
        "margin": hundredths(row.margin),
        "tally": [{"score": show_ticks(score), "number": number} for score, number in tally],
        "flags": case.coded("flag", row.flags),
        "lines": [*_counting(case, row), *_mean(case, row, scores), *_thin(case, channel, row)],
    }


def _counting(case: Case, row: SurveyScore) -> list[Line]:
    if row.responses == row.counted:
        return []
    _ = case.translate
    text = N_(
        "{left_out} of {responses} responses do not count: invalid, or fewer than {share} percent"
        " of the questions answered."
    )
    share = plain(case.scheme.survey.answered_share)
    left_out = row.responses - row.counted
    return [said("E-1", _(text).format(left_out=left_out, responses=row.responses, share=share))]


def _mean(case: Case, row: SurveyScore, scores: Sequence[int]) -> list[Line]:
    if row.score is None:
        return []
    _ = case.translate
    lines = [
        quotient(
            _(N_("score of the channel, sum of the responses by their number")),
            "E-4",
            f"{show_ticks(sum(scores))} ÷ {row.counted}",
            value=value_of(sum(scores)) / row.counted,
            result=row.score,
            translate=_,
        )
    ]
    if row.margin is not None:
        text = _(N_("Margin of error ±{margin} points, 95 times out of 100."))
        lines.append(said("E-7", text.format(margin=show_hundredths(row.margin))))
    return lines


def _thin(case: Case, channel: Channel, row: SurveyScore) -> list[Line]:
    if row.counted >= channel.minimum:
        return []
    _ = case.translate
    policy = case.scheme.survey.thin_channel
    fewer = _(N_("{counted} responses count, fewer than the {minimum} asked for")).format(
        counted=row.counted, minimum=channel.minimum
    )
    if policy == "shrink" and row.counted:
        return [
            quotient(
                _(N_("{fewer}; weight used")).format(fewer=fewer),
                "E-5",
                f"{plain(channel.weight)} × {row.counted} ÷ {channel.minimum}",
                value=value_of(channel.weight) * Fraction(row.counted, channel.minimum),
                result=row.weight_used,
                translate=_,
            )
        ]
    kept = policy == "keep" and row.counted
    text = N_("{fewer}; its weight is kept.") if kept else N_("{fewer}; it has no weight.")
    return [said("E-5", _(text).format(fewer=fewer))]
