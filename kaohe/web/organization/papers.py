"""Official papers as answers: on the screen for printing, as PDF, as a Word file."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from kaohe.documents.refusals import PaperRefused
from kaohe.documents.rules_docx import write_rules_docx
from kaohe.documents.rules_paper import RulesPaper
from kaohe.organization.papers.printing import printed
from kaohe.web.requests import SignedIn

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def paper_page(
    request: SignedIn, paper: RulesPaper, *, back: str, pdf: str, docx: str, tab: str
) -> HttpResponse:
    """The paper as it will look, with its files beside it."""
    context = {"paper": paper, "back": back, "pdf": pdf, "docx": docx, "tab": tab}
    if paper.proof is not None:  # of our own making: squares and numbers
        context["proof_svg"] = mark_safe(paper.proof.code.svg)  # noqa: S308
    return render(request, "organization/document_paper.html", context)


def paper_pdf(request: SignedIn, paper: RulesPaper) -> HttpResponse:
    """The paper as a PDF; what cannot be printed is told, never printed as boxes."""
    try:
        content = printed(paper)
    except PaperRefused as refusal:
        context = {"status": 422, "title": _("Not possible"), "sentence": refusal.sentence(_)}
        return render(request, "web/refusal.html", context, status=422)
    return _file(content, f"{paper.title}.pdf", "application/pdf")


def paper_docx(paper: RulesPaper) -> HttpResponse:
    """The paper as a Word file."""
    return _file(write_rules_docx(paper), f"{paper.title}.docx", DOCX)


def _file(content: bytes, name: str, media: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media)
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer
