"""What of the record stands on an object's page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kaohe.core.access import Verb
from kaohe.journal.queries import entries_of, latest_entries, tell
from kaohe.organization.queries.access import Placed, allows
from kaohe.web.story import Line, story

if TYPE_CHECKING:
    from kaohe.organization.models import Jurisdiction, User

SHOWN = 50
LOOKED_AT, LATELY = 60, 8
ACCOUNTS = ("user", "role")  # sign-ins and the like are the administrators' business


def history_of(
    user: User, row: Placed, subjects: Iterable[str], limit: int = SHOWN
) -> list[Line] | None:
    """The latest lines about some objects; None where the person may not read the record there."""
    if not allows(user, Verb.TRACE_READ, row):
        return None
    return story(tell(entries_of(subjects)[:limit]))


def lately(user: User, place: Jurisdiction) -> list[tuple[Line, int]]:
    """What was done in a jurisdiction of late, with how many of a kind in a row each line tells.

    Empty where the person may not read the whole record there.
    """
    if not allows(user, Verb.TRACE_READ, place):
        return []
    found: list[tuple[Line, int]] = []
    for line in story(tell(latest_entries(place.code, ACCOUNTS)[:LOOKED_AT])):
        last = found[-1] if found else None
        if last and (last[0].who, last[0].what) == (line.who, line.what):
            found[-1] = (last[0], last[1] + 1)
        else:
            found.append((line, 1))
    return found[:LATELY]
