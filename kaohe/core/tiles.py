"""The log as tiles: names of files, the bundles of entries, and the right edge of a growing tree.

C2SP tlog-tiles: a tile holds 256 hashes, those of complete subtrees of 256^level leaves each; a
bundle holds the entries of a tile of level 0.  The last tile of a level may be partial.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kaohe.core.leaf import LIMIT
from kaohe.core.merkle import EMPTY, HASH, Reader, node_hash, tree_hash

HEIGHT, WIDTH = 8, 256
ENTRIES = -1  # the "level" of bundles
TOP = 63  # the highest level that has a name
_NAME = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<groups>(?:x[0-9]{3}/){0,6})(?P<last>[0-9]{3})"
    r"(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """One file of the log: ``level`` 0 to 63 (``ENTRIES``: a bundle), its number, its width."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Its name within the log.

        >>> Tile(0, 1234067).path
        'tile/0/x001/x234/067'
        >>> Tile(ENTRIES, 273, 112).path
        'tile/entries/273.p/112'
        """
        groups, rest = [f"{self.number % 1000:03}"], self.number // 1000
        while rest:
            groups.append(f"x{rest % 1000:03}")
            rest //= 1000
        level = "entries" if self.level == ENTRIES else str(self.level)
        partial = f".p/{self.width}" if self.width < WIDTH else ""
        return f"tile/{level}/{'/'.join(reversed(groups))}{partial}"

    @property
    def first(self) -> int:
        """The first leaf below it."""
        return self.number << HEIGHT * (max(self.level, 0) + 1)


def tile_of(path: str) -> Tile | None:
    """The tile of a name; None where it is none, or not the one way to write it.

    >>> tile_of("tile/0/x001/x234/067")
    Tile(level=0, number=1234067, width=256)
    >>> tile_of("tile/0/x000/067") is None
    True
    """
    match = _NAME.fullmatch(path)
    if match is None:
        return None
    level = ENTRIES if match["level"] == "entries" else int(match["level"])
    number = int(match["groups"].replace("x", "").replace("/", "") + match["last"])
    found = Tile(level, number, int(match["width"] or WIDTH))
    return found if level <= TOP and found.path == path else None


def tiles_of(size: int, since: int = 0) -> Iterator[Tile]:
    """The tiles and bundles of a log of ``size`` entries that one of ``since`` entries had not.

    Lowest level first; a bundle beside each tile of level 0.

    Source: docs/rules/log.md, L-3.
    """
    level, hashes, before = 0, size, since
    while hashes:
        full, width = divmod(hashes, WIDTH)
        begin = before // WIDTH
        for number in range(begin, full + (width > before % WIDTH or (full > begin and width > 0))):
            tile = Tile(level, number, WIDTH if number < full else width)
            if level == 0:
                yield Tile(ENTRIES, number, tile.width)
            yield tile
        level, hashes, before = level + 1, full, before // WIDTH


def pack(entries: Iterable[bytes]) -> bytes:
    """A bundle: each entry behind its length of two bytes, the higher first.

    Raises:
        ValueError: an entry is longer than that can say.
    """
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > LIMIT:
            raise ValueError(f"an entry of {len(entry)} bytes; {LIMIT} is most")
        parts += (len(entry).to_bytes(2, "big"), entry)
    return b"".join(parts)


def unpack(bundle: bytes) -> list[bytes]:
    """The entries of a bundle.

    Raises:
        ValueError: it ends within an entry.
    """
    found: list[bytes] = []
    place = 0
    while place < len(bundle):
        end = place + 2 + int.from_bytes(bundle[place : place + 2], "big")
        if end > len(bundle):
            raise ValueError(f"the bundle ends within entry {len(found)}")
        found.append(bundle[place + 2 : end])
        place = end
    return found


def hashes_of(content: bytes) -> list[bytes]:
    """The hashes of a tile.

    Raises:
        ValueError: it ends within a hash.
    """
    if len(content) % HASH:
        raise ValueError(f"a tile of {len(content)} bytes ends within a hash")
    return [content[place : place + HASH] for place in range(0, len(content), HASH)]


def first_hashes(content: bytes, width: int) -> tuple[bytes, ...]:
    """The first ``width`` hashes of a tile, which may be wider.

    Raises:
        ValueError: it holds fewer, or ends within one.
    """
    found = hashes_of(content)
    if len(found) < width:
        raise ValueError(f"a tile of {len(found)} hashes, not {width}")
    return tuple(found[:width])


def first_entries(bundle: bytes, width: int) -> list[bytes]:
    """The first ``width`` entries of a bundle, which may hold more.

    Raises:
        ValueError: it holds fewer, or ends within one.
    """
    found = unpack(bundle)
    if len(found) < width:
        raise ValueError(f"a bundle of {len(found)} entries, not {width}")
    return found[:width]


def reader(size: int, hashes: Callable[[Tile], Sequence[bytes]]) -> Reader:
    """Finds the hashes of complete subtrees in the tiles of a log of ``size`` entries.

    Args:
        hashes: what a tile holds; asked for tiles as ``tiles_of(size)`` names them.
    """

    def read(level: int, index: int) -> bytes:
        high, low = divmod(level, HEIGHT)
        number, place = divmod(index << low, WIDTH)
        there = size // WIDTH**high - number * WIDTH
        row = hashes(Tile(high, number, min(there, WIDTH)))
        return tree_hash(row[place : place + (1 << low)])

    return read


@dataclass
class Edge:
    """The right edge of a growing tree: for each level the hashes that fill no tile yet.

    Attributes:
        size: how many leaves.
        rows: level → the hashes of its last, partial tile.
    """

    size: int = 0
    rows: list[list[bytes]] = field(default_factory=list)

    def add(self, leaf: bytes) -> list[tuple[Tile, list[bytes]]]:
        """Add the hash of a leaf; the tiles that became full by it, lowest first."""
        self.size += 1
        full: list[tuple[Tile, list[bytes]]] = []
        level, found = 0, leaf
        while True:
            if level == len(self.rows):
                self.rows.append([])
            row = self.rows[level]
            row.append(found)
            if len(row) < WIDTH:
                return full
            full.append((Tile(level, self.size // WIDTH ** (level + 1) - 1), row))
            self.rows[level] = []
            level, found = level + 1, tree_hash(row)

    def partial(self) -> list[tuple[Tile, list[bytes]]]:
        """The partial tiles at this size, lowest first."""
        return [
            (Tile(level, self.size // WIDTH ** (level + 1), len(row)), list(row))
            for level, row in enumerate(self.rows)
            if row
        ]

    def root(self) -> bytes:
        """The root over all leaves."""
        found = b""
        for row in self.rows:
            for part in reversed(_peaks(row)):
                found = node_hash(part, found) if found else part
        return found or EMPTY


def _peaks(row: Sequence[bytes]) -> list[bytes]:
    """The roots of the complete subtrees in a row of equal ones, the largest first."""
    found, place = [], 0
    while place < len(row):
        width = 1 << ((len(row) - place).bit_length() - 1)
        found.append(tree_hash(row[place : place + width]))
        place += width
    return found


def edge_of(size: int, hashes: Callable[[Tile], Sequence[bytes]]) -> Edge:
    """The right edge of a log of ``size`` entries, read from its partial tiles.

    Source: docs/rules/log.md, L-7.
    """
    rows, level = [], 0
    while size >> (HEIGHT * level):
        number, width = divmod(size >> (HEIGHT * level), WIDTH)
        rows.append(list(hashes(Tile(level, number, width))) if width else [])
        level += 1
    return Edge(size, rows)
