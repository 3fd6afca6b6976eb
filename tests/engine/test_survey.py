"""The margin of a channel from sums alone, and answers looked up by their pattern."""

from dataclasses import replace
from math import isqrt
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.core.quantities import FULL, TICK
from kaohe.core.scheme import Dimension, Scheme, Survey
from kaohe.core.scoring import assess
from kaohe.core.survey import margin
from kaohe.engine import survey as engine
from kaohe.engine.survey import blocks, with_margin
from tests.engine.tables_of import scored
from tests.engine.test_arithmetic import computed
from tests.worlds import world


def margins(sums: list[tuple[int, int, int]]) -> list[object]:
    found = computed(
        sums,
        "counted BIGINT, sum BIGINT, squares BIGINT",
        lambda frame: with_margin(frame).select("place", "margin"),
    )
    return [row[0] for row in found]


def sums_of(scores: list[int]) -> tuple[int, int, int]:
    return len(scores), sum(scores), sum(score * score for score in scores)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(st.integers(0, FULL) | st.sampled_from([0, FULL, 333_333]), max_size=60),
        min_size=1,
        max_size=40,
    )
)
def test_a_margin_from_sums_is_the_margin_of_the_scores(channels: list[list[int]]) -> None:
    assert margins([sums_of(scores) for scores in channels]) == list(map(margin, channels))


def test_a_margin_of_very_many_scores_fits_the_numbers() -> None:
    half = 500_000
    alike, apart = [FULL] * (2 * half), [0] * half + [FULL] * half

    found = margins([sums_of(alike), sums_of(apart), sums_of(apart[:-1])])

    assert found == [margin(alike), margin(apart), margin(apart[:-1])]


def test_a_margin_fits_as_long_as_the_sum_of_squares_does() -> None:
    half, most = 4_500_000, 9_000_000
    alike = (most, most * FULL, most * FULL * FULL)
    apart = (most, half * FULL, half * FULL * FULL)
    squared = 196**2 * half * half * FULL**2 // (100**4 * most * most * (most - 1) // 4)

    assert margins([alike, apart]) == [0, (isqrt(squared) + 1) // 2]


def test_few_questions_share_a_block_and_a_long_dimension_has_its_own() -> None:
    questions = iter(f"q{number}" for number in range(1, 20))
    sizes = (2, 2, 2, 1, 7, 3)
    survey = Survey(
        dimensions=tuple(
            Dimension(f"d{size}{place}", TICK, tuple(next(questions) for _ in range(size)))
            for place, size in enumerate(sizes)
        )
    )

    packed = blocks(survey)

    assert [len(block.answers) for block in packed] == [6, 1, 7, 3]
    assert [answer for block in packed for answer in block.answers] == [
        f"answer_{number}" for number in range(1, 18)
    ]


@pytest.mark.parametrize("seed", range(8))
def test_patterns_of_answers_looked_up_give_the_same_scores(seed: int) -> None:
    year = world(seed, 8)

    with patch.object(engine, "_MANY", 1):
        assert scored(*year) == assess(*year)


def test_a_survey_without_dimensions_counts_no_response() -> None:
    years = (world(seed, 6) for seed in range(50))
    year = next(each for each in years if each.inputs.responses)
    asked_nothing = replace(year.scheme.survey, dimensions=())
    scheme = Scheme(year.scheme.year, "370683", year.scheme.weights, survey=asked_nothing)
    asked = tuple(row._replace(answers=()) for row in year.inputs.responses)
    inputs = year.inputs._replace(responses=asked, tiers=(), adjustments=())

    found = scored(scheme, inputs)

    assert found.survey_scores == assess(scheme, inputs).survey_scores
    assert {row.counted for row in found.survey_scores} == {0}
