"""The installation, its jurisdictions and its jobs over the API."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kaohe import __version__
from kaohe.core.access import Role, Verb
from kaohe.jobs.models import Job
from kaohe.journal.models import JournalEntry
from kaohe.organization.models import Jurisdiction
from tests.fixtures.people import make_jurisdiction


@pytest.fixture
def keeper(person, calling):
    return calling(person(Role.SYS_ADMIN))


def test_the_state_of_the_installation_is_told(keeper):
    told = keeper.get("/system").json()

    assert told["version"] == __version__
    assert (told["missing_triggers"], told["pending_migrations"]) == ([], [])
    assert (told["backed_up_at"], told["worker_lives"]) == (None, False)
    assert told["database"] == connection.vendor


def test_a_jurisdiction_is_entered_below_another_and_corrected(keeper, city):
    answer = keeper.post("/jurisdictions", {"code": "370602", "name": "示例区", "parent": "370699"})
    where = answer["Location"].removeprefix("/api/v1")

    row = Jurisdiction.objects.get(code="370602")
    assert answer.json()["parent"] == "370699"
    assert row.path == f"{city.pk}/{row.pk}/"
    assert keeper.patch(where, {"support": "0535-1"}, If_Match='"1"').json()["parent"] == "370699"
    assert keeper.patch(where, {"support": "0535-2"}, If_Match='"1"').status_code == 412
    assert keeper.patch(where, {"parent": ""}).json()["parent"] is None
    assert keeper.get(where).json()["name"] == "示例区"
    assert [entry.action for entry in JournalEntry.objects.order_by("id")] == [
        "jurisdiction.entered",
        "jurisdiction.corrected",
        "jurisdiction.corrected",
    ]


def test_a_jurisdiction_that_will_not_do_is_refused(keeper, city):
    assert keeper.post("/jurisdictions", {"code": "370699", "name": "又"}).status_code == 409
    assert keeper.post("/jurisdictions", {"code": "37", "name": "短"}).status_code == 422
    sent = {"code": "370602", "name": "区", "parent": "999999"}
    assert keeper.post("/jurisdictions", sent).status_code == 404
    below = keeper.post("/jurisdictions", {"code": "370602", "name": "区", "parent": "370699"})
    assert below.status_code == 201
    assert keeper.patch(f"/jurisdictions/{city.pk}", {"parent": "370602"}).status_code == 422


def test_a_token_of_one_city_keeps_to_it(person, calling, city, other_city):
    keeper = calling(person(Role.SYS_ADMIN), confined_to=city)

    assert [each["code"] for each in keeper.get("/jurisdictions").json()["items"]] == ["370699"]
    assert keeper.patch(f"/jurisdictions/{other_city.pk}", {"name": "甲"}).status_code == 404
    assert keeper.post("/jurisdictions", {"code": "370602", "name": "区"}).status_code == 403
    sent = {"code": "370602", "name": "区", "parent": "370698"}
    assert keeper.post("/jurisdictions", sent).status_code == 404
    assert keeper.patch(f"/jurisdictions/{city.pk}", {"parent": ""}).status_code == 403


def test_jurisdictions_are_for_who_keeps_the_system(person, calling):
    office = calling(person(Role.OFFICE_HEAD))

    for where in ("/jurisdictions", "/system", "/system/log", "/security-policy", "/users"):
        assert office.get(where).status_code == 403


def make_job(user, city, **fields):
    return Job.objects.create(kind="import", jurisdiction=city, requested_by=user, **fields)


def test_a_job_is_followed_until_it_has_ended(person, calling, city):
    user = person(Role.OFFICE_HEAD)
    office = calling(user)
    row = make_job(user, city)
    where = f"/jobs/{row.pk}"
    assert office.get(where).json()["state"] == "queued"

    found = office.get(where)
    assert office.get(where, If_None_Match=found["ETag"]).status_code == 304
    now = timezone.now()
    outcome = {"sentence": "{count} units", "facts": {"count": 5}}
    Job.objects.filter(pk=row.pk).update(state="done", outcome=outcome, ended_at=now, done=5)
    told = office.get(where, If_None_Match=found["ETag"]).json()
    assert (told["state"], told["done"], told["outcome"]) == ("done", 5, "5 units")
    assert told["ended_at"].endswith("Z")


def test_the_jobs_of_others_are_for_who_may_read_them(person, calling, city, other_city):
    user = person(Role.OFFICE_HEAD)
    mine, others = make_job(user, city), make_job(person(), other_city, state="failed")
    office, admin = calling(user), person(Role.SYS_ADMIN)

    def ids(program, query=""):
        return {each["id"] for each in program.get(f"/jobs?{query}").json()["items"]}

    assert ids(office) == ids(office, "whose=all") == {str(mine.pk)}
    assert office.get(f"/jobs/{others.pk}").status_code == 404
    assert ids(calling(admin)) == set()
    assert ids(calling(admin), "whose=all") == {str(mine.pk), str(others.pk)}
    assert ids(calling(admin), "whose=all&state=failed") == {str(others.pk)}
    assert ids(calling(admin, Verb.SYSTEM_READ), "whose=all") == set()
    assert calling(admin, Verb.SYSTEM_READ).get(f"/jobs/{others.pk}").status_code == 404


def test_jobs_come_in_parts(person, calling, city):
    user = person(Role.OFFICE_HEAD)
    office = calling(user)
    made = {str(make_job(user, city).pk) for _ in range(7)}

    found, where = [], "/jobs?limit=3"
    while where:
        told = office.get(where).json()
        found += [each["id"] for each in told["items"]]
        where = told["next"] and f"/jobs?limit=3&cursor={told['next']}"
    assert len(found) == 7
    assert set(found) == made


@pytest.mark.parametrize("where", ["/jobs?whose=all&limit=200", "/jurisdictions?limit=200"])
def test_a_list_asks_the_same_number_of_questions_whatever_its_length(keeper, person, city, where):
    def questions():
        with CaptureQueriesContext(connection) as asked:
            found = keeper.get(where)
        return len(asked), len(found.json()["items"])

    def more(count):
        for _ in range(count):
            code = str(500_000 + Jurisdiction.objects.count())
            make_job(person(), make_jurisdiction(code, code, parent=city))

    more(3)
    questions()
    few, some = questions()
    more(57)
    many, all_ = questions()

    assert many == few <= 8
    assert all_ == some + 57
