"""Days off as far as they are announced, and what is derived from them."""

from collections import defaultdict
from datetime import date
from functools import cache

from chinese_calendar import constants

from kaohe.core.deadlines import Holidays, Year, nth_working_day_of_year
from kaohe.core.errors import Invalid


@cache
def announced_holidays() -> Holidays:
    """The tables of the years that the library of holidays knows; later years are absent."""
    off: defaultdict[int, set[date]] = defaultdict(set)
    made_up: defaultdict[int, set[date]] = defaultdict(set)
    for day in constants.holidays:
        off[day.year].add(day)
    for day in constants.workdays:
        made_up[day.year].add(day)
    return Holidays(
        {year: Year(frozenset(days), frozenset(made_up[year])) for year, days in off.items()}
    )


def working_day_number(day: date) -> int | None:
    """The how-manieth working day of its year a day is; None where the year has no table yet."""
    try:
        return nth_working_day_of_year(day, announced_holidays())
    except Invalid:
        return None
