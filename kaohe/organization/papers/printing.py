"""Papers as files, in the language in which they are asked for."""

from functools import cache

from django.utils.translation import get_language

from kaohe.documents.press import Press
from kaohe.documents.rules_paper import RulesPaper, print_rules


@cache
def shared_press() -> Press:
    """One look through the typefaces for each process."""
    return Press()


def printed(paper: RulesPaper) -> bytes:
    """A paper as a PDF.

    Raises:
        PaperRefused: it cannot be printed as it should be.
    """
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return print_rules(paper, language=language, press=shared_press())
