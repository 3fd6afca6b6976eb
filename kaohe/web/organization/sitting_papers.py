"""Papers of a sitting: the minutes (会议纪要)."""

from django.http import HttpResponse
from django.urls import reverse

from kaohe.organization.papers.minutes import minutes_paper
from kaohe.organization.queries.committee import get_sitting
from kaohe.web.organization.papers import paper_docx, paper_page, paper_pdf
from kaohe.web.requests import SignedIn


def sitting_paper(request: SignedIn, key: int) -> HttpResponse:
    """The minutes as they are printed."""
    row = get_sitting(request.user, key)
    return paper_page(
        request,
        minutes_paper(row),
        back=reverse("web:sitting", args=[row.pk]),
        pdf=reverse("web:sitting-pdf", args=[row.pk]),
        docx=reverse("web:sitting-docx", args=[row.pk]),
        tab="committee",
    )


def sitting_pdf(request: SignedIn, key: int) -> HttpResponse:
    """The minutes as a PDF."""
    return paper_pdf(request, minutes_paper(get_sitting(request.user, key)))


def sitting_docx(request: SignedIn, key: int) -> HttpResponse:
    """The minutes as a Word file."""
    return paper_docx(minutes_paper(get_sitting(request.user, key)))
