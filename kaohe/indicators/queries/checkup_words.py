"""Findings of the check-up as people read them, on pages, in papers and over the API."""

from collections.abc import Callable
from typing import NamedTuple

from kaohe.core.checkup import SEVERITY_WORDS, Finding
from kaohe.core.plan_words import FIELD_WORDS
from kaohe.locale.words import say

Translate = Callable[[str], str]


class InWords(NamedTuple):
    """A finding in words: how grave, what is found, how to mend it, at which cell."""

    check: str
    severity: str
    severity_words: str
    sentence: str
    remedy: str
    path: str
    unit: str  # credit code of the sheet it is about; empty: the whole


def finding_in_words(finding: Finding, translate: Translate) -> InWords:
    """A finding in the language of ``translate``."""

    def word(name: str, code: str) -> str:
        if name == "column":
            return translate(FIELD_WORDS[code])
        return say(name, code, translate)

    return InWords(
        finding.check,
        finding.severity,
        translate(SEVERITY_WORDS[finding.severity]),
        finding.sentence(translate, word),
        finding.remedy(translate, word),
        finding.path,
        finding.unit,
    )
