"""The log's signing keys: made once, replaced by a ceremony, never overwritten.

The ring (``ring.json``) holds the log's name (its *origin*, fixed for ever), every verification key
that it ever had, and which of them sign now.  While keys are being changed two sign: who trusts the
old one sees by its signature that the new one is the log's own.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from kaohe.core.checkpoint import Checkpoint
from kaohe.core.errors import Conflict, Invalid
from kaohe.core.notes import ED25519, Key, Note, is_name, key_of, sign
from kaohe.core.problems import N_
from kaohe.tlog.folder import flush_folder, write_durably

RING = "ring.json"
NO_RING = N_("the ring of keys is missing or not readable")
NO_PRIVATE = N_("a key that should sign is missing or not readable")


class KeysUnreadable(Conflict):
    """The signing keys are not there, or damaged."""

    code = "log.keys-unreadable"
    sentence = N_(
        "The log's keys in {folder} cannot be used: {reason}. Nothing was signed. Bring the folder"
        " back from the backup; if it is lost, the log must be closed and begun under a new name"
        " (docs/operating.md)."
    )
    words = frozenset({"reason"})


class OriginUnfit(Invalid):
    """A log cannot bear this name."""

    code = "log.origin-unfit"
    sentence = N_(
        "“{origin}” cannot be the name of a log: it must hold no blanks and no plus sign, as in"
        " assess.example.gov.cn/trace. Set KAOHE_LOG_ORIGIN anew."
    )


class OriginFixed(Conflict):
    """The log has another name than the setting says."""

    code = "log.origin-fixed"
    sentence = N_(
        "The log is called {ours} since it was made, but KAOHE_LOG_ORIGIN says {wanted}. A log's"
        " name never changes: take the setting away or set it to {ours}."
    )


@dataclass(frozen=True)
class KeyRing:
    """The keys of a log.

    Attributes:
        keys: every key that the log ever had, the newest first.
        signers: the private keys that sign now: one, or the old and the new one.
    """

    folder: Path
    origin: str
    keys: tuple[Key, ...]
    signers: tuple[Ed25519PrivateKey, ...]

    @property
    def vkeys(self) -> list[str]:
        """The verification keys, the newest first."""
        return [key.vkey for key in self.keys]

    @property
    def is_changing(self) -> bool:
        """Whether a change of keys has begun and not ended."""
        return len(self.signers) > 1

    def sign(self, checkpoint: Checkpoint) -> Note:
        """The note of a checkpoint; the same bytes each time."""
        text = checkpoint.text
        return Note(text, tuple(sign(text, self.origin, each) for each in self.signers))

    def begin_change(self) -> "KeyRing":
        """Make a new key that signs beside the old one; nothing where one was made already.

        Source: docs/rules/log.md, L-12.
        """
        if self.is_changing:
            return self
        private = Ed25519PrivateKey.generate()
        key = _save(self.folder, self.origin, private)
        return _kept(self.folder, self.origin, (key, *self.keys), (*self.signers, private))

    def end_change(self) -> "KeyRing":
        """From now on the newest key signs alone; the old private key is destroyed."""
        ring = _kept(self.folder, self.origin, self.keys, self.signers[-1:])
        for old in ring.keys[1:]:
            _file(self.folder, old).unlink(missing_ok=True)
        flush_folder(self.folder)
        return ring


def make_ring(folder: Path, origin: str) -> KeyRing:
    """The ring of a new log, with its first key; the one that is there already, if there is one.

    Args:
        origin: the log's name; empty: one of its own is made from the key.

    Raises:
        OriginUnfit: no log can be called so.
        OriginFixed: the ring that is there bears another name.
        KeysUnreadable: the ring that is there is damaged.
    """
    if origin and not is_name(origin):
        raise OriginUnfit(origin=origin[:200])
    if (folder / RING).exists():
        ring = read_ring(folder)
        if origin and origin != ring.origin:
            raise OriginFixed(ours=ring.origin, wanted=origin)
        return ring
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    private = Ed25519PrivateKey.generate()
    name = origin or f"kaohe-{private.public_key().public_bytes_raw().hex()[:12]}/trace"
    return _kept(folder, name, (_save(folder, name, private),), (private,))


def read_ring(folder: Path) -> KeyRing:
    """The ring of a log.

    Raises:
        KeysUnreadable: it is not there, or damaged.
    """
    try:
        told = json.loads((folder / RING).read_text(encoding="utf-8"))
        origin, keys = str(told["origin"]), tuple(key_of(vkey) for vkey in told["keys"])
        signing = [key_of(vkey) for vkey in told["signing"]]
    except (OSError, ValueError, KeyError, TypeError, Invalid) as error:
        raise KeysUnreadable(folder=str(folder), reason=NO_RING) from error
    try:
        signers = tuple(_private(folder, key) for key in signing)
    except (OSError, ValueError) as error:
        raise KeysUnreadable(folder=str(folder), reason=NO_PRIVATE) from error
    if not signers or any(key.name != origin for key in keys):
        raise KeysUnreadable(folder=str(folder), reason=NO_RING)
    return KeyRing(folder, origin, keys, signers)


def _file(folder: Path, key: Key) -> Path:
    return folder / f"{key.id.hex()}.pem"


def _private(folder: Path, key: Key) -> Ed25519PrivateKey:
    found = load_pem_private_key(_file(folder, key).read_bytes(), None)
    if not isinstance(found, Ed25519PrivateKey):
        raise ValueError("a key of another kind")  # noqa: TRY004  # the file is wrong, not the call
    if found.public_key().public_bytes_raw() != key.public:
        raise ValueError("a private key of another public one")
    return found


def _save(folder: Path, origin: str, private: Ed25519PrivateKey) -> Key:
    key = Key(origin, ED25519, private.public_key().public_bytes_raw())
    content = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_durably(_file(folder, key), content, mode=0o600)
    return key


def _kept(
    folder: Path, origin: str, keys: tuple[Key, ...], signers: Iterable[Ed25519PrivateKey]
) -> KeyRing:
    ring = KeyRing(folder, origin, keys, tuple(signers))
    publics = [each.public_key().public_bytes_raw() for each in ring.signers]
    signing = [key.vkey for public in publics for key in keys if key.public == public]
    told = {"origin": origin, "keys": ring.vkeys, "signing": signing}
    content = json.dumps(told, ensure_ascii=False, indent=1).encode()
    write_durably(folder / RING, content, mode=0o600)
    flush_folder(folder)
    return ring
