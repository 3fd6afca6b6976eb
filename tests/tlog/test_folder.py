"""A log in a folder: what bears a name is whole, and what was begun does not count."""

import errno
import os
from pathlib import Path

import pytest

from kaohe.core.checkpoint import checkpoint_of
from kaohe.core.notes import NoteUnsound
from kaohe.core.tiles import ENTRIES, Tile, edge_of, tiles_of
from kaohe.tlog.folder import LogDamaged, LogFolder, NoRoomForLog, write_durably
from kaohe.tlog.fsck_files import check_folder
from tests.fixtures.logs import GrowingLog, entry


def contents(root):
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


def test_what_was_written_is_read_again(log):
    note = log.grow(600)

    assert log.folder.checkpoint() == (note, checkpoint_of(note))
    assert log.folder.entries(0) == [entry(index) for index in range(256)]
    assert log.folder.entries(2, 88) == [entry(index) for index in range(512, 600)]
    assert sorted(log.folder.tiles()) == sorted(tiles_of(600))
    assert edge_of(600, log.folder.hashes).root() == checkpoint_of(note).root
    assert os.stat(log.folder.root / "checkpoint").st_mode & 0o044


def test_of_a_partial_tile_a_wider_one_will_do(log):
    log.grow(100)
    narrow = log.folder.hashes(Tile(0, 0, 40))
    log.grow(400)

    assert LogFolder(log.folder.root).hashes(Tile(0, 0, 40)) == narrow
    assert len(log.folder.entries(0, 40)) == 40
    assert len(log.folder.entries(1, 100)) == 100


def test_partial_tiles_are_removed_when_they_are_full(log):
    for _ in range(30):
        log.grow(50)

    ever = {tile for size in range(50, 1501, 50) for tile in tiles_of(size)}
    now = set(tiles_of(1500))
    assert set(log.folder.tiles()) == {
        tile for tile in ever if tile in now or Tile(tile.level, tile.number) not in now
    }


def test_what_is_missing_or_cut_short_is_named(log):
    log.grow(300)
    root = log.folder.root
    (root / "tile/0/000").write_bytes(bytes(33))
    (root / "tile/0/001.p/44").write_bytes(bytes(64))
    (root / "tile/entries/000").write_bytes(b"\0")
    (root / "tile/entries/001.p/44").write_bytes(b"\0\0")
    folder = LogFolder(root)

    for ask in (
        lambda: folder.read(Tile(0, 7)),
        lambda: folder.read(Tile(0, 7, 9)),
        lambda: folder.hashes(Tile(0, 0)),
        lambda: folder.hashes(Tile(0, 1, 44)),
        lambda: folder.entries(0),
        lambda: folder.entries(1, 44),
    ):
        with pytest.raises(LogDamaged) as told:
            ask()
        assert "tile/" in told.value.facts["file"]


def test_a_file_that_cannot_be_read_is_named(log):
    (log.folder.root / "tile/0/000").mkdir(parents=True)

    with pytest.raises(LogDamaged) as told:
        log.folder.read(Tile(0, 0))

    assert told.value.facts["file"] == "tile/0/000"


def test_a_folder_without_a_log_has_no_checkpoint_and_no_tiles(log):
    assert log.folder.checkpoint() is None
    assert list(log.folder.tiles()) == []

    log.folder.write([("checkpoint", b"x" * 200_000)])
    with pytest.raises(NoteUnsound):
        log.folder.checkpoint()


def test_what_is_being_written_bears_no_name_of_the_log(log):
    log.grow(10)
    (log.folder.root / "tile/0/.001.new").write_bytes(b"half")
    (log.folder.root / ".checkpoint.new").write_bytes(b"half")
    strange = log.folder.root / "tile/0/000.p/.10.new"
    strange.write_bytes(b"half")

    assert sorted(log.folder.tiles()) == [Tile(ENTRIES, 0, 10), Tile(0, 0, 10)]
    assert check_folder(log.folder, log.ring.keys).is_sound
    assert LogFolder(log.folder.root).hashes(Tile(0, 0, 9))  # found in the wider one
    log.grow(290)  # is written beside them, and the partial ones go

    assert check_folder(log.folder, log.ring.keys).is_sound
    assert not strange.exists()


class FullDisk:
    """A disk on which the nth deed fails; it counts the deeds."""

    def __init__(self, monkeypatch, fails_at, name):
        self.done, self.fails_at = 0, fails_at
        owner = Path if name == "replace" else os
        real = getattr(owner, name)

        def deed(*args, **more):
            self.done += 1
            if self.done == self.fails_at:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(*args, **more)

        monkeypatch.setattr(owner, name, deed)


@pytest.mark.parametrize("name", ["open", "fsync", "replace"])
@pytest.mark.parametrize("fails_at", range(1, 7))
def test_a_full_disk_at_any_step_leaves_nothing_half(
    log, tmp_path, ring, monkeypatch, name, fails_at
):
    whole = GrowingLog(tmp_path / "whole", ring)
    log.grow(250)
    whole.grow(250)
    before = contents(log.folder.root)
    whole.grow(20)
    wanted = contents(whole.folder.root)
    retried = GrowingLog(log.folder.root, ring)
    for _ in range(250):
        retried._add(entry(retried.size))

    with monkeypatch.context() as patched:
        patched.setattr("kaohe.tlog.folder.AT_ONCE", 1)
        FullDisk(patched, fails_at, name)
        with pytest.raises(NoRoomForLog):
            log.grow(20)

    for file, content in contents(log.folder.root).items():
        assert content in (wanted.get(file), before.get(file))
    assert not [file for file in contents(log.folder.root) if file.endswith(".new")]
    retried.grow(20)
    assert contents(log.folder.root) == wanted


def test_a_full_disk_is_told_with_the_folder(log, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(NoRoomForLog) as told:
        log.grow(1)

    assert str(log.folder.root) in str(told.value)
    assert contents(log.folder.root) == {}


def test_a_file_is_on_the_disk_before_it_bears_its_name(tmp_path, monkeypatch):
    steps = []
    real_fsync, real_replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda each: (steps.append("fsync"), real_fsync(each))[1])
    monkeypatch.setattr(
        Path, "replace", lambda each, to: (steps.append(to.name), real_replace(each, to))[1]
    )

    write_durably(tmp_path / "x", b"content")

    assert steps == ["fsync", "x"]
    assert (tmp_path / "x").read_bytes() == b"content"


def test_folders_that_were_written_to_are_flushed_after_their_files(log, monkeypatch):
    flushed = []
    monkeypatch.setattr(
        "kaohe.tlog.folder.flush_folder",
        lambda folder: flushed.append(
            (folder.name, sorted(each.name for each in folder.iterdir()))
        ),
    )

    log.folder.write([("tile/0/000", b"a"), ("tile/0/001", b"b"), ("tile/entries/000", b"c")])

    assert ("0", ["000", "001"]) in flushed
    assert ("entries", ["000"]) in flushed


def test_what_is_written_again_has_the_same_bytes_and_is_seen_at_once(log):
    log.grow(3)
    assert log.folder.hashes(Tile(0, 0, 3))
    log.folder.write([("tile/0/000.p/3", bytes(96))])

    assert log.folder.hashes(Tile(0, 0, 3)) == (bytes(32),) * 3


def test_partial_tiles_that_are_not_wanted_are_removed_and_full_ones_never(log):
    log.grow(300)
    log.folder.write([("tile/0/001.p/9", bytes(288)), ("tile/entries/001.p/9", b"")])

    log.folder.keep_only(tiles_of(300))
    assert set(log.folder.tiles()) == set(tiles_of(300))

    log.folder.keep_only([])
    assert set(log.folder.tiles()) == {Tile(ENTRIES, 0), Tile(0, 0)}


def test_a_tile_of_just_one_width_is_cut_from_a_wider_one(log):
    log.grow(100)
    names = ("tile/0/000.p/100", "tile/entries/000.p/100")
    narrow = [(log.folder.root / name).read_bytes() for name in names]
    log.grow(400)

    assert [log.folder.exactly(Tile(level, 0, 100)) for level in (0, ENTRIES)] == narrow
    assert log.folder.exactly(Tile(0, 0)) == (log.folder.root / "tile/0/000").read_bytes()


def test_a_checkpoint_that_cannot_be_read_is_named(log):
    (log.folder.root / "checkpoint").mkdir(parents=True)

    with pytest.raises(LogDamaged) as told:
        log.folder.checkpoint()

    assert told.value.facts["file"] == "checkpoint"


def test_a_partial_tile_that_cannot_be_removed_stays_and_harms_nothing(log, monkeypatch):
    log.grow(200)

    def stuck(*_, **__):
        raise OSError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", stuck)
        log.grow(100)

    assert Tile(0, 0, 200) in set(log.folder.tiles())
    assert check_folder(LogFolder(log.folder.root), log.ring.keys).is_sound
