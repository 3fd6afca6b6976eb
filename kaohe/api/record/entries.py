"""Entries of the record over the API: searched, opened, proved, checked now."""

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from ninja import Query, Router

from kaohe.api.callers import Caller
from kaohe.api.files import download
from kaohe.api.record.entry_shapes import ChecksShape, EntryFilters, EntryLine, EntryShape
from kaohe.api.routes import listed, read
from kaohe.core.access import Verb
from kaohe.core.texts import clean
from kaohe.organization.queries.access import names_behind
from kaohe.organization.queries.receipts import receipt_of
from kaohe.organization.queries.trace import about, done_by, get_traced, numbered, trace_seen_by
from kaohe.organization.queries.trace_checks import checks_of
from kaohe.organization.queries.trace_lines import with_names

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kaohe.journal.models import JournalEntry

router = Router(tags=["record"])
_READ = Verb.TRACE_READ
RECEIPT, BYTES = "text/plain; charset=utf-8", "application/octet-stream"


@listed(router, "/entries", _READ, EntryLine, by=("-id",))
def entries(request: Caller, filters: Query[EntryFilters]) -> "QuerySet[JournalEntry]":
    """The record as far as I may read it, the latest first."""
    found = Q()
    if text := clean(filters.about):
        found &= about(text)
    if text := clean(filters.unit):
        found &= Q(unit=text.upper())
    if text := clean(filters.actor):
        found &= done_by(request.user, text) | Q(actor=text)
    if text := clean(filters.action):
        found &= Q(action=text)
    if text := clean(filters.number):
        found &= numbered(text)
    if filters.since:
        found &= Q(at__gte=filters.since)
    if filters.before:
        found &= Q(at__lt=filters.before)
    return with_names(trace_seen_by(request.user).defer("leaf").filter(found))


@read(router, "/entries/{slug:entry}", _READ, EntryShape)
def entry(request: Caller, entry: str) -> EntryShape:
    """One entry: what it says, the exact bytes that bind, and how far it is on its way."""
    opened = get_traced(request.user, entry.lower())
    return EntryShape.of(opened, names_behind([opened.told.actor]).get(opened.told.actor))


@download(router, "/entries/{slug:entry}/leaf", _READ, media=BYTES)
def entry_leaf(request: Caller, entry: str) -> tuple[bytes, str]:
    """The exact bytes of an entry."""
    opened = get_traced(request.user, entry.lower())
    return opened.leaf.encode(), f"kaohe-{opened.told.entry}.json"


@download(router, "/entries/{slug:entry}/receipt", _READ, media=RECEIPT)
def entry_receipt(request: Caller, entry: str) -> tuple[bytes, str]:
    """The receipt of an entry, with the entry in it (C2SP tlog-proof)."""
    receipt = receipt_of(get_traced(request.user, entry.lower()), whole=True)
    return receipt.content.encode(), f"kaohe-{receipt.index}.tlog-proof"


@read(router, "/entries/{slug:entry}/checks", _READ, ChecksShape)
def check_entry(request: Caller, entry: str) -> dict[str, Any]:
    """Check an entry now: row, texts, hash, path, signature, witnesses."""
    checks = checks_of(get_traced(request.user, entry.lower()).row)
    outcome = "holds"
    if any(each.holds is False for each in checks):
        outcome = "fails"
    elif any(each.holds is None for each in checks[:-1]):
        outcome = "waits"
    return {"outcome": outcome, "checks": checks}
