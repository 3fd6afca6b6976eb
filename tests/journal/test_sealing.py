"""Sealing: each entry gets its index once, the tree grows over all, a checkpoint says so."""

import pytest
from django.db import transaction

from kaohe.core.checkpoint import checkpoint_of
from kaohe.core.merkle import leaf_hash, tree_hash
from kaohe.core.notes import note_of, vouchers
from kaohe.core.tiles import tiles_of
from kaohe.journal import sealing
from kaohe.journal.models import Checkpoint, JournalEntry, Pending, Position
from tests.fixtures.sealing import by_hand


def leaves():
    """The bytes of all entries in the order of their indexes."""
    rows = JournalEntry.objects.filter(position__isnull=False).order_by("position__index")
    return [leaf.encode() for leaf in rows.values_list("leaf", flat=True)]


def test_nothing_is_signed_where_nothing_waits(record):
    assert record.seal() is None
    assert record.files() == {}
    assert record.log.last() is None


def test_what_waits_gets_dense_indexes_in_the_order_of_its_writing(record):
    first = record.sealed(3)
    second = record.sealed(2)

    rows = list(Position.objects.values_list("index", "entry_id"))
    assert rows == list(enumerate(entry.pk for entry in [*first, *second]))
    assert not Pending.objects.exists()


@pytest.mark.parametrize("steps", [(1,), (255,), (256,), (257,), (300, 500), (1, 255, 256, 1)])
def test_the_checkpoint_is_the_root_of_all_entries(record, steps):
    for step in steps:
        record.sealed(step)

    note, checkpoint = record.log.last()
    assert checkpoint.size == sum(steps)
    assert checkpoint.root == tree_hash([leaf_hash(leaf) for leaf in leaves()])
    assert vouchers(note, record.log.ring.keys)
    assert record.check().is_sound
    assert record.verify().is_sound


def test_the_files_are_just_those_of_the_log(record):
    for step in (300, 500):
        record.sealed(step)

    wanted = {tile.path for tile in tiles_of(800)} | {"checkpoint", "vkey"}
    left = {tile.path for tile in tiles_of(300)} - wanted  # of a width that no full tile replaced
    assert record.files().keys() - left == wanted
    assert not any(name.startswith("tile/0/001.p") for name in record.files())


def test_what_is_signed_later_begins_with_what_was_signed_before(record):
    sizes = (1, 200, 300, 513)
    for step in (1, 199, 100, 213):
        record.sealed(step)

    hashes = [leaf_hash(leaf) for leaf in leaves()]
    rows = {row.size: row for row in Checkpoint.objects.all()}
    assert sorted(rows) == list(sizes)
    for size, row in rows.items():
        assert row.root == tree_hash(hashes[:size]).hex()
        assert checkpoint_of(note_of(row.note.encode())).size == size


def test_indexes_are_given_in_pieces_and_a_sealing_takes_no_more_than_it_may(record, monkeypatch):
    monkeypatch.setattr(sealing, "PIECE", 256)
    given = []
    assign = sealing.assign

    def told(most):
        given.append(most)
        return assign(most)

    monkeypatch.setattr(sealing, "assign", told)
    record.sealed(100)
    record.add(900)

    assert record.seal(most=600).checkpoint.size == 700
    assert given == [256, 156, 256, 188]
    assert record.seal().checkpoint.size == 1000
    assert record.check().is_sound


def test_entries_of_a_deed_that_was_taken_back_are_not_sealed(record):
    record.add(2)
    with transaction.atomic():
        record.add(1)
        transaction.set_rollback(True)
    record.add(1)

    assert record.seal().count == 3
    assert record.verify().is_sound


def test_a_clock_that_goes_back_changes_no_order(record, monkeypatch):
    from datetime import UTC, datetime

    from django.utils import timezone

    for year in (2026, 2001, 2040, 1999):
        monkeypatch.setattr(timezone, "now", lambda year=year: datetime(year, 1, 1, tzinfo=UTC))
        record.sealed(2)

    assert [index for index, _ in enumerate(leaves())] == list(range(8))
    entries = JournalEntry.objects.order_by("position__index")
    assert [entry.at.year for entry in entries] == [2026] * 2 + [2001] * 2 + [2040] * 2 + [1999] * 2
    assert list(Checkpoint.objects.order_by("size").values_list("size", flat=True)) == [2, 4, 6, 8]
    assert record.verify().is_sound
    assert record.check().is_sound


def test_who_waits_twice_by_hand_holds_nothing_up(record):
    [first] = record.sealed(1)
    by_hand("INSERT INTO journal_pending (entry_id) VALUES (%s)", first.pk)
    record.add(1)

    assert record.seal().checkpoint.size == 2
    assert not Pending.objects.exists()


def test_the_last_bundle_goes_on_from_the_rows_even_where_its_file_is_damaged(record):
    record.sealed(3)
    [bundle] = (record.home / "log" / "tile" / "entries" / "000.p").iterdir()
    bundle.write_bytes(b"\0" * 9)
    record.add(1)

    assert record.seal().checkpoint.size == 4
    assert [flaw.file for flaw in record.check().flaws] == ["tile/entries/000.p/3"]  # still there
    assert record.verify().is_sound


def test_partial_tiles_that_an_earlier_sealing_could_not_remove_are_removed(record, monkeypatch):
    record.sealed(100)
    with monkeypatch.context() as patch:
        patch.setattr(sealing, "clear", lambda *_: None)
        record.sealed(200)
    assert "tile/0/000.p/100" in record.files()
    record.sealed(1)

    assert "tile/0/000.p/100" not in record.files()
    assert "tile/entries/000.p/100" not in record.files()
    assert record.check().is_sound
