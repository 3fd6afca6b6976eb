"""The register of units over the API."""

from typing import TYPE_CHECKING, Any, Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from kaohe.api.answers import seen
from kaohe.api.callers import Caller, place_of
from kaohe.api.organization.unit_entries import UnitEntry
from kaohe.api.organization.unit_shapes import (
    Category,
    CorrectUnit,
    EnterUnit,
    GradeShape,
    RecordGrade,
    SetNames,
    Status,
    UnitGrades,
    UnitHistory,
    UnitLine,
    UnitRemarks,
    UnitShape,
    YearShape,
)
from kaohe.api.routes import listed, read, write
from kaohe.api.shapes import Paging, Place
from kaohe.core.access import Verb
from kaohe.core.register_fields import NEEDED_FOR_YEAR, missing_for_year
from kaohe.core.texts import clean
from kaohe.organization.queries.access import one, visible_units, with_actors
from kaohe.organization.queries.snapshots import years_of_unit
from kaohe.organization.queries.units import (
    as_lines,
    by_certificate,
    department_to_manage,
    found_by,
    get_unit,
    grades_of,
    lineage_of,
    names_of,
    names_over_time,
    over_establishment,
    streak_of,
    trace_of,
    units_of,
    without_leaders,
    worth_a_look,
)
from kaohe.organization.services import history
from kaohe.organization.services import units as services

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kaohe.journal.models import JournalEntry
    from kaohe.organization.models import PastGrade, Unit, UnitYear

router = Router(tags=["units"])


class UnitFilters(Place):
    """What the register can be narrowed by; closed units come when they are asked for."""

    q: str = Field("", max_length=120, description="A part of any name, or of the code.")
    code: str = Field("", max_length=18, description="The whole code.")
    department: int | None = Field(None, ge=1, le=2**63 - 1)
    category: Category | Literal[""] = ""
    group: str = Field("", max_length=60)
    status: Status | Literal[""] = ""
    certificate: Literal["", "expired", "near", "soon", "none"] = ""
    certificate_month: str = Field("", pattern="^([12][0-9]{3}-(0[1-9]|1[0-2]))?$")
    post: Literal["", "missing", "over"] = Field(
        "", description="No principal or legal representative; more posts filled than approved."
    )
    open: Literal["open", "closed", "all"] = "open"


@listed(router, "/units", Verb.UNIT_READ, UnitLine, by=("name", "id"))
def units(request: Caller, filters: Query[UnitFilters]) -> "QuerySet[Unit]":
    """The units of a jurisdiction, by name, with who leads them today."""
    place = place_of(request, Verb.UNIT_READ, filters.jurisdiction)
    return as_lines(_narrowed(units_of(request.user, place), filters))


def _narrowed(rows: "QuerySet[Unit]", filters: UnitFilters) -> "QuerySet[Unit]":
    equal = ("code", "department", "category", "group", "status")
    wanted = {name: value for name in equal if (value := getattr(filters, name))}
    rows = rows.filter(**wanted)
    if text := clean(filters.q):
        rows = found_by(rows, text)
    if filters.certificate:
        rows = by_certificate(rows, filters.certificate, timezone.localdate())
    if filters.certificate_month:
        year, _stroke, month = filters.certificate_month.partition("-")
        rows = rows.filter(cert_to__year=int(year), cert_to__month=int(month))
    if filters.post:
        rows = over_establishment(rows) if filters.post == "over" else without_leaders(rows)
    if filters.open != "all":
        rows = rows.filter(closed_on__isnull=filters.open == "open")
    return rows


def with_other_names(row: "Unit") -> "Unit":
    """A unit as its shape shows it: with its short name, its plates, its undated former names."""
    for name, value in names_of(row).items():
        setattr(row, name, value)
    return row


@read(router, "/units/{int:key}", Verb.UNIT_READ, UnitShape)
def unit(request: Caller, key: int) -> "Unit":
    """One unit with all that the register says of it."""
    return with_other_names(one(visible_units(request.user), key))


@read(router, "/units/{int:key}/names", Verb.UNIT_READ, UnitHistory)
def unit_names(request: Caller, key: int) -> dict[str, Any]:
    """Names, departments, forerunners and successors of a unit over time."""
    row = get_unit(request.user, key)
    before, after = lineage_of(row)
    for each in before:
        each.unit = row
    for each in after:
        each.predecessor = row
    affiliations = list(row.affiliations.select_related("department").order_by("-id"))
    return {
        "names": names_over_time(row),
        "affiliations": [
            {**vars(each), "department_name": each.department.name} for each in affiliations
        ],
        "predecessors": before,
        "successors": after,
    }


@read(router, "/units/{int:key}/grades", Verb.UNIT_READ, UnitGrades)
def unit_grades(request: Caller, key: int) -> dict[str, Any]:
    """The grades of the years before the platform, and the run that the last one ends."""
    known = grades_of(get_unit(request.user, key))
    return {"grades": known, "streak": streak_of(known)}


@read(router, "/units/{int:key}/remarks", Verb.UNIT_READ, UnitRemarks)
def unit_remarks(request: Caller, key: int) -> dict[str, Any]:
    """What is worth a look about a unit, and what it lacks before the register of a year."""
    row = get_unit(request.user, key)
    lacking: tuple[str, ...] = ()
    if row.closed_on is None:
        lacking = missing_for_year({name: getattr(row, name) for name in NEEDED_FOR_YEAR})
        lacking = lacking if row.code else ("code", *lacking)
    remarks = [
        {
            "field": each.column,
            "code": each.code,
            "what": each.sentence(_),
            "how": each.remedy(_),
        }
        for each in worth_a_look(row)
    ]
    return {"remarks": remarks, "missing": lacking}


@listed(
    router,
    "/units/{int:key}/snapshots",
    Verb.UNIT_READ,
    YearShape,
    by=("-year", "-edition", "id"),
)
def unit_snapshots(request: Caller, key: int, filters: Query[Paging]) -> "QuerySet[UnitYear]":
    """What a unit was in each year that was fixed, the latest first."""
    rows = years_of_unit(get_unit(request.user, key))
    return rows.select_related("jurisdiction")


@listed(router, "/units/{int:key}/record", Verb.TRACE_READ, UnitEntry, by=("-id",))
def unit_record(request: Caller, key: int, filters: Query[Paging]) -> "QuerySet[JournalEntry]":
    """Everything on record that concerns a unit, the latest first."""
    row = one(visible_units(request.user, Verb.TRACE_READ), key)
    return with_actors(trace_of(row))


@write(router, "POST", "/units", Verb.UNIT_MANAGE, UnitShape, status=201)
def enter_unit(request: Caller, body: EnterUnit) -> "Unit":
    """Enter a unit under a department, with who is in post."""
    told = body.arguments()
    department = department_to_manage(request.user, told.pop("department"))
    row = services.enter_unit(
        by=request.user,
        jurisdiction=department.jurisdiction,
        department=department,
        **told,
    )
    return with_other_names(row)


@write(router, "PATCH", "/units/{int:key}", Verb.UNIT_MANAGE, UnitShape)
def correct_unit(request: Caller, key: int, body: CorrectUnit) -> "Unit":
    """Mend what the register says of a unit, or bring it up to date."""
    row = get_unit(request.user, key)
    done = services.correct_unit(by=request.user, unit=row, seen=seen(request), **body.given())
    return with_other_names(done)


@write(router, "POST", "/units/{int:key}/names", Verb.UNIT_MANAGE, UnitShape)
def set_unit_names(request: Caller, key: int, body: SetNames) -> "Unit":
    """Say which short name and plates a unit has from a day on; those left out end."""
    row = get_unit(request.user, key)
    done = services.set_names(by=request.user, unit=row, seen=seen(request), **dict(body))
    return with_other_names(done)


@write(router, "POST", "/units/{int:key}/grades", Verb.UNIT_MANAGE, GradeShape, of_version=False)
def record_unit_grade(request: Caller, key: int, body: RecordGrade) -> "PastGrade":
    """Put the grade of an earlier year on record; one that was wrong is replaced with a reason."""
    row = get_unit(request.user, key)
    return history.record_past_grade(by=request.user, unit=row, **body.given())
