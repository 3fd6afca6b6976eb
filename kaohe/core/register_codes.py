"""The unified social credit code of a public institution: how it is read, and what may be wrong."""

from collections.abc import Iterator

from kaohe.core.codes import ALPHABET, is_credit_code
from kaohe.core.problems import Problem, declare
from kaohe.core.register_fields import TABLE
from kaohe.core.texts import clean

declare(
    "error",
    {
        "register-code-length": (
            "“{found}” has {count} characters, and a unified social credit code has 18",
            "copy the code from the certificate of the unit",
        ),
        "register-code-symbol": (
            "“{found}” has “{symbol}”, which no unified social credit code has",
            "check it against the certificate: I, O, S, V and Z are not used",
        ),
        "register-code-check": (
            "the check digit of “{found}” is wrong: a character was mistyped or swapped",
            "check it against the certificate of the unit",
        ),
        "register-code-likely": (
            "“{found}” is not a right unified social credit code",
            "check it against the certificate; write {suggestion} if that is what stands there",
        ),
    },
)
declare(
    "warning",
    {
        "register-code-not-institution": (
            "“{found}” does not begin with 12, as the codes of public institutions do",
            "check that the unit is a public institution and not an office or another body",
        ),
        "register-code-inner": (
            "characters 9 to 17 of “{found}” are not a sound organisation code",
            "check them against the certificate; where it says the same, nothing need be done",
        ),
    },
)

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FOR_STRANGE = str.maketrans({"O": "0", "I": "1", "S": "5", "Z": "2", "V": "U"})
_LOOKALIKES = {
    "0": "DQ",
    "1": "L",
    "6": "G",
    "8": "B",
    "D": "0",
    "Q": "0",
    "L": "1",
    "G": "6",
    "B": "8",
}
_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_PLAIN = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def normal_code(text: str) -> str:
    """A code as it is kept: nothing around it, half-width, upper case; nothing else is changed.

    Source: docs/rules/register.md, U-4.

    >>> normal_code(" １２３７０６８３mb00000192 ")
    '12370683MB00000192'
    """
    return clean(text).translate(_HALF_WIDTH).upper()


def organisation_symbol(body: str) -> str:
    """The ninth symbol of an organisation code (GB 11714): what belongs to its first eight.

    Args:
        body: eight digits or letters A to Z.

    Source: docs/rules/register.md, U-6.

    >>> organisation_symbol("D2143569")
    'X'
    """
    total = sum(
        _PLAIN.index(symbol) * weight for symbol, weight in zip(body, _INNER_WEIGHTS, strict=True)
    )
    return "0123456789X"[-total % 11]


def check_code(code: str) -> list[Problem]:
    """What is wrong or strange with a code; an error says what it may have been meant to be.

    Args:
        code: as ``normal_code`` gives it.

    Source: docs/rules/register.md, U-4, U-5, U-6.

    >>> [problem.code for problem in check_code("12370683MB00000192")]
    []
    >>> check_code("1237O683MB00000192")[0].facts["suggestion"]
    '12370683MB00000192'
    """
    if is_credit_code(code):
        return list(_doubts(code))
    shown = code[:40]
    suggestion = likely_code(code)
    if suggestion is not None:
        return [_problem("register-code-likely", found=shown, suggestion=suggestion)]
    if len(code) != 18:
        return [_problem("register-code-length", found=shown, count=len(code))]
    strange = next((symbol for symbol in code if symbol not in ALPHABET), None)
    if strange is not None:
        return [_problem("register-code-symbol", found=shown, symbol=strange)]
    return [_problem("register-code-check", found=shown)]


def likely_code(code: str) -> str | None:
    """The one right code that a wrong one was most likely meant to be; None where none stands out.

    Source: docs/rules/register.md, U-5.

    >>> likely_code("12370683BM00000192"), likely_code("1237 0683 MB00 0001 92")
    ('12370683MB00000192', '12370683MB00000192')
    """
    if len(code) > 40:
        return None
    joined = "".join(symbol for symbol in code if symbol not in " -—.·'")
    upright = joined.translate(_FOR_STRANGE)
    if is_credit_code(upright):
        return upright
    if len(joined) != 18 or not set(joined) <= set(ALPHABET):
        return None
    right = sorted({near for near in _near(joined) if is_credit_code(near) and near[2:8].isdigit()})
    sound = [near for near in right if _is_sound_inside(near)]
    for found in (sound, right):
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _near(code: str) -> Iterator[str]:
    """What one exchanged look-alike or one swap of neighbours makes of a code."""
    for place, symbol in enumerate(code):
        for other in _LOOKALIKES.get(symbol, ""):
            yield code[:place] + other + code[place + 1 :]
        yield code[:place] + code[place + 1 : place + 2] + symbol + code[place + 2 :]


def _is_sound_inside(code: str) -> bool:
    return organisation_symbol(code[8:16]) == code[16]


def _doubts(code: str) -> Iterator[Problem]:
    if not code.startswith("12"):
        yield _problem("register-code-not-institution", found=code)
    if not _is_sound_inside(code):
        yield _problem("register-code-inner", found=code)


def _problem(code: str, **facts: object) -> Problem:
    return Problem(code, TABLE, None, "code", facts)
