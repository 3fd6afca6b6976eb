"""Sheets after they were issued: received by the unit, renewed under a new common template."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from kaohe.core.access import Target, Verb
from kaohe.core.indicator_trees import indicator_tree
from kaohe.core.leaf import Fact
from kaohe.core.texts import clean_long
from kaohe.indicators.models import AssessmentYear, Sheet
from kaohe.indicators.queries.parts import plan_in
from kaohe.indicators.queries.sheets import to_renew
from kaohe.indicators.services.issuing import (
    ISSUING,
    Issuing,
    Progress,
    add_sheet,
    silent,
    template_in_force,
    write_sheets,
)
from kaohe.indicators.services.part_refusals import (
    NothingToRenew,
    PartNoteMissing,
    SheetNotInForce,
    SheetReceived,
)
from kaohe.indicators.services.parts import must_be_open
from kaohe.organization.models import User
from kaohe.organization.queries.access import require
from kaohe.organization.services.writing import State as Before
from kaohe.organization.services.writing import changed, save, taken


@transaction.atomic
def receive_sheet(*, by: User, sheet: Sheet, seen: int | None) -> Sheet:
    """Confirm for the unit that its sheet was received (签收).

    Raises:
        RoleMissing: ``by`` does not head the unit.
        SheetNotInForce: a later version was issued, or its year is over.
        SheetReceived: it was confirmed before.
        Changed: it is not what ``by`` saw.
    """
    require(by, Verb.SHEET_RECEIVE, sheet)
    row = taken(Sheet, sheet.pk, seen)
    if row.state != "issued":
        raise SheetNotInForce
    if row.received_at is not None:
        name = row.received_by.name if row.received_by else ""
        raise SheetReceived(name=name, day=f"{timezone.localdate(row.received_at):%Y.%m.%d}")
    before = Before(row)
    row.received_by, row.received_at = by, timezone.now()
    extra: dict[str, Fact] = {"number": row.number, "digest": row.digest}
    code = row.participant.code
    save(row, by=by, event=changed(row, before, "sheet.received", unit=code, extra=extra))
    return row


@transaction.atomic
def renew_sheets(
    *, by: User, year: AssessmentYear, reason: str, progress: Progress = silent
) -> list[Sheet]:
    """Bring all issued sheets under the common template in force: each its next version.

    What is a unit's own stays as its sheet has it, adjusted targets included.

    Raises:
        RoleMissing: ``by`` may not issue sheets there.
        YearIsClosed: the year is over.
        TemplateMissing: no common template is in force.
        PartNoteMissing: no reason is given.
        NothingToRenew: all sheets hold it already.
    """
    require(by, Verb.SCHEME_APPROVE, Target(year.jurisdiction.lineage))
    must_be_open(taken(AssessmentYear, year.pk, None))
    if not clean_long(reason):
        raise PartNoteMissing
    template = template_in_force(year)
    common = plan_in(template)
    found = to_renew(year).select_related(
        "jurisdiction",
        "participant__jurisdiction",
        "participant__assessment_year",
        "scheme_version",
    )
    rows = list(found.defer("scheme_version__content"))
    if not rows:
        raise NothingToRenew
    issuing = Issuing(by, None, template, clean_long(reason), timezone.localdate())
    for place, sheet in enumerate(rows):
        progress(place, len(rows), ISSUING)
        issuing.version = sheet.scheme_version
        trees = [indicator_tree(each) for each in common.of_unit(sheet.participant.code)]
        content = _under(sheet.content, trees)
        add_sheet(issuing, sheet.participant, content, {sheet.participant_id: sheet})
    return write_sheets(issuing)


def _under(content: dict[str, Any], common: list[dict[str, str]]) -> dict[str, Any]:
    """A sheet with other common indicators; its own values for those that are gone go, too."""
    own = [each for each in content["indicators"] if each.get("component") != "common"]
    indicators = [*common, *own]
    items = {each["item"] for each in indicators}
    sheet = {
        table: {item: value for item, value in rows.items() if item in items}
        for table, rows in content["sheet"].items()
    }
    return {"indicators": indicators, "sheet": sheet}
