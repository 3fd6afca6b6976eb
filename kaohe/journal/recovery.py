"""When database, files and last checkpoint do not fit one another: what brings them together again.

None of these deeds signs anything that contradicts what was signed before; each is put on record.
"""

import contextlib
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from kaohe.core.checkpoint import Checkpoint, checkpoint_of
from kaohe.core.errors import Conflict, Refusal
from kaohe.core.leaf import Event, Fact
from kaohe.core.merkle import leaf_hash
from kaohe.core.notes import NOTE_LIMIT, Note, note_of, vouchers
from kaohe.core.problems import N_
from kaohe.core.tiles import WIDTH, Edge, tiles_of
from kaohe.journal import models, rows, sealing
from kaohe.journal.bulk import insert_all
from kaohe.journal.checking import RowsDiffer, latest_signed
from kaohe.journal.cosigning import take_in
from kaohe.journal.erasing import ERASED, erase_again
from kaohe.journal.held import RECOVERED
from kaohe.journal.log import Log, alone, is_made, open_log
from kaohe.journal.services import append
from kaohe.tlog.folder import LogDamaged, LogFolder
from kaohe.tlog.remote_call import Caller

ADOPTED = "log.checkpoint-adopted"
REQUEUED = "log.entries-requeued"
BATCH = 2048  # rows brought back at one time
PATIENCE = 5.0  # seconds that a witness gets to answer


class NothingToRecover(Conflict):
    """The database holds all that the log has signed."""

    code = "log.nothing-to-recover"
    sentence = N_(
        "The database holds all {signed} entries that the log has signed; nothing was changed."
    )


class CopyUnfit(Conflict):
    """The entries of a copy of the log are not those that were signed."""

    code = "log.copy-unfit"
    sentence = N_(
        "The entries in {folder} do not give the root that was signed over {signed} entries."
        " Nothing was changed. Use another copy of the log: an export, or the folder of a witness."
    )


class NotNewer(Conflict):
    """The checkpoint to be adopted is older than the last one."""

    code = "log.not-newer"
    sentence = N_(
        "This checkpoint covers {offered} entries, but {signed} have been signed already. Nothing"
        " was changed. Look for the newest one that anybody holds."
    )


class UnknownSigner(Conflict):
    """No key of this log has signed the checkpoint that is offered."""

    code = "log.unknown-signer"
    sentence = N_(
        "No key of {origin} has signed this checkpoint: it is of another log, or was signed with a"
        " key that is not in this installation's keys. Nothing was changed."
    )


class NothingKnown(Conflict):
    """The database holds no checkpoint."""

    code = "log.nothing-known"
    sentence = N_(
        "The database holds no checkpoint that this log has signed. Nothing was changed. Give the"
        " file of one that a witness or somebody else has kept: kaohe journal adopt FILE"
    )


class Contradicts(Conflict):
    """The checkpoint to be adopted says otherwise than one of the same size."""

    code = "log.contradicts"
    sentence = N_(
        "Another checkpoint of {signed} entries is known here, and both bear this log's signature:"
        " two histories were signed. Nothing was changed. Keep both files, stop sealing"
        " (KAOHE_SEAL=off) and find out with the witnesses which one they have seen."
    )


class TilesBeyond(Conflict):
    """The folder of the log tells of more entries than the database knows to be signed."""

    code = "log.tiles-beyond"
    sentence = N_(
        "The database knows a checkpoint of {signed} entries, but {folder} holds tiles of {there}:"
        " more was signed later, or a sealing was cut off. Nothing was changed. Ask every witness"
        " for the newest checkpoint and run: kaohe journal adopt FILE"
    )


class RowsUnfit(Conflict):
    """The rows do not give the root of a checkpoint."""

    code = "log.rows-unfit"
    sentence = N_(
        "The rows of the database do not give the root that was signed over {signed} entries: some"
        " were altered, removed or exchanged. Nothing was changed. Run: kaohe journal verify"
    )


def rebuild(log: Log) -> Checkpoint | None:
    """Make all tiles anew from the rows, if these give the root that was signed last.

    Raises:
        RowsUnfit: they do not; no file was touched.
        RowMissing: a row is missing.
    """
    with alone():
        last = log.last()
        log.must_be_here()
        if last is None:
            return None
        note, checkpoint = last
        if _root_of_rows(checkpoint.size) != checkpoint.root:
            raise RowsUnfit(signed=checkpoint.size)
        _write_anew(log, checkpoint.size)
        sealing.publish(log, note)
        return checkpoint


def _write_anew(log: Log, size: int) -> None:
    """All tiles and bundles from the rows; partial ones of other sizes go."""
    sealing.write_tiles(log, Edge(), [size])
    log.folder.keep_only(tiles_of(size))


def _root_of_rows(size: int) -> bytes:
    edge = Edge()
    for index, leaf in rows.leaves(0, size):
        if index != edge.size or leaf is None:
            raise sealing.RowMissing(index=edge.size)
        edge.add(leaf_hash(leaf))
    if edge.size != size:
        raise sealing.RowMissing(index=edge.size)
    return edge.root()


def adopt(log: Log, content: bytes | None) -> Checkpoint:
    """Take a checkpoint that somebody else has kept as the last one that this log has signed.

    For an installation that was moved, or lost its store.  Witnesses that can be called are asked
    whether they have seen a newer one; for all others the operator answers.

    Args:
        content: its note; None: the latest one that the database holds.

    Raises:
        NoteUnsound, CheckpointUnsound: it is none, or was altered.
        UnknownSigner: no key of this log has signed it.
        NothingKnown: the database holds none.
        NotNewer: it is older than the last one known here, or to a witness.
        Contradicts: it contradicts one that is known here, or to a witness.
        TilesBeyond: none was given, and the folder holds tiles beyond what the database knows.
        RowsUnfit: the rows up to there are others.
        OtherLog: the log's folder holds another log.
    """
    with alone():
        note, checkpoint = _offered(log, content)
        log.must_be_here()
        known = log.store.last(log.ring.origin)
        held = rows.standing().next_index
        for other in (*_known(log, known), *_witnessed(log)):
            _must_follow(checkpoint, other, held)
        if content is None:
            _must_be_all(log, checkpoint)
        fits = held >= checkpoint.size
        if fits and _root_of_rows(checkpoint.size) != checkpoint.root:
            raise RowsUnfit(signed=checkpoint.size)
        if fits:
            _write_anew(log, checkpoint.size)
        sealing.sign(log, note_of(known.encode()) if known else None, note)
        if fits:
            sealing.publish(log, note)
        with transaction.atomic():
            facts: dict[str, Fact] = {"size": checkpoint.size, "root": checkpoint.root.hex()}
            append(Event(ADOPTED, f"log:{log.ring.origin}", facts=facts), by=None)
        return checkpoint


def _offered(log: Log, content: bytes | None) -> tuple[Note, Checkpoint]:
    """The checkpoint to be adopted, with the signatures of this log alone."""
    if content is None:
        found = latest_signed(log)
        if found is None:
            raise NothingKnown
        return found
    offered = note_of(content)
    checkpoint = checkpoint_of(offered)
    if checkpoint.origin != log.ring.origin or not vouchers(offered, log.ring.keys):
        raise UnknownSigner(origin=log.ring.origin)
    own = tuple(each for each in offered.signatures if each.name == log.ring.origin)
    return Note(offered.text, own), checkpoint


def _known(log: Log, stored: str | None) -> Iterator[Checkpoint]:
    """What is known here to be signed: the last one, the published one, the rows' latest."""
    if stored is not None:
        yield checkpoint_of(note_of(stored.encode()))
    with contextlib.suppress(LogDamaged):
        published = log.published()
        if published is not None:
            yield published[1]
    row = latest_signed(log)
    if row is not None:
        yield row[1]


def _witnessed(log: Log) -> Iterator[Checkpoint]:
    """What witnesses have cosigned last, as far as they answer."""
    name = sha256(log.ring.origin.encode()).hexdigest()
    for row in models.Witness.objects.filter(ended_at__isnull=True).exclude(url=""):
        with contextlib.suppress(Refusal):  # away, or without an answer that could be believed
            url = f"{row.url.rstrip('/')}/{name}/checkpoint"
            note = note_of(Caller(seconds=PATIENCE).call(url, limit=NOTE_LIMIT).body)
            if vouchers(note, log.ring.keys):
                yield checkpoint_of(note)


def _must_be_all(log: Log, checkpoint: Checkpoint) -> None:
    """See that nothing in the log's folder speaks of more entries than a checkpoint covers."""
    lowest = [tile for tile in log.folder.tiles() if tile.level == 0]
    there = max((tile.first + tile.width for tile in lowest), default=0)
    if there > checkpoint.size:
        raise TilesBeyond(folder=str(log.folder.root), there=there, signed=checkpoint.size)


def _must_follow(offered: Checkpoint, known: Checkpoint, held: int) -> None:
    """See that a checkpoint continues another, as far as the rows can tell."""
    if known.size > offered.size:
        raise NotNewer(offered=offered.size, signed=known.size)
    if known.size == offered.size:
        if known.root != offered.root:
            raise Contradicts(signed=known.size)
    elif held >= known.size and _root_of_rows(known.size) != known.root:
        raise RowsUnfit(signed=known.size)


def entries_to_recover() -> int:
    """How many entries the log has signed that the database does not hold.

    Raises:
        KeysUnreadable, NotSigned, StoreUnreadable: the last checkpoint cannot be asked.
    """
    last = open_log().last() if is_made() else None
    return max(last[1].size - rows.standing().next_index, 0) if last else 0


def recover(log: Log, copy: LogFolder) -> tuple[int, int]:
    """Bring back the entries that were sealed after a backup, from the log's own bundles.

    What they tell was done is known again; the rows of the platform that they speak of are as the
    backup had them, and so are the texts: those that came later are lost, and those that were
    lawfully erased later are erased again.

    Args:
        copy: a folder of the log that holds them.

    Returns:
        From which index to before which one.

    Raises:
        NothingToRecover: nothing is missing.
        CopyUnfit: the copy's entries are not those that were signed.
        RowsDiffer: the rows that are there do not begin the log.
        LogDamaged: a bundle is missing.
    """
    with alone():
        last = log.last()
        log.must_be_here()
        held = rows.standing().next_index
        if last is None or held >= last[1].size:
            raise NothingToRecover(signed=last[1].size if last else 0)
        note, checkpoint = last
        _must_begin_the_log(copy, held, checkpoint)
        with transaction.atomic():
            for index in range(held, checkpoint.size, BATCH):
                end = min(index + BATCH, checkpoint.size)
                for row in _bring_back(copy, index, end, checkpoint.size):
                    if row.action == ERASED:
                        erase_again(row)
            facts = {"from": held, "to": checkpoint.size}
            append(Event(RECOVERED, f"log:{log.ring.origin}", facts=facts), by=None)
        if copy.root != log.folder.root:
            _write_anew(log, checkpoint.size)
        _take_in_cosignatures(log, note)
        sealing.publish(log, note)
        return held, checkpoint.size


def _take_in_cosignatures(log: Log, note: Note) -> None:
    """Witnesses that have cosigned the last checkpoint did so after the backup; keep that."""
    with contextlib.suppress(Refusal):
        published = log.published()
        if published is not None and published[0].text == note.text:
            sealing.keep(note)
            take_in(log, published[0].content.encode())


def requeue(log: Log) -> int:
    """Let entries wait that have no index and do not wait, and put that on record.

    Nobody can tell whether such an entry was added by hand or its place in the line was taken away;
    sealed it is seen by everybody, and the entry beside it says what was done.

    Returns:
        How many there were.
    """
    with alone(), transaction.atomic():
        count = rows.let_wait()
        if count:
            append(Event(REQUEUED, f"log:{log.ring.origin}", facts={"count": count}), by=None)
        return count


def _must_begin_the_log(copy: LogFolder, held: int, checkpoint: Checkpoint) -> None:
    """The copy's entries give the signed root, and the rows are the first of them."""
    edge = Edge()
    mine = rows.leaves(0, held)
    for index, entry in enumerate(_entries(copy, 0, checkpoint.size, checkpoint.size)):
        hashed = leaf_hash(entry)
        edge.add(hashed)
        if index < held:
            place, leaf = next(mine, (None, None))
            if place != index or leaf is None or leaf_hash(leaf) != hashed:
                raise RowsDiffer(index=index)
    if edge.root() != checkpoint.root:
        raise CopyUnfit(folder=str(copy.root), signed=checkpoint.size)


def _entries(copy: LogFolder, begin: int, end: int, size: int) -> Iterator[bytes]:
    for number in range(begin // WIDTH, -(-end // WIDTH)):
        first = number * WIDTH
        entries = copy.entries(number, min(WIDTH, size - first))
        yield from entries[max(begin - first, 0) : end - first]


def _bring_back(copy: LogFolder, begin: int, end: int, size: int) -> Sequence[models.JournalEntry]:
    """Rows for the entries of some indexes; those that waited when the backup was made have one."""
    leaves = [entry.decode() for entry in _entries(copy, begin, end, size)]
    told = [json.loads(leaf) for leaf in leaves]
    there = {
        row.entry: row
        for row in models.JournalEntry.objects.filter(entry__in=[each["entry"] for each in told])
    }
    new = [
        _row(content, leaf)
        for content, leaf in zip(told, leaves, strict=True)
        if content["entry"] not in there
    ]
    insert_all(new)
    there.update({row.entry: row for row in new})
    entries = [there[content["entry"]] for content in told]
    for place, (row, leaf) in enumerate(zip(entries, leaves, strict=True)):
        if row.leaf != leaf:
            raise RowsDiffer(index=begin + place)
    insert_all(
        [models.Position(index=begin + place, entry=row) for place, row in enumerate(entries)]
    )
    models.Pending.objects.filter(entry__in=entries).delete()
    return entries


def _row(content: dict[str, Any], leaf: str) -> models.JournalEntry:
    return models.JournalEntry(
        entry=content["entry"],
        at=datetime.fromisoformat(content["at"]),
        jurisdiction=content["jurisdiction"],
        unit=content["unit"],
        subject=content["subject"],
        actor=content["actor"],
        action=content["action"],
        leaf=leaf,
    )
