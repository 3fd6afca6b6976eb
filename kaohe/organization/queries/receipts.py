"""The receipt of an entry, for whoever may read it."""

from kaohe.core.errors import Conflict
from kaohe.core.problems import N_
from kaohe.core.receipts import Receipt
from kaohe.journal.log import is_made, open_log
from kaohe.journal.proofs import receipt_for
from kaohe.organization.queries.trace import Opened


class NotSealedYet(Conflict):
    """The entry waits for its checkpoint."""

    code = "log.not-sealed-yet"
    sentence = N_(
        "This entry is not sealed yet, so there is no receipt. Sealing is done every minute; try"
        " again then. If it lasts longer, tell the system administrator."
    )


def receipt_of(opened: Opened, *, whole: bool) -> Receipt:
    """The receipt of an entry.

    Args:
        whole: the receipt carries the entry; else only its hash, as for print.

    Raises:
        NotSealedYet: no checkpoint covers it.
    """
    found = receipt_for(open_log(), opened.row, whole=whole) if is_made() else None
    if found is None:
        raise NotSealedYet
    return found
