"""Pages: what waits to be approved or issued in a year, and many of it in one deed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.access import Verb
from kaohe.core.checkup import ERROR, WARNING
from kaohe.core.part_path import Action, Sort, State
from kaohe.indicators.queries.sheets import to_renew
from kaohe.indicators.queries.waiting import Waiting, queue_of
from kaohe.indicators.services.receiving import renew_sheets
from kaohe.indicators.services.reviewing import approve_parts
from kaohe.jobs.services import ask
from kaohe.organization.queries.access import allows
from kaohe.web.fields import LongText, NameField, choice
from kaohe.web.indicators.frame import about_year, year_page
from kaohe.web.indicators.part_steps import named, state_of, title_of
from kaohe.web.lists import is_export, rows_workbook
from kaohe.web.requests import SignedIn, key_in
from kaohe.web.writing import WritingForm, show, written

if TYPE_CHECKING:
    from kaohe.indicators.models import AssessmentYear, PartVersion
    from kaohe.indicators.services.issuing import Done, Seen

ISSUE = "indicators.issue"
SHOWN_REFUSALS = 30


class Line(NamedTuple):
    """A version that waits, as the page shows it."""

    version: PartVersion
    title: str
    sign: str
    state: str
    box: str  # the field by which it is chosen: approve, issue, or nothing
    hindrances: list[str]
    marks: int
    sheets: int
    warnings: int
    answered: int
    due: date | None
    is_late: bool
    returns: int


class ManyForm(WritingForm):
    """Versions that were ticked, each with what was seen of it: "key:version"."""

    def __init__(self, *args: object, choices: Sequence[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as forms.Form
        self.fields["chosen"] = forms.MultipleChoiceField(
            choices=choices, label=_("Versions"), widget=forms.MultipleHiddenInput
        )
        self.fields["chosen"].error_messages["required"] = _("Tick at least one version.")


class IssueManyForm(ManyForm):
    """The same, with the document and what one refusal means for the rest."""

    document_number = NameField(
        label=lazy("Document number"),
        max_length=60,
        required=False,
        help_text=lazy("of the paper by which it is issued, where there is one"),
    )
    together = choice(
        [
            ("no", lazy("each by itself: those that cannot be issued stay, the others are issued")),
            ("yes", lazy("all or none: one that cannot be issued keeps back all")),
        ],
        label=lazy("If one cannot be issued"),
    )


class RenewForm(WritingForm):
    """Why sheets get their next version."""

    reason = LongText(label=lazy("Reason"), rows=3)


def _line(each: Waiting) -> Line:
    row = each.version
    sign, state = state_of(row)
    wanted = Action.APPROVE if row.state == State.SUBMITTED else Action.ISSUE
    by_itself = row.part.sort == Sort.SETTINGS  # the committee's, and only one
    ready = each.is_ready(wanted) and not by_itself
    hindrances = []
    if each.own and wanted is Action.APPROVE:
        hindrances.append(_("your own draft: somebody else must approve it"))
    if each.gone:
        names = "、".join(gone.name for gone in each.gone)
        hindrances.append(_("units that have left: %(names)s") % {"names": names})
    if each.found.get(ERROR) and wanted is Action.APPROVE:
        hindrances.append(_("errors of the check-up: %(n)s") % {"n": each.found[ERROR]})
    box = str(wanted) if ready else ""
    warnings = each.found.get(WARNING, 0)
    counts = (each.marks, each.sheets, warnings, warnings - each.unanswered)
    late = each.due is not None and each.due < localdate()
    days = (each.due, late, each.returns)
    return Line(row, title_of(row), sign, state, box, hindrances, *counts, *days)


def _key(row: PartVersion) -> str:
    return f"{row.pk}:{row.version}"


def approvals(request: SignedIn, key: int) -> HttpResponse:
    """The queue."""
    year = year_page(request, key, Verb.PART_REVIEW)
    lines = [_line(each) for each in queue_of(request.user, year)]
    if is_export(request):
        return _as_workbook(lines)
    for_approval = [each for each in lines if each.version.state == State.SUBMITTED]
    to_issue = [each for each in lines if each.version.state == State.APPROVED]
    may_renew = allows(request.user, Verb.SCHEME_APPROVE, year) and year.state == "open"
    context = {
        **about_year(request, year, "approvals"),
        "groups": [
            (_("Wait for approval"), "approve", for_approval),
            (_("Wait to be issued"), "issue", to_issue),
        ],
        "count": len(lines),
        "may_approve_many": any(each.box == "approve" for each in lines),
        "may_issue_many": any(each.box == "issue" for each in lines),
        "renew": to_renew(year).count() if may_renew else 0,
    }
    return show(request, "indicators/approvals.html", context)


def _as_workbook(lines: Sequence[Line]) -> HttpResponse:
    heads = (
        *(_("Version"), _("State"), _("Submitted by"), _("On"), _("Answer until")),
        *(_("Returned so far"), _("Units"), _("What stands in the way")),
        *(_("Open marks"), _("Warnings"), _("Answered")),
    )
    rows = [
        (
            named(line.version),
            line.state,
            line.version.submitted_by.name if line.version.submitted_by else "",
            _day(line.version.submitted_at and localdate(line.version.submitted_at)),
            _day(line.due),
            line.returns,
            line.sheets,
            _("; ").join(line.hindrances),
            line.marks,
            line.warnings,
            line.answered,
        )
        for line in lines
    ]
    return rows_workbook(_("Approvals"), [heads, *rows])


def _day(day: date | None) -> str:
    return f"{day:%Y.%m.%d}" if day else ""


def _many(
    request: SignedIn, year: AssessmentYear, action: Action, form_class: type[ManyForm]
) -> tuple[ManyForm, Callable[[], list[Seen]]]:
    """The form about ticked versions of a year's queue, and what gives those ticked."""
    rows = {
        str(each.version.pk): each.version
        for each in queue_of(request.user, year)
        if each.version.part.sort != Sort.SETTINGS
    }
    given = request.POST if request.method == "POST" else request.GET
    ticked = [each for each in given.getlist("chosen") if each.partition(":")[0] in rows]
    choices = [(each, named(rows[each.partition(":")[0]])) for each in ticked]
    form = form_class(request.POST or None, choices=choices, initial={"chosen": ticked})

    def seen() -> list[Seen]:
        found: list[Seen] = []
        for each in form.given["chosen"]:
            pk, _colon, version = each.partition(":")
            found.append((rows[pk], key_in(version) or 0))
        return found

    return form, seen


def approve_many(request: SignedIn, key: int) -> HttpResponse:
    """Approve those that were ticked; what cannot be approved stays, and says why."""
    year = year_page(request, key, Verb.SCHEME_APPROVE)
    form, seen = _many(request, year, Action.APPROVE, ManyForm)
    back = reverse("web:approvals", args=[year.pk])

    def do() -> Done:
        found = approve_parts(by=request.user, versions=seen())
        _tell_kept(request, found)
        return found

    answer = written(
        request,
        form,
        do,
        to=lambda _done: back,
        said=lambda done: _("Versions approved: %(n)s.") % {"n": len(done.done)},
    )
    context = {
        **about_year(request, year, "approvals"),
        "title": _("Approve those ticked"),
        "lead": _("Each is checked once more; what cannot be approved stays, and says why."),
        "button": _("Approve"),
        "refused": _("Not approved yet. Please mend:"),
        "back": back,
    }
    return answer or show(request, "indicators/approve_many.html", context, form)


def _tell_kept(request: SignedIn, found: Done) -> None:
    """Say of each version that was left as it is why."""
    for kept in found.kept[:SHOWN_REFUSALS]:
        facts = {"title": named(kept.version), "why": kept.refusal.say(_)}
        messages.warning(request, _("%(title)s stays as it is. %(why)s") % facts)


def issue_many(request: SignedIn, key: int) -> HttpResponse:
    """Issue those that were ticked, by a worker, with progress."""
    year = year_page(request, key, Verb.SCHEME_APPROVE)
    form, seen = _many(request, year, Action.ISSUE, IssueManyForm)
    back = reverse("web:approvals", args=[year.pk])

    def do() -> str:
        arguments = {
            "year": year.pk,
            "versions": [[row.pk, version] for row, version in seen()],
            "document_number": form.given["document_number"],
            "together": form.given["together"] == "yes",
        }
        job = ask(
            by=request.user,
            jurisdiction=year.jurisdiction,
            kind=ISSUE,
            subject=year.subject,
            arguments=arguments,
        )
        return reverse("web:job", args=[job.pk])

    answer = written(request, form, do, to=lambda url: url)
    context = {
        **about_year(request, year, "approvals"),
        "title": _("Issue those ticked"),
        "lead": _("Each unit of a scheme gets its assessment sheet. What is issued never changes."),
        "button": _("Issue"),
        "refused": _("Not issued yet. Please mend:"),
        "back": back,
    }
    return answer or show(request, "indicators/approve_many.html", context, form)


def renew(request: SignedIn, key: int) -> HttpResponse:
    """Bring the issued sheets under the common template that is in force now."""
    year = year_page(request, key, Verb.SCHEME_APPROVE)
    count = to_renew(year).count()
    form = RenewForm(request.POST or None)
    answer = written(
        request,
        form,
        lambda: renew_sheets(by=request.user, year=year, **form.given),
        to=lambda _done: reverse("web:sheets", args=[year.pk]),
        said=lambda done: _("Sheets with a next version: %(n)s.") % {"n": len(done)},
    )
    context = {
        **about_year(request, year, "approvals"),
        "title": _("Bring sheets under the new template"),
        "lead": _(
            "Sheets in force that hold an earlier template: %(n)s. Each gets a next version with"
            " the common indicators now in force; what is the unit's own stays."
        )
        % {"n": count},
        "save": _("Issue the next versions"),
        "back": reverse("web:approvals", args=[year.pk]),
    }
    return answer or show(request, "indicators/form.html", context, form)
