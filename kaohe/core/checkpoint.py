"""A checkpoint: how large the record is, and the root over it, in a note that the log signs.

C2SP tlog-checkpoint.  Whoever keeps one can later ask for proof that the record still begins with
what it covers.
"""

import base64
import binascii
import re
from dataclasses import dataclass

from kaohe.core.errors import Invalid
from kaohe.core.merkle import HASH
from kaohe.core.notes import Note
from kaohe.core.problems import N_

MOST = 2**63 - 1  # entries; more can be neither stored nor served
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class CheckpointUnsound(Invalid):
    """The text of a note is not that of a checkpoint."""

    code = "log.checkpoint-unsound"
    sentence = N_(
        "This is not a checkpoint of a log: its three lines must give the log's name, the number of"
        " entries, and the root hash. Fetch it anew from where it came."
    )


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log: ``origin`` its name, ``size`` in entries, ``root`` of 32 bytes."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text that is signed.

        >>> from kaohe.core.merkle import EMPTY
        >>> Checkpoint("example.gov.cn/trace", 0, EMPTY).text
        'example.gov.cn/trace\\n0\\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\\n'
        """
        lines = (self.origin, str(self.size), base64.b64encode(self.root).decode())
        return "".join(f"{line}\n" for line in (*lines, *self.extensions))


def checkpoint_of(note: Note) -> Checkpoint:
    """What a checkpoint's note says; its signatures are another matter.

    Raises:
        CheckpointUnsound: it is no checkpoint.

    Source: docs/rules/log.md, L-4.
    """
    lines = note.text[:-1].split("\n")
    if len(lines) < 3 or not lines[0] or not _SIZE.fullmatch(lines[1]):
        raise CheckpointUnsound
    try:
        root = base64.b64decode(lines[2], validate=True)
    except (binascii.Error, ValueError) as error:
        raise CheckpointUnsound from error
    found = Checkpoint(lines[0], int(lines[1]), root, tuple(lines[3:]))
    if found.size > MOST or len(root) != HASH or "" in found.extensions:
        raise CheckpointUnsound
    if found.text != note.text:  # another spelling of the same root
        raise CheckpointUnsound
    return found
