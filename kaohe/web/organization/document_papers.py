"""Papers of a version: as it is issued, or marked as a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.urls import reverse

from kaohe.organization.papers import versions as papers
from kaohe.organization.queries import documents as queries
from kaohe.web.organization.papers import paper_docx, paper_page, paper_pdf
from kaohe.web.requests import SignedIn

if TYPE_CHECKING:
    from kaohe.documents.rules_paper import RulesPaper
    from kaohe.organization.models import DocumentVersion


def _paper(request: SignedIn, key: int) -> tuple[DocumentVersion, RulesPaper]:
    row = queries.get_version(request.user, key)
    return row, papers.version_paper(row, with_head=request.GET.get("head") != "plain")


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
