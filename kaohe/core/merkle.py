"""The Merkle tree over the record: hashes, proofs, and how a stranger checks them.

RFC 6962, 2.1, with SHA-256.  A proof is made from hashes of complete subtrees, which ``Reader``
finds wherever they are kept; it is checked by the steps of RFC 9162, 2.1.3.2 and 2.1.4.2, which
know nothing of how it was made.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

HASH = 32  # bytes
EMPTY = sha256(b"").digest()

# (level, index) → the hash over the leaves [index · 2^level, (index + 1) · 2^level)
Reader = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    """H(0x00 ‖ entry).

    Source: docs/journal-format.md.
    """
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """H(0x01 ‖ left ‖ right).

    Source: docs/journal-format.md.
    """
    return sha256(b"\x01" + left + right).digest()


def tree_hash(hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes (or over the roots of complete subtrees of one size).

    Pairs from the left; a last one without a partner moves up as it is.

    Source: docs/rules/log.md, L-3.

    >>> tree_hash([]) == EMPTY
    True
    """
    if not hashes:
        return EMPTY
    row = list(hashes)
    while len(row) > 1:
        odd = row[-1:] if len(row) % 2 else []
        row = [
            sha256(b"\x01" + left + right).digest()
            for left, right in zip(row[::2], row[1::2], strict=False)
        ] + odd
    return row[0]


def split(size: int) -> int:
    """The largest power of two below ``size`` (2 or more): where a tree is divided."""
    return 1 << ((size - 1).bit_length() - 1)


def range_hash(read: Reader, begin: int, end: int) -> bytes:
    """The root over the leaves [begin, end) of a subtree that begins at ``begin``.

    Args:
        begin: a multiple of the smallest power of two that is ``end - begin`` or more.
    """
    found = b""
    while end > begin:
        level = (end & -end).bit_length() - 1
        while end - (1 << level) < begin:
            level -= 1
        part = read(level, (end >> level) - 1)
        found = node_hash(part, found) if found else part
        end -= 1 << level
    return found or EMPTY


def inclusion_proof(index: int, size: int, read: Reader) -> list[bytes]:
    """What leads from leaf ``index`` to the root of the first ``size`` leaves.

    Raises:
        ValueError: there is no such leaf.

    Source: docs/rules/log.md, L-9.
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    begin, end = 0, size
    proof = []
    while end - begin > 1:
        middle = begin + split(end - begin)
        if index < middle:
            proof.append(range_hash(read, middle, end))
            end = middle
        else:
            proof.append(range_hash(read, begin, middle))
            begin = middle
    return proof[::-1]


def consistency_proof(old: int, new: int, read: Reader) -> list[bytes]:
    """What shows that the tree of ``new`` leaves begins with that of ``old`` ones.

    Empty for ``old`` = 0: anything begins with nothing.

    Raises:
        ValueError: the old one is not the smaller.

    Source: docs/rules/log.md, L-4.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {old} leaves is not the beginning of one of {new}")
    if old == 0:
        return []
    begin, end = 0, new
    proof = []
    while end != old:
        middle = begin + split(end - begin)
        if old <= middle:
            proof.append(range_hash(read, middle, end))
            end = middle
        else:
            proof.append(range_hash(read, begin, middle))
            begin = middle
    if begin:
        proof.append(range_hash(read, begin, end))
    return proof[::-1]


def includes(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether a proof leads from the hash of leaf ``index`` to the root of a tree of ``size``.

    Source: docs/rules/log.md, L-9 (RFC 9162, 2.1.3.2).
    """
    if not 0 <= index < size or not _are_hashes((leaf, *proof)):
        return False
    place, last, found = index, size - 1, leaf
    for part in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(part, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, part)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(
    old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether a proof shows that the tree of ``new`` leaves begins with that of ``old`` ones.

    Source: docs/rules/log.md, L-4, L-11 (RFC 9162, 2.1.4.2).
    """
    if not 0 <= old <= new or not _are_hashes((old_root, new_root, *proof)):
        return False
    if old == 0 and old_root != EMPTY:
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof
    parts = list(proof)
    if old & (old - 1) == 0:
        parts.insert(0, old_root)
    if not parts:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    return _leads(parts, place, last) == (old_root, new_root)


def _are_hashes(parts: Sequence[bytes]) -> bool:
    """Whether each is as long as a hash: else a byte could move from one to the next unseen."""
    return all(len(part) == HASH for part in parts)


def _leads(parts: Sequence[bytes], place: int, last: int) -> tuple[bytes, bytes] | None:
    """The old and the new root to which a consistency proof leads; None: to nowhere."""
    before = after = parts[0]
    for part in parts[1:]:
        if last == 0:
            return None
        if place & 1 or place == last:
            before, after = node_hash(part, before), node_hash(part, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, part)
        place, last = place >> 1, last >> 1
    return (before, after) if last == 0 else None
