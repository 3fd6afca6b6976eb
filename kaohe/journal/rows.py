"""The sealed rows in the order of their indexes, read as fast as the driver gives them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.db import OperationalError, connection, transaction

AT_ONCE = 4096  # rows

_ASSIGN = """
INSERT INTO journal_position ("index", entry_id)
SELECT %s + row_number() OVER (ORDER BY entry_id) - 1, entry_id
FROM (
  SELECT w.entry_id FROM journal_pending w
  WHERE NOT EXISTS (SELECT 1 FROM journal_position p WHERE p.entry_id = w.entry_id)
    AND EXISTS (SELECT 1 FROM journal_journalentry e WHERE e.id = w.entry_id)
  ORDER BY w.entry_id LIMIT %s
) AS waiting
"""
_SEALED = """
DELETE FROM journal_pending
WHERE entry_id IN (SELECT entry_id FROM journal_position WHERE "index" >= %s)
"""
_STRAY = """
DELETE FROM journal_pending
WHERE EXISTS (SELECT 1 FROM journal_position p WHERE p.entry_id = journal_pending.entry_id)
"""
_LOST = """
INSERT INTO journal_pending (entry_id)
SELECT e.id FROM journal_journalentry e
WHERE NOT EXISTS (SELECT 1 FROM journal_position p WHERE p.entry_id = e.id)
  AND NOT EXISTS (SELECT 1 FROM journal_pending w WHERE w.entry_id = e.id)
"""
_LEAVES = """
SELECT p."index", e.leaf FROM journal_position p LEFT JOIN journal_journalentry e
  ON e.id = p.entry_id
WHERE p."index" >= %s AND p."index" < %s ORDER BY p."index"
"""


class Waiting(NamedTuple):
    """How the rows stand: ``next_index`` after the last sealed one, how many wait."""

    next_index: int
    pending: int


def standing() -> Waiting:
    """How many entries have an index, and how many wait for one."""
    with connection.cursor() as cursor:
        cursor.execute('SELECT COALESCE(MAX("index") + 1, 0) FROM journal_position')
        next_index = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM journal_pending")
        return Waiting(int(next_index), int(cursor.fetchone()[0]))


def assign(limit: int) -> int:
    """Give the entries that wait the next indexes, in one transaction.

    They are numbered in the order in which they were added, as far as they are committed.

    Args:
        limit: how many at most.

    Returns:
        The next index that is free.

    Source: docs/rules/log.md, L-2.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute('SELECT COALESCE(MAX("index") + 1, 0) FROM journal_position')
        first = int(cursor.fetchone()[0])
        cursor.execute(_ASSIGN, [first, limit])
        count = int(cursor.rowcount)
        cursor.execute(_SEALED, [first])
        if count < limit:  # nobody waits any more but who has an index, put there by hand
            cursor.execute(_STRAY)
        return first + count


def let_wait() -> int:
    """Let every entry wait that has no index and does not wait; how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(_LOST)
        return int(cursor.rowcount)


def leaves(begin: int, end: int) -> Iterator[tuple[int, bytes | None]]:
    """Index and bytes of the sealed entries from ``begin`` to before ``end``.

    A row that is not there has no index here; one whose entry is gone has no bytes.
    """
    for first in range(begin, end, AT_ONCE):
        for index, leaf in fetched(_LEAVES, [first, min(first + AT_ONCE, end)]):
            yield index, None if leaf is None else as_bytes(leaf)


def fetched(query: str, values: Sequence[int]) -> Sequence[Sequence[Any]]:
    """The rows of a query, also where somebody has put into them what is no text."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            rows: Sequence[Sequence[Any]] = cursor.fetchall()
            return rows
    except OperationalError:
        if connection.vendor != "sqlite":
            raise
    with as_it_is(), connection.cursor() as cursor:
        cursor.execute(query, values)
        rows = cursor.fetchall()
        return rows


@contextmanager
def as_it_is() -> Iterator[None]:
    """Within it, the embedded database gives texts that are no UTF-8, too (``as_bytes``)."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    driver: Any = connection.connection
    before = driver.text_factory
    driver.text_factory = lambda content: content.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        driver.text_factory = before


def as_bytes(content: str | bytes) -> bytes:
    """The bytes of a column, whatever somebody has put there."""
    return content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
