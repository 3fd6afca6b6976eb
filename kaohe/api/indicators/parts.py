"""The parts of a year's scheme over the API: versions, what differs, check-up, and the path.

Each sort of part has operations of its own, so that each operation names its one verb.
"""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from ninja import Query, Router

from kaohe.api.answers import seen
from kaohe.api.callers import Caller
from kaohe.api.indicators.part_shapes import (
    AnswerBody,
    AnswerKept,
    ApproveMany,
    Differences,
    DifferencesOf,
    Findings,
    IssueMany,
    IssuePart,
    ManyDone,
    MarkShape,
    NextPart,
    PartFilters,
    PartVersionLine,
    PartVersionShape,
    ReturnPart,
    SubmitPart,
    WithdrawPart,
)
from kaohe.api.organization.document_shapes import Moves
from kaohe.api.organization.job_shapes import JobShape
from kaohe.api.routes import listed, read, write
from kaohe.api.shapes import Paging
from kaohe.core.access import Verb
from kaohe.core.checklist import POINT_OF, Line
from kaohe.core.checkup_answers import Key, Told, key_of
from kaohe.core.errors import Refusal
from kaohe.core.part_path import VERBS, Sort
from kaohe.core.plan_words import FIELD_WORDS
from kaohe.indicators.queries import differences as compared
from kaohe.indicators.queries.answers import reviewed
from kaohe.indicators.queries.checkup_words import finding_in_words
from kaohe.indicators.queries.parts import all_versions, get_part_version
from kaohe.indicators.queries.review import trail_of
from kaohe.indicators.queries.years import get_year
from kaohe.indicators.services import issuing, parts
from kaohe.indicators.services.answering import answer_finding
from kaohe.indicators.services.reviewing import approve_parts
from kaohe.jobs.services import ask
from kaohe.organization.queries.access import NothingHere, allows, require

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kaohe.indicators.models import FindingAnswer, Mark, PartVersion
    from kaohe.jobs.models import Job

router = Router(tags=["indicator-path"])
NOUNS = {Sort.SETTINGS: "settings", Sort.TEMPLATE: "template", Sort.DEPARTMENT: "scheme"}
READS = {
    Sort.SETTINGS: (Verb.YEAR_READ, Verb.PART_REVIEW),
    Sort.TEMPLATE: (Verb.YEAR_READ, Verb.PART_REVIEW),
    Sort.DEPARTMENT: (Verb.SCHEME_READ, Verb.SCHEME_READ),
}
Move = Callable[..., "PartVersion"]


def _of(request: Caller, key: int, sort: Sort) -> "PartVersion":
    """A version of a sort.

    Raises:
        NothingHere: there is none that the caller may see.
    """
    row = get_part_version(request.user, key)
    if row.part.sort != sort:
        raise NothingHere
    return row


def _as_seen(request: Caller, row: "PartVersion") -> Any:
    """A version as its shape shows it: notes are for those who read drafts."""
    found: Any = row
    if not allows(request.user, READS[Sort(row.part.sort)][1], row):
        found.change_note = found.return_reason = None
    return found


def _moved(request: Caller, key: int, sort: Sort, move: Move, **given: Any) -> Any:
    """A version after a service has moved it."""
    row = _of(request, key, sort)
    return _as_seen(request, move(by=request.user, version=row, seen=seen(request), **given))


def _named(method: Callable[..., Any], name: str) -> Any:
    """A method as an operation under the name that it has for its sort."""

    @wraps(method)
    def operation(request: Caller, /, **given: Any) -> Any:
        return method(request, **given)

    operation.__name__ = name
    operation.__signature__ = inspect.signature(method)  # type: ignore[attr-defined]
    return operation


class _Path:
    """The operations of one sort of part."""

    def __init__(self, sort: Sort, noun: str) -> None:
        self.sort, self.noun = sort, noun
        self.reads, self.reviews = READS[sort]
        self.one = f"/{noun}-versions/{{int:key}}"

    def _reviewed(self, request: Caller, key: int) -> "PartVersion":
        """A version, for somebody who reads drafts of its sort."""
        row = _of(request, key, self.sort)
        require(request.user, self.reviews, row)
        return row

    def versions(self, request: Caller, filters: Query[PartFilters]) -> "QuerySet[PartVersion]":
        """The versions of a part of the years' schemes that one may see."""
        rows = all_versions(request.user).filter(part__sort=self.sort)
        if filters.year is not None:
            rows = rows.filter(part__assessment_year__year=filters.year)
        return rows.filter(state=filters.state) if filters.state else rows

    def version(self, request: Caller, key: int) -> Any:
        """One version with its content; drafts are for those who draft or review them."""
        return _as_seen(request, _of(request, key, self.sort))

    def differences(self, request: Caller, key: int, query: Query[DifferencesOf]) -> dict[str, Any]:
        """What a version changes, cell by cell."""
        row = _of(request, key, self.sort)
        old = compared.compared_with(request.user, row, query.against)
        found = compared.differences(old, row)
        return {"against": old.number if old else None, "items": [_told(each) for each in found]}

    def findings(self, request: Caller, key: int) -> dict[str, Any]:
        """What the check-up finds in a version; an error keeps it from being submitted."""
        row = self._reviewed(request, key)
        found = reviewed(row)
        return {
            "items": [_finding(each) for each in found.told],
            "points": [_point(each) for each in found.points],
            "unanswered": found.open,
        }

    def answer(self, request: Caller, key: int, body: AnswerBody) -> "FindingAnswer":
        """Answer for a warning of a draft; a later answer takes the place of an earlier one."""
        named = Key(body.check, body.path, body.about)
        row = _of(request, key, self.sort)
        return answer_finding(by=request.user, version=row, key=named, text=body.text)

    def marks(self, request: Caller, key: int, filters: Query[Paging]) -> "QuerySet[Mark]":
        """The cells that were marked when a version was returned."""
        return self._reviewed(request, key).marks.select_related("made_by")

    def moves(self, request: Caller, key: int) -> dict[str, Any]:
        """Who drafted, submitted, returned, approved and issued a version, and when."""
        steps = trail_of(self._reviewed(request, key)).items()
        return {"items": [{"action": name, **move._asdict()} for name, move in steps]}

    def submit(self, request: Caller, key: int, body: SubmitPart) -> Any:
        """Hand a version in for approval; from now on its content cannot be edited."""
        return _moved(request, key, self.sort, parts.submit_part, **body.given())

    def give_back(self, request: Caller, key: int, body: ReturnPart) -> Any:
        """Send a version back to those who drafted it, with a reason or with marked cells."""
        marks = [parts.Marked(each.path, each.reason) for each in body.marks]
        given: dict[str, Any] = {"reason": body.reason, "marks": marks}
        return _moved(request, key, self.sort, parts.return_part, **given)

    def approve(self, request: Caller, key: int) -> Any:
        """Approve a version in which one had no hand."""
        return _moved(request, key, self.sort, parts.approve_part)

    def issue(self, request: Caller, key: int, body: IssuePart) -> Any:
        """Put an approved version into force; a scheme gives each of its units a sheet."""
        return _moved(request, key, self.sort, issuing.issue_part, **body.given())

    def withdraw(self, request: Caller, key: int, body: WithdrawPart) -> Any:
        """Give up a version that is not approved; its number is not used again."""
        return _moved(request, key, self.sort, parts.withdraw_part, **body.given())

    def following(self, request: Caller, key: int, body: NextPart) -> Any:
        """Begin the next version of a part with what is in force."""
        row = _of(request, key, self.sort)
        found = parts.draft_next_version(by=request.user, part=row.part, **body.given())
        return _as_seen(request, found)

    def register(self) -> None:
        """Give every operation its address, its verb and its name."""
        noun, one, reads, reviews = self.noun, self.one, self.reads, self.reviews
        listed(router, f"/{noun}-versions", reads, PartVersionLine, by=("id",))(
            _named(self.versions, f"{noun}_versions")
        )
        marks = listed(router, f"{one}/marks", reviews, MarkShape, by=("id",))
        marks(_named(self.marks, f"{noun}_marks"))
        for path, verb, shape, view, name in (
            ("", reads, PartVersionShape, self.version, "version"),
            ("/differences", reads, Differences, self.differences, "differences"),
            ("/findings", reviews, Findings, self.findings, "findings"),
            ("/moves", reviews, Moves, self.moves, "moves"),
        ):
            read(router, f"{one}{path}", verb, shape)(_named(view, f"{noun}_{name}"))
        verbs = VERBS[self.sort]
        if self.sort is not Sort.SETTINGS:
            operation = _named(self.answer, f"answer_{noun}_finding")
            answers = write(
                router, "POST", f"{one}/answers", verbs.draft, AnswerKept, of_version=False
            )
            answers(operation)
        for deed, move, verb in (
            ("submit", self.submit, verbs.draft),
            ("return", self.give_back, verbs.approve),
            ("approve", self.approve, verbs.approve),
            ("issue", self.issue, verbs.issue),
            ("withdraw", self.withdraw, verbs.draft),
            ("next", self.following, verbs.draft),
        ):
            operation = _named(move, f"{deed}_{noun}_version")
            write(
                router,
                "POST",
                f"{one}/{deed}",
                verb,
                PartVersionShape,
                of_version=move != self.following,
            )(operation)


def _finding(told: Told) -> dict[str, Any]:
    """A finding in the language of the request, with its answer."""
    said = finding_in_words(told.finding, _)._asdict()
    answer = told.answer
    return {
        **said,
        "about": key_of(told.finding).about,
        "point": POINT_OF[told.finding.check],
        "answer": None
        if answer is None
        else {
            "text": answer.text,
            "who": answer.who,
            "at": answer.at,
            "number": answer.number,
            "is_stale": told.is_stale,
        },
    }


def _point(line: Line) -> dict[str, Any]:
    """A point of the checklist in the language of the request."""
    return {
        "code": line.point.code,
        "label": _(line.point.label),
        "state": str(line.state),
        "errors": line.errors,
        "warnings": line.warnings,
        "answered": line.answered,
        "notes": line.notes,
        "looked": _(line.said).format_map(line.looked._asdict()),
    }


def _told(each: compared.Difference) -> dict[str, str]:
    """A difference in the language of the request."""
    where = each.where
    label = _(where.label) if where.field in FIELD_WORDS else where.label
    return {
        "path": each.path,
        "kind": each.kind,
        "unit": where.unit,
        "item": where.item,
        "label": " ".join(filter(None, (label, where.detail if where.field else ""))),
        "old": each.old,
        "new": each.new,
    }


for _sort, _noun in NOUNS.items():
    _Path(_sort, _noun).register()


def _chosen(
    request: Caller, key: int, body: ApproveMany
) -> tuple[list[issuing.Seen], list[dict[str, Any]]]:
    """The versions that a body names, and those that are not there."""
    found: list[issuing.Seen] = []
    missing = []
    for each in body.versions:
        try:
            row = get_part_version(request.user, each.id)
            if row.part.assessment_year_id != key:
                raise NothingHere  # noqa: TRY301  # the same answer as for one that is not there
            found.append((row, each.version))
        except NothingHere as refusal:
            missing.append(_kept(each.id, refusal))
    return found, missing


def _kept(key: int, refusal: Refusal) -> dict[str, Any]:
    return {"id": key, "code": refusal.code, "detail": refusal.say(_)}


@write(
    router,
    "POST",
    "/years/{int:key}/approve-versions",
    Verb.SCHEME_APPROVE,
    ManyDone,
    of_version=False,
)
def approve_versions(request: Caller, key: int, body: ApproveMany) -> dict[str, Any]:
    """Approve several versions of a year; what cannot be approved stays, and says why."""
    year = get_year(request.user, key, Verb.SCHEME_APPROVE)
    versions, missing = _chosen(request, year.pk, body)
    found = approve_parts(by=request.user, versions=versions)
    kept = [_kept(each.version.pk, each.refusal) for each in found.kept]
    return {"done": [row.pk for row in found.done], "kept": [*missing, *kept]}


@write(
    router,
    "POST",
    "/years/{int:key}/issue-versions",
    Verb.SCHEME_APPROVE,
    JobShape,
    of_version=False,
)
def issue_versions(request: Caller, key: int, body: IssueMany) -> "Job":
    """Issue several approved versions of a year with their sheets, as a job with progress."""
    year = get_year(request.user, key, Verb.SCHEME_APPROVE)
    versions, _missing = _chosen(request, year.pk, body)
    arguments = {
        "year": year.pk,
        "versions": [[row.pk, version] for row, version in versions],
        "document_number": body.document_number,
        "together": body.together,
    }
    return ask(
        by=request.user,
        jurisdiction=year.jurisdiction,
        kind="indicators.issue",
        subject=year.subject,
        arguments=arguments,
    )
