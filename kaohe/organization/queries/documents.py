"""Reading governing documents: what is in force, what is open, what waits for whom."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.db.models import Case, Prefetch, Q, QuerySet, When
from django.utils import timezone

from kaohe.core.access import Role, Verb
from kaohe.core.documents import FIXED, MOVES, OPEN, Action, State
from kaohe.journal.queries import entries_of
from kaohe.organization.models import (
    Comment,
    Decision,
    Department,
    Document,
    DocumentVersion,
    Jurisdiction,
    RoleAssignment,
    User,
)
from kaohe.organization.models.documents import DOCUMENT_KINDS
from kaohe.organization.queries.access import allows, holdings_of, names_behind, one, visible

OUTLINES = Path(__file__).resolve().parents[1] / "data"
WRITING = ("version.drafted", "version.edited", "version.submitted")
_PEOPLE = ("drafted_by", "submitted_by", "approved_by", "issued_by")


def documents_of(user: User, jurisdiction: Jurisdiction) -> QuerySet[Document]:
    """The documents that a user may know of; without ``document.review`` those once issued."""
    rows = Document.objects.filter(jurisdiction=jurisdiction).select_related("jurisdiction")
    return _known(user, rows)


def _known(user: User, rows: QuerySet[Document]) -> QuerySet[Document]:
    every = visible(user, Verb.DOCUMENT_REVIEW, rows)
    issued = visible(user, Verb.DOCUMENT_READ, rows).filter(versions__state__in=FIXED)
    known = Q(pk__in=every.values("pk")) | Q(pk__in=issued.values("pk"))
    kinds = (When(sort=sort, then=place) for place, sort in enumerate(DOCUMENT_KINDS))
    rows = rows.annotate(sort_place=Case(*kinds, default=len(DOCUMENT_KINDS)))
    return rows.filter(known).prefetch_related(
        Prefetch("versions", DocumentVersion.objects.defer("text").order_by("-number"))
    )


def get_document(user: User, key: int) -> Document:
    """A document that a user may know of.

    Raises:
        NothingHere: there is none.
    """
    rows = Document.objects.select_related("jurisdiction")
    return one(_known(user, rows), key)


def versions_of(user: User, document: Document) -> list[DocumentVersion]:
    """The versions that a user may see, the latest first, with the people who moved them."""
    return list(versions_seen_by(user, document).select_related(*_PEOPLE))


def versions_seen_by(user: User, document: Document) -> QuerySet[DocumentVersion]:
    """The versions of a document that a user may see, the latest first."""
    return _readable(user, DocumentVersion.objects.filter(document=document)).order_by("-number")


def _readable(user: User, rows: QuerySet[DocumentVersion]) -> QuerySet[DocumentVersion]:
    every = visible(user, Verb.DOCUMENT_REVIEW, rows)
    issued = visible(user, Verb.DOCUMENT_READ, rows).filter(state__in=FIXED)
    return rows.filter(Q(pk__in=every.values("pk")) | Q(pk__in=issued.values("pk")))


def get_version(user: User, key: int) -> DocumentVersion:
    """A version that a user may see: drafts need ``document.review``.

    Raises:
        NothingHere: there is none.
    """
    rows = DocumentVersion.objects.select_related("jurisdiction", "document", *_PEOPLE)
    return one(_readable(user, rows), key)


def in_force(versions: Iterable[DocumentVersion]) -> DocumentVersion | None:
    """The version that was issued and not superseded, among some."""
    return next((each for each in versions if each.state == State.ISSUED), None)


def open_one(versions: Iterable[DocumentVersion]) -> DocumentVersion | None:
    """The version that is on its way, among some."""
    return next((each for each in versions if each.state in OPEN), None)


def hands_on(version: DocumentVersion) -> frozenset[str]:
    """The pseudonyms of all who drafted, edited or submitted a version, from the record.

    Source: docs/rules/documents.md, D-2.
    """
    rows = entries_of([version.subject]).filter(action__in=WRITING).order_by()
    return frozenset(rows.values_list("actor", flat=True)) | {version.drafted_by.pseudonym}


def comments_on(version: DocumentVersion) -> list[Comment]:
    """What parties have said of a version, in order."""
    return list(version.comments.select_related("author", "department", "jurisdiction"))


class Resolution(NamedTuple):
    """What a closed sitting decided on a version; ``holds``: on the text as it is now."""

    decision: Decision
    holds: bool


def resolutions_on(version: DocumentVersion) -> list[Resolution]:
    """The decisions of closed sittings on a version, the latest first.

    Source: docs/rules/committee.md, CM-5.
    """
    rows = list(
        Decision.objects.filter(item__document_version=version, item__sitting__state="closed")
        .select_related("item__sitting")
        .order_by("-item__sitting__held_on", "-pk")
    )
    if not rows:
        return []
    entries = entries_of([version.subject, *(row.subject for row in rows)]).order_by("id")
    edited, decided = 0, dict[str, int]()
    for number, subject, action in entries.values_list("id", "subject", "action"):
        if action == "version.edited":
            edited = number
        elif action == "decision.recorded":
            decided[subject] = number
    return [Resolution(row, decided.get(row.subject, 0) > edited) for row in rows]


def department_of(user: User, jurisdiction: Jurisdiction) -> Department | None:
    """The department for which a user speaks here: one's own, or the member's department."""
    here = [each for each in holdings_of(user) if each.lineage[:1] == (jurisdiction.pk,)]
    own = next((each.department for each in here if each.department), None)
    open_ones = Department.objects.filter(jurisdiction=jurisdiction, closed_on__isnull=True)
    if own is not None:
        return open_ones.filter(pk=own).first()
    parts = [each.role.removeprefix("member_") for each in here if each.role.startswith("member_")]
    return open_ones.filter(member_part__in=parts).order_by("pk").first() if parts else None


def numbers_taken(version: DocumentVersion) -> frozenset[str]:
    """The document numbers of the jurisdiction under which other versions were issued."""
    rows = DocumentVersion.objects.filter(jurisdiction=version.jurisdiction_id)
    rows = rows.exclude(document_number="").exclude(pk=version.pk)
    return frozenset(rows.values_list("document_number", flat=True))


_SERIES = re.compile(r"(.+)〔(\d{4})〕(\d+)号")


def next_number(jurisdiction: Jurisdiction) -> str:
    """The number after the last of this year in the jurisdiction's own series; "" without one."""
    rows = DocumentVersion.objects.filter(jurisdiction=jurisdiction).exclude(document_number="")
    numbers = rows.order_by("-issued_on", "-pk").values_list("document_number", flat=True)
    found = [match for match in map(_SERIES.fullmatch, numbers) if match]
    if not found:
        return ""
    organ, year = found[0][1], str(timezone.localdate().year)
    last = max((int(each[3]) for each in found if each.group(1, 2) == (organ, year)), default=0)
    return f"{organ}〔{year}〕{last + 1}号"


class Moved(NamedTuple):
    """Who made a move, and when."""

    who: str
    at: datetime


def trail_of(version: DocumentVersion) -> dict[str, Moved]:
    """The last entry of each action on a version, from the record."""
    rows = entries_of([version.subject]).filter(action__startswith="version.").order_by("id")
    found = list(rows.values_list("action", "actor", "at"))
    people = names_behind(actor for _action, actor, _at in found)
    return {action: Moved(people.get(actor, ""), at) for action, actor, at in found}


@cache
def _outline(sort: str) -> tuple[str, str]:
    """Title and text of a bundled outline, with places for the names of a jurisdiction."""
    title, _, text = (OUTLINES / f"{sort}.md").read_text(encoding="utf-8").partition("\n")
    return title.removeprefix("# ").strip(), text.strip("\n")


def has_outline(sort: str) -> bool:
    """Whether there is an outline (范本) for a kind of document."""
    return (OUTLINES / f"{sort}.md").exists()


def outline_of(sort: str, jurisdiction: Jurisdiction) -> tuple[str, str]:
    """Title and text of the outline of a kind of document, filled in for a jurisdiction.

    Raises:
        FileNotFoundError: there is none; ask ``has_outline`` first.
    """
    title, text = _outline(sort)
    names = {"city": jurisdiction.name, "year": timezone.localdate().year}
    return title.format_map(names), text.format_map(names)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A version that waits for somebody: why, since when, and the address where to act.

    ``why``: "returned", "approval", "issue", "comment", or "draft" for one's own unfinished one;
    ``note``: why it was returned.
    """

    why: str
    title: str
    number: int
    since: datetime
    url: str
    key: int
    note: str = ""


def waiting_for(user: User, jurisdiction: Jurisdiction) -> list[Waiting]:
    """The versions that wait for a user, what was returned first, then the longest waiting.

    Not among them: for approval what the user drafted or submitted, for comment what the user may
    approve or has drafted.
    """
    if not allows(user, Verb.DOCUMENT_REVIEW, jurisdiction):
        return []
    rows = DocumentVersion.objects.filter(jurisdiction=jurisdiction, state__in=OPEN)
    rows = rows.select_related("document", "drafted_by").defer("text").order_by("moved_at", "pk")
    may = {verb for verb in _VERBS if allows(user, verb, jurisdiction)}
    subjects = [row.subject for row in rows]
    wrote = entries_of(subjects).filter(action__in=WRITING, actor=user.pseudonym).order_by()
    own = set(wrote.values_list("subject", flat=True))
    found = []
    for row in rows:
        why = _why(user, row, may, row.subject in own)
        if why:
            title = row.document.title
            note = row.return_reason if why == "returned" else ""
            found.append(Waiting(why, title, row.number, row.moved_at, "web:version", row.pk, note))
    return sorted(found, key=lambda each: _WHYS.index(each.why))


_WHYS = ("returned", "approval", "issue", "comment", "draft")
_VERBS = (Verb.DOCUMENT_DRAFT, Verb.DOCUMENT_APPROVE, Verb.DOCUMENT_ISSUE)


def _why(user: User, row: DocumentVersion, may: set[Verb], wrote: bool) -> str:
    mine = user.pk in (row.drafted_by_id, row.submitted_by_id)
    if row.state == State.RETURNED and mine and Verb.DOCUMENT_DRAFT in may:
        return "returned"
    if row.state == State.DRAFT and mine and Verb.DOCUMENT_DRAFT in may:
        return "draft"
    if row.state == State.APPROVED and Verb.DOCUMENT_ISSUE in may:
        return "issue"
    if row.state != State.SUBMITTED or mine:
        return ""
    if Verb.DOCUMENT_APPROVE in may:
        return "" if wrote else "approval"
    return "" if Verb.DOCUMENT_DRAFT in may else "comment"


def approvers_of(jurisdiction: Jurisdiction) -> list[str]:
    """The names of those who may approve here today, to say whom a version waits for."""
    rows = RoleAssignment.objects.filter(
        jurisdiction=jurisdiction, role=Role.COMMITTEE_DIRECTOR, to_on__isnull=True
    )
    return sorted(rows.filter(user__is_active=True).values_list("user__name", flat=True))


def is_open(version: DocumentVersion, action: Action) -> bool:
    """Whether an action starts from where a version stands, whoever takes it."""
    return any((move.start, move.action) == (State(version.state), action) for move in MOVES)
