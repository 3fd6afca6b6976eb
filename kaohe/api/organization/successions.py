"""What becomes of units over the API: looked at first, then carried out."""

from typing import TYPE_CHECKING, Any, Literal

from django.db.models import Q
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from kaohe.api.callers import Caller, place_of
from kaohe.api.organization.succession_shapes import (
    CloseUnits,
    DeedBody,
    Done,
    MergeUnits,
    OutlookShape,
    RenameUnit,
    SplitUnit,
    TransferUnits,
    told,
)
from kaohe.api.organization.unit_shapes import SuccessionLine
from kaohe.api.routes import listed, write
from kaohe.api.shapes import Place
from kaohe.core.access import Verb
from kaohe.core.texts import clean
from kaohe.organization.queries.access import require
from kaohe.organization.queries.successions import chosen_units, outlook, successions_of
from kaohe.organization.services.successions import carry_out

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kaohe.organization.models import Succession

router = Router(tags=["successions"])
_V = Verb.UNIT_SUCCEED


class SuccessionFilters(Place):
    """What the list can be narrowed by."""

    q: str = Field("", max_length=120, description="A part of a name, or the start of a code.")
    kind: Literal["", "continuation", "absorption", "merger", "split"] = ""
    year: int | None = Field(None, ge=1900, le=2199)


@listed(router, "/successions", Verb.UNIT_READ, SuccessionLine, by=("-on", "-id"))
def successions(request: Caller, filters: Query[SuccessionFilters]) -> "QuerySet[Succession]":
    """What has followed what, the latest first."""
    place = place_of(request, Verb.UNIT_READ, filters.jurisdiction)
    rows = successions_of(request.user, place)
    if text := clean(filters.q):
        rows = rows.filter(
            Q(unit__name__icontains=text)
            | Q(predecessor__name__icontains=text)
            | Q(code__istartswith=text)
            | Q(predecessor_code__istartswith=text)
        )
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    return rows.filter(year=filters.year) if filters.year else rows


def _looked_at(request: Caller, body: DeedBody) -> dict[str, Any]:
    place = place_of(request, _V, body.jurisdiction)
    require(request.user, _V, place)
    units = chosen_units(request.user, place, (each.unit for each in body.units))
    return told(outlook(body.asked(), units, timezone.localdate()))


def _carried_out(request: Caller, body: DeedBody) -> dict[str, Any]:
    place = place_of(request, _V, body.jurisdiction)
    units = carry_out(by=request.user, jurisdiction=place, asked=body.asked(), seen=body.seen())
    return {"units": units}


@write(router, "POST", "/successions/rename/preview", _V, OutlookShape)
def preview_rename(request: Caller, body: RenameUnit) -> dict[str, Any]:
    """Say what would follow if a unit were renamed; nothing is changed."""
    return _looked_at(request, body)


@write(router, "POST", "/successions/rename", _V, Done)
def rename_unit(request: Caller, body: RenameUnit) -> dict[str, Any]:
    """Give a unit a new name, a new code, or both, from a day on."""
    return _carried_out(request, body)


@write(router, "POST", "/successions/merge/preview", _V, OutlookShape)
def preview_merge(request: Caller, body: MergeUnits) -> dict[str, Any]:
    """Say what would follow if units were merged; nothing is changed."""
    return _looked_at(request, body)


@write(router, "POST", "/successions/merge", _V, Done)
def merge_units(request: Caller, body: MergeUnits) -> dict[str, Any]:
    """Merge units into one of them, or into a new one."""
    return _carried_out(request, body)


@write(router, "POST", "/successions/split/preview", _V, OutlookShape)
def preview_split(request: Caller, body: SplitUnit) -> dict[str, Any]:
    """Say what would follow if a unit were split; nothing is changed."""
    return _looked_at(request, body)


@write(router, "POST", "/successions/split", _V, Done)
def split_unit(request: Caller, body: SplitUnit) -> dict[str, Any]:
    """Split new units off a unit, which goes on or ends."""
    return _carried_out(request, body)


@write(router, "POST", "/successions/transfer/preview", _V, OutlookShape)
def preview_transfer(request: Caller, body: TransferUnits) -> dict[str, Any]:
    """Say what would follow if units were transferred; nothing is changed."""
    return _looked_at(request, body)


@write(router, "POST", "/successions/transfer", _V, Done)
def transfer_units(request: Caller, body: TransferUnits) -> dict[str, Any]:
    """Transfer units to another department."""
    return _carried_out(request, body)


@write(router, "POST", "/successions/close/preview", _V, OutlookShape)
def preview_close(request: Caller, body: CloseUnits) -> dict[str, Any]:
    """Say what would follow if units were closed; nothing is changed."""
    return _looked_at(request, body)


@write(router, "POST", "/successions/close", _V, Done)
def close_units(request: Caller, body: CloseUnits) -> dict[str, Any]:
    """Close units that no other follows."""
    return _carried_out(request, body)
