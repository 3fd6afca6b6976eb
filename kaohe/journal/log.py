"""Where the log of this installation lies, and who may go on with it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from kaohe.core.checkpoint import Checkpoint, checkpoint_of
from kaohe.core.errors import Conflict
from kaohe.core.notes import Note, note_of, vouchers
from kaohe.core.problems import N_
from kaohe.tlog.folder import LogFolder
from kaohe.tlog.keys import KeyRing, make_ring, read_ring
from kaohe.tlog.store import CheckpointStore

_LOCK = 0x6B616F6865  # the number of the advisory lock: "kaohe"


class SealingElsewhere(Conflict):
    """Another sequencer is at work; there is never more than one."""

    code = "log.sealing-elsewhere"
    sentence = N_(
        "Another process is sealing the record of this installation right now. Nothing was done;"
        " what waits is sealed by the other one."
    )


class NotSigned(Conflict):
    """The last checkpoint is not signed by a key of this installation."""

    code = "log.not-signed"
    sentence = N_(
        "The last checkpoint of {origin} in {folder} is not signed by any key of this installation."
        " Its keys were brought back from a backup made before they were changed, or the store is"
        " of another installation. Nothing was signed; bring back the keys that were in use last."
    )


@dataclass(frozen=True)
class Log:
    """The log: its files, its keys, and the last checkpoint that it signed."""

    folder: LogFolder
    ring: KeyRing
    store: CheckpointStore

    def last(self) -> tuple[Note, Checkpoint] | None:
        """The last checkpoint that was signed, its signature verified; None: none ever was.

        Raises:
            NotSigned: none of the log's keys has signed it.
            NoteUnsound: the signature of one of them fails.
            StoreUnreadable: the store cannot be read.
        """
        content = self.store.last(self.ring.origin)
        if content is None:
            return None
        note = note_of(content.encode())
        if not vouchers(note, self.ring.keys):
            raise NotSigned(origin=self.ring.origin, folder=str(self.store.folder))
        return note, checkpoint_of(note)


def keys_folder() -> Path:
    """Where the signing keys lie."""
    found: Path = settings.KEYS / "log"
    return found


def open_log(*, make: bool = False) -> Log:
    """The log of this installation.

    Args:
        make: whether its keys are made where there are none yet.

    Raises:
        KeysUnreadable: there are none, or they are damaged.
        OriginFixed: KAOHE_LOG_ORIGIN says another name.
    """
    ring = make_ring(keys_folder(), settings.LOG_ORIGIN) if make else read_ring(keys_folder())
    return Log(LogFolder(settings.LOG), ring, CheckpointStore(settings.LAST_CHECKPOINT))


def is_made() -> bool:
    """Whether the log has its keys."""
    return (keys_folder() / "ring.json").exists()


@contextmanager
def alone() -> Iterator[None]:
    """Be the only sequencer, on this machine and on this database, until the block ends.

    Raises:
        SealingElsewhere: another one is.
    """
    run = settings.HOME / "run"
    run.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (run / "sealing.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise SealingElsewhere from held
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
            if not cursor.fetchone()[0]:
                raise SealingElsewhere
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
