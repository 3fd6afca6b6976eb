"""Sealing: entries get their index, the tree grows over them, a checkpoint is signed.

One sequencer at a time.  The steps, each safe to be the last before the machine stops:

1  the last checkpoint is verified against its signature, the tiles, the rows and the database
2  entries that wait get the next indexes, piece by piece, each in one transaction
3  tiles and bundles are written, as the pieces come
4  the new checkpoint replaces the last one in the store, if that still is the last one
5  the checkpoint is published, put among the rows, and partial tiles that became full are removed

What comes after step 2 follows from the rows alone, byte for byte, so a sealing that was cut off is
simply done again.  From step 4 on the checkpoint counts: if publishing it fails, the next sealing
publishes it.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils import timezone

from kaohe.core.checkpoint import Checkpoint, checkpoint_of
from kaohe.core.errors import Conflict
from kaohe.core.merkle import leaf_hash
from kaohe.core.notes import Note
from kaohe.core.problems import N_
from kaohe.core.tiles import ENTRIES, WIDTH, Edge, Tile, pack
from kaohe.journal import models, proofs, rows
from kaohe.journal.checking import must_stand
from kaohe.journal.log import Log, alone
from kaohe.tlog.folder import VKEY

MOST = 1_000_000  # entries in one sealing
PIECE = 64 * WIDTH  # of them get their index at one time; whoever writes waits no longer than that
_log = logging.getLogger("kaohe.journal")


class SignedMeanwhile(Conflict):
    """Another sequencer has signed a checkpoint since this one looked."""

    code = "log.signed-meanwhile"
    sentence = N_(
        "Another sequencer has signed a checkpoint in the meantime; this one was not signed. See to"
        " it that only one machine seals (KAOHE_SEAL), and that both do not use one folder."
    )


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a sealing did: the entries from ``since`` to before ``checkpoint.size`` are new."""

    since: int
    checkpoint: Checkpoint

    @property
    def count(self) -> int:
        """How many entries were sealed."""
        return self.checkpoint.size - self.since


def seal(log: Log, *, most: int = MOST) -> Sealed | None:
    """Seal what waits; None where there is nothing to do.

    Raises:
        SealingElsewhere: another sequencer is at work.
        LogRestored, RowsDiffer, LogDamaged, NotSigned …: what stands does not fit the last
            checkpoint; nothing was signed.
        NoRoomForLog: the disk is full; goes on next time.
    """
    with alone():
        return seal_alone(log.as_it_is_now(), most=most)


def seal_alone(log: Log, *, most: int = MOST) -> Sealed | None:
    """Seal what waits, for who is the only sequencer already (``alone``); see ``seal``."""
    last = log.last()
    edge = must_stand(log, last)
    _finish(log, last)
    since = edge.size
    write_tiles(log, edge, ends(since, most))
    if edge.size == since:
        return None
    checkpoint = Checkpoint(log.ring.origin, edge.size, edge.root())
    note = log.ring.sign(checkpoint)
    sign(log, last[0] if last else None, note)
    publish(log, note)
    clear(log, since, edge.size)
    return Sealed(since, checkpoint)


def ends(since: int, most: int) -> Iterator[int]:
    """Step 2, piece by piece: the next index that is free, each time that some got theirs.

    The first ones are those that have an index from a sealing that was cut off.
    """
    end = rows.standing().next_index
    if end > since:
        yield end
    while most > 0:
        piece = min(PIECE - end % WIDTH, most)
        before, end = end, assign(piece)
        if end > before:
            yield end
        if end - before < piece:
            return
        most -= piece


def assign(most: int) -> int:
    """The next index that is free, once so many of those who wait have theirs."""
    return rows.assign(most)


def write_tiles(log: Log, edge: Edge, until: Iterable[int]) -> None:
    """Step 3: let the tree grow over the rows, and write its tiles and bundles.

    Args:
        edge: the tree's right edge before; afterwards that at the end.
        until: up to where, piece by piece.

    Raises:
        RowMissing: a row is missing.
        NoRoomForLog: the disk is full.
    """
    log.folder.write(_files(edge, until))


def _files(edge: Edge, until: Iterable[int]) -> Iterator[tuple[str, bytes]]:
    """Names and contents of what is new from the edge on.

    What the last bundle begins with comes from the rows, which were found to be those that were
    sealed, not from its file.
    """
    since = edge.size
    bundle: list[bytes] = []
    for end in until:
        if not bundle and edge.size % WIDTH:
            bundle = [leaf for _, leaf in _leaves(edge.size - edge.size % WIDTH, edge.size)]
        for _, leaf in _leaves(edge.size, end):
            bundle.append(leaf)
            for tile, hashes in edge.add(leaf_hash(leaf)):
                if tile.level == 0:
                    yield Tile(ENTRIES, tile.number).path, pack(bundle)
                    bundle = []
                yield tile.path, b"".join(hashes)
    if edge.size == since:
        return
    if bundle:
        yield Tile(ENTRIES, edge.size // WIDTH, len(bundle)).path, pack(bundle)
    for tile, hashes in edge.partial():
        yield tile.path, b"".join(hashes)


def _leaves(begin: int, end: int) -> Iterator[tuple[int, bytes]]:
    wanted = begin
    for index, leaf in rows.leaves(begin, end):
        if index != wanted or leaf is None:
            break
        yield index, leaf
        wanted += 1
    if wanted != end:
        raise RowMissing(index=wanted)


class RowMissing(Conflict):
    """An index has no entry."""

    code = "log.row-missing"
    sentence = N_(
        "The entry with index {index} is not in the database although it was given its index."
        " Nothing was signed. Run kaohe journal verify, keep a copy of the database, and find out"
        " who removed it."
    )


def sign(log: Log, old: Note | None, new: Note) -> None:
    """Step 4: the new checkpoint counts from now on.

    Raises:
        SignedMeanwhile: the last one is another by now.
    """
    if not log.store.swap(log.ring.origin, old.content if old else None, new.content):
        raise SignedMeanwhile


def publish(log: Log, note: Note) -> None:
    """Step 5: the checkpoint among the rows and in its file, with the keys beside it.

    In the file the cosignatures that it has already stand below it.
    """
    row = keep(note)
    vkeys = "".join(f"{vkey}\n" for vkey in log.ring.vkeys)
    log.folder.write([(VKEY, vkeys.encode())])
    log.folder.publish(proofs.with_cosignatures(note, row))


def keep(note: Note) -> models.Checkpoint:
    """The row of a checkpoint that was signed; made where there is none."""
    checkpoint = checkpoint_of(note)
    facts = {"root": checkpoint.root.hex(), "note": note.content, "at": timezone.now()}
    return models.Checkpoint.objects.get_or_create(size=checkpoint.size, defaults=facts)[0]


def clear(log: Log, since: int, size: int) -> None:
    """Remove partial tiles that became full; also those that the sealing before left behind."""
    before = models.Checkpoint.objects.filter(size__lt=since).order_by("-size").first()
    log.folder.drop_partial(size, before.size if before else 0)


def _finish(log: Log, last: tuple[Note, Checkpoint] | None) -> None:
    """Publish what the store holds but the folder or the rows do not: step 5 was cut off."""
    if last is None:
        return
    published = log.published()
    is_there = models.Checkpoint.objects.filter(size=last[1].size).exists()
    if not is_there or published is None or published[1].size < last[1].size:
        _log.warning("the checkpoint of %s entries had not been published", last[1].size)
        publish(log, last[0])
