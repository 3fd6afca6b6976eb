"""Receipts: a file that proves, without asking anybody, that an entry is in the record.

C2SP tlog-proof v1: the entry's index, the path to the root, the signed checkpoint.  ``extra`` holds
the entry itself or, on paper where room is short, the 32 bytes of its hash.  C2SP tlog-policy says
which log and which witnesses somebody trusts.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kaohe.core.checkpoint import MOST, Checkpoint, checkpoint_of
from kaohe.core.errors import Invalid
from kaohe.core.merkle import HASH, includes, leaf_hash
from kaohe.core.notes import COSIGNATURE, ED25519, Key, Note, Vouched, key_of, note_of, vouchers
from kaohe.core.problems import N_

HEAD = "c2sp.org/tlog-proof@v1"
PATH_LIMIT = 64  # hashes; a tree of more than 2^63 entries there is not
RECEIPT_LIMIT = 250_000  # bytes
LINES = 500  # of a policy
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_INDEX = re.compile(r"0|[1-9][0-9]{0,18}")

NOT_RECEIPT = N_("it does not begin as a receipt does")
NOT_BASE64 = N_("a line that should be a hash is none")
NO_CHECKPOINT = N_("the blank line before the checkpoint is missing")
NO_INDEX = N_("the line with the index is missing or not a number")
NOT_TEXT = N_("it is not text in UTF-8")
TOO_LONG = N_("it is longer than a receipt can be")
NOT_INCLUDED = N_("the path does not lead from the entry to the root: one of them was altered")
OTHER_ENTRY = N_("the entry that was given is not the one that the receipt is about")
NOTHING_PROVED = N_("the receipt holds no entry and none was given")
NOT_SIGNED = N_("no key of the log that is trusted here has signed the checkpoint")
OTHER_LOG = N_("the checkpoint is of another log")
TOO_FEW = N_("fewer witnesses than are asked for have signed the checkpoint")


class ReceiptUnsound(Invalid):
    """A receipt proves nothing: it is no receipt, altered, or signed by nobody who is trusted."""

    code = "log.receipt-unsound"
    sentence = N_(
        "This receipt proves nothing: {reason}. Ask for a new one from the page of the entry; if"
        " that fails too, keep both and turn to the audit administrator."
    )
    words = frozenset({"reason"})


class PolicyUnsound(Invalid):
    """A line of a policy cannot be understood."""

    code = "log.policy-unsound"
    sentence = N_(
        "Line {line} of the policy cannot be understood: “{text}”. Lines are: log VKEY, witness"
        " NAME VKEY, group NAME all|any|NUMBER MEMBERS…, quorum NAME|none."
    )


class PolicyTwice(Invalid):
    """A policy names a key, a name or a member twice."""

    code = "log.policy-twice"
    sentence = N_(
        "Line {line} of the policy repeats what stands above it: “{text}”. A key and a name may"
        " stand once, a witness or group may be a member once, and there is one quorum; else"
        " somebody would count twice."
    )


class PolicyOpen(Invalid):
    """A policy does not say which witnesses must have signed."""

    code = "log.policy-open"
    sentence = N_(
        "The policy does not say which witnesses must have signed. Add a last line: quorum NAME,"
        " or quorum none where no witness is asked for."
    )


@dataclass(frozen=True, slots=True)
class Receipt:
    """A proof that the entry of ``index`` is in the log of the checkpoint in ``note``."""

    index: int
    proof: tuple[bytes, ...]
    note: Note
    extra: bytes = b""

    @property
    def content(self) -> str:
        """The file."""
        lines = [HEAD]
        if self.extra:
            lines.append(f"extra {_encode(self.extra)}")
        lines += [f"index {self.index}", *map(_encode, self.proof), "", self.note.content]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Proved:
    """What a sound receipt shows."""

    checkpoint: Checkpoint
    index: int
    leaf: bytes  # the hash of the entry
    signed_by: tuple[Vouched, ...]  # keys of the log
    seen_by: tuple[Vouched, ...]  # witnesses


def _encode(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _decode(text: str) -> bytes:
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ReceiptUnsound(reason=NOT_BASE64) from error
    if _encode(found) != text:
        raise ReceiptUnsound(reason=NOT_BASE64)
    return found


def receipt_of(content: bytes) -> Receipt:
    """Read a receipt; nothing is verified yet.

    Raises:
        ReceiptUnsound: it is none.
        NoteUnsound: what should be its checkpoint is no note.
    """
    if len(content) > RECEIPT_LIMIT:
        raise ReceiptUnsound(reason=TOO_LONG)
    try:
        above, blank, below = content.decode().partition("\n\n")
    except UnicodeDecodeError as error:
        raise ReceiptUnsound(reason=NOT_TEXT) from error
    lines = above.split("\n")
    if lines.pop(0) != HEAD:
        raise ReceiptUnsound(reason=NOT_RECEIPT)
    if not blank:
        raise ReceiptUnsound(reason=NO_CHECKPOINT)
    extra = b""
    if lines and lines[0].startswith("extra "):
        extra = _decode(lines.pop(0).removeprefix("extra "))
        if not extra:  # then there should be no such line
            raise ReceiptUnsound(reason=NOT_BASE64)
    index = lines.pop(0).removeprefix("index ") if lines and lines[0][:6] == "index " else ""
    if not _INDEX.fullmatch(index) or int(index) >= MOST:
        raise ReceiptUnsound(reason=NO_INDEX)
    proof = tuple(_decode(line) for line in lines)
    if len(proof) > PATH_LIMIT or any(len(part) != HASH for part in proof):
        raise ReceiptUnsound(reason=NOT_BASE64)
    return Receipt(int(index), proof, note_of(below.encode()), extra)


@dataclass(frozen=True, slots=True)
class Policy:
    """Whom somebody trusts: keys of the log, witnesses by name, and which of them must have signed.

    ``groups``: name → (how many, of which witnesses or groups before it).  ``quorum``: a witness, a
    group, or empty for none.
    """

    logs: tuple[Key, ...]
    witnesses: Mapping[str, Key]
    groups: Mapping[str, tuple[int, tuple[str, ...]]]
    quorum: str = ""

    def is_met(self, seen_by: Iterable[Key]) -> bool:
        """Whether enough witnesses have signed."""
        signed = set(seen_by)
        met = {name for name, key in self.witnesses.items() if key in signed}
        for name, (enough, members) in self.groups.items():
            if len(met.intersection(members)) >= enough:
                met.add(name)
        return not self.quorum or self.quorum in met


@dataclass
class _Reading:
    """A policy on the way, and the line that is being read."""

    logs: list[Key] = field(default_factory=list)
    witnesses: dict[str, Key] = field(default_factory=dict)
    groups: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    placed: set[str] = field(default_factory=set)  # members of some group
    quorum: str | None = None
    number: int = 0
    line: str = ""

    def take(self, number: int, line: str) -> None:
        """Take a line up."""
        self.number, self.line = number, line
        words = [word for word in line.replace("\t", " ").split(" ") if word]
        if not words or words[0].startswith("#"):
            return
        match words:
            case ["log", vkey] | ["log", vkey, _]:
                self.logs.append(self._key(vkey, ED25519, self.logs))
            case ["witness", name, vkey] | ["witness", name, vkey, _]:
                key = self._key(vkey, COSIGNATURE, self.witnesses.values())
                self.witnesses[self._name(name)] = key
            case ["group", name, how, *members] if enough := _enough(how, len(members)):
                self.groups[self._name(name)] = (enough, self._members(members))
            case ["quorum", name] if name in {*self.witnesses, *self.groups, "none"}:
                self._refuse(PolicyTwice, when=self.quorum is not None)
                self.quorum = "" if name == "none" else name
            case _:
                self._refuse(PolicyUnsound)

    def _refuse(self, kind: type[Invalid], *, when: bool = True) -> None:
        if when:
            raise kind(line=self.number, text=self.line[:200])

    def _key(self, vkey: str, kind: int, others: Iterable[Key]) -> Key:
        key = key_of(vkey)
        self._refuse(PolicyUnsound, when=key.kind != kind)
        self._refuse(PolicyTwice, when=key.public in {other.public for other in others})
        return key

    def _name(self, name: str) -> str:
        self._refuse(PolicyTwice, when=name in {*self.witnesses, *self.groups, "none"})
        return name

    def _members(self, members: Sequence[str]) -> tuple[str, ...]:
        known = {*self.witnesses, *self.groups}
        self._refuse(PolicyUnsound, when=not known.issuperset(members))
        twice = len(set(members)) < len(members) or not self.placed.isdisjoint(members)
        self._refuse(PolicyTwice, when=twice)
        self.placed.update(members)
        return tuple(members)


def policy_of(text: str) -> Policy:
    """Read a policy (C2SP tlog-policy); addresses behind keys are allowed and passed over.

    Raises:
        PolicyUnsound: a line cannot be understood; which one.
        PolicyTwice: a line would let somebody count twice; which one.
        PolicyOpen: it does not say which witnesses must have signed.
        KeyUnsound: a verification key is none.

    Source: docs/rules/log.md, L-10.
    """
    found = _Reading()
    for number, line in enumerate(text.split("\n"), 1):
        line = line.removesuffix("\r")
        if number > LINES or _CONTROL.search(line):
            raise PolicyUnsound(line=number, text=line[:200])
        found.take(number, line)
    if found.quorum is None:
        raise PolicyOpen
    return Policy(tuple(found.logs), found.witnesses, found.groups, found.quorum)


def _enough(how: str, members: int) -> int:
    """How many of a group must have signed; 0: that is not how to say it."""
    if how in ("all", "any"):
        return members if how == "all" else min(1, members)
    found = int(how) if re.fullmatch(r"[1-9][0-9]{0,3}", how) else 0
    return found if found <= members else 0


def prove(receipt: Receipt, policy: Policy, entry: bytes | None = None) -> Proved:
    """Check a receipt through: the entry, the path, the signatures, the witnesses.

    Args:
        entry: the bytes of the entry, where the receipt does not carry them.

    Raises:
        ReceiptUnsound: it proves nothing; why.
        NoteUnsound: the signature of a known key fails.
        CheckpointUnsound: what is signed is no checkpoint.

    Source: docs/rules/log.md, L-9.
    """
    leaf = _leaf(receipt.extra, entry)
    checkpoint = checkpoint_of(receipt.note)
    if not includes(leaf, receipt.index, checkpoint.size, receipt.proof, checkpoint.root):
        raise ReceiptUnsound(reason=NOT_INCLUDED)
    signed, seen = who_signed(receipt.note, checkpoint, policy)
    return Proved(checkpoint, receipt.index, leaf, tuple(signed), tuple(seen))


def who_signed(
    note: Note, checkpoint: Checkpoint, policy: Policy
) -> tuple[Sequence[Vouched], Sequence[Vouched]]:
    """The log's keys and the witnesses that have signed a checkpoint, as a policy asks.

    Raises:
        ReceiptUnsound: the log has not, or too few witnesses have.
        NoteUnsound: the signature of a known key fails.

    Source: docs/rules/log.md, L-8, L-10.
    """
    found = vouchers(note, (*policy.logs, *policy.witnesses.values()))
    signed = [each for each in found if each.key.kind == ED25519 and each.key in policy.logs]
    seen = [each for each in found if each.key.kind == COSIGNATURE]
    if not signed:
        raise ReceiptUnsound(reason=NOT_SIGNED)
    if checkpoint.origin not in {each.key.name for each in signed}:
        raise ReceiptUnsound(reason=OTHER_LOG)
    if not policy.is_met(each.key for each in seen):
        raise ReceiptUnsound(reason=TOO_FEW)
    return signed, seen


def _leaf(extra: bytes, entry: bytes | None) -> bytes:
    """The hash of the entry that a receipt is about."""
    told = extra if len(extra) == HASH else leaf_hash(extra) if extra else None
    given = None if entry is None else leaf_hash(entry)
    if told and given and told != given:
        raise ReceiptUnsound(reason=OTHER_ENTRY)
    found = told or given
    if found is None:
        raise ReceiptUnsound(reason=NOTHING_PROVED)
    return found
