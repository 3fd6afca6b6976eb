"""Pages of the committee, its office and its sittings."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document

from kaohe.core.access import Role
from kaohe.journal.models import JournalEntry
from kaohe.organization.models import (
    AgendaItem,
    Attendance,
    Committee,
    Person,
    Recusal,
    Seat,
    Sitting,
)
from kaohe.organization.services import decisions, sittings

HOME = "/organization/committee"


def html(answer):
    return answer.content.decode()


@pytest.fixture
def office(chief, signed_in):
    return signed_in(chief)


def test_an_empty_page_teaches_and_only_who_may_begins(office, person, signed_in):
    page = html(office.get(HOME))
    assert "k-empty" in page
    assert f"{HOME}/found" in page

    page = html(signed_in(person(Role.COMMITTEE_MEMBER)).get(HOME))
    assert "k-empty" in page
    assert f"{HOME}/found" not in page


def test_the_committee_is_founded_and_seats_are_given_on_pages(office, education):
    sent = {"name": "示例市事考委", "founded_on": "2011-10-18", "once_key": "k1"}
    for _time in range(2):
        assert office.post(f"{HOME}/found", sent)["Location"] == HOME
    office.post(
        "/organization/seats/new",
        {"name": "陈永强", "seat": "member", "title": "局长", "department": education.pk},
    )

    page = html(office.get(HOME))
    assert Committee.objects.count() == 1
    assert "陈永强" in page
    assert "2011.10.18" in page
    assert f"/organization/seats/{Seat.objects.get().pk}/end" in page
    assert "k-trace" in page


@pytest.mark.parametrize(
    "sent",
    [{"seat": "member"}, {"seat": "chairman", "name": "甲"}, {"name": "=1+1", "seat": "member"}],
)
def test_a_refused_seat_is_told_with_its_status(office, committee, sent):
    answer = office.post("/organization/seats/new", sent)

    assert answer.status_code == 422
    assert "k-alert" in html(answer)
    assert Seat.objects.count() == 0


def test_seats_are_corrected_ended_and_ordered(office, seats):
    first, second = seats[0], seats[1]
    office.post(
        f"/organization/seats/{first.pk}/correct",
        {"seat": "director", "title": "市长", "seen": 1},
    )
    office.post(
        f"/organization/seats/{second.pk}/end", {"to_on": "2026-01-31", "reason": "调动", "seen": 1}
    )
    assert office.post(f"{HOME}/order", {"up": seats[3].pk})["Location"] == f"{HOME}/order"
    page = html(office.get(f"{HOME}/order"))
    assert page.index("孙国栋") < page.index("吴晓梅")
    assert f'name="up" value="{first.pk}"' not in page  # alone of its kind
    office.post(f"{HOME}/order", {"down": seats[2].pk})

    page = html(office.get(HOME))
    assert "市长" in page
    assert "2026.01.31" in page
    first.refresh_from_db()
    seats[3].refresh_from_db()
    seats[2].refresh_from_db()
    assert (first.rank, seats[3].rank, seats[2].rank) == (1, 2, 3)


def test_a_stale_form_is_told(office, seats):
    url = f"/organization/seats/{seats[0].pk}/correct"
    office.post(url, {"seat": "director", "title": "市长", "seen": 1})

    answer = office.post(url, {"seat": "director", "title": "代市长", "seen": 1})

    assert answer.status_code == 422
    seats[0].refresh_from_db()
    assert seats[0].title == "市长"


def test_the_office_is_corrected(office, city):
    office.post(f"{HOME}/office", {"office_name": "示例市事考办", "support": "0000-0000000"})

    page = html(office.get(HOME))
    assert "示例市事考办" in page
    assert "0000-0000000" in page


def test_member_departments_stand_with_their_part(office, committee, education, hospital):
    page = html(office.get(HOME))

    assert "市教育和体育局" in page
    assert f'<td class="num">{1}</td>' in page
    assert "—" in page


def test_a_sitting_goes_its_way_on_pages(office, director, client, seats, education):
    office.post("/organization/sittings/new", {"title": "第一次会议", "held_on": "2026-02-26"})
    row = Sitting.objects.get()
    url = f"/organization/sittings/{row.pk}"
    office.post(f"{url}/matter", {"title": "教育组事项", "department": education.pk})
    item = AgendaItem.objects.get()
    page = html(office.get(url))
    assert f"/organization/matters/{item.pk}/recuse?seat={seats[1].pk}" in page
    reason = html(office.get(f"/organization/matters/{item.pk}/recuse?seat={seats[1].pk}"))
    assert f'value="{seats[1].pk}" selected' in reason

    office.post(
        f"/organization/matters/{item.pk}/recuse", {"seat": seats[1].pk, "reason": "本部门"}
    )
    office.post(f"{url}/open", {"seen": 1})
    decide = f"/organization/matters/{item.pk}/decide"
    assert f'href="{url}/roll"' in html(office.get(decide))
    assert 'name="outcome"' not in html(office.get(decide))
    assert " checked" not in html(office.get(f"{url}/roll"))
    here = {f"here_{seat.pk}": "yes" for seat in seats[:3]}
    assert office.post(f"{url}/roll", here).status_code == 422
    here[f"here_{seats[3].pk}"] = "no"
    office.post(f"{url}/roll", {**here, f"why_{seats[3].pk}": "出差"})
    refused = office.post(
        f"/organization/matters/{item.pk}/decide", {"outcome": "approved", "votes_for": 3}
    )
    assert refused.status_code == 422
    office.post(f"/organization/matters/{item.pk}/decide", {"outcome": "approved", "votes_for": 2})
    assert "教育组事项" in html(office.get(f"{url}/minutes"))
    office.post(f"{url}/minutes", {"minutes": "会议认为可行。", "seen": 2})
    client.force_login(director)
    assert f"{url}/close" in html(client.get(url))
    client.post(f"{url}/close", {"seen": 3})

    row.refresh_from_db()
    assert row.state == "closed"
    page = html(client.get(url))
    assert "出差" in page
    assert f"{url}/close" not in page


def test_buttons_are_for_those_who_may(office, client, person, sitting, enter):
    item = enter()
    url = f"/organization/sittings/{sitting.pk}"
    assert f"/organization/matters/{item.pk}/correct" in html(office.get(url))

    client.force_login(person(Role.COMMITTEE_MEMBER))
    page = html(client.get(url))

    assert "审议事项" in page
    for deed in ("/correct", "/open", "/matter", "/recuse"):
        assert deed not in page
    assert client.get(f"{url}/open").status_code == 403
    assert client.post(f"{url}/open", {"seen": 1}).status_code == 403


@pytest.mark.parametrize("role", [Role.DEPT_HEAD, Role.UNIT_HEAD, Role.SURVEYOR, Role.SYS_ADMIN])
def test_the_committee_is_not_for_everyone(role, person, signed_in, education, school, sitting):
    client = signed_in(person(role, department=education, unit=school))

    for url in (HOME, "/organization/sittings/", f"/organization/sittings/{sitting.pk}"):
        assert client.get(url).status_code == 403


def test_who_recorded_is_told_why_another_must_close(client, person, sitting, enter, opened):
    both = person(Role.OFFICE_HEAD, Role.COMMITTEE_DIRECTOR)
    item = enter()
    opened()
    decisions.decide(by=both, item=item, outcome="noted")
    client.force_login(both)

    page = html(client.get(f"/organization/sittings/{sitting.pk}"))

    assert "k-lock" in page
    assert "/close" not in page


def test_minutes_are_papers(office, chief, sitting, enter, opened, seats):
    item = enter()
    opened(present=3)
    decisions.decide(by=chief, item=item, outcome="approved", votes_for=3)
    sittings.write_minutes(by=chief, sitting=sitting, seen=None, minutes="会议认为可行。")
    url = f"/organization/sittings/{sitting.pk}"

    page = html(office.get(f"{url}/paper"))
    pdf, docx = office.get(f"{url}.pdf"), office.get(f"{url}.docx")

    assert 'class="k-doc"' in page
    assert "孙国栋（出差）" in page
    assert pdf.content[:5] == b"%PDF-"
    assert docx.content[:2] == b"PK"
    assert "attachment" in pdf["Content-Disposition"]


def test_all_are_noted_as_present_with_one_button(office, sitting, enter, seats):
    enter()
    url = f"/organization/sittings/{sitting.pk}"
    office.post(f"{url}/open", {"seen": 1})

    answer = office.post(f"{url}/roll", {"everybody": "1"}, follow=True)

    assert sitting.attendance.filter(present=True).count() == len(seats)
    assert "出席情况已登记。" in html(answer)


def test_there_is_no_paper_of_a_sitting_before_it_is_held(office, sitting):
    url = f"/organization/sittings/{sitting.pk}"

    assert f"{url}/paper" not in html(office.get(url))
    for paper in ("/paper", ".pdf", ".docx"):
        assert office.get(f"{url}{paper}").status_code == 409


def test_who_should_stand_aside_is_answered_on_the_page_and_printed(
    office, sitting, enter, opened, seats, education
):
    item = enter(department=education)
    opened(present=3)
    url, key = f"/organization/matters/{item.pk}/decide", seats[1].pk
    sent = {"outcome": "approved", "votes_for": 3}
    assert f'name="aside_{key}"' in html(office.get(url))

    assert office.post(url, sent).status_code == 422
    refused = office.post(url, {**sent, f"aside_{key}": "no"})
    assert "陈永强应当回避而不回避" in html(refused)
    office.post(url, {**sent, f"aside_{key}": "no", f"because_{key}": "仅作说明"})

    page = html(office.get(f"/organization/sittings/{sitting.pk}"))
    assert "陈永强不回避" in page
    paper = html(office.get(f"/organization/sittings/{sitting.pk}/paper"))
    assert "（一）审议事项。" in paper
    said = "回避情况：陈永强未回避（仅作说明）。"
    assert said in paper
    word = Document(BytesIO(office.get(f"/organization/sittings/{sitting.pk}.docx").content))
    assert any(said in line.text for line in word.paragraphs)


def test_a_recusal_on_the_answer_has_the_reason_of_the_page(
    office, sitting, enter, opened, seats, education
):
    item = enter(department=education)
    opened()

    office.post(
        f"/organization/matters/{item.pk}/decide",
        {"outcome": "approved", "votes_for": 3, f"aside_{seats[1].pk}": "yes"},
    )

    assert "议题涉及本人所在部门" in Recusal.objects.get().reason


def test_the_refusal_to_close_names_the_deed_and_the_gap(
    client, chief, director, sitting, enter, opened
):
    item = enter()
    opened()
    decisions.decide(by=chief, item=item, outcome="noted")
    sittings.write_minutes(by=chief, sitting=sitting, seen=None, minutes="会议听取了……的汇报。")
    client.force_login(director)

    page = html(client.post(f"/organization/sittings/{sitting.pk}/close", {"seen": 3}))

    assert "还不能结束会议，请更正：" in page
    assert "纪要中尚有“……”未填写，请补充后再确认。" in page


def test_the_record_on_the_committees_page_is_short_and_names_people(office, seats, city):
    page = html(office.get(HOME))
    assert "增加了组成人员：陈永强" in page
    for name in "甲乙丙丁戊己":
        office.post("/organization/seats/new", {"name": name, "seat": "member"})

    page = html(office.get(HOME))
    assert page.count("<time") == 8
    assert "?history=all#history" in page
    every = html(office.get(f"{HOME}?history=all"))
    assert every.count("<time") == 11
    assert "?history=all#history" not in every


def test_a_name_that_cannot_be_printed_is_told_and_goes_into_word(office, seats, sitting, city):
    Person.objects.filter(pk=seats[0].person_id).update(name="周\U000308aa")
    Attendance.objects.create(jurisdiction=city, sitting=sitting, seat=seats[0], present=True)
    Sitting.objects.update(state="open")
    url = f"/organization/sittings/{sitting.pk}"

    answer = office.get(f"{url}.pdf")

    assert answer.status_code == 422
    assert "U+308AA" in html(answer)
    assert office.get(f"{url}.docx").content[:2] == b"PK"


def fill(city, committee, sitting, count):
    """So many more seats, sittings, matters, recusals."""
    for number in range(count):
        person = Person.objects.create(jurisdiction=city, name=f"人{number}")
        seat = Seat.objects.create(
            jurisdiction=city, committee=committee, person=person, seat="member", rank=number
        )
        Sitting.objects.create(
            jurisdiction=city, committee=committee, title=f"会议{number}", held_on="2026-03-01"
        )
        last = sitting.agenda.count()
        item = AgendaItem.objects.create(
            jurisdiction=city, sitting=sitting, number=last + 1, title=f"议题{number}"
        )
        Attendance.objects.create(jurisdiction=city, sitting=sitting, seat=seat, present=True)
        Recusal.objects.create(jurisdiction=city, item=item, seat=seat, reason="甲")


OF_SITTING = "/organization/sittings/{}"


@pytest.mark.parametrize(
    "url",
    [
        HOME,
        "/organization/sittings/",
        OF_SITTING,
        f"{OF_SITTING}/paper",
        f"{OF_SITTING}/roll",
        "/organization/seats/new",
    ],
)
def test_pages_ask_the_same_number_of_questions_whatever_the_rows(
    url, office, city, committee, sitting
):
    def questions():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert office.get(url.format(sitting.pk)).status_code == 200
        return len(asked)

    Sitting.objects.filter(pk=sitting.pk).update(state="open")
    fill(city, committee, sitting, 3)
    questions()
    few = questions()
    fill(city, committee, sitting, 57)

    assert questions() == few
    assert few < 30


def test_texts_with_rare_and_turning_characters_pass(office, sitting):
    reason = "O’Neil 䶮𠀀 \u202eabc " + "很长的理由" * 900

    office.post(f"/organization/sittings/{sitting.pk}/matter", {"title": "事项", "text": reason})

    text = AgendaItem.objects.get().text
    assert "䶮𠀀" in text
    assert "\u202e" not in text
    assert office.get(f"/organization/sittings/{sitting.pk}").status_code == 200


def test_too_long_a_text_is_refused_and_nothing_is_written(office, sitting):
    before = JournalEntry.objects.count()

    answer = office.post(
        f"/organization/sittings/{sitting.pk}/matter", {"title": "事项", "text": "长" * 5001}
    )

    assert answer.status_code == 422
    assert JournalEntry.objects.count() == before


def test_the_list_of_sittings_is_filtered_and_a_workbook(office, sitting):
    assert "第一次会议" in html(office.get("/organization/sittings/?state=planned"))
    assert "第一次会议" not in html(office.get("/organization/sittings/?state=closed"))
    assert office.get("/organization/sittings/?export=xlsx").content[:2] == b"PK"
