"""What a witness keeps: made once, read again, refused where it is damaged."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kaohe.core.notes import COSIGNATURE, Key
from kaohe.tlog.witness_home import (
    NotKeyOfLog,
    WitnessNameUnfit,
    WitnessThere,
    WitnessUnreadable,
    make_witness,
    read_witness,
)

NAME = "audit.example.gov.cn/witness"


@pytest.fixture
def home(tmp_path, ring):
    return make_witness(tmp_path / "witness", NAME).trust(ring.keys[0])


def of_another_kind():
    """A private key that cannot cosign."""
    private = ec.generate_private_key(ec.SECP256R1())
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def test_what_a_witness_keeps_is_read_again_and_belongs_to_its_owner(home, ring):
    again = read_witness(home.folder)

    assert (again.key, again.trusted) == (home.key, (ring.keys[0],))
    assert again.trust(ring.keys[0]) is again
    assert (home.folder / "key.pem").stat().st_mode & 0o077 == 0
    assert home.folder.stat().st_mode & 0o077 == 0


def test_its_key_is_never_made_anew(home):
    with pytest.raises(WitnessThere):
        make_witness(home.folder, "another")

    assert read_witness(home.folder).key == home.key


@pytest.mark.parametrize("name", ["", "with blank", "a+b", "\n", "x" * 256])
def test_a_name_that_cannot_be_signed_is_refused(tmp_path, name):
    with pytest.raises(WitnessNameUnfit):
        make_witness(tmp_path / "w", name)

    assert not (tmp_path / "w").exists()


def test_a_key_of_a_witness_is_not_trusted_as_a_log(home):
    with pytest.raises(NotKeyOfLog):
        home.trust(Key("x", COSIGNATURE, bytes(32)))


def test_a_folder_without_a_witness_or_with_a_damaged_one_is_refused(tmp_path, home):
    with pytest.raises(WitnessUnreadable):
        read_witness(tmp_path)
    private, about = home.folder / "key.pem", home.folder / "witness.json"
    other = make_witness(tmp_path / "other", NAME).folder / "key.pem"
    kept = private.read_bytes()
    for damage in (b"", b"-----BEGIN", other.read_bytes()):
        private.write_bytes(damage)
        with pytest.raises(WitnessUnreadable):
            read_witness(home.folder)
    private.write_bytes(of_another_kind())
    with pytest.raises(WitnessUnreadable):
        read_witness(home.folder)
    private.write_bytes(kept)
    for damage in ("", "[]", "{}", '{"key": 3, "trusted": []}', '{"key": "a+b", "trusted": []}'):
        about.write_text(damage)
        with pytest.raises(WitnessUnreadable):
            read_witness(home.folder)
