"""Rows in memory and typed tables are two forms of one thing."""

from datetime import date

import duckdb
import pytest
from duckdb import DuckDBPyConnection as Connection

from kaohe.core.rows import (
    Adjustment,
    Event,
    EventKind,
    Inputs,
    Item,
    ManualTier,
    Mark,
    Measurement,
    Milestone,
    NotApplicable,
    PastGrade,
    Response,
    Step,
    Succession,
    Target,
    Tenure,
    Unit,
)
from kaohe.core.scheme import Channel, Dimension, Round, Scheme, Survey
from kaohe.core.tables import INPUT_TABLES
from kaohe.folder.rows import fetch_inputs, store_inputs

SCHEME = Scheme(
    year=2026,
    jurisdiction="370683",
    weights={"common": 200_000, "individual": 600_000, "social": 200_000},
    survey=Survey(
        dimensions=(Dimension("duty", 10_000, ("q1", "q2")),),
        channels=(Channel("visit", 10_000, 1),),
        rounds=(Round("h1", 10_000),),
    ),
)
FULL = Inputs(
    units=(
        Unit("U1", "第一中学", "教育组", "教体局", "graded", "per_pupil", 120),
        Unit("U2", "医院 “东”", "卫生组", "卫健局", "ungraded", "appropriation", 0, "新设", "c"),
    ),
    items=(
        Item("K1", "common", "台账", 1_000_000, "deduction", kinds=(
            EventKind("late", 5_000, 20_000), EventKind("missing", 10_000))),
        Item("I1", "individual", "升学率", 600_000, "steps_up", "教体局", None, "a", "e",
             steps=(Step(900_000, 1_000_000), Step(600_000, 500_000))),
        Item("I2", "individual", "门诊", 400_000, "interval", None, "U2", zero_at=-10_000,
             full_at=900_000, trim=False, direction="up", minimum=1, late_per_day=2, target=3),
    ),
    targets=(Target("U2", "I2", zero_at=0, base=5),),
    not_applicable=(NotApplicable("U1", "I1", "停招"),),
    events=(
        Event("E1", "U1", "K1", "late", date(2026, 3, 1), "confirmed", True, 1, None, "文1", "注"),
        Event("E2", "U2", "K1", "missing", date(2026, 12, 31), "pending", False, reverses="E1"),
    ),
    measurements=(Measurement("U2", "I2", None, 10_000, 30_000, "d"), Measurement("U1", "I1", -5)),
    milestones=(Milestone("U1", "I1", "m", 1_000_000, date(2026, 5, 1)),),
    marks=(Mark("U1", "I1", "评委甲", 500_000),),
    responses=(
        Response("r1", "U1", "h1", "visit", True, (5, None)),
        Response("r2", "U2", "h1", "visit", False, (None, 1)),
    ),
    adjustments=(Adjustment("a1", "U1", "bonus", "获奖", "文2", 30_000, "n"),),
    tiers=(ManualTier("U1", "Ⅰ", "r"),),
    history=(PastGrade("U1", 2025, "A"), PastGrade("OLD", 2024, "B", "d")),
    successions=(Succession("U1", "OLD", 2025, "continuation"),),
    tenures=(Tenure("U1", "张三", "principal", date(2024, 1, 1)),
             Tenure("U1", "李四", "principal", date(2020, 1, 1), date(2023, 12, 31))),
)  # fmt: skip


@pytest.fixture
def con() -> Connection:
    return duckdb.connect()


def test_rows_come_back_as_they_were_stored(con: Connection) -> None:
    store_inputs(con, SCHEME, FULL)

    assert fetch_inputs(con, SCHEME) == FULL


def test_empty_tables_come_back_empty(con: Connection) -> None:
    nothing = Inputs((), ())

    store_inputs(con, SCHEME, nothing)

    assert fetch_inputs(con, SCHEME) == nothing


def test_storing_again_replaces_tables_and_views(con: Connection) -> None:
    store_inputs(con, SCHEME, FULL)
    con.execute("ALTER TABLE marks RENAME TO kept")
    con.execute("CREATE VIEW marks AS SELECT * FROM kept")

    store_inputs(con, SCHEME, FULL._replace(marks=()))

    assert fetch_inputs(con, SCHEME) == FULL._replace(marks=())


def test_rows_are_numbered_from_two(con: Connection) -> None:
    store_inputs(con, SCHEME, FULL)

    for table in INPUT_TABLES:
        rows = con.table(table).order("row").project("row").fetchall()
        assert rows == [(number,) for number in range(2, 2 + len(getattr(FULL, table)))], table


def test_decimals_are_ticks_in_whole_numbers_and_answers_small_ones(con: Connection) -> None:
    store_inputs(con, SCHEME, FULL)

    types = dict(
        con.execute("SELECT column_name, column_type FROM (DESCRIBE responses)").fetchall()
    )
    assert types["answer_2"] == "TINYINT"
    assert types["valid"] == "BOOLEAN"
    types = dict(con.execute("SELECT column_name, column_type FROM (DESCRIBE items)").fetchall())
    assert types["points"] == "BIGINT"
    assert types["row"] == "BIGINT"


def test_one_unit_comes_with_its_items_and_the_years_of_what_it_continues(con: Connection) -> None:
    store_inputs(con, SCHEME, FULL)

    found = fetch_inputs(con, SCHEME, ["U1"])

    assert [unit.unit for unit in found.units] == ["U1"]
    assert [item.item for item in found.items] == ["K1", "I1"]
    assert [event.event for event in found.events] == ["E1"]
    assert [response.response for response in found.responses] == ["r1"]
    assert [past.unit for past in found.history] == ["U1", "OLD"]
    assert found.targets == ()


def test_no_unit_has_no_facts(con: Connection) -> None:
    store_inputs(con, SCHEME, FULL)

    assert fetch_inputs(con, SCHEME, []) == Inputs((), ())
