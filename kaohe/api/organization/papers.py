"""Papers as files over the API."""

from django.utils.translation import gettext as _

from kaohe.core.errors import Invalid
from kaohe.core.problems import N_
from kaohe.documents.refusals import PaperRefused
from kaohe.documents.rules_docx import write_rules_docx
from kaohe.documents.rules_paper import RulesPaper
from kaohe.organization.papers.printing import printed

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class PaperNotSet(Invalid):
    """A paper that cannot be printed as it should be."""

    code = "api.paper-not-set"
    sentence = N_("The PDF was not made. {why} The Word file (.docx) can be fetched meanwhile.")


def as_pdf(paper: RulesPaper) -> tuple[bytes, str]:
    """A paper as a PDF, and its file name.

    Raises:
        PaperNotSet: what cannot be printed is told, never printed as boxes.
    """
    try:
        return printed(paper), f"{paper.title}.pdf"
    except PaperRefused as refusal:
        raise PaperNotSet(why=refusal.sentence(_)) from refusal


def as_docx(paper: RulesPaper) -> tuple[bytes, str]:
    """A paper as a Word file, and its file name."""
    return write_rules_docx(paper), f"{paper.title}.docx"
