"""Pages: jurisdictions, entered and corrected by the system administrator."""

from typing import Any

import django_tables2 as tables
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.access import Verb
from kaohe.organization.queries.access import allows
from kaohe.organization.queries.installation import all_jurisdictions, get_jurisdiction
from kaohe.organization.services import installation as services
from kaohe.web.fields import NameField, row_choice
from kaohe.web.lists import has_any, listing
from kaohe.web.requests import SignedIn
from kaohe.web.words import system as words  # noqa: F401  # declares
from kaohe.web.writing import WritingForm, show, written


class JurisdictionTable(tables.Table):
    """The list of jurisdictions, each below the one that it belongs to."""

    name = tables.Column(
        lazy("Jurisdiction"), linkify=("web:correct-jurisdiction", [tables.A("pk")])
    )
    code = tables.Column(lazy("Division code"), attrs={"td": {"class": "code"}})
    parent = tables.Column(lazy("Belongs to"), default="—")
    office_name = tables.Column(lazy("Office"), default="—")
    support = tables.Column(lazy("Whom to call"), default="—")


class JurisdictionForm(WritingForm):
    """What is known of a jurisdiction."""

    code = NameField(
        label=lazy("Division code"), max_length=12, help_text=lazy("six digits of GB/T 2260")
    )
    name = NameField(label=lazy("Name"), max_length=60)
    office_name = NameField(
        label=lazy("Office"), required=False, help_text=lazy("the assessment office, as it signs")
    )
    support = NameField(
        label=lazy("Whom to call"),
        required=False,
        help_text=lazy("stands on the sign-in page: who helps with accounts"),
    )

    def __init__(self, request: SignedIn, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"] = row_choice(
            all_jurisdictions(request.user),
            label=_("Belongs to"),
            required=False,
            help_text=_("the province or city above it, whose readers then see it"),
        )


def jurisdictions(request: SignedIn) -> HttpResponse:
    """The list."""
    rows = all_jurisdictions(request.user)
    return listing(
        request,
        "system/jurisdictions.html",
        rows=rows,
        table=JurisdictionTable,
        title=_("Jurisdictions"),
        context={
            "tab": "jurisdictions",
            "any": has_any(rows),
            "may_manage": allows(request.user, Verb.SYSTEM_MANAGE),
        },
    )


def new_jurisdiction(request: SignedIn) -> HttpResponse:
    """Enter a jurisdiction."""
    form = JurisdictionForm(request, request.POST or None)
    answer = written(
        request,
        form,
        lambda: services.enter_jurisdiction(by=request.user, **form.given),
        to=lambda _row: _list(),
        said=lambda row: _("%(name)s is entered.") % {"name": row.name},
    )
    context = {"tab": "jurisdictions", "title": _("Enter a jurisdiction"), "back": _list()}
    return answer or show(request, "system/jurisdiction_form.html", context, form)


def correct_jurisdiction(request: SignedIn, key: int) -> HttpResponse:
    """Mend what is known of it."""
    row = get_jurisdiction(request.user, key)
    initial = {name: getattr(row, name) for name in ("code", "name", "office_name", "support")}
    form = JurisdictionForm(
        request,
        request.POST or None,
        seen=row.version,
        initial={**initial, "parent": row.parent_id},
    )
    answer = written(
        request,
        form,
        lambda: services.correct_jurisdiction(
            by=request.user, jurisdiction=row, seen=form.was_seen, **form.given
        ),
        to=lambda _row: _list(),
        said=lambda done: _("%(name)s is saved.") % {"name": done.name},
    )
    context = {
        "tab": "jurisdictions",
        "title": _("Correct the jurisdiction"),
        "about": row.name,
        "back": _list(),
    }
    return answer or show(request, "system/jurisdiction_form.html", context, form)


def _list() -> str:
    return reverse("web:jurisdictions")
