"""A department drafts its scheme in a browser: begun, an indicator with its curve, a sheet."""

import pytest

from kaohe.core.access import Role
from kaohe.core.quantities import TICK
from kaohe.indicators.models import PartVersion
from kaohe.indicators.queries.parts import plan_in
from tests.fixtures.indicators import make_year
from tests.fixtures.people import (
    PASSWORD,
    make_department,
    make_jurisdiction,
    make_unit,
    make_user,
)


@pytest.fixture
def city(transactional_db):
    found = make_jurisdiction("370699", "示例市")
    education = make_department(found, "市教育和体育局", member_part="education")
    for number, name in enumerate(("示例市第一中学", "示例市第二中学")):
        make_unit(found, education, name, 49458012 + number, category="public_first")
    make_user(Role.DEPT_CLERK, jurisdiction=found, department=education, username="王科员")
    found.assessment = make_year(found, make_user(Role.OFFICE_CLERK, jurisdiction=found))
    return found


@pytest.fixture
def clerk(window, city):
    found = window()
    found.sign_in("王科员", PASSWORD)
    found.go(f"/indicators/years/{city.assessment.pk}/schemes")
    return found


def test_a_scheme_is_drafted_from_a_library_to_a_sheet(clerk):
    clerk.look("scheme-begin")
    clerk.press("Begin the draft")
    clerk.says("The scheme of %(name)s is begun.", name="市教育和体育局")
    clerk.look("scheme")

    clerk.page.get_by_role("link", name="教学常规检查合格率").click()
    clerk.page.wait_for_load_state()
    clerk.look("scheme-indicator")
    clerk.follow("Edit")
    clerk.fill({"Scoring rule": "between two ends", "Points": "20"})
    clerk.fill({"No points at": "60", "Full points at": "95", "Example: value reached": "88"})
    clerk.says("of %(full)s points", full="20")
    clerk.page.locator("#curve b", has_text="16").wait_for()  # 20 × 28 ÷ 35
    clerk.look("scheme-indicator-form")
    clerk.page.get_by_label(clerk.said("Scoring rule")).select_option("deduction")
    clerk.page.locator("#id_kinds-0-kind").fill("违规")
    clerk.page.locator("#id_kinds-0-points").fill("2.5")
    clerk.page.locator("#curve b", has_text="17.5").wait_for()  # one of them
    clerk.press("Save")

    clerk.follow("示例市第一中学")
    clerk.look("scheme-sheet")
    clerk.follow("Enter values of this unit")
    clerk.look("scheme-sheet-form")
    clerk.page.locator("[name^=base]").first.fill("九十")
    clerk.press("Save")
    clerk.page.locator(".k-alert a").first.wait_for()
    clerk.page.locator("[name^=base]").first.fill("90")
    clerk.press("Save")
    clerk.says("The sheet is saved.")

    plan = plan_in(PartVersion.objects.get())
    changed = next(each for each in plan.indicators if each.name == "教学常规检查合格率")
    assert (changed.rule, changed.points) == ("deduction", 20 * TICK)
    assert sum(len(sheet.values) for sheet in plan.sheets.values()) == 1


def test_a_library_is_taken_from(clerk):
    clerk.fill({"Begin with": "nothing: enter it, or read a Word file next"})
    clerk.press("Begin the draft")
    clerk.look("scheme-empty")
    clerk.follow("Choose from a library")
    clerk.look("scheme-library", known=["HIS"])
    clerk.press("Add what is ticked")
    clerk.says("Indicators added: %(n)s.", n=9)
