"""Heads, labels and choices of papers, in the language in which they are printed.

What a Chinese paper writes for a choice is what a workbook writes, so that it reads back.
"""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kaohe.core.problems import N_
from kaohe.core.scheme_fields import TAG_WORDS
from kaohe.documents.plan_book_columns import written
from kaohe.documents.sheet_paper import FormColumn
from kaohe.locale.words import WORDS, without_note

_CHOICES = {
    **{name: WORDS[name] for name in ("element", "period", "judge", "ledger")},
    "visibility": {"visible": N_("visible"), "latent": N_("latent")},
    "tag": TAG_WORDS,
}


def is_english() -> bool:
    """Whether papers are printed in English now."""
    return (get_language() or "").startswith("en")


def column(head: str, width: float = 0, align: str = "left") -> FormColumn:
    """A column of a table; the note that tells its head from a word of a page is left out."""
    return FormColumn(without_note(head), width, align)


def chosen(field: str, text: str) -> str:
    """What a paper writes for a field of an indicator: words where it holds a code."""
    if not is_english():
        return written(field, text)
    return _(_CHOICES.get(field, {}).get(text, text)) if text else ""


def below_title(state: str) -> str:
    """The line below a title: the state; that an English print is for reading only."""
    notes = [state]
    if is_english():
        notes.append(_("(English print; only a Chinese one is read back in)"))
    return " ".join(filter(None, notes))
