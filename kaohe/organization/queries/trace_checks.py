"""Checking one entry now, step by step: row, texts, hash, path, signature, witnesses."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kaohe.core.checkpoint import Checkpoint, checkpoint_of
from kaohe.core.errors import Refusal
from kaohe.core.leaf import commitment, instant
from kaohe.core.merkle import includes, leaf_hash
from kaohe.core.notes import Vouched
from kaohe.core.problems import N_
from kaohe.core.receipts import Receipt, who_signed
from kaohe.core.tiles import WIDTH, Tile
from kaohe.journal.log import Log, is_made, open_log
from kaohe.journal.models import Erasure, JournalEntry, Witness
from kaohe.journal.proofs import own_policy, receipt_for

REPEATED = ("entry", "jurisdiction", "unit", "subject", "actor", "action")  # columns beside a leaf
Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked.

    ``holds``: None where it could not be looked at yet.  ``words`` and ``sentence`` are message
    ids; the sentence has ``facts``.  ``refusal``: what stood in the way, and says so itself.
    """

    words: str
    holds: bool | None
    sentence: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    refusal: Refusal | None = None

    def say(self, translate: Translate = str) -> str:
        """What was found, in the language of ``translate``."""
        if self.refusal is not None:
            return self.refusal.say(translate)
        return translate(self.sentence).format_map(self.facts)


_ROW, _TEXTS, _HASH = N_("Row in the database"), N_("Names and texts"), N_("Leaf hash")
_PATH, _SIGNED, _SEEN = N_("Path to the root"), N_("Signature of the log"), N_("Witnesses")


def checks_of(row: JournalEntry) -> list[Check]:
    """Every check of one entry, in the order in which they build on one another."""
    found = [_row(row), _texts(row)]
    try:
        found += _sealed(row)
    except Refusal as refusal:
        found.append(Check(_HASH, False, refusal=refusal))
    return found


def _row(row: JournalEntry) -> Check:
    """The columns by which an entry is found say what its bytes say."""
    try:
        content = json.loads(row.leaf)
        differing = [name for name in REPEATED if content[name] != getattr(row, name)]
        if content["at"] != instant(row.at):
            differing.append("at")
    except (ValueError, KeyError, TypeError):
        differing = ["leaf"]
    if differing:
        sentence = N_("differs from the bytes that bind: {columns}")
        return Check(_ROW, False, sentence, {"columns": ", ".join(differing)})
    return Check(_ROW, True, N_("says what the bytes say"))


def _texts(row: JournalEntry) -> Check:
    """Each name and free text is the one that the entry is bound to; erased ones are on record."""
    try:
        bound: Mapping[str, str] = json.loads(row.leaf)["sealed"]
    except (ValueError, KeyError, TypeError):
        return Check(_TEXTS, None, N_("the bytes cannot be read"))
    body = getattr(row, "sealed", None)
    texts = {} if body is None else body.texts
    erased = set(Erasure.objects.filter(entry=row).values_list("name", flat=True))
    altered = [name for name in texts if not _fits(bound, name, texts[name])]
    lost = [name for name in bound if name not in texts and name not in erased]
    if altered or lost:
        sentence = N_("altered, or gone without an erasure on record: {names}")
        return Check(_TEXTS, False, sentence, {"names": ", ".join(sorted({*altered, *lost}))})
    if not bound:
        return Check(_TEXTS, True, N_("the entry holds none"))
    gone = sum(name in erased for name in bound if name not in texts)
    sentence = N_("as they were sealed: {held}; lawfully erased: {gone}")
    return Check(_TEXTS, True, sentence, {"held": len(bound) - gone, "gone": gone})


def _fits(bound: Mapping[str, str], name: str, told: Mapping[str, str]) -> bool:
    try:
        return bound.get(name) == commitment(bytes.fromhex(told["salt"]), name, told["text"])
    except (KeyError, ValueError, TypeError):
        return False


def _sealed(row: JournalEntry) -> Iterator[Check]:
    """What the log says of the entry."""
    log = open_log() if is_made() else None
    receipt = receipt_for(log, row) if log else None
    if log is None or receipt is None:
        sentence = N_("not sealed yet; this is done within a minute")
        yield from (Check(words, None, sentence) for words in (_HASH, _PATH, _SIGNED, _SEEN))
        return
    checkpoint = checkpoint_of(receipt.note)
    yield _hash(log, receipt, checkpoint)
    yield _path(receipt, checkpoint, row)
    yield from _signatures(log, receipt, checkpoint)


def _hash(log: Log, receipt: Receipt, checkpoint: Checkpoint) -> Check:
    number, place = divmod(receipt.index, WIDTH)
    width = min(WIDTH, checkpoint.size - number * WIDTH)
    there = log.folder.hashes(Tile(0, number, width))[place]
    if there == leaf_hash(receipt.extra):
        sentence = N_("the bytes give the hash that lies in the log at index {index}")
        return Check(_HASH, True, sentence, {"index": receipt.index})
    sentence = N_("another entry was sealed at index {index}: the row was altered or exchanged")
    return Check(_HASH, False, sentence, {"index": receipt.index})


def _path(receipt: Receipt, checkpoint: Checkpoint, row: JournalEntry) -> Check:
    size, root = checkpoint.size, checkpoint.root
    leaf = leaf_hash(row.leaf.encode())
    if includes(leaf, receipt.index, size, receipt.proof, root):
        sentence = N_("{steps} hashes lead from it to the root over {size} entries")
        return Check(_PATH, True, sentence, {"steps": len(receipt.proof), "size": size})
    sentence = N_("does not lead to the root over {size} entries")
    return Check(_PATH, False, sentence, {"size": size})


def _signatures(log: Log, receipt: Receipt, checkpoint: Checkpoint) -> Iterator[Check]:
    try:
        signed, seen = who_signed(receipt.note, checkpoint, own_policy(log))
    except Refusal as refusal:
        yield Check(_SIGNED, False, refusal=refusal)
        yield Check(_SEEN, None, N_("not looked at, since the signature does not hold"))
        return
    ids = ", ".join(each.key.id.hex() for each in signed)
    yield Check(_SIGNED, True, N_("holds, by key {ids}"), {"ids": ids})
    yield _witnesses(seen)


def _witnesses(seen: Sequence[Vouched]) -> Check:
    if not seen:
        return Check(_SEEN, None, N_("none has cosigned it yet"))
    names = dict(Witness.objects.values_list("vkey", "name"))
    told = ", ".join(names.get(each.key.vkey, each.key.name) for each in seen)
    return Check(_SEEN, True, N_("cosigned by {names}"), {"names": told})
