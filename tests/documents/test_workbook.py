"""results.xlsx: the same digits as the tables, as formulas that a clerk can follow."""

from dataclasses import replace
from fractions import Fraction

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter.exceptions import FileCreateError

from kaohe.core.composite import composite
from kaohe.core.quantities import HUNDREDTH, TICK
from kaohe.core.rows import Adjustment
from kaohe.core.scheme_text import read_scheme
from kaohe.core.scoring import assess
from kaohe.core.tables import COMPONENTS
from kaohe.documents import workbook
from kaohe.documents.score_sheets import composite_formula, counted_weights, weighted_formula
from kaohe.documents.workbook import write_workbook
from kaohe.documents.year import Head, Sheet
from kaohe.locale import translator
from tests.documents import spreadsheet
from tests.documents.towns import SCHEME, town

INPUTS = town(30)
OUTPUTS = assess(SCHEME, INPUTS)
_, PROBLEMS = read_scheme('format = "kaohe-scheme/1"\nyear = 2026\n"=a_minimun" = 90')
PROBLEM = next(each for each in PROBLEMS if each.code == "scheme-unknown-key")


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("workbook") / "results.xlsx"
    write_workbook(path, SCHEME, INPUTS, OUTPUTS, problems=[PROBLEM], translate=translator("zh"))
    return path


@pytest.fixture(scope="module")
def formulas(path):
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def values(path):
    return openpyxl.load_workbook(path, data_only=True)


def by_address(page, kind):
    return {
        cell.coordinate: kind(repr(cell.value))
        for row in page.iter_rows()
        for cell in row
        if isinstance(cell.value, int | float)
    }


@pytest.mark.parametrize("kind", [spreadsheet.exact, float])
def test_every_formula_recomputes_to_the_value_that_was_cached(formulas, values, kind):
    page, cached = formulas["总分与排名"], values["总分与排名"]
    cells = by_address(cached, kind)
    seen = 0

    for row in page.iter_rows(min_row=2):
        for cell in row:
            if cell.data_type == "f":
                seen += 1
                sheet = spreadsheet.Sheet(cells, kind)
                assert sheet.value(cell.value) == cells[cell.coordinate], cell.value

    assert seen == 2 * sum(row.composite is not None for row in OUTPUTS.results)


def test_the_cached_values_are_the_digits_of_the_tables(values):
    results = {row.unit: row for row in OUTPUTS.results}

    for cells in values["总分与排名"].iter_rows(min_row=2, values_only=True):
        row = results.pop(cells[2])
        assert cells[0] == row.rank
        assert cells[1] == row.name
        assert cells[11] == (None if row.weighted is None else row.weighted / TICK)
        assert cells[14] == (None if row.composite is None else row.composite / HUNDREDTH)

    assert results == {}


def test_a_group_stands_together_in_order_of_rank(values):
    pages = list(values["总分与排名"].iter_rows(min_row=2, values_only=True))
    ranks = [cells[0] for cells in pages if cells[3] == "教育组"]

    assert [cells[3] for cells in pages] == sorted(cells[3] for cells in pages)
    assert ranks[:3] == [1, 2, 3]


def test_no_cell_begins_a_formula_that_we_did_not_write(formulas):
    found = {
        (page.title, cell.column_letter)
        for page in formulas
        for row in page.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }
    notes = [cell.value for cell in formulas["记录计分影响"]["K"]]

    assert found == {("总分与排名", "L"), ("总分与排名", "O")}
    assert "=材料迟报" in notes


def test_every_table_is_there_whole(values):
    rows = {page.title: page.max_row - 1 for page in values}

    assert rows["指标得分"] == len(OUTPUTS.item_scores)
    assert rows["记录计分影响"] == len(OUTPUTS.event_effects)
    assert rows["社会评价"] == len(OUTPUTS.survey_scores)
    assert rows["组成部分得分"] == len(OUTPUTS.component_scores)
    assert rows["结果运用"] == len(OUTPUTS.linkages)
    assert rows["等次与理由"] == rows["总分与排名"] == len(OUTPUTS.results)
    assert rows["提示事项"] == 1


def test_a_grade_says_why_and_by_which_document(values):
    rows = {cells[3]: cells for cells in values["等次与理由"].iter_rows(values_only=True)}
    forced = rows[INPUTS.units[6].unit]
    fresh = rows[INPUTS.units[11].unit]

    assert forced[5] == "C"
    assert forced[6] == "有直接定为C等次的情形；直接定为C等次 (安全生产责任事故)"
    assert forced[7] == "示应急〔2026〕9号"
    assert fresh[6] == "只评价、不定等次；本年度新设立不足六个月"


def test_a_quota_shows_its_arithmetic_and_a_run_its_years_and_documents(values):
    rows = list(values["结果运用"].iter_rows(min_row=2, values_only=True))
    quota = next(row for row in rows if row[5] == "工作人员年度考核优秀名额" and row[3] == "A")
    run = next(row for row in rows if row[5] == "同等条件下优先提拔任用")

    assert quota[8].startswith(f"{staff_of(quota[0])} × 25% = ")
    assert quota[7] == staff_of(quota[0]) * 25 // 100
    assert run[8] == "2023–2026年度A等次"
    assert run[9] == "示事考委〔2024〕1号；示事考委〔2025〕1号；示事考委〔2026〕1号"


def staff_of(code):
    return next(unit.staff for unit in INPUTS.units if unit.unit == code)


def test_a_notice_says_what_is_wrong_and_what_would_be_right(values):
    (row,) = values["提示事项"].iter_rows(min_row=2, values_only=True)

    assert row[4] == "没有“=a_minimun”这一设置项"
    assert row[5].startswith("请更正拼写（此处可用：adjustments, common")


def test_the_same_rows_give_the_same_bytes(path, tmp_path):
    again = tmp_path / "again.xlsx"
    write_workbook(again, SCHEME, INPUTS, OUTPUTS, problems=[PROBLEM], translate=translator("zh"))

    assert again.read_bytes() == path.read_bytes()


def test_in_english_nothing_is_left_in_chinese_but_names(tmp_path):
    write_workbook(tmp_path / "r.xlsx", SCHEME, INPUTS, OUTPUTS)
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")

    assert book.sheetnames[:2] == ["Scores and ranks", "Grades and reasons"]
    for page in book:
        assert all(cell.value.isascii() or "±" in cell.value for cell in page[1])


def test_pages_print_on_landscape_paper_with_the_heads_repeated(formulas):
    for page in formulas:
        assert page.page_setup.orientation == "landscape"
        assert page.page_setup.paperSize == 9
        assert page.print_title_rows == "$1:$1"
        assert page.freeze_panes is not None
        assert page.auto_filter.ref


def test_a_table_too_long_for_a_worksheet_says_where_it_is(monkeypatch):
    monkeypatch.setattr(workbook, "LONGEST_SHEET", 3)
    rows = [("a",), ("b",)]
    fits = Sheet("Items", (Head("item", "text", 9),), rows)

    assert workbook.fitting(fits) is fits
    assert workbook.fitting(fits._replace(rows=[*rows, ("c",)])).rows == []


ticks = st.integers(0, 100 * TICK)
weight = st.one_of(st.sampled_from([TICK, 15 * TICK, 20 * TICK, 60 * TICK]),
                   st.integers(1, 10_000 * TICK - 1))  # fmt: skip


@settings(max_examples=300)
@given(
    st.tuples(*[st.one_of(st.none(), ticks, st.integers(0, 100).map(lambda n: n * TICK))] * 3),
    st.tuples(weight, weight, weight),
    st.integers(0, 5 * TICK),
    st.integers(0, 10 * TICK),
)
@pytest.mark.parametrize("kind", [spreadsheet.exact, float])
def test_the_formulas_hold_for_all_scores_in_fractions_and_in_binary(
    kind, scores, weights, bonus, deduction
):
    scheme = _weighted(weights)
    adjustments = [
        Adjustment("1", "u", "bonus", "m", "d", bonus),
        Adjustment("2", "u", "deduction", "m", "d", deduction),
    ]
    expected = composite(scheme, "g", scores, adjustments)
    counted = counted_weights(scheme, "g", scores)
    cells = {
        f"{column}7": _number(kind, number)
        for column, number in zip("FGHIJKMN", [*scores, *counted, bonus, deduction], strict=True)
        if number is not None
    }
    sheet = spreadsheet.Sheet(cells, kind)

    cells["L7"] = sheet.value(weighted_formula(7))
    assert cells["L7"] == _number(kind, expected.weighted)
    assert sheet.value(composite_formula(7, scheme.bonus_cap)) == _number(
        kind, expected.composite * 100
    )


def _number(kind, number):
    return Fraction(number, TICK) if kind is spreadsheet.exact else number / TICK


def _weighted(weights):
    return replace(
        SCHEME,
        weights=dict(zip(COMPONENTS, weights, strict=True)),
        weights_by_group={},
        missing={"common": "zero", "individual": "redistribute", "social": "redistribute"},
    )


def test_a_title_is_printed_as_it_is_whatever_signs_it_has(tmp_path):
    scheme = replace(SCHEME, title="2026年度 A&B 方案")
    write_workbook(tmp_path / "r.xlsx", scheme, INPUTS, OUTPUTS)
    page = openpyxl.load_workbook(tmp_path / "r.xlsx").worksheets[0]

    assert page.oddHeader.center.text == "2026年度 A&&B 方案 Scores and ranks"
    assert page.oddHeader.center.size == 12


def test_a_place_that_cannot_be_written_is_an_error_of_the_system(tmp_path, monkeypatch):
    close = xlsxwriter.Workbook.close

    def fail(book: xlsxwriter.Workbook) -> None:
        close(book)
        raise FileCreateError(OSError(28, "No space left on device"))

    monkeypatch.setattr("xlsxwriter.Workbook.close", fail)
    with pytest.raises(OSError, match="No space left"):
        write_workbook(tmp_path / "r.xlsx", SCHEME, INPUTS, OUTPUTS)
