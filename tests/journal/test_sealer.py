"""The sealer: seals when something waits, goes on with what was cut off, tells what is wrong."""

import json
import threading

import pytest
from django.db import OperationalError, close_old_connections, connection

from kaohe.journal import sealer as sealers
from kaohe.journal import sealing
from kaohe.journal.log import SealingElsewhere, alone, open_log
from kaohe.journal.models import Checkpoint
from kaohe.journal.sealer import Sealer, state_of
from kaohe.tlog.keys import KeysUnreadable


@pytest.fixture
def own(record, settings, monkeypatch):
    """The record's log is that of the installation."""
    settings.LOG = record.home / "log"
    settings.KEYS = record.home / "keys"
    settings.LAST_CHECKPOINT = record.home / "last-checkpoint"
    settings.LOG_ORIGIN = ""
    monkeypatch.setattr(sealers, "close_old_connections", lambda: None)  # the test's own is open
    record.home.mkdir(exist_ok=True)
    return record


@pytest.fixture
def sealer(own):
    return Sealer(own.home / "sealer.json")


def test_it_seals_what_waits_and_tells_how_far_it_is(own, sealer):
    own.add(3)
    sealer.once()

    told = state_of(sealer.file)
    assert (told["sealed"], told["trouble"]) == (3, None)
    assert open_log().last()[1].size == 3


def test_it_leaves_a_log_alone_in_which_nothing_waits(own, sealer, monkeypatch):
    sealer.once()
    assert not (own.home / "keys" / "log").exists()
    own.add(1)
    sealer.once()
    monkeypatch.setattr(sealers, "seal", _never)
    sealer.once()
    assert state_of(sealer.file)["trouble"] is None


def _never(_):
    raise AssertionError("there was nothing to seal")


@pytest.mark.parametrize("step", ["write_tiles", "sign", "publish"])
def test_it_goes_on_with_a_sealing_that_was_cut_off_though_nothing_waits(
    own, sealer, monkeypatch, step
):
    own.add(3)
    deed = getattr(sealing, step)

    def cut(*args):
        if step == "sign":
            deed(*args)
        elif step == "write_tiles":
            assert list(args[2]) == [3]  # they have their index
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sealing, step, cut)
        with pytest.raises(KeyboardInterrupt):
            sealer.once()
    assert not Checkpoint.objects.exists()

    sealer.once()
    assert Checkpoint.objects.get().size == 3
    assert open_log().folder.checkpoint()[1].size == 3


def test_what_is_refused_is_told_and_told_no_more_when_it_is_over(own, sealer):
    own.add(1)
    sealer.once()
    [tile] = (own.home / "log" / "tile" / "0" / "000.p").iterdir()
    content = tile.read_bytes()
    tile.write_bytes(bytes(32))
    own.add(1)

    sealer.once()
    trouble = state_of(sealer.file)["trouble"]
    assert trouble["code"] == "log.tiles-differ"
    assert trouble["facts"]["signed"] == "1"

    tile.write_bytes(content)
    sealer.once()
    assert state_of(sealer.file)["trouble"] is None


def test_a_database_that_fails_is_told_and_asked_again(own, sealer, monkeypatch):
    own.add(1)
    monkeypatch.setattr(connection, "close", lambda: None)
    with monkeypatch.context() as patch:
        patch.setattr(sealers, "seal", _failing)
        sealer.once()
    assert "went away" in state_of(sealer.file)["trouble"]["facts"]["reason"]

    sealer.once()
    assert state_of(sealer.file)["trouble"] is None
    assert open_log().last()[1].size == 1


def _failing(_):
    raise OperationalError("the server went away")


def test_somebody_who_seals_by_hand_is_no_trouble(own, sealer):
    own.add(1)
    with alone():
        sealer.once()

    assert state_of(sealer.file).get("trouble") is None
    sealer.once()
    assert open_log().last()[1].size == 1


def test_lost_keys_are_not_replaced_by_new_ones(own, sealer):
    own.add(1)
    sealer.once()
    for file in (own.home / "keys" / "log").iterdir():
        file.unlink()
    own.add(1)

    sealer.once()
    assert state_of(sealer.file)["trouble"]["code"] == "log.keys-unreadable"
    with pytest.raises(KeysUnreadable):
        open_log(make=True)


@pytest.mark.parametrize("content", ["", "nonsense", "[]", "\0"])
def test_a_damaged_state_file_tells_nothing(tmp_path, content):
    (tmp_path / "state").write_text(content)

    assert state_of(tmp_path / "state") == {}
    assert state_of(tmp_path / "none") == {}


def test_the_state_is_a_whole_file(own, sealer):
    sealer.once()

    assert json.loads(sealer.file.read_text(encoding="utf-8")).keys() >= {"at", "trouble"}
    assert sealer.file.stat().st_mode & 0o077 == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_sequencers_one_seals_and_the_other_says_so(record):
    record.add(300)
    record.log.ring  # noqa: B018  # made once, before both
    go, said = threading.Barrier(2), []

    def one():
        try:
            go.wait(30)
            for _ in range(5):
                try:
                    said.append(record.seal())
                except SealingElsewhere:
                    said.append("elsewhere")
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    close_old_connections()

    sealed = [each for each in said if each not in (None, "elsewhere")]
    assert [(each.since, each.checkpoint.size) for each in sealed] == [(0, 300)]
    assert len(said) == 10
    assert record.check().is_sound
    assert record.said() == []


@pytest.mark.django_db(transaction=True)
def test_of_two_machines_on_one_database_only_one_holds_it(record, settings, tmp_path, vendor):
    if vendor != "postgresql":
        pytest.skip("an embedded database lies on one machine")
    record.add(1)
    said = []

    def elsewhere():
        try:
            record.seal()
        except SealingElsewhere as refusal:
            said.append(refusal.code)
        finally:
            connection.close()

    with alone():
        settings.HOME = tmp_path / "another"  # a machine of its own: its lock file is another
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join(60)

    assert said == ["log.sealing-elsewhere"]
    assert record.log.last() is None
