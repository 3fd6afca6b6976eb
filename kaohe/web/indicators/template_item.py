"""Pages: the form of an item of the common template; taken out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.indicators import Indicator
from kaohe.core.part_path import Sort
from kaohe.core.plan_edits import next_code
from kaohe.indicators.queries.parts import plan_in
from kaohe.indicators.queries.review import marks_of
from kaohe.indicators.services import template_part
from kaohe.organization.queries.access import NothingHere
from kaohe.web.fields import choice
from kaohe.web.indicators.curve import curve_of, curve_of_form, supposed_own
from kaohe.web.indicators.described_form import DescribedForm, offered
from kaohe.web.indicators.part_editing import (
    about_version,
    kept_away,
    page_of,
    version_to_edit,
)
from kaohe.web.indicators.rule_fields import CHOOSING, SHOWING
from kaohe.web.requests import SignedIn
from kaohe.web.words.indicators import LEDGERS
from kaohe.web.writing import WritingForm, show, written

if TYPE_CHECKING:
    from kaohe.indicators.models import PartVersion

STEMS = {"registration": "R", "establishment": "E", "": "G"}


class CommonItemForm(DescribedForm):
    """A common indicator with all that people need to know of it."""

    PLAIN = ("name", "item", "ledger", "aspect")
    FURTHER = ("definition", "source", "evidence", "basis", "tag", "judge", "period", "person")

    ledger = choice(offered(LEDGERS, lazy("in no ledger")), label=lazy("Ledger"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].label = _("Item code")
        self.fields["aspect"].required = True

    def indicator(self, old: Indicator, codes: list[str]) -> Indicator:
        """The item as it was filled in; what the form does not show is as it was.

        Args:
            codes: those that are taken, so that an empty one becomes the next.
        """
        people = self.described()
        if not people["item"]:
            people["item"] = old.item or next_code(STEMS[people["ledger"]], codes)
        kept = {name: getattr(old, name) for name in ("visibility", "measure")}
        return replace(self.ruled(self.cleaned_data), component="common", **people, **kept)


class TakeOutForm(WritingForm):
    """An item taken out needs nothing else."""


def _found(version: PartVersion, item: str) -> Indicator:
    """The item of a code.

    Raises:
        NothingHere: there is none.
    """
    for each in plan_in(version).indicators:
        if each.item == item:
            return each
    raise NothingHere


def new_item(request: SignedIn, key: int) -> HttpResponse:
    """Enter a common indicator."""
    version = version_to_edit(request, key, Sort.TEMPLATE)
    if away := kept_away(request, version):
        return away
    asked = request.GET.get("ledger", "")
    start = Indicator(
        "",
        component="common",
        rule="deduction",
        ledger=asked if asked in LEDGERS else "",
        aspect=request.GET.get("aspect", "")[:60],
    )
    return _form_page(request, version, start, _("Enter a common indicator"))


def edit_item(request: SignedIn, key: int, item: str) -> HttpResponse:
    """Change a common indicator."""
    version = version_to_edit(request, key, Sort.TEMPLATE)
    if away := kept_away(request, version):
        return away
    old = _found(version, item)
    return _form_page(request, version, old, f"{item} {old.name}")


def _form_page(request: SignedIn, version: PartVersion, old: Indicator, title: str) -> HttpResponse:
    form = CommonItemForm(
        request.POST or None, seen=version.version, initial=CommonItemForm.initial_of(old)
    )
    if CHOOSING in request.POST or SHOWING in request.POST:
        form.quiet()
    else:
        answer = _saved(request, form, version, old)
        if answer is not None:
            return answer
    marks = marks_of(version) if old.item else {}
    context = {
        **about_version(request, version),
        "title": title,
        "item": old.item,
        "curve": curve_of_form(request.POST) if form.is_bound else curve_of(old, supposed_own(old)),
        "marks": [
            mark
            for path, found in marks.items()
            if path.startswith(f"indicators/{old.item}/")
            for mark in found
        ],
    }
    return show(request, "indicators/template_item.html", context, form)


def _saved(
    request: SignedIn, form: CommonItemForm, version: PartVersion, old: Indicator
) -> HttpResponse | None:
    codes = [each.item for each in plan_in(version).indicators]
    return written(
        request,
        form,
        lambda: template_part.put_common_item(
            by=request.user,
            version=version,
            seen=form.was_seen,
            indicator=form.indicator(old, codes),
            instead_of=old.item,
        ),
        to=lambda _row: f"{page_of(version)}#i-{form.indicator(old, codes).item}",
        said=lambda _row: _("%(name)s is saved.") % {"name": form.cleaned_data["name"]},
    )


def remove_item(request: SignedIn, key: int, item: str) -> HttpResponse:
    """Take a common indicator out of a draft."""
    version = version_to_edit(request, key, Sort.TEMPLATE)
    if away := kept_away(request, version):
        return away
    old = _found(version, item)
    form = TakeOutForm(request.POST or None, seen=version.version)
    about = about_version(request, version)
    answer = written(
        request,
        form,
        lambda: template_part.remove_common_item(
            by=request.user, version=version, seen=form.was_seen, item=item
        ),
        to=lambda _row: page_of(version),
        said=lambda _row: _("%(name)s is taken out.") % {"name": old.name},
    )
    context = {
        **about,
        "title": _("Take out a common indicator"),
        "about": f"{item} {old.name}",
        "lead": _("The points of the template then no longer make 100: give them to others."),
        "save": _("Take out"),
    }
    return answer or show(request, "indicators/form.html", context, form)
