"""Versions of governing documents over the API: edited, submitted, approved, issued."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ninja import Query, Router

from kaohe.api.answers import seen
from kaohe.api.callers import Caller
from kaohe.api.files import download
from kaohe.api.organization.document_shapes import (
    CommentBody,
    CommentShape,
    Head,
    IssueVersion,
    Moves,
    Resolutions,
    ReturnVersion,
    TextOfVersion,
    VersionShape,
    WithdrawVersion,
)
from kaohe.api.organization.papers import DOCX, PDF, as_docx, as_pdf
from kaohe.api.routes import listed, read, write
from kaohe.api.shapes import Body, Paging
from kaohe.core.access import Verb
from kaohe.organization.papers.versions import version_paper
from kaohe.organization.queries import documents as queries
from kaohe.organization.queries.access import allows, require
from kaohe.organization.services import documents as services

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kaohe.organization.models import Comment, DocumentVersion

router = Router(tags=["versions"])


def as_seen(request: Caller, row: "DocumentVersion") -> Any:
    """A version as its shape shows it to a person: notes are for those who review drafts."""
    found: Any = row
    if not allows(request.user, Verb.DOCUMENT_REVIEW, row):
        found.change_note = found.return_reason = None
    return found


@read(router, "/versions/{int:key}", Verb.DOCUMENT_READ, VersionShape)
def version(request: Caller, key: int) -> Any:
    """One version with its text; drafts are for those who review them."""
    return as_seen(request, queries.get_version(request.user, key))


@read(router, "/versions/{int:key}/moves", Verb.DOCUMENT_READ, Moves)
def version_moves(request: Caller, key: int) -> dict[str, Any]:
    """Who drafted, submitted, returned, approved and issued a version, and when."""
    trail = queries.trail_of(queries.get_version(request.user, key))
    steps = sorted(trail.items(), key=lambda each: each[1].at)
    return {"items": [{"action": name, **move._asdict()} for name, move in steps]}


@read(router, "/versions/{int:key}/resolutions", Verb.DOCUMENT_REVIEW, Resolutions)
def version_resolutions(request: Caller, key: int) -> dict[str, Any]:
    """What closed sittings decided on a version."""
    row = queries.get_version(request.user, key)
    require(request.user, Verb.DOCUMENT_REVIEW, row)
    return {
        "items": [
            {
                "sitting": decision.item.sitting_id,
                "title": decision.item.sitting.title,
                "held_on": decision.item.sitting.held_on,
                "matter": decision.item_id,
                "outcome": decision.outcome,
                "holds": holds,
            }
            for decision, holds in queries.resolutions_on(row)
        ]
    }


@listed(router, "/versions/{int:key}/comments", Verb.DOCUMENT_REVIEW, CommentShape, by=("id",))
def version_comments(request: Caller, key: int, filters: Query[Paging]) -> "QuerySet[Comment]":
    """What departments and members have said of a version."""
    row = queries.get_version(request.user, key)
    require(request.user, Verb.DOCUMENT_REVIEW, row)
    return row.comments.select_related("author", "department")


@download(router, "/versions/{int:key}/paper.pdf", Verb.DOCUMENT_READ, media=PDF)
def version_pdf(request: Caller, key: int, head: Query[Head]) -> tuple[bytes, str]:
    """A version as it is printed: as it was issued, or marked as a draft."""
    row = queries.get_version(request.user, key)
    return as_pdf(version_paper(row, with_head=head.head != "plain"))


@download(router, "/versions/{int:key}/paper.docx", Verb.DOCUMENT_READ, media=DOCX)
def version_docx(request: Caller, key: int, head: Query[Head]) -> tuple[bytes, str]:
    """A version as a Word file."""
    row = queries.get_version(request.user, key)
    return as_docx(version_paper(row, with_head=head.head != "plain"))


def _moved(
    request: Caller, key: int, move: "Callable[..., DocumentVersion]", body: Body | None = None
) -> Any:
    """A version after a service has moved it."""
    row = queries.get_version(request.user, key)
    told = body.given() if body else {}
    return as_seen(request, move(by=request.user, version=row, seen=seen(request), **told))


@write(router, "PATCH", "/versions/{int:key}", Verb.DOCUMENT_DRAFT, VersionShape)
def edit_version(request: Caller, key: int, body: TextOfVersion) -> Any:
    """Change the text of a draft, or of a version that was returned."""
    row = queries.get_version(request.user, key)
    told = {"text": row.text, "change_note": row.change_note, **body.given()}
    done = services.edit_version(by=request.user, version=row, seen=seen(request), **told)
    return as_seen(request, done)


@write(router, "POST", "/versions/{int:key}/submit", Verb.DOCUMENT_DRAFT, VersionShape)
def submit_version(request: Caller, key: int) -> Any:
    """Hand a version in for approval; from now on departments and members may comment."""
    return _moved(request, key, services.submit_version)


@write(router, "POST", "/versions/{int:key}/withdraw", Verb.DOCUMENT_DRAFT, VersionShape)
def withdraw_version(request: Caller, key: int, body: WithdrawVersion) -> Any:
    """Give up a version that is not approved; its number is not used again."""
    return _moved(request, key, services.withdraw_version, body)


@write(router, "POST", "/versions/{int:key}/return", Verb.DOCUMENT_APPROVE, VersionShape)
def return_version(request: Caller, key: int, body: ReturnVersion) -> Any:
    """Send a version back to those who drafted it, with a reason."""
    return _moved(request, key, services.return_version, body)


@write(router, "POST", "/versions/{int:key}/approve", Verb.DOCUMENT_APPROVE, VersionShape)
def approve_version(request: Caller, key: int) -> Any:
    """Approve a version that one has no hand in."""
    return _moved(request, key, services.approve_version)


@write(router, "POST", "/versions/{int:key}/issue", Verb.DOCUMENT_ISSUE, VersionShape)
def issue_version(request: Caller, key: int, body: IssueVersion) -> Any:
    """Issue a version under its number; it takes the place of the one in force."""
    return _moved(request, key, services.issue_version, body)


@write(
    router,
    "POST",
    "/versions/{int:key}/comment",
    Verb.DOCUMENT_REVIEW,
    CommentShape,
    of_version=False,
)
def comment_on_version(request: Caller, key: int, body: CommentBody) -> "Comment":
    """Say what one's department or office thinks of a version under review."""
    row = queries.get_version(request.user, key)
    return services.comment_on(by=request.user, version=row, text=body.text)
