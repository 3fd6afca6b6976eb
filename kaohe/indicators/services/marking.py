"""Marks on cells of a version: made when it is returned, settled when the cells change."""

from collections.abc import Sequence
from typing import NamedTuple

from kaohe.core.part_path import Sort
from kaohe.core.plan_words import FIELD_WORDS, cell_of
from kaohe.core.texts import clean_long
from kaohe.indicators.models import Mark, PartVersion
from kaohe.indicators.queries.parts import flat
from kaohe.indicators.services.part_refusals import MarkNowhere
from kaohe.organization.models import User
from kaohe.organization.services.writing import State as Before
from kaohe.organization.services.writing import changed, created, record, save

LONGEST = 200  # characters of a path


class Marked(NamedTuple):
    """A cell that is marked on return, with its reason; ``path`` as in ``plan_differences``."""

    path: str
    reason: str


def make_marks(by: User, version: PartVersion, given: Sequence[Marked]) -> None:
    """Mark cells of a version that is returned, each with its reason and the text as it was.

    Raises:
        MarkNowhere: the version has no such cell.
    """
    cells = flat(version.part.sort, version.content)
    for each in given:
        if not _is_cell(version, cells, each.path):
            raise MarkNowhere(path=each.path[:LONGEST])
        mark = Mark.objects.create(
            jurisdiction=version.jurisdiction,
            part_version=version,
            path=each.path,
            text=cells.get(each.path, ""),
            reason=clean_long(each.reason),
            made_by=by,
        )
        record(created(mark, "mark.made"), by=by)


def _is_cell(version: PartVersion, cells: dict[str, str], path: str) -> bool:
    """Whether a version has a cell, or the place for one that is still empty."""
    if len(path) > LONGEST:
        return False
    if path in cells or path == "preface":
        return True
    cell = cell_of(path)
    if version.part.sort == Sort.SETTINGS or cell.field not in FIELD_WORDS:
        return False
    items = {each["item"] for each in version.content.get("indicators", ())}
    return (cell.item in items or not cell.item) and (
        cell.unit in version.content.get("sheets", ()) or not cell.unit
    )


def settle_marks(by: User, version: PartVersion) -> None:
    """Marks whose cells were changed since are settled."""
    cells = flat(version.part.sort, version.content)
    for mark in version.marks.filter(settled=False):
        if cells.get(mark.path, "") != mark.text:
            before = Before(mark)
            mark.settled = True
            save(mark, by=by, event=changed(mark, before, "mark.settled"))
