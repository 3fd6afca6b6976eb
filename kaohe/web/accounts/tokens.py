"""Pages: tokens of the API: made for oneself, shown once, revoked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.access import Verb
from kaohe.organization.queries.tokens import (
    get_token,
    own_tokens,
    places_to_confine_to,
    verbs_of,
)
from kaohe.organization.services import tokens as services
from kaohe.web.accounts.holdings import sent
from kaohe.web.fields import DayField, NameField, row_choice
from kaohe.web.requests import SignedIn
from kaohe.web.words.tokens import AREAS, VERBS, said
from kaohe.web.writing import WritingForm, show, written

if TYPE_CHECKING:
    from kaohe.organization.models import ApiToken, Jurisdiction

OFFERED = 90  # days


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A token in words."""

    key: int
    name: str
    who: str
    user_key: int
    scopes: tuple[str, ...]
    place: str
    created_at: datetime
    last_used_at: datetime | None
    last_day: date
    state: str  # "good", "over" or "revoked"


def told(row: ApiToken) -> TokenLine:
    """A token in words; asks the database for nothing that was not fetched with it."""
    state = "good" if row.is_good_at(timezone.now()) else "over"
    return TokenLine(
        key=row.pk,
        name=row.name,
        who=row.user.name,
        user_key=row.user_id,
        scopes=tuple(_(words) for words in said(row.scopes)),
        place=row.confined_to.name if row.confined_to else "",
        created_at=row.created_at,
        last_used_at=row.last_used_at,
        last_day=row.last_day,
        state="revoked" if row.revoked_at else state,
    )


class ScopeTicks(forms.CheckboxSelectMultiple):
    """What a token may be used for, as boxes to tick, area by area."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """A group of boxes for each area, headed by its name."""
        chosen = {str(each) for each in value or ()}
        groups: dict[str, list[tuple[str, str, str, str, str]]] = {}
        for verb, words in self.choices:
            heading = _(AREAS.get(str(verb).partition(".")[0], str(verb)))
            tick = mark_safe(" checked") if str(verb) in chosen else ""
            groups.setdefault(heading, []).append((name, str(verb), tick, str(words), str(verb)))
        areas = format_html_join(
            "",
            '<fieldset class="mb-2"><legend class="sm b">{}</legend>'
            '<div class="k-opts cols">{}</div></fieldset>',
            ((heading, _boxes(lines)) for heading, lines in groups.items()),
        )
        return format_html('<div role="group" aria-label="{}">{}</div>', _("It may"), areas)


def _boxes(lines: Iterable[tuple[str, ...]]) -> SafeString:
    return format_html_join(
        "",
        '<label class="k-opt"><input class="form-check-input" type="checkbox" name="{}"'
        ' value="{}"{}><span>{}<small class="code">{}</small></span></label>',
        lines,
    )


class TokenForm(WritingForm):
    """A token that was not there."""

    name = NameField(
        label=lazy("Purpose"),
        max_length=60,
        help_text=lazy("which system uses it, and what for; only you and the administrator see it"),
    )
    scopes = forms.MultipleChoiceField(label=lazy("It may"), widget=ScopeTicks)
    last_day = DayField(
        label=lazy("Last day"), help_text=lazy("at most a year from today"), earliest=2020
    )

    def __init__(
        self, *args: Any, verbs: list[Verb], places: QuerySet[Jurisdiction], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offered = [(str(verb), _(VERBS.get(str(verb), str(verb)))) for verb in verbs]
        self.fields["scopes"].choices = offered  # type: ignore[attr-defined]
        self.fields["last_day"].initial = timezone.localdate() + timedelta(days=OFFERED)
        self.fields["confined_to"] = row_choice(
            places,
            label=_("Confined to"),
            required=False,
            empty_label=_("all that my roles reach"),
            help_text=_("a jurisdiction, with those below it"),
        )

    def clean_scopes(self) -> list[Verb]:
        """As verbs."""
        return [Verb(each) for each in self.cleaned_data["scopes"]]


class RevokeForm(WritingForm):
    """Nothing to fill in; one says yes."""


def tokens(request: SignedIn) -> HttpResponse:
    """My tokens."""
    rows = [told(row) for row in own_tokens(request.user)]
    return show(request, "account/tokens.html", {"tab": "tokens", "tokens": rows})


def make_token(request: SignedIn) -> HttpResponse:
    """Make a token; it is in no address, no store, and shown this once."""
    user = request.user
    form = TokenForm(sent(request), verbs=verbs_of(user), places=places_to_confine_to(user))
    shown: list[tuple[ApiToken, str]] = []

    def do() -> ApiToken:
        shown.append(services.make_token(by=user, **form.given))
        return shown[0][0]

    answer = written(request, form, do, to=lambda row: reverse("web:tokens"))
    if shown:
        row, secret = shown[0]
        context = {"tab": "tokens", "token": told(row), "secret": secret}
        return render(request, "account/token_made.html", context)
    context = {
        "tab": "tokens",
        "title": _("Make a token"),
        "button": _("Make the token"),
        "back": reverse("web:tokens"),
        "explained": _(
            "With a token another system acts in your name, in the roles that you hold that day,"
            " and only for what you tick here. All that it does stands in the record under your"
            " name."
        ),
    }
    return answer or show(request, "account/token_form.html", context, form)


def revoke_token(request: SignedIn, key: int) -> HttpResponse:
    """Make one of my tokens worthless."""
    return revoking(request, key, back=reverse("web:tokens"), template="account/token_form.html")


def revoking(request: SignedIn, key: int, *, back: str, template: str) -> HttpResponse:
    """The form that makes a token worthless: one's own, or that of an account one looks after."""
    row = get_token(request.user, key)
    form = RevokeForm(sent(request), seen=row.version)
    answer = written(
        request,
        form,
        lambda: services.revoke_token(by=request.user, token=row, seen=form.was_seen),
        to=lambda done: back,
        said=lambda done: _("The token is revoked."),
    )
    context = {
        "tab": "tokens",
        "title": _("Revoke the token"),
        "about": f"{row.user.name} · {row.name}",
        "button": _("Revoke the token"),
        "back": back,
        "explained": _(
            "From this moment the system that uses it is turned away. This cannot be taken back;"
            " if it was a mistake, make a new token."
        ),
    }
    return answer or show(request, template, context, form)
