"""Workbooks as two libraries write them, with all that people do to them."""

import datetime
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from kaohe.folder import xlsx_parts
from kaohe.folder.xlsx_tables import number_text
from tests.folder.mini_folder import SCHOOL
from tests.folder.reading import HEADERS, MARKS, SOUND, Read, write_files

HEADER = MARKS.split(",")
ROW = [SCHOOL, "K1", "甲", 12.5]
Rows = Sequence[Sequence[Any]]


def by_openpyxl(path: Path, table: str, rows: Rows, change: Callable[[Any], object] = id) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = table
    for row in rows:
        sheet.append(row)
    change(sheet)
    book.save(path)


def by_xlsxwriter(path: Path, table: str, rows: Rows, change: Callable[[Any], object] = id) -> None:
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy/m/d"})
    sheet = book.add_worksheet(table)
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    change(sheet)
    book.close()


WRITERS = pytest.mark.parametrize("write", [by_openpyxl, by_xlsxwriter])


def read_sheet(
    folder: Path, write: Any, rows: Rows, change: Callable[[Any], object] = id, table: str = "marks"
) -> Read:
    """A sound folder with a workbook of one sheet."""
    write_files(folder, SOUND)
    write(folder / "assessment.xlsx", table, rows, change)
    return Read(folder)


def rewritten(data: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """A workbook with one of its parts changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", 8) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content.decode()) if name == part else content)
    return target.getvalue()


def patch(
    folder: Path, change: Callable[[str], str], part: str = "xl/worksheets/sheet1.xml"
) -> Read:
    path = folder / "assessment.xlsx"
    path.write_bytes(rewritten(path.read_bytes(), part, change))
    return Read(folder)


@WRITERS
def test_a_sheet_reads_like_a_table(tmp_path, write):
    found = read_sheet(tmp_path, write, [HEADER, ROW, [SCHOOL, "K1", " 乙 ", 0.1 + 0.2]])
    assert found.problems == []
    assert found.rows("marks") == [
        (2, SCHOOL, "K1", "甲", 125_000),
        (3, SCHOOL, "K1", "乙", 3_000),
    ]


@WRITERS
def test_row_numbers_are_those_of_the_sheet(tmp_path, write):
    rows = [HEADER, [None], ROW, [None], [None], [SCHOOL, "K1", "乙", "x"]]
    found = read_sheet(tmp_path, write, rows)
    assert found.column("marks", "row") == [3, 6]
    assert found.places("marks") == [(6, "points", "not-a-number")]


def test_a_sheet_that_begins_further_right_keeps_its_places(tmp_path):
    found = read_sheet(tmp_path, by_openpyxl, [[None, *HEADER], [None, *ROW]])
    assert found.problems == []
    assert found.column("marks", "points") == [125_000]


@pytest.mark.parametrize("rows", [[], [[None], HEADER, ROW]])
def test_a_header_stands_in_row_one(tmp_path, rows):
    assert read_sheet(tmp_path, by_openpyxl, rows).places("marks") == [(1, "", "header-missing")]


@WRITERS
def test_a_number_is_read_at_fifteen_digits_and_then_held_to_the_rule(tmp_path, write):
    values = [0.1 + 0.2, 1 / 3, 1e20, 12345678.1234, 1e-4, 1e-5, -0.0]
    found = read_sheet(tmp_path, write, [HEADER, *([SCHOOL, "K1", "甲", v] for v in values)])
    assert found.column("marks", "points") == [3_000, None, None, 123_456_781_234, 1, None, 0]
    assert found.places("marks") == [
        (3, "points", "too-many-digits"),
        (4, "points", "number-too-large"),
        (7, "points", "too-many-digits"),
    ]


@given(number=st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_as_text_is_itself_at_fifteen_digits(number):
    text = number_text(number)
    assert re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text)
    assert float(text) == float(f"{number:.15g}")


@WRITERS
def test_a_code_stored_as_a_number_is_refused_with_the_cure(tmp_path, write):
    found = read_sheet(tmp_path, write, [HEADER, [123706830000000123, 1, "甲", 1]])
    assert found.places("marks") == [(2, "item", "code-as-number"), (2, "unit", "code-as-number")]
    (problem, _) = [p for p in found.problems if p.code == "code-as-number"]
    assert problem.remedy() == "format this column as text, then enter it again"


def test_a_code_that_excel_took_for_a_date_or_a_truth_value_is_refused(tmp_path):
    row = [SCHOOL, datetime.date(2026, 1, 2), True, 1]
    found = read_sheet(tmp_path, by_openpyxl, [HEADER, row])
    assert found.places("marks") == [(2, "item", "code-as-date"), (2, "judge", "code-as-flag")]


@WRITERS
def test_date_cells_are_their_day_and_serials_are_named(tmp_path, write):
    day, moment = datetime.date(2026, 3, 5), datetime.datetime(2026, 3, 5, 17, 30)  # noqa: DTZ001
    rows = [
        HEADERS["milestones"].split(","),
        [SCHOOL, "K1", "a", 50, day, moment],
        [SCHOOL, "K1", "b", 50, "2026-03-05", 46086],
        [SCHOOL, "K1", "c", 50, datetime.time(8), 0.5],
    ]
    found = read_sheet(tmp_path, write, rows, table="milestones")
    assert found.rows("milestones", "due_on, done_on") == [(day, day), (day, None), (None, None)]
    assert found.places("milestones") == [
        (3, "done_on", "date-as-serial"),
        (4, "done_on", "not-a-date"),
        (4, "due_on", "not-a-date"),
    ]
    assert "2026-03-05" in found.said("date-as-serial")


def test_dates_of_a_workbook_that_counts_from_1904_are_right(tmp_path):
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.title = "milestones"
    book.active.append(HEADERS["milestones"].split(","))
    book.active.append([SCHOOL, "K1", "a", 100, datetime.date(2026, 3, 5), None])
    write_files(tmp_path, SOUND)
    book.save(tmp_path / "assessment.xlsx")
    assert Read(tmp_path).column("milestones", "due_on") == [datetime.date(2026, 3, 5)]


@WRITERS
def test_truth_values_counts_and_answers_are_read(tmp_path, write):
    header = ["response", "unit", "round", "channel", "valid", "q1", "q2"]
    rows = [
        header,
        ["r1", SCHOOL, "h1", "visit", True, 5, None],
        ["r2", SCHOOL, "h1", "visit", "FALSE", 2.5, "3"],
    ]
    found = read_sheet(tmp_path, write, rows, table="responses")
    assert found.rows("responses", "valid, answer_1, answer_2") == [
        (True, 5, None),
        (False, None, 3),
    ]
    assert found.places("responses") == [(3, "q1", "not-an-answer")]


def test_free_text_may_be_a_number(tmp_path):
    rows = [["unit", "item", "value", "document"], [SCHOOL, "K1", 1, 2026]]
    found = read_sheet(tmp_path, by_openpyxl, rows, table="measurements")
    assert found.problems == []
    assert found.column("measurements", "document") == ["2026"]


def test_an_error_cell_is_named_and_not_empty(tmp_path):
    def change(sheet: Any) -> None:
        sheet.write_formula(2, 2, "=NA()", None, "#N/A")
        sheet.write_formula(2, 3, "=1/0", None, "#DIV/0!")

    found = read_sheet(tmp_path, by_xlsxwriter, [HEADER, ROW, [SCHOOL, "K1"]], change)
    assert found.places("marks") == [(3, "judge", "cell-error"), (3, "points", "cell-error")]
    assert "#DIV/0!" in found.problems[1].sentence()


@WRITERS
def test_a_formula_that_was_never_calculated_is_a_problem_and_not_an_empty_cell(tmp_path, write):
    def change(sheet: Any) -> None:
        if write is by_openpyxl:
            sheet["D3"] = "=D2*2"
        else:
            sheet.write_formula("D3", "=D2*2")

    found = read_sheet(tmp_path, write, [HEADER, ROW, [SCHOOL, "K1", "乙"]], change)
    assert found.places("marks") == [(3, "points", "formula-without-value")]


def test_a_row_of_nothing_but_an_uncalculated_formula_is_not_overlooked(tmp_path):
    def change(sheet: Any) -> None:
        sheet["D4"] = "=D2*2"

    found = read_sheet(tmp_path, by_openpyxl, [HEADER, ROW], change)
    assert (4, "points", "formula-without-value") in found.places("marks")


def test_a_calculated_formula_is_its_value(tmp_path):
    def change(sheet: Any) -> None:
        sheet.write_formula(2, 2, '="乙"', None, "乙")
        sheet.write_formula(2, 3, "=D2*2", None, 25)

    found = read_sheet(tmp_path, by_xlsxwriter, [HEADER, ROW, [SCHOOL, "K1"]], change)
    assert found.codes == ["formulas-not-calculated"]
    assert found.problems[0].severity == "warning"
    assert found.column("marks", "points") == [125_000, 250_000]
    calculated = patch(
        tmp_path, lambda xml: xml.replace(' fullCalcOnLoad="1"', ""), "xl/workbook.xml"
    )
    assert calculated.problems == []
    assert calculated.rows("marks") == found.rows("marks")


def test_a_formula_that_gives_nothing_is_an_empty_cell(tmp_path):
    def change(sheet: Any) -> None:
        sheet.write_formula(1, 4, '=""', None, "")

    rows = [["unit", "item", "numerator", "denominator", "value"], [SCHOOL, "K1", 1, 2, None]]
    read_sheet(tmp_path, by_xlsxwriter, rows, change, table="measurements")
    found = patch(tmp_path, lambda xml: xml.replace('<c r="E2"', '<c r="E2" t="str"'))
    assert [problem.severity for problem in found.problems] == ["warning"]
    assert found.column("measurements", "value") == [None]


@WRITERS
def test_merged_cells_in_the_table_are_named_once(tmp_path, write):
    def change(sheet: Any) -> None:
        if write is by_openpyxl:
            sheet.merge_cells("B2:B4")
            sheet.merge_cells("H2:I3")
        else:
            sheet.merge_range("B2:B4", "K1")
            sheet.merge_range("H2:I3", "")

    rows = [HEADER, ROW, [SCHOOL, None, "乙", 1], [SCHOOL, None, "丙", 1]]
    found = read_sheet(tmp_path, write, rows, change)
    assert found.places("marks") == [(2, "", "merged-cells")]
    assert "B2:B4" in found.said("merged-cells")


def test_a_merged_title_above_the_header_is_told(tmp_path):
    found = read_sheet(
        tmp_path, by_openpyxl, [["评分表"], HEADER, ROW], lambda s: s.merge_cells("A1:D1")
    )
    assert found.places("marks") == [(1, "", "header-unknown"), (1, "", "merged-cells")]


def test_styles_and_comments_far_away_are_no_cells(tmp_path):
    def change(sheet: Any) -> None:
        sheet["D2"].comment = openpyxl.comments.Comment("核对", "x")
        sheet["XFD1048576"].font = openpyxl.styles.Font(bold=True)

    found = read_sheet(tmp_path, by_openpyxl, [HEADER, ROW], change)
    assert found.problems == []
    assert len(found.rows("marks")) == 1


def test_a_stray_cell_at_the_end_of_the_world_is_refused_before_it_takes_the_memory(tmp_path):
    found = read_sheet(
        tmp_path, by_xlsxwriter, [HEADER, ROW], lambda s: s.write(1_048_575, 16_383, "x")
    )
    assert found.places("marks") == [(None, "", "sheet-too-large")]
    assert "XFD1048576" in found.said("sheet-too-large")


def test_a_place_that_no_sheet_has_is_refused_before_it_takes_the_memory(tmp_path):
    read_sheet(tmp_path, by_xlsxwriter, [HEADER, ROW])
    for place in ("ZZZZZZ2", "zzzzzz2"):
        found = patch(
            tmp_path, lambda xml, place=place: re.sub('r="[A-Za-z]+2"', f'r="{place}"', xml)
        )
        assert found.places("marks") == [(None, "", "sheet-too-large")]


def test_a_cell_that_names_a_far_row_of_its_own_is_refused_before_it_takes_the_memory(tmp_path):
    read_sheet(tmp_path, by_xlsxwriter, [HEADER, ROW])
    found = patch(tmp_path, lambda xml: re.sub('r="B2"', 'r="XFD999999"', xml))
    assert found.places("marks") == [(None, "", "sheet-too-large")]


def test_a_sheet_of_too_many_rows_is_refused_and_of_just_enough_is_read(tmp_path, monkeypatch):
    rows = [HEADER, *([SCHOOL, "K1", f"j{n}", 1] for n in range(499))]
    monkeypatch.setattr(xlsx_parts, "_SURELY_FIT", 0)
    monkeypatch.setattr(xlsx_parts, "MOST_CELLS", 2_000)
    assert read_sheet(tmp_path, by_openpyxl, rows).problems == []
    rows.append(ROW)
    assert read_sheet(tmp_path, by_openpyxl, rows).codes == ["sheet-too-large"]


def test_cells_without_references_are_counted_through(tmp_path):
    def without_references(xml: str) -> str:
        return re.sub(r'(<(?:c|row))( r="[A-Z]*[0-9]+")', r"\1", xml)

    read_sheet(tmp_path, by_openpyxl, [HEADER, ROW, [SCHOOL, "K1", "乙", "=1"]])
    found = patch(tmp_path, without_references)
    assert found.places("marks") == [(3, "points", "formula-without-value")]
    assert found.column("marks", "judge") == ["甲", "乙"]


def test_a_bomb_is_refused_by_its_directory(tmp_path):
    write_files(tmp_path, SOUND)
    with zipfile.ZipFile(tmp_path / "assessment.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", bytes(20 << 20))
    assert Read(tmp_path).codes == ["workbook-bomb"]


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx_parts, "MOST_BYTES", 2_000)
    assert read_sheet(tmp_path, by_openpyxl, [HEADER, ROW]).codes == ["workbook-too-large"]


def test_a_directory_that_lies_about_sizes_is_found_out(tmp_path):
    read_sheet(tmp_path, by_openpyxl, [HEADER, *[ROW] * 50])
    path = tmp_path / "assessment.xlsx"
    data = path.read_bytes()
    with zipfile.ZipFile(path) as book:
        info = book.getinfo("xl/worksheets/sheet1.xml")
    entry = data.rindex(b"xl/worksheets/sheet1.xml") - 46
    size = (info.file_size // 2).to_bytes(4, "little")
    path.write_bytes(data[: entry + 24] + size + data[entry + 28 :])
    assert Read(tmp_path).codes == ["workbook-no-archive"]


def test_entities_of_its_own_are_refused(tmp_path):
    read_sheet(tmp_path, by_openpyxl, [HEADER, ROW])
    found = patch(
        tmp_path,
        lambda xml: '<!DOCTYPE x [<!ENTITY a "aaaa">]>' + xml[xml.index("<workbook") :],
        "xl/workbook.xml",
    )
    assert found.codes == ["workbook-unreadable"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "workbook-no-archive"),
        (b"unit,item,judge,points\n", "workbook-no-archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "workbook-old-form"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "workbook-encrypted",
        ),
    ],
)
def test_what_is_no_open_workbook_is_told_what_it_is(tmp_path, data, code):
    write_files(tmp_path, {**SOUND, "assessment.xlsx": data})
    assert Read(tmp_path).codes == [code]


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"]
)
@pytest.mark.parametrize("cut", [0.0, 0.5, 0.9])
def test_a_damaged_part_is_a_problem(tmp_path, part, cut):
    read_sheet(tmp_path, by_openpyxl, [HEADER, ROW, [SCHOOL, "K1", "乙", "=1"]])
    found = patch(tmp_path, lambda xml: xml[: int(len(xml) * cut)], part)
    assert "workbook-unreadable" in found.codes


def test_a_broken_formula_sheet_does_not_stop_the_others(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "marks"
    book.active.append(HEADER)
    book.active.append([SCHOOL, "K1", "甲", "=1"])
    tiers = book.create_sheet("tiers")
    tiers.append(["unit", "tier", "reason"])
    tiers.append([SCHOOL, "Ⅰ", "评定"])
    write_files(tmp_path, SOUND)
    book.save(tmp_path / "assessment.xlsx")
    found = patch(tmp_path, lambda xml: xml[:-40])
    assert found.places("marks") == [(None, "", "workbook-unreadable")]
    assert found.column("tiers", "tier") == ["Ⅰ"]
