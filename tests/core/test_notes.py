"""Signed notes: what others signed verifies, what was altered never does."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kaohe.core.notes import (
    BAD_KEY,
    BAD_LINE,
    BAD_SIGNATURE,
    COSIGNATURE,
    ED25519,
    LAST_TIME,
    NO_BLANK,
    NOT_ENDED,
    NOT_TEXT,
    NOTE_LIMIT,
    SIGNATURES,
    TOO_LONG,
    UNKNOWN_KIND,
    WRONG_ID,
    Key,
    KeyUnsound,
    Note,
    NoteUnsound,
    Signature,
    Vouched,
    cosign,
    is_name,
    key_of,
    note_of,
    sign,
    signature_of,
    vouchers,
)

PUBLISHED = json.loads((Path(__file__).parent / "vectors" / "notes.json").read_text("utf-8"))
EXAMPLE = PUBLISHED["example of signed-note"]
LOG, WITNESS = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))
LOG_KEY = Key("log.example/trace", ED25519, LOG.public_key().public_bytes_raw())
WITNESS_KEY = Key("审计局", COSIGNATURE, WITNESS.public_key().public_bytes_raw())

CONTROL = "".join(map(chr, [*range(32), 127]))
lines = st.text(
    alphabet=st.characters(exclude_categories=["Cs"], exclude_characters=CONTROL), max_size=30
)
texts = st.lists(lines, min_size=1, max_size=5).map("\n".join).map("{}\n".format)
names = lines.filter(is_name)


def signed(text="text\n", at=1_790_000_000):
    """A note that the log signed and a witness cosigned."""
    signatures = sign(text, LOG_KEY.name, LOG), cosign(text, WITNESS_KEY.name, WITNESS, at)
    return Note(text, signatures)


def refused(kind, call, *args):
    with pytest.raises(kind) as caught:
        call(*args)
    return caught.value.facts["reason"]


# ── what others have published ────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_note_verifies_with_its_published_keys(name):
    keys = [key_of(vkey) for vkey in PUBLISHED[name]["keys"]]
    note = note_of(PUBLISHED[name]["note"].encode())

    assert [each.key for each in vouchers(note, keys)] == keys
    assert note.content == PUBLISHED[name]["note"]
    assert [key.vkey for key in keys] == PUBLISHED[name]["keys"]


def test_the_time_of_a_published_cosignature_is_read():
    published = PUBLISHED["arche2025h1"]
    log, witness = (key_of(vkey) for vkey in published["keys"])

    found = vouchers(note_of(published["note"].encode()), [witness, log])

    assert found == [Vouched(log), Vouched(witness, 1_779_573_024)]


def test_every_change_of_one_byte_of_a_published_note_voids_it():
    content, key = EXAMPLE["note"].encode(), key_of(EXAMPLE["keys"][0])
    for place in range(len(content)):
        for bit in range(8):
            other = bytearray(content)
            other[place] ^= 1 << bit
            assert holds(bytes(other), key) is None, (place, bit)


def holds(content, key):
    """The text for which a key vouches in a note; None: it does not, or that is no note."""
    try:
        note = note_of(content)
        return note.text if vouchers(note, [key]) else None
    except NoteUnsound:
        return None


@given(texts, st.data())
def test_whatever_is_altered_a_key_vouches_for_its_own_text_only(text, data):
    content = signed(text).content.encode()
    place = data.draw(st.integers(0, len(content) - 1))
    piece = data.draw(st.binary(max_size=3) | st.sampled_from([b"\n", b"\n\n", "— ".encode()]))
    cut = data.draw(st.integers(0, 3))
    other = content[:place] + piece + content[place + cut :]

    assert holds(other, LOG_KEY) in (None, text)
    assert holds(other, WITNESS_KEY) in (None, text)


# ── keys ──────────────────────────────────────────────────────────────────────────────────────────
@given(names, st.sampled_from([ED25519, COSIGNATURE]), st.binary(min_size=32, max_size=32))
def test_a_verification_key_leads_back_to_its_key(name, kind, public):
    key = Key(name, kind, public)

    assert key_of(key.vkey) == key_of(f" {key.vkey}\n") == key


def test_the_number_of_a_key_depends_on_its_name_and_kind():
    public = LOG_KEY.public

    assert len({Key(name, kind, public).id for name in ("a", "b") for kind in (1, 4)}) == 4


def content(kind, length):
    """The third part of a verification key of another kind."""
    return base64.b64encode(bytes([kind]) + bytes(length)).decode()


PARTS = EXAMPLE["keys"][0].split("+", 2)


@pytest.mark.parametrize(
    ("vkey", "reason"),
    [
        ("", BAD_KEY),
        ("example.com/foo", BAD_KEY),
        ("example.com/foo+530d903a", BAD_KEY),
        (f"+{PARTS[1]}+{PARTS[2]}", BAD_KEY),
        (f"a b+{PARTS[1]}+{PARTS[2]}", BAD_KEY),
        (f"a\u3000b+{PARTS[1]}+{PARTS[2]}", BAD_KEY),
        (f"a\ud800+{PARTS[1]}+{PARTS[2]}", BAD_KEY),
        (f"{'a' * 256}+{PARTS[1]}+{PARTS[2]}", BAD_KEY),
        (f"{PARTS[0]}+530D903A+{PARTS[2]}", BAD_KEY),
        (f"{PARTS[0]}+530d90+{PARTS[2]}", BAD_KEY),
        (f"{PARTS[0]}+53 0d903a+{PARTS[2]}", BAD_KEY),
        (f"{PARTS[0]}+530d903g+{PARTS[2]}", BAD_KEY),
        (f"{PARTS[0]}+{PARTS[1]}+{PARTS[2][:-1]}", BAD_KEY),
        (f"{PARTS[0]}+{PARTS[1]}+{PARTS[2][:-1]}!", BAD_KEY),
        (f"{PARTS[0]}+{PARTS[1]}+{PARTS[2][:-2]}-_", BAD_KEY),
        (f"{PARTS[0]}+{PARTS[1]}+{PARTS[2]}钥", BAD_KEY),
        (f"{PARTS[0]}+{PARTS[1]}+AQ==", UNKNOWN_KIND),
        (f"{PARTS[0]}+{PARTS[1]}+{content(6, 1312)}", UNKNOWN_KIND),
        (f"{PARTS[0]}+{PARTS[1]}+{content(2, 32)}", UNKNOWN_KIND),
        (f"{PARTS[0]}+{PARTS[1]}+", UNKNOWN_KIND),
        (f"{PARTS[0]}+530d903b+{PARTS[2]}", WRONG_ID),
        (f"{PARTS[0]}x+{PARTS[1]}+{PARTS[2]}", WRONG_ID),
    ],
)
def test_what_is_no_verification_key_is_refused_with_the_reason(vkey, reason):
    assert refused(KeyUnsound, key_of, vkey) == reason


@pytest.mark.parametrize(
    "vkey",
    [
        "x" * 999,
        f"{'x' * 256}+{PARTS[1]}+{PARTS[2]}",
        f"{'x' * 255}+{PARTS[1]}+AQ==",
        f"{'x' * 255}+{PARTS[1]}+{PARTS[2]}",
    ],
)
def test_of_a_long_line_that_is_no_key_the_beginning_is_told(vkey):
    with pytest.raises(KeyUnsound) as caught:
        key_of(vkey)

    assert caught.value.facts["key"] == vkey[:200]


# ── the form of a note ────────────────────────────────────────────────────────────────────────────
@given(texts, st.lists(st.tuples(names, st.binary(min_size=5)), min_size=1, max_size=4))
def test_a_note_is_read_as_it_was_written(text, below):
    signatures = tuple(Signature(name, told[:4], told[4:]) for name, told in below)
    note = Note(text, signatures)

    assert note_of(note.content.encode()) == note


@given(st.binary(max_size=80) | lines.map("text\n\n— a {}\n".format).map(str.encode))
def test_whatever_is_read_as_a_note_is_written_as_it_was(content):
    try:
        note = note_of(content)
    except NoteUnsound:
        return

    assert note.content.encode() == content


def test_the_last_blank_line_parts_text_and_signatures():
    text = "first\n\n— log.example/trace AAAAAAAA\n\n\nlast\n"
    note = signed(text)

    assert note_of(note.content.encode()) == note
    assert [each.key for each in vouchers(note, [LOG_KEY])] == [LOG_KEY]
    assert note_of(signed("\n").content.encode()).text == "\n"


LINE = "— a AAAAAAA="  # a name, four bytes of a number, one byte


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", NO_BLANK),
        ("text\n", NO_BLANK),
        (f"\n{LINE}\n", NO_BLANK),
        (f"text\n{LINE}\n", NO_BLANK),
        ("text\n\n", NOT_ENDED),
        (f"text\n\n{LINE}", NOT_ENDED),
        (f"text\n\n{LINE}\n\n", NOT_ENDED),
        (f"text\r\n\r\n{LINE}\r\n", NOT_TEXT),
        (f"te\txt\n\n{LINE}\n", NOT_TEXT),
        (f"te\x00xt\n\n{LINE}\n", NOT_TEXT),
        (f"text\n\n{LINE}\nnothing\n", BAD_LINE),
        ("text\n\n— a\n", BAD_LINE),
        ("text\n\n— a \n", BAD_LINE),
        ("text\n\n—  AAAAAAA=\n", BAD_LINE),
        ("text\n\n— a+b AAAAAAA=\n", BAD_LINE),
        ("text\n\n— a\u00a0b AAAAAAA=\n", BAD_LINE),
        ("text\n\n- a AAAAAAA=\n", BAD_LINE),
        ("text\n\n—a AAAAAAA=\n", BAD_LINE),
        ("text\n\n— — a AAAAAAA=\n", BAD_LINE),
        ("text\n\na AAAAAAA=\n", BAD_LINE),
        ("text\n\n— a  AAAAAAA=\n", BAD_LINE),
        ("text\n\n— a AAAAAAA= \n", BAD_LINE),
        ("text\n\n— a AAAAAA==\n", BAD_LINE),  # four bytes: no signature behind the number
        ("text\n\n— a AAAAAAB=\n", BAD_LINE),  # the same bytes in another spelling
        ("text\n\n— a AAAAAAA\n", BAD_LINE),
        ("text\n\n— a AAAA_AA=\n", BAD_LINE),
        ("text\n\n— a ＡAAAAAA=\n", BAD_LINE),
        (f"text\n\n{'x' * NOTE_LIMIT}\n", TOO_LONG),
        (f"text\n\n{(LINE + chr(10)) * (SIGNATURES + 1)}", TOO_LONG),
    ],
)
def test_what_is_no_note_is_refused_with_the_reason(content, reason):
    assert refused(NoteUnsound, note_of, content.encode()) == reason


def test_what_is_not_utf_8_is_no_note():
    assert refused(NoteUnsound, note_of, b"te\xffxt\n\n\xe2\x80\x94 a AAAAAAA=\n") == NOT_TEXT


def test_as_many_signatures_as_the_specification_asks_for_are_read():
    longest = Signature("a", bytes(4), bytes(5_000))

    assert len(note_of(Note("text\n", (longest,) * 16).content.encode()).signatures) == 16
    assert len(note_of(f"text\n\n{(LINE + chr(10)) * SIGNATURES}".encode()).signatures) == 32


def test_a_note_may_be_as_long_as_it_says_and_no_longer():
    for more, is_read in ((0, True), (1, False)):
        text = "x" * (NOTE_LIMIT - len(f"\n\n{LINE}\n".encode()) + more) + "\n"
        content = Note(text, (signature_of(LINE),)).content.encode()
        assert len(content) == NOTE_LIMIT + more
        if is_read:
            assert note_of(content).text == text
        else:
            assert refused(NoteUnsound, note_of, content) == TOO_LONG
    assert NOTE_LIMIT >= 16 * 4 * 5_000 / 3  # what the specification asks for


def test_a_line_of_a_signature_is_read_alone():
    signature = sign("text\n", LOG_KEY.name, LOG)

    assert signature_of(signature.line.removesuffix("\n")) == signature
    assert refused(NoteUnsound, signature_of, signature.line) == BAD_LINE


# ── who vouches ───────────────────────────────────────────────────────────────────────────────────
def test_those_who_signed_are_found_in_the_order_of_the_lines():
    note = signed()

    assert vouchers(note, [WITNESS_KEY, LOG_KEY]) == [
        Vouched(LOG_KEY),
        Vouched(WITNESS_KEY, 1_790_000_000),
    ]
    assert vouchers(note, []) == []


def test_signatures_of_unknown_keys_are_passed_over():
    note = signed()
    same_name = Key(LOG_KEY.name, ED25519, WITNESS_KEY.public)
    same_key = Key("other", ED25519, LOG_KEY.public)
    as_witness = Key(LOG_KEY.name, COSIGNATURE, LOG_KEY.public)
    strange = Signature(LOG_KEY.name, b"\xff\xff\xff\xff", b"of a kind that comes later")

    assert vouchers(note, [same_name, same_key, as_witness]) == []
    assert len(vouchers(Note(note.text, (strange, *note.signatures)), [LOG_KEY])) == 1


def test_a_failing_signature_of_a_known_key_voids_the_note():
    log, witness = signed().signatures
    other = sign("other\n", LOG_KEY.name, LOG)
    short = Signature(log.name, log.key_id, log.content[:-1])
    no_time = Signature(witness.name, witness.key_id, witness.content[:8])

    for wrong in (other, short, no_time):
        note = Note("text\n", (log, wrong) if wrong is no_time else (wrong, witness))
        assert refused(NoteUnsound, vouchers, note, [LOG_KEY, WITNESS_KEY]) == BAD_SIGNATURE
    assert [each.key for each in vouchers(Note("text\n", (other, witness)), [WITNESS_KEY])] == [
        WITNESS_KEY
    ]


def test_a_key_that_signed_twice_vouches_once():
    log, witness = signed().signatures
    later = cosign("text\n", WITNESS_KEY.name, WITNESS, 1_790_000_060)

    found = vouchers(Note("text\n", (log, log, witness, later)), [LOG_KEY, WITNESS_KEY])

    assert found == [Vouched(LOG_KEY), Vouched(WITNESS_KEY, 1_790_000_000)]


def test_a_signature_is_of_one_kind_only():
    log = sign("text\n", "same", LOG)
    as_cosignature = Key("same", COSIGNATURE, LOG_KEY.public)
    posing = Signature("same", as_cosignature.id, bytes(8) + log.content)

    assert refused(NoteUnsound, vouchers, Note("text\n", (posing,)), [as_cosignature])


def test_a_cosignature_binds_its_time():
    witness = signed().signatures[1]
    moved = Signature(witness.name, witness.key_id, bytes(8) + witness.content[8:])

    assert refused(NoteUnsound, vouchers, Note("text\n", (moved,)), [WITNESS_KEY]) == BAD_SIGNATURE


@pytest.mark.parametrize("at", [0, 1, LAST_TIME])
def test_every_time_that_a_calendar_has_is_borne(at):
    assert datetime.fromtimestamp(at, UTC) <= datetime.max.replace(microsecond=0, tzinfo=UTC)
    assert datetime.fromtimestamp(LAST_TIME, UTC).strftime("%m-%d %T") == "12-31 23:59:59"
    assert vouchers(signed(at=at), [WITNESS_KEY]) == [Vouched(WITNESS_KEY, at)]


@pytest.mark.parametrize("at", [LAST_TIME + 1, 2**63 - 1, 2**63, 2**64 - 1])
def test_a_time_that_no_calendar_has_is_refused_though_it_was_signed(at):
    assert refused(NoteUnsound, vouchers, signed(at=at), [WITNESS_KEY]) == BAD_SIGNATURE
