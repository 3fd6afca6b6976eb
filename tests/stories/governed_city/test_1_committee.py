"""An empty installation: administrators, accounts, departments, the committee and its rules."""

from django.conf import settings

from kaohe.cli import init
from kaohe.journal.models import JournalEntry
from kaohe.journal.queries import entries_of, tell
from kaohe.organization.models import (
    Department,
    DocumentVersion,
    Jurisdiction,
    RoleAssignment,
    Seat,
    User,
)
from kaohe.organization.services.departments import open_department
from kaohe.web.words.departments import PARTS
from tests.stories.governed_city.people import (
    CITY,
    MEMBERS,
    NAME,
    OFFICE,
    OFFICE_NAME,
    REASON,
    SEATS,
    departments,
)

BY_HAND = 5  # of the departments


def test_01_the_installation_is_made_and_begins_its_record(story):
    assert init.make()
    assert not init.make()

    first = JournalEntry.objects.order_by("id")[0]
    assert first.action == "installation.made"
    story.first |= init.first_passwords()
    assert sorted(story.first) == ["auditadmin", "secadmin", "sysadmin"]
    assert (settings.HOME / init.FIRST_ACCOUNTS).stat().st_mode & 0o077 == 0


def test_01b_who_has_not_signed_in_sees_the_sign_in_page_and_whom_to_ask(story):
    visitor = story.visitor()
    visitor.go("/organization/units/")
    visitor.look("sign-in")
    visitor.follow("Forgotten password")
    visitor.look("forgotten-password")
    visitor.go("/account/login/")
    visitor.follow("First sign-in of a unit")
    visitor.look("first-sign-in")
    visitor.go("/accessibility")
    visitor.look("accessibility")
    visitor.sign_in("sysadmin", "not the password")
    visitor.look("sign-in-refused")


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


def test_05_the_office_enters_the_departments(story):
    office = story.person("1001")
    office.go("/")
    office.look("desk-empty-city")
    office.follow("Organization")
    office.look("overview-empty-city")
    office.follow("Departments")
    office.look("departments-none")
    for name, part in departments()[:BY_HAND]:
        office.go("/organization/departments/new")
        office.fill({"Name": name, "Part as a member department": PARTS.get(part, "none")})
        office.page.get_by_label(office.said("In charge of units")).set_checked(part not in MEMBERS)
        office.press("Save")
        office.says("%(name)s is entered.", name=name)
    for name, part in departments()[BY_HAND:]:  # the same, without the browser
        open_department(
            by=User.objects.get(username="1001"),
            jurisdiction=Jurisdiction.objects.get(),
            name=name,
            member_part=part,
        )
    office.follow("Departments")
    office.look("departments")

    assert Department.objects.count() == len(departments())


def test_06_the_committee_is_founded_with_its_members(story):
    office = story.person("1001")
    office.go("/organization/")
    office.follow("Committee")
    office.look("committee-none")
    office.follow("Enter the committee")
    office.look("committee-new")
    office.fill({"Founded on": "2026-01-05", "Document": "示政发〔2026〕1号"})
    office.press("Save")
    for seat, name, title, department in SEATS:
        office.go("/organization/seats/new")
        office.fill({"Seat": seat, "Name of somebody new": name, "Post held": title})
        office.fill({"Department": department or "—", "Seated from": "2026-01-05"})
        office.press("Save")
    office.go("/organization/committee")
    office.look("committee")

    assert Seat.objects.filter(to_on__isnull=True).count() == len(SEATS)


def test_07_the_rules_are_drafted_returned_once_and_submitted_again(story):
    office, director = story.person("1001"), story.person("1003")
    office.go("/organization/")
    office.follow("Rules and documents")
    office.look("documents-none")
    office.page.get_by_role("link", name=office.said("rules of work")).first.click()
    office.look("document-new")
    office.press("Save the draft")
    office.look("document-draft")
    office.follow("Open it")
    office.look("version-draft")
    office.follow("Submit for approval")
    office.look("version-submit")
    office.press("Submit for approval")
    office.says("The version is submitted.")

    director.go("/")
    director.look("desk-director")
    director.follow("Review")
    director.look("version-submitted")
    director.follow("Return")
    director.press("Return the version")
    director.look("version-return-refused")
    director.fill({"Reason": REASON})
    director.press("Return the version")
    director.says("The version is returned.")

    office.go("/")
    office.look("desk-returned")
    office.go(f"/organization/versions/{open_version().pk}")
    office.look("version-returned")
    office.follow("Edit")
    text = office.page.locator("[name=text]")
    text.fill(text.input_value() + "\n会议应有三分之二以上组成人员到会。")
    office.press("Save the draft")
    office.follow("Submit for approval")
    office.press("Submit for approval")

    assert open_version().state == "submitted"
    assert [each.action for each in record_of(open_version())].count("version.returned") == 1


def test_08_nobody_approves_what_they_drafted_and_the_director_does(story):
    office, director = story.person("1001"), story.person("1003")
    key = open_version().pk
    office.go(f"/organization/versions/{key}/approve", status=403)
    director.go(f"/organization/versions/{key}")
    director.follow("Approve")
    director.look("version-approve")
    director.press("Approve the version")
    office.go(f"/organization/versions/{key}")
    office.follow("Issue under a number")
    office.look("version-issue")
    office.fill({"Document number": "示考〔2026〕1号", "In force from": "2026-02-01"})
    retroactive = office.said("It holds from before the day of its issue")
    office.page.get_by_label(retroactive).set_checked(True)
    office.press("Issue the version")
    office.says("The version is issued.")
    office.look("version-issued")
    office.go("/organization/documents/")
    office.look("documents")

    assert DocumentVersion.objects.get().state == "issued"


def open_version():
    return DocumentVersion.objects.order_by("-number")[0]


def record_of(row):
    return list(tell(entries_of([row.subject])))
