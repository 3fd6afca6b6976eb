"""A checkpoint that somebody kept is held against a receipt: the record may only have grown."""

import base64

import pytest

from kaohe.core.checkpoint import Checkpoint
from kaohe.core.merkle import consistency_proof, inclusion_proof, leaf_hash, tree_hash
from kaohe.core.notes import Note, sign
from kaohe.core.receipts import Receipt
from tests.journal.receipts_made import FILE, LOG_KEY, ORIGIN, entry, opened, private, vkey

pytestmark = [
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(not FILE.exists(), reason="make setup builds it"),
]
LEAVES = [leaf_hash(entry()), *(leaf_hash(b"%d" % each) for each in range(1, 300))]


def read(level, at):
    """The hashes of the one log of these tests."""
    return tree_hash(LEAVES[at << level : (at + 1) << level])


def checkpoint(size, *, origin=ORIGIN, root=None, signer=1):
    """A signed checkpoint of the log when it had ``size`` entries."""
    text = Checkpoint(origin, size, root or tree_hash(LEAVES[:size])).text
    return Note(text, (sign(text, origin, private(signer)),))


def receipt(size):
    """The receipt of the first entry when the log had ``size`` entries."""
    return Receipt(0, tuple(inclusion_proof(0, size, read)), checkpoint(size), entry()).content


def path(older, newer):
    """The proof that the larger log begins with the smaller one, as it is pasted."""
    return "\n".join(
        base64.b64encode(each).decode() for each in consistency_proof(older, newer, read)
    )


@pytest.fixture(scope="module")
def stick(chromium):
    """The page, opened once for all receipts."""
    with opened(chromium) as found:
        yield found


def test_a_log_that_has_only_grown_goes_on_from_every_earlier_size(stick):
    for size in (2, 3, 7, 8, 9, 64, 65, 255, 256, 257, 300):
        for older in {1, 2, size // 3 or 1, size // 2, size - 1} - {size}:
            kept = checkpoint(older).content
            found = stick.examine(receipt(size), kept=kept, path=path(older, size))
            assert (found.verdict, found.checks["kept"]) == ("ok", ("ok", "sound")), (older, size)


def test_a_later_checkpoint_is_compared_too(stick):
    kept = checkpoint(300).content

    assert stick.examine(receipt(64), kept=kept, path=path(64, 300)).checks["kept"][1] == "sound"


def test_an_earlier_receipt_serves_as_well(stick):
    assert stick.examine(receipt(300), kept=receipt(300)).checks["kept"] == ("ok", "same")
    assert stick.examine(receipt(300), kept=receipt(9), path=path(9, 300)).verdict == "ok"


def test_a_fork_is_named_and_damns_the_receipt(stick):
    kept = checkpoint(300, root=b"\x01" * 32).content

    found = stick.examine(receipt(300), kept=kept)

    assert found.verdict == "bad"
    assert found.checks["kept"] == ("bad", "fork")
    assert "分叉" in found.words


def test_a_log_that_was_rewritten_is_named(stick):
    kept = checkpoint(64, root=b"\x01" * 32).content

    assert stick.examine(receipt(300), kept=kept, path=path(64, 300)).checks["kept"] == (
        "bad",
        "broken",
    )


@pytest.mark.parametrize(("older", "newer"), [(63, 300), (64, 299), (65, 300), (1, 2)])
def test_a_proof_of_other_sizes_shows_nothing(stick, older, newer):
    found = stick.examine(receipt(300), kept=checkpoint(64).content, path=path(older, newer))

    assert found.checks["kept"] == ("bad", "broken")


def test_without_a_proof_nothing_is_claimed(stick):
    found = stick.examine(receipt(300), kept=checkpoint(64).content)

    assert found.verdict == "ok"
    assert found.checks["kept"] == ("note", "no-path")


def test_an_empty_log_is_the_beginning_of_every_one(stick):
    assert stick.examine(receipt(9), kept=checkpoint(0).content).checks["kept"] == ("ok", "empty")


def test_a_kept_checkpoint_that_nobody_vouches_for_proves_nothing(stick):
    other = checkpoint(64, origin="other.example.gov.cn/trace").content
    unknown = checkpoint(64, signer=7).content
    forged = checkpoint(64).content.replace("\n64\n", "\n65\n")

    assert stick.examine(receipt(300), kept=other).checks["kept"] == ("lack", "other-log")
    assert stick.examine(receipt(300), kept=unknown).checks["kept"] == ("lack", "not-signed")
    found = stick.examine(receipt(300), kept=forged)
    assert found.checks["kept"] == ("bad", "forged")
    assert found.verdict == "bad"


def test_a_checkpoint_under_an_older_key_counts_where_that_key_is_given(stick):
    keys = f"{LOG_KEY}\n{vkey(ORIGIN, 5, 1)}"
    kept = checkpoint(64, signer=5).content

    found = stick.examine(receipt(300), keys=keys, kept=kept, path=path(64, 300))

    assert found.verdict == "ok"


@pytest.mark.parametrize(
    ("field", "content"),
    [
        ("kept", "no checkpoint"),
        ("kept", "x" * 300_000),
        ("kept", checkpoint(64).content[:40]),
        ("path", "not base64"),
        ("path", "AAAA"),
        ("path", f"{'A' * 43}=\n" * 65),
    ],
)
def test_what_is_no_checkpoint_and_no_proof_is_refused_at_its_field(stick, field, content):
    found = stick.examine(receipt(300), **{field: content})

    assert found.verdict == ""
    assert set(found.faults) == {field}
