"""A log read over http as if it lay here; and cosigned from an address or a folder."""

import shutil

import pytest

from kaohe.core.checkpoint import checkpoint_of
from kaohe.core.errors import Refusal
from kaohe.core.merkle import consistency_proof
from kaohe.core.notes import NoteUnsound, vouchers
from kaohe.core.tiles import Tile
from kaohe.tlog.folder import LogDamaged, LogFolder
from kaohe.tlog.fsck import ALTERED_ENTRY, check_log
from kaohe.tlog.remote import RemoteLog, log_at
from kaohe.tlog.remote_call import Unreachable
from kaohe.tlog.witness import NotConsistent, NotSignedByLog, UnknownLog, Witness
from kaohe.tlog.witness_check import FileDamaged, FilesDamaged, OlderThanSeen, check
from kaohe.tlog.witness_home import make_witness
from tests.fixtures.logs import ORIGIN, GrowingLog, entry
from tests.tlog.servers import files, http, saying


@pytest.fixture
def witness(tmp_path, ring):
    return Witness(make_witness(tmp_path / "witness", "audit.example.gov.cn/w").trust(ring.keys[0]))


@pytest.fixture
def address(log):
    log.folder.root.mkdir(parents=True)
    with files(log.folder.root) as found:
        yield found


def test_a_log_at_an_address_reads_like_one_in_a_folder(log, address):
    note = log.grow(600)
    far = log_at(address + "/")

    assert isinstance(far, RemoteLog)
    assert far.checkpoint() == (note, checkpoint_of(note))
    assert far.entries(1) == [entry(index) for index in range(256, 512)]
    assert far.entries(2, 88)[-1] == entry(599)
    assert far.hashes(Tile(0, 2, 88)) == log.folder.hashes(Tile(0, 2, 88))
    proof = consistency_proof(300, 600, far.reader(600))
    assert proof == consistency_proof(300, 600, log.folder.reader(600))


def test_it_can_be_checked_through_from_afar(log, address, ring):
    log.grow(600)
    assert check_log(RemoteLog(address), ring.keys).flaws == []
    path = log.folder.root / "tile/entries/001"
    path.write_bytes(path.read_bytes().replace(b'"index":300', b'"index":301'))

    [flaw] = check_log(RemoteLog(address), ring.keys).flaws

    assert (flaw.file, flaw.reason, flaw.index) == ("tile/entries/001", ALTERED_ENTRY, 300)


def test_of_a_partial_tile_the_full_one_will_do(log, address):
    log.grow(100)
    log.grow(200)

    far = RemoteLog(address)

    assert far.hashes(Tile(0, 0, 100)) == log.folder.hashes(Tile(0, 0))[:100]
    assert far.entries(0, 100) == [entry(index) for index in range(100)]


def test_what_is_missing_or_cut_short_is_named(log, address):
    log.grow(300)
    far = RemoteLog(address)
    (log.folder.root / "tile/0/000").write_bytes(bytes(100))
    (log.folder.root / "tile/entries/000").write_bytes(b"\0")
    (log.folder.root / "tile/entries/001.p/44").write_bytes(b"\0\0")

    for ask in (
        lambda: far.read(Tile(0, 9)),
        lambda: far.hashes(Tile(0, 0)),
        lambda: far.entries(0),
        lambda: far.entries(1, 44),
    ):
        with pytest.raises(LogDamaged) as told:
            ask()
        assert address in str(told.value)


def test_a_log_that_is_not_there_has_no_checkpoint(log, address):
    assert RemoteLog(address).checkpoint() is None

    (log.folder.root / "checkpoint").write_text("nonsense")
    with pytest.raises(NoteUnsound):
        RemoteLog(address).checkpoint()


@pytest.mark.parametrize("answer", [http(500), http(302), http(200, b"x" * 9000), b""])
def test_other_answers_are_told(answer):
    with saying(answer) as address, pytest.raises(Unreachable):
        RemoteLog(address).read(Tile(0, 0))


# ── a witness that looks for itself ───────────────────────────────────────────────────────────────
@pytest.mark.parametrize("place", ["folder", "address"])
def test_a_log_that_is_brought_is_cosigned(place, log, address, witness):
    for more in (5, 0, 600):
        note = log.grow(more)
        found = log_at(address if place == "address" else str(log.folder.root))

        cosigned = check(witness, found)

        assert cosigned.text == note.text
        assert len(vouchers(cosigned, [*log.ring.keys, witness.home.key])) == 2
        assert witness.known(ORIGIN) == checkpoint_of(note)


def test_an_older_stick_is_told_apart(log, witness, tmp_path):
    log.grow(5)
    shutil.copytree(log.folder.root, tmp_path / "stick")
    log.grow(5)
    check(witness, log.folder)

    with pytest.raises(OlderThanSeen):
        check(witness, LogFolder(tmp_path / "stick"))


def test_a_stick_with_another_history_is_refused(log, witness, tmp_path, ring):
    log.grow(5)
    check(witness, log.folder)
    fork = GrowingLog(tmp_path / "fork", ring)
    fork.grow(9, branch="other")

    with pytest.raises(NotConsistent):
        check(witness, fork.folder)
    assert witness.known(ORIGIN).size == 5


def test_damaged_files_are_not_taken_for_another_history(log, witness):
    log.grow(300)
    path = log.folder.root / "tile/1/000.p/1"
    kept = path.read_bytes()
    path.write_bytes(bytes(32))
    with pytest.raises(FilesDamaged):
        check(witness, log.folder)
    path.unlink()
    with pytest.raises(FileDamaged):
        check(witness, LogFolder(log.folder.root))
    path.write_bytes(kept)

    assert check(witness, LogFolder(log.folder.root))


def test_without_a_checkpoint_or_a_trusted_key_nothing_is_cosigned(
    log, witness, tmp_path, ring, address
):
    for each in (log.folder, RemoteLog(address)):
        with pytest.raises(FileDamaged):
            check(witness, each)
    log.folder.write([("checkpoint", b"a\n\nb\n")])
    with pytest.raises(Refusal):
        check(witness, log.folder)
    note = log.grow(3)
    log.folder.write([("checkpoint", note.content.replace("\n3\n", "\n2\n").encode())])
    with pytest.raises((FileDamaged, FilesDamaged)):
        check(witness, log.folder)
    log.folder.write([("checkpoint", note.content.replace("trace\n3", "other\n3").encode())])
    with pytest.raises(UnknownLog):
        check(witness, log.folder)
    witness.home.distrust(ring.keys[0])
    log.folder.publish(note)
    with pytest.raises((UnknownLog, NotSignedByLog)):
        check(witness, log.folder)
