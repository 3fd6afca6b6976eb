"""What of the second pillar waits for a person: derived from the state of things, never stored."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from kaohe.core.access import Verb
from kaohe.core.part_path import OPEN, VERBS, Sort, State
from kaohe.core.problems import N_
from kaohe.indicators.models import PartVersion, Sheet
from kaohe.indicators.queries.limits import answer_due, limits_in_years
from kaohe.indicators.queries.parts import seen_versions
from kaohe.indicators.queries.review import own_among
from kaohe.indicators.queries.takeovers import takeover_tasks
from kaohe.indicators.queries.target_tasks import (
    returned_adjustments,
    returned_targets,
    target_tasks,
)
from kaohe.journal.queries import entries_of
from kaohe.organization.models import DocumentVersion, Jurisdiction, User
from kaohe.organization.queries.access import allows, reach_of, visible
from kaohe.organization.queries.desk import Desk
from kaohe.organization.queries.desk_lines import Task

ONE_BY_ONE = 5  # more of a kind stand on one line, which leads to the queue
KIND = N_("Indicators")
TITLES = {
    Sort.DEPARTMENT: N_("Scheme of {department}, {year}, version {number}"),
    Sort.TEMPLATE: N_("Template of common indicators, {year}, version {number}"),
    Sort.SETTINGS: N_("Settings of the scheme, {year}, version {number}"),
}
DEEDS = {
    "returned": N_("Mend and submit again"),
    "draft": N_("Go on drafting"),
    "approval": N_("Review"),
    "issue": N_("Issue"),
    "again": N_("See what changed"),
}
MANY = {
    "approval": N_("wait for approval: {n} versions"),
    "issue": N_("wait to be issued: {n} versions"),
}
REVIEWS = frozenset({"approval", "again"})
ORDER = ("approval", "issue", "again", "draft")
Days = Mapping[int, date | None]


class Waits(NamedTuple):
    """A version that waits for a person, and for what."""

    why: str
    version: PartVersion
    due: date | None = None  # until when the office answers


def with_indicators(desk: Desk, user: User, place: Jurisdiction | None) -> Desk:
    """A desk with the lines of the second pillar behind its own; a bounded number of queries."""
    if place is None or not allows(user, Verb.YEAR_READ, place):
        return desk
    rows = _open_versions(user, place)
    due = due_days(rows)
    waits = _waiting(user, rows, due)
    targets = target_tasks(user, place)
    return replace(
        desk,
        tasks=[
            *desk.tasks,
            *_tasks(waits),
            *targets.tasks,
            *takeover_tasks(user, place),
            *_to_receive(user, place),
        ],
        returned=[
            *desk.returned,
            *(_task(each) for each in waits if each.why == "returned"),
            *targets.returned,
        ],
        sent=[*desk.sent, *_sent(user, rows, due), *targets.sent],
    )


def _open_versions(user: User, place: Jurisdiction) -> list[PartVersion]:
    """What is on its way in years that are open, without contents."""
    rows = PartVersion.objects.filter(
        jurisdiction=place, state__in=sorted(OPEN), part__assessment_year__state="open"
    )
    found = seen_versions(user, rows).select_related(
        "jurisdiction", "part__jurisdiction", "part__department", "part__assessment_year"
    )
    return list(found.defer("content").order_by("moved_at", "pk"))


def _waiting(user: User, rows: list[PartVersion], due: Days) -> list[Waits]:
    own = own_among(user, rows)
    approved = _approved_by(user, rows)
    found = []
    for row in rows:
        why = _why(user, row, own=row.pk in own, approved=row.subject in approved)
        if why:
            found.append(Waits(why, row, due[row.pk] if why in REVIEWS else None))
    return found


def _approved_by(user: User, rows: list[PartVersion]) -> set[str]:
    """The versions that a user approved and that are not approved now."""
    subjects = [row.subject for row in rows if row.state != State.APPROVED]
    entries = entries_of(subjects).filter(action="part.approved", actor=user.pseudonym)
    return set(entries.order_by().select_related(None).values_list("subject", flat=True))


def _why(user: User, row: PartVersion, *, own: bool, approved: bool) -> str:
    """For what a version waits for a user; empty: for nothing."""
    verbs, state = VERBS[Sort(row.part.sort)], State(row.state)
    drafts = own and allows(user, verbs.draft, row)
    if state is State.RETURNED and drafts:
        return "returned"
    if state is State.DRAFT and drafts:
        return "draft"
    if state is State.APPROVED and allows(user, verbs.issue, row):
        return "issue"
    if state is State.SUBMITTED and not own and allows(user, verbs.approve, row):
        return "again" if approved else "approval"
    return "again" if approved else ""


def _tasks(waits: list[Waits]) -> list[Task]:
    found = []
    for why in ORDER:
        rows = [each for each in waits if each.why == why]
        if len(rows) > ONE_BY_ONE and why in MANY:
            found.append(_many(why, rows))
        else:
            found += [_task(each) for each in rows]
    return found


def _many(why: str, rows: list[Waits]) -> Task:
    return Task(
        kind=KIND,
        title=MANY[why],
        facts={"n": len(rows)},
        deed=N_("See the list"),
        due_on=min((each.due for each in rows if each.due), default=None),
        url="web:approvals",
        key=rows[0].version.part.assessment_year_id,
    )


def _task(waits: Waits) -> Task:
    row = waits.version
    note = row.return_reason if waits.why == "returned" else ""
    return Task(
        kind=KIND,
        title=TITLES[Sort(row.part.sort)],
        facts=_facts(row),
        deed=DEEDS[waits.why],
        url="web:part-version",
        key=row.pk,
        query="?tab=changes" if waits.why == "again" else "",
        due_on=waits.due,
        note=note,
    )


def _facts(row: PartVersion) -> dict[str, object]:
    department = row.part.department
    return {
        "department": department.name if department else "",
        "year": row.part.assessment_year.year,
        "number": row.number,
    }


def _sent(user: User, rows: list[PartVersion], due: Days) -> list[Task]:
    """What the person submitted and others now have in their hands."""
    states = {State.SUBMITTED: "with_approver", State.APPROVED: "approved"}
    return [
        Task(
            kind=KIND,
            title=TITLES[Sort(row.part.sort)],
            facts=_facts(row) | {"state": states[State(row.state)]},
            deed="",
            due_on=due[row.pk],
            url="web:part-version",
            key=row.pk,
        )
        for row in rows
        if row.submitted_by_id == user.pk and State(row.state) in states
    ]


def due_days(rows: Sequence[PartVersion]) -> dict[int, date | None]:
    """Until when the office answers each of some versions, by key, in one query."""
    limits = limits_in_years(row.part.assessment_year_id for row in rows)
    return {row.pk: answer_due(row, limits[row.part.assessment_year_id]) for row in rows}


def _to_receive(user: User, place: Jurisdiction) -> list[Task]:
    """Sheets whose receipt the person is to confirm for their unit."""
    if not reach_of(user, Verb.SHEET_RECEIVE).units:
        return []
    rows = Sheet.objects.filter(
        jurisdiction=place,
        state="issued",
        received_at__isnull=True,
        participant__assessment_year__state="open",
    )
    waiting = visible(user, Verb.SHEET_RECEIVE, rows, unit="participant__unit")
    return [
        Task(
            kind=N_("Assessment sheet"),
            title=N_("Sheet of {unit}, {year}, version {number}"),
            facts={
                "unit": row.participant.name,
                "year": row.participant.assessment_year.year,
                "number": row.number,
            },
            deed=N_("Confirm the receipt"),
            url="web:sheet",
            key=row.pk,
        )
        for row in waiting.select_related("participant__assessment_year").defer("content")
    ]


def returned_count(user: User) -> int:
    """How many things were returned to a person: the number beside the desk, in one query."""
    mine = Q(drafted_by=user) | Q(submitted_by=user)
    documents = DocumentVersion.objects.filter(mine, state="returned")
    parts = PartVersion.objects.filter(mine, state="returned", part__assessment_year__state="open")
    others = (parts, returned_targets(user), returned_adjustments(user))
    keys = (rows.order_by().values("pk") for rows in others)
    return documents.order_by().values("pk").union(*keys, all=True).count()
