"""The parts of a year's scheme over the API: versions, what differs, check-up, and the path.

Each sort of part has operations of its own, so that each operation names its one verb.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from ninja import Query, Router

from kaohe.api.answers import seen
from kaohe.api.callers import Caller
from kaohe.api.indicators.part_shapes import (
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
from kaohe.core.errors import Refusal
from kaohe.core.part_path import VERBS, Sort
from kaohe.core.plan_words import FIELD_WORDS
from kaohe.indicators.queries import differences as compared
from kaohe.indicators.queries.checkup import findings_of
from kaohe.indicators.queries.checkup_words import finding_in_words
from kaohe.indicators.queries.parts import all_versions, get_part_version
from kaohe.indicators.queries.review import trail_of
from kaohe.indicators.queries.years import get_year
from kaohe.indicators.services import issuing, parts
from kaohe.indicators.services.reviewing import approve_parts
from kaohe.jobs.services import ask
from kaohe.organization.queries.access import NothingHere, allows, require

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kaohe.indicators.models import Mark, PartVersion
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


def _named(view: Any, name: str) -> Any:
    """An operation's function under the name that it has for its sort."""
    view.__name__ = name
    return view


def _reading(sort: Sort, noun: str) -> None:
    reads, reviews = READS[sort]
    root = f"/{noun}-versions"

    def versions(request: Caller, filters: Query[PartFilters]) -> "QuerySet[PartVersion]":
        """The versions of a part of the years' schemes that one may see."""
        rows = all_versions(request.user).filter(part__sort=sort)
        if filters.year is not None:
            rows = rows.filter(part__assessment_year__year=filters.year)
        return rows.filter(state=filters.state) if filters.state else rows

    def version(request: Caller, key: int) -> Any:
        """One version with its content; drafts are for those who draft or review them."""
        return _as_seen(request, _of(request, key, sort))

    def differences(request: Caller, key: int, query: Query[DifferencesOf]) -> dict[str, Any]:
        """What a version changes, cell by cell."""
        row = _of(request, key, sort)
        old = compared.compared_with(request.user, row, query.against)
        found = compared.differences(old, row)
        return {"against": old.number if old else None, "items": [_told(each) for each in found]}

    def findings(request: Caller, key: int) -> dict[str, Any]:
        """What the check-up finds in a version; an error keeps it from being submitted."""
        row = _of(request, key, sort)
        require(request.user, reviews, row)
        found = [finding_in_words(each, _)._asdict() for each in findings_of(row)]
        order = ("error", "warning", "note")
        return {"items": sorted(found, key=lambda each: order.index(each["severity"]))}

    def marks(request: Caller, key: int, filters: Query[Paging]) -> "QuerySet[Mark]":
        """The cells that were marked when a version was returned."""
        row = _of(request, key, sort)
        require(request.user, reviews, row)
        return row.marks.select_related("made_by")

    def moves(request: Caller, key: int) -> dict[str, Any]:
        """Who drafted, submitted, returned, approved and issued a version, and when."""
        row = _of(request, key, sort)
        require(request.user, reviews, row)
        steps = trail_of(row).items()
        return {"items": [{"action": name, **move._asdict()} for name, move in steps]}

    one = f"{root}/{{int:key}}"
    listed(router, root, reads, PartVersionLine, by=("id",))(_named(versions, f"{noun}_versions"))
    read(router, one, reads, PartVersionShape)(_named(version, f"{noun}_version"))
    read(router, f"{one}/differences", reads, Differences)(
        _named(differences, f"{noun}_differences")
    )
    read(router, f"{one}/findings", reviews, Findings)(_named(findings, f"{noun}_findings"))
    listed(router, f"{one}/marks", reviews, MarkShape, by=("id",))(_named(marks, f"{noun}_marks"))
    read(router, f"{one}/moves", reviews, Moves)(_named(moves, f"{noun}_moves"))


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


def _writing(sort: Sort, noun: str) -> None:
    verbs = VERBS[sort]

    def submit(request: Caller, key: int, body: SubmitPart) -> Any:
        """Hand a version in for approval; from now on its content cannot be edited."""
        return _moved(request, key, sort, parts.submit_part, **body.given())

    def give_back(request: Caller, key: int, body: ReturnPart) -> Any:
        """Send a version back to those who drafted it, with a reason or with marked cells."""
        marks = [parts.Marked(each.path, each.reason) for each in body.marks]
        given: dict[str, Any] = {"reason": body.reason, "marks": marks}
        return _moved(request, key, sort, parts.return_part, **given)

    def approve(request: Caller, key: int) -> Any:
        """Approve a version in which one had no hand."""
        return _moved(request, key, sort, parts.approve_part)

    def issue(request: Caller, key: int, body: IssuePart) -> Any:
        """Put an approved version into force; a scheme gives each of its units a sheet."""
        return _moved(request, key, sort, issuing.issue_part, **body.given())

    def withdraw(request: Caller, key: int, body: WithdrawPart) -> Any:
        """Give up a version that is not approved; its number is not used again."""
        return _moved(request, key, sort, parts.withdraw_part, **body.given())

    def following(request: Caller, key: int, body: NextPart) -> Any:
        """Begin the next version of a part with what is in force."""
        row = _of(request, key, sort)
        found = parts.draft_next_version(by=request.user, part=row.part, **body.given())
        return _as_seen(request, found)

    one = f"/{noun}-versions/{{int:key}}"
    for deed, view, verb in (
        ("submit", submit, verbs.draft),
        ("return", give_back, verbs.approve),
        ("approve", approve, verbs.approve),
        ("issue", issue, verbs.issue),
        ("withdraw", withdraw, verbs.draft),
        ("next", following, verbs.draft),
    ):
        name = f"{deed}_{noun}_version"
        write(router, "POST", f"{one}/{deed}", verb, PartVersionShape)(_named(view, name))


for _sort, _noun in NOUNS.items():
    _reading(_sort, _noun)
    _writing(_sort, _noun)


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


@write(router, "POST", "/years/{int:key}/approve-versions", Verb.SCHEME_APPROVE, ManyDone)
def approve_versions(request: Caller, key: int, body: ApproveMany) -> dict[str, Any]:
    """Approve several versions of a year; what cannot be approved stays, and says why."""
    year = get_year(request.user, key, Verb.SCHEME_APPROVE)
    versions, missing = _chosen(request, year.pk, body)
    found = approve_parts(by=request.user, versions=versions)
    kept = [_kept(each.version.pk, each.refusal) for each in found.kept]
    return {"done": [row.pk for row in found.done], "kept": [*missing, *kept]}


@write(router, "POST", "/years/{int:key}/issue-versions", Verb.SCHEME_APPROVE, JobShape)
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
