"""Sittings of the committee over the API: planned, opened, minuted, closed."""

from typing import TYPE_CHECKING, Any

from ninja import Query, Router

from kaohe.api.answers import seen
from kaohe.api.callers import Caller, place_of
from kaohe.api.files import download
from kaohe.api.organization.committee import committee_to_manage
from kaohe.api.organization.papers import DOCX, PDF, as_docx, as_pdf
from kaohe.api.organization.sitting_shapes import (
    CorrectSitting,
    MattersShape,
    NoteRoll,
    OutlineShape,
    PlanSitting,
    RollShape,
    SittingFilters,
    SittingLine,
    SittingShape,
    WriteMinutes,
)
from kaohe.api.routes import listed, read, write
from kaohe.core.access import Verb
from kaohe.core.texts import clean
from kaohe.organization.papers.minutes import minutes_outline, minutes_paper
from kaohe.organization.queries import committee as queries
from kaohe.organization.services import sittings as services

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kaohe.organization.models import Sitting

router = Router(tags=["sittings"])


@listed(router, "/sittings", Verb.COMMITTEE_READ, SittingLine, by=("-held_on", "-id"))
def sittings(request: Caller, filters: Query[SittingFilters]) -> "QuerySet[Sitting]":
    """The sittings of the committee of a jurisdiction, the latest first."""
    place = place_of(request, Verb.COMMITTEE_READ, filters.jurisdiction)
    rows = queries.sittings_of(request.user, place)
    if text := clean(filters.q):
        rows = rows.filter(title__icontains=text)
    return rows.filter(state=filters.state) if filters.state else rows


@read(router, "/sittings/{int:key}", Verb.COMMITTEE_READ, SittingShape)
def sitting(request: Caller, key: int) -> "Sitting":
    """One sitting with its minutes."""
    return queries.get_sitting(request.user, key)


@read(router, "/sittings/{int:key}/roll", Verb.COMMITTEE_READ, RollShape)
def sitting_roll(request: Caller, key: int) -> dict[str, Any]:
    """Who was or is to be at a sitting, and whether they came."""
    return {"items": queries.roll_of(queries.get_sitting(request.user, key))}


@read(router, "/sittings/{int:key}/matters", Verb.COMMITTEE_READ, MattersShape)
def sitting_matters(request: Caller, key: int) -> dict[str, Any]:
    """The agenda of a sitting: its matters, who stands aside, what was decided."""
    row = queries.get_sitting(request.user, key)
    return {"items": queries.matters_of(row, queries.roll_of(row))}


@read(router, "/sittings/{int:key}/outline", Verb.COMMITTEE_READ, OutlineShape)
def sitting_outline(request: Caller, key: int) -> dict[str, Any]:
    """What the minutes can begin with: a paragraph for each matter, its decision in it."""
    row = queries.get_sitting(request.user, key)
    return {"text": minutes_outline(row, queries.matters_of(row, queries.roll_of(row)))}


@download(router, "/sittings/{int:key}/paper.pdf", Verb.COMMITTEE_READ, media=PDF)
def sitting_pdf(request: Caller, key: int) -> tuple[bytes, str]:
    """The minutes as they are printed."""
    return as_pdf(minutes_paper(queries.get_sitting(request.user, key)))


@download(router, "/sittings/{int:key}/paper.docx", Verb.COMMITTEE_READ, media=DOCX)
def sitting_docx(request: Caller, key: int) -> tuple[bytes, str]:
    """The minutes as a Word file."""
    return as_docx(minutes_paper(queries.get_sitting(request.user, key)))


@write(router, "POST", "/sittings", Verb.COMMITTEE_MANAGE, SittingShape, status=201)
def plan_sitting(request: Caller, body: PlanSitting) -> "Sitting":
    """Put a sitting on the calendar."""
    row = committee_to_manage(request, body.jurisdiction)
    return services.plan_sitting(by=request.user, committee=row, **body.given("jurisdiction"))


@write(router, "PATCH", "/sittings/{int:key}", Verb.COMMITTEE_MANAGE, SittingShape)
def correct_sitting(request: Caller, key: int, body: CorrectSitting) -> "Sitting":
    """Mend title, day or place, or put a sitting off."""
    row = queries.get_sitting(request.user, key)
    kept = {name: getattr(row, name) for name in ("title", "held_on", "location")}
    return services.correct_sitting(
        by=request.user, sitting=row, seen=seen(request), **{**kept, **body.given()}
    )


@write(router, "POST", "/sittings/{int:key}/open", Verb.COMMITTEE_MANAGE, SittingShape)
def open_sitting(request: Caller, key: int) -> "Sitting":
    """Say that a sitting has begun."""
    row = queries.get_sitting(request.user, key)
    return services.open_sitting(by=request.user, sitting=row, seen=seen(request))


@write(
    router, "POST", "/sittings/{int:key}/roll", Verb.COMMITTEE_MANAGE, RollShape, of_version=False
)
def note_roll(request: Caller, key: int, body: NoteRoll) -> dict[str, Any]:
    """Note who came, and why others did not."""
    row = queries.get_sitting(request.user, key)
    services.note_attendance(
        by=request.user,
        sitting=row,
        present={each.seat: each.present for each in body.roll},
        reasons={each.seat: each.reason for each in body.roll},
    )
    return {"items": queries.roll_of(row)}


@write(router, "POST", "/sittings/{int:key}/minutes", Verb.COMMITTEE_MANAGE, SittingShape)
def write_minutes(request: Caller, key: int, body: WriteMinutes) -> "Sitting":
    """Keep the minutes of a sitting that has begun."""
    row = queries.get_sitting(request.user, key)
    return services.write_minutes(
        by=request.user, sitting=row, seen=seen(request), minutes=body.minutes
    )


@write(router, "POST", "/sittings/{int:key}/close", Verb.COMMITTEE_DECIDE, SittingShape)
def close_sitting(request: Caller, key: int) -> "Sitting":
    """Confirm what was decided and close a sitting; nothing of it changes afterwards."""
    row = queries.get_sitting(request.user, key)
    return services.close_sitting(by=request.user, sitting=row, seen=seen(request))
