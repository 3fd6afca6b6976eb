"""CSV as clean programs write it, and as it really comes."""

import codecs
import csv
import os

import pytest

from kaohe.folder import csv_tables
from kaohe.folder.encodings import detect, first_error
from tests.folder.mini_folder import SCHOOL
from tests.folder.reading import HEADERS, MARKS, SOUND, UNITS, read, read_marks

ROW = f"{SCHOOL},K1,甲,12.5"
SOUND_MARKS = [(2, SCHOOL, "K1", "甲", 125_000)]


@pytest.mark.parametrize(
    "text",
    [
        f"{MARKS}\n{ROW}\n",
        f"{MARKS}\n{ROW}",
        f"{MARKS}\r\n{ROW}\r\n",
        f"{MARKS}\r{ROW}\r",
        f"\ufeff{MARKS}\n{ROW}\n",
        f'"unit","item","judge","points"\n"{SCHOOL}","K1","甲","12.5"\n',
        f' unit , item,"judge",points\n{SCHOOL}, K1 ,"甲",12.5\n',
        f"{MARKS}\n{ROW}\n\n\n",
        f"{MARKS}\n{ROW}\n,,,\n",
        f"{MARKS}\n{ROW}\n , ,\t,\n",
        f"{MARKS},,\n{ROW},,\n",
        f"points,judge,item,unit\n12.5,甲,K1,{SCHOOL}\n",
    ],
)
def test_the_common_ways_to_write_a_table_read_the_same(tmp_path, text):
    found = read_marks(tmp_path, text)
    assert found.problems == []
    assert found.rows("marks") == SOUND_MARKS


def test_blank_rows_are_skipped_and_counted(tmp_path):
    found = read_marks(tmp_path, f"{MARKS}\n\n{ROW}\n   \n,,,\n{SCHOOL},K1,乙,x\n")
    assert found.column("marks", "row") == [3, 6]
    assert found.places("marks") == [(6, "points", "not-a-number")]


def test_a_row_is_a_record_though_a_cell_has_lines(tmp_path):
    found = read_marks(tmp_path, f'{MARKS}\n{SCHOOL},K1,"甲\n\n乙",1\n{SCHOOL},K1,丙,x\n')
    assert found.column("marks", "judge") == ["甲\n\n乙", "丙"]
    assert found.places("marks") == [(3, "points", "not-a-number")]


def test_a_header_over_several_lines_is_one_row(tmp_path):
    found = read_marks(tmp_path, f'unit,item,"judge",points,"a\nnote"\n{ROW},x\n')
    assert found.codes == ["unknown-column"]
    assert found.rows("marks") == SOUND_MARKS


def test_quotes_inside_cells_are_kept(tmp_path):
    found = read_marks(tmp_path, f'{MARKS}\n{SCHOOL},K1,"a ""b"" c",1\n{SCHOOL},K1,d"e,1\n')
    assert found.problems == []
    assert found.column("marks", "judge") == ['a "b" c', 'd"e']


def test_a_missing_column_is_an_error_and_the_others_are_still_checked(tmp_path):
    found = read_marks(tmp_path, f"unit,item,points\n{SCHOOL},K1,x\n")
    assert found.places("marks") == [
        (1, "judge", "missing-column"),
        (2, "points", "not-a-number"),
    ]


def test_an_unknown_column_is_a_warning_with_the_likely_one(tmp_path):
    found = read_marks(tmp_path, f"{MARKS},备注\n{ROW},x\n")
    assert found.codes == ["unknown-column"]
    assert found.rows("marks") == SOUND_MARKS
    found = read(tmp_path, {"units.csv": UNITS.replace("sector", "Sectors")})
    assert "likely “sector” is meant" in found.said("likely-column")
    assert {problem.severity for problem in found.problems} == {"warning"}


def test_many_unknown_columns_are_not_all_listed(tmp_path):
    more = ",".join(f"第{n}列" for n in range(50))
    found = read_marks(tmp_path, f"{MARKS},{more}\n")
    assert found.codes == ["many-unknown-columns"] + ["unknown-column"] * 20
    assert "30" in found.said("many-unknown-columns")


def test_a_column_twice_is_an_error_with_its_places(tmp_path):
    found = read_marks(tmp_path, f"{MARKS},item\n{ROW},K2\n")
    assert found.places("marks") == [(1, "item", "duplicate-column")]
    assert "columns B, E" in found.said("duplicate-column")


@pytest.mark.parametrize("blank", ["", "\n"])
def test_cells_under_no_name_are_a_warning(tmp_path, blank):
    found = read_marks(tmp_path, f"unit,item,,judge,points\n{SCHOOL},K1,x,甲,12.5\n{blank}")
    assert found.codes == ["unnamed-column"]
    assert "column C has no name" in found.said("unnamed-column")
    assert found.rows("marks") == SOUND_MARKS


@pytest.mark.parametrize("text", ["", "\n", "\n\n", ",,,\n", "\ufeff"])
def test_no_header_is_one_problem(tmp_path, text):
    assert read_marks(tmp_path, text).places("marks") == [(1, "", "header-missing")]


def test_a_title_above_the_header_is_one_problem_that_says_so(tmp_path):
    found = read_marks(tmp_path, f"2026年度评分表,,,\n{MARKS}\n{ROW}\n")
    assert found.places("marks") == [(1, "", "header-unknown")]
    assert "without a title above: unit, item, judge, points" in found.said("header-unknown")


@pytest.mark.parametrize("encoding", ["gb18030", "gbk"])
def test_what_wps_saves_is_read_and_said(tmp_path, encoding):
    found = read_marks(tmp_path, f"{MARKS}\n{ROW}\n".encode(encoding))
    assert found.codes == ["read-as-gb18030"]
    assert found.problems[0].severity == "warning"
    assert found.rows("marks") == SOUND_MARKS


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_text_of_excel_is_read_and_said(tmp_path, encoding):
    text = f"{MARKS}\n{ROW}\n".replace(",", "\t")
    found = read_marks(tmp_path, text.encode(encoding))
    assert found.codes == ["other-separator", "read-as-unicode"]
    assert found.rows("marks") == SOUND_MARKS


@pytest.mark.parametrize("separator", [";", "\t", "，", "|"])
def test_another_separator_is_read_and_said(tmp_path, separator):
    found = read_marks(tmp_path, f"{MARKS}\n{ROW}\n".replace(",", separator))
    assert found.codes == ["other-separator"]
    assert found.rows("marks") == SOUND_MARKS


def test_damaged_utf8_is_refused_with_its_place_and_not_taken_for_gb18030(tmp_path):
    rows = "".join(f"{SCHOOL},K1,评委第{n}号,1\n" for n in range(50))
    data = f"{MARKS}\n{rows}".encode()
    broken = data[:2_000] + b"\xe8" + data[2_000:]
    found = read_marks(tmp_path, broken)
    assert [code for _, _, code in found.places("marks")] == ["not-utf8"]
    (row, _, _) = found.places("marks")[0]
    assert row == broken[:2_001].count(b"\n") + 1


@pytest.mark.parametrize("shift", [0, 1, 2, 3])
def test_the_border_of_a_megabyte_inside_a_character_does_no_harm(tmp_path, shift):
    text = "x" * shift + "评" * 700_000
    path = tmp_path / "long.csv"
    for encoding, name in (("utf-8", "utf-8-sig"), ("gb18030", "gb18030")):
        path.write_bytes(text.encode(encoding))
        assert detect(path).name == name
    data = text.encode()
    path.write_bytes(data[: shift + 1_048_575] + b"\xff" + data[shift + 1_048_575 :])
    assert first_error(path, "utf-8") == shift + 1_048_575


def test_utf16_cut_in_half_is_refused(tmp_path):
    data = codecs.BOM_UTF16_LE + f"{MARKS}\n{ROW}\n".encode("utf-16-le")[:-1]
    assert read_marks(tmp_path, data).codes == ["not-in-encoding"]


@pytest.mark.parametrize(
    ("head", "kind"),
    [(b"PK\x03\x04", "xlsx"), (b"\xd0\xcf\x11\xe0", "xls"), (b"PAR1", "parquet")],
)
def test_another_kind_of_file_with_the_name_of_csv_is_told(tmp_path, head, kind):
    found = read_marks(tmp_path, head + os.urandom(100))
    assert found.codes == ["not-a-text"]
    assert f".{kind}" in found.said("not-a-text")


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        (f"{SCHOOL},K1,甲", 3),
        (f"{SCHOOL},K1,甲,1,2", 5),
        (f"{SCHOOL},K1,甲,1,,x", 6),
        (f"{SCHOOL},K1,甲,1,", 5),
    ],
)
def test_a_ragged_row_is_named_with_what_it_has(tmp_path, row, cells):
    found = read_marks(tmp_path, f"{MARKS}\n{ROW}\n{row}\n")
    assert found.places("marks") == [(3, "", "ragged-row")]
    assert f"the row has {cells} cells, and the header has 4" in found.said("ragged-row")
    assert found.column("marks", "judge") == ["甲", "甲"]


def test_a_separator_of_thousands_never_moves_the_cells_of_a_row(tmp_path):
    units = UNITS.replace(",120,,", ",1,200,,")
    assert read(tmp_path, {"units.csv": units}).places("units") == [(2, "", "ragged-row")]


def test_an_unclosed_quote_is_named_where_it_was_opened(tmp_path):
    found = read_marks(tmp_path, f'{MARKS}\n{ROW}\n{SCHOOL},K1,"甲,1\n{ROW}\n{ROW}\n')
    assert found.places("marks") == [(3, "", "unclosed-quote")]
    assert found.rows("marks") == SOUND_MARKS


def test_text_behind_a_closing_quote_is_named(tmp_path):
    found = read_marks(tmp_path, f'{MARKS}\n{ROW}\n{SCHOOL},K1,"甲"乙,1\n')
    assert found.places("marks") == [(3, "", "text-behind-quote")]


def test_a_quote_that_swallows_a_large_file_is_named(tmp_path):
    rows = f"{ROW}\n" * 10_000
    found = read_marks(tmp_path, f'{MARKS}\n{SCHOOL},K1,"甲,1\n{rows}')
    assert found.places("marks") == [(2, "", "cell-too-long")]
    assert str(csv.field_size_limit()) in found.said("cell-too-long")


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1a", "\x7f", "\U0010ffff"])
def test_an_invisible_character_is_named_with_its_cell(tmp_path, character):
    for blank in ("", "\n"):
        text = f"{MARKS}\n{ROW}\n{blank}{SCHOOL},K{character}1,甲,1\n"
        found = read_marks(tmp_path, text)
        row = 4 if blank else 3
        assert found.places("marks") == [(row, "item", "control-character")]


def test_a_strange_table_of_many_rows_reads_like_a_plain_one(tmp_path):
    rows = "".join(f"{SCHOOL},K1,j{n},{n % 100}.25\n" for n in range(5_000))
    plain = read_marks(tmp_path, f"{MARKS}\n{rows}").rows("marks")
    strange = read_marks(tmp_path, f"{MARKS}\n{rows}".replace(",", ";") + "\n").rows("marks")
    assert strange == plain
    assert [row[0] for row in plain] == list(range(2, 5_002))


def test_a_plain_table_never_needs_a_copy(tmp_path, monkeypatch):
    def fail(*_: object) -> None:
        raise AssertionError("read row by row")

    monkeypatch.setattr(csv_tables, "_read_strange", fail)
    assert read_marks(tmp_path, f"{MARKS}\n{ROW}\n").problems == []
    quoted = ",".join(f'"{name}"' for name in HEADERS["marks"].split(","))
    with pytest.raises(AssertionError):
        read_marks(tmp_path, f"{quoted}\n{ROW}\n")
    assert "marks.csv" not in SOUND
