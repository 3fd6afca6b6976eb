"""What is done with a version: handed in, returned, approved, issued, given up, followed by a next.

Each sort of part has addresses of its own, so that each address has the verb that it asks for.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _

from kaohe.core.part_path import VERBS, Sort
from kaohe.core.problems import N_
from kaohe.indicators.queries import differences
from kaohe.indicators.queries.parts import get_part_version, in_force
from kaohe.indicators.queries.review import marks_of
from kaohe.indicators.services import issuing, parts
from kaohe.organization.queries.access import NothingHere
from kaohe.web.indicators.findings import checkup_shown
from kaohe.web.indicators.frame import about_year, look_at
from kaohe.web.indicators.part_cells import cell_said, where_said
from kaohe.web.indicators.part_forms import (
    MOST_MARKS,
    GiveUpForm,
    IssuePartForm,
    NoteForm,
    ReturnPartForm,
)
from kaohe.web.indicators.part_since import since_shown
from kaohe.web.indicators.part_steps import named
from kaohe.web.indicators.part_version import (
    TABS,
    address_of,
    changes_of,
    deadline_of,
    deed_url,
)
from kaohe.web.indicators.previews import effect_of
from kaohe.web.requests import SignedIn
from kaohe.web.routes import page
from kaohe.web.words.parts import NOUNS
from kaohe.web.writing import WritingForm, show, written

if TYPE_CHECKING:
    from kaohe.indicators.models import PartVersion

DEED = "indicators/part_deed.html"
REFUSED = {
    "submit": N_("Not submitted yet. Please mend:"),
    "return": N_("Not returned yet. Please mend:"),
    "approve": N_("Not approved yet. Please mend:"),
    "issue": N_("Not issued yet. Please mend:"),
    "withdraw": N_("Not given up yet. Please mend:"),
    "next": N_("Not begun yet. Please mend:"),
}


def _row(request: SignedIn, key: int, sort: Sort) -> PartVersion:
    """The version of a sort that an address names.

    Raises:
        NothingHere: there is none, or it is of another sort.
    """
    row = get_part_version(request.user, key)
    if row.part.sort != sort:
        raise NothingHere
    look_at(request, row.part.assessment_year)
    return row


def _deed(
    request: SignedIn,
    row: PartVersion,
    form: WritingForm,
    do: Callable[[], PartVersion],
    *,
    deed: str,
    title: str,
    said: str,
    **extra: Any,
) -> HttpResponse:
    """A form about a version: show it, carry it out, on to the version."""
    answer = written(request, form, do, to=address_of, said=lambda _done: said)
    context = {
        **about_year(request, row.part.assessment_year, TABS[Sort(row.part.sort)]),
        "title": title,
        "about": named(row),
        "back": address_of(row),
        "button": title,
        "refused": _(REFUSED[deed]),
    }
    return answer or show(request, DEED, {**context, **extra}, form)


def submit_part(request: SignedIn, key: int, sort: Sort) -> HttpResponse:
    """Hand in for approval, with what the check-up finds."""
    row = _row(request, key, sort)
    form = NoteForm(
        request.POST or None, seen=row.version, initial={"change_note": row.change_note}
    )

    found = checkup_shown(row, edits=True)
    facts = {"n": found.open}

    def do() -> PartVersion:
        return parts.submit_part(by=request.user, version=row, seen=form.was_seen, **form.given)

    return _deed(
        request,
        row,
        form,
        do,
        deed="submit",
        title=_("Submit for approval"),
        said=_("The version is submitted; warnings without an answer: %(n)s.") % facts
        if found.open
        else _("The version is submitted."),
        sentence=_("Until it is approved or returned, nothing in it can be edited."),
        checkup=None if sort is Sort.SETTINGS else found,
        unanswered=found.open,
        answers_at=f"{address_of(row)}?tab=check#findings",
    )


def _cells(request: SignedIn, row: PartVersion) -> list[tuple[str, str, str]]:
    """The cells that were ticked: path, where in words, and what stands there."""
    wanted = list(dict.fromkeys(request.GET.getlist("cell")))[:MOST_MARKS]
    names = differences.Names(row.part.assessment_year, [row.content])
    cells = {path: text for path, _where, text in differences.cells_of(row)}
    found = []
    for path in wanted:
        where = names.where(path)
        place, label = where_said(where)
        said = _(": ").join(filter(None, (place, label)))
        text = cell_said(where, cells.get(path, "")) or _("not filled")
        found.append((path, said, _("there now: %(text)s") % {"text": text}))
    return found


def return_part(request: SignedIn, key: int, sort: Sort) -> HttpResponse:
    """Send back with a reason, and with a reason for each cell that was ticked."""
    row = _row(request, key, sort)
    cells = _cells(request, row)
    form = ReturnPartForm(request.POST or None, seen=row.version, cells=cells)

    def do() -> PartVersion:
        return parts.return_part(
            by=request.user,
            version=row,
            seen=form.was_seen,
            reason=form.given["reason"],
            marks=form.marks,
        )

    return _deed(
        request,
        row,
        form,
        do,
        deed="return",
        title=_("Return the version"),
        said=_("The version is returned."),
        sentence=_("Marked cells: %(n)s. To mark cells, tick them on the page of the version.")
        % {"n": len(cells)},
        **deadline_of(row),
    )


def approve_part(request: SignedIn, key: int, sort: Sort) -> HttpResponse:
    """Approve, with what has changed and what the check-up finds before one's eyes."""
    row = _row(request, key, sort)
    form = WritingForm(request.POST or None, seen=row.version)

    def do() -> PartVersion:
        return parts.approve_part(by=request.user, version=row, seen=form.was_seen)

    open_marks = [each for marks in marks_of(row).values() for each in marks if not each.settled]
    return _deed(
        request,
        row,
        form,
        do,
        deed="approve",
        title=_("Approve the version"),
        said=_("The version is approved."),
        sentence=_("After the approval it waits to be issued; issued, it never changes."),
        checkup=None if sort is Sort.SETTINGS else checkup_shown(row),
        return_url=deed_url(row, "return"),
        review=True,
        unsettled=len(open_marks),
        since=since_shown(row),
        effect=effect_of(row) if sort is Sort.SETTINGS else None,
        **changes_of(request, row),
    )


def issue_part(request: SignedIn, key: int, sort: Sort) -> HttpResponse:
    """Put into force; of a scheme, with a sheet for each unit."""
    row = _row(request, key, sort)
    form = IssuePartForm(request.POST or None, seen=row.version)

    def do() -> PartVersion:
        return issuing.issue_part(by=request.user, version=row, seen=form.was_seen, **form.given)

    count = len(row.content.get("sheets", ())) if sort is Sort.DEPARTMENT else 0
    sentence = _("What is issued never changes. It takes the place of the version in force.")
    if count:
        sentence = _(
            "An assessment sheet is issued to each unit: %(n)s. What is issued never changes."
        ) % {"n": count}
    return _deed(
        request,
        row,
        form,
        do,
        deed="issue",
        title=_("Issue the version"),
        said=_("The version is issued."),
        sentence=sentence,
    )


def withdraw_part(request: SignedIn, key: int, sort: Sort) -> HttpResponse:
    """Give a version up."""
    row = _row(request, key, sort)
    form = GiveUpForm(request.POST or None, seen=row.version)

    def do() -> PartVersion:
        return parts.withdraw_part(by=request.user, version=row, seen=form.was_seen, **form.given)

    return _deed(
        request,
        row,
        form,
        do,
        deed="withdraw",
        title=_("Give the version up"),
        said=_("The version is given up."),
        sentence=_("It stays readable; its number is not used again."),
    )


def next_part(request: SignedIn, key: int, sort: Sort) -> HttpResponse:
    """Begin the next version of a part with what is in force."""
    row = _row(request, key, sort)
    form = NoteForm(request.POST or None)

    def do() -> PartVersion:
        return parts.draft_next_version(by=request.user, part=row.part, **form.given)

    base = in_force(row.part) or row
    sentence = _("It begins with what version %(number)s says; that one stays in force meanwhile.")
    return _deed(
        request,
        row,
        form,
        do,
        deed="next",
        title=_("Draft the next version"),
        said=_("The draft is there."),
        sentence=sentence % {"number": base.number},
    )


DEEDS = (
    ("submit", submit_part, "draft"),
    ("return", return_part, "approve"),
    ("approve", approve_part, "approve"),
    ("issue", issue_part, "issue"),
    ("withdraw", withdraw_part, "draft"),
    ("next", next_part, "draft"),
)


def deed_pages() -> list[URLPattern]:
    """The addresses of all deeds: for each sort of part, with its own verbs."""
    found = []
    for sort, noun in NOUNS.items():
        for deed, view, verb in DEEDS:
            route = f"indicators/{noun}-versions/<int:key>/{deed}"
            shown = partial(view, sort=sort)
            found.append(page(route, shown, f"{deed}-{noun}", getattr(VERBS[sort], verb)))
    return found
