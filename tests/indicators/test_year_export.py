"""A year as a folder: what the engine accepts, and what is in the way of it."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from kaohe.core.indicator_trees import digest_of, plan_of, tree_of
from kaohe.core.part_path import Sort
from kaohe.core.scheme import Scheme
from kaohe.core.scheme_toml import scheme_toml
from kaohe.folder.manifest import scheme_digest
from kaohe.indicators.models import Participant, PartVersion, Sheet
from kaohe.indicators.queries.year_export import export_of, write_export, zip_of
from kaohe.indicators.services import issuing, parts
from kaohe.inquiry.assess import Wanted, assess_folder
from kaohe.journal.models import JournalEntry
from kaohe.organization.models import PastGrade, Person, Succession, Tenure
from tests.fixtures.database import record_unlocked
from tests.fixtures.folders import as_year, write_year
from tests.fixtures.indicators import common_plan, school_plan
from tests.fixtures.people import make_unit
from tests.worlds import worlds

WEIGHTS = {"common": 200_000, "individual": 600_000, "social": 200_000}


@pytest.fixture
def director(person):
    from kaohe.core.access import Role

    return person(Role.COMMITTEE_DIRECTOR)


@pytest.fixture
def issued_settings(year, office_clerk, office_head, director):
    """The settings of the year, approved by the committee's director and issued."""

    def make(**given):
        scheme = Scheme(2026, "370699", WEIGHTS, "2026年度考核方案", **given)
        content = {"toml": scheme_toml(scheme)}
        version = parts.begin_part(by=office_clerk, year=year, sort=Sort.SETTINGS, content=content)
        parts.submit_part(by=office_clerk, version=version, seen=None)
        parts.approve_part(by=director, version=version, seen=None)
        return issuing.issue_part(by=office_head, version=version, seen=None)

    return make


@pytest.fixture
def ready(issued_settings, scheme, files):
    """The year with settings, template and the school's scheme in force."""
    return issued_settings().part.assessment_year


def codes(problems):
    return [problem.code for problem in problems]


def test_the_folder_after_the_story_assesses_and_its_digest_is_that_of_the_record(ready, tmp_path):
    export = export_of(ready)

    assert export.obstacles == []
    write_export(export, tmp_path / "folder")
    assess_folder(tmp_path / "folder", tmp_path / "out", Wanted(documents=False))
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    issued = [
        json.loads(entry.leaf)["facts"]
        for entry in JournalEntry.objects.filter(action="part.issued")
    ]
    assert [facts["scheme_digest"] for facts in issued if facts.get("scheme_digest")] == [
        manifest["scheme"]
    ]


def test_it_has_the_unit_its_items_and_the_department_as_the_year_calls_them(ready, school):
    inputs = export_of(ready).inputs

    (unit,) = inputs.units
    assert (unit.unit, unit.name, unit.group) == (school.code, school.name, "教育组")
    assert (unit.department, unit.category, unit.staff) == ("市教育和体育局", "公益一类", 80)
    assert {item.item for item in inputs.items if item.department is None} == {"R01", "E01"}
    assert {item.department for item in inputs.items if item.component == "individual"} == {
        "市教育和体育局"
    }


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_in_every_form_the_engine_reads_it(ready, tmp_path, form):
    from kaohe.folder.zipped import unpack

    archive = tmp_path / "year.zip"
    archive.write_bytes(zip_of(export_of(ready), form))
    (tmp_path / "folder").mkdir()
    unpack(archive, tmp_path / "folder")

    done = assess_folder(tmp_path / "folder", tmp_path / "out", Wanted(documents=False))

    assert sum(done.grades.values()) == 1


def test_nothing_issued_is_all_in_the_way(year, files):
    export = export_of(year)

    assert codes(export.obstacles) == ["export-no-settings", "export-no-sheet"]
    assert not export.is_ready()
    assert not export.is_ready(draft=True)


def test_a_unit_without_a_sheet_is_named_until_it_is_exempt(ready, city, education):
    other = make_unit(city, education, "示例市第二中学", 49458013)
    row = Participant.objects.create(
        jurisdiction=city,
        assessment_year=ready,
        unit=other,
        department=education,
        group=ready.groups.get(),
        code=other.code,
        name=other.name,
        department_name=education.name,
    )

    (obstacle,) = export_of(ready).obstacles
    row.status = "exempt"
    row.save()

    assert obstacle.code == "export-no-sheet"
    assert obstacle.facts["name"] == "示例市第二中学"
    assert export_of(ready).obstacles == []


def test_a_unit_without_a_group_is_named(ready):
    Participant.objects.update(group=None)

    assert codes(export_of(ready).obstacles) == ["export-no-group"]


def test_settings_of_another_year_are_in_the_way(ready):
    version = PartVersion.objects.get(part__sort="settings")
    version.content = {"toml": version.content["toml"].replace("year = 2026", "year = 2025")}
    with record_unlocked():
        version.save()

    assert codes(export_of(ready).obstacles) == ["export-settings-elsewhere"]


def test_settings_with_a_group_that_no_unit_has_are_told_by_the_engines_own_check(
    issued_settings, scheme, files
):
    export = export_of(issued_settings(weights_by_group={"没有的组": WEIGHTS}).part.assessment_year)

    assert codes(export.obstacles) == ["group-without-units"]


def test_tiers_by_hand_come_later_and_are_only_told(issued_settings, scheme, files):
    policy = replace(Scheme(2026, "370699", WEIGHTS).tier_policy, assign="manual")

    export = export_of(issued_settings(tier_policy=policy).part.assessment_year)

    assert export.obstacles == []
    assert "tier-row-missing" in codes(export.warnings)


def test_sheets_behind_a_new_template_are_in_the_way(
    ready, office_clerk, office_chief, template, issued, school
):
    plan = common_plan()
    first = replace(plan.indicators[0], name="登记事项变更及时")
    version = parts.draft_next_version(
        by=office_clerk,
        part=template.part,
        change_note="改名",
        content=tree_of(replace(plan, indicators=(first, plan.indicators[1]))),
    )
    issued(version, office_clerk, office_chief)
    renamed = export_of(ready)
    gone = tree_of(replace(plan, indicators=(replace(first, item="R09"), plan.indicators[1])))
    version = parts.draft_next_version(
        by=office_clerk, part=template.part, change_note="换号", content=gone
    )
    issued(version, office_clerk, office_chief)

    assert renamed.obstacles == []  # the sheets still agree among themselves
    (obstacle,) = export_of(ready).obstacles
    assert obstacle.code == "export-sheet-behind"
    assert obstacle.facts["unit"] == school.code


def test_a_draft_is_exported_when_it_is_asked_for(
    issued_settings, draft, year, template, school, files
):
    year = issued_settings().part.assessment_year

    plain, wanted = export_of(year), export_of(year, draft=True)

    assert codes(plain.obstacles) == ["export-no-sheet"]
    assert wanted.obstacles == []
    assert wanted.is_ready(draft=True)
    assert len(wanted.inputs.items) == 10


def test_grades_of_the_register_come_under_the_codes_of_their_years(ready, school, city, education):
    gone = make_unit(city, education, "示例市老中学", 49458014, closed_on=date(2024, 6, 1))
    Succession.objects.create(
        jurisdiction=city,
        unit=school,
        predecessor=school,
        kind="continuation",
        year=2025,
        on="2025-03-01",
        code=school.code,
        predecessor_code=gone.code[:17] + "X",
    )
    Succession.objects.create(
        jurisdiction=city,
        unit=school,
        predecessor=gone,
        kind="merger",
        year=2024,
        on="2024-06-01",
        code="",
        predecessor_code=gone.code,
    )
    for unit, year, grade in ((school, 2024, "A"), (school, 2025, "B"), (gone, 2023, "C")):
        PastGrade.objects.create(
            jurisdiction=city, unit=unit, year=year, grade=grade, document="文1"
        )
    PastGrade.objects.create(jurisdiction=city, unit=school, year=2026, grade="A")

    inputs = export_of(ready).inputs

    old = gone.code[:17] + "X"
    assert {(row.unit, row.year, row.grade) for row in inputs.history} == {
        (old, 2024, "A"),
        (school.code, 2025, "B"),
        (gone.code, 2023, "C"),
    }
    assert {tuple(row) for row in inputs.successions} == {
        (school.code, old, 2025, "continuation"),
        (school.code, gone.code, 2024, "merger"),
    }


def test_where_the_register_is_silent_the_results_of_imported_years_speak(
    ready, tmp_path, office_clerk, city
):
    from tests.folder.mini_folder import CLINIC, MUSEUM, SCHOOL

    as_year(write_year(tmp_path / "x"), office_clerk, city)

    history = {row.unit: row.grade for row in export_of(ready).inputs.history}

    assert set(history) == {SCHOOL, CLINIC, MUSEUM} | set(history)
    assert history[MUSEUM] == "none"


def test_people_in_the_two_posts_come_with_their_days_and_those_without_are_told(
    ready, school, city
):
    def hold(name, post, from_on, to_on=None):
        who = Person.objects.create(jurisdiction=city, name=name)
        Tenure.objects.create(
            jurisdiction=city, person=who, unit=school, post=post, from_on=from_on, to_on=to_on
        )

    hold("张三", "principal", date(2020, 1, 1), date(2025, 12, 31))
    hold("李𠀀", "principal", date(2026, 1, 1))
    hold("王五", "legal_representative", None)
    hold("赵六", "contact", date(2020, 1, 1))
    hold("后来", "principal", date(2027, 1, 1))

    export = export_of(ready)

    assert [(row.person, row.from_on.year) for row in export.inputs.tenures] == [
        ("张三", 2020),
        ("李𠀀", 2026),
    ]
    (told,) = (each for each in export.warnings if each.code == "export-tenure-undated")
    assert told.facts["person"] == "王五"


def test_a_department_of_two_names_in_the_year_has_its_present_one(ready, city, education):
    other = make_unit(city, education, "示例市第二中学", 49458013)
    Participant.objects.create(
        jurisdiction=city,
        assessment_year=ready,
        unit=other,
        department=education,
        group=ready.groups.get(),
        code=other.code,
        name=other.name,
        department_name="市教育局",
        status="exempt",
    )

    export = export_of(ready)

    assert {unit.department for unit in export.inputs.units} == {"市教育和体育局"}
    assert export.obstacles == []


def bare(tree):
    """A plan without what is for people alone: what the folder has columns for."""
    keep = set(tree_of(school_plan())["indicators"][0]) - {
        *("visibility", "measure", "source", "definition", "evidence", "period"),
    }
    keep |= {"kinds", "aspect", "component", "minimum", "target", "zero_at", "full_at"}
    return digest_of(
        [{name: each[name] for name in sorted(each) if name in keep} for each in tree["indicators"]]
    )


def test_what_was_planned_here_comes_back_from_its_folder(
    ready, tmp_path, office_clerk, city, school
):
    write_export(export_of(ready), tmp_path / "folder")
    sheet = Sheet.objects.get().content
    versions = {row.part.sort: row.content for row in PartVersion.objects.all()}
    forget(ready)

    again = as_year(tmp_path / "folder", office_clerk, city)

    assert again.participants.get().unit == school
    back = Sheet.objects.get().content
    assert bare(back) == bare(sheet)
    assert back["sheet"] == sheet["sheet"]
    for version in PartVersion.objects.select_related("part"):
        was = versions[version.part.sort]
        if version.part.sort == "settings":
            assert version.content == was
        else:
            assert bare(version.content) == bare(was)
            assert set(plan_of(version.content).sheets) == set(plan_of(was).sheets)


def forget(year):
    """Takes a year away, as no service ever does."""
    with record_unlocked():
        Sheet.objects.all().delete()
        for row in PartVersion.objects.all():
            row.marks.all().delete()
            row.delete()
        year.parts.all().delete()
        year.participants.all().delete()
        year.groups.all().delete()
        year.steps.all().delete()
        year.delete()


def same(rows):
    return sorted(rows, key=str)


@settings(
    max_examples=12,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a year is too slow to be shrunk
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(worlds(units=5), st.booleans())
def test_a_folder_that_became_a_year_goes_out_as_it_came(
    tmp_path_factory, office_clerk, city, files, world, known
):
    from django.db import transaction

    from kaohe.organization.models import Department

    assume(world.scheme.year > 1910)  # the years before it are written, too
    scheme, inputs = replace(world.scheme, jurisdiction=city.code), world.inputs
    folder = tmp_path_factory.mktemp("world")
    from kaohe.folder.author import write_folder

    write_folder(inputs, scheme_toml(scheme), folder)
    with transaction.atomic():
        for name in {unit.department for unit in inputs.units} if known else ():
            Department.objects.create(jurisdiction=city, name=name)
        export = export_of(as_year(folder, office_clerk, city))
        transaction.set_rollback(True)

    assert export.obstacles == []
    assert scheme_digest(scheme) == scheme_digest(scheme_of(export))
    back = export.inputs
    for table in ("units", "items", "not_applicable", "history", "successions", "tenures"):
        assert same(getattr(back, table)) == same(getattr(inputs, table)), table
    assert same(back.targets) == same(row for row in inputs.targets if set(row[2:]) != {None})
    assert same(back.milestones) == same(row._replace(done_on=None) for row in inputs.milestones)


def scheme_of(export):
    from kaohe.core.scheme_text import read_scheme

    scheme, problems = read_scheme(export.scheme_text)
    assert problems == []
    return scheme
