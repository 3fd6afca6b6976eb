"""The last checkpoint, kept apart from everything that a backup brings back.

A database that was restored from an older backup knows less than the log has already signed.  If
it went on from there, two histories would bear the log's signature.  So the last signed checkpoint
lies in a store of its own that no backup holds: what is signed next must follow it (compare and
swap).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from kaohe.core.errors import Conflict
from kaohe.core.problems import N_

_FILE = "last.sqlite3"
_TABLE = "CREATE TABLE IF NOT EXISTS last (origin TEXT PRIMARY KEY, note TEXT NOT NULL) STRICT"


class StoreUnreadable(Conflict):
    """The store of the last checkpoint cannot be read or written."""

    code = "log.store-unreadable"
    sentence = N_(
        "The store of the last checkpoint in {folder} cannot be used ({reason}). Nothing was"
        " signed. Mend the disk or the rights of the folder; do not delete it: it keeps the log"
        " from contradicting itself."
    )


class CheckpointStore:
    """For each log the note of the last checkpoint that was signed, or cosigned by a witness."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with closing(
                sqlite3.connect(self.folder / _FILE, timeout=20, isolation_level=None)
            ) as connection:
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute(_TABLE)
                yield connection
        except (sqlite3.Error, OSError) as error:
            raise StoreUnreadable(folder=str(self.folder), reason=str(error)) from error

    def last(self, origin: str) -> str | None:
        """The note that was stored last for a log; None: none ever was.

        Raises:
            StoreUnreadable: the store cannot be read.
        """
        with self._open() as connection:
            row = connection.execute("SELECT note FROM last WHERE origin = ?", [origin]).fetchone()
            return None if row is None else str(row[0])

    def swap(self, origin: str, old: str | None, new: str) -> bool:
        """Replace the note of a log, if it still is ``old`` (None: if there is none yet).

        Returns:
            Whether it was; only one of two who try at once succeeds.

        Raises:
            StoreUnreadable: the store cannot be written; nothing was replaced.

        Source: docs/rules/log.md, L-5.
        """
        with self._open() as connection:
            if old is None:
                done = connection.execute(
                    "INSERT INTO last VALUES (?, ?) ON CONFLICT DO NOTHING", [origin, new]
                )
            else:
                done = connection.execute(
                    "UPDATE last SET note = ? WHERE origin = ? AND note = ?", [new, origin, old]
                )
            return done.rowcount == 1

    def all(self) -> dict[str, str]:
        """The last note of each log.

        Raises:
            StoreUnreadable: the store cannot be read.
        """
        with self._open() as connection:
            return dict(connection.execute("SELECT origin, note FROM last ORDER BY origin"))
