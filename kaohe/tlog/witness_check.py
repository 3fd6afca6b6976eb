"""Cosigning a log that is brought on a stick, or fetched: the witness makes the proof itself."""

from kaohe.core.checkpoint import Checkpoint
from kaohe.core.errors import Conflict
from kaohe.core.merkle import consistency_proof, range_hash
from kaohe.core.notes import Note, signature_of
from kaohe.core.problems import N_
from kaohe.tlog.folder import CHECKPOINT, MISSING, LogDamaged
from kaohe.tlog.remote import Log
from kaohe.tlog.witness import UnknownLog, Witness
from kaohe.tlog.witness_request import Request


class FileDamaged(Conflict):
    """A file of the log that was brought is missing, or not what it must be."""

    code = "witness.file-damaged"
    sentence = N_(
        "The file {file} of the log in {folder}: {reason}. Nothing was cosigned. Have the log"
        " exported anew."
    )
    words = frozenset({"reason"})


class FilesDamaged(Conflict):
    """The tiles do not lead to the root of their checkpoint."""

    code = "witness.files-damaged"
    sentence = N_(
        "The files of {origin} are damaged or incomplete: they do not lead to the root of their"
        " checkpoint over {size} entries. Nothing was cosigned. Have the log exported anew."
    )


class OlderThanSeen(Conflict):
    """What was brought is older than what the witness has cosigned."""

    code = "witness.older-than-seen"
    sentence = N_(
        "What was brought of {origin} covers {size} entries, and this witness has cosigned {known}"
        " already. Nothing was cosigned. Have the log exported anew; if it has no more entries than"
        " these now, entries were taken away: keep what you have, and report it."
    )


def check(witness: Witness, log: Log) -> Note:
    """See that a log continues what the witness has cosigned; its checkpoint, cosigned.

    Raises:
        FileDamaged, FilesDamaged: files are missing or altered.
        OlderThanSeen, NotConsistent: it does not continue what was seen.
        UnknownLog, NotSignedByLog: it is not trusted.
        ClockBack, Crowded, StoreUnreadable, WitnessUnreadable: the witness cannot cosign now.
        NoteUnsound, CheckpointUnsound: there is no readable checkpoint.
        Unreachable: the log lies elsewhere, and nobody answers there.
    """
    try:
        note, checkpoint, request = _asked(witness, log)
    except LogDamaged as error:
        raise FileDamaged(**error.facts) from error
    line = witness.cosign(request, checkpoint)
    return Note(note.text, (*note.signatures, signature_of(line.removesuffix("\n"))))


def _asked(witness: Witness, log: Log) -> tuple[Note, Checkpoint, Request]:
    """What the log would ask of the witness, were there a network."""
    read = log.checkpoint()
    if read is None:
        place = getattr(log, "root", getattr(log, "url", ""))
        raise FileDamaged(file=CHECKPOINT, folder=str(place), reason=MISSING)
    note, checkpoint = read
    if not witness.home.keys_of(checkpoint.origin):
        raise UnknownLog(origin=checkpoint.origin)
    size, tiles = checkpoint.size, log.reader(checkpoint.size)
    if range_hash(tiles, 0, size) != checkpoint.root:
        raise FilesDamaged(origin=checkpoint.origin, size=size)
    known = witness.known(checkpoint.origin)
    old = known.size if known else 0
    if old > size:
        raise OlderThanSeen(origin=checkpoint.origin, size=size, known=old)
    return note, checkpoint, Request(old, tuple(consistency_proof(old, size, tiles)), note)
