"""Unified social credit codes (统一社会信用代码): the check digit of GB 32100-2015."""

from operator import mul

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}


def check_symbol(body: str) -> str | None:
    """The 18th symbol that belongs to the first 17; None where one of them is not allowed.

    Source: GB 32100-2015; docs/rules/folder.md, F-4.

    >>> check_symbol("91350100M000100Y4")
    '3'
    """
    if len(body) != 17 or not _VALUE.keys() >= set(body):
        return None
    total = sum(map(mul, map(_VALUE.__getitem__, body), _WEIGHTS))
    return ALPHABET[-total % 31]


def is_credit_code(code: str) -> bool:
    """Whether ``code`` is a unified social credit code with the right check digit.

    >>> is_credit_code("91350100M000100Y43"), is_credit_code("91350100M000100Y4Z")
    (True, False)
    """
    return len(code) == 18 and check_symbol(code[:17]) == code[17]
