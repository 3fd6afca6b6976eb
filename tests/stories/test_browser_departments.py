"""The office enters a department in a browser: a mistake, its mending, a new name, a way out."""

import pytest

from kaohe.core.access import Role
from kaohe.organization.models import Department
from kaohe.organization.services.departments import DepartmentNameTaken
from tests.fixtures.people import PASSWORD, make_department, make_jurisdiction, make_user


@pytest.fixture
def office(window, transactional_db):
    city = make_jurisdiction("370699", "示例市")
    make_department(city, "市教育和体育局", member_part="education")
    make_user(Role.OFFICE_HEAD, jurisdiction=city, username="李主任")
    found = window()
    found.sign_in("李主任", PASSWORD)
    return found


def test_a_department_is_entered_mended_and_renamed(office):
    office.follow("Organization")
    office.follow("Departments")
    office.look("departments")
    office.follow("Enter a department")
    office.look("department-new")
    office.fill({"Name": "市教育和体育局"})
    office.press("Save")
    office.says(DepartmentNameTaken.sentence, name="市教育和体育局")
    office.look("department-new-refused")
    office.fill({"Name": "市水务局"})
    office.press("Save")
    office.says("%(name)s is entered.", name="市水务局")
    office.look("department")
    office.follow("Rename")
    office.fill({"New name": "市水利局", "From": "2026-03-01", "Document": "编〔2026〕2号"})
    office.press("Save")
    office.says("%(name)s is saved.", name="市水利局")
    office.look("department-renamed")

    assert list(Department.objects.values_list("name", flat=True)) == ["市教育和体育局", "市水利局"]


def test_the_pages_are_english_for_who_reads_english(office):
    office.page.locator(".k-who summary").click()
    office.page.get_by_role("button", name="English").click()
    office.page.wait_for_load_state()
    office.language = "en"
    office.go("/organization/departments/")
    office.look("departments-en")

    assert office.page.locator("html").get_attribute("lang") == "en"
    assert office.page.get_by_role("heading", level=1).inner_text() == "Departments"


def test_the_session_ends_by_signing_out(office):
    office.page.locator(".k-who summary").click()
    office.press("Sign out")

    office.go("/organization/departments/")
    assert "/account/login/" in office.page.url
