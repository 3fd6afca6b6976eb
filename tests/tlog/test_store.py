"""The store of the last checkpoint: of two who go on from the same one, one succeeds."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest

from kaohe.tlog.store import CheckpointStore, StoreUnreadable


@pytest.fixture
def store(tmp_path):
    return CheckpointStore(tmp_path / "last")


def test_what_was_stored_last_is_found_again(store):
    assert store.last("a") is None
    assert store.swap("a", None, "一\n\n— x y\n")
    assert store.swap("b", None, "other")
    assert store.swap("a", "一\n\n— x y\n", "二")

    again = CheckpointStore(store.folder)

    assert again.last("a") == "二"
    assert again.all() == {"a": "二", "b": "other"}


@pytest.mark.parametrize("old", [None, "", "one ", "three"])
def test_nothing_is_replaced_where_another_stands(store, old):
    store.swap("a", None, "one")

    assert not store.swap("a", old, "two")
    assert store.last("a") == "one"


def test_nothing_is_put_where_something_should_stand(store):
    assert not store.swap("a", "one", "two")
    assert store.last("a") is None


@pytest.mark.parametrize("begun", [False, True])
def test_of_many_at_once_one_succeeds(store, begun):
    if begun:
        store.swap("a", None, "begin")
    old = "begin" if begun else None

    with ThreadPoolExecutor(8) as pool:
        done = list(
            pool.map(lambda n: CheckpointStore(store.folder).swap("a", old, str(n)), range(24))
        )

    assert done.count(True) == 1
    assert store.last("a") == str(done.index(True))


def test_what_is_stored_is_on_the_disk_and_belongs_to_its_owner(store):
    store.swap("a", None, "one")

    with sqlite3.connect(store.folder / "last.sqlite3") as connection:
        assert connection.execute("SELECT note FROM last").fetchall() == [("one",)]
    assert store.folder.stat().st_mode & 0o077 == 0
    assert not (store.folder / "last.sqlite3-wal").exists()


def test_a_store_that_is_no_store_is_refused(store):
    store.folder.mkdir()
    file = store.folder / "last.sqlite3"
    file.write_bytes(b"this is no database, but it is long enough to look like a file of one")

    for deed in (
        lambda: store.last("a"),
        lambda: store.swap("a", None, "one"),
        lambda: store.all(),
    ):
        with pytest.raises(StoreUnreadable) as told:
            deed()
    assert str(store.folder) in str(told.value)
    assert file.read_bytes().startswith(b"this is no database")


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreUnreadable):
        CheckpointStore(tmp_path / "file" / "last").last("a")


def test_a_transaction_that_was_cut_off_leaves_the_old_note(store):
    store.swap("a", None, "one")
    rival = sqlite3.connect(store.folder / "last.sqlite3", isolation_level=None)
    rival.execute("BEGIN IMMEDIATE")
    rival.execute("UPDATE last SET note = 'two'")
    rival.close()

    assert store.last("a") == "one"
    assert store.swap("a", "one", "three")
