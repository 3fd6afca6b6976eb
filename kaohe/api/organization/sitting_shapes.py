"""What sittings, their rolls, matters and decisions look like over the API."""

from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from kaohe.api.shapes import (
    Aside,
    Body,
    Day,
    Heading,
    JurisdictionChoice,
    JurisdictionCode,
    Key,
    Line,
    Minutes,
    Name,
    Object,
    Place,
    Reason,
    Shape,
    Text,
)

SittingState = Literal["planned", "open", "closed"]
Outcome = Literal["approved", "rejected", "deferred", "noted"]
Votes = Annotated[int, Field(ge=0, le=9999)]


class SittingLine(Object):
    """A sitting in a list."""

    jurisdiction: JurisdictionCode
    committee: int = Field(validation_alias="committee_id")
    title: str
    held_on: date
    location: str
    state: str = Field(description="planned, open or closed.")
    matters: int
    decided: int


class SittingShape(Object):
    """A sitting; its roll and its matters have addresses of their own."""

    jurisdiction: JurisdictionCode
    committee: int = Field(validation_alias="committee_id")
    title: str
    held_on: date
    location: str
    state: str = Field(description="planned, open or closed.")
    minutes: str


class SeatOfSitting(Shape):
    """A seat as a sitting knows it."""

    seat: int = Field(validation_alias="pk")
    kind: str = Field(description="director, deputy or member.", validation_alias="seat")
    person: int = Field(validation_alias="person_id")
    person_name: str
    department: int | None = Field(validation_alias="department_id")
    title: str

    @model_validator(mode="before")
    @classmethod
    def _named(cls, row: Any) -> Any:
        row.person_name = row.person.name
        return row


class RollLine(Shape):
    """Who is to be there, and whether they came."""

    seat: SeatOfSitting
    present: bool | None = Field(description="null: nobody has noted it.")
    reason: str

    @model_validator(mode="before")
    @classmethod
    def _noted(cls, line: Any) -> Any:
        noted = line.attendance
        present, reason = (noted.present, noted.reason) if noted else (None, "")
        return {"seat": line.seat, "present": present, "reason": reason}


class RollShape(Shape):
    """The roll of a sitting."""

    items: list[RollLine]


class MatterShape(Object):
    """A matter on the agenda of a sitting."""

    jurisdiction: JurisdictionCode
    sitting: int = Field(validation_alias="sitting_id")
    number: int
    title: str
    text: str
    department: int | None = Field(validation_alias="department_id")
    unit: int | None = Field(validation_alias="unit_id")
    document_version: int | None = Field(validation_alias="document_version_id")


class DecisionShape(Object):
    """What a sitting decided on a matter; it is never edited."""

    jurisdiction: JurisdictionCode
    matter: int = Field(validation_alias="item_id")
    outcome: str = Field(description="approved, rejected, deferred or noted.")
    text: str
    votes_for: int
    votes_against: int
    abstentions: int


class RecusalShape(Object):
    """That somebody stands aside in a matter, and why."""

    jurisdiction: JurisdictionCode
    matter: int = Field(validation_alias="item_id")
    seat: int = Field(validation_alias="seat_id")
    person_name: str
    reason: str

    @model_validator(mode="before")
    @classmethod
    def _named(cls, row: Any) -> Any:
        row.person_name = row.seat.person.name
        return row


class StayShape(Shape):
    """That somebody who should stand aside did not."""

    seat: SeatOfSitting
    reason: str | None = Field(description="null: it was erased.")


class MatterOfSitting(Shape):
    """A matter with who stands aside in it, and what was decided."""

    matter: MatterShape = Field(validation_alias="item")
    aside: list[RecusalShape]
    expected: list[SeatOfSitting] = Field(
        description="Who should stand aside, and nobody has said yet whether they do."
    )
    stayed: list[StayShape]
    voters: int = Field(description="How many of those present may vote.")
    decision: DecisionShape | None


class MattersShape(Shape):
    """The agenda of a sitting, in order."""

    items: list[MatterOfSitting]


class OutlineShape(Shape):
    """What minutes can begin with."""

    text: str


class SittingFilters(Place):
    """What sittings can be narrowed by."""

    q: str = Field("", max_length=120, description="A part of the title.")
    state: SittingState | Literal[""] = ""


class CorrectSitting(Body):
    """Title, day and place of a sitting; what is left out stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"location": "市政府301会议室"}]})

    title: Name = ""
    held_on: Day = date.min
    location: Line = ""


class PlanSitting(Body):
    """A sitting on the calendar."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"jurisdiction": "370699", "title": "2026年第1次会议", "held_on": "2026-03-05"}
            ]
        }
    )

    jurisdiction: JurisdictionChoice = ""
    title: Name
    held_on: Day
    location: Line = ""


class WriteMinutes(Body):
    """The minutes of a sitting."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"minutes": "会议认为可行。"}]})

    minutes: Minutes


class OfSeat(Body):
    """What is said of the holder of a seat."""

    seat: Key


T = TypeVar("T", bound=OfSeat)


def _each_once(lines: list[T]) -> list[T]:
    if len({line.seat for line in lines}) < len(lines):
        raise PydanticCustomError("seat_twice", "a seat stands twice")
    return lines


class Came(OfSeat):
    """Whether somebody came, and why not."""

    present: bool
    reason: Aside = ""


class NoteRoll(Body):
    """Who came; seats left out stay as they are."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"roll": [{"seat": 1, "present": True}]}]}
    )

    roll: Annotated[list[Came], Field(min_length=1, max_length=1000), AfterValidator(_each_once)]


class CorrectMatter(Body):
    """A matter that is not decided; what is left out stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "听取事考办汇报。"}]})

    title: Heading = ""
    text: Text = ""
    department: Key | None = None
    unit: Key | None = None
    document_version: Key | None = Field(None, description="One that waits for approval.")


class EnterMatter(CorrectMatter):
    """A matter at the end of the agenda of a sitting."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"sitting": 1, "title": "审议考核结果"}]}
    )

    sitting: Key
    title: Heading


class Recuse(Body):
    """Who stands aside in a matter, and why."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"matter": 1, "seat": 1, "reason": "事关本部门"}]}
    )

    matter: Key
    seat: Key
    reason: Reason


class WithdrawRecusal(Body):
    """Why a recusal is taken back."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "记录有误"}]})

    reason: Reason


class StandsAside(OfSeat):
    """Whether somebody who should stand aside does, and why or why not."""

    aside: bool
    reason: Reason


class Decide(Body):
    """What was decided; and whether each who should stand aside and is present does."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"outcome": "approved", "text": "原则同意。"}]}
    )

    outcome: Outcome
    text: Text = ""
    votes_for: Votes = 0
    votes_against: Votes = 0
    abstentions: Votes = 0
    answers: Annotated[list[StandsAside], Field(max_length=1000), AfterValidator(_each_once)] = (
        Field([], description="Those whom the agenda lists as “expected”.")
    )
