"""Those who keep the installation, in a browser; and a job whose page moves by itself."""

import pytest
from django.utils import timezone

from kaohe.core.access import Role
from kaohe.jobs.models import Job
from kaohe.jobs.services import ask
from kaohe.organization.models import Jurisdiction
from kaohe.organization.services.departments import open_department
from kaohe.organization.services.installation import JurisdictionCodeTaken
from tests.fixtures.people import PASSWORD, make_jurisdiction, make_user

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def administrator(window, settings, place):
    """A function: the browser of an administrator, signed in as a demonstration lets them."""
    from allauth.mfa.models import Authenticator

    settings.DEMO = True

    def sign_in(role, name):
        Authenticator.objects.filter(user=make_user(role, username=name)).delete()
        found = window()
        found.sign_in(name, PASSWORD)
        return found

    return sign_in


@pytest.fixture
def place(transactional_db):
    return make_jurisdiction("370699", "示例市")


def test_the_system_administrator_enters_a_city(administrator, place):
    keeper = administrator(Role.SYS_ADMIN, "赵系统")
    keeper.follow("System")
    keeper.look("system")
    keeper.follow("Jurisdictions")
    keeper.look("jurisdictions")
    keeper.follow("Enter a jurisdiction")
    keeper.fill({"Division code": "370699", "Name": "示例县", "Belongs to": "示例市"})
    keeper.press("Save")
    keeper.says(JurisdictionCodeTaken.sentence, code="370699", name="示例市")
    keeper.look("jurisdiction-refused")
    keeper.fill({"Division code": "370683"})
    keeper.press("Save")
    keeper.says("%(name)s is entered.", name="示例县")
    keeper.follow("Jobs")
    keeper.look("jobs-empty")

    assert Jurisdiction.objects.get(code="370683").parent == place


def test_the_page_of_a_job_moves_by_itself_and_leads_to_the_result(window, place):
    clerk = make_user(Role.OFFICE_HEAD, jurisdiction=place, username="王主任")
    row = ask(by=clerk, jurisdiction=place, kind="register.check", subject="", arguments={})
    office = window()
    office.sign_in("王主任", PASSWORD)
    office.go(f"/jobs/{row.pk}")
    office.says("It begins as soon as a worker is free.")
    office.look("job-queued")

    running = Job.objects.filter(pk=row.pk)
    running.update(state="running", tries=1, done=4200, total=10000, beat_at=timezone.now())
    office.says("4200 / 10000")
    office.look("job-running")

    told = {"sentence": "It is done.", "facts": {}, "code": ""}
    running.update(state="done", outcome=told, ended_at=timezone.now(), location="/organization/")
    office.says("It is done.")
    office.look("job-done")
    office.follow("See what came of it")
    assert office.page.url.endswith("/organization/")


def test_the_audit_administrator_finds_and_opens_an_entry(administrator, place):
    clerk = make_user(Role.OFFICE_HEAD, jurisdiction=place, username="王主任")
    open_department(by=clerk, jurisdiction=place, name="市水务局", document="示编〔2019〕1号")
    auditor = administrator(Role.AUDIT_ADMIN, "钱审计")
    auditor.follow("Record")
    auditor.look("audit")
    auditor.fill({"Object or unit": "department"})
    auditor.press("Filter")
    auditor.page.locator("tbody a").first.click()
    auditor.page.wait_for_load_state()
    auditor.says("市水务局")
    auditor.look("audit-entry")
