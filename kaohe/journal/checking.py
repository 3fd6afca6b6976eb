"""What must hold before the log goes on: the last checkpoint fits tiles, rows and database.

Each sealing looks at the right edge and at a slice of the older rows; slice after slice the whole
record is gone through (``kaohe journal verify`` does it at once).
"""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from kaohe.core.checkpoint import Checkpoint, checkpoint_of
from kaohe.core.errors import Conflict, Refusal
from kaohe.core.merkle import leaf_hash, tree_hash
from kaohe.core.notes import Note, note_of, vouchers
from kaohe.core.problems import N_
from kaohe.core.tiles import WIDTH, Edge, Tile, edge_of
from kaohe.journal import models, rows
from kaohe.journal.log import Log
from kaohe.tlog.folder import CHECKPOINT, write_durably

SLICE = 20_000  # older rows looked at in one sealing
_PLACE = "sealing-looked-at.json"


class LogRestored(Conflict):
    """The database knows less than the log has signed: an older backup was brought back."""

    code = "log.restored"
    sentence = N_(
        "The log has signed {signed} entries, but the database holds only {held} of them: it was"
        " brought back from an older backup. Nothing was signed, since two histories would bear the"
        " log's signature. Bring the missing entries back from the log itself: kaohe journal"
        " recover"
    )


class StoreEmpty(Conflict):
    """There are sealed entries, but no last checkpoint."""

    code = "log.store-empty"
    sentence = N_(
        "The database holds {held} sealed entries, but {folder} holds no last checkpoint: the"
        " installation was moved, or the folder was lost. Nothing was signed. Fetch the last"
        " checkpoint from a witness or from the published log, then run: kaohe journal adopt FILE"
    )


class StoreBehind(Conflict):
    """The store of the last checkpoint is older than what was published."""

    code = "log.store-behind"
    sentence = N_(
        "The last checkpoint in {folder} covers {signed} entries, but one of {published} entries"
        " has been published: the store itself was brought back from a copy. Nothing was signed."
        " Run: kaohe journal adopt {file}"
    )


class DatabaseAhead(Conflict):
    """The database knows a later checkpoint than this machine has signed."""

    code = "log.database-ahead"
    sentence = N_(
        "The last checkpoint in {folder} covers {signed} entries, but the database knows one of"
        " {known} entries: another machine seals this record, or the folder was brought back from a"
        " copy. Nothing was signed. Only one machine may seal (KAOHE_SEAL=off on the others). If"
        " this is the one, run: kaohe journal adopt --from-database"
    )


class Forked(Conflict):
    """Two checkpoints of one size bear the log's signature."""

    code = "log.forked"
    sentence = N_(
        "Two different checkpoints of {signed} entries bear the signature of this log: one in"
        " {folder}, one in {file}. Nothing more was signed. Keep copies of both and of the"
        " database, stop sealing (KAOHE_SEAL=off) and tell the witnesses: the keys were used"
        " somewhere else too."
    )


class TilesDiffer(Conflict):
    """The tiles do not give the root that was signed."""

    code = "log.tiles-differ"
    sentence = N_(
        "The tiles in {folder} do not give the root of the last checkpoint ({signed} entries): a"
        " file was altered or is missing. Nothing was signed. If kaohe journal verify finds the"
        " rows sound, run: kaohe journal rebuild"
    )


class RowsDiffer(Conflict):
    """A row of the database is not the one that was sealed."""

    code = "log.rows-differ"
    sentence = N_(
        "The entry with index {index} in the database is not the one that was sealed: it was"
        " altered, removed or exchanged. Nothing was signed. Keep a copy of the database as it is,"
        " then run: kaohe journal verify"
    )


def must_stand(log: Log, last: tuple[Note, Checkpoint] | None) -> Edge:
    """The right edge of the tree, once the last checkpoint is found to fit all that there is.

    Raises:
        LogRestored, StoreEmpty, StoreBehind, DatabaseAhead, TilesDiffer, RowsDiffer: it does not.
        LogDamaged: a file is missing or was altered.
        OtherLog: the files are of another log.

    Source: docs/rules/log.md, L-6.
    """
    held = rows.standing().next_index
    if last is None:
        _must_be_new(log, held)
        return Edge()
    checkpoint = last[1]
    _must_be_latest(log, checkpoint)
    if held < checkpoint.size:
        raise LogRestored(signed=checkpoint.size, held=held)
    edge = edge_of(checkpoint.size, log.folder.hashes)
    if edge.root() != checkpoint.root:
        raise TilesDiffer(folder=str(log.folder.root), signed=checkpoint.size)
    begin = checkpoint.size - checkpoint.size % WIDTH
    _rows_must_fit(log, begin, checkpoint.size, checkpoint.size)
    _look_at_older(log, checkpoint.size)
    return edge


def _must_be_new(log: Log, held: int) -> None:
    published = log.published()
    if published is not None:
        held = max(held, published[1].size)
    if published is not None or models.Checkpoint.objects.exists():
        raise StoreEmpty(held=held, folder=str(log.store.folder))


def _must_be_latest(log: Log, checkpoint: Checkpoint) -> None:
    """Neither the folder nor the rows know a later checkpoint, or another one of the same size."""
    folder, file = str(log.store.folder), str(log.folder.root / CHECKPOINT)
    published = log.published()
    if published is not None:
        said = published[1]
        if said.size > checkpoint.size:
            raise StoreBehind(folder=folder, signed=checkpoint.size, published=said.size, file=file)
        if said.size == checkpoint.size and said.root != checkpoint.root:
            raise Forked(signed=checkpoint.size, file=file, folder=folder)
    known = latest_signed(log, checkpoint.size)
    if known is not None:
        raise DatabaseAhead(folder=folder, signed=checkpoint.size, known=known[1].size)


def latest_signed(log: Log, beyond: int = 0) -> tuple[Note, Checkpoint] | None:
    """The largest checkpoint among the rows of more than ``beyond`` entries that the log signed.

    One that was put there by hand does not count; a verification names it.
    """
    with rows.as_it_is():
        later = list(models.Checkpoint.objects.filter(size__gt=beyond).order_by("-size"))
    for row in later:
        with contextlib.suppress(Refusal):
            note = note_of(rows.as_bytes(row.note))
            checkpoint = checkpoint_of(note)
            if checkpoint.size == row.size and vouchers(note, log.ring.keys):
                return note, checkpoint
    return None


def _look_at_older(log: Log, size: int) -> None:
    """Go through the next slice of older rows; begins anew at the end.

    How far it came is not worth a refusal: on a full disk the same slice is looked at again.
    """
    place = settings.HOME / "run" / _PLACE
    begin = _read(place)
    begin = begin if begin < size else 0
    end = min(begin + SLICE, size)
    _rows_must_fit(log, begin, end, size)
    with contextlib.suppress(OSError):
        write_durably(place, json.dumps({"next": end if end < size else 0}).encode())


def _read(place: Path) -> int:
    try:
        found = json.loads(place.read_text(encoding="utf-8"))["next"]
    except (OSError, ValueError, KeyError, TypeError):
        return 0
    return found - found % WIDTH if isinstance(found, int) and found > 0 else 0


def _rows_must_fit(log: Log, begin: int, end: int, size: int) -> None:
    """The rows from ``begin`` (a multiple of 256) to before ``end`` are those under the tiles."""
    wanted = begin
    hashes: Iterator[bytes] = iter(())
    for index, leaf in rows.leaves(begin, end):
        if wanted % WIDTH == 0:
            width = min(WIDTH, size - wanted)
            hashes = iter(log.folder.hashes(Tile(0, wanted // WIDTH, width)))
        if index != wanted or leaf is None or leaf_hash(leaf) != next(hashes):
            _tile_must_be_vouched_for(log, Tile(0, wanted // WIDTH, width), size)
            raise RowsDiffer(index=wanted)
        wanted += 1
    if wanted < end:
        raise RowsDiffer(index=wanted)


def _tile_must_be_vouched_for(log: Log, tile: Tile, size: int) -> None:
    """See that a tile is what those above it vouch for, before a row is said to be wrong.

    Raises:
        TilesDiffer: it is not, or one above it is not.
    """
    while tile.width == WIDTH and (above := size // WIDTH ** (tile.level + 1)):
        number, place = divmod(tile.number, WIDTH)
        upper = Tile(tile.level + 1, number, min(WIDTH, above - number * WIDTH))
        if tree_hash(log.folder.hashes(tile)) != log.folder.hashes(upper)[place]:
            raise TilesDiffer(folder=str(log.folder.root), signed=size)
        tile = upper
