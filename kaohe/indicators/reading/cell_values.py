"""What a cell that somebody typed means, field by field; what it cannot mean is told."""

import re
from collections.abc import Callable
from datetime import date

from kaohe.core.item_lists import STEP_RULES, ListReader, show_kinds, show_steps
from kaohe.core.quantities import half_width, parse_ticks, show_plain
from kaohe.core.texts import clean, clean_long, fold, shortened
from kaohe.documents.plan_book_columns import CHOICES, FREE, BookColumn
from kaohe.indicators.reading.book_sheets import as_text

MOST_LINE, MOST_LONG = 200, 5_000
GUARDED = frozenset({"item", "name", "milestone"})
DANGEROUS = ("=", "+", "-", "@")
Tell = Callable[..., None]  # told the code of a problem, and its facts
_DAY = re.compile(r"([0-9]{4})[-./年]([0-9]{1,2})[-./月]([0-9]{1,2})日?\Z")
_AROUND = re.compile(r"[≥≤>＞<＜不低于高超过]*\s*(-?[0-9][0-9,，]*(?:\.[0-9]+)?)\s*[%％]?\Z")


def read_cell(each: BookColumn, value: object, tell: Tell, rule: str = "") -> str:
    """A cell as the plan's tree keeps it; empty where it holds nothing or cannot be read.

    Args:
        rule: of the indicator, for the steps.
    """
    text = as_text(value)
    if each.kind == "long":
        return _sized(clean_long(text), MOST_LONG, tell)
    text = clean(text)
    if not text:
        return ""
    if each.kind == "decimal":
        return read_number(text, tell)
    if each.kind == "choice":
        return _choice(each.field, text, tell)
    if each.kind == "list":
        return _list(each.field, text, rule, tell)
    if each.kind == "day":
        return read_day(text, tell)
    if each.field in GUARDED and text.startswith(DANGEROUS):
        tell("book-formula-like", found=shortened(text))
        return ""
    return _sized(text, MOST_LINE, tell)


def _sized(text: str, limit: int, tell: Tell) -> str:
    if len(text) <= limit:
        return text
    tell("book-too-long", count=len(text), limit=limit)
    return ""


def read_number(text: str, tell: Tell) -> str:
    """A decimal as it is kept: what is written around it is left out, and that is told.

    >>> read_number("９５", lambda code, **facts: print(code))
    book-full-width
    '95'
    """
    ticks = parse_ticks(text)
    if ticks is not None:
        if half_width(text) != text:
            tell("book-full-width", found=shortened(text), read=show_plain(ticks))
        return show_plain(ticks)
    found = _AROUND.match(half_width(text))
    ticks = parse_ticks(re.sub("[,，]", "", found.group(1))) if found else None
    if ticks is None:
        tell("book-number", found=shortened(text))
        return ""
    tell("book-number-text", found=shortened(text), read=show_plain(ticks))
    return show_plain(ticks)


def _choice(name: str, text: str, tell: Tell) -> str:
    words = CHOICES[name]
    for code, word in words.items():
        if fold(text) in (fold(code), fold(word)):
            return code
    if name in FREE:
        tell("book-element-other", found=shortened(text))
        return text
    tell("book-choice", found=shortened(text), choices="、".join(words.values()))
    return ""


def _list(name: str, text: str, rule: str, tell: Tell) -> str:
    reader = ListReader(tell, text)
    if name == "kinds":
        return show_kinds(reader.kinds())
    if rule not in STEP_RULES:
        tell("book-steps-rule")
        return ""
    return show_steps(reader.steps(rule))


def read_day(text: str, tell: Tell) -> str:
    """A day in ISO 8601.

    >>> read_day("2026年6月30日", print)
    '2026-06-30'
    """
    found = _DAY.match(half_width(text))
    try:
        if found:
            return date(*map(int, found.groups())).isoformat()
    except ValueError:
        pass
    tell("book-day", found=shortened(text))
    return ""
