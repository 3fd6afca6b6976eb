"""Receipts of entries: as a file, as a page with a QR code for print, on papers."""

import logging

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from kaohe.core.errors import Conflict, Refusal
from kaohe.core.problems import N_
from kaohe.core.receipts import Receipt
from kaohe.documents.receipt_code import PaperProof, ReceiptCode, grouped, receipt_code
from kaohe.journal.log import is_made, open_log
from kaohe.journal.proofs import receipt_for
from kaohe.organization.queries.trace import Opened, get_traced, last_entry
from kaohe.web.journal.trace_entry import facts_of, fingerprint
from kaohe.web.requests import SignedIn

ON_SCREEN = 0.62  # millimetres of a module; the frame prints at four fifths
RECEIPT = "text/plain; charset=utf-8"
_log = logging.getLogger("kaohe.log")


class NotSealedYet(Conflict):
    """The entry waits for its checkpoint."""

    code = "log.not-sealed-yet"
    sentence = N_(
        "This entry is not sealed yet, so there is no receipt. Sealing is done every minute; try"
        " again then. If it lasts longer, tell the system administrator."
    )


def receipt_of(opened: Opened, *, whole: bool) -> Receipt:
    """The receipt of an entry.

    Raises:
        NotSealedYet: no checkpoint covers it.
    """
    found = receipt_for(open_log(), opened.row, whole=whole) if is_made() else None
    if found is None:
        raise NotSealedYet
    return found


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


def paper_proof(subject: str, action: str) -> PaperProof | None:
    """What a paper bears as the proof of the entry that concluded it.

    None while that is not sealed; nor does a log that is damaged keep a paper from being printed.
    """
    row = last_entry(subject, action)
    if row is None or not is_made():
        return None
    try:
        receipt = receipt_for(open_log(), row, whole=False)
        code = receipt_code(receipt) if receipt else None
    except Refusal:
        _log.exception("a paper is printed without its proof")
        return None
    if receipt is None or code is None:
        return None
    lines = (
        _("Sealed in the record with index %(index)s.") % {"index": receipt.index},
        _("Leaf hash (SHA-256): %(digest)s") % {"digest": grouped(receipt.extra.hex())},
        _(
            "To verify: scan the code and paste its text into kaohe-verify.html, which needs no"
            " network; it must show this index and leaf hash."
        ),
    )
    return PaperProof(code, lines)


def _file(content: bytes, name: str, media: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media)
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer
