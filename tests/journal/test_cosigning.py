"""Cosignatures that a witness without network gave are taken in, kept and shown."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kaohe.core.checkpoint import Checkpoint
from kaohe.core.notes import COSIGNATURE, Key, Note, NoteUnsound, cosign, note_of
from kaohe.journal.cosigning import NoCosignature, ask_witnesses, take_in
from kaohe.journal.models import Cosignature, Witness
from kaohe.journal.recovery import rebuild
from tests.fixtures.sealing import by_hand

NAME = "audit.example.gov.cn/witness"
AT = 1_780_000_000


class Other:
    """Another department's key."""

    def __init__(self, name=NAME):
        self.private = Ed25519PrivateKey.generate()
        self.name = name
        self.key = Key(name, COSIGNATURE, self.private.public_key().public_bytes_raw())

    def enter(self, url=""):
        return Witness.objects.create(name="市审计局", vkey=self.key.vkey, url=url)

    def over(self, note, at=AT):
        line = cosign(note.text, self.name, self.private, at)
        return Note(note.text, (*note.signatures, line)).content.encode()


@pytest.fixture
def signed(record):
    record.sealed(5)
    return record


def test_a_cosignature_is_kept_published_and_verified(signed):
    other = Other()
    witness = other.enter()

    assert take_in(signed.log, other.over(signed.log.last()[0])) == [witness]

    row = Cosignature.objects.get()
    assert (row.checkpoint_id, row.at.timestamp()) == (5, AT)
    witness.refresh_from_db()
    assert (witness.size, witness.seen_at.timestamp()) == (5, AT)
    published = note_of(signed.files()["checkpoint"])
    assert [each.name for each in published.signatures] == [signed.log.ring.origin, NAME]
    found = signed.verify()
    assert (found.findings, found.witnessed) == ([], 1)
    assert signed.check().is_sound


def test_it_stays_below_the_checkpoint_that_is_published_anew(signed):
    other = Other()
    other.enter()
    take_in(signed.log, other.over(signed.log.last()[0]))
    before = signed.files()["checkpoint"]

    rebuild(signed.log)
    assert signed.files()["checkpoint"] == before


def test_the_same_one_twice_is_kept_once(signed):
    other = Other()
    other.enter()
    content = other.over(signed.log.last()[0])

    take_in(signed.log, content)
    take_in(signed.log, content)
    assert Cosignature.objects.count() == 1


def test_one_over_an_earlier_checkpoint_is_taken_in_late(signed):
    other = Other()
    witness = other.enter()
    earlier = signed.log.last()[0]
    signed.sealed(5)

    take_in(signed.log, other.over(earlier))
    assert Cosignature.objects.get().checkpoint_id == 5
    published = signed.log.folder.checkpoint()
    assert published[1].size == 10
    assert [each.name for each in published[0].signatures] == [signed.log.ring.origin]
    assert signed.said() == []
    witness.refresh_from_db()
    assert witness.size == 5


def test_strangers_other_logs_and_forgeries_are_refused(signed):
    other, stranger = Other(), Other("somebody.example/witness")
    other.enter()
    note = signed.log.last()[0]
    of_another = signed.log.ring.sign(Checkpoint("other.example/trace", 5, b"\1" * 32))

    for content in (stranger.over(note), note.content.encode(), other.over(of_another)):
        with pytest.raises(NoCosignature):
            take_in(signed.log, content)
    forged = Other()
    line = cosign(note.text, NAME, forged.private, AT)
    line = type(line)(line.name, other.key.id, line.content)
    with pytest.raises(NoteUnsound):
        take_in(signed.log, Note(note.text, (*note.signatures, line)).content.encode())
    with pytest.raises(NoteUnsound):
        take_in(signed.log, b"nonsense")
    assert not Cosignature.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_cosignature SET line = 'nonsense'",
        "UPDATE journal_cosignature SET at = '2001-01-01 00:00:00+00:00'",
    ],
)
def test_a_cosignature_altered_in_the_database_is_named(signed, statement):
    other = Other()
    other.enter()
    take_in(signed.log, other.over(signed.log.last()[0]))
    by_hand(statement)

    assert signed.said() == [
        "The cosignature of “市审计局” over the checkpoint of 5 entries was altered."
    ]


def test_a_witness_that_does_not_answer_holds_nothing_up(signed):
    witness = Other().enter(url="http://127.0.0.1:1/")

    [asked] = ask_witnesses(signed.log)

    assert asked.witness == witness
    assert asked.refusal.code == "log.unreachable"
    witness.refresh_from_db()
    assert witness.trouble["code"] == asked.refusal.code
    assert signed.sealed(5)
    assert signed.log.last()[1].size == 10
