"""Signed notes: a text, and below it the signatures of those who vouch for it.

C2SP signed-note v1 and tlog-cosignature v1, with Ed25519.  A key is named by its *verification
key* (vkey): name, key id, public key.  Signatures of unknown keys are passed over; a known key's
signature that fails makes the whole note void.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kaohe.core.errors import Invalid
from kaohe.core.problems import N_

ED25519, COSIGNATURE = 0x01, 0x04  # kinds of keys: a log's, a witness'
SIGNATURES = 32  # lines; nobody has more to say
NOTE_LIMIT = 131_072  # bytes; 16 signatures of the longest kind find room
LAST_TIME = 253_402_300_799  # the last second of the year 9999
_DASH = "— "
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_NAME = re.compile(r"[^\s+\x00-\x1f\x7f\ud800-\udfff]{1,255}")

NOT_TEXT = N_("it is not text in UTF-8, or holds control characters")
NOT_ENDED = N_("it does not end with a line of a signature")
NO_BLANK = N_("there is no blank line between text and signatures")
BAD_LINE = N_("a line of a signature is not as it must be")
TOO_LONG = N_("it is too long")
BAD_SIGNATURE = N_("the signature of a key that is known here fails: it was altered or forged")
WRONG_ID = N_("the number of the key does not belong to the key")
BAD_KEY = N_("it is not of the form name+number+key")
UNKNOWN_KIND = N_("it is of a kind that is not used here")


class NoteUnsound(Invalid):
    """What should be a signed note is none, or a signature of a known key fails."""

    code = "log.note-unsound"
    sentence = N_(
        "This cannot be trusted as a signed statement of the log: {reason}. Fetch it anew from"
        " where it came; if it stays, tell the audit administrator and keep what you have."
    )
    words = frozenset({"reason"})


class KeyUnsound(Invalid):
    """What should be a verification key is none."""

    code = "log.key-unsound"
    sentence = N_(
        "“{key}” is no verification key: {reason}. Copy the whole line from the page of the log, or"
        " from the file vkey."
    )
    words = frozenset({"reason"})


@dataclass(frozen=True, slots=True)
class Key:
    """Somebody's public key, under the name by which they sign."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """Four bytes that tell keys of one name apart: a hint, not a proof."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        """The key as a line of text."""
        content = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{content}"


def key_of(vkey: str) -> Key:
    """The key of a verification key's line.

    Raises:
        KeyUnsound: it is none, or its number belongs to another.

    >>> key_of("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k").name
    'example.com/foo'
    """
    parts = vkey.strip().split("+", 2)
    try:
        content = base64.b64decode(parts[2], validate=True)
        number = bytes.fromhex(parts[1])
    except (IndexError, ValueError) as error:
        raise KeyUnsound(key=vkey[:200], reason=BAD_KEY) from error
    if not _NAME.fullmatch(parts[0]) or not re.fullmatch(r"[0-9a-f]{8}", parts[1]):
        raise KeyUnsound(key=vkey[:200], reason=BAD_KEY)
    if content[:1] not in (b"\x01", b"\x04") or len(content) != 33:
        raise KeyUnsound(key=vkey[:200], reason=UNKNOWN_KIND)
    found = Key(parts[0], content[0], content[1:])
    if found.id != number:
        raise KeyUnsound(key=vkey[:200], reason=WRONG_ID)
    return found


def is_name(name: str) -> bool:
    """Whether a key may bear this name: no blanks, no plus sign."""
    return bool(_NAME.fullmatch(name))


@dataclass(frozen=True, slots=True)
class Signature:
    """A line below a note: whose, and the bytes."""

    name: str
    key_id: bytes
    content: bytes

    @property
    def line(self) -> str:
        """As it stands in a note, with its line end."""
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.content).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends with a line end, and the signatures below it."""

    text: str
    signatures: tuple[Signature, ...]

    @property
    def content(self) -> str:
        """The whole note."""
        return f"{self.text}\n{''.join(each.line for each in self.signatures)}"


def signature_of(line: str) -> Signature:
    """The signature of a line (without its line end).

    Raises:
        NoteUnsound: it is none.
    """
    name, _, content = line.removeprefix(_DASH).partition(" ")
    try:
        found = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteUnsound(reason=BAD_LINE) from error
    signature = Signature(name, found[:4], found[4:])
    if not line.startswith(_DASH) or len(found) < 5 or not is_name(name):
        raise NoteUnsound(reason=BAD_LINE)
    if signature.line != f"{line}\n":  # another spelling of the same bytes
        raise NoteUnsound(reason=BAD_LINE)
    return signature


def note_of(content: bytes) -> Note:
    """Read a note; nothing is verified yet.

    Raises:
        NoteUnsound: it is none.
    """
    if len(content) > NOTE_LIMIT:
        raise NoteUnsound(reason=TOO_LONG)
    try:
        told = content.decode()
    except UnicodeDecodeError as error:
        raise NoteUnsound(reason=NOT_TEXT) from error
    if _CONTROL.search(told):
        raise NoteUnsound(reason=NOT_TEXT)
    text, blank, below = told.rpartition("\n\n")
    if not blank:
        raise NoteUnsound(reason=NO_BLANK)
    if not below.endswith("\n"):
        raise NoteUnsound(reason=NOT_ENDED)
    lines = below[:-1].split("\n")
    if len(lines) > SIGNATURES:
        raise NoteUnsound(reason=TOO_LONG)
    return Note(f"{text}\n", tuple(signature_of(line) for line in lines))


def sign(text: str, name: str, private: Ed25519PrivateKey) -> Signature:
    """A log's signature over a text."""
    key = Key(name, ED25519, private.public_key().public_bytes_raw())
    return Signature(name, key.id, private.sign(text.encode()))


def cosign(text: str, name: str, private: Ed25519PrivateKey, at: int) -> Signature:
    """A witness' signature over a checkpoint: it saw it, and it was consistent.

    Args:
        at: the time, in seconds since 1970 (UTC).

    Source: docs/rules/log.md, L-11.
    """
    key = Key(name, COSIGNATURE, private.public_key().public_bytes_raw())
    content = private.sign(cosigned(text, at))
    return Signature(name, key.id, at.to_bytes(8, "big") + content)


def cosigned(text: str, at: int) -> bytes:
    """The bytes that a witness signs."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


@dataclass(frozen=True, slots=True)
class Vouched:
    """A key whose signature over a note holds; ``at``: a witness' time, in seconds since 1970."""

    key: Key
    at: int | None = None


def vouchers(note: Note, keys: Iterable[Key]) -> list[Vouched]:
    """Which of the known keys have signed a note, in the order of its lines.

    Raises:
        NoteUnsound: the signature of a known key fails.

    Source: docs/rules/log.md, L-8 (C2SP signed-note v1).
    """
    known = {(key.name, key.id): key for key in keys}
    found: dict[Key, Vouched] = {}
    for each in note.signatures:
        key = known.get((each.name, each.key_id))
        if key is not None and key not in found:
            found[key] = _verified(note.text, each, key)
    return list(found.values())


def _verified(text: str, signature: Signature, key: Key) -> Vouched:
    at, message, content = None, text.encode(), signature.content
    if key.kind == COSIGNATURE:
        at, content = int.from_bytes(content[:8], "big"), content[8:]
        message = cosigned(text, at)
        if at > LAST_TIME:
            raise NoteUnsound(reason=BAD_SIGNATURE)
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(content, message)
    except InvalidSignature as error:
        raise NoteUnsound(reason=BAD_SIGNATURE) from error
    return Vouched(key, at)
