"""What the database holds of the record, read for a verification as it stands."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.db import connection
from pydantic_core import from_json

from kaohe.journal import models
from kaohe.journal.erasing import ERASED
from kaohe.journal.rows import AT_ONCE, as_it_is, fetched

RECOVERED = "log.rows-recovered"
_AT = {
    "sqlite": "replace(substr(e.at, 1, 19), ' ', 'T') || '.'"
    " || substr(substr(e.at, 21) || '000000', 1, 6) || 'Z'",
    "postgresql": """to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""",
}
_ROWS = """
SELECT {head}, e.id, e.leaf, s.texts, e.entry, {at}, e.jurisdiction, e.unit, e.subject, e.actor,
  e.action
FROM {tables} LEFT JOIN journal_sealedtext s ON s.entry_id = e.id
"""
_TWICE = """
SELECT w.entry_id, p."index" FROM journal_pending w
JOIN journal_position p ON p.entry_id = w.entry_id ORDER BY w.entry_id
"""
_REMOVED = """
SELECT w.entry_id FROM journal_pending w
LEFT JOIN journal_journalentry e ON e.id = w.entry_id WHERE e.id IS NULL ORDER BY w.entry_id
"""


def content_of(text: str | bytes) -> dict[str, Any]:
    """What a leaf says; nothing where it is no JSON object any more."""
    try:
        found = from_json(text)  # three times as fast as the language's own reader
    except (ValueError, TypeError):  # the latter where it is no text
        return {}
    return found if isinstance(found, dict) else {}


def sealed_rows() -> Iterator[Sequence[Any]]:
    """Index, key, leaf, texts and columns of every row that has an index, in their order."""
    tables = "journal_position p LEFT JOIN journal_journalentry e ON e.id = p.entry_id"
    query = _ROWS.format(head='p."index"', at=_AT[connection.vendor], tables=tables)
    query += ' WHERE p."index" >= %s ORDER BY p."index" LIMIT %s'
    if connection.vendor == "postgresql":
        yield from _ahead(query)
        return
    first = 0
    while True:
        rows = fetched(query, [first, AT_ONCE])
        yield from rows
        if len(rows) < AT_ONCE:
            return
        first = rows[-1][0] + 1


def _ahead(query: str) -> Iterator[Sequence[Any]]:
    """The rows of a query, the next ones asked for while the last are looked at.

    The server works meanwhile, which is a third of the time.  It is the same connection, so that
    what the caller's transaction sees is seen.
    """
    connection.ensure_connection()
    driver: Any = connection.connection

    def ask(first: int) -> list[Sequence[Any]]:
        with driver.cursor() as cursor:
            cursor.execute(query, [first, AT_ONCE])
            found: list[Sequence[Any]] = cursor.fetchall()
            return found

    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(ask, 0)
        while True:
            with connection.wrap_database_errors:
                rows = coming.result()
            if len(rows) == AT_ONCE:
                coming = pool.submit(ask, rows[-1][0] + 1)
            yield from rows
            if len(rows) < AT_ONCE:
                return


def unsealed_rows() -> Iterator[Sequence[Any]]:
    """Whether it waits, key, leaf, texts and columns of every row that has no index."""
    tables = (
        "journal_journalentry e LEFT JOIN journal_position p ON p.entry_id = e.id"
        " LEFT JOIN journal_pending w ON w.entry_id = e.id"
    )
    query = _ROWS.format(head="w.entry_id", at=_AT[connection.vendor], tables=tables)
    with as_it_is(), connection.cursor() as cursor:
        cursor.execute(query + " WHERE p.entry_id IS NULL ORDER BY e.id")
        while rows := cursor.fetchmany(AT_ONCE):
            yield from rows


def waiting_twice() -> list[tuple[int, int]]:
    """Key and index of the rows that wait although they have an index."""
    with connection.cursor() as cursor:
        cursor.execute(_TWICE)
        return [(int(key), int(index)) for key, index in cursor.fetchall()]


def removed_waiting() -> list[int]:
    """The keys of rows that wait and are not there."""
    with connection.cursor() as cursor:
        cursor.execute(_REMOVED)
        return [int(key) for (key,) in cursor.fetchall()]


def recovered() -> list[tuple[int, int]]:
    """The ranges of indexes whose rows were brought back from the log, without their texts."""
    rows = models.JournalEntry.objects.filter(action=RECOVERED, actor="system")
    with as_it_is():
        told = [content_of(leaf).get("facts") for leaf in rows.values_list("leaf", flat=True)]
    return [
        (facts["from"], facts["to"])
        for facts in told
        if isinstance(facts, dict) and all(isinstance(facts.get(key), int) for key in _RANGE)
    ]


_RANGE = ("from", "to")


@dataclass(frozen=True)
class Erasures:
    """Which texts are erased: as the record's entries say, and as rows mark it.

    Attributes:
        said: entry, in hexadecimal → names of the texts that an entry says are erased.
        marked: key of the entry, the entry in hexadecimal, name.
    """

    said: dict[str, set[str]]
    marked: list[tuple[int, str, str]]

    def erased(self, entry: object, name: str) -> bool:
        """Whether an entry of the record says that a text was erased."""
        return name in self.said.get(str(entry), ())

    def unsaid(self) -> list[tuple[int, str]]:
        """Key of the entry and name of what is marked as erased though no entry says so."""
        return [(key, name) for key, entry, name in self.marked if not self.erased(entry, name)]


def erasures_said() -> Erasures:
    """The erasures on record."""
    said: dict[str, set[str]] = {}
    rows = models.JournalEntry.objects.filter(action=ERASED).order_by("id")
    with as_it_is():
        leaves = list(rows.values_list("leaf", flat=True))
    for leaf in leaves:
        facts = content_of(leaf).get("facts")
        if isinstance(facts, dict) and isinstance(facts.get("names"), list):
            said.setdefault(str(facts.get("entry")), set()).update(map(str, facts["names"]))
    marks = models.Erasure.objects.order_by("id").values_list("entry_id", "entry__entry", "name")
    return Erasures(said, list(marks))
