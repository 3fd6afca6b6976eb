"""Pages: roles: who holds what, granting, ending, and accounts for all units at once."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import django_filters as filters
import django_tables2 as tables
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.access import WITH_CHARGE, Role, cannot_be_joined, wants
from kaohe.organization.queries.users import (
    OFFERED_UNITS,
    assignments_of,
    assignments_seen,
    clerks_among,
    departments_to_grant,
    find_unit,
    get_assignment,
    get_user,
    places_to_grant,
    units_to_grant,
    vacancies,
)
from kaohe.organization.services import roles as services
from kaohe.web.accounts.holdings import charge, sent, state, told, where
from kaohe.web.fields import DayField, LongText, NameField, Ticks, choice, row_choice
from kaohe.web.lists import listing, workbook
from kaohe.web.requests import SignedIn
from kaohe.web.words.accounts import LEDGERS
from kaohe.web.words.roles import ROLES
from kaohe.web.writing import WritingForm, show, written

if TYPE_CHECKING:
    from kaohe.organization.models import Jurisdiction, RoleAssignment, User

CHOICES = [(str(role), lazy(words)) for role, words in ROLES.items()]


class HoldingTable(tables.Table):
    """Who holds what."""

    role = tables.Column(lazy("Role"), order_by=("rank", "jurisdiction__code", "from_on", "pk"))
    who = tables.Column(
        lazy("Held by"),
        accessor="user__name",
        linkify=("web:user", {"key": tables.A("user_id")}),
    )
    place = tables.Column(
        lazy("Place of the role"), empty_values=(), order_by=("jurisdiction", "department")
    )
    charge = tables.Column(lazy("In charge of"), empty_values=(), orderable=False)
    from_on = tables.DateColumn(verbose_name=lazy("From"), format="Y.m.d")
    to_on = tables.DateColumn(verbose_name=lazy("Last day"), format="Y.m.d", default="—")
    document = tables.Column(lazy("Document"), default="—")

    class Meta:
        order_by = ("role",)

    def render_role(self, value: str) -> str:
        """In words."""
        return _(ROLES[Role(value)])

    def render_place(self, record: RoleAssignment) -> str:
        """From the jurisdiction down."""
        return where(record)

    def render_charge(self, record: RoleAssignment) -> str:
        """The departments of a clerk."""
        return charge(record) or "—"


class HoldingFilter(filters.FilterSet):
    """What the list can be narrowed by."""

    role = filters.ChoiceFilter(label=lazy("Role"), choices=CHOICES)
    q = filters.CharFilter(
        label=lazy("Name contains"), field_name="user__name", lookup_expr="icontains"
    )


class ShutSelect(forms.Select):
    """A list to choose from, some of whose lines cannot be chosen."""

    def __init__(self, shut: Collection[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.shut = shut

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """A line; grey where it is shut."""
        made: dict[str, Any] = super().create_option(*args, **kwargs)
        if str(made["value"]) in self.shut:
            made["attrs"]["disabled"] = True
        return made


class StepForm(forms.Form):
    """Which role, and in which jurisdiction: what else is asked depends on it."""

    def __init__(
        self, *args: Any, places: QuerySet[Any], held: Collection[Role] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        shut = {str(role) for role in Role if cannot_be_joined({role, *held})} if held else set()
        self.fields["role"] = choice(
            [("", lazy("choose")), *CHOICES],
            label=lazy("Role"),
            widget=ShutSelect(shut, attrs={"class": "form-select"}),
            help_text=lazy(
                "Grey: not beside the roles held now; the three administrators hold no other role."
            )
            if shut
            else "",
        )
        self.fields["jurisdiction"] = row_choice(
            places,
            label=lazy("Jurisdiction"),
            required=False,
            empty_label=lazy("choose"),
            help_text=lazy(
                "the three administrators' roles are held everywhere; choose none there"
            ),
        )


class GrantForm(WritingForm):
    """The place, the days and the document of a role."""

    from_on = DayField(label=lazy("From"))
    to_on = DayField(
        label=lazy("Last day"), required=False, help_text=lazy("empty: until it is ended")
    )
    document = NameField(label=lazy("Document"), required=False)

    def __init__(
        self, *args: Any, by: User, role: Role, place: Jurisdiction | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.place = by, place
        self.fields["from_on"].initial = timezone.localdate()
        if place is None:
            return
        if wants(role) == "department":
            self.fields["department"] = row_choice(
                departments_to_grant(by, place),
                label=lazy("Department"),
                empty_label=lazy("choose"),
            )
        if wants(role) == "unit":
            self.fields["unit"] = NameField(
                label=lazy("Unit"),
                help_text=lazy("unified social credit code, or full name"),
                widget=forms.TextInput(attrs={"class": "form-control", "list": "units"}),
            )
        if role in WITH_CHARGE:
            self._add_charge(departments_to_grant(by, place))
        self.order_fields(["department", "unit", "charge", "ledgers", "from_on", "to_on"])

    def _add_charge(self, departments: QuerySet[Any]) -> None:
        self.fields["charge"] = forms.ModelMultipleChoiceField(
            departments,
            label=lazy("Departments in the clerk's charge"),
            required=False,
            help_text=lazy("none chosen: all of the jurisdiction"),
            widget=Ticks(attrs={"aria-label": lazy("Departments in the clerk's charge")}),
        )
        self.fields["ledgers"] = forms.MultipleChoiceField(
            choices=[(code, lazy(words)) for code, words in LEDGERS.items()],
            label=lazy("Ledgers"),
            required=False,
            widget=Ticks(attrs={"aria-label": lazy("Ledgers")}),
        )

    def clean_unit(self) -> Any:
        """The one unit that was meant."""
        text = self.cleaned_data["unit"]
        found = find_unit(self.by, self.place, text) if self.place else None
        if found is None:
            raise ValidationError(
                _("No single open unit is called “%(text)s”. Enter its credit code or full name.")
                % {"text": text}
            )
        return found


class EndForm(WritingForm):
    """From when somebody does not hold a role any more."""

    on = DayField(
        label=lazy("Not held any more from"),
        help_text=lazy("today: from this moment"),
    )
    reason = LongText(label=lazy("Reason"), max_length=1000, rows=3)


class UnitsForm(forms.Form):
    """For which jurisdiction."""

    def __init__(self, *args: Any, places: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["jurisdiction"] = row_choice(
            places, label=lazy("Jurisdiction"), empty_label=lazy("choose a jurisdiction")
        )


def holdings(request: SignedIn) -> HttpResponse:
    """Who holds what; which roles nobody holds; which clerk keeps which ledgers and departments."""
    rows = assignments_seen(request.user)
    everything = list(rows)
    return listing(
        request,
        "system/roles.html",
        rows=rows,
        table=HoldingTable,
        filters=HoldingFilter,
        title=_("Who holds what"),
        context={
            "tab": "roles",
            "vacant": [
                (place, _(", ").join(_(ROLES[role]) for role in roles))
                for place, roles in vacancies(request.user, everything)
            ],
            "clerks": [told(row) for row in clerks_among(everything)],
        },
    )


def grant_role(request: SignedIn, key: int) -> HttpResponse:
    """First which role and where, then the rest."""
    holder = get_user(request.user, key)
    back = reverse("web:user", args=[holder.pk])
    places = places_to_grant(request.user)
    step = StepForm(request.GET or None, places=places, held=_held(request.user, holder))
    context: dict[str, Any] = {
        "tab": "users",
        "about": holder.name,
        "back": back,
        "title": _("Grant a role"),
    }
    if not step.is_valid():
        step.initial.setdefault("jurisdiction", holder.jurisdiction_id or _only(places))
        return show(request, "system/role_step.html", context, step)
    role, place = Role(step.cleaned_data["role"]), step.cleaned_data["jurisdiction"]
    if not wants(role):
        place = None
    elif place is None:
        step.add_error("jurisdiction", _("This role is held in a jurisdiction. Choose which."))
        return show(request, "system/role_step.html", context, step)
    form = GrantForm(sent(request), by=request.user, role=role, place=place)
    answer = written(
        request,
        form,
        lambda: services.grant_role(
            by=request.user, user=holder, role=role, jurisdiction=place, **form.given
        ),
        to=lambda row: back,
        said=lambda row: _("%(name)s holds the role.") % {"name": holder.name},
    )
    units = units_to_grant(request.user, place)[:OFFERED_UNITS] if "unit" in form.fields else ()
    context |= {"role": _(ROLES[role]), "place": place, "units": units, "button": _("Grant")}
    return answer or show(request, "system/user_form.html", context, form)


def _held(user: User, holder: User) -> set[Role]:
    """The roles that somebody holds today or soon."""
    rows = assignments_of(user, holder)
    return {Role(row.role) for row in rows if state(row) != "over"}


def _only(places: QuerySet[Jurisdiction]) -> int | None:
    """The key of the place where there is but one."""
    keys = list(places.values_list("pk", flat=True)[:2])
    return keys[0] if len(keys) == 1 else None


def end_role(request: SignedIn, key: int) -> HttpResponse:
    """The end of a role; the row stays."""
    row = get_assignment(request.user, key)
    form = EndForm(sent(request), seen=row.version, initial={"on": timezone.localdate()})
    back = reverse("web:user", args=[row.user_id])
    answer = written(
        request,
        form,
        lambda: services.end_role(
            by=request.user, assignment=row, seen=form.was_seen, **form.given
        ),
        to=lambda done: back,
        said=lambda done: _("The role ends."),
    )
    held = told(row)
    context = {
        "tab": "users",
        "title": _("End a role"),
        "about": row.user.name,
        "role": f"{held.role} · {held.where}",
        "back": back,
        "button": _("End the role"),
    }
    return answer or show(request, "system/user_form.html", context, form)


class UnitAccountTable(tables.Table):
    """The accounts that were opened for units, with their first passwords; for one workbook."""

    department = tables.Column(lazy("Department"))
    unit = tables.Column(lazy("Unit"))
    name = tables.Column(lazy("Full name"))
    username = tables.Column(lazy("User name"))
    password = tables.Column(lazy("First password"))


def unit_accounts(request: SignedIn) -> HttpResponse:
    """An account for the contact of each unit; the list is handed over once, as a workbook."""
    places = places_to_grant(request.user)
    only = _only(places)
    given: Any = request.GET or ({"jurisdiction": only} if only else None)
    chosen = UnitsForm(given, places=places)
    place = chosen.cleaned_data["jurisdiction"] if chosen.is_valid() else None
    context: dict[str, Any] = {"tab": "units", "places": chosen, "place": place}
    if place is None:
        return show(request, "system/users_units.html", context)
    form = WritingForm(sent(request))
    opened: list[Any] = []
    answer = written(
        request,
        form,
        lambda: opened.extend(services.open_unit_accounts(by=request.user, jurisdiction=place)),
        to=lambda done: reverse("web:users"),
    )
    if opened:
        return workbook(_table(opened), _("Accounts of units"))
    context["count"] = services.units_without_account(place).count()
    return answer or show(request, "system/users_units.html", context, form)


def _table(opened: list[Any]) -> tables.Table:
    return UnitAccountTable(
        [
            {
                "department": unit.department.name,
                "unit": unit.name,
                "name": each.user.name,
                "username": each.user.username,
                "password": each.password,
            }
            for unit, each in opened
        ]
    )
