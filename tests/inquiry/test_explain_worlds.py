"""Explanations of units of any sound year: they add up, and what they claim is exact."""

import json
import re

from hypothesis import given, settings

from kaohe.core.problems import FolderRefused
from kaohe.core.quantities import FULL, parse_ticks
from kaohe.core.rows import Inputs
from kaohe.core.scoring import assess
from kaohe.inquiry.explanation.case import Case, open_case
from kaohe.inquiry.explanation.causes import causes
from kaohe.inquiry.explanation.explain import explain
from kaohe.inquiry.explanation.keeps import ordered_keeps
from kaohe.inquiry.explanation.text import render_text
from kaohe.inquiry.explanation.trial import KEYS, Change
from kaohe.inquiry.terminal import columns
from tests.inquiry.calculator import check, lines_in
from tests.worlds import World, worlds

FEW = settings(max_examples=25, deadline=None)


def assessed_cases(world: World) -> list[Case]:
    outputs = assess(world.scheme, world.inputs)
    return [
        open_case(world.scheme, world.inputs, outputs, unit.unit)
        for unit in world.inputs.units
        if unit.status != "exempt"
    ]


def with_change(inputs: Inputs, unit: str, change: Change) -> Inputs:
    """The facts of the year with a change carried out, by the tables' own keys."""
    tables = {}
    for table, fields in KEYS.values():
        new = {key: row for (name, key), row in change.rows.items() if name == table}
        kept = [
            row
            for row in getattr(inputs, table)
            if row.unit != unit or tuple(getattr(row, f) for f in fields) not in new
        ]
        tables[table] = (*kept, *new.values())
    left = tuple(row for row in inputs.adjustments if row.adjustment not in change.dropped)
    return inputs._replace(adjustments=left, **tables)


@FEW
@given(worlds(units=8))
def test_every_line_can_be_re_computed_and_every_explanation_is_plain_data(world):
    outputs = assess(world.scheme, world.inputs)
    for unit in world.inputs.units:
        told = explain(world.scheme, world.inputs, outputs, unit.unit)
        assert json.loads(json.dumps(told)) == told
        for line in lines_in(told):
            if line["chain"]:
                check(line)


@FEW
@given(worlds(units=8))
def test_the_last_line_of_each_part_is_what_the_tables_say(world):
    outputs = assess(world.scheme, world.inputs)
    for unit in world.inputs.units:
        told = explain(world.scheme, world.inputs, outputs, unit.unit)
        for component in told["components"]:
            worked = [
                line for line in component["lines"] if line["chain"] and line["clause"] != "C-2"
            ]  # C-2 counts the seats of a tier
            if component["score"] is not None:
                assert worked[-1]["result"] == component["adjusted"]
            for item in component["items"]:
                arithmetic = [line for line in item["lines"] if line["chain"]]
                if arithmetic and arithmetic[-1]["label"] == "points earned":
                    assert arithmetic[-1]["result"] == item["earned"]
        if told["components"]:
            assert told["composite"]["lines"][-1]["result"] == told["result"]["composite"]


@FEW
@given(worlds(units=8))
def test_every_lost_point_has_one_cause(world):
    for case in assessed_cases(world):
        found = causes(case)
        assert all(cause.lost > 0 for cause in found)
        for item in case.sheet.items:
            earned = case.cells[item.item].earned
            lost = sum(c.lost for c in found if c.item is not None and c.item.item == item.item)
            assert lost == (0 if earned is None else item.points - earned)
        score = case.parts["social"].score
        if score is not None:
            assert sum(c.lost for c in found if c.kind == "survey") == FULL - score


@FEW
@given(worlds(units=8))
def test_what_a_way_would_have_brought_is_what_a_changed_year_brings(world):
    for case in assessed_cases(world)[:4]:
        for keep in ordered_keeps(case, causes(case))[:4]:
            change = keep.way.change
            if change.pleased or change.full:
                continue
            inputs = with_change(world.inputs, case.unit.unit, change)
            try:
                results = assess(world.scheme, inputs).results
            except FolderRefused:  # the change makes a choice of the committee void
                continue
            assert keep.outcome.result in results


@FEW
@given(worlds(units=8))
def test_what_would_have_been_enough_reaches_the_grade(world):
    outputs = assess(world.scheme, world.inputs)
    for unit in world.inputs.units:
        told = explain(world.scheme, world.inputs, outputs, unit.unit)
        enough = told["lost"]["enough"]
        if enough is not None:
            assert enough["grade"] < told["result"]["grade"]
            composite = parse_ticks(enough["composite"]) or 0
            assert composite >= (parse_ticks(told["result"]["composite"]) or 0)


@FEW
@given(worlds(units=5))
def test_no_line_on_the_terminal_is_wider_than_it(world):
    outputs = assess(world.scheme, world.inputs)
    for unit in world.inputs.units:
        text = render_text(explain(world.scheme, world.inputs, outputs, unit.unit), width=80)
        assert all(columns(line) <= 80 for line in text.splitlines())
        assert re.findall(r"\bNone\b(?! of)", text) == []
