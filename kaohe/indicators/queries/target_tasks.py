"""What of targets and adjustments waits for a person: lines of the desk."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet

from kaohe.core.access import Verb
from kaohe.core.problems import N_
from kaohe.core.target_path import AdjustmentState, TargetState
from kaohe.indicators.models import Adjustment, Step, TargetTable
from kaohe.organization.models import Jurisdiction, User
from kaohe.organization.queries.access import allows, reach_of, visible
from kaohe.organization.queries.desk_lines import Task

ONE_BY_ONE = 5  # more of a kind stand on one line, which leads to the list
KIND, ADJUSTING = N_("Targets"), N_("Adjustments of targets")
TITLE = N_("Targets of {unit}, {year}")
ADJUSTED = N_("{unit}, {year}, adjustment {number}")
STEPS = {
    "declare": "declaration",
    "review": "filing",
    "finalise": "review",
}  # whose last day is due


class TargetTasks(NamedTuple):
    """The lines of one person."""

    tasks: list[Task]
    returned: list[Task]
    sent: list[Task]


def target_tasks(user: User, place: Jurisdiction | None) -> TargetTasks:
    """What waits for a person, came back to them, or was sent on by them; a few queries in all."""
    if place is None or not allows(user, Verb.SHEET_READ):
        return TargetTasks([], [], [])
    due = _due(place)
    tables, adjustments = _tables(user, place), _adjustments(user, place)
    tasks = [*_table_tasks(user, tables, due), *_adjustment_tasks(user, adjustments)]
    returned = [
        *(
            _table(row, N_("Mend and declare again"), due)
            for row in tables
            if _came_back(user, row)
        ),
        *(
            _adjustment(row, N_("Mend and propose again"))
            for row in adjustments
            if row.state == AdjustmentState.RETURNED and allows(user, _side(row), row)
        ),
    ]
    return TargetTasks(tasks, returned, [*_sent_tables(user, tables), *_sent(user, adjustments)])


def returned_targets(user: User) -> QuerySet[TargetTable]:
    """The targets that a person declared and that came back: what the menu counts."""
    return TargetTable.objects.filter(
        declared_by=user,
        state=TargetState.RETURNED,
        participant__assessment_year__state="open",
    )


def returned_adjustments(user: User) -> QuerySet[Adjustment]:
    """The adjustments that a person proposed and that came back: what the menu counts."""
    return Adjustment.objects.filter(
        proposed_by=user,
        state=AdjustmentState.RETURNED,
        participant__assessment_year__state="open",
    )


def _due(place: Jurisdiction) -> dict[tuple[int, str], date]:
    """The last days of the steps, by year and deed."""
    rows = Step.objects.filter(
        jurisdiction=place,
        code__in=STEPS.values(),
        dropped=False,
        done_on__isnull=True,
        assessment_year__state="open",
    ).order_by()
    found = {
        (year, code): day
        for year, code, day in rows.values_list("assessment_year", "code", "ends_on")
    }
    return {
        (year, deed): day
        for (year, code), day in found.items()
        for deed, step in STEPS.items()
        if step == code
    }


def _tables(user: User, place: Jurisdiction) -> list[TargetTable]:
    """The tables on their way that a person may see, where they may do something with them."""
    deeds = Q(pk__in=[])
    if reach_of(user, Verb.TARGET_DECLARE):
        deeds |= Q(state__in=[TargetState.OPEN, TargetState.RETURNED]) | Q(declared_by=user)
    if reach_of(user, Verb.TARGET_REVIEW):
        deeds |= Q(state=TargetState.DECLARED)
    if reach_of(user, Verb.TARGET_FINALISE):
        deeds |= Q(state=TargetState.REVIEWED)
    rows = TargetTable.objects.filter(
        jurisdiction=place, participant__assessment_year__state="open"
    ).exclude(state=TargetState.FINALISED)
    seen = visible(
        user,
        Verb.SHEET_READ,
        rows.filter(deeds),
        department="participant__department",
        unit="participant__unit",
    )
    found = seen.select_related(
        "jurisdiction", "participant__jurisdiction", "participant__assessment_year"
    )
    return list(found.defer("content", "declared").order_by("moved_at", "pk"))


def _adjustments(user: User, place: Jurisdiction) -> list[Adjustment]:
    rows = Adjustment.objects.filter(
        jurisdiction=place,
        participant__assessment_year__state="open",
        state__in=[AdjustmentState.PROPOSED, AdjustmentState.REVIEWED, AdjustmentState.RETURNED],
    )
    seen = visible(
        user,
        Verb.SHEET_READ,
        rows,
        department="participant__department",
        unit="participant__unit",
    )
    found = seen.select_related(
        "jurisdiction", "participant__jurisdiction", "participant__assessment_year"
    )
    return list(found.order_by("moved_at", "pk"))


def _table_tasks(
    user: User, tables: Sequence[TargetTable], due: dict[tuple[int, str], date]
) -> list[Task]:
    waiting = (
        (TargetState.OPEN, Verb.TARGET_DECLARE, "declare", N_("Fill in and declare")),
        (TargetState.DECLARED, Verb.TARGET_REVIEW, "review", N_("Review targets")),
        (TargetState.REVIEWED, Verb.TARGET_FINALISE, "finalise", N_("Finalise")),
    )
    found: list[Task] = []
    for state, verb, name, deed in waiting:
        rows = [
            row
            for row in tables
            if row.state == state and allows(user, verb, row) and user.pk not in _hands(row, state)
        ]
        if len(rows) > ONE_BY_ONE:
            found.append(_many(rows, state, name, due))
        else:
            found += [_table(row, deed, due, name) for row in rows]
    return found


def _hands(row: TargetTable, state: TargetState) -> set[int | None]:
    if state is TargetState.OPEN:
        return set()
    return {row.declared_by_id} | ({row.reviewed_by_id} if state is TargetState.REVIEWED else set())


def _came_back(user: User, row: TargetTable) -> bool:
    return row.state == TargetState.RETURNED and allows(user, Verb.TARGET_DECLARE, row)


WAIT = {
    TargetState.OPEN: N_("targets to be declared: {n} units"),
    TargetState.DECLARED: N_("declared targets wait for review: {n} units"),
    TargetState.REVIEWED: N_("reviewed targets wait to be finalised: {n} units"),
}


def _many(
    rows: Sequence[TargetTable],
    state: TargetState,
    name: str,
    due: dict[tuple[int, str], date],
) -> Task:
    year = rows[0].participant.assessment_year
    return Task(
        kind=KIND,
        title=WAIT[state],
        facts={"n": len(rows)},
        deed=N_("See the list"),
        url="web:targets",
        key=year.pk,
        query=f"?state={state}",
        due_on=due.get((year.pk, name)),
    )


def _table(
    row: TargetTable, deed: str, due: dict[tuple[int, str], date], name: str = "declare"
) -> Task:
    unit = row.participant
    return Task(
        kind=KIND,
        title=TITLE,
        facts={"unit": unit.name, "year": unit.assessment_year.year},
        deed=deed,
        url="web:unit-targets",
        key=unit.pk,
        due_on=due.get((unit.assessment_year_id, name)),
        note=row.return_reason if row.state == TargetState.RETURNED else "",
    )


def _sent_tables(user: User, tables: Sequence[TargetTable]) -> list[Task]:
    return [
        Task(
            kind=KIND,
            title=TITLE,
            facts={
                "unit": row.participant.name,
                "year": row.participant.assessment_year.year,
                "state": "with_approver",
            },
            deed="",
            url="web:unit-targets",
            key=row.participant_id,
        )
        for row in tables
        if row.declared_by_id == user.pk
        and row.state in (TargetState.DECLARED, TargetState.REVIEWED)
    ]


def _side(row: Adjustment) -> Verb:
    return Verb.TARGET_REVIEW if row.by_department else Verb.TARGET_DECLARE


def _adjustment_tasks(user: User, rows: Sequence[Adjustment]) -> list[Task]:
    waiting = (
        (AdjustmentState.PROPOSED, Verb.TARGET_REVIEW, N_("Review targets")),
        (AdjustmentState.REVIEWED, Verb.TARGET_FINALISE, N_("Finalise")),
    )
    return [
        _adjustment(row, deed)
        for state, verb, deed in waiting
        for row in rows
        if row.state == state
        and user.pk not in {row.proposed_by_id, row.reviewed_by_id}
        and allows(user, verb, row)
    ]


def _adjustment(row: Adjustment, deed: str, state: str = "") -> Task:
    unit = row.participant
    facts: dict[str, object] = {
        "unit": unit.name,
        "year": unit.assessment_year.year,
        "number": row.number,
    }
    return Task(
        kind=ADJUSTING,
        title=ADJUSTED,
        facts=facts | ({"state": state} if state else {}),
        deed=deed,
        url="web:adjustment",
        key=row.pk,
        note=row.return_reason if row.state == AdjustmentState.RETURNED else "",
    )


def _sent(user: User, rows: Sequence[Adjustment]) -> list[Task]:
    return [
        _adjustment(row, "", "with_approver")
        for row in rows
        if row.proposed_by_id == user.pk and row.state != AdjustmentState.RETURNED
    ]
