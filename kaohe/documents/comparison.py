"""Two versions of a text set against one another, so that it can be read without colour."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from kaohe.core.documents import differences
from kaohe.documents.rules_text import label_in

FINE = 2000  # characters of a sentence up to which its own differences are marked


@dataclass(slots=True)
class Part:
    """A stretch of a sentence; ``changed``: it is not in the other version."""

    text: str
    changed: bool = False


@dataclass(slots=True)
class Row:
    """A sentence and what became of it.

    Attributes:
        kind: "changed", "removed", "added"; or "same" for the sentences between, ``count`` of them.
        where: the article or chapter in which it stands.
    """

    kind: str
    where: str = ""
    old: list[Part] = field(default_factory=list)
    new: list[Part] = field(default_factory=list)
    count: int = 0


def compare(old: str, new: str) -> list[Row]:
    """The differences of two texts, the sentences that are the same only counted.

    Source: docs/rules/documents.md, D-6.
    """
    found: list[Row] = []
    where = ""
    for kind, before, after in differences(old, new):
        where = label_in(after or before) or where
        if not (before + after).strip():
            continue
        if kind != "same":
            found.append(Row(kind, where, *_parts(kind, before.strip(), after.strip())))
        elif found and found[-1].kind == "same":
            found[-1].count += 1
        else:
            found.append(Row("same", count=1))
    return found


def _parts(kind: str, old: str, new: str) -> tuple[list[Part], list[Part]]:
    if kind != "changed" or len(old) + len(new) > FINE:
        return [Part(old, True)] if old else [], [Part(new, True)] if new else []
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return (
        list(_stretches(old, [(tag, start, end) for tag, start, end, _, _ in blocks])),
        list(_stretches(new, [(tag, start, end) for tag, _, _, start, end in blocks])),
    )


def _stretches(text: str, blocks: list[tuple[str, int, int]]) -> Iterator[Part]:
    for tag, start, end in blocks:
        if start < end:
            yield Part(text[start:end], tag != "equal")


def is_same(rows: list[Row]) -> bool:
    """Whether two texts say the same.

    >>> is_same(compare("一。二。", "一。二。")), is_same(compare("一。", "二。"))
    (True, False)
    """
    return all(row.kind == "same" for row in rows)
