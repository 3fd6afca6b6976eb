"""What cells held before some edits, read from the lines by which the record keeps each edit.

An edit is kept as a line for each cell that it changed: "PATH: OLD → NEW".  Texts of cells may
have several lines and arrows of their own, so a line is read only against what is known: what the
cell holds after the edit.
"""

import re
from collections.abc import Iterable, Mapping

_HEAD = re.compile(r"(preface|(?:indicators|sheets|settings)/.*?): ")
_ARROW = " → "


def before_edits(now: Mapping[str, str], edits: Iterable[str]) -> dict[str, str] | None:
    """The cells as they were before some edits; None where the lines do not tell it.

    Args:
        now: the cells after all of them.
        edits: the lines of each edit, the latest one first.

    Source: docs/rules/indicators.md, P-8.

    >>> before_edits({"preface": "乙"}, ["preface: 甲 → 乙"])
    {'preface': '甲'}
    """
    cells = dict(now)
    for text in edits:
        before = _before(cells, text.split("\n"))
        if before is None:
            return None
        cells = {path: held for path, held in {**cells, **before}.items() if held}
    return cells


def _before(after: Mapping[str, str], lines: list[str]) -> dict[str, str] | None:
    """What the cells of one edit held; None where a line does not fit what they hold after it."""
    found: dict[str, str] = {}
    begin = 0
    while begin < len(lines):
        head = _HEAD.match(lines[begin])
        if head is None:
            return None
        path = head[1]
        end = _ARROW + after.get(path, "")
        for stop in range(begin + 1, len(lines) + 1):
            told = "\n".join(lines[begin:stop])[head.end() :]
            is_last = stop == len(lines) or _HEAD.match(lines[stop]) is not None
            if is_last and told.endswith(end):
                break
        else:
            return None
        found[path] = told.removesuffix(end)
        begin = stop
    return found
