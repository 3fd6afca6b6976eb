"""Pages: what is done with a version: drafted, edited, submitted, returned, approved, issued."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from kaohe.core.problems import N_
from kaohe.documents.comparison import compare, is_same
from kaohe.organization.queries import documents as queries
from kaohe.organization.services import documents as services
from kaohe.web.organization.document_forms import (
    CommentForm,
    IssueForm,
    ReturnForm,
    VersionForm,
    WithdrawVersionForm,
)
from kaohe.web.organization.sitting_forms import ConfirmForm
from kaohe.web.requests import SignedIn
from kaohe.web.story import word
from kaohe.web.writing import WritingForm, show, written

if TYPE_CHECKING:
    from kaohe.organization.models import DocumentVersion

CONFIRM, DRAFT = "organization/committee_confirm.html", "organization/document_draft.html"


REFUSED = {
    "edit": N_("Not saved yet. Please mend:"),
    "submit": N_("Not submitted yet. Please mend:"),
    "give_back": N_("Not returned yet. Please mend:"),
    "approve": N_("Not approved yet. Please mend:"),
    "issue": N_("Not issued yet. Please mend:"),
    "give_up": N_("Not given up yet. Please mend:"),
    "comment": N_("Your comment is not sent yet. Please mend:"),
}


def _address(row: DocumentVersion) -> str:
    return reverse("web:version", args=[row.pk])


def _named(row: DocumentVersion) -> str:
    facts = {"title": row.document.title, "number": row.number}
    return _("%(title)s, version %(number)s") % facts


def _deed(
    request: SignedIn,
    row: DocumentVersion,
    form: WritingForm,
    title: str,
    do: Any,
    said: str,
    *,
    deed: str,
    **extra: Any,
) -> HttpResponse:
    """A form about a version: show it, carry it out, back to the version."""
    answer = written(request, form, do, to=lambda _done: _address(row), said=lambda _done: said)
    context = {
        "tab": "documents",
        "title": title,
        "about": _named(row),
        "back": _address(row),
        "button": title,
        "sentence": "",
        "refused": _(REFUSED[deed]),
    }
    return answer or show(request, extra.pop("template", CONFIRM), {**context, **extra}, form)


def draft_version(request: SignedIn, key: int) -> HttpResponse:
    """Begin the next version with the text of the one in force."""
    row = queries.get_document(request.user, key)
    in_force = queries.in_force(queries.versions_of(request.user, row))
    initial = {"text": in_force.text if in_force else ""}
    form = VersionForm(request.POST or None, initial=initial)
    answer = written(
        request,
        form,
        lambda: services.draft_version(by=request.user, document=row, **form.given),
        to=_address,
        said=lambda done: _("The draft of %(name)s is saved.") % {"name": _named(done)},
    )
    context = {
        "tab": "documents",
        "title": _("Draft a new version"),
        "about": row.title,
        "back": reverse("web:document", args=[row.pk]),
    }
    return answer or show(request, DRAFT, context, form)


def edit_version(request: SignedIn, key: int) -> HttpResponse:
    """Change the text."""
    row = queries.get_version(request.user, key)
    initial = {"text": row.text, "change_note": row.change_note}
    form = VersionForm(request.POST or None, seen=row.version, initial=initial)

    def do() -> object:
        return services.edit_version(by=request.user, version=row, seen=form.was_seen, **form.given)

    said = _("The draft of %(name)s is saved.") % {"name": _named(row)}
    extra = {"template": DRAFT, "return_reason": row.return_reason}
    return _deed(request, row, form, _("Edit the draft"), do, said, deed="edit", **extra)


def submit_version(request: SignedIn, key: int) -> HttpResponse:
    """Hand in for approval."""
    row = queries.get_version(request.user, key)
    form = ConfirmForm(request.POST or None, seen=row.version)

    def do() -> object:
        return services.submit_version(by=request.user, version=row, seen=form.was_seen)

    sentence = _(
        "The director of the committee then approves it or returns it with a reason. Until then"
        " departments and members may comment, and the text cannot be edited."
    )
    title = _("Submit for approval")
    return _deed(
        request,
        row,
        form,
        title,
        do,
        _("The version is submitted."),
        sentence=sentence,
        deed="submit",
    )


def return_version(request: SignedIn, key: int) -> HttpResponse:
    """Send back with a reason."""
    row = queries.get_version(request.user, key)
    form = ReturnForm(request.POST or None, seen=row.version)

    def do() -> object:
        return services.return_version(
            by=request.user, version=row, seen=form.was_seen, **form.given
        )

    return _deed(
        request,
        row,
        form,
        _("Return the version"),
        do,
        _("The version is returned."),
        deed="give_back",
    )


def approve_version(request: SignedIn, key: int) -> HttpResponse:
    """Approve, on the decision of a sitting where there is one."""
    row = queries.get_version(request.user, key)
    form = ConfirmForm(request.POST or None, seen=row.version)

    def do() -> object:
        return services.approve_version(by=request.user, version=row, seen=form.was_seen)

    sentence = _("After the approval it is issued under its document number.")
    calm = _resolutions(row)
    count = len(queries.comments_on(row))
    calm.append(_("Comments of departments and members: %(n)s") % {"n": count})
    return _deed(
        request,
        row,
        form,
        _("Approve the version"),
        do,
        _("The version is approved."),
        deed="approve",
        sentence=sentence,
        calm=calm,
        **_changes(request, row),
    )


def _changes(request: SignedIn, row: DocumentVersion) -> dict[str, Any]:
    """What the version changes in the one in force, for who decides on it."""
    old = queries.in_force(queries.versions_of(request.user, row.document))
    if old is None:
        return {}
    rows = compare(old.text, row.text)
    return {"rows": rows, "same": is_same(rows), "old": old, "new": row}


def _resolutions(row: DocumentVersion) -> list[str]:
    """What the committee has decided on the version, as sentences."""
    found = []
    for decision, holds in queries.resolutions_on(row):
        facts = {
            "sitting": decision.item.sitting.title,
            "day": f"{decision.item.sitting.held_on:%Y.%m.%d}",
            "outcome": word("outcome", decision.outcome),
        }
        found.append(
            _("%(sitting)s (%(day)s): %(outcome)s. The approval refers to it.") % facts
            if holds
            else _("%(sitting)s (%(day)s): %(outcome)s, on an earlier text.") % facts
        )
    return found or [_("No sitting has decided on this version.")]


def issue_version(request: SignedIn, key: int) -> HttpResponse:
    """Issue under a number, in force from a day."""
    row = queries.get_version(request.user, key)
    initial = {"number": queries.next_number(row.jurisdiction)}
    form = IssueForm(request.POST or None, seen=row.version, initial=initial)

    def do() -> object:
        return services.issue_version(
            by=request.user, version=row, seen=form.was_seen, **form.given
        )

    sentence = _(
        "An issued version never changes. It takes the place of the version in force, and everyone"
        " in the jurisdiction can read it."
    )
    title = _("Issue the version")
    return _deed(
        request, row, form, title, do, _("The version is issued."), sentence=sentence, deed="issue"
    )


def withdraw_version(request: SignedIn, key: int) -> HttpResponse:
    """Give a draft up."""
    row = queries.get_version(request.user, key)
    form = WithdrawVersionForm(request.POST or None, seen=row.version)

    def do() -> object:
        return services.withdraw_version(
            by=request.user, version=row, seen=form.was_seen, **form.given
        )

    sentence = _("The text stays readable for the office; its number is not used again.")
    title = _("Give the version up")
    return _deed(
        request,
        row,
        form,
        title,
        do,
        _("The version is given up."),
        sentence=sentence,
        deed="give_up",
    )


def comment_version(request: SignedIn, key: int) -> HttpResponse:
    """Say what one thinks of a version."""
    row = queries.get_version(request.user, key)
    form = CommentForm(request.POST or None)

    def do() -> object:
        return services.comment_on(by=request.user, version=row, **form.given)

    said = _("Your comment is on the page of the version.")
    return _deed(request, row, form, _("Comment on the version"), do, said, deed="comment")
