"""One document is not counted twice without somebody being told."""

import duckdb

from kaohe.core.problems import Problem, declare
from kaohe.folder.sweep import LISTED, listed

declare(
    "warning",
    {
        "same-source-twice": (
            "the document “{document}” of this day counts under “{other}” too, in row {first}",
            "see that one fact is not counted twice; if there are two facts, all is well",
        ),
    },
)

_COUNTING = """
SELECT row, event, unit, item, document, occurred_on FROM events
WHERE status = 'confirmed' AND reverses IS NULL AND document <> ''
"""
_UNDONE = "SELECT reverses FROM events WHERE status = 'confirmed' AND reverses IS NOT NULL"
# Few rows share a hash, so that only these are looked at closely.
_SUSPECTS = f"""
SELECT h FROM (SELECT hash(unit, document, occurred_on) AS h, hash(item) AS i FROM ({_COUNTING}))
GROUP BY h HAVING min(i) <> max(i)
"""  # noqa: S608
_PAIRS = """
WITH counting AS (
  SELECT c.* FROM ({counting} AND hash(unit, document, occurred_on) IN ({suspects})) c
  SEMI JOIN (SELECT unit FROM check_sums) u ON u.unit = c.unit
  ANTI JOIN ({undone}) d ON d.reverses = c.event
), judged AS (
  SELECT *, first_value(row) OVER same AS first, first_value(item) OVER same AS other
  FROM counting
  WINDOW same AS (PARTITION BY unit, document, occurred_on ORDER BY item, event)
)
SELECT row, document, other, first, count(*) OVER () FROM judged
WHERE item <> other ORDER BY row LIMIT {limit}
"""


def check_sources(con: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Counting events of one unit, document and day under different items.

    Each is told at its row, with the event of the first item that has the same document.

    Source: docs/rules/scoring.md, R-4.
    """
    suspects = [h for (h,) in con.execute(f"{_SUSPECTS} LIMIT {LISTED * 10}").fetchall()]
    if not suspects:
        return []
    chosen = ", ".join(map(str, suspects))
    rows = con.execute(
        _PAIRS.format(counting=_COUNTING, suspects=chosen, undone=_UNDONE, limit=LISTED)
    ).fetchall()
    places = [
        (row, {"document": document, "other": other, "first": first})
        for row, document, other, first, _ in rows
    ]
    return listed("same-source-twice", "events", "document", places, rows[0][-1] if rows else 0)
