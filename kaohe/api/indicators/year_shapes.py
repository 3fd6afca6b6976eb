"""What years, steps, groups and units of a year look like over the API."""

from datetime import date
from typing import Any, Literal

from pydantic import ConfigDict, Field, field_validator

from kaohe.api.shapes import (
    Body,
    Day,
    Instant,
    JurisdictionChoice,
    JurisdictionCode,
    Key,
    Line,
    Name,
    Object,
    Paging,
    Place,
    Reason,
    Shape,
    Short,
    Text,
)

YearState = Literal["", "open", "closed", "archived"]
Status = Literal["graded", "ungraded", "exempt"]


def example(**given: Any) -> ConfigDict:
    """The example of a body."""
    return ConfigDict(json_schema_extra={"examples": [given]})


class AssessmentYearShape(Object):
    """An assessment year."""

    jurisdiction: JurisdictionCode
    year: int
    title: str
    state: str = Field(description="open, closed or archived.")
    minimum_group: int = Field(description="Units that a group should have at least.")
    freeze_on: date = Field(description="The last day on which groups change without approval.")
    frozen_on: date | None = Field(description="The day on which the groups were frozen by a deed.")
    cut_off_on: date = Field(description="The last day for adjusting targets.")
    imported: bool = Field(description="Whether it was brought in from a folder.")
    work_plan_id: int | None = Field(description="Key of the governing document.")
    opinion_id: int | None = Field(description="Key of the governing document.")


class YearFilters(Place):
    """What the list of years can be narrowed by."""

    state: YearState = ""


class OpenYear(Body):
    """A year that was not there."""

    model_config = example(year=2027)

    year: int = Field(ge=2000, le=2100)
    title: Line = Field("", description="Left empty, the usual one is taken.")
    jurisdiction: JurisdictionChoice = ""


class CorrectYear(Body):
    """What can be corrected of a year; what is left out stays as it is."""

    model_config = example(minimum_group=4, reason="组数偏多")

    title: Name = ""
    minimum_group: int = Field(5, ge=1, le=100)
    freeze_on: Day | None = None
    cut_off_on: Day | None = None
    reason: Text = ""


class LinkDocument(Body):
    """The work plan, or the city-wide opinion, of a year."""

    model_config = example(sort="opinion", governing_document=7)

    sort: Literal["work_plan", "opinion"]
    governing_document: Key = Field(description="Key of a document of the same kind.")


class EmptyBody(Body):
    """Nothing: the address says all."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})


class CalendarStepShape(Object):
    """A step of a year's calendar."""

    assessment_year_id: int
    code: str
    number: int
    starts_on: date
    ends_on: date
    responsible: str = Field(description="A role.")
    optional: bool
    dropped: bool = Field(description="Not held this year.")
    done_on: date | None
    note: str


class StepOfJourney(Shape):
    """A step with its sign of today."""

    step: CalendarStepShape
    name: str
    sign: str = Field(description="done, dropped, late, running or ahead.")
    done_on: date | None
    working_days_left: int | None = Field(description="Negative when late; null where not known.")


class StageOfJourney(Shape):
    """A stage with its steps."""

    code: str
    name: str
    sign: str
    steps: list[StepOfJourney]


class Journey(Shape):
    """The nine stages of a year as of today."""

    stages: list[StageOfJourney]


class MoveStep(Body):
    """Other dates of a step."""

    model_config = example(starts_on="2026-02-02", ends_on="2026-04-10", reason="考核意见印发较晚")

    starts_on: Day
    ends_on: Day = Field(description="A working day, where law does not fix it.")
    reason: Reason


class FinishStep(Body):
    """That a step is done."""

    model_config = example(note="示考委〔2026〕1号")

    note: Text = ""


class ReopenYear(Body):
    """Why a closed year is opened again."""

    model_config = example(reason="一家单位目标调整漏办")

    reason: Reason


class WhyStep(Body):
    """Why a step is dropped, or taken up again."""

    model_config = example(reason="沿用上年方案")

    reason: Reason


class GroupShape(Object):
    """A group of a year."""

    assessment_year_id: int
    name: str
    position: int
    closed: bool = Field(description="Merged into another one, or given up.")


class GroupLine(GroupShape):
    """A group of a year with its sizes."""

    graded: int = Field(description="Units that are ranked in it.")
    units: int = Field(description="All units.")


class MergeProposal(Shape):
    """How groups that are too small should be merged; without sources there is nothing to do."""

    sources: list[str]
    into: str
    units: int = Field(description="What the group would have.")
    enough: bool = Field(description="Whether that reaches the minimum.")


class NameGroup(Body):
    """The name of a group."""

    model_config = example(name="综合组")

    name: Short = Field(min_length=1)


class MergeGroups(Body):
    """Which groups go into which."""

    model_config = example(sources=[1], into="综合组")

    sources: list[Key] = Field(max_length=200, description="Keys of groups.")
    into: Short = Field(min_length=1, description="Name of a group; made where there is none.")


class AssignUnits(Body):
    """Which units go into which group."""

    model_config = example(participants=[1], into_group=1)

    participants: list[Key] = Field(max_length=2000, description="Keys of units of the year.")
    into_group: Key


class FreezeGroups(Body):
    """Why groups stay that are too small; may be empty where none is."""

    model_config = example(reason="职能特殊，单独排名")

    reason: Text = ""


class ParticipantShape(Object):
    """A unit in a year, as the register had it when it was taken in."""

    assessment_year_id: int
    unit_id: int | None = Field(description="Key of the unit in the register; null if none is.")
    department_id: int | None
    group_id: int | None
    code: str
    name: str
    department_name: str
    status: str = Field(description="graded, ungraded or exempt.")
    status_reason: str
    category: str
    sector: str
    funding_basis: str
    staff: int


class ParticipantFilters(Paging):
    """What the units of a year can be narrowed by."""

    q: str = Field("", max_length=120, description="A part of the name or of the code.")
    group: int | None = Field(None, description="Key of a group.")
    department: int | None = Field(None, description="Key of a department.")
    status: Literal["", "graded", "ungraded", "exempt"] = ""


class AddParticipant(Body):
    """A unit of the register, and why it takes part."""

    model_config = example(unit=1, reason="新设立")

    unit: Key
    reason: Reason


class TakeOut(Body):
    """Why a unit does not take part."""

    model_config = example(reason="不属公益类")

    reason: Reason


class ChosenUnits(Body):
    """Some units of a year."""

    model_config = example(participants=[1])

    participants: list[Key] = Field(max_length=2000, description="Keys of units of the year.")


class Several(Shape):
    """The units that a deed has changed."""

    items: list[ParticipantShape]


class RegisterDifference(Shape):
    """One thing that the register says otherwise."""

    field: str
    year: str
    register_says: str = Field(validation_alias="register")


class RegisterChange(Shape):
    """A unit of which the register says something else by now, or that has ended."""

    participant: ParticipantShape
    differences: list[RegisterDifference]
    ended: bool


class RegisterChanges(Shape):
    """All that the register says otherwise than the year."""

    items: list[RegisterChange]


class ChangeShape(Object):
    """A proposal to change a unit's group or status."""

    participant_id: int
    field: str = Field(description="group or status.")
    old: str
    new: str
    reason: str
    document: str
    state: str = Field(description="proposed, approved, refused or withdrawn.")
    answer: str
    proposed_by: str
    decided_by: str | None
    proposed_at: Instant
    decided_at: Instant | None

    @field_validator("proposed_by", "decided_by", mode="before")
    @classmethod
    def _name(cls, user: Any) -> Any:
        return getattr(user, "name", user)


class ChangeFilters(Paging):
    """What the proposals can be narrowed by."""

    state: Literal["", "proposed", "approved", "refused", "withdrawn"] = ""
    field: Literal["", "group", "status"] = ""


class ProposeChange(Body):
    """What should hold of a unit, and why."""

    model_config = example(field="status", new="exempt", reason="正在撤并")

    field: Literal["group", "status"]
    new: Short = Field(min_length=1, description="Name of a group; or graded, ungraded, exempt.")
    reason: Reason
    document: Line = ""


class WithdrawChange(Body):
    """Why a proposal is taken back."""

    model_config = example(reason="撤并批复已到，按批复办理")

    reason: Reason


class AnswerChange(Body):
    """Yes or no; a no says why."""

    model_config = example(approve=False, answer="撤并尚未批复")

    approve: bool
    answer: Text = ""
