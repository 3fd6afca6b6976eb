"""Receipts of entries: as a file, as a page with a QR code for print, on papers."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe

from kaohe.documents.receipt_code import ReceiptCode, receipt_code
from kaohe.journal.log import open_log
from kaohe.organization.queries.receipts import receipt_of
from kaohe.organization.queries.trace import Opened, get_traced
from kaohe.web.journal.trace_entry import facts_of, fingerprint
from kaohe.web.requests import SignedIn

ON_SCREEN = 0.62  # millimetres of a module; the frame prints at four fifths
RECEIPT = "text/plain; charset=utf-8"


def receipt_file(request: SignedIn, entry: str) -> HttpResponse:
    """The receipt with the entry in it."""
    receipt = receipt_of(get_traced(request.user, entry), whole=True)
    name = f"kaohe-{receipt.index}.tlog-proof"
    return _file(receipt.content.encode(), name, RECEIPT)


def leaf_file(request: SignedIn, entry: str) -> HttpResponse:
    """The exact bytes of an entry."""
    opened = get_traced(request.user, entry)
    return _file(opened.leaf.encode(), f"kaohe-{opened.told.entry}.json", "application/json")


def receipt_paper(request: SignedIn, entry: str) -> HttpResponse:
    """The receipt for print: what it is about in words, and the short receipt as a QR code."""
    opened = get_traced(request.user, entry)
    code = code_of(opened, module=ON_SCREEN)
    ring = open_log().ring
    context = {
        "tab": "trace",
        "opened": opened,
        "svg": mark_safe(code.svg),  # noqa: S308  # of our own making: squares and numbers
        "origin": ring.origin,
        "keys": [(vkey, fingerprint(vkey)) for vkey in ring.vkeys],
        **facts_of(opened),
    }
    return render(request, "journal/receipt.html", context)


def code_of(opened: Opened, *, module: float) -> ReceiptCode:
    """The QR code of an entry's short receipt.

    Raises:
        NotSealedYet: no checkpoint covers it.
    """
    return receipt_code(receipt_of(opened, whole=False), module=module)


def _file(content: bytes, name: str, media: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media)
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer
