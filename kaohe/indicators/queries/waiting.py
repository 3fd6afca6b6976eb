"""The queue of a year: what waits to be approved or issued, and what stands in the way of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kaohe.core.checkup import ERROR
from kaohe.core.part_path import Action, Sort, State
from kaohe.indicators.models import AssessmentYear, Mark, PartVersion
from kaohe.indicators.queries.checkup import checked_in
from kaohe.indicators.queries.parts import versions_of
from kaohe.indicators.queries.review import Gone, deeds_on, gone_in, own_among
from kaohe.organization.models import User


@dataclass(frozen=True, slots=True)
class Waiting:
    """A version that waits.

    ``deeds``: what the user may do with it; ``own``: they had a hand in it; ``gone``: units that
    have left; ``marks``: cells marked and not changed since.
    """

    version: PartVersion
    deeds: Sequence[Action]
    own: bool
    gone: Sequence[Gone] = field(default_factory=tuple)
    marks: int = 0
    sheets: int = 0
    found: Mapping[str, int] = field(default_factory=dict)  # by the check-up, by severity

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
    own, gone, found = own_among(user, versions), gone_in(versions), checked_in(versions)
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
            found[row.pk],
        )
        for row in versions
    ]
