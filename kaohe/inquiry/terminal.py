"""Text for a terminal: Chinese characters are two columns wide, tables line up, lines wrap."""

import re
from collections.abc import Iterable, Iterator, Sequence
from unicodedata import combining, east_asian_width

WIDTH = 96  # columns, where the terminal does not say
_WIDE = ("W", "F")
_CLOSING = "，。；：、！？）》〉」』】”’…%"  # never at the beginning of a line
_OPENING = "（《〈「『【“‘"  # never at the end of one


def columns(text: str) -> int:
    """How many columns a text takes.

    >>> columns("共性 98.5"), columns("Ⅰ")
    (9, 1)
    """
    return sum(_columns(symbol) for symbol in text)


def _columns(symbol: str) -> int:
    if combining(symbol) or not symbol.isprintable():
        return 0
    return 2 if east_asian_width(symbol) in _WIDE else 1


def printable(text: str) -> str:
    """A text of others without what a terminal would obey: control signs and line breaks.

    >>> printable("a\\x1b[31m\\nb")
    'a[31m b'
    """
    spaced = re.sub(r"\s", " ", text)
    return "".join(symbol for symbol in spaced if symbol.isprintable())


def pad(text: str, width: int, *, right: bool = False) -> str:
    """A text filled with blanks to so many columns; ``right``: the blanks stand before it."""
    blanks = " " * max(0, width - columns(text))
    return blanks + text if right else text + blanks


def cut(text: str, width: int) -> str:
    """A text shortened to so many columns, with an ellipsis where something is left out.

    >>> cut("市人民医院", 7)
    '市人民…'
    """
    if columns(text) <= width:
        return text
    kept, used = "", 1
    for symbol in text:
        used += _columns(symbol)
        if used > width:
            break
        kept += symbol
    return kept + "…"


def _pieces(text: str) -> Iterator[str]:
    """What a line may be broken between: words, blanks, and single wide characters."""
    piece = ""
    for symbol in text:
        wide = _columns(symbol) == 2
        joins = symbol in _CLOSING or (piece and piece[-1] in _OPENING)
        if piece and not joins and (wide or symbol == " " or _columns(piece[-1]) == 2):
            yield piece
            piece = ""
        piece += symbol
        if symbol == " ":
            yield piece
            piece = ""
    if piece:
        yield piece


def wrapped(text: str, width: int, *, indent: str = "", hanging: str = "") -> list[str]:
    """A text in lines of at most ``width`` columns.

    Args:
        indent: before the first line.
        hanging: before each line after it.

    >>> wrapped("得分为 93.10，排名第三。", 12)
    ['得分为', '93.10，排名', '第三。']
    """
    lines, line = [], indent
    empty = True
    for piece in _pieces(printable(text)):
        if not empty and columns(line + piece.rstrip(" ")) > width:
            lines.append(line.rstrip(" "))
            line, empty = hanging, True
        if empty and piece == " ":
            continue
        line, empty = line + piece, False
    return [*lines, line.rstrip(" ")]


def table(
    rows: Sequence[Sequence[str]], *, right: Iterable[int] = (), width: int, indent: str = ""
) -> list[str]:
    """Rows as aligned columns, two blanks apart; the widest is cut where they do not fit.

    Args:
        rows: of equal length, the head first.
        right: columns that are aligned to the right: numbers.

    >>> table([["单位", "得分"], ["a", "9.50"]], right=[1], width=40)
    ['单位  得分', 'a     9.50']
    """
    if not rows:
        return []
    clean = [[printable(cell) for cell in row] for row in rows]
    widths = [max(columns(row[place]) for row in clean) for place in range(len(clean[0]))]
    room = width - columns(indent) - 2 * (len(widths) - 1)
    while sum(widths) > room and max(widths) > 8:
        widths[widths.index(max(widths))] -= 1
    to_right = set(right)
    return [
        (
            indent
            + "  ".join(
                pad(cut(cell, wide), wide, right=place in to_right)
                for place, (cell, wide) in enumerate(zip(row, widths, strict=True))
            )
        ).rstrip(" ")
        for row in clean
    ]


def heading(text: str, width: int) -> list[str]:
    """A heading: a blank line, the text, a rule as long as the line."""
    return ["", text, "─" * width]
