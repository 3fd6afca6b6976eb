"""The queue of a year: what waits to be approved or issued, and what stands in the way of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kaohe.core.checkup import ERROR, Limits, counted
from kaohe.core.checkup_answers import open_warnings
from kaohe.core.part_path import Action, Sort, State
from kaohe.indicators.models import AssessmentYear, Mark, PartVersion
from kaohe.indicators.queries.answers import told_of
from kaohe.indicators.queries.checkup import examined
from kaohe.indicators.queries.limits import answer_due, returns_in
from kaohe.indicators.queries.parts import versions_of
from kaohe.indicators.queries.review import Gone, deeds_on, gone_in, own_among
from kaohe.organization.models import User


@dataclass(frozen=True, slots=True)
class Waiting:
    """A version that waits.

    ``deeds``: what the user may do with it; ``own``: they had a hand in it; ``gone``: units that
    have left; ``marks``: cells marked and not changed since; ``unanswered``: warnings without an
    answer; ``due``: until when the office answers; ``returns``: how often it was returned.
    """

    version: PartVersion
    deeds: Sequence[Action]
    own: bool
    gone: Sequence[Gone] = field(default_factory=tuple)
    marks: int = 0
    sheets: int = 0
    found: Mapping[str, int] = field(default_factory=dict)  # by the check-up, by severity
    unanswered: int = 0
    due: date | None = None
    returns: int = 0

    def is_ready(self, action: Action) -> bool:
        """Whether nothing that is known beforehand stands in the way of an action."""
        sound = action is not Action.APPROVE or not self.found.get(ERROR)
        return action in self.deeds and sound and not self.gone


def queue_of(user: User, year: AssessmentYear) -> list[Waiting]:
    """What waits in a year, and may be seen: longest waiting first; a few queries in all."""
    rows = versions_of(user, year).filter(state__in=[State.SUBMITTED, State.APPROVED])
    versions = list(
        rows.select_related("jurisdiction", "part__jurisdiction").order_by("moved_at", "pk")
    )
    own, gone, found = own_among(user, versions), gone_in(versions), examined(versions)
    told, returns = told_of(versions, found), returns_in(versions)
    limits = next((each.context.limits for each in found.values() if each.context), Limits())
    marks = Mark.objects.filter(part_version__in=versions, settled=False)
    marked = list(marks.values_list("part_version_id", flat=True))
    return [
        Waiting(
            row,
            deeds_on(user, row, own=row.pk in own),
            row.pk in own,
            tuple(gone[row.pk]),
            marked.count(row.pk),
            len(row.content.get("sheets", ())) if row.part.sort == Sort.DEPARTMENT else 0,
            counted(each.finding for each in told[row.pk]),
            open_warnings(told[row.pk]),
            answer_due(row, limits),
            returns[row.pk],
        )
        for row in versions
    ]
