"""Page: indicators of a sector's library ticked, their points fitted, added to a scheme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.indicators import Indicator
from kaohe.core.plan_edits import shared_out
from kaohe.core.quantities import FULL, TICK, show_plain
from kaohe.core.texts import fold
from kaohe.indicators.queries.libraries import libraries, library
from kaohe.indicators.queries.parts import plan_in
from kaohe.indicators.services import scheme_part
from kaohe.web.fields import tick
from kaohe.web.indicators.number_fields import NumberInput, TicksField
from kaohe.web.indicators.scheme_content import said_of
from kaohe.web.indicators.scheme_frame import about_scheme, back_to, scheme_to_edit
from kaohe.web.requests import SignedIn
from kaohe.web.words.indicators import ELEMENTS
from kaohe.web.writing import WritingForm, show, written

if TYPE_CHECKING:
    from kaohe.organization.models import Department

HALF = TICK // 2
SIGNS = {  # in the name of a department → the library of its sector
    "教": "education",
    "卫": "health",
    "医": "health",
    "执法": "enforcement",
    "监管": "enforcement",
    "农": "agriculture",
    "林": "agriculture",
    "水": "agriculture",
    "畜": "agriculture",
}


class LibraryForm(WritingForm):
    """A tick and points for each indicator of a library, named by its place."""

    total = TicksField(
        label=lazy("Share out to the sum"),
        least=1,
        most=FULL,
        help_text=lazy(
            "the points ticked are then changed in proportion, in halves; empty: as entered"
        ),
    )

    def __init__(
        self, *args: Any, indicators: tuple[Indicator, ...], there: set[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.indicators = indicators
        for place, each in enumerate(indicators):
            self.fields[f"take-{place}"] = tick(label=each.name, initial=not there)
            self.fields[f"points-{place}"] = TicksField(
                label=_("Points of %(name)s") % {"name": each.name},
                least=1,
                most=FULL,
                initial=each.points,
                widget=NumberInput(**{"class": "form-control num w-xs"}),
            )

    def clean(self) -> dict[str, Any]:
        """Something is ticked, each with points; the sum can be shared out."""
        given: dict[str, Any] = super().clean() or {}
        chosen = self._ticked(given)
        if not chosen:
            raise ValidationError(_("Nothing is chosen. Tick what is to be taken over."))
        for place in chosen:
            if given.get(f"points-{place}") is None and f"points-{place}" not in self.errors:
                self.add_error(f"points-{place}", _("This must be filled in."))
        total = given.get("total")
        if total is not None and (total % HALF or total < HALF * len(chosen)):
            told = _("This sum cannot be shared out in halves among %(n)s indicators.")
            self.add_error("total", told % {"n": len(chosen)})
        return given

    def _ticked(self, given: dict[str, Any]) -> list[int]:
        return [place for place in range(len(self.indicators)) if given.get(f"take-{place}")]

    def points(self) -> dict[str, int]:
        """What was ticked: code in the library → points."""
        given = self.cleaned_data
        places = self._ticked(given)
        found = [given[f"points-{place}"] for place in places]
        if given.get("total") is not None:
            found = shared_out(found, given["total"], HALF)
        codes = [self.indicators[place].item for place in places]
        return dict(zip(codes, found, strict=True))


class LibraryLine(NamedTuple):
    """An indicator of a library with its two fields."""

    indicator: Indicator
    said: str
    element: str
    take: forms.BoundField
    points: forms.BoundField
    is_there: bool


def likely_library(department: Department | None) -> str:
    """The library of the sector that a department's name speaks of; the first where it does not."""
    name = department.name if department else ""
    for sign, code in SIGNS.items():
        if sign in name:
            return code
    return libraries()[0][0]


def scheme_library(request: SignedIn, key: int) -> HttpResponse:
    """Choose a sector, tick indicators, add them."""
    version = scheme_to_edit(request, key)
    plan = plan_in(version)
    known = dict(libraries())
    code = request.GET.get("library", "")
    code = code if code in known else likely_library(version.part.department)
    there = {fold(each.name) for each in plan.indicators}
    form = LibraryForm(
        request.POST or None, seen=version.version, indicators=library(code), there=there
    )
    answer = written(
        request,
        form,
        lambda: scheme_part.add_from_library(
            by=request.user,
            version=version,
            seen=form.was_seen,
            library_code=code,
            points=form.points(),
        ),
        to=back_to,
        said=lambda _row: _("Indicators added: %(n)s.") % {"n": len(form.points())},
    )
    used = sum(each.points or 0 for each in plan.indicators if not each.unit)
    context = {
        **about_scheme(request, version),
        "libraries": [(each, title, each == code) for each, title in known.items()],
        "library": known[code],
        "lines": _lines(form, there),
        "used": show_plain(used),
        "left": show_plain(max(0, FULL - used)),
        "back": back_to(version),
    }
    return answer or show(request, "indicators/scheme_library.html", context, form)


def _lines(form: LibraryForm, there: set[str]) -> list[LibraryLine]:
    return [
        LibraryLine(
            each,
            said_of(each),
            _(ELEMENTS[each.element]) if each.element in ELEMENTS else "",
            form[f"take-{place}"],
            form[f"points-{place}"],
            fold(each.name) in there,
        )
        for place, each in enumerate(form.indicators)
    ]
