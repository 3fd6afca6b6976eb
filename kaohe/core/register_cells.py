"""One cell of the register, as Excel, WPS or a form gives it, read as what its field holds."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache
from unicodedata import normalize

from kaohe.core.problems import Problem, declare
from kaohe.core.quantities import parse_ticks, show_plain
from kaohe.core.register_codes import normal_code
from kaohe.core.register_fields import TABLE, Field, Kind, Value, choice_of
from kaohe.core.texts import clean, clean_long, fold

declare(
    "error",
    {
        "register-empty": ("the cell is empty", "fill it in: every unit needs it"),
        "register-cell-error": (
            "the formula of the cell gives the error {found}",
            "mend the formula, or write the value itself",
        ),
        "register-dangerous": (
            "“{found}” begins with {sign}, and a spreadsheet would run it as a formula",
            "begin with a letter, a digit or a Chinese character",
        ),
        "register-too-long": (
            "the text has {count} characters, and at most {limit} can be kept",
            "shorten it",
        ),
        "register-code-as-number": (
            "the code is stored as a number ({found}); a spreadsheet keeps only 15 digits of it",
            "format this column as text, then enter the code again",
        ),
        "register-not-text": (
            "“{found}” is stored as a date or a truth value, and text belongs here",
            "format this column as text, then enter it again",
        ),
        "register-not-choice": ("“{found}” cannot stand here", "write one of: {choices}"),
        "register-likely-choice": (
            "“{found}” cannot stand here",
            "write {suggestion} if that is meant; there are: {choices}",
        ),
        "register-not-count": (
            "“{found}” is not a whole number from 0 to 999999",
            "write digits alone; leave the cell empty where it is not known",
        ),
        "register-likely-number": (
            "“{found}” is not written as a number is",
            "write {suggestion} if that is meant, digits alone",
        ),
        "register-not-money": (
            "“{found}” is not an amount in units of 10,000 yuan",
            "write 0 or more with at most 4 digits after the point, such as 120.5",
        ),
        "register-not-date": ("“{found}” is not a date", "write it as 2026-03-05"),
        "register-date-serial": (
            "“{found}” is not a date; a spreadsheet counts its days like that",
            "write {suggestion} if that is meant, or give the column the format of a date",
        ),
        "register-no-such-day": ("there is no day “{found}”", "check the month and the day"),
        "register-not-phone": (
            "“{found}” is not a telephone number",
            "write digits, such as 0535-2212345, in a column formatted as text",
        ),
    },
)

_LONGEST = 60  # characters of a cell that are shown
_MOST = 999_999
_NOTHING = frozenset({"无", "/", "-", "--", "—", "——", "／", "－", "n/a", "N/A"})
_ERRORS = frozenset(
    "#N/A #REF! #VALUE! #DIV/0! #NAME? #NUM! #NULL! #SPILL! #CALC! #GETTING_DATA".split()
)
_DANGEROUS = ("=", "+", "-", "@")
_AMOUNT = re.compile(
    r"([0-9]{1,3}(?:[,，' ][0-9]{3})+|[0-9]+)(\.[0-9]+)?\s*(?:人|名|个|万元|万)?\Z"
)
_SEPARATORS = re.compile(r"[、;；\n]")
_PHONE = re.compile(r"[0-9(][0-9()\-*转 、,;/.]{1,58}[0-9]\Z")
_DAY = re.compile(
    r"((?:19|20|21)[0-9]{2})(?:-([0-9]{1,2})-|/([0-9]{1,2})/|\.([0-9]{1,2})\.|年([0-9]{1,2})月)([0-9]{1,2})日?"
    r"(?:[T ][0-9:.]{4,15}Z?)?\Z"
)
_EIGHT = re.compile(r"(?:19|20|21)[0-9]{6}\Z")
_EPOCH = date(1899, 12, 30)  # day 0 of a spreadsheet, as far as today's dates are concerned


class _Unfit(Exception):
    """What a reader of one kind of cell cannot read; ``read_cell`` makes a problem of it."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts


def read_cell(field: Field, value: object) -> Value | Problem:
    """What a cell says, as its field holds it, or what is wrong with it.

    Args:
        value: as a spreadsheet or a form gives it: text, a number, a truth value, a day, nothing.

    Source: docs/rules/register.md, U-3, U-7.

    >>> from kaohe.core.register_fields import FIELD
    >>> read_cell(FIELD["cert_to"], "2026年3月5日")
    datetime.date(2026, 3, 5)
    >>> read_cell(FIELD["staff"], "37人").facts["suggestion"]
    '37'
    """
    if isinstance(value, str):
        value = clean_long(value) if "\n" in value or "\r" in value else clean(value)
    if value is None or value == "" or _means_nothing(value):
        return _problem(field, "register-empty") if field.required else field.empty
    if isinstance(value, str) and value[0] == "#" and value in _ERRORS:
        return _problem(field, "register-cell-error", found=value)
    try:
        return _READERS[field.kind](field, value)
    except _Unfit as unfit:
        return _problem(field, unfit.code, **unfit.facts)


def _problem(field: Field, code: str, **facts: object) -> Problem:
    return Problem(code, TABLE, None, field.name, facts)


def _means_nothing(value: object) -> bool:
    return isinstance(value, str) and value in _NOTHING


def _shown(value: object) -> str:
    """The beginning of a cell, on one line."""
    text = clean(_written(value))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _written(value: object) -> str:
    """A cell as text; numbers as a spreadsheet shows them, at 15 significant digits."""
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 10**15:
            return str(int(value))
        return format(Decimal(format(value, ".15g")), "f") if abs(value) < 10**15 else repr(value)
    return str(value)


def _text(field: Field, value: object) -> str:
    """Text of one line; a number is taken as it is shown."""
    if isinstance(value, str):
        text = clean(value) if "\n" in value else value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        text = _written(value)
    else:
        raise _Unfit("register-not-text", found=_shown(value))
    _guard(field, text)
    return text


def _guard(field: Field, text: str) -> None:
    if text.startswith(_DANGEROUS):
        raise _Unfit("register-dangerous", found=_shown(text), sign=text[0])
    if len(text) > field.limit:
        raise _Unfit("register-too-long", count=len(text), limit=field.limit)


def _long(field: Field, value: object) -> str:
    if not isinstance(value, str):
        return _text(field, value)
    _guard(field, value)
    return value


def _names(field: Field, value: object) -> tuple[str, ...]:
    """Several names, each once, in the order in which they stand."""
    text = value if isinstance(value, str) else _text(field, value)
    names = dict.fromkeys(clean(part) for part in _SEPARATORS.split(text))
    names.pop("", None)
    for name in names:
        _guard(field, name)
    return tuple(names)


def _code(field: Field, value: object) -> str:
    if isinstance(value, str):
        code = normal_code(value)
        _guard(field._replace(limit=_LONGEST), code)
        return code
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise _Unfit("register-code-as-number", found=_shown(value))
    raise _Unfit("register-not-text", found=_shown(value))


def _choice(field: Field, value: object) -> str:
    text = _written(value)
    found = _known_choice(field, text)
    if found is not None:
        return found
    facts = {
        "found": _shown(text),
        "choices": "、".join(choice.written[0] for choice in field.choices),
    }
    suggestion = _near_choice(field, text) if len(text) < 12 else None
    if suggestion is None:
        raise _Unfit("register-not-choice", **facts)
    raise _Unfit("register-likely-choice", suggestion=suggestion, **facts)


@lru_cache(maxsize=4096)
def _known_choice(field: Field, text: str) -> str | None:
    return choice_of(field, text)


@lru_cache(maxsize=4096)
def _near_choice(field: Field, text: str) -> str | None:
    """The first word of the choice that a wrong text is near to; None where two are as near."""
    forms = {fold(form): choice.written[0] for choice in field.choices for form in choice.written}
    near = {forms[form] for form in get_close_matches(fold(text), forms, n=3, cutoff=0.6)}
    return near.pop() if len(near) == 1 else None


def _count(field: Field, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST:
        return value
    if isinstance(value, float) and value.is_integer() and 0 <= value <= _MOST:
        return int(value)
    text = _number_text(value)
    whole = re.fullmatch(r"([0-9]{1,6})(?:\.0+)?", text)
    if whole:
        return int(whole[1])
    suggestion = _likely_number(text)
    if suggestion is not None and re.fullmatch(r"[0-9]{1,6}", suggestion):
        raise _Unfit("register-likely-number", found=_shown(value), suggestion=suggestion)
    raise _Unfit("register-not-count", found=_shown(value))


def _money(field: Field, value: object) -> Decimal:
    text = _number_text(value)
    ticks = parse_ticks(text)
    if ticks is not None and ticks >= 0:
        return Decimal(show_plain(ticks))
    suggestion = _likely_number(text)
    if suggestion is not None and suggestion != text and parse_ticks(suggestion) is not None:
        raise _Unfit("register-likely-number", found=_shown(value), suggestion=suggestion)
    raise _Unfit("register-not-money", found=_shown(value))


def _number_text(value: object) -> str:
    """A number cell or a text, with half-width digits; a day or a truth value is no number."""
    if isinstance(value, bool | date):
        return ""
    return normalize("NFKC", _written(value))


def _likely_number(text: str) -> str | None:
    """A number without separators between its digits and without its unit."""
    match = _AMOUNT.match(text)
    return match and re.sub(r"[,，' ]", "", match[1]) + (match[2] or "")


def _date(field: Field, value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = re.sub(r"\s*([年月日./-])\s*", r"\1", _number_text(value))
    parts = _DAY.match(text)
    if parts:
        return _day(value, parts[1], parts[2] or parts[3] or parts[4] or parts[5], parts[6])
    if _EIGHT.match(text):
        return _day(value, text[:4], text[4:6], text[6:])
    if re.fullmatch(r"[1-9][0-9]{4}(\.[0-9]+)?", text):
        serial = _EPOCH + timedelta(days=int(text[:5]))
        raise _Unfit("register-date-serial", found=text, suggestion=serial.isoformat())
    raise _Unfit("register-not-date", found=_shown(value))


def _day(value: object, year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise _Unfit("register-no-such-day", found=_shown(value)) from None


def _phone(field: Field, value: object) -> str:
    text = normalize("NFKC", _text(field, value)).replace("—", "-").replace("–", "-")
    if not _PHONE.match(text):
        raise _Unfit("register-not-phone", found=_shown(value))
    if not isinstance(value, str) and len(text) not in (7, 8, 11):  # a leading 0 may be lost
        raise _Unfit("register-not-phone", found=_shown(value))
    return text


_READERS: Mapping[Kind, Callable[[Field, object], Value]] = {
    Kind.CODE: _code,
    Kind.NAME: _text,
    Kind.NAMES: _names,
    Kind.TEXT: _long,
    Kind.PHONE: _phone,
    Kind.CHOICE: _choice,
    Kind.COUNT: _count,
    Kind.MONEY: _money,
    Kind.DATE: _date,
}
