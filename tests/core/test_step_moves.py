from datetime import date

import pytest

from kaohe.core import step_moves as moves
from kaohe.core.deadlines import Holidays, year_of_holidays
from kaohe.core.year_steps import BY_CODE

HOLIDAYS = Holidays({2026: year_of_holidays(2026, [date(2026, 4, 6)], [])})
SCHEME, REPORT, LEDGER = BY_CODE["scheme"], BY_CODE["annual-report"], BY_CODE["supervision"]


def move(step, first, last, holidays=HOLIDAYS):
    moves.refuse_dates(step, 2026, first, last, holidays)


def test_a_step_may_be_moved_to_a_working_day():
    move(SCHEME, date(2026, 2, 10), date(2026, 4, 7))


def test_a_step_may_not_end_before_it_begins():
    with pytest.raises(moves.StepDatesBackwards):
        move(SCHEME, date(2026, 3, 2), date(2026, 3, 1))


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2025, 9, 30), date(2026, 3, 2)), (date(2026, 3, 2), date(2028, 1, 3))],
)
def test_a_day_far_from_the_year_is_a_slip_of_the_hand(first, last):
    with pytest.raises(moves.StepFarFromYear) as refused:
        move(SCHEME, first, last)

    assert refused.value.facts["year"] == 2026


@pytest.mark.parametrize(
    ("last", "following"),
    [(date(2026, 4, 4), "2026.04.07"), (date(2026, 4, 6), "2026.04.07")],
)
def test_a_step_does_not_end_on_a_day_off_and_the_next_working_day_is_named(last, following):
    with pytest.raises(moves.StepDayOff) as refused:
        move(SCHEME, date(2026, 2, 1), last)

    assert refused.value.facts["next"] == following


def test_a_step_that_does_not_roll_may_end_on_a_day_off():
    move(LEDGER, date(2026, 1, 1), date(2026, 4, 5))


def test_where_the_days_off_are_not_known_any_last_day_will_do():
    move(SCHEME, date(2026, 2, 1), date(2027, 1, 2))


def test_what_the_law_sets_can_be_earlier_but_not_later():
    move(REPORT, date(2026, 1, 1), date(2026, 3, 20))
    move(REPORT, date(2026, 1, 5), date(2026, 3, 31))  # the last day itself
    with pytest.raises(moves.StepIsLaw) as refused:
        move(REPORT, date(2026, 1, 1), date(2026, 4, 1))

    assert refused.value.facts["day"] == "2026.03.31"


@pytest.mark.parametrize(("done", "dropped"), [(True, False), (False, True)])
def test_what_is_done_or_dropped_is_neither_finished_nor_dropped_again(done, dropped):
    with pytest.raises(moves.StepNotOpen):
        moves.refuse_finish(done=done, dropped=dropped)
    with pytest.raises(moves.StepNotOpen):
        moves.refuse_drop(SCHEME, "不需要", done=done, dropped=dropped)
    moves.refuse_reopening("补充材料", done=done, dropped=dropped)


def test_a_step_of_the_law_is_held_every_year():
    with pytest.raises(moves.StepMustBeHeld):
        moves.refuse_drop(REPORT, "不需要", done=False, dropped=False)


@pytest.mark.parametrize("silence", ["", " \n\u200b "])
def test_dropping_and_reopening_say_why(silence):
    with pytest.raises(moves.StepReasonMissing):
        moves.refuse_drop(SCHEME, silence, done=False, dropped=False)
    with pytest.raises(moves.StepReasonMissing):
        moves.refuse_reopening(silence, done=True, dropped=False)


def test_with_a_reason_a_step_is_dropped():
    moves.refuse_drop(SCHEME, "沿用上年方案", done=False, dropped=False)


def test_an_open_step_cannot_be_taken_up_again():
    with pytest.raises(moves.StepNotClosed):
        moves.refuse_reopening("补充材料", done=False, dropped=False)
