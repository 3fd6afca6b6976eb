"""Many rows in one request: all of them or none, and everything that is wrong at once."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaohe.core.access import Role
from kaohe.demo.roster import credit_code
from kaohe.journal.models import JournalEntry, Pending
from kaohe.organization.models import (
    Affiliation,
    Department,
    DepartmentName,
    Person,
    Succession,
    Tenure,
    Unit,
    UnitName,
)
from tests.fixtures.people import make_department, make_unit


@pytest.fixture
def office(person, calling):
    return calling(person(Role.OFFICE_HEAD))


def code(number):
    return credit_code(10_000_000 + number, "370699")


def unit(department, number=1, **more):
    return {
        "department": department.pk,
        "name": f"示例市第{number}小学",
        "code": code(number),
        "category": "public_first",
        **more,
    }


def faults(answer, status=422):
    """Where the values stand that cannot be taken, each with its code."""
    assert answer.status_code == status, answer.content
    told = answer.json()
    assert told["code"] == "api.rows-unsound"
    assert told["facts"]["count"] == len(told["errors"])
    assert all(each["what"] and each["how"] for each in told["errors"])
    return [(each["where"], each["code"]) for each in told["errors"]]


def test_units_come_with_all_that_begins_with_them(office, education, health):
    full = unit(
        education,
        short_name="一小",
        plates=["示例市少年宫"],
        former_names=["示例县一小"],
        staff=40,
        start_up="120.5",
        cert_to="2029-03-05",
        opened_on="1998-09-01",
        document="编〔1998〕9号",
        principal={"name": "王某某", "title": "校长", "from_on": "2021-08-20"},
        legal_representative={"name": "王某某"},
    )

    answer = office.post("/units:batch", {"rows": [full, unit(health, 2, code="")]})

    assert answer.status_code == 201
    first, second = Unit.objects.order_by("pk")
    assert answer.json() == {"count": 2, "ids": [first.pk, second.pk]}
    assert (first.staff, str(first.start_up), first.cert_to) == (40, "120.5000", date(2029, 3, 5))
    assert (second.code, second.department) == (None, health)
    named = [(each.kind, each.name) for each in first.names.order_by("id")]
    assert named == [
        ("name", "示例市第1小学"),
        ("name", "示例县一小"),
        ("short", "一小"),
        ("plate", "示例市少年宫"),
    ]
    assert first.affiliations.get().from_on == date(1998, 9, 1)
    assert Person.objects.get().name == "王某某"  # one name in two posts
    assert Tenure.objects.count() == 2
    told = list(JournalEntry.objects.order_by("id").values_list("action", flat=True))
    assert told == [
        "unit.entered", "person.entered", "tenure.begun", "tenure.begun", "unit.entered",
    ]  # fmt: skip
    assert Pending.objects.count() == len(told)
    assert office.get(f"/units/{first.pk}").json()["plates"] == ["示例市少年宫"]


def test_everything_that_is_wrong_with_any_row_is_told_at_once(office, city, education):
    make_unit(city, education, "示例市第7小学", 10_000_007)
    rows = [
        unit(education, 1),
        unit(education, 2, name="示例市第1小学"),
        unit(education, 3, code=code(1)),
        unit(education, 4, code="12370699MB0000019X"),
        unit(education, 5, cert_from="2026-03-05", cert_to="2025-03-05"),
        unit(education, 6, category="kitchen", staff="40", colour="red"),
        unit(education, 7),
        {},
        {**unit(education, 8), "department": 999_999},
        unit(education, 9, plates=[f"牌子{n}" for n in range(16)], former_names=["旧名"] * 16),
        5,
    ]

    found = faults(office.post("/units:batch", {"rows": rows}))

    assert found == [
        ("/rows/1/name", "bulk.stands-twice"),
        ("/rows/2/code", "bulk.stands-twice"),
        ("/rows/3/code", "unit.code-unsound"),
        ("/rows/4/cert_to", "unit.certificate-ends-early"),
        ("/rows/5/category", "not-a-choice"),
        ("/rows/5/staff", "not-whole"),
        ("/rows/5/colour", "unknown"),
        ("/rows/6/code", "unit.code-taken"),
        ("/rows/6/name", "unit.name-taken"),
        ("/rows/7/category", "missing"),
        ("/rows/7/department", "missing"),
        ("/rows/7/name", "missing"),
        ("/rows/8/department", "bulk.department-out-of-reach"),
        ("/rows/9/plates", "unit.too-many-names"),
        ("/rows/10", "not-an-object"),
    ]
    assert Unit.objects.count() == 1
    assert JournalEntry.objects.count() == 0


def test_a_code_of_another_city_or_of_the_past_is_not_free(office, city, other_city, education):
    away = make_unit(other_city, make_department(other_city, "外市某局"), "外市小学", 1)
    Unit.objects.filter(pk=away.pk).update(code=code(1))
    old = make_unit(city, education, "示例市老校", 99)
    Succession.objects.create(
        jurisdiction=city, unit=old, predecessor=old, kind="continuation", year=2020,
        on=date(2020, 1, 1), code=old.code, predecessor_code=code(2),
    )  # fmt: skip

    found = faults(office.post("/units:batch", {"rows": [unit(education, n) for n in (1, 2)]}))

    assert found == [
        ("/rows/0/code", "unit.code-taken-elsewhere"),
        ("/rows/1/code", "unit.code-taken"),
    ]


def test_the_name_of_a_closed_unit_and_a_former_name_are_free(office, city, education):
    make_unit(city, education, "示例市第1小学", 5, closed_on="2020-01-01")
    renamed = make_unit(city, education, "示例市新校", 6)
    UnitName.objects.create(unit=renamed, kind="name", name="示例市第2小学", folded="示例市第2小学")

    answer = office.post("/units:batch", {"rows": [unit(education, n) for n in (1, 2)]})

    assert answer.status_code == 201


def test_a_clerk_enters_units_of_their_departments_only(person, calling, education, health):
    clerk = calling(person(Role.OFFICE_CLERK, charge=[education]))

    assert clerk.post("/units:batch", {"rows": [unit(education)]}).status_code == 201
    found = faults(clerk.post("/units:batch", {"rows": [unit(education, 2), unit(health, 3)]}))
    assert found == [("/rows/1/department", "bulk.department-out-of-reach")]
    assert clerk.post("/units:batch", {"rows": [unit(health, 3)]}).status_code == 404
    assert Unit.objects.count() == 1


@pytest.mark.parametrize("rows", [[], None, {}, "x", [{}] * 10_001])
def test_a_list_that_is_none_or_too_long_is_refused(office, rows):
    answer = office.post("/units:batch", {"rows": rows})

    assert (answer.status_code, answer.json()["code"]) == (422, "api.fields-unsound")


def test_rows_sent_again_with_their_key_are_not_entered_again(office, education):
    sent = {"rows": [unit(education, n) for n in range(1, 4)]}
    first = office.post("/units:batch", sent, Idempotency_Key="register 2026")
    second = office.post("/units:batch", sent, Idempotency_Key="register 2026")

    assert second.content == first.content
    assert second["Idempotent-Replayed"] == "true"
    assert Unit.objects.count() == 3


def test_many_rows_take_as_many_questions_as_few(office, education):
    def questions(numbers):
        rows = [unit(education, n, principal={"name": f"人员{n}"}) for n in numbers]
        with CaptureQueriesContext(connection) as asked:
            assert office.post("/units:batch", {"rows": rows}).status_code == 201
        return len(asked)

    questions([1])
    few, many = questions(range(200, 400)), questions(range(400, 900))

    assert many <= few + 3  # lookups name 500 values at once
    assert few < 60
    assert Unit.objects.count() == Affiliation.objects.count() == 701


def test_people_come_with_their_posts(office, city, education, school):
    rows = [
        {"name": "王某某", "phone": "0535-1", "note": "备注"},
        {"name": "李某某", "unit": school.pk, "post": "principal", "from_on": "2024-03-01"},
        {"name": "赵某某", "department": education.pk, "post": "contact", "title": "科长"},
    ]

    answer = office.post("/people:batch", {"rows": rows})

    assert answer.status_code == 201
    people = list(Person.objects.order_by("pk"))
    assert [each.name for each in people] == ["王某某", "李某某", "赵某某"]
    assert answer.json()["ids"] == [each.pk for each in people]
    held = [(each.person_id, each.unit_id, each.department_id) for each in Tenure.objects.all()]
    assert set(held) == {(people[1].pk, school.pk, None), (people[2].pk, None, education.pk)}


def test_what_is_wrong_with_people_is_told_at_once(office, city, other_city, education, school):
    holder = Person.objects.create(jurisdiction=city, name="现任")
    Tenure.objects.create(
        jurisdiction=city, person=holder, unit=school, post="principal", from_on="2020-01-01"
    )
    closed = make_unit(city, education, "已撤单位", 5, closed_on="2020-01-01")
    away = make_department(other_city, "外市某局")
    post = {"post": "principal", "from_on": "2026-03-01"}
    rows = [
        {"name": ""},
        {"name": "甲", "unit": school.pk, **post},
        {"name": "乙", "unit": closed.pk, **post},
        {"name": "丙", "department": away.pk, **post},
        {"name": "丁", "department": education.pk, **post},
        {"name": "戊", "department": education.pk, **post},
        {"name": "己", "unit": school.pk},
        {"name": "庚", "post": "deputy"},
        {"name": "辛", "unit": school.pk, "department": education.pk, "post": "deputy"},
    ]

    found = faults(office.post("/people:batch", {"rows": rows}))

    assert found == [
        ("/rows/0/name", "too-short"),
        ("/rows/1/from_on", "tenure.post-held"),
        ("/rows/2/from_on", "tenure.place-closed"),
        ("/rows/3/department", "bulk.place-out-of-reach"),
        ("/rows/5/from_on", "tenure.post-held"),
        ("/rows/6", "not-fitting"),
        ("/rows/7", "not-fitting"),
        ("/rows/8", "not-fitting"),
    ]
    assert Person.objects.count() == 1


def test_a_post_that_is_free_again_may_be_given(office, city, school):
    gone = Person.objects.create(jurisdiction=city, name="前任")
    Tenure.objects.create(
        jurisdiction=city, person=gone, unit=school, post="principal", to_on="2024-02-29"
    )
    row = {"name": "甲", "unit": school.pk, "post": "principal", "from_on": "2024-03-01"}

    assert office.post("/people:batch", {"rows": [row]}).status_code == 201


def test_a_clerk_enters_people_of_their_units_only(person, calling, education, school, hospital):
    clerk = calling(person(Role.OFFICE_CLERK, charge=[education]))
    inside = {"name": "甲", "unit": school.pk, "post": "deputy"}
    outside = {"name": "乙", "unit": hospital.pk, "post": "deputy"}

    assert clerk.post("/people:batch", {"rows": [inside]}).status_code == 201
    found = faults(clerk.post("/people:batch", {"rows": [inside, outside, {"name": "丙"}]}))
    assert found == [
        ("/rows/1/unit", "bulk.place-out-of-reach"),
        ("/rows/2/unit", "bulk.person-without-place"),
    ]
    assert clerk.post("/people:batch", {"rows": [outside]}).status_code == 404


def test_departments_come_with_their_first_name(office, city, education):
    rows = [
        {"name": "市水务局", "opened_on": "2019-01-01", "document": "编〔2019〕1号"},
        {"name": "市林业局", "in_charge": False},
    ]

    answer = office.post("/departments:batch", {"rows": rows})

    assert answer.status_code == 201
    first, second = Department.objects.exclude(pk=education.pk).order_by("pk")
    assert answer.json()["ids"] == [first.pk, second.pk]
    assert (second.in_charge, second.opened_on) == (False, None)
    name = DepartmentName.objects.get(department=first)
    assert (name.name, name.from_on, name.document) == (
        "市水务局",
        date(2019, 1, 1),
        "编〔2019〕1号",
    )


def test_what_is_wrong_with_departments_is_told_at_once(office, education):
    rows = [
        {"name": "市教育和体育局"},
        {"name": "市水务局"},
        {"name": " 市水务局 "},
        {"name": "市林业局", "member_part": "kitchen"},
    ]

    found = faults(office.post("/departments:batch", {"rows": rows}))

    assert found == [
        ("/rows/0/name", "department.name-taken"),
        ("/rows/2/name", "bulk.stands-twice"),
        ("/rows/3/member_part", "not-a-choice"),
    ]
    assert Department.objects.count() == 1


def test_rare_characters_and_reasons_pass_unharmed(office, education):
    row = unit(education, name="𠀀䶮实验学校", purpose="宗旨" * 2500)

    key = office.post("/units:batch", {"rows": [row]}).json()["ids"][0]

    told = office.get(f"/units/{key}").json()
    assert (told["name"], len(told["purpose"])) == ("𠀀䶮实验学校", 5000)
