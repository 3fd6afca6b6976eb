"""A demonstration city, assessed: what several tests look at."""

from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from kaohe.core.rows import Inputs, Outputs
from kaohe.core.scheme import Scheme
from kaohe.core.scheme_text import read_scheme
from kaohe.core.scoring import assess
from kaohe.demo.city import build_city


class Year(NamedTuple):
    """A scheme, the facts, and what they come to."""

    scheme: Scheme
    inputs: Inputs
    outputs: Outputs


@cache
def assessed(year: int = 2026, seed: int = 1, units: int | None = None) -> Year:
    """A city and its result, as the exact evaluator says it."""
    text, inputs = build_city(units, year, seed)
    scheme, problems = read_scheme(text)
    assert scheme is not None, problems
    return Year(scheme, inputs, assess(scheme, inputs))


def codes(texts: Iterable[str]) -> Counter[str]:
    """How often each code occurs in cells of codes joined by ``;``."""
    return Counter(code for text in texts for code in text.split(";") if code)
