"""Page: the sheet of a unit that came from another department is taken over into a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.indicators import Indicator
from kaohe.core.plan_takeover import is_alike
from kaohe.core.quantities import show_plain
from kaohe.indicators.queries.parts import plan_in
from kaohe.indicators.queries.takeovers import Origin, arrivals
from kaohe.indicators.services import takeovers as services
from kaohe.web.indicators.scheme_content import said_of
from kaohe.web.indicators.scheme_frame import about_scheme, back_to, scheme_to_edit
from kaohe.web.requests import SignedIn
from kaohe.web.writing import WritingForm, show, written

if TYPE_CHECKING:
    from kaohe.indicators.models import PartVersion


class BroughtLine(NamedTuple):
    """An indicator of the old sheet, and whether the scheme asks the same of all its units."""

    indicator: Indicator
    points: str
    said: str
    is_there: bool


class TakeOverForm(WritingForm):
    """Whether the unit's indicators come along."""

    with_indicators = forms.BooleanField(
        label=lazy("Bring along the indicators that the scheme does not have"),
        required=False,
        initial=True,
        help_text=lazy("they become the unit's own; mend the points until they make 100 again"),
    )


def take_over_sheet(request: SignedIn, key: int, code: str) -> HttpResponse:
    """Take the sheet of one unit over."""
    version = scheme_to_edit(request, key)
    origin = next((each for each in arrivals(version) if each.participant.code == code), None)
    form = TakeOverForm(request.POST or None, seen=version.version)
    answer = written(
        request,
        form,
        lambda: services.take_over_sheet(
            by=request.user,
            version=version,
            seen=form.was_seen,
            unit=code,
            with_indicators=form.cleaned_data["with_indicators"],
        ),
        to=lambda row: f"{back_to(row)}#sheets",
        said=lambda _row: _("The sheet is taken over into the draft."),
    )
    context = {**about_scheme(request, version), "back": back_to(version), **_told(version, origin)}
    return answer or show(request, "indicators/scheme_takeover.html", context, form)


def _told(version: PartVersion, origin: Origin | None) -> dict[str, Any]:
    if origin is None:
        return {"origin": None, "brought": []}
    ours = [each for each in plan_in(version).indicators if not each.unit]
    return {
        "origin": origin,
        "brought": [
            BroughtLine(
                each,
                "—" if each.points is None else show_plain(each.points),
                said_of(each, origin.sheet.values.get(each.item)),
                any(is_alike(each, other) for other in ours),
            )
            for each in origin.indicators
        ],
    }
