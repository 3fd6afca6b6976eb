"""Rank and grade (排名、等次), set-based, all groups at once."""

import narwhals as nw

from kaohe.core.quantities import FULL, HUNDREDTH
from kaohe.core.scheme import Grading, Scheme
from kaohe.engine.arithmetic import Frame, running, total, whole
from kaohe.engine.tables import Bench

_COMPOSITE = nw.col("composite") * HUNDREDTH  # ticks
_GROUP = ("group",)


def ranked(graded: Frame, grading: Grading) -> Frame:
    """Each graded unit with its rank in its group, and the size of the group.

    Args:
        graded: group, composite, NAME_adjusted for each component, and more.

    Returns:
        The columns of ``graded``, rank, group_size.

    Source: docs/rules/grading.md, G-1.
    """
    keys = {"by_composite": -nw.col("composite")}
    for component in grading.tie_break:
        # a missing component stands below every other
        keys[f"by_{component}"] = -nw.col(f"{component}_adjusted").fill_null(-1)
    keyed = graded.with_columns(**keys)
    blocks = keyed.group_by("group", *keys).agg(size=nw.len().cast(nw.Int64()))
    size = nw.col("size")
    placed = blocks.with_columns(
        rank=running(size, _GROUP, tuple(keys)) - size + 1,
        group_size=total(size).over(*_GROUP),
    ).drop("size")
    return keyed.join(placed, on=["group", *keys]).drop(*keys)


def seats(grading: Grading) -> nw.Expr:
    """How many A seats a group of ``group_size`` graded units has.

    Source: docs/rules/grading.md, G-3.
    """
    size = nw.col("group_size")
    share = grading.a_share * size
    if grading.seats_rounding == "floor":
        number = share // FULL
    elif grading.seats_rounding == "ceil":
        number = (share + FULL - 1) // FULL
    else:
        number = (2 * share + FULL) // (2 * FULL)
    least = grading.seats_at_least
    raised = (size >= least.from_group_size) & (number < least.seats)
    return nw.when(raised).then(least.seats).otherwise(number)


def reasons_for_c(grading: Grading) -> dict[str, nw.Expr]:
    """Why a unit is C: each reason with whether it applies, in order of the codes.

    Of the lowest of a group, those equal in rank to one outside the lowest are spared.

    Source: docs/rules/grading.md, G-2, G-5.
    """
    size = nw.col("group_size")
    among_lowest = size - nw.col("rank") < grading.c_share * size // FULL
    return {
        "below-c": grading.c_below > _COMPOSITE,
        "forced": nw.col("force_c") > 0,
        "lowest-share": among_lowest & (grading.c_share_below > _COMPOSITE),
    }


def barriers(scheme: Scheme) -> dict[str, nw.Expr]:
    """What keeps a unit that is not C from being a candidate for A, in order of the codes.

    A missing component fails its minimum unless its weight was redistributed.

    Source: docs/rules/grading.md, G-3, G-5.
    """
    below = nw.lit(False)
    for component, minimum in scheme.grading.a_component_minimum.items():
        score = nw.col(f"{component}_adjusted")
        fails = score < minimum
        below = below | nw.when(score.is_null()).then(
            nw.lit(scheme.missing[component] == "zero")
        ).otherwise(fails)
    names = [tier.name for tier in scheme.tier_policy.tiers]
    barred = nw.lit(False)
    for name in scheme.grading.a_barred_tiers:
        barred = barred | (nw.col("place") == names.index(name)).fill_null(False)
    return {
        "barred-from-a": nw.col("bar_a") > 0,
        "below-a-minimum": scheme.grading.a_minimum > _COMPOSITE,
        "component-below-minimum": below,
        "tier-barred": barred,
    }


def _joined(reasons: dict[str, nw.Expr]) -> nw.Expr:
    """The codes of the reasons that apply, joined by semicolons; empty text for none."""
    codes = [nw.when(applies).then(nw.lit(code)) for code, applies in reasons.items()]
    return nw.concat_str(codes, separator=";", ignore_nulls=True)


def seated(candidates: Frame, grading: Grading) -> Frame:
    """What becomes of the candidates: seats go by rank while any is left.

    Candidates of equal rank who do not all fit into what is left, at least one seat, are tied.

    Args:
        candidates: u, group, group_size, rank, seat: a choice of the committee counts above 0.

    Returns:
        u, outcome: "seat", "no-seat" or "tie-at-last-seat"; tied; too_many: more of the tied
        were chosen than seats are left.

    Source: docs/rules/grading.md, G-3.
    """
    size, chosen = nw.col("size"), nw.col("chosen")
    blocks = (
        candidates.group_by("group", "group_size", "rank")
        .agg(size=nw.len().cast(nw.Int64()), chosen=total(whole(nw.col("seat") > 0)))
        .with_columns(free=seats(grading) - running(size, _GROUP, ("rank",)) + size)
        .with_columns(tied=(nw.col("free") >= 1) & (nw.col("free") < size))
        .drop("group_size")
    )
    return candidates.join(blocks, on=["group", "rank"]).select(
        "u",
        "tied",
        outcome=_outcome(grading.tie_at_last_seat),
        too_many=nw.col("tied") & (chosen > nw.col("free")),
    )


def _outcome(tie_at_last_seat: str) -> nw.Expr:
    seat, no_seat = nw.lit("seat"), nw.lit("no-seat")
    if tie_at_last_seat == "all_in":
        of_tied: nw.Expr = seat
    elif tie_at_last_seat == "all_out":
        of_tied = no_seat
    else:
        of_tied = (
            nw.when(nw.col("chosen") == 0)
            .then(nw.lit("tie-at-last-seat"))
            .when(nw.col("seat") > 0)
            .then(seat)
            .otherwise(no_seat)
        )
    fits = nw.col("free") >= nw.col("size")
    return nw.when(fits).then(seat).when(nw.col("tied")).then(of_tied).otherwise(no_seat)


def graded_units(bench: Bench, graded: Frame, scheme: Scheme) -> Frame:
    """Rank, grade and reasons of each graded unit.

    Args:
        graded: u, group, composite, NAME_adjusted, place, force_c, bar_a, seat.

    Returns:
        u, rank, group_size, grade, reasons; seat, candidate, tied, too_many.

    Source: docs/rules/grading.md, G-1, G-2, G-3, G-4, G-5.
    """
    placed = bench.plan("placed", ranked(graded, scheme.grading))
    judged = placed.select(
        "u",
        "group",
        "rank",
        "group_size",
        "seat",
        low=_joined(reasons_for_c(scheme.grading)),
        kept_out=_joined(barriers(scheme)),
    )
    judged = bench.plan("judged", judged)
    candidate = (nw.col("low") == "") & (nw.col("kept_out") == "")
    outcomes = bench.plan("seated", seated(judged.filter(candidate), scheme.grading))
    grade = (
        nw.when(nw.col("low") != "")
        .then(nw.lit("C"))
        .when(nw.col("outcome") == "seat")
        .then(nw.lit("A"))
        .otherwise(nw.lit("B"))
    )
    reasons = (
        nw.when(nw.col("low") != "")
        .then(nw.col("low"))
        .when(nw.col("kept_out") != "")
        .then(nw.col("kept_out"))
        .otherwise(nw.col("outcome"))
    )
    return judged.join(outcomes, on="u", how="left").select(
        "u",
        "rank",
        "group_size",
        "seat",
        "tied",
        "too_many",
        grade=grade,
        reasons=reasons,
    )
