"""What follows from contents is made once, and the oldest goes when there is no room."""

from concurrent.futures import ThreadPoolExecutor

from kaohe.indicators.queries.remembered import Remembered


def test_an_answer_is_made_once_for_a_key():
    kept: Remembered[str, list[int]] = Remembered(2)
    first = kept.get_or("a", lambda: [1])

    assert kept.get_or("a", lambda: [2]) is first
    assert kept.get("b") is None


def test_the_oldest_goes_when_there_is_no_room():
    kept: Remembered[str, int] = Remembered(2)
    for place, key in enumerate("abc"):
        kept.keep(key, place)

    assert [kept.get(key) for key in "abc"] == [None, 1, 2]


def test_what_is_kept_again_is_the_newest():
    kept: Remembered[str, int] = Remembered(2)
    for key in "aba":
        kept.keep(key, 1)
    kept.keep("c", 1)

    assert [kept.get(key) for key in "abc"] == [1, None, 1]


def test_many_threads_may_use_it_at_once():
    kept: Remembered[int, int] = Remembered(3)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: kept.get_or(n % 50, lambda: n % 50), range(4000)))

    assert found == [n % 50 for n in range(4000)]
    assert sum(kept.get(n) is not None for n in range(50)) == 3
