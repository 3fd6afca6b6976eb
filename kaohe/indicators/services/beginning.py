"""How settings and template begin: their first draft, or the next if all before were given up."""

from collections.abc import Mapping
from typing import Any

from kaohe.core.part_path import Sort
from kaohe.indicators.models import AssessmentYear, PartVersion
from kaohe.indicators.queries.parts import in_force, part_of
from kaohe.indicators.services.parts import begin_part, draft_next_version
from kaohe.organization.models import User


def begin_anew(
    by: User, year: AssessmentYear, sort: Sort, content: Mapping[str, Any], change_note: str
) -> PartVersion:
    """Begin a part, or go on with one whose versions were all given up.

    Raises:
        RoleMissing: ``by`` may not.
        YearIsClosed: the year is over.
        PartThere, PartVersionOpen: it was begun before.
    """
    part = part_of(year, sort)
    if part is not None and in_force(part) is None:
        return draft_next_version(by=by, part=part, content=content, change_note=change_note)
    return begin_part(by=by, year=year, sort=sort, content=content, change_note=change_note)
