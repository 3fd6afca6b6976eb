"""Papers of sheets and targets: what is printed as Word reads back the same; PDF in one piece."""

import io

import pytest
from django.utils import translation
from django.utils.translation import gettext
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.core.indicator_trees import plan_of, sheet_tree, indicator_tree, tree_of
from kaohe.core.indicators import Indicator, Plan, SheetPlan, Values, ends_for
from kaohe.core.plan_edits import OWN_USED, USED
from kaohe.core.tables import RULES
from kaohe.documents.sheet_paper_docx import write_form_docx
from kaohe.indicators.models import AssessmentYear, Participant, Sheet
from kaohe.indicators.papers.sheets import printed_sheet, rule_text, sheet_form, sheet_paper
from kaohe.indicators.reading.rule_phrases import read_rule
from kaohe.indicators.reading.word_plan import plan_from_word
from kaohe.indicators.reading.word_sheets import WordReader
from tests.fixtures.indicators import SPRING, common_plan
from tests.indicators.plans import UNITS, plans


def sheet_of(plan, unit, name):
    """A sheet as it is issued, without a database."""
    who = Participant(
        code=unit,
        name=name,
        department_name="市教育和体育局",
        assessment_year=AssessmentYear(year=2026),
    )
    content = {
        "indicators": [indicator_tree(each) for each in plan.of_unit(unit)],
        "sheet": sheet_tree(plan.sheet(unit)),
    }
    return Sheet(participant=who, number=1, content=content, digest="0" * 64, issued_on=SPRING)


def tidy(indicator, place):
    """Only what a rule uses and a sheet prints."""
    used = USED.get(indicator.rule, ())
    if not indicator.rule:
        used = ("target",)
    texts = ("measure", "definition", "source", "evidence", "basis", "person", "name")
    fields = {
        name: "" if getattr(indicator, name) == "—" else getattr(indicator, name) for name in texts
    }
    for name in ("visibility", "period"):
        fields[name] = getattr(indicator, name)
    for name in used:
        fields[name] = getattr(indicator, name)
    if indicator.rule == "rank":
        fields["direction"] = indicator.direction or "up"
    if indicator.rule == "marks":
        fields["trim"] = indicator.trim or None
    element = indicator.element
    return Indicator(
        f"J{place:02d}",
        element=element,
        unit=indicator.unit,
        points=indicator.points,
        rule=indicator.rule,
        **{**fields, "name": f"指标{place}{fields['name']}"},
    )


@st.composite
def printed_plans(draw):
    """Plans as departments have them, each indicator with what its rule uses."""
    plan = draw(plans())
    codes = {each.item: f"J{place:02d}" for place, each in enumerate(plan.indicators, 1)}
    found = tuple(tidy(each, place) for place, each in enumerate(plan.indicators, 1))
    rules = {each.item: each.rule for each in found}
    sheets = {}
    for unit, sheet in plan.sheets.items():
        values = {
            codes[item]: Values(
                **{
                    name: getattr(each, name)
                    for name in (*OWN_USED.get(rules[codes[item]], ()), "base")
                },
                reason="" if each.reason == "—" else each.reason,
            )
            for item, each in sheet.values.items()
        }
        waived = {codes[item]: text for item, text in sheet.not_applicable.items() if text != "—"}
        nodes = {
            codes[item]: tuple(node for node in each if node.milestone != "—")
            for item, each in sheet.nodes.items()
        }
        sheets[unit] = SheetPlan(
            values, waived, {item: each for item, each in nodes.items() if each}
        )
    return Plan("", found, sheets)


def effective(plan, unit):
    """What a unit is held against: each indicator by its name, with the unit's own values in it."""
    sheet = plan.sheet(unit)
    found = {}
    for each in plan.of_unit(unit):
        ends = ends_for(each, sheet.values.get(each.item, Values()))
        tree = indicator_tree(each)
        for name in ("item", "unit", "zero_at", "full_at", "target"):
            tree.pop(name, None)
        found[each.name] = (
            tree,
            ends,
            sheet.not_applicable.get(each.item, ""),
            sheet.nodes.get(each.item, ()),
        )
    return found


@settings(max_examples=30)
@given(plan=printed_plans())
def test_what_is_printed_as_word_reads_back_the_same_for_every_unit(plan, tmp_path_factory):
    with translation.override("zh-hans"):
        papers = [sheet_form(sheet_of(plan, unit, UNITS[unit])) for unit in plan.sheets]
        path = tmp_path_factory.mktemp("word") / "a.docx"
        path.write_bytes(write_form_docx(papers))
        file = WordReader(UNITS, {}, gettext).read(path)
        again = plan_of(plan_from_word(file, {}))

    assert [each.code for each in file.problems if each.code != "word-no-table"] == []
    for unit in plan.sheets:
        assert effective(again, unit) == effective(plan, unit)
