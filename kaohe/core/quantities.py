"""Ticks: exact decimals as whole numbers, and the one stated rounding.

A tick is 0.0001.  Every point, share, weight, percentage and measured value of the engine is a
count of ticks; a composite and a margin are counts of hundredths where they are printed.
"""

import re

TICK = 10_000  # ticks in 1
HUNDREDTH = 100  # ticks in 0.01
FULL = 100 * TICK  # 100 points, or 100 percent
LIMIT = 10**8 * TICK  # a decimal of an input is smaller than this in magnitude

_DECIMAL = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?\Z")
_HALF_WIDTH = {0xFF10 + digit: str(digit) for digit in range(10)} | {
    0xFF0E: ".",  # FULLWIDTH FULL STOP
    0xFF0D: "-",  # FULLWIDTH HYPHEN-MINUS
    0x2212: "-",  # MINUS SIGN
}


def half_up(numerator: int, denominator: int) -> int:
    """The quotient rounded half up to a whole number.

    Args:
        numerator: 0 or more.
        denominator: 1 or more.

    Source: docs/rules/scoring.md, N-2.

    >>> half_up(5, 2), half_up(7, 5), half_up(0, 3)
    (3, 1, 0)
    """
    quotient, remainder = divmod(numerator, denominator)
    return quotient + (2 * remainder >= denominator)


def to_hundredths(ticks: int) -> int:
    """Ticks (0 or more) rounded half up to hundredths: what ``[x]₂`` writes.

    Source: docs/rules/scoring.md, N-2, C-5.

    >>> to_hundredths(726_250)
    7263
    """
    return half_up(ticks, HUNDREDTH)


def half_width(text: str) -> str:
    r"""Full-width digits, point and minus sign as their half-width forms.

    >>> half_width("\uff0d\uff11\uff12\uff0e\uff15")
    '-12.5'
    """
    return text.translate(_HALF_WIDTH)


def parse_ticks(text: str) -> int | None:
    """A decimal as ticks; None where the text is no decimal of at most 4 digits below 10^8.

    Source: docs/rules/scoring.md, N-1.

    >>> parse_ticks("-0.5"), parse_ticks("12.5"), parse_ticks("1e3"), parse_ticks("0.00001")
    (-5000, 125000, None, None)
    """
    match = _DECIMAL.match(half_width(text.strip()))
    if match is None:
        return None
    sign, whole, fraction = match.group(1), match.group(2), match.group(3) or ""
    if len(fraction) > 4:
        return None
    ticks = int(whole) * TICK + int(fraction.ljust(4, "0"))
    if ticks >= LIMIT:
        return None
    return -ticks if sign else ticks


def show_ticks(ticks: int) -> str:
    """Ticks as a decimal with exactly four digits; zero has no sign.

    >>> show_ticks(-5000), show_ticks(0), show_ticks(984440)
    ('-0.5000', '0.0000', '98.4440')
    """
    sign = "-" if ticks < 0 else ""
    whole, fraction = divmod(abs(ticks), TICK)
    return f"{sign}{whole}.{fraction:04d}"


def show_hundredths(hundredths: int) -> str:
    """Hundredths as a decimal with exactly two digits.

    >>> show_hundredths(9844)
    '98.44'
    """
    sign = "-" if hundredths < 0 else ""
    whole, fraction = divmod(abs(hundredths), 100)
    return f"{sign}{whole}.{fraction:02d}"


def show_plain(ticks: int) -> str:
    """Ticks as people write them: no zeros at the end.

    >>> show_plain(125000), show_plain(-5000), show_plain(200000)
    ('12.5', '-0.5', '20')
    """
    text = show_ticks(ticks).rstrip("0").rstrip(".")
    return text or "0"
