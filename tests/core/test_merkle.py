"""The tree: roots are those of RFC 6962; proofs hold for every pair of sizes and nothing else."""

import base64
import json
import warnings
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.core.merkle import (
    EMPTY,
    consistency_proof,
    includes,
    inclusion_proof,
    is_consistent,
    leaf_hash,
    node_hash,
    range_hash,
    split,
    tree_hash,
)
from tests.core.trees import LEAVES, Marked, division, endless, root, whole

VECTORS = json.loads((Path(__file__).parent / "vectors" / "merkle.json").read_text("utf-8"))
EVERY = 200  # sizes; every pair of them
huge = st.integers(1, 2**63 - 1)


def told(texts):
    return [base64.b64decode(text) for text in texts]


def altered(proof):
    """Every proof that differs from a sound one in one hash."""
    for place, part in enumerate(proof):
        yield [*proof[:place], bytes([part[0] ^ 1]) + part[1:], *proof[place + 1 :]]
        yield [*proof[:place], *proof[place + 1 :]]
        yield [*proof[:place], part, *proof[place:]]
    yield [*proof, bytes(32)]
    yield [bytes(32), *proof]


def turns(index, size):
    """How the way from the root to a leaf turns; what a proof depends on besides its hashes."""
    found = []
    while size > 1:
        middle = split(size)
        found.append(index >= middle)
        index, size = (index - middle, size - middle) if index >= middle else (index, middle)
    return found


# ── roots ─────────────────────────────────────────────────────────────────────────────────────────
def test_a_leaf_and_a_node_are_hashed_apart():
    assert leaf_hash(b"") == sha256(b"\x00").digest()
    assert node_hash(b"a", b"b") == sha256(b"\x01ab").digest()
    assert leaf_hash(bytes(64)) != node_hash(bytes(32), bytes(32))


@pytest.mark.parametrize("size", [*range(140), 255, 256, 257, 511, 512, 513])
def test_a_root_is_what_the_definition_says(size):
    assert tree_hash(LEAVES[:size]) == division(LEAVES[:size]) == range_hash(whole, 0, size)


def test_a_root_is_what_another_library_says():
    from pymerkle import InmemoryTree

    theirs = InmemoryTree(algorithm="sha256")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        for size in range(1, 300):
            theirs.append_entry(f"entry {size - 1}".encode())
            assert theirs.get_state(size) == tree_hash(LEAVES[:size]), size


def test_the_root_of_nothing_is_the_hash_of_nothing():
    assert tree_hash([]) == range_hash(whole, 0, 0) == EMPTY == sha256().digest()


def test_the_root_of_a_part_is_that_of_its_leaves():
    for begin, width in ((8, 8), (8, 5), (64, 64), (64, 33), (128, 1), (96, 31)):
        assert range_hash(whole, begin, begin + width) == tree_hash(LEAVES[begin : begin + width])


@given(st.integers(2, 2**64))
def test_a_tree_is_divided_at_the_largest_power_of_two_below_its_size(size):
    found = split(size)

    assert found & (found - 1) == 0
    assert found < size <= 2 * found


# ── the published digests over all subtrees up to 130 leaves ──────────────────────────────────────
BYTES = tuple(leaf_hash(bytes([number])) for number in range(130))


def subtrees(most=130):
    """Begin and end of each subtree that may be asked for: it begins at a multiple of its width."""
    for end in range(most + 1):
        for begin in range(end + 1):
            if begin & ((1 << max(end - begin - 1, 0).bit_length()) - 1) == 0:
                yield begin, end


def of_bytes(level, index):
    return tree_hash(BYTES[index << level : (index + 1) << level])


def test_the_digest_over_all_subtrees_is_the_published_one():
    over = sha256()
    for begin, end in subtrees():
        over.update(f"[{begin}, {end}) {range_hash(of_bytes, begin, end).hex()}\n".encode())

    assert over.hexdigest() == "b82806ad4265bb151c1119c0f4db437bb4d1a1f887b3a7fba1cd4ebf552e3e81"


def test_the_digest_over_all_inclusion_proofs_is_the_published_one():
    over = sha256()
    for begin, end in subtrees():

        def shifted(level, index, begin=begin):
            return of_bytes(level, index + (begin >> level))

        for index in range(end - begin):
            proof = inclusion_proof(index, end - begin, shifted)
            hashes = "".join(f" {part.hex()}" for part in proof)
            over.update(f"{begin + index} [{begin}, {end}){hashes}\n".encode())

    assert over.hexdigest() == "ac2a8f989e44d99e399db448050ff5f19757df53cfb716aa81015d3955d8163f"


# ── inclusion ─────────────────────────────────────────────────────────────────────────────────────
def test_every_leaf_of_every_size_is_proved():
    for size in range(1, EVERY):
        for index in range(size):
            proof = inclusion_proof(index, size, whole)
            assert includes(LEAVES[index], index, size, proof, root(size)), (index, size)
            assert len(proof) == len(turns(index, size))


@given(huge, st.data())
def test_a_leaf_of_a_huge_tree_is_proved(size, data):
    place = data.draw(st.integers(0, size - 1))
    read = Marked(place)
    top = range_hash(read, 0, size)
    proof = inclusion_proof(place, size, read)

    assert includes(LEAVES[1], place, size, proof, top)
    assert not includes(LEAVES[0], place, size, proof, top)
    assert len(proof) <= 63


@given(st.integers(1, 300), st.data())
def test_an_altered_inclusion_proof_proves_nothing(size, data):
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, whole)

    for other in altered(proof):
        assert not includes(LEAVES[index], index, size, other, root(size))


@given(st.integers(1, 300), st.data())
def test_an_inclusion_proof_is_for_one_leaf_one_index_and_one_root(size, data):
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(-2, 400))
    proof = inclusion_proof(index, size, whole)

    assert includes(LEAVES[index], other, size, proof, root(size)) == (other == index)
    assert includes(LEAVES[other], index, size, proof, root(size)) == (other == index)
    assert includes(LEAVES[index], index, size, proof, root(abs(other))) == (abs(other) == size)


@given(st.integers(1, 300), st.integers(0, 300), st.data())
def test_the_size_matters_as_far_as_the_way_to_the_leaf_depends_on_it(size, other, data):
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, whole)
    same_way = index < other and turns(index, other) == turns(index, size)

    assert includes(LEAVES[index], index, other, proof, root(size)) == same_way


def test_a_path_that_goes_on_above_the_root_proves_nothing():
    more = bytes(32)
    for size in range(1, 20):
        for index in range(size):
            proof = [*inclusion_proof(index, size, whole), more]
            for above in (node_hash(more, root(size)), node_hash(root(size), more)):
                assert not includes(LEAVES[index], index, size, proof, above), (index, size)


def test_a_hash_of_another_length_is_none():
    proof = inclusion_proof(2, 5, whole)
    moved = [proof[0] + proof[1][:1], proof[1][1:], *proof[2:]]

    assert not includes(LEAVES[2], 2, 5, moved, root(5))
    assert not includes(LEAVES[0] + b"\x00", 0, 1, [], LEAVES[0] + b"\x00")


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 5), (7, 5)])
def test_there_is_no_proof_for_a_leaf_that_is_not_there(index, size):
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_proof(index, size, whole)
    assert not includes(LEAVES[0], index, size, [], LEAVES[0])


@pytest.mark.parametrize(
    ("index", "size", "top", "leaf", "proof", "holds"),
    [pytest.param(*vector[1:], id=vector[0]) for vector in VECTORS["inclusion"]],
)
def test_inclusion_is_judged_as_the_vectors_say(index, size, top, leaf, proof, holds):
    assert includes(*told([leaf]), index, size, told(proof), *told([top])) is holds


# ── consistency ───────────────────────────────────────────────────────────────────────────────────
def test_every_size_is_the_beginning_of_every_later_one():
    for new in range(EVERY):
        for old in range(new + 1):
            proof = consistency_proof(old, new, whole)
            assert is_consistent(old, root(old), new, root(new), proof), (old, new)
            assert old not in (0, new) or not proof


@given(huge, st.data())
def test_a_huge_tree_begins_with_every_earlier_one(new, data):
    old, place = data.draw(st.integers(1, new)), data.draw(st.integers(0, new - 1))
    read = Marked(place)
    before, after = range_hash(read, 0, old), range_hash(read, 0, new)
    proof = consistency_proof(old, new, read)

    assert is_consistent(old, before, new, after, proof)
    assert len(proof) <= 64
    if place < old:  # a leaf that was there before is another one now
        assert not is_consistent(old, range_hash(endless, 0, old), new, after, proof)


@given(st.integers(1, 300), st.data())
def test_an_altered_consistency_proof_shows_nothing(new, data):
    old = data.draw(st.integers(1, new))
    proof = consistency_proof(old, new, whole)

    for other in altered(proof):
        assert not is_consistent(old, root(old), new, root(new), other)


@given(st.integers(1, 300), st.integers(0, 300), st.data())
def test_a_consistency_proof_is_for_one_pair_of_roots(new, other, data):
    old = data.draw(st.integers(1, new))
    proof = consistency_proof(old, new, whole)

    assert is_consistent(old, root(other), new, root(new), proof) == (other == old)
    assert is_consistent(old, root(old), new, root(other), proof) == (other == new)


def test_a_proof_that_goes_on_above_both_roots_shows_nothing():
    more = bytes(32)
    for old, new in ((3, 5), (3, 8), (5, 6), (6, 7), (7, 20)):
        proof = [*consistency_proof(old, new, whole), more]
        before, after = node_hash(more, root(old)), node_hash(more, root(new))
        assert not is_consistent(old, before, new, after, proof), (old, new)


def test_a_tree_with_one_leaf_altered_is_another_history():
    for new in range(2, 70):
        for old in range(1, new):
            forged = list(LEAVES[:new])
            forged[old - 1] = LEAVES[599]

            def read(level, index, forged=forged):
                return tree_hash(forged[index << level : (index + 1) << level])

            proof = consistency_proof(old, new, read)
            assert not is_consistent(old, root(old), new, tree_hash(forged), proof)


def test_the_empty_log_is_the_beginning_of_every_log():
    assert consistency_proof(0, 7, whole) == []
    assert is_consistent(0, EMPTY, 7, root(7), [])
    assert not is_consistent(0, EMPTY, 7, root(7), [root(7)])
    assert not is_consistent(0, root(7), 7, root(7), [])
    assert not is_consistent(0, root(1), 0, root(1), [])


@pytest.mark.parametrize(("old", "new"), [(-1, 5), (6, 5)])
def test_a_later_tree_is_not_the_beginning_of_an_earlier_one(old, new):
    with pytest.raises(ValueError, match="not the beginning"):
        consistency_proof(old, new, whole)
    assert not is_consistent(old, root(6), new, root(5), [])


def test_a_consistency_proof_without_hashes_shows_nothing_between_two_sizes():
    assert not is_consistent(3, root(3), 5, root(5), [])
    assert not is_consistent(4, root(4), 5, root(4), [])


@pytest.mark.parametrize(
    ("name", "old", "new", "before", "after", "proof", "holds"),
    [pytest.param(*vector, id=vector[0]) for vector in VECTORS["consistency"]],
)
def test_consistency_is_judged_as_the_vectors_say(name, old, new, before, after, proof, holds):
    found = is_consistent(old, *told([before]), new, *told([after]), told(proof))

    # The one that differs has roots of twelve bytes, "don't care 2": to us that is no root.
    assert found is (holds and name != "additional/sizes-are-equal-one-and-proof-is-empty")
