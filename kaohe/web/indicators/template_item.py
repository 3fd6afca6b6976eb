"""Pages: the form of an item of the common template; taken out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.indicators import Indicator
from kaohe.core.part_path import Sort
from kaohe.core.plan_edits import next_code
from kaohe.core.scheme_fields import TAG_WORDS
from kaohe.indicators.queries.parts import plan_in
from kaohe.indicators.queries.review import marks_of
from kaohe.indicators.services import template_part
from kaohe.organization.queries.access import NothingHere
from kaohe.web.fields import LongText, NameField, choice
from kaohe.web.indicators.curve import curve_of, curve_of_form, supposed_own
from kaohe.web.indicators.part_editing import (
    about_version,
    kept_away,
    page_of,
    version_to_edit,
)
from kaohe.web.indicators.rule_fields import CHOOSING, SHOWING, RuleForm, rule_initial
from kaohe.web.requests import SignedIn
from kaohe.web.words.indicators import LEDGERS, PERIODS
from kaohe.web.words.templates import JUDGES
from kaohe.web.writing import WritingForm, show, written

if TYPE_CHECKING:
    from kaohe.indicators.models import PartVersion

WHAT = ("name", "item", "ledger", "aspect")
FURTHER = ("definition", "source", "evidence", "basis", "tag", "judge", "period", "person")
STEMS = {"registration": "R", "establishment": "E", "": "G"}


def _choices(words: Mapping[str, str], empty: Any) -> list[tuple[str, Any]]:
    return [("", empty), *((code, lazy(text)) for code, text in words.items())]


class CommonItemForm(WritingForm, RuleForm):
    """A common indicator with all that people need to know of it."""

    name = NameField(label=lazy("Name of the indicator"), max_length=120)
    item = NameField(
        label=lazy("Item code"),
        max_length=40,
        required=False,
        help_text=lazy("empty: the next one"),
        widget=forms.TextInput(attrs={"class": "form-control w-s"}),
    )
    ledger = choice(_choices(LEDGERS, lazy("in no ledger")), label=lazy("Ledger"), required=False)
    aspect = NameField(label=lazy("Aspect"), max_length=60)
    definition = LongText(
        label=lazy("Definition"),
        required=False,
        rows=4,
        help_text=lazy("what is counted, over which time, and what is not"),
    )
    source = NameField(
        label=lazy("Source of the value"),
        max_length=200,
        required=False,
        help_text=lazy("a report, a system, an office: where a third party can verify it"),
    )
    evidence = NameField(label=lazy("Evidence"), max_length=200, required=False)
    basis = NameField(
        label=lazy("Basis"),
        max_length=300,
        required=False,
        help_text=lazy("law, plan or document on which it rests"),
    )
    tag = choice(
        _choices(TAG_WORDS, lazy("not stated")),
        label=lazy("Nature of the clause"),
        required=False,
        help_text=lazy("how far an office may change it"),
    )
    judge = choice(
        _choices(JUDGES, lazy("not stated")), label=lazy("How it is judged"), required=False
    )
    period = choice(_choices(PERIODS, lazy("not stated")), label=lazy("Collected"), required=False)
    person = NameField(
        label=lazy("Post in charge"),
        max_length=60,
        required=False,
        help_text=lazy("the post or office, no name"),
    )

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """What the item is."""
        return [self[name] for name in WHAT]

    @property
    def further_fields(self) -> list[forms.BoundField]:
        """What people need to know to judge and to verify it."""
        return [self[name] for name in FURTHER]

    def indicator(self, old: Indicator, codes: list[str]) -> Indicator:
        """The item as it was filled in; what the form does not show is as it was.

        Args:
            codes: those that are taken, so that an empty one becomes the next.
        """
        people = {name: self.cleaned_data[name] for name in (*WHAT, *FURTHER)}
        if not people["item"]:
            people["item"] = old.item or next_code(STEMS[people["ledger"]], codes)
        kept = {name: getattr(old, name) for name in ("visibility", "measure")}
        return replace(self.ruled(self.cleaned_data), component="common", **people, **kept)


class TakeOutForm(WritingForm):
    """An item taken out needs nothing else."""


def _initial(old: Indicator) -> dict[str, Any]:
    return {**{name: getattr(old, name) for name in (*WHAT, *FURTHER)}, **rule_initial(old)}


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
    form = CommonItemForm(request.POST or None, seen=version.version, initial=_initial(old))
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
