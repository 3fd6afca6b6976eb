"""Assessment years: opened with their calendar and units, corrected, closed, archived."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from kaohe.core.access import Target, Verb
from kaohe.core.groups_of_year import IN_SCOPE, is_frozen, usual_freeze
from kaohe.core.texts import clean, clean_long
from kaohe.core.year_steps import STEPS, usual_dates
from kaohe.indicators.models import AssessmentYear, Group, Participant, Step
from kaohe.indicators.queries.years import on_their_way
from kaohe.indicators.services.archiving import archive_parts
from kaohe.indicators.services.parts import must_be_open
from kaohe.indicators.services.year_refusals import (
    CutOffPast,
    DocumentNotFit,
    ReopenReasonMissing,
    YearDaysFar,
    YearFrozenOn,
    YearNotClosed,
    YearNotToReopen,
    YearOutOfRange,
    YearThere,
    YearUnfinished,
)
from kaohe.journal.bulk import insert_all
from kaohe.organization.models import Document, Jurisdiction, Unit, User
from kaohe.organization.queries.access import allows, require
from kaohe.organization.queries.calendar import announced_holidays
from kaohe.organization.services.writing import (
    State,
    changed,
    created,
    is_same,
    record,
    record_all,
    save,
    taken,
)

TITLE = "{year}年度事业单位绩效考核"  # data, and so Chinese whoever opens the year
DOCUMENTS = ("work_plan", "opinion")  # sorts of documents that a year links to


@transaction.atomic
def open_year(
    *, by: User, jurisdiction: Jurisdiction, year: int, title: str = ""
) -> AssessmentYear:
    """Open a year: its calendar with the usual dates, its groups and units from the register.

    Units of the categories public-service first and second class take part; others are not taken
    in.  What the register says of them is copied, and can be corrected until the groups are frozen.

    Args:
        title: if not the usual one.

    Raises:
        RoleMissing: ``by`` may not, there.
        YearOutOfRange: a number that cannot be meant.
        YearThere: it was opened before.

    Source: docs/rules/years.md, Y-1.
    """
    require(by, Verb.YEAR_MANAGE, Target(jurisdiction.lineage))
    if not 2000 <= year <= 2100:
        raise YearOutOfRange(year=year)
    place = taken(Jurisdiction, jurisdiction.pk, None)
    if AssessmentYear.objects.filter(jurisdiction=place, year=year).exists():
        raise YearThere(year=year)
    row = AssessmentYear.objects.create(
        jurisdiction=place,
        year=year,
        title=clean(title) or TITLE.format(year=year),
        freeze_on=usual_freeze(year, timezone.localdate()),
        cut_off_on=date(year, 9, 30),
        opened_by=by,
    )
    record(created(row, "year.opened"), by=by)
    plan_calendar(by, row)
    units = Unit.objects.filter(
        jurisdiction=place, closed_on__isnull=True, code__isnull=False, category__in=IN_SCOPE
    )
    take_in(by, row, list(units.select_related("department")))
    return row


def plan_calendar(by: User, year: AssessmentYear) -> None:
    """Plan the steps of a year at their usual dates."""
    holidays = announced_holidays()
    rows = []
    for number, step in enumerate(STEPS, 1):
        dates = usual_dates(step, year.year, holidays)
        rows.append(
            Step(
                jurisdiction=year.jurisdiction,
                assessment_year=year,
                code=step.code,
                number=number,
                starts_on=dates.starts_on,
                ends_on=dates.ends_on,
                responsible=step.responsible,
                optional=step.optional,
            )
        )
    insert_all(rows)
    record_all([created(row, "step.planned") for row in rows], by=by)


def take_in(
    by: User, year: AssessmentYear, units: list[Unit], reason: str = ""
) -> list[Participant]:
    """Take units into a year as the register has them, with the groups that they bring."""
    groups = {group.name: group for group in year.groups.all()}
    names = sorted({unit.group for unit in units if unit.group} - groups.keys())
    for position, name in enumerate(names, len(groups) + 1):
        group = Group.objects.create(
            jurisdiction=year.jurisdiction, assessment_year=year, name=name, position=position
        )
        record(created(group, "group.made"), by=by)
        groups[name] = group
    open_groups = {name: group for name, group in groups.items() if not group.closed}
    rows = [
        Participant(
            jurisdiction=year.jurisdiction,
            assessment_year=year,
            unit=unit,
            department=unit.department,
            group=open_groups.get(unit.group),
            code=unit.code or "",
            name=unit.name,
            department_name=unit.department.name,
            category=unit.category,
            sector=unit.sector,
            funding_basis=unit.funding_basis or "appropriation",
            staff=unit.staff or 0,
        )
        for unit in units
    ]
    insert_all(rows)
    texts = {"reason": reason}
    events = [created(row, "participant.taken-in", unit=row.code, texts=texts) for row in rows]
    record_all(events, by=by)
    return rows


@transaction.atomic
def correct_year(
    *,
    by: User,
    year: AssessmentYear,
    seen: int | None,
    title: str,
    minimum_group: int,
    freeze_on: date,
    cut_off_on: date,
    reason: str = "",
) -> AssessmentYear:
    """Correct a year: its title, the minimum of a group, the last days.

    Args:
        freeze_on: the last day on which groups change without approval.
        cut_off_on: the last day for adjusting targets.

    Raises:
        RoleMissing: ``by`` may not.
        YearIsClosed: the year is over.
        YearFrozenOn: the groups are frozen, and their last day would move.
        CutOffPast: the other last day is over, and ``by`` may not open it again.
        YearDaysFar: a last day that cannot be meant.
        Changed: it is not what ``by`` saw.

    Source: docs/rules/years.md, Y-6, Y-11.
    """
    require(by, Verb.YEAR_MANAGE, year)
    row = taken(AssessmentYear, year.pk, seen)
    must_be_open(row)
    before, today = State(row), timezone.localdate()
    _refuse_days(row, freeze_on, cut_off_on)
    if freeze_on != row.freeze_on and is_frozen(row.freeze_on, row.frozen_on, today):
        raise YearFrozenOn
    over = cut_off_on != row.cut_off_on and today > row.cut_off_on
    if over and not allows(by, Verb.YEAR_APPROVE, row):
        raise CutOffPast
    row.title = clean(title) or row.title
    row.minimum_group = max(1, minimum_group)
    row.freeze_on, row.cut_off_on = freeze_on, cut_off_on
    if not is_same(row, before):
        texts = {"reason": clean_long(reason)}
        save(row, by=by, event=changed(row, before, "year.corrected", texts=texts))
    return row


def _refuse_days(year: AssessmentYear, freeze_on: date, cut_off_on: date) -> None:
    first, last = date(year.year - 1, 10, 1), date(year.year + 1, 12, 31)
    if not (first <= freeze_on <= last and first <= cut_off_on <= last):
        days = {"first": f"{first:%Y.%m.%d}", "last": f"{last:%Y.%m.%d}"}
        raise YearDaysFar(year=year.year, **days)


@transaction.atomic
def link_document(
    *, by: User, year: AssessmentYear, seen: int | None, sort: str, document: Document
) -> AssessmentYear:
    """Link the work plan, or the city opinion, of a year.

    Args:
        sort: one of ``DOCUMENTS``; the document's kind must be the same.

    Raises:
        RoleMissing: ``by`` may not.
        YearIsClosed: the year is over.
        DocumentNotFit: it is a document of another kind, or of another jurisdiction.
        Changed: it is not what ``by`` saw.

    Source: docs/rules/years.md, Y-10.
    """
    require(by, Verb.YEAR_MANAGE, year)
    row = taken(AssessmentYear, year.pk, seen)
    must_be_open(row)
    here = document.jurisdiction_id == row.jurisdiction_id
    if sort not in DOCUMENTS or document.sort != sort or not here:
        raise DocumentNotFit(title=document.title)
    before = State(row)
    setattr(row, sort, document)
    if not is_same(row, before):
        save(row, by=by, event=changed(row, before, "year.document-linked"))
    return row


@transaction.atomic
def close_year(*, by: User, year: AssessmentYear, seen: int | None) -> AssessmentYear:
    """Close a year: nothing of it changes any more.

    Raises:
        RoleMissing: ``by`` may not.
        YearIsClosed: it is already.
        YearUnfinished: something of it is on its way.
        Changed: it is not what ``by`` saw.

    Source: docs/rules/years.md, Y-9.
    """
    require(by, Verb.YEAR_APPROVE, year)
    row = taken(AssessmentYear, year.pk, seen)
    must_be_open(row)
    found = on_their_way(row)
    if any(found.values()):
        raise YearUnfinished(**found)
    before = State(row)
    row.state = "closed"
    save(row, by=by, event=changed(row, before, "year.closed"))
    return row


@transaction.atomic
def reopen_year(*, by: User, year: AssessmentYear, seen: int | None, reason: str) -> AssessmentYear:
    """Open a year again that was closed by mistake or too early.

    Raises:
        RoleMissing: ``by`` may not.
        YearNotToReopen: it is open, or archived already.
        ReopenReasonMissing: nobody says why.
        Changed: it is not what ``by`` saw.

    Source: docs/rules/years.md, Y-9.
    """
    require(by, Verb.YEAR_APPROVE, year)
    row = taken(AssessmentYear, year.pk, seen)
    if row.state != "closed":
        raise YearNotToReopen
    why = clean_long(reason)
    if not why:
        raise ReopenReasonMissing
    before = State(row)
    row.state = "open"
    save(row, by=by, event=changed(row, before, "year.reopened", texts={"reason": why}))
    return row


@transaction.atomic
def archive_year(*, by: User, year: AssessmentYear, seen: int | None) -> AssessmentYear:
    """Archive a closed year with all parts and sheets that are in force in it, an entry for each.

    Raises:
        RoleMissing: ``by`` may not.
        YearNotClosed: it is open, or archived already.
        Changed: it is not what ``by`` saw.

    Source: docs/rules/years.md, Y-9.
    """
    require(by, Verb.YEAR_APPROVE, year)
    row = taken(AssessmentYear, year.pk, seen)
    if row.state != "closed":
        raise YearNotClosed
    count = archive_parts(by=by, year=row)
    before = State(row)
    row.state = "archived"
    save(row, by=by, event=changed(row, before, "year.archived", extra={"count": count}))
    return row
