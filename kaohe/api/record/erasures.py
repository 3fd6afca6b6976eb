"""Erasures of personal text over the API: one person asks, another carries out or refuses."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from ninja import Query, Router
from pydantic import ConfigDict, Field

from kaohe.api.answers import seen
from kaohe.api.callers import Caller, place_of
from kaohe.api.routes import listed, read, write
from kaohe.api.shapes import (
    Body,
    Instant,
    JurisdictionCode,
    Name,
    Object,
    Place,
    Reason,
    Shape,
)
from kaohe.core.access import Verb
from kaohe.core.texts import clean
from kaohe.organization.queries.erasures import (
    digest_of,
    doomed_by,
    entry_to_ask_about,
    get_request,
    person_to_ask_about,
    visible_requests,
)
from kaohe.organization.services import erasures as services

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kaohe.organization.models import ErasureRequest

router = Router(tags=["erasures"])
_SETTLE = Verb.ERASURE_CARRY_OUT
Basis = Literal[
    "purpose_ended",
    "period_ended",
    "consent_withdrawn",
    "unlawful_processing",
    "other_law",
    "judgment",
    "supervision",
]
TextName = Annotated[str, Field(min_length=1, max_length=80)]


class ErasureShape(Object):
    """A request; the texts that it is about have an address of their own."""

    jurisdiction: JurisdictionCode
    person: int | None = Field(
        validation_alias="person_id", description="Everything about this person; null: of entries."
    )
    basis: str
    document: str
    reason: str
    state: str = Field(description="asked, carried_out or refused.")
    answer: str = Field(description="Why it was refused.")
    asked_by: int = Field(validation_alias="asked_by_id")
    asked_at: Instant
    settled_by: int | None = Field(validation_alias="settled_by_id")
    settled_at: Instant | None


class DoomedShape(Shape):
    """An entry, and those of its texts that would go, or have gone."""

    entry: str
    subject: str
    action: str
    texts: dict[str, str | None] = Field(description="null: it is gone.")


class DoomedTexts(Shape):
    """All texts that a request is about."""

    what: str = Field(description="Stands for this list; send it to carry the request out.")
    entries: list[DoomedShape]


class ErasureFilters(Place):
    """What requests can be narrowed by."""

    state: Literal["", "asked", "carried_out", "refused"] = ""
    document: str = Field("", max_length=120, description="A part of it.")


_WHY: dict[str, Any] = {
    "basis": "judgment",
    "document": "示民初〔2026〕12号",
    "reason": "法院判决删除",
}


class AskPersonErasure(Body):
    """Why everything about a person is to be erased."""

    model_config = ConfigDict(json_schema_extra={"examples": [_WHY]})

    basis: Basis
    document: Name
    reason: Reason


class AskErasure(AskPersonErasure):
    """Which texts of an entry are to be erased, and why."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"names": ["name"], **_WHY}]})

    names: list[TextName] = Field(min_length=1, max_length=200)


class CarryOut(Body):
    """That exactly the texts that were looked at go."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"what": "0" * 64}]})

    what: str = Field(pattern="^[0-9a-f]{64}$")


class RefuseErasure(Body):
    """Why a request is refused."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "依法应当保存"}]})

    reason: Reason


@listed(router, "/erasures", Verb.ERASURE_READ, ErasureShape, by=("-id",))
def erasures(request: Caller, filters: Query[ErasureFilters]) -> "QuerySet[ErasureRequest]":
    """The requests for erasure that I may see, the latest first."""
    rows = visible_requests(request.user)
    if filters.jurisdiction:
        place = place_of(request, Verb.ERASURE_READ, filters.jurisdiction)
        rows = rows.filter(jurisdiction=place)
    if filters.state:
        rows = rows.filter(state=filters.state)
    text = clean(filters.document)
    return rows.filter(document__icontains=text) if text else rows


@read(router, "/erasures/{int:key}", Verb.ERASURE_READ, ErasureShape)
def erasure(request: Caller, key: int) -> "ErasureRequest":
    """One request."""
    return get_request(request.user, key)


@read(router, "/erasures/{int:key}/texts", Verb.ERASURE_READ, DoomedTexts)
def erasure_texts(request: Caller, key: int) -> dict[str, Any]:
    """The texts that would go, or, once it is settled, those that it was about."""
    doomed = doomed_by(get_request(request.user, key))
    return {
        "what": digest_of(doomed),
        "entries": [
            {
                "entry": each.entry.entry,
                "subject": each.entry.subject,
                "action": each.entry.action,
                "texts": dict(each.texts),
            }
            for each in doomed
        ],
    }


@write(
    router, "POST", "/entries/{slug:entry}/erase", Verb.ERASURE_ASK, ErasureShape, of_version=False
)
def ask_erasure(request: Caller, entry: str, body: AskErasure) -> "ErasureRequest":
    """Ask that texts of one entry be erased; needs trace.read, too."""
    row, place = entry_to_ask_about(request.user, entry.lower())
    return services.ask_erasure(by=request.user, entry=row, jurisdiction=place, **body.given())


@write(router, "POST", "/people/{int:key}/erase", Verb.ERASURE_ASK, ErasureShape, of_version=False)
def ask_person_erasure(request: Caller, key: int, body: AskPersonErasure) -> "ErasureRequest":
    """Ask that everything about a person be erased, from the record and from the register."""
    person = person_to_ask_about(request.user, key)
    return services.ask_person_erasure(by=request.user, person=person, **body.given())


@write(router, "POST", "/erasures/{int:key}/carry-out", _SETTLE, ErasureShape)
def carry_out_erasure(request: Caller, key: int, body: CarryOut) -> "ErasureRequest":
    """Erase the texts that were looked at, and no others."""
    row = get_request(request.user, key, _SETTLE)
    return services.carry_out_erasure(
        by=request.user, request=row, seen=seen(request), what=body.what
    )


@write(router, "POST", "/erasures/{int:key}/refuse", _SETTLE, ErasureShape)
def refuse_erasure(request: Caller, key: int, body: RefuseErasure) -> "ErasureRequest":
    """Refuse a request, and say why."""
    row = get_request(request.user, key, _SETTLE)
    return services.refuse_erasure(
        by=request.user, request=row, seen=seen(request), reason=body.reason
    )
