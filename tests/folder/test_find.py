"""What lies in a folder: its tables, their forms, and strays."""

import os

import openpyxl
import pytest

from tests.folder.mini_folder import SCHOOL
from tests.folder.reading import MARKS, SOUND, Read, read, write_files


def test_a_sound_folder_has_no_problem(tmp_path):
    assert read(tmp_path, {}).problems == []


def test_a_folder_that_is_not_there_is_one_problem(tmp_path):
    assert Read(tmp_path / "nowhere").codes == ["folder-missing"]


def test_a_file_in_place_of_a_folder_is_one_problem(tmp_path):
    (tmp_path / "2026.zip").write_bytes(b"")
    assert Read(tmp_path / "2026.zip").codes == ["folder-is-a-file"]


def test_a_pipe_in_place_of_a_file_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "events.csv")
    os.mkfifo(tmp_path / "scheme.toml")
    assert Read(tmp_path).codes.count("not-a-file") == 2


def test_an_empty_folder_lacks_scheme_units_and_items(tmp_path):
    assert Read(tmp_path).codes == ["table-missing", "scheme-missing", "table-missing"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("event.csv", "events.csv"),
        ("Units.CSV", "units.csv"),
        ("not-applicable.csv", "not_applicable.csv"),
        ("Marks.parquet", "marks.parquet"),
        ("responses.txt", "responses.csv"),
        ("Scheme.toml", "scheme.toml"),
        ("assesment.xlsx", "assessment.xlsx"),
    ],
)
def test_a_file_that_is_nearly_a_table_is_named_with_what_was_meant(tmp_path, name, meant):
    found = read(tmp_path, {name: "x"})
    assert found.codes[0] == "likely-file"
    assert f"likely {meant} is meant" in found.said("likely-file")


def test_a_misspelt_table_is_refused_where_the_table_itself_is_absent(tmp_path):
    found = read(tmp_path, {"event.csv": "x"})
    assert found.places("events") == [(None, "", "table-misspelt")]
    assert "“event.csv”" in found.said("table-misspelt")


def test_a_copy_beside_the_table_itself_is_only_a_warning(tmp_path):
    found = read(tmp_path, {"unit.csv": "x"})
    assert found.codes == ["likely-file"]
    assert {problem.severity for problem in found.problems} == {"warning"}


def test_a_table_that_is_no_table_is_a_warning(tmp_path):
    found = read(tmp_path, {"名单.csv": "x", "results.csv": "x"})
    assert found.codes == ["unknown-file", "unknown-file"]
    assert {problem.severity for problem in found.problems} == {"warning"}


def test_what_is_no_table_at_all_is_left_alone(tmp_path):
    files = {"说明.docx": "x", ".hidden.csv": "x", "~$assessment.xlsx": "x", "README": "x"}
    assert read(tmp_path, files).problems == []


@pytest.mark.parametrize("name", ["assessment.xls", "assessment.et", "Assessment.XLSM"])
def test_other_forms_of_workbook_are_refused_with_what_to_do(tmp_path, name):
    found = read(tmp_path, {name: "x"})
    assert found.codes == ["workbook-form"]
    assert "save it as assessment.xlsx" in found.said("workbook-form")


def test_one_table_in_two_forms_is_an_error_and_the_first_is_read_on(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "marks"
    book.active.append(MARKS.split(","))
    book.save(tmp_path / "assessment.xlsx")
    (tmp_path / "marks.parquet").mkdir()
    found = read(tmp_path, {"marks.csv": f"{MARKS}\n{SCHOOL},K1,甲,x\n"})
    assert sorted(found.codes) == ["not-a-number", "table-in-two-forms"]
    assert "marks.csv, marks.parquet, assessment.xlsx" in found.said("table-in-two-forms")


def test_a_sheet_that_is_no_table_is_named_unless_hidden(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Event"
    book.create_sheet("说明")
    book.create_sheet("字典").sheet_state = "hidden"
    marks = book.create_sheet("marks")
    marks.append(MARKS.split(","))
    marks.append([SCHOOL, "K1", "甲", 12])
    marks.sheet_state = "hidden"
    book.save(tmp_path / "assessment.xlsx")
    found = read(tmp_path, {})
    assert found.codes == ["likely-sheet", "unknown-sheet", "table-misspelt"]
    assert "“events” is meant" in found.said("likely-sheet")
    assert found.column("marks", "points") == [120_000]


def test_missing_tables_are_not_reported_when_the_workbook_cannot_be_opened(tmp_path):
    write_files(tmp_path, {"scheme.toml": SOUND["scheme.toml"], "assessment.xlsx": "no archive"})
    assert Read(tmp_path).codes == ["workbook-no-archive"]
