"""A restored backup signs nothing; what the log has signed since comes back from the log."""

import json
import shutil

import pytest
from django.db import connection, transaction

from kaohe.journal import models
from kaohe.journal.append_only import TABLES
from kaohe.journal.checking import LogRestored, RowsDiffer
from kaohe.journal.erasing import Ground, erase
from kaohe.journal.models import JournalEntry, Pending
from kaohe.journal.recovery import (
    CopyUnfit,
    NothingToRecover,
    recover,
)
from kaohe.tlog.folder import LogDamaged, LogFolder
from tests.fixtures.database import record_unlocked
from tests.fixtures.sealing import by_hand, indexed

GROUND = Ground("judgment", "（2026）鲁0683民初1号", "erasure:1")


class Backup:
    """The record's tables as they are now, to be brought back later."""

    def __init__(self):
        self.tables = ["journal_pending", *TABLES]
        self.rows = {table: self._read(table) for table in self.tables}

    def _read(self, table):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
            return [column[0] for column in cursor.description], cursor.fetchall()

    def restore(self):
        with record_unlocked(), connection.cursor() as cursor:
            for table in self.tables:
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608
            for table, (columns, rows) in self.rows.items():
                names = ", ".join(f'"{name}"' for name in columns)
                marks = ", ".join(["%s"] * len(columns))
                if rows:
                    cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608


@pytest.fixture
def restored(record):
    """A backup of 260 sealed entries and 3 that wait, brought back after 300 were signed."""
    record.sealed(260, reason="更名")
    record.add(3, reason="当时待封存")
    backup = Backup()
    record.seal()
    record.sealed(37, reason="备份之后")
    backup.restore()
    return record


def test_an_older_backup_signs_nothing_and_is_named(restored):
    last = restored.log.last()
    restored.add(50)

    with pytest.raises(LogRestored, match="signed 300 entries, but the database holds only 260"):
        restored.seal()
    assert restored.log.last() == last
    [said] = restored.said()
    assert said.startswith("From index 260 on the database holds none of the 300 entries")


def test_recovery_brings_the_entries_back_and_sealing_goes_on(restored):
    earlier = restored.log.last()[0]
    leaves = restored.log.folder.entries(1, 44)
    waited = list(Pending.objects.values_list("entry_id", flat=True))

    assert recover(restored.log, restored.log.folder) == (260, 300)

    assert [indexed(256 + place).leaf.encode() for place in range(44)] == leaves
    assert [indexed(260 + place).pk for place in range(3)] == waited
    found = restored.verify()
    assert found.findings == []
    assert (found.texts, found.lost, found.pending) == (263, 37, 1)
    told = JournalEntry.objects.get(action="log.rows-recovered")
    assert json.loads(told.leaf)["facts"] == {"from": 260, "to": 300}

    restored.add(10)
    assert restored.seal().checkpoint.size == 311
    assert restored.said() == []
    checked = restored.check()
    assert checked.is_sound
    from kaohe.tlog.fsck import check_log

    assert check_log(restored.log.folder, restored.log.ring.keys, None, earlier).is_sound


def test_recovery_works_from_another_copy_of_the_log(restored, tmp_path):
    shutil.copytree(restored.home / "log", tmp_path / "copy")
    shutil.rmtree(restored.home / "log" / "tile")
    with pytest.raises(LogDamaged):
        recover(restored.log, restored.log.folder)

    assert recover(restored.log, LogFolder(tmp_path / "copy")) == (260, 300)
    assert restored.check().is_sound
    assert restored.said() == []


def test_recovery_from_the_very_beginning(record):
    record.add(2)
    backup = Backup()
    record.sealed(298)
    backup.restore()

    assert recover(record.log, record.log.folder) == (0, 300)
    assert record.said() == []


def test_what_was_erased_after_the_backup_is_erased_again(record):
    record.sealed(10, reason="个人情况")
    backup = Backup()
    with transaction.atomic():
        erase({indexed(4): ["reason"]}, by=None, ground=GROUND)
    record.seal()
    backup.restore()
    assert "reason" in models.SealedText.objects.get(pk=indexed(4).pk).texts

    recover(record.log, record.log.folder)

    assert models.SealedText.objects.get(pk=indexed(4).pk).texts == {}
    found = record.verify()
    assert (found.findings, found.erased, found.texts) == ([], 1, 9)


def test_a_copy_with_other_entries_brings_nothing_back(restored, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(restored.home / "log", copy)
    [bundle] = (copy / "tile/entries/001.p").glob("44")
    bundle.write_bytes(bundle.read_bytes().replace(b"unit:299", b"unit:298"))
    count = JournalEntry.objects.count()

    with pytest.raises(CopyUnfit, match="300 entries"):
        recover(restored.log, LogFolder(copy))
    assert JournalEntry.objects.count() == count


def test_rows_that_do_not_begin_the_log_stop_recovery(restored):
    by_hand(
        "UPDATE journal_journalentry SET leaf = '{}' WHERE id = %s",
        indexed(7).pk,
    )

    with pytest.raises(RowsDiffer, match="index 7 "):
        recover(restored.log, restored.log.folder)


def test_a_waiting_row_that_was_altered_stops_recovery(restored):
    [first, *_] = Pending.objects.order_by("entry_id").values_list("entry_id", flat=True)
    leaf = JournalEntry.objects.get(pk=first).leaf.replace("unit:260", "unit:999")
    by_hand("UPDATE journal_journalentry SET leaf = %s WHERE id = %s", leaf, first)

    with pytest.raises(RowsDiffer, match="index 260 "), transaction.atomic():
        recover(restored.log, restored.log.folder)


def test_a_whole_record_has_nothing_to_recover(record):
    with pytest.raises(NothingToRecover):
        recover(record.log, record.log.folder)
    record.sealed(3)
    with pytest.raises(NothingToRecover, match="all 3 entries"):
        recover(record.log, record.log.folder)
