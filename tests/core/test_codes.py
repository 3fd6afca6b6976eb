"""The check digit of a unified social credit code."""

import pytest

from kaohe.core.codes import ALPHABET, check_symbol, is_credit_code


@pytest.mark.parametrize("body", ["", "1234", "9135010OM000100Y4", "91350100m000100Y4", "1" * 18])
def test_a_body_of_other_symbols_or_length_has_no_check_symbol(body: str) -> None:
    assert check_symbol(body) is None
    assert not is_credit_code(body + "0")


def test_one_wrong_symbol_is_always_found() -> None:
    code = "91350100M000100Y43"
    assert is_credit_code(code)
    for place in range(18):
        for symbol in ALPHABET.replace(code[place], ""):
            assert not is_credit_code(code[:place] + symbol + code[place + 1 :])


def test_two_neighbours_that_change_places_are_found() -> None:
    code = "91350100M000100Y43"
    for place in range(17):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert swapped == code or not is_credit_code(swapped)
