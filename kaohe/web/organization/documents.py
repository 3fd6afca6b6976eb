"""Pages: governing documents, their versions, what differs between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_tables2 as tables
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.access import Verb
from kaohe.core.documents import FIXED, Action, State
from kaohe.documents.comparison import compare, is_same
from kaohe.documents.rules_text import clauses
from kaohe.organization.queries import documents as queries
from kaohe.organization.queries.access import NothingHere, allows
from kaohe.organization.services import documents as services
from kaohe.web.history import history_of
from kaohe.web.lists import has_any, listing
from kaohe.web.organization.document_forms import CommentForm, NewDocumentForm, TitleForm
from kaohe.web.organization.document_steps import signs, steps
from kaohe.web.requests import SignedIn, here
from kaohe.web.story import word
from kaohe.web.words.documents import SIGNS, SORTS
from kaohe.web.writing import show, written

if TYPE_CHECKING:
    from kaohe.organization.models import Document, DocumentVersion

FORM = "organization/form.html"


class DocumentTable(tables.Table):
    """The list of documents."""

    sort = tables.Column(lazy("Kind"), order_by=("sort_place", "title"))
    title = tables.Column(lazy("Title"), linkify=("web:document", {"key": tables.A("pk")}))
    number = tables.Column(lazy("Version in force"), empty_values=(), orderable=False)
    document_number = tables.Column(lazy("Document number"), empty_values=(), orderable=False)
    effective_on = tables.Column(lazy("In force from"), empty_values=(), orderable=False)
    open = tables.Column(lazy("On its way"), empty_values=(), orderable=False)

    class Meta:
        order_by = ("sort",)

    def render_sort(self, value: str) -> str:
        """In words."""
        return word("sort", value)

    def render_number(self, record: Document) -> str:
        """The number of the version in force."""
        found = queries.in_force(record.versions.all())
        return str(found.number) if found else _("not in force yet")

    def render_document_number(self, record: Document) -> str:
        """Its document number."""
        found = queries.in_force(record.versions.all())
        return found.document_number if found else "—"

    def render_effective_on(self, record: Document) -> str:
        """The day from which it holds."""
        found = queries.in_force(record.versions.all())
        return f"{found.effective_on:%Y.%m.%d}" if found and found.effective_on else "—"

    def render_open(self, record: Document) -> str:
        """The open version and its state, for those who may see drafts."""
        found = open_version(self.request.user, record)
        context: dict[str, Any] = {"version": found}
        if found:
            context |= {"sign": SIGNS[State(found.state)], "state": word("state", found.state)}
        return render_to_string("organization/document_open_cell.html", context)

    def value_open(self, record: Document) -> str:
        """The same for a workbook."""
        found = open_version(self.request.user, record)
        return f"{found.number} {word('state', found.state)}" if found else ""


def open_version(user: Any, row: Document) -> DocumentVersion | None:
    """The version that is on its way, if the user may see it."""
    if not allows(user, Verb.DOCUMENT_REVIEW, row):
        return None
    return queries.open_one(row.versions.all())


def documents(request: SignedIn) -> HttpResponse:
    """The list."""
    place = here(request, Verb.DOCUMENT_READ)
    rows = queries.documents_of(request.user, place)
    kinds = set(rows.values_list("sort", flat=True))
    missing = [(sort, word("sort", sort)) for sort in SORTS if sort not in kinds | {"other"}]
    return listing(
        request,
        "organization/documents.html",
        rows=rows,
        table=DocumentTable,
        title=_("Rules and documents"),
        context={
            "tab": "documents",
            "place": place,
            "any": has_any(rows),
            "missing": missing,
            "may_draft": allows(request.user, Verb.DOCUMENT_DRAFT, place),
        },
    )


def document(request: SignedIn, key: int) -> HttpResponse:
    """One document: what is on its way, the text in force, all versions, history."""
    row = queries.get_document(request.user, key)
    versions = queries.versions_of(request.user, row)
    in_force = queries.in_force(versions)
    reviews = allows(request.user, Verb.DOCUMENT_REVIEW, row)
    coming = queries.open_one(versions)
    subjects = [row.subject, *(each.subject for each in versions if reviews)]
    context = {
        "tab": "documents",
        "document": row,
        "sort": word("sort", row.sort),
        "in_force": in_force,
        "clauses": clauses(in_force.text) if in_force else [],
        "coming": coming,
        "steps": steps(coming, queries.trail_of(coming)) if coming else [],
        "versions": signs(versions),
        "may_draft": allows(request.user, Verb.DOCUMENT_DRAFT, row) and coming is None,
        "may_retitle": allows(request.user, Verb.DOCUMENT_DRAFT, row)
        and not any(each.state in FIXED for each in versions),
        "history": history_of(request.user, row, subjects),
    }
    return show(request, "organization/document.html", context)


def enter_document(request: SignedIn) -> HttpResponse:
    """A new document, empty or from the outline of its kind."""
    place = here(request, Verb.DOCUMENT_DRAFT)
    sort = request.GET.get("outline", "")
    initial = {"sort": request.GET.get("sort", "")}
    if sort in SORTS and queries.has_outline(sort):
        title, text = queries.outline_of(sort, place)
        initial = {"sort": sort, "title": title, "text": text}
    form = NewDocumentForm(request.POST or None, initial=initial)
    answer = written(
        request,
        form,
        lambda: services.open_document(by=request.user, jurisdiction=place, **form.given),
        to=lambda row: reverse("web:document", args=[row.pk]),
        said=lambda row: _("The draft of %(name)s is saved.") % {"name": row.title},
    )
    context = {
        "tab": "documents",
        "title": _("Draft a document"),
        "about": place.name,
        "back": reverse("web:documents"),
        "outlines": [(code, word("sort", code)) for code in SORTS if queries.has_outline(code)],
    }
    return answer or show(request, "organization/document_draft.html", context, form)


def retitle_document(request: SignedIn, key: int) -> HttpResponse:
    """Mend the title of a document of which nothing was issued."""
    row = queries.get_document(request.user, key)
    form = TitleForm(request.POST or None, seen=row.version, initial={"title": row.title})
    answer = written(
        request,
        form,
        lambda: services.retitle_document(
            by=request.user, document=row, seen=form.was_seen, **form.given
        ),
        to=lambda done: reverse("web:document", args=[done.pk]),
        said=lambda done: _("%(name)s is saved.") % {"name": done.title},
    )
    back = reverse("web:document", args=[row.pk])
    context = {"tab": "documents", "title": _("Correct the title"), "about": row.title}
    return answer or show(request, FORM, {**context, "back": back}, form)


def compare_versions(request: SignedIn, key: int) -> HttpResponse:
    """What differs between two versions, sentence by sentence."""
    row = queries.get_document(request.user, key)
    versions = queries.versions_of(request.user, row)
    by_number = {str(each.number): each for each in versions}
    if not versions:
        raise NothingHere
    new = by_number.get(request.GET.get("new", ""), versions[0])
    old = by_number.get(request.GET.get("old", ""), _before(new, versions))
    rows = compare(old.text, new.text)
    context = {
        "tab": "documents",
        "document": row,
        "versions": signs(versions),
        "old": old,
        "new": new,
        "rows": rows,
        "same": is_same(rows),
    }
    return show(request, "organization/document_compare.html", context)


def _before(new: DocumentVersion, versions: list[DocumentVersion]) -> DocumentVersion:
    """What a version is compared with by default: the one in force before it, or the one before."""
    earlier = [each for each in versions if each.number < new.number]
    fixed = [each for each in earlier if each.state in FIXED]
    return (fixed or earlier or [new])[0]


def version(request: SignedIn, key: int) -> HttpResponse:
    """One version: where it stands, what may be done with it, its text, comments, history."""
    row = queries.get_version(request.user, key)
    user = request.user
    reviews = allows(user, Verb.DOCUMENT_REVIEW, row)
    own = user.pseudonym in queries.hands_on(row)
    siblings = queries.versions_of(user, row.document)
    context = {
        "tab": "documents",
        "version": row,
        "state": word("state", row.state),
        "sign": SIGNS[State(row.state)],
        "steps": steps(row, queries.trail_of(row)),
        "deeds": _deeds(user, row, own=own),
        "own": own and row.state == State.SUBMITTED and allows(user, Verb.DOCUMENT_APPROVE, row),
        "approvers": queries.approvers_of(row.jurisdiction) if row.state == "submitted" else [],
        "clauses": clauses(row.text),
        "resolutions": [
            (decision, word("outcome", decision.outcome), holds)
            for decision, holds in (queries.resolutions_on(row) if reviews else [])
        ],
        "comparable": _before(row, siblings) if len(siblings) > 1 else None,
        "comments": queries.comments_on(row) if reviews else [],
        "reviews": reviews,
        "comment_form": CommentForm() if reviews and row.state == State.SUBMITTED else None,
        "history": history_of(user, row, [row.subject]) if reviews else None,
    }
    return show(request, "organization/document_version.html", context)


def _deeds(user: Any, row: DocumentVersion, *, own: bool) -> list[str]:
    """What a person may do with a version, for the buttons; the service asks again."""
    found = []
    for action, verb in (
        (Action.EDIT, Verb.DOCUMENT_DRAFT),
        (Action.SUBMIT, Verb.DOCUMENT_DRAFT),
        (Action.APPROVE, Verb.DOCUMENT_APPROVE),
        (Action.ISSUE, Verb.DOCUMENT_ISSUE),
        (Action.RETURN, Verb.DOCUMENT_APPROVE),
        (Action.WITHDRAW, Verb.DOCUMENT_DRAFT),
    ):
        blocked = own and action is Action.APPROVE
        if queries.is_open(row, action) and allows(user, verb, row) and not blocked:
            found.append(str(action))
    return found
