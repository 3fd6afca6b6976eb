"""What proves an entry to a stranger: its receipt, and what stands behind it."""

from dataclasses import dataclass
from datetime import datetime

from kaohe.core.checkpoint import Checkpoint, checkpoint_of
from kaohe.core.errors import Refusal
from kaohe.core.merkle import inclusion_proof, leaf_hash
from kaohe.core.notes import Note, key_of, note_of, signature_of
from kaohe.core.receipts import Policy, Proved, Receipt, prove
from kaohe.journal import models
from kaohe.journal.log import Log, is_made, open_log


@dataclass(frozen=True, slots=True)
class Seen:
    """A witness that has cosigned a checkpoint, by its own clock."""

    name: str
    vkey: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an entry is on its way to be unalterable.

    Attributes:
        index: its index; None: it waits to be sealed.
        size: of the checkpoint that covers it; None: none does yet.
        signed_at: when that was signed.
        seen_by: the witnesses that have cosigned it.
    """

    index: int | None = None
    size: int | None = None
    signed_at: datetime | None = None
    seen_by: tuple[Seen, ...] = ()


def log_keys() -> list[str]:
    """The verification keys of the log, the newest first; none while nothing was ever sealed."""
    return open_log().ring.vkeys if is_made() else []


def covering(index: int) -> models.Checkpoint | None:
    """The checkpoint by which an index is best proved: the latest that a witness has seen.

    Where no witness has seen one that covers it, the latest; None: none covers it yet.
    """
    rows = models.Checkpoint.objects.filter(size__gt=index).order_by("-size")
    return rows.filter(cosignatures__isnull=False).first() or rows.first()


def standing_of(entry: models.JournalEntry) -> Standing:
    """How far an entry is on its way."""
    position = models.Position.objects.filter(entry=entry).first()
    if position is None:
        return Standing()
    row = covering(position.index)
    if row is None:
        return Standing(position.index)
    seen = tuple(
        Seen(each.witness.name, each.witness.vkey, each.at)
        for each in row.cosignatures.select_related("witness")
    )
    return Standing(position.index, row.size, row.at, seen)


def cosigned_note(row: models.Checkpoint) -> Note:
    """A checkpoint's note with the signatures of the witnesses that have seen it."""
    note = note_of(row.note.encode())
    return with_cosignatures(note, row)


def with_cosignatures(note: Note, row: models.Checkpoint) -> Note:
    """A checkpoint's note with the cosignatures beside its row below it."""
    lines = row.cosignatures.order_by("id").values_list("line", flat=True)
    return Note(note.text, (*note.signatures, *(signature_of(line) for line in lines)))


def receipt_for(
    log: Log, entry: models.JournalEntry, *, whole: bool = True, size: int | None = None
) -> Receipt | None:
    """The receipt of an entry; None while no checkpoint covers it.

    Args:
        whole: the receipt carries the entry; else only its hash, as for print.
        size: of the checkpoint that it is to lead to; None: the one that proves best.

    Raises:
        LogDamaged: a tile is missing.
    """
    position = models.Position.objects.filter(entry=entry).first()
    if position is None:
        return None
    if size is None:
        row = covering(position.index)
    else:
        row = models.Checkpoint.objects.filter(pk=size, size__gt=position.index).first()
    if row is None:
        return None
    leaf = entry.leaf.encode()
    proof = inclusion_proof(position.index, row.size, log.folder.reader(row.size))
    extra = leaf if whole else leaf_hash(leaf)
    return Receipt(position.index, tuple(proof), cosigned_note(row), extra)


def own_policy(log: Log) -> Policy:
    """Whom this installation itself trusts: its keys and its witnesses; none of these must sign."""
    names = {}
    for row in models.Witness.objects.order_by("id"):
        names[f"w{row.pk}"] = key_of(row.vkey)
    return Policy(log.ring.keys, names, {})


@dataclass(frozen=True, slots=True)
class Verified:
    """What a fresh check of one entry found; ``refusal``: why it proves nothing."""

    proved: Proved | None
    receipt: Receipt | None
    refusal: Refusal | None = None


def verify_entry(log: Log, entry: models.JournalEntry) -> Verified:
    """Check one entry now: its row, the tiles, the path, the signatures."""
    receipt = None
    try:
        receipt = receipt_for(log, entry)
        if receipt is None:
            return Verified(None, None)
        return Verified(prove(receipt, own_policy(log), entry.leaf.encode()), receipt)
    except Refusal as refusal:
        return Verified(None, receipt, refusal)


def latest_checkpoint() -> models.Checkpoint | None:
    """The latest checkpoint that was signed."""
    return models.Checkpoint.objects.order_by("-size").first()


def checkpoint_told(row: models.Checkpoint) -> Checkpoint:
    """What a checkpoint's note says."""
    return checkpoint_of(note_of(row.note.encode()))
