"""What was changed in a version since it was last returned, from the record of its edits."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from kaohe.core.plan_differences import cell_changes
from kaohe.core.plan_words import cell_of
from kaohe.core.told_changes import before_edits
from kaohe.indicators.models import Mark, PartVersion
from kaohe.indicators.queries.differences import Difference, Names, told
from kaohe.indicators.queries.parts import flat
from kaohe.journal.queries import entries_of, tell
from kaohe.organization.queries.access import names_behind

RETURNED, EDITED = "part.returned", "part.edited"


class MarkedCell(NamedTuple):
    """A mark, with the cell as it is now; ``is_near``: another cell of the same row was changed."""

    mark: Mark
    now: str
    is_near: bool


class SinceReturn(NamedTuple):
    """A return, and what was done about it.

    ``changes``: None where the record does not tell any more what the cells held, because texts of
    it were erased.
    """

    who: str
    at: datetime
    reason: str
    changes: list[Difference] | None
    marks: list[MarkedCell]
    names: Names


def since_return(version: PartVersion) -> SinceReturn | None:
    """What was changed since the last return of a version; None: it never was returned.

    Source: docs/rules/indicators.md, P-8.
    """
    rows = entries_of([version.subject]).filter(action__in=(RETURNED, EDITED))
    edits: list[str | None] = []
    for entry in tell(rows):
        if entry.action == RETURNED:
            who = names_behind([entry.actor]).get(entry.actor, "")
            reason = entry.sealed.get("return_reason") or ""
            return _since(version, who, entry.at, reason, edits)
        edits.append(entry.sealed.get("cells", ""))
    return None


def _since(
    version: PartVersion, who: str, at: datetime, reason: str, edits: Sequence[str | None]
) -> SinceReturn:
    now = flat(version.part.sort, version.content)
    names = Names(version.part.assessment_year, [version.content])
    changes = _changes(now, edits, names)
    touched = {_row_of(each.path) for each in changes or ()}
    rows = version.marks.filter(Q(settled=False) | Q(made_at__gte=at)).select_related("made_by")
    marks = [
        MarkedCell(each, now.get(each.path, ""), _row_of(each.path) in touched) for each in rows
    ]
    return SinceReturn(who, at, reason, changes, marks, names)


def _changes(
    now: Mapping[str, str], edits: Sequence[str | None], names: Names
) -> list[Difference] | None:
    """What some edits came to; None where the record does not tell it any more."""
    lines = [text for text in edits if text is not None]
    before = before_edits(now, filter(None, lines)) if len(lines) == len(edits) else None
    if before is None:
        return None
    for path, text in before.items():
        cell = cell_of(path)
        if cell.field == "name" and not cell.unit:
            names.items.setdefault(cell.item, text)  # of indicators that are gone
    found = cell_changes(before, now)
    if _order(before, now) == _order(now, before):
        found = [each for each in found if not each.path.endswith("/place")]
    return [told(each, names) for each in found]


def _order(cells: Mapping[str, str], others: Mapping[str, str]) -> list[str]:
    """The places of the indicators that both have, in the order of the one."""
    both = [path for path in cells if path.endswith("/place") and path in others]
    return sorted(both, key=lambda path: int(cells[path]))


def _row_of(path: str) -> tuple[str, str, str]:
    """The indicator, or the unit's line under it, to which a cell belongs; else the cell itself."""
    cell = cell_of(path)
    return (cell.unit, cell.item, "" if cell.item else path)
