"""Fields of our forms: what they take and what they refuse, and with which words."""

import pytest
from django.core.exceptions import ValidationError

from kaohe.web.fields import DayField


@pytest.mark.parametrize("typed", ["1949-01-01", "2026.3.5", "2100年12月31日"])
def test_a_day_of_our_time_is_taken(typed):
    assert DayField().clean(typed)


@pytest.mark.parametrize("typed", ["0001-01-01", "1948-12-31", "2101-01-01", "9999-12-31"])
def test_a_year_that_cannot_be_meant_is_refused_with_what_can(typed):
    with pytest.raises(ValidationError, match=r"1949.*2100"):
        DayField().clean(typed)


def test_what_was_opened_long_ago_may_say_so():
    assert DayField(earliest=1800).clean("1902-05-01").year == 1902


def test_no_day_is_no_year():
    assert DayField(required=False).clean("") is None
