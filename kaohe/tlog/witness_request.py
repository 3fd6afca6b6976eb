"""What a log says to a witness: from which size on, the proof, the checkpoint to cosign.

C2SP tlog-witness, the body of ``add-checkpoint``.
"""

import base64
import binascii
import re
from dataclasses import dataclass

from kaohe.core.checkpoint import Checkpoint, checkpoint_of
from kaohe.core.errors import Invalid
from kaohe.core.merkle import HASH
from kaohe.core.notes import NOTE_LIMIT, Note, note_of
from kaohe.core.problems import N_

PROOF_LIMIT = 63  # lines
REQUEST_LIMIT = NOTE_LIMIT + 64 * 45  # bytes
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")


class RequestUnsound(Invalid):
    """The body of a request to a witness is not as it must be."""

    code = "witness.request-unsound"
    sentence = N_(
        "This is no request to cosign a checkpoint: it must hold the line “old SIZE”, up to 63"
        " lines of proof, an empty line, and the checkpoint."
    )


@dataclass(frozen=True, slots=True)
class Request:
    """Cosign ``note``: by ``proof`` it begins with the ``old`` entries that you have seen."""

    old: int
    proof: tuple[bytes, ...]
    note: Note

    @property
    def content(self) -> bytes:
        """The body."""
        lines = [f"old {self.old}", *(base64.b64encode(each).decode() for each in self.proof)]
        return "\n".join([*lines, "", self.note.content]).encode()


def request_of(body: bytes) -> tuple[Request, Checkpoint]:
    """Read a request, and what its checkpoint says; nothing is verified yet.

    Raises:
        RequestUnsound, NoteUnsound, CheckpointUnsound: it is none.
    """
    head, blank, note = body.partition(b"\n\n")
    try:
        first, *lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise RequestUnsound from error
    old = _OLD.fullmatch(first)
    if not blank or old is None or len(lines) > PROOF_LIMIT:
        raise RequestUnsound
    found = Request(int(old[1]), tuple(map(_hash, lines)), note_of(note))
    return found, checkpoint_of(found.note)


def _hash(line: str) -> bytes:
    try:
        found = base64.b64decode(line, validate=True)
    except binascii.Error as error:
        raise RequestUnsound from error
    if len(found) != HASH or base64.b64encode(found).decode() != line:
        raise RequestUnsound
    return found
