"""A folder in any of its forms gives the rows that were written into it."""

import json
from pathlib import Path

import duckdb
import pytest
from hypothesis import assume, given, settings

from kaohe.core.rows import Inputs
from kaohe.core.scheme import Scheme
from kaohe.core.tables import INPUT_TABLES
from kaohe.folder import parquet_tables
from kaohe.folder.author import write_folder
from kaohe.folder.load import load_folder
from kaohe.folder.rows import fetch_inputs
from tests.folder.mini_folder import INPUTS, SCHOOL
from tests.folder.reading import ITEMS, SCHEME, SOUND, UNITS, Read, read, write_files
from tests.worlds import World, worlds

FORMS = ("csv", "parquet", "xlsx")


def scheme_text(scheme: Scheme) -> str:
    """TOML with the questions of a scheme: nothing else of it matters for reading tables."""
    dimensions = [
        f"{{ code = {json.dumps(d.code, ensure_ascii=False)}, weight = 1, "
        f"questions = {json.dumps(d.questions, ensure_ascii=False)} }}"
        for d in scheme.survey.dimensions
    ]
    return SCHEME.partition("[survey]")[0] + f"[survey]\ndimensions = [{', '.join(dimensions)}]\n"


def as_sets(inputs: Inputs) -> dict[str, set[object]]:
    return {table: set(getattr(inputs, table)) for table in INPUT_TABLES}


def read_back(inputs: Inputs, text: str, folder: Path, form: str) -> Inputs:
    write_folder(inputs, text, folder, form)
    with duckdb.connect() as con:
        loaded = load_folder(folder, con)
        assert loaded.problems == []
        assert loaded.scheme is not None
        return fetch_inputs(con, loaded.scheme)


@pytest.mark.parametrize("form", FORMS)
def test_every_table_comes_back_from_every_form(tmp_path, form):
    assert as_sets(read_back(INPUTS, SCHEME, tmp_path, form)) == as_sets(INPUTS)


@settings(max_examples=12, deadline=None)
@given(world=worlds(units=6))
def test_any_sound_year_comes_back_from_any_form(tmp_path_factory, world: World):
    assume(world.scheme.year > 1910)  # years before 1900 are none of a folder
    for form in FORMS:
        folder = tmp_path_factory.mktemp(form)
        back = read_back(world.inputs, scheme_text(world.scheme), folder, form)
        assert as_sets(back) == as_sets(world.inputs)


def test_a_large_parquet_table_stays_in_its_file_and_reads_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet_tables, "IN_MEMORY", 1)
    assert as_sets(read_back(INPUTS, SCHEME, tmp_path, "parquet")) == as_sets(INPUTS)
    con = Read(tmp_path).con
    views = con.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_type = 'VIEW'"
    ).fetchall()
    assert ("marks",) in views
    assert ("tiers",) not in views


def test_absent_tables_and_columns_are_empty(tmp_path):
    units = "\n".join(
        ",".join(line.split(",")[:5] + line.split(",")[6:8]) for line in UNITS.splitlines()
    )
    found = read(tmp_path, {"units.csv": units})
    assert found.problems == []
    assert found.rows("units")[0] == (
        2, SCHOOL, "第一中学", "教育组", "教体局", "graded", None, "per_pupil", 120, None, None,
    )  # fmt: skip
    for table in set(INPUT_TABLES) - {"units", "items"}:
        assert found.rows(table) == []
    kinds = found.con.execute("DESCRIBE responses").fetchall()
    assert [(name, kind) for name, kind, *_ in kinds] == [
        ("row", "BIGINT"), ("response", "VARCHAR"), ("unit", "VARCHAR"), ("round", "VARCHAR"),
        ("channel", "VARCHAR"), ("valid", "BOOLEAN"), ("answer_1", "TINYINT"),
        ("answer_2", "TINYINT"),
    ]  # fmt: skip


def test_the_files_that_were_read_are_known(tmp_path):
    found = read(tmp_path, {})
    assert {name: path.name for name, path in found.loaded.files.items()} == {
        "scheme.toml": "scheme.toml",
        "units": "units.csv",
        "items": "items.csv",
    }


def test_without_a_scheme_everything_else_is_still_read_and_checked(tmp_path):
    responses = f"response,unit,round,channel,valid,q1,q2\nr1,{SCHOOL},h1,visit,maybe,9,9\n"
    found = read(tmp_path, {"responses.csv": responses, "items.csv": ITEMS.replace("100", "x")},
                 without=["scheme.toml"])  # fmt: skip
    assert found.loaded.scheme is None
    assert found.codes == ["not-a-number", "not-a-flag", "scheme-missing"]


def test_all_problems_of_scheme_files_and_cells_come_in_one_go(tmp_path):
    found = read(
        tmp_path,
        {
            "scheme.toml": SCHEME.replace("weight = 60", 'weight = "60"'),
            "units.csv": UNITS.replace(",120,", ",12O,"),
            "items.csv": ITEMS.replace("late:1", "late"),
            "marks.csv": "unit,item,judge\n",
            "event.csv": "",
        },
    )
    assert {"scheme-not-decimal", "letter-in-number", "kind-form", "missing-column"} <= set(
        found.codes
    )
    assert "likely-file" in found.codes


def test_a_scheme_that_is_no_utf8_is_refused(tmp_path):
    found = read(tmp_path, {"scheme.toml": b'title = "\xd6\xd0"'})
    assert "byte 10" in found.said("scheme-not-utf8")


def test_a_scheme_may_begin_with_a_byte_order_mark(tmp_path):
    assert read(tmp_path, {"scheme.toml": b"\xef\xbb\xbf" + SCHEME.encode()}).problems == []


def test_a_file_that_is_a_folder_is_a_problem_and_not_a_crash(tmp_path):
    write_files(tmp_path, SOUND)
    (tmp_path / "marks.csv").mkdir()
    (tmp_path / "scheme.toml").unlink()
    (tmp_path / "scheme.toml").mkdir()
    (tmp_path / "assessment.xlsx").mkdir()
    assert Read(tmp_path).codes == ["file-unreadable"] * 3


def test_a_path_with_signs_of_a_pattern_is_read_as_it_stands(tmp_path):
    folder = tmp_path / "2026 [初稿] *?"
    assert as_sets(read_back(INPUTS, SCHEME, folder, "csv")) == as_sets(INPUTS)
    assert as_sets(read_back(INPUTS, SCHEME, tmp_path / "it's [a]", "parquet")) == as_sets(INPUTS)
