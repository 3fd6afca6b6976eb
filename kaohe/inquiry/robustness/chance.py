"""Chance that repeats: the same seed gives the same draws on every machine and numpy.

Only the raw 64-bit words of PCG64 are taken from numpy; they are fixed by its definition.  What
becomes of them is worked out here with whole numbers and with the five operations that IEEE 754
rounds correctly (+ - * / and the square root), so that no library's logarithm has a say.

Three independent streams, the children of ``SeedSequence(seed)`` in this order:

1.  *weights*: draw by draw, for each component one word.  Its top 53 bits are the uniform.
2.  *survey*: group by group, in a group draw by draw, in a draw one piece of 16 bits for every
    round, channel and unit (used or not), four pieces a word, low first; a draw starts a word.
3.  *events*: undecided event by undecided event, one bit for each draw, low first; an event
    starts a word.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MILLION = 1_000_000  # factors and deviates are whole millionths
PIECES = 4  # pieces of 16 bits in a word
CLASSES = 1 << 16  # of the standard normal, equally likely
_WORD = np.dtype("<u8")
_PIECE = np.dtype("<u2")

# Wichura (1988), Algorithm AS 241, PPND16: rational approximations to the normal quantile.
_CENTRE = (
    "3.3871328727963666080e0 1.3314166789178437745e2 1.9715909503065514427e3"
    " 1.3731693765509461125e4 4.5921953931549871457e4 6.7265770927008700853e4"
    " 3.3430575583588128105e4 2.5090809287301226727e3",
    "1.0 4.2313330701600911252e1 6.8718700749205790830e2 5.3941960214247511077e3"
    " 2.1213794301586595867e4 3.9307895800092710610e4 2.8729085735721942674e4"
    " 5.2264952788528545610e3",
)
_TAIL = (
    "1.42343711074968357734e0 4.63033784615654529590e0 5.76949722146069140550e0"
    " 3.64784832476320460504e0 1.27045825245236838258e0 2.41780725177450611770e-1"
    " 2.27238449892691845833e-2 7.74545014278341407640e-4",
    "1.0 2.05319162663775882187e0 1.67638483018380384940e0 6.89767334985100004550e-1"
    " 1.48103976427480074590e-1 1.51986665636164571966e-2 5.47593808499534494600e-4"
    " 1.05075007164441684324e-9",
)


class Chance:
    """Everything that is left to chance in a simulation, by seed.

    Args:
        seed: 0 or more.
        draws: how many draws each unit of chance has; 1 or more.
    """

    def __init__(self, seed: int, draws: int) -> None:
        self.draws = draws
        weights, survey, events = np.random.SeedSequence(seed).spawn(3)
        self._weights = np.random.PCG64(weights)
        self._survey = np.random.PCG64(survey)
        self._events = np.random.PCG64(events)
        self._origin = self._survey.state
        self._at = 0

    def factors(self, percent: int, components: int) -> Ints:
        """Factors uniform in 1 ± percent/100, in whole millionths.  Shape (draws, components).

        Args:
            percent: ticks, 0 to 100 percent.
            components: how many weights a draw changes.
        """
        reach = percent  # a percent of ticks: 1 tick is a millionth
        raw = self._weights.random_raw(self.draws * components).astype(np.uint64)
        uniform = (raw >> np.uint64(11)).astype(np.float64) * 2.0**-53
        steps = np.floor(uniform * (2 * reach + 1)).astype(np.int64)
        factors: Ints = np.minimum(steps, 2 * reach) - reach + MILLION
        return factors.reshape(self.draws, components)

    def coins(self, events: int) -> NDArray[np.uint64]:
        """One fair coin for each undecided event and draw, 64 draws a word.

        Returns:
            Shape (events, words); bit d % 64 of word d // 64 is draw d.
        """
        words = -(-self.draws // 64)
        return self._events.random_raw(events * words).astype(_WORD).reshape(events, words)

    def pieces(self, start: int, rows: int, width: int) -> NDArray[np.uint16]:
        """Which class of ``deviates`` each of ``width`` survey means of some draws falls into.

        Args:
            start: where the first of these draws begins in the survey stream, in words.
            rows: how many draws.
            width: pieces in a draw.

        Returns:
            Shape (rows, width).
        """
        words = words_for(width)
        if start != self._at:
            self._survey.state = self._origin
            self._survey.advance(start)
        self._at = start + rows * words
        raw = self._survey.random_raw(rows * words).astype(_WORD, copy=False)
        return raw.view(_PIECE).reshape(rows, words * PIECES)[:, :width]


def words_for(width: int) -> int:
    """How many words hold ``width`` pieces."""
    return -(-width // PIECES)


def unpacked(coins: NDArray[np.uint64], first: int, last: int) -> NDArray[np.uint8]:
    """The coins of the draws ``first`` to ``last`` (not included), 0 or 1.

    Args:
        coins: (events, words) of ``Chance.coins``.
        first: a multiple of 64.
        last: the draw after the last one.

    Returns:
        Shape (events, last - first).
    """
    words = np.ascontiguousarray(coins[:, first // 64 : -(-last // 64)], dtype=_WORD)
    bits = np.unpackbits(words.view(np.uint8), axis=1, bitorder="little")
    return bits[:, : last - first]


@cache
def deviates() -> Floats:
    """The standard normal as 65,536 equally likely values, each the middle of its class.

    Whole millionths, ascending, symmetric about 0; the greatest is 4.324919.
    """
    half = CLASSES // 2
    tail = (2 * np.arange(half, dtype=np.float64) + 1) / (2 * CLASSES)  # 0 < p < 1/2
    q = tail - 0.5
    central = q * _ratio(_CENTRE, 0.180625 - q * q)
    far = -_ratio(_TAIL, np.sqrt(-_logarithm(tail)) - 1.6)
    lower = np.rint(np.where(q >= -0.425, central, far) * MILLION)
    table: Floats = np.concatenate([lower, -lower[::-1]])
    table.flags.writeable = False
    return table


def _ratio(polynomials: tuple[str, str], x: Floats) -> Floats:
    """The first polynomial over the second, coefficients ascending, by Horner's scheme."""
    values = []
    for polynomial in polynomials:
        coefficients = [float(word) for word in polynomial.split()]
        value = np.full_like(x, coefficients[-1])
        for coefficient in reversed(coefficients[:-1]):
            value = value * x + coefficient
        values.append(value)
    quotient: Floats = values[0] / values[1]
    return quotient


def _logarithm(x: Floats) -> Floats:
    """The natural logarithm of x > 0 by the series of 2 artanh((m - 1) / (m + 1)).

    ``numpy.log`` differs in its last digit from one processor to the next; this does not.
    """
    mantissa, exponent = np.frexp(x)
    small = mantissa < 0.7071067811865476
    mantissa = np.where(small, 2 * mantissa, mantissa)
    exponent = exponent - small
    s = (mantissa - 1) / (mantissa + 1)
    square = s * s
    series = np.zeros_like(s)
    for odd in range(29, 0, -2):
        series = series * square + 1.0 / odd
    logarithm: Floats = exponent * 0.6931471805599453 + 2 * s * series
    return logarithm
