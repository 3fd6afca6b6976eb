"""What a witness keeps: its name and key, the logs that it trusts, what it cosigned last.

A folder of its own on a machine that does not belong to those who run the log.
"""

import json
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from kaohe.core.errors import Conflict, Invalid
from kaohe.core.notes import COSIGNATURE, ED25519, Key, is_name, key_of
from kaohe.core.problems import N_
from kaohe.tlog.folder import flush_folder, write_durably
from kaohe.tlog.store import CheckpointStore

_ABOUT, _PRIVATE, _STORE, _EVIDENCE = "witness.json", "key.pem", "last", "contradictions"
EVIDENCE_LIMIT = 64  # files; one is enough, and a disk must not be filled by strangers

NOT_MADE = N_("there is none")
NOT_READABLE = N_("its files are damaged or may not be read")
OTHER_KEY = N_("the private key is not the one of its verification key")


class WitnessUnreadable(Conflict):
    """There is no witness in the folder, or its files are damaged."""

    code = "witness.unreadable"
    sentence = N_(
        "The witness in {folder} cannot be used: {reason}. Nothing was cosigned. Make one with"
        " kaohe journal witness init NAME, or bring the folder back as it was last: an older copy"
        " of it has forgotten what the witness has seen."
    )
    words = frozenset({"reason"})


class WitnessThere(Conflict):
    """There is a witness in the folder already."""

    code = "witness.there"
    sentence = N_(
        "There is a witness in {folder} already; it is called {name}. Its key is never made anew."
        " Name another folder with --home."
    )


class WitnessNameUnfit(Invalid):
    """A witness cannot bear this name."""

    code = "witness.name-unfit"
    sentence = N_(
        "“{name}” cannot be the name of a witness: it must hold no blanks and no plus sign, as in"
        " audit.example.gov.cn/witness."
    )


class NotKeyOfLog(Invalid):
    """The key that should be trusted is that of a witness."""

    code = "witness.not-key-of-log"
    sentence = N_("The key of {name} is that of a witness. A witness trusts keys of logs.")


@dataclass(frozen=True)
class WitnessHome:
    """A witness in its folder.

    Attributes:
        private: its key, which signs.
        trusted: keys of logs; several of one name while that log changes its key.
    """

    folder: Path
    name: str
    private: Ed25519PrivateKey
    trusted: tuple[Key, ...] = ()

    @property
    def key(self) -> Key:
        """Its public key."""
        return Key(self.name, COSIGNATURE, self.private.public_key().public_bytes_raw())

    @property
    def store(self) -> CheckpointStore:
        """The last checkpoint of each log that it cosigned."""
        return CheckpointStore(self.folder / _STORE)

    def keys_of(self, origin: str) -> list[Key]:
        """The keys that it trusts for a log."""
        return [key for key in self.trusted if key.name == origin]

    def trust(self, key: Key) -> "WitnessHome":
        """Trust a key of a log from now on; nothing where it is trusted already.

        Raises:
            NotKeyOfLog: it is that of a witness.
        """
        if key.kind != ED25519:
            raise NotKeyOfLog(name=key.name)
        if key in self.trusted:
            return self
        return _kept(replace(self, trusted=(*self.trusted, key)))

    def distrust(self, key: Key) -> "WitnessHome":
        """Trust a key no longer: its log has replaced it."""
        return _kept(replace(self, trusted=tuple(each for each in self.trusted if each != key)))

    def evidence(self) -> list[Path]:
        """Signed checkpoints that contradict what the log had shown before, each in a file."""
        return sorted((self.folder / _EVIDENCE).glob("*.note"))

    def keep_evidence(self, note: str) -> None:
        """Keep a signed checkpoint that contradicts one that was cosigned."""
        content = note.encode()
        path = self.folder / _EVIDENCE / f"{sha256(content).hexdigest()[:16]}.note"
        if not path.exists() and len(self.evidence()) < EVIDENCE_LIMIT:
            path.parent.mkdir(exist_ok=True, mode=0o700)
            write_durably(path, content, mode=0o600)


def make_witness(folder: Path, name: str) -> WitnessHome:
    """A new witness, with a key of its own.

    Raises:
        WitnessNameUnfit: none can be called so.
        WitnessThere: there is one in the folder already.
    """
    if not is_name(name):
        raise WitnessNameUnfit(name=name[:200])
    if (folder / _ABOUT).exists():
        raise WitnessThere(folder=str(folder), name=read_witness(folder).name)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    private = Ed25519PrivateKey.generate()
    content = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_durably(folder / _PRIVATE, content, mode=0o600)
    return _kept(WitnessHome(folder, name, private))


def read_witness(folder: Path) -> WitnessHome:
    """The witness in a folder.

    Raises:
        WitnessUnreadable: there is none, or it is damaged.
    """
    if not (folder / _ABOUT).exists():
        raise WitnessUnreadable(folder=str(folder), reason=NOT_MADE)
    try:
        told = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        key, trusted = key_of(told["key"]), tuple(key_of(vkey) for vkey in told["trusted"])
        private = load_pem_private_key((folder / _PRIVATE).read_bytes(), None)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, Invalid) as error:
        raise WitnessUnreadable(folder=str(folder), reason=NOT_READABLE) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise WitnessUnreadable(folder=str(folder), reason=OTHER_KEY)
    found = WitnessHome(folder, key.name, private, trusted)
    if found.key != key:
        raise WitnessUnreadable(folder=str(folder), reason=OTHER_KEY)
    return found


def _kept(witness: WitnessHome) -> WitnessHome:
    told = {"key": witness.key.vkey, "trusted": [key.vkey for key in witness.trusted]}
    content = json.dumps(told, ensure_ascii=False, indent=1).encode()
    write_durably(witness.folder / _ABOUT, content, mode=0o600)
    flush_folder(witness.folder)
    return witness
