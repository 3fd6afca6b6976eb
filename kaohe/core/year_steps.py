"""The calendar of an assessment year (考核年度日程): 29 steps in nine stages, each with its dates.

The usual dates are practice and may be moved for each year; those with the tag ``reg`` are law.
A last day that is a day off moves to the next working day, where the step's rule says so.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from kaohe.core.access import Role
from kaohe.core.deadlines import Holidays, is_working_day, working_days_between
from kaohe.core.errors import Invalid
from kaohe.core.problems import N_


class Stage(StrEnum):
    """The nine stages of the journey, in their order."""

    SCHEME = "scheme"
    TARGETS = "targets"
    DAILY = "daily"
    INSPECTION = "inspection"
    HALF_YEAR = "half_year"
    SURVEY = "survey"
    YEAR_END = "year_end"
    FINALISATION = "finalisation"
    USE = "use"


STAGE_WORDS: Mapping[Stage, str] = {
    Stage.SCHEME: N_("Scheme"),
    Stage.TARGETS: N_("Targets"),
    Stage.DAILY: N_("Daily supervision"),
    Stage.INSPECTION: N_("Inspection"),
    Stage.HALF_YEAR: N_("Half-year review"),
    Stage.SURVEY: N_("Social evaluation"),
    Stage.YEAR_END: N_("Year-end assessment"),
    Stage.FINALISATION: N_("Finalisation and publicity"),
    Stage.USE: N_("Determination and use"),
}


class Day(NamedTuple):
    """A usual day: month, day, and how many years after the assessment year."""

    month: int
    day: int
    later: int = 0

    def of(self, year: int) -> date:
        """That day for an assessment year; 29 February is the last of the month."""
        if (self.month, self.day) == (2, 29):
            return date(year + self.later, 3, 1) - timedelta(days=1)
        return date(year + self.later, self.month, self.day)


class YearStep(NamedTuple):
    """One step: its code, stage and name, usual dates, who is responsible, and its nature."""

    code: str
    stage: Stage
    words: str
    starts: Day
    ends: Day
    responsible: Role
    rolls: bool = True  # the last day moves to a working day
    tag: str = "practice"
    optional: bool = False


_S, _R = Stage, Role
STEPS: tuple[YearStep, ...] = (
    YearStep(
        "plan",
        _S.SCHEME,
        N_("work plan and city-wide opinion"),
        Day(1, 1),
        Day(2, 29),
        _R.OFFICE_HEAD,
        tag="seed",
    ),
    YearStep(
        "scheme", _S.SCHEME, N_("assessment scheme issued"), Day(2, 1), Day(3, 31), _R.OFFICE_HEAD
    ),
    YearStep(
        "annual-report",
        _S.TARGETS,
        N_("annual reports of institutions"),
        Day(1, 1),
        Day(3, 31),
        _R.UNIT_HEAD,
        rolls=False,
        tag="reg",
    ),
    YearStep(
        "declaration", _S.TARGETS, N_("targets declared"), Day(3, 1), Day(3, 31), _R.UNIT_CLERK
    ),
    YearStep(
        "filing", _S.TARGETS, N_("individual schemes filed"), Day(3, 15), Day(4, 15), _R.DEPT_HEAD
    ),
    YearStep(
        "review",
        _S.TARGETS,
        N_("schemes and targets reviewed and finalised"),
        Day(4, 1),
        Day(4, 30),
        _R.OFFICE_CHIEF,
        tag="seed",
    ),
    YearStep(
        "supervision",
        _S.DAILY,
        N_("daily supervision"),
        Day(1, 1),
        Day(12, 31),
        _R.LEDGER_KEEPER,
        rolls=False,
        tag="seed",
    ),
    YearStep(
        "month",
        _S.DAILY,
        N_("monthly summaries"),
        Day(2, 1),
        Day(1, 5, 1),
        _R.LEDGER_KEEPER,
        tag="seed",
    ),
    YearStep(
        "quarter",
        _S.DAILY,
        N_("quarterly wrap-ups"),
        Day(4, 1),
        Day(1, 10, 1),
        _R.OFFICE_CHIEF,
        tag="seed",
    ),
    YearStep(
        "inspection",
        _S.INSPECTION,
        N_("random inspection"),
        Day(4, 1),
        Day(6, 30),
        _R.OFFICE_CHIEF,
        tag="reg",
    ),
    YearStep(
        "half-year",
        _S.HALF_YEAR,
        N_("half-year review"),
        Day(7, 1),
        Day(7, 15),
        _R.OFFICE_HEAD,
        tag="seed",
    ),
    YearStep(
        "survey-h1",
        _S.SURVEY,
        N_("social evaluation of the first half-year"),
        Day(6, 15),
        Day(7, 15),
        _R.OFFICE_CLERK,
        tag="seed",
    ),
    YearStep(
        "adjustment",
        _S.HALF_YEAR,
        N_("adjustment of targets"),
        Day(7, 1),
        Day(9, 30),
        _R.OFFICE_CHIEF,
        rolls=False,
    ),
    YearStep(
        "special",
        _S.INSPECTION,
        N_("special inspections"),
        Day(8, 1),
        Day(10, 31),
        _R.OFFICE_CHIEF,
        tag="seed",
    ),
    YearStep(
        "notice",
        _S.YEAR_END,
        N_("notice of the year-end assessment"),
        Day(11, 1),
        Day(12, 10),
        _R.OFFICE_HEAD,
    ),
    YearStep(
        "survey-h2",
        _S.SURVEY,
        N_("social evaluation at year end"),
        Day(12, 1),
        Day(12, 31),
        _R.OFFICE_CLERK,
        tag="seed",
    ),
    YearStep(
        "self-evaluation",
        _S.YEAR_END,
        N_("self-evaluation of units"),
        Day(12, 1),
        Day(12, 20),
        _R.UNIT_HEAD,
    ),
    YearStep(
        "department-evaluation",
        _S.YEAR_END,
        N_("evaluation by departments"),
        Day(12, 20),
        Day(1, 10, 1),
        _R.DEPT_HEAD,
        tag="seed",
    ),
    YearStep(
        "closing",
        _S.YEAR_END,
        N_("common indicators closed"),
        Day(12, 31),
        Day(1, 10, 1),
        _R.LEDGER_KEEPER,
    ),
    YearStep(
        "recheck",
        _S.YEAR_END,
        N_("composite assessment and re-check"),
        Day(1, 5, 1),
        Day(1, 25, 1),
        _R.OFFICE_CHIEF,
    ),
    YearStep(
        "aggregation",
        _S.YEAR_END,
        N_("aggregation"),
        Day(1, 20, 1),
        Day(1, 31, 1),
        _R.OFFICE_CLERK,
        tag="seed",
    ),
    YearStep(
        "finalisation",
        _S.FINALISATION,
        N_("results finalised by the committee"),
        Day(2, 1, 1),
        Day(2, 29, 1),
        _R.COMMITTEE_DIRECTOR,
        tag="seed",
    ),
    YearStep(
        "publicity", _S.FINALISATION, N_("publicity"), Day(3, 1, 1), Day(3, 7, 1), _R.OFFICE_HEAD
    ),
    YearStep(
        "objection", _S.FINALISATION, N_("objections"), Day(3, 1, 1), Day(3, 7, 1), _R.OFFICE_CHIEF
    ),
    YearStep(
        "appeal",
        _S.FINALISATION,
        N_("review of appeals"),
        Day(3, 8, 1),
        Day(3, 31, 1),
        _R.COMMITTEE_DIRECTOR,
    ),
    YearStep(
        "determination",
        _S.USE,
        N_("determined and notified"),
        Day(3, 15, 1),
        Day(4, 15, 1),
        _R.COMMITTEE_DIRECTOR,
        tag="seed",
    ),
    YearStep(
        "use",
        _S.USE,
        N_("results put to use"),
        Day(3, 15, 1),
        Day(7, 31, 1),
        _R.MEMBER_HR,
        tag="seed",
    ),
    YearStep(
        "certificates",
        _S.USE,
        N_("certificates and conference"),
        Day(2, 15, 1),
        Day(3, 31, 1),
        _R.OFFICE_HEAD,
        optional=True,
        tag="seed",
    ),
    YearStep(
        "archive", _S.USE, N_("filing"), Day(4, 1, 1), Day(6, 30, 1), _R.OFFICE_CLERK, tag="reg"
    ),
)
BY_CODE: Mapping[str, YearStep] = {step.code: step for step in STEPS}


class Dates(NamedTuple):
    """When a step begins and ends; ``unsure``: the holidays of that year are not known yet."""

    starts_on: date
    ends_on: date
    unsure: bool = False


def usual_dates(step: YearStep, year: int, holidays: Holidays) -> Dates:
    """The dates of a step in an assessment year, its last day moved to a working day.

    Where a year has no table of holidays the day is left as it is, and said to be unsure.

    Source: docs/rules/years.md, Y-2.
    """
    first, last = step.starts.of(year), step.ends.of(year)
    if not step.rolls:
        return Dates(first, last)
    moved = last
    try:
        while not is_working_day(moved, holidays):
            moved += timedelta(days=1)
    except Invalid:
        return Dates(first, last, unsure=True)
    return Dates(first, moved)


class Sign(StrEnum):
    """The state of a step on a day."""

    DONE = "done"
    DROPPED = "dropped"
    LATE = "late"
    RUNNING = "running"
    AHEAD = "ahead"


SIGN_WORDS: Mapping[Sign, str] = {
    Sign.DONE: N_("done"),
    Sign.DROPPED: N_("not held this year"),
    Sign.LATE: N_("late"),
    Sign.RUNNING: N_("under way"),
    Sign.AHEAD: N_("not begun"),
}


class Progress(NamedTuple):
    """What is recorded of a step."""

    starts_on: date
    ends_on: date
    done_on: date | None = None
    dropped: bool = False


def sign_of(step: Progress, today: date) -> Sign:
    """Where a step stands on a day.

    Source: docs/rules/years.md, Y-3.

    >>> sign_of(Progress(date(2026, 3, 1), date(2026, 3, 31)), date(2026, 4, 1))
    <Sign.LATE: 'late'>
    """
    if step.dropped:
        return Sign.DROPPED
    if step.done_on is not None:
        return Sign.DONE
    if today > step.ends_on:
        return Sign.LATE
    return Sign.RUNNING if today >= step.starts_on else Sign.AHEAD


def stage_sign(signs: Iterable[Sign]) -> Sign:
    """The sign of a stage from those of its steps: late before under way before not begun.

    Source: docs/rules/years.md, Y-3.
    """
    found = set(signs) - {Sign.DROPPED}
    for sign in (Sign.LATE, Sign.RUNNING):
        if sign in found:
            return sign
    if found <= {Sign.DONE}:
        return Sign.DONE
    return Sign.RUNNING if Sign.DONE in found else Sign.AHEAD


def days_left(ends_on: date, today: date, holidays: Holidays) -> int | None:
    """Working days until a last day (0: today); None where they cannot be known."""
    try:
        return working_days_between(today, ends_on, holidays)
    except Invalid:
        return None
