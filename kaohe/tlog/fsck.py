"""A log checked through, knowing nothing but its files and the keys that one trusts.

From the top down: the signed root vouches for the right edge, a tile for those below it, the lowest
for the entries.  So a file that is wrong is named itself, and what lies beside it stays proved.  A
tile that is wrong or missing is made anew from those below, to go on.  One tile of each level is in
memory at a time.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import product
from math import prod

from kaohe.core.checkpoint import Checkpoint, checkpoint_of
from kaohe.core.errors import Invalid, Refusal
from kaohe.core.merkle import EMPTY, HASH, leaf_hash, range_hash, tree_hash
from kaohe.core.notes import ED25519, Key, Note, NoteUnsound, vouchers
from kaohe.core.problems import N_
from kaohe.core.tiles import ENTRIES, HEIGHT, WIDTH, Edge, Tile, hashes_of, unpack
from kaohe.locale import Translate
from kaohe.tlog.folder import CHECKPOINT, CUT, LogDamaged
from kaohe.tlog.remote import Log

LIMIT = 100  # problems; who finds so many need not read more
GUESSES = 1024
Progress = Callable[[int, int], None]
Row = tuple[bytes, ...]

ALTERED = N_("it was altered: its hashes are not those that the tile above it vouches for")
ALTERED_EDGE = N_("it was altered: its hashes do not lead to the root of the checkpoint")
ALTERED_ENTRY = N_("entry {index} was altered, or another stands in its place")
ALTERED_BUNDLE = N_(
    "from entry {index} on it holds other entries than it should: some are altered, missing or"
    " added"
)
UNPROVED = N_("what lies below it leads to no root that is vouched for: it is wrong too, or lost")
NO_CHECKPOINT = N_("it is missing; without it nothing can be checked")
NOT_SIGNED = N_("no trusted key of the log has signed it")
OTHER_NAME = N_("it bears the name of another log than the keys")
NOT_CHECKPOINT = N_("it is no checkpoint: it was altered or cut short")
FORGED = N_("the signature of a trusted key fails: it was altered or forged")
NO_ROOT = N_("its root is not that of the entries in the files")
NOT_EMPTY = N_("it speaks of no entries, but its root is not that of an empty log")
STRANGE = N_("it does not belong to the log; nobody vouches for it")
STALE = N_("it was left behind when the log grew, and holds other hashes or entries than it should")
NOT_CONTINUED = N_(
    "the log does not begin with what the older checkpoint covers: its history was rewritten"
)


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a file of the log.

    Attributes:
        reason: a message id.
        index: of the first entry that is wrong, where it is about entries.
    """

    file: str
    reason: str
    index: int | None = None

    def say(self, translate: Translate = str) -> str:
        """The sentence in the language of ``translate``."""
        reason = translate(self.reason).format(index=self.index)
        return translate(N_("{file}: {reason}")).format(file=self.file, reason=reason)


@dataclass
class Checked:
    """What a check has found.

    Attributes:
        size: how many entries the checkpoint speaks of; None: it cannot be read.
        flaws: all that is wrong, in the order of the entries, up to ``LIMIT``.
        more: whether the check ended at the limit.
        ahead: files beyond the checkpoint, from a sealing under way or broken off; no flaw.
    """

    size: int | None = None
    flaws: list[Flaw] = field(default_factory=list)
    more: bool = False
    ahead: int = 0

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.flaws


class _Enough(Exception):
    """The limit of problems is reached."""


class _Hopeless(Exception):
    """The checkpoint is forged, and the files lead elsewhere: nothing says what is right."""


def check_log(
    log: Log, keys: Iterable[Key], progress: Progress | None = None, since: Note | None = None
) -> Checked:
    """Check a log through: signature, root, every tile, every entry.

    Args:
        keys: the log's verification keys that one trusts.
        progress: told how many entries of how many were checked.
        since: an older checkpoint of the same log, signed by one of the keys, with which the log
            must still begin.

    Raises:
        Unreachable: the log lies elsewhere, and nobody answers there.
        NoteUnsound, CheckpointUnsound: ``since`` is no signed checkpoint.
    """
    found = Checked()
    try:
        _Check(log, tuple(keys), found, progress or _silent).run(since)
    except _Enough:
        found.more = True
    except _Hopeless:
        found.size = None
    return found


def _silent(_done: int, _size: int) -> None:
    pass


class _Check:
    def __init__(self, log: Log, keys: tuple[Key, ...], found: Checked, progress: Progress) -> None:
        self.log, self.keys, self.found, self.progress = log, keys, found, progress
        self.size, self.done, self.forged = 0, 0, False

    def flaw(self, file: str, reason: str, index: int | None = None) -> None:
        self.found.flaws.append(Flaw(file, reason, index))
        if len(self.found.flaws) >= LIMIT:
            raise _Enough

    def run(self, since: Note | None) -> None:
        checkpoint = self._checkpoint()
        if checkpoint is None:
            return
        self.found.size = self.size = checkpoint.size
        if checkpoint.size == 0:
            if checkpoint.root != EMPTY:
                self.flaw(CHECKPOINT, NOT_EMPTY)
            return
        rows = self._edge(checkpoint.root)
        for level in reversed(range(len(rows))):
            self._below(level, self.size // WIDTH ** (level + 1), rows[level])
        if since is not None:
            self._continues(since)

    def _checkpoint(self) -> Checkpoint | None:
        try:
            read = self.log.checkpoint()
        except Invalid:
            self.flaw(CHECKPOINT, NOT_CHECKPOINT)
            return None
        except LogDamaged as error:
            self.flaw(CHECKPOINT, str(error.facts["reason"]))
            return None
        if read is None:
            self.flaw(CHECKPOINT, NO_CHECKPOINT)
            return None
        note, checkpoint = read
        try:
            signers = [each.key for each in vouchers(note, self.keys) if each.key.kind == ED25519]
        except NoteUnsound:
            self.forged = True
            self.flaw(CHECKPOINT, FORGED)
            return checkpoint
        if not signers:
            self.flaw(CHECKPOINT, NOT_SIGNED)
        elif checkpoint.origin not in {key.name for key in signers}:
            self.flaw(CHECKPOINT, OTHER_NAME)
        return checkpoint

    # ── the right edge ────────────────────────────────────────────────────────────────────────────
    def _edge(self, root: bytes) -> list[Row]:
        """For each level the hashes of its partial tile, proved by the root where they can be."""
        tiles, level = [], 0
        while there := self.size >> HEIGHT * level:
            tiles.append(Tile(level, there // WIDTH, there % WIDTH))
            level += 1
        read = [self._read(tile) if tile.width else () for tile in tiles]
        held = [row if isinstance(row, tuple) else None for row in read]
        if all(row is not None for row in held) and _root(self.size, held) == root:
            return [row or () for row in held]
        made = [self._made(tile) if tile.width else () for tile in tiles]
        options: list[list[Row | None]] = [
            [row for row in dict.fromkeys((old, new)) if row is not None] or [None]
            for old, new in zip(held, made, strict=True)
        ]
        chosen = next((each for each in product(*options) if _root(self.size, each) == root), None)
        if chosen is None and self.forged:
            raise _Hopeless
        if chosen is None:
            self._name_edge(tiles, read, [None] * len(tiles), UNPROVED)
            self.flaw(CHECKPOINT, NO_ROOT)
            return [old or new or () for old, new in zip(held, made, strict=True)]
        self._name_edge(tiles, read, chosen, ALTERED_EDGE)
        return [row or () for row in chosen]

    def _name_edge(
        self,
        tiles: Sequence[Tile],
        read: Sequence[object],
        right: Sequence[Row | None],
        reason: str,
    ) -> None:
        for tile, row, wanted in zip(tiles, read, right, strict=True):
            if isinstance(row, str):
                self.flaw(tile.path, row)
            elif wanted is not None and row != wanted:
                self.flaw(tile.path, reason)

    # ── tiles and entries ─────────────────────────────────────────────────────────────────────────
    def _below(self, level: int, number: int, row: Sequence[bytes]) -> None:
        """Check what lies below the hashes of a tile, which are proved."""
        if level == 0:
            self._bundle(number, row)
            return
        for place, expected in enumerate(row):
            tile = Tile(level - 1, number * WIDTH + place)
            below = self._tile(tile, expected)
            if below is not None:
                self._below(tile.level, tile.number, below)

    def _tile(self, tile: Tile, expected: bytes) -> Row | None:
        """The hashes of a full tile; made anew where the file is wrong; None: they are unknown."""
        read = self._read(tile)
        if isinstance(read, tuple) and tree_hash(read) == expected:
            return read
        self.flaw(tile.path, read if isinstance(read, str) else ALTERED)
        made = self._made(tile)
        if made is not None and tree_hash(made) != expected and tile.level:
            made = self._made_of_either(tile, expected) or made
        if made is not None and tree_hash(made) == expected:
            return made
        self.flaw(tile.path, UNPROVED)
        return read if isinstance(read, tuple) else made

    def _made_of_either(self, tile: Tile, expected: bytes) -> Row | None:
        """The hashes of a tile where some below it are wrong too: of each what leads to the root.

        A tile below and what lies below that mostly agree; where they do not, both are tried.
        """
        options: list[list[bytes]] = []
        for place in range(tile.width):
            below = Tile(tile.level - 1, tile.number * WIDTH + place)
            rows = (self._read(below), self._made(below))
            options.append(list({tree_hash(row): 0 for row in rows if isinstance(row, tuple)}))
        if prod(map(len, options)) > GUESSES:
            return None
        return next((each for each in product(*options) if tree_hash(each) == expected), None)

    def _read(self, tile: Tile) -> Row | str:
        """The hashes of a tile's file, or why there are none."""
        try:
            content = self.log.read(tile)
        except LogDamaged as error:
            return str(error.facts["reason"])
        if len(content) % HASH or len(content) < tile.width * HASH or len(content) > WIDTH * HASH:
            return CUT
        return tuple(hashes_of(content)[: tile.width])

    def _made(self, tile: Tile) -> Row | None:
        """The hashes of a tile from the files one level below; None: one of these is no use."""
        if tile.level == 0:
            entries = self._entries(Tile(ENTRIES, tile.number, tile.width))
            if isinstance(entries, str):
                return None
            return tuple(map(leaf_hash, entries[: tile.width]))
        hashes = []
        for place in range(tile.width):
            below = Tile(tile.level - 1, tile.number * WIDTH + place)
            row: Row | str | None = self._read(below)
            if isinstance(row, str):
                row = self._made(below)
            if row is None:
                return None
            hashes.append(tree_hash(row))
        return tuple(hashes)

    def _entries(self, bundle: Tile) -> list[bytes] | str:
        try:
            found = unpack(self.log.read(bundle))
        except LogDamaged as error:
            return str(error.facts["reason"])
        except ValueError:
            return CUT
        return found if bundle.width < WIDTH else found[: WIDTH + 1]

    def _bundle(self, number: int, row: Sequence[bytes]) -> None:
        if not row:
            return
        bundle = Tile(ENTRIES, number, len(row))
        entries = self._entries(bundle)
        if isinstance(entries, str):
            self.flaw(bundle.path, entries, bundle.first)
        else:
            self._compare(bundle, entries, row)
        self.done += len(row)
        self.progress(self.done, self.size)

    def _compare(self, bundle: Tile, entries: list[bytes], row: Sequence[bytes]) -> None:
        hashed = [sha256(b"\x00" + each).digest() for each in entries[: len(row)]]
        too_many = bundle.width == WIDTH and len(entries) > WIDTH
        if hashed == list(row) and not too_many:
            return
        wrong = [place for place, (a, b) in enumerate(zip(hashed, row, strict=False)) if a != b]
        first = wrong[0] if wrong else len(hashed)
        counts = len(hashed) == len(row) and not too_many
        reason = ALTERED_ENTRY if counts and len(wrong) == 1 else ALTERED_BUNDLE
        self.flaw(bundle.path, reason, bundle.first + first)

    def _continues(self, since: Note) -> None:
        """See that the log begins with what an older checkpoint covers."""
        older = checkpoint_of(since)
        signers = {each.key.name for each in vouchers(since, self.keys)}
        if older.origin not in signers:
            raise NoteUnsound(reason=NOT_SIGNED)
        try:
            begins = older.size <= self.size and older.root == range_hash(
                self.log.reader(self.size), 0, older.size
            )
        except Refusal:
            return  # the tile that is missing was named
        if not begins:
            self.flaw(CHECKPOINT, NOT_CONTINUED)


def _root(size: int, rows: Sequence[Row | None]) -> bytes:
    return b"" if None in rows else Edge(size, [list(row or ()) for row in rows]).root()
