"""Reversals and successions: each leads to something that exists, and none leads in a circle."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import duckdb

from kaohe.core.problems import Problem, declare
from kaohe.folder.sweep import LISTED, Finding, Sweep, listed, run_sweep

declare(
    "error",
    {
        "reverses-itself": (
            "the event “{event}” reverses itself",
            "name the event that it undoes, or leave the cell empty",
        ),
        "reverses-unknown": (
            "there is no event “{found}” to reverse",
            "correct the code of the event that this one undoes",
        ),
        "reverses-elsewhere": (
            "the event “{found}” belongs to the unit {unit} and the item “{item}”",
            "an event may only undo one of its own unit and item: correct the code",
        ),
        "reverses-in-a-circle": (
            "the event “{event}” comes back to itself by way of “{found}”",
            "leave the oldest event of the circle without reverses",
        ),
        "succession-in-a-circle": (
            "the unit {unit} comes back to itself by way of its predecessor {found}",
            "correct unit or predecessor: no unit precedes itself",
        ),
    },
)

_REVERSALS = """
(SELECT * FROM events WHERE reverses IS NOT NULL) f
LEFT JOIN (
  SELECT event, any_value(unit) AS unit, any_value(item) AS item FROM events
  WHERE event IN (SELECT reverses FROM events WHERE reverses IS NOT NULL) GROUP BY event
) r ON r.event = f.reverses
"""
_REVERSAL_FINDINGS = (
    Finding("reverses-itself", "reverses", "f.reverses = f.event", {"event": "f.event"}),
    Finding("reverses-unknown", "reverses", "r.event IS NULL", {"found": "f.reverses"}),
    Finding(
        "reverses-elsewhere",
        "reverses",
        "f.reverses <> f.event AND (r.unit <> f.unit OR r.item <> f.item)",
        {"found": "f.reverses", "unit": "r.unit", "item": "r.item"},
    ),
)


def check_reversals(con: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Events whose ``reverses`` does not name another event of the same unit and item.

    Source: docs/rules/scoring.md, R-1; docs/rules/folder.md, F-3.
    """
    some = con.execute("SELECT 1 FROM events WHERE reverses IS NOT NULL LIMIT 1").fetchone()
    if not some:
        return []
    problems = run_sweep(con, Sweep("events", _REVERSALS, _REVERSAL_FINDINGS))
    # Only an event whose own reversal is reversed again can stand in a circle.
    chained = con.execute(
        "SELECT f.row, f.event, f.reverses FROM events f"
        " SEMI JOIN events r ON r.event = f.reverses AND r.reverses IS NOT NULL"
        " WHERE f.reverses <> f.event ORDER BY f.row"
    ).fetchall()
    circles = in_circles((event, reverses) for _, event, reverses in chained)
    places = [
        (row, {"event": event, "found": reverses})
        for row, event, reverses in chained
        if (event, reverses) in circles
    ]
    return problems + listed(
        "reverses-in-a-circle", "events", "reverses", places[:LISTED], len(places)
    )


def check_successions(con: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Rows of ``successions`` by which a unit would come before itself.

    Source: docs/rules/linkages.md, L-5; docs/rules/folder.md, F-3.
    """
    rows = con.execute(
        "SELECT row, unit, predecessor FROM successions"
        " WHERE unit IS NOT NULL AND predecessor IS NOT NULL ORDER BY row"
    ).fetchall()
    circles = in_circles((unit, predecessor) for _, unit, predecessor in rows)
    places = [
        (row, {"unit": unit, "found": predecessor})
        for row, unit, predecessor in rows
        if (unit, predecessor) in circles
    ]
    return listed(
        "succession-in-a-circle", "successions", "predecessor", places[:LISTED], len(places)
    )


def in_circles(arrows: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """The arrows that lie on a circle: those whose ends can reach each other.

    The time is that of reading them, however long the chains are.

    >>> sorted(in_circles([("a", "b"), ("b", "a"), ("b", "c"), ("d", "a"), ("e", "e")]))
    [('a', 'b'), ('b', 'a'), ('e', 'e')]
    """
    every = set(arrows)
    ahead: defaultdict[str, list[str]] = defaultdict(list)
    behind: defaultdict[str, list[str]] = defaultdict(list)
    for start, end in sorted(every):
        ahead[start].append(end)
        behind[end].append(start)
    # Kosaraju: back from what was left last, nothing is reached but what reaches it too.
    ring: dict[str, str] = {}
    for first in reversed(_in_order_of_leaving(ahead)):
        left = [] if first in ring else [first]
        while left:
            place = left.pop()
            if place not in ring:
                ring[place] = first
                left += behind.get(place, ())
    return {(start, end) for start, end in every if ring[start] == ring[end]}


def _in_order_of_leaving(ahead: Mapping[str, Sequence[str]]) -> list[str]:
    """Every place that an arrow leaves or reaches; each after what was first reached from it."""
    order: list[str] = []
    seen: set[str] = set()
    for first in ahead:
        path = [] if first in seen else [(first, iter(ahead[first]))]
        seen.add(first)
        while path:
            place, ends = path[-1]
            end = next((end for end in ends if end not in seen), None)
            if end is None:
                order.append(place)
                path.pop()
            else:
                seen.add(end)
                path.append((end, iter(ahead.get(end, ()))))
    return order
