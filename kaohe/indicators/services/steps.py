"""The steps of a year's calendar: moved, done, dropped, taken up again; the record keeps all."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from kaohe.core.access import Verb
from kaohe.core.step_moves import (
    refuse_dates,
    refuse_drop,
    refuse_finish,
    refuse_reopening,
    refuse_silence,
)
from kaohe.core.texts import clean_long
from kaohe.core.year_steps import BY_CODE
from kaohe.indicators.models import AssessmentYear, Step
from kaohe.indicators.services.parts import must_be_open
from kaohe.indicators.services.year_refusals import PlanByDocuments
from kaohe.organization.models import User
from kaohe.organization.queries.access import require
from kaohe.organization.queries.calendar import announced_holidays
from kaohe.organization.services.writing import State, changed, is_same, save, taken

BY_DOCUMENTS = "plan"  # the step that is done when its documents are issued


def _taken(by: User, step: Step, seen: int | None) -> tuple[Step, State]:
    require(by, Verb.YEAR_MANAGE, step)
    must_be_open(taken(AssessmentYear, step.assessment_year_id, None))
    row = taken(Step, step.pk, seen)
    return row, State(row)


@transaction.atomic
def move_step(
    *, by: User, step: Step, seen: int | None, starts_on: date, ends_on: date, reason: str
) -> Step:
    """Give a step other dates for this year.

    Raises:
        RoleMissing: ``by`` may not.
        YearIsClosed: the year is over.
        StepNotOpen: it is done or dropped.
        StepReasonMissing: nobody says why.
        StepDatesBackwards, StepFarFromYear, StepIsLaw, StepDayOff: the dates are not fit.
        Changed: it is not what ``by`` saw.

    Source: docs/rules/years.md, Y-2.
    """
    row, before = _taken(by, step, seen)
    refuse_finish(done=row.done_on is not None, dropped=row.dropped)
    year = row.assessment_year.year
    refuse_dates(BY_CODE[row.code], year, starts_on, ends_on, announced_holidays())
    row.starts_on, row.ends_on = starts_on, ends_on
    if not is_same(row, before):
        refuse_silence(reason)
        row.note = clean_long(reason)
        save(row, by=by, event=changed(row, before, "step.moved"))
    return row


@transaction.atomic
def finish_step(*, by: User, step: Step, seen: int | None, note: str = "") -> Step:
    """Say that a step is done, as of today.

    Raises:
        RoleMissing: ``by`` may not.
        YearIsClosed: the year is over.
        PlanByDocuments: the step is done by issuing the work plan and the opinion.
        StepNotOpen: it is done or dropped.
        Changed: it is not what ``by`` saw.
    """
    row, before = _taken(by, step, seen)
    if row.code == BY_DOCUMENTS:
        raise PlanByDocuments
    refuse_finish(done=row.done_on is not None, dropped=row.dropped)
    row.done_on, row.done_by, row.note = timezone.localdate(), by, clean_long(note)
    save(row, by=by, event=changed(row, before, "step.finished"))
    return row


@transaction.atomic
def drop_step(*, by: User, step: Step, seen: int | None, reason: str) -> Step:
    """Say that a step is not held this year.

    Raises:
        RoleMissing: ``by`` may not.
        YearIsClosed: the year is over.
        StepMustBeHeld: the law demands it.
        StepNotOpen: it is done or dropped.
        StepReasonMissing: nobody says why.
        Changed: it is not what ``by`` saw.
    """
    row, before = _taken(by, step, seen)
    done = row.done_on is not None
    refuse_drop(BY_CODE[row.code], reason, done=done, dropped=row.dropped)
    row.dropped, row.note = True, clean_long(reason)
    save(row, by=by, event=changed(row, before, "step.dropped"))
    return row


@transaction.atomic
def reopen_step(*, by: User, step: Step, seen: int | None, reason: str) -> Step:
    """Take a step up again that was done or dropped; both stay on record.

    Raises:
        RoleMissing: ``by`` may not.
        YearIsClosed: the year is over.
        StepNotClosed: it is neither.
        StepReasonMissing: nobody says why.
        Changed: it is not what ``by`` saw.
    """
    row, before = _taken(by, step, seen)
    refuse_reopening(reason, done=row.done_on is not None, dropped=row.dropped)
    row.done_on, row.done_by, row.dropped = None, None, False
    row.note = clean_long(reason)
    save(row, by=by, event=changed(row, before, "step.reopened"))
    return row
