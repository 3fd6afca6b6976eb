"""Comma-separated text as Kaohe writes it: a field is quoted only where it must be."""

from collections.abc import Iterable

_MUST_QUOTE = frozenset(',"\r\n')
_DANGEROUS = frozenset("=+-@\t\r＝＋－＠")  # a spreadsheet may run what begins with one of these


def field(text: str) -> str:
    """One field: quoted only if it holds a comma, a double quote, CR or LF.

    Source: docs/rules/outputs.md, O-2.

    >>> field("a b"), field("#1"), field('a "b" c')
    ('a b', '#1', '"a ""b"" c"')
    """
    if _MUST_QUOTE.isdisjoint(text):
        return text
    return '"' + text.replace('"', '""') + '"'


def line(cells: Iterable[str]) -> str:
    r"""One row with its line feed.

    >>> line(["a", "", "b,c"])
    'a,,"b,c"\n'
    """
    return ",".join(map(field, cells)) + "\n"


def harmless(text: str) -> str:
    """A sentence for people that no spreadsheet will run: an apostrophe before a formula.

    Source: docs/rules/folder.md, F-6.

    >>> harmless("=1+1"), harmless("row 3")
    ("'=1+1", 'row 3')
    """
    return "'" + text if text.lstrip(" ")[:1] in _DANGEROUS and text.strip(" ") else text
