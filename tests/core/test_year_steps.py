"""The calendar of a year: 29 steps in nine stages, on working days."""

from collections import Counter
from datetime import date

import pytest

from kaohe.core.access import Role
from kaohe.core.deadlines import Holidays, year_of_holidays
from kaohe.core.year_steps import (
    BY_CODE,
    SIGN_WORDS,
    STAGE_WORDS,
    STEPS,
    Day,
    Progress,
    Sign,
    Stage,
    days_left,
    sign_of,
    stage_sign,
    usual_dates,
)

OFF = [date(2026, 5, day) for day in range(1, 6)]
HOLIDAYS = Holidays({2026: year_of_holidays(2026, OFF, [date(2026, 2, 28)])})


def test_there_are_twenty_nine_steps_in_nine_stages():
    assert len(STEPS) == len(BY_CODE) == 29
    counted = Counter(step.stage for step in STEPS)
    assert [counted[stage] for stage in Stage] == [2, 4, 3, 2, 2, 2, 6, 4, 4]
    assert set(STAGE_WORDS) == set(Stage)
    assert set(SIGN_WORDS) == set(Sign)
    assert all(isinstance(step.responsible, Role) for step in STEPS)


@pytest.mark.parametrize("year", [2024, 2026, 2100])
def test_every_step_begins_before_it_ends(year):
    for step in STEPS:
        dates = usual_dates(step, year, Holidays())
        assert dates.starts_on <= dates.ends_on


def test_a_last_day_that_is_off_moves_to_a_working_day_but_not_a_day_of_the_law():
    review = BY_CODE["review"]._replace(ends=Day(5, 2))
    assert usual_dates(review, 2026, HOLIDAYS) == (date(2026, 4, 1), date(2026, 5, 6), False)
    fixed = BY_CODE["annual-report"]._replace(ends=Day(5, 2))
    assert usual_dates(fixed, 2026, HOLIDAYS).ends_on == date(2026, 5, 2)
    assert usual_dates(BY_CODE["plan"], 2026, HOLIDAYS).ends_on == date(2026, 2, 28)


def test_a_year_without_a_table_is_not_guessed():
    found = usual_dates(BY_CODE["archive"], 2026, HOLIDAYS)
    assert found == (date(2027, 4, 1), date(2027, 6, 30), True)
    assert days_left(date(2027, 6, 30), date(2026, 12, 30), HOLIDAYS) is None
    assert days_left(date(2026, 5, 7), date(2026, 4, 30), HOLIDAYS) == 2


def test_the_sign_of_a_step():
    first, last = date(2026, 3, 1), date(2026, 3, 31)
    step = Progress(first, last)
    assert sign_of(step, date(2026, 2, 28)) is Sign.AHEAD
    assert sign_of(step, last) is Sign.RUNNING
    assert sign_of(step, date(2026, 4, 1)) is Sign.LATE
    assert sign_of(step._replace(done_on=last), date(2026, 4, 1)) is Sign.DONE
    assert sign_of(step._replace(dropped=True), date(2026, 4, 1)) is Sign.DROPPED


def test_the_sign_of_a_stage():
    assert stage_sign([Sign.DONE, Sign.DROPPED]) is Sign.DONE
    assert stage_sign([Sign.DONE, Sign.LATE, Sign.RUNNING]) is Sign.LATE
    assert stage_sign([Sign.RUNNING, Sign.AHEAD]) is Sign.RUNNING
    assert stage_sign([Sign.DONE, Sign.AHEAD]) is Sign.RUNNING
    assert stage_sign([Sign.AHEAD, Sign.AHEAD]) is Sign.AHEAD
