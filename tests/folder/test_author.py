"""A folder that was written from rows is read back as the same rows, in each form."""

from pathlib import Path

import duckdb
import openpyxl
import pytest
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from kaohe.core.quantities import LIMIT
from kaohe.core.rows import Inputs, Measurement, Response
from kaohe.core.scheme_text import read_scheme
from kaohe.core.tables import INPUT_TABLES
from kaohe.folder.author import write_folder
from kaohe.folder.checks import check_folder
from kaohe.folder.load import LoadedFolder, load_folder
from kaohe.folder.rows import fetch_inputs
from tests.folder.mini_folder import CLINIC, INPUTS, SCHOOL, added

FORMS = ("csv", "parquet", "xlsx")
TEXT = """\
format = "kaohe-scheme/1"
year = 2026
jurisdiction = "370683"
[components.common]
weight = 20
[components.individual]
weight = 60
[components.social]
weight = 20
[survey]
dimensions = [ { code = "duty", weight = 20, questions = ["q1", "问题,二"] } ]
channels = [ { code = "visit", weight = 40, minimum = 1 }, { code = "telephone", weight = 60, minimum = 1 } ]
rounds = [ { code = "h1", weight = 40 }, { code = "h2", weight = 60 } ]
"""  # noqa: E501


def read_back(folder: Path) -> tuple[LoadedFolder, Inputs]:
    with duckdb.connect() as con:
        loaded = load_folder(folder, con)
        loaded.problems.extend(check_folder(con, loaded.scheme))
        return loaded, fetch_inputs(con, loaded.scheme)


@pytest.mark.parametrize("form", FORMS)
def test_a_folder_comes_back_as_it_was_written(tmp_path: Path, form: str) -> None:
    write_folder(INPUTS, TEXT, tmp_path / "year", form)

    loaded, rows = read_back(tmp_path / "year")

    assert loaded.problems == []
    assert loaded.scheme == read_scheme(TEXT)[0]
    assert rows == INPUTS


@pytest.mark.parametrize("form", FORMS)
def test_odd_texts_and_extreme_numbers_come_back(tmp_path: Path, form: str) -> None:
    documents = ("a,b", 'say "so"', "#1", "'1", "〔2026〕3号", "00123", "1e5", "2026-01-01", "true")
    extremes = (LIMIT - 1, 1 - LIMIT, 1, -1, 0, 123_456_789_012)
    waived = tuple(each for each in INPUTS.measurements if each.item != "J2")
    events = tuple(
        INPUTS.events[0]._replace(event=f"X{number}", document=text, note=text)
        for number, text in enumerate(documents)
    )
    for value in extremes:
        inputs = INPUTS._replace(
            measurements=(*waived, Measurement(SCHOOL, "J2", value)), events=events
        )
        write_folder(inputs, TEXT, tmp_path / "year", form)

        loaded, rows = read_back(tmp_path / "year")

        assert [each.sentence() for each in loaded.problems if each.severity == "error"] == []
        assert rows == inputs


def test_tables_without_rows_are_left_out_but_units_and_items(tmp_path: Path) -> None:
    write_folder(Inputs((), ()), TEXT, tmp_path)

    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "items.csv",
        "scheme.toml",
        "units.csv",
    ]
    assert (tmp_path / "items.csv").read_text().startswith("item,component,department,unit,")


def test_csv_is_written_as_people_write_it(tmp_path: Path) -> None:
    write_folder(INPUTS, TEXT, tmp_path)

    assert (tmp_path / "measurements.csv").read_bytes().decode() == (
        "unit,item,value,numerator,denominator,document\n"
        f"{SCHOOL},J1,90,,,\n{SCHOOL},J2,,45,50,\n{SCHOOL},J3,1020,,,\n"
        f"{CLINIC},W1,80,,,\n{CLINIC},W4,,0,0,\n"
    )
    assert (tmp_path / "responses.csv").read_text().splitlines() == [
        'response,unit,round,channel,valid,q1,"问题,二"',
        f"r1,{SCHOOL},h1,visit,true,5,4",
        f"r2,{CLINIC},h2,telephone,true,,1",
    ]
    assert (tmp_path / "scheme.toml").read_text(encoding="utf-8") == TEXT


def test_an_unsound_scheme_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="year"):
        write_folder(INPUTS, 'format = "kaohe-scheme/1"', tmp_path / "year")

    assert not (tmp_path / "year").exists()


@pytest.mark.parametrize("form", FORMS)
def test_the_same_rows_give_the_same_bytes(tmp_path: Path, form: str) -> None:
    for name in ("one", "two"):
        write_folder(INPUTS, TEXT, tmp_path / name, form)

    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes(), file.name


def test_parquet_has_exact_types(tmp_path: Path) -> None:
    write_folder(INPUTS, TEXT, tmp_path, "parquet")

    with duckdb.connect() as con:
        types = {
            table: dict(
                con.read_parquet(str(tmp_path / f"{table}.parquet"))
                .query("t", "SELECT column_name, column_type FROM (DESCRIBE t)")
                .fetchall()
            )
            for table in ("events", "responses", "tenures")
        }
    assert types["events"]["points"] == "DECIMAL(18,4)"
    assert types["events"]["occurred_on"] == "DATE"
    assert types["events"]["self_corrected"] == "BOOLEAN"
    assert types["responses"]["问题,二"] == "TINYINT"
    assert list(types["tenures"]) == [column.name for column in INPUT_TABLES["tenures"]]


def test_a_workbook_offers_choices_and_keeps_codes_as_text(tmp_path: Path) -> None:
    formula = INPUTS._replace(units=(INPUTS.units[0]._replace(category="=1+1"), *INPUTS.units[1:]))
    write_folder(formula, TEXT, tmp_path, "xlsx")

    book = openpyxl.load_workbook(tmp_path / "assessment.xlsx")

    units = book["units"]
    assert units["A2"].number_format == "@"
    assert units["A2"].value == SCHOOL
    assert units["I2"].data_type == "s"
    assert units.freeze_panes == "A2"
    assert book["字典"].sheet_state == "hidden"
    offered = {str(each.sqref): each.formula1 for each in units.data_validations.dataValidation}
    assert offered["E2:E1005"] == "list_units_status"
    assert book.defined_names["list_units_status"].attr_text == "字典!$A$1:$A$3"
    assert [book["字典"].cell(row, 1).value for row in (1, 2, 3)] == [
        "graded",
        "ungraded",
        "exempt",
    ]
    assert book["events"]["E2"].is_date


def test_rounds_and_channels_are_offered_from_the_scheme(tmp_path: Path) -> None:
    inputs = added("responses", Response("r3", SCHOOL, "h2", "visit", False, (None, None)))
    write_folder(inputs, TEXT, tmp_path, "xlsx")

    book = openpyxl.load_workbook(tmp_path / "assessment.xlsx")

    where = book.defined_names["list_responses_channel"].attr_text
    column = where.partition("$")[2][0]
    assert [book["字典"][f"{column}{row}"].value for row in (1, 2)] == ["visit", "telephone"]


def test_a_workbook_that_cannot_be_saved_is_an_error_of_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    close = xlsxwriter.Workbook.close

    def fail(book: xlsxwriter.Workbook) -> None:
        close(book)
        raise FileCreateError(OSError(28, "No space left on device"))

    monkeypatch.setattr("xlsxwriter.Workbook.close", fail)
    with pytest.raises(OSError, match="No space left"):
        write_folder(INPUTS, TEXT, tmp_path, "xlsx")
