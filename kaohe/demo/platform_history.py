"""What lies behind the demonstration city: grades, posts, the register of earlier years."""

from collections.abc import Iterable
from datetime import date

from kaohe.core.rows import PastGrade
from kaohe.demo.platform_accounts import Cast
from kaohe.demo.platform_register import Roll
from kaohe.organization.models import Jurisdiction, Succession, Unit
from kaohe.organization.services.history import record_past_grade
from kaohe.organization.services.people import appoint
from kaohe.organization.services.snapshots import take_snapshot

OFFICE = "kaoban"


def units_by_code(city: Jurisdiction) -> dict[str, Unit]:
    """The units of the city, also by the codes that they had before."""
    rows = Unit.objects.filter(jurisdiction=city).select_related("jurisdiction", "department")
    found = {str(unit.code): unit for unit in rows}
    kept = Succession.objects.filter(jurisdiction=city, kind="continuation")
    for code, before in kept.values_list("code", "predecessor_code"):
        found[before] = found[code]
    return found


def enter_grades(cast: Cast, city: Jurisdiction, grades: Iterable[PastGrade]) -> int:
    """The grades of three earlier years, of the units that exist; how many."""
    by, units = cast.user(OFFICE), units_by_code(city)
    rows = [row for row in grades if row.unit in units]
    for row in rows:
        record_past_grade(
            by=by,
            unit=units[row.unit],
            year=row.year,
            grade=row.grade,
            document=row.document or "",
        )
    return len(rows)


def change_posts(cast: Cast, city: Jurisdiction, roll: Roll) -> int:
    """The successors in office, each from their day; how many."""
    by, units = cast.user(OFFICE), units_by_code(city)
    for row in roll.later:
        unit = units[row.unit]
        before = unit.tenures.get(post=row.post, to_on__isnull=True)
        appoint(
            by=by,
            place=unit,
            post=row.post,
            name=row.person,
            title=before.title,
            from_on=row.from_on,
            document=f"示组干〔{row.from_on.year}〕{row.from_on.month}号",
            relieve=True,
        )
    return len(roll.later)


def fix_years(cast: Cast, city: Jurisdiction, today: date) -> None:
    """The register as it was at the end of each of the two years before this one."""
    by = cast.user(OFFICE)
    for year in (today.year - 2, today.year - 1):
        take_snapshot(by=by, jurisdiction=city, year=year, on=date(year, 12, 31))
