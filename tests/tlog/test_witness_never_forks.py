"""Whatever a log asks, all that a witness ever cosigned is one history that only grows."""

from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.core.checkpoint import Checkpoint
from kaohe.core.merkle import consistency_proof, leaf_hash, tree_hash
from kaohe.tlog.witness import Witness
from kaohe.tlog.witness_home import make_witness
from kaohe.tlog.witness_request import Request
from tests.fixtures.logs import ORIGIN

SHARED, SIZE = 10, 40


def branch(number):
    """Leaves of a history; the first ones are common to all."""
    return [
        leaf_hash(f"{index} {number if index >= SHARED else ''}".encode()) for index in range(SIZE)
    ]


BRANCHES = [branch(number) for number in range(3)]

ask = st.tuples(
    st.integers(0, 2),  # of which branch the checkpoint is
    st.integers(0, SIZE),  # its size
    st.sampled_from(["as it is", "as it is", "as it is", "guessed"]),
    st.integers(0, SIZE),  # a guess at what the witness knows
    st.integers(-5, 60),  # how the clock goes on
)


def reader(leaves):
    return lambda level, index: tree_hash(leaves[index << level : (index + 1) << level])


def proof(leaves, old, size):
    return tuple(consistency_proof(old, size, reader(leaves))) if old <= size else ()


@settings(deadline=None, max_examples=60)
@given(asks=st.lists(ask, max_size=25))
def test_what_was_cosigned_is_one_history_that_grows_and_whose_times_do_not_go_back(ring, asks):
    now, given_at, cosigned = [1_790_000_000], [], []
    with TemporaryDirectory() as folder:
        home = make_witness(Path(folder) / "w", "audit.example.gov.cn/w").trust(ring.keys[0])
        witness = Witness(home, lambda: now[0])
        for number, size, how, guess, seconds in asks:
            now[0] += seconds
            leaves = BRANCHES[number]
            checkpoint = Checkpoint(ORIGIN, size, tree_hash(leaves[:size]))
            known = witness.known(ORIGIN)
            old = guess if how == "guessed" else known.size if known else 0
            request = Request(old, proof(leaves, old, size), ring.sign(checkpoint))

            answer = witness.add_checkpoint(request.content)

            if answer.status == 200:
                assert old == (known.size if known else 0)
                given_at.append(now[0])
                cosigned.append((size, number))
            else:
                assert witness.known(ORIGIN) == known

    assert given_at == sorted(given_at)
    assert [size for size, _ in cosigned] == sorted(size for size, _ in cosigned)
    for (before, one), (after, other) in pairwise(cosigned):
        assert BRANCHES[one][:before] == BRANCHES[other][:after][:before]
