"""The register: a bad workbook, its mistakes mended, 280 units; people; a merger; a snapshot."""

import openpyxl
import pytest

from kaohe.core.register import FIELD
from kaohe.documents.register_book import register_book
from kaohe.jobs.models import Job
from kaohe.jobs.runner import run
from kaohe.locale import translator
from kaohe.organization.models import Import, PastGrade, Succession, Tenure, Unit, UnitYear
from tests.stories.governed_city.people import departments, read_workbook, register

MISTAKES = {  # row and field → what somebody typed
    (3, "code"): "12370699494580008X",
    (5, "department"): "示例市不存在的局",
    (9, "category"): "公益三类",
    (12, "posts_filled"): "三十",
    (20, "name"): None,
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
    heads = {str(cell.value).rstrip("*"): cell.column for cell in sheet[1]}
    for (row, name), value in MISTAKES.items():
        sheet.cell(row, heads[FIELD[name].written[0]]).value = value
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
    marked = read_workbook(caught.value)
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


def test_11_a_new_principal_relieves_the_former_one(story):
    office = story.person("1001")
    unit = Unit.objects.order_by("pk")[0]
    office.go(f"/organization/units/{unit.pk}")
    office.look("unit")
    for tab in ("facts", "people", "names", "grades", "years", "record"):
        office.go(f"/organization/units/{unit.pk}/{tab}")
        office.look(f"unit-{tab}")
    office.go(f"/organization/units/{unit.pk}")
    office.follow("Put into post")
    office.look("person-appoint")
    office.fill(
        {
            "Full name": "欧阳𠀀",
            "Part": "principal",
            "Post held": "校长",
            "In post from": "2026-03-01",
        }
    )
    office.press("Save")
    office.look("person-appoint-refused")
    office.page.get_by_label(
        office.said("Relieve who holds the post now, on the day before")
    ).set_checked(True)
    office.press("Save")
    office.go(f"/organization/units/{unit.pk}/people")
    office.look("unit-people-after")
    office.go("/organization/people/?q=欧阳")
    office.look("people")
    office.page.get_by_role("link", name="欧阳𠀀").first.click()
    office.look("person")

    assert Tenure.objects.get(unit=unit, post="principal", to_on=None).person.name == "欧阳𠀀"


def test_12_two_units_merge_and_the_streaks_are_shown_before(story):
    office = story.person("1001")
    kept, gone = Unit.objects.filter(department__name="示例市教育和体育局").order_by("pk")[:2]
    for unit, year, grade in ((kept, 2024, "A"), (kept, 2025, "A"), (gone, 2025, "C")):
        office.go(f"/organization/units/{unit.pk}/grades/new")
        office.fill(
            {"Assessment year": str(year), "Grade": grade, "Document": f"示考〔{year}〕9号"}
        )
        office.press("Save")
    office.go("/organization/successions/")
    office.look("successions-none")
    office.go(f"/organization/successions/new?unit={kept.pk}&unit={gone.pk}")
    office.page.locator("[name=deed][value='merge.into_existing']").check()
    office.look("succession-choose")
    office.press("Go on")
    office.look("succession-form")
    office.fill(
        {"Unit that goes on": kept.name, "From": "2026-06-01", "Document": "示编〔2026〕8号"}
    )
    office.press("Look at what follows")
    office.look("succession-look")
    assert office.page.locator("#h-years").count() == 1
    office.press("Carry out")
    office.look("succession-done")
    office.go(f"/organization/units/{gone.pk}")
    office.look("unit-closed")
    office.go("/organization/successions/")
    office.look("successions")

    gone.refresh_from_db()
    assert str(gone.closed_on) == "2026-05-31"
    assert Succession.objects.get().kind == "absorption"
    assert PastGrade.objects.filter(unit__in=[kept, gone]).count() == 3


def test_13_the_register_of_the_year_is_fixed(story):
    office = story.person("1001")
    office.go("/organization/snapshots/")
    office.look("snapshots-none")
    office.go("/organization/snapshots/new")
    office.look("snapshot-new")
    office.press("Take the snapshot")
    office.look("snapshot")
    office.go("/organization/snapshots/")
    office.look("snapshots")
    office.go("/organization/units/?q=中学")
    office.look("units-searched")
    office.go("/search?q=示例市第")
    office.look("search")
    office.go("/")
    office.look("desk")
    office.follow("Organization")
    office.look("overview")

    assert UnitYear.objects.count() == 279
