"""What of the second pillar stands on a person's desk, and the number in the menu."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kaohe.core.access import Role
from kaohe.indicators.queries.desk_of_indicators import returned_count, with_indicators
from kaohe.indicators.queries.review import turn_of
from kaohe.indicators.services import parts
from kaohe.organization.queries.desk import desk_of

TODAY = date(2026, 3, 20)


@pytest.fixture
def desk(city):
    """A function: the desk of a user, but for steps of the calendar."""

    def of(user):
        user.held = None
        return with_indicators(desk_of(user, city, TODAY), user, city)

    return of


def has(tasks, version):
    return [task.deed for task in tasks if (task.url, task.key) == ("web:part-version", version.pk)]


def test_a_draft_waits_for_who_drafts_it(draft, desk, dept_clerk, dept_head, office_chief):
    assert has(desk(dept_clerk).tasks, draft) == ["Go on drafting"]
    assert has(desk(dept_head).tasks, draft) == []  # had no hand in it
    assert has(desk(office_chief).tasks, draft) == []


def test_then_for_who_approves_it_and_is_sent_on_for_who_drafted(
    draft, submit, desk, dept_clerk, office_chief, office_clerk
):
    submit(version=draft)

    assert has(desk(office_chief).tasks, draft) == ["Review"]
    assert has(desk(office_clerk).tasks, draft) == []
    assert [task.key for task in desk(dept_clerk).sent] == [draft.pk]
    assert has(desk(dept_clerk).tasks, draft) == []


@pytest.mark.parametrize(
    ("days", "named"),
    [
        ({}, True),
        ({"to_on": date(2099, 1, 1)}, True),  # until some day to come
        ({"from_on": date(2099, 1, 1)}, False),
        ({"to_on": date(2021, 1, 1)}, False),
    ],
)
def test_whose_turn_it_is_says_who_holds_the_role_today(draft, submit, office_chief, days, named):
    row = submit(version=draft)
    office_chief.assignments.update(**days)
    assert turn_of(row)[1] == [office_chief.name] * named


def test_what_was_returned_is_counted_until_it_is_submitted_again(
    draft, submit, desk, dept_clerk, office_chief
):
    submit(version=draft)
    parts.return_part(by=office_chief, version=draft, seen=None, reason="目标请核对")

    assert returned_count(dept_clerk) == 1
    assert [task.note for task in desk(dept_clerk).returned] == ["目标请核对"]
    client = Client()
    client.force_login(dept_clerk)
    assert '<span class="cnt" aria-hidden="true">1</span>' in client.get("/").content.decode()
    submit(version=draft)
    assert returned_count(dept_clerk) == 0
    assert desk(dept_clerk).returned == []


def test_who_approved_is_told_when_it_was_changed_since(
    draft, submit, desk, dept_clerk, office_chief, office_head
):
    submit(version=draft)
    parts.approve_part(by=office_chief, version=draft, seen=None)
    assert has(desk(office_chief).tasks, draft) == ["Issue"]

    parts.return_part(by=office_head, version=draft, seen=None, reason="再核")
    assert has(desk(office_chief).tasks, draft) == ["See what changed"]
    assert has(desk(office_head).tasks, draft) == []
    content = {**draft.content, "preface": "改"}
    parts.edit_part(by=dept_clerk, version=draft, seen=None, content=content)
    submit(version=draft)
    assert has(desk(office_chief).tasks, draft) == ["See what changed"]
    assert has(desk(office_head).tasks, draft) == ["Review"]


def test_a_sheet_waits_for_its_receipt(scheme, desk, person, school, hospital):
    head, other = person(Role.UNIT_HEAD, unit=school), person(Role.UNIT_HEAD, unit=hospital)

    assert [task.deed for task in desk(head).tasks if task.url == "web:sheet"] == [
        "Confirm the receipt"
    ]
    assert [task for task in desk(other).tasks if task.url == "web:sheet"] == []


def test_another_department_has_none_of_it(draft, submit, desk, person, health):
    submit(version=draft)
    clerk = person(Role.DEPT_CLERK, department=health)

    assert has(desk(clerk).tasks, draft) == []


def test_the_number_in_the_menu_is_one_question(dept_clerk):
    with CaptureQueriesContext(connection) as asked:
        returned_count(dept_clerk)

    assert len(asked) == 1
