"""How good a year a unit has: the scores that its facts are to come to, about."""

from itertools import pairwise
from typing import NamedTuple

from kaohe.core.quantities import TICK
from kaohe.demo.chance import Chance
from kaohe.demo.roster import PLACES, Member

# Place, and the scores of the common, the individual and the social component there.
_CURVE = (
    (0, 992, 988, 940),
    (2000, 972, 962, 912),
    (3500, 962, 942, 898),
    (5000, 945, 910, 880),
    (8000, 910, 850, 845),
    (PLACES, 850, 720, 790),
)
_NOISE = (14, 10, 12)  # in tenths of a point
_FIXED = {
    "low_common": (775, 975, 925),
    "low_social": (985, 972, 765),
    "failing": (575, 510, 645),
    "above": (985, 980, 930),
    "tied": (970, 955, 905),
    "continued": (990, 988, 935),
    "barred": (985, 980, 925),
}


class Aim(NamedTuple):
    """The component scores aimed at, in ticks."""

    common: int
    individual: int
    social: int


def _on_curve(place: int) -> tuple[int, ...]:
    for (left, *before), (right, *after) in pairwise(_CURVE):
        if place <= right:
            return tuple(
                low + (high - low) * (place - left) // (right - left)
                for low, high in zip(before, after, strict=True)
            )
    raise ValueError(f"no place {place}")


def aim_of(member: Member, seed: int) -> Aim:
    """What the unit's facts should come to.  Who plays a part has the year that the part needs."""
    scores: tuple[int, ...]
    if member.part in _FIXED:
        scores = _FIXED[member.part]
    else:
        place = max(member.place, 4500) if member.part == "below" else member.place
        chance = Chance(seed, "aim", member.unit.unit)
        scores = tuple(
            score + chance.around_zero(width)
            for score, width in zip(_on_curve(place), _NOISE, strict=True)
        )
    common, individual, social = (min(score, 1000) * TICK // 10 for score in scores)
    return Aim(common, individual, social)
