"""Papers of a version: as it is issued, or marked as a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from kaohe.core.documents import FIXED, State
from kaohe.documents.grounds import day_words
from kaohe.documents.rules_paper import RulesPaper, rules_paper
from kaohe.organization.queries import documents as queries
from kaohe.organization.queries.committee import name_of_committee
from kaohe.web.organization.papers import paper_docx, paper_page, paper_pdf
from kaohe.web.requests import SignedIn
from kaohe.web.words.documents import STATES

if TYPE_CHECKING:
    from kaohe.organization.models import DocumentVersion


def _paper(request: SignedIn, key: int) -> tuple[DocumentVersion, RulesPaper]:
    """The paper of a version: with red head, number and signature once it is issued."""
    row = queries.get_version(request.user, key)
    title = row.document.title
    if row.state not in FIXED or row.issued_on is None or row.effective_on is None:
        state = _(STATES[State(row.state)])
        remark = _("(version %(number)s, %(state)s)") % {"number": row.number, "state": state}
        return row, rules_paper(title, row.text, remark=remark)
    issuer = name_of_committee(row.jurisdiction)
    days = {"issued": day_words(row.issued_on, _), "effective": day_words(row.effective_on, _)}
    return row, rules_paper(
        title,
        row.text,
        head=""
        if request.GET.get("head") == "plain"
        else _("%(issuer)s: document") % {"issuer": issuer},
        number=row.document_number,
        remark=_("(issued %(issued)s, in force from %(effective)s)") % days,
        issuer=issuer,
        issued_on=days["issued"],
    )


def version_paper(request: SignedIn, key: int) -> HttpResponse:
    """The version as it is printed."""
    row, paper = _paper(request, key)
    return paper_page(
        request,
        paper,
        back=reverse("web:version", args=[row.pk]),
        pdf=reverse("web:version-pdf", args=[row.pk]),
        docx=reverse("web:version-docx", args=[row.pk]),
        tab="documents",
    )


def version_pdf(request: SignedIn, key: int) -> HttpResponse:
    """The version as a PDF."""
    return paper_pdf(request, _paper(request, key)[1])


def version_docx(request: SignedIn, key: int) -> HttpResponse:
    """The version as a Word file."""
    return paper_docx(_paper(request, key)[1])
