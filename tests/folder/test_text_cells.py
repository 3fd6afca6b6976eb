"""Cells of text: which values they have, which are refused, and what is said of these."""

from datetime import date
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.core.codes import ALPHABET, is_credit_code
from kaohe.core.quantities import TICK, parse_ticks
from kaohe.core.tables import Column, Kind
from kaohe.folder.bad_cells import fault_of
from kaohe.folder.cells import Cell, not_a_credit_code, plain, thorough, without_blanks
from tests.folder.mini_folder import CLINIC, SCHOOL, code
from tests.folder.reading import HEADERS, ITEMS, MARKS, SOUND, UNITS, read, read_marks

CON = duckdb.connect()
DECIMAL = Column("value", Kind.DECIMAL)
POINTS = Column("points", Kind.POINTS)
PERCENT = Column("share", Kind.PERCENT)
COUNT = Column("staff", Kind.COUNT)
YEAR = Column("year", Kind.YEAR)
DATE = Column("due_on", Kind.DATE)
FLAG = Column("valid", Kind.FLAG)
CHOICE = Column("grade", Kind.CHOICE, choices=("A", "B", "none"))
ANSWER = Column("q1", Kind.CHOICE, False, choices=("1", "2", "3", "4", "5"), as_field="answer_1")
CODE = Column("item", Kind.CODE, guarded=True)
TEXT = Column("note", Kind.TEXT)
COLUMNS = (DECIMAL, POINTS, PERCENT, COUNT, YEAR, DATE, FLAG, CHOICE, ANSWER, CODE, TEXT)

NUMBERLIKE = st.one_of(
    st.text(alphabet="0123456789０９.．-－−+ eE,\u3000\n", max_size=14),
    st.decimals(allow_nan=False, allow_infinity=False, places=4).map(str),
    st.integers(-(10**9), 10**9).map(str),
    st.text(max_size=6),
)
ANYTHING = st.one_of(
    NUMBERLIKE,
    st.dates().map(str),
    st.sampled_from(
        ("true", "FALSE", " True\t", "A", "none", "5", "５", "5.0", "=1", "@x", "-", "")
    ),
    st.text(alphabet="TRUEfalse0123456789-/ \x00\x1f\u200b\ufeff中", max_size=10),
)


def evaluate(cell: Cell, text: str, source: str = "x") -> tuple[Any, bool, bool]:
    """The value of a cell, whether it is bad, and whether it is empty."""
    query = (
        f"SELECT {cell.value}, coalesce({cell.bad}, false), {cell.empty}"  # noqa: S608
        f" FROM (SELECT {source} AS x FROM (SELECT ?::VARCHAR AS x))"
    )
    value, bad, empty = CON.execute(query, [text]).fetchall()[0]
    return value, bad, empty


def read_text(column: Column, text: str) -> tuple[Any, bool, bool]:
    return evaluate(thorough("items", column, "x", copied=False), text, without_blanks("x"))


@settings(max_examples=400, deadline=None)
@given(text=NUMBERLIKE)
def test_a_decimal_is_what_the_core_says_it_is(text):
    ticks = parse_ticks(text)
    value, bad, empty = read_text(DECIMAL, text)
    assert empty == (not text.strip())
    assert value == ticks
    assert bad == (ticks is None and not empty)


@settings(max_examples=300, deadline=None)
@given(text=NUMBERLIKE)
def test_points_percentages_counts_and_years_have_their_bounds(text):
    ticks = parse_ticks(text)
    if ticks is None:
        return
    whole = ticks % TICK == 0
    for column, fits, unit in (
        (POINTS, ticks >= 0, 1),
        (PERCENT, 0 <= ticks <= 100 * TICK, 1),
        (COUNT, whole and 0 <= ticks < 10**6 * TICK, TICK),
        (YEAR, whole and 1900 * TICK <= ticks <= 9999 * TICK, TICK),
    ):
        assert read_text(column, text)[:2] == (ticks // unit if fits else None, not fits)


@settings(max_examples=300, deadline=None)
@given(text=ANYTHING)
def test_where_the_plain_way_is_content_the_thorough_way_agrees(text):
    for column in COLUMNS:
        value, bad, empty = evaluate(plain("items", column, "x"), text)
        if not bad and not empty and text:
            assert read_text(column, text) == (value, False, False)


@settings(max_examples=300, deadline=None)
@given(text=ANYTHING)
def test_every_bad_cell_has_a_reason_that_can_be_said(text):
    for column in COLUMNS:
        value, bad, _ = read_text(column, text)
        if bad:
            code_of_fault, facts = fault_of(column, text.strip())
            assert code_of_fault
            assert facts["name"] == column.name
            if column.kind not in {Kind.CODE, Kind.TEXT}:
                assert value is None


@settings(max_examples=300, deadline=None)
@given(text=ANYTHING, column=st.sampled_from((DECIMAL, DATE, FLAG)))
def test_what_is_suggested_would_be_accepted(text, column):
    _, bad, _ = read_text(column, text)
    if bad:
        suggestion = fault_of(column, text.strip())[1].get("suggestion")
        if isinstance(suggestion, str):
            assert read_text(column, suggestion)[1] is False


@settings(max_examples=300, deadline=None)
@given(day=st.dates())
def test_every_day_of_the_calendar_is_read_and_no_other_form(day: date):
    assert read_text(DATE, str(day)) == (day, False, False)
    assert read_text(DATE, f"\u3000{day}\t") == (day, False, False)
    assert read_text(DATE, f"{day.year}-{day.month}-{day.day}x")[1]
    assert read_text(DATE, f"{day.year}/{day.month}/{day.day}")[1]


@settings(max_examples=300, deadline=None)
@given(
    text=st.one_of(
        st.integers(0, 10**9).map(code),
        st.text(alphabet=ALPHABET, min_size=18, max_size=18),
        st.text(alphabet=ALPHABET + "IOa〇", min_size=17, max_size=19),
    )
)
def test_the_check_digit_is_the_one_of_the_core(text):
    query = f"SELECT {not_a_credit_code('x')} FROM (SELECT ?::VARCHAR AS x)"  # noqa: S608
    assert CON.execute(query, [text]).fetchall()[0][0] == (not is_credit_code(text))


@pytest.mark.parametrize(
    ("column", "text", "fault", "says"),
    [
        (DECIMAL, "abc", "not-a-number", "abc"),
        (DECIMAL, "nan", "not-a-number", "nan"),
        (DECIMAL, "1,234.5", "separator-in-number", "1234.5"),
        (DECIMAL, "1，234", "separator-in-number", "1234"),
        (DECIMAL, "1.2e3", "exponent-in-number", "1200"),
        (DECIMAL, "-1.5E-2", "exponent-in-number", "-0.015"),
        (DECIMAL, "1e-5", "too-many-digits", None),
        (DECIMAL, "1e300", "number-too-large", None),
        (DECIMAL, "12%", "percent-sign", "12"),
        (DECIMAL, "+5", "plus-sign", "5"),
        (DECIMAL, ".5", "digits-at-the-point", "0.5"),
        (DECIMAL, "-5.", "digits-at-the-point", "-5"),
        (DECIMAL, "1O.5", "letter-in-number", "10.5"),
        (DECIMAL, "l2", "letter-in-number", "12"),
        (DECIMAL, "1.23456", "too-many-digits", None),
        (DECIMAL, "100000000", "number-too-large", None),
        (POINTS, "-0.5", "negative-number", None),
        (PERCENT, "100.0001", "percentage-over-100", None),
        (COUNT, "2.5", "not-whole", None),
        (COUNT, "1000000", "count-too-large", None),
        (YEAR, "26", "not-a-year", None),
        (DATE, "2026/3/5", "date-form", "2026-03-05"),
        (DATE, "2026年3月5日", "date-form", "2026-03-05"),
        (DATE, "2026.03.05", "date-form", "2026-03-05"),
        (DATE, "20260305", "date-form", "2026-03-05"),
        (DATE, "2026-03-05 00:00:00", "date-form", "2026-03-05"),
        (DATE, "2026-02-30", "date-not-in-calendar", None),
        (DATE, "46086", "date-as-serial", "2026-03-05"),
        (DATE, "昨天", "not-a-date", None),
        (FLAG, "是", "flag-in-other-words", "true"),
        (FLAG, "0", "flag-in-other-words", "false"),
        (FLAG, "maybe", "not-a-flag", None),
        (CHOICE, "a", "likely-choice", "A"),
        (CHOICE, "优秀", "not-a-choice", None),
        (ANSWER, "6", "not-an-answer", None),
        (CODE, "=cmd", "dangerous-beginning", None),
        (TEXT, "a\x00b", "control-character", None),
    ],
)
def test_a_bad_cell_is_named_with_what_would_be_right(column, text, fault, says):
    assert read_text(column, text)[1]
    found, facts = fault_of(column, text)
    assert found == fault
    if says and fault != "not-a-number":
        assert facts["suggestion"] == says


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        (SCHOOL.lower(), "credit-code-form"),
        ("1237 0683 MB00 0000 1" + SCHOOL[17:], "credit-code-form"),
        ("9.135E+17", "credit-code-as-number"),
        ("123706830000012000", "credit-code-as-number"),
        (SCHOOL[:17], "credit-code-length"),
        (SCHOOL[:16] + "I" + SCHOOL[17], "credit-code-form"),
        (SCHOOL[:16] + "V" + SCHOOL[17], "credit-code-symbol"),
        (SCHOOL[:8] + SCHOOL[9] + SCHOOL[8] + SCHOOL[10:], "credit-code-check"),
    ],
)
def test_a_wrong_credit_code_of_a_unit_says_what_is_wrong(tmp_path, written, fault):
    found = read(tmp_path, {"units.csv": UNITS.replace(SCHOOL, written)})
    assert found.places("units") == [(2, "unit", fault)]
    assert found.column("units", "unit") == [written, CLINIC]


def test_the_check_digit_is_asked_for_where_a_unit_is_introduced(tmp_path):
    assert read_marks(tmp_path, f"{MARKS}\nX,K1,甲,1\n").problems == []


def test_the_check_digit_is_asked_for_where_the_code_may_be_of_no_unit(tmp_path):
    wrong = SCHOOL[:8] + SCHOOL[9] + SCHOOL[8] + SCHOOL[10:]
    history = f"{HEADERS['history']}\n{wrong},2025,A,\n{SCHOOL},2025,A,\n"
    rows = f"{wrong},{CLINIC},2025,merger\n{CLINIC},{wrong},2025,merger\n"
    successions = f"{HEADERS['successions']}\n{rows}"
    found = read(tmp_path, {"history.csv": history, "successions.csv": successions})
    assert found.places("history") == [(2, "unit", "credit-code-check")]
    assert found.places("successions") == [
        (2, "unit", "credit-code-check"),
        (3, "predecessor", "credit-code-check"),
    ]


def test_blanks_full_width_digits_and_capitals_are_taken(tmp_path):
    text = f"response,unit,round,channel,valid,q1,q2\n r1\u3000,{SCHOOL},\th1,visit,TRUE,５,4.0\n"
    units = UNITS.replace(",120,", ",１２０,").replace(",300,", ",300.0,")
    found = read(tmp_path, {"responses.csv": text, "units.csv": units})
    assert found.problems == []
    assert found.rows("responses") == [(2, "r1", SCHOOL, "h1", "visit", True, 5, 4)]
    assert found.column("units", "staff") == [120, 300]


def test_an_empty_cell_is_a_problem_where_the_column_is_required(tmp_path):
    found = read_marks(tmp_path, f"{MARKS}\n{SCHOOL},K1, ,\n")
    assert found.places("marks") == [(2, "judge", "empty-cell"), (2, "points", "empty-cell")]


def test_only_guarded_columns_refuse_a_dangerous_beginning(tmp_path):
    found = read(
        tmp_path, {"units.csv": UNITS.replace("第一中学", "=A1").replace(",120,,", ",120,+x,")}
    )
    assert found.places("units") == [(2, "name", "dangerous-beginning")]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_each_dangerous_sign_is_refused_also_behind_blanks(tmp_path, sign):
    found = read_marks(tmp_path, f"{MARKS}\n{SCHOOL},K1, {sign}1,1\n")
    assert f"begins with {sign}" in found.said("dangerous-beginning")


def test_of_many_bad_cells_the_first_are_listed_and_all_are_counted(tmp_path):
    rows = "".join(f"{SCHOOL},K1,j{n},x\n" for n in range(2_500))
    found = read_marks(tmp_path, f"{MARKS}\n{rows}")
    assert found.codes == ["more-of-the-same"] + ["not-a-number"] * 1_000
    assert "1500" in found.said("more-of-the-same")
    assert [place[0] for place in found.places("marks")[1:]] == list(range(2, 1_002))


def test_the_longest_cell_is_shown_shortened(tmp_path):
    found = read_marks(tmp_path, f"{MARKS}\n{SCHOOL},K1,甲,{'9' * 5_000}\n")
    assert len(found.said("number-too-large")) < 250


def test_a_question_of_the_scheme_must_have_its_column(tmp_path):
    text = f"response,unit,round,channel,valid,q1,q3\nr1,{SCHOOL},h1,visit,true,,1\n"
    found = read(tmp_path, {"responses.csv": text})
    assert found.places("responses") == [(1, "q2", "missing-column"), (1, "q3", "unknown-column")]


def test_sound_cells_beside_a_bad_one_are_kept(tmp_path):
    found = read(tmp_path, {"items.csv": ITEMS.replace("100,", "1OO,")})
    assert found.rows("items", "item, points, rule") == [("K1", None, "deduction")]
    assert SOUND["items.csv"] == ITEMS
