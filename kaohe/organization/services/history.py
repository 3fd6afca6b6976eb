"""Grades of the years before the platform, each with the document that determined it."""

from django.db import transaction
from django.utils import timezone

from kaohe.core.access import Verb
from kaohe.core.leaf import Event, Fact
from kaohe.core.texts import clean, clean_long
from kaohe.organization.models import PastGrade, Unit, User
from kaohe.organization.queries.access import require
from kaohe.organization.services.units_refusals import GradeThere, GradeUnfounded, YearNotPast
from kaohe.organization.services.writing import code_of, record, taken

GRADES = ("A", "B", "C", "none")
FIRST_YEAR = 2000


@transaction.atomic
def record_past_grade(
    *,
    by: User,
    unit: Unit,
    year: int,
    grade: str,
    document: str,
    replaces: bool = False,
    reason: str = "",
) -> PastGrade:
    """Put on record which grade a unit had in an earlier year.

    A grade that was entered wrongly is not edited: a further entry replaces it and says why; the
    record keeps both.

    Args:
        grade: one of ``GRADES``; "none" for a year without one.
        replaces: whether it may replace one that is there.

    Raises:
        RoleMissing: ``by`` may not.
        YearNotPast: the year is not an earlier one.
        GradeThere: the year has a grade already, and nothing was said of replacing it.
        GradeUnfounded: it replaces one without a reason.
    """
    require(by, Verb.UNIT_MANAGE, unit)
    home = taken(Unit, unit.pk, None)
    last = timezone.localdate().year - 1
    if not FIRST_YEAR <= year <= last:
        raise YearNotPast(year=year, first=FIRST_YEAR, last=last)
    row = home.past_grades.filter(year=year).first()
    was: dict[str, Fact] = {}
    if row is not None:
        if not replaces:
            raise GradeThere(grade=row.grade, year=year)
        if not clean_long(reason):
            raise GradeUnfounded
        was = {"grade": row.grade, "document": row.document}
    else:
        row = PastGrade(jurisdiction=home.jurisdiction, unit=home, year=year)
        reason = ""
    row.grade, row.document = grade, clean(document)
    row.save()
    event = Event(
        "unit.past-grade-replaced" if was else "unit.past-grade-recorded",
        home.subject,
        code_of(home),
        home.code or "",
        facts={"year": year, "grade": grade, "document": row.document},
        was=was,
        sealed={"reason": clean_long(reason)} if reason else {},
    )
    record(event, by=by)
    return row
