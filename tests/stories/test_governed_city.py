"""An empty installation becomes a governed city, told by those who do it, each in a browser."""

import pytest
from django.conf import settings

from kaohe.cli import init
from kaohe.journal.models import JournalEntry
from kaohe.organization.models import Jurisdiction, RoleAssignment
from tests.stories.governed_city import CITY, NAME, OFFICE, OFFICE_NAME, Story

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def cast(chromium, site):
    found = Story(chromium, site)
    yield found
    found.close()


@pytest.fixture
def story(cast):
    """The story so far; a chapter fails that leaves a problem in any window."""
    yield cast
    assert cast.problems() == []


def test_01_the_installation_is_made_and_begins_its_record(story):
    assert init.make()
    assert not init.make()

    first = JournalEntry.objects.order_by("id")[0]
    assert first.action == "installation.made"
    story.first |= init.first_passwords()
    assert sorted(story.first) == ["auditadmin", "secadmin", "sysadmin"]
    assert (settings.HOME / init.FIRST_ACCOUNTS).stat().st_mode & 0o077 == 0


def test_02_the_system_administrator_enters_the_city(story):
    system = story.person("sysadmin")
    system.look("asked-again")
    story.set_up_codes("sysadmin")
    system.look("recovery-codes")
    system.go("/")
    system.look("desk-administrator")
    system.follow("System")
    system.look("system")
    system.follow("Jurisdictions")
    system.look("jurisdictions-none")
    system.follow("Enter a jurisdiction")
    system.fill({"Division code": "37069", "Name": NAME, "Office": OFFICE_NAME})
    system.press("Save")
    system.look("jurisdiction-refused")
    system.fill({"Division code": CITY})
    system.press("Save")
    system.says("%(name)s is entered.", name=NAME)
    system.look("jurisdictions")

    assert Jurisdiction.objects.get().code == CITY


def test_03_the_security_administrator_opens_accounts_and_grants_roles(story):
    security = story.person("secadmin")
    story.set_up_codes("secadmin")
    security.go("/")
    security.follow("Users")
    security.look("users")
    security.follow("Open an account")
    security.look("user-new")
    for username, name, role in OFFICE:
        story.open_account(security, username, name)
        story.grant(security, role)
    security.follow("Who holds what")
    security.look("roles")

    held = RoleAssignment.objects.filter(jurisdiction__code=CITY)
    assert sorted(held.values_list("role", flat=True)) == [
        "committee_director",
        "office_chief",
        "office_head",
    ]


def test_04_who_may_do_nothing_somewhere_finds_nothing_there(story):
    for username, path in (
        ("sysadmin", "/users/"),
        ("sysadmin", "/audit/"),
        ("secadmin", "/organization/"),
        ("secadmin", "/system/"),
    ):
        story.person(username).go(path, status=403)
    story.person("secadmin").look("refused")
