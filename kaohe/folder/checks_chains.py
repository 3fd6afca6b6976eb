"""Reversals and successions: each leads to something that exists, and none leads in a circle."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

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
    """The arrows that lie on a circle.

    >>> sorted(in_circles([("a", "b"), ("b", "a"), ("b", "c"), ("d", "a"), ("e", "e")]))
    [('a', 'b'), ('b', 'a'), ('e', 'e')]
    """
    ahead: defaultdict[str, set[str]] = defaultdict(set)
    for start, end in arrows:
        ahead[start].add(end)
    _prune(ahead)
    return {
        (start, end)
        for start, ends in ahead.items()
        for end in ends
        if start in _reached(ahead, end)
    }


def _prune(ahead: defaultdict[str, set[str]]) -> None:
    """Takes away, again and again, what has nothing behind it or nothing ahead."""
    while True:
        ends = set().union(*ahead.values()) if ahead else set()
        lost = {start for start in ahead if start not in ends}
        for start in lost:
            del ahead[start]
        for start in list(ahead):
            ahead[start] = {end for end in ahead[start] if end in ahead}
            if not ahead[start]:
                del ahead[start]
                lost.add(start)
        if not lost:
            return


def _reached(ahead: Mapping[str, set[str]], start: str) -> set[str]:
    found, left = {start}, [start]
    while left:
        for end in ahead.get(left.pop(), ()):
            if end not in found:
                found.add(end)
                left.append(end)
    return found
