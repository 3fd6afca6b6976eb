"""The page for strangers: its program, its example and its words agree with what we do."""

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kaohe.core.checkpoint import Checkpoint
from kaohe.core.merkle import inclusion_proof, leaf_hash, tree_hash
from kaohe.core.notes import COSIGNATURE, ED25519, Key, Note, cosign, sign
from kaohe.core.receipts import Receipt, policy_of, prove, receipt_of
from tests.core.trees import LEAVES, root, whole

PAGE = (Path(__file__).parents[2] / "docs" / "journal-format.md").read_text(encoding="utf-8")
BLOCKS = {
    kind: re.findall(rf"```{kind}\n(.*?)\n```", PAGE, re.DOTALL)
    for kind in ("python", "json", "text")
}
ENTRY = BLOCKS["json"][0].encode()
LEAF_HASH, ROOT = BLOCKS["text"][1].split("\n")
LOG_VKEY, WITNESS_VKEY = BLOCKS["text"][2].split("\n")
RECEIPT = f"{BLOCKS['text'][3]}\n".encode()
POLICY = BLOCKS["text"][4]

ORIGIN, WITNESS_NAME = "assess.example.gov.cn/trace", "audit.example.gov.cn/witness"
LOG = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
WITNESS = Ed25519PrivateKey.from_private_bytes(bytes(range(32, 64)))
AT = 1_772_670_660
HASHES = [leaf_hash(entry) for entry in (b"a", b"b", ENTRY, b"d", b"e")]
REFUSALS = (AssertionError, ValueError, InvalidSignature, IndexError)


@pytest.fixture(scope="module")
def program():
    """The functions of the page's second program."""
    scope = {}
    exec(BLOCKS["python"][1], scope)  # noqa: S102  # our own page
    return scope


def made(extra=ENTRY):
    """The receipt that we make of the page's example."""

    def read(level, index):
        return tree_hash(HASHES[index << level : (index + 1) << level])

    text = Checkpoint(ORIGIN, 5, tree_hash(HASHES)).text
    note = Note(text, (sign(text, ORIGIN, LOG), cosign(text, WITNESS_NAME, WITNESS, AT)))
    return Receipt(2, tuple(inclusion_proof(2, 5, read)), note, extra)


def test_the_example_is_what_we_make_of_its_entries_and_keys():
    log = Key(ORIGIN, ED25519, LOG.public_key().public_bytes_raw())
    witness = Key(WITNESS_NAME, COSIGNATURE, WITNESS.public_key().public_bytes_raw())

    assert (log.vkey, witness.vkey) == (LOG_VKEY, WITNESS_VKEY)
    assert leaf_hash(ENTRY).hex() == LEAF_HASH
    assert tree_hash(HASHES).hex() == ROOT
    assert made().content.encode() == RECEIPT


def test_the_example_is_proved_by_us_under_its_policy():
    found = prove(receipt_of(RECEIPT), policy_of(POLICY))

    assert (found.index, found.checkpoint.size, found.leaf.hex()) == (2, 5, LEAF_HASH)
    assert [each.at for each in found.seen_by] == [AT]


def test_the_example_is_proved_by_the_program(program):
    first = {}
    exec(BLOCKS["python"][0], first)  # noqa: S102  # our own page
    found = program["prove"](RECEIPT, LOG_VKEY, [WITNESS_VKEY])

    assert found == {"index": 2, "size": 5, "entry": ENTRY, "witnesses": {WITNESS_NAME: AT}}
    digest = first["check"](found["entry"], json.loads(BLOCKS["json"][1]))
    assert digest == sha256(ENTRY).hexdigest()
    assert program["prove"](RECEIPT, LOG_VKEY)["witnesses"] == {}


def test_the_program_proves_receipts_of_paper_and_receipts_without_an_entry(program):
    paper, bare = (made(extra).content.encode() for extra in (leaf_hash(ENTRY), b""))

    assert program["prove"](paper, LOG_VKEY)["entry"] is None
    assert program["prove"](paper, LOG_VKEY, (), ENTRY)["entry"] == ENTRY
    assert program["prove"](bare, LOG_VKEY, (), ENTRY)["entry"] == ENTRY
    with pytest.raises(AssertionError, match="another entry"):
        program["prove"](paper, LOG_VKEY, (), b"other")
    with pytest.raises(AssertionError, match="neither"):
        program["prove"](bare, LOG_VKEY)


def test_the_program_refuses_what_others_have_signed(program):
    with pytest.raises(AssertionError, match="not signed by the log"):
        program["prove"](RECEIPT, WITNESS_VKEY)
    with pytest.raises(AssertionError, match="number of this key"):
        program["prove"](RECEIPT, LOG_VKEY.replace("trace", "other"))


def test_no_character_of_the_example_can_be_altered_before_the_program(program):
    told = program["prove"](RECEIPT, LOG_VKEY, [WITNESS_VKEY])
    for place in range(len(RECEIPT)):
        other = bytearray(RECEIPT)
        other[place] ^= 1
        try:
            found = program["prove"](bytes(other), LOG_VKEY, [WITNESS_VKEY])
        except REFUSALS:
            continue
        # all that may go wrong unseen is the name or number of the witness, which is then unknown
        assert found == told | {"witnesses": {}}, place


@given(st.integers(0, 300))
def test_the_program_finds_the_roots_that_we_find(program, size):
    entries = [f"entry {number}".encode() for number in range(size)]

    assert program["root_over"](entries) == root(size)


@given(st.integers(1, 300), st.data())
def test_the_program_follows_every_path(program, size, data):
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_proof(index, size, whole)

    assert program["root_from"](LEAVES[index], index, size, path) == root(size)
    for wrong in (path[1:], [*path, bytes(32)]):
        if wrong != path:
            with pytest.raises(AssertionError, match="path"):
                program["root_from"](LEAVES[index], index, size, wrong)


def test_the_program_and_we_judge_notes_alike(program):
    path = Path(__file__).parent / "vectors" / "notes.json"
    for published in json.loads(path.read_text("utf-8")).values():
        text, found = program["who_signed"](published["note"], published["keys"])

        assert list(found) == published["keys"]
        assert published["note"].startswith(f"{text}\n")
