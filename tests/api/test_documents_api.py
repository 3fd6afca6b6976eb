"""Governing documents and their versions over the API."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document as Paper

from kaohe.core.access import Role, Verb
from kaohe.journal.queries import entries_of
from kaohe.organization.models import Comment, Document, DocumentVersion
from kaohe.organization.services import decisions, sittings
from kaohe.organization.services import documents as services


@pytest.fixture
def office(clerk, calling):
    return calling(clerk)


def actions(row):
    return [each.action for each in entries_of([row.subject]).order_by("id")]


def test_a_document_goes_from_the_draft_into_force(office, calling, city, director, head):
    sent = {"sort": "measures", "title": "《考核实施办法》", "text": "第一条 甲。"}
    answer = office.post("/documents", sent)
    assert answer.status_code == 201
    told = answer.json()
    assert (told["title"], told["sort"], told["jurisdiction"]) == (
        "考核实施办法",
        "measures",
        "370699",
    )
    where = f"/documents/{told['id']}"
    assert office.get(where).json() == told
    (draft,) = office.get(f"{where}/versions").json()["items"]
    at = f"/versions/{draft['id']}"

    told = office.patch(at, {"text": "第一条 乙。"}, If_Match='"1"').json()
    assert (told["text"], told["state"], told["version"]) == ("第一条 乙。", "draft", 2)
    assert office.patch(at, {"text": "丙"}, If_Match='"1"').status_code == 412
    assert office.post(f"{at}/submit", None).json()["state"] == "submitted"
    chair = calling(director)
    told = chair.post(f"{at}/return", {"reason": "请补充时限"}).json()
    assert (told["state"], told["return_reason"]) == ("returned", "请补充时限")
    office.post(f"{at}/submit", None)
    assert office.post(f"{at}/approve", None).status_code == 403
    assert chair.post(f"{at}/approve", None).json()["state"] == "approved"
    leader = calling(head)
    assert leader.get("/document-numbers/next").json() == {"number": ""}
    issue = {"number": "示考委〔2026〕3号", "effective_on": "2026-01-01"}
    answer = leader.post(f"{at}/issue", issue)
    assert answer.json()["code"] == "document.effective-before-issue"
    told = leader.post(f"{at}/issue", {**issue, "retroactive": True}).json()

    assert (told["state"], told["document_number"]) == ("issued", "示考委〔2026〕3号")
    assert actions(DocumentVersion.objects.get()) == [
        "version.drafted",
        "version.edited",
        "version.submitted",
        "version.returned",
        "version.submitted",
        "version.approved",
        "version.issued",
    ]
    moves = office.get(f"{at}/moves").json()["items"]
    assert [each["action"] for each in moves][-2:] == ["version.approved", "version.issued"]
    (line,) = office.get("/documents").json()["items"]
    assert line["in_force"]["document_number"] == "示考委〔2026〕3号"
    assert line["open"] is None


def test_who_may_not_review_sees_what_was_issued(office, calling, person, document, version, issue):
    reader = calling(person(Role.SURVEYOR), Verb.DOCUMENT_READ)
    for path in (f"/documents/{document.pk}", f"/versions/{version.pk}"):
        assert reader.get(path).status_code == 404
    assert reader.get("/documents").json()["items"] == []
    assert office.get("/documents").json()["items"][0]["open"]["state"] == "draft"

    office.patch(f"/versions/{version.pk}", {"change_note": "新订"})
    issue(DocumentVersion.objects.get())
    services.draft_version(by=version.drafted_by, document=document)

    (line,) = reader.get("/documents").json()["items"]
    assert (line["in_force"]["number"], line["open"]) == (1, None)
    found = reader.get(f"/documents/{document.pk}/versions").json()["items"]
    assert [each["number"] for each in found] == [1]
    told = reader.get(f"/versions/{version.pk}").json()
    assert (told["change_note"], told["return_reason"]) == (None, None)
    assert office.get(f"/versions/{version.pk}").json()["change_note"] == "新订"


def test_the_next_version_begins_with_the_text_in_force(office, document, version, issue):
    issue(version)
    where = f"/documents/{document.pk}"

    told = office.post(f"{where}/draft", {"change_note": "完善"}).json()
    assert (told["number"], told["text"], told["state"]) == (2, version.text, "draft")
    assert office.post(f"{where}/draft", {}).status_code == 409
    office.patch(f"/versions/{told['id']}", {"text": version.text + "\n第二条 公开。"})

    found = office.get(f"{where}/comparison").json()
    assert (found["old"], found["new"], found["same"]) == (1, 2, False)
    assert [row["kind"] for row in found["rows"]] == ["same", "added"]
    assert found["rows"][1]["where"] == "第二条"
    same = office.get(f"{where}/comparison?old=1&new=1").json()
    assert same["same"] is True
    assert office.get(f"{where}/comparison?new=9").status_code == 404
    done = office.post(f"/versions/{told['id']}/withdraw", {"reason": "不再修订"}).json()
    assert done["state"] == "withdrawn"


def test_the_title_of_what_was_issued_stays(office, document, version, issue):
    where = f"/documents/{document.pk}"
    assert office.patch(where, {"title": "委员会工作规则"}).json()["version"] == 2
    issue(version)

    answer = office.patch(where, {"title": "规则"})

    assert (answer.status_code, answer.json()["code"]) == (409, "document.title-in-use")


def test_parties_comment_on_what_is_submitted(calling, person, version, submit_document, education):
    party = calling(person(Role.DEPT_HEAD, department=education))
    where = f"/versions/{version.pk}"
    answer = party.post(f"{where}/comment", {"text": "建议明确时限。"})
    assert (answer.status_code, answer.json()["code"]) == (409, "document.comments-closed")
    submit_document(version=version)

    told = party.post(f"{where}/comment", {"text": "建议明确时限。"}).json()

    assert (told["department"], told["department_name"], told["text"]) == (
        education.pk,
        "市教育和体育局",
        "建议明确时限。",
    )
    assert party.get(f"{where}/comments").json()["items"] == [told]
    reader = calling(person(Role.SURVEYOR))
    assert reader.get(f"{where}/comments").status_code == 403


def test_what_a_sitting_decided_is_told(
    office, chief, director, version, submit_document, enter, opened
):
    submit_document(version=version)
    item = enter(document_version=version)
    opened()
    decisions.decide(by=chief, item=item, outcome="approved")
    sittings.write_minutes(by=chief, sitting=item.sitting, seen=None, minutes="同意。")
    sittings.close_sitting(by=director, sitting=item.sitting, seen=None)

    (told,) = office.get(f"/versions/{version.pk}/resolutions").json()["items"]

    assert (told["matter"], told["outcome"], told["holds"]) == (item.pk, "approved", True)


def test_outlines_are_filled_in_for_a_jurisdiction(office, city):
    found = office.get("/outlines").json()["items"]

    assert {each["sort"] for each in found} >= {"work_rules"}
    assert any("示例市" in each["title"] + each["text"] for each in found)


def test_a_version_is_fetched_as_a_paper(office, version, issue):
    where = f"/versions/{version.pk}/paper"
    issue(version)

    answer = office.get(f"{where}.pdf")
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Type"] == "application/pdf"
    plain = office.get(f"{where}.pdf?head=plain").content
    assert plain.startswith(b"%PDF-")
    assert plain != answer.content
    answer = office.get(f"{where}.docx")
    texts = [each.text for each in Paper(BytesIO(answer.content)).paragraphs]
    assert any("莱事考办〔2026〕3号" in text for text in texts)
    assert office.get(f"{where}.pdf?head=red").status_code == 422


def test_a_text_longer_than_the_longest_law_is_refused(office, version):
    where = f"/versions/{version.pk}"

    assert office.patch(where, {"text": "甲" * 200_000}).status_code == 200
    answer = office.patch(where, {"text": "甲" * 200_001})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "too-long")


def test_another_city_is_not_there(office, document, version, other_city):
    Document.objects.update(jurisdiction=other_city)
    DocumentVersion.objects.update(jurisdiction=other_city)

    for path in (f"/documents/{document.pk}", f"/versions/{version.pk}"):
        assert office.get(path).status_code == 404
    assert office.post(f"/versions/{version.pk}/submit", None).status_code == 404


def test_lists_ask_the_same_number_of_questions_whatever_their_length(office, clerk, city):
    document = services.open_document(by=clerk, jurisdiction=city, sort="other", title="办法")
    version = document.versions.get()
    paths = (
        "/documents?limit=100",
        f"/documents/{document.pk}/versions?limit=100",
        f"/versions/{version.pk}/comments?limit=100",
    )

    def questions():
        found = []
        for path in paths:
            with CaptureQueriesContext(connection) as asked:
                assert office.get(path).status_code == 200
            found.append(len(asked))
        return found

    def more(first, last):
        given = {"jurisdiction": city}
        for number in range(first, last):
            services.open_document(by=clerk, jurisdiction=city, sort="other", title=f"办法{number}")
            DocumentVersion.objects.create(
                **given, document=document, number=number, state="withdrawn", drafted_by=clerk
            )
            Comment.objects.create(**given, document_version=version, author=clerk, text="可")

    more(2, 5)
    questions()  # notes that the token is in use
    few = questions()
    more(5, 62)

    assert questions() == few
    assert max(few) <= 7
