"""The same seed gives the same draws, on any machine."""

import hashlib
from statistics import NormalDist

import numpy as np
import pytest

from kaohe.core.quantities import TICK
from kaohe.inquiry.robustness.chance import (
    CLASSES,
    MILLION,
    Chance,
    deviates,
    unpacked,
    words_for,
)


def test_the_table_of_deviates_is_the_normal_to_the_millionth():
    exact = NormalDist()
    expected = [
        round(exact.inv_cdf((2 * place + 1) / (2 * CLASSES)) * MILLION) for place in range(CLASSES)
    ]

    assert deviates().tolist() == expected


def test_the_table_of_deviates_never_changes():
    table = deviates().astype("<i8").tobytes()

    assert (
        hashlib.sha256(table).hexdigest()
        == "757dc43df28e1006327ff2293c88c0a13f94c41926f55646af2f592ad4de29c3"
    )


def test_factors_are_whole_millionths_within_their_reach():
    factors = Chance(7, 4000).factors(25 * TICK, 3)

    assert factors.shape == (4000, 3)
    assert factors.min() >= 750_000
    assert factors.max() <= 1_250_000
    assert np.abs(factors.mean(axis=0) - MILLION).max() < 10_000
    assert factors.min() < 751_000
    assert factors.max() > 1_249_000


def test_factors_without_reach_are_one():
    assert (Chance(7, 10).factors(0, 3) == MILLION).all()


def test_chance_repeats_for_a_seed_and_differs_between_seeds():
    def drawn(seed: int) -> tuple[list[int], list[int], list[int]]:
        chance = Chance(seed, 3)
        factors, coins = chance.factors(TICK, 3), chance.coins(2)
        return factors.ravel().tolist(), coins.ravel().tolist(), chance.pieces(0, 2, 5)[0].tolist()

    assert drawn(11) == drawn(11)
    assert all(a != b for a, b in zip(drawn(11), drawn(12), strict=True))


def test_chance_is_what_it_always_was():
    chance = Chance(2026, 3)

    assert chance.factors(25 * TICK, 3).tolist() == [
        [941345, 760220, 1215983],
        [1013341, 1134524, 1176751],
        [1066217, 1233425, 852303],
    ]
    assert unpacked(chance.coins(2), 0, 3).tolist() == [[0, 1, 1], [1, 1, 1]]
    assert chance.pieces(2, 2, 3).tolist() == [[30657, 12980, 60939], [61404, 10499, 20344]]


@pytest.mark.parametrize("width", [1, 4, 6])
def test_pieces_of_a_draw_do_not_depend_on_what_was_read_before(width):
    whole = Chance(3, 9).pieces(0, 9, width)
    chance = Chance(3, 9)
    parts = [chance.pieces(first * words_for(width), 3, width) for first in (6, 0, 3)]

    assert np.array_equal(whole, np.concatenate([parts[1], parts[2], parts[0]]))


def test_coins_of_some_draws_are_those_of_all():
    coins = Chance(3, 200).coins(5)
    everything = unpacked(coins, 0, 200)

    assert everything.shape == (5, 200)
    assert np.array_equal(unpacked(coins, 64, 150), everything[:, 64:150])
    assert set(everything.ravel().tolist()) == {0, 1}
