"""Adjustments of targets over the API: proposed, reviewed, returned, finalised, withdrawn."""

from typing import TYPE_CHECKING

from ninja import Query, Router

from kaohe.api.answers import seen
from kaohe.api.callers import Caller
from kaohe.api.indicators.target_shapes import (
    AdjustmentFilters,
    AdjustmentShape,
    Nothing,
    ProposeAdjustment,
    ProposeAgain,
    ReturnTargets,
    WithdrawAdjustment,
)
from kaohe.api.routes import listed, read, write
from kaohe.core.access import Verb
from kaohe.indicators.queries import adjustments as queries
from kaohe.indicators.queries.years import get_participant
from kaohe.indicators.services import adjustments as services

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kaohe.indicators.models import Adjustment

router = Router(tags=["targets"])
ROOT, ONE = "/adjustments", "/adjustments/{int:key}"
_D, _R, _F = Verb.TARGET_DECLARE, Verb.TARGET_REVIEW, Verb.TARGET_FINALISE


@listed(router, ROOT, Verb.SHEET_READ, AdjustmentShape, by=("id",))
def adjustments(request: Caller, filters: Query[AdjustmentFilters]) -> "QuerySet[Adjustment]":
    """The adjustments of targets that one may see."""
    rows = queries.all_adjustments(request.user)
    if filters.year is not None:
        rows = rows.filter(participant__assessment_year__year=filters.year)
    if filters.state:
        rows = rows.filter(state=filters.state)
    return rows.filter(participant__code=filters.code) if filters.code else rows


@read(router, ONE, Verb.SHEET_READ, AdjustmentShape)
def adjustment(request: Caller, key: int) -> "Adjustment":
    """One adjustment: old and new of each value, reason, document."""
    return queries.get_adjustment(request.user, key)


def _propose(request: Caller, body: ProposeAdjustment, verb: Verb) -> "Adjustment":
    return services.propose_adjustment(
        by=request.user,
        participant=get_participant(request.user, body.participant, verb),
        wanted=body.wanted(),
        reason=body.reason,
        document=body.document,
        as_department=verb is _R,
    )


@write(router, "POST", ROOT, _D, AdjustmentShape, status=201)
def propose_adjustment(request: Caller, body: ProposeAdjustment) -> "Adjustment":
    """Propose, as the unit, that values of its sheet be changed in mid-year."""
    return _propose(request, body, _D)


@write(router, "POST", f"{ROOT}/for-unit", _R, AdjustmentShape)
def propose_adjustment_for(request: Caller, body: ProposeAdjustment) -> "Adjustment":
    """Propose it as the department for its unit, which is its review at once."""
    return _propose(request, body, _R)


def _again(request: Caller, key: int, body: ProposeAgain, verb: Verb) -> "Adjustment":
    return services.propose_again(
        by=request.user,
        adjustment=queries.get_adjustment(request.user, key, verb),
        seen=seen(request),
        wanted=body.wanted(),
        reason=body.reason,
        document=body.document,
        as_department=verb is _R,
    )


@write(router, "POST", f"{ONE}/again", _D, AdjustmentShape)
def propose_again(request: Caller, key: int, body: ProposeAgain) -> "Adjustment":
    """Propose once more, as the unit, what was returned."""
    return _again(request, key, body, _D)


@write(router, "POST", f"{ONE}/again-for-unit", _R, AdjustmentShape)
def propose_again_for(request: Caller, key: int, body: ProposeAgain) -> "Adjustment":
    """Propose once more, as the department, what was returned."""
    return _again(request, key, body, _R)


def _withdraw(request: Caller, key: int, reason: str, verb: Verb) -> "Adjustment":
    return services.withdraw_adjustment(
        by=request.user,
        adjustment=queries.get_adjustment(request.user, key, verb),
        seen=seen(request),
        reason=reason,
        as_department=verb is _R,
    )


@write(router, "POST", f"{ONE}/withdraw", _D, AdjustmentShape)
def withdraw_adjustment(request: Caller, key: int, body: WithdrawAdjustment) -> "Adjustment":
    """Withdraw, as the unit, what is not decided; the sheet stays as it is."""
    return _withdraw(request, key, body.reason, _D)


@write(router, "POST", f"{ONE}/withdraw-for-unit", _R, AdjustmentShape)
def withdraw_adjustment_for(request: Caller, key: int, body: WithdrawAdjustment) -> "Adjustment":
    """Withdraw, as the department, what it proposed."""
    return _withdraw(request, key, body.reason, _R)


@write(router, "POST", f"{ONE}/review", _R, AdjustmentShape)
def review_adjustment(request: Caller, key: int, body: Nothing) -> "Adjustment":
    """Accept, as the department, what its unit proposed."""
    row = queries.get_adjustment(request.user, key, _R)
    return services.review_adjustment(by=request.user, adjustment=row, seen=seen(request))


def _return(request: Caller, key: int, reason: str, verb: Verb) -> "Adjustment":
    row = queries.get_adjustment(request.user, key, verb)
    return services.return_adjustment(
        by=request.user, adjustment=row, seen=seen(request), reason=reason
    )


@write(router, "POST", f"{ONE}/return", _R, AdjustmentShape)
def return_adjustment(request: Caller, key: int, body: ReturnTargets) -> "Adjustment":
    """Return, as the department, what its unit proposed."""
    return _return(request, key, body.reason, _R)


@write(router, "POST", f"{ONE}/office-return", _F, AdjustmentShape)
def office_return_adjustment(request: Caller, key: int, body: ReturnTargets) -> "Adjustment":
    """Return, as the office, what a department reviewed."""
    return _return(request, key, body.reason, _F)


@write(router, "POST", f"{ONE}/finalise", _F, AdjustmentShape)
def finalise_adjustment(request: Caller, key: int, body: Nothing) -> "Adjustment":
    """Finalise an adjustment: the unit's sheet gets its next version."""
    row = queries.get_adjustment(request.user, key, _F)
    return services.finalise_adjustment(by=request.user, adjustment=row, seen=seen(request))
