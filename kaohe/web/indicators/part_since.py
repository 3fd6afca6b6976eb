"""What was changed in a version since its last return, and what became of each mark."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from kaohe.core.part_path import OPEN, State
from kaohe.indicators.queries.since_return import MarkedCell, SinceReturn, since_return
from kaohe.web.indicators.part_cells import Row, cell_said, difference_rows, path_said

if TYPE_CHECKING:
    from kaohe.indicators.models import Mark, PartVersion


class MarkLine(NamedTuple):
    """A mark: where it stands, what the cell held and holds, and whether it was heeded.

    ``has_own``: its reason is not that of the whole return.
    """

    mark: Mark
    where: str
    then: str
    now: str
    is_near: bool
    has_own: bool


class Since(NamedTuple):
    """A return as its template shows it; ``rows`` None: the record does not tell them any more."""

    who: str
    at: datetime
    reason: str
    rows: list[Row] | None
    marks: list[MarkLine]


def since_shown(row: PartVersion) -> Since | None:
    """What was changed since the last return, while a version is on its way; None: no return."""
    found = since_return(row) if State(row.state) in OPEN else None
    if found is None:
        return None
    rows = None if found.changes is None else difference_rows(found.changes)
    marks = [_line(each, found) for each in found.marks]
    return Since(found.who, found.at, found.reason, rows, marks)


def _line(each: MarkedCell, found: SinceReturn) -> MarkLine:
    where = found.names.where(each.mark.path)
    return MarkLine(
        each.mark,
        path_said(found.names, each.mark.path),
        cell_said(where, each.mark.text),
        cell_said(where, each.now),
        each.is_near,
        each.mark.reason != found.reason,
    )
