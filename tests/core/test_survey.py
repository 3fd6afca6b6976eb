"""From answers to the social component."""

from decimal import ROUND_HALF_UP, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.core.quantities import FULL, TICK
from kaohe.core.scheme import Channel, Dimension, Scheme, Survey
from kaohe.core.scoring import score_survey
from kaohe.core.survey import (
    channel_score,
    component_score,
    margin,
    response_counts,
    response_score,
    round_score,
    weight_used,
)
from tests.core import golden

FIVE = Survey(
    dimensions=tuple(Dimension(f"d{n}", 20 * TICK, (f"q{n}",)) for n in range(5)),
    answered_share=60 * TICK,
)


def test_satisfied_people_without_an_opinion_on_one_dimension() -> None:
    assert response_score(FIVE, (5, 4, 4, 3, None)) == 80 * TICK


def test_a_dimension_is_the_mean_of_its_answered_questions() -> None:
    survey = Survey(
        dimensions=(
            Dimension("duty", 30 * TICK, ("q1", "q2", "q3")),
            Dimension("attitude", 10 * TICK, ("q4",)),
        )
    )
    # duty: (100 + 80 + 80)/3 = 86.6667; with attitude 30: (3·86.6667 + 30)/4
    assert response_score(survey, (5, 4, 4, 2)) == 725_000
    assert response_score(survey, (5, 4, 4, None)) == 866_667
    assert response_score(survey, (None, None, 1, 5)) == 250_000


def test_a_response_without_an_answer_has_no_score() -> None:
    with pytest.raises(ValueError, match="answer"):
        response_score(FIVE, (None,) * 5)


@pytest.mark.parametrize(
    ("answers", "counts"),
    [((5, 5, 5, None, None), True), ((5, 5, None, None, None), False), ((None,) * 5, False)],
)
def test_a_response_counts_from_the_share_of_questions_on(
    answers: tuple[int | None, ...], counts: bool
) -> None:
    assert response_counts(FIVE, True, answers) is counts
    assert response_counts(FIVE, False, answers) is False


def test_without_a_share_one_answer_is_enough_and_none_is_not() -> None:
    survey = Survey(dimensions=FIVE.dimensions, answered_share=0)

    assert response_counts(survey, True, (1, None, None, None, None))
    assert not response_counts(survey, True, (None,) * 5)
    assert not response_counts(Survey(), True, ())


@pytest.mark.parametrize(
    ("counted", "way", "weight"),
    [
        (30, "drop", 400_000),
        (29, "drop", 0),
        (29, "keep", 400_000),
        (29, "shrink", 386_667),
        (0, "keep", 0),
        (0, "shrink", 0),
    ],
)
def test_the_weight_of_a_thin_channel(counted: int, way: str, weight: int) -> None:
    assert weight_used(Channel("on_site", 400_000, 30), counted, way) == weight


def test_a_channel_is_the_mean_of_what_counts() -> None:
    found = channel_score(Survey(), Channel("visit", TICK, 3), [900_000, None, 800_001])

    assert (found.responses, found.counted, found.score) == (3, 2, 850_001)
    assert found.thin
    assert found.weight_used == 6_667


def test_a_channel_without_a_counted_response_has_no_score() -> None:
    found = channel_score(Survey(), Channel("visit", TICK, 0), [None])

    assert (found.counted, found.score, found.weight_used, found.margin) == (0, None, 0, None)
    assert not found.thin


def test_a_round_without_weight_has_no_score() -> None:
    dropped = channel_score(Survey(thin_channel="drop"), Channel("visit", TICK, 9), [900_000])

    assert round_score([dropped]) is None
    assert round_score([]) is None
    assert component_score([(TICK, None)]) is None


def test_a_round_without_a_score_leaves_its_weight_to_the_others() -> None:
    assert component_score([(TICK, 700_000), (9 * TICK, None)]) == 700_000


def test_rows_stand_only_where_someone_responded() -> None:
    scheme = golden.scheme()
    rows, score = score_survey(scheme, "U", {"h2": {"visit": [None], "on_site": [FULL] * 3}})

    assert [(row.round, row.channel, row.counted, row.flags) for row in rows] == [
        ("h2", "on_site", 3, "thin-channel"),
        ("h2", "visit", 0, "thin-channel"),
    ]
    assert score == FULL
    assert score_survey(Scheme(2026, "370683", {}), "U", {}) == ([], None)


def test_the_margin_of_equal_answers_is_nothing() -> None:
    assert margin([FULL, FULL]) == 0
    assert margin([FULL]) is None
    assert margin([]) is None


@given(st.lists(st.integers(0, FULL), min_size=2, max_size=40))
def test_the_margin_is_the_exact_one_rounded_half_up(scores: list[int]) -> None:
    with localcontext(prec=60):
        values = [Decimal(score) / TICK for score in scores]
        n = len(values)
        mean = sum(values, Decimal(0)) / n
        squares = [(value - mean) ** 2 for value in values]
        variance = sum(squares, Decimal(0)) / (n - 1)
        exact = Decimal("1.96") * (variance / n).sqrt()
        rounded = exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)

    assert margin(scores) == int(rounded * 100)
