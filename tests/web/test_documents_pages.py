"""Pages of governing documents and their versions."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from kaohe.core.access import Role
from kaohe.organization.models import Comment, Document, DocumentVersion
from kaohe.organization.services import documents as services
from tests.fixtures.documents import TEXT

LIST = "/organization/documents/"


def html(answer):
    return answer.content.decode()


def page_of(version):
    return f"/organization/versions/{version.pk}"


def test_an_empty_list_teaches_and_offers_the_outlines(signed_in, clerk):
    page = html(signed_in(clerk).get(LIST))

    assert "k-empty" in page
    assert f"{LIST}new?outline=work_rules" in page
    assert f"{LIST}new?outline=measures" in page


def test_an_empty_list_offers_nothing_to_those_who_only_read(signed_in, person, school):
    page = html(signed_in(person(Role.UNIT_CLERK, unit=school)).get(LIST))

    assert "k-empty" in page
    assert "/new" not in page


def test_a_document_begins_with_the_outline_of_its_kind(signed_in, clerk):
    client = signed_in(clerk)
    page = html(client.get(f"{LIST}new?outline=work_rules"))
    assert "示例市事业单位考核委员会工作规则" in page
    assert "第二十四条" in page

    sent = {"sort": "work_rules", "title": "工作规则", "text": TEXT, "once_key": "k"}
    first, second = (client.post(f"{LIST}new", sent) for _time in range(2))

    assert first["Location"] == second["Location"]
    assert Document.objects.count() == DocumentVersion.objects.count() == 1


def test_the_whole_path_on_pages(client, clerk, director, head, document, version):
    url = page_of(version)
    client.force_login(clerk)
    assert f"{url}/submit" in html(client.get(url))
    client.post(f"{url}/edit", {"text": TEXT + "\n第二条 甲。", "seen": 1})
    client.post(f"{url}/submit", {"seen": 2})
    client.force_login(director)
    refused = client.post(f"{url}/return", {"reason": "", "seen": 3})
    assert refused.status_code == 422
    client.post(f"{url}/return", {"reason": "请补充第三条", "seen": 3})
    client.force_login(clerk)
    page = html(client.get(url))
    assert "请补充第三条" in page
    steps = page.split('class="k-steps"')[1].split("</ol>")[0]
    assert f"<b>已退回</b>{director.name} {localdate():%Y.%m.%d}" in steps
    assert f"<b>提交审定</b>{clerk.name} {localdate():%Y.%m.%d}" in steps
    assert "退回第1版" in page
    assert "请补充第三条" in html(client.get(f"{url}/edit"))
    client.post(f"{url}/submit", {"seen": 4})
    client.force_login(director)
    client.post(f"{url}/approve", {"seen": 5})
    steps = html(client.get(url)).split('class="k-steps"')[1].split("</ol>")[0]
    assert f"<b>提交审定</b>{clerk.name} {localdate():%Y.%m.%d}" in steps
    client.force_login(head)
    refused = client.post(
        f"{url}/issue", {"number": "莱事考办(2026)3号", "effective_on": "2026-04-01", "seen": 6}
    )
    assert refused.status_code == 422
    assert "莱事考办〔2026〕3号" in html(refused)
    sent = {"number": "莱事考办〔2026〕3号", "effective_on": "2026-04-01", "seen": 6}
    refused = html(client.post(f"{url}/issue", sent))
    assert "还不能印发，请更正：" in refused
    assert "施行日期2026.04.01早于印发日期" in refused
    client.post(f"{url}/issue", {**sent, "retroactive": "on"})

    version.refresh_from_db()
    assert version.state == "issued"
    page = html(client.get(f"{LIST}{document.pk}"))
    assert "莱事考办〔2026〕3号" in page
    assert "第二条" in page
    assert f"{LIST}{document.pk}/draft" in page


def test_who_drafted_sees_why_another_must_approve(client, person, document, version):
    both = person(Role.OFFICE_CHIEF, Role.COMMITTEE_DIRECTOR)
    services.submit_version(by=both, version=version, seen=None)
    client.force_login(both)
    url = page_of(version)

    page = html(client.get(url))

    assert f"{url}/approve" not in page
    assert "k-lock" in page
    assert client.post(f"{url}/approve", {"seen": 2}).status_code == 403


def test_two_drafters_at_once_the_second_is_told(client, document, version, issue, clerk, head):
    issue(version)
    url = f"{LIST}{document.pk}/draft"
    client.force_login(clerk)
    client.post(url, {"text": "甲。"})
    client.force_login(head)

    answer = client.post(url, {"text": "乙。"})

    assert answer.status_code == 422
    assert "乙。" in html(answer)
    assert document.versions.count() == 2


def test_a_stale_edit_keeps_what_was_typed_on_the_form(signed_in, clerk, head, version):
    services.edit_version(by=head, version=version, seen=1, text="先改的", change_note="")

    answer = signed_in(clerk).post(f"{page_of(version)}/edit", {"text": "后改的", "seen": 1})

    assert answer.status_code == 422
    assert "后改的" in html(answer)
    version.refresh_from_db()
    assert version.text == "先改的"


def test_departments_comment_on_the_page(client, person, education, version, submit_document):
    submit_document(version=version)
    client.force_login(person(Role.DEPT_CLERK, department=education))
    url = page_of(version)
    assert f"{url}/comment" in html(client.get(url))

    assert client.post(f"{url}/comment", {"text": ""}).status_code == 422
    client.post(f"{url}/comment", {"text": "同意。"})

    assert Comment.objects.get().department == education
    assert "同意。" in html(client.get(url))


def test_drafts_and_comments_are_not_for_units(
    client, person, school, document, version, issue, head
):
    issue(version)
    draft = services.draft_version(by=head, document=document, change_note="秘密的修改")
    client.force_login(person(Role.UNIT_HEAD, unit=school))

    page = html(client.get(f"{LIST}{document.pk}"))

    assert "秘密的修改" not in page
    assert page_of(draft) not in page
    assert page_of(draft) not in html(client.get(LIST))
    assert client.get(page_of(draft)).status_code == 404
    for form in ("pdf", "docx"):
        assert client.get(f"{page_of(draft)}.{form}").status_code == 404
        assert client.get(f"{page_of(version)}.{form}").status_code == 200
    assert client.get(f"{page_of(draft)}/paper").status_code == 404
    assert "k-trace" not in html(client.get(page_of(version)))


def test_a_draft_without_anything_issued_is_no_document_for_others(client, person, document):
    client.force_login(person(Role.LEDGER_KEEPER))

    assert client.get(f"{LIST}{document.pk}").status_code == 404
    assert "工作规则" not in html(client.get(LIST)).split("k-empty")[1].split("<p>")[0]


def test_versions_are_compared_without_colour(client, document, version, issue, head):
    issue(version)
    text = TEXT.replace("规范", "健全") + "\n第二条 新增一条。"
    second = services.draft_version(by=head, document=document, text=text)
    client.force_login(head)

    page = html(client.get(f"{LIST}{document.pk}/compare"))

    assert "<del>规范</del>" in page
    assert "<ins>健全</ins>" in page
    assert "chg-new" in page
    same = html(client.get(f"{LIST}{document.pk}/compare?old=2&new=2"))
    assert "k-diff" not in same
    assert f"compare?old=1&amp;new={second.number}" in html(client.get(page_of(second)))


def test_who_approves_sees_what_changes(client, document, version, issue, head, director):
    issue(version)
    text = TEXT.replace("规范", "健全")
    second = services.draft_version(by=head, document=document, text=text)
    services.submit_version(by=head, version=second, seen=None)
    client.force_login(director)

    page = html(client.get(f"{page_of(second)}/approve"))

    assert "<del>规范</del>" in page


def test_an_issued_version_is_a_paper_with_head_and_number(client, head, committee, version, issue):
    issue(version)
    client.force_login(head)
    url = page_of(version)

    page = html(client.get(f"{url}/paper"))

    assert 'class="org"' in page
    assert "莱事考办〔2026〕3号" in page
    assert 'class="org"' not in html(client.get(f"{url}/paper?head=plain"))
    assert client.get(f"{url}.pdf").content[:5] == b"%PDF-"
    assert client.get(f"{url}.docx").content[:2] == b"PK"


def test_a_draft_as_a_paper_says_that_it_is_one(signed_in, clerk, version):
    page = html(signed_in(clerk).get(f"{page_of(version)}/paper"))

    assert 'class="org"' not in page
    assert "草稿" in page


def test_the_title_is_corrected_on_its_page(signed_in, clerk, document):
    client = signed_in(clerk)
    assert f"{LIST}{document.pk}/title" in html(client.get(f"{LIST}{document.pk}"))

    client.post(f"{LIST}{document.pk}/title", {"title": "考核委员会工作规则", "seen": 1})

    document.refresh_from_db()
    assert document.title == "考核委员会工作规则"


def test_a_document_of_another_city_is_not_there(client, other_city, document, version):
    from tests.fixtures.people import make_user

    client.force_login(make_user(Role.OFFICE_HEAD, jurisdiction=other_city, username="外市"))

    for url in (f"{LIST}{document.pk}", page_of(version), f"{page_of(version)}.pdf"):
        assert client.get(url).status_code == 404
    assert client.post(f"{page_of(version)}/submit", {"seen": 1}).status_code == 404


def fill(city, author, count):
    """So many documents, each with two versions."""
    start = Document.objects.count()
    for number in range(start, start + count):
        row = Document.objects.create(jurisdiction=city, sort="other", title=f"文件{number}")
        versions(city, row, author, 2)


def versions(city, document, author, count):
    start = document.versions.count()
    for number in range(start + 1, start + count + 1):
        row = DocumentVersion.objects.create(
            jurisdiction=city,
            document=document,
            number=number,
            state="superseded",
            text=TEXT,
            drafted_by=author,
            issued_on=date(2026, 1, 1),
            effective_on=date(2026, 1, 1),
        )
        Comment.objects.create(
            jurisdiction=city, document_version=row, author=author, text="同意。"
        )


def questions(client, url):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def test_the_list_asks_the_same_number_of_questions_whatever_the_rows(signed_in, clerk, city):
    client = signed_in(clerk)
    fill(city, clerk, 3)
    questions(client, LIST)
    few = questions(client, LIST)
    fill(city, clerk, 57)

    assert questions(client, LIST) == few
    assert few < 25


def test_a_document_asks_the_same_number_of_questions_whatever_its_versions(
    signed_in, clerk, city, document
):
    client = signed_in(clerk)
    url = f"{LIST}{document.pk}"
    versions(city, document, clerk, 3)
    questions(client, url)
    few = questions(client, url), questions(client, f"{url}/compare")
    versions(city, document, clerk, 57)

    assert (questions(client, url), questions(client, f"{url}/compare")) == few
    assert max(few) < 25


def test_the_list_is_a_workbook_too(signed_in, clerk, document):
    assert signed_in(clerk).get(f"{LIST}?export=xlsx").content[:2] == b"PK"
