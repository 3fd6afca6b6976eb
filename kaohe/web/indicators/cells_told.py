"""Which cells of a version changed, as the record tells it: paths and codes in words."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from kaohe.core.plan_words import FIELD_WORDS, cell_of
from kaohe.core.scheme_settings import value_at, words_at
from kaohe.web.indicators.part_cells import value_said
from kaohe.web.words import declare_words


def cells_told(text: str) -> str:
    """The changed cells of an entry, a line for each; a line that names none stays as it is."""
    return "\n".join(_lines(text))


def _lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        path, colon, rest = line.partition(": ")
        old, arrow, new = rest.partition(" → ")
        if colon and arrow:
            label, before, after = _told(path, old, new)
            yield f"{label}{_(': ')}{before or '—'} → {after or '—'}"
        else:
            yield line


def _told(path: str, old: str, new: str) -> tuple[str, str, str]:
    """The name of a cell, and what it held before and holds now."""
    cell = cell_of(path)
    if cell.detail and not cell.field:
        place = cell.detail.replace("/", ".")
        label = "·".join(_(each) for each in words_at(place))
        before, after = (_(value_at(place, each)) if each else "" for each in (old, new))
        return label, before, after
    name = _(FIELD_WORDS[cell.field]) if cell.field in FIELD_WORDS else cell.field
    label = " ".join(filter(None, (cell.unit, cell.item, name, cell.detail)))
    return label, value_said(cell.field, old), value_said(cell.field, new)


declare_words(texts={"part-version.cells": cells_told})
