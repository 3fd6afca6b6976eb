"""Groups and units of a year over the API."""

from typing import TYPE_CHECKING, Any

from ninja import Query, Router

from kaohe.api.answers import seen
from kaohe.api.callers import Caller
from kaohe.api.indicators.year_shapes import (
    AddParticipant,
    AnswerChange,
    AssessmentYearShape,
    AssignUnits,
    ChangeFilters,
    ChangeShape,
    ChosenUnits,
    EmptyBody,
    FreezeGroups,
    GroupLine,
    GroupShape,
    MergeGroups,
    MergeProposal,
    NameGroup,
    ParticipantFilters,
    ParticipantShape,
    ProposeChange,
    RegisterChanges,
    Several,
    TakeOut,
    WithdrawChange,
)
from kaohe.api.routes import listed, read, write
from kaohe.api.shapes import Paging
from kaohe.core.access import Verb
from kaohe.core.texts import clean
from kaohe.indicators.queries.groups import (
    chosen_groups,
    get_group,
    groups_of,
    proposal_for,
)
from kaohe.indicators.queries.participants import (
    changes_of,
    chosen_units,
    found_by_text,
    get_change,
    register_differences,
)
from kaohe.indicators.queries.years import get_participant, get_year, participants_of
from kaohe.indicators.services import groups as group_services
from kaohe.indicators.services import participants as services
from kaohe.organization.queries.units import get_unit

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kaohe.indicators.models import (
        AssessmentYear,
        Group,
        Participant,
        ParticipantChange,
    )

router = Router(tags=["participants"])
_READ, _MANAGE, _APPROVE = Verb.YEAR_READ, Verb.YEAR_MANAGE, Verb.YEAR_APPROVE
YEAR, UNIT = "/years/{int:key}", "/participants/{int:key}"


@listed(router, f"{YEAR}/groups", _READ, GroupLine, by=("position", "id"))
def groups(request: Caller, key: int, paging: Query[Paging]) -> "QuerySet[Group]":
    """The open groups of a year with their sizes."""
    return groups_of(get_year(request.user, key))


@read(router, f"{YEAR}/merge-proposal", _READ, MergeProposal)
def merge_proposal(request: Caller, key: int) -> Any:
    """How groups with fewer units than the minimum should be merged."""
    found = proposal_for(get_year(request.user, key))
    return found or {"sources": [], "into": "", "units": 0, "enough": True}


@write(router, "POST", f"{YEAR}/groups", _MANAGE, GroupShape, of_version=False)
def make_group(request: Caller, key: int, body: NameGroup) -> "Group":
    """Make a group."""
    year = get_year(request.user, key, _MANAGE)
    return group_services.make_group(by=request.user, year=year, **body.given())


@write(router, "PATCH", "/groups/{int:key}", _MANAGE, GroupShape)
def rename_group(request: Caller, key: int, body: NameGroup) -> "Group":
    """Give a group another name."""
    row = get_group(request.user, key, _MANAGE)
    return group_services.rename_group(
        by=request.user, group=row, seen=seen(request), **body.given()
    )


@write(router, "POST", "/groups/{int:key}/close", _MANAGE, GroupShape)
def close_group(request: Caller, key: int, body: EmptyBody) -> "Group":
    """Close a group that has no units."""
    row = get_group(request.user, key, _MANAGE)
    return group_services.close_group(by=request.user, group=row, seen=seen(request))


@write(router, "POST", f"{YEAR}/merge", _MANAGE, GroupShape, of_version=False)
def merge_groups(request: Caller, key: int, body: MergeGroups) -> "Group":
    """Put all units of some groups into one, and close those that they came from."""
    year = get_year(request.user, key, _MANAGE)
    sources = chosen_groups(year, body.sources)
    return group_services.merge_groups(by=request.user, year=year, sources=sources, into=body.into)


@write(router, "POST", f"{YEAR}/assign", _MANAGE, Several, of_version=False)
def assign_units(request: Caller, key: int, body: AssignUnits) -> dict[str, Any]:
    """Put units of a year into a group, many at once; the answer has those that moved."""
    year = get_year(request.user, key, _MANAGE)
    rows = chosen_units(request.user, year, body.participants)
    [group] = chosen_groups(year, [body.into_group])
    moved = group_services.assign_units(by=request.user, year=year, participants=rows, group=group)
    return {"items": moved}


@write(router, "POST", f"{YEAR}/freeze", _MANAGE, AssessmentYearShape)
def freeze_groups(request: Caller, key: int, body: FreezeGroups) -> "AssessmentYear":
    """Freeze the groups: from now on a unit changes its group only by approval."""
    year = get_year(request.user, key, _MANAGE)
    return group_services.freeze_groups(
        by=request.user, year=year, seen=seen(request), **body.given()
    )


@listed(router, f"{YEAR}/participants", _READ, ParticipantShape, by=("code", "id"))
def participants(
    request: Caller, key: int, filters: Query[ParticipantFilters]
) -> "QuerySet[Participant]":
    """The units of a year that one may see."""
    rows = participants_of(request.user, get_year(request.user, key)).select_related(None)
    if text := clean(filters.q):
        rows = found_by_text(rows, text)
    if filters.group is not None:
        rows = rows.filter(group=filters.group)
    if filters.department is not None:
        rows = rows.filter(department=filters.department)
    return rows.filter(status=filters.status) if filters.status else rows


@read(router, UNIT, Verb.SHEET_READ, ParticipantShape)
def participant(request: Caller, key: int) -> "Participant":
    """One unit of a year."""
    return get_participant(request.user, key)


@write(router, "POST", f"{YEAR}/participants", _MANAGE, ParticipantShape, of_version=False)
def add_participant(request: Caller, key: int, body: AddParticipant) -> "Participant":
    """Take a unit into a year that is not in it by its category, or is new."""
    year = get_year(request.user, key, _MANAGE)
    unit = get_unit(request.user, body.unit)
    return services.add_unit(by=request.user, year=year, unit=unit, reason=body.reason)


@write(router, "POST", f"{UNIT}/take-out", _MANAGE, None, status=204)
def take_out_participant(request: Caller, key: int, body: TakeOut) -> "Participant":
    """Take a unit out of a year in which it has no sheet, targets or proposals."""
    row = get_participant(request.user, key, _MANAGE)
    return services.take_out_of_year(
        by=request.user, participant=row, seen=seen(request), **body.given()
    )


@read(router, f"{YEAR}/register-changes", _READ, RegisterChanges)
def register_changes(request: Caller, key: int) -> dict[str, Any]:
    """Units of which the register says something else by now than the year, or that have ended."""
    year = get_year(request.user, key)
    return {"items": register_differences(request.user, year)}


@write(router, "POST", f"{YEAR}/refresh", _MANAGE, Several, of_version=False)
def refresh_participants(request: Caller, key: int, body: ChosenUnits) -> dict[str, Any]:
    """Take over what the register says by now of some units; the answer has those that changed."""
    year = get_year(request.user, key, _MANAGE)
    rows = chosen_units(request.user, year, body.participants)
    return {"items": services.refresh_units(by=request.user, year=year, participants=rows)}


@listed(router, f"{YEAR}/changes", _READ, ChangeShape, by=("-id",))
def changes(
    request: Caller, key: int, filters: Query[ChangeFilters]
) -> "QuerySet[ParticipantChange]":
    """The proposals to change a group or a status in a year, latest first."""
    rows = changes_of(request.user, get_year(request.user, key))
    if filters.state:
        rows = rows.filter(state=filters.state)
    return rows.filter(field=filters.field) if filters.field else rows


@read(router, "/changes/{int:key}", Verb.SHEET_READ, ChangeShape)
def change(request: Caller, key: int) -> "ParticipantChange":
    """One proposal."""
    return get_change(request.user, key)


@write(router, "POST", f"{UNIT}/changes", _MANAGE, ChangeShape, of_version=False)
def propose_change(request: Caller, key: int, body: ProposeChange) -> "ParticipantChange":
    """Propose another status of a unit, or, after the freeze, another group."""
    row = get_participant(request.user, key, _MANAGE)
    return services.propose_change(by=request.user, participant=row, **body.given())


@write(router, "POST", "/changes/{int:key}/answer", _APPROVE, ChangeShape)
def answer_change(request: Caller, key: int, body: AnswerChange) -> "ParticipantChange":
    """Approve a proposal, which carries it out, or refuse it with a reason."""
    row = get_change(request.user, key)
    return services.decide_change(by=request.user, change=row, seen=seen(request), **body.given())


@write(router, "POST", "/changes/{int:key}/withdraw", _MANAGE, ChangeShape)
def withdraw_change(request: Caller, key: int, body: WithdrawChange) -> "ParticipantChange":
    """Take back a proposal of one's own that nobody has answered yet."""
    row = get_change(request.user, key)
    return services.withdraw_change(by=request.user, change=row, seen=seen(request), **body.given())
