"""The office enters a department in a browser: a mistake, its mending, a new name, a way out."""

import pytest

from kaohe.core.access import Role
from kaohe.organization.models import Department
from tests.fixtures.people import PASSWORD, make_department, make_jurisdiction, make_user

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def office(window, transactional_db):
    city = make_jurisdiction("370699", "示例市")
    make_department(city, "市教育和体育局", member_part="education")
    make_user(Role.OFFICE_HEAD, jurisdiction=city, username="李主任")
    found = window()
    found.sign_in("李主任", PASSWORD)
    return found


def test_a_department_is_entered_mended_and_renamed(office):
    office.follow("组织领导")
    office.follow("部门")
    office.look("departments")
    office.follow("新增部门")
    office.look("department-new")
    office.fill(名称="市教育和体育局")
    office.press("保存")
    office.says("已有名为“市教育和体育局”的部门")
    office.look("department-new-refused")
    office.fill(名称="市水务局")
    office.press("保存")
    office.says("“市水务局”已录入。")
    office.look("department")
    office.follow("更名")
    office.fill(新名称="市水利局", 起始日期="2026-03-01", 文件依据="编〔2026〕2号")
    office.press("保存")
    office.says("“市水利局”已保存。")
    office.look("department-renamed")

    assert list(Department.objects.values_list("name", flat=True)) == ["市教育和体育局", "市水利局"]


def test_the_session_ends_by_signing_out(office):
    office.page.locator(".k-who summary").click()
    office.press("退出登录")

    office.go("/organization/departments/")
    assert "/account/login/" in office.page.url
