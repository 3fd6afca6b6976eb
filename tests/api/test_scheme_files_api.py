"""Schemes as files over the API: the workbook out and in, Word columns, papers."""

import io
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from kaohe.core.access import Role
from kaohe.jobs.models import Job
from kaohe.jobs.runner import run
from tests.indicators.books import changed_book, column_of
from tests.indicators.word_files import packed, word

pytestmark = pytest.mark.usefixtures("files_aside")


@pytest.fixture
def clerk(calling, dept_clerk):
    return calling(dept_clerk)


def bring(program, version, data, name="方案.xlsx"):
    given = {"file": SimpleUploadedFile(name, data), "scheme_version": version.pk}
    body = encode_multipart(BOUNDARY, given)
    return program.send("POST", "/scheme-files", body, **{"Content-Type": MULTIPART_CONTENT})


def test_the_workbook_goes_out_is_changed_and_applied(clerk, draft):
    answer = clerk.get(f"/scheme-versions/{draft.pk}/workbook")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    page = book["方案"]
    page.cell(2, column_of(page, "分值")).value = 14
    out = io.BytesIO()
    book.save(out)

    row = bring(clerk, draft, out.getvalue()).json()
    where = f"/scheme-files/{row['id']}"
    found = clerk.get(f"{where}/found").json()
    assert row["state"] == "read"
    assert found["changes"] == [{"path": "indicators/J01/points", "old": "15", "new": "14"}]
    assert found["may_apply"] is True
    assert clerk.post(f"{where}/apply", {}).json()["state"] == "applied"
    draft.refresh_from_db()
    assert draft.content["indicators"][0]["points"] == "14"
    assert [each["id"] for each in clerk.get("/scheme-files?state=applied").json()["items"]] == [
        row["id"]
    ]


def test_what_is_wrong_is_told_and_marked_and_the_file_given_up(clerk, draft):
    data = changed_book(draft, ("方案", 2, "分值", "很多"))
    where = f"/scheme-files/{bring(clerk, draft, data).json()['id']}"

    found = clerk.get(f"{where}/found").json()
    assert [(each["sheet"], each["row"], each["column"]) for each in found["problems"]] == [
        ("方案", 2, "分值")
    ]
    assert clerk.post(f"{where}/apply", {}).json()["code"] == "part-file.bad"
    assert clerk.get(f"{where}/marked").status_code == 200
    assert clerk.post(f"{where}/read", {}).json()["state"] == "read"
    assert clerk.post(f"{where}/drop", {}).json()["state"] == "dropped"
    assert clerk.get(where).json()["state"] == "dropped"


def test_word_columns_are_said_and_used(clerk, draft, school, education):
    columns = f"/departments/{education.pk}/word-columns"
    assert clerk.get(columns).status_code == 404
    said = clerk.post(columns, {"columns": {"重点事项": "definition"}})
    data = word(school.name, [["指标名称", "分值", "重点事项"], ["课程开设率", "60", "开齐开足"]])
    row = bring(clerk, draft, data, "上年.docx").json()

    assert said.json()["columns"] == {"重点事项": "definition"}
    found = clerk.get(f"/scheme-files/{row['id']}/found").json()
    assert found["heads"]["重点事项"] == "definition"
    assert found["unknown"] == []


def test_others_see_nothing_and_a_version_handed_in_takes_no_file(
    clerk, calling, person, health, draft, submit
):
    stranger = calling(person(Role.DEPT_CLERK, department=health))
    assert bring(stranger, draft, changed_book(draft)).status_code == 404
    data = changed_book(draft)
    submit(version=draft)
    draft.refresh_from_db()
    assert bring(clerk, draft, data).json()["code"] == "part.move-not-open"


def test_papers_one_by_one_and_all_at_once(calling, dept_clerk, scheme, year, school):
    clerk = calling(dept_clerk)
    sheet = scheme.sheets.get()
    assert clerk.get(f"/sheets/{sheet.pk}/docx").status_code == 200
    assert clerk.get(f"/sheets/{sheet.pk}/pdf").content.startswith(b"%PDF-")
    job = clerk.post(f"/years/{year.pk}/papers", {"sort": "sheets", "form": "docx"}).json()
    archive = f"/years/{year.pk}/papers/{job['id']}"
    assert clerk.get(archive).status_code == 404
    run(str(Job.objects.get(kind="papers.make").pk))

    names = zipfile.ZipFile(io.BytesIO(clerk.get(archive).content)).namelist()
    assert names == [f"{school.name}2026年度绩效考核单.docx"]


def bring_many(program, version, files):
    sent = [SimpleUploadedFile(name, data) for name, data in files.items()]
    body = encode_multipart(BOUNDARY, {"files": sent, "scheme_version": version.pk})
    return program.send("POST", "/scheme-files/word", body, **{"Content-Type": MULTIPART_CONTENT})


def test_many_word_files_are_brought_placed_applied_and_undone(clerk, draft, school):
    before = draft.content
    table = [["指标名称", "分值"], ["课程开设率", "60"]]
    files = {"甲.docx": word(school.name, table), "乙.zip": packed({"乙.docx": word(table)}, "gbk")}
    row = bring_many(clerk, draft, files).json()
    where = f"/scheme-files/{row['id']}"

    found = clerk.get(f"{where}/found").json()
    assert (row["count"], row["state"]) == (2, "read")
    assert [(each["name"], each["how"], len(each["units"])) for each in found["files"]] == [
        ("甲.docx", "inside", 1),
        ("乙.docx", "open", 0),
    ]
    assert [(each["file"], each["code"]) for each in found["problems"]] == [
        ("乙.docx", "word-unit-none")
    ]
    given = {"files": [{"file": found["files"][1]["key"], "is_for": "out"}]}
    assert clerk.post(f"{where}/units", given).json()["state"] == "read"
    assert clerk.post(f"{where}/apply", {}).json()["state"] == "applied"
    assert clerk.post(f"{where}/undo", {}).json()["state"] == "undone"
    draft.refresh_from_db()
    assert draft.content == before
    assert clerk.post(f"{where}/undo", {}).json()["code"] == "part-file.not-applied"


def test_more_than_a_few_files_are_read_by_a_job(clerk, draft, school, monkeypatch):
    from kaohe.indicators.queries import word_matching

    monkeypatch.setattr(word_matching, "FEW", 0)
    files = {"甲.docx": word(school.name), "乙.docx": word("某校")}
    row = bring_many(clerk, draft, files).json()
    assert row["state"] == "brought"
    run(str(Job.objects.get(kind="parts.read").pk))

    assert clerk.get(f"/scheme-files/{row['id']}").json()["state"] == "read"


def test_old_forms_are_refused_and_others_see_nothing(clerk, calling, person, health, draft):
    refused = bring_many(clerk, draft, {"旧.doc": b"x"})
    stranger = calling(person(Role.DEPT_CLERK, department=health))

    assert (refused.status_code, refused.json()["code"]) == (422, "word-files.old-form")
    assert bring_many(stranger, draft, {"甲.docx": word("某校")}).status_code == 404
