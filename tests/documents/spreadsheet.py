"""A little evaluator for spreadsheet formulas, in any arithmetic that is handed to it.

It knows what results.xlsx uses: + - * /, comparison by =, ranges, ROUND, SUM, SUMPRODUCT, MIN,
MAX and IF.  An empty cell is 0.  It shares nothing with the code that writes the formulas.
"""

import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

Number = Fraction | float
TOKEN = re.compile(r"\s*([A-Z]+[0-9]+|[A-Z]+(?=\()|[0-9.]+(?:E[0-9]+)?|[-+*/(),:=])")


class Sheet:
    """Cells by address, and the kind of number in which to compute."""

    def __init__(self, cells: Mapping[str, Number], kind: Callable[[str], Number]) -> None:
        self.cells = cells
        self.kind = kind

    def value(self, formula: str) -> Number:
        """What the formula, written with its leading =, comes to."""
        self.tokens = TOKEN.findall(formula[1:])
        assert "".join(self.tokens) == formula[1:]
        value = self._comparison()
        assert self.tokens == []
        return value

    def _take(self, *wanted: str) -> str | None:
        return self.tokens.pop(0) if self.tokens and self.tokens[0] in wanted else None

    def _comparison(self) -> Number:
        left = self._sum()
        if self._take("="):
            return self.kind("1" if left == self._sum() else "0")
        return left

    def _sum(self) -> Number:
        value = self._product()
        while sign := self._take("+", "-"):
            right = self._product()
            value = value + right if sign == "+" else value - right
        return value

    def _product(self) -> Number:
        value = self._atom()
        while sign := self._take("*", "/"):
            right = self._atom()
            value = value * right if sign == "*" else value / right
        return value

    def _atom(self) -> Number:
        if self._take("("):
            value = self._comparison()
            assert self._take(")")
            return value
        token = self.tokens.pop(0)
        if token.isalpha():
            return self._call(token)
        if token[0].isalpha():
            return self.cells.get(token, self.kind("0"))
        return self.kind(token)

    def _call(self, name: str) -> Number:
        assert self._take("(")
        if name == "IF":
            return self._if()
        arguments = [self._argument()]
        while self._take(","):
            arguments.append(self._argument())
        assert self._take(")")
        if name == "ROUND":
            (value,), (digits,) = arguments
            return rounded(value, int(digits))
        if name == "SUMPRODUCT":
            first, second = arguments
            return sum((a * b for a, b in zip(first, second, strict=True)), self.kind("0"))
        flat = [value for values in arguments for value in values]
        if name == "SUM":
            return sum(flat, self.kind("0"))
        assert name in ("MIN", "MAX")
        return min(flat) if name == "MIN" else max(flat)

    def _if(self) -> Number:
        condition = self._comparison()
        branches = []
        for _ in range(2):
            assert self._take(",")
            depth, branch = 0, []
            while depth or self.tokens[0] not in ",)":
                depth += {"(": 1, ")": -1}.get(self.tokens[0], 0)
                branch.append(self.tokens.pop(0))
            branches.append(branch)
        assert self._take(")")
        rest, self.tokens = self.tokens, branches[0 if condition else 1]
        value = self._comparison()
        self.tokens = rest
        return value

    def _argument(self) -> list[Number]:
        if len(self.tokens) > 1 and self.tokens[1] == ":":
            first, _, last = (self.tokens.pop(0) for _ in range(3))
            row = first[1:]
            assert last[1:] == row
            columns = range(ord(first[0]), ord(last[0]) + 1)
            return [self.cells.get(f"{chr(c)}{row}", self.kind("0")) for c in columns]
        return [self._comparison()]


def rounded(value: Number, digits: int) -> Number:
    """ROUND of values that are 0 or more: half up, and nothing cleverer than that."""
    if isinstance(value, Fraction):
        return Fraction(math.floor(value * 10**digits + Fraction(1, 2)), 10**digits)
    scale: int = 10**digits
    return math.floor(value * scale + 0.5) / scale


def exact(text: str) -> Fraction:
    """A decimal as it is written."""
    return Fraction(Decimal(text))
