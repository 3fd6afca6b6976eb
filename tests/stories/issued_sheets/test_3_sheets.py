"""The sheets: issued, received, adjusted, printed, and the year that the engine accepts."""

import json
import zipfile
from io import BytesIO

from django.urls import reverse
from docx import Document

from kaohe.core.indicator_trees import digest_of
from kaohe.folder.zipped import unpack
from kaohe.indicators.models import Adjustment, Sheet
from kaohe.inquiry.assess import Wanted, assess_folder
from kaohe.journal.models import JournalEntry
from tests.fixtures.last_year import GROWTH, NEW_SCHOOL, SCHOOLS
from tests.stories.issued_sheets.test_1_office import this_year, version_of
from tests.stories.issued_sheets.test_2_department import unit_of


def sheets():
    return Sheet.objects.filter(participant__assessment_year=this_year())


def sheet_of(name):
    return sheets().get(participant__name=name, state="issued")


def fetched(window, words):
    """The bytes behind a link that gives a file."""
    with window.page.expect_download() as caught:
        window.page.get_by_role("link", name=window.said(words), exact=True).click()
    return caught.value.path().read_bytes()


def test_14_all_sheets_are_issued_in_one_deed(story):
    chief = story.person("周科长")
    chief.go(reverse("web:approvals", args=[this_year().pk]))
    chief.press("Issue those ticked")
    chief.fill({"Document number": "示考办〔2026〕8号"})
    chief.press("Issue")
    story.work_is_done(chief)
    chief.go(reverse("web:sheets", args=[this_year().pk]))
    for name in (*SCHOOLS, NEW_SCHOOL):
        chief.says(name)
    chief.look("sheets-sheets")

    assert sheets().filter(state="issued").count() == 4
    assert len(set(sheets().values_list("sheet_number", flat=True))) == 4


def test_15_the_head_of_the_school_receives_its_sheet_and_no_other(story):
    head = story.person("孙校长")
    sheet = sheet_of(SCHOOLS[0])
    head.go("/")
    head.look("sheets-desk-head")
    head.go(reverse("web:sheets", args=[this_year().pk]))
    head.page.get_by_role("link", name=sheet.sheet_number).click()
    head.says(GROWTH)
    head.look("sheets-sheet")
    head.follow("Confirm the receipt")
    head.press("Confirm the receipt")
    head.says("The receipt is confirmed.")
    head.go(reverse("web:sheet", args=[sheet_of(SCHOOLS[1]).pk]), status=404)

    sheet.refresh_from_db()
    assert sheet.received_by.username == "孙校长"


def test_16_a_target_is_adjusted_through_three_hands(story):
    unit, head, chief = story.person("陈联络员"), story.person("赵局长"), story.person("周科长")
    unit.go(reverse("web:unit-targets", args=[unit_of(SCHOOLS[0]).pk]))
    unit.follow("Propose an adjustment")
    unit.page.locator("[name='J05:target']").fill("4")
    unit.fill({"Reason": "暴雨致操场停用两个月。"})
    unit.press("Propose")
    unit.says("Adjustment %(n)s is proposed.", n=1)
    key = Adjustment.objects.get().pk
    unit.go(reverse("web:finalise-adjustment", args=[key]), status=403)
    head.go(reverse("web:adjustment", args=[key]))
    head.follow("Accept")
    head.press("Accept")
    chief.go(reverse("web:adjustment", args=[key]))
    chief.look("sheets-adjustment")
    chief.follow("Finalise")
    chief.press("Finalise")
    chief.says("The adjustment is finalised; the next version of the sheet is in force.")

    sheet = sheet_of(SCHOOLS[0])
    assert (sheet.number, sheet.content["sheet"]["values"]["J05"]["target"]) == (2, "4")
    unit.go(reverse("web:sheet", args=[sheet.pk]))
    unit.says("暴雨致操场停用两个月。")
    unit.look("sheets-sheet-adjusted")
    assert digest_of(sheet.content) == sheet.digest


def test_17_the_papers_hold_the_names(story):
    unit, chief = story.person("陈联络员"), story.person("周科长")
    unit.follow("Print")
    unit.look("sheets-sheet-paper")
    assert fetched(unit, "PDF").startswith(b"%PDF")
    paper = Document(BytesIO(fetched(unit, "Word")))
    text = "\n".join(
        [each.text for each in paper.paragraphs]
        + [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    )
    assert SCHOOLS[0] in text
    assert GROWTH in text
    chief.go(reverse("web:sheets-papers", args=[this_year().pk]))
    chief.press("Make them")
    story.work_is_done(chief)
    archive = zipfile.ZipFile(BytesIO(fetched(chief, "Fetch")))
    assert len(archive.namelist()) == 4


def test_18_the_engine_accepts_the_year_and_its_scheme_is_that_of_the_record(story):
    office = story.person("李科员")
    office.go(reverse("web:year-files", args=[this_year().pk]))
    file = story.home / "2026.zip"
    with office.page.expect_download() as caught:
        office.page.locator("a[href$='?form=csv']").click()
    file.write_bytes(caught.value.path().read_bytes())
    folder = story.home / "2026"
    folder.mkdir()
    unpack(file, folder)
    done = assess_folder(folder, story.home / "out", Wanted(documents=False))
    manifest = json.loads((story.home / "out" / "manifest.json").read_text(encoding="utf-8"))
    recorded = [
        json.loads(entry.leaf)["facts"]
        for entry in JournalEntry.objects.filter(action="part.issued")
    ]

    assert sum(done.grades.values()) == 4
    digests = [facts["scheme_digest"] for facts in recorded if facts.get("scheme_digest")]
    assert digests == [manifest["scheme"]] == [version_of("settings").scheme_digest]


def test_19_who_reads_english_reads_english(story):
    director = story.person("王市长")
    year = this_year().pk
    for name in ("year", "sheets", "targets"):
        director.go(reverse(f"web:{name}", args=[year]))
        director.look(f"sheets-{name}-en")
        assert director.page.locator("html").get_attribute("lang") == "en"
