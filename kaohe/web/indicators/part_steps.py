"""Where a version stands, as steps and words for the pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from kaohe.core.part_path import STATE_WORDS, Sort, State
from kaohe.web.organization.document_steps import Step
from kaohe.web.words.parts import SIGNS

if TYPE_CHECKING:
    from kaohe.indicators.models import PartVersion
    from kaohe.indicators.queries.review import Moved

REACHED = {
    State.DRAFT: 0,
    State.RETURNED: 2,
    State.WITHDRAWN: 0,
    State.SUBMITTED: 1,
    State.APPROVED: 2,
    State.ISSUED: 4,
    State.SUPERSEDED: 4,
    State.ARCHIVED: 4,
}
ACTIONS = ("part.drafted", "part.submitted", "part.approved", "part.issued")


def title_of(version: PartVersion) -> str:
    """What a part is called, as the heading of its pages."""
    part = version.part
    if part.sort == Sort.DEPARTMENT:
        name = part.department.name if part.department else ""
        return _("Scheme of %(department)s") % {"department": name}
    if part.sort == Sort.TEMPLATE:
        return _("Template of common indicators")
    return _("Settings of the scheme")


def named(version: PartVersion) -> str:
    """A version in words."""
    facts = {"title": title_of(version), "number": version.number}
    return _("%(title)s, version %(number)s") % facts


def state_of(version: PartVersion) -> tuple[str, str]:
    """The sign and the words of a version's state."""
    state = State(version.state)
    return SIGNS[state], _(STATE_WORDS[state])


def steps(row: PartVersion, trail: Mapping[str, Moved]) -> list[Step]:
    """Drafted, submitted, approved, issued: what is done, by whom and when, as the record says.

    A version that was returned shows that in the place of the approval.
    """
    state = State(row.state)
    reached = REACHED[state]
    words = (_("Drafted"), _("Submitted"), _("Approved"), _("Issued"))
    found = []
    for place, (said, action) in enumerate(zip(words, ACTIONS, strict=True)):
        look = "d" if place < reached or place == reached == 1 else ""
        if place == reached:
            look = "now"
        if state is State.RETURNED and place == reached:
            look, action = "back", "part.returned"
        move = trail.get(action) if place <= reached else None
        who, day = (move.who, localdate(move.at)) if move else ("", None)
        found.append(Step(said, look, who, day))
    return found
