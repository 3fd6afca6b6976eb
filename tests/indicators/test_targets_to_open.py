"""The drafts for whose units the declaration of targets can be opened."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaohe.core.access import Role, Verb
from kaohe.indicators.queries.targets import drafts_to_open
from kaohe.indicators.services import participants, scheme_part, targets
from kaohe.organization.queries.access import allows


def told(user, year):
    return [(version.part.department.name, count) for version, count in drafts_to_open(user, year)]


def test_a_department_is_told_how_many_of_its_units_wait(draft, year, dept_clerk, education):
    assert told(dept_clerk, year) == [(education.name, 1)]

    targets.open_targets(by=dept_clerk, version=draft)

    assert told(dept_clerk, year) == []


def test_a_unit_of_another_department_or_exempt_does_not_wait(draft, year, dept_clerk, participant):
    participant.status = "exempt"
    participant.save()
    assert told(dept_clerk, year) == []


def test_it_asks_as_often_for_two_drafts_as_for_one(
    draft, year, city, person, office_clerk, dept_clerk, health, hospital
):
    with CaptureQueriesContext(connection) as before:
        assert len(drafts_to_open(dept_clerk, year)) == 1

    participants.add_unit(by=office_clerk, year=year, unit=hospital, reason="新纳入")
    clerk = person(Role.DEPT_CLERK, department=health)
    scheme_part.begin_scheme(by=clerk, year=year, department=health)
    clerk.assignments.update(user=dept_clerk)
    dept_clerk.held = None
    allows(dept_clerk, Verb.TARGET_REVIEW)
    with CaptureQueriesContext(connection) as after:
        assert len(drafts_to_open(dept_clerk, year)) == 2
    assert len(after) == len(before)
