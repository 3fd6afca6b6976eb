"""The check-up of a version with what its year knows: units, other schemes, earlier years."""

from dataclasses import replace
from datetime import date
from time import perf_counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaohe.core.access import Role
from kaohe.core.checkup import CHECKS, Finding
from kaohe.core.checkup_plan import check_plan
from kaohe.core.indicator_trees import digest_of, tree_of
from kaohe.core.indicators import Plan, SheetPlan
from kaohe.core.part_path import Sort
from kaohe.core.past import Past, PastValue
from kaohe.core.quantities import TICK
from kaohe.indicators.models import AssessmentYear, Part, Participant, PartVersion
from kaohe.indicators.queries import checkup
from kaohe.indicators.queries.checkup import checked, checked_in, findings_of
from kaohe.indicators.queries.checkup_words import finding_in_words
from kaohe.indicators.queries.libraries import seed_template
from kaohe.indicators.queries.remembered import Remembered
from kaohe.indicators.services import parts
from kaohe.locale import translator
from kaohe.organization.models import Unit
from tests.core.checkup_cases import CASES
from tests.fixtures.database import record_unlocked
from tests.fixtures.indicators import common_plan, school_plan
from tests.worlds import credit_code

pytestmark = pytest.mark.django_db


def codes(version):
    return [each.check for each in findings_of(version)]


def rewritten(version, plan):
    """The version with another plan, as if it had been edited."""
    version.content = tree_of(plan)
    version.digest = digest_of(version.content)
    with record_unlocked():
        version.save()
    return version


def test_a_sound_scheme_has_no_finding(draft, template):
    assert findings_of(draft) == []
    assert checked(draft) == {"error": 0, "warning": 0, "note": 0}


def test_a_template_is_checked_as_one(template, office_clerk):
    assert {CHECKS[each].severity for each in codes(template)} <= {"note"}
    rewritten(template, Plan("", common_plan().indicators[:1]))
    assert codes(template)[0] == "template-sum"


def test_settings_have_checks_of_their_own(year, city):
    part = Part.objects.create(jurisdiction=city, assessment_year=year, sort=Sort.SETTINGS)
    assert findings_of(PartVersion(part=part, content={"toml": ""})) == []


def test_a_unit_that_joined_the_department_needs_a_sheet(draft, template, year, education):
    Participant.objects.create(
        jurisdiction=year.jurisdiction,
        assessment_year=year,
        unit=Unit.objects.create(
            jurisdiction=year.jurisdiction,
            department=education,
            code=credit_code(77),
            name="莱州市第二实验小学",
        ),
        department=education,
        code=credit_code(77),
        name="莱州市第二实验小学",
        department_name=education.name,
    )
    (finding,) = findings_of(draft)
    assert (finding.check, finding.unit) == ("unit-without-sheet", credit_code(77))


def test_a_unit_that_moved_is_found_by_the_register(draft, template, school, health):
    school.department = health
    school.save()
    assert codes(draft) == ["sheet-elsewhere"]


def test_a_unit_that_was_closed_is_found_by_the_register(draft, template, school):
    school.closed_on = date(2026, 3, 1)
    school.save()
    assert codes(draft) == ["sheet-gone"]


def test_a_unit_that_the_register_does_not_know_is_looked_up_in_the_year(draft, template, year):
    Participant.objects.filter(assessment_year=year).update(unit=None)
    assert findings_of(draft) == []


def test_a_code_of_another_departments_scheme_names_that_department(
    draft, template, year, health, person
):
    clerk = person(Role.DEPT_CLERK, department=health)
    parts.begin_part(
        by=clerk,
        year=year,
        sort=Sort.DEPARTMENT,
        department=health,
        content=tree_of(Plan("", school_plan().indicators[:1])),
    )
    (finding,) = findings_of(draft)
    assert finding.check == "item-elsewhere"
    assert finding.facts["department"] == health.name
    assert "item-elsewhere" not in codes(template)


def test_a_code_of_the_common_template_is_taken(draft, template):
    first, *rest = school_plan().indicators
    plan = Plan(
        "", (replace(first, item="R01"), *rest), {each: SheetPlan() for each in sheets(draft)}
    )
    assert "item-common" in codes(rewritten(draft, plan))


def sheets(version):
    return version.content["sheets"]


def test_earlier_years_are_looked_at(draft, template, school, monkeypatch):
    name = "教学常规检查合格率"
    value = PastValue(2025, "X", name, 15 * TICK, 96 * TICK, 95 * TICK, 15 * TICK)
    past = Past((2025,), {(school.code, name): [value]})
    monkeypatch.setattr(checkup, "past_of", lambda *_given: past)
    (finding,) = findings_of(draft)
    assert finding.check == "target-below-last"
    assert finding.path == f"sheets/{school.code}/J01/full_at"


def earlier(year, education, dept_clerk, plan):
    """The scheme of the year before, in force."""
    before = AssessmentYear.objects.create(
        jurisdiction=year.jurisdiction,
        year=2025,
        title="2025年度事业单位绩效考核",
        state="archived",
        freeze_on=date(2025, 3, 31),
        cut_off_on=date(2025, 9, 30),
        opened_by=dept_clerk,
    )
    part = Part.objects.create(
        jurisdiction=year.jurisdiction,
        assessment_year=before,
        sort=Sort.DEPARTMENT,
        department=education,
    )
    tree = tree_of(plan)
    return PartVersion.objects.create(
        jurisdiction=year.jurisdiction,
        part=part,
        number=1,
        state="archived",
        content=tree,
        digest=digest_of(tree),
        drafted_by=dept_clerk,
    )


def test_the_share_of_latent_achievements_is_held_against_last_years_scheme(
    draft, template, year, education, dept_clerk, school
):
    latent = tuple(replace(each, visibility="latent") for each in school_plan().indicators)
    earlier(year, education, dept_clerk, Plan("", latent, {school.code: SheetPlan()}))
    (finding,) = findings_of(draft)
    assert finding.check == "latent-falling"
    assert finding.facts["before"] == "100"


def test_a_year_that_marked_nothing_says_nothing_of_visibility(
    draft, template, year, education, dept_clerk, school
):
    bare = tuple(replace(each, visibility="") for each in school_plan().indicators)
    earlier(year, education, dept_clerk, Plan("", bare, {school.code: SheetPlan()}))
    assert findings_of(draft) == []


def test_what_was_taken_from_contents_is_remembered_by_digest(draft, template, monkeypatch):
    known = Remembered(2)
    monkeypatch.setattr(checkup, "_taken", lambda _take: known)
    rows = PartVersion.objects.filter(pk=draft.pk)
    codes_of_draft = frozenset(each["item"] for each in draft.content["indicators"])
    found = checkup._of_contents(rows, ("number", "state"), checkup._codes)
    assert found == [((1, "draft"), codes_of_draft)]
    monkeypatch.setattr(checkup, "_codes", None)  # nothing is opened a second time
    assert checkup._of_contents(rows, ("number", "state"), checkup._codes) == found


def test_what_was_found_is_remembered_until_plan_or_year_change(
    draft, template, school, monkeypatch
):
    monkeypatch.setattr(checkup, "_found", Remembered(8))
    times = []

    def counting(plan, context):
        times.append(context)
        return check_plan(plan, context)

    monkeypatch.setattr(checkup, "check_plan", counting)
    assert findings_of(draft) == findings_of(draft) == []
    assert len(times) == 1
    school.closed_on = date(2026, 3, 1)
    school.save()
    assert codes(draft) == ["sheet-gone"]
    rewritten(draft, Plan("", school_plan().indicators[:1], {school.code: SheetPlan()}))
    assert "points-sum" in codes(draft)
    assert len(times) == 3


def test_no_more_is_remembered_than_fits(draft, template, monkeypatch):
    found = Remembered(1)
    found.keep(("department", "x"), (None, []))
    monkeypatch.setattr(checkup, "_found", found)
    findings_of(draft)
    assert found.get(("department", "x")) is None
    assert found.get(("department", draft.digest)) is not None


def test_a_list_of_versions_is_checked_with_the_queries_of_one(
    draft, template, year, health, city, dept_clerk
):
    part = Part.objects.create(
        jurisdiction=city, assessment_year=year, sort=Sort.DEPARTMENT, department=health
    )
    tree = tree_of(Plan("", school_plan().indicators[:1]))
    other = PartVersion.objects.create(
        jurisdiction=city,
        part=part,
        number=1,
        content=tree,
        digest=digest_of(tree),
        drafted_by=dept_clerk,
    )
    rows = [draft, template, other]
    checked_in(rows)
    with CaptureQueriesContext(connection) as one:
        alone = checked(draft)
    with CaptureQueriesContext(connection) as all_of_them:
        found = checked_in(rows)
    assert len(all_of_them) == len(one)
    assert found[draft.pk] == alone
    assert found[other.pk]["error"] == 1
    assert checked_in([]) == {}


def many_units(version, year, education, number):
    """A scheme for ``number`` units with an indicator of its own each."""
    *common, own = school_plan().indicators
    units = {credit_code(100 + each): f"莱州市第{each}小学" for each in range(number)}
    mine = [
        replace(own, item=f"K{place:03d}", unit=unit, definition=digest_of(name))
        for place, (unit, name) in enumerate(units.items())
    ]
    rows = Unit.objects.bulk_create(
        Unit(jurisdiction=year.jurisdiction, department=education, code=unit, name=name)
        for unit, name in units.items()
    )
    Participant.objects.filter(assessment_year=year).delete()
    Participant.objects.bulk_create(
        Participant(
            jurisdiction=year.jurisdiction,
            assessment_year=year,
            unit=row,
            department=education,
            code=row.code,
            name=row.name,
            department_name=education.name,
        )
        for row in rows
    )
    plan = Plan("", (*common, *mine), {unit: SheetPlan() for unit in units})
    return rewritten(version, plan)


def test_forty_units_ask_no_more_of_the_database_than_three(draft, template, year, education):
    asked = []
    for number in (3, 40):
        version = many_units(draft, year, education, number)
        findings_of(version)
        with CaptureQueriesContext(connection) as queries:
            assert findings_of(version) == []
        asked.append(len(queries))
        Participant.objects.filter(assessment_year=year).delete()
        Unit.objects.filter(name__endswith="小学", name__startswith="莱州市第").delete()
    assert asked[0] == asked[1] <= 10


def test_a_scheme_of_forty_units_is_checked_at_once(draft, template, year, education):
    large = many_units(draft, year, education, 40)
    findings_of(large)
    times = []
    for _attempt in range(5):
        begun = perf_counter()
        findings_of(large)
        times.append(perf_counter() - begun)
    assert min(times) < 0.2  # 0.05 on a machine that does nothing else


def test_every_finding_is_said_in_chinese():
    translate = translator("zh")
    for code, (case, _near) in CASES.items():
        finding = next(each for each in check_plan(case.plan, case.context) if each.check == code)
        said = finding_in_words(finding, translate)
        for text in (said.sentence, said.remedy, said.severity_words):
            assert text != finding_in_words(finding, str).sentence
            assert "{" not in text
            assert any("\u4e00" <= sign <= "\u9fff" for sign in text)
        assert said.path == case.path


def test_codes_in_facts_are_put_into_words():
    facts = {"item": "J01", "rule": "ratio_up", "column": "target"}
    said = finding_in_words(Finding("rule-needs", facts=facts), translator("zh"))
    assert said.sentence == "“J01”的计分规则为“按目标完成率计分，越高越好”，缺少目标值"
    facts = {"item": "J01", "component": "common"}
    said = finding_in_words(Finding("component-wrong", facts=facts), translator("zh"))
    assert said.sentence == "“J01”属于共性指标，不应列在此处"


def test_the_seed_template_can_be_begun_with(year, office_clerk):
    version = parts.begin_part(
        by=office_clerk, year=year, sort=Sort.TEMPLATE, content=tree_of(seed_template())
    )
    assert findings_of(version) == []
