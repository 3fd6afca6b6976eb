"""Parquet: exact values from every type, parts, views, and files that are broken."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.core.quantities import parse_ticks
from kaohe.core.tables import Column, Kind
from kaohe.folder import parquet_tables
from kaohe.folder.parquet_cells import native
from kaohe.folder.xlsx_tables import number_text
from tests.folder.mini_folder import SCHOOL
from tests.folder.reading import SOUND, Read, write_files

KEY = f"'{SCHOOL}' AS unit, 'K1' AS item"
CON = duckdb.connect()


def write_parquet(path: Path, query: str) -> None:
    CON.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")


def read_table(folder: Path, table: str, *parts: str) -> Read:
    """A sound folder with one Parquet table: of a file, or of several parts."""
    write_files(folder, SOUND)
    path = folder / f"{table}.parquet"
    if len(parts) == 1:
        write_parquet(path, parts[0])
    else:
        path.mkdir()
        for number, query in enumerate(parts):
            write_parquet(path / f"part-{number:03}.parquet", query)
    return Read(folder)


def read_values(folder: Path, *values: str) -> Read:
    """A table of measurements with these values, one for each row."""
    rows = " UNION ALL ".join(
        f"SELECT {n} AS n, '{SCHOOL}' AS unit, 'K{n}' AS item, {value} AS value"
        for n, value in enumerate(values)
    )
    return read_table(folder, "measurements", f"SELECT * EXCLUDE (n) FROM ({rows}) ORDER BY n")  # noqa: S608


@pytest.mark.parametrize("in_memory", [0, 1_000])
@pytest.mark.parametrize(
    "value",
    [
        "12.5::DECIMAL(3, 1)", "12.5::DECIMAL(12, 4)", "12.5::DECIMAL(18, 4)",
        "12.5::DECIMAL(38, 4)", "12.5::DECIMAL(18, 9)", "12.5::DECIMAL(38, 20)", "12.5::DOUBLE",
        "12.5::FLOAT", "'12.5'", "' １２.５ '",
    ],
)  # fmt: skip
def test_a_decimal_is_exact_whatever_its_type(tmp_path, monkeypatch, value, in_memory):
    monkeypatch.setattr(parquet_tables, "IN_MEMORY", in_memory)
    found = read_values(tmp_path, value, f"NULL::{'VARCHAR' if value[0] in chr(39) else 'DOUBLE'}")
    assert found.problems == []
    assert found.column("measurements", "value") == [125_000, None]


@pytest.mark.parametrize(
    "kind",
    ["TINYINT", "UTINYINT", "SMALLINT", "INTEGER", "UINTEGER", "BIGINT", "UBIGINT", "HUGEINT"],
)
def test_whole_numbers_are_decimals_and_counts(tmp_path, kind):
    assert read_values(tmp_path, f"12::{kind}").column("measurements", "value") == [120_000]


@pytest.mark.parametrize("in_memory", [0, 1_000])
@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("100000000::BIGINT", "number-too-large"),
        ("9223372036854775807::BIGINT", "number-too-large"),
        ("18446744073709551615::UBIGINT", "number-too-large"),
        ("170141183460469231731687303715884105727::HUGEINT", "number-too-large"),
        ("-100000000::DECIMAL(18, 4)", "number-too-large"),
        ("1e30::DECIMAL(38, 4)", "number-too-large"),
        ("0.12345::DECIMAL(10, 5)", "too-many-digits"),
        ("0.1::FLOAT", "too-many-digits"),
        ("1.0/3", "too-many-digits"),
        ("1e8::DOUBLE", "number-too-large"),
        ("1e300::DOUBLE", "number-too-large"),
        ("'nan'::DOUBLE", "not-a-number"),
        ("'inf'::DOUBLE", "not-a-number"),
        ("'1e3'", "exponent-in-number"),
    ],
)
def test_a_number_that_is_none_of_ours_is_refused(tmp_path, monkeypatch, value, fault, in_memory):
    monkeypatch.setattr(parquet_tables, "IN_MEMORY", in_memory)
    found = read_values(tmp_path, value)
    assert found.places("measurements") == [(2, "value", fault)]
    assert found.column("measurements", "value") == [None]


@settings(max_examples=300, deadline=None)
@given(
    number=st.one_of(
        st.floats(-1e9, 1e9),
        st.decimals(-(10**9), 10**9, places=4).map(float),
        st.decimals(-100, 100, places=5).map(float),
        st.integers(-(10**12), 10**12).map(lambda ticks: ticks / 10_000),
    )
)
def test_a_binary_float_is_read_at_fifteen_digits_like_a_cell_of_a_workbook(number):
    cell = native(Column("value", Kind.DECIMAL), "x", "DOUBLE")
    value = CON.execute(
        f"SELECT {cell.value} FROM (SELECT ?::DOUBLE AS x)", [number]  # noqa: S608
    ).fetchall()[0][0]  # fmt: skip
    assert value == parse_ticks(number_text(number))


@pytest.mark.parametrize("ticks", [10**12 - 1, 1 - 10**12, 1, 123_456_789_012])
def test_ticks_come_back_from_a_decimal_at_the_bounds(tmp_path, ticks):
    value = Decimal(ticks).scaleb(-4)
    found = read_values(tmp_path, f"{value}::DECIMAL(18, 4)", f"{value}::DOUBLE::DECIMAL(12, 4)")
    assert found.column("measurements", "value") == [ticks, ticks]


@pytest.mark.parametrize("number", ["1::INTEGER", "1::DOUBLE", "1.0::DECIMAL(3, 1)"])
def test_a_code_stored_as_a_number_is_refused_once(tmp_path, number):
    query = f"SELECT '{SCHOOL}' AS unit, {number} AS item, '甲' AS judge, 1 AS points FROM range(9)"  # noqa: S608
    found = read_table(tmp_path, "marks", query)
    assert found.places("marks") == [(None, "item", "code-column-as-number")]
    assert found.rows("marks", "item, points")[0] == (None, 10_000)


def test_free_text_may_be_stored_as_a_number(tmp_path):
    found = read_table(tmp_path, "measurements", f"SELECT {KEY}, 1 AS value, 2026 AS document")
    assert found.problems == []
    assert found.column("measurements", "document") == ["2026"]


@pytest.mark.parametrize(
    ("table", "columns", "name"),
    [
        ("measurements", "[1] AS value", "value"),
        ("measurements", "true AS value", "value"),
        ("measurements", "DATE '2026-01-01' AS value", "value"),
        ("marks", "'a'::BLOB AS judge, 1 AS points", "judge"),
        ("not_applicable", "{'a': 1} AS reason", "reason"),
        ("milestones", "'a' AS milestone, 1 AS share, 20260101 AS due_on", "due_on"),
        ("milestones", "'a' AS milestone, 1 AS share, now() AS due_on", "due_on"),
    ],
)
def test_a_type_that_cannot_hold_the_column_is_refused(tmp_path, table, columns, name):
    found = read_table(tmp_path, table, f"SELECT {KEY}, {columns}")
    assert found.places(table) == [(None, name, "column-type")]


def test_days_flags_answers_and_choices_have_their_own_types(tmp_path):
    write_files(tmp_path, SOUND)
    write_parquet(
        tmp_path / "responses.parquet",
        f"SELECT 'r'||i AS response, '{SCHOOL}' AS unit, 'h1' AS round, 'visit' AS channel,"  # noqa: S608
        " i = 1 AS valid, i::TINYINT AS q1, CASE WHEN i > 1 THEN i END::DOUBLE AS q2"
        " FROM range(1, 3) r(i)",
    )
    write_parquet(
        tmp_path / "tenures.parquet",
        f"SELECT '{SCHOOL}' AS unit, '张三' AS person, 'principal' AS post,"
        " DATE '2024-01-01' AS \"from\", TIMESTAMP '2026-03-05 23:59:59' AS \"to\"",
    )
    write_parquet(
        tmp_path / "history.parquet",
        f"SELECT '{SCHOOL}' AS unit, 2025::SMALLINT AS year, 'A'::ENUM('A', 'B') AS grade",
    )
    found = Read(tmp_path)
    assert found.problems == []
    assert found.rows("responses", "valid, answer_1, answer_2") == [(True, 1, None), (False, 2, 2)]
    assert found.rows("tenures", "from_on, to_on") == [(date(2024, 1, 1), date(2026, 3, 5))]
    assert found.rows("history", "year, grade") == [(2025, "A")]


@pytest.mark.parametrize(
    ("answer", "good"),
    [
        ("6", False),
        ("0", False),
        ("2.5", False),
        ("'6'", False),
        ("5::DOUBLE", True),
        ("'5'", True),
    ],
)
def test_an_answer_is_one_to_five(tmp_path, answer, good):
    query = (
        f"SELECT 'r1' AS response, '{SCHOOL}' AS unit, 'h1' AS round, 'visit' AS channel,"
        f" true AS valid, {answer} AS q1, NULL::TINYINT AS q2"
    )
    found = read_table(tmp_path, "responses", query)
    assert found.places("responses") == ([] if good else [(2, "q1", "not-an-answer")])


@pytest.mark.parametrize(
    "moment", ["DATE 'infinity'", "TIMESTAMP '-infinity'", "DATE '10000-01-01'"]
)
def test_a_day_outside_the_calendar_is_refused(tmp_path, moment):
    columns = f"'a' AS milestone, 1 AS share, {moment} AS due_on"
    found = read_table(tmp_path, "milestones", f"SELECT {KEY}, {columns}")
    assert [place[:2] for place in found.places("milestones")] == [(2, "due_on")]


@pytest.mark.parametrize("in_memory", [0, 1_000])
def test_rows_are_numbered_through_all_parts(tmp_path, monkeypatch, in_memory):
    monkeypatch.setattr(parquet_tables, "IN_MEMORY", in_memory)
    first = f"SELECT {KEY}, 'j'||i AS judge, 1::DECIMAL(9, 2) AS points FROM range(3) r(i)"  # noqa: S608
    second = f"SELECT {KEY}, 'k'||i AS judge, i::DECIMAL(9, 2) AS points FROM range(-1, 2) r(i)"  # noqa: S608
    found = read_table(tmp_path, "marks", first, second)
    assert found.column("marks", "row") == [2, 3, 4, 5, 6, 7]
    assert found.places("marks") == [(5, "points", "negative-number")]
    assert found.column("marks", "judge") == ["j0", "j1", "j2", "k-1", "k0", "k1"]


@pytest.mark.parametrize("other", ["1::DECIMAL(9, 3) AS points", "'1' AS points", "1 AS point"])
def test_parts_must_be_alike(tmp_path, other):
    mark = f"SELECT {KEY}, '甲' AS judge"
    found = read_table(tmp_path, "marks", f"{mark}, 1::DECIMAL(9, 2) AS points", f"{mark}, {other}")
    assert found.places("marks") == [(None, "points", "parquet-parts-differ")]
    assert found.rows("marks") == []


def test_parts_of_one_table_may_differ_in_what_is_not_read(tmp_path):
    mark = f"SELECT {KEY}, '甲' AS judge, 1 AS points"
    found = read_table(tmp_path, "marks", mark, f"{mark}, 'x' AS extra")
    assert found.problems == []
    assert len(found.rows("marks")) == 2


def test_an_empty_cell_is_found_in_a_view_too(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet_tables, "IN_MEMORY", 0)
    query = (
        f"SELECT {KEY}, CASE WHEN i <> 1 THEN ' j ' END AS judge, i AS points FROM range(3) r(i)"  # noqa: S608
    )
    found = read_table(tmp_path, "marks", query)
    assert found.places("marks") == [(3, "judge", "empty-cell")]
    assert found.column("marks", "judge") == ["j", None, "j"]


def test_a_missing_and_an_unknown_column_are_told_as_in_csv(tmp_path):
    found = read_table(tmp_path, "marks", f"SELECT {KEY}, '甲' AS judges, 1 AS points")
    assert found.places("marks") == [(1, "judge", "missing-column"), (1, "judges", "likely-column")]


@pytest.mark.parametrize("cut", [0, 3, 8, 200])
def test_a_broken_file_is_one_problem(tmp_path, cut):
    write_files(tmp_path, SOUND)
    path = tmp_path / "marks.parquet"
    write_parquet(path, f"SELECT {KEY}, '甲' AS judge, 1 AS points")
    path.write_bytes(path.read_bytes()[:cut])
    assert Read(tmp_path).places("marks") == [(None, "", "parquet-unreadable")]


def test_damaged_pages_are_a_problem_and_not_a_crash(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet_tables, "IN_MEMORY", 0)
    write_files(tmp_path, SOUND)
    path = tmp_path / "marks.parquet"
    write_parquet(path, f"SELECT {KEY}, uuid()::VARCHAR AS judge, 1 AS points FROM range(5000)")  # noqa: S608
    data = bytearray(path.read_bytes())
    data[20:4_000] = bytes(3_980)
    path.write_bytes(data)
    assert Read(tmp_path).places("marks") == [(None, "", "parquet-unreadable")]


def test_a_folder_without_parts_is_one_problem(tmp_path):
    write_files(tmp_path, SOUND)
    (tmp_path / "marks.parquet").mkdir()
    (tmp_path / "marks.parquet" / "_SUCCESS").write_bytes(b"")
    assert Read(tmp_path).places("marks") == [(None, "", "parquet-empty-folder")]
