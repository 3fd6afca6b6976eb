"""Papers of sheets and targets: what is printed as Word reads back the same; PDF in one piece."""

import io
import zipfile

import pytest
from django.utils import translation
from django.utils.translation import gettext
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.core.indicator_trees import indicator_tree, plan_of, sheet_tree
from kaohe.core.indicators import Indicator, Plan, SheetPlan, Values, ends_for
from kaohe.core.plan_edits import OWN_USED, USED
from kaohe.core.quantities import TICK
from kaohe.core.rows import EventKind, Step
from kaohe.core.tables import RULES
from kaohe.documents.sheet_paper_docx import write_form_docx
from kaohe.indicators.models import AssessmentYear, Participant, Sheet
from kaohe.indicators.papers.files import Wanted, archive_of, papers_wanted
from kaohe.indicators.papers.sheets import printed_sheet, rule_text, sheet_form, sheet_paper
from kaohe.indicators.papers.targets import targets_paper
from kaohe.indicators.reading.rule_phrases import read_rule
from kaohe.indicators.reading.word_plan import plan_from_word
from kaohe.indicators.reading.word_sheets import WordReader
from kaohe.indicators.reading.word_units import UnitNames
from tests.fixtures.indicators import SPRING
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
    for name in ("visibility", "period", "judge", "tag"):
        fields[name] = getattr(indicator, name)
    fields["aspect"] = "" if indicator.aspect == "—" else indicator.aspect
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
        file = WordReader(UnitNames.by_name(UNITS), {}, gettext).read(path)
        again = plan_of(plan_from_word(file, {}))

    assert [each.code for each in file.problems if each.code != "word-no-table"] == []
    for unit in plan.sheets:
        assert effective(again, unit) == effective(plan, unit)


@pytest.fixture
def chinese():
    """Texts in Chinese, as papers are."""
    with translation.override("zh-hans"):
        yield


def test_the_common_part_of_a_sheet_is_printed_and_left_out_when_it_is_read(
    chinese, scheme, school, tmp_path
):
    paper = sheet_paper(scheme.sheets.get())
    path = tmp_path / "a.docx"
    path.write_bytes(write_form_docx(paper))

    file = WordReader(UnitNames.by_name({school.code: school.name}), {}, gettext).read(path)

    assert [each.heading for each in paper.tables] == [
        "一、共性指标（登记管理日常监管台账）",
        "一、共性指标（机构编制日常管理台账）",
        "二、个性指标",
        "三、指标说明",
    ]
    assert [each.code for each in file.problems] == ["word-common-left"]
    assert len(file.rows) == 8


def test_a_printed_sheet_brought_into_its_own_draft_changes_nothing(
    chinese, scheme, school, tmp_path
):
    path = tmp_path / "a.docx"
    path.write_bytes(write_form_docx(sheet_paper(scheme.sheets.get())))

    file = WordReader(UnitNames.by_name({school.code: school.name}), {}, gettext).read(path)
    tree = plan_from_word(file, scheme.content)

    assert effective(plan_of(tree), school.code) == effective(plan_of(scheme.content), school.code)
    assert [each["item"] for each in tree["indicators"]] == [
        each["item"] for each in scheme.content["indicators"]
    ]


def test_an_english_print_has_no_chinese_but_what_was_typed_and_says_what_it_is_for(scheme, school):
    with translation.override("en"):
        paper = sheet_paper(scheme.sheets.get())
        pdf = printed_sheet(paper)

    typed = str(scheme.sheets.get().content)
    own = [table for table in paper.tables if table.heading == "II. Individual indicators"]
    heads = [column.head for table in paper.tables for column in table.columns]
    words = {row[place] for table in own for row in table.rows for place in (1, 3)}
    assert pdf.startswith(b"%PDF")
    assert paper.draft == "(English print; only a Chinese one is read back in)"
    assert [each for each in heads + [label for label, _ in paper.facts] if "(" in each] == []
    assert words <= {
        "main business",
        "economic and social benefit",
        "management and operation",
        "visible",
        "latent",
        "",
    }
    assert "主体业务开展" in typed


def test_aspect_judge_and_nature_are_printed_where_an_indicator_has_them(chinese):
    indicator = Indicator("J01", "办结率", points=TICK, aspect="服务", judge="system", tag="seed")
    plan = Plan("", (indicator,), {next(iter(UNITS)): SheetPlan()})

    paper = sheet_form(sheet_of(plan, next(iter(UNITS)), "单位"))

    found = [table for table in paper.tables if table.heading == "指标的考核方面与评判方式"]
    assert [table.rows for table in found] == [(("J01", "服务", "系统数据", "模式原文"),)]


def test_the_same_sheet_gives_the_same_pdf(chinese, scheme):
    paper = sheet_paper(scheme.sheets.get())

    assert printed_sheet(paper) == printed_sheet(paper)


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_told_in_a_sentence_that_reads_back(chinese, rule):
    indicator = Indicator(
        "J01",
        rule=rule,
        zero_at=80 * TICK,
        full_at=95 * TICK,
        target=100 * TICK,
        minimum=60 * TICK,
        steps=(Step(90 * TICK, 100 * TICK), Step(80 * TICK, 50 * TICK))
        if rule == "steps_up"
        else (Step(1 * TICK, 100 * TICK), Step(3 * TICK, 50 * TICK)),
        kinds=(EventKind("逾期", TICK, 4 * TICK), EventKind("未办", 2 * TICK)),
        late_per_day=5 * TICK,
        direction="down",
        trim=True,
    )
    tree = indicator_tree(indicator)

    found = read_rule(rule_text(indicator), "10", "", gettext)

    assert found.is_ours
    assert found.fields.pop("rule") == rule
    assert found.fields == {name: tree[name] for name in USED[rule]}


def test_targets_are_printed_with_what_was_declared_and_what_was_finalised(
    chinese, reviewed, school
):
    paper = targets_paper(reviewed)
    (table,) = [each for each in paper.tables if each.heading == "年度目标"]

    assert paper.title == f"{school.name}2026年度目标审定表"
    assert paper.draft == "（已审核，待审定）"
    assert [column.head for column in table.columns[-2:]] == ["单位申报", "审核目标"]
    assert table.rows[0][-2:] == ("80～95", "80～95")
    assert printed_sheet(paper).startswith(b"%PDF-")


def test_many_papers_make_one_archive(chinese, declared, dept_clerk, year, school):
    wanted = papers_wanted(dept_clerk, year, Wanted("targets", "docx", None))
    told = []
    made = archive_of(wanted, "docx", lambda *at: told.append(at))

    assert (made.papers, made.refused, told[-1][:2]) == (1, [], (1, 1))
    names = zipfile.ZipFile(io.BytesIO(made.data)).namelist()
    assert names == [f"{school.name}2026年度目标审定表.docx"]


def test_what_cannot_be_printed_is_named_in_the_archive(chinese, scheme, dept_clerk, year):
    sheets = papers_wanted(dept_clerk, year, Wanted("sheets", "pdf", scheme.part.department_id))
    sheets[0].participant.department_name = "\U0010abcd局"
    made = archive_of(sheets, "pdf", lambda *at: None)

    assert (made.papers, len(made.refused)) == (0, 1)
    assert zipfile.ZipFile(io.BytesIO(made.data)).namelist() == ["未生成.txt"]
