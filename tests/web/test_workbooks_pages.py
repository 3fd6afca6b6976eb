"""Pages: a scheme as a workbook, files brought for it, Word columns, papers."""

import io
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kaohe.core.access import Role
from tests.indicators.books import changed_book
from tests.indicators.word_files import word

pytestmark = pytest.mark.usefixtures("files_aside")


@pytest.fixture
def page(signed_in, dept_clerk):
    """The client of the department's clerk."""
    return signed_in(dept_clerk)


def send(client, name, version, data, file="方案.xlsx"):
    upload = SimpleUploadedFile(file, data)
    return client.post(reverse(name, args=[version.pk]), {"file": upload}, follow=True)


def brought(client, draft, *changes):
    answer = send(client, "web:scheme-upload", draft, changed_book(draft, *changes))
    return answer, answer.context["row"]


def test_a_scheme_goes_out_as_a_workbook(page, draft):
    answer = page.get(reverse("web:scheme-workbook", args=[draft.pk]))

    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames[:2] == ["方案", "单位"]
    assert "attachment" in answer["Content-Disposition"]


def test_a_workbook_is_brought_looked_at_and_applied(page, draft):
    answer, row = brought(page, draft, ("方案", 2, "分值", 14))
    text = answer.content.decode()

    assert "J01 教学常规检查合格率" in text
    assert "<del>15</del>" in text
    assert "<ins>14</ins>" in text
    done = page.post(
        reverse("web:apply-part-file", args=[row.pk]), {"seen": row.version}, follow=True
    )
    assert done.redirect_chain[-1][0] == reverse("web:part-version", args=[draft.pk])
    draft.refresh_from_db()
    assert draft.content["indicators"][0]["points"] == "14"


def test_every_mistake_is_shown_with_its_place_and_the_workbook_marked(page, draft):
    answer, row = brought(page, draft, ("方案", 2, "分值", "很多"), ("单位目标", 3, "目标值", "x"))
    text = answer.content.decode()

    assert "“很多”不是数字" in text
    assert "单位目标" in text
    assert reverse("web:apply-part-file", args=[row.pk]) not in text
    marked = page.get(reverse("web:part-file-marked", args=[row.pk]))
    cell = openpyxl.load_workbook(io.BytesIO(marked.content))["方案"]["D2"]
    assert "不是数字" in cell.comment.text
    refused = page.post(reverse("web:apply-part-file", args=[row.pk]), {"seen": row.version})
    assert refused.status_code == 422
    assert "2 处有误" in refused.content.decode()


def test_a_conflict_asks_which_holds(page, draft, dept_clerk):
    from kaohe.indicators.services import parts

    data = changed_book(draft, ("方案", 2, "分值", 14))
    content = {**draft.content, "indicators": [dict(each) for each in draft.content["indicators"]]}
    content["indicators"][0]["points"] = "13"
    parts.edit_part(by=dept_clerk, version=draft, seen=None, content=content)
    answer = send(page, "web:scheme-upload", draft, data)
    row = answer.context["row"]

    assert "草稿为“13”，文件为“14”" in answer.content.decode()
    at = reverse("web:apply-part-file", args=[row.pk])
    assert page.post(at, {"seen": row.version}).status_code == 422
    assert page.post(at, {"seen": row.version, "insist": "on"}).status_code == 302


def test_a_file_is_read_again_and_given_up(page, draft):
    _, row = brought(page, draft, ("方案", 2, "分值", 14))
    read = page.post(reverse("web:read-part-file", args=[row.pk]), follow=True)
    dropped = page.post(
        reverse("web:drop-part-file", args=[row.pk]), {"seen": row.version}, follow=True
    )

    assert read.status_code == 200
    assert "草稿未作改动" in dropped.content.decode()
    again = page.post(reverse("web:read-part-file", args=[row.pk]), follow=True)
    assert again.status_code == 422
    assert "已应用或已放弃" in again.content.decode()


def test_a_large_file_is_read_by_a_job(page, draft, monkeypatch):
    from kaohe.jobs.models import Job
    from kaohe.jobs.runner import run
    from kaohe.web.indicators import workbooks

    monkeypatch.setattr(workbooks, "AT_ONCE", 10)
    answer = send(page, "web:scheme-upload", draft, changed_book(draft, ("方案", 2, "分值", 14)))
    job = Job.objects.get(kind="parts.read")
    waiting = page.get(reverse("web:part-file", args=[job.arguments["key"]]))
    run(str(job.pk))

    assert answer.redirect_chain[-1][0] == reverse("web:job", args=[job.pk])
    assert "正在读取" in waiting.content.decode()
    job.refresh_from_db()
    assert job.outcome["facts"] == {"cells": 1, "errors": 0}


def test_word_columns_are_said_once_and_the_file_is_read_again(page, draft, school):
    data = word(
        f"{school.name}考核单",
        [["指标名称", "分值", "重点事项"], ["课程开设率", "60", "开齐开足"]],
    )
    answer = send(page, "web:scheme-word", draft, data, "上年.docx")
    row = answer.context["row"]
    at = reverse("web:part-file-columns", args=[row.pk])
    form = page.get(at).context["form"]
    given = {name: field.initial or "" for name, field in form.fields.items()}
    name = next(name for name, head in form.heads.items() if head == "重点事项")
    again = page.post(at, {**given, name: "definition"}, follow=True)

    assert "“重点事项”列未读取" in answer.content.decode()
    assert "开齐开足" in again.content.decode()


def test_two_columns_cannot_mean_the_same(page, draft, school):
    data = word(school.name, [["指标名称", "分值", "重点事项"], ["课程开设率", "60", "开齐开足"]])
    row = send(page, "web:scheme-word", draft, data, "上年.docx").context["row"]
    at = reverse("web:part-file-columns", args=[row.pk])
    form = page.get(at).context["form"]
    given = {name: field.initial or "" for name, field in form.fields.items()}
    name = next(name for name, head in form.heads.items() if head == "重点事项")

    answer = page.post(at, {**given, name: "points"})

    assert answer.status_code == 422


def test_nobody_else_may_bring_a_file_and_a_version_handed_in_takes_none(
    signed_in, person, health, draft, dept_clerk, submit
):
    stranger = signed_in(person(Role.DEPT_CLERK, department=health))
    upload = reverse("web:scheme-upload", args=[draft.pk])
    assert stranger.get(upload).status_code == 404
    office = signed_in(person(Role.OFFICE_CLERK))
    assert office.get(upload).status_code == 403
    submit(version=draft)
    assert signed_in(dept_clerk).get(upload).status_code == 404


def test_a_sheet_is_shown_and_fetched_as_a_paper(signed_in, unit_clerk, scheme, school):
    sheet = scheme.sheets.get()
    client = signed_in(unit_clerk)
    shown = client.get(reverse("web:sheet-paper", args=[sheet.pk])).content.decode()
    pdf = client.get(reverse("web:sheet-paper-pdf", args=[sheet.pk]))
    docx = client.get(reverse("web:sheet-paper-docx", args=[sheet.pk]))

    assert f"{school.name}2026年度绩效考核单" in shown
    assert "共性指标" in shown
    assert pdf.content.startswith(b"%PDF-")
    assert zipfile.ZipFile(io.BytesIO(docx.content)).testzip() is None


def test_a_character_that_cannot_be_printed_is_told(signed_in, unit_clerk, scheme):
    sheet = scheme.sheets.get()
    sheet.participant.department_name = "\U0010abcd局"
    sheet.participant.save()

    answer = signed_in(unit_clerk).get(reverse("web:sheet-paper-pdf", args=[sheet.pk]))

    assert answer.status_code == 422


def test_all_sheets_of_a_year_are_made_by_a_job_and_fetched(page, scheme, year, school):
    from kaohe.jobs.models import Job
    from kaohe.jobs.runner import run

    at = reverse("web:sheets-papers", args=[year.pk])
    page.post(at, {"sort": "sheets", "form": "docx", "department": ""})
    job = Job.objects.get(kind="papers.make")
    run(str(job.pk))
    text = page.get(at).content.decode()
    archive = reverse("web:papers-archive", args=[year.pk, job.pk])
    answer = page.get(archive)

    assert "已生成 1 份" in text
    assert archive in text
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert names == [f"{school.name}2026年度绩效考核单.docx"]


def test_an_archive_is_for_whoever_had_it_made(page, signed_in, office_clerk, scheme, year):
    from kaohe.jobs.models import Job
    from kaohe.jobs.runner import run

    page.post(reverse("web:sheets-papers", args=[year.pk]), {"sort": "sheets", "form": "docx"})
    job = Job.objects.get(kind="papers.make")
    run(str(job.pk))

    answer = signed_in(office_clerk).get(reverse("web:papers-archive", args=[year.pk, job.pk]))

    assert answer.status_code == 404


def send_many(client, draft, files):
    uploads = [SimpleUploadedFile(name, data) for name, data in files.items()]
    at = reverse("web:scheme-word", args=[draft.pk])
    return client.post(at, {"file": uploads}, follow=True)


def plain(name, heads=("指标名称", "分值")):
    return word(name, [list(heads), ["课程开设率", "60", "开齐开足"][: len(heads)]])


def test_many_word_files_are_brought_placed_and_applied(page, draft, school):
    answer = send_many(page, draft, {"甲.docx": plain(school.name), "乙.docx": plain("某校")})
    row, text = answer.context["row"], answer.content.decode()

    assert "甲.docx等 2 个文件" in text
    assert "均未写明本部门所属单位" in text
    at = reverse("web:part-file-units", args=[row.pk])
    form = page.get(at).context["form"]
    name = next(key for key, field in form.fields.items() if field.label == "乙.docx")
    placed = page.post(at, {"seen": row.version, name: "out"}, follow=True)
    assert "未读取" in placed.content.decode()
    row.refresh_from_db()
    at = reverse("web:apply-part-file", args=[row.pk])
    assert page.post(at, {"seen": row.version}).status_code == 302


def test_files_of_other_heads_are_asked_about_one_after_the_other(page, draft, school):
    heads = ("指标名称", "分值", "重点事项")
    files = {
        "甲.docx": plain(school.name, heads),
        "乙.docx": plain("某校", ("指标名称", "分值", "工作要点")),
    }
    row = send_many(page, draft, files).context["row"]
    at = reverse("web:part-file-columns", args=[row.pk])

    asked = []
    for _turn in range(2):
        answer = page.get(at)
        form = answer.context["form"]
        given = {name: field.initial or "" for name, field in form.fields.items()}
        name = next(name for name in form.heads if not given[name])
        asked.append(form.heads[name])
        given = {name: value for name, value in given.items() if name != "seen"}
        done = page.post(at, {**given, name: "definition"})
        at = done["Location"]

    assert set(asked) == {"重点事项", "工作要点"}
    assert at == reverse("web:part-file", args=[row.pk])
    assert page.get(at).context["row"].found["unknown"] == []


def test_a_file_of_an_old_form_is_refused_with_what_to_do(page, draft):
    answer = send_many(page, draft, {"旧.wps": b"x"})

    assert answer.status_code == 422
    assert "另存为 .docx 后上传" in answer.content.decode()


def test_many_files_are_read_by_a_job(page, draft, school, monkeypatch):
    from kaohe.indicators.queries import word_matching
    from kaohe.jobs.models import Job
    from kaohe.jobs.runner import run

    monkeypatch.setattr(word_matching, "FEW", 1)
    answer = send_many(page, draft, {"甲.docx": plain(school.name), "乙.docx": plain("某校")})
    job = Job.objects.get(kind="parts.read")
    waiting = page.get(reverse("web:part-file", args=[job.arguments["key"]]))
    run(str(job.pk))

    assert answer.redirect_chain[-1][0] == reverse("web:job", args=[job.pk])
    assert "正在读取" in waiting.content.decode()
    job.refresh_from_db()
    assert job.state == "done"


def test_an_import_is_undone_once_and_not_after_an_edit(page, draft, dept_clerk):
    from kaohe.indicators.services import parts

    _, row = brought(page, draft, ("方案", 2, "分值", 14))
    page.post(reverse("web:apply-part-file", args=[row.pk]), {"seen": row.version})
    at, undo = (reverse(f"web:{name}", args=[row.pk]) for name in ("part-file", "undo-part-file"))
    listed = page.get(reverse("web:scheme-upload", args=[draft.pk])).content.decode()
    row.refresh_from_db()

    assert f"{at}#h-undo" in listed
    assert undo in page.get(at).content.decode()
    done = page.post(undo, {"seen": row.version}, follow=True).content.decode()
    assert "草稿恢复到导入前的内容" in done
    assert page.post(undo, {"seen": row.version + 1}).status_code == 422
    draft.refresh_from_db()
    assert draft.content["indicators"][0]["points"] == "15"

    _, again = brought(page, draft, ("方案", 2, "分值", 14))
    page.post(reverse("web:apply-part-file", args=[again.pk]), {"seen": again.version})
    draft.refresh_from_db()
    parts.edit_part(
        by=dept_clerk, version=draft, seen=None, content={**draft.content, "preface": "新"}
    )
    told = page.get(reverse("web:part-file", args=[again.pk])).content.decode()
    assert f"由{dept_clerk.name}于" in told
    assert reverse("web:undo-part-file", args=[again.pk]) not in told
