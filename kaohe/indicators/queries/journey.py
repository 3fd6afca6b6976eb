"""The journey of a year: its steps with their signs on a day, gathered into nine stages."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Min, QuerySet

from kaohe.core.access import Role, Verb
from kaohe.core.year_steps import (
    BY_CODE,
    Progress,
    Sign,
    Stage,
    YearStep,
    days_left,
    sign_of,
    stage_sign,
)
from kaohe.indicators.models import AssessmentYear, Step
from kaohe.organization.models import DocumentVersion, User
from kaohe.organization.queries.access import one, roles_of, visible
from kaohe.organization.queries.calendar import announced_holidays

BY_DOCUMENTS = "plan"  # the step that is done when the work plan and the opinion are issued
SOON = 5  # working days


@dataclass(frozen=True, slots=True)
class StepState:
    """A step on a day; ``left``: working days until its last one, None where it cannot be known."""

    row: Step
    step: YearStep
    sign: Sign
    done_on: date | None
    left: int | None

    @property
    def soon(self) -> bool:
        """Whether it is under way and ends within a working week."""
        return self.sign is Sign.RUNNING and self.left is not None and self.left <= SOON


@dataclass(frozen=True, slots=True)
class StageState:
    """A stage on a day."""

    stage: Stage
    sign: Sign
    steps: list[StepState]

    @property
    def done(self) -> int:
        """How many of its steps are done."""
        return sum(each.sign is Sign.DONE for each in self.steps)

    @property
    def held(self) -> int:
        """How many of its steps are held this year."""
        return sum(each.sign is not Sign.DROPPED for each in self.steps)

    @property
    def late(self) -> list[StepState]:
        """Those of its steps whose last day is over."""
        return [each for each in self.steps if each.sign is Sign.LATE]

    @property
    def next_end(self) -> StepState | None:
        """Of the steps under way, the one that ends first."""
        running = [each for each in self.steps if each.sign is Sign.RUNNING]
        return min(running, key=lambda each: each.row.ends_on) if running else None


def issued_first_on(year: AssessmentYear) -> date | None:
    """The day on which the later of work plan and opinion was first issued; None before both are.

    Source: docs/rules/years.md, Y-10.
    """
    keys = {year.work_plan_id, year.opinion_id}
    if None in keys:
        return None
    rows = DocumentVersion.objects.filter(document__in=keys, issued_on__isnull=False).order_by()
    days = dict(rows.values_list("document").annotate(first=Min("issued_on")))
    return max(days.values()) if len(days) == len(keys) else None


def steps_of(year: AssessmentYear, today: date) -> list[StepState]:
    """The steps of a year in their order, each with its sign on a day.

    Source: docs/rules/years.md, Y-3.
    """
    issued = issued_first_on(year)
    return [_state(row, today, issued) for row in year.steps.select_related("done_by")]


def _state(row: Step, today: date, issued: date | None) -> StepState:
    done_on = row.done_on or (issued if row.code == BY_DOCUMENTS else None)
    sign = sign_of(Progress(row.starts_on, row.ends_on, done_on, row.dropped), today)
    return StepState(
        row, BY_CODE[row.code], sign, done_on, days_left(row.ends_on, today, announced_holidays())
    )


def step_state(row: Step, today: date) -> StepState:
    """One step on a day."""
    return _state(row, today, issued_first_on(row.assessment_year))


def journey_of(year: AssessmentYear, today: date) -> list[StageState]:
    """The nine stages of a year on a day."""
    steps = steps_of(year, today)
    found = []
    for stage in Stage:
        inside = [each for each in steps if each.step.stage is stage]
        found.append(StageState(stage, stage_sign(each.sign for each in inside), inside))
    return found


def counted(stages: list[StageState]) -> Counter[Sign]:
    """How many steps of a journey have each sign."""
    return Counter(each.sign for stage in stages for each in stage.steps)


def get_step(user: User, key: int, verb: Verb = Verb.YEAR_READ) -> Step:
    """A step to whose year a user may do ``verb``.

    Raises:
        NothingHere: there is none.
    """
    rows: QuerySet[Step] = Step.objects.select_related(
        "jurisdiction", "assessment_year__jurisdiction", "done_by"
    )
    return one(visible(user, verb, rows), key)


def steps_for(user: User, year: AssessmentYear, today: date) -> list[StepState]:
    """The steps that a user is responsible for and that are under way or late on a day."""
    mine = {Role(role) for role in roles_of(user)}
    return [
        each
        for each in steps_of(year, today)
        if each.row.responsible in mine and each.sign in (Sign.RUNNING, Sign.LATE)
    ]
