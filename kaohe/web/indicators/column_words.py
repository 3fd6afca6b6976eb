"""What the columns of a Word file may mean, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.functional import keep_lazy_text
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.locale.words import without_note

if TYPE_CHECKING:
    from kaohe.indicators.queries.word_drafts import WordHead

_MEANINGS = {
    "": lazy("not to be read"),
    "item": lazy("Code (column)"),
    "element": lazy("Element (column)"),
    "name": lazy("Name (column)"),
    "points": lazy("Points (column)"),
    "target": lazy("Target (column)"),
    "base": lazy("Base (column)"),
    "measure": lazy("Unit of measure (column)"),
    "rule_text": lazy("Scoring (column)"),
    "definition": lazy("Definition (column)"),
    "source": lazy("Source (column)"),
    "evidence": lazy("Evidence (column)"),
    "basis": lazy("Basis (column)"),
    "period": lazy("Period (column)"),
    "person": lazy("Post in charge (column)"),
    "visibility": lazy("Visible or latent (column)"),
    "judge": lazy("how it is judged (column)"),
    "tag": lazy("nature of the clause (column)"),
    "aspect": lazy("Aspect (column)"),
    "ledger": lazy("ledger (column)"),
    "milestone": lazy("Milestone (column)"),
    "share": lazy("Share (column)"),
    "due_on": lazy("Due on (column)"),
    "not_applicable": lazy("Not applicable because (column)"),
    "reason": lazy("Reason (column)"),
}


def _plain(words: Any) -> str:
    return without_note(str(words))


MEANINGS = {name: keep_lazy_text(_plain)(words) for name, words in _MEANINGS.items()}


def columns_said(heads: list[WordHead]) -> list[tuple[str, str]]:
    """The heads of a file with what each was taken for."""
    return [
        (
            each.head,
            str(MEANINGS[each.field]) if each.field or each.is_known else _("not known yet"),
        )
        for each in heads
    ]
