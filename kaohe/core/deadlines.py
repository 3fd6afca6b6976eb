"""Working days and the ends of periods, from a table of holidays for each year that someone gave.

Which days are off is decided anew each year (国务院办公厅关于节假日安排的通知).  For a year without
a table nothing is guessed.
"""

import calendar
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from kaohe.core.errors import Invalid
from kaohe.core.problems import N_

_DAY = timedelta(days=1)


class NoTable(Invalid):
    code = "deadline.no-table"
    sentence = N_("the days off of {year} are not known yet; enter the holidays of {year} first")


class DayOutsideYear(Invalid):
    code = "deadline.day-outside-year"
    sentence = N_("{day} is not in the year {year}; enter it in the table of its own year")


class DayTwice(Invalid):
    code = "deadline.day-twice"
    sentence = N_("{day} is both a day off and a working day; keep one of the two")


class NotAWeekend(Invalid):
    code = "deadline.not-a-weekend"
    sentence = N_("{day} is a working day as it is; a make-up working day is a Saturday or Sunday")


class Year(NamedTuple):
    """The table of one year: days off, weekends among them or not, and make-up working days."""

    off: frozenset[date] = frozenset()
    made_up: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Holidays:
    """The tables of all years that are known."""

    years: Mapping[int, Year] = field(default_factory=dict)

    def of(self, year: int) -> Year:
        """The table of a year.

        Raises:
            NoTable: there is none.

        Source: docs/rules/deadlines.md, T-1.
        """
        table = self.years.get(year)
        if table is None:
            raise NoTable(year=year)
        return table


class Period(StrEnum):
    """In what a period is counted."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"


def year_of_holidays(year: int, off: Iterable[date], made_up: Iterable[date]) -> Year:
    """The table of a year, checked.

    Raises:
        DayOutsideYear: a day is of another year.
        DayTwice: a day is both off and a working day.
        NotAWeekend: a make-up working day is no Saturday or Sunday.

    Source: docs/rules/deadlines.md, T-1.
    """
    table = Year(frozenset(off), frozenset(made_up))
    for day in sorted(table.off | table.made_up):
        if day.year != year:
            raise DayOutsideYear(day=day, year=year)
        if day in table.off and day in table.made_up:
            raise DayTwice(day=day)
        if day in table.made_up and day.weekday() < calendar.SATURDAY:
            raise NotAWeekend(day=day)
    return table


def is_working_day(day: date, holidays: Holidays) -> bool:
    """Whether people work on a day: not off, and no weekend unless it makes up for a day off.

    Raises:
        NoTable: the year has no table.

    Source: docs/rules/deadlines.md, T-1.
    """
    table = holidays.of(day.year)
    if day.weekday() < calendar.SATURDAY:
        return day not in table.off
    return day in table.made_up


def add_working_days(start: date, count: int, holidays: Holidays) -> date:
    """The last day of a period of so many working days; the day that starts it does not count.

    Args:
        count: 1 or more.

    Raises:
        NoTable: a year that the period touches has no table.

    Source: docs/rules/deadlines.md, T-2.
    """
    day = start
    for _ in range(count):
        day = next_working_day(day + _DAY, holidays)
    return day


def next_working_day(day: date, holidays: Holidays) -> date:
    """The day itself where it is a working day, else the first one after it.

    Raises:
        NoTable: a year that is touched has no table.

    Source: docs/rules/deadlines.md, T-3.
    """
    while not is_working_day(day, holidays):
        day += _DAY
    return day


def working_days_between(start: date, end: date, holidays: Holidays) -> int:
    """How many working days follow ``start`` up to ``end``, this one included; negative backwards.

    Raises:
        NoTable: a year that is touched has no table.

    Source: docs/rules/deadlines.md, T-2.
    """
    if end <= start:
        return -working_days_between(end, start, holidays) if end < start else 0
    weeks, rest = divmod((end - start).days, 7)
    count = calendar.SATURDAY * weeks
    count += sum((start.weekday() + day) % 7 < calendar.SATURDAY for day in range(1, rest + 1))
    for year in range((start + _DAY).year, end.year + 1):
        table = holidays.of(year)
        count -= sum(start < day <= end and not _is_weekend(day) for day in table.off)
        count += sum(start < day <= end and _is_weekend(day) for day in table.made_up)
    return count


def _is_weekend(day: date) -> bool:
    return day.weekday() >= calendar.SATURDAY


def nth_working_day_of_year(day: date, holidays: Holidays) -> int:
    """Which working day of its year a day is; a day off has the number of the last one before it.

    Raises:
        NoTable: the year has no table.

    Source: docs/rules/deadlines.md, T-4.
    """
    return sum(is_working_day(each, holidays) for each in _days(date(day.year, 1, 1), day))


def working_days_of_year(year: int, holidays: Holidays) -> int:
    """How many working days a year has.

    Raises:
        NoTable: the year has no table.

    Source: docs/rules/deadlines.md, T-4.
    """
    return nth_working_day_of_year(date(year, 12, 31), holidays)


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += _DAY


def add_months(start: date, count: int) -> date:
    """The same day so many months later, or that month's last.

    Source: docs/rules/deadlines.md, T-3.

    >>> add_months(date(2026, 1, 31), 1), add_months(date(2026, 11, 30), 3)
    (datetime.date(2026, 2, 28), datetime.date(2027, 2, 28))
    """
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def last_day(start: date, count: int, period: Period, holidays: Holidays) -> date:
    """The last day of a period; where it is a day off, the next working day.

    Args:
        start: the day of the event, which does not count.
        count: 1 or more.

    Raises:
        NoTable: a year that decides has no table.

    Source: docs/rules/deadlines.md, T-2, T-3.
    """
    if period is Period.WORKING_DAYS:
        return add_working_days(start, count, holidays)
    if period is Period.DAYS:
        return next_working_day(start + count * _DAY, holidays)
    months = count if period is Period.MONTHS else 12 * count
    return next_working_day(add_months(start, months), holidays)
