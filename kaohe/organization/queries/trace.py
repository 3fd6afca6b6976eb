"""Reading the record within one's reach: searching it, opening an entry, whom it proves it to."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat, NullIf

from kaohe.core.access import Verb
from kaohe.core.merkle import leaf_hash
from kaohe.core.texts import clean, fold
from kaohe.journal.models import Checkpoint, JournalEntry, Position
from kaohe.journal.proofs import Standing, standing_of
from kaohe.journal.queries import Told, tell
from kaohe.organization.models import (
    Department,
    Document,
    Jurisdiction,
    Person,
    Sitting,
    Succession,
    Unit,
    User,
)
from kaohe.organization.queries.access import NothingHere, allows, reach_of, visible, visible_units
from kaohe.organization.queries.people import visible_people, visible_tenures
from kaohe.organization.queries.units import found_by

BY_INSTALLATION = "system"
ACCOUNTS = ("user", "role", "token")  # sign-ins and the like are the administrators' business
FEW = 2_000  # entries that are found by their keys rather than by walking
MOST_NAMED = 200  # objects of a kind that a name may find
_ENTRY = re.compile(r"[0-9a-fA-F]{32}")
_NUMBER = re.compile(r"[0-9]{1,18}")
_CODE = re.compile(r"[0-9A-Za-z]{18}")


@dataclass(frozen=True, slots=True)
class Opened:
    """An entry with the exact bytes that stand for it, and how far it is on its way.

    ``digest``: SHA-256 of the bytes; ``leaf_hash``: what stands for them in the tree.
    """

    row: JournalEntry
    told: Told
    leaf: str
    digest: str
    leaf_hash: str
    standing: Standing


def trace_seen_by(user: User) -> QuerySet[JournalEntry]:
    """The entries that a user may read, the latest first.

    Accounts are told to the auditor alone, but for the roles of a unit; comments on drafts to those
    who review drafts.
    """
    rows = JournalEntry.objects.order_by("-id")
    if reach_of(user, Verb.TRACE_READ).everywhere:
        return rows
    rows = rows.alias(
        walked_unit=Concat("unit", Value("")), walked_subject=Concat("subject", Value(""))
    ).filter(_within(user))
    for kind in ACCOUNTS:
        rows = rows.exclude(subject__startswith=f"{kind}:", unit="")
    if not allows(user, Verb.DOCUMENT_REVIEW):
        rows = rows.exclude(subject__startswith="comment:")
    return rows


def sees_whole(user: User) -> bool:
    """Whether a user reads the record of the whole installation."""
    return reach_of(user, Verb.TRACE_READ).everywhere


def _within(user: User) -> Q:
    """What lies in the reach: a jurisdiction's entries; those of units, departments, their people.

    A unit's entries are found by the codes that it has and had, and by itself while it has none.
    Where they are many, the record is walked from its end, which no index of units could do.
    """
    places = visible(user, Verb.TRACE_READ, Jurisdiction.objects.all(), jurisdiction="pk")
    inside = Q(jurisdiction__in=list(places.values_list("code", flat=True)))
    found = reach_of(user, Verb.TRACE_READ)
    if not (found.departments or found.units):
        return inside
    units = visible_units(user, Verb.TRACE_READ).order_by()
    codes = units.exclude(code="").exclude(code=None).values("code")
    earlier = Succession.objects.filter(unit__in=units.values("pk")).exclude(predecessor_code="")
    many = JournalEntry.objects.order_by().filter(unit__in=codes)[:FEW].count() == FEW
    walked = "walked_" if many else ""
    inside |= Q(**{f"{walked}unit__in": codes})
    inside |= Q(**{f"{walked}unit__in": earlier.values("predecessor_code")})
    people = visible_people(user, Verb.TRACE_READ).order_by()
    tenures = visible_tenures(user, Verb.TRACE_READ).order_by()
    for kind, rows in (("unit", units), ("tenure", tenures), ("person", people)):
        inside |= Q(**{f"{walked}subject__in": _subjects(kind, rows)})
    named = [f"department:{key}" for key in found.departments]
    return inside | Q(**{f"{walked}subject__in": named}) if named else inside


def _subjects(kind: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    subject = Concat(Value(f"{kind}:"), Cast("pk", CharField()))
    found: QuerySet[Any] = rows.select_related(None).annotate(said=subject).values("said")
    return found


def walking(rows: QuerySet[JournalEntry]) -> QuerySet[JournalEntry]:
    """With ``walked_at``, the time as no index knows it: a year's entries are not sorted first."""
    return rows.alias(walked_at=NullIf("at", Value(None)))


def whole_record() -> QuerySet[JournalEntry]:
    """The record without regard to anybody's reach; only to narrow what is then looked at."""
    return JournalEntry.objects.order_by()


def narrowed_to(seen: QuerySet[JournalEntry], wanted: QuerySet[JournalEntry]) -> Any:
    """What of a search lies in a reach; where few fit the search, they are looked at one by one.

    None where more fit it: then the search goes through what the person sees.
    """
    keys = list(wanted.values_list("pk", flat=True)[: FEW + 1])
    return seen.filter(pk__in=keys) if len(keys) <= FEW else None


def get_traced(user: User, entry: str) -> Opened:
    """One entry, opened, by its own number.

    Raises:
        NothingHere: there is none, or not for this user.
    """
    row = trace_seen_by(user).filter(entry=entry).select_related("sealed").first()
    if row is None:
        raise NothingHere
    content = row.leaf.encode()
    return Opened(
        row,
        next(iter(tell([row]))),
        row.leaf,
        hashlib.sha256(content).hexdigest(),
        leaf_hash(content).hex(),
        standing_of(row),
    )


def entry_of_row(user: User, number: int) -> str:
    """The number of an entry, from that of its row.

    Raises:
        NothingHere: there is none, or not for this user.
    """
    row = trace_seen_by(user).filter(pk=number).only("entry").first()
    if row is None:
        raise NothingHere
    return row.entry


def last_entry(subject: str, action: str) -> JournalEntry | None:
    """The latest entry of an action about an object: what a paper about it bears as its proof."""
    return JournalEntry.objects.filter(subject=subject, action=action).order_by("-id").first()


def sealed_size() -> int:
    """How many entries the latest checkpoint covers."""
    row = Checkpoint.objects.order_by("-size").only("size").first()
    return row.size if row else 0


def root_of(size: int | None) -> str:
    """The root of the checkpoint of a size, in hexadecimal; empty where there is none."""
    row = Checkpoint.objects.filter(pk=size).only("root").first() if size else None
    return row.root if row else ""


def indexes_of(rows: Iterable[JournalEntry]) -> Mapping[int, int]:
    """The indexes of some entries that a checkpoint covers: row → index."""
    size = sealed_size()
    found = JournalEntry.objects.filter(
        pk__in=[row.pk for row in rows], position__index__lt=size
    ).values_list("pk", "position__index")
    return dict(found)


# ── what one searches by ──────────────────────────────────────────────────────────────────────────
def done_by(user: User, name: str) -> Q:
    """The entries of people whose name contains a text; administrators find user names, too."""
    named = Q(name__icontains=name)
    if sees_whole(user):
        named |= Q(username__icontains=name)
    people = User.objects.filter(named).values_list("pseudonym", flat=True)
    return Q(actor__in=list(people[:MOST_NAMED]))


def numbered(text: str) -> Q:
    """The entry of a number: its own, its index in the log, or that of its row (№)."""
    text = text.strip().removeprefix("№").strip()
    if _ENTRY.fullmatch(text):
        return Q(entry=text.lower())
    if _NUMBER.fullmatch(text):
        number = int(text)
        held = Position.objects.filter(pk=number).values_list("entry_id", flat=True)
        return Q(pk__in=[number, *held])
    return Q(pk__in=[])


def about(text: str) -> Q:
    """The entries about whatever a text names.

    An object as the record calls it (``unit:12``), a kind (``unit``), a credit code; else a name,
    also a former one, of a unit, a department, a person, a document or a sitting.
    """
    text = clean(text)
    if re.fullmatch(r"[a-z-]+:\S+", text):
        return Q(subject=text)
    if re.fullmatch(r"[A-Za-z-]+", text):
        return Q(subject__startswith=f"{text.lower()}:") | _named(text)
    if _CODE.fullmatch(text):
        return Q(unit=text.upper()) | _named(text)
    return _named(text)


def _named(text: str) -> Q:
    if not fold(text):
        return Q(pk__in=[])
    units = list(found_by(Unit.objects.all(), text).values_list("pk", "code")[:MOST_NAMED])
    others = (
        ("department", Department.objects.filter(_names(text))),
        ("person", Person.objects.filter(name__icontains=text)),
        ("document", Document.objects.filter(title__icontains=text)),
        ("sitting", Sitting.objects.filter(title__icontains=text)),
    )
    subjects = [f"unit:{key}" for key, _code in units]
    for kind, rows in others:
        keys = rows.order_by().values_list("pk", flat=True).distinct()[:MOST_NAMED]
        subjects += [f"{kind}:{key}" for key in keys]
    return Q(subject__in=subjects) | Q(unit__in=[code for _key, code in units if code])


def _names(text: str) -> Q:
    return Q(name__icontains=text) | Q(short_name__icontains=text) | Q(names__name__icontains=text)
