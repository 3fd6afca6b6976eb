"""Assessment years: opened with their calendar, and with the units that take part."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from kaohe.core.access import Target, Verb
from kaohe.core.texts import clean
from kaohe.core.year_steps import STEPS, usual_dates
from kaohe.indicators.models import AssessmentYear, Group, Participant, Step
from kaohe.indicators.services.year_refusals import YearThere
from kaohe.journal.bulk import insert_all
from kaohe.organization.models import Jurisdiction, Unit, User
from kaohe.organization.queries.access import require
from kaohe.organization.queries.calendar import announced_holidays
from kaohe.organization.services.writing import created, record, record_all, taken

IN_SCOPE = ("public_first", "public_second")


@transaction.atomic
def open_year(
    *, by: User, jurisdiction: Jurisdiction, year: int, title: str = ""
) -> AssessmentYear:
    """Open a year: its calendar with the usual dates, its groups and units from the register.

    Units of the categories public-service first and second class take part; others are not taken
    in.  What the register says of them is copied, and can be corrected until the groups are frozen.

    Raises:
        RoleMissing: ``by`` may not, there.
        YearThere: it was opened before.
    """
    require(by, Verb.YEAR_MANAGE, Target(jurisdiction.lineage))
    place = taken(Jurisdiction, jurisdiction.pk, None)
    if AssessmentYear.objects.filter(jurisdiction=place, year=year).exists():
        raise YearThere(year=year)
    row = AssessmentYear.objects.create(
        jurisdiction=place,
        year=year,
        title=clean(title) or _("{year} assessment year").format(year=year),
        freeze_on=date(year, 3, 31),
        cut_off_on=date(year, 9, 30),
        opened_by=by,
    )
    record(created(row, "year.opened"), by=by)
    _calendar(by, row)
    units = Unit.objects.filter(
        jurisdiction=place, closed_on__isnull=True, code__isnull=False, category__in=IN_SCOPE
    )
    take_in(by, row, list(units.select_related("department")))
    return row


def _calendar(by: User, year: AssessmentYear) -> None:
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


def take_in(by: User, year: AssessmentYear, units: list[Unit]) -> list[Participant]:
    """Take units into a year as the register has them, with the groups that they bring."""
    groups = {group.name: group for group in year.groups.all()}
    names = sorted({unit.group for unit in units if unit.group} - groups.keys())
    for position, name in enumerate(names, len(groups) + 1):
        group = Group.objects.create(
            jurisdiction=year.jurisdiction, assessment_year=year, name=name, position=position
        )
        record(created(group, "group.made"), by=by)
        groups[name] = group
    rows = [
        Participant(
            jurisdiction=year.jurisdiction,
            assessment_year=year,
            unit=unit,
            department=unit.department,
            group=groups.get(unit.group),
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
    record_all([created(row, "participant.taken-in", unit=row.code) for row in rows], by=by)
    return rows
