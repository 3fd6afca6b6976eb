"""``verify``: every row of the record against the log, and the log against its signatures.

First the log's files are checked through as a stranger would (``kaohe.tlog.fsck``).  Then each row
is held against the entries under the signed root: its bytes, the columns that repeat them, the
texts behind the commitments.  Nothing is changed.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from django.db import connection

from kaohe.core.checkpoint import Checkpoint, checkpoint_of
from kaohe.core.errors import Refusal
from kaohe.core.leaf import commitment
from kaohe.core.merkle import leaf_hash, range_hash
from kaohe.core.notes import Note, key_of, note_of, signature_of, vouchers
from kaohe.core.tiles import WIDTH, Tile
from kaohe.journal import append_only, models
from kaohe.journal import findings as say
from kaohe.journal.bulk import no_collections
from kaohe.journal.checking import latest_signed
from kaohe.journal.findings import Finding, Verified
from kaohe.journal.held import (
    content_of,
    erasures_said,
    recovered,
    removed_waiting,
    sealed_rows,
    unsealed_rows,
    waiting_twice,
)
from kaohe.journal.log import Log
from kaohe.journal.rows import as_bytes, as_it_is, standing
from kaohe.tlog.folder import CHECKPOINT, LogDamaged, LogFolder
from kaohe.tlog.fsck import NO_CHECKPOINT, NO_ROOT, Flaw, check_log

CHECKPOINTS = 1000  # the latest of them are looked at
MANY = 10_000  # rows that are wrong; of more one need not know how they hang together
Progress = Callable[[int, int], None]
Signed = tuple[Note, Checkpoint]
_COLUMNS = ("entry", "at", "jurisdiction", "unit", "subject", "actor", "action")


@no_collections()
def verify(log: Log, progress: Progress = lambda done, total: None) -> Verified:
    """Go through the whole record.

    Args:
        progress: told how many entries of how many were looked at (each is looked at twice).

    Raises:
        NotSigned, NoteUnsound, StoreUnreadable: there is no last checkpoint to begin with.
        OtherLog: the files are of another log.
    """
    found = Verified()
    last = _last(log, found)
    found.sealed, found.pending = standing()
    if missing := append_only.missing(connection):
        found.find(say.NO_TRIGGERS, triggers=", ".join(sorted(missing)))
    if last is not None:
        found.size = last[1].size
        total = found.size + found.sealed
        signed = _Signed(log.folder, last)
        checked = check_log(signed, log.ring.keys, lambda done, _: progress(done, total))
        for flaw in checked.flaws:
            found.find(say.LOG, flaw=flaw)
        tree = _Tree(log, last[1], checked.is_sound)
        newest = log.last()  # it may have grown meanwhile
        most = newest[1].size if newest else found.size
        _published(log, found, most, tree)
        _checkpoints(log, found, most, tree)
    _Rows(log, found, progress).run()
    return found


class _Signed:
    """The log's files under the checkpoint that was signed last, be it published or not."""

    def __init__(self, folder: LogFolder, last: Signed) -> None:
        self.read, self.reader = folder.read, folder.reader
        self.hashes, self.entries = folder.hashes, folder.entries
        self.last = last

    def checkpoint(self) -> Signed | None:
        """The checkpoint that counts."""
        return self.last


class _Tree:
    """Whether earlier checkpoints are of the tree that the last one speaks of."""

    def __init__(self, log: Log, last: Checkpoint, is_sound: bool) -> None:
        self.last, self.is_sound = last, is_sound
        self.read = log.folder.reader(last.size)

    def holds(self, said: Checkpoint) -> bool:
        """Whether a checkpoint does not contradict the last one, as far as sound tiles tell."""
        if said.size == self.last.size:
            return said.root == self.last.root
        if said.size > self.last.size or not self.is_sound:
            return True
        return range_hash(self.read, 0, said.size) == said.root


def _published(log: Log, found: Verified, most: int, tree: _Tree) -> None:
    """The checkpoint that others see; the next sealing publishes the one that was not yet."""
    try:
        published = log.published()
        if published is None:
            found.find(say.LOG, flaw=Flaw(CHECKPOINT, NO_CHECKPOINT))
        elif published[1].size > most:
            found.find(say.NOT_LAST, published=published[1].size, size=found.size)
        elif not tree.holds(published[1]):
            found.find(say.LOG, flaw=Flaw(CHECKPOINT, NO_ROOT))
    except LogDamaged as damaged:
        found.find(say.LOG, flaw=Flaw(CHECKPOINT, str(damaged.facts["reason"])))


def _last(log: Log, found: Verified) -> Signed | None:
    """The last checkpoint; where the store has lost it, the latest one that is known here."""
    last = log.last()
    if last is not None:
        return last
    known = [latest_signed(log)]
    with suppress(LogDamaged):
        known.append(log.published())
    sound = [each for each in known if each is not None]
    if not sound:
        return None
    latest = max(sound, key=lambda each: each[1].size)
    found.find(say.NO_LAST, size=latest[1].size)
    return latest


class _Rows:
    """Holds the rows against the log."""

    def __init__(self, log: Log, found: Verified, progress: Progress) -> None:
        self.log, self.found, self.progress = log, found, progress
        self.said = erasures_said()
        self.recovered = recovered()
        self.gone: list[int] = []  # indexes without an entry
        self.strange: list[tuple[int, bytes, dict[str, Any]]] = []  # index, hash, content
        self.told: list[tuple[float, Finding]] = []  # in the order of the indexes in the end

    def run(self) -> None:
        wanted = self._sealed()
        if wanted < self.found.size:
            self._tell(say.BEHIND, wanted, self._said_at(wanted), size=self.found.size)
        places = self._places(range(wanted, min(self.found.size, wanted + MANY)))
        self._tell_strange(places)
        self._others(places)
        for index in self.gone:
            if len(self.told) < say.LIMIT:
                self._tell(say.MISSING, index, self._said_at(index))
        for row, name in self.said.unsaid():
            self._find(float("inf"), say.ERASURE_UNSAID, row=row, name=name)
        for _, finding in sorted(self.told, key=lambda each: each[0]):
            self.found.find(finding.sentence, **finding.facts)

    def _sealed(self) -> int:
        """Go through the rows that have an index; the next index after the last of them."""
        hashes: Sequence[bytes] = ()
        wanted, size = 0, self.found.size
        for row in sealed_rows():
            index, leaf = row[0], row[2]
            self.gone.extend(range(wanted, min(index, wanted + MANY)))
            if index % WIDTH == 0 or index != wanted:
                hashes = self._hashes(index - index % WIDTH)
                self.progress(size + index, size + self.found.sealed)
            wanted = index + 1
            if leaf is None:
                self.gone.append(index)
                continue
            place = index % WIDTH
            self._row(row, hashes[place] if place < len(hashes) else None)
        return wanted

    def _hashes(self, first: int) -> Sequence[bytes]:
        """The hashes under the signed root from a multiple of 256 on; none beyond it."""
        width = min(WIDTH, self.found.size - first)
        if width <= 0:
            return ()
        try:
            return self.log.folder.hashes(Tile(0, first // WIDTH, width))
        except LogDamaged:  # told already, by the check of the files
            return ()

    def _row(self, row: Sequence[Any], wanted: bytes | None) -> None:
        index, key, leaf, texts = row[:4]
        content = content_of(leaf)
        hashed = leaf_hash(as_bytes(leaf))
        if wanted is not None and hashed != wanted:
            if len(self.strange) < MANY:
                self.strange.append((index, hashed, content))
            return
        self._columns(index, content, row)
        if texts is not None or content.get("sealed"):
            self._texts(index, key, content, texts)

    def _columns(self, index: int | None, content: dict[str, Any], row: Sequence[Any]) -> None:
        """The columns that repeat what the entry says."""
        get = content.get
        if (
            get("entry") == row[4]
            and get("at") == row[5]
            and get("jurisdiction") == row[6]
            and get("unit") == row[7]
            and get("subject") == row[8]
            and get("actor") == row[9]
            and get("action") == row[10]
        ):
            return
        wrong = [name for name, value in zip(_COLUMNS, row[4:], strict=True) if get(name) != value]
        sentence = say.WAITING_ALTERED if index is None else say.ALTERED
        self._tell(sentence, index, content, column=", ".join(wrong), row=row[1])

    def _texts(self, index: int | None, key: int, content: dict[str, Any], texts: Any) -> None:
        """Each text behind its commitment."""
        held = content_of(texts) if isinstance(texts, str) else texts
        held = held if isinstance(held, dict) else {}
        sealed = content.get("sealed")
        sealed = sealed if isinstance(sealed, dict) else {}
        for name, promised in sealed.items():
            body = held.get(name)
            is_erased = self.said.erased(content.get("entry"), name)
            if body is None and is_erased:
                self.found.erased += 1
            elif body is None:
                self._gone(index, key, name, content)
            elif _commitment(name, body) != promised:
                self._tell_text(say.TEXT_ALTERED, index, key, name, content)
            elif is_erased:
                self._tell_text(say.TEXT_BACK, index, key, name, content)
            else:
                self.found.texts += 1
        for name in sorted(held.keys() - sealed.keys()):
            self._tell_text(say.TEXT_ADDED, index, key, name, content)

    def _gone(self, index: int | None, key: int, name: str, content: dict[str, Any]) -> None:
        if index is not None and any(begin <= index < end for begin, end in self.recovered):
            self.found.lost += 1
        else:
            self._tell_text(say.TEXT_MISSING, index, key, name, content)

    def _places(self, more: range) -> dict[bytes, int]:
        """By hash of an entry that is not in its place: the index where it should be."""
        wrong = [*self.gone[:MANY], *(index for index, _, _ in self.strange), *more]
        wanted = {index: self._hashes(index - index % WIDTH) for index in wrong}
        return {
            row[index % WIDTH]: index for index, row in wanted.items() if index % WIDTH < len(row)
        }

    def _tell_strange(self, places: dict[bytes, int]) -> None:
        """Rows that are not what was sealed: exchanged, altered, or another entry altogether."""
        for index, hashed, content in self.strange[: say.LIMIT]:
            if hashed in places:
                self._find(index, say.SWAPPED, index=index, other=places[hashed])
                continue
            said = self._said_at(index)
            if said.get("entry") == content.get("entry"):
                column = ", ".join(name for name in sorted(said) if content.get(name) != said[name])
                self._tell(say.ALTERED, index, content, column=column or "leaf")
            else:
                self._tell(say.REPLACED, index, content)

    def _others(self, places: dict[bytes, int]) -> None:
        """Rows without an index: those that wait, and those that nobody recorded."""
        for row in unsealed_rows():
            waits, key, leaf, texts = row[:4]
            content = content_of(leaf)
            if waits:
                self._columns(None, content, row)
                self._texts(None, key, content, texts)
                continue
            index = places.get(leaf_hash(as_bytes(leaf)))
            if index is None:
                self._tell(say.ADDED, None, content, row=key)
            elif index in self.gone:
                self.gone.remove(index)
                self._tell(say.NO_INDEX, index, content)
        for key, index in waiting_twice():
            self._find(index, say.WAITS_TWICE, row=key, index=index)
        for key in removed_waiting():
            self._find(float("inf"), say.WAITING_GONE, row=key)

    def _said_at(self, index: int) -> dict[str, Any]:
        """What was sealed with an index, from the log's own entries."""
        number, place = divmod(index, WIDTH)
        width = min(WIDTH, self.found.size - number * WIDTH)
        try:
            return content_of(self.log.folder.entries(number, width)[place])
        except (LogDamaged, IndexError):
            return {}

    def _tell_text(
        self, sentence: str, index: int | None, key: int, name: str, content: dict[str, Any]
    ) -> None:
        at_row = Finding(say.AT_ROW, {"row": key})
        place = at_row if index is None else Finding(say.AT_INDEX, {"index": index})
        self._tell(sentence, index, content, name=name, place=place)

    def _tell(self, sentence: str, index: int | None, content: dict[str, Any], **more: Any) -> None:
        facts = {"action": content.get("action", "?"), "subject": content.get("subject", "?")}
        order = float("inf") if index is None else index
        self._find(order, sentence, index=index, **facts, **more)

    def _find(self, order: float, sentence: str, /, **facts: Any) -> None:
        if len(self.told) < MANY:
            self.told.append((order, Finding(sentence, facts)))


def _commitment(name: str, body: Any) -> str:
    try:
        return commitment(bytes.fromhex(body["salt"]), name, body["text"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return ""


def _checkpoints(log: Log, found: Verified, most: int, tree: _Tree) -> None:
    """The checkpoints among the rows, and the witnesses' signatures over them."""
    rows = models.Checkpoint.objects.prefetch_related("cosignatures__witness")
    with as_it_is():
        latest = list(rows.order_by("-size")[:CHECKPOINTS])
    for row in latest:
        signed = _as_signed(log, row)
        if signed is None:
            found.find(say.CHECKPOINT_ALTERED, size=row.size)
            continue
        if row.size > most:
            found.find(say.DATABASE_AHEAD, known=row.size, size=found.size)
        elif not tree.holds(signed):
            found.find(say.CHECKPOINT_ALTERED, size=row.size)
        for each in row.cosignatures.all():
            if _is_cosigned(row, each):
                found.witnessed += 1
            else:
                found.find(say.COSIGNATURE_ALTERED, name=each.witness.name, size=row.size)


def _as_signed(log: Log, row: models.Checkpoint) -> Checkpoint | None:
    """What a row's note says, if the log has signed it and the row repeats it."""
    try:
        note = note_of(as_bytes(row.note))
        said = checkpoint_of(note)
        signed = bool(vouchers(note, log.ring.keys))
    except Refusal:
        return None
    return said if signed and (said.size, said.root.hex()) == (row.size, row.root) else None


def _is_cosigned(row: models.Checkpoint, each: models.Cosignature) -> bool:
    try:
        note = note_of(f"{note_of(as_bytes(row.note)).text}\n{each.line}\n".encode())
        signature_of(each.line)
        found = vouchers(note, [key_of(each.witness.vkey)])
    except Refusal:
        return False
    return bool(found) and found[0].at == int(each.at.timestamp())
