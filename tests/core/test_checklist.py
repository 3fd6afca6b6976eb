"""The checklist: each check under one point, each point with its state."""

from collections import Counter
from dataclasses import replace

import pytest

from kaohe.core.checklist import (
    NOTHING_YET,
    POINT_OF,
    POINTS,
    STATE_WORDS,
    TIERS_WAIT,
    State,
    checklist,
    looked_at,
)
from kaohe.core.checkup import CHECKS, Finding
from kaohe.core.checkup_answers import Answer, Told, key_of
from kaohe.core.checkup_plan import check_plan
from kaohe.core.indicators import Plan
from kaohe.core.past import Past, PastValue
from kaohe.core.texts import fold
from tests.core.checkup_cases import CASES
from tests.core.checkup_plans import CONTEXT, PLAN, TEMPLATE, TEMPLATE_PLAN


def points_of(plan, context, told=None):
    told = [Told(each) for each in check_plan(plan, context)] if told is None else told
    lines = checklist(looked_at(plan, context), told, is_template=context.is_template)
    return {line.point.code: line for line in lines}


def test_every_check_belongs_to_exactly_one_point():
    counts = Counter(check for point in POINTS for check in point.checks)
    assert set(counts) == set(CHECKS)
    assert set(counts.values()) == {1}
    assert set(STATE_WORDS) == set(State)


@pytest.mark.parametrize("code", sorted(CASES))
def test_what_a_check_finds_stands_at_its_point(code):
    case, _near = CASES[code]
    lines = points_of(case.plan, case.context)
    line = lines[POINT_OF[code]]
    severity = CHECKS[code].severity
    assert {"error": line.errors, "warning": line.warnings, "note": line.notes}[severity]
    if severity == "error":
        assert line.state is State.WRONG


def test_a_sound_plan_passes_what_can_be_looked_at():
    lines = points_of(PLAN, replace(CONTEXT, tiers=3, past=Past()))
    apart = {code for code, line in lines.items() if line.state is State.APART}
    assert apart == {"targets"}
    assert all(line.state is State.PASSED for code, line in lines.items() if code not in apart)
    assert len(lines) == len(POINTS)


def test_the_rule_of_tiers_waits_until_settings_are_issued():
    waits = points_of(PLAN, replace(CONTEXT, tiers=None))["tiers"]
    assert (waits.state, waits.said) == (State.WAITS, TIERS_WAIT)
    assert points_of(PLAN, replace(CONTEXT, tiers=0))["tiers"].state is State.PASSED


def test_without_a_template_overlap_is_not_asked():
    overlap = points_of(PLAN, replace(CONTEXT, common=()))["overlap"]
    assert (overlap.state, overlap.said) == (State.APART, overlap.point.missing)


def test_of_the_template_only_its_own_points_are_asked():
    lines = points_of(TEMPLATE_PLAN, TEMPLATE)
    assert set(lines) == {point.code for point in POINTS if point.template}


def test_of_an_empty_plan_nothing_passes_but_what_it_lacks_is_said():
    lines = points_of(Plan(), CONTEXT)
    assert lines["codes"].state is State.WRONG
    assert {line.state for code, line in lines.items() if code != "codes"} == {State.APART}
    assert {line.said for code, line in lines.items() if code != "codes"} == {NOTHING_YET}


def test_answers_are_counted_beside_warnings():
    finding = Finding("source-missing", "indicators/J01/source", facts={"item": "J01"})
    said = Answer(key_of(finding), {}, "说明", "张某", None, 1)
    told = [Told(finding, said), Told(finding, said, is_stale=True), Told(finding)]
    line = points_of(PLAN, CONTEXT, told)["sources"]
    assert (line.state, line.warnings, line.answered) == (State.WARNED, 3, 1)


def test_what_was_looked_at_is_told_in_numbers():
    name = PLAN.indicators[0].name
    value = PastValue(2025, "J01", name, 100_000)
    past = Past((2025, 2024), {("U-EAST", fold(name)): [value], ("U-EAST", "别的"): [value]})
    looked = looked_at(PLAN, replace(CONTEXT, past=past))
    assert (looked.years, looked.values) == (2, 1)
    for line in points_of(PLAN, replace(CONTEXT, past=past)).values():
        assert "{" not in line.said.format_map(line.looked._asdict())
