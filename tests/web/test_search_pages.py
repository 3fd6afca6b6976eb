"""The search page: everything that a person may see, and nothing else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaohe.core.access import Role
from kaohe.core.texts import fold
from kaohe.organization.models import Document, DocumentVersion, Person, UnitName
from kaohe.organization.services import people
from tests.fixtures.people import make_department, make_unit


@pytest.fixture
def head(person):
    return person(Role.OFFICE_HEAD)


def found(client, query):
    return client.get("/search", {"q": query}).content.decode()


def test_each_kind_is_found(head, signed_in, city, school):
    client = signed_in(head)
    UnitName.objects.create(
        unit=school, kind="name", name="莱县师范学校", folded=fold("莱县师范学校")
    )
    people.appoint(by=head, place=school, post="deputy", name="䶮某某")
    rules = Document.objects.create(jurisdiction=city, sort="work_rules", title="工作规则")
    DocumentVersion.objects.create(
        jurisdiction=city, document=rules, number=1, state="draft", drafted_by=head
    )

    assert "莱县师范学校" in found(client, "师范")
    assert f"/organization/units/{school.pk}" in found(client, school.code)
    assert f"/organization/people/{Person.objects.get().pk}" in found(client, "䶮")
    assert f"/organization/departments/{school.department_id}" in found(client, "教育和体育")
    assert f"/organization/documents/{rules.pk}" in found(client, "工作规则")


def test_a_draft_is_found_by_reviewers_only(head, person, signed_in, city, school):
    rules = Document.objects.create(jurisdiction=city, sort="work_rules", title="工作规则")
    version = DocumentVersion.objects.create(
        jurisdiction=city, document=rules, number=1, state="draft", drafted_by=head
    )
    client = signed_in(person(Role.UNIT_HEAD, unit=school))

    before = found(client, "工作规则")
    version.state, version.document_number = "issued", "示考〔2026〕1号"
    version.issued_on = "2026-03-05"
    version.save()

    assert "h-documents" not in before
    assert "示考〔2026〕1号" in found(client, "〔2026〕1号")


def test_nothing_outside_the_reach_is_found(person, signed_in, other_city, school, hospital, head):
    foreign = make_unit(
        other_city, make_department(other_city, "邻市教育局"), "邻市第一中学", 49458014
    )
    people.appoint(by=head, place=hospital, post="deputy", name="赵某某")
    client = signed_in(person(Role.UNIT_HEAD, unit=school))

    assert foreign.name not in found(client, "第一中学")
    assert school.name in found(client, "第一中学")
    assert hospital.name not in found(client, "人民医院")
    assert "赵某某" not in found(client, "赵某某").replace("“赵某某”", "").replace(
        'value="赵某某"', ""
    )


def test_an_administrator_finds_no_business_object(person, signed_in, school):
    client = signed_in(person(Role.AUDIT_ADMIN, jurisdiction=None))

    answer = client.get("/search", {"q": school.name})

    assert f"/organization/units/{school.pk}" not in answer.content.decode()


@pytest.mark.parametrize("query", ["", " \u202e ", "%", "_", "'; --", "a" * 5000, "\x00"])
def test_whatever_is_asked_gets_a_page(head, signed_in, school, query):
    assert signed_in(head).get("/search", {"q": query}).status_code == 200


def test_the_number_of_queries_does_not_depend_on_what_is_found(
    head, signed_in, city, education, school
):
    client = signed_in(head)
    people.appoint(by=head, place=school, post="deputy", name="小学人")

    def queries():
        with CaptureQueriesContext(connection) as asked:
            client.get("/search", {"q": "学"})
        return len(asked)

    queries()
    few = queries()
    for number in range(30):
        row = make_unit(city, education, f"示例市第{number}小学", 49460000 + number)
        people.appoint(by=head, place=row, post="deputy", name=f"小学人{number}")

    assert queries() == few
