"""The parts and sheets of a year that is over go into the archive."""

from django.db import transaction

from kaohe.core.access import Target, Verb
from kaohe.core.part_path import MOVES, Action, State
from kaohe.indicators.models import AssessmentYear, PartVersion, Sheet
from kaohe.indicators.services.parts import told
from kaohe.organization.models import User
from kaohe.organization.queries.access import require
from kaohe.organization.services.writing import State as Before
from kaohe.organization.services.writing import changed, record_all


@transaction.atomic
def archive_parts(*, by: User, year: AssessmentYear) -> int:
    """Archive what is in force in a year: each version and each sheet, with an entry for each.

    Returns:
        How many.

    Raises:
        RoleMissing: ``by`` may not close the year.
    """
    require(by, Verb.YEAR_APPROVE, Target(year.jurisdiction.lineage))
    events = []
    versions = PartVersion.objects.filter(part__assessment_year=year, state="issued")
    for row in versions.select_related("jurisdiction").select_for_update(of=("self",)):
        before = Before(row)
        row.state = MOVES[State.ISSUED, Action.ARCHIVE][0]
        row.version += 1
        row.save(update_fields=["state", "version", "moved_at"])
        events.append(told(row, before, "part.archived"))
    sheets = Sheet.objects.filter(participant__assessment_year=year, state="issued")
    rows = sheets.select_related("jurisdiction", "participant").defer("content")
    for sheet in rows.select_for_update(of=("self",)):
        before = Before(sheet)
        sheet.state = "archived"
        sheet.version += 1
        sheet.save(update_fields=["state", "version"])
        extra = {"number": sheet.number}
        code = sheet.participant.code
        events.append(changed(sheet, before, "sheet.archived", unit=code, extra=extra))
    record_all(events, by=by)
    return len(events)
