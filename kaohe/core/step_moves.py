"""What may be done with a step of a year's calendar: other dates, done, undone, dropped."""

from datetime import date

from kaohe.core.deadlines import Holidays, next_working_day
from kaohe.core.errors import Conflict, Invalid
from kaohe.core.problems import N_
from kaohe.core.texts import clean_long
from kaohe.core.year_steps import YearStep, usual_dates


class StepDatesBackwards(Invalid):
    """It would end before it begins."""

    code = "step.dates-backwards"
    sentence = N_("The last day lies before the first one: correct one of them.")
    field = "ends_on"


class StepFarFromYear(Invalid):
    """A day that can only be a slip of the hand."""

    code = "step.far-from-year"
    sentence = N_(
        "A step of the assessment year {year} lies between {first} and {last}. Correct the dates."
    )
    field = "starts_on"


class StepDayOff(Invalid):
    """The last day would be a day off."""

    code = "step.day-off"
    sentence = N_("{day} is a day off, so nobody can finish then. The next working day is {next}.")
    field = "ends_on"


class StepIsLaw(Invalid):
    """The last day is set by law."""

    code = "step.is-law"
    sentence = N_("The last day of this step is set by law: {day}. It can be earlier, not later.")
    field = "ends_on"


class StepMustBeHeld(Conflict):
    """The law demands the step."""

    code = "step.must-be-held"
    sentence = N_("The law demands this step: it cannot be dropped.")


class StepNotOpen(Conflict):
    """It is done or dropped already."""

    code = "step.not-open"
    sentence = N_("This step is done or dropped already. Take it up again first.")


class StepNotClosed(Conflict):
    """There is nothing to take up again."""

    code = "step.not-closed"
    sentence = N_("This step is neither done nor dropped: there is nothing to take up again.")


class StepReasonMissing(Invalid):
    """A change of the calendar says why."""

    code = "step.reason-missing"
    sentence = N_("Write why: everybody who works by the calendar will read it.")
    field = "reason"


def refuse_dates(
    step: YearStep, year: int, starts_on: date, ends_on: date, holidays: Holidays
) -> None:
    """See that a step of a year may have these dates.

    Where a year's holidays are not known yet, any last day will do.

    Raises:
        StepDatesBackwards: it ends before it begins.
        StepFarFromYear: a day lies more than a year off.
        StepIsLaw: it ends later than the law allows.
        StepDayOff: its last day is a day off, and it is a step that rolls.

    Source: docs/rules/years.md, Y-2.
    """
    if ends_on < starts_on:
        raise StepDatesBackwards
    first, last = date(year - 1, 10, 1), date(year + 1, 12, 31)
    if starts_on < first or ends_on > last:
        raise StepFarFromYear(year=year, first=_said(first), last=_said(last))
    usual = usual_dates(step, year, holidays).ends_on
    if step.tag == "reg" and ends_on > usual:
        raise StepIsLaw(day=_said(usual))
    if not step.rolls:
        return
    try:
        following = next_working_day(ends_on, holidays)
    except Invalid:
        return
    if following != ends_on:
        raise StepDayOff(day=_said(ends_on), next=_said(following))


def _said(day: date) -> str:
    return f"{day:%Y.%m.%d}"


def refuse_finish(*, done: bool, dropped: bool) -> None:
    """See that a step can be marked done or be moved.

    Raises:
        StepNotOpen: it is done or dropped.

    Source: docs/rules/years.md, Y-3.
    """
    if done or dropped:
        raise StepNotOpen


def refuse_drop(step: YearStep, reason: str, *, done: bool, dropped: bool) -> None:
    """See that a step need not be held this year.

    Raises:
        StepMustBeHeld: the law demands it.
        StepNotOpen: it is done or dropped.
        StepReasonMissing: nobody says why.

    Source: docs/rules/years.md, Y-3.
    """
    if step.tag == "reg":
        raise StepMustBeHeld
    refuse_finish(done=done, dropped=dropped)
    refuse_silence(reason)


def refuse_reopening(reason: str, *, done: bool, dropped: bool) -> None:
    """See that a step can be taken up again.

    Raises:
        StepNotClosed: it is neither done nor dropped.
        StepReasonMissing: nobody says why.

    Source: docs/rules/years.md, Y-3.
    """
    if not (done or dropped):
        raise StepNotClosed
    refuse_silence(reason)


def refuse_silence(reason: str) -> None:
    """See that a change of the calendar says why.

    Raises:
        StepReasonMissing: it does not.

    Source: docs/rules/years.md, Y-3.
    """
    if not clean_long(reason):
        raise StepReasonMissing
