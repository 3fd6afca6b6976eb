"""Marks on cells of a version: made when it is returned, settled when the cells change."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from kaohe.core.texts import clean_long
from kaohe.indicators.models import Mark, PartVersion
from kaohe.indicators.queries.parts import flat
from kaohe.indicators.queries.review import LONGEST_PATH, is_cell
from kaohe.indicators.services.part_refusals import MarkNowhere
from kaohe.organization.models import User
from kaohe.organization.services.writing import State as Before
from kaohe.organization.services.writing import changed, created, record, save


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
        if not is_cell(version, cells, each.path):
            raise MarkNowhere(path=each.path[:LONGEST_PATH])
        mark = Mark.objects.create(
            jurisdiction=version.jurisdiction,
            part_version=version,
            path=each.path,
            text=cells.get(each.path, ""),
            reason=clean_long(each.reason),
            made_by=by,
        )
        record(created(mark, "mark.made"), by=by)


def settle_marks(by: User, version: PartVersion) -> None:
    """Marks whose cells were changed since are settled."""
    cells = flat(version.part.sort, version.content)
    for mark in version.marks.filter(settled=False):
        if cells.get(mark.path, "") != mark.text:
            before = Before(mark)
            mark.settled = True
            save(mark, by=by, event=changed(mark, before, "mark.settled"))


def reopen_marks(by: User, version: PartVersion, old: Mapping[str, Any]) -> None:
    """Marks are open again whose cells say again what was marked, as they did not before.

    Args:
        old: the content before.
    """
    was, now = flat(version.part.sort, old), flat(version.part.sort, version.content)
    for mark in version.marks.filter(settled=True):
        if now.get(mark.path, "") == mark.text != was.get(mark.path, ""):
            before = Before(mark)
            mark.settled = False
            save(mark, by=by, event=changed(mark, before, "mark.reopened"))
