"""What a unit declares, what is wrong with it, and how an adjustment changes a sheet."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.core.indicator_trees import sheet_from, sheet_tree
from kaohe.core.indicators import Indicator, Node, Plan, SheetPlan, Values
from kaohe.core.quantities import FULL, LIMIT, TICK
from kaohe.core.target_values import (
    Asked,
    Change,
    Fault,
    adjusted,
    amends,
    asked_of,
    cell_text,
    cells_of,
    changed_sheet,
    changes_of,
    declared,
    faults_of,
    holds,
    into_draft,
    narrowed,
    still_holds,
    stood_of,
    with_own,
    with_stood,
)

UNIT = "U"
NODES = (
    Node("开工", FULL // 2, date(2026, 5, 1)),
    Node("竣工", FULL // 2, date(2026, 11, 1)),
)


def item(code, rule, **given):
    return Indicator(code, f"指标{code}", points=10 * TICK, rule=rule, **given)


PLAN = Plan(
    indicators=(
        item("A", "interval", zero_at=60 * TICK, full_at=90 * TICK),
        item("B", "ratio_up", target=100 * TICK),
        item("C", "ratio_down", target=5 * TICK),
        item("D", "growth", target=3 * TICK),
        item("E", "milestones"),
        item("F", "deduction"),
        item("G", "ratio_up", target=8 * TICK),
        item("H", "ratio_up", target=1 * TICK, unit="OTHER"),
        item("I", "milestones"),
    ),
    sheets={
        UNIT: SheetPlan(
            {"D": Values(base=200 * TICK), "B": Values(target=95 * TICK, reason="并校")},
            {"G": "无此业务"},
            {"E": NODES},
        )
    },
)


def asked():
    return asked_of(PLAN, UNIT)


def codes(faults):
    return [(each.item, each.field, each.code) for each in faults]


def test_only_what_a_rule_uses_and_what_applies_is_asked():
    assert [each.indicator.item for each in asked()] == ["A", "B", "C", "D", "E"]
    assert [each.fields for each in asked()] == [
        ("zero_at", "full_at"),
        ("target",),
        ("target",),
        ("target", "base"),
        (),
    ]


def test_a_units_own_values_come_before_those_of_the_indicator():
    found = declared(asked())

    assert found.values["B"] == Values(target=95 * TICK, reason="并校")
    assert found.values["D"] == Values(target=3 * TICK, base=200 * TICK)
    assert found.nodes == {"E": NODES}
    assert faults_of(asked(), 2026) == []


@pytest.mark.parametrize(
    ("code", "values", "fault"),
    [
        ("A", Values(60 * TICK, None), ("full_at", "missing")),
        ("A", Values(60 * TICK, 60 * TICK), ("full_at", "ends-equal")),
        ("A", Values(LIMIT, 60 * TICK), ("zero_at", "out-of-range")),
        ("B", Values(target=0), ("target", "not-positive")),
        ("C", Values(target=-1), ("target", "negative")),
        ("D", Values(target=TICK, base=0), ("base", "not-positive")),
        ("D", Values(target=TICK), ("base", "missing")),
    ],
)
def test_what_a_rule_cannot_use_is_found_at_its_cell(code, values, fault):
    found = faults_of(with_own(asked(), SheetPlan({code: values})), 2026)

    assert codes(found) == [(code, *fault)]


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("A", Values(-5 * TICK, 0, reason="停办")),
        ("A", Values(60 * TICK, 60 * TICK + 1, reason="停办")),
        ("B", Values(target=1, reason="停办")),
        ("C", Values(target=0)),
        ("D", Values(target=1, base=1, reason="停办")),
    ],
)
def test_what_a_rule_can_just_use_is_taken(code, values):
    assert faults_of(with_own(asked(), SheetPlan({code: values})), 2026) == []


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2027, 1, 1)])
def test_a_milestone_lies_in_the_year(day):
    late = (NODES[0], NODES[1]._replace(due_on=day))
    found = faults_of(with_own(asked(), SheetPlan(nodes={"E": late})), 2026)

    assert found == [Fault("E", "due_on/竣工", "day-outside")]


def test_below_last_year_needs_a_reason():
    low = Asked(item("X", "ratio_up"), Values(target=10), actual=11)

    assert codes(faults_of([low], 2026)) == [("X", "reason", "below-earlier-year")]
    told = replace(low, values=Values(target=10, reason="并校"))
    assert faults_of([told], 2026) == []


@pytest.mark.parametrize(
    ("code", "values", "fault"),
    [
        ("A", Values(80 * TICK, 70 * TICK, reason="反了"), ("full_at", "turned")),
        ("A", Values(60 * TICK, 89 * TICK), ("reason", "below-scheme")),
        ("A", Values(59 * TICK, 90 * TICK), ("reason", "below-scheme")),
        ("B", Values(target=94 * TICK), ("reason", "below-scheme")),
        ("C", Values(target=6 * TICK), ("reason", "below-scheme")),
        ("D", Values(target=3 * TICK, base=199 * TICK), ("reason", "below-scheme")),
    ],
)
def test_what_is_turned_is_refused_and_what_is_easier_than_the_scheme_needs_a_reason(
    code, values, fault
):
    entered = with_own(asked(), SheetPlan({code: values}))

    assert codes(faults_of(entered, 2026)) == [(code, *fault)]
    kept = faults_of(entered, 2026, reasons=False)
    assert codes(kept) == ([(code, *fault)] if fault[1] == "turned" else [])
    told = with_own(asked(), SheetPlan({code: replace(values, reason="并校")}))
    assert codes(faults_of(told, 2026)) == codes(kept)


def test_what_stood_when_a_unit_declared_is_kept_and_compared():
    before = stood_of(asked())
    lowered = replace(PLAN, sheets={UNIT: SheetPlan({"B": Values(target=90 * TICK)})})

    assert before.values["B"] == Values(target=95 * TICK)
    [now] = [each for each in asked_of(lowered, UNIT) if each.indicator.item == "B"]
    assert now.easier == []
    [now] = with_stood([now], before.values)
    assert now.easier == ["target"]
    [now] = with_stood([now], {})
    assert now.stood == Values(target=95 * TICK)


def test_what_was_agreed_goes_into_the_draft_and_holds_there():
    agreed = SheetPlan(
        {
            "A": Values(60 * TICK, 95 * TICK),
            "B": Values(target=100 * TICK),
            "C": Values(target=5 * TICK),
            "D": Values(target=3 * TICK, base=210 * TICK),
        },
        {},
        {"E": (NODES[0], NODES[1]._replace(due_on=date(2026, 12, 1)))},
    )
    sheet = into_draft(PLAN, UNIT, agreed)
    after = replace(PLAN, sheets={UNIT: sheet})

    assert sheet.values == {
        "A": Values(full_at=95 * TICK),
        "B": Values(target=100 * TICK),
        "D": Values(base=210 * TICK),
    }
    assert sheet.nodes["E"][1].due_on == date(2026, 12, 1)
    assert sheet.not_applicable == {"G": "无此业务"}
    assert holds(after, UNIT, agreed)
    assert not holds(PLAN, UNIT, agreed)


def test_what_was_agreed_of_what_is_gone_is_not_compared():
    agreed = declared(asked())
    without = replace(PLAN, indicators=PLAN.indicators[2:])

    assert holds(without, UNIT, agreed)
    moved = SheetPlan({}, {}, {"E": (NODES[0]._replace(due_on=date(2026, 6, 1)), NODES[1])})
    assert not holds(PLAN, UNIT, moved)
    assert holds(PLAN, UNIT, SheetPlan({"A": Values(60 * TICK)}))


def test_an_own_value_that_is_taken_back_leaves_nothing():
    plan = replace(PLAN, sheets={UNIT: SheetPlan({"C": Values(target=None, reason="旧")})})

    assert into_draft(plan, UNIT, SheetPlan({"C": Values(target=5 * TICK)})).values == {}


def test_what_was_not_asked_is_left_out():
    own = SheetPlan(
        {"A": Values(1, 2, 3, 4, "理由"), "F": Values(target=1), "B": Values(target=7)},
        {"A": "不适用"},
        {
            "E": (Node("开工", 1, date(2026, 6, 1)), Node("验收", 1, date(2026, 7, 1))),
            "I": NODES,
        },
    )
    found = narrowed(asked(), own)

    assert found.values == {"A": Values(1, 2, reason="理由"), "B": Values(target=7)}
    assert found.not_applicable == {}
    assert found.nodes == {"E": (NODES[0]._replace(due_on=date(2026, 6, 1)), NODES[1])}


def test_an_amendment_is_seen_where_the_unit_had_said_something_else():
    said = declared(asked())
    now = SheetPlan({**said.values, "A": Values(60 * TICK, 91 * TICK)}, {}, said.nodes)
    later = (NODES[0]._replace(due_on=date(2026, 6, 1)), NODES[1])

    assert not amends(asked(), said, said)
    assert amends(asked(), said, now)
    assert amends(asked(), said, SheetPlan(said.values, {}, {"E": later}))
    assert not amends(asked(), SheetPlan({"A": said.values["A"]}), said)


def test_an_adjustment_holds_old_and_new_and_changes_nothing_else():
    wanted = {
        ("A", "full_at"): 92 * TICK,
        ("B", "target"): 95 * TICK,
        ("E", "due_on/竣工"): date(2026, 12, 1),
    }
    changes = changes_of(asked(), wanted)

    assert changes == [
        Change("A", "full_at", "90", "92"),
        Change("E", "due_on/竣工", "2026-11-01", "2026-12-01"),
    ]
    before = PLAN.sheets[UNIT]
    after = changed_sheet(before, changes)
    assert after.values == {**before.values, "A": Values(full_at=92 * TICK)}
    assert after.nodes["E"] == (NODES[0], NODES[1]._replace(due_on=date(2026, 12, 1)))
    assert still_holds(asked(), changes)
    now = adjusted(asked(), after)
    assert not still_holds(now, changes)
    assert cells_of(now)["A", "full_at"] == 92 * TICK


def test_a_cell_that_a_sheet_does_not_have_is_no_change():
    with pytest.raises(KeyError):
        changes_of(asked(), {("F", "target"): 1})
    with pytest.raises(ValueError, match="unsound"):
        changed_sheet(SheetPlan(), [Change("A", "full_at", "1", "viel")])


ticks = st.integers(min_value=1 - LIMIT, max_value=LIMIT - 1)


@given(st.dictionaries(st.sampled_from(sorted(cells_of(asked()))), ticks))
def test_a_change_kept_as_text_is_the_change(wanted):
    days = {cell: value for cell, value in wanted.items() if not cell[1].startswith("due_on/")}
    changes = changes_of(asked(), days)
    after = sheet_from(sheet_tree(changed_sheet(PLAN.sheets[UNIT], changes)))

    now = cells_of(adjusted(asked(), after))
    assert {cell: now[cell] for cell in days} == days
    assert changes_of(adjusted(asked(), after), days) == []


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (125_000, "12.5"), (date(2026, 6, 1), "2026-06-01")]
)
def test_a_cell_is_kept_as_people_write_it(value, text):
    assert cell_text(value) == text
