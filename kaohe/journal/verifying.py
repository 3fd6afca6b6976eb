"""``verify``: every row of the record against the log, and the log against its signatures.

First the log's files are checked through as a stranger would (``kaohe.tlog.fsck``).  Then each row
is held against the entries under the signed root: its bytes, the columns that repeat them, the
texts behind the commitments.  Nothing is changed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from pydantic_core import from_json

from kaohe.core.checkpoint import checkpoint_of
from kaohe.core.errors import Refusal
from kaohe.core.leaf import commitment
from kaohe.core.merkle import leaf_hash, range_hash
from kaohe.core.notes import key_of, note_of, signature_of, vouchers
from kaohe.core.problems import N_
from kaohe.core.tiles import WIDTH, Tile
from kaohe.journal import append_only, models
from kaohe.journal.log import Log
from kaohe.journal.rows import AT_ONCE, standing
from kaohe.tlog.folder import LogDamaged
from kaohe.tlog.fsck import check_log

LIMIT = 100  # findings; who has so many need not read more
CHECKPOINTS = 1000  # the latest of them are looked at
RECOVERED = "log.rows-recovered"
Progress = Callable[[int, int], None]

ALTERED = N_(
    "Index {index}: the entry in the database was altered ({column}). It says “{action}” about"
    " {subject}; what was sealed lies in the log's entries."
)
SWAPPED = N_("Index {index}: here stands the entry that was sealed with index {other}: exchanged.")
REPLACED = N_(
    "Index {index}: here stands another entry than the one that was sealed: “{action}” about"
    " {subject}."
)
MISSING = N_(
    "Index {index}: the entry was removed from the database. It said “{action}” about {subject}."
)
ADDED = N_(
    "Row {row} was added by hand: “{action}” about {subject} has no index and does not wait for"
    " one."
)
TEXT_ALTERED = N_(
    "Index {index}: the text “{name}” of “{action}” about {subject} is not the one that was"
    " recorded."
)
TEXT_MISSING = N_(
    "Index {index}: the text “{name}” of “{action}” about {subject} is gone, and no erasure is on"
    " record."
)
TEXT_ADDED = N_("Index {index}: a text “{name}” was added to “{action}” about {subject}.")
NO_TRIGGERS = N_("The database no longer protects the record: {triggers} are missing.")
CHECKPOINT_ALTERED = N_("The checkpoint of {size} entries in the database was altered.")
COSIGNATURE_ALTERED = N_(
    "The cosignature of “{name}” over the checkpoint of {size} entries was altered."
)
NOT_LAST = N_(
    "The log published {published} entries, but the last checkpoint that was signed covers {size}."
)

_AT = {
    "sqlite": "replace(substr(e.at, 1, 19), ' ', 'T') || '.'"
    " || substr(substr(e.at, 21) || '000000', 1, 6) || 'Z'",
    "postgresql": """to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""",
}
_COLUMNS = ("entry", "at", "jurisdiction", "unit", "subject", "actor", "action")
_ROWS = """
SELECT {head}, e.id, e.leaf, s.texts, e.entry, {at}, e.jurisdiction, e.unit, e.subject, e.actor,
  e.action
FROM {tables} LEFT JOIN journal_sealedtext s ON s.entry_id = e.id
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it must be: a message id with its facts."""

    sentence: str
    facts: Mapping[str, object]

    def say(self, translate: Callable[[str], str] = str) -> str:
        """The sentence in the language of ``translate``."""
        return translate(self.sentence).format_map(self.facts)


@dataclass
class Verified:
    """What a verification found.

    Attributes:
        size: entries under the last checkpoint.
        sealed: rows that have an index; pending: rows that wait for one.
        texts: texts that fit their commitments; erased: lawfully erased ones; lost: those whose
            entry was brought back from the log after the database had been restored.
        witnessed: cosignatures that hold.
        findings: all that is wrong, up to ``LIMIT``.
    """

    size: int = 0
    sealed: int = 0
    pending: int = 0
    texts: int = 0
    erased: int = 0
    lost: int = 0
    witnessed: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    def find(self, sentence: str, **facts: object) -> None:
        """Note something that is wrong."""
        if len(self.findings) < LIMIT:
            self.findings.append(Finding(sentence, facts))


def verify(log: Log, progress: Progress = lambda done, total: None) -> Verified:
    """Go through the whole record.

    Args:
        progress: told how many entries of how many were looked at (each is looked at twice).

    Raises:
        NotSigned, NoteUnsound, StoreUnreadable: there is no last checkpoint to begin with.
    """
    found = Verified()
    last = log.last()
    standing_now = standing()
    found.sealed, found.pending = standing_now.next_index, standing_now.pending
    if missing := append_only.missing(connection):
        found.find(NO_TRIGGERS, triggers=", ".join(sorted(missing)))
    if last is not None:
        found.size = last[1].size
        total = found.size + found.sealed
        checked = check_log(log.folder, log.ring.keys, lambda done, _: progress(done, total))
        for flaw in checked.flaws:
            found.find(N_("Log: {flaw}"), flaw=flaw)
        if checked.size is not None and checked.size != found.size:
            found.find(NOT_LAST, published=checked.size, size=found.size)
        _checkpoints(log, found)
    _Rows(log, found, progress).run()
    return found


class _Rows:
    """Holds the rows against the log."""

    def __init__(self, log: Log, found: Verified, progress: Progress) -> None:
        self.log, self.found, self.progress = log, found, progress
        self.erased = set(models.Erasure.objects.values_list("entry_id", "name"))
        self.recovered = _recovered()
        self.strange: list[tuple[int, bytes, dict[str, Any]]] = []  # index, hash, content

    def run(self) -> None:
        hashes: Sequence[bytes] = ()
        wanted, size = 0, self.found.size
        for row in _sealed_rows():
            index, leaf = row[0], row[2]
            while wanted < index:
                self._missing(wanted)
                wanted += 1
            if index % WIDTH == 0 or not hashes:
                hashes = self._hashes(index - index % WIDTH)
                self.progress(size + index, size + self.found.sealed)
            wanted = index + 1
            if leaf is None:
                self._missing(index)
                continue
            place = index % WIDTH
            self._row(row, hashes[place] if place < len(hashes) else None)
        for index in range(wanted, size):
            self._missing(index)
        self._tell_strange()
        self._others()

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
        content = _content(leaf)
        hashed = leaf_hash(leaf.encode())
        if wanted is not None and hashed != wanted:
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
        for name, value in zip(_COLUMNS, row[4:], strict=True):
            if get(name) != value:
                self._tell(ALTERED, index, content, column=name)

    def _texts(self, index: int | None, key: int, content: dict[str, Any], texts: Any) -> None:
        """Each text behind its commitment."""
        held = _content(texts) if isinstance(texts, str) else texts or {}
        sealed = content.get("sealed") or {}
        for name, promised in sealed.items():
            body = held.get(name)
            if body is None:
                self._gone(index, key, name, content)
            elif _commitment(name, body) == promised:
                self.found.texts += 1
            else:
                self._tell(TEXT_ALTERED, index, content, name=name)
        for name in held.keys() - sealed.keys():
            self._tell(TEXT_ADDED, index, content, name=name)

    def _gone(self, index: int | None, key: int, name: str, content: dict[str, Any]) -> None:
        if (key, name) in self.erased:
            self.found.erased += 1
        elif index is not None and any(begin <= index < end for begin, end in self.recovered):
            self.found.lost += 1
        else:
            self._tell(TEXT_MISSING, index, content, name=name)

    def _tell_strange(self) -> None:
        """Rows that are not what was sealed: exchanged, altered, or another entry altogether."""
        if not self.strange:
            return
        here = {hashed: index for index, hashed, _ in self.strange}
        wanted = {index: self._hashes(index - index % WIDTH) for index, _, _ in self.strange}
        places = {row[index % WIDTH]: index for index, row in wanted.items() if row}
        for index, hashed, content in self.strange:
            if hashed in places and here[hashed] == index:
                self.found.find(SWAPPED, index=index, other=places[hashed])
                continue
            said = self._said(index)
            same = said.get("entry") == content.get("entry")
            if same:
                column = ", ".join(name for name in sorted(said) if content.get(name) != said[name])
                self._tell(ALTERED, index, content, column=column)
            else:
                self._tell(REPLACED, index, content)

    def _said(self, index: int) -> dict[str, Any]:
        """What was sealed with an index, from the log's own entries."""
        number, place = divmod(index, WIDTH)
        width = min(WIDTH, self.found.size - number * WIDTH)
        try:
            return _content(self.log.folder.entries(number, width)[place])
        except (LogDamaged, IndexError):
            return {}

    def _missing(self, index: int) -> None:
        self._tell(MISSING, index, self._said(index))

    def _tell(self, sentence: str, index: int | None, content: dict[str, Any], **more: Any) -> None:
        self.found.find(
            sentence,
            index="—" if index is None else index,
            action=content.get("action", "?"),
            subject=content.get("subject", "?"),
            **more,
        )

    def _others(self) -> None:
        """Rows without an index: those that wait, and those that nobody recorded."""
        for row in _unsealed_rows():
            waits, key, leaf, texts = row[:4]
            content = _content(leaf)
            if not waits:
                self._tell(ADDED, None, content, row=key)
                continue
            self._columns(None, content, row)
            self._texts(None, key, content, texts)


def _content(text: str | bytes) -> dict[str, Any]:
    """What a leaf says; nothing where it is no JSON object any more."""
    try:
        found = from_json(text)  # three times as fast as the language's own reader
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _commitment(name: str, body: Any) -> str:
    try:
        return commitment(bytes.fromhex(body["salt"]), name, body["text"])
    except (KeyError, TypeError, ValueError):
        return ""


def _sealed_rows() -> Iterator[Sequence[Any]]:
    tables = "journal_position p LEFT JOIN journal_journalentry e ON e.id = p.entry_id"
    query = _ROWS.format(head='p."index"', at=_AT[connection.vendor], tables=tables)
    query += ' WHERE p."index" >= %s ORDER BY p."index" LIMIT %s'
    first = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(query, [first, AT_ONCE])
            rows = cursor.fetchall()
        yield from rows
        if len(rows) < AT_ONCE:
            return
        first = rows[-1][0] + 1


def _unsealed_rows() -> Iterator[Sequence[Any]]:
    tables = (
        "journal_journalentry e LEFT JOIN journal_position p ON p.entry_id = e.id"
        " LEFT JOIN journal_pending w ON w.entry_id = e.id"
    )
    query = _ROWS.format(head="w.entry_id", at=_AT[connection.vendor], tables=tables)
    with connection.cursor() as cursor:
        cursor.execute(query + " WHERE p.entry_id IS NULL ORDER BY e.id")
        while rows := cursor.fetchmany(AT_ONCE):
            yield from rows


def _recovered() -> list[tuple[int, int]]:
    """The ranges of indexes whose rows were brought back from the log, without their texts."""
    rows = models.JournalEntry.objects.filter(action=RECOVERED, actor="system")
    told = [from_json(leaf)["facts"] for leaf in rows.values_list("leaf", flat=True)]
    return [(int(facts["from"]), int(facts["to"])) for facts in told]


def _checkpoints(log: Log, found: Verified) -> None:
    """The checkpoints among the rows, and the witnesses' signatures over them."""
    read = log.folder.reader(found.size)
    rows = models.Checkpoint.objects.prefetch_related("cosignatures__witness")
    for row in rows.order_by("-size")[:CHECKPOINTS]:
        if not _is_checkpoint(log, row, found.size, read):
            found.find(CHECKPOINT_ALTERED, size=row.size)
        for each in row.cosignatures.all():
            if _is_cosigned(row, each):
                found.witnessed += 1
            else:
                found.find(COSIGNATURE_ALTERED, name=each.witness.name, size=row.size)


def _is_checkpoint(log: Log, row: models.Checkpoint, size: int, read: Any) -> bool:
    try:
        note = note_of(row.note.encode())
        said = checkpoint_of(note)
        signed = bool(vouchers(note, log.ring.keys))
        right = row.size <= size and range_hash(read, 0, row.size) == said.root
    except LogDamaged:  # told already, by the check of the files
        return True
    except Refusal:
        return False
    return signed and right and (said.size, said.root.hex()) == (row.size, row.root)


def _is_cosigned(row: models.Checkpoint, each: models.Cosignature) -> bool:
    try:
        note = note_of(f"{note_of(row.note.encode()).text}\n{each.line}".encode())
        return bool(vouchers(note, [key_of(each.witness.vkey)])) and bool(
            signature_of(each.line.removesuffix("\n"))
        )
    except Refusal:
        return False
