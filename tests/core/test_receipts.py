"""Receipts: sound ones prove, and nothing that was altered does."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kaohe.core.checkpoint import MOST, Checkpoint, CheckpointUnsound
from kaohe.core.errors import Invalid
from kaohe.core.merkle import inclusion_proof, leaf_hash
from kaohe.core.notes import COSIGNATURE, ED25519, Key, Note, NoteUnsound, cosign, sign
from kaohe.core.receipts import (
    HEAD,
    NO_CHECKPOINT,
    NO_INDEX,
    NOT_BASE64,
    NOT_INCLUDED,
    NOT_RECEIPT,
    NOT_SIGNED,
    NOT_TEXT,
    NOTHING_PROVED,
    OTHER_ENTRY,
    OTHER_LOG,
    PATH_LIMIT,
    RECEIPT_LIMIT,
    TOO_FEW,
    TOO_LONG,
    Policy,
    Receipt,
    ReceiptUnsound,
    policy_of,
    prove,
    receipt_of,
)
from tests.core.trees import LEAVES, root, whole

SIZE, INDEX, ENTRY = 300, 123, b"entry 123"
ORIGIN = "log.example/trace"
LOG, WITNESS, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2, 3))


def key(name, kind, private):
    return Key(name, kind, private.public_key().public_bytes_raw())


LOG_KEY, WITNESS_KEY = key(ORIGIN, ED25519, LOG), key("audit", COSIGNATURE, WITNESS)
TRUSTED = policy_of(f"log {LOG_KEY.vkey}\nwitness audit {WITNESS_KEY.vkey}\nquorum audit\n")


def receipt(*, extra=ENTRY, index=INDEX, origin=ORIGIN, signers=((ORIGIN, LOG),), witnesses=True):
    """A receipt for an entry of a log of 300."""
    text = Checkpoint(origin, SIZE, root(SIZE)).text
    signatures = [sign(text, name, private) for name, private in signers]
    if witnesses:
        signatures.append(cosign(text, "audit", WITNESS, 1_790_000_000))
    proof = tuple(inclusion_proof(index, SIZE, whole))
    return Receipt(index, proof, Note(text, tuple(signatures)), extra)


def refused(call, *args):
    with pytest.raises(ReceiptUnsound) as caught:
        call(*args)
    return caught.value.facts["reason"]


# ── what a sound one proves ───────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("extra", "entry"),
    [
        (ENTRY, None),
        (ENTRY, ENTRY),
        (leaf_hash(ENTRY), None),
        (leaf_hash(ENTRY), ENTRY),
        (b"", ENTRY),
    ],
)
def test_a_sound_receipt_proves_its_entry(extra, entry):
    found = prove(receipt_of(receipt(extra=extra).content.encode()), TRUSTED, entry)

    assert (found.index, found.leaf, found.checkpoint.size) == (INDEX, leaf_hash(ENTRY), SIZE)
    assert [each.key for each in found.signed_by] == [LOG_KEY]
    assert [(each.key, each.at) for each in found.seen_by] == [(WITNESS_KEY, 1_790_000_000)]


def test_every_entry_of_a_log_can_be_proved():
    for index in range(SIZE):
        found = receipt(index=index, extra=f"entry {index}".encode())
        assert prove(found, TRUSTED).leaf == LEAVES[index]


def test_a_receipt_for_the_only_entry_needs_no_path():
    text = Checkpoint(ORIGIN, 1, root(1)).text
    found = Receipt(0, (), Note(text, (sign(text, ORIGIN, LOG),)), b"entry 0")

    assert receipt_of(found.content.encode()) == found
    assert prove(found, Policy((LOG_KEY,), {}, {})).seen_by == ()


def test_while_keys_are_changed_either_of_them_is_enough():
    new = key(ORIGIN, ED25519, OTHER)
    found = receipt(signers=((ORIGIN, LOG), (ORIGIN, OTHER)))

    for logs in ((LOG_KEY,), (new,), (LOG_KEY, new)):
        proved = prove(found, Policy(logs, TRUSTED.witnesses, {}, "audit"))
        assert [each.key for each in proved.signed_by] == list(logs)


# ── what proves nothing ───────────────────────────────────────────────────────────────────────────
def proved(content):
    """What bytes prove, as far as it is signed: the index, the entry's hash, the checkpoint."""
    try:
        found = prove(receipt_of(content), TRUSTED)
    except Invalid:
        return None
    return found.index, found.leaf, found.checkpoint


def test_no_line_of_a_receipt_can_be_left_out_or_stand_twice():
    lines = receipt().content.splitlines(keepends=True)
    whole_one = proved("".join(lines).encode())
    assert whole_one is not None

    for place, line in enumerate(lines):
        without = "".join(lines[:place] + lines[place + 1 :])
        twice = "".join(lines[: place + 1] + lines[place:])
        assert proved(without.encode()) is None, line
        # a signature that stands twice is the same signature
        assert proved(twice.encode()) == (whole_one if line.startswith("— ") else None), line


def test_no_character_of_a_receipt_can_be_altered():
    content = receipt().content.encode()
    for place in range(len(content)):
        for change in (1, 4, 32):
            other = bytearray(content)
            other[place] ^= change
            assert proved(bytes(other)) is None, (place, bytes(other)[place : place + 20])


@given(st.integers(0, 1_200), st.binary(max_size=4), st.integers(0, 4))
def test_whatever_is_altered_nothing_else_is_proved(place, piece, cut):
    content = receipt().content.encode()

    found = proved(content[:place] + piece + content[place + cut :])

    assert found in (None, proved(content))


def test_another_entry_is_not_proved():
    assert refused(prove, receipt(extra=b"entry 124"), TRUSTED) == NOT_INCLUDED
    assert refused(prove, receipt(extra=leaf_hash(b"entry 124")), TRUSTED) == NOT_INCLUDED
    assert refused(prove, receipt(extra=b""), TRUSTED, b"entry 124") == NOT_INCLUDED
    assert refused(prove, receipt(), TRUSTED, b"entry 124") == OTHER_ENTRY
    assert refused(prove, receipt(extra=b""), TRUSTED) == NOTHING_PROVED


def test_what_nobody_trusted_has_signed_proves_nothing():
    stranger = receipt(signers=((ORIGIN, OTHER),))
    unsigned = receipt(signers=())

    assert refused(prove, stranger, TRUSTED) == NOT_SIGNED
    assert refused(prove, unsigned, TRUSTED) == NOT_SIGNED
    assert refused(prove, receipt(), Policy((), {}, {})) == NOT_SIGNED
    # a witness' signature is not the log's, nor the log's a witness'
    assert refused(prove, receipt(), Policy((WITNESS_KEY,), {}, {})) == NOT_SIGNED
    as_witness = Policy((LOG_KEY,), {"log": LOG_KEY}, {}, "log")
    assert refused(prove, receipt(), as_witness) == TOO_FEW


def test_a_key_that_is_trusted_for_another_log_is_not_trusted_for_this_one():
    other = key("other.example/trace", ED25519, OTHER)
    found = receipt(signers=(("other.example/trace", OTHER),))

    assert refused(prove, found, Policy((LOG_KEY, other), {}, {})) == OTHER_LOG


def test_too_few_witnesses_prove_nothing():
    assert refused(prove, receipt(witnesses=False), TRUSTED) == TOO_FEW
    assert prove(receipt(witnesses=False), Policy((LOG_KEY,), {}, {})).seen_by == ()


def test_a_signed_text_that_is_no_checkpoint_proves_nothing():
    note = Note("hello\n", (sign("hello\n", ORIGIN, LOG),))
    with pytest.raises(CheckpointUnsound):
        prove(Receipt(0, (), note, b"hello"), TRUSTED)


# ── the form ──────────────────────────────────────────────────────────────────────────────────────
receipts = st.builds(
    Receipt,
    st.integers(0, MOST - 1),
    st.lists(st.binary(min_size=32, max_size=32), max_size=PATH_LIMIT).map(tuple),
    st.just(receipt().note),
    st.binary(max_size=100),
)


@given(receipts)
def test_a_receipt_is_read_as_it_was_written(found):
    assert receipt_of(found.content.encode()) == found


@given(st.integers(0, 400), st.text(max_size=4))
def test_whatever_is_read_as_a_receipt_is_written_as_it_was(place, piece):
    content = receipt().content
    other = (content[:place] + piece + content[place + 1 :]).encode(errors="replace")
    try:
        found = receipt_of(other)
    except Invalid:
        return

    assert found.content.encode() == other


HASH_LINE = base64.b64encode(bytes(32)).decode()
NOTE = receipt().note.content


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", NOT_RECEIPT),
        (f"c2sp.org/tlog-proof@v2\nindex 0\n\n{NOTE}", NOT_RECEIPT),
        (f"\ufeff{HEAD}\nindex 0\n\n{NOTE}", NOT_RECEIPT),
        (f"{HEAD}\r\nindex 0\r\n\r\n{NOTE}", NOT_RECEIPT),
        (NOTE, NOT_RECEIPT),
        (HEAD, NO_CHECKPOINT),
        (f"{HEAD}\nindex 0\n", NO_CHECKPOINT),
        (f"{HEAD}\n\n{NOTE}", NO_INDEX),
        (f"{HEAD}\nextra AAAA\n\n{NOTE}", NO_INDEX),
        (f"{HEAD}\nindex 0\nextra AAAA\n\n{NOTE}", NOT_BASE64),
        (f"{HEAD}\nextra AAAA\nextra AAAA\nindex 0\n\n{NOTE}", NO_INDEX),
        (f"{HEAD}\nextra \nindex 0\n\n{NOTE}", NOT_BASE64),
        (f"{HEAD}\nextra AAA\nindex 0\n\n{NOTE}", NOT_BASE64),
        (f"{HEAD}\nextra AAB=\nindex 0\n\n{NOTE}", NOT_BASE64),
        (f"{HEAD}\nextra 叶\nindex 0\n\n{NOTE}", NOT_BASE64),
        (f"{HEAD}\nindex\n\n{NOTE}", NO_INDEX),
        (f"{HEAD}\nindex \n\n{NOTE}", NO_INDEX),
        (f"{HEAD}\nindex 01\n\n{NOTE}", NO_INDEX),
        (f"{HEAD}\nindex -1\n\n{NOTE}", NO_INDEX),
        (f"{HEAD}\nindex  1\n\n{NOTE}", NO_INDEX),
        (f"{HEAD}\nindex 1 \n\n{NOTE}", NO_INDEX),
        (f"{HEAD}\nindex １\n\n{NOTE}", NO_INDEX),
        (f"{HEAD}\nindex {MOST}\n\n{NOTE}", NO_INDEX),
        (f"{HEAD}\nindex {'9' * 5_000}\n\n{NOTE}", NO_INDEX),
        (f"{HEAD}\nindex 0\nnothing\n\n{NOTE}", NOT_BASE64),
        (f"{HEAD}\nindex 0\nAAAA\n\n{NOTE}", NOT_BASE64),
        (f"{HEAD}\nindex 0\n{HASH_LINE} \n\n{NOTE}", NOT_BASE64),
        (f"{HEAD}\nindex 0\n{HASH_LINE[:-2]}B=\n\n{NOTE}", NOT_BASE64),
        (f"{HEAD}\nindex 0\n{(HASH_LINE + chr(10)) * (PATH_LIMIT + 1)}\n{NOTE}", NOT_BASE64),
        ("x" * (RECEIPT_LIMIT + 1), TOO_LONG),
    ],
)
def test_what_is_no_receipt_is_refused_with_the_reason(content, reason):
    assert refused(receipt_of, content.encode()) == reason


def test_what_is_not_utf_8_is_no_receipt():
    assert refused(receipt_of, f"{HEAD}\nindex 0\n\n".encode() + b"\xff") == NOT_TEXT


def test_a_receipt_whose_checkpoint_is_no_note_is_refused():
    with pytest.raises(NoteUnsound):
        receipt_of(f"{HEAD}\nindex 0\n\nhello\n".encode())


def test_the_largest_entry_finds_room_in_a_receipt():
    largest = Receipt(MOST - 1, (bytes(32),) * 63, receipt().note, bytes(65_535))

    assert receipt_of(largest.content.encode()) == largest
