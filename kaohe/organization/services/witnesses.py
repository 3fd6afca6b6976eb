"""Witnesses of the log: add, correct, end.  What they have cosigned stays."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from kaohe.core.access import Verb
from kaohe.core.errors import Conflict, Invalid
from kaohe.core.leaf import Event, Fact
from kaohe.core.notes import COSIGNATURE, KeyUnsound, key_of
from kaohe.core.problems import N_
from kaohe.core.texts import clean
from kaohe.journal.models import Witness
from kaohe.organization.models import User
from kaohe.organization.queries.access import require
from kaohe.organization.services.writing import record, taken

KEPT = ("name", "vkey", "url")
_ADDRESS = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")
NOT_COSIGNING = N_("it signs logs, it does not cosign checkpoints")


class WitnessKeyUnfit(Invalid):
    """What was given is not the key of a witness."""

    code = "witness.key-unfit"
    sentence = N_(
        "This is not the verification key of a witness: {reason}. Ask its operator for the line"
        " that “kaohe journal witness” shows, and compare the fingerprint by telephone."
    )
    field = "vkey"
    words = frozenset({"reason"})


class WitnessKnown(Conflict):
    """A key belongs to one witness."""

    code = "witness.known"
    sentence = N_("“{name}” watches with this key already. Two witnesses need two keys.")
    field = "vkey"


class WitnessAddressUnfit(Invalid):
    """An address that nobody can be asked at."""

    code = "witness.address-unfit"
    sentence = N_(
        "“{url}” is no address of a witness. It begins with https:// or http://, without user name,"
        " question mark and #. Leave it empty if the witness comes by itself or by USB stick."
    )
    field = "url"


class WitnessEnded(Conflict):
    """A witness that has ended is not touched any more."""

    code = "witness.ended"
    sentence = N_(
        "“{name}” has ended as a witness. Add it anew, with a new key, if it is to watch."
    )


@transaction.atomic
def add_witness(*, by: User, name: str, vkey: str, url: str = "") -> Witness:
    """Have another organisation's machine watch the log.

    Args:
        name: of the organisation.
        vkey: the verification key of its witness.
        url: where it is asked; empty where it fetches by itself or by USB stick.

    Raises:
        RoleMissing: ``by`` may not.
        WitnessKeyUnfit, WitnessAddressUnfit: the key or the address is none.
        WitnessKnown: the key belongs to another one.
    """
    require(by, Verb.SYSTEM_MANAGE)
    vkey = _key(vkey)
    known = Witness.objects.filter(vkey=vkey).first()
    if known is not None:
        raise WitnessKnown(name=known.name)
    row = Witness.objects.create(name=clean(name), vkey=vkey, url=_address(url))
    facts = {key: value for key, value in _facts(row).items() if value}
    record(Event("witness.added", row.subject, facts=facts), by=by)
    return row


@transaction.atomic
def correct_witness(
    *, by: User, witness: Witness, seen: int | None, name: str, url: str = ""
) -> Witness:
    """Mend name or address; another key is another witness.

    Raises:
        RoleMissing: ``by`` may not.
        Changed: it is not what ``by`` saw.
        WitnessEnded: it has ended.
        WitnessAddressUnfit: the address is none.
    """
    require(by, Verb.SYSTEM_MANAGE)
    row = _watching(witness, seen)
    before = _facts(row)
    row.name, row.url = clean(name), _address(url)
    now = _facts(row)
    moved = [key for key in KEPT if now[key] != before[key]]
    if moved:
        _save(row, "name", "url")
        event = Event(
            "witness.corrected",
            row.subject,
            facts={key: now[key] for key in moved},
            was={key: before[key] for key in moved},
        )
        record(event, by=by)
    return row


@transaction.atomic
def end_witness(*, by: User, witness: Witness, seen: int | None, reason: str) -> Witness:
    """Ask a witness no more; its cosignatures stay valid.

    Raises:
        RoleMissing: ``by`` may not.
        Changed: it is not what ``by`` saw.
        WitnessEnded: it has ended already.
    """
    require(by, Verb.SYSTEM_MANAGE)
    row = _watching(witness, seen)
    row.ended_at = timezone.now()
    _save(row, "ended_at")
    event = Event(
        "witness.ended",
        row.subject,
        facts={"name": row.name, "vkey": row.vkey},
        sealed={"reason": clean(reason)},
    )
    record(event, by=by)
    return row


def _watching(witness: Witness, seen: int | None) -> Witness:
    row = taken(Witness, witness.pk, seen)
    if row.ended_at is not None:
        raise WitnessEnded(name=row.name)
    return row


def _save(row: Witness, *fields: str) -> None:
    """Write only what was meant: sealing notes what the witness has seen at the same time."""
    row.version += 1
    row.save(update_fields=[*fields, "version"])


def _facts(row: Witness) -> Mapping[str, Fact]:
    values: dict[str, Any] = {name: getattr(row, name) for name in KEPT}
    return values


def _key(vkey: str) -> str:
    try:
        key = key_of(vkey)
    except KeyUnsound as refusal:
        raise WitnessKeyUnfit(reason=refusal.facts["reason"]) from refusal
    if key.kind != COSIGNATURE:
        raise WitnessKeyUnfit(reason=NOT_COSIGNING)
    return key.vkey


def _address(url: str) -> str:
    url = clean(url).rstrip("/")
    if url and not (_ADDRESS.fullmatch(url) and _names_a_machine(url)):
        raise WitnessAddressUnfit(url=url[:200])
    return url


def _names_a_machine(url: str) -> bool:
    """Whether an address could be called: a name of ASCII letters, and a port that there can be."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0 and url.isascii()
    except ValueError:
        return False
