"""A log in a folder: ``checkpoint``, ``tile/…``, ``tile/entries/…``, as C2SP tlog-tiles names them.

What is written is whole and on the disk before it bears its name.  A tile that was written by a
sealing that never came to its checkpoint is written again with the same bytes.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from itertools import islice
from pathlib import Path

from kaohe.core.checkpoint import Checkpoint, checkpoint_of
from kaohe.core.errors import Conflict
from kaohe.core.merkle import Reader
from kaohe.core.notes import NOTE_LIMIT, Note, note_of
from kaohe.core.problems import N_
from kaohe.core.tiles import (
    ENTRIES,
    WIDTH,
    Tile,
    first_entries,
    first_hashes,
    pack,
    reader,
    tile_of,
)

CHECKPOINT, VKEY = "checkpoint", "vkey"
AT_ONCE = 8  # files on their way to the disk at one time
BUNDLE_LIMIT = 256 * 65_537  # bytes: no bundle is larger

MISSING = N_("it is missing")
CUT = N_("it is cut short, or longer than it should be")


class LogDamaged(Conflict):
    """A file of the log is missing, or not what it must be."""

    code = "log.damaged"
    sentence = N_(
        "The file {file} of the log in {folder}: {reason}. Nothing was changed. Run kaohe journal"
        " verify, which names all that is wrong; a tile can be made anew from the rows by kaohe"
        " journal rebuild."
    )
    words = frozenset({"reason"})


class NoRoomForLog(Conflict):
    """The log could not be written; what was begun does not count."""

    code = "log.no-room"
    sentence = N_(
        "The log could not be written to {folder} ({reason}). Nothing is lost: the entries wait,"
        " and sealing goes on from where it was once there is room. Free some space on that disk."
    )


class LogFolder:
    """A log in a folder, read and written file by file."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._hashes = lru_cache(maxsize=512)(self._read_hashes)

    # ── reading ───────────────────────────────────────────────────────────────────────────────────
    def read(self, tile: Tile) -> bytes:
        """The bytes of a tile or bundle; of a partial one also where only a wider one is left.

        Raises:
            LogDamaged: it is missing.
        """
        for path in self._homes(tile):
            try:
                return path.read_bytes()
            except FileNotFoundError:
                continue
            except OSError as error:
                raise self._damaged(tile.path, error.strerror or str(error)) from error
        raise self._damaged(tile.path, MISSING)

    def _homes(self, tile: Tile) -> Iterator[Path]:
        yield self.root / tile.path
        if tile.width < WIDTH:
            full = Tile(tile.level, tile.number)
            yield self.root / full.path
            beside = (self.root / tile.path).parent
            if beside.is_dir():
                widths = sorted(
                    int(each.name) for each in beside.iterdir() if each.name.isdecimal()
                )
                yield from (beside / str(width) for width in widths if width > tile.width)

    def exactly(self, tile: Tile) -> bytes:
        """The bytes of a tile or bundle of just this width, cut from a wider one if need be.

        Raises:
            LogDamaged: it is missing, or holds less.
        """
        if tile.level == ENTRIES:
            return pack(self.entries(tile.number, tile.width))
        return b"".join(self.hashes(tile))

    def hashes(self, tile: Tile) -> Sequence[bytes]:
        """The hashes of a tile, ``tile.width`` of them.

        Raises:
            LogDamaged: it is missing, or holds fewer.
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
            LogDamaged: it cannot be read.
        """
        try:
            with (self.root / CHECKPOINT).open("rb") as file:
                note = note_of(file.read(NOTE_LIMIT + 1))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._damaged(CHECKPOINT, error.strerror or str(error)) from error
        return note, checkpoint_of(note)

    def tiles(self) -> Iterator[Tile]:
        """The tiles and bundles that lie in the folder; other files are passed over."""
        base = self.root / "tile"
        for path in base.rglob("*") if base.is_dir() else ():
            tile = tile_of(path.relative_to(self.root).as_posix())
            if tile is not None and path.is_file():
                yield tile

    def _damaged(self, file: str, reason: str) -> LogDamaged:
        return LogDamaged(file=file, folder=str(self.root), reason=reason)

    # ── writing ───────────────────────────────────────────────────────────────────────────────────
    def write(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Put files in, each whole and on the disk before it bears its name.

        Args:
            files: names within the log, and what they hold.

        Raises:
            NoRoomForLog: the disk is full, or cannot be written; some of the files may be there.
        """
        waiting = iter(files)
        try:
            with ThreadPoolExecutor(AT_ONCE) as pool:
                while batch := list(islice(waiting, AT_ONCE * 64)):
                    folders = {(self.root / name).parent for name, _ in batch}
                    for folder in folders:
                        folder.mkdir(parents=True, exist_ok=True)
                    list(pool.map(self._put, batch))
                    list(pool.map(flush_folder, self._with_those_above(folders)))
        except OSError as error:
            reason = error.strerror or str(error)
            raise NoRoomForLog(folder=str(self.root), reason=reason) from error
        self._hashes.cache_clear()

    def _with_those_above(self, folders: Iterable[Path]) -> set[Path]:
        """Folders, and those in which their own names stand, up to the log's."""
        above = {each for folder in folders for each in folder.parents}
        return {self.root, *folders, *(each for each in above if self.root in each.parents)}

    def _put(self, file: tuple[str, bytes]) -> None:
        name, content = file
        write_durably(self.root / name, content)

    def publish(self, note: Note) -> None:
        """Put the checkpoint of a note in its place.

        Raises:
            NoRoomForLog: the disk is full, or cannot be written.
        """
        self.write([(CHECKPOINT, note.content.encode())])

    def drop_partial(self, size: int, before: int) -> None:
        """Remove the partial tiles that became full since the log had ``before`` entries.

        Those that cannot be removed stay; they hold nothing that the full ones do not.
        """
        level, full, was = 0, size // WIDTH, before // WIDTH
        while full:
            for kind in (level, ENTRIES) if level == 0 else (level,):
                for number in range(was, full):
                    with suppress(OSError):
                        _remove_folder((self.root / Tile(kind, number, 1).path).parent)
            level, full, was = level + 1, full // WIDTH, was // WIDTH

    def keep_only(self, wanted: Iterable[Tile]) -> None:
        """Remove the partial tiles and bundles that are not among those wanted."""
        kept = set(wanted)
        for tile in list(self.tiles()):
            if tile.width < WIDTH and tile not in kept:
                (self.root / tile.path).unlink(missing_ok=True)


def write_durably(path: Path, content: bytes, mode: int = 0o644) -> None:
    """A file that is there whole or not at all, whatever happens to the machine."""
    aside = path.with_name(f".{path.name}.new")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def flush_folder(folder: Path) -> None:
    """See to it that the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_folder(folder: Path) -> None:
    if folder.is_dir():
        for path in folder.iterdir():
            path.unlink(missing_ok=True)
        folder.rmdir()
