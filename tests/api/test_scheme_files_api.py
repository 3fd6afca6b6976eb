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
from tests.indicators.word_files import word

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
