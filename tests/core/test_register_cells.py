"""One cell of the register, as Excel, WPS or a form gives it."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.core.problems import CATALOGUE, Problem
from kaohe.core.register_cells import read_cell
from kaohe.core.register_fields import FIELD, FIELDS, Kind

cells = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.text(max_size=30),
    st.text("0123456789-/.年月日 ,万人", max_size=14),
)


def fault(name, value):
    found = read_cell(FIELD[name], value)
    assert isinstance(found, Problem), found
    return found.code.removeprefix("register-"), dict(found.facts)


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-05",
        "2026/3/5",
        "2026.3.5",
        "2026年3月5日",
        "2026 年 3 月 5 日",
        "２０２６-０３-０５",
        "2026-03-05 00:00:00",
        "2026-03-05T08:30:00Z",
        "20260305",
        20260305,
        20260305.0,
        date(2026, 3, 5),
        datetime(2026, 3, 5, 8, 30),  # noqa: DTZ001
    ],
)
def test_a_day_is_read_as_people_and_spreadsheets_write_it(written):
    assert read_cell(FIELD["cert_to"], written) == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-02-30", ("no-such-day", {"found": "2026-02-30"})),
        ("20261301", ("no-such-day", {"found": "20261301"})),
        (46086, ("date-serial", {"found": "46086", "suggestion": "2026-03-05"})),
        (46086.5, ("date-serial", {"found": "46086.5", "suggestion": "2026-03-05"})),
        ("长期", ("not-date", {"found": "长期"})),
        ("2026-3/5", ("not-date", {"found": "2026-3/5"})),
        ("0026-03-05", ("not-date", {"found": "0026-03-05"})),
        (True, ("not-date", {"found": "True"})),
        (time(8, 30), ("not-date", {"found": "08:30:00"})),
    ],
)
def test_what_is_no_day_is_refused(written, expected):
    assert fault("cert_to", written) == expected


@pytest.mark.parametrize("written", [37, 37.0, "37", " ３７ ", "37.0", "037"])
def test_a_whole_number_is_read(written):
    assert read_cell(FIELD["staff"], written) == 37


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("37人", ("likely-number", {"found": "37人", "suggestion": "37"})),
        ("1,200", ("likely-number", {"found": "1,200", "suggestion": "1200"})),
        ("37.5人", ("not-count", {"found": "37.5人"})),
        (37.5, ("not-count", {"found": "37.5"})),
        (-1, ("not-count", {"found": "-1"})),
        (10**6, ("not-count", {"found": "1000000"})),
        ("三十七", ("not-count", {"found": "三十七"})),
        (True, ("not-count", {"found": "True"})),
        (date(2026, 1, 1), ("not-count", {"found": "2026-01-01"})),
        (float("inf"), ("not-count", {"found": "inf"})),
    ],
)
def test_what_is_no_whole_number_is_refused(written, expected):
    assert fault("staff", written) == expected


@pytest.mark.parametrize(
    ("written", "value"),
    [("120.5", "120.5"), (120.5, "120.5"), (0.1 + 0.2, "0.3"), (3, "3"), ("0.0001", "0.0001")],
)
def test_money_is_exact(written, value):
    assert read_cell(FIELD["start_up"], written) == Decimal(value)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1,200.5万元", "likely-number"),
        ("120.55555", "not-money"),
        (-5, "not-money"),
        ("1e3", "not-money"),
        (1e20, "not-money"),
        (date(2026, 1, 1), "not-money"),
    ],
)
def test_what_is_no_amount_is_refused(written, code):
    assert fault("start_up", written)[0] == code


@pytest.mark.parametrize("written", [None, "", " \u3000", "无", "/", "—", "-", "N/A"])
def test_an_empty_cell_is_nothing_and_refused_where_it_is_needed(written):
    assert read_cell(FIELD["staff"], written) is None
    assert read_cell(FIELD["aliases"], written) == ()
    assert read_cell(FIELD["sector"], written) == ""
    assert read_cell(FIELD["status"], written) == "normal"
    assert fault("name", written) == ("empty", {})


@pytest.mark.parametrize(
    ("name", "written", "code"),
    [
        ("category", "公益二类", "public_second"),
        ("category", " public_second ", "public_second"),
        ("category", "Public welfare, class two", "public_second"),
        ("funding", "自收自支", "self"),
        ("status", "变更中", "changing"),
    ],
)
def test_a_choice_is_written_as_its_code_or_a_word(name, written, code):
    assert read_cell(FIELD[name], written) == code


@pytest.mark.parametrize(
    ("written", "suggestion"),
    [("生产经营", "生产经营类"), ("公益三类", None), ("尚未研究确定其类别的单位", None), (7, None)],
)
def test_a_near_word_is_suggested_where_one_is_nearest(written, suggestion):
    code, facts = fault("category", written)

    assert facts.get("suggestion") == suggestion
    assert code == ("likely-choice" if suggestion else "not-choice")
    assert facts["choices"] == "公益一类、公益二类、行政类、生产经营类、暂未分类"


def test_several_names_are_parted_and_each_kept_once():
    read = read_cell(
        FIELD["aliases"], "莱州市少年宫、 莱州市青少年活动中心;；莱州市少年宫\n莱州市科技馆"
    )

    assert read == ("莱州市少年宫", "莱州市青少年活动中心", "莱州市科技馆")
    assert read_cell(FIELD["aliases"], 7.0) == ("7",)


def test_text_keeps_its_lines_only_where_it_may_have_several():
    assert read_cell(FIELD["purpose"], "一\r\n二") == "一\n二"
    assert read_cell(FIELD["purpose"], 7) == "7"
    assert read_cell(FIELD["address"], "一\r\n二") == "一 二"


@pytest.mark.parametrize("sign", "=+-@")
@pytest.mark.parametrize("name", ["code", "name", "aliases", "purpose", "contact_phone"])
def test_nothing_begins_as_a_formula(name, sign):
    code, facts = fault(name, f" {sign}1+1")

    assert (code, facts["sign"]) == ("dangerous", sign)


@pytest.mark.parametrize("name", ["name", "aliases", "purpose"])
def test_a_text_has_its_limit(name):
    limit = FIELD[name].limit

    assert fault(name, "莱" * (limit + 1)) == ("too-long", {"count": limit + 1, "limit": limit})
    assert read_cell(FIELD[name], "莱" * limit) in ("莱" * limit, ("莱" * limit,))


@pytest.mark.parametrize("name", ["code", "name", "staff", "category", "cert_to"])
def test_the_value_of_an_error_in_a_formula_is_refused(name):
    assert fault(name, "#REF!") == ("cell-error", {"found": "#REF!"})
    assert read_cell(FIELD["name"], "#1 School") == "#1 School"


def test_a_code_must_be_text():
    assert fault("code", 123706834945801398) == ("code-as-number", {"found": "123706834945801398"})
    assert fault("code", 1.2370683494580122e17)[0] == "code-as-number"
    assert fault("code", True) == ("not-text", {"found": "True"})
    assert read_cell(FIELD["code"], " １２370683mb00000192") == "12370683MB00000192"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("0535-2212345", "0535-2212345"),
        ("0535—2212345、13800000000", "0535-2212345、13800000000"),
        ("(0535)2212345转12", "(0535)2212345转12"),
        (2212345, "2212345"),
        (13800000000.0, "13800000000"),
    ],
)
def test_a_telephone_number_is_text(written, kept):
    assert read_cell(FIELD["contact_phone"], written) == kept


@pytest.mark.parametrize("written", ["abc", "1", 5352212345])
def test_what_is_no_telephone_number_or_may_have_lost_a_0_is_refused(written):
    assert fault("contact_phone", written)[0] == "not-phone"


def test_a_day_or_a_truth_value_is_no_text():
    assert fault("name", date(2026, 3, 5)) == ("not-text", {"found": "2026-03-05"})
    assert fault("name", False) == ("not-text", {"found": "False"})


def test_a_long_cell_is_shown_in_part():
    assert fault("cert_to", "x" * 100)[1]["found"] == "x" * 59 + "…"


KINDS = {
    Kind.COUNT: int,
    Kind.MONEY: Decimal,
    Kind.DATE: date,
    Kind.NAMES: tuple,
}


@given(st.sampled_from(FIELDS), cells)
def test_every_cell_gives_a_value_of_its_kind_or_a_problem(field, value):
    read = read_cell(field, value)

    if isinstance(read, Problem):
        assert read.code in CATALOGUE
        assert (read.table, read.row, read.column) == ("register", None, field.name)
        assert read.sentence()
        assert read.remedy()
    elif read != field.empty:
        assert isinstance(read, KINDS.get(field.kind, str))


@given(st.sampled_from(FIELDS), cells)
def test_what_was_read_is_read_again_as_itself(field, value):
    read = read_cell(field, value)

    if isinstance(read, str | int | date) and not isinstance(read, Problem):
        assert read_cell(field, read) == read
