"""Assessment years and their calendar over the API."""

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router

from kaohe.api.answers import seen
from kaohe.api.callers import Caller, place_of
from kaohe.api.indicators.year_shapes import (
    AssessmentYearShape,
    CalendarStepShape,
    CorrectYear,
    EmptyBody,
    FinishStep,
    Journey,
    LinkDocument,
    MoveStep,
    OpenYear,
    ReopenYear,
    WhyStep,
    YearFilters,
)
from kaohe.api.routes import listed, read, write
from kaohe.core.access import Verb
from kaohe.core.year_steps import STAGE_WORDS
from kaohe.indicators.queries.journey import StageState, StepState, get_step, journey_of
from kaohe.indicators.queries.years import get_year, years_of
from kaohe.indicators.services import steps as step_services
from kaohe.indicators.services import years as services
from kaohe.organization.queries.documents import get_document

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kaohe.indicators.models import AssessmentYear, Step

router = Router(tags=["years"])
_READ, _MANAGE, _APPROVE = Verb.YEAR_READ, Verb.YEAR_MANAGE, Verb.YEAR_APPROVE
ONE, STEP = "/years/{int:key}", "/steps/{int:key}"


@listed(router, "/years", _READ, AssessmentYearShape, by=("-year", "id"))
def assessment_years(request: Caller, filters: Query[YearFilters]) -> "QuerySet[AssessmentYear]":
    """The assessment years of a jurisdiction, latest first."""
    rows = years_of(request.user, place_of(request, _READ, filters.jurisdiction))
    return rows.filter(state=filters.state) if filters.state else rows


@read(router, ONE, _READ, AssessmentYearShape)
def assessment_year(request: Caller, key: int) -> "AssessmentYear":
    """One assessment year."""
    return get_year(request.user, key)


@write(router, "POST", "/years", _MANAGE, AssessmentYearShape, status=201)
def open_year(request: Caller, body: OpenYear) -> "AssessmentYear":
    """Open an assessment year: its calendar, and the units of the register that are in scope."""
    place = place_of(request, _MANAGE, body.jurisdiction)
    return services.open_year(by=request.user, jurisdiction=place, **body.given("jurisdiction"))


@write(router, "PATCH", ONE, _MANAGE, AssessmentYearShape)
def correct_year(request: Caller, key: int, body: CorrectYear) -> "AssessmentYear":
    """Correct the title, the minimum of a group, or a last day."""
    row = get_year(request.user, key, _MANAGE)
    names = ("title", "minimum_group", "freeze_on", "cut_off_on")
    sent = {name: value for name, value in body.given().items() if value is not None}
    given = {**{name: getattr(row, name) for name in names}, **sent}
    return services.correct_year(by=request.user, year=row, seen=seen(request), **given)


@write(router, "POST", f"{ONE}/documents", _MANAGE, AssessmentYearShape)
def link_document(request: Caller, key: int, body: LinkDocument) -> "AssessmentYear":
    """Link the work plan or the city-wide opinion of a year."""
    row = get_year(request.user, key, _MANAGE)
    document = get_document(request.user, body.governing_document)
    return services.link_document(
        by=request.user, year=row, seen=seen(request), sort=body.sort, document=document
    )


@write(router, "POST", f"{ONE}/close", _APPROVE, AssessmentYearShape)
def close_year(request: Caller, key: int, body: EmptyBody) -> "AssessmentYear":
    """Close a year of which nothing is on its way: it does not change any more."""
    row = get_year(request.user, key, _APPROVE)
    return services.close_year(by=request.user, year=row, seen=seen(request))


@write(router, "POST", f"{ONE}/reopen", _APPROVE, AssessmentYearShape)
def reopen_year(request: Caller, key: int, body: ReopenYear) -> "AssessmentYear":
    """Open a closed year again, with a reason; what is archived stays."""
    row = get_year(request.user, key, _APPROVE)
    return services.reopen_year(by=request.user, year=row, seen=seen(request), **body.given())


@write(router, "POST", f"{ONE}/archive", _APPROVE, AssessmentYearShape)
def archive_year(request: Caller, key: int, body: EmptyBody) -> "AssessmentYear":
    """Archive a closed year with the parts and sheets that are in force in it."""
    row = get_year(request.user, key, _APPROVE)
    return services.archive_year(by=request.user, year=row, seen=seen(request))


@read(router, f"{ONE}/journey", _READ, Journey)
def journey(request: Caller, key: int) -> dict[str, Any]:
    """The nine stages of a year with their 29 steps, each with its sign of today."""
    year = get_year(request.user, key)
    stages = journey_of(year, timezone.localdate())
    return {"stages": [_stage(each) for each in stages if each.steps]}


def _stage(stage: StageState) -> dict[str, Any]:
    return {
        "code": stage.stage,
        "name": _(STAGE_WORDS[stage.stage]),
        "sign": stage.sign,
        "steps": [_step(each) for each in stage.steps],
    }


def _step(state: StepState) -> dict[str, Any]:
    return {
        "step": state.row,
        "name": _(state.step.words),
        "sign": state.sign,
        "done_on": state.done_on,
        "working_days_left": state.left,
    }


@read(router, STEP, _READ, CalendarStepShape)
def step(request: Caller, key: int) -> "Step":
    """One step of a year's calendar."""
    return get_step(request.user, key)


@write(router, "POST", f"{STEP}/move", _MANAGE, CalendarStepShape)
def move_step(request: Caller, key: int, body: MoveStep) -> "Step":
    """Give a step other dates for this year."""
    row = get_step(request.user, key, _MANAGE)
    return step_services.move_step(by=request.user, step=row, seen=seen(request), **body.given())


@write(router, "POST", f"{STEP}/finish", _MANAGE, CalendarStepShape)
def finish_step(request: Caller, key: int, body: FinishStep) -> "Step":
    """Say that a step is done, as of today."""
    row = get_step(request.user, key, _MANAGE)
    return step_services.finish_step(by=request.user, step=row, seen=seen(request), **body.given())


@write(router, "POST", f"{STEP}/drop", _MANAGE, CalendarStepShape)
def drop_step(request: Caller, key: int, body: WhyStep) -> "Step":
    """Say that a step is not held this year."""
    row = get_step(request.user, key, _MANAGE)
    return step_services.drop_step(by=request.user, step=row, seen=seen(request), **body.given())


@write(router, "POST", f"{STEP}/reopen", _MANAGE, CalendarStepShape)
def reopen_step(request: Caller, key: int, body: WhyStep) -> "Step":
    """Take a step up again that was done or dropped."""
    row = get_step(request.user, key, _MANAGE)
    return step_services.reopen_step(by=request.user, step=row, seen=seen(request), **body.given())
