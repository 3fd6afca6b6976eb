"""A sound small folder with every rule and every table, to be spoilt in one place at a time."""

from datetime import date
from typing import Any

import duckdb

from kaohe.core.codes import check_symbol
from kaohe.core.problems import Problem
from kaohe.core.quantities import TICK
from kaohe.core.rows import (
    Adjustment,
    Event,
    EventKind,
    Inputs,
    Item,
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
from kaohe.folder.checks import check_folder
from kaohe.folder.rows import store_inputs


def code(number: int) -> str:
    """A unified social credit code with the right check digit."""
    body = f"12370683MB{number:07d}"
    return body + str(check_symbol(body))


SCHOOL, CLINIC, NURSERY, MUSEUM = code(1), code(2), code(3), code(4)  # the last is exempt
OLD_SCHOOL = code(9)  # no longer exists
SCHEME = Scheme(
    year=2026,
    jurisdiction="370683",
    weights={"common": 20 * TICK, "individual": 60 * TICK, "social": 20 * TICK},
    survey=Survey(
        dimensions=(Dimension("duty", 20 * TICK, ("q1", "q2")),),
        channels=(Channel("visit", 40 * TICK, 1), Channel("telephone", 60 * TICK, 1)),
        rounds=(Round("h1", 40 * TICK), Round("h2", 60 * TICK)),
    ),
)
UNITS = (
    Unit(SCHOOL, "第一中学", "教育组", "教体局", "graded", "per_pupil", 120),
    Unit(CLINIC, "中医院", "卫生组", "卫健局", "graded", "appropriation", 300),
    Unit(NURSERY, "实验幼儿园", "教育组", "教体局", "ungraded", "per_pupil", 40),
    Unit(MUSEUM, "博物馆", "文化组", "文旅局", "exempt", "appropriation", 9),
)
LATE, MISSING = EventKind("late", 1 * TICK), EventKind("missing", 2 * TICK, 4 * TICK)
ITEMS = (
    Item("K1", "common", "监管台账", 60 * TICK, "deduction", kinds=(LATE, MISSING)),
    Item("K2", "common", "编制台账", 40 * TICK, "accrual", kinds=(LATE,)),
    Item("J1", "individual", "巩固率", 40 * TICK, "interval", "教体局",
         zero_at=60 * TICK, full_at=95 * TICK),
    Item("J2", "individual", "达标率", 20 * TICK, "ratio_up", "教体局", target=90 * TICK),
    Item("J3", "individual", "增长", 20 * TICK, "growth", "教体局", target=5 * TICK),
    Item("J4", "individual", "评审", 20 * TICK, "marks", "教体局", trim=True),
    Item("W1", "individual", "床位", 30 * TICK, "steps_up", "卫健局",
         steps=(Step(90 * TICK, 100 * TICK), Step(60 * TICK, 50 * TICK))),
    Item("W2", "individual", "药占比", 30 * TICK, "ratio_down", "卫健局", CLINIC,
         target=30 * TICK),
    Item("W3", "individual", "工程", 20 * TICK, "milestones", "卫健局"),
    Item("W4", "individual", "满意", 20 * TICK, "rank", "卫健局", direction="up"),
)  # fmt: skip
INPUTS = Inputs(
    units=UNITS,
    items=ITEMS,
    targets=(
        Target(SCHOOL, "J3", base=1_000 * TICK),
        Target(NURSERY, "J1", zero_at=50 * TICK),
    ),
    not_applicable=(NotApplicable(NURSERY, "J3", "新建园"),),
    events=(
        Event("E1", SCHOOL, "K1", "late", date(2026, 1, 1), "confirmed", False, document="文1"),
        Event("E2", SCHOOL, "K2", "late", date(2026, 12, 31), "confirmed", False, document="文2"),
        Event("E3", SCHOOL, "K1", "late", date(2026, 6, 1), "confirmed", False, reverses="E1"),
    ),
    measurements=(
        Measurement(SCHOOL, "J1", 90 * TICK),
        Measurement(SCHOOL, "J2", None, 45 * TICK, 50 * TICK),
        Measurement(SCHOOL, "J3", 1_020 * TICK),
        Measurement(CLINIC, "W1", 80 * TICK),
        Measurement(CLINIC, "W4", None, 0, 0),
    ),
    milestones=(
        Milestone(CLINIC, "W3", "开工", 40 * TICK, date(2026, 3, 1), date(2026, 3, 2)),
        Milestone(CLINIC, "W3", "封顶", 60 * TICK, date(2026, 9, 1)),
    ),
    marks=(Mark(SCHOOL, "J4", "甲", 18 * TICK), Mark(SCHOOL, "J4", "乙", 20 * TICK)),
    responses=(
        Response("r1", SCHOOL, "h1", "visit", True, (5, 4)),
        Response("r2", CLINIC, "h2", "telephone", True, (None, 1)),
    ),
    adjustments=(
        Adjustment("A1", SCHOOL, "bonus", "表彰", "文3", 3 * TICK),
        Adjustment("A2", CLINIC, "bar_a", "通报", "文4"),
    ),
    history=(PastGrade(SCHOOL, 2025, "A"), PastGrade(OLD_SCHOOL, 2024, "A")),
    successions=(Succession(SCHOOL, OLD_SCHOOL, 2025, "continuation"),),
    tenures=(
        Tenure(SCHOOL, "张三", "principal", date(2024, 1, 1)),
        Tenure(SCHOOL, "李四", "principal", date(2020, 1, 1), date(2023, 12, 31)),
    ),
)

NOBODY = code(77)
Place = tuple[str, str, int | None, str]


def spoilt(table: str, number: int, **cells: object) -> Inputs:
    """The sound folder with some cells of one row changed; rows are numbered from 2."""
    rows = list(getattr(INPUTS, table))
    rows[number - 2] = rows[number - 2]._replace(**cells)
    return INPUTS._replace(**{table: tuple(rows)})


def added(table: str, *rows: Any) -> Inputs:
    """The sound folder with more rows at the end of one table."""
    return INPUTS._replace(**{table: (*getattr(INPUTS, table), *rows)})


def problems_of(inputs: Inputs, scheme: Scheme | None = SCHEME) -> list[Problem]:
    """What the checks find in a folder of these rows."""
    with duckdb.connect() as con:
        store_inputs(con, scheme, inputs)
        return check_folder(con, scheme)


def places(inputs: Inputs, scheme: Scheme | None = SCHEME) -> list[Place]:
    """Code, table, row and column of each problem."""
    found = problems_of(inputs, scheme)
    for problem in found:
        assert "{" not in problem.sentence() + problem.remedy()
    return [(each.code, each.table, each.row, each.column) for each in found]


def event(name: str, **cells: object) -> Event:
    """An ordinary event of the school."""
    plain = Event(name, SCHOOL, "K1", "late", date(2026, 5, 5), "confirmed", False)
    return plain._replace(**cells)  # type: ignore[arg-type]
