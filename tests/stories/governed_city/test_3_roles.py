"""The committee sits; departments and units get their accounts; each sees its own and no more."""

from django.db import connection
from django.urls import reverse

from kaohe.core.access import Role
from kaohe.journal.append_only import missing
from kaohe.journal.models import JournalEntry
from kaohe.organization.models import Decision, Department, Sitting, Unit, User
from kaohe.web.words.roles import ROLES
from tests.stories.governed_city.people import NAME, SEATS, read_workbook

EDUCATION = "示例市教育和体育局"


def test_14_the_committee_sits_and_decides_and_one_stands_aside(story):
    office, director = story.person("1001"), story.person("1003")
    office.go("/organization/committee")
    office.follow("Plan a sitting")
    office.look("sitting-new")
    office.fill({"Title": "第一次全体会议", "Day": "2026-03-20", "Place": "市政府第一会议室"})
    office.press("Save")
    office.follow("Put a matter on the agenda")
    office.fill({"Matter on the agenda": "审议教育系统考核安排", "About the department": EDUCATION})
    office.press("Save")
    office.look("sitting-planned")
    office.follow("Open the sitting")
    office.look("sitting-open-confirm")
    office.press("Open the sitting")
    office.follow("Note attendance")
    for present in office.page.locator("tbody input[type=radio][value=yes]").all():
        present.check()
    office.look("sitting-attendance")
    office.press("Save")
    office.follow("Decide")
    office.press("Save")
    office.look("decide-refused")
    office.page.locator("[name^=aside_]").select_option("yes")
    office.page.locator("[name^=because_]").fill("本部门事项")
    office.fill({"Outcome": "passed", "Wording of the decision": "原则同意。", "Votes for": "4"})
    office.press("Save")
    office.follow("Write the minutes")
    office.fill({"Minutes": "会议听取了事考办汇报，进行了讨论。"})
    office.press("Save")
    office.look("sitting-minuted")
    sitting = Sitting.objects.get()
    office.go(f"/organization/sittings/{sitting.pk}/close", status=403)
    director.go(f"/organization/sittings/{sitting.pk}")
    director.follow("Confirm and close")
    director.look("sitting-close")
    director.press("Confirm and close")
    director.look("sitting-closed")
    director.go(f"/organization/sittings/{sitting.pk}/paper")
    director.look("sitting-paper")

    sitting.refresh_from_db()
    assert (sitting.state, Decision.objects.get().votes_for) == ("closed", len(SEATS) - 1)


def test_15_departments_and_units_get_their_accounts(story):
    security = story.person("secadmin")
    story.open_account(security, "2001", "郑某某")
    story.grant(security, ROLES[Role.DEPT_CLERK], {"Department": EDUCATION})
    security.look("user")
    security.follow("Accounts of units")
    security.fill({"Jurisdiction": NAME})
    security.press("Choose")
    security.look("users-units")
    with security.page.expect_download() as caught:
        security.press("Open the accounts and download the list")
    book = read_workbook(caught.value).worksheets[0]
    for row in list(book.iter_rows(values_only=True))[1:]:
        story.first[row[3]] = row[4]

    assert User.objects.count() == 3 + 3 + 1 + 279
    assert all(unit.code in story.first for unit in Unit.objects.filter(closed_on=None))


def test_16_a_department_sees_its_units_and_no_other(story):
    clerk = story.person("2001")
    clerk.go("/")
    clerk.look("desk-department")
    clerk.go("/organization/units/")
    clerk.look("units-of-department")
    own = Unit.objects.filter(department__name=EDUCATION)
    clerk.says("rows: %(n)s", n=own.filter(closed_on=None).count())
    other = Unit.objects.exclude(department__name=EDUCATION).order_by("pk")[0]
    clerk.go(f"/organization/units/{own.order_by('pk')[0].pk}")
    clerk.go(f"/organization/units/{other.pk}", status=404)
    clerk.look("nothing-here")
    clerk.go(f"/organization/units/{other.pk}/record", status=404)
    for path in ("units/new", "imports/", "committee", "documents/new", "successions/new"):
        clerk.go(f"/organization/{path}", status=403)
    for path in ("/users/", "/system/", "/audit/"):
        clerk.go(path, status=403)


def test_17_a_unit_sees_itself_alone(story):
    mine, other = Unit.objects.filter(closed_on=None).order_by("pk")[3:5]
    contact = story.person(mine.code)
    contact.go("/")
    contact.look("desk-unit")
    contact.go(f"/organization/units/{mine.pk}")
    contact.look("unit-of-contact")
    contact.go(f"/organization/units/{other.pk}", status=404)
    contact.go("/organization/units/")
    contact.says("rows: %(n)s", n=1)
    contact.go(f"/search?q={other.name}")
    assert other.code not in contact.page.content()
    contact.go(f"/organization/units/{mine.pk}/correct", status=403)
    contact.go("/organization/documents/")
    contact.look("documents-of-unit")


def test_18_everybody_looks_after_their_own_account(story):
    office = story.person("1001")
    for name in ("web:account", "account_change_password", "usersessions_list", "mfa_index"):
        office.go(reverse(name))
        office.look(f"own-{name.removeprefix('web:').replace('_', '-')}")


def test_19_the_audit_administrator_reads_the_whole_record_and_it_is_whole(story):
    audit = story.person("auditadmin")
    story.set_up_codes("auditadmin")
    audit.go("/trace/")
    audit.look("audit")
    entry = JournalEntry.objects.filter(action="unit.absorbed").get()
    audit.go(f"/trace/{entry.entry}")
    audit.look("audit-entry")
    audit.go("/organization/units/", status=403)
    system = story.person("sysadmin")
    system.go("/system/jobs/")
    system.look("jobs")
    system.go("/system/")
    system.look("system-governed")

    assert missing(connection) == set()
    actions = set(JournalEntry.objects.values_list("action", flat=True))
    assert {
        "installation.made",
        "jurisdiction.entered",
        "committee.founded",
        "version.returned",
        "version.issued",
        "import.applied",
        "unit.absorbed",
        "sitting.closed",
        "role.granted",
    } <= actions


def test_20_who_reads_english_reads_english(story):
    office = story.person("1001")
    office.page.locator(".k-who summary").click()
    office.page.get_by_role("button", name="English").click()
    office.page.wait_for_load_state()
    office.language = "en"
    unit = Unit.objects.filter(closed_on=None).order_by("pk")[0]
    department = Department.objects.get(name=EDUCATION)
    for path, name in (
        ("/", "desk"),
        ("/organization/", "overview"),
        ("/organization/committee", "committee"),
        ("/organization/units/", "units"),
        (f"/organization/units/{unit.pk}", "unit"),
        (f"/organization/departments/{department.pk}", "department"),
        ("/organization/documents/", "documents"),
        ("/organization/imports/", "imports"),
    ):
        office.go(path)
        office.look(f"{name}-en")
        assert office.page.locator("html").get_attribute("lang") == "en"
    office.language = "zh"
