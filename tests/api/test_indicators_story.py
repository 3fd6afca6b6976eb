"""The second pillar by programs alone: from last year's folder to a sheet that was adjusted."""

import json
import zipfile
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from kaohe.core.access import Role
from kaohe.folder.zipped import unpack
from kaohe.indicators.models import AssessmentYear
from kaohe.inquiry.assess import Wanted, assess_folder
from kaohe.jobs.runner import run
from kaohe.journal.models import JournalEntry
from tests.fixtures.folders import write_year, zipped
from tests.fixtures.last_year import DRILLS, GROWTH, NEW_SCHOOL, SCHOOLS, last_year
from tests.fixtures.people import make_unit

WHY = {"indicators/J01/source": "请写明取自哪张报表。", "indicators/J06/visibility": "宜作潜绩。"}


def sent(answer, status=200):
    """What a program is told."""
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def done(program, answer):
    """A job that was asked for, after the worker."""
    key = sent(answer)["id"]
    run(key)
    assert sent(program.get(f"/jobs/{key}"))["state"] == "done"
    return key


def file_of(data, name, **given):
    """A body that brings a file."""
    body = encode_multipart(BOUNDARY, {"file": SimpleUploadedFile(name, data), **given})
    return {"body": body, "Content-Type": MULTIPART_CONTENT}


@pytest.fixture
def schools(city, education):
    """Four schools of the register; the last one was not there last year."""
    return [
        make_unit(
            city, education, name, 49458012 + n, category="public_first", group="教育组", staff=80
        )
        for n, name in enumerate((*SCHOOLS, NEW_SCHOOL))
    ]


@pytest.fixture
def programs(calling, person, education, schools):
    """A program for everybody who acts, each with a token of their own."""
    people = {
        "clerk": person(Role.OFFICE_CLERK),
        "chief": person(Role.OFFICE_CHIEF),
        "head": person(Role.OFFICE_HEAD),
        "director": person(Role.COMMITTEE_DIRECTOR),
        "drafter": person(Role.DEPT_CLERK, department=education),
        "department": person(Role.DEPT_HEAD, department=education),
        "unit": person(Role.UNIT_CLERK, unit=schools[0]),
        "principal": person(Role.UNIT_HEAD, unit=schools[0]),
    }
    return {name: calling(user) for name, user in people.items()}


@pytest.fixture
def opened(programs, schools, tmp_path, files):
    """The key of 2026 with its template and settings in force, all by programs."""
    clerk, head = programs["clerk"], programs["head"]
    folder = write_year(tmp_path / "2025", 2025, last_year([each.code for each in schools[:3]]))
    done(clerk, clerk.send("POST", "/year-folders", **file_of(zipped(folder), "2025.zip")))
    key = sent(clerk.post("/years", {"year": 2026}), 201)["id"]
    sent(clerk.post(f"/years/{key}/freeze", {"reason": "全市教育系统单独成组。"}))
    AssessmentYear.objects.filter(pk=key).update(cut_off_on=date(9999, 12, 31))
    template = sent(programs["chief"].post(f"/years/{key}/template", {}))["id"]
    where = f"/template-versions/{template}"
    sent(programs["chief"].post(f"{where}/submit", {}))
    own = programs["chief"].post(f"{where}/approve", None)
    assert (own.status_code, own.json()["code"]) == (403, "part.own-draft")
    sent(head.post(f"{where}/approve", None))
    sent(head.post(f"{where}/issue", {}))
    [before] = sent(clerk.get("/settings-versions?year=2025"))["items"]
    begun = sent(clerk.post(f"/years/{key}/settings", {"like": before["id"]}))
    where = f"/settings-versions/{begun['id']}"
    weights = {"common": "10", "individual": "70"}
    rows = [{"key": f"components.{name}.weight", "value": w} for name, w in weights.items()]
    sent(clerk.patch(f"{where}/settings", {"settings": rows}))
    assert sent(clerk.get(f"{where}/preview"))["year"] == 2025
    sent(clerk.post(f"{where}/submit", {}))
    assert clerk.post(f"{where}/approve", None).status_code == 403
    sent(programs["director"].post(f"{where}/approve", None))
    sent(head.post(f"{where}/issue", {"document_number": "示考〔2026〕3号"}))
    return key


@pytest.fixture
def drafted(opened, programs, education, schools):
    """The address of the department's scheme, without errors and with its workbook applied."""
    drafter = programs["drafter"]
    body = {"assessment_year": opened, "source": "last-year"}
    key = sent(drafter.post(f"/departments/{education.pk}/schemes", body))["id"]
    where = f"/scheme-versions/{key}"
    assert len(errors(drafter, where)) == 3
    refused = drafter.post(f"{where}/submit", {})
    assert (refused.status_code, refused.json()["code"]) == (422, "part.not-sound")
    new = schools[3].code
    drills = {"name": DRILLS, "unit": new, "element": "管理运行状况", "rule": "ratio_up"}
    sent(drafter.post(f"{where}/indicators", {**drills, "points": "10", "target": "4"}))
    nodes = (("开工", "40", "2026-04-30"), ("竣工", "60", "2026-09-30"))
    names = ("milestone", "share", "due_on")
    sheet = {
        "values": [{"item": "J05", "base": "520"}],
        "nodes": [{"item": "J08", **dict(zip(names, row, strict=True))} for row in nodes],
    }
    sent(drafter.patch(f"{where}/draft-sheets/{new}", sheet))
    assert errors(drafter, where) == []
    data = workbook_with_sources(drafter.get(f"{where}/workbook").content)
    row = sent(
        drafter.send("POST", "/scheme-files", **file_of(data, "a.xlsx", scheme_version=key)), 201
    )
    sent(drafter.post(f"/scheme-files/{row['id']}/apply", {}))
    return where


def errors(program, where):
    found = sent(program.get(f"{where}/findings"))["items"]
    return [each for each in found if each["severity"] == "error"]


def workbook_with_sources(data):
    """The department's workbook, where every indicator was given a source and an achievement."""
    book = openpyxl.load_workbook(BytesIO(data))
    page = book["方案"]
    heads = {cell.value: cell.column for cell in page[1]}
    for row in range(2, page.max_row + 1):
        if page.cell(row, heads["编号"]).value:
            page.cell(row, heads["显绩潜绩"]).value = "显绩"
            page.cell(row, heads["数据来源"]).value = "教育事业统计年报"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def approved(drafted, programs):
    """The same after targets were declared, and the scheme was returned, mended and approved."""
    drafter, chief, unit = programs["drafter"], programs["chief"], programs["unit"]
    assert sent(programs["department"].post(f"{drafted}/open-targets", {})) == {"count": 4}
    [listed] = sent(unit.get("/target-tables?state=open"))["items"]
    table = f"/target-tables/{listed['id']}"
    sent(
        unit.post(f"{table}/declare", {"values": [{"item": "J05", "target": "6", "base": "1040"}]})
    )
    amended = {"values": [{"item": "J05", "target": "8", "base": "1040"}], "reason": "按全市平均。"}
    assert sent(programs["department"].post(f"{table}/review", amended))["state"] == "reviewed"
    sent(drafter.post(f"{drafted}/submit", {}))
    assert drafter.post(f"{drafted}/approve", None).status_code == 403
    marks = [{"path": path, "reason": reason} for path, reason in WHY.items()]
    sent(chief.post(f"{drafted}/return", {"reason": "请补充两处。", "marks": marks}))
    told = sent(drafter.get(f"{drafted}/marks"))["items"]
    assert {each["path"]: each["reason"] for each in told} == WHY
    changes = {"J01": {"source": "教学常规检查通报"}, "J06": {"visibility": "latent"}}
    for each in sent(drafter.get(drafted))["content"]["indicators"]:
        if each["item"] in changes:
            body = {name: each[name] for name in each if name != "component"}
            sent(
                drafter.patch(f"{drafted}/indicators/{each['item']}", body | changes[each["item"]])
            )
    sent(drafter.post(f"{drafted}/submit", {"change_note": "写明了数据来源。"}))
    marked = sent(chief.get(f"{drafted}/marks"))["items"]
    assert all(each["settled"] for each in marked)
    assert sent(chief.post(f"{drafted}/approve", None))["state"] == "approved"
    assert sent(unit.get(table))["state"] == "finalised"
    return drafted


@pytest.fixture
def issued(approved, opened, programs):
    """The sheets of 2026 by the name of their unit."""
    chief = programs["chief"]
    version = sent(chief.get(approved))
    body = {"versions": [{"id": version["id"], "version": version["version"]}]}
    done(chief, chief.post(f"/years/{opened}/issue-versions", body))
    found = sent(chief.get("/sheets?year=2026"))["items"]
    return {each["unit_name"]: each for each in found}


def test_the_whole_year_goes_by_programs_alone(issued, opened, programs, tmp_path):
    sheet_is_received_and_adjusted(issued, opened, programs)
    engine_finds_the_digest_of_the_record(issued, opened, programs, tmp_path)


def sheet_is_received_and_adjusted(issued, opened, programs):
    unit, principal = programs["unit"], programs["principal"]
    assert set(issued) == {*SCHOOLS, NEW_SCHOOL}
    key = issued[SCHOOLS[0]]["id"]
    assert sent(principal.post(f"/sheets/{key}/receive", None))["received_at"]
    assert unit.get(f"/sheets/{issued[SCHOOLS[1]]['id']}").status_code == 404

    [place] = sent(unit.get(f"/years/{opened}/participants"))["items"]
    change = {"values": [{"item": "J05", "field": "target", "value": "4"}], "reason": "暴雨停课。"}
    made = sent(unit.post("/adjustments", {"participant": place["id"], **change}), 201)
    where = f"/adjustments/{made['id']}"
    assert unit.post(f"{where}/finalise", {}).status_code == 403
    sent(programs["department"].post(f"{where}/review", {}))
    sent(programs["chief"].post(f"{where}/finalise", {}))
    [now] = sent(unit.get("/sheets?state=issued"))["items"]
    told = sent(unit.get(f"/sheets/{now['id']}"))
    assert (now["number"], told["content"]["sheet"]["values"]["J05"]["target"]) == (2, "4")
    paper = zipfile.ZipFile(BytesIO(unit.get(f"/sheets/{now['id']}/docx").content))
    text = paper.read("word/document.xml").decode()
    assert SCHOOLS[0] in text
    assert GROWTH in text
    assert unit.get(f"/sheets/{now['id']}/pdf").content.startswith(b"%PDF")


def engine_finds_the_digest_of_the_record(issued, opened, programs, tmp_path):
    clerk = programs["clerk"]
    assert sent(clerk.get(f"/years/{opened}/folder/obstacles"))["ready"] is True
    archive, folder = tmp_path / "2026.zip", tmp_path / "2026"
    archive.write_bytes(clerk.get(f"/years/{opened}/folder?form=csv").content)
    folder.mkdir()
    unpack(archive, folder)
    assessed = assess_folder(folder, tmp_path / "out", Wanted(documents=False))
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    facts = [
        json.loads(entry.leaf)["facts"]
        for entry in JournalEntry.objects.filter(action="part.issued")
    ]
    assert sum(assessed.grades.values()) == len(issued)
    digests = [each["scheme_digest"] for each in facts if each.get("scheme_digest")]
    assert digests == [manifest["scheme"]]
