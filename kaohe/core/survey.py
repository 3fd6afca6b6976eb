"""Social evaluation (社会评价): from answers to the score of a channel, a round, a unit."""

from collections.abc import Iterable, Sequence
from math import isqrt
from typing import NamedTuple

from kaohe.core.quantities import FULL, half_up
from kaohe.core.scheme import Channel, Survey

Answers = Sequence[int | None]  # in the order of Survey.questions: 1…5, None for no opinion

_CONFIDENCE = 196  # 1.96 in hundredths: 95 percent of a normal distribution lie within


class ChannelScore(NamedTuple):
    """What one channel of one round says of a unit; decimals in ticks, the margin in hundredths."""

    responses: int
    counted: int
    score: int | None
    weight_used: int
    margin: int | None
    thin: bool


def weighted_mean(pairs: Iterable[tuple[int, int]]) -> int | None:
    """The mean of (weight, score) pairs, rounded half up; None where no weight is left.

    Source: docs/rules/scoring.md, N-2.

    >>> weighted_mean([(400_000, 882_000), (600_000, 904_000)]), weighted_mean([])
    (895200, None)
    """
    total = weights = 0
    for weight, score in pairs:
        total += weight * score
        weights += weight
    return half_up(total, weights) if weights else None


def response_counts(survey: Survey, valid: bool, answers: Answers) -> bool:
    """Whether a response counts: valid, answered at all, and answered far enough.

    Source: docs/rules/survey.md, E-1.
    """
    answered = sum(answer is not None for answer in answers)
    return valid and answered > 0 and FULL * answered >= survey.answered_share * len(answers)


def dimension_mean(survey: Survey, answers: Iterable[int]) -> int:
    """The mean of the scale points of one dimension's answers (one or more), in ticks.

    Source: docs/rules/survey.md, E-2.

    >>> dimension_mean(Survey(), [5, 4, 4])
    866667
    """
    points = [survey.scale[answer - 1] for answer in answers]
    return half_up(sum(points), len(points))


def response_score(survey: Survey, answers: Answers) -> int:
    """The score of one response: its dimensions with an answer, by weight, in ticks.

    Args:
        answers: with at least one answer.

    Raises:
        ValueError: there is no answer.

    Source: docs/rules/survey.md, E-3.
    """
    pairs = []
    start = 0
    for dimension in survey.dimensions:
        end = start + len(dimension.questions)
        given = [answer for answer in answers[start:end] if answer is not None]
        if given:
            pairs.append((dimension.weight, dimension_mean(survey, given)))
        start = end
    score = weighted_mean(pairs)
    if score is None:
        raise ValueError("a response without any answer has no score")
    return score


def margin(scores: Sequence[int]) -> int | None:
    """1.96 standard errors of a channel's score, in hundredths of a point; None for fewer than 2.

    From exact whole numbers: the square root is the integer one, rounded half up.

    Args:
        scores: the response scores, in ticks.

    Source: docs/rules/survey.md, E-7.

    >>> margin([800_000, 900_000, 1_000_000]), margin([800_000])
    (1132, None)
    """
    n = len(scores)
    if n < 2:
        return None
    spread = n * sum(score * score for score in scores) - sum(scores) ** 2
    # (1.96 · s / √n)² in hundredths², as a fraction; ticks are a hundred to the hundredth.
    numerator = _CONFIDENCE**2 * spread
    denominator = 100**4 * n * n * (n - 1)
    return (isqrt(4 * numerator // denominator) + 1) // 2


def weight_used(channel: Channel, counted: int, thin_channel: str) -> int:
    """The weight (ticks) with which a channel enters its round; 0 where nothing was counted.

    Source: docs/rules/survey.md, E-5.

    >>> weight_used(Channel("visit", 200_000, 10), 5, "shrink")
    100000
    """
    if counted == 0:
        return 0
    if counted >= channel.minimum or thin_channel == "keep":
        return channel.weight
    if thin_channel == "drop":
        return 0
    return half_up(channel.weight * counted, channel.minimum)


def channel_score(survey: Survey, channel: Channel, scores: Sequence[int | None]) -> ChannelScore:
    """What a channel says of a unit in one round.

    Args:
        scores: of each response of the channel, in ticks; None for one that does not count.

    Source: docs/rules/survey.md, E-4, E-5, E-7.
    """
    counted = [score for score in scores if score is not None]
    return ChannelScore(
        responses=len(scores),
        counted=len(counted),
        score=half_up(sum(counted), len(counted)) if counted else None,
        weight_used=weight_used(channel, len(counted), survey.thin_channel),
        margin=margin(counted),
        thin=len(counted) < channel.minimum,
    )


def round_score(channels: Iterable[ChannelScore]) -> int | None:
    """The score of one round over its channels that count and weigh something, in ticks.

    Source: docs/rules/survey.md, E-5.
    """
    return weighted_mean(
        (channel.weight_used, channel.score) for channel in channels if channel.score is not None
    )


def component_score(rounds: Iterable[tuple[int, int | None]]) -> int | None:
    """The social component: its rounds that have a score, by weight; None where none has.

    Args:
        rounds: (weight, score) of each round, in ticks.

    Source: docs/rules/survey.md, E-6.
    """
    return weighted_mean((weight, score) for weight, score in rounds if score is not None)
