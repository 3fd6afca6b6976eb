"""Pages: the groups of a year, their merge, their units, and the freeze."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.access import Verb
from kaohe.core.groups_of_year import GENERAL, after_merge, is_frozen, too_small
from kaohe.indicators.queries.groups import (
    get_group,
    group_subjects,
    groups_of,
    proposal_for,
    sizes_of,
)
from kaohe.indicators.queries.participants import without_group
from kaohe.indicators.services import groups as services
from kaohe.organization.queries.access import allows
from kaohe.web.fields import LongText, NameField, Ticks
from kaohe.web.history import history_of
from kaohe.web.indicators.deeds import deed_page
from kaohe.web.indicators.frame import about_year, year_page
from kaohe.web.lists import is_export, rows_workbook
from kaohe.web.requests import SignedIn
from kaohe.web.writing import WritingForm, show

if TYPE_CHECKING:
    from kaohe.indicators.models import AssessmentYear

TAB = "groups"


class GroupForm(WritingForm):
    """A name."""

    name = NameField(label=lazy("Name of the group"), max_length=60)


class MergeForm(WritingForm):
    """Which groups go into which one."""

    sources = forms.MultipleChoiceField(label=lazy("Groups to be merged"))
    into = NameField(
        label=lazy("Into the group"),
        max_length=60,
        help_text=lazy("one of the year's groups, or a new name"),
    )

    def __init__(self, *args: Any, names: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = str(self.fields["sources"].label)
        self.fields["sources"].widget = Ticks(attrs={"aria-label": label})
        field: Any = self.fields["sources"]
        field.choices = names


class FreezeForm(WritingForm):
    """Why groups that are too small stay."""

    reason = LongText(
        label=lazy("Reason"),
        required=False,
        help_text=lazy("needed only where a group stays smaller than the minimum"),
    )


class CloseGroupForm(WritingForm):
    """Nothing but the deed itself."""


def may_change_groups(request: SignedIn, year: AssessmentYear) -> bool:
    """Whether the person may change groups without approval, by role and by day."""
    frozen = is_frozen(year.freeze_on, year.frozen_on, timezone.localdate())
    return not frozen and year.state == "open" and allows(request.user, Verb.YEAR_MANAGE, year)


def groups(request: SignedIn, key: int) -> HttpResponse:
    """The groups with their sizes; which are too small, and how they should be merged."""
    year = year_page(request, key)
    frozen = is_frozen(year.freeze_on, year.frozen_on, timezone.localdate())
    may_change = may_change_groups(request, year)
    sizes = sizes_of(year)
    proposal = proposal_for(year) if not frozen else None
    small = {each.name for each in too_small(sizes, year.minimum_group)}
    if is_export(request):
        return _as_workbook(year, small)
    return show(
        request,
        "indicators/groups.html",
        {
            **about_year(request, year, TAB),
            "groups": [(row, row.name in small) for row in groups_of(year)],
            "frozen": frozen,
            "small": len(small),
            "without": without_group(year).count(),
            "proposal": proposal,
            "effect": after_merge(sizes, proposal.sources, proposal.into) if proposal else [],
            "may_change": may_change,
            "may_see_units": allows(request.user, Verb.SHEET_READ),
            "history": history_of(request.user, year, group_subjects(year)),
        },
    )


def _as_workbook(year: AssessmentYear, small: set[str]) -> HttpResponse:
    heads = (_("Group"), _("Graded"), _("All units"), _("Departments"), _("Large enough"))
    groups: Any = groups_of(year)  # with their sizes
    rows = [
        (row.name, row.graded, row.units, row.departments, _size_said(row, small)) for row in groups
    ]
    return rows_workbook(_("Groups"), [heads, *rows])


def _size_said(row: Any, small: set[str]) -> str:
    if row.name in small:
        return _("below the minimum")
    return _("large enough") if row.units else _("no units")


def _home(year: AssessmentYear) -> str:
    return reverse("web:groups", args=[year.pk])


def new_group(request: SignedIn, key: int) -> HttpResponse:
    """Make a group."""
    year = year_page(request, key, Verb.YEAR_MANAGE)
    form = GroupForm(request.POST or None)
    return deed_page(
        request,
        year,
        TAB,
        form,
        lambda: services.make_group(by=request.user, year=year, **form.given),
        title=_("Make a group"),
        back=_home(year),
        said=lambda row: _("%(name)s is made.") % {"name": row.name},
    )


def rename_group(request: SignedIn, key: int) -> HttpResponse:
    """Give a group another name."""
    row = get_group(request.user, key, Verb.YEAR_MANAGE)
    form = GroupForm(request.POST or None, seen=row.version, initial={"name": row.name})
    return deed_page(
        request,
        row.assessment_year,
        TAB,
        form,
        lambda: services.rename_group(by=request.user, group=row, seen=form.was_seen, **form.given),
        title=_("Rename the group"),
        about=row.name,
        back=_home(row.assessment_year),
        said=lambda done: _("%(name)s is saved.") % {"name": done.name},
    )


def close_group(request: SignedIn, key: int) -> HttpResponse:
    """Close a group without units."""
    row = get_group(request.user, key, Verb.YEAR_MANAGE)
    form = CloseGroupForm(request.POST or None, seen=row.version)
    return deed_page(
        request,
        row.assessment_year,
        TAB,
        form,
        lambda: services.close_group(by=request.user, group=row, seen=form.was_seen),
        title=_("Close the group"),
        about=row.name,
        lead=_("The group has no units. Its name stays on record."),
        save=_("Close the group"),
        back=_home(row.assessment_year),
        said=lambda done: _("%(name)s is closed.") % {"name": done.name},
    )


def merge_groups(request: SignedIn, key: int) -> HttpResponse:
    """Merge groups; the form comes filled with the proposal."""
    year = year_page(request, key, Verb.YEAR_MANAGE)
    rows = {str(row.pk): row for row in groups_of(year)}
    proposal = proposal_for(year)
    sources = proposal.sources if proposal else ()
    initial = {
        "sources": [code for code, row in rows.items() if row.name in sources],
        "into": proposal.into if proposal else GENERAL,
    }
    form = MergeForm(
        request.POST or None,
        initial=initial,
        names=[(code, _counted(row)) for code, row in rows.items()],
    )
    return deed_page(
        request,
        year,
        TAB,
        form,
        lambda: services.merge_groups(
            by=request.user,
            year=year,
            sources=[rows[code] for code in form.given["sources"]],
            into=form.given["into"],
        ),
        title=_("Merge groups"),
        lead=_("All units of the groups go into the one; the groups that they leave are closed."),
        save=_("Merge"),
        back=_home(year),
        said=lambda group: _("The groups are merged into %(name)s.") % {"name": group.name},
    )


def _counted(row: Any) -> str:
    return _("{name}, units: {n}").format(name=row.name, n=row.graded)


def freeze_groups(request: SignedIn, key: int) -> HttpResponse:
    """Freeze the groups."""
    year = year_page(request, key, Verb.YEAR_MANAGE)
    form = FreezeForm(request.POST or None, seen=year.version)
    return deed_page(
        request,
        year,
        TAB,
        form,
        lambda: services.freeze_groups(
            by=request.user, year=year, seen=form.was_seen, **form.given
        ),
        title=_("Freeze the groups"),
        lead=_(
            "From then on a unit changes its group only by a proposal that another person approves."
        ),
        save=_("Freeze"),
        back=_home(year),
        said=_("The groups are frozen."),
    )
