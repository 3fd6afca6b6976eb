"""Rank and grade of one unit: seats, neighbours, and what stood between it and grade A."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from kaohe.core.grading import seats
from kaohe.core.problems import N_
from kaohe.core.quantities import FULL, HUNDREDTH, half_up, show_hundredths, show_ticks
from kaohe.core.rows import Result
from kaohe.core.standing import INDIVIDUAL
from kaohe.core.tables import COMPONENTS
from kaohe.inquiry.explanation.arithmetic import (
    CEIL,
    FLOOR,
    WHOLE,
    Line,
    comma,
    exact_text,
    hundredths,
    plain,
    said,
    signed,
    worked,
)
from kaohe.inquiry.explanation.case import Case

Section = dict[str, object]

NEIGHBOURS = 3  # on either side
_ROUNDINGS = {"floor": FLOOR, "half_up": WHOLE, "ceil": CEIL}


def grade_section(case: Case) -> Section:
    """Rank, seats, neighbours and obstacles, as ``explain`` documents them.

    Source: docs/rules/grading.md, G-1, G-2, G-3, G-4, G-5.
    """
    if case.result.rank is None:
        text = N_("The unit is not graded: it has scores, but no rank and no seat.")
        if case.unit.status == "exempt":
            text = N_("The unit is exempt: it has no scores, no rank and no grade.")
        return {
            "lines": [said("G-4", case.translate(text))],
            "ranking": [],
            "obstacles": [],
        }
    return {
        "lines": [
            *_rank_lines(case),
            *_overtaken(case),
            *_seat_lines(case),
            *_reason_lines(case),
        ],
        "ranking": _ranking(case),
        "obstacles": obstacles(case),
    }


def group_seats(case: Case) -> int | None:
    """How many A seats the unit's group has; None where the unit is not ranked.

    Source: docs/rules/grading.md, G-3.
    """
    size = case.result.group_size
    return None if size is None else seats(case.scheme.grading, size)


def _rank_lines(case: Case) -> list[Line]:
    _ = case.translate
    result = case.result
    text = _(N_("Rank {rank} of the {size} graded units of “{group}”."))
    lines = [
        said("G-1", text.format(rank=result.rank, size=result.group_size, group=case.unit.group))
    ]
    level = [row for row in case.group if row.composite == result.composite]
    equal = [row for row in level if row.rank == result.rank]
    if len(level) > 1:
        breaks = comma(_).join(case.say("component", c) for c in case.scheme.grading.tie_break)
        text = N_("Units of equal composite: {names}; ordered by {breaks}.")
        if len(equal) == len(level) or not breaks:
            text = N_("Units of equal composite: {names}; they share the rank.")
        names = comma(_).join(row.name for row in level)
        lines.append(said("G-1", _(text).format(names=names, breaks=breaks)))
    return lines


def _overtaken(case: Case) -> list[Line]:
    """Who stands above with fewer points in the individual indicators, and why all the same.

    Source: docs/rules/scoring.md, C-3, C-4.
    """
    _ = case.translate
    own, lines = case.standings[case.unit.unit], []
    place = next(i for i, row in enumerate(case.group) if row.unit == case.unit.unit)
    for row in case.group[max(0, place - NEIGHBOURS) : place]:
        other = case.standings[row.unit]
        theirs, mine = other.scores[INDIVIDUAL], own.scores[INDIVIDUAL]
        if theirs is None or mine is None or theirs >= mine:
            continue
        parts = [_(N_("individual indicators {theirs} against {mine}"))]
        parts[0] = parts[0].format(theirs=show_ticks(theirs), mine=show_ticks(mine))
        if case.tiers.get(row.unit) != case.tiers.get(case.unit.unit):
            text = _(N_("tier {theirs} against {mine}"))
            tiers = (case.tiers.get(code, "—") for code in (row.unit, case.unit.unit))
            parts.append(text.format(**dict(zip(("theirs", "mine"), tiers, strict=True))))
        for label, theirs_, mine_ in _compared(case, row):
            if theirs_ != mine_:
                text = _(N_("{part} {theirs} against {mine}"))
                words = {"theirs": show_ticks(theirs_), "mine": show_ticks(mine_)}
                parts.append(text.format(part=label, **words))
        text = _(N_("{name} stands above with less in the individual indicators: {parts}."))
        lines.append(said("G-1", text.format(name=row.name, parts=_(N_("; ")).join(parts))))
    return lines


def _compared(case: Case, other: Result) -> list[tuple[str, int, int]]:
    """The other parts of two composites: label, the other unit's, this unit's; ticks."""
    both = (case.standings[other.unit], case.standings[case.unit.unit])
    found = []
    for component in ("common", "social"):
        place = COMPONENTS.index(component)
        theirs, mine = (standing.scores[place] or 0 for standing in both)
        found.append((case.say("component", component), theirs, mine))
    for kind in ("bonus", "deduction"):
        theirs, mine = (getattr(row, kind) or 0 for row in (other, case.result))
        found.append((case.say("adjustment", kind), theirs, mine))
    return found


def _seat_lines(case: Case) -> list[Line]:
    _ = case.translate
    grading, size = case.scheme.grading, case.result.group_size or 0
    exact = Fraction(grading.a_share * size, FULL)
    share = grading.a_share * size
    rounded = {
        "floor": share // FULL,
        "ceil": -(-share // FULL),
        "half_up": half_up(share, FULL),
    }[grading.seats_rounding]
    chain = [f"{size} × {plain(grading.a_share)} ÷ 100", exact_text(exact), str(rounded)]
    rounding = _ROUNDINGS[grading.seats_rounding]
    label = _(N_("seats of grade A"))
    lines = [worked(label, "G-3", chain, exact=exact, rounding=rounding, translate=_)]
    free = group_seats(case) or 0
    if free > rounded:
        least = grading.seats_at_least
        text = _(N_("A group of {size} units or more has at least {seats}: {seats}."))
        words = text.format(size=least.from_group_size, seats=least.seats)
        lines.append(said("G-3", words))
    holders = _holders(case)
    if holders:
        names = comma(_).join(
            _(N_("{name} (rank {rank}, {composite})")).format(
                name=row.name, rank=row.rank, composite=hundredths(row.composite)
            )
            for row in holders[-5:]
        )
        text = N_("{taken} of {seats} seats are taken: {names}.")
        if len(holders) > 5:
            text = N_("{taken} of {seats} seats are taken, the last by: {names}.")
        words = _(text).format(taken=len(holders), seats=free, names=names)
        lines.append(said("G-3", words))
    elif free:
        text = _(N_("None of the {seats} seats is taken: no unit meets the conditions."))
        lines.append(said("G-3", text.format(seats=free)))
    return lines


def _holders(case: Case) -> list[Result]:
    return [row for row in case.group if row.grade == "A"]


def _reason_lines(case: Case) -> list[Line]:
    _ = case.translate
    result = case.result
    reasons = _(N_("; ")).join(each["words"] for each in case.coded("reason", result.reasons))
    grade = case.say("grade", result.grade)
    text = N_("{grade}: {reasons}.") if reasons else N_("{grade}.")
    words = _(text).format(grade=grade, reasons=reasons)
    clause = {"A": "G-3", "B": "G-4", "C": "G-2"}.get(result.grade, "G-4")
    return [said(clause, words)]


def _ranking(case: Case) -> list[Section]:
    """The neighbours, and the last who has a seat."""
    place = next(i for i, row in enumerate(case.group) if row.unit == case.unit.unit)
    near = list(case.group[max(0, place - NEIGHBOURS) : place + NEIGHBOURS + 1])
    last = _holders(case)[-1:]
    rows = sorted({*near, *last}, key=lambda row: (row.rank or 0, row.unit))
    own = case.result.composite or 0
    return [
        {
            "unit": row.unit,
            "name": row.name,
            "rank": row.rank,
            "composite": hundredths(row.composite),
            "grade": row.grade,
            "seat": row.grade == "A",
            "this": row.unit == case.unit.unit,
            "gap": signed((row.composite or 0) - own),
        }
        for row in rows
    ]


def obstacles(case: Case) -> list[Section]:
    """What stood between the unit and grade A, and by how much; empty for a unit that is A.

    Source: docs/rules/grading.md, G-2, G-3, G-5.
    """
    if case.result.grade == "A":
        return []
    codes = [code for code in case.result.reasons.split(";") if code in _OBSTACLES]
    found = [row for code in codes for row in _OBSTACLES[code](case)]
    if case.result.grade == "C":
        found += _beyond_c(case, {str(row["code"]) for row in found})
    return found


def _beyond_c(case: Case, named: set[str]) -> list[Section]:
    """What would stand between a unit and A if it were not C."""
    grading, rows = case.scheme.grading, []
    if _documents(case, "bar_a"):
        rows += _barred(case)
    if (case.result.composite or 0) * HUNDREDTH < grading.a_minimum:
        rows += _below_a(case)
    rows += _component_low(case)
    if case.parts["individual"].tier in grading.a_barred_tiers:
        rows += _tier_barred(case)
    return [row for row in rows if row["code"] not in named]


def _obstacle(code: str, clause: str, words: str, **numbers: str | None) -> Section:
    held: Section = {"has": None, "needed": None, "gap": None, "document": None}
    return {"code": code, "clause": clause, "words": words, **held, **numbers}


def _below_a(case: Case) -> list[Section]:
    _ = case.translate
    has, needed = case.result.composite or 0, case.scheme.grading.a_minimum
    gap = show_ticks(needed - has * HUNDREDTH)
    words = _(N_("Grade A needs a composite of {needed}; {gap} are missing.")).format(
        needed=plain(needed), gap=gap
    )
    numbers = {"has": show_hundredths(has), "needed": show_ticks(needed), "gap": gap}
    return [_obstacle("below-a-minimum", "G-3", words, **numbers)]


def _component_low(case: Case) -> list[Section]:
    _ = case.translate
    found = []
    for component, needed in case.scheme.grading.a_component_minimum.items():
        score = case.parts[component].adjusted
        missing = case.scheme.missing[component] == "zero"
        if missing if score is None else score < needed:
            gap = show_ticks(needed - (score or 0))
            words = _(N_("Grade A needs {needed} in {component}; {gap} are missing.")).format(
                needed=plain(needed), component=case.say("component", component), gap=gap
            )
            has = None if score is None else show_ticks(score)
            numbers = {"has": has, "needed": show_ticks(needed), "gap": gap}
            found.append(_obstacle("component-below-minimum", "G-3", words, **numbers))
    return found


def _tier_barred(case: Case) -> list[Section]:
    _ = case.translate
    barred = set(case.scheme.grading.a_barred_tiers)
    tier = case.parts["individual"].tier or ""
    words = _(N_("Tier {tier} bars grade A.")).format(tier=tier)
    numbers: dict[str, str | None] = {"has": show_ticks(case.parts["individual"].score or 0)}
    policy = case.scheme.tier_policy
    names = [each.name for each in policy.tiers]
    open_ = [each for each in policy.tiers[: names.index(tier)] if each.name not in barred]
    if open_ and open_[-1].threshold is not None and policy.assign not in ("quota", "manual"):
        needed = open_[-1].threshold
        short = max(0, needed - (case.parts["individual"].score or 0))
        numbers |= {"needed": show_ticks(needed), "gap": show_ticks(short)}
    return [_obstacle("tier-barred", "G-3", words, **numbers)]


def _documents(case: Case, kind: str) -> list[tuple[str, str]]:
    return [
        (row.matter, row.document)
        for row in case.inputs.adjustments
        if row.unit == case.unit.unit and row.kind == kind
    ]


def _barred(case: Case) -> list[Section]:
    text = case.translate(N_("Barred from grade A: {matter} ({document})."))
    return [
        _obstacle("barred-from-a", "G-3", text.format(matter=m, document=d), document=d)
        for m, d in _documents(case, "bar_a")
    ]


def _forced(case: Case) -> list[Section]:
    text = case.translate(N_("Graded C whatever the score: {matter} ({document})."))
    return [
        _obstacle("forced", "G-2", text.format(matter=m, document=d), document=d)
        for m, d in _documents(case, "force_c")
    ]


def _no_seat(case: Case) -> list[Section]:
    _ = case.translate
    has, free, holders = case.result.composite or 0, group_seats(case), _holders(case)
    if not free:
        words = _(N_("A group of {size} units has no seat of grade A."))
        return [_obstacle("no-seat", "G-3", words.format(size=case.result.group_size))]
    tied = [row for row in case.group if "tie-at-last-seat" in row.flags]
    if not holders or len(holders) < free:
        equal = [row.name for row in case.group if row.rank == case.result.rank]
        above = comma(_).join(row.name for row in tied)
        text = N_("A tie above kept the last seat from being given; nobody below it gets one.")
        if len(equal) > 1:
            above = comma(_).join(equal)
            text = N_("Equal with one another: {names}; more than the seats left, so none has one.")
        elif above:
            text = N_("The tie of {names} stands above; nobody below it gets a seat.")
        return [_obstacle("no-seat", "G-3", _(text).format(names=above))]
    last = holders[-1]
    gap = show_hundredths((last.composite or 0) - has)
    text = N_("The last of {seats} seats went to {name} with {composite}; {gap} behind it.")
    if last.rank == case.result.rank:
        text = N_("Equal with {name}, to whom the committee gave the last of {seats} seats.")
    elif last.composite == case.result.composite:
        text = N_("The last of {seats} seats went to {name}, equal in composite, by the tie break.")
    words = _(text).format(
        seats=free, name=last.name, composite=hundredths(last.composite), gap=gap
    )
    needed = hundredths(last.composite)
    return [_obstacle("no-seat", "G-3", words, has=show_hundredths(has), needed=needed, gap=gap)]


def _tied(case: Case) -> list[Section]:
    _ = case.translate
    equal = [row.name for row in case.group if row.rank == case.result.rank]
    words = _(N_("Equal at the last seat: {names}; the committee decides, with a document."))
    names = comma(_).join(equal)
    return [_obstacle("tie-at-last-seat", "G-3", words.format(names=names))]


def _below_c(case: Case) -> list[Section]:
    _ = case.translate
    has, needed = case.result.composite or 0, case.scheme.grading.c_below
    gap = show_ticks(needed - has * HUNDREDTH)
    words = _(N_("Below {needed} a unit is graded C; {gap} are missing.")).format(
        needed=plain(needed), gap=gap
    )
    numbers = {"has": show_hundredths(has), "needed": show_ticks(needed), "gap": gap}
    return [_obstacle("below-c", "G-2", words, **numbers)]


def _lowest(case: Case) -> list[Section]:
    _ = case.translate
    grading, size = case.scheme.grading, case.result.group_size or 0
    lowest = grading.c_share * size // FULL
    has = case.result.composite or 0
    text = N_(
        "The {lowest} lowest of {size} units are graded C where their composite is below {line}."
    )
    words = _(text).format(lowest=lowest, size=size, line=plain(grading.c_share_below))
    needed, gap = grading.c_share_below, grading.c_share_below - has * HUNDREDTH
    numbers = {"has": show_hundredths(has), "needed": show_ticks(needed), "gap": show_ticks(gap)}
    return [_obstacle("lowest-share", "G-2", words, **numbers)]


_OBSTACLES: Mapping[str, Callable[[Case], list[Section]]] = {
    "below-a-minimum": _below_a,
    "component-below-minimum": _component_low,
    "tier-barred": _tier_barred,
    "barred-from-a": _barred,
    "no-seat": _no_seat,
    "tie-at-last-seat": _tied,
    "forced": _forced,
    "below-c": _below_c,
    "lowest-share": _lowest,
}
