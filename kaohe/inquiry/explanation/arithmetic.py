"""Lines of arithmetic that a clerk can re-compute with a pocket calculator.

A line is a chain of members that are equal to one another; the last is the result, rounded where
docs/rules/scoring.md writes a rounding.  So each line can be checked from the lines above it.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from kaohe.core.problems import N_
from kaohe.core.quantities import TICK, show_hundredths, show_plain, show_ticks
from kaohe.locale import Translate

Line = dict[str, object]

EXACT = "exact"
FOUR = "half-up-4"
TWO = "half-up-2"
WHOLE = "half-up-0"
FLOOR = "floor"
CEIL = "ceil"

_SIGNS = {FOUR: " ≈ ", TWO: " → ", WHOLE: " → ", FLOOR: " → ", CEIL: " → "}


def worked(
    label: str,
    clause: str,
    chain: Sequence[str],
    *,
    exact: Fraction | None = None,
    rounding: str = EXACT,
    translate: Translate = str,
) -> Line:
    """A line of arithmetic.

    Args:
        label: what is computed, already in the reader's language.
        clause: such as "C-4".
        chain: the members, the result last.
        exact: the value before the rounding; None: the result is exact.
        rounding: how the result was rounded.

    Source: docs/rules/scoring.md, N-3.

    >>> worked("mean", "I-11", ["20 ÷ 3", "6.6667"], exact=Fraction(20, 3), rounding=FOUR)["text"]
    'mean: 20 ÷ 3 ≈ 6.6667'
    """
    result = chain[-1]
    same = exact is None or exact == Fraction(result.replace("−", "-"))
    sign = " = " if same and rounding in (EXACT, FOUR) else _SIGNS.get(rounding, " = ")
    sums = " = ".join(chain[:-1]) + (sign if len(chain) > 1 else "") + result
    return {
        "label": label,
        "clause": clause,
        "chain": list(chain),
        "rounding": rounding,
        "result": result,
        "text": translate(N_("{label}: {sum}")).format(label=label, sum=sums),
    }


def said(clause: str, text: str) -> Line:
    """A line of words."""
    return {
        "label": "",
        "clause": clause,
        "chain": [],
        "rounding": "",
        "result": "",
        "text": text,
    }


def quotient(
    label: str,
    clause: str,
    expression: str,
    *,
    value: Fraction,
    result: int,
    translate: Translate = str,
) -> Line:
    """A line with one rounding to four digits.

    Args:
        expression: what is computed, as it is typed into a calculator.
        value: its exact value, in points.
        result: the value rounded half up, in ticks.
    """
    chain = [expression, show_ticks(result)]
    return worked(label, clause, chain, exact=value, rounding=FOUR, translate=translate)


def exact_text(value: Fraction) -> str:
    """A decimal in full, with at least four digits after the point.

    Raises:
        ValueError: the value has no end as a decimal.

    >>> exact_text(Fraction(92270, 1000)), exact_text(Fraction(1, 80000))
    ('92.2700', '0.0000125')
    """
    digits = 4
    while (scaled := value * 10**digits).denominator != 1:
        digits += 1
        if digits > 40:
            raise ValueError(f"{value} has no end as a decimal")
    sign = "−" if scaled < 0 else ""
    whole, rest = divmod(abs(scaled.numerator), 10**digits)
    return f"{sign}{whole}.{rest:0{digits}d}"


def plain(ticks: int) -> str:
    """A number inside a formula: no zeros at the end, a negative one in brackets.

    >>> plain(125_000), plain(-5_000)
    ('12.5', '(−0.5)')
    """
    return f"(−{show_plain(-ticks)})" if ticks < 0 else show_plain(ticks)


def four(ticks: int) -> str:
    """Ticks inside a formula with four digits, a negative one in brackets."""
    return f"(−{show_ticks(-ticks)})" if ticks < 0 else show_ticks(ticks)


def points(ticks: int | None) -> str | None:
    """Ticks as they are printed in a cell; None stays None."""
    return None if ticks is None else show_ticks(ticks)


def hundredths(number: int | None) -> str | None:
    """Hundredths as they are printed in a cell; None stays None."""
    return None if number is None else show_hundredths(number)


def signed(number: int, digits: int = 2) -> str:
    """A difference with its sign: hundredths (2 digits) or ticks (4).

    >>> signed(120), signed(-5), signed(0), signed(5_000, 4)
    ('+1.20', '-0.05', '0.00', '+0.5000')
    """
    text = show_hundredths(number) if digits == 2 else show_ticks(number)
    return f"+{text}" if number > 0 else text


def total(terms: Iterable[str]) -> str:
    """Terms joined by plus signs; "0" where there are none."""
    return " + ".join(terms) or "0"


def value_of(ticks: int) -> Fraction:
    """Ticks as the number that they stand for."""
    return Fraction(ticks, TICK)


def weighted_line(
    label: str,
    clause: str,
    pairs: Sequence[tuple[int, int]],
    *,
    result: int,
    translate: Translate = str,
) -> Line:
    """The mean of (weight, score) pairs in ticks, as one line with its intermediate sum.

    >>> weighted_line("mean", "E-6", [(400_000, 882_000), (600_000, 904_000)],
    ...               result=895_200)["text"]
    'mean: (88.2000×40 + 90.4000×60) ÷ 100 = 8952.0000 ÷ 100 = 89.5200'
    """
    above = sum(value_of(weight) * value_of(score) for weight, score in pairs)
    below = sum(weight for weight, _ in pairs)
    products = total(f"{four(score)}×{plain(weight)}" for weight, score in pairs)
    dividend = products if len(pairs) == 1 else f"({products})"
    chain = [
        f"{dividend} ÷ {plain(below)}",
        f"{exact_text(Fraction(above))} ÷ {plain(below)}",
        show_ticks(result),
    ]
    exact = Fraction(above) / value_of(below)
    return worked(label, clause, chain, exact=exact, rounding=FOUR, translate=translate)


def sentences(parts: Iterable[str], translate: Translate = str) -> str:
    """Sentences one after another, parted as the language parts them.

    >>> sentences(["One.", "Two."])
    'One. Two.'
    """
    whole = ""
    for part in parts:
        join = translate(N_("{before} {after}"))
        whole = join.format(before=whole, after=part) if whole else part
    return whole


def comma(translate: Translate = str) -> str:
    """What stands between the entries of a list: a comma, or the Chinese one of enumeration.

    >>> comma()
    ', '
    """
    return translate(N_("{before}, {after}")).format(before="", after="")
