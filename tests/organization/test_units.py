"""The register of units: entered, corrected, named; grades of earlier years."""

from datetime import date
from functools import partial

import pytest

from kaohe.core.access import Role
from kaohe.demo.roster import credit_code
from kaohe.journal.models import JournalEntry
from kaohe.journal.queries import entries_of, tell
from kaohe.organization.models import Succession, Tenure, Unit
from kaohe.organization.queries.access import RoleMissing
from kaohe.organization.queries.units import grades_of, streak_of, trace_of, worth_a_look
from kaohe.organization.services import history, snapshots, units
from kaohe.organization.services.departments import close_department
from kaohe.organization.services.people import InPost
from kaohe.organization.services.units_refusals import (
    CertificateEndsEarly,
    CodeInUse,
    CodeTaken,
    CodeTakenElsewhere,
    CodeUnsound,
    DepartmentNotHere,
    GradeThere,
    GradeUnfounded,
    NameTooEarly,
    TooManyNames,
    UnitNameTaken,
    YearNotPast,
)
from kaohe.organization.services.writing import Changed
from tests.fixtures.people import make_department, make_unit

CODE = credit_code(49458077, "370699")


@pytest.fixture
def clerk(person):
    return person(Role.OFFICE_HEAD)


@pytest.fixture
def entered(clerk, city, education):
    """``enter_unit`` with everything in order; a test names only what it is about."""
    return partial(
        units.enter_unit,
        by=clerk,
        jurisdiction=city,
        department=education,
        name="示例市实验小学",
        code=CODE,
    )


def actions():
    return list(JournalEntry.objects.order_by("id").values_list("action", flat=True))


def test_a_unit_comes_with_its_names_its_department_and_its_people(entered, education):
    row = entered(
        short_name="实小",
        plates=["示例市少年宫", "示例市少年宫 "],
        former_names=["示例县实验小学"],
        opened_on=date(1998, 9, 1),
        document="示编〔1998〕3号",
        staff=120,
        posts=[
            InPost("principal", "陈某某", "校长", date(2022, 8, 15)),
            InPost("legal_representative", "陈某某", from_on=date(2022, 8, 15)),
            InPost("contact", ""),
        ],
    )

    said = sorted((each.kind, each.name, each.from_on) for each in row.names.all())
    assert said == [
        ("name", "示例县实验小学", None),
        ("name", "示例市实验小学", date(1998, 9, 1)),
        ("plate", "示例市少年宫", date(1998, 9, 1)),
        ("short", "实小", date(1998, 9, 1)),
    ]
    [affiliation] = row.affiliations.all()
    assert (affiliation.department, affiliation.from_on) == (education, date(1998, 9, 1))
    assert {t.person.name for t in Tenure.objects.filter(unit=row)} == {"陈某某"}
    assert actions() == ["unit.entered", "person.entered", "tenure.begun", "tenure.begun"]
    [told] = tell(entries_of([row.subject]))
    assert told.unit == CODE
    assert told.facts["plates"] == ["示例市少年宫"]
    assert told.facts["former_names"] == ["示例县实验小学"]
    assert told.facts["document"] == "示编〔1998〕3号"


def test_a_wrong_code_is_refused_with_what_was_probably_meant(entered):
    with pytest.raises(CodeUnsound, match=CODE):
        entered(code=CODE.replace("0", "O", 1))

    assert Unit.objects.count() == 0
    assert JournalEntry.objects.count() == 0


def test_a_code_is_kept_as_it_is_written_on_the_certificate(entered):
    row = entered(code=f" {CODE.lower()}　")

    assert row.code == CODE


def test_a_code_belongs_to_one_unit(entered):
    entered()

    with pytest.raises(CodeTaken, match="示例市实验小学"):
        entered(name="示例市第二小学")


def test_the_refusal_does_not_name_a_unit_of_another_city(entered, other_city):
    department = make_department(other_city, "邻市教育局")
    other = make_unit(other_city, department, "邻市一小", 49458014)

    with pytest.raises(CodeTakenElsewhere) as refusal:
        entered(code=other.code)

    assert "邻市一小" not in str(refusal.value)


def test_a_former_code_is_not_given_again(entered, school, city):
    Succession.objects.create(
        jurisdiction=city,
        unit=school,
        predecessor=school,
        kind="continuation",
        year=2025,
        on=date(2025, 3, 1),
        code=school.code,
        predecessor_code=CODE,
    )

    with pytest.raises(CodeTaken, match=school.name):
        entered()


def test_two_open_units_may_not_bear_one_name_however_it_is_written(entered):
    entered(name="示例市实验小学（东校区）")

    with pytest.raises(UnitNameTaken):
        entered(name="示例市 实验小学(东校区)", code=None)


def test_a_name_of_a_closed_unit_is_free(entered, school):
    Unit.objects.filter(pk=school.pk).update(closed_on=date(2025, 1, 1))

    assert entered(name=school.name).pk


def test_a_unit_needs_an_open_department_of_its_city(entered, clerk, health, other_city):
    close_department(by=clerk, department=health, seen=1, on=date(2026, 1, 1), reason="机构改革")
    health.refresh_from_db()

    with pytest.raises(DepartmentNotHere):
        entered(department=health)
    with pytest.raises(DepartmentNotHere):
        entered(department=make_department(other_city, "邻市教育局"))


def test_a_certificate_does_not_end_before_it_begins(entered):
    with pytest.raises(CertificateEndsEarly):
        entered(cert_from=date(2026, 4, 1), cert_to=date(2026, 3, 31))


def test_rare_characters_and_apostrophes_pass_and_unseen_marks_do_not(entered):
    row = entered(name="示例市\u202e䶮𠀀's学校", posts=[InPost("principal", "𠮷·O'Neil")])

    assert row.name == "示例市䶮𠀀's学校"
    assert row.tenures.get().person.name == "𠮷·O'Neil"


def test_a_correction_says_what_holds_and_what_held(entered, clerk):
    row = entered(staff=100)

    units.correct_unit(by=clerk, unit=row, seen=1, staff=105, purpose="实施小学教育\n" * 300)

    told = next(iter(tell(entries_of([row.subject]))))
    assert (told.action, told.facts["staff"], told.was["staff"]) == ("unit.corrected", 105, 100)
    assert "purpose" in told.sealed
    assert told.unit == CODE


def test_a_correction_touches_neither_the_name_nor_the_department(entered, clerk, health):
    row = entered()

    units.correct_unit(by=clerk, unit=row, seen=1, name="别的名称", department_id=health.pk)

    row.refresh_from_db()
    assert (row.name, row.department.name) == ("示例市实验小学", "市教育和体育局")
    assert actions() == ["unit.entered"]


def test_a_code_may_be_given_later_and_mended_until_a_snapshot_names_it(entered, clerk, city):
    row = entered(code=None)
    wrong = credit_code(277779, "370699")

    row = units.correct_unit(by=clerk, unit=row, seen=1, code=wrong)
    row = units.correct_unit(by=clerk, unit=row, seen=2, code=CODE)
    snapshots.take_snapshot(by=clerk, jurisdiction=city, year=2025, on=date(2025, 12, 31))

    with pytest.raises(CodeInUse, match=CODE):
        units.correct_unit(by=clerk, unit=row, seen=3, code=wrong)


def test_who_saw_an_older_version_is_told(entered, clerk):
    row = entered()
    units.correct_unit(by=clerk, unit=row, seen=1, staff=1)

    with pytest.raises(Changed):
        units.correct_unit(by=clerk, unit=row, seen=1, staff=2)


def test_plates_left_out_end_on_the_day_before_and_new_ones_begin(entered, clerk):
    row = entered(short_name="实小", plates=["甲牌", "乙牌"], opened_on=date(2020, 1, 1))

    units.set_names(
        by=clerk,
        unit=row,
        seen=1,
        short_name="实验小学",
        plates=["乙牌", "丙牌"],
        former_names=[],
        on=date(2026, 3, 1),
        document="示编〔2026〕9号",
    )

    said = {(n.name, n.from_on, n.to_on) for n in row.names.exclude(kind="name")}
    assert said == {
        ("实小", date(2020, 1, 1), date(2026, 2, 28)),
        ("实验小学", date(2026, 3, 1), None),
        ("甲牌", date(2020, 1, 1), date(2026, 2, 28)),
        ("乙牌", date(2020, 1, 1), None),
        ("丙牌", date(2026, 3, 1), None),
    }
    told = next(iter(tell(entries_of([row.subject]))))
    assert told.action == "unit.names-set"
    assert (told.was["plates"], told.facts["plates"]) == (["乙牌", "甲牌"], ["丙牌", "乙牌"])


def test_a_plate_does_not_end_before_it_begins(entered, clerk):
    row = entered(plates=["甲牌"], opened_on=date(2020, 1, 1))

    with pytest.raises(NameTooEarly):
        units.set_names(
            by=clerk,
            unit=row,
            seen=1,
            short_name="",
            plates=[],
            former_names=[],
            on=date(2020, 1, 1),
        )


def test_the_same_names_again_are_not_an_entry(entered, clerk):
    row = entered(short_name="实小", former_names=["老名"])

    units.set_names(
        by=clerk,
        unit=row,
        seen=1,
        short_name="实小",
        plates=[],
        former_names=["老名"],
        on=date(2026, 3, 1),
    )

    assert actions() == ["unit.entered"]


def test_so_many_plates_cannot_be_right(entered):
    with pytest.raises(TooManyNames):
        entered(plates=[f"牌子{n}" for n in range(31)])


@pytest.mark.parametrize(
    "role", [Role.DEPT_CLERK, Role.UNIT_HEAD, Role.LEDGER_KEEPER, Role.SYS_ADMIN]
)
def test_others_may_not_write(person, education, school, role):
    user = person(role, department=education, unit=school)

    with pytest.raises(RoleMissing):
        units.correct_unit(by=user, unit=school, seen=1, staff=1)
    with pytest.raises(RoleMissing):
        history.record_past_grade(by=user, unit=school, year=2025, grade="A", document="文")


def test_a_clerk_enters_units_of_the_departments_in_charge_only(entered, person, education, health):
    clerk = person(Role.OFFICE_CLERK, charge=[education])

    assert entered(by=clerk).pk
    with pytest.raises(RoleMissing):
        entered(by=clerk, department=health, name="示例市医院", code=None)


def test_not_in_another_city(entered, person, other_city):
    with pytest.raises(RoleMissing):
        entered(by=person(Role.OFFICE_HEAD, jurisdiction=other_city))


@pytest.fixture
def graded(clerk, school):
    return partial(history.record_past_grade, by=clerk, unit=school, grade="A", document="示考1号")


def test_a_year_has_one_grade_and_another_needs_a_reason(graded, school):
    graded(year=2025)

    with pytest.raises(GradeThere, match="A of 2025"):
        graded(year=2025, grade="B")
    with pytest.raises(GradeUnfounded):
        graded(year=2025, grade="B", replaces=True)


def test_a_replaced_grade_stays_in_the_record(graded, school):
    graded(year=2025)

    graded(year=2025, grade="B", replaces=True, reason="文件录入有误", document="示考2号")

    last, first = tell(entries_of([school.subject]))
    assert (first.action, first.facts["grade"]) == ("unit.past-grade-recorded", "A")
    assert (last.action, last.was["grade"], last.facts["grade"]) == (
        "unit.past-grade-replaced",
        "A",
        "B",
    )
    assert last.sealed == {"reason": "文件录入有误"}
    assert [row.grade for row in school.past_grades.all()] == ["B"]


@pytest.mark.parametrize("year", [1999, 2199])
def test_a_grade_is_of_an_earlier_year(graded, year):
    with pytest.raises(YearNotPast):
        graded(year=year)


def test_a_run_of_years_goes_on_through_a_continuation(graded, school, hospital, city, clerk):
    for year in (2022, 2023):
        graded(unit=hospital, year=year)
    graded(year=2024)
    graded(unit=hospital, year=2024, grade="C")  # after the change: not this unit's any more
    Succession.objects.create(
        jurisdiction=city,
        unit=school,
        predecessor=hospital,
        kind="continuation",
        year=2024,
        on=date(2024, 2, 1),
    )

    found = grades_of(school)

    assert [(row.year, row.grade) for row in found] == [(2024, "A"), (2023, "A"), (2022, "A")]
    assert streak_of(found).years == (2024, 2023, 2022)


def test_a_year_without_a_grade_breaks_a_run_of_a(graded, school):
    graded(year=2023)
    graded(year=2024, grade="none")
    graded(year=2025)

    assert streak_of(grades_of(school)).years == (2025,)


def test_more_posts_filled_than_approved_is_worth_a_look(entered, clerk):
    row = entered(posts_approved=3, posts_filled=4, category="public_first")

    assert [problem.code for problem in worth_a_look(row)] == ["register-posts-exceeded"]


def test_the_record_of_a_unit_holds_what_was_done_under_a_former_code(entered, clerk, city):
    row = entered()
    new = credit_code(277779, "370699")
    Succession.objects.create(
        jurisdiction=city,
        unit=row,
        predecessor=row,
        kind="continuation",
        year=2026,
        on=date(2026, 1, 5),
        code=new,
        predecessor_code=CODE,
    )
    Unit.objects.filter(pk=row.pk).update(code=new)
    row.refresh_from_db()

    assert [entry.action for entry in trace_of(row)] == ["unit.entered"]
