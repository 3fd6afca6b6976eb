"""Sittings of the committee over the API: from the plan to the closed minutes."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from docx import Document

from kaohe.core.access import Role
from kaohe.journal.models import JournalEntry
from kaohe.organization.models import Sitting
from kaohe.organization.services import committee as committees
from kaohe.organization.services import decisions
from kaohe.organization.services import sittings as services
from tests.fixtures.people import make_department, make_unit


@pytest.fixture
def office(chief, calling):
    return calling(chief)


@pytest.fixture
def chair(director, calling):
    return calling(director)


def actions():
    return [each.action for each in JournalEntry.objects.order_by("id")]


def test_a_sitting_goes_from_the_plan_to_the_closed_minutes(office, chair, committee, seats):
    before = len(actions())
    told = office.post("/sittings", {"title": "第一次会议", "held_on": "2026-02-26"}).json()
    where = f"/sittings/{told['id']}"
    assert (told["state"], told["committee"], told["minutes"]) == ("planned", committee.pk, "")

    matter = office.post("/matters", {"sitting": told["id"], "title": "审议工作规则"}).json()
    assert office.post(f"{where}/open", None, If_Match='"1"').json()["state"] == "open"
    roll = [{"seat": seat.pk, "present": True} for seat in seats]
    roll[-1] |= {"present": False, "reason": "出差"}
    noted = office.post(f"{where}/roll", {"roll": roll}).json()["items"]
    assert [each["present"] for each in noted] == [True, True, True, False]
    decided = office.post(
        f"/matters/{matter['id']}/decide", {"outcome": "approved", "votes_for": 3}
    ).json()
    assert (decided["matter"], decided["votes_for"], decided["abstentions"]) == (
        matter["id"],
        3,
        0,
    )
    outline = office.get(f"{where}/outline").json()["text"]
    assert "审议工作规则" in outline
    assert office.post(f"{where}/minutes", {"minutes": outline}).status_code == 200
    answer = chair.post(f"{where}/close", None)
    assert answer.json()["code"] == "sitting.minutes-unfinished"
    office.post(f"{where}/minutes", {"minutes": "会议认为可行。"})
    closed = chair.post(f"{where}/close", None).json()

    assert (closed["state"], closed["minutes"]) == ("closed", "会议认为可行。")
    assert office.get(where).json() == closed
    assert office.patch(where, {"location": "301"}).json()["code"] == "sitting.closed"
    assert actions()[before:] == [
        "sitting.planned",
        "agenda.entered",
        "sitting.opened",
        *["attendance.noted"] * 4,
        "decision.recorded",
        "sitting.minuted",
        "sitting.minuted",
        "sitting.closed",
    ]


def test_who_should_stand_aside_is_listed_and_answered(office, sitting, seats, enter, opened):
    item = enter(department=seats[1].department)
    opened()
    where = f"/sittings/{sitting.pk}/matters"

    (told,) = office.get(where).json()["items"]
    assert [each["person_name"] for each in told["expected"]] == ["陈永强"]
    assert (told["voters"], told["decision"], told["aside"]) == (4, None, [])
    answer = office.post(f"/matters/{item.pk}/decide", {"outcome": "noted"})
    assert (answer.status_code, answer.json()["code"]) == (422, "decision.recusal-unanswered")

    stays = {"seat": seats[1].pk, "aside": False, "reason": "仅通报情况"}
    answer = office.post(
        f"/matters/{item.pk}/decide", {"outcome": "noted", "answers": [stays, stays]}
    )
    assert (answer.status_code, answer.json()["errors"][0]["where"]) == (422, "/answers")
    office.post(f"/matters/{item.pk}/decide", {"outcome": "noted", "answers": [stays]})
    (told,) = office.get(where).json()["items"]
    assert [(each["seat"]["seat"], each["reason"]) for each in told["stayed"]] == [
        (seats[1].pk, "仅通报情况")
    ]
    assert (told["expected"], told["decision"]["outcome"]) == ([], "noted")


def test_a_recusal_is_recorded_and_taken_back(office, sitting, seats, enter):
    item = enter()
    sent = {"matter": item.pk, "seat": seats[3].pk, "reason": "亲属任职"}

    answer = office.post("/recusals", sent)

    assert answer.status_code == 201
    told = answer.json()
    assert (told["person_name"], told["reason"]) == ("孙国栋", "亲属任职")
    assert office.get(f"/recusals/{told['id']}").json() == told
    assert office.post("/recusals", sent).json()["code"] == "recusal.there-already"
    done = office.post(f"/recusals/{told['id']}/withdraw", {"reason": "记录有误"}).json()
    assert done["id"] == item.pk
    assert office.get(f"/recusals/{told['id']}").status_code == 404


def test_a_matter_is_about_what_is_here(office, sitting, enter, education, other_city):
    school = make_unit(education.jurisdiction, education, "示例市第一中学", 49458012)
    away = make_department(other_city, "外市某局")
    sent = {"sitting": sitting.pk, "title": "审议"}

    told = office.post("/matters", {**sent, "unit": school.pk}).json()
    assert (told["unit"], told["number"]) == (school.pk, 1)
    assert office.post("/matters", {**sent, "department": away.pk}).status_code == 404
    where = f"/matters/{told['id']}"
    told = office.patch(where, {"unit": None, "text": "听取汇报"}, If_Match='"1"').json()
    assert (told["unit"], told["text"], told["title"]) == (None, "听取汇报", "审议")
    assert office.patch(where, {"text": ""}, If_Match='"1"').status_code == 412
    assert office.get(where).json() == told


def test_a_seat_twice_on_the_roll_is_refused(office, sitting, seats, enter, opened):
    enter()
    opened()
    line = {"seat": seats[0].pk, "present": True}

    answer = office.post(f"/sittings/{sitting.pk}/roll", {"roll": [line, line]})

    assert (answer.status_code, answer.json()["errors"][0]["where"]) == (422, "/roll")


def test_what_is_left_out_of_a_correction_stays(office, sitting):
    told = office.patch(f"/sittings/{sitting.pk}", {"location": "301会议室"}).json()

    assert (told["title"], told["held_on"], told["location"]) == (
        "第一次会议",
        "2026-02-26",
        "301会议室",
    )


def test_a_sitting_ahead_is_not_opened(office, sitting, enter):
    enter()
    ahead = timezone.localdate() + timedelta(days=3)
    office.patch(f"/sittings/{sitting.pk}", {"held_on": ahead.isoformat()})

    answer = office.post(f"/sittings/{sitting.pk}/open", None)

    assert (answer.status_code, answer.json()["code"]) == (422, "sitting.ahead")


def test_the_minutes_are_fetched_as_papers(office, sitting, enter, opened):
    enter()
    assert office.get(f"/sittings/{sitting.pk}/paper.pdf").json()["code"] == "sitting.not-so"
    opened()

    answer = office.get(f"/sittings/{sitting.pk}/paper.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert "filename*=utf-8''" in answer["Content-Disposition"]
    again = office.get(f"/sittings/{sitting.pk}/paper.pdf", If_None_Match=answer["ETag"])
    assert again.status_code == 304
    answer = office.get(f"/sittings/{sitting.pk}/paper.docx")
    texts = [each.text for each in Document(BytesIO(answer.content)).paragraphs]
    assert any("审议事项" in text for text in texts)


def test_a_paper_that_cannot_be_set_says_why(office, sitting, enter, opened):
    enter(title="审议\U000308aa事项")
    opened()

    answer = office.get(f"/sittings/{sitting.pk}/paper.pdf")

    assert (answer.status_code, answer.json()["code"]) == (422, "api.paper-not-set")


def test_the_list_is_narrowed(office, chief, committee, sitting):
    services.plan_sitting(by=chief, committee=committee, title="专题会议", held_on=sitting.held_on)

    def titles(query):
        return [each["title"] for each in office.get(f"/sittings?{query}").json()["items"]]

    assert titles("") == ["专题会议", "第一次会议"]
    assert titles("q=专题") == ["专题会议"]
    assert titles("state=closed") == []


def test_another_city_is_not_there(office, sitting, other_city):
    Sitting.objects.filter(pk=sitting.pk).update(jurisdiction=other_city)

    for path in ("", "/roll", "/matters", "/outline", "/paper.pdf", "/paper.docx"):
        assert office.get(f"/sittings/{sitting.pk}{path}").status_code == 404
    sent = {"sitting": sitting.pk, "title": "审议"}
    assert office.post("/matters", sent).status_code == 404


def test_a_member_reads_and_changes_nothing(person, calling, sitting, enter):
    item = enter()
    member = calling(person(Role.COMMITTEE_MEMBER))

    assert member.get(f"/sittings/{sitting.pk}").status_code == 200
    assert member.post(f"/matters/{item.pk}/decide", {"outcome": "noted"}).status_code == 403
    assert member.post(f"/sittings/{sitting.pk}/close", None).status_code == 403


def test_lists_ask_the_same_number_of_questions_whatever_their_length(
    office, chief, committee, sitting, seats, enter, opened
):
    enter()
    opened()
    paths = (
        "/sittings?limit=100",
        f"/sittings/{sitting.pk}/matters",
        f"/sittings/{sitting.pk}/roll",
    )

    def questions():
        found = []
        for path in paths:
            with CaptureQueriesContext(connection) as asked:
                assert office.get(path).status_code == 200
            found.append(len(asked))
        return found

    def more(count):
        for number in range(count):
            services.plan_sitting(
                by=chief, committee=committee, title=f"会议{number}", held_on=sitting.held_on
            )
            item = enter(department=seats[1].department)
            decisions.recuse(by=chief, item=item, seat=seats[1], reason="事关本部门")
            decisions.decide(by=chief, item=item, outcome="noted")
            committees.give_seat(by=chief, committee=committee, seat="member", name=f"委{number}")

    more(3)
    questions()  # notes that the token is in use
    few = questions()
    more(57)

    assert questions() == few
    assert max(few) <= 10
