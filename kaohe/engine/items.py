"""The eleven item rules (指标计分规则), set-based.

A rule of a measured value says which share of the points is earned, as a fraction of whole numbers
from 0 to 1; one expression chooses the fraction of the item's rule, and one multiplies and rounds.
P is the column ``worth``, the measured value the column ``v``, both ticks.  A denominator is never
0, and no product passes int64 even where its branch is not the one chosen, because an engine may
compute every branch.
"""

from collections.abc import Callable

import narwhals as nw

from kaohe.core.items import FEWEST_JUDGES_TO_TRIM
from kaohe.core.quantities import FULL
from kaohe.engine.arithmetic import (
    Fraction,
    Frame,
    at_least_one,
    at_most,
    day_numbers,
    half_up,
    held,
    total,
    whole,
)
from kaohe.engine.cells import RULE_COLUMNS, Grid, follows

_POINTS, _VALUE = nw.col("worth"), nw.col("v")


def with_values(measurements: Frame) -> Frame:
    """The frame with ``v``: the value, or the rate in percent; empty: nothing to measure.

    Args:
        measurements: value, numerator, denominator, and more.

    Source: docs/rules/scoring.md, R-2.
    """
    value, parts = nw.col("value"), nw.col("denominator")
    measured = ~value.is_null()
    counted = nw.when(~measured).then(nw.col("numerator")).otherwise(0)
    rate = nw.when(measured).then(value).when(parts > 0).then(nw.col("v"))
    with_rates = half_up(measurements, v=(FULL * counted, at_least_one(parts)))
    kept = [column for column in measurements.columns if column != "value"]
    return with_rates.select(*kept, v=rate)


def interval(place: Grid) -> Fraction:
    """In proportion to where the value lies between the two ends.

    Source: docs/rules/scoring.md, I-1.
    """
    rising = nw.col("full_at") > nw.col("zero_at")
    width = nw.col("full_at") - nw.col("zero_at")
    above = _VALUE - nw.col("zero_at")
    width = nw.when(rising).then(width).otherwise(-width)
    above = nw.when(rising).then(above).otherwise(-above)
    inside = nw.when(above <= 0).then(0).when(above >= width).then(width).otherwise(above)
    return inside, at_least_one(width)


def ratio_up(place: Grid) -> Fraction:
    """In proportion to the share of a target that was reached.

    Source: docs/rules/scoring.md, I-2.
    """
    target = nw.col("target")
    reached = nw.when(_VALUE <= 0).then(0).when(_VALUE >= target).then(target).otherwise(_VALUE)
    too_little = FULL * reached < nw.col("minimum") * target
    return nw.when(too_little).then(0).otherwise(reached), at_least_one(target)


def ratio_down(place: Grid) -> Fraction:
    """In proportion to how little a limit is passed.

    Source: docs/rules/scoring.md, I-3.
    """
    target = nw.col("target")
    passed = _VALUE > target
    too_much = FULL * target < nw.col("minimum") * _VALUE
    over = nw.when(passed & too_much).then(0).when(passed).then(target).otherwise(1)
    return over, nw.when(passed).then(at_least_one(_VALUE)).otherwise(1)


def steps_up(place: Grid) -> Fraction:
    """The percent of the first step whose threshold the value reaches.

    Source: docs/rules/scoring.md, I-4.
    """
    return _first_step(place.steps, lambda threshold: _VALUE >= threshold)


def steps_down(place: Grid) -> Fraction:
    """The percent of the first step whose threshold the value does not pass.

    Source: docs/rules/scoring.md, I-5.
    """
    return _first_step(place.steps, lambda threshold: _VALUE <= threshold)


def _first_step(steps: int, taken: Callable[[nw.Expr], nw.Expr]) -> Fraction:
    percent: nw.Expr = nw.lit(0)
    for step in range(steps, 0, -1):
        here = nw.when(taken(nw.col(f"step_{step}"))).then(nw.col(f"percent_{step}"))
        percent = here.otherwise(percent)
    return percent, nw.lit(FULL)


def growth(place: Grid) -> Fraction:
    """In proportion to the growth over a base (the column ``grown``), against the growth asked for.

    Source: docs/rules/scoring.md, I-6.
    """
    target = nw.col("target")
    return at_most(nw.col("grown"), target), at_least_one(target)


def with_growth(known: Frame) -> Frame:
    """The frame with ``grown``: the growth over the base in percent, rounded; 0 for none.

    Source: docs/rules/scoring.md, I-6.
    """
    base = nw.col("base")
    grows = follows("growth") & (_VALUE > base)
    more = nw.when(grows).then(_VALUE - base).otherwise(0)
    return half_up(known, grown=(FULL * more, at_least_one(base)))


def rank() -> Fraction:
    """By place among the graded units of the department that have a value.

    The columns ``better`` and ``ranked`` count those before the unit, and all.

    Source: docs/rules/scoring.md, I-10.
    """
    ranked, better = nw.col("ranked"), nw.col("better")
    last = ranked - 1
    alone = whole(better == 0)
    return nw.when(last >= 1).then(last - at_most(better, last)).otherwise(alone), at_least_one(
        last
    )


FRACTIONS: dict[str, Callable[[Grid], Fraction]] = {
    "interval": interval,
    "ratio_up": ratio_up,
    "ratio_down": ratio_down,
    "steps_up": steps_up,
    "steps_down": steps_down,
    "growth": growth,
}
COLUMNS: dict[str, tuple[str, ...]] = {
    "interval": ("zero_at", "full_at"),
    "ratio_up": ("target", "minimum"),
    "ratio_down": ("target", "minimum"),
    "growth": ("target",),
}


def columns_used(place: Grid) -> list[str]:
    """The columns of the items that the rules of measured values look at."""
    used = {column for rule in place.rules & COLUMNS.keys() for column in COLUMNS[rule]}
    steps = range(1, place.steps + 1)
    by_step = [f"{kind}_{step}" for step in steps for kind in ("step", "percent")]
    return [column for column in RULE_COLUMNS if column in used] + by_step


def earned_share(place: Grid) -> Fraction:
    """The share of the points that each row's own rule gives."""
    top: nw.Expr = nw.lit(0)
    bottom: nw.Expr = nw.lit(1)
    for name in sorted(place.rules & FRACTIONS.keys()):
        if name == "growth" and not place.uses("targets"):
            continue  # no unit has a base, so none has such an item
        upper, lower = FRACTIONS[name](place)
        top = nw.when(follows(name)).then(upper).otherwise(top)
        bottom = nw.when(follows(name)).then(lower).otherwise(bottom)
    return top, bottom


def milestones(shares: Frame) -> Frame:
    """Points for the milestones done, each losing a percentage for every day late.

    Args:
        shares: cell, share, due_on, done_on, late_per_day, worth.

    Returns:
        cell, earned: ticks, facts.

    Source: docs/rules/scoring.md, I-9.
    """
    late = nw.col("done_on") - nw.col("due_on")
    days = nw.when(late > 0).then(late).otherwise(0)
    left = held(FULL - nw.col("late_per_day").fill_null(FULL) * days, 0, FULL)
    done = nw.when(~nw.col("done_on").is_null()).then(nw.col("share") * left).otherwise(0)
    summed = (
        day_numbers(shares, "due_on", "done_on")
        .with_columns(done=done)
        .group_by("cell", "worth")
        .agg(done=total(nw.col("done")), facts=nw.len())
    )
    return half_up(summed, earned=(_POINTS * nw.col("done"), FULL * FULL))


def marks(given: Frame) -> Frame:
    """The mean of the judges' marks, one highest and one lowest left out if trimmed.

    Args:
        given: cell, points, trim.

    Returns:
        cell, earned: ticks, facts.

    Source: docs/rules/scoring.md, I-11.
    """
    points, number = nw.col("points"), nw.col("facts")
    summed = given.group_by("cell", "trim").agg(
        sum=total(points), ends=points.max() + points.min(), facts=nw.len()
    )
    trimmed = whole(nw.col("trim").fill_null(False) & (number >= FEWEST_JUDGES_TO_TRIM))
    counted = nw.col("sum") - trimmed * nw.col("ends")
    return half_up(summed, earned=(counted, number - 2 * trimmed))


def deduction_or_accrual() -> nw.Expr:
    """What is left of the points, or what was brought: the column ``amount`` is the sum of effects.

    Source: docs/rules/scoring.md, I-7, I-8.
    """
    return nw.when(follows("deduction")).then(_POINTS).otherwise(0) + nw.col("amount")
