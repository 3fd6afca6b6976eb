"""Where a version stands, as steps and signs for the pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from kaohe.core.documents import State
from kaohe.web.story import word
from kaohe.web.words.documents import SIGNS

if TYPE_CHECKING:
    from kaohe.organization.models import DocumentVersion

ORDER = (State.DRAFT, State.SUBMITTED, State.APPROVED, State.ISSUED)
REACHED = {
    State.DRAFT: 0,
    State.RETURNED: 0,
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


def steps(row: DocumentVersion) -> list[Step]:
    """Draft, submitted, approved, issued: what is done, by whom."""
    state = State(row.state)
    reached = REACHED[state]
    people = (row.drafted_by, row.submitted_by, row.approved_by, row.issued_by)
    words = (_("Drafted"), _("Submitted"), _("Approved"), _("Issued"))
    found = []
    for place, who in enumerate(people):
        look = "d" if place < reached or (place == 1 and reached == 1) else ""
        if place == reached:
            look = "now"
        if state is State.RETURNED and place == 0:
            look = "back"
        if state is State.WITHDRAWN:
            look = ""
        shown = who.name if who and (place <= reached or place == 0) else ""
        day = row.issued_on if place == 3 else None
        if place == reached:
            day = localdate(row.moved_at)
        elif place == 0:
            day = localdate(row.created_at)
        found.append(Step(words[place], look, shown, day))
    return found


def signs(rows: Iterable[DocumentVersion]) -> list[tuple[DocumentVersion, str, str]]:
    """Versions, each with its sign and its state in words."""
    return [(row, SIGNS[State(row.state)], word("state", row.state)) for row in rows]
