"""Pages of imports: bring, look, apply, give up; what is wrong stands in its cell."""

import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaohe.core.access import Role
from kaohe.documents import annotatable
from kaohe.jobs import runner
from kaohe.jobs.models import Job
from kaohe.organization.models import Import, Unit
from tests.organization.workbooks import book, code, heads_of, row

LIST = "/organization/imports/"


@pytest.fixture
def office(chief, signed_in, files_aside, education):
    return signed_in(chief)


def workbook(*rows, name="名录.xlsx"):
    return SimpleUploadedFile(name, book(rows, heads_of(*rows)))


@pytest.fixture
def brought(office):
    """A function: send a workbook by the form and let the worker check it."""

    def bring(*rows, **fields):
        sent = {"file": workbook(*rows), "once_key": str(len(rows)), **fields}
        answer = office.post(f"{LIST}new", sent)
        assert answer.status_code == 302
        runner.run(answer["Location"].rpartition("/")[2])
        return Import.objects.latest("id")

    return bring


def page_of(office, row, query=""):
    return office.get(f"{LIST}{row.pk}{query}").content.decode()


def test_an_empty_list_teaches_and_offers_the_form(office):
    page = office.get(LIST).content.decode()

    assert "k-empty" in page
    assert f"{LIST}form" in page


def test_a_workbook_is_checked_looked_at_and_applied(office, brought):
    found = brought(row(1, "示例市䶮文中学"), row(2, "示例市第二中学"))
    page = page_of(office, found)
    assert "示例市䶮文中学" in page
    assert "chg-new" in page

    answer = office.post(f"{LIST}{found.pk}/apply", {"report": found.report, "once_key": "a"})
    job = Job.objects.get(kind="register.apply")
    assert answer["Location"] == f"/jobs/{job.pk}"
    runner.run(str(job.pk))

    job.refresh_from_db()
    assert (job.state, job.location) == ("done", f"{LIST}{found.pk}")
    assert Unit.objects.count() == 2
    assert f"{LIST}{found.pk}/apply" not in page_of(office, found)


def test_a_double_click_applies_once(office, brought):
    found = brought(row(1, "一中"))
    sent = {"report": found.report, "once_key": "a"}

    first = office.post(f"{LIST}{found.pk}/apply", sent)
    second = office.post(f"{LIST}{found.pk}/apply", sent)
    third = office.post(f"{LIST}{found.pk}/apply", sent | {"once_key": "b"})

    assert first["Location"] == second["Location"] == third["Location"]
    assert Job.objects.filter(kind="register.apply").count() == 1


def test_each_mistake_stands_in_its_cell_and_there_is_no_button(office, brought):
    found = brought(row(1, "一中", 编制数="约30人"), row(2, "二中", "市教育局"))

    page = page_of(office, found)

    assert page.count('<td class="bad') == 2
    assert "约30人" in page
    assert f"{LIST}{found.pk}/apply" not in page
    refused = office.post(f"{LIST}{found.pk}/apply", {"report": found.report})
    assert refused.status_code == 422
    assert "k-alert" in refused.content.decode()


def test_what_changes_is_shown_old_beside_new(office, brought, school):
    Unit.objects.update(posts_approved=100, code=code(1))

    page = page_of(office, brought(row(1, school.name, 编制数=120)))

    assert "100</del>" in page
    assert "120</ins>" in page


def test_names_are_told_as_text_whatever_they_hold(office, brought):
    page = page_of(
        office, brought(row(1, "<script>alert(1)</script>"), row(2, "=1+1")), "?rows=all"
    )

    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_a_workbook_that_lies_is_refused_on_the_form(office):
    sent = {"file": SimpleUploadedFile("名录.xlsx", b"%PDF-1.7")}

    answer = office.post(f"{LIST}new", sent)

    assert answer.status_code == 422
    assert "名录.xlsx" in answer.content.decode()
    assert Import.objects.count() == 0


def test_a_workbook_without_heads_says_so_on_its_page(office, chief):
    sent = {"file": SimpleUploadedFile("a.csv", b"a,b\n1,2\n")}
    job = office.post(f"{LIST}new", sent)["Location"]
    runner.run(job.rpartition("/")[2])

    assert 'role="alert"' in page_of(office, Import.objects.get())
    assert office.get(f"{LIST}{Import.objects.get().pk}/marked").status_code == 404


def test_the_workbook_comes_back_with_its_mistakes_marked(office, brought):
    found = brought(row(1, "一中", 编制数="约30人"))

    data = office.get(f"{LIST}{found.pk}/marked").content

    page = openpyxl.load_workbook(io.BytesIO(data))["名录"]
    assert page["E2"].comment is not None
    assert page["F1"].value == "问题"


def merged(data, change):
    """A workbook after ``change`` of its sheet."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bring(office, data):
    """A workbook sent and checked; the address of its marked copy."""
    sent = {"file": SimpleUploadedFile("名录.xlsx", data)}
    runner.run(office.post(f"{LIST}new", sent)["Location"].rpartition("/")[2])
    return f"{LIST}{Import.objects.get().pk}/marked"


def test_a_mark_under_a_merged_cell_stands_on_the_first_cell_of_it(office, education):
    rows = book([row(1, "一中"), row(2, "二中", department=None)])
    address = bring(office, merged(rows, lambda made: made["名录"].merge_cells("C2:C3")))

    page = openpyxl.load_workbook(io.BytesIO(office.get(address).content))["名录"]

    assert page["C2"].comment is not None
    assert page["E3"].value


@pytest.mark.parametrize(
    "change",
    [
        lambda made: made.create_sheet("大").merge_cells("A1:Z5000"),
        lambda made: made.create_sheet("长").append(
            ["x" * 32_000] * 1 + ["y" * 32_000, "z" * 32_000]
        ),
        lambda made: made.create_sheet("宽").cell(1, 16_384, "x"),
    ],
)
def test_of_a_workbook_with_a_large_sheet_beside_it_the_bad_rows_come_back(
    office, education, monkeypatch, change
):
    monkeypatch.setattr(annotatable, "MOST_BYTES", 100_000)
    address = bring(office, merged(book([row(1, "一中", department="没有的局")]), change))

    data = office.get(address).content

    assert openpyxl.load_workbook(io.BytesIO(data)).sheetnames == ["问题"]


def test_of_a_workbook_that_cannot_be_written_again_the_bad_rows_come_back(
    office, education, monkeypatch
):
    def fail(file):
        raise IndexError  # a cell that names a text which is not there

    address = bring(office, book([row(1, "一中", department="没有的局")]))
    monkeypatch.setattr(openpyxl, "load_workbook", fail)

    data = office.get(address).content

    monkeypatch.undo()
    assert openpyxl.load_workbook(io.BytesIO(data)).sheetnames == ["问题"]


def test_of_a_text_the_rows_that_are_not_right_come_back(office):
    text = f"统一社会信用代码,单位名称,主管部门,机构类别\n{code(1)},一中,没有的局,公益二类\n"
    sent = {"file": SimpleUploadedFile("名录.csv", text.encode("gb18030"))}
    runner.run(office.post(f"{LIST}new", sent)["Location"].rpartition("/")[2])

    data = office.get(f"{LIST}{Import.objects.get().pk}/marked").content

    assert openpyxl.load_workbook(io.BytesIO(data))["问题"]["A2"].value == 2


def test_a_workbook_can_be_understood_otherwise(office, brought, school):
    Unit.objects.update(code=code(1))
    found = brought(row(1, "示例市第一高级中学"))
    assert found.counts["bad"] == 1

    answer = office.post(f"{LIST}{found.pk}/check", {"corrections": "on"})
    runner.run(answer["Location"].rpartition("/")[2])

    found.refresh_from_db()
    assert (found.counts["bad"], found.counts["changed"]) == (0, 1)
    assert re.search(r'name="corrections"[^>]* checked', page_of(office, found))


def test_an_import_can_be_given_up_once(office, brought):
    found = brought(row(1, "一中"))

    assert office.post(f"{LIST}{found.pk}/drop", {"seen": found.version}).status_code == 302
    office.post(f"{LIST}{found.pk}/drop", {"seen": found.version})

    found.refresh_from_db()
    assert found.state == "dropped"


def test_the_form_and_the_register_come_as_workbooks(office, school):
    for name in ("form", "register"):
        answer = office.get(f"{LIST}{name}")
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["名录"]
        assert sheet["A1"].value == "统一社会信用代码*"
        assert sheet.max_row == (1 if name == "form" else 2)


def test_a_clerk_sees_own_imports_and_departments_in_charge(
    office, brought, person, client, education, school, hospital
):
    found = brought(row(1, "一中"))
    clerk = person(Role.OFFICE_CLERK, charge=[education])
    client.force_login(clerk)

    assert client.get(f"{LIST}{found.pk}").status_code == 404
    assert client.post(f"{LIST}{found.pk}/apply").status_code == 404
    assert "名录.xlsx" not in client.get(LIST).content.decode()
    data = client.get(f"{LIST}register").content
    sheet = openpyxl.load_workbook(io.BytesIO(data))["名录"]
    assert [cell.value for cell in sheet["B"]][1:] == [school.name]


@pytest.mark.parametrize("role", [Role.DEPT_HEAD, Role.UNIT_CLERK, Role.SYS_ADMIN])
def test_others_may_not_see_any_of_it(person, client, education, school, role):
    client.force_login(person(role, department=education, unit=school))

    for name in ("", "new", "form", "register", "1"):
        assert client.get(f"{LIST}{name}").status_code == 403


@pytest.mark.parametrize("path", [LIST, None])
def test_the_number_of_queries_does_not_follow_the_number_of_rows(office, bring, path):
    def queries():
        address = path or f"{LIST}{Import.objects.latest('id').pk}?rows=all"
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert office.get(address).status_code == 200
        return len(captured)

    bring(*(row(number, f"第{number}中学") for number in range(1, 4)))
    office.get(LIST)
    few = queries()
    bring(*(row(number, f"第{number}小学") for number in range(1, 61)))
    for _ in range(5):
        bring(row(99, "一中"), row(98, "二中"))
    bring(*(row(number, f"第{number}小学") for number in range(1, 61)))

    assert queries() == few


def test_of_a_long_workbook_the_rows_that_are_not_right_come_back(office, brought, monkeypatch):
    monkeypatch.setattr("kaohe.organization.queries.import_marks.MOST_ANNOTATED", 1)
    found = brought(
        row(1, "一中", 编制数=10, 在编人数=20), row(2, "二中", 编制数="约30人"), row(3, "三中")
    )

    data = office.get(f"{LIST}{found.pk}/marked").content

    page = openpyxl.load_workbook(io.BytesIO(data))["问题"]
    assert [cell.value for cell in page["A"]][1:] == [2, 3]
    assert [cell.value for cell in page["C"]][1:] == ["一中", "二中"]


def test_a_check_that_did_not_come_to_its_end_can_be_asked_for_again(office, chief, education):
    sent = {"file": workbook(row(1, "一中"))}
    office.post(f"{LIST}new", sent)
    waiting = Import.objects.get()

    page = page_of(office, waiting)

    assert f"{LIST}{waiting.pk}/check" in page
    assert f"/jobs/{Job.objects.get().pk}" in page


def test_days_in_what_is_wrong_are_written_as_days_are(office, brought, school):
    Unit.objects.update(code=code(1), closed_on="2026-01-31")

    assert "2026.01.31" in page_of(office, brought(row(1, school.name)))


def test_while_it_is_being_written_the_page_leads_to_the_job(office, brought):
    found = brought(row(1, "一中"))

    answer = office.post(f"{LIST}{found.pk}/apply", {"report": found.report})

    page = page_of(office, found)
    assert answer["Location"] in page
    assert f"{LIST}{found.pk}/apply" not in page


def test_why_a_job_did_not_succeed_stands_on_the_page(office, brought, chief, city, education):
    from kaohe.organization.services import units

    found = brought(row(1, "一中"))
    units.enter_unit(by=chief, jurisdiction=city, department=education, name="甲", code=code(1))
    answer = office.post(f"{LIST}{found.pk}/apply", {"report": found.report})
    runner.run(answer["Location"].rpartition("/")[2])

    page = page_of(office, found)
    assert 'role="alert"' in page
    assert "一中）" in page.partition('role="alert"')[2][:300]
    assert f"{LIST}{found.pk}/apply" in page


def heads_shown(page):
    return re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', page.split("k-tb k-imp")[1])


def test_only_what_is_concerned_is_shown_and_every_finding_stands_in_words(office, brought):
    found = brought(row(1, "一中", 编制数="二十", 住所="府前街1号"), row(2, "二中", "市教育局"))

    page = page_of(office, found)

    shown = heads_shown(page)
    assert shown[:5] == ["行", "结果", "统一社会信用代码", "单位名称", "问题"]
    assert "住所" not in shown
    said = page.split('<td class="say">')[1].split("</td>")[0]
    assert "核定编制数</b>：“二十”不是" in said
    assert "住所" in heads_shown(page_of(office, found, "?columns=all"))


def test_rows_without_a_finding_have_no_column_for_it(office, brought):
    assert "问题" not in heads_shown(page_of(office, brought(row(1, "一中")), "?rows=new"))


def test_what_was_applied_says_how_to_correct_it(office, brought):
    found = brought(row(1, "一中"))
    assert "不能整体撤回" not in page_of(office, found)
    office.post(f"{LIST}{found.pk}/apply", {"report": found.report, "once_key": "a"})
    runner.run(str(Job.objects.get(kind="register.apply").pk))

    page = page_of(office, found)

    assert "不能整体撤回" in page
    assert f'href="{LIST}register"' in page
    assert 'href="/organization/successions/new"' in page


def test_the_list_and_the_page_say_the_same_of_an_import(office, brought):
    found = brought(row(1, "一中", 编制数="约30人"))

    for page in (page_of(office, found), office.get(LIST).content.decode()):
        assert '<span class="st st-back">尚有错误</span>' in page
        assert "已检查，待导入</span>" not in page
    exported = openpyxl.load_workbook(io.BytesIO(office.get(f"{LIST}?export=xlsx").content))
    assert "尚有错误" in [cell.value for cell in exported.active[2]]


def test_empty_cells_are_told_where_units_change_and_folded_away(office, brought, school):
    held = {"code": code(1), "address": "府前街1号", "posts_approved": 100}
    Unit.objects.update(**held, category="public_second")

    same = brought(row(1, school.name, 住所=None))
    changed = brought(row(1, school.name, 住所=None, 编制数=120), once_key="b")

    assert "空白单元格保留名录原有内容" not in page_of(office, same)
    page = page_of(office, changed)
    assert "空白单元格保留名录原有内容（涉及 1 栏）</summary>" in page
