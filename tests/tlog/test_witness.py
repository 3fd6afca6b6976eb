"""A witness cosigns what continues what it has seen, and nothing else."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest

from kaohe.core.checkpoint import Checkpoint, checkpoint_of
from kaohe.core.merkle import EMPTY, consistency_proof
from kaohe.core.notes import COSIGNATURE, Note, Signature, note_of, vouchers
from kaohe.tlog.keys import make_ring
from kaohe.tlog.store import CheckpointStore
from kaohe.tlog.witness import Witness
from kaohe.tlog.witness_client import cosignature
from kaohe.tlog.witness_home import (
    EVIDENCE_LIMIT,
    make_witness,
    read_witness,
)
from kaohe.tlog.witness_request import PROOF_LIMIT, REQUEST_LIMIT, Request
from tests.fixtures.logs import ORIGIN, GrowingLog

NAME = "audit.example.gov.cn/witness"
NOW = 1_790_000_000


class Clock:
    """A clock that stands until it is set."""

    now = float(NOW)

    def __call__(self):
        return self.now


@pytest.fixture
def home(tmp_path, ring):
    return make_witness(tmp_path / "witness", NAME).trust(ring.keys[0])


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def witness(home, clock):
    return Witness(home, clock)


def request(log, note, old):
    """The body of a request, with the proof that the log's tiles give."""
    size = checkpoint_of(note).size
    proof = consistency_proof(old, size, log.folder.reader(size)) if old <= size else []
    return Request(old, tuple(proof), note).content


def altered(note, **change):
    """The same signatures below another text."""
    checkpoint = checkpoint_of(note)
    told = {"origin": checkpoint.origin, "size": checkpoint.size, "root": checkpoint.root} | change
    return Note(Checkpoint(**told).text, note.signatures)


def test_it_cosigns_what_it_sees_first_and_what_continues_that(witness, log):
    for old, more in ((0, 5), (5, 300), (305, 1), (306, 700)):
        note = log.grow(more)

        answer = witness.add_checkpoint(request(log, note, old))

        assert (answer.status, answer.kind) == (200, "text/plain; charset=utf-8")
        signature = cosignature(witness.home.key, note.text, answer.body)
        assert signature.line.encode() == answer.body
        [vouched] = vouchers(Note(note.text, (signature,)), [witness.home.key])
        assert (vouched.at, vouched.key.kind) == (NOW, COSIGNATURE)
        assert witness.known(ORIGIN) == checkpoint_of(note)


def test_the_same_checkpoint_again_is_cosigned_again(witness, log, clock):
    note = log.grow(7)
    first = witness.add_checkpoint(request(log, note, 0))
    clock.now += 60

    again = witness.add_checkpoint(request(log, note, 7))

    assert (first.status, again.status) == (200, 200)
    assert first.body != again.body


def test_an_empty_log_is_cosigned(witness, log, ring):
    note = ring.sign(Checkpoint(ORIGIN, 0, EMPTY))
    for _ in range(2):
        assert witness.add_checkpoint(Request(0, (), note).content).status == 200

    assert witness.add_checkpoint(request(log, log.grow(3), 0)).status == 200


def test_404_for_a_log_that_it_does_not_know(witness, tmp_path):
    stranger = make_ring(tmp_path / "stranger", "other.example.gov.cn/trace")
    note = stranger.sign(Checkpoint(stranger.origin, 0, EMPTY))

    answer = witness.add_checkpoint(Request(0, (), note).content)

    assert answer.status == 404
    assert stranger.origin in answer.body.decode()


def test_403_where_no_trusted_key_has_signed_or_one_fails(witness, log, tmp_path):
    note = log.grow(3)
    stranger = make_ring(tmp_path / "stranger", ORIGIN).sign(checkpoint_of(note))

    for each in (stranger, altered(note, root=bytes(32)), altered(note, size=4)):
        assert witness.add_checkpoint(Request(0, (), each).content).status == 403
    assert witness.known(ORIGIN) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda body: b"",
        lambda body: body.replace(b"old 0", b"old 00"),
        lambda body: body.replace(b"old 0", b"old -1"),
        lambda body: body.replace(b"old 0", b"old 9" + b"9" * 30),
        lambda body: body.replace(b"old 0", b"new 0"),
        lambda body: body.replace(b"old 0", "old ０".encode()),
        lambda body: body.replace(b"old 0\n", b"old 0\nAAAA\n"),
        lambda body: body.replace(b"old 0\n", b"old 0\n?\n"),
        lambda body: body.replace(b"old 0\n", b"old 0\n" + (b"A" * 43 + b"=\n") * 64),
        lambda body: body.replace(b"old 0\n", b"old 0\n" + b"A" * 42 + b"B=\n"),
        lambda body: body.replace(b"\n\n", b"\n"),
        lambda body: body[:-1],
        lambda body: body.replace(b"\n3\n", b"\n03\n"),
        lambda body: body + b"x" * REQUEST_LIMIT,
        lambda body: b"\xff" + body,
    ],
)
def test_400_for_what_is_no_request(witness, log, change):
    body = request(log, log.grow(3), 0)

    answer = witness.add_checkpoint(change(body))

    assert answer.status == 400
    assert answer.body.endswith(b"\n")
    assert witness.known(ORIGIN) is None


def test_63_lines_of_proof_are_read(witness, log):
    note = log.grow(3)

    answer = witness.add_checkpoint(Request(0, (bytes(32),) * PROOF_LIMIT, note).content)

    assert answer.status == 422


def test_400_where_the_old_size_is_larger_than_the_new(witness, log):
    assert witness.add_checkpoint(request(log, log.grow(3), 4)).status == 400


def test_409_names_the_size_that_it_knows(witness, log):
    early = log.grow(3)
    answer = witness.add_checkpoint(request(log, early, 2))
    assert (answer.status, answer.kind, answer.body) == (409, "text/x.tlog.size", b"0\n")
    later = log.grow(6)
    witness.add_checkpoint(request(log, later, 0))

    for note, old in ((later, 0), (later, 3), (early, 3), (early, 0)):
        answer = witness.add_checkpoint(request(log, note, old))
        assert (answer.status, answer.kind, answer.body) == (409, "text/x.tlog.size", b"9\n")


def test_422_for_a_proof_that_does_not_hold(witness, log):
    witness.add_checkpoint(request(log, log.grow(5), 0))
    note = log.grow(5)
    proof = consistency_proof(5, 10, log.folder.reader(10))

    for wrong in ([], proof[:-1], [*proof, bytes(32)], [bytes(32), *proof[1:]]):
        assert witness.add_checkpoint(Request(5, tuple(wrong), note).content).status == 422
    assert witness.known(ORIGIN).size == 5


def test_422_for_the_rules_about_nothing(witness, ring, log):
    nonsense = ring.sign(Checkpoint(ORIGIN, 0, bytes(32)))

    assert witness.add_checkpoint(Request(0, (), nonsense).content).status == 422
    assert witness.add_checkpoint(Request(0, (EMPTY,), log.grow(2)).content).status == 422
    assert witness.known(ORIGIN) is None


def test_a_fork_is_refused_and_the_signed_contradiction_kept(witness, log, tmp_path, ring):
    fork = GrowingLog(tmp_path / "fork", ring)
    witness.add_checkpoint(request(log, log.grow(10), 0))
    same_size = fork.grow(10, branch="other")

    answer = witness.add_checkpoint(request(fork, same_size, 10))

    assert answer.status == 422
    assert "rewritten" in answer.body.decode()
    assert [path.read_text("utf-8") for path in witness.home.evidence()] == [same_size.content]
    longer = fork.grow(5)
    assert witness.add_checkpoint(request(fork, longer, 10)).status == 422
    assert witness.known(ORIGIN) == checkpoint_of(log.note())
    assert witness.add_checkpoint(request(log, log.grow(1), 10)).status == 200


def test_a_rollback_is_refused(witness, log, tmp_path, ring):
    witness.add_checkpoint(request(log, log.grow(10), 0))
    restored = GrowingLog(tmp_path / "restored", ring)
    note = restored.grow(6)

    answer = witness.add_checkpoint(request(restored, note, 6))

    assert (answer.status, answer.body) == (409, b"10\n")
    restored.grow(4, branch="after the restore")
    assert witness.add_checkpoint(request(restored, restored.note(), 10)).status == 422


def test_what_is_kept_as_evidence_is_bounded(witness, log, tmp_path, ring):
    witness.add_checkpoint(request(log, log.grow(2), 0))
    for number in range(EVIDENCE_LIMIT + 3):
        root = sha256(bytes([number])).digest()
        note = ring.sign(Checkpoint(ORIGIN, 2, root))
        assert witness.add_checkpoint(Request(2, (), note).content).status == 422

    assert len(witness.home.evidence()) == EVIDENCE_LIMIT


def test_a_log_may_change_its_key(witness, log, tmp_path):
    witness.add_checkpoint(request(log, log.grow(4), 0))
    changing = make_ring(tmp_path / "ring", ORIGIN)
    old = changing.keys[0]
    witness.home.trust(old)
    changing = changing.begin_change()
    log.ring = changing
    both = log.grow(3)
    assert witness.add_checkpoint(request(log, both, 4)).status == 200
    assert len(note_of(witness.home.store.last(ORIGIN).encode()).signatures) == 2  # log, witness
    log.ring = changing.end_change()
    alone = log.grow(3)
    assert witness.add_checkpoint(request(log, alone, 7)).status == 403

    read_witness(witness.home.folder).trust(log.ring.keys[0])  # by the command, meanwhile
    assert witness.add_checkpoint(request(log, alone, 7)).status == 200

    read_witness(witness.home.folder).distrust(log.ring.keys[0])
    assert witness.add_checkpoint(request(log, log.grow(1), 10)).status == 403


def test_only_lines_that_were_verified_are_published(witness, log):
    note = log.grow(4)
    [good] = note.signatures
    second = Signature(good.name, good.key_id, bytes(64))
    other = Signature("someone.example", b"abcd", bytes(64))
    crowd = Note(note.text, (other, good, second))

    assert witness.add_checkpoint(request(log, crowd, 0)).status == 200

    answer = witness.published(sha256(ORIGIN.encode()).hexdigest())
    published = note_of(answer.body)
    assert (published.text, published.signatures[0]) == (note.text, good)
    assert [each.name for each in published.signatures] == [ORIGIN, NAME]
    assert len(vouchers(published, [*log.ring.keys, witness.home.key])) == 2
    assert witness.published(sha256(b"unknown").hexdigest()).status == 404


def test_a_clock_that_was_set_back_stops_it(witness, log, clock):
    witness.add_checkpoint(request(log, log.grow(4), 0))
    clock.now = NOW - 1
    note = log.grow(1)

    answer = witness.add_checkpoint(request(log, note, 4))

    assert answer.status == 503
    assert "clock" in answer.body.decode()
    assert witness.known(ORIGIN).size == 4
    clock.now = NOW
    assert witness.add_checkpoint(request(log, note, 4)).status == 200


def test_of_two_at_once_one_is_served_and_nothing_rolls_back(home, log):
    first = log.grow(3)
    Witness(home).add_checkpoint(request(log, first, 0))
    bodies = []
    for _ in range(8):
        bodies.append(request(log, log.grow(2), 3))

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(Witness(home).add_checkpoint, bodies))

    assert sorted(answer.status for answer in answers) == [200] + [409] * 7
    [winner] = [place for place, each in enumerate(answers) if each.status == 200]
    known = Witness(home).known(ORIGIN).size
    assert known == 3 + 2 * (winner + 1)
    assert {each.body for each in answers if each.status == 409} == {b"%d\n" % known}


def test_the_loser_of_a_race_is_told_the_new_size(witness, log, monkeypatch):
    first, second = log.grow(3), log.grow(4)
    rival = request(log, second, 0)
    swap = CheckpointStore.swap

    def beaten(store, origin, old, new):
        monkeypatch.setattr(CheckpointStore, "swap", swap)
        assert witness.add_checkpoint(rival).status == 200
        return swap(store, origin, old, new)

    monkeypatch.setattr(CheckpointStore, "swap", beaten)

    answer = witness.add_checkpoint(request(log, first, 0))

    assert (answer.status, answer.body) == (409, b"7\n")
    assert witness.known(ORIGIN).size == 7


def test_who_always_comes_second_is_turned_away(witness, log, monkeypatch):
    monkeypatch.setattr(CheckpointStore, "swap", lambda *_: False)

    assert witness.add_checkpoint(request(log, log.grow(3), 0)).status == 503


def test_a_crash_between_storing_and_answering_is_made_good_by_asking_again(witness, log):
    note = log.grow(6)
    witness.add_checkpoint(request(log, note, 0))  # the answer never arrives

    told = witness.add_checkpoint(request(log, note, 0))
    assert (told.status, told.body) == (409, b"6\n")

    assert witness.add_checkpoint(request(log, note, 6)).status == 200


def test_nothing_is_answered_before_it_is_stored(witness, log, monkeypatch):
    class Crash(BaseException):
        pass

    def crash(*_):
        raise Crash

    monkeypatch.setattr(CheckpointStore, "swap", crash)

    with pytest.raises(Crash):
        witness.add_checkpoint(request(log, log.grow(6), 0))


def test_a_store_that_cannot_be_written_is_no_cosignature(witness, log):
    store = witness.home.store.folder
    store.mkdir()
    (store / "last.sqlite3").mkdir()

    answer = witness.add_checkpoint(request(log, log.grow(6), 0))

    assert answer.status == 503
    assert witness.published("0" * 64).status == 503


@pytest.mark.parametrize("content", ["nonsense", "{note}"])
def test_a_store_that_was_tampered_with_stops_it(witness, log, content):
    note = log.grow(2)  # signed by the log, but never cosigned
    witness.home.store.swap(ORIGIN, None, content.format(note=note.content))

    answer = witness.add_checkpoint(request(log, note, 2))

    assert answer.status == 503
    assert "damaged" in answer.body.decode()
