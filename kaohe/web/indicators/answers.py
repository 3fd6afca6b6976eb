"""A page: the drafter answers for a warning of the check-up."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.translation import gettext as _

import kaohe.web.words.answers  # noqa: F401  (declares its words)
from kaohe.core.checkup import WARNING
from kaohe.core.checkup_answers import Key, key_of
from kaohe.core.part_path import VERBS, Sort
from kaohe.indicators.queries.answers import reviewed
from kaohe.indicators.queries.settings_part import get_version_of
from kaohe.indicators.services.answering import answer_finding
from kaohe.organization.queries.access import require
from kaohe.web.indicators.frame import about_year, look_at
from kaohe.web.indicators.part_forms import AnswerForm
from kaohe.web.indicators.part_steps import named
from kaohe.web.indicators.part_version import TABS, address_of
from kaohe.web.requests import SignedIn
from kaohe.web.routes import page
from kaohe.web.words.parts import NOUNS
from kaohe.web.writing import show, written

if TYPE_CHECKING:
    from kaohe.indicators.models import PartVersion

CHECKED = (Sort.TEMPLATE, Sort.DEPARTMENT)


def _row(request: SignedIn, key: int, sort: Sort) -> PartVersion:
    """The version of a sort that an address names.

    Raises:
        NothingHere, RoleMissing: there is none, or one may not draft it.
    """
    row = get_version_of(request.user, key, sort)
    require(request.user, VERBS[sort].draft, row)
    look_at(request, row.part.assessment_year)
    return row


def answer(request: SignedIn, key: int, sort: Sort) -> HttpResponse:
    """Answer for one warning; without one that is found, on to the check-up."""
    row = _row(request, key, sort)
    back = f"{address_of(row)}?tab=check"
    given = request.POST or request.GET
    wanted = Key(*(str(given.get(name, "")) for name in Key._fields))
    told = {key_of(each.finding): each for each in reviewed(row).told}.get(wanted)
    if request.method != "POST" and (told is None or told.finding.severity != WARNING):
        return HttpResponseRedirect(back)
    text = told.answer.text if told and told.answer else ""
    form = AnswerForm(request.POST or None, initial={**wanted._asdict(), "text": text})
    done = written(
        request,
        form,
        lambda: answer_finding(by=request.user, version=row, key=wanted, text=form.given["text"]),
        to=lambda _answer: f"{back}#findings",
        said=lambda _answer: _("The answer is kept with the finding."),
    )
    context = {
        **about_year(request, row.part.assessment_year, TABS[sort]),
        "title": _("Answer for a warning"),
        "about": named(row),
        "back": back,
        "button": _("Keep the answer"),
        "refused": _("Not kept yet. Please mend:"),
        "sentence": told.finding.sentence(_) if told else "",
    }
    return done or show(request, "indicators/part_deed.html", context, form)


def answer_pages() -> list[URLPattern]:
    """The addresses at which warnings are answered: for each sort that has a check-up."""
    return [
        page(
            f"indicators/{NOUNS[sort]}-versions/<int:key>/answer",
            partial(answer, sort=sort),
            f"answer-{NOUNS[sort]}",
            VERBS[sort].draft,
        )
        for sort in CHECKED
    ]
