"""The log over the API: its checkpoints, its keys, how sealing stands, who watches it."""

from typing import TYPE_CHECKING, Annotated, Any

from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import ConfigDict, Field, field_validator

from kaohe.api.answers import seen
from kaohe.api.callers import Caller
from kaohe.api.routes import listed, read, write
from kaohe.api.shapes import Body, Instant, Name, Object, Paging, Reason, Shape
from kaohe.core.access import Target, Verb
from kaohe.organization.queries.access import require
from kaohe.organization.queries.checkpoints import checkpoints_seen_by, get_checkpoint
from kaohe.organization.queries.witnesses import (
    MOST_COUNTED,
    get_witness,
    sealing_state,
    witnesses_seen_by,
)
from kaohe.organization.services import witnesses as services

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kaohe.journal.models import Checkpoint, Witness

router = Router(tags=["log"])


class CheckpointLine(Shape):
    """A checkpoint in a list."""

    size: int = Field(description="How many entries it covers.")
    root: str
    at: Instant


class CosignatureShape(Shape):
    """A witness' signature over a checkpoint."""

    witness: int = Field(validation_alias="witness_id")
    at: Instant = Field(description="By the witness' clock.")
    line: str


class CheckpointShape(CheckpointLine):
    """A checkpoint with its signed note."""

    note: str = Field(description="As the log signed it; lines of witnesses go below it.")
    cosignatures: list[CosignatureShape]

    @field_validator("cosignatures", mode="before")
    @classmethod
    def _all(cls, rows: Any) -> Any:
        return rows.all() if hasattr(rows, "all") else rows


class TroubleShape(Shape):
    """The last failure that was noted."""

    code: str
    facts: dict[str, Any]


class LogShape(Shape):
    """How sealing stands."""

    origin: str = Field(description="The log's name; empty while nothing was ever sealed.")
    vkeys: list[str] = Field(description="Every key that the log ever had, the newest first.")
    is_changing_keys: bool
    size: int = Field(description="How many entries the latest checkpoint covers.")
    root: str
    signed_at: Instant | None
    pending: int = Field(description=f"Entries that wait; {MOST_COUNTED} at most are counted.")
    waits_since: Instant | None
    is_stuck: bool
    told_at: Instant | None = Field(description="When the sealer last told of itself.")
    trouble: TroubleShape | None
    damage: str = Field(description="Why the keys cannot be read; empty: they can.")


class WitnessShape(Object):
    """A witness, as far as its version covers."""

    name: str
    vkey: str
    url: str = Field(description="Empty: it fetches by itself, or by USB stick.")
    added_at: Instant
    ended_at: Instant | None


class WitnessLine(WitnessShape):
    """A witness in a list, with what it has seen."""

    state: str = Field(description="seen, behind, new, failing, late or ended.")
    behind: int
    since: Instant | None = Field(description="When what it has not seen was first signed.")
    seen_at: Instant | None
    trouble: TroubleShape | None


class Witnesses(Shape):
    """All witnesses, those that still watch first."""

    items: list[WitnessLine]


Url = Annotated[str, Field(max_length=300)]


class CorrectWitness(Body):
    """What may change of a witness."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "市审计局"}]})

    name: Name
    url: Url = ""


class AddWitness(CorrectWitness):
    """A witness that was not there."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "市审计局",
                    "vkey": "audit.example.gov.cn/witness+94aa1fb1+"
                    "BHR2DYAY8dCTALCRmK/KtNUrqrY3EZsM3vAO8g4y0n0q",
                }
            ]
        }
    )

    vkey: Annotated[str, Field(min_length=1, max_length=300)]


class EndWitness(Body):
    """Why a witness is asked no more."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "更换设备"}]})

    reason: Reason


@listed(router, "/checkpoints", Verb.TRACE_READ, CheckpointLine, by=("-size",))
def checkpoints(request: Caller, filters: Query[Paging]) -> "QuerySet[Checkpoint]":
    """The checkpoints of the log, the latest first."""
    return checkpoints_seen_by(request.user).prefetch_related(None)


@read(router, "/checkpoints/{int:size}", Verb.TRACE_READ, CheckpointShape)
def checkpoint(request: Caller, size: int) -> "Checkpoint":
    """The checkpoint over so many entries, with the signatures of log and witnesses."""
    return get_checkpoint(request.user, size)


@read(router, "/log", Verb.TRACE_READ, LogShape)
def log(request: Caller) -> dict[str, Any]:
    """How sealing stands, for who reads the record."""
    return _log()


@read(router, "/system/log", Verb.SYSTEM_READ, LogShape)
def log_of_system(request: Caller) -> dict[str, Any]:
    """How sealing stands, for who keeps the system."""
    return _log()


def _log() -> dict[str, Any]:
    state = sealing_state()
    last = state.checkpoint
    return {
        "origin": state.origin,
        "vkeys": state.vkeys,
        "is_changing_keys": state.is_changing,
        "size": last.size if last else 0,
        "root": last.root if last else "",
        "signed_at": last.at if last else None,
        "pending": state.pending,
        "waits_since": state.waits_since,
        "is_stuck": state.is_stuck,
        "told_at": state.told_at,
        "trouble": _trouble(state.trouble),
        "damage": state.damage.say(_) if state.damage else "",
    }


def _trouble(told: Any) -> dict[str, Any] | None:
    if not told:
        return None
    return {"code": str(told.get("code", "")), "facts": told.get("facts") or {}}


def _witnesses(request: Caller) -> dict[str, Any]:
    items = []
    for each in witnesses_seen_by(request.user):
        row: Any = each.row
        told = {name: getattr(row, name) for name in (*WitnessShape.model_fields, "seen_at")}
        items.append(
            {
                **told,
                "state": each.state,
                "behind": each.behind,
                "since": each.since,
                "trouble": _trouble(row.trouble) if each.fails else None,
            }
        )
    return {"items": items}


@read(router, "/witnesses", Verb.TRACE_READ, Witnesses)
def witnesses(request: Caller) -> dict[str, Any]:
    """Who watches the log, and how far behind each is, for who reads the record."""
    return _witnesses(request)


@read(router, "/system/witnesses", Verb.SYSTEM_READ, Witnesses)
def witnesses_of_system(request: Caller) -> dict[str, Any]:
    """The same for who keeps the system."""
    return _witnesses(request)


@read(router, "/system/witnesses/{int:key}", Verb.SYSTEM_READ, WitnessShape)
def witness(request: Caller, key: int) -> "Witness":
    """One witness."""
    return get_witness(request.user, key)


def _must_be_whole(request: Caller) -> None:
    """The log belongs to the installation: a token that is confined to a city does not reach it."""
    require(request.user, Verb.SYSTEM_MANAGE, Target())


@write(router, "POST", "/system/witnesses", Verb.SYSTEM_MANAGE, WitnessShape, status=201)
def add_witness(request: Caller, body: AddWitness) -> "Witness":
    """Have another organisation's machine watch the log."""
    _must_be_whole(request)
    return services.add_witness(by=request.user, **body.given())


@write(router, "PATCH", "/system/witnesses/{int:key}", Verb.SYSTEM_MANAGE, WitnessShape)
def correct_witness(request: Caller, key: int, body: CorrectWitness) -> "Witness":
    """Mend name and address of a witness; another key is another witness."""
    _must_be_whole(request)
    row = get_witness(request.user, key)
    return services.correct_witness(
        by=request.user, witness=row, seen=seen(request), **{"url": row.url, **body.given()}
    )


@write(router, "POST", "/system/witnesses/{int:key}/end", Verb.SYSTEM_MANAGE, WitnessShape)
def end_witness(request: Caller, key: int, body: EndWitness) -> "Witness":
    """Ask a witness no more; what it has cosigned stays valid."""
    _must_be_whole(request)
    row = get_witness(request.user, key)
    return services.end_witness(
        by=request.user, witness=row, seen=seen(request), reason=body.reason
    )
