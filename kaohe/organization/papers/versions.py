"""The paper of a version of a document: as it is issued, or marked as a draft."""

from django.utils.translation import gettext as _

from kaohe.core.documents import FIXED, State
from kaohe.core.problems import N_
from kaohe.documents.grounds import day_words
from kaohe.documents.rules_paper import RulesPaper, rules_paper
from kaohe.organization.models import DocumentVersion
from kaohe.organization.queries.committee import name_of_committee

STATES = {
    State.DRAFT: N_("draft"),
    State.SUBMITTED: N_("waits for approval"),
    State.RETURNED: N_("returned"),
    State.APPROVED: N_("approved, waits to be issued"),
    State.ISSUED: N_("issued"),
    State.SUPERSEDED: N_("superseded"),
    State.WITHDRAWN: N_("draft given up"),
}


def version_paper(row: DocumentVersion, *, with_head: bool = True) -> RulesPaper:
    """The paper of a version: with red head, number and signature once it is issued.

    Args:
        with_head: for paper that has none printed on it.
    """
    title = row.document.title
    if row.state not in FIXED or row.issued_on is None or row.effective_on is None:
        state = _(STATES[State(row.state)])
        remark = _("(version %(number)s, %(state)s)") % {"number": row.number, "state": state}
        return rules_paper(title, row.text, remark=remark)
    issuer = name_of_committee(row.jurisdiction)
    days = {"issued": day_words(row.issued_on, _), "effective": day_words(row.effective_on, _)}
    return rules_paper(
        title,
        row.text,
        head=_("%(issuer)s: document") % {"issuer": issuer} if with_head else "",
        number=row.document_number,
        remark=_("(issued %(issued)s, in force from %(effective)s)") % days,
        issuer=issuer,
        issued_on=days["issued"],
    )
