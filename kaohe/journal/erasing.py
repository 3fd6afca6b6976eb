"""A lawful erasure: texts and their salts go, the entries that commit to them stay.

Each erasure is itself an entry, about the object of the one that loses its texts.  Without that
entry the database lets nothing go (``append_only``).
"""

import json
import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection, transaction

from kaohe.core.errors import Conflict, Invalid
from kaohe.core.leaf import Event
from kaohe.core.problems import N_
from kaohe.journal.bulk import insert_all
from kaohe.journal.models import Erasure, JournalEntry, SealedText
from kaohe.journal.services import Actor, append_all

_log = logging.getLogger("kaohe.journal")
ERASED = "record.text-erased"
AT_ONCE = 500  # keys that one query asks for
PATIENCE = 2_000  # milliseconds for which clearing waits for who is at work
_TABLE = SealedText._meta.db_table


class TextErased(Conflict):
    """Erased is erased."""

    code = "erasure.erased-already"
    sentence = N_(
        "The text “{name}” of entry № {number} has been erased already. Open the request anew: what"
        " is left to erase stands there."
    )


class NoSuchText(Invalid):
    """An entry keeps only some texts outside its leaf; the rest is in clear and public."""

    code = "erasure.no-such-text"
    sentence = N_(
        "Entry № {number} keeps no text “{name}” that could be erased. Choose among the texts that"
        " the page of the entry shows."
    )


@dataclass(frozen=True, slots=True)
class Ground:
    """Why texts are erased.

    Attributes:
        basis: code of the article of law.
        document: number of the decision, judgment or request.
        request: the request that is carried out, as the record names it.
        reason: in words; enters as a commitment.
    """

    basis: str
    document: str
    request: str = ""
    reason: str = ""


def erase(
    texts: Mapping[JournalEntry, Collection[str]], *, by: Actor | None, ground: Ground
) -> Sequence[JournalEntry]:
    """Erase texts of entries within the caller's transaction; an entry for each that loses some.

    Args:
        texts: entry → names of its texts.

    Raises:
        NoSuchText: an entry never had such a text.
        TextErased: a text is erased already.
        TransactionManagementError: there is no transaction to be part of.

    Source: docs/rules/erasure.md, E-1, E-2.
    """
    held = _held([entry.pk for entry in texts])
    for entry, names in texts.items():
        must_be_held(entry, names, held.get(entry.pk))
    said = append_all((_event(*each, ground) for each in texts.items()), by=by)
    insert_all(
        [
            Erasure(entry=entry, name=name, record=record)
            for (entry, names), record in zip(texts.items(), said, strict=True)
            for name in sorted(names)
        ]
    )
    for entry, names in texts.items():
        _let_go(held[entry.pk], names)
    transaction.on_commit(_clear_soon, robust=True)
    return said


def _clear_soon() -> None:
    """Where that takes no time, clear the files at once; else a worker does it in a quiet hour."""
    if connection.vendor == "sqlite" and not clear_remains():
        _log.info("erased texts are still in the database's log of writes; a worker clears it")


def _held(numbers: Sequence[int]) -> dict[int, SealedText]:
    """The texts of entries, locked."""
    found: dict[int, SealedText] = {}
    for first in range(0, len(numbers), AT_ONCE):
        some = numbers[first : first + AT_ONCE]
        found |= SealedText.objects.select_for_update().order_by("pk").in_bulk(some)
    return found


def must_be_held(entry: JournalEntry, names: Collection[str], row: SealedText | None) -> None:
    """See that an entry still has some texts.

    Args:
        row: where they lie; None: they never did, or nothing of them is there.

    Raises:
        NoSuchText: it never had such a text.
        TextErased: a text is erased already.
    """
    sealed = json.loads(entry.leaf)["sealed"]
    for name in sorted(names):
        if name not in sealed:
            raise NoSuchText(number=entry.pk, name=name)
        if row is None or name not in row.texts:
            raise TextErased(number=entry.pk, name=name)


def _event(entry: JournalEntry, names: Collection[str], ground: Ground) -> Event:
    facts = {"basis": ground.basis, "document": ground.document, "request": ground.request}
    return Event(
        ERASED,
        entry.subject,
        entry.jurisdiction,
        entry.unit,
        facts={
            "entry": entry.entry,
            "names": sorted(names),
            **{name: value for name, value in facts.items() if value},
        },
        sealed={"erasure_reason": ground.reason} if ground.reason else {},
    )


def _let_go(row: SealedText, names: Collection[str]) -> None:
    row.texts = {name: text for name, text in row.texts.items() if name not in names}
    row.save(update_fields=["texts"])


@transaction.atomic
def erase_again(record: JournalEntry) -> int:
    """Erase what an earlier erasure erased and a backup has brought back.

    For recovery: safe to repeat, and no entry of its own, for the record says it already.

    Args:
        record: an entry of the action ``record.text-erased``.

    Returns:
        How many texts had come back.

    Source: docs/rules/erasure.md, E-6.
    """
    content = json.loads(record.leaf)
    if content["action"] != ERASED:
        raise ValueError(f"entry {record.pk} erases nothing")
    names = content["facts"]["names"]
    entry = JournalEntry.objects.filter(entry=content["facts"]["entry"]).first()
    if entry is None:
        return 0
    known = set(Erasure.objects.filter(entry=entry).values_list("name", flat=True))
    insert_all(
        [Erasure(entry=entry, name=each, record=record) for each in names if each not in known]
    )
    row = _held([entry.pk]).get(entry.pk)
    back = [] if row is None else [each for each in names if each in row.texts]
    if row is not None and back:
        _let_go(row, back)
    return len(back)


def erase_all_again() -> int:
    """Erase what every erasure on record has erased, where a backup has brought it back."""
    rows = JournalEntry.objects.filter(action=ERASED).order_by("id")
    return sum(erase_again(row) for row in rows.iterator(chunk_size=AT_ONCE))


def erasing_entries(numbers: Iterable[int]) -> dict[tuple[int, str], str]:
    """By row of an entry and name of each text that was erased: the entry that says so."""
    wanted = list(numbers)
    found: dict[tuple[int, str], str] = {}
    for first in range(0, len(wanted), AT_ONCE):
        rows = Erasure.objects.filter(entry__in=wanted[first : first + AT_ONCE])
        for number, name, record in rows.values_list("entry_id", "name", "record__entry"):
            found[number, name] = record
    return found


def clear_remains(tables: Collection[str] = ()) -> bool:
    """See that what was erased is in no file of the database any more; whether that was possible.

    The embedded database overwrites what is removed (``secure_delete``), but its log of writes
    holds the old pages until it is emptied.  PostgreSQL keeps old versions of rows until the tables
    are written anew, for which nobody else may be at work on them; this is for a quiet hour.

    Args:
        tables: further ones that lost personal text.

    Raises:
        TransactionManagementError: a transaction is open.

    Source: docs/rules/erasure.md, E-5.
    """
    if connection.in_atomic_block:
        raise transaction.TransactionManagementError("what is not committed cannot be cleared")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            with _impatient(cursor):
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                return bool(cursor.fetchone()[0] == 0)
        return _rewritten(cursor, (_TABLE, *tables))


def _rewritten(cursor: Any, tables: Collection[str]) -> bool:
    """Whether PostgreSQL could write the tables anew, without holding up who is at work on them."""
    cursor.execute(f"SET lock_timeout = {PATIENCE}")
    try:
        for table in tables:
            cursor.execute(f"VACUUM (FULL) {connection.ops.quote_name(table)}")
    except OperationalError:  # somebody is at work on it; the next quiet hour will do
        return False
    finally:
        cursor.execute("RESET lock_timeout")
    return True


@contextmanager
def _impatient(cursor: Any) -> Iterator[None]:
    """Whoever waits for the answer waits no longer than ``PATIENCE``."""
    cursor.execute("PRAGMA busy_timeout")
    before = int(cursor.fetchone()[0])
    cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
    try:
        yield
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {before}")
