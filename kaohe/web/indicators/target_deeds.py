"""Pages of deeds on targets: open, fill in and declare, review, return, finalise; many at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from kaohe.core.access import Verb
from kaohe.core.indicator_trees import sheet_from
from kaohe.core.target_path import Deed, TargetState
from kaohe.core.target_values import Asked, with_own
from kaohe.indicators.queries.targets import (
    asked_for,
    draft_for,
    drafts_to_open,
    get_table,
    past_for,
    scheme_for,
    tables_of,
)
from kaohe.indicators.services import targets as services
from kaohe.indicators.services.target_hook import kept_back
from kaohe.web.fields import choice
from kaohe.web.indicators.deeds import deed_page
from kaohe.web.indicators.frame import about_year, look_at, year_page
from kaohe.web.indicators.target_forms import (
    ManyForm,
    ReasonForm,
    ReviewForm,
    SureForm,
    TargetForm,
    sent,
)
from kaohe.web.indicators.targets import lines_told, years_before
from kaohe.web.requests import SignedIn
from kaohe.web.writing import WritingForm, show, written

if TYPE_CHECKING:
    from kaohe.indicators.models import TargetTable

TAB = "targets"


def _table(request: SignedIn, key: int, verb: Verb) -> TargetTable:
    table = get_table(request.user, key, verb)
    look_at(request, table.participant.assessment_year)
    return table


def _back(table: TargetTable) -> str:
    return reverse("web:unit-targets", args=[table.participant_id])


def _asked(table: TargetTable) -> list[Asked]:
    """What is asked of a unit, with what it has entered."""
    unit = table.participant
    version = scheme_for(unit.assessment_year, unit.department)
    return with_own(asked_for(table, version), sheet_from(table.content))


class OpenForm(WritingForm):
    """Which scheme's units are asked to declare."""

    version = forms.ChoiceField()


def open_targets(request: SignedIn, key: int) -> HttpResponse:
    """Open the declaration for the units of a department's draft."""
    year = year_page(request, key)
    found = drafts_to_open(request.user, year)
    known = {str(version.pk): version for version, _count in found}
    form = OpenForm(sent(request))
    form.fields["version"] = choice(
        [
            (
                key,
                _("%(department)s: %(n)s units wait")
                % {"department": version.part.department.name, "n": count},
            )
            for key, (version, count) in zip(known, found, strict=True)
            if version.part.department
        ],
        label=_("Draft of the scheme"),
    )
    back = reverse("web:targets", args=[year.pk])
    if not found:
        context = {**about_year(request, year, TAB), "back": back}
        return show(request, "indicators/targets_none.html", context)
    return deed_page(
        request,
        year,
        TAB,
        form,
        lambda: services.open_targets(by=request.user, version=known[form.cleaned_data["version"]]),
        title=_("Open the declaration of targets"),
        back=back,
        said=lambda tables: _("Opened for %(n)s units.") % {"n": len(tables)},
        lead=_(
            "Each unit that has a sheet in the draft and no targets yet is asked to declare: target"
            " values, ends, bases and the days of milestones, with three years beside."
        ),
        save=_("Open"),
    )


def declare_targets(request: SignedIn, key: int) -> HttpResponse:
    """Fill in the targets of a unit; keep them, or declare them."""
    table = _table(request, key, Verb.TARGET_DECLARE)
    unit = table.participant
    asked = _asked(table)
    declares = request.POST.get("do") == "declare"
    form = TargetForm(
        sent(request),
        asked=asked,
        unit=unit.code,
        past=past_for(unit),
        year=unit.assessment_year.year,
        whole=declares,
        seen=table.version,
    )
    service = services.declare_targets if declares else services.fill_targets
    told = _("The targets are declared to the department.") if declares else _("Kept.")
    answer = written(
        request,
        form,
        lambda: service(by=request.user, table=table, seen=form.was_seen, own=form.own()),
        to=lambda _row: _back(table),
        said=lambda _row: told,
    )
    return answer or _target_form(request, table, form, "indicators/target_form.html")


def _target_form(
    request: SignedIn, table: TargetTable, form: TargetForm, template: str
) -> HttpResponse:
    unit = table.participant
    state = TargetState(table.state)
    filling = state in (TargetState.OPEN, TargetState.RETURNED)
    context = {
        **about_year(request, unit.assessment_year, TAB),
        "target_table": table,
        "unit": unit,
        "rows": form.rows(),
        "back": _back(table),
        "is_open": (filling if template.endswith("target_form.html") else not filling)
        and draft_for(unit.assessment_year, unit.department) is not None,
    }
    return show(request, template, context, form)


def review_targets(request: SignedIn, key: int) -> HttpResponse:
    """Accept what a unit declared, or set something else with the reason."""
    table = _table(request, key, Verb.TARGET_REVIEW)
    unit = table.participant
    form = ReviewForm(
        sent(request),
        asked=_asked(table),
        unit=unit.code,
        past=past_for(unit),
        year=unit.assessment_year.year,
        whole=True,
        seen=table.version,
    )
    answer = written(
        request,
        form,
        lambda: services.review_targets(
            by=request.user,
            table=table,
            seen=form.was_seen,
            amended=form.own(),
            reason=form.cleaned_data["reason"],
        ),
        to=lambda _row: _back(table),
        said=lambda _row: _("The targets are accepted and stand in the draft of the scheme."),
    )
    return answer or _target_form(request, table, form, "indicators/target_review.html")


def withdraw_targets(request: SignedIn, key: int) -> HttpResponse:
    """Take back, as the unit, what was declared and is not reviewed yet."""
    table = _table(request, key, Verb.TARGET_DECLARE)
    form = ReasonForm(sent(request), seen=table.version)
    return deed_page(
        request,
        table.participant.assessment_year,
        TAB,
        form,
        lambda: services.withdraw_targets(
            by=request.user, table=table, seen=form.was_seen, **form.given
        ),
        title=_("Take the declaration back"),
        about=table.participant.name,
        back=_back(table),
        said=_("The declaration is taken back. The targets can be filled in again."),
        lead=_("What was entered stays. The department sees that you took it back, and why."),
        save=_("Take it back"),
    )


def return_targets(request: SignedIn, key: int) -> HttpResponse:
    """Return, as the department, what a unit declared."""
    return _return(request, _table(request, key, Verb.TARGET_REVIEW))


def office_return_targets(request: SignedIn, key: int) -> HttpResponse:
    """Return, as the office, what the department reviewed."""
    return _return(request, _table(request, key, Verb.TARGET_FINALISE))


def _return(request: SignedIn, table: TargetTable) -> HttpResponse:
    form = ReasonForm(sent(request), seen=table.version)
    return deed_page(
        request,
        table.participant.assessment_year,
        TAB,
        form,
        lambda: services.return_targets(
            by=request.user, table=table, seen=form.was_seen, **form.given
        ),
        title=_("Return the targets"),
        about=table.participant.name,
        back=_back(table),
        said=_("The targets are returned to the unit."),
        lead=_("The unit reads the reason, mends and declares again; the department reviews anew."),
        save=_("Return"),
    )


def finalise_targets(request: SignedIn, key: int) -> HttpResponse:
    """Finalise the targets of one unit."""
    table = _table(request, key, Verb.TARGET_FINALISE)
    form = SureForm(sent(request), seen=table.version)
    return deed_page(
        request,
        table.participant.assessment_year,
        TAB,
        form,
        lambda: services.finalise_targets(by=request.user, tables=[(table, form.was_seen)]),
        title=_("Finalise the targets"),
        about=table.participant.name,
        back=_back(table),
        said=_("The targets are finalised."),
        lead=_(
            "What the department reviewed holds for the unit's sheet. After its issue it changes"
            " only by an adjustment."
        ),
        save=_("Finalise"),
        template="indicators/target_deed.html",
        target_table=table,
        years=years_before(table),
        lines=lines_told(table),
    )


def review_many(request: SignedIn, key: int) -> HttpResponse:
    """Accept, as they are, the targets of many units."""
    return _many(
        request,
        key,
        Deed.REVIEW,
        services.review_all,
        title=_("Accept declared targets"),
        save=_("Accept those ticked"),
        told=lambda n: _("Accepted: %(n)s units.") % {"n": n},
    )


def finalise_many(request: SignedIn, key: int) -> HttpResponse:
    """Finalise the targets of many units."""
    return _many(
        request,
        key,
        Deed.FINALISE,
        services.finalise_targets,
        title=_("Finalise reviewed targets"),
        save=_("Finalise those ticked"),
        told=lambda n: _("Finalised: %(n)s units.") % {"n": n},
    )


WAITING = {
    Deed.REVIEW: (TargetState.DECLARED, Verb.TARGET_REVIEW),
    Deed.FINALISE: (TargetState.REVIEWED, Verb.TARGET_FINALISE),
}


def _many(
    request: SignedIn,
    key: int,
    deed: Deed,
    service: Callable[..., list[Any]],
    *,
    title: str,
    save: str,
    told: Callable[[int], str],
) -> HttpResponse:
    state, verb = WAITING[deed]
    year = year_page(request, key)
    rows = list(tables_of(request.user, year, verb).filter(state=state))
    kept = kept_back(request.user, rows, deed)
    form = ManyForm(sent(request), rows=[row for row in rows if row.pk not in kept])
    back = reverse("web:targets", args=[year.pk])
    answer = written(
        request,
        form,
        lambda: service(by=request.user, tables=form.chosen()),
        to=lambda _rows: back,
        said=lambda done: told(len(done)),
    )
    if answer:
        return answer
    ticked = form.ticked()
    context = {
        **about_year(request, year, TAB),
        "title": title,
        "save": save,
        "back": back,
        "choices": [(name, row, name in ticked) for name, row in form.known.items()],
        "kept": [(row, kept[row.pk].say(_)) for row in rows if row.pk in kept],
    }
    return show(request, "indicators/targets_many.html", context, form)
