"""A leaf of the record: the exact bytes that stand for one thing done.

The bytes are canonical JSON (RFC 8785).  What may have to be forgotten one day (names of persons,
free text) enters as a salted commitment only: the text and its salt lie elsewhere, can be erased on
a lawful request, and every proof over the leaf still holds.  The format is fixed: see
docs/journal-format.md.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from json.encoder import encode_basestring as _quoted
from typing import Any

import rfc8785

FORMAT = "kaohe-entry/1"
LIMIT = 65_535  # bytes; an entry of a tile's bundle has a length of 16 bits
SALT = 32  # bytes

Fact = str | int | bool | None | list[str]
_LARGE = re.compile(rb"[:,\[]-?[0-9]{16}")  # a number that may be more than every reader can hold
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


@dataclass(frozen=True, slots=True)
class Event:
    """One thing done to one object.

    Attributes:
        action: from a closed vocabulary, such as ``unit.renamed``.
        subject: the object, as ``kind:number``.
        jurisdiction: its code; empty for what belongs to the whole installation.
        unit: the credit code of the unit that it concerns, if it concerns one.
        facts: what now holds, in clear.  Decimals and dates are text.
        was: what held before, for the facts that changed.
        sealed: personal and free text, which enters as commitments.
        effective_on: the day from which it holds, where that is not the day of recording.
    """

    action: str
    subject: str
    jurisdiction: str = ""
    unit: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    was: Mapping[str, Fact] = field(default_factory=dict)
    sealed: Mapping[str, str] = field(default_factory=dict)
    effective_on: date | None = None


def canonical(value: Any, names: Iterable[str] = ()) -> bytes:
    """Canonical JSON of what an entry holds: texts, whole numbers, truth values, lists of texts.

    The encoder of the language writes these as RFC 8785 asks, four times as fast; where it would
    not (names of other than ASCII letters, large numbers), the general library does it.

    Args:
        names: of facts and texts, which may come from anywhere.
    """
    if all(map(str.isascii, names)):
        found = _encode(value).encode()
        if not _LARGE.search(found):
            return found
    return rfc8785.dumps(value)


def commitment(salt: bytes, name: str, text: str) -> str:
    """What stands in a leaf for a text: ``sha256:`` and H(salt ‖ canonical JSON of [name, text]).

    The name is bound in, so that two texts cannot change places.

    Source: docs/journal-format.md; docs/rules/log.md, L-13.

    >>> commitment(bytes(32), "reason", "迟报")[:23]
    'sha256:657f23c49899c014'
    """
    bound = f"[{_quoted(name)},{_quoted(text)}]".encode()  # of texts the one canonical spelling
    return f"sha256:{hashlib.sha256(salt + bound).hexdigest()}"


def instant(moment: datetime) -> str:
    """A moment in UTC, to the microsecond, as RFC 3339 writes it.

    Source: docs/rules/log.md, L-14.

    >>> instant(datetime(2026, 3, 5, 8, 30, tzinfo=UTC))
    '2026-03-05T08:30:00.000000Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def leaf(
    event: Event,
    *,
    entry: str,
    actor: str,
    role: str,
    at: datetime,
    salts: Mapping[str, bytes],
) -> bytes:
    """The bytes of an entry.

    Args:
        entry: the entry's own random number; no two entries are ever the same bytes.
        actor: the pseudonym of who did it, or "system".
        role: the role in which it was done; empty where the installation did it.
        at: when it was recorded.
        salts: one of ``SALT`` bytes for each name in ``event.sealed``.

    Raises:
        ValueError: the entry would be longer than ``LIMIT`` bytes.

    Source: docs/journal-format.md; docs/rules/log.md, L-1.
    """
    content: dict[str, Any] = {
        "action": event.action,
        "actor": actor,
        "at": instant(at),
        "entry": entry,
        "facts": dict(event.facts),
        "format": FORMAT,
        "jurisdiction": event.jurisdiction,
        "role": role,
        "sealed": {
            name: commitment(salts[name], name, text) for name, text in event.sealed.items()
        },
        "subject": event.subject,
        "unit": event.unit,
        "was": dict(event.was),
    }
    if event.effective_on is not None:
        content["effective_on"] = event.effective_on.isoformat()
    found = canonical(content, (*event.facts, *event.was, *event.sealed))
    if len(found) > LIMIT:
        raise ValueError(f"an entry of {len(found)} bytes about {event.subject}; {LIMIT} is most")
    return found
