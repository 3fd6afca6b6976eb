"""The sheet of a unit that came from another department is taken over into the draft of its new."""

from django.db import transaction

from kaohe.core.access import Verb
from kaohe.core.errors import Conflict
from kaohe.core.indicator_trees import plan_of, tree_of
from kaohe.core.part_path import Sort
from kaohe.core.plan_edits import stem_of
from kaohe.core.plan_takeover import taken_over
from kaohe.core.problems import N_
from kaohe.indicators.models import PartVersion
from kaohe.indicators.queries.schemes import codes_elsewhere, common_codes, stem_for
from kaohe.indicators.queries.takeovers import arrivals
from kaohe.indicators.services.parts import edit_part
from kaohe.organization.models import User
from kaohe.organization.queries.access import require
from kaohe.organization.services.writing import taken

NOTE = "承接{unit}考核单（原由{department}编制）"  # data, and so Chinese whoever takes it over


class NothingToTakeOver(Conflict):
    """The unit brought no sheet, or its sheet is in the scheme already."""

    code = "scheme.nothing-to-take-over"
    sentence = N_(
        "There is no sheet of {unit} to take over: it is in the scheme already, is not under this"
        " department in the year, or had none before. Have the office take over the changes of the"
        " register first, or add an empty sheet."
    )


@transaction.atomic
def take_over_sheet(
    *,
    by: User,
    version: PartVersion,
    seen: int | None,
    unit: str,
    with_indicators: bool = True,
) -> PartVersion:
    """Take the sheet of a unit over that came from another department, as it was there.

    It is in the draft from then on, and in what the draft says of its changes.

    Args:
        unit: its credit code.
        with_indicators: whether indicators that the scheme has not come along as the unit's own.

    Raises:
        RoleMissing: ``by`` may not.
        NothingToTakeOver: it brought none.
        Changed, PartMoveNotOpen, PartIssuedIsFixed, YearIsClosed: as ``parts.edit_part``.

    Source: docs/rules/indicators.md, E-11.
    """
    require(by, Verb.SCHEME_DRAFT, version)
    row = taken(PartVersion, version.pk, seen)
    found = (
        {}
        if row.part.sort != Sort.DEPARTMENT
        else {each.participant.code: each for each in arrivals(row)}
    )
    if unit not in found:
        raise NothingToTakeOver(unit=unit)
    origin, plan = found[unit], plan_of(row.content)
    department = row.part.department
    content = tree_of(
        taken_over(
            plan,
            unit,
            origin.indicators,
            origin.sheet,
            stem=stem_of(plan, stem_for(department)),
            elsewhere=codes_elsewhere(row.part.assessment_year, department),
            common=common_codes(row.part.assessment_year),
            with_indicators=with_indicators,
        )
    )
    note = NOTE.format(unit=origin.participant.name, department=origin.department)
    notes = "\n".join(filter(None, (row.change_note, note)))
    return edit_part(by=by, version=row, seen=row.version, content=content, change_note=notes)
