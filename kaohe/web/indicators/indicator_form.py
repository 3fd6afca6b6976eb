"""Pages: the form of an indicator of a department's scheme; removed, moved, copied."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.errors import Refusal
from kaohe.core.indicators import Indicator
from kaohe.indicators.queries.parts import plan_in
from kaohe.indicators.queries.review import marks_of
from kaohe.indicators.queries.schemes import units_of
from kaohe.indicators.services import scheme_part
from kaohe.web.fields import NameField, Ticks, choice
from kaohe.web.indicators.curve import curve_of, curve_of_form, supposed_own
from kaohe.web.indicators.described_form import DescribedForm, offered
from kaohe.web.indicators.rule_fields import CHOOSING, SHOWING
from kaohe.web.indicators.scheme_frame import about_scheme, back_to, indicator_in, scheme_to_edit
from kaohe.web.requests import SignedIn
from kaohe.web.words.indicators import ELEMENTS, VISIBILITY
from kaohe.web.writing import WritingForm, show, written

if TYPE_CHECKING:
    from kaohe.indicators.models import PartVersion


class IndicatorForm(DescribedForm):
    """An indicator of a department's scheme with all that people need to know of it."""

    PLAIN = ("item", "name", "unit", "element", "visibility")
    FURTHER = (
        *("measure", "aspect", "definition", "source", "evidence"),
        *("basis", "tag", "judge", "period", "person"),
    )

    unit = choice([], label=lazy("For"), required=False)
    element = choice(offered(ELEMENTS, lazy("choose …")), label=lazy("Element"), required=True)
    visibility = choice(
        offered(VISIBILITY, lazy("not marked")),
        label=lazy("Visible or latent"),
        required=False,
        help_text=lazy("visible: shows within the year; latent: a foundation for later years"),
    )
    measure = NameField(
        label=lazy("Unit of measure"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control w-xs"}),
    )

    def __init__(self, *args: Any, units: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.choices = [("", _("all units of the department")), *units.items()]

    def indicator(self, old: Indicator) -> Indicator:
        """The indicator as it was filled in; what the form does not show is as it was."""
        made = self.ruled(self.cleaned_data)
        return replace(made, **self.described(), component=old.component, ledger=old.ledger)


def _names(version: PartVersion) -> dict[str, str]:
    """The names of the units that the scheme has sheets for."""
    units = units_of(version.part.assessment_year, version.part.department)
    sheets = plan_in(version).sheets
    return {code: units[code].name if code in units else code for code in sheets}


def new_indicator(request: SignedIn, key: int) -> HttpResponse:
    """Enter an indicator."""
    version = scheme_to_edit(request, key)
    start = Indicator("", element=request.GET.get("element", ""), unit=request.GET.get("unit", ""))
    return _form_page(request, version, start, "", _("Enter an indicator"))


def edit_indicator(request: SignedIn, key: int, item: str) -> HttpResponse:
    """Change an indicator."""
    version = scheme_to_edit(request, key)
    old = indicator_in(version, item)
    return _form_page(request, version, old, item, old.name or item)


def _sent(request: SignedIn) -> QueryDict:
    """What was sent; an example for one rule says nothing under another."""
    if CHOOSING not in request.POST:
        return request.POST
    found = request.POST.copy()
    found.pop("try_out", None)
    return found


def _form_page(
    request: SignedIn, version: PartVersion, old: Indicator, item: str, title: str
) -> HttpResponse:
    only_shown = CHOOSING in request.POST or SHOWING in request.POST
    form = IndicatorForm(
        _sent(request) or None,
        seen=version.version,
        initial=IndicatorForm.initial_of(old),
        units=_names(version),
    )
    if only_shown:
        form.quiet()
    answer = None if only_shown else _saved(request, form, version, old, item)
    if answer is not None:
        return answer
    curve = curve_of_form(_sent(request)) if form.is_bound else curve_of(old, supposed_own(old))
    marks = marks_of(version) if item else {}
    context = {
        **about_scheme(request, version),
        "title": title,
        "is_new": not item,
        "item": item,
        "curve": curve,
        "marks": [
            mark
            for path, found in marks.items()
            if path.startswith(f"indicators/{item}/")
            for mark in found
        ],
        "back": back_to(version),
    }
    return show(request, "indicators/indicator_form.html", context, form)


def _saved(
    request: SignedIn, form: IndicatorForm, version: PartVersion, old: Indicator, item: str
) -> HttpResponse | None:
    return written(
        request,
        form,
        lambda: scheme_part.write_indicator(
            by=request.user,
            version=version,
            seen=form.was_seen,
            indicator=form.indicator(old),
            instead_of=item,
        ),
        to=_after(request, version),
        said=lambda _row: _("%(name)s is saved.") % {"name": form.cleaned_data["name"]},
    )


def _after(request: SignedIn, version: PartVersion) -> Callable[[Any], str]:
    """On to the next new one, where that was asked; else back to the scheme."""
    if "another" in request.POST:
        return lambda _row: reverse("web:new-indicator", args=[version.pk])
    return lambda _row: back_to(version)


class ItemForm(WritingForm):
    """A deed on an indicator that needs nothing else."""


class CopyForm(WritingForm):
    """To which units an indicator is copied."""

    units = forms.MultipleChoiceField(
        label=lazy("Units"), widget=Ticks(attrs={"aria-label": lazy("Units")})
    )


def remove_indicator(request: SignedIn, key: int, item: str) -> HttpResponse:
    """Take an indicator out of the scheme."""
    version = scheme_to_edit(request, key)
    old = indicator_in(version, item)
    form = ItemForm(request.POST or None, seen=version.version)
    answer = written(
        request,
        form,
        lambda: scheme_part.remove_from_scheme(
            by=request.user, version=version, seen=form.was_seen, item=item
        ),
        to=lambda _row: back_to(version),
        said=lambda _row: _("%(name)s is taken out.") % {"name": old.name},
    )
    context = {
        **about_scheme(request, version),
        "title": _("Take out an indicator"),
        "about": f"{item} {old.name}",
        "lead": _("With it go the values, exceptions and milestones that sheets have under it."),
        "save": _("Take out"),
        "back": back_to(version),
    }
    return answer or show(request, "indicators/form.html", context, form)


def move_indicator(request: SignedIn, key: int, item: str) -> HttpResponse:
    """Move an indicator up or down among those of its element."""
    version = scheme_to_edit(request, key)
    if request.method == "POST":
        form = ItemForm(request.POST)
        form.is_valid()
        try:
            scheme_part.move_in_scheme(
                by=request.user,
                version=version,
                seen=form.was_seen,
                item=item,
                up=request.POST.get("way") == "up",
            )
        except Refusal as refusal:
            messages.warning(request, refusal.say(_))
    return HttpResponseRedirect(f"{back_to(version)}#i-{item}")


def copy_indicator(request: SignedIn, key: int, item: str) -> HttpResponse:
    """Give further units an indicator like that of one."""
    version = scheme_to_edit(request, key)
    old = indicator_in(version, item)
    form = CopyForm(request.POST or None, seen=version.version)
    field: Any = form.fields["units"]
    field.choices = [pair for pair in _names(version).items() if pair[0] != old.unit]
    answer = written(
        request,
        form,
        lambda: scheme_part.copy_to_units(
            by=request.user,
            version=version,
            seen=form.was_seen,
            item=item,
            units=form.cleaned_data["units"],
        ),
        to=lambda _row: back_to(version),
        said=lambda _row: _("Copied to units: %(n)s.") % {"n": len(form.cleaned_data["units"])},
    )
    context = {
        **about_scheme(request, version),
        "title": _("Copy to other units"),
        "about": f"{item} {old.name}",
        "lead": _("Each unit gets the indicator under a code of its own, and can then differ."),
        "save": _("Copy"),
        "back": back_to(version),
    }
    return answer or show(request, "indicators/form.html", context, form)
