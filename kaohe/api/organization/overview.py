"""How a jurisdiction is organised, and what waits for whoever asks, over the API."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field, model_validator

from kaohe.api.callers import Caller, place_of
from kaohe.api.organization.sitting_shapes import SeatOfSitting
from kaohe.api.routes import read
from kaohe.api.shapes import Shape, Where
from kaohe.core.access import Verb
from kaohe.indicators.queries.desk_of_indicators import with_indicators
from kaohe.indicators.queries.year_desk import tasks_of_years
from kaohe.organization.queries.access import jurisdictions_of
from kaohe.organization.queries.desk import Desk, desk_of
from kaohe.organization.queries.desk_lines import Task
from kaohe.organization.queries.overview import overview_of
from kaohe.organization.queries.readiness import readiness

if TYPE_CHECKING:
    from kaohe.organization.models import Jurisdiction

UNDER = "/api/v1"
# what a line of the desk is about → its address here, where it has one
ADDRESSES = {
    "web:version": "/versions/{key}",
    "web:sitting": "/sittings/{key}",
    "web:import": "/imports/{key}",
    "web:units": "/units",
    "web:step": "/steps/{key}",
    "web:change": "/changes/{key}",
    "web:sheet": "/sheets/{key}",
    "web:new-jurisdiction": "/jurisdictions",
    "web:system": "/system",
    "web:witnesses": "/system/witnesses",
    "web:erasures": "/erasures",
    "web:users": "/users",
    "web:trace": "/entries",
}
router = Router(tags=["overview"])


class UnitFigures(Shape):
    """The open units that one may see, in numbers."""

    units: int
    expired: int = Field(description="Certificates that have run out.")
    soon: int = Field(description="Certificates that run out within 30 days.")
    over: int = Field(description="More posts filled than approved.")


class DepartmentFigures(Shape):
    """A department in charge, in numbers of its open units."""

    id: int
    name: str
    units: int = Field(validation_alias="unit_count")
    posts: int | None = Field(description="Posts approved; null: not entered.")
    filled: int | None


class MemberDepartment(Shape):
    """A member department."""

    id: int
    name: str
    member_part: str


class RulesInForce(Shape):
    """A document that holds today."""

    version: int = Field(description="The key of the version.", validation_alias="pk")
    document: int = Field(validation_alias="document_id")
    title: str
    number: int
    document_number: str
    effective_on: date | None

    @model_validator(mode="before")
    @classmethod
    def _titled(cls, row: Any) -> Any:
        row.title = row.document.title
        return row


class MonthFigures(Shape):
    """How many certificates end in a month."""

    month: str = Field(pattern="^[0-9]{4}-[0-9]{2}$")
    certificates: int


class PlaceBelow(Shape):
    """A jurisdiction below, in numbers."""

    code: str
    name: str
    units: int = Field(validation_alias="unit_count")
    expired: int
    in_force: int = Field(description="Documents that hold today.")


class OverviewShape(Shape):
    """How a jurisdiction is organised, as far as one may see it."""

    jurisdiction: str
    name: str
    figures: UnitFigures
    departments: list[DepartmentFigures]
    members: list[MemberDepartment]
    seats: list[SeatOfSitting]
    in_force: list[RulesInForce]
    expiring: list[MonthFigures] = Field(description="This month and the eleven after it.")
    below: list[PlaceBelow]


class StepShape(Shape):
    """One thing that a stage asks for."""

    words: str
    done: bool
    some: bool = Field(description="Begun.")


class StageShape(Shape):
    """A stage of becoming organised."""

    code: str
    words: str
    state: str = Field(description="done, run or todo.")
    note: str
    steps: list[StepShape]


class Stages(Shape):
    """The stages from an empty installation to a governed city, in order."""

    done: int
    items: list[StageShape]


class TaskShape(Shape):
    """A line of the desk, in words."""

    kind: str
    title: str
    note: str = Field(description="Free text, such as why something was returned.")
    deed: str = Field(description="What to do; empty: nothing.")
    due_on: date | None
    address: str | None = Field(description="Of what it is about, here; null: only a page.")
    page: str = Field(description="The page where it is done.")


class DeskShape(Shape):
    """What waits for whoever asks."""

    jurisdiction: str | None
    tasks: list[TaskShape]
    returned: list[TaskShape] = Field(description="What was returned, to be mended.")
    sent: list[TaskShape] = Field(description="What others have in their hands.")
    reminders: list[TaskShape]
    units: list[int] = Field(description="One's own units, where one's role is in one.")


@read(router, "/overview", Verb.OVERVIEW_READ, OverviewShape)
def overview(request: Caller, where: Query[Where]) -> dict[str, Any]:
    """Units, departments, members, seats and rules of a jurisdiction in numbers and names."""
    place = place_of(request, Verb.OVERVIEW_READ, where.jurisdiction)
    found = overview_of(request.user, place, timezone.localdate())
    return {
        "jurisdiction": place.code,
        "name": place.name,
        "figures": found.units,
        "expiring": [
            {"month": f"{month:%Y-%m}", "certificates": count} for month, count in found.expiring
        ],
        **{
            name: getattr(found, name)
            for name in ("departments", "members", "seats", "in_force", "below")
        },
    }


@read(router, "/readiness", Verb.COMMITTEE_READ, Stages)
def stages(request: Caller, where: Query[Where]) -> dict[str, Any]:
    """How far a jurisdiction is organised: the stages, and what each still asks for."""
    place = place_of(request, Verb.COMMITTEE_READ, where.jurisdiction)
    found = readiness(place, timezone.localdate())
    items = [
        {
            "code": stage.code,
            "words": _(stage.words),
            "state": stage.state,
            "note": _(stage.note).format_map(stage.facts),
            "steps": [
                {"words": _(step.words), "done": step.done, "some": step.done or step.some}
                for step in stage.steps
            ],
        }
        for stage in found
    ]
    return {"done": sum(stage.state == "done" for stage in found), "items": items}


@read(router, "/desk", Verb.DESK_READ, DeskShape)
def desk(request: Caller, where: Query[Where]) -> dict[str, Any]:
    """What waits for me, what was returned to me, what I sent on, and reminders."""
    place = _place(request, where.jurisdiction)
    today = timezone.localdate()
    found: Desk = with_indicators(desk_of(request.user, place, today), request.user, place)
    found.tasks.extend(tasks_of_years(request.user, place, today))
    parts = ("tasks", "returned", "sent", "reminders")
    return {
        "jurisdiction": place.code if place else None,
        "units": [unit.pk for unit in found.units],
        **{name: [_line(task) for task in getattr(found, name)] for name in parts},
    }


def _place(request: Caller, code: str) -> "Jurisdiction | None":
    """The jurisdiction of a desk; administrators of the installation have none."""
    if code:
        return place_of(request, Verb.OVERVIEW_READ, code)
    own = request.user.jurisdiction_id or 0
    return jurisdictions_of(request.user, Verb.OVERVIEW_READ).filter(pk=own).first()


def _asked(task: Task) -> str:
    """What narrows a list; only the register is narrowed here by the same names as on its page."""
    return task.query if task.url == "web:units" else ""


def _line(task: Task) -> dict[str, Any]:
    address = ADDRESSES.get(task.url)
    return {
        "kind": _(task.kind),
        "title": task.say(_),
        "note": task.note,
        "deed": _(task.deed) if task.deed else "",
        "due_on": task.due_on,
        "address": address and UNDER + address.format(key=task.key) + _asked(task),
        "page": reverse(task.url, args=[task.key] if task.key is not None else []) + task.query,
    }
