"""The desk and the overview: what waits, and how far the city is organised."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kaohe.core.access import Role
from kaohe.organization.models import Document, DocumentVersion
from kaohe.organization.queries.desk import desk_of
from kaohe.organization.queries.readiness import readiness
from tests.fixtures.people import make_unit


@pytest.fixture
def head(person):
    return person(Role.OFFICE_HEAD)


@pytest.fixture
def rules(city, head):
    """A version of the rules of work in a given state, drafted by the office head."""

    def make(state, **fields):
        document, _ = Document.objects.get_or_create(
            jurisdiction=city, sort="work_rules", title="事考委工作规则"
        )
        return DocumentVersion.objects.create(
            jurisdiction=city, document=document, number=1, state=state, drafted_by=head, **fields
        )

    return make


def test_an_empty_desk_says_what_will_stand_there(head, signed_in):
    page = signed_in(head).get("/").content.decode()

    assert "k-empty" in page


def test_what_was_returned_stands_with_its_reason(head, rules, city):
    rules("returned", return_reason="第三条与国务院条例不一致")

    found = desk_of(head, city, date(2026, 11, 25))

    assert [task.note for task in found.returned] == ["第三条与国务院条例不一致"]


def test_the_director_is_asked_to_review_but_never_what_they_drafted(person, rules, city):
    director = person(Role.COMMITTEE_DIRECTOR)
    version = rules("submitted")

    assert [task.deed for task in desk_of(director, city, date(2026, 11, 25)).tasks] == ["Review"]

    version.drafted_by = director
    version.save()

    assert desk_of(director, city, date(2026, 11, 25)).tasks == []


def test_certificates_that_ran_out_are_overdue_and_lead_to_their_list(
    head, signed_in, city, education
):
    today = timezone.localdate()
    make_unit(city, education, "一中", 1, cert_to=today - timedelta(days=40))
    make_unit(city, education, "二中", 2, cert_to=today + timedelta(days=10))

    page = signed_in(head).get("/").content.decode()

    assert "st-late" in page
    assert "?certificate=expired" in page
    assert "?certificate=near" in page


def test_a_department_sees_the_certificates_of_its_own_units_alone(
    person, city, education, hospital
):
    hospital.cert_to = date(2026, 1, 1)
    hospital.save()
    clerk = person(Role.DEPT_CLERK, department=education)

    assert desk_of(clerk, city, date(2026, 11, 25)).tasks == []


def test_the_desk_asks_the_same_number_of_questions_whatever_it_shows(
    head, signed_in, city, education
):
    client = signed_in(head)
    client.get("/")

    def questions():
        with CaptureQueriesContext(connection) as asked:
            client.get("/")
        return len(asked)

    for body in range(3):
        make_unit(city, education, f"校{body}", body, cert_to=date(2026, 1, 1 + body))
    few = questions()
    for body in range(3, 60):
        make_unit(city, education, f"校{body}", body, cert_to=date(2026, 1, 1 + body % 28))

    assert questions() == few
    assert few < 40


def test_stages_follow_from_what_is_there(city, education, rules):
    before = {stage.words: stage.state for stage in readiness(city, date(2026, 11, 25))}
    rules("issued")
    after = {stage.words: stage.state for stage in readiness(city, date(2026, 11, 25))}

    assert before["Rules of work"] == "todo"
    assert after["Rules of work"] == "done"
    assert before["Departments"] == "done"


@pytest.mark.parametrize("role", [Role.OFFICE_CLERK, Role.DEPT_HEAD, Role.UNIT_CLERK])
def test_the_overview_shows_to_each_what_they_may_see(
    person, signed_in, role, education, school, hospital
):
    user = person(role, department=education, unit=school)

    answer = signed_in(user).get("/organization/")

    assert answer.status_code == 200
    assert answer.context["found"].units["units"] == (2 if role is Role.OFFICE_CLERK else 1)


@pytest.mark.parametrize("role", [Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN])
def test_an_administrator_is_told_what_the_installation_wants(person, signed_in, role):
    person(username="idle")  # holds no role

    page = signed_in(person(role)).get("/").content.decode()

    assert "k-work" in page


def test_a_unit_finds_its_own_page_on_the_desk(person, signed_in, school):
    page = signed_in(person(Role.UNIT_CLERK, unit=school)).get("/").content.decode()

    assert f"/organization/units/{school.pk}" in page


@pytest.mark.parametrize("month", ["2026-12", "2026-13", "99999999999-1", "x", "−1-02"])
def test_a_month_that_is_none_finds_nothing(head, signed_in, city, education, month):
    make_unit(city, education, "一中", 1, cert_to=date(2026, 12, 5))

    page = signed_in(head).get("/organization/units/", {"certificate_month": month})

    assert page.status_code == 200
    assert len(page.context["table"].rows) == (1 if month == "2026-12" else 0)
