"""Writing the record.  Nothing else in the project creates an entry."""

import os
from collections.abc import Iterable, Sequence
from typing import Protocol
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from kaohe.core.leaf import SALT, Event, leaf
from kaohe.journal.bulk import insert_all, new_row
from kaohe.journal.models import JournalEntry, Pending, SealedText


class Actor(Protocol):
    """Who does something: a person behind a pseudonym, in a role."""

    pseudonym: str

    @property
    def acting_role(self) -> str:
        """The role in which it is done."""


def append(event: Event, *, by: Actor | None) -> JournalEntry:
    """Put one thing done on record, within the transaction that does it.

    Args:
        by: who did it; None: the installation itself.

    Raises:
        TransactionManagementError: there is no transaction to be part of.
    """
    return append_all([event], by=by)[0]


def append_all(events: Iterable[Event], *, by: Actor | None) -> Sequence[JournalEntry]:
    """Put many things on record, one entry for each, in the order given.

    Raises:
        TransactionManagementError: there is no transaction to be part of.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a record needs the transaction of its deed")
    actor, role = ("system", "") if by is None else (by.pseudonym, by.acting_role)
    now = timezone.now()
    entries: list[JournalEntry] = []
    texts: list[dict[str, dict[str, str]]] = []
    for event in events:
        number = uuid4().hex
        salts = {name: os.urandom(SALT) for name in event.sealed}
        content = leaf(event, entry=number, actor=actor, role=role, at=now, salts=salts)
        entries.append(
            new_row(
                JournalEntry,
                entry=number,
                at=now,
                jurisdiction=event.jurisdiction,
                unit=event.unit,
                subject=event.subject,
                actor=actor,
                action=event.action,
                leaf=content.decode(),
            )
        )
        texts.append(
            {name: {"salt": salts[name].hex(), "text": text} for name, text in event.sealed.items()}
        )
    insert_all(entries)
    insert_all([new_row(Pending, entry=entry) for entry in entries])
    insert_all(
        [
            SealedText(entry=entry, texts=sealed)
            for entry, sealed in zip(entries, texts, strict=True)
            if sealed
        ]
    )
    return entries
