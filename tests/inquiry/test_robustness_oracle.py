"""Every draw of a simulation is what the exact evaluator makes of the inputs so changed."""

from collections import Counter
from dataclasses import replace

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaohe.core.quantities import TICK
from kaohe.core.rows import Inputs
from kaohe.core.scheme import Scheme
from kaohe.core.scoring import assess
from kaohe.engine.run import score
from kaohe.folder.rows import store_inputs
from kaohe.inquiry.robustness import simulate as simulating
from kaohe.inquiry.robustness.cohort import Cohort
from kaohe.inquiry.robustness.load import cohort_from
from kaohe.inquiry.robustness.simulate import NO_UNCERTAINTY, Uncertainty, simulate
from tests.inquiry.robustness_oracle import cohort_of, draws_of, standing_of
from tests.worlds import world, worlds

SLOW = settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
ALL = 100 * TICK  # an interval from the least to the greatest rank of all draws
UNCERTAINTIES = (
    Uncertainty(draws=4, survey=False, events=False, interval=ALL),
    Uncertainty(draws=4, weights=None, survey=False, interval=ALL),
    Uncertainty(draws=4, weights=None, events=False, interval=ALL),
    Uncertainty(draws=8, weights=100 * TICK, interval=ALL),
)


def agrees(scheme: Scheme, inputs: Inputs, cohort: Cohort, uncertainty: Uncertainty) -> None:
    """Compare grades and rank intervals of all draws together with the exact evaluator's."""
    drawn = draws_of(scheme, inputs, cohort, uncertainty)
    exact = [standing_of(each) for each in drawn]
    simulation = simulate(cohort, scheme, uncertainty)
    assert simulation.grades is not None
    assert simulation.rank_low is not None
    assert simulation.rank_high is not None
    for place, unit in enumerate(cohort.unit):
        grades = Counter(stand[unit].grade for stand in exact)
        ranks = sorted(stand[unit].rank for stand in exact)
        assert simulation.grades[place].tolist() == [grades[each] for each in "ABC"]
        assert simulation.rank_low[place] == ranks[0]
        assert simulation.rank_high[place] == ranks[-1]


@SLOW
@given(worlds(units=14), st.integers(0, 2**64))
def test_a_simulation_agrees_with_the_exact_evaluator(made, seed):
    cohort = cohort_of(*made)
    if cohort is not None:
        for uncertainty in UNCERTAINTIES:
            agrees(made.scheme, made.inputs, cohort, replace(uncertainty, seed=seed))


@pytest.mark.parametrize("seed", range(4))
def test_so_it_does_in_large_groups_worked_on_in_many_passes(seed, monkeypatch):
    monkeypatch.setattr(simulating, "_HELD", 1)
    monkeypatch.setattr(simulating, "_BLOCK", 1)
    scheme, inputs = world(seed, 60)
    cohort = cohort_of(scheme, inputs)
    assert cohort is not None
    agrees(scheme, inputs, cohort, replace(UNCERTAINTIES[3], draws=70, seed=seed))


def test_so_it_does_where_keys_need_more_than_32_bits():
    scheme, inputs = world(5, 400)
    cohort = cohort_of(scheme, inputs)
    assert cohort is not None
    assert max(units.stop - units.start for _, units in cohort.slices()) > 256
    agrees(scheme, inputs, cohort, UNCERTAINTIES[3])


@SLOW
@given(worlds(units=14))
def test_without_uncertainty_everything_is_as_assessed(made):
    cohort = cohort_of(*made)
    if cohort is None:
        return
    simulation = simulate(cohort, made.scheme, NO_UNCERTAINTY)
    results = {row.unit: row for row in assess(*made).results}
    assert simulation.grades is not None
    assert simulation.rank_low is not None
    for place, unit in enumerate(cohort.unit):
        row = results[unit]
        assert simulation.grades[place].tolist() == [int(row.grade == each) for each in "ABC"]
        assert simulation.rank_low[place] == row.rank
        assert (cohort.composite[place], cohort.rank[place]) == (row.composite, row.rank)
        assert (cohort.grade[place], cohort.name[place]) == (row.grade, row.name)


def test_a_cohort_is_read_from_what_the_engine_leaves():
    scheme, inputs = world(5, 20)
    exact = cohort_of(scheme, inputs)
    with duckdb.connect() as con:
        store_inputs(con, scheme, inputs)
        score(con, scheme)
        read = cohort_from(con, scheme)

    assert exact is not None
    assert read.unit.tolist() == exact.unit.tolist()
    assert read.adjusted.tolist() == exact.adjusted.tolist()
    assert read.grade.tolist() == exact.grade.tolist()
