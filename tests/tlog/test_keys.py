"""The log's keys: made once, read again, changed by two steps, never overwritten."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kaohe.core.checkpoint import Checkpoint
from kaohe.core.merkle import EMPTY
from kaohe.core.notes import key_of, vouchers
from kaohe.tlog.keys import KeysUnreadable, OriginFixed, OriginUnfit, make_ring, read_ring
from tests.fixtures.logs import ORIGIN

CHECKPOINT = Checkpoint(ORIGIN, 0, EMPTY)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "keys" / "log"


def signers(ring, checkpoint=CHECKPOINT):
    return [each.key for each in vouchers(ring.sign(checkpoint), ring.keys)]


def test_a_ring_is_made_once_and_belongs_to_its_owner(folder):
    made = make_ring(folder, ORIGIN)

    for again in (make_ring(folder, ORIGIN), make_ring(folder, ""), read_ring(folder)):
        assert again.vkeys == made.vkeys
        assert again.origin == ORIGIN
    assert [key_of(vkey) for vkey in made.vkeys] == list(made.keys)
    assert folder.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())
    assert not [path for path in folder.iterdir() if path.name.endswith(".new")]


def test_without_a_name_the_log_gets_one_of_its_own(folder, tmp_path):
    first, second = make_ring(folder, ""), make_ring(tmp_path / "other", "")

    assert first.origin != second.origin
    assert first.origin.startswith("kaohe-")


@pytest.mark.parametrize("origin", ["a b", "a+b", "a\n", "x" * 300, "\u3000"])
def test_a_name_that_cannot_be_signed_is_refused(folder, origin):
    with pytest.raises(OriginUnfit):
        make_ring(folder, origin)

    assert not folder.exists()


def test_the_name_never_changes(folder):
    make_ring(folder, ORIGIN)

    with pytest.raises(OriginFixed):
        make_ring(folder, "other.example.gov.cn/trace")


def test_its_signature_is_the_same_each_time(folder):
    ring = make_ring(folder, ORIGIN)

    assert ring.sign(CHECKPOINT) == read_ring(folder).sign(CHECKPOINT)
    assert signers(ring) == [ring.keys[0]]


def test_while_keys_are_changed_both_sign(folder):
    old = make_ring(folder, ORIGIN)

    both = old.begin_change()

    assert both.is_changing
    assert not old.is_changing
    assert both.keys == (both.keys[0], old.keys[0])
    assert sorted(map(str, signers(both))) == sorted(map(str, both.keys))
    assert both.begin_change() is both
    assert read_ring(folder).vkeys == both.vkeys
    assert read_ring(folder).is_changing


def test_after_the_change_the_new_key_signs_alone_and_the_old_one_is_destroyed(folder):
    old = make_ring(folder, ORIGIN)
    both = old.begin_change()

    ring = both.end_change()

    assert ring.vkeys == both.vkeys  # the old one still verifies
    assert signers(ring) == [both.keys[0]]
    assert signers(read_ring(folder)) == [both.keys[0]]
    assert {path.name for path in folder.iterdir()} == {
        "ring.json",
        f"{ring.keys[0].id.hex()}.pem",
    }


def test_a_change_cut_off_before_the_ring_is_written_has_not_begun(folder, monkeypatch):
    old = make_ring(folder, ORIGIN)

    def crash(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("kaohe.tlog.keys._kept", crash)
    with pytest.raises(KeyboardInterrupt):
        old.begin_change()
    monkeypatch.undo()

    ring = read_ring(folder)
    assert (ring.vkeys, ring.is_changing) == (old.vkeys, False)
    assert ring.begin_change().is_changing


def test_a_ring_that_is_missing_or_damaged_is_refused_and_never_made_anew(folder):
    with pytest.raises(KeysUnreadable):
        read_ring(folder)
    ring = make_ring(folder, ORIGIN)
    file = folder / "ring.json"
    told = json.loads(file.read_text("utf-8"))
    for damage in (
        "",
        "[]",
        "{}",
        json.dumps(told | {"keys": ["a+b+c"]}),
        json.dumps(told | {"keys": 5}),
        json.dumps(told | {"signing": []}),
        json.dumps(told | {"origin": "other"}),
    ):
        file.write_text(damage, encoding="utf-8")
        with pytest.raises(KeysUnreadable):
            make_ring(folder, ORIGIN)
        assert file.read_text("utf-8") == damage
    file.write_text(json.dumps(told), encoding="utf-8")
    assert read_ring(folder).vkeys == ring.vkeys


def test_a_private_key_that_is_missing_or_another_is_refused(folder, tmp_path):
    ring = make_ring(folder, ORIGIN)
    file = folder / f"{ring.keys[0].id.hex()}.pem"
    kept = file.read_bytes()
    other = make_ring(tmp_path / "other", ORIGIN)
    another = (other.folder / f"{other.keys[0].id.hex()}.pem").read_bytes()
    private = ec.generate_private_key(ec.SECP256R1())
    other_kind = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for damage in (b"", another, other_kind, kept[:40]):
        file.write_bytes(damage)
        with pytest.raises(KeysUnreadable):
            read_ring(folder)
    file.unlink()
    with pytest.raises(KeysUnreadable) as told:
        read_ring(folder)
    assert str(folder) in str(told.value)
