"""Asking the witnesses to cosign, and taking in what they have signed elsewhere."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction
from django.utils import timezone

from kaohe.core.checkpoint import checkpoint_of
from kaohe.core.errors import Invalid, Refusal
from kaohe.core.notes import Key, Signature, key_of, note_of, vouchers
from kaohe.core.problems import N_
from kaohe.journal import models, proofs
from kaohe.journal.log import Log
from kaohe.tlog.folder import LogFolder
from kaohe.tlog.witness_client import WitnessAt, submit


class NoCosignature(Invalid):
    """A file holds no cosignature of a witness that is known here."""

    code = "log.no-cosignature"
    sentence = N_(
        "There is no cosignature in it that could be taken in: it must be of a checkpoint of this"
        " log, by a witness that is entered here. Nothing was changed."
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking a witness; ``refusal``: why it has not cosigned."""

    witness: models.Witness
    refusal: Refusal | None = None


def ask_witnesses(log: Log) -> list[Asked]:
    """Have the latest checkpoint cosigned by each witness that can be called and has not yet.

    One that does not answer is asked again next time, from where it stands.

    Raises:
        NoRoomForLog: the checkpoint with its cosignatures could not be published.
    """
    row = proofs.latest_checkpoint()
    if row is None:
        return []
    waiting = models.Witness.objects.filter(ended_at__isnull=True, size__lt=row.size)
    found = [_ask(log, row, witness) for witness in waiting.exclude(url="")]
    if any(each.refusal is None for each in found):
        publish_cosigned(log)
    return found


def _ask(log: Log, row: models.Checkpoint, witness: models.Witness) -> Asked:
    key = key_of(witness.vkey)
    folder = LogFolder(log.folder.root)
    try:
        signature = submit(
            WitnessAt(witness.url, key), note_of(row.note.encode()), folder, witness.size
        )
    except Refusal as refusal:
        models.Witness.objects.filter(pk=witness.pk).update(
            trouble={"code": refusal.code, "facts": _plain(refusal)}, failed_at=timezone.now()
        )
        return Asked(witness, refusal)
    _keep(row, witness, key, signature)
    return Asked(witness)


def _plain(refusal: Refusal) -> dict[str, str | int]:
    return {
        name: fact if isinstance(fact, int) else str(fact) for name, fact in refusal.facts.items()
    }


@transaction.atomic
def _keep(row: models.Checkpoint, witness: models.Witness, key: Key, signature: Signature) -> None:
    """Put a cosignature beside its checkpoint; it says itself who gave it, and when."""
    note = note_of(f"{note_of(row.note.encode()).text}\n{signature.line}".encode())
    at = vouchers(note, [key])[0].at or 0
    models.Cosignature.objects.get_or_create(
        checkpoint=row,
        witness=witness,
        defaults={"line": signature.line.removesuffix("\n"), "at": datetime.fromtimestamp(at, UTC)},
    )
    models.Witness.objects.filter(pk=witness.pk, size__lte=row.size).update(
        size=row.size, seen_at=datetime.fromtimestamp(at, UTC), trouble={}, failed_at=None
    )


def publish_cosigned(log: Log) -> None:
    """Publish the latest checkpoint with the cosignatures that it has."""
    row = proofs.latest_checkpoint()
    published = log.folder.checkpoint()
    if row is not None and published is not None and published[1].size == row.size:
        log.folder.publish(proofs.cosigned_note(row))


def take_in(log: Log, content: bytes) -> list[models.Witness]:
    """Take in cosignatures that a witness gave elsewhere: a checkpoint's note with its lines.

    Returns:
        The witnesses whose signatures hold.

    Raises:
        NoteUnsound, CheckpointUnsound: it is no checkpoint, or a signature fails.
        NoCosignature: none of them is known here, or the checkpoint is not of this log.
    """
    note = note_of(content)
    checkpoint = checkpoint_of(note)
    row = models.Checkpoint.objects.filter(size=checkpoint.size, root=checkpoint.root.hex()).first()
    if row is None or checkpoint.origin != log.ring.origin:
        raise NoCosignature
    known = {key_of(witness.vkey): witness for witness in models.Witness.objects.all()}
    found = []
    for vouched in vouchers(note, known):
        lines = [
            each
            for each in note.signatures
            if (each.name, each.key_id) == (vouched.key.name, vouched.key.id)
        ]
        _keep(row, known[vouched.key], vouched.key, lines[0])
        found.append(known[vouched.key])
    if not found:
        raise NoCosignature
    publish_cosigned(log)
    return found
