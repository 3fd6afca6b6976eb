"""Matters of sittings over the API: who stands aside, what is decided."""

from typing import TYPE_CHECKING, Any

from ninja import Router

from kaohe.api.answers import seen
from kaohe.api.callers import Caller
from kaohe.api.organization.sitting_shapes import (
    CorrectMatter,
    Decide,
    DecisionShape,
    EnterMatter,
    MatterShape,
    RecusalShape,
    Recuse,
    WithdrawRecusal,
)
from kaohe.api.routes import read, write
from kaohe.core.access import Verb
from kaohe.organization.queries import committee as queries
from kaohe.organization.queries.access import one
from kaohe.organization.queries.departments import open_departments
from kaohe.organization.services import decisions
from kaohe.organization.services import sittings as services

if TYPE_CHECKING:
    from kaohe.organization.models import AgendaItem, Decision, Jurisdiction, Recusal

router = Router(tags=["matters"])


@read(router, "/matters/{int:key}", Verb.COMMITTEE_READ, MatterShape)
def matter(request: Caller, key: int) -> "AgendaItem":
    """One matter of a sitting."""
    return queries.get_item(request.user, key)


@write(router, "POST", "/matters", Verb.COMMITTEE_MANAGE, MatterShape, status=201)
def enter_matter(request: Caller, body: EnterMatter) -> "AgendaItem":
    """Put a matter at the end of the agenda of a sitting."""
    row = queries.get_sitting(request.user, body.sitting)
    told = _about(row.jurisdiction, body, None)
    return services.enter_matter(by=request.user, sitting=row, **told)


def _about(place: "Jurisdiction", body: CorrectMatter, keep: int | None) -> dict[str, Any]:
    """What was sent of a matter, with what it is about as rows."""
    told = body.given("sitting")
    choices = {
        "department": open_departments(place),
        "unit": queries.units_to_name(place),
        "document_version": queries.versions_to_decide(place, keep),
    }
    for name, rows in choices.items():
        if told.get(name) is not None:
            told[name] = one(rows, told[name])
    return told


@write(router, "PATCH", "/matters/{int:key}", Verb.COMMITTEE_MANAGE, MatterShape)
def correct_matter(request: Caller, key: int, body: CorrectMatter) -> "AgendaItem":
    """Mend a matter that is not decided."""
    row = queries.get_item(request.user, key)
    told = _about(row.jurisdiction, body, row.document_version_id)
    return services.correct_matter(by=request.user, item=row, seen=seen(request), **told)


@write(
    router,
    "POST",
    "/matters/{int:key}/decide",
    Verb.COMMITTEE_MANAGE,
    DecisionShape,
    of_version=False,
)
def decide(request: Caller, key: int, body: Decide) -> "Decision":
    """Record what a sitting decided on a matter; the director confirms it with the sitting."""
    row = queries.get_item(request.user, key)
    answers = {each.seat: decisions.Answer(each.aside, each.reason) for each in body.answers}
    return decisions.decide(by=request.user, item=row, answers=answers, **body.given("answers"))


@read(router, "/recusals/{int:key}", Verb.COMMITTEE_READ, RecusalShape)
def recusal(request: Caller, key: int) -> "Recusal":
    """One recusal."""
    return queries.get_recusal(request.user, key)


@write(router, "POST", "/recusals", Verb.COMMITTEE_MANAGE, RecusalShape, status=201)
def recuse(request: Caller, body: Recuse) -> "Recusal":
    """Record that the holder of a seat stands aside in a matter."""
    item = queries.get_item(request.user, body.matter)
    seat = queries.get_seat(request.user, body.seat)
    return decisions.recuse(by=request.user, item=item, seat=seat, reason=body.reason)


@write(
    router,
    "POST",
    "/recusals/{int:key}/withdraw",
    Verb.COMMITTEE_MANAGE,
    MatterShape,
    of_version=False,
)
def withdraw_recusal(request: Caller, key: int, body: WithdrawRecusal) -> "AgendaItem":
    """Take back a recusal that was recorded by mistake; the record keeps that it was."""
    row = queries.get_recusal(request.user, key)
    return decisions.withdraw_recusal(by=request.user, recusal=row, reason=body.reason)
