"""``kaohe demo``: the demonstration city, whole or not at all, loaded once, for every role."""

import json
import os
import signal
from time import monotonic

import pytest

from kaohe.core.access import Role
from tests.cli.installations import below, poll

COUNTS = """
import json
from kaohe.journal.models import JournalEntry
from kaohe.organization.models import *
city = Jurisdiction.objects.filter(code="370699").first()
print(json.dumps({
    "units": Unit.objects.filter(jurisdiction=city).count() if city else 0,
    "open": Unit.objects.filter(jurisdiction=city, closed_on=None).count() if city else 0,
    "elsewhere": Unit.objects.exclude(jurisdiction=city).count(),
    "became": sorted(set(Succession.objects.values_list("kind", flat=True))),
    "grades": PastGrade.objects.count(),
    "years": sorted(set(UnitYear.objects.values_list("year", flat=True))),
    "states": sorted(DocumentVersion.objects.values_list("state", flat=True)),
    "sittings": sorted(Sitting.objects.values_list("state", flat=True)),
    "roles": sorted(RoleAssignment.objects.values_list("role", flat=True)),
    "entries": JournalEntry.objects.count(),
    "unrecorded": [str(row) for model in (Unit, Person, Tenure, Department, Seat, Document, User)
                   for row in model.objects.all()
                   if not JournalEntry.objects.filter(subject=row.subject).exists()],
}))
"""
INDICATORS = """
import json
from kaohe.indicators.models import *
from kaohe.indicators.queries.checkup import findings_of
from kaohe.indicators.queries.past_years import past_of, results_of
from kaohe.journal.models import JournalEntry
from kaohe.organization.models import PastGrade
now = AssessmentYear.objects.get(state="open")
past = list(AssessmentYear.objects.filter(state="archived"))
parts = PartVersion.objects.filter(part__assessment_year=now)
disagree = [
    str(row)
    for year in past
    for result in results_of(year).results
    for row in PastGrade.objects.filter(unit__code=result.unit, year=year.year)
    if row.grade != result.grade
]
print(json.dumps({
    "years": [row.year - now.year for row in past],
    "units": now.participants.count(),
    "statuses": sorted(now.participants.exclude(status="graded").values_list("status", flat=True)),
    "sheets": Sheet.objects.filter(participant__assessment_year=now, state="issued").count(),
    "parts": sorted(set(parts.values_list("state", flat=True))),
    "schemes": parts.filter(part__sort="department", state="issued").count(),
    "without_unit": now.participants.filter(unit=None).count(),
    "errors": [each.check for row in parts for each in findings_of(row)
               if each.severity == "error"],
    "past": len(past_of(now.jurisdiction, now.year).by_unit),
    "disagree": disagree,
    "marks": Mark.objects.count(),
    "unrecorded": [str(row) for model in (AssessmentYear, Group, Participant, PartVersion, Sheet)
                   for row in model.objects.all()
                   if not JournalEntry.objects.filter(subject=row.subject).exists()],
}))
"""
SAME_PEOPLE = """
from kaohe.organization.models import *
def name(username):
    return User.objects.get(username=username).name
seats = Seat.objects.filter(committee__jurisdiction__code="370699", to_on=None)
posts = Tenure.objects.filter(unit__jurisdiction__code="370699", to_on=None)
assert name("zhuren") == seats.get(seat="director").person.name
assert name("weiyuan") in seats.filter(seat="member").values_list("person__name", flat=True)
of_education = seats.get(department__name="示例市教育和体育局")
assert name("jiaotiju") == of_education.person.name
assert name("yizhong") == posts.get(unit__name="示例市第一中学", post="principal").person.name
assert name("yiyuan") == posts.get(unit__name="示例市人民医院", post="contact").person.name
print("same")
"""
SIGN_IN = """
import json
from django.conf import settings
from django.contrib.auth import authenticate
from kaohe.organization.models import User
for row in json.loads((settings.HOME / "demo-accounts.json").read_text("utf-8")):
    user = User.objects.get(username=row["username"])
    assert user.check_password(row["password"]), row
    assert not user.must_change_password, row
print("all")
"""


def counts(installation):
    return json.loads(installation.python(COUNTS))


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A demonstration, loaded once for the tests of this module; and how long it took."""
    from tests.cli.installations import Installation, new_database

    database = os.environ.get("KAOHE_DATABASE", "")
    home = tmp_path_factory.mktemp("demo") / "home"
    found = Installation(home, new_database(database) if database else "")
    begun = monotonic()
    found.run("demo", "--no-serve")
    found.seconds = monotonic() - begun
    yield found
    found.end()


def test_it_is_ready_in_time(demo):
    assert demo.seconds < 300


def test_the_city_is_governed(demo):
    told = counts(demo)

    assert told["open"] == 282
    assert told["elsewhere"] == 5
    assert told["became"] == ["absorption", "continuation", "merger", "split"]
    assert told["grades"] > 840
    assert len(told["years"]) == 2
    assert told["states"] == ["issued"] * 4 + ["returned", "submitted"]
    assert told["sittings"] == ["closed", "planned"]
    assert told["unrecorded"] == []


def test_its_year_is_issued_and_three_earlier_ones_lie_behind_it(demo):
    told = json.loads(demo.python(INDICATORS))

    assert sorted(told["years"]) == [-3, -2, -1]
    assert (told["units"], told["sheets"], told["without_unit"]) == (282, 281, 0)
    assert told["statuses"] == ["exempt", "ungraded"]
    assert told["parts"] == ["issued", "returned", "submitted"]
    assert told["schemes"] == 28
    assert told["errors"] == []
    assert told["past"] > 10_000
    assert told["disagree"] == []
    assert told["marks"] == 1
    assert told["unrecorded"] == []


def test_its_year_goes_out_as_a_folder_that_assesses(demo, tmp_path):
    year = demo.python(
        "from kaohe.indicators.models import AssessmentYear\n"
        "print(AssessmentYear.objects.get(state='open').year)"
    )
    demo.run("year", "export", year, tmp_path / "folder")
    demo.run("assess", tmp_path / "folder", "--out", tmp_path / "out", "--tables-only")


def test_there_is_an_account_for_every_role_and_each_signs_in(demo):
    rows = json.loads((demo.home / "demo-accounts.json").read_text("utf-8"))

    assert set(counts(demo)["roles"]) == {str(role) for role in Role}
    assert len(rows) == len(Role) + 1  # and the head of the office next door
    assert all(row["role"] and row["name"] and row["password"] for row in rows)
    assert (demo.home / "demo-accounts.json").stat().st_mode & 0o777 == 0o600
    assert not (demo.home / "first-accounts.txt").exists()
    assert {row["role"] for row in rows} == {str(role) for role in Role}
    assert demo.python(SIGN_IN) == "all"


def test_who_signs_in_is_who_sits_in_the_committee_and_heads_the_unit(demo):
    assert demo.python(SAME_PEOPLE) == "same"


def test_it_is_not_loaded_twice(demo):
    before = counts(demo)

    assert "already" in demo.run("demo", "--no-serve")

    assert counts(demo) == before


def test_killed_half_way_it_leaves_nothing_and_loads_afterwards(made):
    process = made.start("demo", "--no-serve", "--lang", "en")
    poll(lambda: "register is imported" in process.log.read_text())
    for pid in [process.pid, *below(process.pid)]:
        os.kill(pid, signal.SIGKILL)
    process.wait(10)
    assert counts(made)["units"] == 0

    made.run("demo", "--no-serve")

    assert counts(made)["open"] == 282


def test_it_does_not_mix_with_real_data(made):
    made.python(
        "from kaohe.organization.models import User\n"
        "from kaohe.organization.services.installation import enter_jurisdiction\n"
        "by = User.objects.get(username='sysadmin')\n"
        "enter_jurisdiction(by=by, code='370683', name='某市')"
    )

    assert "KAOHE_HOME" in made.run("demo", "--no-serve", code=1)

    assert counts(made)["units"] == 0
