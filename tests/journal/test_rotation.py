"""The change of the signing key: both keys vouch for it, and a break anywhere is gone on from."""

import json
import shutil

import pytest

from kaohe.core.checkpoint import checkpoint_of
from kaohe.core.notes import note_of, vouchers
from kaohe.journal import rotation, sealing
from kaohe.journal.log import SealingElsewhere, alone
from kaohe.journal.models import Checkpoint, JournalEntry
from kaohe.journal.rotation import CHANGED, change_key
from kaohe.tlog.keys import KeyRing


def signers(note):
    """The numbers of the keys that have signed."""
    return {signature.key_id for signature in note.signatures}


def test_old_and_new_key_sign_the_entry_that_names_both_then_the_new_one_alone(record):
    record.sealed(3)
    old = record.log.ring.keys[0]

    ring = change_key(record.log)

    new = ring.keys[0]
    assert record.log.ring.vkeys == [new.vkey, old.vkey]
    assert signers(record.log.last()[0]) == {old.id, new.id}
    told = json.loads(JournalEntry.objects.get(action=CHANGED).leaf)
    assert (told["facts"], told["was"]) == ({"key": new.vkey}, {"key": old.vkey})
    assert sorted(path.name for path in (record.home / "keys" / "log").iterdir()) == sorted(
        ["ring.json", f"{new.id.hex()}.pem"]
    )

    record.sealed(1)
    assert signers(record.log.last()[0]) == {new.id}
    assert record.files()["vkey"].decode() == f"{new.vkey}\n{old.vkey}\n"
    for row in Checkpoint.objects.all():  # what the old one signed stays proved
        assert vouchers(note_of(row.note.encode()), record.log.ring.keys)
    assert record.said() == []
    assert record.check().is_sound


STEPS = [
    (rotation, "append"),
    (sealing, "sign"),
    (sealing, "publish"),
    (KeyRing, "end_change"),
]


@pytest.mark.parametrize("step", STEPS)
def test_a_change_that_was_cut_off_is_carried_through_by_the_next_one(record, monkeypatch, step):
    record.sealed(3)
    [old] = record.log.ring.keys
    with monkeypatch.context() as patch:
        patch.setattr(*step, _stop)
        with pytest.raises(KeyboardInterrupt):
            change_key(record.log)
    assert record.log.ring.is_changing
    new = record.log.ring.keys[0]

    assert change_key(record.log).vkeys == [new.vkey, old.vkey]

    assert JournalEntry.objects.filter(action=CHANGED).count() == 1
    both = [
        checkpoint_of(note).size
        for note in (note_of(row.note.encode()) for row in Checkpoint.objects.all())
        if signers(note) == {old.id, new.id}
    ]
    assert both == [4]
    assert record.said() == []


def _stop(*_, **__):
    raise KeyboardInterrupt


def test_nothing_is_changed_while_another_one_seals(record):
    record.sealed(1)
    before = record.log.ring.vkeys

    with alone(), pytest.raises(SealingElsewhere):
        change_key(record.log)
    assert record.log.ring.vkeys == before


def test_a_sealer_that_began_with_the_old_key_signs_with_those_of_now(record):
    record.sealed(1)
    begun = record.log
    change_key(record.log)
    record.add(1)

    sealing.seal(begun)
    assert signers(record.log.last()[0]) == {record.log.ring.keys[0].id}


def test_several_changes_one_after_the_other(record, tmp_path):
    for _ in range(3):
        record.sealed(1)
        change_key(record.log)
    record.sealed(1)

    assert len(record.log.ring.keys) == 4
    assert record.said() == []
    shutil.copytree(record.home / "log", tmp_path / "copy")
    assert record.check().is_sound
