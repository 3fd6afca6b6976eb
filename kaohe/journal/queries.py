"""Reading the record."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from kaohe.core.leaf import Fact
from kaohe.journal.models import JournalEntry, Position

UNREADABLE = "record.unreadable"  # no entry has this action


@dataclass(frozen=True, slots=True)
class Told:
    """An entry as it can be told: the facts of its leaf, and the texts that were not erased."""

    number: int
    entry: str
    at: datetime
    actor: str
    role: str
    action: str
    subject: str
    unit: str
    jurisdiction: str
    effective_on: date | None
    facts: dict[str, Fact]
    was: dict[str, Fact]
    sealed: dict[str, str | None]  # None: erased


def entries_of(subjects: Iterable[str]) -> QuerySet[JournalEntry]:
    """All entries about some objects, latest first, with their texts."""
    return (
        JournalEntry.objects.filter(subject__in=list(subjects))
        .select_related("sealed")
        .order_by("-id")
    )


def latest_entries(jurisdiction: str, without: Iterable[str] = ()) -> QuerySet[JournalEntry]:
    """The entries of a jurisdiction, latest first, with their texts; slice it.

    Args:
        without: kinds of subjects that are left out.
    """
    rows = JournalEntry.objects.filter(jurisdiction=jurisdiction).select_related("sealed")
    for kind in without:
        rows = rows.exclude(subject__startswith=f"{kind}:")
    return rows.order_by("-id")


def entries_of_unit(code: str) -> QuerySet[JournalEntry]:
    """All entries that concern a unit, latest first, with their texts."""
    return JournalEntry.objects.filter(unit=code).select_related("sealed").order_by("-id")


def tell(entries: Iterable[JournalEntry]) -> Iterator[Told]:
    """Each entry with what it says, read from its leaf.

    One whose leaf was spoilt by hand hides no other: it is told as what cannot be read.
    """
    for entry in entries:
        try:
            told = _told(entry)
        except (ValueError, TypeError, KeyError, AttributeError):
            told = _unreadable(entry)
        yield told


def _told(entry: JournalEntry) -> Told:
    content = json.loads(entry.leaf)
    body = getattr(entry, "sealed", None)
    texts = {} if body is None else body.texts
    effective = content.get("effective_on")
    return Told(
        number=entry.pk,
        entry=content["entry"],
        at=entry.at,
        actor=content["actor"],
        role=content["role"],
        action=content["action"],
        subject=content["subject"],
        unit=content["unit"],
        jurisdiction=content["jurisdiction"],
        effective_on=date.fromisoformat(effective) if effective else None,
        facts=dict(content["facts"]),
        was=dict(content["was"]),
        sealed={name: texts.get(name, {}).get("text") for name in content["sealed"]},
    )


def _unreadable(entry: JournalEntry) -> Told:
    """What is left to tell: where the row stands, and nothing that it claims."""
    return Told(
        number=entry.pk,
        entry=entry.entry,
        at=entry.at,
        actor="",
        role="",
        action=UNREADABLE,
        subject=entry.subject,
        unit=entry.unit,
        jurisdiction=entry.jurisdiction,
        effective_on=None,
        facts={},
        was={},
        sealed={},
    )


def indexes_of(numbers: Iterable[int]) -> dict[int, int]:
    """The indexes of sealed entries, by the numbers of their rows; who waits is left out."""
    rows = Position.objects.filter(entry__in=list(numbers))
    return dict(rows.values_list("entry_id", "index"))
