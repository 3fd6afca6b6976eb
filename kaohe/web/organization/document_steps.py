"""Where a version stands, as steps and signs for the pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from kaohe.core.documents import State
from kaohe.web.story import word
from kaohe.web.words.documents import SIGNS

if TYPE_CHECKING:
    from kaohe.organization.models import DocumentVersion
    from kaohe.organization.queries.documents import Moved

ORDER = (State.DRAFT, State.SUBMITTED, State.APPROVED, State.ISSUED)
REACHED = {
    State.DRAFT: 0,
    State.RETURNED: 2,
    State.WITHDRAWN: 0,
    State.SUBMITTED: 1,
    State.APPROVED: 2,
    State.ISSUED: 4,
    State.SUPERSEDED: 4,
}


class Step(NamedTuple):
    """A step of a version; ``look``: "d" done, "now", "back" returned, "" to come."""

    words: str
    look: str
    who: str
    day: date | None


def steps(row: DocumentVersion, trail: Mapping[str, Moved]) -> list[Step]:
    """Draft, submitted, approved, issued: what is done, by whom and when, as the record says.

    A version that was returned shows that in the place of the approval.
    """
    state = State(row.state)
    reached = REACHED[state]
    words = (_("Drafted"), _("Submitted"), _("Approved"), _("Issued"))
    actions = ("version.drafted", "version.submitted", "version.approved", "version.issued")
    found = []
    for place, (said, action) in enumerate(zip(words, actions, strict=True)):
        look = "d" if place < reached or place == reached == 1 else ""
        if place == reached:
            look = "now"
        if state is State.RETURNED and place == reached:
            look, action = "back", "version.returned"
        move = trail.get(action) if place <= reached else None
        who, day = (move.who, localdate(move.at)) if move else ("", None)
        if place == 0 and move is None:
            who, day = row.drafted_by.name, localdate(row.created_at)
        found.append(Step(said, look, who, day))
    return found


def signs(rows: Iterable[DocumentVersion]) -> list[tuple[DocumentVersion, str, str]]:
    """Versions, each with its sign and its state in words."""
    return [(row, SIGNS[State(row.state)], word("state", row.state)) for row in rows]
