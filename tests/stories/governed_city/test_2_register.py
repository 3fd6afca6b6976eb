"""The register: a bad workbook, its mistakes mended, 280 units; people; a merger; a snapshot."""


import openpyxl
import pytest

from kaohe.documents.register_book import register_book
from kaohe.jobs.models import Job
from kaohe.jobs.runner import run
from kaohe.locale import translator
from kaohe.organization.models import Import, Unit
from tests.stories.governed_city.people import departments, register

pytestmark = pytest.mark.xdist_group("browser")
MISTAKES = {  # row and head → what somebody typed
    (3, "统一社会信用代码"): "12370699494580008X",
    (5, "主管部门"): "示例市不存在的局",
    (9, "机构类别"): "公益三类",
    (12, "在编人数"): "三十",
    (20, "单位名称"): None,
}


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    """The workbook as it should be, and the one with mistakes."""
    folder = tmp_path_factory.mktemp("books")
    names = [name for name, _ in departments()]
    right, wrong = folder / "示例市名录.xlsx", folder / "示例市名录（初稿）.xlsx"
    right.write_bytes(register_book(register(), names, translator("zh")))
    book = openpyxl.load_workbook(right)
    sheet = book.worksheets[0]
    heads = {str(cell.value): cell.column for cell in sheet[1]}
    for (row, head), value in MISTAKES.items():
        sheet.cell(row, heads[head]).value = value
    book.save(wrong)
    return right, wrong


def work_is_done(window):
    """A worker carries out what was asked for; the page that waits shows it."""
    for job in Job.objects.filter(state="queued"):
        run(str(job.pk))
    window.page.get_by_role("link", name=window.said("See what came of it")).wait_for()


def test_09_a_workbook_with_mistakes_changes_nothing_and_shows_each_cell(story, books):
    office = story.person("1001")
    office.go("/organization/units/")
    office.look("units-none")
    office.follow("Import from a workbook")
    office.look("import-new")
    office.fill({"Workbook": books[1]})
    office.press("Send and check")
    office.look("job-waiting")
    work_is_done(office)
    office.look("job-done")
    office.follow("See what came of it")
    office.look("import-mistakes")
    shown = office.page.locator("td.bad")
    assert shown.count() >= len(MISTAKES)
    with office.page.expect_download() as caught:
        office.page.get_by_role(
            "link", name=office.said("Workbook with the mistakes marked")
        ).click()
    marked = openpyxl.load_workbook(caught.value.path())
    assert marked.worksheets[0].max_row >= 281

    assert Unit.objects.count() == 0
    assert Import.objects.get().counts["bad"] == len(MISTAKES)


def test_10_the_corrected_workbook_is_applied_whole(story, books):
    office = story.person("1001")
    office.follow("Bring the corrected workbook")
    office.fill({"Workbook": books[0]})
    office.press("Send and check")
    work_is_done(office)
    office.follow("See what came of it")
    office.look("import-preview")
    office.press("Apply to the register")
    work_is_done(office)
    office.follow("See what came of it")
    office.look("import-applied")
    office.follow("To the register of units")
    office.look("units")

    assert Unit.objects.count() == 280
