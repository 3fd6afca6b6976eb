"""A log that lies elsewhere: read over http(s), or from a folder on a stick, in the same way.

Nothing read from there is believed: proofs made of it are checked against roots that are signed.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from kaohe.core.checkpoint import Checkpoint, checkpoint_of
from kaohe.core.merkle import HASH, Reader
from kaohe.core.notes import NOTE_LIMIT, Note, note_of
from kaohe.core.problems import N_
from kaohe.core.tiles import ENTRIES, WIDTH, Tile, first_entries, first_hashes, reader
from kaohe.tlog.folder import BUNDLE_LIMIT, CHECKPOINT, CUT, MISSING, LogDamaged, LogFolder
from kaohe.tlog.remote_call import Caller, Reply, Unreachable

UNEXPECTED = N_("it answered with a status that was not expected")


class Log(Protocol):
    """A log as one reads it, wherever it lies."""

    def read(self, tile: Tile) -> bytes:
        """The bytes of a tile or bundle; of a partial one also those of a wider one."""

    def hashes(self, tile: Tile) -> Sequence[bytes]:
        """The hashes of a tile."""

    def entries(self, number: int, width: int = WIDTH) -> list[bytes]:
        """The first ``width`` entries of a bundle."""

    def reader(self, size: int) -> Reader:
        """Finds the hashes of subtrees of the log's first ``size`` entries."""

    def checkpoint(self) -> tuple[Note, Checkpoint] | None:
        """The checkpoint that is published; None: there is none."""


class RemoteLog:
    """A log that is served as files below an address."""

    def __init__(self, url: str, caller: Caller | None = None) -> None:
        self.url = url.rstrip("/")
        self._caller = caller or Caller()
        self._hashes = lru_cache(maxsize=512)(self._read_hashes)

    def _get(self, name: str, limit: int) -> bytes | None:
        address = f"{self.url}/{name}"
        reply: Reply = self._caller.call(address, limit=limit)
        if reply.status in (404, 410):
            return None
        if reply.status != 200:
            raise Unreachable(url=address, reason=UNEXPECTED)
        return reply.body

    def read(self, tile: Tile) -> bytes:
        """The bytes of a tile or bundle; of a partial one also where only the full one is left.

        Raises:
            LogDamaged: it is missing.
            Unreachable: nobody answers.
        """
        limit = BUNDLE_LIMIT if tile.level == ENTRIES else WIDTH * HASH
        content = self._get(tile.path, limit)
        if content is None and tile.width < WIDTH:
            content = self._get(Tile(tile.level, tile.number).path, limit)
        if content is None:
            raise self._damaged(tile.path, MISSING)
        return content

    def hashes(self, tile: Tile) -> Sequence[bytes]:
        """The hashes of a tile, ``tile.width`` of them.

        Raises:
            LogDamaged: it is missing, or holds fewer.
            Unreachable: nobody answers.
        """
        return self._hashes(tile)

    def _read_hashes(self, tile: Tile) -> Sequence[bytes]:
        try:
            return first_hashes(self.read(tile), tile.width)
        except ValueError as error:
            raise self._damaged(tile.path, CUT) from error

    def entries(self, number: int, width: int = WIDTH) -> list[bytes]:
        """The first ``width`` entries of a bundle.

        Raises:
            LogDamaged: it is missing, or holds fewer.
            Unreachable: nobody answers.
        """
        tile = Tile(ENTRIES, number, width)
        try:
            return first_entries(self.read(tile), width)
        except ValueError as error:
            raise self._damaged(tile.path, CUT) from error

    def reader(self, size: int) -> Reader:
        """Finds the hashes of subtrees of the log's first ``size`` entries."""
        return reader(size, self.hashes)

    def checkpoint(self) -> tuple[Note, Checkpoint] | None:
        """The checkpoint that is published; None: there is none.  Its signatures are not verified.

        Raises:
            NoteUnsound, CheckpointUnsound: it is not what it must be.
            Unreachable: nobody answers.
        """
        content = self._get(CHECKPOINT, NOTE_LIMIT)
        if content is None:
            return None
        note = note_of(content)
        return note, checkpoint_of(note)

    def _damaged(self, file: str, reason: str) -> LogDamaged:
        return LogDamaged(file=file, folder=self.url, reason=reason)


def log_at(place: str, caller: Caller | None = None) -> LogFolder | RemoteLog:
    """The log at an http(s) address or in a folder."""
    if place.startswith(("http://", "https://")):
        return RemoteLog(place, caller)
    return LogFolder(Path(place))
