"""Where the log of this installation lies, and who may go on with it."""

import contextlib
import fcntl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings
from django.db import Error, connection

from kaohe.core.checkpoint import Checkpoint, checkpoint_of
from kaohe.core.errors import Conflict, Invalid
from kaohe.core.notes import Key, Note, NoteUnsound, note_of, vouchers
from kaohe.core.problems import N_
from kaohe.journal import models
from kaohe.tlog.folder import CHECKPOINT, LogDamaged, LogFolder, NoRoomForLog
from kaohe.tlog.keys import KeyRing, make_ring, read_ring
from kaohe.tlog.store import CheckpointStore

_LOCK = 0x6B616F6865  # the number of the advisory lock: "kaohe"
NOT_CHECKPOINT = N_("it is no checkpoint, or a signature of the log fails: it was altered")
NOT_OURS = N_("no key of this log has signed it")


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


class OtherLog(Conflict):
    """The files in the folder are of another log."""

    code = "log.other-log"
    sentence = N_(
        "The folder {folder} holds the log {theirs}, but the keys of this installation are those of"
        " {ours}: a backup of another installation was restored here. Nothing was signed, and that"
        " log was left as it is. Restore the backup into a folder of its own (KAOHE_HOME), or keep"
        " the files of that log elsewhere first."
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

    def published(self) -> tuple[Note, Checkpoint] | None:
        """The checkpoint in the log's folder, its signature verified; None: there is none.

        Raises:
            OtherLog: it is one of another log.
            LogDamaged: it cannot be read, or was altered.
        """
        try:
            found = self.folder.checkpoint()
        except Invalid as error:
            raise self._damaged(NOT_CHECKPOINT) from error
        if found is None:
            return None
        note, checkpoint = found
        try:
            ours = vouchers(note, self.ring.keys)
        except NoteUnsound as error:
            raise self._damaged(NOT_CHECKPOINT) from error
        if not ours and _signed_under_another_id(note, self.ring.keys):
            raise self._damaged(NOT_OURS)
        if not ours and checkpoint.origin in {each.name for each in note.signatures}:
            theirs, ours_is = checkpoint.origin, self.ring.origin
            raise OtherLog(folder=str(self.folder.root), theirs=theirs, ours=ours_is)
        if not ours:
            raise self._damaged(NOT_OURS)
        return note, checkpoint

    def must_be_here(self) -> None:
        """See that the folder does not hold another log, before anything is written to it.

        Raises:
            OtherLog: it does.
        """
        with contextlib.suppress(LogDamaged):  # what is damaged may be written anew
            self.published()

    def as_it_is_now(self) -> "Log":
        """The same log with the keys that it has by now.

        Raises:
            KeysUnreadable: they are not there, or damaged.
        """
        return replace(self, ring=read_ring(self.ring.folder))

    def _damaged(self, reason: str) -> LogDamaged:
        return LogDamaged(file=CHECKPOINT, folder=str(self.folder.root), reason=reason)


def _signed_under_another_id(note: Note, keys: Iterable[Key]) -> bool:
    """Whether one of our keys has signed a note, and only the id beside its signature was altered.

    Then the file is damaged; it is not another installation's.
    """
    for key in keys:
        for each in note.signatures:
            told = replace(note, signatures=(replace(each, name=key.name, key_id=key.id),))
            with contextlib.suppress(NoteUnsound):
                if vouchers(told, [key]):
                    return True
    return False


def keys_folder() -> Path:
    """Where the signing keys lie."""
    found: Path = settings.KEYS / "log"
    return found


def open_log(*, make: bool = False) -> Log:
    """The log of this installation.

    Args:
        make: whether its keys are made where there are none yet and nothing was ever signed.

    Raises:
        KeysUnreadable: there are none, or they are damaged.
        OriginFixed: KAOHE_LOG_ORIGIN says another name.
    """
    folder, store = LogFolder(settings.LOG), CheckpointStore(settings.LAST_CHECKPOINT)
    if make and (is_made() or not _has_signed(folder, store)):
        ring = make_ring(keys_folder(), settings.LOG_ORIGIN)
    else:
        ring = read_ring(keys_folder())
    return Log(folder, ring, store)


def _has_signed(folder: LogFolder, store: CheckpointStore) -> bool:
    """Whether a log was begun here: its keys are lost then, and new ones would hide that."""
    is_there = (folder.root / CHECKPOINT).exists() or models.Checkpoint.objects.exists()
    return is_there or bool(store.all())


def is_made() -> bool:
    """Whether the log has its keys."""
    return (keys_folder() / "ring.json").exists()


@contextmanager
def alone() -> Iterator[None]:
    """Be the only sequencer, on this machine and on this database, until the block ends.

    Raises:
        SealingElsewhere: another one is.
    """
    with _only_here(settings.HOME / "run"), _only_on_database():
        yield


@contextmanager
def _only_here(run: Path) -> Iterator[None]:
    try:
        run.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = (run / "sealing.lock").open("a")
    except OSError as error:
        raise NoRoomForLog(folder=str(run), reason=error.strerror or str(error)) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise SealingElsewhere from held
        yield


@contextmanager
def _only_on_database() -> Iterator[None]:
    if connection.vendor != "postgresql":
        with _on_the_disk():
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise SealingElsewhere
    try:
        yield
    finally:
        with contextlib.suppress(Error):  # a connection that broke has given the lock back
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


@contextmanager
def _on_the_disk() -> Iterator[None]:
    """What the embedded database commits is on the disk at once, not with the next checkpoint.

    Else a power cut could take rows away over which the log has signed already.
    """
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous = FULL")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = NORMAL")
