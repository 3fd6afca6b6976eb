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
    assert demo.seconds < 120


def test_the_city_is_governed(demo):
    told = counts(demo)

    assert told["open"] == 282
    assert told["elsewhere"] == 5
    assert told["became"] == ["absorption", "continuation", "merger", "split"]
    assert told["grades"] > 840
    assert len(told["years"]) == 2
    assert told["states"] == ["issued", "issued", "returned", "submitted"]
    assert told["sittings"] == ["closed", "planned"]
    assert told["unrecorded"] == []


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
