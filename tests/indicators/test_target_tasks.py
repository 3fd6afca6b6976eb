"""What of targets stands on whose desk."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaohe.core.access import Role
from kaohe.indicators.models import Participant, TargetTable
from kaohe.indicators.queries.desk_of_indicators import returned_count
from kaohe.indicators.queries.target_tasks import target_tasks
from kaohe.indicators.services import adjustments, targets


def deeds(user, city):
    found = target_tasks(user, city)
    return [[task.deed for task in tasks] for tasks in found]


def test_the_unit_declares_then_sees_in_whose_hands_it_is(
    targets_table, unit_clerk, dept_clerk, office_chief, city, own, person
):
    assert deeds(unit_clerk, city) == [["Fill in and declare"], [], []]
    assert deeds(dept_clerk, city) == [[], [], []]
    [task] = target_tasks(unit_clerk, city).tasks
    assert (task.url, f"{task.due_on}") == ("web:unit-targets", "2026-03-31")

    row = targets.declare_targets(by=unit_clerk, table=targets_table, seen=None, own=own)
    assert deeds(unit_clerk, city) == [[], [], [""]]
    assert deeds(dept_clerk, city) == [["Review targets"], [], []]

    row = targets.return_targets(by=dept_clerk, table=row, seen=None, reason="偏低")
    assert deeds(unit_clerk, city) == [[], ["Mend and declare again"], []]
    assert target_tasks(unit_clerk, city).returned[0].note == "偏低"
    assert returned_count(unit_clerk) == 1
    row = targets.declare_targets(by=unit_clerk, table=row, seen=None)
    targets.review_targets(by=dept_clerk, table=row, seen=None)
    assert deeds(office_chief, city) == [["Finalise"], [], []]
    assert deeds(person(Role.SURVEYOR), city) == [[], [], []]


def test_many_stand_on_one_line(targets_table, office_chief, unit_clerk, city, education, year):
    units = Participant.objects.bulk_create(
        Participant(
            jurisdiction=city,
            assessment_year=year,
            department=education,
            code=f"X{place:017}",
            name=f"第{place}小学",
            department_name=education.name,
        )
        for place in range(60)
    )

    def questions():
        with CaptureQueriesContext(connection) as asked:
            target_tasks(office_chief, city)
        return len(asked)

    questions()
    few = questions()
    TargetTable.objects.bulk_create(
        TargetTable(jurisdiction=city, participant=each, state="reviewed", declared_by=unit_clerk)
        for each in units
    )
    assert questions() == few <= 4
    [task] = target_tasks(office_chief, city).tasks
    assert (task.facts["n"], task.query) == (60, "?state=reviewed")


def test_an_adjustment_waits_for_one_after_another(
    adjustment, unit_clerk, dept_head, office_chief, city
):
    assert deeds(dept_head, city) == [["Review targets"], [], []]
    assert deeds(unit_clerk, city) == [[], [], [""]]
    row = adjustments.review_adjustment(by=dept_head, adjustment=adjustment, seen=None)
    assert deeds(office_chief, city) == [["Finalise"], [], []]
    row = adjustments.return_adjustment(by=office_chief, adjustment=row, seen=None, reason="补")
    assert deeds(unit_clerk, city) == [[], ["Mend and propose again"], []]
    assert (returned_count(unit_clerk), returned_count(dept_head)) == (1, 0)
    assert deeds(dept_head, city) == [[], [], []]
