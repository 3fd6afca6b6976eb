"""The public log as files elsewhere: whole, only grown, never over another log."""

import pytest

from kaohe.core.notes import NoteUnsound
from kaohe.core.tiles import tiles_of
from kaohe.journal.exporting import NothingSealed, OtherLogThere, export
from kaohe.tlog.folder import LogDamaged, LogFolder, NoRoomForLog
from kaohe.tlog.fsck_files import check_folder
from tests.fixtures.logs import ORIGIN, GrowingLog
from tests.fixtures.sealing import by_hand


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_stranger_can_check_what_was_exported(record, tmp_path):
    record.sealed(300)

    made = export(record.log, tmp_path / "out")

    wanted = {tile.path for tile in tiles_of(300)}
    assert files(tmp_path / "out").keys() == wanted | {"checkpoint", "vkey"}
    assert (made.checkpoint.size, made.files) == (300, len(wanted))
    assert check_folder(LogFolder(tmp_path / "out"), record.log.ring.keys).is_sound


def test_into_an_earlier_state_only_what_is_new_is_written(record, tmp_path):
    record.sealed(600)
    export(record.log, tmp_path / "out")
    record.sealed(300)
    told = []

    made = export(record.log, tmp_path / "out", lambda done, total: told.append((done, total)))

    assert made.files == len(list(tiles_of(900, 600)))
    assert told[-1] == (made.files, made.files)
    export(record.log, tmp_path / "fresh")
    fresh = files(tmp_path / "fresh")
    grown = files(tmp_path / "out")
    assert {name: grown[name] for name in fresh} == fresh
    assert check_folder(LogFolder(tmp_path / "out"), record.log.ring.keys).is_sound
    assert export(record.log, tmp_path / "out").files == 0


def test_nothing_is_exported_before_anything_is_sealed(record, tmp_path):
    record.add(3)

    with pytest.raises(NothingSealed, match="kaohe journal seal"):
        export(record.log, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_another_log_or_another_history_is_not_written_over(record, tmp_path, ring):
    record.sealed(5)
    other = GrowingLog(tmp_path / "other", ring)
    other.grow(5)
    before = files(tmp_path / "other")

    with pytest.raises(OtherLogThere, match=ORIGIN):
        export(record.log, tmp_path / "other")
    assert files(tmp_path / "other") == before


def test_a_damaged_checkpoint_there_or_a_file_in_the_way_is_said(record, tmp_path):
    record.sealed(5)
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "checkpoint").write_bytes(b"nonsense")
    (tmp_path / "file").write_bytes(b"x")

    with pytest.raises(NoteUnsound):
        export(record.log, tmp_path / "damaged")
    with pytest.raises((LogDamaged, NoRoomForLog)):
        export(record.log, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"x"


def test_a_missing_tile_here_is_named_and_no_checkpoint_is_written(record, tmp_path):
    record.sealed(300)
    (record.home / "log" / "tile/0/000").unlink()

    with pytest.raises(LogDamaged, match="tile/0/000"):
        export(record.log, tmp_path / "out")
    assert not (tmp_path / "out" / "checkpoint").exists()


def test_a_checkpoint_that_somebody_put_among_the_rows_is_not_exported(record, tmp_path):
    record.sealed(5)
    by_hand(
        "INSERT INTO journal_checkpoint (size, root, note, at)"
        " SELECT 9000, root, note, at FROM journal_checkpoint WHERE size = 5"
    )

    assert export(record.log, tmp_path / "out").checkpoint.size == 5
