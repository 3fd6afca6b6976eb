"""The ledgers (台账): which events count, what each is worth, and what each took or brought."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from kaohe.core.quantities import FULL, half_up
from kaohe.core.rows import Event, EventEffect, Item


def counting(events: Iterable[Event]) -> list[Event]:
    """The events that count: confirmed, and reversed by no confirmed event.

    An event that reverses another has done its work by that and never counts itself; it goes on
    reversing even where it is itself reversed.

    Args:
        events: of one unit's item, or of more; reversals stay within one unit's item.

    Source: docs/rules/scoring.md, R-1.
    """
    confirmed = [event for event in events if event.status == "confirmed"]
    undone = {event.reverses for event in confirmed if event.reverses is not None}
    return [event for event in confirmed if event.reverses is None and event.event not in undone]


def event_points(event: Event, item: Item, relief: int) -> int:
    """What one counting event is worth under its item, before any cap, in ticks.

    Its own points, else its kind's.  Where the unit corrected a fault itself, ``relief`` percent
    (ticks) of a loss are forgiven; an achievement is never shortened.

    Raises:
        KeyError: the item has no such kind.

    Source: docs/rules/scoring.md, R-1.
    """
    points = event.points
    if points is None:
        points = {kind.kind: kind.points for kind in item.kinds}[event.kind]
    if event.self_corrected and item.rule == "deduction":
        return half_up(points * (FULL - relief), FULL)
    return points


def capped_totals(item: Item, events: Iterable[Event], relief: int) -> list[int]:
    """What each kind of the item takes or brings: the sum of its events, at most its cap.

    Args:
        events: the counting events of one unit under ``item``.

    Source: docs/rules/scoring.md, I-7, I-8.
    """
    totals: defaultdict[str, int] = defaultdict(int)
    for event in events:
        totals[event.kind] += event_points(event, item, relief)
    return [
        total if kind.cap is None else min(kind.cap, total)
        for kind in item.kinds
        if (total := totals.get(kind.kind, 0))
    ]


def effects(item: Item, events: Iterable[Event], relief: int) -> list[EventEffect]:
    """What each counting event took (below 0) or brought: every point has one cause.

    In order of day, then event code, each takes its points until its kind's cap and then the
    item's points are used up.  The effects sum to earned − points under a deduction, and to the
    points earned under an accrual.

    Args:
        events: the counting events of one unit under ``item``.

    Source: docs/rules/scoring.md, R-5.
    """
    sign = -1 if item.rule == "deduction" else 1
    room = item.points
    rooms = {kind.kind: kind.cap for kind in item.kinds}
    found: list[EventEffect] = []
    for event in sorted(events, key=lambda each: (each.occurred_on, each.event)):
        amount = event_points(event, item, relief)
        left = rooms[event.kind]
        if left is not None:
            amount = min(amount, left)
            rooms[event.kind] = left - amount
        amount = min(amount, room)
        room -= amount
        found.append(EventEffect(event.event, event.unit, event.item, sign * amount))
    return found


def same_source_twice(events: Sequence[Event]) -> list[tuple[Event, Event]]:
    """Pairs of one unit's counting events that one document and day put under different items.

    One fact may not be punished, or rewarded, twice.  Each event of a later item (by code) is
    paired with the first event of the first item.

    Args:
        events: the counting events of one unit.

    Source: docs/rules/scoring.md, R-4.
    """
    firsts: dict[tuple[str, object], Event] = {}
    pairs: list[tuple[Event, Event]] = []
    for event in sorted(events, key=lambda each: (each.item, each.event)):
        if not event.document:
            continue
        first = firsts.setdefault((event.document, event.occurred_on), event)
        if first.item != event.item:
            pairs.append((first, event))
    return pairs
