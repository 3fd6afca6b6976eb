"""Every draw of a simulation is what the exact evaluator makes of the inputs so changed."""

from collections import Counter
from dataclasses import replace

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaohe.core.problems import FolderRefused
from kaohe.core.quantities import TICK
from kaohe.core.scoring import assess
from kaohe.engine.run import score
from kaohe.folder.rows import store_inputs
from kaohe.inquiry.robustness_cohort import Cohort
from kaohe.inquiry.robustness_load import cohort_from
from kaohe.inquiry.robustness_simulate import NO_UNCERTAINTY, Uncertainty, simulate
from tests.inquiry.robustness_oracle import draws_of, standing_of
from tests.worlds import World, world, worlds

SLOW = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def cohort_of(made: World) -> Cohort | None:
    """The cohort of a world; None where nobody is graded."""
    if not any(unit.status == "graded" for unit in made.inputs.units):
        return None
    with duckdb.connect() as con:
        store_inputs(con, made.scheme, made.inputs)
        score(con, made.scheme)
        return cohort_from(con, made.scheme)


def agrees(made: World, uncertainty: Uncertainty) -> None:
    """Compare grades and rank intervals of all draws together with the exact evaluator's."""
    cohort = cohort_of(made)
    if cohort is None:
        return
    drawn = draws_of(made.scheme, made.inputs, cohort, uncertainty)
    exact = [standing_of(each) for each in drawn]
    simulation = simulate(cohort, made.scheme, uncertainty)
    assert simulation.grades is not None
    assert simulation.rank_low is not None
    assert simulation.rank_high is not None
    for place, unit in enumerate(cohort.unit):
        grades = Counter(stand[unit].grade for stand in exact)
        ranks = sorted(stand[unit].rank for stand in exact)
        assert simulation.grades[place].tolist() == [grades[each] for each in "ABC"]
        assert simulation.rank_low[place] == ranks[0]
        assert simulation.rank_high[place] == ranks[-1]


UNCERTAINTIES = (
    Uncertainty(draws=3, survey=False, events=False, interval=100 * TICK),
    Uncertainty(draws=3, weights=None, survey=False, interval=100 * TICK),
    Uncertainty(draws=3, weights=None, events=False, interval=100 * TICK),
    Uncertainty(draws=4, weights=100 * TICK, interval=100 * TICK),
)


@SLOW
@given(worlds(units=14), st.sampled_from(UNCERTAINTIES), st.integers(0, 2**64))
def test_a_simulation_agrees_with_the_exact_evaluator(made, uncertainty, seed):
    agrees(made, replace(uncertainty, seed=seed))


@pytest.mark.parametrize("seed", range(4))
def test_so_it_does_where_groups_and_scopes_are_larger(seed):
    agrees(world(seed, 60), replace(UNCERTAINTIES[3], seed=seed))


@SLOW
@given(worlds(units=14))
def test_without_uncertainty_everything_is_as_assessed(made):
    cohort = cohort_of(made)
    if cohort is None:
        return
    simulation = simulate(cohort, made.scheme, NO_UNCERTAINTY)
    results = {row.unit: row for row in assess(made.scheme, made.inputs).results}
    assert simulation.grades is not None
    for place, unit in enumerate(cohort.unit):
        row = results[unit]
        assert simulation.grades[place].tolist() == [int(row.grade == each) for each in "ABC"]
        assert (simulation.rank_low[place], simulation.rank_high[place]) == (row.rank, row.rank)
        assert (cohort.composite[place], cohort.rank[place]) == (row.composite, row.rank)
        assert (cohort.grade[place], cohort.name[place]) == (row.grade, row.name)
