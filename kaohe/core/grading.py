"""Rank and grade (排名、等次), group by group: A by seats, C by floors, B the rest."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from kaohe.core.quantities import FULL, HUNDREDTH, half_up
from kaohe.core.scheme import Grading, Scheme
from kaohe.core.tables import COMPONENTS


@dataclass(frozen=True, slots=True)
class Contender:
    """One graded unit of a group, as grading sees it."""

    unit: str
    composite: int  # hundredths
    adjusted: tuple[int | None, ...]  # S′ in the order of COMPONENTS, ticks; None: missing
    tier: str | None = None
    forced: bool = False  # an adjustment force_c
    barred: bool = False  # an adjustment bar_a
    chosen: bool = False  # an adjustment seat: the committee's choice


class Decision(NamedTuple):
    """What became of a contender; reasons and flags are sorted."""

    unit: str
    rank: int
    grade: str
    reasons: tuple[str, ...]
    flags: tuple[str, ...] = ()


class Seating(NamedTuple):
    """Who got a seat, and which choices of the committee do not stand."""

    outcomes: dict[str, str]  # unit → "seat", "no-seat" or "tie-at-last-seat"
    not_tied: tuple[str, ...]  # chosen, but not tied at the last seat
    too_many: tuple[str, ...]  # tied and chosen, but more than the seats left


class Grades(NamedTuple):
    """The decisions on one group, best first, and the committee's choices that do not stand."""

    decisions: list[Decision]
    not_tied: tuple[str, ...]
    too_many: tuple[str, ...]


def order_key(grading: Grading, contender: Contender) -> tuple[int, ...]:
    """By which a group is ranked, highest first: composite, then S′ in the order of the tie break.

    A missing component stands below every other.

    Source: docs/rules/grading.md, G-1.
    """
    key = [contender.composite]
    for component in grading.tie_break:
        score = contender.adjusted[COMPONENTS.index(component)]
        key.append(-1 if score is None else score)
    return tuple(key)


def ranks(grading: Grading, contenders: Iterable[Contender]) -> dict[str, int]:
    """The rank of each graded unit of a group: equals share one, as in 1, 2, 2, 4.

    Source: docs/rules/grading.md, G-1.
    """
    keys = {contender.unit: order_key(grading, contender) for contender in contenders}
    found: dict[str, int] = {}
    ordered = sorted(keys, key=lambda unit: keys[unit], reverse=True)
    for place, unit in enumerate(ordered, start=1):
        before = ordered[place - 2] if place > 1 else None
        equal = before is not None and keys[before] == keys[unit]
        found[unit] = found[before] if equal and before is not None else place
    return found


def seats(grading: Grading, group_size: int) -> int:
    """How many A seats a group of so many graded units has.

    Source: docs/rules/grading.md, G-3.

    >>> seats(Grading(), 14), seats(Grading(), 5), seats(Grading(), 4)
    (2, 1, 0)
    """
    share = grading.a_share * group_size
    if grading.seats_rounding == "floor":
        number = share // FULL
    elif grading.seats_rounding == "ceil":
        number = -(-share // FULL)
    else:
        number = half_up(share, FULL)
    if group_size >= grading.seats_at_least.from_group_size:
        return max(number, grading.seats_at_least.seats)
    return number


def reasons_for_c(
    grading: Grading, contender: Contender, rank: int, group_size: int
) -> tuple[str, ...]:
    """Why a unit is C, all that applies; empty: it is not.

    Of the lowest of a group, those equal in rank to one outside the lowest are spared.

    Source: docs/rules/grading.md, G-2, G-5.
    """
    ticks = contender.composite * HUNDREDTH
    lowest = grading.c_share * group_size // FULL
    found = []
    if ticks < grading.c_below:
        found.append("below-c")
    if contender.forced:
        found.append("forced")
    if group_size - rank + 1 <= lowest and ticks < grading.c_share_below:
        found.append("lowest-share")
    return tuple(found)


def barriers(grading: Grading, contender: Contender, missing: Mapping[str, str]) -> tuple[str, ...]:
    """What keeps a unit that is not C from being a candidate for A, all that applies.

    A missing component fails its minimum unless its weight was redistributed.

    Args:
        missing: by component, "zero" or "redistribute".

    Source: docs/rules/grading.md, G-3, G-5.
    """
    found = []
    if contender.barred:
        found.append("barred-from-a")
    if contender.composite * HUNDREDTH < grading.a_minimum:
        found.append("below-a-minimum")
    for component, minimum in grading.a_component_minimum.items():
        score = contender.adjusted[COMPONENTS.index(component)]
        fails = missing[component] == "zero" if score is None else score < minimum
        if fails:
            found.append("component-below-minimum")
            break
    if contender.tier is not None and contender.tier in grading.a_barred_tiers:
        found.append("tier-barred")
    return tuple(sorted(found))


def give_seats(
    grading: Grading, candidates: Iterable[Contender], ranked: Mapping[str, int], free: int
) -> Seating:
    """Give the seats to the candidates by rank, while any is left.

    Candidates of equal rank who do not all fit into what is left, at least one seat, are tied:
    all get one, or none, or those whom the committee chose; below them nobody does.

    Args:
        ranked: the rank of each.
        free: the seats of the group.

    Source: docs/rules/grading.md, G-3.
    """
    outcomes: dict[str, str] = {}
    not_tied: list[str] = []
    too_many: list[str] = []
    by_rank = sorted(candidates, key=lambda each: ranked[each.unit])
    for _, equals in groupby(by_rank, key=lambda each: ranked[each.unit]):
        block = list(equals)
        chosen = [each.unit for each in block if each.chosen]
        tied = 1 <= free < len(block)
        outcome = "seat" if len(block) <= free else "no-seat"
        if tied and grading.tie_at_last_seat == "all_in":
            outcome = "seat"
        decides = tied and grading.tie_at_last_seat == "committee"
        if decides and not chosen:
            outcome = "tie-at-last-seat"
        outcomes |= {each.unit: outcome for each in block}
        if not decides:
            not_tied += chosen
        elif len(chosen) > free:
            too_many += chosen
        else:
            outcomes |= dict.fromkeys(chosen, "seat")
        free = 0 if tied else max(0, free - len(block))
    return Seating(outcomes, tuple(not_tied), tuple(too_many))


def grade_group(scheme: Scheme, contenders: Sequence[Contender]) -> Grades:
    """Rank and grade the graded units of one group.

    Source: docs/rules/grading.md, G-1, G-2, G-3, G-4, G-5.
    """
    grading, size = scheme.grading, len(contenders)
    ranked = ranks(grading, contenders)
    low = {each.unit: reasons_for_c(grading, each, ranked[each.unit], size) for each in contenders}
    kept_out = {each.unit: barriers(grading, each, scheme.missing) for each in contenders}
    candidates = [each for each in contenders if not low[each.unit] + kept_out[each.unit]]
    seating = give_seats(grading, candidates, ranked, seats(grading, size))
    decisions = []
    for each in sorted(contenders, key=lambda each: (ranked[each.unit], each.unit)):
        if low[each.unit]:
            grade, reasons = "C", low[each.unit]
        else:
            reasons = kept_out[each.unit] or (seating.outcomes[each.unit],)
            grade = "A" if reasons == ("seat",) else "B"
        flags = tuple(reason for reason in reasons if reason == "tie-at-last-seat")
        decisions.append(Decision(each.unit, ranked[each.unit], grade, reasons, flags))
    strayed = [
        each.unit for each in contenders if each.chosen and each.unit not in seating.outcomes
    ]
    return Grades(decisions, (*seating.not_tied, *strayed), seating.too_many)
