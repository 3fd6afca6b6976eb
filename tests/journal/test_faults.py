"""Sealing that is cut off anywhere, and a disk that is full: done again it makes the same bytes."""

import errno
import shutil
import sqlite3
import subprocess
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction

from kaohe.core.errors import Refusal
from kaohe.core.tiles import tiles_of
from kaohe.journal import rows, sealing
from kaohe.journal.log import alone
from kaohe.journal.models import Checkpoint, Pending, Position
from kaohe.tlog import folder as folders
from kaohe.tlog.folder import LogFolder, NoRoomForLog
from kaohe.tlog.store import CheckpointStore, StoreUnreadable

# From one size to another: within a tile, over its end, over several, from nothing.
STEPS = [(0, 3), (255, 257), (300, 800)]
PARTS = (  # everything that a sealing writes, where it is looked up
    (folders, "write_durably"),
    (folders, "flush_folder"),
    (folders, "_remove_folder"),
    (LogFolder, "publish"),
    (CheckpointStore, "swap"),
    (rows, "assign"),
    (sealing, "keep"),
    (sealing, "clear"),
)


class Cut(BaseException):
    """The machine stops here."""


class Tripwire:
    """Stops before or after the n-th thing that is written, whatever it is."""

    def __init__(self, patch, fault=Cut):
        self.fault, self.at, self.done = fault, -1, count()
        patch.setattr(folders, "AT_ONCE", 1)  # one file after the other
        patch.setattr(sealing, "PIECE", 256)
        for owner, name in PARTS:
            patch.setattr(owner, name, self._watched(getattr(owner, name)))

    def _watched(self, deed):
        def watched(*args, **more):
            self._pass()
            result = deed(*args, **more)
            self._pass()
            return result

        return watched

    def _pass(self):
        if next(self.done) == self.at:
            raise self.fault

    def arm(self, at):
        self.at, self.done = at, count()


@contextmanager
def undone():
    """What is done to the database in the block is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def must_be_whole(record, before, after):
    """As it was cut off, the log is whole, for a stranger and for us; of the size before or after.

    Only where nothing was ever published something is missing: the first checkpoint.
    """
    checked = record.check()
    if before or checked.size:
        assert (checked.flaws, record.said()) == ([], [])
        assert checked.size in (before, after)
    else:
        assert [flaw.file for flaw in checked.flaws] == ["checkpoint"]
        assert record.said() in ([], [f"Log: {checked.flaws[0].say()}"])


def must_be_same(found, clean, size):
    """The files of a size are byte for byte those of a sealing that nothing cut off."""
    wanted = {tile.path for tile in tiles_of(size)} | {"checkpoint", "vkey"}
    assert {name: found.get(name) for name in wanted} == {name: clean[name] for name in wanted}


@pytest.mark.parametrize(("before", "after"), STEPS)
def test_cut_off_anywhere_the_next_sealing_makes_the_same_bytes(
    record, tmp_path, monkeypatch, before, after
):
    if before:
        record.sealed(before)
    record.add(after - before)
    record.home.mkdir(exist_ok=True)
    record.log  # noqa: B018  # makes its keys
    kept = record.keep(tmp_path / "kept")
    wire = Tripwire(monkeypatch)
    with undone():
        wire.arm(-1)
        record.seal()
        points, clean = next(wire.done), record.files()
    assert points > 20

    for at in range(points):
        record.bring_back(kept)
        with undone():
            wire.arm(at)
            with pytest.raises(Cut):
                record.seal()
            wire.arm(-1)
            if at % 5 == 0:
                must_be_whole(record, before, after)
            record.seal()

            must_be_same(record.files(), clean, after)
            assert record.log.last()[1].size == after
            assert list(Position.objects.values_list("index", flat=True)) == list(range(after))
            assert not Pending.objects.exists()
            assert Checkpoint.objects.filter(size=after).count() == 1
            assert record.check().is_sound
            if at % 5 == 0:
                assert record.said() == []


def test_cut_off_again_and_again_with_entries_coming_in_it_still_goes_on(record, monkeypatch):
    wire = Tripwire(monkeypatch)
    for at in (3, 9, 14, 20, 5, 27):
        record.add(90)
        wire.arm(at)
        with pytest.raises(Cut):
            record.seal()
    wire.arm(-1)
    while record.seal() is not None:
        pass

    assert record.log.last()[1].size == 540
    assert record.check().is_sound
    assert record.said() == []


FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("part", ["write_durably", "flush_folder"])
def test_on_a_full_disk_nothing_is_lost_and_the_sentence_says_so(
    record, tmp_path, monkeypatch, part
):
    record.sealed(300)
    record.add(500)
    kept = record.keep(tmp_path / "kept")
    written, deed, full_at = count(), getattr(folders, part), -1

    def write(*args, **more):
        if next(written) == full_at:
            raise FULL
        return deed(*args, **more)

    monkeypatch.setattr(folders, "AT_ONCE", 1)
    monkeypatch.setattr(folders, part, write)
    with undone():
        record.seal()
        points, clean = next(written), record.files()
    for full_at in range(points):  # noqa: B007  # the function above reads it
        record.bring_back(kept)
        written = count()
        with undone():
            with pytest.raises(NoRoomForLog) as refused:
                record.seal()
            assert "Nothing is lost" in str(refused.value)
            assert "No space left" in str(refused.value)
            assert not [name for name in record.files() if name.endswith(".new")]
            record.seal()
            must_be_same(record.files(), clean, 800)
            assert record.check().is_sound
    assert record.verify().pending == 500  # each time all was taken back


@pytest.mark.parametrize("owner_name", [(rows, "assign"), (sealing, "keep")])
def test_a_database_that_fails_in_the_middle_is_asked_again_next_time(
    record, monkeypatch, owner_name
):
    owner, name = owner_name
    record.sealed(10)
    record.add(300)
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, _failing)
        with pytest.raises(OperationalError):
            record.seal()
    record.seal()

    assert record.log.last()[1].size == 310
    assert record.check().is_sound
    assert record.said() == []


def _failing(*_):
    raise OperationalError("server closed the connection unexpectedly")


def test_a_store_that_cannot_be_written_signs_nothing(record, monkeypatch):
    record.sealed(10)
    record.add(5)
    last = record.log.last()
    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", _full_store)
        with pytest.raises(StoreUnreadable, match="Nothing was signed"):
            record.seal()

    assert record.log.last() == last
    assert record.seal().checkpoint.size == 15


def _full_store(*_, **__):
    raise sqlite3.OperationalError("database or disk is full")


@pytest.fixture
def small_disk(tmp_path):
    """A disk of one megabyte, where the system lets us make one."""
    folder = tmp_path / "small"
    folder.mkdir()
    program = shutil.which("mount")
    words = [program, "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if program is None or subprocess.run(words, capture_output=True, check=False).returncode:  # noqa: S603
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run([shutil.which("umount"), "-l", str(folder)], check=True)  # noqa: S603


def test_a_disk_that_is_really_full(record, small_disk):
    record.home.parent.mkdir(exist_ok=True)
    record.home.symlink_to(small_disk)
    record.sealed(100)
    signed = record.log.last()
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as out, suppress(OSError):
        for _ in range(1024):
            out.write(b"x" * 4096)
    assert shutil.disk_usage(small_disk).free == 0
    record.add(900)

    for _ in range(3):
        with pytest.raises(Refusal) as refused:
            record.seal()
        assert refused.value.code in ("log.no-room", "log.store-unreadable")
    assert record.log.last() == signed
    assert record.check().is_sound

    filler.unlink()
    assert record.seal().checkpoint.size == 1000
    assert record.check().is_sound
    assert record.said() == []


def test_leftovers_of_a_stopped_machine_are_written_over(record):
    record.sealed(3)
    record.add(300)
    for name in (
        "tile/0/.000.new",
        "tile/entries/.000.new",
        ".checkpoint.new",
        "tile/0/000.p/.9.new",
    ):
        path = Path(record.home, "log", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
    record.seal()

    assert record.check().is_sound
    assert not [name for name in record.files() if name.endswith(".new")]


@pytest.mark.django_db(transaction=True)
def test_what_is_signed_over_is_on_the_disk_of_the_embedded_database(settings, tmp_path, vendor):
    if vendor != "sqlite":
        pytest.skip("the server keeps what it has committed")
    settings.HOME = tmp_path

    with alone():
        within = _synchronous()
    assert (within, _synchronous()) == (2, 1)  # FULL, NORMAL


def _synchronous():
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        return cursor.fetchone()[0]
