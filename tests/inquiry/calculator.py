"""A pocket calculator: it re-computes the lines of an explanation, knowing none of the rules."""

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

from kaohe.core.quantities import half_up

_OPERATORS: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_FUNCTIONS = {"MIN": min, "MAX": max}
_DIGITS = {"half-up-4": 4, "half-up-2": 2, "half-up-0": 0}


def compute(expression: str) -> Fraction:
    """The exact value of a member of a chain."""
    typed = expression.replace("×", "*").replace("÷", "/").replace("−", "-")
    return _value(ast.parse(typed, mode="eval").body, typed)


def _value(node: ast.AST, text: str) -> Fraction:
    match node:
        case ast.Constant():
            return Fraction(ast.get_source_segment(text, node) or "")
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, text)
        case ast.BinOp(left=left, op=op, right=right):
            found = _OPERATORS[type(op)](_value(left, text), _value(right, text))
            return Fraction(found)
        case ast.Call(func=ast.Name(id=name), args=args):
            return Fraction(_FUNCTIONS[name](_value(each, text) for each in args))
    raise ValueError(f"no calculator has {ast.dump(node)}")


def rounded(value: Fraction, rounding: str) -> Fraction:
    """A value rounded as a line says."""
    if rounding == "exact":
        return value
    if rounding == "floor":
        return Fraction(value.numerator // value.denominator)
    if rounding == "ceil":
        return Fraction(-(-value.numerator // value.denominator))
    scale = 10 ** _DIGITS[rounding]
    return Fraction(half_up(value.numerator * scale, value.denominator), scale)


def lines_in(part: object) -> Iterator[dict[str, Any]]:
    """All lines of an explanation, wherever they stand."""
    if isinstance(part, dict):
        if "chain" in part:
            yield part
        for each in part.values():
            yield from lines_in(each)
    elif isinstance(part, list):
        for each in part:
            yield from lines_in(each)


def check(line: dict[str, Any]) -> None:
    """Re-computes one line of arithmetic.

    Raises:
        AssertionError: a member is not equal to the one before it.
    """
    chain = line["chain"]
    values = [compute(member) for member in chain]
    for before, after in pairwise(values[:-1]):
        assert before == after, line["text"]
    if len(values) > 1:
        assert rounded(values[-2], line["rounding"]) == values[-1], line["text"]
    assert line["result"] == chain[-1], line["text"]
