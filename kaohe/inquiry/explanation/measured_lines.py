"""How a measured value became points, line by line (docs/rules/scoring.md, I-1 to I-6, I-10)."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from kaohe.core.items import rank, rank_beside
from kaohe.core.problems import N_
from kaohe.core.quantities import FULL, half_up, show_plain, show_ticks
from kaohe.core.rows import Item, Measurement
from kaohe.core.sheets import Ends, ends_of, measured
from kaohe.inquiry.explanation.arithmetic import Line, plain, quotient, said, value_of
from kaohe.inquiry.explanation.case import Case

Named = list[dict[str, str]]


def measured_lines(case: Case, item: Item, row: Measurement, earned: int | None) -> list[Line]:
    """The lines from a measurement to the points earned.

    Args:
        earned: what the unit earned, in ticks; None: there was nothing to measure.

    Source: docs/rules/scoring.md, R-2, N-3.
    """
    lines = _rate(case, row)
    value = measured(row)
    if value is None or earned is None:
        _ = case.translate
        return [
            *lines,
            said("R-2", _(N_("0 out of 0: nothing to measure, so the item does not apply."))),
        ]
    if item.rule == "rank":
        return [*lines, *_ranked(case, item, value, earned)]
    ends = ends_of(item, case.sheet.targets.get(item.item))
    return [*lines, *_RULES[item.rule](case, item, ends, (value, earned))]


def measured_inputs(case: Case, item: Item, row: Measurement | None) -> Named:
    """What the rule works with, named: the value and what it is held against."""
    _ = case.translate
    found: list[tuple[str, int | None]] = []
    if row is not None:
        found += [
            (_(N_("numerator")), row.numerator),
            (_(N_("denominator")), row.denominator),
            (_(N_("measured value")), row.value),
        ]
    ends = ends_of(item, case.sheet.targets.get(item.item))
    found += [
        (_(N_("no points up to")), ends.zero_at),
        (_(N_("full points from")), ends.full_at),
        (_(N_("target")), ends.target),
        (_(N_("base")), ends.base),
        (_(N_("least share of the target, percent")), item.minimum),
    ]
    named = [
        {"label": label, "value": show_plain(ticks)} for label, ticks in found if ticks is not None
    ]
    for step in item.steps:
        label = N_("from {value} on") if item.rule == "steps_up" else N_("up to {value}")
        words = _(label).format(value=show_plain(step.threshold))
        named.append({"label": words, "value": f"{plain(step.percent)}%"})
    return named


def _rate(case: Case, row: Measurement) -> list[Line]:
    if row.value is not None or not row.numerator or not row.denominator:
        return []
    _ = case.translate
    exact = 100 * Fraction(row.numerator, row.denominator)
    return [
        quotient(
            _(N_("rate in percent")),
            "R-2",
            f"100 × {plain(row.numerator)} ÷ {plain(row.denominator)}",
            value=exact,
            result=half_up(FULL * row.numerator, row.denominator),
            translate=_,
        )
    ]


def _earned(case: Case, clause: str, expression: str, value: Fraction, earned: int) -> Line:
    label = case.translate(N_("points earned"))
    return quotient(label, clause, expression, value=value, result=earned, translate=case.translate)


def _all(case: Case, clause: str, item: Item, value: int) -> Line:
    _ = case.translate
    text = _(N_("{value} reaches what full points need: {points} points."))
    return said(clause, text.format(value=show_plain(value), points=show_ticks(item.points)))


def _nothing(case: Case, clause: str, value: int) -> Line:
    _ = case.translate
    text = _(N_("{value} lies where no points are earned: 0 points."))
    return said(clause, text.format(value=show_plain(value)))


def _below_minimum(case: Case, clause: str, item: Item, parts: tuple[int, int]) -> list[Line]:
    _ = case.translate
    above, below = parts
    share = half_up(FULL * above, below)
    text = _(N_("below the least share of {minimum} percent: 0 points."))
    return [
        quotient(
            _(N_("share of the target in percent")),
            clause,
            f"100 × {plain(above)} ÷ {plain(below)}",
            value=100 * Fraction(above, below),
            result=share,
            translate=_,
        ),
        said(clause, text.format(minimum=plain(item.minimum or 0))),
    ]


def _interval(case: Case, item: Item, ends: Ends, found: tuple[int, int]) -> list[Line]:
    value, earned = found
    zero, full = ends.zero_at or 0, ends.full_at or 0
    if earned == item.points and (value - full) * (full - zero) >= 0:
        return [_all(case, "I-1", item, value)]
    if (value - zero) * (full - zero) <= 0:
        return [_nothing(case, "I-1", value)]
    if full > zero:
        expression = (
            f"{plain(item.points)} × ({plain(value)} − {plain(zero)})"
            f" ÷ ({plain(full)} − {plain(zero)})"
        )
    else:
        expression = (
            f"{plain(item.points)} × ({plain(zero)} − {plain(value)})"
            f" ÷ ({plain(zero)} − {plain(full)})"
        )
    exact = value_of(item.points) * Fraction(value - zero, full - zero)
    return [_earned(case, "I-1", expression, exact, earned)]


def _ratio_up(case: Case, item: Item, ends: Ends, found: tuple[int, int]) -> list[Line]:
    (value, earned), target = found, ends.target or 0
    if value >= target:
        return [_all(case, "I-2", item, value)]
    if value <= 0:
        return [_nothing(case, "I-2", value)]
    if item.minimum is not None and FULL * value < item.minimum * target:
        return _below_minimum(case, "I-2", item, (value, target))
    expression = f"{plain(item.points)} × {plain(value)} ÷ {plain(target)}"
    exact = value_of(item.points) * Fraction(value, target)
    return [_earned(case, "I-2", expression, exact, earned)]


def _ratio_down(case: Case, item: Item, ends: Ends, found: tuple[int, int]) -> list[Line]:
    (value, earned), target = found, ends.target or 0
    if value <= target:
        return [_all(case, "I-3", item, value)]
    if target == 0:
        return [_nothing(case, "I-3", value)]
    if item.minimum is not None and FULL * target < item.minimum * value:
        return _below_minimum(case, "I-3", item, (target, value))
    expression = f"{plain(item.points)} × {plain(target)} ÷ {plain(value)}"
    exact = value_of(item.points) * Fraction(target, value)
    return [_earned(case, "I-3", expression, exact, earned)]


def _steps(case: Case, item: Item, _ends: Ends, found: tuple[int, int]) -> list[Line]:
    value, earned = found
    rising = item.rule == "steps_up"
    clause = "I-4" if rising else "I-5"
    for step in item.steps:
        if value >= step.threshold if rising else value <= step.threshold:
            _ = case.translate
            text = _(N_("{value} falls on the step at {threshold}: {percent} percent."))
            words = text.format(
                value=show_plain(value),
                threshold=show_plain(step.threshold),
                percent=show_plain(step.percent),
            )
            expression = f"{plain(item.points)} × {plain(step.percent)} ÷ 100"
            exact = value_of(item.points) * Fraction(step.percent, FULL)
            return [said(clause, words), _earned(case, clause, expression, exact, earned)]
    return [_nothing(case, clause, value)]


def _growth(case: Case, item: Item, ends: Ends, found: tuple[int, int]) -> list[Line]:
    (value, earned), base, target = found, ends.base or 1, ends.target or 1
    if value <= base:
        return [_nothing(case, "I-6", value)]
    _ = case.translate
    grown = half_up(FULL * (value - base), base)
    first = quotient(
        _(N_("growth in percent")),
        "I-6",
        f"100 × ({plain(value)} − {plain(base)}) ÷ {plain(base)}",
        value=100 * Fraction(value - base, base),
        result=grown,
        translate=_,
    )
    if grown >= target:
        return [first, _all(case, "I-6", item, grown)]
    expression = f"{plain(item.points)} × {plain(grown)} ÷ {plain(target)}"
    exact = value_of(item.points) * Fraction(grown, target)
    return [first, _earned(case, "I-6", expression, exact, earned)]


def _ranked(case: Case, item: Item, value: int, earned: int) -> list[Line]:
    _ = case.translate
    values = case.among.get((item.item, case.unit.department), ())
    down = item.direction == "down"
    better = sum(other < value if down else other > value for other in values)
    size = len(values)
    graded = case.unit.status == "graded"
    if size <= 1:
        sole = _(N_("No other unit of the department to be ranked with: {points} points."))
        return [said("I-10", sole.format(points=show_ticks(earned)))]
    place = better + 1 if graded else min(better, size - 1) + 1
    check = rank if graded else rank_beside
    if check(item.points, better, size) != earned:
        raise ValueError(f"the values ranked under {item.item} are not those of its score")
    text = _(N_("{better} of the department's {size} graded units are better: place {place}."))
    return [
        said("I-10", text.format(better=better, size=size, place=place)),
        _earned(
            case,
            "I-10",
            f"{plain(item.points)} × ({size} − {place}) ÷ ({size} − 1)",
            value_of(item.points) * Fraction(size - place, size - 1),
            earned,
        ),
    ]


_RULES: Mapping[str, Callable[[Case, Item, Ends, tuple[int, int]], list[Line]]] = {
    "interval": _interval,
    "ratio_up": _ratio_up,
    "ratio_down": _ratio_down,
    "steps_up": _steps,
    "steps_down": _steps,
    "growth": _growth,
}
