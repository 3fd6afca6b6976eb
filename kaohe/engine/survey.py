"""Social evaluation (社会评价), set-based: from answers to channels, rounds, and the component."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import reduce
from itertools import accumulate
from operator import add
from typing import NamedTuple

import narwhals as nw

from kaohe.core.quantities import FULL
from kaohe.core.scheme import Dimension, Survey
from kaohe.engine.arithmetic import Frame, at_least_one, chosen, half_up, root, total, whole
from kaohe.engine.cells import Grid
from kaohe.engine.tables import Bench

# 4 · 1.96² in hundredths, over the square of the ticks in a hundredth: a fraction in lowest terms.
_CONFIDENCE_TOP, _CONFIDENCE_BOTTOM = Fraction(4 * 196**2, 100**4).as_integer_ratio()
_CHANNEL = ("unit", "round", "channel")
_MANY = 500_000  # responses: from here on, looking sums up is faster than working them out
_LOOKED_UP = 6  # questions: 6^6 patterns of answers are looked up at once


class Block(NamedTuple):
    """Dimensions whose sums are taken together, with the columns of their answers."""

    number: int
    dimensions: tuple[tuple[Dimension, tuple[str, ...]], ...]

    @property
    def answers(self) -> tuple[str, ...]:
        return tuple(answer for _, answers in self.dimensions for answer in answers)

    @property
    def sums(self) -> tuple[str, ...]:
        return tuple(f"{name}_{self.number}" for name in ("answered", "weights", "weighted"))


def uses_survey(place: Grid, survey: Survey) -> bool:
    """Whether there is anything to evaluate."""
    return place.uses("responses") and bool(survey.rounds and survey.channels)


def blocks(survey: Survey) -> list[Block]:
    """The dimensions, packed so that a block has few questions, or is one dimension."""
    packed: list[list[tuple[Dimension, tuple[str, ...]]]] = []
    sizes = [len(dimension.questions) for dimension in survey.dimensions]
    for end, dimension in zip(accumulate(sizes), survey.dimensions, strict=True):
        size = len(dimension.questions)
        answers = tuple(f"answer_{number}" for number in range(end - size + 1, end + 1))
        taken = sum(len(own) for _, own in packed[-1]) if packed else _LOOKED_UP
        if taken + size > _LOOKED_UP:
            packed.append([])
        packed[-1].append((dimension, answers))
    return [Block(number, tuple(each)) for number, each in enumerate(packed)]


def with_sums(frame: Frame, block: Block, scale: Sequence[int]) -> Frame:
    """The frame with the sums of a block of dimensions in place of its answers.

    ``answered`` counts the answers; ``weights`` and ``weighted`` sum w and w·d over the dimensions
    with an answer, d being the mean of their scale points, rounded.

    Args:
        frame: the block's answers: 1 to 5, empty for no opinion.

    Source: docs/rules/survey.md, E-2, E-3.
    """
    points = dict(enumerate(scale, 1))
    parts: dict[str, nw.Expr] = {}
    for number, (_, answers) in enumerate(block.dimensions):
        given = [nw.col(answer) for answer in answers]
        parts[f"number_{number}"] = _sum(whole(~answer.is_null()) for answer in given)
        parts[f"points_{number}"] = _sum(chosen(answer, points, 0) for answer in given)
    answered, weights, weighted = block.sums
    numbers = {number: nw.col(f"number_{number}") for number in range(len(block.dimensions))}
    means = {
        f"mean_{number}": (nw.col(f"points_{number}"), at_least_one(given))
        for number, given in numbers.items()
    }
    shares = {
        number: block.dimensions[number][0].weight * whole(given > 0)
        for number, given in numbers.items()
    }
    others = [column for column in frame.columns if column not in block.answers]
    return half_up(frame.with_columns(**parts), **means).select(
        *others,
        **{
            answered: _sum(iter(numbers.values())),
            weights: _sum(iter(shares.values())),
            weighted: _sum(share * nw.col(f"mean_{each}") for each, share in shares.items()),
        },
    )


def _sum(terms: Iterator[nw.Expr]) -> nw.Expr:
    return reduce(add, terms)


def _looked_up(bench: Bench, frame: Frame, block: Block, scale: Sequence[int]) -> Frame:
    """The same as ``with_sums``, the sums of each pattern of answers worked out only once."""
    places = {answer: 6**place for place, answer in enumerate(block.answers)}
    each = bench.constants(
        "answers", {"digit": int, "answer": int}, [(0, None), *((n, n) for n in range(1, 6))]
    )
    patterns: Frame | None = None
    for answer, place in places.items():
        column = each.select(**{answer: "answer", f"digit_{answer}": nw.col("digit") * place})
        patterns = column if patterns is None else patterns.join(column, how="cross")
    assert patterns is not None  # noqa: S101 - a block has an answer
    summed = with_sums(patterns, block, scale).select(
        *block.sums, pattern=_sum(nw.col(f"digit_{answer}") for answer in places)
    )
    kept = bench.keep(f"patterns_{block.number}", summed)
    pattern = _sum(
        nw.col(answer).cast(nw.Int64()).fill_null(0) * place for answer, place in places.items()
    )
    return frame.with_columns(pattern=pattern).join(kept, on="pattern").drop("pattern", *places)


def response_scores(bench: Bench, responses: Frame, survey: Survey) -> Frame:
    """The score of each response; empty for one that does not count.

    Args:
        responses: unit, round, channel, valid, answer_1 …

    Returns:
        unit, round, channel, score: ticks.

    Source: docs/rules/survey.md, E-1, E-3.
    """
    many = bench.number_of("responses") >= _MANY
    found = responses
    packed = blocks(survey)
    if not packed:
        return found.select(*_CHANNEL, score=nw.lit(None, nw.Int64()))
    for block in packed:
        if many and len(block.answers) <= _LOOKED_UP:
            found = _looked_up(bench, found, block, survey.scale)
        else:
            found = with_sums(found, block, survey.scale)
    answered, weights, weighted = (
        _sum(nw.col(name) for name in names)
        for names in zip(*(block.sums for block in packed), strict=True)
    )
    enough = FULL * nw.col("answered") >= survey.answered_share * len(survey.questions)
    counts = nw.col("valid") & (nw.col("answered") > 0) & enough
    summed = half_up(found.with_columns(answered=answered), score=(weighted, at_least_one(weights)))
    return summed.select(*_CHANNEL, score=nw.when(counts).then(nw.col("score")))


def channel_scores(bench: Bench, place: Grid, survey: Survey) -> Frame:
    """What each channel of each round says of each unit of the part.

    Returns:
        u, and the columns of ``survey_scores``.

    Source: docs/rules/survey.md, E-4, E-5, E-7; docs/rules/outputs.md, O-1, O-5.
    """
    columns = [f"answer_{number}" for number in range(1, len(survey.questions) + 1)]
    given = place.within(bench.given("responses")).select(*_CHANNEL, "valid", *columns)
    scores = bench.plan("responses", response_scores(bench, given, survey))
    score = nw.col("score")
    sums = scores.group_by(*_CHANNEL).agg(
        responses=nw.len(), counted=score.count(), sum=total(score), squares=total(score * score)
    )
    sums = bench.plan("channel_sums", sums.join(place.units.select("unit", "u"), on="unit"))
    known = sums.with_columns(
        weight=chosen(nw.col("channel"), {each.code: each.weight for each in survey.channels}, 0),
        minimum=chosen(nw.col("channel"), {each.code: each.minimum for each in survey.channels}, 0),
    )
    counted, weight, minimum = nw.col("counted"), nw.col("weight"), nw.col("minimum")
    shrunk = (weight * counted, at_least_one(minimum))
    known = half_up(known, score=(nw.col("sum"), at_least_one(counted)), shrunk=shrunk)
    known = bench.plan("channel_means", known)
    thin = counted < minimum
    return with_margin(known).select(
        "u",
        *_CHANNEL,
        "responses",
        "counted",
        "margin",
        score=nw.when(counted > 0).then(nw.col("score")),
        weight_used=weight_used(thin, survey.thin_channel),
        flags=nw.when(thin).then(nw.lit("thin-channel")).otherwise(nw.lit("")),
    )


def weight_used(thin: nw.Expr, thin_channel: str) -> nw.Expr:
    """The weight (ticks) with which a channel enters its round; 0 where nothing was counted.

    Source: docs/rules/survey.md, E-5.
    """
    weight = nw.col("weight")
    reduced = {"shrink": nw.col("shrunk"), "drop": nw.lit(0), "keep": weight}[thin_channel]
    return nw.when(nw.col("counted") == 0).then(0).when(thin).then(reduced).otherwise(weight)


def with_margin(channels: Frame) -> Frame:
    """The frame with ``margin``: 1.96 standard errors, in hundredths; empty for fewer than 2.

    The variance of the scores over n², V = (n·Σx² − (Σx)²) / n², is a whole number ``even`` and a
    rest ``odd`` / n²: taken from the scores' distances to their mean, every step fits int64.

    Args:
        channels: counted, sum and squares of the scores that count, and more.

    Source: docs/rules/survey.md, E-7.
    """
    n = at_least_one(nw.col("counted"))
    mean, beyond = nw.col("mean"), nw.col("sum") - nw.col("mean") * nw.col("n")
    distances = nw.col("squares") - mean * (nw.col("sum") + nw.col("beyond"))
    rest = nw.col("rest") * nw.col("n") - nw.col("beyond") * nw.col("beyond")
    short = whole(nw.col("odd") < 0)
    squared = nw.col("n") * nw.col("n")
    parts = (
        channels.with_columns(n=n)
        .with_columns(mean=nw.col("sum") // nw.col("n"))
        .with_columns(beyond=beyond)
        .with_columns(distances=distances)
        .with_columns(even=nw.col("distances") // nw.col("n"))
        .with_columns(rest=nw.col("distances") - nw.col("even") * nw.col("n"))
        .with_columns(odd=rest)
        .with_columns(even=nw.col("even") - short, odd=nw.col("odd") + short * squared)
    )
    # (2 · 1.96 · s / √n)² in hundredths², rounded down; ticks are a hundred to the hundredth.
    over = _CONFIDENCE_TOP * nw.col("even") + _CONFIDENCE_TOP * nw.col("odd") // squared
    under = _CONFIDENCE_BOTTOM * at_least_one(nw.col("n") - 1)
    rooted = root(parts.with_columns(margin=over // under), "margin")
    margin = nw.when(nw.col("counted") >= 2).then((nw.col("margin") + 1) // 2)
    return rooted.select(*channels.columns, margin=margin)


def component_scores(channels: Frame, survey: Survey) -> Frame:
    """The social component of each unit that has one.

    Args:
        channels: ``channel_scores``.

    Returns:
        u, social: ticks.

    Source: docs/rules/survey.md, E-5, E-6.
    """
    weighing = channels.filter(nw.col("weight_used") > 0)
    weight = nw.col("weight_used")
    sums = weighing.group_by("u", "round").agg(
        top=total(weight * nw.col("score")), bottom=total(weight)
    )
    rounds = half_up(sums, score=(nw.col("top"), nw.col("bottom")))
    of_round = chosen(nw.col("round"), {each.code: each.weight for each in survey.rounds}, 0)
    summed = (
        rounds.with_columns(weight=of_round)
        .group_by("u")
        .agg(top=total(nw.col("weight") * nw.col("score")), bottom=total(nw.col("weight")))
    )
    return half_up(summed, social=(nw.col("top"), nw.col("bottom"))).select("u", "social")
