"""Pages: the tokens of all accounts, for the security administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.access import Verb
from kaohe.organization.queries.access import allows
from kaohe.organization.queries.tokens import tokens_seen
from kaohe.web.accounts.tokens import revoking, told
from kaohe.web.lists import has_any, listing
from kaohe.web.requests import SignedIn

if TYPE_CHECKING:
    from kaohe.organization.models import ApiToken

STATES = {"good": lazy("good"), "over": lazy("expired"), "revoked": lazy("revoked")}
UNBROKEN = {"td": {"class": "nw"}}
FEW = 3  # scopes that are shown without unfolding
SIGNS = {"good": "done", "over": "hold", "revoked": "back"}


class TokenTable(tables.Table):
    """The tokens of all accounts."""

    who = tables.Column(
        lazy("Account"),
        accessor="user__name",
        linkify=("web:user", {"key": tables.A("user_id")}),
        attrs=UNBROKEN,
    )
    name = tables.Column(lazy("Purpose"))
    scopes = tables.Column(lazy("It may"), orderable=False)
    place = tables.Column(lazy("Confined to"), accessor="confined_to__name", default="—")
    last_used_at = tables.DateTimeColumn(
        verbose_name=lazy("Last used"), format="Y.m.d H:i", default="—"
    )
    last_day = tables.Column(lazy("Last day"), order_by="expires_at")
    state = tables.Column(lazy("State"), empty_values=(), orderable=False)
    deeds = tables.Column(lazy("Deeds"), empty_values=(), orderable=False, attrs=UNBROKEN)

    class Meta:
        order_by = ("-last_day",)

    def render_scopes(self, record: ApiToken) -> str:
        """In words; many are folded."""
        scopes = told(record).scopes
        words = _(", ").join(scopes)
        if len(scopes) <= FEW:
            return words
        return format_html(
            '<details class="k-more"><summary>{}</summary>{}</details>',
            _("scopes: %(n)s") % {"n": len(scopes)},
            words,
        )

    def value_scopes(self, record: ApiToken) -> str:
        """In words, all of them."""
        return _(", ").join(told(record).scopes)

    def render_last_day(self, record: ApiToken) -> str:
        """As a day."""
        return f"{record.last_day:%Y.%m.%d}"

    def render_state(self, record: ApiToken) -> str:
        """Sign and word."""
        state = told(record).state
        return format_html('<span class="st st-{}">{}</span>', SIGNS[state], STATES[state])

    def value_state(self, record: ApiToken) -> str:
        """The word."""
        return str(STATES[told(record).state])

    def render_deeds(self, record: ApiToken) -> str:
        """What can be done with it."""
        if told(record).state != "good":
            return ""
        where = reverse("web:revoke-token-of", args=[record.pk])
        return format_html('<a href="{}">{}</a>', where, _("Revoke"))


class TokenFilter(filters.FilterSet):
    """What the list can be narrowed by."""

    q = filters.CharFilter(
        label=lazy("Name contains"), field_name="user__name", lookup_expr="icontains"
    )
    state = filters.ChoiceFilter(label=lazy("State"), choices=list(STATES.items()), method="by")

    def by(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that work today, or those that do not."""
        if value == "revoked":
            return rows.filter(revoked_at__isnull=False)
        rows, now = rows.filter(revoked_at__isnull=True), timezone.now()
        return (
            rows.filter(expires_at__gt=now) if value == "good" else rows.exclude(expires_at__gt=now)
        )


def tokens(request: SignedIn) -> HttpResponse:
    """The tokens of all accounts."""
    rows = tokens_seen(request.user)
    return listing(
        request,
        "system/tokens.html",
        rows=rows,
        table=TokenTable,
        filters=TokenFilter,
        title=_("Tokens"),
        hide=() if allows(request.user, Verb.USER_MANAGE) else ("deeds",),
        context={"tab": "tokens", "any": has_any(rows)},
    )


def revoke_token(request: SignedIn, key: int) -> HttpResponse:
    """Make the token of another worthless."""
    where = reverse("web:tokens-of-all")
    return revoking(request, key, back=where, template="system/user_form.html")
