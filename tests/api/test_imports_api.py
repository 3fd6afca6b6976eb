"""Imports of the register over the API, from the workbook to the units."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from kaohe.core.access import Role
from kaohe.jobs.models import Job
from kaohe.jobs.runner import run
from kaohe.journal.models import JournalEntry
from kaohe.organization.models import Import, Unit
from tests.organization.workbooks import HEADS, book, code

RIGHT = [code(49458077), "示例市实验小学", "市教育和体育局", "公益一类"]
WRONG = [code(49458078), "示例市第三小学", "市厨房", "公益一类"]


@pytest.fixture
def office(person, calling):
    return calling(person(Role.OFFICE_HEAD))


def bring(program, rows, name="名录.xlsx", **more):
    """Send a workbook as a form of several parts."""
    content = (
        rows
        if isinstance(rows, bytes)
        else book([dict(zip(HEADS, row, strict=True)) for row in rows])
    )
    body = encode_multipart(BOUNDARY, {"file": SimpleUploadedFile(name, content), **more})
    return program.send("POST", "/imports", body, **{"Content-Type": MULTIPART_CONTENT})


def carried_out():
    """Carry out the jobs that are asked for, as the worker does."""
    for job in Job.objects.filter(state="queued"):
        run(str(job.pk))


def test_a_workbook_is_brought_checked_and_applied(office, education):
    answer = bring(office, [RIGHT])
    assert answer.status_code == 201, answer.content
    row = answer.json()
    assert (row["file"], row["state"], row["report"]) == ("名录.xlsx", "uploaded", "")
    where = f"/imports/{row['id']}"
    assert office.get(f"{where}/report").json()["code"] == "import.unchecked"
    assert office.post(f"{where}/apply", {"report": "0" * 64}).json()["code"] == "import.unchecked"

    carried_out()
    row = office.get(where).json()
    assert (row["state"], row["counts"]["new"]) == ("checked", 1)
    report = office.get(f"{where}/report?kind=new").json()
    assert report["rows"][0]["values"]["name"] == "示例市实验小学"
    assert report["next"] is None
    job = office.post(f"{where}/apply", {"report": row["report"]}).json()
    assert (job["kind"], job["state"]) == ("register.apply", "queued")

    carried_out()
    assert Unit.objects.get().name == "示例市实验小学"
    assert office.get(where).json()["state"] == "applied"
    assert office.post(f"{where}/drop", {}).json()["code"] == "import.over"
    told = list(JournalEntry.objects.order_by("id").values_list("action", flat=True))
    assert told == [
        "file.added", "import.started", "import.checked", "unit.entered", "import.applied",
    ]  # fmt: skip


def test_what_is_wrong_is_told_row_by_row_and_marked_in_the_workbook(office, education):
    key = bring(office, [RIGHT, WRONG]).json()["id"]
    carried_out()

    report = office.get(f"/imports/{key}/report?kind=bad").json()
    marked = office.get(f"/imports/{key}/marked")

    assert report["counts"]["bad"] == 1
    (row,) = report["rows"]
    assert (row["row"], row["problems"][0]["field"]) == (3, "department")
    assert row["problems"][0]["what"]
    assert marked.status_code == 200
    assert marked["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%90%8D")
    sheet = openpyxl.load_workbook(io.BytesIO(marked.content)).worksheets[0]
    assert sheet.cell(3, 3).comment is not None
    answer = office.post(f"/imports/{key}/apply", {"report": "0" * 64})
    assert answer.json()["code"] == "import.bad-rows"


def test_a_file_is_not_brought_on_a_condition(office):
    content = encode_multipart(BOUNDARY, {"file": SimpleUploadedFile("名录.xlsx", book([]))})
    headers = {"Content-Type": MULTIPART_CONTENT, "If-Match": '"1"'}

    answer = office.send("POST", "/imports", content, **headers)

    assert (answer.status_code, answer.json()["code"]) == (400, "api.header-unsound")
    assert not Job.objects.exists()


def test_a_long_report_comes_in_parts(office, education):
    rows = [[code(1000 + n), f"第{n}单位", "市教育和体育局", "公益一类"] for n in range(5)]
    key = bring(office, rows).json()["id"]
    carried_out()

    first = office.get(f"/imports/{key}/report?limit=3").json()
    second = office.get(f"/imports/{key}/report?limit=3&start={first['next']}").json()

    names = [each["values"]["name"] for each in first["rows"] + second["rows"]]
    assert names == [f"第{n}单位" for n in range(5)]
    assert second["next"] is None


def test_an_import_is_checked_anew_and_given_up(office, school):
    renamed = [school.code, "示例市第一高级中学", "市教育和体育局", "公益一类"]
    key = bring(office, [renamed], corrections="false").json()["id"]
    carried_out()
    assert office.get(f"/imports/{key}").json()["counts"]["bad"] == 1

    office.post(f"/imports/{key}/check", {"corrections": True})
    carried_out()
    row = office.get(f"/imports/{key}").json()
    assert row["counts"]["changed"] == 1
    assert office.get(f"/imports/{key}/report").json()["options"]["corrections"] is True
    dropped = office.post(f"/imports/{key}/drop", {}, If_Match=f'"{row["version"]}"')
    assert dropped.json()["state"] == "dropped"
    assert [each["state"] for each in office.get("/imports").json()["items"]] == ["dropped"]
    assert office.get("/imports?state=checked").json()["items"] == []
    assert len(office.get("/imports?state=dropped").json()["items"]) == 1


def test_the_register_is_fetched_as_a_workbook(office, school):
    form = office.get("/imports/form")
    register = office.get("/imports/register")

    assert form.status_code == register.status_code == 200
    assert register["Content-Type"].endswith("spreadsheetml.sheet")
    cells = [
        cell.value
        for row in openpyxl.load_workbook(io.BytesIO(register.content)).worksheets[0]
        for cell in row
    ]
    assert school.code in cells


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [(b"", "名录.xlsx", "file."), (b"%PDF-1.4", "名录.xlsx", "file."), (b"a", "a.exe", "file.")],
)
def test_what_is_no_workbook_is_refused(office, content, name, code):
    answer = bring(office, content, name)

    assert answer.status_code == 422
    assert answer.json()["code"].startswith(code)
    assert Import.objects.count() == 0


def test_a_form_that_is_none_is_refused(office):
    def sent(body, kind):
        answer = office.send("POST", "/imports", body, **{"Content-Type": kind})
        return answer.status_code, answer.json()["code"]

    assert sent(b"{}", "application/json") == (415, "api.body-wrong-type")
    assert sent(b"x", "multipart/form-data") == (400, "api.body-not-form")
    assert sent(b"x", "multipart/form-data; boundary=" + "b" * 300) == (400, "api.body-not-form")
    body = encode_multipart(BOUNDARY, {"file": "a text"})
    assert sent(body, MULTIPART_CONTENT) == (422, "api.fields-unsound")


def test_a_file_that_is_too_large_is_not_read(office, settings):
    answer = office.send(
        "POST",
        "/imports",
        b"x" * (settings.UPLOAD_LIMIT + 100_000),
        **{"Content-Type": MULTIPART_CONTENT},
    )

    assert (answer.status_code, answer.json()["code"]) == (413, "api.body-too-large")


def test_the_imports_of_others_are_not_there(person, calling, office, education, health):
    key = bring(office, [RIGHT]).json()["id"]
    clerk = calling(person(Role.OFFICE_CLERK, charge=[health]))
    reader = calling(person(Role.COMMITTEE_MEMBER))

    assert clerk.get(f"/imports/{key}").status_code == 404
    assert clerk.post(f"/imports/{key}/drop", {}).status_code == 404
    assert clerk.get("/imports").json()["items"] == []
    assert reader.get("/imports").status_code == 403
    assert bring(reader, [RIGHT]).status_code == 403
