"""Cells of a version in words: where they stand, what they hold, what differs, what is marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext as _

from kaohe.core.plan_words import FIELD_WORDS, cell_of
from kaohe.core.problems import N_
from kaohe.core.scheme_fields import TAG_WORDS
from kaohe.core.scheme_settings import value_at, words_at
from kaohe.indicators.queries.differences import SHOULD_SAY, Difference, Names, Where
from kaohe.indicators.queries.parts import flat
from kaohe.locale.words import WORDS
from kaohe.web.words import declare_words
from kaohe.web.words.indicators import (
    DIRECTIONS,
    ELEMENTS,
    LEDGERS,
    PERIODS,
    RULES,
    VISIBILITY,
)
from kaohe.web.words.templates import JUDGES

if TYPE_CHECKING:
    from kaohe.indicators.models import Mark, PartVersion

WORDED: Mapping[str, Mapping[str, str]] = {
    "component": WORDS["component"],
    "element": ELEMENTS,
    "rule": RULES,
    "visibility": VISIBILITY,
    "period": PERIODS,
    "direction": DIRECTIONS,
    "ledger": LEDGERS,
    "judge": JUDGES,
    "tag": TAG_WORDS,
    "trim": {"true": N_("yes"), "false": N_("no")},
}  # what codes stand for


class Row(NamedTuple):
    """A cell that differs or can be marked, as a table shows it."""

    path: str
    where: str
    label: str
    kind: str
    old: str
    new: str
    marks: list[Mark]


def value_said(field: str, text: str) -> str:
    """What a cell holds, in words where it holds a code."""
    if field not in WORDED or not text:
        return text
    return _(WORDED[field].get(text, text))


def where_said(where: Where) -> tuple[str, str]:
    """Where a cell stands: what it belongs to, and the label of its field."""
    if not where.field and where.detail:
        return "", "·".join(_(each) for each in words_at(where.detail.replace("/", ".")))
    label = _(where.label) if where.field in FIELD_WORDS else where.label
    if where.detail:
        label = f"{label} {where.detail}"
    return "·".join(filter(None, (where.unit, where.item))), label


def path_said(names: Names, path: str) -> str:
    """A path as one line of words."""
    place, label = where_said(names.where(path))
    return _(": ").join(filter(None, (place, label)))


def cell_said(where: Where, text: str) -> str:
    """What a cell holds, in words."""
    if not where.field and where.detail:
        return _(value_at(where.detail.replace("/", "."), text)) if text else ""
    return value_said(where.field, text)


def difference_rows(
    found: Iterable[Difference], marks: Mapping[str, list[Mark]] | None = None
) -> list[Row]:
    """What differs, as rows of a table."""
    rows = []
    for each in found:
        place, label = where_said(each.where)
        old, new = (cell_said(each.where, text) for text in (each.old, each.new))
        marked = (marks or {}).get(each.path, [])
        rows.append(Row(each.path, place, label, each.kind, old, new, marked))
    return rows


def cell_rows(
    found: Iterable[tuple[str, Where, str]], marks: Mapping[str, list[Mark]]
) -> list[Row]:
    """All cells, as rows of a table."""
    rows = []
    for path, where, text in found:
        place, label = where_said(where)
        said = cell_said(where, text)
        rows.append(Row(path, place, label, "", "", said, marks.get(path, [])))
    return rows


def cells_to_mark(version: PartVersion) -> dict[str, list[tuple[str, str]]]:
    """For each indicator of a version the cells that can be marked: path and label."""
    cells = flat(version.part.sort, version.content)
    found: dict[str, list[tuple[str, str]]] = {}
    for each in version.content.get("indicators", ()):
        item = each["item"]
        found[item] = [
            (path, _(words))
            for field, words in FIELD_WORDS.items()
            if (path := f"indicators/{item}/{field}") in cells or field in SHOULD_SAY
        ]
    return found


def path_told(path: str) -> str:
    """A path of the record in words; indicators and units by their codes."""
    cell = cell_of(path)
    if cell.detail and not cell.field:
        return "·".join(_(each) for each in words_at(cell.detail.replace("/", ".")))
    label = _(FIELD_WORDS[cell.field]) if cell.field in FIELD_WORDS else cell.field
    return " ".join(filter(None, (cell.unit, cell.item, label, cell.detail)))


declare_words(texts={"mark.path": path_told})
