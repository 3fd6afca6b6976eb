"""How a cell of text becomes a value, as SQL: the value, and what is wrong with the text.

Two ways for each kind of column.  The plain way takes a cell as clean people and programs write
it, and is quick; a column in which it meets anything else is read the thorough way, which drops
blanks, takes full-width digits, and is the rule.  Where the plain way is content, both agree.
"""

from dataclasses import dataclass

from kaohe.core.codes import ALPHABET
from kaohe.core.quantities import FULL, LIMIT, TICK
from kaohe.core.tables import Column, Kind
from kaohe.folder.headers import is_answer
from kaohe.folder.typed import SQL_TYPES, literal

NUMBERS = frozenset(
    {Kind.POINTS, Kind.PERCENT, Kind.RATE, Kind.DECIMAL, Kind.COUNT, Kind.YEAR},
)
WHOLE = frozenset({Kind.COUNT, Kind.YEAR})
TEXTS = frozenset({Kind.CREDIT_CODE, Kind.CODE, Kind.TEXT})
INTRODUCING = frozenset({"units", "history", "successions"})  # their codes need not be in units
BOUNDS: dict[Kind, tuple[int, int]] = {  # ticks, both ends allowed
    Kind.POINTS: (0, LIMIT - 1),
    Kind.PERCENT: (0, FULL),
    Kind.RATE: (0, LIMIT - 1),
    Kind.DECIMAL: (1 - LIMIT, LIMIT - 1),
    Kind.COUNT: (0, (10**6 - 1) * TICK),
    Kind.YEAR: (1900 * TICK, 9999 * TICK),
}
TAKEN = "\U0010ffff"  # stands in a copied table where a cell was refused already
BLANKS = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
_BLANK_CLASS = r"\s\x0b\x1c-\x1f\x{85}\p{Z}"
_CONTROL_CLASS = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x{10ffff}"
_CONTROL = f"[{_CONTROL_CLASS}]"
_INK = f"[^{_BLANK_CLASS}{_CONTROL_CLASS}]"
_CLEAN = literal(f"{_INK}(?:[^{_CONTROL_CLASS}]*{_INK})?")  # no blanks around, nothing invisible
_DECIMAL = r"'-?0*[0-9]{1,8}(\.[0-9]{1,4})?'"
_WIDE = literal("０１２３４５６７８９．－−")
_NARROW = literal("0123456789.--")
_DANGEROUS = ", ".join(str(ord(sign)) for sign in "=+-@")


@dataclass(frozen=True, slots=True)
class Cell:
    """A column as SQL.

    ``value`` is what the typed table holds, right wherever ``bad`` is not true; ``bad`` may be
    NULL for an empty cell; ``empty`` is true or false.  ``shown`` is the text that stands there.
    ``sure`` is a quicker ``value`` for a column in which no cell is bad.
    """

    value: str
    bad: str
    empty: str
    shown: str
    sure: str = ""


def sql_type(column: Column) -> str:
    """The type of a column of a typed table."""
    return "TINYINT" if is_answer(column) else SQL_TYPES[column.kind]


def absent(column: Column) -> Cell:
    """A column that the file does not have: empty, and not wrong for that."""
    return Cell(f"NULL::{sql_type(column)}", "false", "false", "NULL")


def plain(table: str, column: Column, text: str) -> Cell:
    """Reads clean cells; anything else is bad, though the thorough way may take it.

    Args:
        text: SQL of a VARCHAR; NULL is an empty cell.
    """
    empty = f"{text} IS NULL"
    if column.kind in TEXTS:
        unclean = f"NOT regexp_full_match({text}, {_CLEAN})"
        return Cell(text, _or(unclean, *_text_faults(table, column, text)), empty, text)
    if column.kind is Kind.CHOICE:
        return Cell(_choice_value(column, text), _not_a_choice(column, text), empty, text)
    if column.kind is Kind.FLAG:
        return Cell(f"{text} = 'true'", f"{text} NOT IN ('true', 'false')", empty, text)
    if column.kind is Kind.DATE:
        return Cell(_date(text), _not_a_date(text), empty, text)
    return Cell(_number(column, text), _not_a_number(column, text), empty, text)


def without_blanks(text: str) -> str:
    """SQL of a text without the blanks around it; NULL where nothing else is there.

    Source: docs/rules/scoring.md, N-1.
    """
    spaced = f"trim({text})"  # of spaces of all widths, which is quick and mostly enough
    trimmed = f"nullif(trim({text}, {literal(BLANKS)}), '')"
    return (
        f"CASE WHEN regexp_full_match({text}, {_CLEAN}) THEN {text}"
        f" WHEN regexp_full_match({spaced}, {_CLEAN}) THEN {spaced} ELSE {trimmed} END"
    )


def thorough(table: str, column: Column, text: str, *, copied: bool) -> Cell:
    """Reads every cell that the rules allow, and finds every other bad.

    Args:
        text: SQL of a VARCHAR ``without_blanks``; NULL is an empty cell.
        copied: the text is from a copy that we made, where ``TAKEN`` marks a refused cell.

    Source: docs/rules/folder.md, F-2; docs/rules/scoring.md, N-1.
    """
    empty = f"{text} IS NULL"
    cell = f"nullif({text}, {literal(TAKEN)})" if copied else text
    narrow = f"translate({cell}, {_WIDE}, {_NARROW})"
    if column.kind in TEXTS:  # a bad code still names something: what refers to it is not lost
        control = f"regexp_matches({cell}, {literal(_CONTROL)})"
        return Cell(cell, _or(control, *_text_faults(table, column, cell)), empty, cell)
    if is_answer(column):
        whole = f"regexp_replace({narrow}, '\\.0{{1,4}}$', '')"
        value, bad = _choice_value(column, whole), _not_a_choice(column, whole)
    elif column.kind is Kind.CHOICE:
        value, bad = cell, _not_a_choice(column, cell)
    elif column.kind is Kind.FLAG:
        value, bad = f"lower({cell}) = 'true'", f"lower({cell}) NOT IN ('true', 'false')"
    elif column.kind is Kind.DATE:
        value, bad = _date(narrow), _not_a_date(narrow)
    else:
        value, bad = _number(column, narrow), _not_a_number(column, narrow)
    return Cell(_or_nothing(value, bad), bad, empty, cell)


def _or_nothing(value: str, bad: str) -> str:
    """A bad cell has no value, so that what is checked afterwards does not stumble over it."""
    return f"CASE WHEN {bad} THEN NULL ELSE {value} END"


def ticks_out_of_bounds(column: Column, ticks: str) -> str:
    """SQL: whether a number of ticks is outside what the column may hold."""
    low, high = BOUNDS[column.kind]
    outside = f"{ticks} NOT BETWEEN {low} AND {high}"
    return _or(outside, f"{ticks} % {TICK} <> 0") if column.kind in WHOLE else outside


def in_unit_of(column: Column, ticks: str) -> str:
    """SQL: ticks as the column holds them, which for counts and years is whole numbers."""
    return f"({ticks} // {TICK})" if column.kind in WHOLE else ticks


def _number(column: Column, text: str) -> str:
    return in_unit_of(column, _ticks(text))


def _ticks(text: str) -> str:
    return f"(TRY_CAST({text} AS DECIMAL(12, 4)) * {TICK}::DECIMAL(5, 0))::BIGINT"


def _not_a_number(column: Column, text: str) -> str:
    shape = f"NOT regexp_full_match({text}, {_DECIMAL})"
    if column.kind is Kind.DECIMAL:
        return shape
    return _or(shape, ticks_out_of_bounds(column, _ticks(text)))


def _date(text: str) -> str:
    return f"TRY_CAST({text} AS DATE)"


def _not_a_date(text: str) -> str:
    """Reading and writing back gives the same ten characters only for a day of the calendar."""
    written = f"TRY_CAST({text} AS DATE)::VARCHAR"
    return _or(f"length({text}) <> 10", f"{written} IS DISTINCT FROM {text}")


def _choice_value(column: Column, text: str) -> str:
    return f"TRY_CAST({text} AS TINYINT)" if is_answer(column) else text


def _not_a_choice(column: Column, text: str) -> str:
    return f"{text} NOT IN ({', '.join(literal(choice) for choice in column.choices)})"


def _text_faults(table: str, column: Column, text: str) -> list[str]:
    """What else may be wrong with text.

    The check digit is verified where a code need not be that of a unit of this year; in all other
    places a code that no unit has is found as such.

    Source: docs/rules/folder.md, F-3, F-4, F-6.
    """
    faults = [f"ascii({text}) IN ({_DANGEROUS})"] if column.guarded else []
    if table in INTRODUCING and column.kind is Kind.CREDIT_CODE:
        faults.append(not_a_credit_code(text))
    return faults


def not_a_credit_code(text: str) -> str:
    """SQL: whether a text is no unified social credit code, its check digit included.

    Source: GB 32100-2015; docs/rules/folder.md, F-4.
    """
    symbols = literal(ALPHABET)
    places = [f"(strpos({symbols}, substr({text}, {n + 1}, 1)) - 1)" for n in range(18)]
    total = " + ".join(f"{place} * {3**n % 31}" for n, place in enumerate(places[:17]))
    shape = f"NOT regexp_full_match({text}, '[{ALPHABET}]{{18}}')"
    return _or(shape, f"({total} + {places[17]}) % 31 <> 0")


def _or(*conditions: str) -> str:
    return "(" + " OR ".join(conditions) + ")" if conditions else "false"
