"""What exactly is wrong with a cell that a column cannot hold, and what would be right."""

import difflib
import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from unicodedata import normalize

from kaohe.core.codes import ALPHABET, check_symbol, is_credit_code
from kaohe.core.problems import declare
from kaohe.core.quantities import half_width, parse_ticks
from kaohe.core.tables import Column, Kind
from kaohe.core.texts import LONGEST_SHOWN, is_control, shortened
from kaohe.folder.headers import is_answer

declare(
    "error",
    {
        "empty-cell": (
            "“{name}” is empty",
            "fill it in: every row of this table needs it",
        ),
        "control-character": (
            "“{found}” holds a character that cannot be seen or printed (U+{code})",
            "type the cell anew",
        ),
        "dangerous-beginning": (
            "“{found}” begins with {sign}, and a spreadsheet would run it as a formula",
            "begin with a letter, a digit or a Chinese character",
        ),
        "not-a-number": (
            "“{found}” is not a number",
            "write digits, with at most 4 after the point, such as 12.5",
        ),
        "letter-in-number": (
            "“{found}” has a letter where a digit belongs",
            "write {suggestion} if that is meant: zero and one, not the letters O and l",
        ),
        "separator-in-number": (
            "“{found}” has separators between its digits",
            "write {suggestion}, digits alone",
        ),
        "exponent-in-number": (
            "“{found}” is written with an exponent",
            "write {suggestion}, with all its digits",
        ),
        "percent-sign": (
            "“{found}” has a percent sign",
            "write {suggestion} if that is meant: percentages are written without a sign",
        ),
        "plus-sign": ("“{found}” has a plus sign", "write {suggestion}"),
        "digits-at-the-point": (
            "“{found}” lacks digits before or after the point",
            "write {suggestion}",
        ),
        "too-many-digits": (
            "“{found}” has more than 4 digits after the point",
            "decide how to round it, and write at most 4 digits: nothing is rounded in silence",
        ),
        "number-too-large": (
            "“{found}” is too large",
            "write a number below 100 million; check the unit of measure",
        ),
        "negative-number": (
            "“{found}” is negative, and “{name}” cannot be",
            "write 0 or more",
        ),
        "percentage-over-100": (
            "“{found}” is more than 100 percent",
            "write a percentage from 0 to 100",
        ),
        "not-whole": (
            "“{found}” is not a whole number",
            "write “{name}” without digits after the point",
        ),
        "count-too-large": (
            "“{found}” is too large for a count",
            "write a whole number below 1,000,000",
        ),
        "not-a-year": (
            "“{found}” is not a year",
            "write four digits, such as 2026",
        ),
        "not-a-date": (
            "“{found}” is not a date",
            "write year, month and day as 2026-03-05",
        ),
        "date-form": (
            "“{found}” is not how a date is written here",
            "write {suggestion}",
        ),
        "date-not-in-calendar": (
            "there is no day “{found}”",
            "check the month and the day",
        ),
        "date-as-serial": (
            "“{found}” is not a date; a spreadsheet counts its days like that",
            "write {suggestion} if that is meant, or give the column the format of a date",
        ),
        "not-a-flag": (
            "“{found}” is neither true nor false",
            "write true or false",
        ),
        "flag-in-other-words": (
            "“{found}” is neither true nor false",
            "write {suggestion}",
        ),
        "not-a-choice": (
            "“{found}” cannot stand in “{name}”",
            "write one of: {choices}",
        ),
        "likely-choice": (
            "“{found}” cannot stand in “{name}”",
            "write {suggestion} if that is meant; there are: {choices}",
        ),
        "not-an-answer": (
            "“{found}” is not an answer",
            "write 1 (very dissatisfied) to 5 (very satisfied), or leave it empty",
        ),
        "credit-code-length": (
            "“{found}” has {count} characters, and a unified social credit code has 18",
            "copy the code from the certificate of the unit",
        ),
        "credit-code-as-number": (
            "“{found}” is what a spreadsheet has made of a credit code: its last digits are lost",
            "format the column as text, then enter the code again",
        ),
        "credit-code-form": (
            "“{found}” is not written as a unified social credit code is",
            "write {suggestion}",
        ),
        "credit-code-symbol": (
            "“{found}” has “{symbol}”, which no unified social credit code has",
            "check it against the certificate: I, O, S, V and Z are not used",
        ),
        "credit-code-check": (
            "the check digit of “{found}” is wrong: a character was mistyped or swapped",
            "check it against the certificate of the unit",
        ),
    },
)

Facts = dict[str, object]
_O_AND_L = str.maketrans({"O": "0", "o": "0", "〇": "0", "l": "1", "I": "1"})
_TRUE = {"1", "yes", "y", "t", "是", "真", "对", "√", "有"}
_FALSE = {"0", "no", "n", "f", "否", "假", "错", "×", "无"}
_EPOCH = date(1899, 12, 30)  # day 0 of a spreadsheet, as far as today's dates are concerned


def fault_of(column: Column, text: str) -> tuple[str, Facts]:
    """The code of what is wrong with a cell, and the facts of its sentences.

    Args:
        text: what stands in the cell without the blanks around it; not right for the column.

    Source: docs/rules/folder.md, F-2, F-4, F-6; docs/rules/scoring.md, N-1.
    """
    facts: Facts = {"found": shortened(text), "name": column.name}
    invisible = next((c for c in text if is_control(c)), None)
    if invisible is not None:
        return "control-character", {**facts, "code": f"{ord(invisible):04X}"}
    code, more = _FAULTS[column.kind](column, text)
    return code, {**facts, **more}


def _text(column: Column, text: str) -> tuple[str, Facts]:
    return "dangerous-beginning", {"sign": text[0]}


def _credit_code(column: Column, text: str) -> tuple[str, Facts]:
    upright = normalize("NFKC", text).upper()
    for candidate in (upright, "".join(upright.split()), upright.translate(_O_AND_L)):
        if is_credit_code(candidate):
            return "credit-code-form", {"suggestion": candidate}
    if re.fullmatch(r"[0-9.]+[Ee]\+?[0-9]+", text):
        return "credit-code-as-number", {}
    if len(text) != 18:
        return "credit-code-length", {"count": len(text)}
    strange = next((symbol for symbol in text if symbol not in ALPHABET), None)
    if strange is not None:
        return "credit-code-symbol", {"symbol": strange}
    if text[15:] == "000" and text.isdigit() and check_symbol(text[:17]) is not None:
        return "credit-code-as-number", {}
    return "credit-code-check", {}


def _number(column: Column, text: str) -> tuple[str, Facts]:
    narrow = half_width(text)
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", narrow):
        return _out_of_range(column, narrow)
    for code, rewrite in _REWRITES.items():
        suggestion = rewrite(narrow)
        if suggestion is not None and suggestion != narrow and parse_ticks(suggestion) is not None:
            return code, {"suggestion": suggestion}
    digits = _without_exponent(narrow)
    return _out_of_range(column, digits) if digits else ("not-a-number", {})


def _out_of_range(column: Column, number: str) -> tuple[str, Facts]:
    fraction = number.partition(".")[2]
    if len(fraction) > 4:
        return "too-many-digits", {}
    ticks = parse_ticks(number)
    if ticks is None:
        return "number-too-large", {}
    if column.kind is Kind.YEAR:
        return "not-a-year", {}
    if ticks < 0:
        return "negative-number", {}
    if column.kind is Kind.PERCENT:
        return "percentage-over-100", {}
    if fraction.strip("0"):
        return "not-whole", {}
    return "count-too-large", {}


def _without_separators(text: str) -> str | None:
    grouped = re.fullmatch(r"-?[0-9]{1,3}([,，'’\u00a0\u202f ][0-9]{3})+(\.[0-9]+)?", text)
    return re.sub(r"[,，'’\u00a0\u202f ]", "", text) if grouped else None


def _without_exponent(text: str) -> str | None:
    parts = re.fullmatch(r"(-?)([0-9]+)(?:\.([0-9]*))?[eE]([+-]?[0-9]{1,3})", text)
    if parts is None:
        return None
    sign, whole, fraction, power = parts[1], parts[2], parts[3] or "", int(parts[4])
    digits, point = whole + fraction, len(whole) + power
    digits = digits.rjust(len(digits) - min(point - 1, 0), "0").ljust(point, "0")
    point = max(point, 1)
    fraction = digits[point:].rstrip("0")
    return sign + (digits[:point].lstrip("0") or "0") + ("." + fraction if fraction else "")


def _with_digits(text: str) -> str | None:
    parts = re.fullmatch(r"(-?)([0-9]*)\.([0-9]*)", text)
    if parts is None or not (parts[2] or parts[3]):
        return None
    return parts[1] + (parts[2] or "0") + ("." + parts[3] if parts[3] else "")


_REWRITES: Mapping[str, Callable[[str], str | None]] = {
    "separator-in-number": _without_separators,
    "exponent-in-number": _without_exponent,
    "percent-sign": lambda text: text.rstrip("%％‰ ") if text.endswith(("%", "％")) else None,
    "plus-sign": lambda text: text[1:] if text[:1] in {"+", "＋"} else None,
    "digits-at-the-point": _with_digits,
    "letter-in-number": lambda text: text.translate(_O_AND_L),
}


def _date(column: Column, text: str) -> tuple[str, Facts]:
    narrow = normalize("NFKC", half_width(text))
    form = r"([0-9]{4})\s*[-/.年‐–—]\s*([0-9]{1,2})\s*[-/.月‐–—]\s*([0-9]{1,2})\s*日?"
    parts = re.fullmatch(form, narrow) or re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})", narrow)
    timed = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ][0-9:.]+Z?", narrow)
    if found := parts or timed:
        day = _day(*(int(part) for part in found.groups()))
        return ("date-form", {"suggestion": day}) if day else ("date-not-in-calendar", {})
    if re.fullmatch(r"[0-9]{5}(\.[0-9]+)?", narrow):
        serial = _EPOCH + timedelta(days=int(narrow[:5]))
        return "date-as-serial", {"suggestion": serial.isoformat()}
    return "not-a-date", {}


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _flag(column: Column, text: str) -> tuple[str, Facts]:
    word = normalize("NFKC", text).casefold()
    if word in _TRUE | {"true"}:
        return "flag-in-other-words", {"suggestion": "true"}
    if word in _FALSE | {"false"}:
        return "flag-in-other-words", {"suggestion": "false"}
    return "not-a-flag", {}


def _choice(column: Column, text: str) -> tuple[str, Facts]:
    if is_answer(column):
        return "not-an-answer", {}
    facts: Facts = {"choices": ", ".join(column.choices)}
    written = normalize("NFKC", text).strip().casefold().replace(" ", "_").replace("-", "_")
    folded = {choice.casefold(): choice for choice in column.choices}
    near = difflib.get_close_matches(written[:LONGEST_SHOWN], folded, n=1, cutoff=0.7)
    if near:
        return "likely-choice", {**facts, "suggestion": folded[near[0]]}
    return "not-a-choice", facts


_FAULTS: Mapping[Kind, Callable[[Column, str], tuple[str, Facts]]] = {
    Kind.CREDIT_CODE: _credit_code,
    Kind.CODE: _text,
    Kind.TEXT: _text,
    Kind.POINTS: _number,
    Kind.PERCENT: _number,
    Kind.RATE: _number,
    Kind.DECIMAL: _number,
    Kind.COUNT: _number,
    Kind.YEAR: _number,
    Kind.DATE: _date,
    Kind.FLAG: _flag,
    Kind.CHOICE: _choice,
}
