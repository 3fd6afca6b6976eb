"""The proof that a paper bears: the short receipt of the entry that concluded it."""

import logging

from django.utils.translation import gettext as _

from kaohe.core.errors import Refusal
from kaohe.documents.receipt_code import PaperProof, grouped, receipt_code
from kaohe.journal.log import is_made, open_log
from kaohe.journal.proofs import receipt_for
from kaohe.organization.queries.trace import last_entry

_log = logging.getLogger("kaohe.log")


def paper_proof(subject: str, action: str, told: str) -> PaperProof | None:
    """What a paper bears as the proof of the entry that concluded it.

    None while that is not sealed; nor does a log that is damaged keep a paper from being printed.

    Args:
        told: the sentence that says what is sealed, with ``%(index)s``.
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
        told % {"index": receipt.index},
        _("Leaf hash (SHA-256): %(digest)s") % {"digest": grouped(receipt.extra.hex())},
        _(
            "To verify: scan the code and paste its text into kaohe-verify.html, which needs no"
            " network; it must show this index and leaf hash."
        ),
    )
    return PaperProof(code, lines)
