"""Any plan that the platform can hold, for property tests: every field, every rule, odd texts."""

from datetime import date

from hypothesis import strategies as st

from kaohe.core.indicators import Element, Indicator, Node, Plan, SheetPlan, Values
from kaohe.core.quantities import FULL, LIMIT, TICK
from kaohe.core.rows import EventKind, Step
from kaohe.core.tables import RULES
from kaohe.core.texts import clean, clean_long
from kaohe.documents.plan_book_columns import CHOICES
from tests.worlds import credit_code

UNITS = {credit_code(number): f"示例市第{number}学校" for number in range(1, 5)}
_ODD = st.sampled_from(
    ["=1+1", "+8", "-3", "@x", "_x0041_", "𠀀䶮", "O'Neil", "a,b;c", "1", "2026"]
)
_TEXT = st.text(max_size=12) | _ODD
LINES = _TEXT.map(clean)
LONGS = st.lists(_TEXT, max_size=3).map("\n".join).map(clean_long)
SAFE = LINES.map(lambda text: text.lstrip("=+-@").strip()).map(clean).filter(bool)
TICKS = st.integers(1 - LIMIT, LIMIT - 1)
PERCENT = st.integers(0, FULL)
MAYBE = st.none() | TICKS


def _coded(name):
    return st.sampled_from(["", *CHOICES[name]])


@st.composite
def _steps(draw, rule):
    found = draw(st.lists(TICKS, min_size=1, max_size=4, unique=True))
    ordered = sorted(found, reverse=rule == "steps_up")
    return tuple(Step(each, draw(PERCENT)) for each in ordered)


@st.composite
def _kinds(draw):
    names = st.sampled_from(["逾期", "未办", "差错 1", "a"])
    points, caps = st.integers(0, 100 * TICK), st.none() | st.integers(0, 100 * TICK)
    return tuple(
        EventKind(name, draw(points), draw(caps))
        for name in draw(st.lists(names, min_size=1, max_size=3, unique=True))
    )


@st.composite
def indicators(draw, item, units):
    """One indicator with a code of ours."""
    rule = draw(st.sampled_from(["", *RULES]))
    return Indicator(
        item,
        draw(SAFE),
        draw(st.sampled_from(["individual", "common"])),
        draw(st.sampled_from(["", *units])),
        draw(LINES),
        draw(st.sampled_from([*Element, "", "其他要素"])),
        draw(st.none() | st.integers(0, 100 * TICK)),
        rule,
        *(draw(MAYBE) for _ in range(3)),
        draw(st.none() | PERCENT),
        draw(_steps(rule)) if rule.startswith("steps") else (),
        draw(_kinds()) if rule in ("deduction", "accrual") else (),
        draw(st.none() | PERCENT),
        draw(_coded("direction")),
        draw(st.sampled_from([None, True, False])),
        draw(_coded("visibility")),
        draw(LINES),
        *(draw(LONGS) for _ in range(4)),
        draw(_coded("tag")),
        draw(_coded("period")),
        draw(LINES),
        draw(_coded("judge")),
        draw(_coded("ledger")),
    )


@st.composite
def _sheet(draw, items):
    some = st.lists(st.sampled_from(items), max_size=3, unique=True) if items else st.just([])
    values = {
        item: Values(*(draw(MAYBE) for _ in range(3)), draw(TICKS), draw(LONGS))
        for item in draw(some)
    }
    waived = {item: draw(LONGS.filter(bool)) for item in draw(some)}
    nodes = {
        item: tuple(
            Node(name, draw(PERCENT), date(2026, draw(st.integers(1, 12)), 1))
            for name in draw(st.lists(SAFE, min_size=1, max_size=3, unique=True))
        )
        for item in draw(some)
    }
    return SheetPlan(values, waived, nodes)


@st.composite
def plans(draw):
    """A plan, and the units of its department."""
    chosen = draw(st.lists(st.sampled_from(list(UNITS)), max_size=3, unique=True))
    codes = st.lists(st.sampled_from(["J01", "J02", "甲-3", "7", "x y"]), max_size=5, unique=True)
    found = [draw(indicators(item, chosen)) for item in draw(codes)]
    sheets = {
        unit: draw(_sheet([each.item for each in found if each.unit in ("", unit)]))
        for unit in chosen
    }
    return Plan(draw(LONGS), tuple(found), sheets)
