"""Trees for tests: small ones that are held whole, and huge ones whose hashes are worked out."""

from functools import cache

from kaohe.core.merkle import leaf_hash, node_hash, tree_hash

LEAVES = tuple(leaf_hash(f"entry {number}".encode()) for number in range(600))


@cache
def whole(level: int, index: int) -> bytes:
    """A reader of ``LEAVES``: the hash over a complete subtree."""
    row = LEAVES[index << level : (index + 1) << level]
    assert len(row) == 1 << level, "asked for a subtree that is not complete"
    return tree_hash(row)


@cache
def root(size: int) -> bytes:
    """The root over the first leaves, as RFC 6962, 2.1 defines it: by division."""
    return division(LEAVES[:size])


def division(leaves: tuple[bytes, ...]) -> bytes:
    """The definition of RFC 6962, 2.1, word for word."""
    if len(leaves) < 2:
        return (
            leaves[0]
            if leaves
            else bytes.fromhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        )
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    return node_hash(division(leaves[:middle]), division(leaves[middle:]))


@cache
def endless(level: int, index: int) -> bytes:
    """A reader of a tree of any size, all of whose leaves are equal: a hash for each level."""
    assert index >= 0
    return node_hash(endless(level - 1, 0), endless(level - 1, 0)) if level else LEAVES[0]


class Marked:
    """A reader of a tree of any size, all of whose leaves are equal but one."""

    def __init__(self, place: int) -> None:
        self.place = place

    def __call__(self, level: int, index: int) -> bytes:
        if self.place >> level != index:
            return endless(level, index)
        if level == 0:
            return LEAVES[1]
        return node_hash(self(level - 1, index * 2), self(level - 1, index * 2 + 1))
