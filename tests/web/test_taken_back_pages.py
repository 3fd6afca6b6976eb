"""Pages and operations: taking back, opening again, taking a sheet over."""

from datetime import date

import pytest
from django.urls import reverse

from kaohe.core.access import Role
from kaohe.core.indicator_trees import tree_of
from kaohe.core.indicators import Plan
from kaohe.core.part_path import Sort
from kaohe.indicators.models import Participant, ParticipantChange, TargetTable
from kaohe.indicators.services import participants, parts, years
from kaohe.organization.models import Affiliation


def address(name, *args):
    return reverse(f"web:{name}", args=args)


def text(answer):
    return answer.content.decode()


@pytest.fixture
def change(year, office_clerk):
    year.freeze_on = date(2100, 3, 31)
    year.save()
    return participants.propose_change(
        by=office_clerk,
        participant=year.participants.get(),
        field="status",
        new="exempt",
        reason="正在撤并",
    )


def test_a_proposal_is_taken_back_on_its_page(change, office_clerk, office_head, signed_in):
    client, there = signed_in(office_clerk), address("withdraw-change", change.pk)
    assert there in text(client.get(address("change", change.pk)))
    assert there not in text(signed_in(office_head).get(address("change", change.pk)))
    client = signed_in(office_clerk)
    mute = client.post(there, {"once_key": "a", "reason": "", "seen": 1})
    assert mute.status_code == 422

    sent = {"once_key": "b", "reason": "批复已到", "seen": 1}
    assert client.post(there, sent).status_code == 302
    assert client.post(there, sent).status_code == 302  # sent twice
    shown = text(client.get(address("change", change.pk)))
    assert "批复已到" in shown
    assert "已撤回" in shown
    assert there not in shown
    assert client.get(there).status_code == 302  # nothing is left to take back
    assert client.get(address("answer-change", change.pk)).status_code in (302, 403)


def test_a_declaration_is_taken_back_on_its_page(declared, unit_clerk, dept_head, signed_in):
    client, there = signed_in(unit_clerk), address("withdraw-targets", declared.pk)
    page = address("unit-targets", declared.participant_id)
    assert there in text(client.get(page))

    answer = client.post(there, {"once_key": "a", "reason": "一项有误", "seen": declared.version})

    assert answer.status_code == 302
    assert TargetTable.objects.get().state == "open"
    assert there not in text(client.get(page))
    assert there not in text(signed_in(dept_head).get(page))


def test_a_year_is_opened_again_on_its_page(year, office_head, office_clerk, signed_in):
    years.close_year(by=office_head, year=year, seen=None)
    client, there = signed_in(office_head), address("reopen-year", year.pk)
    assert there in text(client.get(address("year", year.pk)))

    sent = {"once_key": "a", "reason": "漏办一项", "seen": year.version + 1}
    assert client.post(there, sent).status_code == 302
    year.refresh_from_db()
    assert year.state == "open"
    assert signed_in(office_clerk).get(there).status_code == 403


@pytest.fixture
def moved(draft, school, health, year, person):
    """The school came to health, whose draft is empty; who drafts it, and the draft."""
    clerk = person(Role.DEPT_CLERK, department=health, username="卫健起草")
    version = parts.begin_part(
        by=clerk, year=year, sort=Sort.DEPARTMENT, department=health, content=tree_of(Plan())
    )
    Affiliation.objects.create(unit=school, department=health)
    school.department = health
    school.save()
    Participant.objects.update(department=health, department_name=health.name)
    return clerk, version


def test_the_sheet_of_a_unit_that_came_is_taken_over_with_one_deed(moved, school, signed_in):
    clerk, version = moved
    client = signed_in(clerk)
    there = address("take-over-sheet", version.pk, school.code)
    desk = text(client.get("/"))
    assert "考核单待承接" in desk
    assert there in text(client.get(address("part-version", version.pk)))
    assert "教学常规检查合格率" in text(client.get(there))

    sent = {"once_key": "a", "with_indicators": "on", "seen": version.version}
    assert client.post(there, sent).status_code == 302
    assert client.post(there, sent).status_code == 302  # sent twice
    version.refresh_from_db()
    assert school.code in version.content["sheets"]
    assert "考核单待承接" not in text(client.get("/"))
    assert "k-empty" in text(client.get(there))
    again = client.post(there, sent | {"once_key": "b", "seen": version.version})
    assert again.status_code == 422
    assert there not in text(client.get(address("part-version", version.pk)))


def test_programs_can_do_the_same(moved, change, school, office_clerk, calling):
    clerk, version = moved
    taken = calling(clerk).post(f"/scheme-versions/{version.pk}/take-over", {"code": school.code})
    assert taken.status_code == 200
    back = calling(office_clerk).post(f"/changes/{change.pk}/withdraw", {"reason": "批复已到"})
    assert back.json()["state"] == "withdrawn"
    assert ParticipantChange.objects.get().answer == "批复已到"


def test_a_program_takes_a_declaration_back_and_opens_a_year(
    declared, unit_clerk, office_head, year, calling
):
    where = f"/target-tables/{declared.pk}/withdraw"
    told = calling(unit_clerk).post(where, {"reason": "一项有误"}).json()
    assert told["state"] == "open"
    year.state = "closed"
    year.save()
    told = calling(office_head).post(f"/years/{year.pk}/reopen", {"reason": "漏办一项"}).json()
    assert told["state"] == "open"
