"""What must hold before the log goes on: the last checkpoint fits tiles, rows and database.

Each sealing looks at the right edge and at a slice of the older rows; slice after slice the whole
record is gone through (``kaohe journal verify`` does it at once).
"""

import json
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from kaohe.core.checkpoint import Checkpoint
from kaohe.core.errors import Conflict
from kaohe.core.merkle import leaf_hash
from kaohe.core.notes import Note
from kaohe.core.problems import N_
from kaohe.core.tiles import WIDTH, Edge, Tile, edge_of
from kaohe.journal import models, rows
from kaohe.journal.log import Log
from kaohe.tlog.folder import write_durably

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
        LogRestored, StoreEmpty, StoreBehind, TilesDiffer, RowsDiffer: it does not.
        LogDamaged: a tile is missing.

    Source: docs/rules/log.md.
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
    published = log.folder.checkpoint()
    if published is not None:
        held = max(held, published[1].size)
    if held and (published is not None or models.Checkpoint.objects.exists()):
        raise StoreEmpty(held=held, folder=str(log.store.folder))


def _must_be_latest(log: Log, checkpoint: Checkpoint) -> None:
    """Neither the folder nor the rows know a later checkpoint, or another one of the same size."""
    folder, file = str(log.store.folder), str(log.folder.root / "checkpoint")
    published = log.folder.checkpoint()
    if published is not None:
        said = published[1]
        if said.size > checkpoint.size:
            raise StoreBehind(folder=folder, signed=checkpoint.size, published=said.size, file=file)
        if said.size == checkpoint.size and said.root != checkpoint.root:
            raise TilesDiffer(folder=str(log.folder.root), signed=checkpoint.size)
    row = models.Checkpoint.objects.order_by("-size").first()
    if row is not None and row.size > checkpoint.size:
        raise StoreBehind(folder=folder, signed=checkpoint.size, published=row.size, file=file)


def _look_at_older(log: Log, size: int) -> None:
    """Go through the next slice of older rows; begins anew at the end."""
    place = settings.HOME / "run" / _PLACE
    begin = _read(place)
    begin = begin if begin < size else 0
    end = min(begin + SLICE, size)
    _rows_must_fit(log, begin, end, size)
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
            raise RowsDiffer(index=wanted)
        wanted += 1
    if wanted < end:
        raise RowsDiffer(index=wanted)
