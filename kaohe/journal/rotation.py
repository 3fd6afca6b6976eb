"""The change of the log's signing key, step by step; begun again after a break it goes on."""

from dataclasses import replace

from django.db import transaction

from kaohe.core.leaf import Event
from kaohe.journal import models
from kaohe.journal.log import Log, alone
from kaohe.journal.sealing import seal_alone
from kaohe.journal.services import append
from kaohe.tlog.keys import KeyRing

CHANGED = "log.key-changed"


def change_key(log: Log) -> KeyRing:
    """Give the log a new signing key.

    1  a new key is made; from here on both sign
    2  the record says so: old and new verification key
    3  that entry is sealed under a checkpoint with both signatures: the old key vouches for the new
    4  the old private key is destroyed; the new one signs alone

    Returns:
        The ring as it is now.

    Raises:
        What ``seal`` raises; both keys go on signing until the change is carried through.
    """
    with alone():  # nobody else seals with the keys of before meanwhile
        ring = log.as_it_is_now().ring.begin_change()
        new, old = ring.vkeys[:2]
        subject = f"log:{ring.origin}"
        entries = models.JournalEntry.objects.filter(subject=subject, action=CHANGED)
        if not any(new in leaf for leaf in entries.values_list("leaf", flat=True)):
            with transaction.atomic():
                append(Event(CHANGED, subject, facts={"key": new}, was={"key": old}), by=None)
        while seal_alone(replace(log, ring=ring)) is not None:
            pass
        return ring.end_change()
