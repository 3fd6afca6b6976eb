"""Working days and the ends of periods."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.core import deadlines
from kaohe.core.deadlines import (
    Holidays,
    Period,
    Year,
    add_months,
    add_working_days,
    is_working_day,
    last_day,
    next_working_day,
    nth_working_day_of_year,
    working_days_between,
    working_days_of_year,
    year_of_holidays,
)


def days(*spans):
    """Days of 2026 from month/day to month/day."""
    found = []
    for first, last in spans:
        day = date(2026, *first)
        while day <= date(2026, *last):
            found.append(day)
            day += timedelta(days=1)
    return found


# By the notice of the State Council's General Office of 4 November 2025.
OFF = days(
    ((1, 1), (1, 3)),
    ((2, 15), (2, 23)),
    ((4, 4), (4, 6)),
    ((5, 1), (5, 5)),
    ((6, 19), (6, 21)),
    ((9, 25), (9, 27)),
    ((10, 1), (10, 7)),
)
MADE_UP = [
    date(2026, 1, 4),
    date(2026, 2, 14),
    date(2026, 2, 28),
    date(2026, 5, 9),
    date(2026, 9, 20),
    date(2026, 10, 10),
]
KNOWN = Holidays({2026: year_of_holidays(2026, OFF, MADE_UP)})


def test_2026_has_248_working_days():
    assert working_days_of_year(2026, KNOWN) == 248


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-01-05", 30, "2026-02-14"),
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-14", 1, "2026-02-24"),
        ("2026-02-10", 30, "2026-03-30"),
        ("2026-04-28", 30, "2026-06-11"),
        ("2026-09-18", 5, "2026-09-24"),
        ("2026-09-18", 30, "2026-11-05"),
        ("2026-09-21", 30, "2026-11-09"),
        ("2026-01-08", 60, "2026-04-09"),
    ],
)
def test_the_last_day_of_a_period_of_working_days(start, count, end):
    start, end = date.fromisoformat(start), date.fromisoformat(end)

    assert add_working_days(start, count, KNOWN) == end
    assert last_day(start, count, Period.WORKING_DAYS, KNOWN) == end
    assert working_days_between(start, end, KNOWN) == count
    assert working_days_between(end, start, KNOWN) == -count


@pytest.mark.parametrize(
    ("day", "works"),
    [("2026-01-04", True), ("2026-01-10", False), ("2026-10-07", False), ("2026-10-08", True)],
)
def test_a_weekend_may_be_a_working_day_and_a_weekday_off(day, works):
    assert is_working_day(date.fromisoformat(day), KNOWN) is works


@pytest.mark.parametrize(
    ("start", "count", "period", "end"),
    [
        (date(2026, 4, 28), 7, Period.DAYS, date(2026, 5, 6)),  # 5 May is off
        (date(2026, 3, 2), 7, Period.DAYS, date(2026, 3, 9)),
        (date(2026, 2, 7), 7, Period.DAYS, date(2026, 2, 14)),  # a Saturday on which people work
        (date(2026, 1, 31), 1, Period.MONTHS, date(2026, 2, 28)),
        (date(2026, 9, 3), 1, Period.MONTHS, date(2026, 10, 8)),
        (date(2025, 10, 3), 1, Period.YEARS, date(2026, 10, 8)),
        (date(2024, 2, 29), 2, Period.YEARS, date(2026, 2, 28)),
    ],
)
def test_a_period_that_ends_on_a_day_off_goes_on_to_the_next_working_day(start, count, period, end):
    assert last_day(start, count, period, KNOWN) == end


def test_days_are_numbered_within_their_year():
    assert nth_working_day_of_year(date(2026, 1, 1), KNOWN) == 0
    assert nth_working_day_of_year(date(2026, 1, 4), KNOWN) == 1
    assert nth_working_day_of_year(date(2026, 1, 11), KNOWN) == 6


def test_a_year_without_a_table_is_refused_by_its_name():
    with pytest.raises(deadlines.NoTable, match="2027"):
        add_working_days(date(2026, 12, 30), 5, KNOWN)
    with pytest.raises(deadlines.NoTable, match="2025"):
        working_days_between(date(2025, 12, 30), date(2026, 1, 5), KNOWN)
    with pytest.raises(deadlines.NoTable, match="2026"):
        working_days_of_year(2026, Holidays())


@pytest.mark.parametrize(
    ("off", "made_up", "refusal"),
    [
        ([date(2027, 1, 1)], [], deadlines.DayOutsideYear),
        ([date(2026, 1, 4)], [date(2026, 1, 4)], deadlines.DayTwice),
        ([], [date(2026, 1, 5)], deadlines.NotAWeekend),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(off, made_up, refusal):
    with pytest.raises(refusal):
        year_of_holidays(2026, off, made_up)


# Three years of tables, so that periods cross their ends.
WIDE = Holidays({2025: Year(), 2026: KNOWN.of(2026), 2027: Year()})
within = st.dates(date(2025, 6, 1), date(2027, 6, 1))


@given(within, st.integers(1, 60))
def test_adding_and_counting_agree(start, count):
    end = add_working_days(start, count, WIDE)

    assert is_working_day(end, WIDE)
    assert working_days_between(start, end, WIDE) == count


@given(within, within, within)
def test_counts_add_up(one, two, three):
    total = working_days_between(one, two, WIDE) + working_days_between(two, three, WIDE)

    assert total == working_days_between(one, three, WIDE)


@given(within)
def test_the_next_working_day_is_the_nearest(day):
    end = next_working_day(day, WIDE)

    assert is_working_day(end, WIDE)
    assert working_days_between(day - timedelta(days=1), end, WIDE) == 1


@given(within, st.integers(0, 48))
def test_months_keep_the_day_or_end_the_month(start, count):
    end = add_months(start, count)

    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == count
    assert end.day == start.day or (end + timedelta(days=1)).day == 1
