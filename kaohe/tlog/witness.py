"""A witness (见证方): it cosigns a checkpoint only if that follows the last one it has seen.

C2SP tlog-witness.  Whoever runs a log cannot show one history to some and another to others as long
as a witness stands outside: of two that contradict one another it cosigns one only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from time import time

from kaohe.core.checkpoint import Checkpoint, checkpoint_of
from kaohe.core.errors import Conflict, Invalid, Refusal
from kaohe.core.merkle import EMPTY, is_consistent
from kaohe.core.notes import Note, NoteUnsound, Signature, Vouched, cosign, note_of, vouchers
from kaohe.core.problems import N_
from kaohe.tlog.witness_home import NOT_READABLE, WitnessHome, WitnessUnreadable, read_witness
from kaohe.tlog.witness_request import REQUEST_LIMIT, Request, RequestUnsound, request_of

TEXT = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"
TRIES = 16  # others who are served at the same time can be first so often, not more


class UnknownLog(Conflict):
    """The witness knows no log of this name."""

    code = "witness.unknown-log"
    sentence = N_(
        "This witness trusts no log called {origin}. Its operator can have it trusted with: kaohe"
        " journal witness trust VKEY"
    )


class NotSignedByLog(Conflict):
    """No key that the witness trusts has signed the checkpoint, or a trusted one's fails."""

    code = "witness.not-signed"
    sentence = N_(
        "No key of {origin} that this witness trusts has rightly signed the checkpoint. If the log"
        " has a new key, have it trusted with: kaohe journal witness trust VKEY"
    )


class OldTooLarge(Conflict):
    """The request begins behind the end of its own checkpoint."""

    code = "witness.old-too-large"
    sentence = N_("The request starts from {old} entries, but its checkpoint covers {size} only.")


class OtherSize(Conflict):
    """The request does not begin where the witness stands."""

    code = "witness.other-size"
    sentence = N_("The witness has cosigned {known} entries; the request starts from {old}.")


class NotConsistent(Conflict):
    """The proof does not show that the checkpoint continues what the witness has cosigned."""

    code = "witness.not-consistent"
    sentence = N_(
        "It is not shown that the checkpoint of {origin} over {size} entries continues the one over"
        " {known} that this witness has cosigned. It is not cosigned. Either the proof was made of"
        " damaged files, or the log was rewritten: have both histories explained."
    )


class ClockBack(Conflict):
    """The clock of the witness stands before its own last cosignature."""

    code = "witness.clock-back"
    sentence = N_(
        "The clock of the witness was set back: it says {now}, and the last cosignature is of"
        " {last} (seconds since 1970). Nothing is cosigned until it is right. Set the clock of the"
        " machine of the witness."
    )


class Crowded(Conflict):
    """Too many asked at the same time."""

    code = "witness.crowded"
    sentence = N_("Too many ask for the cosignature of this log at once. Try again in a moment.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness answers: status of HTTP, content and its kind."""

    status: int
    body: bytes
    kind: str = TEXT


_STATUS: dict[type[Refusal], int] = {
    UnknownLog: 404,
    NotSignedByLog: 403,
    OldTooLarge: 400,
    OtherSize: 409,
    NotConsistent: 422,
}


class Witness:
    """Cosigns checkpoints of the logs that its home trusts; several may use one home at once."""

    def __init__(self, home: WitnessHome, clock: Callable[[], float] = time) -> None:
        self.home = home
        self._clock = clock

    def add_checkpoint(self, body: bytes) -> Answer:
        """Answer a request: the cosignature, or why there is none.

        What is cosigned is on the disk before it is answered.
        """
        if len(body) > REQUEST_LIMIT:
            return Answer(400, _told(RequestUnsound()))
        try:
            return Answer(200, self.cosign(*request_of(body)).encode())
        except OtherSize as refusal:
            return Answer(409, f"{refusal.facts['known']}\n".encode(), SIZE)
        except Invalid as refusal:
            return Answer(400, _told(refusal))
        except Refusal as refusal:
            return Answer(_STATUS.get(type(refusal), 503), _told(refusal))

    def cosign(self, request: Request, checkpoint: Checkpoint) -> str:
        """The line of the cosignature of a checkpoint, which is now the last one seen.

        Raises:
            UnknownLog, NotSignedByLog, OldTooLarge, OtherSize, NotConsistent: it may not be.
            ClockBack, Crowded, StoreUnreadable, WitnessUnreadable: it cannot be now.

        Source: docs/rules/log.md, L-11 (C2SP tlog-witness).
        """
        signed = self._signed(request.note, checkpoint)
        if request.old > checkpoint.size:
            raise OldTooLarge(old=request.old, size=checkpoint.size)
        store, origin = self.home.store, checkpoint.origin
        for _ in range(TRIES):
            last = store.last(origin)
            self._must_follow(last, request, checkpoint, signed)
            now = self._time()
            line = cosign(checkpoint.text, self.home.name, self.home.private, now)
            seen = Note(signed.text, (*signed.signatures, line))
            if store.swap(origin, last, seen.content):
                return line.line
        raise Crowded

    def known(self, origin: str) -> Checkpoint | None:
        """The last checkpoint of a log that it cosigned.

        Raises:
            StoreUnreadable: the store cannot be read.
        """
        return self._known(self.home.store.last(origin))

    def published(self, digest: str) -> Answer:
        """The last note cosigned of the log whose name has this SHA-256, in hexadecimal."""
        try:
            for origin, note in self.home.store.all().items():
                if sha256(origin.encode()).hexdigest() == digest:
                    return Answer(200, note.encode())
        except Refusal as refusal:
            return Answer(503, _told(refusal))
        return Answer(404, b"not found\n")

    def _signed(self, note: Note, checkpoint: Checkpoint) -> Note:
        """The note with the signatures of trusted keys only."""
        self.home = read_witness(self.home.folder)  # a key may have been trusted since
        keys = self.home.keys_of(checkpoint.origin)
        if not keys:
            raise UnknownLog(origin=checkpoint.origin)
        try:
            ids = {each.key.id for each in vouchers(note, keys)}
        except NoteUnsound as error:
            raise NotSignedByLog(origin=checkpoint.origin) from error
        if not ids:
            raise NotSignedByLog(origin=checkpoint.origin)
        verified: dict[bytes, Signature] = {}  # of one key the first line, which was verified
        for each in note.signatures:
            if each.name == checkpoint.origin and each.key_id in ids:
                verified.setdefault(each.key_id, each)
        return Note(note.text, tuple(verified.values()))

    def _must_follow(
        self, last: str | None, request: Request, checkpoint: Checkpoint, signed: Note
    ) -> None:
        known = self._known(last) or Checkpoint(checkpoint.origin, 0, EMPTY)
        if request.old != known.size:
            raise OtherSize(old=request.old, known=known.size)
        size, root = checkpoint.size, checkpoint.root
        follows = is_consistent(known.size, known.root, size, root, request.proof)
        if not follows or (size == 0 and root != EMPTY):
            if size == known.size and root != known.root:
                self.home.keep_evidence(signed.content)
            raise NotConsistent(origin=checkpoint.origin, size=size, known=known.size)

    def _time(self) -> int:
        """Now; never before a cosignature that it has given."""
        now, last = int(self._clock()), 1
        for note in self.home.store.all().values():
            last = max(last, *(each.at or 1 for each in self._cosigned(note)[1]))
        if now < last:
            raise ClockBack(now=now, last=last)
        return now

    def _known(self, note: str | None) -> Checkpoint | None:
        return None if note is None else self._cosigned(note)[0]

    def _cosigned(self, content: str) -> tuple[Checkpoint, list[Vouched]]:
        """What a stored note says, and our own signatures below it."""
        try:
            note = note_of(content.encode())
            found = checkpoint_of(note), vouchers(note, [self.home.key])
        except Invalid as error:
            raise self._spoilt() from error
        if not found[1]:
            raise self._spoilt()
        return found

    def _spoilt(self) -> WitnessUnreadable:
        return WitnessUnreadable(folder=str(self.home.folder), reason=NOT_READABLE)


def _told(refusal: Refusal) -> bytes:
    return f"{refusal}\n".encode()
