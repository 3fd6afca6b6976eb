"""Governing documents: drafted, commented on, returned or approved, issued, given up.

Which move is open from where, to whom, is ``core.documents``; here it is carried out.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from kaohe.core.access import Target, Verb
from kaohe.core.documents import (
    FIXED,
    Action,
    Issue,
    State,
    advance,
    move_of,
    next_version,
    superseded_by,
)
from kaohe.core.leaf import Event, Fact
from kaohe.core.texts import clean, clean_long
from kaohe.organization.models import (
    Comment,
    Document,
    DocumentVersion,
    Jurisdiction,
    User,
)
from kaohe.organization.queries.access import allows, require
from kaohe.organization.queries.documents import (
    department_of,
    hands_on,
    numbers_taken,
    resolutions_on,
)
from kaohe.organization.services.document_refusals import (
    CommentMissing,
    CommentsClosed,
    DecidedOtherwise,
    EffectiveBeforeIssue,
    TextMissing,
    TextUnchanged,
    TitleInUse,
    TitleTaken,
)
from kaohe.organization.services.writing import State as Before
from kaohe.organization.services.writing import (
    changed,
    created,
    is_same,
    record,
    save,
    taken,
)

_VERBS = (Verb.DOCUMENT_DRAFT, Verb.DOCUMENT_APPROVE, Verb.DOCUMENT_ISSUE)
_NOTHING = Issue()


@transaction.atomic
def open_document(
    *,
    by: User,
    jurisdiction: Jurisdiction,
    sort: str,
    title: str,
    text: str = "",
    change_note: str = "",
) -> Document:
    """Enter a document with the draft of its first version.

    Args:
        sort: one of ``DOCUMENT_KINDS``.

    Raises:
        RoleMissing: ``by`` may not, there.
        TitleTaken: a document bears the title.
    """
    require(by, Verb.DOCUMENT_DRAFT, Target(jurisdiction.lineage))
    taken(Jurisdiction, jurisdiction.pk, None)  # two who enter documents wait for one another
    title = clean(title).removeprefix("《").removesuffix("》")
    if Document.objects.filter(jurisdiction=jurisdiction, title=title).exists():
        raise TitleTaken(title=title)
    row = Document.objects.create(jurisdiction=jurisdiction, sort=sort, title=title)
    record(created(row, "document.entered"), by=by)
    _draft(by, row, 1, text, change_note)
    return row


def _draft(
    by: User, document: Document, number: int, text: str, change_note: str
) -> DocumentVersion:
    row = DocumentVersion.objects.create(
        jurisdiction=document.jurisdiction,
        document=document,
        number=number,
        text=clean_long(text),
        change_note=clean_long(change_note),
        drafted_by=by,
    )
    record(created(row, "version.drafted"), by=by)
    return row


@transaction.atomic
def draft_version(
    *, by: User, document: Document, change_note: str = "", text: str | None = None
) -> DocumentVersion:
    """Begin the next version, with the text of the one in force.

    Args:
        text: another text to begin with.

    Raises:
        RoleMissing: ``by`` may not.
        VersionOpen: another version is not finished; who was later is told.
    """
    require(by, Verb.DOCUMENT_DRAFT, document)
    row = taken(Document, document.pk, None)
    versions = {each.number: each for each in row.versions.all()}
    number = next_version({key: State(each.state) for key, each in versions.items()})
    if text is None:
        base = [each for each in versions.values() if each.state == State.ISSUED]
        base = base or [each for key, each in sorted(versions.items(), reverse=True)]
        text = base[0].text if base else ""
    return _draft(by, row, number, text, change_note)


@transaction.atomic
def edit_version(
    *, by: User, version: DocumentVersion, seen: int | None, text: str, change_note: str
) -> DocumentVersion:
    """Change the text of a draft, or of a version that was returned.

    Raises:
        RoleMissing: ``by`` may not.
        IssuedIsFixed, MoveNotOpen: it cannot be edited where it stands.
        Changed: it is not what ``by`` saw.
    """
    require(by, Verb.DOCUMENT_DRAFT, version)
    row, before = _taken(version, seen)
    _advance(by, row, Action.EDIT)
    row.text, row.change_note = clean_long(text), clean_long(change_note)
    if not is_same(row, before):
        save(row, by=by, event=_moved(row, before, "version.edited"))
    return row


def _taken(version: DocumentVersion, seen: int | None) -> tuple[DocumentVersion, Before]:
    row = taken(DocumentVersion, version.pk, seen)
    return row, Before(row)


def _moved(
    row: DocumentVersion,
    before: Before,
    action: str,
    extra: Mapping[str, Fact] | None = None,
    **given: Any,
) -> Event:
    """The entry of a move; it tells which version moved."""
    return changed(row, before, action, extra={"number": row.number, **(extra or {})}, **given)


def _advance(
    by: User, row: DocumentVersion, action: Action, *, reason: str = "", issue: Issue = _NOTHING
) -> State:
    """Where an action leads; people are known to the rule by their pseudonyms."""
    return advance(
        State(row.state),
        action,
        by=by.pseudonym,
        drafted_by=hands_on(row),
        submitted_by=row.submitted_by.pseudonym if row.submitted_by else None,
        may=[verb for verb in _VERBS if allows(by, verb, row)],
        reason=reason,
        issue=issue,
    )


@transaction.atomic
def submit_version(*, by: User, version: DocumentVersion, seen: int | None) -> DocumentVersion:
    """Hand a version in for approval; from now on departments and members may comment.

    Raises:
        RoleMissing: ``by`` may not.
        MoveNotOpen: it is not a draft, nor returned.
        TextMissing: there is nothing to approve.
        TextUnchanged: it says what the version in force says.
        Changed: it is not what ``by`` saw.
    """
    require(by, Verb.DOCUMENT_DRAFT, version)
    row, before = _taken(version, seen)
    state = _advance(by, row, Action.SUBMIT)
    if not row.text:
        raise TextMissing
    holding = row.document.versions.filter(state=State.ISSUED).first()
    if holding is not None and holding.text == row.text:
        raise TextUnchanged(number=holding.number)
    row.state, row.submitted_by, row.return_reason = state, by, ""
    save(row, by=by, event=_moved(row, before, "version.submitted"))
    return row


@transaction.atomic
def return_version(
    *, by: User, version: DocumentVersion, seen: int | None, reason: str
) -> DocumentVersion:
    """Send a version back to those who drafted it.

    Raises:
        RoleMissing: ``by`` may not.
        MoveNotOpen: it is neither submitted nor approved.
        ReasonMissing: it says not why.
        Changed: it is not what ``by`` saw.
    """
    require(by, Verb.DOCUMENT_APPROVE, version)
    row, before = _taken(version, seen)
    row.state = _advance(by, row, Action.RETURN, reason=reason)
    row.return_reason, row.approved_by = clean_long(reason), None
    save(row, by=by, event=_moved(row, before, "version.returned"))
    return row


@transaction.atomic
def approve_version(*, by: User, version: DocumentVersion, seen: int | None) -> DocumentVersion:
    """Approve a version, on the decision of a closed sitting where there is one on this text.

    Raises:
        RoleMissing: ``by`` may not.
        OwnDraft: ``by`` drafted, edited or submitted it.
        MoveNotOpen: it is not submitted.
        DecidedOtherwise: the last sitting that decided on this text did not approve it.
        Changed: it is not what ``by`` saw.

    Source: docs/rules/documents.md, D-2; docs/rules/committee.md, CM-5.
    """
    require(by, Verb.DOCUMENT_APPROVE, version)
    row, before = _taken(version, seen)
    row.state = _advance(by, row, Action.APPROVE)
    row.approved_by = by
    extra: dict[str, Fact] = {}
    for decision, holds in resolutions_on(row):
        if holds and decision.outcome in ("approved", "rejected", "deferred"):
            if decision.outcome != "approved":
                raise DecidedOtherwise(sitting=decision.item.sitting.title)
            extra = {"decision_id": decision.pk}
            break
    save(row, by=by, event=_moved(row, before, "version.approved", extra))
    return row


@transaction.atomic
def issue_version(
    *,
    by: User,
    version: DocumentVersion,
    seen: int | None,
    number: str,
    effective_on: date | None,
    retroactive: bool = False,
) -> DocumentVersion:
    """Issue a version under its number; it takes the place of the one in force.

    Args:
        retroactive: it is to hold from before the day of its issue.

    Raises:
        RoleMissing: ``by`` may not.
        MoveNotOpen: it is not approved.
        NumberMissing, NumberUnsound, NumberForm, NumberTaken, EffectiveDayMissing,
        EffectiveTooEarly: as ``core.documents.check_issue``.
        EffectiveBeforeIssue: it would hold from before today, and nobody said that it is to.
        Changed: it is not what ``by`` saw.
    """
    require(by, Verb.DOCUMENT_ISSUE, version)
    document = taken(Document, version.document_id, None)
    row, before = _taken(version, seen)
    others = {each.number: each for each in document.versions.exclude(pk=row.pk)}
    gone = superseded_by(row.number, {key: State(each.state) for key, each in others.items()})
    previous = [others[key] for key in gone]
    held_from = previous[0].effective_on if previous else None
    issue = Issue(clean(number), effective_on, held_from, numbers_taken(row))
    row.state = _advance(by, row, Action.ISSUE, issue=issue)
    row.issued_by, row.issued_on = by, timezone.localdate()
    if effective_on and effective_on < row.issued_on and not retroactive:
        days = {"effective": f"{effective_on:%Y.%m.%d}", "issued": f"{row.issued_on:%Y.%m.%d}"}
        raise EffectiveBeforeIssue(**days)
    row.document_number, row.effective_on = issue.number, effective_on
    save(row, by=by, event=_moved(row, before, "version.issued", effective_on=effective_on))
    for old in previous:
        _supersede(by, old, row)
    return row


def _supersede(by: User, old: DocumentVersion, by_version: DocumentVersion) -> None:
    before = Before(old)
    old.state = move_of(State(old.state), Action.SUPERSEDE).end
    extra: dict[str, Fact] = {"superseded_by": by_version.number}
    save(old, by=by, event=_moved(old, before, "version.superseded", extra))


@transaction.atomic
def withdraw_version(
    *, by: User, version: DocumentVersion, seen: int | None, reason: str = ""
) -> DocumentVersion:
    """Give up a version that is not approved; its number is not used again.

    Raises:
        RoleMissing: ``by`` may not.
        MoveNotOpen: it is approved or finished.
        Changed: it is not what ``by`` saw.
    """
    require(by, Verb.DOCUMENT_DRAFT, version)
    row, before = _taken(version, seen)
    row.state = _advance(by, row, Action.WITHDRAW)
    texts = {"reason": clean_long(reason)}
    save(row, by=by, event=_moved(row, before, "version.withdrawn", texts=texts))
    return row


@transaction.atomic
def comment_on(*, by: User, version: DocumentVersion, text: str) -> Comment:
    """Say what one's department or office thinks of a version under review (征求意见).

    Raises:
        RoleMissing: ``by`` may not.
        CommentsClosed: it is not submitted.
        CommentMissing: the comment is empty.

    Source: docs/rules/documents.md, D-7.
    """
    require(by, Verb.DOCUMENT_REVIEW, version)
    row = taken(DocumentVersion, version.pk, None)
    if row.state != State.SUBMITTED:
        raise CommentsClosed
    if not clean_long(text):
        raise CommentMissing
    made = Comment.objects.create(
        jurisdiction=row.jurisdiction,
        document_version=row,
        author=by,
        department=department_of(by, row.jurisdiction),
        text=clean_long(text),
    )
    record(created(made, "comment.made"), by=by)
    return made


@transaction.atomic
def retitle_document(*, by: User, document: Document, seen: int | None, title: str) -> Document:
    """Mend the title of a document of which nothing has been issued yet.

    Raises:
        RoleMissing: ``by`` may not.
        TitleInUse: a version has been issued.
        TitleTaken: another document bears it.
        Changed: it is not what ``by`` saw.
    """
    require(by, Verb.DOCUMENT_DRAFT, document)
    row = taken(Document, document.pk, seen)
    if row.versions.filter(state__in=FIXED).exists():
        raise TitleInUse
    before = Before(row)
    row.title = clean(title).removeprefix("《").removesuffix("》")
    same = Document.objects.filter(jurisdiction=row.jurisdiction, title=row.title)
    if same.exclude(pk=row.pk).exists():
        raise TitleTaken(title=row.title)
    if not is_same(row, before):
        save(row, by=by, event=changed(row, before, "document.corrected"))
    return row
