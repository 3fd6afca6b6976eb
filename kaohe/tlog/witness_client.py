"""Asking a witness for its cosignature, and believing only what its key has signed."""

from dataclasses import dataclass, field

from kaohe.core.checkpoint import Checkpoint, checkpoint_of
from kaohe.core.errors import Conflict, Invalid
from kaohe.core.merkle import consistency_proof
from kaohe.core.notes import COSIGNATURE, NOTE_LIMIT, Key, Note, Signature, signature_of, vouchers
from kaohe.core.problems import N_
from kaohe.tlog.remote import Log
from kaohe.tlog.remote_call import Caller, Reply
from kaohe.tlog.witness_request import Request

_SIZE_LIMIT = 20  # digits

NOT_OURS = N_("its signature is not that of the key which is known for it")
NO_SIZE = N_("it names no size that could be believed")
OTHER_STATUS = N_("it cannot cosign now, or does not understand")


class WitnessContradicts(Conflict):
    """The witness has seen another history of the log, or so it says: perhaps a fork."""

    code = "witness.contradicts"
    sentence = N_(
        "ATTENTION: the witness {witness} refuses the checkpoint over {size} entries: it does not"
        " continue what the witness has cosigned before ({known} entries). Either files of the log"
        " are damaged or its history was rewritten. Run kaohe journal verify at once, keep"
        " everything as it is, and tell the audit administrator and the witness."
    )


class WitnessAhead(Conflict):
    """The witness has cosigned more entries than the log has now."""

    code = "witness.ahead"
    sentence = N_(
        "ATTENTION: the witness {witness} has cosigned {known} entries, and the log has only"
        " {size}. The log was brought back from an older backup, or another machine signs in its"
        " name. Do not go on sealing: bring the newer state back, and tell the audit administrator"
        " and the witness."
    )


class WitnessDistrusts(Conflict):
    """The witness does not trust the log, or not its present key."""

    code = "witness.distrusts"
    sentence = N_(
        "The witness {witness} does not trust this log or its present key (status {status}). Ask"
        " its operator to run: kaohe journal witness trust VKEY, with the verification key of the"
        " log."
    )


class WitnessRefused(Conflict):
    """The answer of the witness is of no use."""

    code = "witness.refused"
    sentence = N_(
        "The witness {witness} gave no cosignature (status {status}): {reason}. Sealing goes on"
        " without it, and it is asked again next time. If it stays so, talk to its operator."
    )
    words = frozenset({"reason"})


@dataclass(frozen=True, slots=True)
class WitnessAt:
    """A witness that can be called.

    Attributes:
        url: the prefix of its addresses.
        key: with which it cosigns.
    """

    url: str
    key: Key
    caller: Caller = field(default_factory=Caller)


def submit(witness: WitnessAt, note: Note, log: Log, last_known: int) -> Signature:
    """Have a checkpoint cosigned; the signature, verified.

    A witness that stands elsewhere than was thought (it was away for a month) is asked once more,
    from where it says it stands.

    Args:
        note: the log's signed checkpoint.
        log: where the tiles of the checkpoint lie.
        last_known: how many entries the witness has cosigned, as far as is known; 0: nothing is.

    Raises:
        Unreachable: no answer in time.
        WitnessContradicts, WitnessAhead: it has seen another history; this must be looked into.
        WitnessDistrusts, WitnessRefused: it does not cosign.
        LogDamaged: a tile that the proof needs is missing.
    """
    checkpoint = checkpoint_of(note)
    old = min(last_known, checkpoint.size)
    reply = _ask(witness, note, checkpoint, log, old)
    if reply.status == 409:
        old = _known(witness, reply)
        if old > checkpoint.size:
            raise WitnessAhead(witness=witness.key.name, known=old, size=checkpoint.size)
        reply = _ask(witness, note, checkpoint, log, old)
    if reply.status == 422:
        raise WitnessContradicts(witness=witness.key.name, size=checkpoint.size, known=old)
    if reply.status in (403, 404):
        raise WitnessDistrusts(witness=witness.key.name, status=reply.status)
    if reply.status != 200:
        raise _refused(witness, reply, OTHER_STATUS)
    return cosignature(witness.key, note.text, reply.body) or _fail(witness, reply)


def cosignature(key: Key, text: str, lines: bytes) -> Signature | None:
    """The first of some lines that is a witness' cosignature of a checkpoint; None: none is."""
    for line in lines.decode(errors="replace").split("\n")[:64]:
        try:
            found = signature_of(line)
            vouched = vouchers(Note(text, (found,)), [key])
        except Invalid:
            continue
        if vouched and key.kind == COSIGNATURE:
            return found
    return None


def _ask(witness: WitnessAt, note: Note, checkpoint: Checkpoint, log: Log, old: int) -> Reply:
    proof = consistency_proof(old, checkpoint.size, log.reader(checkpoint.size))
    body = Request(old, tuple(proof), note).content
    url = f"{witness.url.rstrip('/')}/add-checkpoint"
    return witness.caller.call(url, limit=NOTE_LIMIT, body=body)


def _known(witness: WitnessAt, reply: Reply) -> int:
    """The size that a witness names with 409."""
    told = reply.body.removesuffix(b"\n")
    if not told.isdigit() or len(told) > _SIZE_LIMIT:
        raise _refused(witness, reply, NO_SIZE)
    return int(told)


def _refused(witness: WitnessAt, reply: Reply, reason: str) -> WitnessRefused:
    return WitnessRefused(witness=witness.key.name, status=reply.status, reason=reason)


def _fail(witness: WitnessAt, reply: Reply) -> Signature:
    raise _refused(witness, reply, NOT_OURS)
