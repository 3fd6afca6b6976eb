"""The check-up: each finding has a plan that raises it, and one that just does not."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.core.checkup import (
    CHECKS,
    SEVERITIES,
    Check,
    Finding,
    counted,
    declare_checks,
    errors_among,
)
from kaohe.core.checkup_plan import check_plan
from kaohe.core.past import Past
from kaohe.core.quantities import TICK
from kaohe.indicators.queries.checkup_words import finding_in_words
from tests.core.checkup_cases import CASES
from tests.core.checkup_plans import CONTEXT, PLAN, TEMPLATE, TEMPLATE_PLAN, with_item
from tests.indicators.plans import plans


def found(case, code):
    return [each for each in check_plan(case.plan, case.context) if each.check == code]


def test_a_sound_plan_and_a_sound_template_have_no_finding():
    assert check_plan(PLAN, CONTEXT) == []
    assert check_plan(TEMPLATE_PLAN, TEMPLATE) == []


def test_every_check_has_its_two_plans():
    assert set(CASES) == set(CHECKS)


@pytest.mark.parametrize("code", sorted(CASES))
def test_a_finding_is_raised_at_its_cell_with_its_facts(code):
    raising, _near = CASES[code]
    findings = found(raising, code)
    assert findings
    first = findings[0]
    assert first.path == raising.path
    assert raising.facts.items() <= first.facts.items()
    assert "{" not in first.sentence() + first.remedy()


@pytest.mark.parametrize("code", sorted(CASES))
def test_a_finding_is_just_not_raised(code):
    _raising, near = CASES[code]
    assert found(near, code) == []


def test_findings_come_gravest_first():
    plan = with_item("J01", with_item("J08", points=9 * TICK, evidence=""), source="")
    severities = [each.severity for each in check_plan(plan, CONTEXT)]
    assert severities == ["error", "warning", "note"]


def test_errors_are_told_apart_and_counted():
    findings = [Finding("plan-empty"), Finding("evidence-missing", facts={"item": "J01"})]
    assert errors_among(findings) == findings[:1]
    assert counted(findings) == {"error": 1, "warning": 0, "note": 1}


def test_a_code_is_declared_once():
    with pytest.raises(ValueError, match="plan-empty"):
        declare_checks({"plan-empty": Check("error", "", "")})


def test_facts_that_are_codes_are_put_into_words():
    finding = Finding(
        "cell-not-used", facts={"item": "J01", "rule": "ratio_up", "column": "full_at"}
    )
    said = finding.sentence(str, lambda name, code: f"<{name} {code}>")
    assert said == "“J01”: the rule “<rule ratio_up>” does not use <column full_at>"


@given(plans(), st.booleans())
def test_any_plan_can_be_checked_and_every_finding_said(plan, is_template):
    context = TEMPLATE if is_template else replace(CONTEXT, past=Past((2025,)))
    for each in check_plan(plan, context):
        assert each.severity in SEVERITIES
        assert each.path or each.check == "plan-empty"
        said = finding_in_words(each, str)
        assert said.sentence
        assert said.remedy
