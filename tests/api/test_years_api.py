"""Years, their calendar, groups and units over the API."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaohe.core.access import Role
from kaohe.indicators.models import AssessmentYear, Participant, Step
from kaohe.indicators.services import groups, years
from kaohe.journal.models import JournalEntry
from kaohe.organization.models import Document
from tests.fixtures.people import make_unit


@pytest.fixture
def office(person, calling):
    return calling(person(Role.OFFICE_HEAD))


@pytest.fixture
def free(year):
    """The year, its groups not frozen for a long time."""
    year.freeze_on = date(2100, 3, 31)
    year.save()
    return year


def at(year, tail=""):
    return f"/years/{year.pk}{tail}"


def test_a_year_is_opened_and_answers_with_its_address(office, city):
    answer = office.post("/years", {"year": 2026})

    row = AssessmentYear.objects.get()
    told = answer.json()
    assert answer.status_code == 201
    assert answer["Location"] == f"/api/v1/years/{row.pk}"
    assert (told["title"], told["state"]) == ("2026年度事业单位绩效考核", "open")
    assert office.get(at(row)).json() == told
    assert [each["id"] for each in office.get("/years?state=open").json()["items"]] == [row.pk]
    assert office.get("/years?state=archived").json()["items"] == []
    again = office.post("/years", {"year": 2026})
    assert (again.status_code, again.json()["code"]) == (409, "year.there")


@pytest.mark.parametrize("number", [1999, 2101, "2026", 2026.5, None])
def test_what_is_no_year_is_refused(office, city, number):
    assert office.post("/years", {"year": number}).status_code == 422


def test_a_correction_changes_what_is_sent_and_nothing_else(office, year):
    told = office.patch(at(year), {"minimum_group": 4}, If_Match='"1"').json()

    assert (told["minimum_group"], told["title"], told["version"]) == (4, year.title, 2)
    assert office.patch(at(year), {"minimum_group": 6}, If_Match='"1"').status_code == 412


def test_the_opinion_is_linked(office, free, city):
    document = Document.objects.create(jurisdiction=city, sort="opinion", title="2026年考核意见")
    sent = {"sort": "opinion", "governing_document": document.pk}

    assert office.post(at(free, "/documents"), sent).json()["opinion_id"] == document.pk
    wrong = office.post(at(free, "/documents"), {**sent, "sort": "work_plan"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "year.document-not-fit")


def test_the_journey_has_nine_stages_with_29_steps(office, free):
    stages = office.get(at(free, "/journey")).json()["stages"]

    assert len(stages) == 9
    steps = [step for stage in stages for step in stage["steps"]]
    assert len(steps) == 29
    assert {each["sign"] for each in steps} <= {"late", "running", "ahead"}
    assert steps[0]["step"]["code"] == "plan"


def test_a_step_goes_through_its_deeds(office, free):
    step = Step.objects.get(code="scheme")
    where = f"/steps/{step.pk}"
    sent = {"starts_on": "2026-02-02", "ends_on": "2026-04-11", "reason": "推迟"}
    refused = office.post(f"{where}/move", sent)
    assert (refused.status_code, refused.json()["code"]) == (422, "step.day-off")
    moved = office.post(f"{where}/move", {**sent, "ends_on": "2026-04-10"}).json()
    assert (moved["ends_on"], moved["note"]) == ("2026-04-10", "推迟")
    assert office.post(f"{where}/finish", {"note": "考1号"}).json()["done_on"]
    assert office.post(f"{where}/reopen", {"reason": "漏发"}).json()["done_on"] is None
    assert office.post(f"{where}/drop", {"reason": "沿用上年"}).json()["dropped"] is True

    assert office.get(where).json()["version"] == 5


def test_groups_are_made_renamed_filled_merged_closed_and_frozen(office, free):
    row = Participant.objects.get()
    made = office.post(at(free, "/groups"), {"name": "镇街组"}).json()
    named = office.patch(f"/groups/{made['id']}", {"name": "镇街所属组"}).json()
    assert named["name"] == "镇街所属组"
    sent = {"participants": [row.pk], "into_group": made["id"]}
    assert [each["id"] for each in office.post(at(free, "/assign"), sent).json()["items"]] == [
        row.pk
    ]
    lines = office.get(at(free, "/groups")).json()["items"]
    assert {each["name"]: each["graded"] for each in lines} == {"教育组": 0, "镇街所属组": 1}
    empty = next(each["id"] for each in lines if each["name"] == "教育组")
    assert office.post(f"/groups/{empty}/close", {}).json()["closed"] is True
    merged = office.post(at(free, "/merge"), {"sources": [made["id"]], "into": "综合组"}).json()
    assert merged["name"] == "综合组"
    assert office.get(at(free, "/merge-proposal")).json()["sources"] == []
    silent = office.post(at(free, "/freeze"), {})
    assert (silent.status_code, silent.json()["code"]) == (422, "group.too-small")
    assert office.post(at(free, "/freeze"), {"reason": "仅一家"}).json()["frozen_on"]
    assert office.post(at(free, "/groups"), {"name": "新组"}).json()["code"] == "group.frozen"


def test_the_proposal_to_merge_names_groups_and_effect(office, free, education, office_clerk):
    large = groups.make_group(by=office_clerk, year=free, name="大组")
    units = [make_unit(free.jurisdiction, education, f"{n}号中心", 7000000 + n) for n in range(6)]
    rows = years.take_in(office_clerk, free, units)
    groups.assign_units(by=office_clerk, year=free, participants=rows, group=large)

    assert office.get(at(free, "/merge-proposal")).json() == {
        "sources": ["教育组"],
        "into": "大组",
        "units": 7,
        "enough": True,
    }


def test_keys_that_are_none_of_the_year_are_named(office, free):
    [group] = free.groups.all()
    told = office.post(
        at(free, "/assign"), {"participants": [987654], "into_group": group.pk}
    ).json()
    assert (told["code"], told["facts"]) == ("participant.unknown", {"keys": "987654"})
    told = office.post(at(free, "/merge"), {"sources": [987654], "into": "综合组"}).json()
    assert told["code"] == "group.unknown"


def test_units_are_taken_in_and_out(office, free, hospital):
    sent = {"unit": hospital.pk, "reason": "一并考核"}
    told = office.post(at(free, "/participants"), sent).json()
    assert told["name"] == "示例市人民医院"
    found = office.get(
        at(free, f"/participants?q=人民&status=graded&department={hospital.department_id}")
    )
    assert [each["id"] for each in found.json()["items"]] == [told["id"]]
    assert office.get(at(free, "/participants?group=1234")).json()["items"] == []
    out = office.post(f"/participants/{told['id']}/take-out", {"reason": "不属公益类"})

    assert out.status_code == 204
    assert office.get(f"/participants/{told['id']}").status_code == 404


def test_what_the_register_says_by_now_is_told_and_taken_over(office, free, school):
    assert office.get(at(free, "/register-changes")).json() == {"items": []}
    school.name = "示例市实验中学"
    school.save()
    [told] = office.get(at(free, "/register-changes")).json()["items"]
    assert told["differences"] == [
        {"field": "name", "year": "示例市第一中学", "register_says": "示例市实验中学"}
    ]
    sent = {"participants": [told["participant"]["id"]]}
    [done] = office.post(at(free, "/refresh"), sent).json()["items"]

    assert done["name"] == "示例市实验中学"
    assert office.post(at(free, "/refresh"), sent).json()["code"] == "participant.nothing-differs"


def test_a_change_is_proposed_and_answered_by_another_person(office, free, calling, person):
    row = Participant.objects.get()
    clerk = calling(person(Role.OFFICE_CLERK))
    sent = {"field": "status", "new": "exempt", "reason": "正在撤并"}
    told = clerk.post(f"/participants/{row.pk}/changes", sent).json()
    where = f"/changes/{told['id']}"
    assert (told["old"], told["new"], told["state"]) == ("graded", "exempt", "proposed")
    assert clerk.post(f"{where}/answer", {"approve": True}).status_code == 403
    assert office.post(f"{where}/answer", {"approve": False}).status_code == 422
    before = JournalEntry.objects.count()
    done = office.post(f"{where}/answer", {"approve": True}).json()

    assert (done["state"], done["decided_by"] is not None) == ("approved", True)
    assert JournalEntry.objects.count() == before + 2
    assert office.get(f"/participants/{row.pk}").json()["status"] == "exempt"
    listed = office.get(at(free, "/changes?state=approved&field=status")).json()["items"]
    assert [each["id"] for each in listed] == [told["id"]]
    assert office.get(at(free, "/changes?state=proposed")).json()["items"] == []
    assert office.get(where).json() == done


def test_who_proposed_does_not_answer(office, free):
    row = Participant.objects.get()
    sent = {"field": "status", "new": "ungraded", "reason": "新设立"}
    told = office.post(f"/participants/{row.pk}/changes", sent).json()
    answer = office.post(f"/changes/{told['id']}/answer", {"approve": True})

    assert (answer.status_code, answer.json()["code"]) == (403, "change.own")


def test_a_year_is_closed_and_archived(office, free):
    early = office.post(at(free, "/archive"), {})
    assert early.json()["code"] == "year.not-closed"
    assert office.post(at(free, "/close"), {}).json()["state"] == "closed"
    assert office.post(at(free, "/archive"), {}).json()["state"] == "archived"


def test_a_department_sees_its_own_units_only(free, health, calling, person):
    program = calling(person(Role.DEPT_CLERK, department=health))

    assert program.get(at(free, "/participants")).json()["items"] == []
    assert program.get(f"/participants/{Participant.objects.get().pk}").status_code == 404
    assert program.get(at(free, "/groups")).json()["items"][0]["name"] == "教育组"


def test_a_list_asks_the_same_number_of_questions_whatever_its_length(office, free, education):
    def questions():
        with CaptureQueriesContext(connection) as asked:
            assert office.get(at(free, "/participants?limit=100")).status_code == 200
        return len(asked)

    questions()  # notes that the token is in use
    few = questions()
    units = [make_unit(free.jurisdiction, education, f"{n}号中心", 8000000 + n) for n in range(60)]
    years.take_in(free.opened_by, free, units)

    assert questions() == few <= 8
