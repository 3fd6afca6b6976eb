"""What of the record stands on an object's page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kaohe.core.access import Verb
from kaohe.journal.queries import entries_of, tell
from kaohe.organization.queries.access import Placed, allows
from kaohe.web.story import Line, story

if TYPE_CHECKING:
    from kaohe.organization.models import User

SHOWN = 50


def history_of(
    user: User, row: Placed, subjects: Iterable[str], limit: int = SHOWN
) -> list[Line] | None:
    """The latest lines about some objects; None where the person may not read the record there."""
    if not allows(user, Verb.TRACE_READ, row):
        return None
    return story(tell(entries_of(subjects)[:limit]))
