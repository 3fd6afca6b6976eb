"""The engine and the exact evaluator give the same six tables, to the last digit."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaohe.core.scoring import assess
from tests.engine.tables_of import scored
from tests.worlds import World, world, worlds

SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SLOW
@given(worlds())
def test_the_engine_says_what_the_exact_evaluator_says(year: World) -> None:
    assert scored(*year) == assess(*year)


@settings(SLOW, max_examples=10)
@given(worlds(), st.integers(1, 5))
def test_units_scored_in_parts_come_to_the_same(year: World, units_at_a_time: int) -> None:
    assert scored(*year, units_at_a_time=units_at_a_time) == assess(*year)


def test_a_district_of_300_units_comes_to_the_same() -> None:
    year = world(2026, 300)

    assert scored(*year) == assess(*year)
