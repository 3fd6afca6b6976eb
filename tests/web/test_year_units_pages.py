"""Pages of a year's groups and units: sizes, merges, the freeze, proposals, the register."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaohe.core.access import Role
from kaohe.indicators.models import (
    AssessmentYear,
    Group,
    Participant,
    ParticipantChange,
)
from kaohe.indicators.services import groups, participants, years
from tests.fixtures.people import make_unit


@pytest.fixture
def free(year):
    """The year, its groups not frozen for a long time."""
    year.freeze_on = date(2100, 3, 31)
    year.save()
    return year


@pytest.fixture
def office(person, signed_in):
    return signed_in(person(Role.OFFICE_HEAD))


def text(answer):
    return answer.content.decode()


def at(year, tail=""):
    return f"/indicators/years/{year.pk}{tail}"


def test_small_groups_are_shown_with_the_proposal_and_merged_by_the_form(
    office, free, education, office_clerk
):
    other = groups.make_group(by=office_clerk, year=free, name="大组")
    for place in range(6):
        unit = make_unit(free.jurisdiction, education, f"{place}号中心", 5000000 + place)
        row = participants.add_unit(by=office_clerk, year=free, unit=unit, reason="新设")
        groups.assign_units(by=office_clerk, year=free, participants=[row], group=other)
    small = Group.objects.get(name="教育组")
    page = text(office.get(at(free, "/groups")))
    assert at(free, "/groups/merge") in page
    form = text(office.get(at(free, "/groups/merge")))
    assert f'value="{small.pk}" checked' in form
    assert 'value="大组"' in form
    sent = {"sources": [str(small.pk)], "into": "大组"}
    assert office.post(at(free, "/groups/merge"), sent).status_code == 302

    assert other.participants.count() == 7
    assert office.post(at(free, "/groups/merge"), {"sources": ["9999"], "into": "x"})


def test_units_are_put_into_a_group_many_at_once(office, free, office_clerk):
    into = groups.make_group(by=office_clerk, year=free, name="镇街组")
    row = Participant.objects.get()
    where = at(free, "/groups/assign")
    assert f'id="u-{row.pk}"' in text(office.get(where))
    assert f'id="u-{row.pk}"' not in text(office.get(f"{where}?grouped=no"))
    nothing = office.post(where, {"group": str(into.pk)})
    assert nothing.status_code == 422
    answer = office.post(where, {"units": [str(row.pk)], "group": str(into.pk)})

    assert answer.status_code == 302
    assert into.participants.get() == row


def test_the_freeze_takes_the_deeds_away_and_offers_proposals(office, free):
    row = Participant.objects.get()
    assert "/propose-group" not in text(office.get(f"/indicators/units/{row.pk}"))
    refused = office.post(at(free, "/groups/freeze"), {"reason": ""})
    assert refused.status_code == 422
    done = office.post(at(free, "/groups/freeze"), {"reason": "仅一家单位"})
    assert done.status_code == 302

    page = text(office.get(at(free, "/groups")))
    assert "/groups/merge" not in page
    assert "/groups/new" not in page
    assert "/propose-group" in text(office.get(f"/indicators/units/{row.pk}"))
    assert office.post(at(free, "/groups/new"), {"name": "新组"}).status_code == 422


def test_a_group_is_made_renamed_and_closed(office, free):
    office.post(at(free, "/groups/new"), {"name": "新组"})
    group = Group.objects.get(name="新组")
    where = f"/indicators/groups/{group.pk}"
    assert office.post(f"{where}/rename", {"name": "教育组"}).status_code == 422
    assert office.post(f"{where}/rename", {"name": "镇街组"}).status_code == 302
    assert office.post(f"{where}/close", {"once_key": "z"}).status_code == 302

    group.refresh_from_db()
    assert (group.name, group.closed) == ("镇街组", True)


def test_a_department_sees_its_own_units_only(free, health, education, person, signed_in, hospital):
    participants.add_unit(by=person(Role.OFFICE_HEAD), year=free, unit=hospital, reason="一并考核")
    page = text(signed_in(person(Role.DEPT_CLERK, department=education)).get(at(free, "/units")))

    assert "示例市第一中学" in page
    assert "示例市人民医院" not in page
    assert "/units/add" not in page


def test_the_list_is_narrowed_and_is_a_workbook_too(office, free):
    for query in ("q=第一", "status=graded", "grouped=yes", "category=public_first"):
        assert "示例市第一中学" in text(office.get(at(free, f"/units?{query}"))), query
    for query in ("q=没有", "status=exempt", "grouped=no"):
        page = text(office.get(at(free, f"/units?{query}")))
        assert "示例市第一中学" not in page, query

    assert office.get(at(free, "/units?export=xlsx")).content[:2] == b"PK"


def test_the_list_asks_as_many_questions_of_3_units_as_of_60(office, free, education):
    def questions():
        with CaptureQueriesContext(connection) as caught:
            assert office.get(at(free, "/units")).status_code == 200
        return len(caught)

    units = [make_unit(free.jurisdiction, education, f"{n}号中心", 6000000 + n) for n in range(59)]
    clerk = AssessmentYear.objects.get().opened_by
    years.take_in(clerk, free, units[:2])
    questions()  # the session keeps which year is looked at
    few = questions()
    years.take_in(clerk, free, units[2:])

    assert Participant.objects.count() == 60
    assert questions() == few


def test_a_status_is_proposed_and_answered_by_another_person(free, office_clerk, person, signed_in):
    row = Participant.objects.get()
    client = signed_in(office_clerk)
    reason = "正在撤并，" * 900 + "䶮𠀀 O'Brien"
    sent = {"new": "exempt", "reason": reason, "once_key": "p"}
    where = f"/indicators/units/{row.pk}/propose-status"
    assert client.post(where, sent)["Location"] == client.post(where, sent)["Location"]
    change = ParticipantChange.objects.get()
    page = f"/indicators/changes/{change.pk}"
    assert "/answer" not in text(client.get(page))
    assert client.get(f"{page}/answer").status_code == 403
    head = signed_in(person(Role.OFFICE_HEAD))
    assert f'href="{page}"' in text(head.get("/"))
    assert "O&#x27;Brien" in text(head.get(page))
    assert head.post(f"{page}/answer", {"approve": "no"}).status_code == 422
    assert head.post(f"{page}/answer", {"approve": "yes"}).status_code == 302

    row.refresh_from_db()
    assert row.status == "exempt"
    assert "/answer" not in text(head.get(page))
    assert change.participant.name in text(head.get(at(free, "/changes")))


def test_who_proposed_sees_why_they_cannot_answer(office, free):
    row = Participant.objects.get()
    office.post(
        f"/indicators/units/{row.pk}/propose-status", {"new": "ungraded", "reason": "新设立"}
    )
    change = ParticipantChange.objects.get()

    assert "k-lock" in text(office.get(f"/indicators/changes/{change.pk}"))
    answer = office.post(f"/indicators/changes/{change.pk}/answer", {"approve": "yes"})
    assert answer.status_code == 403


def test_what_the_register_says_by_now_is_taken_over_by_a_deed(office, free, school, hospital):
    hospital.category = "public_second"
    hospital.save()
    school.name = "示例市实验中学"
    school.save()
    page = text(office.get(at(free, "/register")))
    assert "示例市实验中学" in page
    assert f"?unit={hospital.pk}" in page
    row = Participant.objects.get()
    assert "示例市实验中学" in text(office.get(f"/indicators/units/{row.pk}"))
    assert office.post(at(free, "/register"), {"once_key": "n"}).status_code == 422
    assert office.post(at(free, "/register"), {"units": [str(row.pk)]}).status_code == 302

    row.refresh_from_db()
    assert row.name == "示例市实验中学"


def test_who_only_reads_takes_nothing_over(free, school, dept_clerk, signed_in):
    school.name = "示例市实验中学"
    school.save()
    client = signed_in(dept_clerk)
    row = Participant.objects.get()
    assert 'name="units"' not in text(client.get(at(free, "/register")))

    answer = client.post(at(free, "/register"), {"units": [str(row.pk)]})
    assert answer.status_code == 403


def test_a_unit_is_taken_in_and_out_with_a_reason(office, free, hospital):
    sent = {"unit": str(hospital.pk), "reason": "一并考核"}
    assert office.post(at(free, "/units/add"), {**sent, "reason": ""}).status_code == 422
    answer = office.post(at(free, "/units/add"), sent)
    row = Participant.objects.get(code=hospital.code)
    assert answer["Location"] == f"/indicators/units/{row.pk}"
    out = office.post(f"{answer['Location']}/out", {"reason": "不属公益类"})

    assert out.status_code == 302
    assert not Participant.objects.filter(code=hospital.code).exists()
