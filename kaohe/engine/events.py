"""The ledgers (台账), set-based: which events count, and what each took or brought."""

import narwhals as nw

from kaohe.core.quantities import FULL
from kaohe.core.tables import EVENT_RULES
from kaohe.engine.arithmetic import Frame, at_most, half_up, running, total
from kaohe.engine.cells import Grid, follows
from kaohe.engine.tables import Bench

_DAY_THEN_CODE = ("occurred_on", "event")


def counting(events: Frame) -> Frame:
    """The events that count: confirmed, and reversed by no confirmed event.

    An event that reverses another never counts itself, and goes on reversing where it is itself
    reversed.

    Args:
        events: whole units; a reversal stays within one unit's item.

    Source: docs/rules/scoring.md, R-1.
    """
    confirmed = events.filter(nw.col("status") == "confirmed")
    reversing = ~nw.col("reverses").is_null()
    undone = confirmed.filter(reversing).select(undone="reverses").unique()
    return confirmed.filter(~reversing).join(undone, left_on="event", right_on="undone", how="anti")


def with_points(events: Frame, relief: int) -> Frame:
    """The frame with ``asked``: an event's worth before any cap, its own points, else its kind's.

    Args:
        relief: percent (ticks) of a loss that is forgiven where the unit corrected it itself.

    Source: docs/rules/scoring.md, R-1.
    """
    points = nw.coalesce(nw.col("points"), nw.col("kind_points"))
    forgiven = nw.col("self_corrected") & follows("deduction")
    asked = nw.when(forgiven).then(points * (FULL - relief)).otherwise(points * FULL)
    return half_up(events, asked=(asked, FULL))


def effects(bench: Bench, place: Grid, relief: int) -> Frame:
    """What each counting event took (below 0) or brought: every point has one cause.

    In order of day, then code, each takes its points until its kind's cap and then the item's
    points are used up.

    Returns:
        cell, event, unit, item, effect: ticks.

    Source: docs/rules/scoring.md, R-1, R-5.
    """
    counted = counting(place.within(bench.given("events"))).select(
        "event", "unit", "item", "kind", "occurred_on", "points", "self_corrected"
    )
    kinds = bench.given("item_kinds").select("item", "kind", "cap", kind_points="points")
    located = place.located(counted, "rule", "worth").join(kinds, on=["item", "kind"])
    valued = bench.plan("valued", with_points(bench.plan("ledger", located), relief))
    in_kind = valued.with_columns(
        so_far=running(nw.col("asked"), ("cell", "kind"), _DAY_THEN_CODE)
    ).with_columns(granted=_share_of("asked", "cap"))
    in_item = (
        bench.plan("in_kind", in_kind)
        .with_columns(so_far=running(nw.col("granted"), ("cell",), _DAY_THEN_CODE))
        .with_columns(taken=_share_of("granted", "worth"))
    )
    sign = nw.when(follows("deduction")).then(-1).otherwise(1)
    return in_item.select("cell", "event", "unit", "item", effect=sign * nw.col("taken"))


def _share_of(amount: str, limit: str) -> nw.Expr:
    """How much of an amount lies below a limit on the running sum that ends with it."""
    upto, limited = nw.col("so_far"), nw.col(limit)
    return at_most(upto, limited) - at_most(upto - nw.col(amount), limited)


def ledger_totals(found: Frame) -> Frame:
    """What the events of a cell come to.

    Args:
        found: ``effects``.

    Returns:
        cell, item, amount: ticks, 0 or less under a deduction, facts: how many events count.

    Source: docs/rules/scoring.md, I-7, I-8, R-5.
    """
    return found.group_by("cell", "item").agg(amount=total(nw.col("effect")), facts=nw.len())


def uses_events(place: Grid) -> bool:
    """Whether any event can count."""
    return place.uses("events", EVENT_RULES)
