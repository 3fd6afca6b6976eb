"""The calendar of a year: steps moved, done, dropped, taken up again; the journey of it all."""

from datetime import date
from functools import partial

import pytest

from kaohe.core import step_moves as rules
from kaohe.core.access import Role
from kaohe.core.year_steps import Sign, Stage
from kaohe.indicators.models import Step
from kaohe.indicators.queries.journey import (
    counted,
    issued_first_on,
    journey_of,
    step_state,
    steps_for,
)
from kaohe.indicators.queries.year_desk import year_tasks
from kaohe.indicators.services import participants, steps, years
from kaohe.indicators.services.part_refusals import YearIsClosed
from kaohe.indicators.services.year_refusals import PlanByDocuments
from kaohe.journal.queries import entries_of, tell
from kaohe.organization.models import Document, DocumentVersion
from kaohe.organization.queries.access import RoleMissing
from kaohe.organization.services.writing import Changed


@pytest.fixture
def step(year):
    """A function: a step of the year by its code."""
    return lambda code: Step.objects.get(assessment_year=year, code=code)


def last_entry(row):
    return next(iter(tell(entries_of([row.subject]))))


def test_a_step_is_moved_with_a_reason(step, office_clerk):
    row = steps.move_step(
        by=office_clerk,
        step=step("scheme"),
        seen=1,
        starts_on=date(2026, 2, 2),
        ends_on=date(2026, 4, 10),
        reason="考核意见印发较晚",
    )

    told = last_entry(row)
    assert told.action == "step.moved"
    assert told.facts == {"starts_on": "2026-02-02", "ends_on": "2026-04-10"}
    assert told.was == {"starts_on": "2026-02-01", "ends_on": "2026-03-31"}
    assert told.sealed["note"] == "考核意见印发较晚"


def test_a_move_without_a_reason_or_to_a_day_off_is_refused(step, office_clerk):
    move = partial(
        steps.move_step,
        by=office_clerk,
        step=step("scheme"),
        seen=None,
        starts_on=date(2026, 2, 1),
    )
    with pytest.raises(rules.StepReasonMissing):
        move(ends_on=date(2026, 4, 10), reason=" ")
    with pytest.raises(rules.StepDayOff):
        move(ends_on=date(2026, 4, 11), reason="周六")


def test_a_step_is_done_undone_and_done_again_and_the_record_keeps_all(step, office_clerk):
    row = steps.finish_step(by=office_clerk, step=step("scheme"), seen=1, note="考字1号")
    assert row.done_on is not None
    with pytest.raises(rules.StepNotOpen):
        steps.finish_step(by=office_clerk, step=row, seen=None)
    row = steps.reopen_step(by=office_clerk, step=row, seen=2, reason="漏发一个部门")
    assert row.done_on is None
    assert row.done_by is None
    row = steps.finish_step(by=office_clerk, step=row, seen=3)

    told = [each.action for each in tell(entries_of([row.subject]))]
    assert told[:3] == ["step.finished", "step.reopened", "step.finished"]


def test_a_step_is_dropped_with_a_reason_but_none_of_the_law(step, office_clerk):
    row = steps.drop_step(by=office_clerk, step=step("certificates"), seen=1, reason="未获批准")

    assert row.dropped
    with pytest.raises(rules.StepMustBeHeld):
        steps.drop_step(by=office_clerk, step=step("inspection"), seen=1, reason="不需要")


def test_what_somebody_changed_meanwhile_is_not_overwritten(step, office_clerk):
    row = step("scheme")
    steps.finish_step(by=office_clerk, step=row, seen=1)
    with pytest.raises(Changed):
        steps.drop_step(by=office_clerk, step=row, seen=1, reason="不需要")


@pytest.mark.parametrize("role", [Role.COMMITTEE_DIRECTOR, Role.LEDGER_KEEPER])
def test_who_does_not_manage_the_year_leaves_its_calendar_alone(step, person, role):
    with pytest.raises(RoleMissing):
        steps.finish_step(by=person(role), step=step("scheme"), seen=None)


def test_the_calendar_of_a_closed_year_does_not_change(step, year, office_clerk, office_head):
    years.close_year(by=office_head, year=year, seen=None)
    with pytest.raises(YearIsClosed):
        steps.finish_step(by=office_clerk, step=step("scheme"), seen=None)


def issue(year, sort, day):
    document = Document.objects.create(
        jurisdiction=year.jurisdiction, sort=sort, title=f"{year.year}{sort}"
    )
    DocumentVersion.objects.create(
        jurisdiction=year.jurisdiction,
        document=document,
        number=1,
        state="issued" if day else "draft",
        text="第一条",
        drafted_by=year.opened_by,
        issued_on=day,
    )
    setattr(year, sort, document)
    year.save()
    return document


def test_the_first_step_is_done_when_work_plan_and_opinion_are_both_issued(year, step):
    issue(year, "work_plan", date(2026, 1, 20))
    assert issued_first_on(year) is None
    opinion = issue(year, "opinion", None)
    assert step_state(step("plan"), date(2026, 2, 20)).sign is Sign.RUNNING

    opinion.versions.update(state="issued", issued_on=date(2026, 2, 10))
    state = step_state(step("plan"), date(2026, 2, 20))
    assert (state.sign, state.done_on) == (Sign.DONE, date(2026, 2, 10))


def test_the_first_step_is_not_marked_by_hand(step, office_clerk):
    with pytest.raises(PlanByDocuments):
        steps.finish_step(by=office_clerk, step=step("plan"), seen=None)


def test_the_journey_has_nine_stages_and_every_step_once(year):
    stages = journey_of(year, date(2026, 4, 1))

    assert [each.stage for each in stages] == list(Stage)
    assert sum(counted(stages).values()) == 29
    assert stages[0].sign is Sign.LATE
    assert stages[-1].sign is Sign.AHEAD
    assert stages[-1].held == 4


def test_a_stage_names_what_is_late_and_what_ends_next(year, step, office_clerk):
    steps.drop_step(by=office_clerk, step=step("certificates"), seen=1, reason="未获批准")
    stages = {each.stage: each for each in journey_of(year, date(2026, 7, 10))}

    assert [each.step.code for each in stages[Stage.TARGETS].late] == [
        "annual-report",
        "declaration",
        "filing",
        "review",
    ]
    half = stages[Stage.HALF_YEAR].next_end
    assert half.step.code == "half-year"
    assert (half.left, half.soon) == (3, True)
    assert stages[Stage.USE].held == 3
    assert stages[Stage.USE].next_end is None


def test_the_desk_has_the_steps_of_ones_own_role_only(year, person, office_clerk):
    keeper = person(Role.LEDGER_KEEPER)
    today = date(2026, 4, 3)

    assert [each.step.code for each in steps_for(keeper, year, today)] == ["supervision", "month"]
    assert [each.facts["step"] for each in year_tasks(keeper, year, date(2026, 12, 1))] == [
        "daily supervision",
        "monthly summaries",
    ]
    assert year_tasks(keeper, year, today) == []  # both go on until the year's end


def test_a_proposal_stands_on_the_desk_of_who_answers_it_and_not_of_who_made_it(
    year, office_clerk, person
):
    head = person(Role.OFFICE_HEAD)
    change = participants.propose_change(
        by=head,
        participant=year.participants.get(),
        field="status",
        new="ungraded",
        reason="新设立",
    )
    director = person(Role.COMMITTEE_DIRECTOR)
    day = date(2025, 12, 1)  # no step has begun

    assert year_tasks(head, year, day) == []
    assert year_tasks(office_clerk, year, day) == []
    [task] = year_tasks(director, year, day)
    assert (task.url, task.key) == ("web:change", change.pk)


def test_a_closed_year_brings_nothing_to_the_desk(year, office_head):
    years.close_year(by=office_head, year=year, seen=None)
    year.refresh_from_db()

    assert year_tasks(office_head, year, date(2026, 4, 3)) == []
