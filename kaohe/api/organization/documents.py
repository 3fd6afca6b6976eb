"""Governing documents over the API."""

from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, Value
from ninja import Query, Router

from kaohe.api.answers import seen
from kaohe.api.callers import Caller, place_of
from kaohe.api.organization.document_shapes import (
    ComparisonShape,
    DocumentFilters,
    DocumentLine,
    DocumentShape,
    DraftVersion,
    NextNumber,
    OpenDocument,
    Outlines,
    Retitle,
    VersionLine,
    VersionShape,
    WhichVersions,
)
from kaohe.api.routes import listed, read, write
from kaohe.api.shapes import Paging, Where
from kaohe.core.access import Verb
from kaohe.core.documents import FIXED
from kaohe.documents.comparison import compare, is_same
from kaohe.organization.queries import documents as queries
from kaohe.organization.queries.access import NothingHere, allows
from kaohe.organization.services import documents as services

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kaohe.organization.models import Document, DocumentVersion

SORTS = ("work_rules", "measures", "work_plan", "opinion", "other")
router = Router(tags=["documents"])


@listed(router, "/documents", Verb.DOCUMENT_READ, DocumentLine, by=("title", "id"))
def documents(request: Caller, filters: Query[DocumentFilters]) -> "QuerySet[Document]":
    """The documents of a jurisdiction, each with the version in force and the one on its way."""
    place = place_of(request, Verb.DOCUMENT_READ, filters.jurisdiction)
    rows = queries.documents_of(request.user, place)
    if filters.sort:
        rows = rows.filter(sort=filters.sort)
    reviews = allows(request.user, Verb.DOCUMENT_REVIEW, place)
    return rows.annotate(reviews=Value(reviews, output_field=BooleanField()))


@read(router, "/documents/{int:key}", Verb.DOCUMENT_READ, DocumentShape)
def document(request: Caller, key: int) -> "Document":
    """One document; its versions have addresses of their own."""
    return queries.get_document(request.user, key)


@listed(
    router,
    "/documents/{int:key}/versions",
    Verb.DOCUMENT_READ,
    VersionLine,
    by=("-number", "id"),
)
def document_versions(
    request: Caller, key: int, filters: Query[Paging]
) -> "QuerySet[DocumentVersion]":
    """The versions of a document that one may see, the latest first."""
    row = queries.get_document(request.user, key)
    return queries.versions_seen_by(request.user, row).defer("text")


@read(router, "/documents/{int:key}/comparison", Verb.DOCUMENT_READ, ComparisonShape)
def compare_versions(request: Caller, key: int, which: Query[WhichVersions]) -> dict[str, Any]:
    """What differs between two versions of a document, sentence by sentence."""
    row = queries.get_document(request.user, key)
    versions = list(queries.versions_seen_by(request.user, row))
    new = _numbered(versions, which.new) if which.new else versions[0]
    old = _numbered(versions, which.old) if which.old else _before(new, versions)
    rows = compare(old.text, new.text)
    return {"old": old.number, "new": new.number, "same": is_same(rows), "rows": rows}


def _numbered(versions: "list[DocumentVersion]", number: int) -> "DocumentVersion":
    found = next((each for each in versions if each.number == number), None)
    if found is None:
        raise NothingHere
    return found


def _before(new: "DocumentVersion", versions: "list[DocumentVersion]") -> "DocumentVersion":
    """The version in force before another, or the one before it; else itself."""
    earlier = [each for each in versions if each.number < new.number]
    fixed = [each for each in earlier if each.state in FIXED]
    return (fixed or earlier or [new])[0]


@read(router, "/outlines", Verb.DOCUMENT_DRAFT, Outlines)
def outlines(request: Caller, where: Query[Where]) -> dict[str, Any]:
    """What documents can begin with, filled in for a jurisdiction."""
    place = place_of(request, Verb.DOCUMENT_DRAFT, where.jurisdiction)
    found = [
        (sort, *queries.outline_of(sort, place)) for sort in SORTS if queries.has_outline(sort)
    ]
    return {"items": [{"sort": sort, "title": title, "text": text} for sort, title, text in found]}


@read(router, "/document-numbers/next", Verb.DOCUMENT_ISSUE, NextNumber)
def next_document_number(request: Caller, where: Query[Where]) -> dict[str, Any]:
    """The document number after the last one of this year; it is not kept for anybody."""
    place = place_of(request, Verb.DOCUMENT_ISSUE, where.jurisdiction)
    return {"number": queries.next_number(place)}


@write(router, "POST", "/documents", Verb.DOCUMENT_DRAFT, DocumentShape, status=201)
def open_document(request: Caller, body: OpenDocument) -> "Document":
    """Enter a document with the draft of its first version."""
    place = place_of(request, Verb.DOCUMENT_DRAFT, body.jurisdiction)
    return services.open_document(by=request.user, jurisdiction=place, **body.given("jurisdiction"))


@write(router, "PATCH", "/documents/{int:key}", Verb.DOCUMENT_DRAFT, DocumentShape)
def retitle_document(request: Caller, key: int, body: Retitle) -> "Document":
    """Mend the title of a document of which nothing has been issued yet."""
    row = queries.get_document(request.user, key)
    return services.retitle_document(
        by=request.user, document=row, seen=seen(request), **body.given()
    )


@write(
    router,
    "POST",
    "/documents/{int:key}/draft",
    Verb.DOCUMENT_DRAFT,
    VersionShape,
    of_version=False,
)
def draft_version(request: Caller, key: int, body: DraftVersion) -> "DocumentVersion":
    """Begin the next version of a document."""
    row = queries.get_document(request.user, key)
    return services.draft_version(by=request.user, document=row, **body.given())
