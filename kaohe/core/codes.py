"""Unified social credit codes (统一社会信用代码): the check digit of GB 32100-2015."""

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}


def check_symbol(body: str) -> str | None:
    """The 18th symbol that belongs to the first 17; None where one of them is not allowed.

    Source: GB 32100-2015; docs/rules/folder.md, F-4.

    >>> check_symbol("91350100M000100Y4")
    '3'
    """
    if len(body) != 17 or any(symbol not in _VALUE for symbol in body):
        return None
    total = sum(_VALUE[symbol] * weight for symbol, weight in zip(body, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def is_credit_code(code: str) -> bool:
    """Whether ``code`` is a unified social credit code with the right check digit.

    >>> is_credit_code("91350100M000100Y43"), is_credit_code("91350100M000100Y4Z")
    (True, False)
    """
    return len(code) == 18 and check_symbol(code[:17]) == code[17]
