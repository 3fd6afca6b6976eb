"""How alike two texts are: the share of pairs of neighbouring characters that they have in common.

Texts are folded first.  The measure is Dice's: 0 nothing in common, 100 percent the same pairs.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from kaohe.core.quantities import FULL
from kaohe.core.texts import fold


def pairs_of(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a text, folded; of one character that one.

    >>> sorted(pairs_of("Ａ Bc"))
    ['ab', 'bc']
    """
    folded = fold(text)
    if len(folded) == 1:
        return frozenset({folded})
    return frozenset(map("".join, pairwise(folded)))


def is_alike(one: frozenset[str], other: frozenset[str], above: int) -> bool:
    """Whether two sets of pairs are more than ``above`` percent (ticks) alike.

    Source: docs/rules/checkup.md, K-12.

    >>> is_alike(pairs_of("按时报送"), pairs_of("按时报告"), 660_000)
    True
    """
    least = above * (len(one) + len(other))
    if FULL * 2 * min(len(one), len(other)) <= least:
        return False  # the sizes alone say no
    return FULL * 2 * len(one & other) > least


def alike_among(texts: Mapping[str, str], above: int) -> list[Sequence[str]]:
    """Those whose texts are more than ``above`` percent (ticks) alike, each with one at least.

    Empty texts are like nothing.

    Args:
        texts: by a key, which is what comes back: sets of keys, each set in their order.

    Source: docs/rules/checkup.md, K-12.
    """
    same: dict[frozenset[str], list[str]] = {}
    for key, text in texts.items():
        if found := pairs_of(text):
            same.setdefault(found, []).append(key)
    sets = list(same)
    home = list(range(len(sets)))
    for place, one in enumerate(sets):
        for other in range(place):
            if home[other] != home[place] and is_alike(one, sets[other], above):
                old, new = home[place], home[other]
                home = [new if each == old else each for each in home]
    joined: dict[int, list[str]] = {}
    for place, one in enumerate(sets):
        joined.setdefault(home[place], []).extend(same[one])
    order = {key: place for place, key in enumerate(texts)}
    return [sorted(keys, key=order.__getitem__) for keys in joined.values() if len(keys) > 1]
