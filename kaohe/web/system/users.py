"""Pages: accounts, for the security administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

import kaohe.web.words.accounts  # noqa: F401  # what the record calls things
from kaohe.core.access import Role, Verb
from kaohe.journal.queries import entries_of, tell
from kaohe.organization.queries.access import allows
from kaohe.organization.queries.accounts import password_days_left
from kaohe.organization.queries.users import (
    assignments_of,
    factors_of,
    get_user,
    identity_of,
    locked_users,
    minutes_locked,
    places_to_grant,
    sessions_of,
    unguarded_administrators,
    users_of,
)
from kaohe.organization.services import accounts
from kaohe.web.accounts.account import sign_on_name
from kaohe.web.accounts.holdings import sent, told, where
from kaohe.web.accounts.sign_on import PROVIDER
from kaohe.web.fields import NameField, row_choice
from kaohe.web.lists import listing
from kaohe.web.requests import SignedIn
from kaohe.web.story import story
from kaohe.web.words.roles import ROLES
from kaohe.web.writing import WritingForm, show, written

if TYPE_CHECKING:
    from kaohe.organization.models import User

HISTORY = 50
TABS = "users"


class UserTable(tables.Table):
    """The list of accounts."""

    username = tables.Column(lazy("User name"), linkify=("web:user", {"key": tables.A("pk")}))
    name = tables.Column(lazy("Full name"))
    jurisdiction = tables.Column(
        lazy("Jurisdiction"), accessor="jurisdiction__name", default="—", order_by="jurisdiction"
    )
    roles_held = tables.Column(lazy("Roles"), orderable=False, empty_values=())
    has_factor = tables.Column(lazy("Second factor"))
    last_login = tables.DateTimeColumn(
        verbose_name=lazy("Last sign-in"), format="Y.m.d H:i", default="—"
    )
    is_active = tables.Column(lazy("State"), empty_values=())

    class Meta:
        order_by = ("username",)

    def render_roles_held(self, value: Any) -> str:
        """Each role with its place, one a line."""
        return _("; ").join(
            _("%(role)s (%(where)s)") % {"role": _(ROLES[Role(row.role)]), "where": where(row)}
            for row in value
        )

    def value_roles_held(self, value: Any) -> str:
        """The same in a workbook."""
        return self.render_roles_held(value)

    def render_has_factor(self, value: bool) -> str:
        """In words."""
        return _("yes") if value else _("no")

    def value_last_login(self, value: Any) -> str:
        """As text in a workbook."""
        return f"{value:%Y.%m.%d %H:%M}" if value else ""

    def render_is_active(self, record: User) -> str:
        """Open, locked after failed tries, or closed; sign and word."""
        kind, words = self._state(record)
        return format_html('<span class="st st-{}">{}</span>', kind, words)

    def value_is_active(self, record: User) -> str:
        """The words alone in a workbook."""
        return self._state(record)[1]

    def _state(self, record: User) -> tuple[str, str]:
        if not hasattr(self, "locked"):
            shown = self.page.object_list if getattr(self, "page", None) else self.rows
            self.locked = locked_users([row.record for row in shown])
        if not record.is_active:
            return "hold", _("out of use")
        if record.pk in self.locked:
            return "late", _("locked")
        return ("todo", _("first sign-in awaited")) if _is_new(record) else ("done", _("in use"))


def _is_new(user: User) -> bool:
    return user.last_login is None and user.must_change_password


class UserFilter(filters.FilterSet):
    """What the list can be narrowed by."""

    q = filters.CharFilter(label=lazy("Name contains"), method="by_name")
    role = filters.ChoiceFilter(
        label=lazy("Role"),
        choices=[(str(role), lazy(words)) for role, words in ROLES.items()],
        method="by_role",
    )
    state = filters.ChoiceFilter(
        label=lazy("State"),
        choices=[
            ("open", lazy("in use")),
            ("closed", lazy("out of use")),
            ("none", lazy("no role")),
            ("bare", lazy("administrators without a second factor")),
        ],
        method="by_state",
    )

    def by_name(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """User name, name or telephone."""
        return rows.filter(
            Q(username__icontains=value) | Q(name__icontains=value) | Q(phone__icontains=value)
        )

    def by_role(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those who hold or held the role."""
        return rows.filter(assignments__role=value).distinct()

    def by_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Open or closed, without any role, or an administrator whom a password alone guards."""
        if value == "bare":
            return rows.filter(pk__in=unguarded_administrators().values("pk"))
        if value == "none":
            return rows.filter(assignments__isnull=True)
        return rows.filter(is_active=value == "open")


class AccountForm(WritingForm):
    """What is known of an account."""

    username = NameField(
        label=lazy("User name"),
        max_length=60,
        help_text=lazy("what the person types to sign in: staff number, telephone or a short name"),
    )
    name = NameField(label=lazy("Full name"), max_length=60)
    phone = NameField(label=lazy("Telephone"), max_length=30, required=False)

    def __init__(self, *args: Any, places: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["jurisdiction"] = row_choice(
            places,
            label=lazy("Jurisdiction"),
            required=False,
            empty_label=lazy("none: an administrator of the installation"),
        )


def users(request: SignedIn) -> HttpResponse:
    """The list."""
    return listing(
        request,
        "system/users.html",
        rows=users_of(request.user),
        table=UserTable,
        filters=UserFilter,
        title=_("Users"),
        context={
            "tab": "users",
            "may_manage": allows(request.user, Verb.USER_MANAGE),
            "bare_count": unguarded_administrators().count(),
        },
    )


def user(request: SignedIn, key: int) -> HttpResponse:
    """One account: who, which roles, how it is guarded, what was done with it."""
    row = get_user(request.user, key)
    held = [told(each) for each in assignments_of(request.user, row)]
    minutes = minutes_locked(row)
    subjects = [row.subject, *(f"role:{each.key}" for each in held)]
    return show(
        request,
        "system/user.html",
        {
            "tab": "users",
            "account": row,
            "roles_held": held,
            "factors": factors_of(row),
            "minutes_locked": minutes,
            "days_left": password_days_left(row),
            "session_count": len(sessions_of(row)),
            "sign_on": sign_on_name(),
            "identity": identity_of(row, PROVIDER),
            "is_new": _is_new(row),
            "is_own": row.pk == request.user.pk,
            "may_manage": allows(request.user, Verb.USER_MANAGE, row),
            "may_grant": row.pk != request.user.pk and allows(request.user, Verb.ROLE_GRANT, row),
            "history": story(tell(entries_of(subjects)[:HISTORY])),
        },
    )


def new_user(request: SignedIn) -> HttpResponse:
    """Open an account; its first password is shown once."""
    form = AccountForm(sent(request), places=places_to_grant(request.user))
    shown: list[accounts.Opened] = []

    def do() -> User:
        shown.append(accounts.open_account(by=request.user, **form.given))
        return shown[0].user

    answer = written(request, form, do, to=lambda row: reverse("web:user", args=[row.pk]))
    if shown:
        return first_password(request, shown[0], is_new=True)
    context = {"tab": "users", "title": _("Open an account"), "back": reverse("web:users")}
    return answer or show(request, "system/user_form.html", context, form)


def correct_user(request: SignedIn, key: int) -> HttpResponse:
    """Mend an account."""
    row = get_user(request.user, key)
    initial = {name: getattr(row, name) for name in ("username", "name", "phone", "jurisdiction")}
    form = AccountForm(
        sent(request),
        places=places_to_grant(request.user),
        seen=row.version,
        initial=initial,
    )
    back = reverse("web:user", args=[row.pk])
    answer = written(
        request,
        form,
        lambda: accounts.correct_account(
            by=request.user, user=row, seen=form.was_seen, **form.given
        ),
        to=lambda done: back,
        said=lambda done: _("%(name)s is saved.") % {"name": done.name},
    )
    context = {"tab": "users", "title": _("Correct the account"), "about": row.name, "back": back}
    return answer or show(request, "system/user_form.html", context, form)


def first_password(
    request: SignedIn, opened: accounts.Opened, *, is_new: bool = False
) -> HttpResponse:
    """The page with a first password; it is in no address, no store, and shown this once."""
    context = {
        "tab": "users",
        "account": opened.user,
        "password": opened.password,
        "is_new": is_new,
    }
    return render(request, "system/user_password.html", context)
