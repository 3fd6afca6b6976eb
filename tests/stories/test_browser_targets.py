"""Targets in a browser: declared on a phone, reviewed, finalised, adjusted in mid-year."""

from datetime import date

import pytest

from kaohe.core.access import Role
from kaohe.core.indicator_trees import tree_of
from kaohe.core.part_path import Sort
from kaohe.core.target_values import FAULTS
from kaohe.indicators.models import Adjustment, AssessmentYear, Participant, Sheet, TargetTable
from kaohe.indicators.services import issuing, parts
from tests.fixtures.browser import PHONE
from tests.fixtures.indicators import common_plan, make_year, school_plan
from tests.fixtures.people import (
    PASSWORD,
    make_department,
    make_jurisdiction,
    make_unit,
    make_user,
)


@pytest.fixture
def people(transactional_db):
    """A city with a department's draft for one school, and who answers for its targets."""
    city = make_jurisdiction("370699", "示例市")
    education = make_department(city, "市教育和体育局", member_part="education")
    school = make_unit(
        city,
        education,
        "示例市第一中学",
        49458012,
        category="public_first",
        group="教育组",
        staff=80,
    )
    clerk = make_user(Role.OFFICE_CLERK, jurisdiction=city, username="李科员")
    found = {
        "chief": make_user(Role.OFFICE_CHIEF, jurisdiction=city, username="周科长"),
        "drafter": make_user(
            Role.DEPT_CLERK, jurisdiction=city, department=education, username="王经办"
        ),
        "head": make_user(
            Role.DEPT_HEAD, jurisdiction=city, department=education, username="赵局长"
        ),
        "unit": make_user(Role.UNIT_CLERK, jurisdiction=city, unit=school, username="陈联络员"),
    }
    year = make_year(city, clerk)
    AssessmentYear.objects.update(cut_off_on=date(9999, 12, 31))
    template = parts.begin_part(
        by=clerk, year=year, sort=Sort.TEMPLATE, content=tree_of(common_plan())
    )
    go_into_force(template, clerk, found["chief"])
    found["draft"] = parts.begin_part(
        by=found["drafter"],
        year=year,
        sort=Sort.DEPARTMENT,
        department=education,
        content=tree_of(school_plan(school.code)),
    )
    return found


def go_into_force(version, drafter, approver):
    parts.submit_part(by=drafter, version=version, seen=None)
    parts.approve_part(by=approver, version=version, seen=None)
    issuing.issue_part(by=approver, version=version, seen=None)


def test_targets_are_declared_on_a_phone_reviewed_and_finalised(people, window):
    year = AssessmentYear.objects.get().pk
    department = window()
    department.sign_in("王经办", PASSWORD)
    department.go(f"/indicators/years/{year}/targets")
    department.look("targets-empty")
    department.follow("Open the declaration")
    department.look("targets-open")
    department.page.locator("select[name=version]").select_option(index=0)
    department.press("Open")
    department.says("Opened for %(n)s units.", n=1)
    department.look("targets")

    unit = window(size=PHONE)
    unit.sign_in("陈联络员", PASSWORD)
    table = TargetTable.objects.get()
    unit.go(f"/indicators/units/{table.participant_id}/targets")
    unit.look("targets-unit")
    unit.follow("Fill in and declare")
    target = unit.page.locator("[name='J07:target']")
    target.fill("0")
    unit.press("Declare to the department")
    unit.says(FAULTS["not-positive"])
    unit.look("targets-refused")
    target.fill("10")
    unit.press("Declare to the department")
    unit.says("The targets are declared to the department.")

    department.go(f"/indicators/units/{table.participant_id}/targets")
    department.follow("Review targets")
    department.look("targets-review")
    department.page.locator("[name='J07:target']").fill("12")
    department.fill({"Why it is amended": "全市统一每月一次。"})
    department.press("Accept")
    department.says("The targets are accepted and stand in the draft of the scheme.")
    department.look("targets-reviewed")

    office = window()
    office.sign_in("周科长", PASSWORD)
    office.go(f"/indicators/years/{year}/targets")
    office.follow("Finalise reviewed targets")
    office.look("targets-many")
    office.press("Finalise those ticked")
    office.says("Finalised: %(n)s units.", n=1)
    table.refresh_from_db()
    assert (table.state, table.content["values"]["J07"]["target"]) == ("finalised", "12")


def test_an_adjustment_goes_from_the_unit_to_the_next_sheet(people, window):
    go_into_force(people["draft"], people["drafter"], people["chief"])
    unit = window()
    unit.sign_in("陈联络员", PASSWORD)
    key = Participant.objects.get().pk
    unit.go(f"/indicators/units/{key}/targets")
    unit.follow("Propose an adjustment")
    unit.look("adjust")
    unit.press("Propose")
    unit.look("adjust-refused")
    unit.page.locator("[name='J07:target']").fill("6")
    unit.fill({"Reason": "暴雨致操场停用两个月。"})
    unit.press("Propose")
    unit.says("Adjustment %(n)s is proposed.", n=1)
    unit.look("adjustment")
    row = Adjustment.objects.get()

    department = window()
    department.sign_in("赵局长", PASSWORD)
    department.go(f"/indicators/adjustments/{row.pk}")
    department.follow("Accept")
    department.look("adjustment-accept")
    department.press("Accept")
    office = window("en")
    office.sign_in("周科长", PASSWORD)
    office.go(f"/indicators/adjustments/{row.pk}")
    office.look("adjustment-en")
    office.follow("Finalise")
    office.press("Finalise")
    office.says("The adjustment is finalised; the next version of the sheet is in force.")
    office.go(f"/indicators/years/{AssessmentYear.objects.get().pk}/adjustments")
    office.look("adjustments-en")
    sheet = Sheet.objects.get(state="issued")
    assert sheet.content["sheet"]["values"]["J07"] == {"target": "6"}
    office.go(f"/indicators/sheets/{sheet.pk}")
    office.look("sheet-adjusted-en")
