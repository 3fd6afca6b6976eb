"""Pages of deeds on adjustments: propose, again, withdraw, review, return, finalise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kaohe.core.access import Verb
from kaohe.core.errors import Refusal
from kaohe.core.indicator_trees import sheet_from
from kaohe.core.target_path import refuse_after
from kaohe.core.target_values import adjusted, changed_sheet, still_holds
from kaohe.indicators.queries.adjustments import (
    adjustable,
    changes_in,
    get_adjustment,
    open_adjustment,
    sheet_in_force,
)
from kaohe.indicators.queries.targets import past_for, with_past
from kaohe.indicators.queries.years import get_participant
from kaohe.indicators.services import adjustments as services
from kaohe.indicators.services.parts import must_be_open
from kaohe.indicators.services.target_refusals import AdjustmentUnderWay
from kaohe.web.indicators.adjustments import changes_told
from kaohe.web.indicators.deeds import deed_page
from kaohe.web.indicators.frame import about_year, look_at
from kaohe.web.indicators.target_forms import (
    AdjustForm,
    NoteForm,
    ReasonForm,
    SureForm,
    sent,
)
from kaohe.web.requests import SignedIn
from kaohe.web.writing import show, written

if TYPE_CHECKING:
    from kaohe.indicators.models import Adjustment, AssessmentYear, Participant, Sheet

TAB = "targets"


def adjust(request: SignedIn, key: int) -> HttpResponse:
    """Propose an adjustment, as the unit."""
    return _propose(request, get_participant(request.user, key, Verb.TARGET_DECLARE), False)


def adjust_for(request: SignedIn, key: int) -> HttpResponse:
    """Propose an adjustment, as the department for its unit."""
    return _propose(request, get_participant(request.user, key, Verb.TARGET_REVIEW), True)


def _propose(request: SignedIn, unit: Participant, as_department: bool) -> HttpResponse:
    sheet = sheet_in_force(unit)
    form = _form(request, unit, sheet, None)
    answer = written(
        request,
        form,
        lambda: services.propose_adjustment(
            by=request.user,
            participant=unit,
            wanted=form.wanted(),
            reason=form.cleaned_data["reason"],
            document=form.cleaned_data["document"],
            as_department=as_department,
        ),
        to=lambda row: reverse("web:adjustment", args=[row.pk]),
        said=lambda row: _("Adjustment %(n)s is proposed.") % {"n": row.number},
    )
    back = reverse("web:unit-targets", args=[unit.pk])
    return answer or _shown(request, unit, form, sheet, back, other=open_adjustment(unit))


def _form(
    request: SignedIn, unit: Participant, sheet: Sheet | None, again: Adjustment | None
) -> AdjustForm:
    asked = adjustable(sheet, unit.code) if sheet else []
    given: dict[str, Any] = {}
    if again is not None:
        given = {"seen": again.version, "said": (again.reason, again.document)}
        changes = changes_in(again)
        if sheet is not None and still_holds(asked, changes):
            asked = adjusted(asked, changed_sheet(sheet_from(sheet.content["sheet"]), changes))
    past = past_for(unit)
    asked = with_past(asked, past, unit.code)
    return AdjustForm(sent(request), asked=asked, unit=unit.code, past=past, **given)


def _shown(
    request: SignedIn,
    unit: Participant,
    form: AdjustForm,
    sheet: Sheet | None,
    back: str,
    returned: str = "",
    other: Adjustment | None = None,
) -> HttpResponse:
    year = unit.assessment_year
    look_at(request, year)
    context = {
        **about_year(request, year, TAB),
        "unit": unit,
        "sheet": sheet,
        "rows": form.rows(),
        "back": back,
        "returned": returned,
        "shut": "" if form.is_bound else _shut(year),
        "other": other,
    }
    if other is not None and not form.is_bound:
        context["shut"] = AdjustmentUnderWay(number=other.number).say(_)
    return show(request, "indicators/adjust.html", context, form)


def _shut(year: AssessmentYear) -> str:
    """Why nothing can be proposed any more, in the words in which it would be refused."""
    try:
        must_be_open(year)
        refuse_after(timezone.localdate(), year.cut_off_on, year.year)
    except Refusal as refusal:
        return refusal.say(_)
    return ""


def propose_again(request: SignedIn, key: int) -> HttpResponse:
    """Propose once more, as the unit, what was returned."""
    return _again(request, get_adjustment(request.user, key, Verb.TARGET_DECLARE), False)


def propose_again_for(request: SignedIn, key: int) -> HttpResponse:
    """Propose once more, as the department, what was returned."""
    return _again(request, get_adjustment(request.user, key, Verb.TARGET_REVIEW), True)


def _again(request: SignedIn, row: Adjustment, as_department: bool) -> HttpResponse:
    unit = row.participant
    sheet = sheet_in_force(unit)
    form = _form(request, unit, sheet, row)
    back = reverse("web:adjustment", args=[row.pk])
    answer = written(
        request,
        form,
        lambda: services.propose_again(
            by=request.user,
            adjustment=row,
            seen=form.was_seen,
            wanted=form.wanted(),
            reason=form.cleaned_data["reason"],
            document=form.cleaned_data["document"],
            as_department=as_department,
        ),
        to=lambda _row: back,
        said=lambda done: _("Adjustment %(n)s is proposed.") % {"n": done.number},
    )
    return answer or _shown(request, unit, form, sheet, back, row.return_reason)


def withdraw_adjustment(request: SignedIn, key: int) -> HttpResponse:
    """Withdraw, as the unit."""
    return _withdraw(request, get_adjustment(request.user, key, Verb.TARGET_DECLARE), False)


def withdraw_adjustment_for(request: SignedIn, key: int) -> HttpResponse:
    """Withdraw, as the department."""
    return _withdraw(request, get_adjustment(request.user, key, Verb.TARGET_REVIEW), True)


def _withdraw(request: SignedIn, row: Adjustment, as_department: bool) -> HttpResponse:
    form = NoteForm(sent(request), seen=row.version)
    return _deed(
        request,
        row,
        form,
        lambda: services.withdraw_adjustment(
            by=request.user,
            adjustment=row,
            seen=form.was_seen,
            as_department=as_department,
            **form.given,
        ),
        title=_("Withdraw the adjustment"),
        said=_("The adjustment is withdrawn; the sheet stays as it is."),
        lead=_("The sheet in force stays as it is; another adjustment may be proposed in time."),
        save=_("Withdraw"),
    )


def review_adjustment(request: SignedIn, key: int) -> HttpResponse:
    """Accept, as the department."""
    row = get_adjustment(request.user, key, Verb.TARGET_REVIEW)
    form = SureForm(sent(request), seen=row.version)
    return _deed(
        request,
        row,
        form,
        lambda: services.review_adjustment(by=request.user, adjustment=row, seen=form.was_seen),
        title=_("Accept the adjustment"),
        said=_("The adjustment is reviewed and waits for the office."),
        lead=_("The office finalises it after you."),
        save=_("Accept"),
    )


def finalise_adjustment(request: SignedIn, key: int) -> HttpResponse:
    """Finalise, as the office: the sheet gets its next version."""
    row = get_adjustment(request.user, key, Verb.TARGET_FINALISE)
    form = SureForm(sent(request), seen=row.version)
    return _deed(
        request,
        row,
        form,
        lambda: services.finalise_adjustment(by=request.user, adjustment=row, seen=form.was_seen),
        title=_("Finalise the adjustment"),
        said=_("The adjustment is finalised; the next version of the sheet is in force."),
        lead=_(
            "The unit's sheet gets its next version with these values and nothing else; the one"
            " before is kept."
        ),
        save=_("Finalise"),
    )


def return_adjustment(request: SignedIn, key: int) -> HttpResponse:
    """Return, as the department."""
    return _return(request, get_adjustment(request.user, key, Verb.TARGET_REVIEW))


def office_return_adjustment(request: SignedIn, key: int) -> HttpResponse:
    """Return, as the office."""
    return _return(request, get_adjustment(request.user, key, Verb.TARGET_FINALISE))


def _return(request: SignedIn, row: Adjustment) -> HttpResponse:
    form = ReasonForm(sent(request), seen=row.version)
    return _deed(
        request,
        row,
        form,
        lambda: services.return_adjustment(
            by=request.user, adjustment=row, seen=form.was_seen, **form.given
        ),
        title=_("Return the adjustment"),
        said=_("The adjustment is returned."),
        lead=_("Who proposed it reads the reason and may propose it again until the cut-off."),
        save=_("Return"),
    )


def _deed(request: SignedIn, row: Adjustment, form: Any, do: Any, **given: Any) -> HttpResponse:
    look_at(request, row.participant.assessment_year)
    return deed_page(
        request,
        row.participant.assessment_year,
        TAB,
        form,
        do,
        back=reverse("web:adjustment", args=[row.pk]),
        template="indicators/adjustment_deed.html",
        about=row.participant.name,
        adjustment=row,
        changes=changes_told(row),
        **given,
    )
