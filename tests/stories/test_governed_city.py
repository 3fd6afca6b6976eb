"""An empty installation becomes a governed city, told by those who do it, each in a browser."""

import pytest
from django.conf import settings

from kaohe.cli import init
from kaohe.journal.models import JournalEntry
from kaohe.organization.models import Jurisdiction
from tests.stories.governed_city import CITY, NAME, Story

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
    system.follow("系统")
    system.look("system")
    system.follow("辖区")
    system.look("jurisdictions-none")
    system.follow("录入辖区")
    system.fill(行政区划代码="37069", 名称=NAME, 考核办="示例市事业单位考核委员会办公室")
    system.press("保存")
    system.look("jurisdiction-refused")
    system.fill(行政区划代码=CITY)
    system.press("保存")
    system.says(f"“{NAME}”已录入。")
    system.look("jurisdictions")

    assert Jurisdiction.objects.get().code == CITY
