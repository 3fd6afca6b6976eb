"""Tiles: one name for each, none missing, none twice; an edge that can be read again from them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kaohe.core.leaf import LIMIT
from kaohe.core.merkle import EMPTY, inclusion_proof, tree_hash
from kaohe.core.tiles import (
    ENTRIES,
    TOP,
    WIDTH,
    Edge,
    Tile,
    edge_of,
    first_entries,
    first_hashes,
    hashes_of,
    pack,
    reader,
    tile_of,
    tiles_of,
    unpack,
)
from tests.core.trees import LEAVES, root, whole

MANY = 70_000  # entries: tiles of three levels
sizes = st.integers(0, 200_000)
tiles = st.builds(Tile, st.integers(ENTRIES, TOP), st.integers(0, 2**55), st.integers(1, WIDTH))


@pytest.fixture(scope="module")
def grown():
    """A log of ``MANY`` leaves: its edge, and every tile that it ever had full."""
    edge, full = Edge(), {}
    for number in range(MANY):
        for tile, row in edge.add(LEAVES[number % 600]):
            full[tile] = row
    return edge, full


def kept_by(edge, full):
    """What tiles hold, as a log's folder would tell."""
    held = {**full, **dict(edge.partial())}

    def hashes(tile):
        return held[tile]

    return hashes


# ── names ─────────────────────────────────────────────────────────────────────────────────────────
@given(tiles)
@example(Tile(ENTRIES, 0, 1))
@example(Tile(TOP, 999, 255))
@example(Tile(0, 1000))
def test_a_name_leads_back_to_its_tile(tile):
    assert tile_of(tile.path) == tile


def test_names_are_those_of_the_specification():
    assert Tile(0, 1234067).path == "tile/0/x001/x234/067"
    assert Tile(2, 0, 1).path == "tile/2/000.p/1"
    assert Tile(ENTRIES, 273, 112).path == "tile/entries/273.p/112"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "tile/0/0",
        "tile/0/1000",
        "tile/0/x000/067",
        "tile/0/001/067",
        "tile/0/x001/x067",
        "tile/00/067",
        "tile/01/067",
        "tile/64/067",
        "tile/99/067",
        "tile/-1/067",
        "tile/entries/067/",
        "tile/entry/067",
        "tile/8/0/067",
        "/tile/0/067",
        "tile//067",
        "tile/0/067.p",
        "tile/0/067.p/0",
        "tile/0/067.p/01",
        "tile/0/067.p/256",
        "tile/0/067.p/300",
        "tile/0/067.p/1000",
        "tile/0/067\n",
        "tile/0/０67",
        "tile/٣/067",
        "tile/0/../067",
        "checkpoint",
        "tile/0/" + "x123/" * 2_000 + "067",
    ],
)
def test_no_other_spelling_is_a_name(name):
    assert tile_of(name) is None


@given(st.text(alphabet="tileentrsx0123456789/.p\n-", max_size=30).map("tile/".__add__))
def test_whatever_is_a_name_is_the_one_name_of_a_tile(name):
    found = tile_of(name)

    assert found is None or found.path == name


@given(tiles)
def test_the_first_leaf_below_a_tile_is_where_those_before_it_end(tile):
    before = tile.number * WIDTH ** (max(tile.level, 0) + 1)

    assert tile.first == before


# ── which there are ───────────────────────────────────────────────────────────────────────────────
def widths(size):
    """What tlog-tiles says a log of this size is made of: level → full tiles, width of the last."""
    found, level = {}, 0
    while size // 256**level:
        found[level] = (size // 256 ** (level + 1), size // 256**level % 256)
        level += 1
    return found


@given(sizes)
@example(0)
@example(256)
@example(65_536)
def test_a_log_is_made_of_the_tiles_that_the_specification_counts(size):
    found = list(tiles_of(size))
    expected = [
        Tile(level, number, WIDTH if number < full else width)
        for level, (full, width) in widths(size).items()
        for number in range(full + (width > 0))
    ]

    assert [tile for tile in found if tile.level != ENTRIES] == expected
    assert [tile for tile in found if tile.level == ENTRIES] == [
        Tile(ENTRIES, tile.number, tile.width) for tile in expected if tile.level == 0
    ]


def test_the_example_of_the_specification():
    found = [(tile.level, tile.width) for tile in tiles_of(70_000)]

    assert found.count((0, 256)) == found.count((ENTRIES, 256)) == 273
    assert found.count((0, 112)) == found.count((ENTRIES, 112)) == 1
    assert found[-3:] == [(1, 256), (1, 17), (2, 1)]


def test_a_growing_log_needs_the_tiles_that_it_had_not():
    for size in (0, 1, 255, 256, 257, 512, 600, 65_535, 65_536, 65_537, 65_792, 66_000, 131_072):
        for since in (0, 1, 255, 256, 257, 511, 512, 513, 65_280, 65_535, 65_536, 65_793):
            if since <= size:
                there = set(tiles_of(since))
                assert list(tiles_of(size, since)) == [
                    tile for tile in tiles_of(size) if tile not in there
                ], (size, since)


@given(sizes, st.data())
def test_a_growing_log_needs_nothing_twice(size, data):
    since = data.draw(st.integers(0, size))
    there = set(tiles_of(since))

    assert list(tiles_of(size, since)) == [tile for tile in tiles_of(size) if tile not in there]


# ── what they hold ────────────────────────────────────────────────────────────────────────────────
@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_gives_back_its_entries(entries):
    assert unpack(pack(entries)) == entries


def test_a_bundle_holds_entries_of_every_length_and_none_longer():
    longest = bytes(LIMIT)

    assert unpack(pack([b"", longest, b"x"])) == [b"", longest, b"x"]
    assert pack([b"ab"]) == b"\x00\x02ab"
    with pytest.raises(ValueError, match="65535 is most"):
        pack([longest + b"x"])


@given(st.lists(st.binary(max_size=20), min_size=1, max_size=5), st.data())
def test_a_bundle_that_is_cut_short_is_not_read_as_whole(entries, data):
    whole_ones = [pack(entries[:count]) for count in range(len(entries) + 1)]
    cut = data.draw(st.integers(0, len(whole_ones[-1])))
    bundle = whole_ones[-1][:cut]

    if bundle in whole_ones:
        assert unpack(bundle) == entries[: whole_ones.index(bundle)]
    else:
        with pytest.raises(ValueError, match="ends within entry"):
            unpack(bundle)


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=9), st.integers(1, 31))
def test_a_tile_gives_back_its_hashes(hashes, more):
    assert hashes_of(b"".join(hashes)) == hashes
    with pytest.raises(ValueError, match="within a hash"):
        hashes_of(b"".join(hashes) + bytes(more))


# ── the edge ──────────────────────────────────────────────────────────────────────────────────────
def test_an_edge_has_the_root_of_its_leaves_at_every_size():
    edge = Edge()
    assert edge.root() == EMPTY
    for size in range(1, 601):
        edge.add(LEAVES[size - 1])
        assert edge.root() == root(size), size


def test_an_edge_yields_each_tile_once_and_leaves_the_rest_partial(grown):
    edge, full = grown
    there = [tile for tile in tiles_of(MANY) if tile.level != ENTRIES]

    assert sorted([*full, *(tile for tile, _ in edge.partial())]) == sorted(there)
    assert all(len(row) == WIDTH for row in full.values())
    assert all(len(row) == tile.width for tile, row in edge.partial())


def test_tiles_that_an_edge_yielded_do_not_change_when_it_grows(grown):
    edge = Edge()
    for number in range(256):
        full = edge.add(LEAVES[number])
    partial = edge.partial()
    edge.add(LEAVES[256])

    assert full == [(Tile(0, 0), list(LEAVES[:256]))]
    assert partial == [(Tile(1, 0, 1), [tree_hash(LEAVES[:256])])]


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 512, 600, 65_535, 65_536, 65_792, MANY])
def test_an_edge_read_from_its_tiles_grows_as_if_it_had_never_been_away(size):
    edge, full = Edge(), {}
    for number in range(size):
        full.update(edge.add(LEAVES[number % 600]))

    again = edge_of(size, kept_by(edge, full))

    assert again == edge
    assert again.root() == edge.root()
    for number in range(300):
        assert again.add(LEAVES[number]) == edge.add(LEAVES[number])
    assert again == edge


def test_a_reader_finds_every_complete_subtree(grown):
    edge, full = grown
    read = reader(MANY, kept_by(edge, full))

    for level in range(17):
        for index in {0, 1, 2, (MANY >> level) // 2, (MANY >> level) - 1}:
            if (index + 1) << level <= MANY:
                leaves = [LEAVES[n % 600] for n in range(index << level, (index + 1) << level)]
                assert read(level, index) == tree_hash(leaves), (level, index)


@given(st.integers(1, 600), st.data())
def test_a_proof_from_tiles_is_the_proof_from_leaves(size, data):
    index = data.draw(st.integers(0, size - 1))
    edge, full = Edge(), {}
    for leaf in LEAVES[:size]:
        full.update(edge.add(leaf))

    found = inclusion_proof(index, size, reader(size, kept_by(edge, full)))

    assert found == inclusion_proof(index, size, whole)


def test_of_a_wider_tile_or_bundle_the_first_are_taken_and_of_a_narrower_none():
    hashes = [bytes([n]) * 32 for n in range(3)]
    assert first_hashes(b"".join(hashes), 2) == tuple(hashes[:2])
    assert first_entries(pack([b"a", b"b", b"c"]), 2) == [b"a", b"b"]

    with pytest.raises(ValueError, match="3 hashes, not 4"):
        first_hashes(b"".join(hashes), 4)
    with pytest.raises(ValueError, match="1 entries, not 2"):
        first_entries(pack([b"a"]), 2)
