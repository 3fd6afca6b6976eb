"""Pages: the common template of a year, its two ledgers as they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.indicators import Indicator
from kaohe.core.part_path import Sort
from kaohe.core.quantities import FULL, show_plain
from kaohe.core.rule_words import rule_said
from kaohe.core.scheme_fields import TAG_WORDS
from kaohe.indicators.queries.libraries import seed_template
from kaohe.indicators.queries.parts import plan_in
from kaohe.indicators.queries.review import may_edit, may_mark
from kaohe.indicators.queries.template import Aspect, Ledger, ledgers_of
from kaohe.indicators.services import template_part
from kaohe.web.fields import LongText
from kaohe.web.indicators.beginnings import begin_page, part_page
from kaohe.web.indicators.contents import declare_content
from kaohe.web.indicators.part_cells import cells_to_mark
from kaohe.web.indicators.part_editing import (
    about_version,
    kept_away,
    page_of,
    version_to_edit,
)
from kaohe.web.requests import SignedIn
from kaohe.web.words.templates import JUDGES
from kaohe.web.writing import WritingForm, show, written

if TYPE_CHECKING:
    from kaohe.indicators.models import PartVersion


Cells = Mapping[str, Sequence[tuple[str, str]]]


class ItemLine(NamedTuple):
    """An item of a ledger, as the page shows it."""

    item: str
    name: str
    definition: str
    points: str
    scoring: list[str]
    evidence: str
    source: str
    basis: str
    judge: str
    tag: str
    cells: Sequence[tuple[str, str]] = ()  # path and label of each that can be marked


class AspectLines(NamedTuple):
    """An aspect with its items and its sum."""

    name: str
    points: str
    items: list[ItemLine]


class LedgerLines(NamedTuple):
    """A ledger with its aspects and its sums."""

    code: str
    words: str
    number: int
    points: str
    aspects: list[AspectLines]


def template(request: SignedIn, key: int) -> HttpResponse:
    """On to the template of a year."""
    return part_page(request, key, Sort.TEMPLATE, "indicators/template_empty.html")


def begin_template(request: SignedIn, key: int) -> HttpResponse:
    """Begin the template of a year."""
    count = len(seed_template().indicators)
    return begin_page(
        request,
        key,
        Sort.TEMPLATE,
        first=_("the template that comes along, %(n)s items") % {"n": count},
        title=_("Begin the common template"),
        lead=_("Whatever it begins with can be edited item by item before it is handed in."),
        service=template_part.begin_template,
    )


def content_of(request: SignedIn, version: PartVersion) -> dict[str, Any]:
    """The template of a version, for its page: two ledgers by aspect, with sums."""
    plan = plan_in(version)
    cells = cells_to_mark(version) if may_mark(request.user, version) else {}
    ledgers = [_ledger(each, cells) for each in ledgers_of(plan)]
    total = sum(each.points or 0 for each in plan.indicators)
    return {
        "template": "indicators/template_content.html",
        "version": version,
        "preface": plan.preface,
        "ledgers": ledgers,
        "count": len(plan.indicators),
        "total": show_plain(total),
        "is_whole": total == FULL,
        "may_edit": may_edit(request.user, version),
    }


declare_content(Sort.TEMPLATE, content_of)


def _ledger(ledger: Ledger, cells: Cells) -> LedgerLines:
    aspects = [_aspect(each, cells) for each in ledger.aspects]
    return LedgerLines(
        ledger.code, _(ledger.words), ledger.count, show_plain(ledger.points), aspects
    )


def _aspect(aspect: Aspect, cells: Cells) -> AspectLines:
    items = [item_line(each)._replace(cells=cells.get(each.item, ())) for each in aspect.items]
    return AspectLines(aspect.name, show_plain(aspect.points), items)


def item_line(each: Indicator) -> ItemLine:
    """An item in words."""
    return ItemLine(
        each.item,
        each.name,
        each.definition,
        "—" if each.points is None else show_plain(each.points),
        [said.say(_) for said in rule_said(each)],
        each.evidence,
        each.source,
        each.basis,
        _(JUDGES[each.judge]) if each.judge in JUDGES else each.judge,
        _(TAG_WORDS[each.tag]) if each.tag in TAG_WORDS else each.tag,
    )


class PrefaceForm(WritingForm):
    """What stands before the ledgers."""

    preface = LongText(label=lazy("Preface"), required=False, rows=6)


def edit_preface(request: SignedIn, key: int) -> HttpResponse:
    """Write what stands before the ledgers."""
    version = version_to_edit(request, key, Sort.TEMPLATE)
    if away := kept_away(request, version):
        return away
    initial = {"preface": plan_in(version).preface}
    form = PrefaceForm(request.POST or None, seen=version.version, initial=initial)
    context = about_version(request, version)
    answer = written(
        request,
        form,
        lambda: template_part.write_template_preface(
            by=request.user, version=version, seen=form.was_seen, **form.given
        ),
        to=lambda _row: page_of(version),
    )
    title = {"title": _("Preface of the common template")}
    return answer or show(request, "indicators/form.html", context | title, form)
