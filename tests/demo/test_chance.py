"""Chance that is the same on every machine."""

from collections import Counter

from kaohe.demo.chance import Chance


def test_the_numbers_are_these_everywhere() -> None:
    chance = Chance(1, "a")

    assert chance.bits() == 1288531901209139498
    assert chance.bits() == 14493107971422403328
    assert chance.shuffled(range(8)) == [6, 7, 4, 1, 3, 2, 0, 5]


def test_each_name_has_numbers_of_its_own() -> None:
    assert len({Chance(*name).bits() for name in [(1, 2), (12,), (1, "2x"), (2, 1)]}) == 4


def test_every_number_in_a_range_occurs_about_equally_often() -> None:
    chance = Chance("range")
    seen = Counter(chance.between(3, 7) for _ in range(5_000))

    assert set(seen) == {3, 4, 5, 6, 7}
    assert min(seen.values()) > 850


def test_weights_say_how_often() -> None:
    chance = Chance("weights")
    seen = Counter(chance.weighted("abc", [1, 0, 3]) for _ in range(4_000))

    assert set(seen) == {"a", "c"}
    assert 2_800 < seen["c"] < 3_200


def test_what_lies_around_zero_is_mostly_small_and_never_wider() -> None:
    chance = Chance("zero")
    seen = [chance.around_zero(100) for _ in range(4_000)]

    assert -100 <= min(seen) < -60
    assert 60 < max(seen) <= 100
    assert sum(abs(number) < 50 for number in seen) > 3_000
