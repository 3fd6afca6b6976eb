"""The bytes of result tables, and problems for people."""

import random
from pathlib import Path

import duckdb
import pytest

from kaohe.core.problems import Problem
from kaohe.core.quantities import LIMIT, show_hundredths, show_ticks
from kaohe.core.tables import OUTPUT_TABLES
from kaohe.folder.rows import store_rows
from kaohe.folder.write import CsvSink, ParquetSink, write_outputs, write_problems
from kaohe.locale import translator

ODD = (
    ("plain", "plain"),
    (" spaces ", " spaces "),
    ("#1", "#1"),
    ("'1", "'1"),
    ("中文，；", "中文，；"),
    ("NULL", "NULL"),
    ("\\N", "\\N"),
    ("\ttab", "\ttab"),
    ("\x01", "\x01"),
    ("\ufeffx", "\ufeffx"),
    ("", ""),
    (None, ""),
    ("a,b", '"a,b"'),
    ('"', '""""'),
    ('say "so"', '"say ""so"""'),
    ("two\nlines", '"two\nlines"'),
    ("carriage\rreturn", '"carriage\rreturn"'),
    ("a;b", "a;b"),
    ("𠮷", "𠮷"),
)


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def store(con: duckdb.DuckDBPyConnection, table: str, *rows: tuple[object, ...]) -> None:
    """A result table as the engine leaves it."""
    columns = OUTPUT_TABLES[table]
    types = {each.name: "VARCHAR" if each.kind == "text" else "BIGINT" for each in columns}
    store_rows(con, table, types, rows)


def store_all(con: duckdb.DuckDBPyConnection) -> None:
    for table in OUTPUT_TABLES:
        store(con, table)


def test_each_text_is_quoted_only_where_it_must_be(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    store_all(con)
    rows = [
        (f"U{number:02d}", name, name, None, *[None] * 6, "none", "", "")
        for number, (name, _) in enumerate(ODD)
    ]
    store(con, "results", *rows)

    write_outputs(con, tmp_path)

    written = (tmp_path / "results.csv").read_bytes().decode()
    assert written == (
        "unit,name,group,department,weighted,bonus,deduction,composite,rank,group_size,grade,"
        "reasons,flags\n"
        + "".join(
            f"U{number:02d},{shown},{shown},,,,,,,,none,,\n"
            for number, (_, shown) in enumerate(ODD)
        )
    )


def test_decimals_have_four_digits_or_two_and_counts_none(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    store_all(con)
    store(
        con,
        "survey_scores",
        ("U1", "h1", "visit", 12, 0, None, 0, None, "thin-channel"),
        ("U1", "h1", "phone", 7, 7, 984_440, 10_000, 1_132, None),
    )

    write_outputs(con, tmp_path)

    assert (tmp_path / "survey_scores.csv").read_text().splitlines()[1:] == [
        "U1,h1,phone,7,7,98.4440,1.0000,11.32,",
        "U1,h1,visit,12,0,,0.0000,,thin-channel",
    ]


def test_any_number_is_written_as_it_is_shown(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    dice = random.Random(7)  # noqa: S311
    ticks = [0, 1, -1, -5_000, 9_999, 10_000, LIMIT - 1, 1 - LIMIT]
    ticks += [dice.randrange(-LIMIT, LIMIT) // 10 ** dice.randrange(12) for _ in range(500)]
    store_all(con)
    store(con, "event_effects", *((f"{n:04d}", "U", "I", each) for n, each in enumerate(ticks)))
    store(con, "survey_scores", *(("U", f"{n:04d}", "c", 1, 1, 1, 1, abs(each), None)
                                  for n, each in enumerate(ticks)))  # fmt: skip

    write_outputs(con, tmp_path)

    lines = (tmp_path / "event_effects.csv").read_text().splitlines()[1:]
    assert [each.rpartition(",")[2] for each in lines] == list(map(show_ticks, ticks))
    lines = (tmp_path / "survey_scores.csv").read_text().splitlines()[1:]
    shown = [show_hundredths(abs(each)) for each in ticks]
    assert [each.split(",")[7] for each in lines] == shown


def test_rows_are_sorted_by_code_point_and_an_empty_person_comes_first(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    store_all(con)
    people = ("李", "𠮷", "\uff21", "Z", "a", None)
    store(con, "linkages", *(("U", "honours", "m", each, None, "S28") for each in people))

    write_outputs(con, tmp_path)

    lines = (tmp_path / "linkages.csv").read_text().splitlines()[1:]
    assert [each.split(",")[3] for each in lines] == ["", "Z", "a", "李", "\uff21", "𠮷"]


def test_tables_in_chunks_make_the_same_bytes(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    store_all(con)
    effects = [
        (f'e"{number % 10},{number}', f"U{number // 25}", "I", number) for number in range(100)
    ]
    scores = [
        (f"U{number // 25}", f"i,{number:03d}", "common", 1, number, 0, "") for number in range(100)
    ]
    store(con, "event_effects", *effects)
    store(con, "item_scores", *scores)
    (tmp_path / "whole").mkdir()
    (tmp_path / "chunks").mkdir()
    write_outputs(con, tmp_path / "whole")

    sink = CsvSink(con, tmp_path / "chunks")
    for unit in range(4):
        for table, key in (("item_scores", "unit, item"), ("event_effects", "event")):
            sink(table, con.table(table).filter(f"unit = 'U{unit}'").order(key))
    sink.finish()

    files = sorted(each.name for each in (tmp_path / "chunks").iterdir())
    assert files == sorted(f"{table}.csv" for table in OUTPUT_TABLES)
    for name in files:
        one, two = (tmp_path / place / name for place in ("whole", "chunks"))
        assert one.read_bytes() == two.read_bytes(), name


def test_parquet_has_exact_decimals_and_no_empty_texts(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    store_all(con)
    store(con, "results", ("U1", "n", "g", "d", 984_440, 0, 5, 9_844, 1, 2, "A", "seat", ""))

    write_outputs(con, tmp_path, "parquet")

    found = con.read_parquet(str(tmp_path / "results.parquet"))
    types = dict(zip(found.columns, map(str, found.types), strict=True))
    assert types["weighted"] == "DECIMAL(18,4)"
    assert types["composite"] == "DECIMAL(18,2)"
    assert types["rank"] == "BIGINT"
    assert types["flags"] == "VARCHAR"
    shown = found.project("weighted::VARCHAR, composite::VARCHAR, flags").fetchall()
    assert shown == [("98.4440", "98.44", None)]


def test_parquet_in_chunks_is_a_folder_of_parts(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    store(con, "event_effects", ("a", "U1", "I", 1))
    sink = ParquetSink(con, tmp_path)
    for _ in range(3):
        sink("event_effects", con.table("event_effects"))
    sink.finish()

    parts = sorted(each.name for each in (tmp_path / "event_effects.parquet").iterdir())
    assert parts == [f"part-0000{number}.parquet" for number in range(3)]
    assert con.read_parquet(str(tmp_path / "event_effects.parquet" / "*")).shape == (3, 4)
    assert con.read_parquet(str(tmp_path / "results.parquet")).shape == (0, 13)
    assert len(list(tmp_path.iterdir())) == len(OUTPUT_TABLES)


def test_problems_are_written_in_order_and_in_the_language_asked_for(tmp_path: Path) -> None:
    problems = [
        Problem("mark-above-points", "marks", 12, "points",
                {"found": "21", "points": "20", "item": "a,b"}),
        Problem("measurement-empty", "marks", 3, "value"),
        Problem("tiers-not-used", "items", None, "", {"found": "quota"}),
    ]  # fmt: skip
    write_problems(problems, tmp_path / "en.csv")
    write_problems(problems, tmp_path / "zh.csv", translator("zh"))

    lines = (tmp_path / "en.csv").read_bytes().decode().split("\n")
    assert lines[0] == "severity,table,row,column,problem,remedy"
    assert [each.split(",")[:4] for each in lines[1:4]] == [
        ["warning", "items", "", ""],
        ["error", "marks", "3", "value"],
        ["error", "marks", "12", "points"],
    ]
    assert '"the mark 21 is above the 20 points of the item “a,b”"' in lines[3]
    assert "评分 21 超过指标" in (tmp_path / "zh.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t=", " =", "＝"])
def test_no_cell_of_problems_begins_a_formula(tmp_path: Path, begin: str) -> None:
    column = f"{begin}cmd"
    write_problems([Problem("measurement-empty", "marks", 3, column)], tmp_path / "p.csv")

    row = (tmp_path / "p.csv").read_text(encoding="utf-8").splitlines()[1]
    assert row.startswith(f"error,marks,3,'{column},")
