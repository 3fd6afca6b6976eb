"""Units over the API."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaohe.core.access import Role, Verb
from kaohe.demo.roster import credit_code
from kaohe.journal.models import JournalEntry
from kaohe.organization.models import PastGrade, Person, Tenure, Unit
from kaohe.organization.services import snapshots
from tests.fixtures.people import make_department, make_unit

CODE = credit_code(49458077, "370699")


@pytest.fixture
def head(person):
    return person(Role.OFFICE_HEAD)


@pytest.fixture
def office(head, calling):
    return calling(head)


def actions():
    return list(JournalEntry.objects.order_by("id").values_list("action", flat=True))


def in_post(school, name="李某某", post="principal", **fields):
    who = Person.objects.create(jurisdiction=school.jurisdiction, name=name)
    return Tenure.objects.create(
        jurisdiction=school.jurisdiction, person=who, unit=school, post=post, **fields
    )


def test_a_unit_is_entered_with_who_is_in_post(office, education):
    sent = {
        "department": education.pk,
        "name": " 示例市实验小学 ",
        "code": CODE,
        "category": "public_first",
        "plates": ["示例市少年宫"],
        "start_up": "120.50",
        "principal": {"name": "王某某", "from_on": "2024-03-01"},
    }

    answer = office.post("/units", sent)

    assert answer.status_code == 201
    told, row = answer.json(), Unit.objects.get()
    assert told["id"] == row.pk
    assert told["name"] == "示例市实验小学"
    assert told["code"] == CODE
    assert told["department"] == education.pk
    assert told["start_up"] == "120.5"
    assert told["plates"] == ["示例市少年宫"]
    assert told["jurisdiction"] == "370699"
    assert (told["staff"], told["closed_on"]) == (None, None)
    assert answer["Location"] == f"/api/v1/units/{row.pk}"
    assert actions() == ["unit.entered", "person.entered", "tenure.begun"]
    assert office.get(f"/units/{row.pk}").json() == told


def test_a_unit_is_entered_under_no_department_of_another_city(office, other_city):
    away = make_department(other_city, "外市某局")

    sent = {"department": away.pk, "name": "外市小学", "category": "public_first"}

    assert office.post("/units", sent).status_code == 404
    assert Unit.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("code", "12370699MB0000019X", "unit.code-unsound"),
        ("cert_to", "2019-03-05", "unit.certificate-ends-early"),
        ("name", "示例市第一中学", "unit.name-taken"),
    ],
)
def test_what_a_rule_refuses_is_a_problem_of_its_field(office, school, field, value, code):
    sent = {
        "department": school.department_id,
        "name": "示例市实验小学",
        "category": "public_first",
        "cert_from": "2024-03-05",
        field: value,
    }

    answer = office.post("/units", sent)

    assert answer.status_code in (409, 422)
    assert (answer.json()["code"], answer.json()["field"]) == (code, field)


def test_a_correction_changes_what_is_sent_and_nothing_else(office, school):
    where = f"/units/{school.pk}"
    told = office.patch(where, {"staff": 305, "group": "学校组"}, If_Match='"1"').json()

    assert (told["staff"], told["group"], told["version"]) == (305, "学校组", 2)
    assert office.patch(where, {"staff": 1}, If_Match='"1"').status_code == 412
    assert office.patch(where, {"staff": None}).json()["staff"] is None
    assert office.patch(where, {"category": None}).status_code == 422
    assert actions() == ["unit.corrected"] * 2


def test_names_are_set_and_shown_over_time(office, school):
    sent = {"short_name": "一中", "plates": ["示例市高级中学"], "on": "2026-03-01"}
    told = office.post(f"/units/{school.pk}/names", sent).json()
    office.post(f"/units/{school.pk}/names", {"on": "2026-03-05"})

    assert (told["short_name"], told["plates"]) == ("一中", ["示例市高级中学"])
    names = office.get(f"/units/{school.pk}/names").json()
    present, *past = [(each["name"], each["to_on"]) for each in names["names"]]
    assert present == ("示例市第一中学", None)
    assert sorted(past) == [("一中", "2026-03-04"), ("示例市高级中学", "2026-03-04")]
    assert names["affiliations"][0]["department_name"] == "市教育和体育局"
    assert (names["predecessors"], names["successors"]) == ([], [])


def test_grades_of_earlier_years_are_recorded_and_replaced_with_a_reason(office, school):
    where = f"/units/{school.pk}/grades"
    sent = {"year": 2024, "grade": "A", "document": "示考〔2025〕3号"}

    assert office.post(where, sent).json()["grade"] == "A"
    assert office.post(where, {**sent, "grade": "B"}).status_code == 409
    replaced = {**sent, "grade": "B", "replaces": True, "reason": "复核改正"}
    assert office.post(where, replaced).json()["grade"] == "B"
    PastGrade.objects.create(
        jurisdiction=school.jurisdiction, unit=school, year=2025, grade="A", document="x"
    )
    told = office.get(where).json()
    assert [(each["year"], each["grade"]) for each in told["grades"]] == [(2025, "A"), (2024, "B")]
    assert told["streak"] == {"grade": "A", "years": [2025]}


def test_remarks_say_what_is_strange_and_what_is_lacking(office, school):
    office.patch(f"/units/{school.pk}", {"posts_approved": 5, "posts_filled": 6})

    told = office.get(f"/units/{school.pk}/remarks").json()

    assert "register-posts-exceeded" in [each["code"] for each in told["remarks"]]
    assert told["missing"] == ["group", "funding_basis", "staff"]


def test_the_list_is_narrowed(office, city, education, health, school, hospital):
    Unit.objects.filter(pk=school.pk).update(
        category="public_first", group="学校组", cert_to="2026-12-31", posts_approved=1,
        posts_filled=2,
    )  # fmt: skip
    in_post(hospital)
    in_post(hospital, post="legal_representative")
    make_unit(city, education, "已撤单位", 5, closed_on="2020-01-01")

    def names(query):
        answer = office.get(f"/units?{query}")
        assert answer.status_code == 200, answer.content
        return [each["name"] for each in answer.json()["items"]]

    both = ["示例市人民医院", "示例市第一中学"]
    assert names("") == names("open=open") == both
    assert names("open=closed") == ["已撤单位"]
    assert len(names("open=all")) == 3
    assert names("q=中学") == names("category=public_first") == ["示例市第一中学"]
    assert names(f"q={school.code[-6:]}") == names(f"code={school.code}") == ["示例市第一中学"]
    assert names(f"department={health.pk}") == ["示例市人民医院"]
    assert names("group=学校组") == names("post=over") == ["示例市第一中学"]
    assert names("post=missing") == ["示例市第一中学"]
    assert names("certificate_month=2026-12") == ["示例市第一中学"]
    assert names("certificate=none") == ["示例市人民医院"]
    assert names("status=normal") == both
    found = office.get("/units?q=人民医院").json()["items"][0]
    assert found["principal"] == "李某某"
    assert found["department_name"] == "市卫生健康局"


def test_a_unit_sees_itself_and_no_other(person, calling, school, hospital):
    clerk = calling(person(Role.UNIT_CLERK, unit=school))

    assert [each["id"] for each in clerk.get("/units").json()["items"]] == [school.pk]
    assert clerk.get(f"/units/{school.pk}").status_code == 200
    assert clerk.get(f"/units/{hospital.pk}").status_code == 404
    assert clerk.get(f"/units/{hospital.pk}/record").status_code == 404


def test_the_record_of_a_unit_tells_who_did_what(office, head, school):
    office.patch(f"/units/{school.pk}", {"staff": 305, "purpose": "宗旨"})
    office.patch(f"/units/{school.pk}", {"staff": 306})

    told = office.get(f"/units/{school.pk}/record").json()["items"]

    assert [each["facts"] for each in told] == [{"staff": 306}, {"staff": 305}]
    assert [each["was"] for each in told] == [{"staff": 305}, {"staff": None}]
    assert told[1]["sealed"] == {"purpose": "宗旨"}
    assert (told[0]["who"], told[0]["role"]) == (head.name, "office_head")
    assert told[0]["entry"] == JournalEntry.objects.latest("id").entry


def test_who_may_read_the_record_needs_no_other_scope(person, calling, office, school):
    office.patch(f"/units/{school.pk}", {"staff": 305})
    reader = calling(person(Role.OFFICE_CHIEF), Verb.TRACE_READ)

    assert len(reader.get(f"/units/{school.pk}/record").json()["items"]) == 1
    assert reader.get(f"/units/{school.pk}").status_code == 403


def test_the_years_of_a_unit_show_what_has_changed_since(office, head, city, school):
    in_post(school)
    snapshots.take_snapshot(by=head, jurisdiction=city, year=2025, on=date(2025, 12, 31))
    office.patch(f"/units/{school.pk}", {"staff": 305})

    (year,) = office.get(f"/units/{school.pk}/snapshots").json()["items"]
    told = office.get(f"/units/{school.pk}/snapshots/2025/1").json()

    assert (year["year"], year["edition"], year["principal"]) == (2025, 1, "李某某")
    assert told["differences"] == [{"name": "staff", "then": None, "now": 305}]
    assert office.get(f"/units/{school.pk}/snapshots/2025/2").status_code == 404
    assert office.get(f"/units/{school.pk}/snapshots/99999/1").status_code == 404


@pytest.mark.parametrize("path", ["/units?limit=100", "/units/{key}/record?limit=100"])
def test_a_list_asks_the_same_number_of_questions_whatever_its_length(
    office, city, education, school, path
):
    def questions():
        with CaptureQueriesContext(connection) as asked:
            assert office.get(path.format(key=school.pk)).status_code == 200
        return len(asked)

    def fill(numbers):
        for number in numbers:
            row = make_unit(city, education, f"第{number}单位", 1000 + number)
            in_post(row, f"人员{number}")
            office.patch(f"/units/{school.pk}", {"staff": number})

    fill(range(3))
    questions()
    few = questions()
    fill(range(3, 60))

    assert questions() == few <= 9
