"""A moved installation, a lost or older store, other keys: nothing is signed twice over."""

import hashlib
import json
import shutil

import pytest

from kaohe.core.checkpoint import Checkpoint, checkpoint_of
from kaohe.core.notes import NoteUnsound, note_of
from kaohe.journal.checking import Forked, LogRestored, StoreBehind, StoreEmpty
from kaohe.journal.erasing import Ground
from kaohe.journal.log import NotSigned, OtherLog
from kaohe.journal.models import JournalEntry, Witness
from kaohe.journal.recovery import (
    Contradicts,
    NothingKnown,
    NotNewer,
    RowsUnfit,
    TilesBeyond,
    UnknownSigner,
    adopt,
    rebuild,
    recover,
)
from kaohe.tlog.folder import LogFolder
from kaohe.tlog.keys import make_ring
from kaohe.tlog.remote_call import Caller, Reply
from tests.fixtures.sealing import by_hand, indexed
from tests.journal.test_recovery import Backup

GROUND = Ground("judgment", "（2026）鲁0683民初1号", "erasure:1")


# ── the store ─────────────────────────────────────────────────────────────────────────────────────
def lose_store(record):
    (record.home / "last-checkpoint" / "last.sqlite3").unlink()


def test_a_moved_installation_goes_on_once_it_has_adopted_the_newest_checkpoint(record):
    record.sealed(300)
    note = record.log.last()[0].content.encode()
    lose_store(record)
    shutil.rmtree(record.home / "log")
    record.add(1)
    with pytest.raises(StoreEmpty, match="kaohe journal adopt"):
        record.seal()

    assert adopt(record.log, note).size == 300

    assert record.check().is_sound
    assert record.seal().checkpoint.size == 302  # and the entry that says so
    assert record.said() == []
    told = JournalEntry.objects.get(action="log.checkpoint-adopted")
    assert json.loads(told.leaf)["facts"]["size"] == 300


def test_where_nobody_has_kept_one_the_database_still_knows_it(record):
    with pytest.raises(NothingKnown):
        adopt(record.log, None)
    record.sealed(5)
    lose_store(record)

    assert adopt(record.log, None).size == 5
    record.add(1)
    assert record.seal() is not None


def test_an_older_backup_in_a_new_folder_needs_the_newest_checkpoint_and_a_copy(record, tmp_path):
    record.sealed(10)
    backup = Backup()
    record.sealed(20)
    newest = record.log.last()[0].content.encode()
    shutil.copytree(record.home / "log", tmp_path / "copy")
    backup.restore()
    lose_store(record)
    shutil.rmtree(record.home / "log")

    adopt(record.log, newest)
    with pytest.raises(LogRestored):
        record.seal()
    assert recover(record.log, LogFolder(tmp_path / "copy")) == (10, 30)
    assert record.seal() is not None
    assert record.check().is_sound
    assert record.said() == []


def test_a_store_that_was_itself_brought_back_signs_nothing(record, tmp_path):
    record.sealed(10)
    shutil.copytree(record.home / "last-checkpoint", tmp_path / "old")
    record.sealed(10)
    shutil.rmtree(record.home / "last-checkpoint")
    shutil.copytree(tmp_path / "old", record.home / "last-checkpoint")
    record.add(1)

    with pytest.raises(StoreBehind, match="covers 10 entries, but one of 20") as refused:
        record.seal()
    assert any("published 20 entries" in each for each in record.said())

    adopt(record.log, (record.home / "log" / "checkpoint").read_bytes())
    assert record.seal().checkpoint.size == 22
    assert str(record.home / "log" / "checkpoint") in str(refused.value)
    assert record.said() == []


def test_only_a_newer_checkpoint_of_this_log_that_fits_is_adopted(record, tmp_path):
    record.sealed(10)
    old = record.log.last()[0].content.encode()
    record.sealed(10)
    newest = record.log.last()[0]
    origin = record.log.ring.origin
    forged = record.log.ring.sign(Checkpoint(origin, 20, b"\1" * 32))
    ahead = record.log.ring.sign(Checkpoint(origin, 15, b"\1" * 32))
    stranger = make_ring(tmp_path / "stranger", origin)
    other = make_ring(tmp_path / "other", "other.example.gov.cn/trace")
    root = checkpoint_of(newest).root

    with pytest.raises(NotNewer, match="10 entries, but 20"):
        adopt(record.log, old)
    with pytest.raises(NotNewer):
        adopt(record.log, ahead.content.encode())
    with pytest.raises(Contradicts, match="two histories"):
        adopt(record.log, forged.content.encode())
    for ring in (stranger, other):
        with pytest.raises(UnknownSigner):
            adopt(record.log, ring.sign(Checkpoint(ring.origin, 20, root)).content.encode())
    with pytest.raises(NoteUnsound):
        adopt(record.log, b"\xff nonsense")
    altered = newest.content.replace("\n20\n", "\n21\n")
    with pytest.raises(NoteUnsound):
        adopt(record.log, altered.encode())
    assert record.log.last()[0] == newest
    assert record.said() == []


def test_an_older_one_is_not_adopted_by_an_empty_store_either(record):
    record.sealed(10)
    old = record.log.last()[0].content.encode()
    record.sealed(10)
    lose_store(record)

    with pytest.raises(NotNewer, match="10 entries, but 20"):
        adopt(record.log, old)


def test_a_checkpoint_over_other_rows_is_not_adopted(record):
    record.sealed(10)
    lose_store(record)
    record.add(5)
    forged = record.log.ring.sign(Checkpoint(record.log.ring.origin, 10, b"\1" * 32))
    (record.home / "log" / "checkpoint").unlink()
    by_hand("DELETE FROM journal_checkpoint")

    with pytest.raises(RowsUnfit):
        adopt(record.log, forged.content.encode())
    assert record.log.last() is None


def test_two_signed_checkpoints_of_one_size_stop_everything(record):
    record.sealed(10)
    forged = record.log.ring.sign(Checkpoint(record.log.ring.origin, 10, b"\1" * 32))
    record.log.folder.publish(forged)
    record.add(1)

    with pytest.raises(Forked, match="KAOHE_SEAL=off"):
        record.seal()


# ── keys and other logs ───────────────────────────────────────────────────────────────────────────
def test_keys_from_before_their_change_sign_nothing(record, tmp_path):
    from kaohe.journal.rotation import change_key

    record.sealed(3)
    shutil.copytree(record.home / "keys", tmp_path / "old")
    change_key(record.log)
    record.sealed(3)
    shutil.rmtree(record.home / "keys")
    shutil.copytree(tmp_path / "old", record.home / "keys")
    record.add(1)

    with pytest.raises(NotSigned, match="Nothing was signed"):
        record.seal()


@pytest.mark.parametrize("deed", ["seal", "adopt", "rebuild", "recover"])
def test_a_backup_of_another_installation_neither_signs_nor_overwrites_the_log_there(
    record, tmp_path, deed
):
    record.sealed(10)
    shutil.rmtree(record.home / "keys")
    make_ring(tmp_path / "keys", "other.example.gov.cn/trace")
    shutil.copytree(tmp_path / "keys", record.home / "keys" / "log")
    log = _with_ring(record, record.home / "keys" / "log")
    before, stored = record.files(), log.store.all()
    root = checkpoint_of(note_of(before["checkpoint"])).root
    note = log.ring.sign(Checkpoint(log.ring.origin, 10, root))
    if deed == "recover":
        assert log.store.swap(log.ring.origin, None, note.content)
        stored = log.store.all()
        by_hand('DELETE FROM journal_position WHERE "index" > 5')

    with pytest.raises(OtherLog, match=r"other\.example\.gov\.cn/trace"):
        _do(deed, log, note)
    assert record.files() == before
    assert log.store.all() == stored


def _do(deed, log, note):
    from kaohe.journal.sealing import seal

    if deed == "seal":
        seal(log)
    elif deed == "adopt":
        adopt(log, note.content.encode())
    elif deed == "rebuild":
        rebuild(log)
    else:
        recover(log, log.folder)


def _with_ring(record, folder):
    from kaohe.journal.log import Log
    from kaohe.tlog.keys import read_ring
    from kaohe.tlog.store import CheckpointStore

    ring = read_ring(folder)
    store = CheckpointStore(record.home / "last-checkpoint")
    return Log(LogFolder(record.home / "log"), ring, store)


# ── rebuilding ────────────────────────────────────────────────────────────────────────────────────
def test_rebuilding_makes_the_very_same_files(record):
    record.sealed(300)
    record.sealed(230)
    before = record.files()
    shutil.rmtree(record.home / "log")

    assert rebuild(record.log).size == 530

    after = record.files()
    assert after == {name: content for name, content in before.items() if name in after}
    assert record.check().is_sound
    assert record.said() == []


def test_rows_that_were_altered_are_not_made_into_tiles(record):
    record.sealed(300)
    by_hand("UPDATE journal_journalentry SET leaf = '{}' WHERE id = %s", indexed(3).pk)
    before = record.files()

    with pytest.raises(RowsUnfit):
        rebuild(record.log)
    assert record.files() == before


def test_nothing_is_rebuilt_where_nothing_was_signed(record):
    assert rebuild(record.log) is None


def test_the_database_is_not_believed_where_tiles_tell_of_more(record):
    record.sealed(5)
    backup = Backup()
    record.sealed(7)
    backup.restore()
    lose_store(record)
    (record.home / "log" / "checkpoint").unlink()

    with pytest.raises(TilesBeyond, match="holds tiles of 12"):
        adopt(record.log, None)

    assert record.log.last() is None


def test_a_witness_that_has_seen_more_is_asked_and_believed(record, monkeypatch):
    record.sealed(5)
    old = record.log.last()[0].content.encode()
    backup = Backup()
    record.sealed(7)
    newest = record.log.last()[0].content.encode()
    backup.restore()
    lose_store(record)
    shutil.rmtree(record.home / "log")
    Witness.objects.create(name="审计局", vkey="w", url="http://127.0.0.1:1/w")
    asked = []

    def call(self, url, *, limit, body=None):
        asked.append(url)
        return Reply(200, "text/plain", newest)

    monkeypatch.setattr(Caller, "call", call)

    with pytest.raises(NotNewer, match="5 entries, but 12"):
        adopt(record.log, old)

    name = hashlib.sha256(record.log.ring.origin.encode()).hexdigest()
    assert asked == [f"http://127.0.0.1:1/w/{name}/checkpoint"]


def test_a_witness_that_is_away_holds_nobody_up(record):
    record.sealed(5)
    note = record.log.last()[0].content.encode()
    lose_store(record)
    Witness.objects.create(name="审计局", vkey="w", url="http://127.0.0.1:1/w")

    assert adopt(record.log, note).size == 5
