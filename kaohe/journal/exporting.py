"""The public log as files in another folder: what a witness or an auditor takes away on a stick."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kaohe.core.checkpoint import Checkpoint
from kaohe.core.errors import Conflict
from kaohe.core.notes import Note
from kaohe.core.problems import N_
from kaohe.core.tiles import tiles_of
from kaohe.journal import models, proofs
from kaohe.journal.log import Log
from kaohe.tlog.folder import CHECKPOINT, VKEY, LogFolder

Progress = Callable[[int, int], None]


class NothingSealed(Conflict):
    """There is no checkpoint yet."""

    code = "log.nothing-sealed"
    sentence = N_("Nothing has been sealed yet. Run: kaohe journal seal")


class OtherLogThere(Conflict):
    """The folder holds another log, or one that this one does not continue."""

    code = "log.other-log-there"
    sentence = N_(
        "{folder} holds the log {theirs}, this is {ours}; or it is not an earlier state of this"
        " one. Nothing was written. Name another folder."
    )


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: the checkpoint, and how many files were new."""

    checkpoint: Checkpoint
    files: int


def export(log: Log, target: Path, progress: Progress = lambda done, total: None) -> Exported:
    """Write the public log into a folder; into one that holds an earlier state only what is new.

    The checkpoint is written last: what it covers is there.

    Raises:
        NothingSealed: there is no checkpoint yet.
        OtherLogThere: the folder holds another log.
        NoRoomForLog: the disk is full.
        LogDamaged: a tile is missing here.
    """
    last = log.last()
    if last is None:
        raise NothingSealed
    note, checkpoint = last
    row = models.Checkpoint.objects.filter(size=checkpoint.size).first()
    if row is not None:
        note = proofs.with_cosignatures(note, row)
    folder = LogFolder(target)
    since = _held(log, folder)
    wanted = list(tiles_of(checkpoint.size, since))
    written = 0

    def files() -> Iterator[tuple[str, bytes]]:
        nonlocal written
        for tile in wanted:
            content = log.folder.exactly(tile)
            yield tile.path, content
            written += 1
            progress(written, len(wanted))

    folder.write(files())
    _finish(log, folder, note)
    folder.drop_partial(checkpoint.size, since)
    return Exported(checkpoint, written)


def _held(log: Log, folder: LogFolder) -> int:
    """How many entries of this log a folder holds already."""
    there = folder.checkpoint()
    if there is None:
        return 0
    said = there[1]
    mine = models.Checkpoint.objects.filter(size=said.size, root=said.root.hex()).exists()
    if said.origin != log.ring.origin or not mine:
        raise OtherLogThere(folder=str(folder.root), theirs=said.origin, ours=log.ring.origin)
    return said.size


def _finish(log: Log, folder: LogFolder, note: Note) -> None:
    vkeys = "".join(f"{vkey}\n" for vkey in log.ring.vkeys)
    folder.write([(VKEY, vkeys.encode()), (CHECKPOINT, note.content.encode())])
