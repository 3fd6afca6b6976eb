"""The text of a rule as officials type it, read into chapters, articles and paragraphs."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_NUMBER = "[零〇一二三四五六七八九十百千0-9]+"
_CHAPTER = re.compile(rf"(第{_NUMBER}[章编])[\s　]*(.*)")
_SECTION = re.compile(rf"(第{_NUMBER}节)[\s　]*(.*)")
_ARTICLE = re.compile(rf"(第{_NUMBER}条(?:之{_NUMBER})?)[\s　]*(.*)")
_HEADING = re.compile(rf"({_NUMBER}、)[\s　]*([^。；！？]{{1,30}})")


class Piece(NamedTuple):
    """A line: ``kind`` is "chapter", "section", "heading", "article" or "paragraph".

    ``label`` is what stands before the text: 第一章, 第一条, 一、.
    """

    kind: str
    label: str
    text: str


class Clause(NamedTuple):
    """A heading, or an article with all its paragraphs, or paragraphs outside an article."""

    kind: str
    label: str
    paragraphs: tuple[str, ...]


def pieces(text: str) -> Iterator[Piece]:
    """Each line of a text as what it is; empty lines are left out.

    >>> [piece[:2] for piece in pieces("第一章 总则\\n第一条 为规范工作。\\n（一）公开；")]
    [('chapter', '第一章'), ('article', '第一条'), ('paragraph', '')]
    """
    for line in filter(None, map(str.strip, text.splitlines())):
        yield _piece(line)


def _piece(line: str) -> Piece:
    for kind, pattern in (
        ("chapter", _CHAPTER),
        ("section", _SECTION),
        ("article", _ARTICLE),
        ("heading", _HEADING),
    ):
        found = pattern.fullmatch(line)
        if found and (kind not in ("chapter", "section") or len(line) <= 40):
            return Piece(kind, found[1], found[2])
    return Piece("paragraph", "", line)


def clauses(text: str) -> list[Clause]:
    """The text in the parts in which it is read: a heading, or an article with its paragraphs.

    >>> clauses("第一条 甲：\\n（一）乙。")
    [Clause(kind='article', label='第一条', paragraphs=('甲：', '（一）乙。'))]
    """
    found: list[Clause] = []
    for kind, label, line in pieces(text):
        last = found[-1] if found else None
        if kind == "paragraph" and last and last.kind in ("article", "paragraph"):
            found[-1] = last._replace(paragraphs=(*last.paragraphs, line))
        else:
            found.append(Clause(kind, label, (line,)))
    return found


def label_in(line: str) -> str:
    """The label of a chapter or article that a line begins with, or nothing.

    >>> label_in("第十二条 会议议题由事考办提出。")
    '第十二条'
    """
    piece = _piece(line.strip())
    return piece.label if piece.kind in ("chapter", "section", "article") else ""


_DIGITS = "零一二三四五六七八九"


def cardinal(number: int) -> str:
    """A number from 1 to 99 as Chinese papers count their parts.

    >>> [cardinal(number) for number in (1, 10, 12, 20, 35)]
    ['一', '十', '十二', '二十', '三十五']
    """
    tens, ones = divmod(number, 10)
    return (
        ("" if tens < 2 else _DIGITS[tens])
        + ("十" if tens else "")
        + (_DIGITS[ones] if ones else "")
    )
