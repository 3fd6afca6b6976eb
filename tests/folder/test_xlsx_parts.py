"""What is inside a workbook is understood in one way, or refused."""

import re
from functools import partial
from typing import Any

from kaohe.folder import xlsx_parts
from tests.folder.reading import SOUND, write_files
from tests.folder.test_xlsx_tables import HEADER, ROW, by_openpyxl, patch, read_sheet


def test_two_sheets_of_one_name_are_refused(tmp_path):
    def change(book: Any) -> None:
        book.parent.create_sheet("scores")

    read_sheet(tmp_path, by_openpyxl, [HEADER, ROW], change)
    workbook = "xl/workbook.xml"
    for other in ("marks", "MARKS"):
        write_files(tmp_path, SOUND)
        by_openpyxl(tmp_path / "assessment.xlsx", "marks", [HEADER, ROW], change)
        found = patch(tmp_path, lambda xml, other=other: xml.replace("scores", other), workbook)
        assert "workbook-sheets-alike" in found.codes
        assert f"“{other}”" in found.said("workbook-sheets-alike")


def test_a_relation_that_stands_twice_is_refused(tmp_path):
    read_sheet(tmp_path, by_openpyxl, [HEADER, ROW])
    part = "xl/_rels/workbook.xml.rels"
    found = patch(tmp_path, lambda xml: re.sub("(<Relationship [^>]*/>)", r"\1\1", xml), part)
    assert "workbook-unreadable" in found.codes


def test_ranges_without_measure_are_refused_and_just_enough_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx_parts, "MOST_MERGED", 3)

    def merge(sheet: Any, count: int) -> None:
        for line in range(10, 10 + count):
            sheet.merge_cells(f"H{line}:I{line}")

    for count, codes in ((3, []), (4, ["sheet-too-many-merged"])):
        found = read_sheet(tmp_path, by_openpyxl, [HEADER, ROW], partial(merge, count=count))
        assert [code for code in found.codes if code != "merged-cells"] == codes
