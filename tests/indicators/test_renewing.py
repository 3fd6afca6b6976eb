"""Sheets renewed under a new common template; what a closed year no longer issues."""

from dataclasses import replace
from functools import partial

import pytest

from kaohe.core.indicator_trees import tree_of
from kaohe.core.indicators import Plan, SheetPlan
from kaohe.indicators.models import Sheet
from kaohe.indicators.services import issuing, parts, receiving, scheme_part
from kaohe.indicators.services.part_refusals import NothingToRenew, PartNoteMissing, YearIsClosed
from tests.fixtures.indicators import common_plan


@pytest.fixture
def sheet(scheme):
    return Sheet.objects.get()


def test_a_new_template_comes_to_the_sheets_by_a_deed(
    template, scheme, sheet, year, office_clerk, office_chief, issued
):
    renew = partial(receiving.renew_sheets, by=office_chief, year=year)
    with pytest.raises(NothingToRenew):
        renew(reason="修订")
    plan = common_plan()
    row = parts.draft_next_version(by=office_clerk, part=template.part, change_note="删一项")
    whole = tree_of(Plan("修订", plan.indicators[::-1]))
    parts.edit_part(by=office_clerk, version=row, seen=None, content=whole)
    issued(row, office_clerk, office_chief)

    with pytest.raises(PartNoteMissing):
        renew(reason=" ")
    [new] = renew(reason="共性指标修订")

    items = [each["item"] for each in new.content["indicators"]]
    assert items[:3] == ["E01", "R01", "J01"]
    assert (new.number, new.reason, new.template_version_id) == (2, "共性指标修订", row.pk)
    assert new.scheme_version_id == scheme.pk
    assert new.content["sheet"] == sheet.content["sheet"]
    with pytest.raises(NothingToRenew):
        renew(reason="修订")


def test_what_a_sheet_says_of_a_common_indicator_goes_with_it(
    draft, template, year, school, dept_clerk, office_clerk, office_chief, issued
):
    said = SheetPlan(not_applicable={"R01": "无登记事项", "E01": "无人员"})
    given = {"by": dept_clerk, "version": draft, "seen": None}
    issued(scheme_part.write_sheet(**given, unit=school.code, sheet=said), dept_clerk, office_chief)
    common = common_plan().indicators
    other = Plan(indicators=(replace(common[0], item="R02"), common[1]))
    row = parts.draft_next_version(by=office_clerk, part=template.part, change_note="换一项")
    parts.edit_part(by=office_clerk, version=row, seen=None, content=tree_of(other))
    issued(row, office_clerk, office_chief)

    [new] = receiving.renew_sheets(by=office_chief, year=year, reason="共性指标修订")

    assert new.content["sheet"]["not_applicable"] == {"E01": "无人员"}


def test_a_closed_year_renews_nothing(scheme, year, office_chief):
    year.state = "closed"
    year.save()
    with pytest.raises(YearIsClosed):
        receiving.renew_sheets(by=office_chief, year=year, reason="修订")


def test_a_closed_year_issues_nothing(draft, template, submit, year, office_chief):
    submit(version=draft)
    row = parts.approve_part(by=office_chief, version=draft, seen=None)
    year.state = "closed"
    year.save()
    with pytest.raises(YearIsClosed):
        issuing.issue_part(by=office_chief, version=row, seen=None)
    assert not Sheet.objects.exists()
