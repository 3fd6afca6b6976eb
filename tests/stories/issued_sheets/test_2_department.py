"""The department: last year's scheme becomes this year's, checked, agreed, returned, approved."""

from django.urls import reverse

from kaohe.core.quantities import TICK
from kaohe.indicators.models import Mark, Participant, PartVersion, TargetTable
from kaohe.indicators.queries.parts import plan_in
from tests.fixtures.last_year import DEPARTMENT, DRILLS, GROWTH, NEW_SCHOOL, SCHOOLS, WORKS
from tests.stories.governed_city.people import read_workbook
from tests.stories.issued_sheets.test_1_office import this_year, version_of

WHY = {
    "indicators/J01/source": "请写明取自哪张报表。",
    "indicators/J06/visibility": "家长满意度重在长远，宜作潜绩。",
}
SOURCE = "教学常规检查通报（每学期）"


def scheme():
    return version_of("department")


def page_of_scheme(tab="content"):
    return f"{reverse('web:part-version', args=[scheme().pk])}?tab={tab}"


def unit_of(name):
    return Participant.objects.get(assessment_year=this_year(), name=name)


def errors_on(window):
    return window.page.locator("[aria-labelledby=h-check] .st-back").count()


def test_06_it_begins_with_last_years_scheme_and_the_check_up_finds_three_errors(story):
    clerk = story.person("王经办")
    clerk.go("/")
    clerk.look("sheets-desk-department")
    clerk.go(reverse("web:schemes", args=[this_year().pk]))
    clerk.look("sheets-scheme-begin")
    clerk.press("Begin the draft")
    clerk.says("The scheme of %(name)s is begun.", name=DEPARTMENT)
    clerk.look("sheets-scheme")
    clerk.go(page_of_scheme("check"))
    clerk.page.locator("#h-check").wait_for()
    clerk.look("sheets-check")
    assert errors_on(clerk) == 3
    for where in (GROWTH, WORKS, "90"):
        clerk.says(where)
    clerk.follow("Submit for approval")
    clerk.press("Submit for approval")
    clerk.page.locator(".k-alert").first.wait_for()
    clerk.look("sheets-submit-refused")

    assert scheme().state == "draft"


def test_07_what_the_new_school_lacks_is_entered(story):
    clerk = story.person("王经办")
    clerk.go(page_of_scheme())
    clerk.follow("Enter an indicator")
    clerk.fill(
        {
            "Name of the indicator": DRILLS,
            "For": NEW_SCHOOL,
            "Element": "管理运行状况",
            "Visible or latent": "latent",
            "Scoring rule": "ratio to the target, the higher the better",
            "Points": "10",
        }
    )
    clerk.fill({"Target": "4"})
    clerk.look("sheets-indicator-form")
    clerk.press("Save")
    clerk.follow(NEW_SCHOOL)
    clerk.follow("Enter values of this unit")
    grown = clerk.page.locator(".k-item", has_text=GROWTH)
    grown.locator("[name^=base-]").fill("520")
    rows = (("开工", "40", "2026-04-30"), ("竣工", "60", "2026-09-30"))
    for row, cells in enumerate(rows):
        for name, value in zip(("milestone", "share", "due_on"), cells, strict=True):
            clerk.page.locator(f"[name^=nodes-][name$='-{row}-{name}']").first.fill(value)
    clerk.look("sheets-sheet-form")
    clerk.press("Save")
    clerk.says("The sheet is saved.")
    clerk.go(page_of_scheme("check"))
    clerk.page.locator("#h-check").wait_for()
    assert errors_on(clerk) == 0

    plan = plan_in(scheme())
    assert sum(each.points for each in plan.of_unit(unit_of(NEW_SCHOOL).code)) == 100 * TICK


def test_08_a_workbook_goes_out_and_comes_in_changed(story):
    clerk = story.person("王经办")
    clerk.go(page_of_scheme())
    with clerk.page.expect_download() as caught:
        clerk.page.get_by_role("link", name=clerk.said("Download as a workbook")).click()
    book = read_workbook(caught.value)
    sheet = book["方案"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        if sheet.cell(row, heads["编号"]).value:
            sheet.cell(row, heads["显绩潜绩"]).value = "显绩"
            sheet.cell(row, heads["数据来源"]).value = "教育事业统计年报"
    path = story.home / "个性指标（修改）.xlsx"
    book.save(path)
    clerk.follow("Upload a workbook")
    clerk.fill({"File": path})
    clerk.press("Send and read")
    clerk.look("sheets-workbook-read")
    clerk.press("Apply to the draft")
    clerk.says("The file is applied: the draft is as it says.")

    assert {each.visibility for each in plan_in(scheme()).indicators} == {"visible"}


def test_09_a_school_declares_its_targets_on_a_phone(story):
    head, phone = story.person("赵局长"), story.on_the_phone("陈联络员")
    year = this_year().pk
    head.go(reverse("web:targets", args=[year]))
    head.follow("Open the declaration")
    head.page.locator("select[name=version]").select_option(index=0)
    head.press("Open")
    head.says("Opened for %(n)s units.", n=4)
    head.look("sheets-targets")
    phone.go("/")
    school = unit_of(SCHOOLS[0])
    phone.go(reverse("web:unit-targets", args=[school.pk]))
    phone.follow("Fill in and declare")
    phone.page.locator("[name='J05:target']").fill("6")
    phone.look("sheets-declare")
    phone.press("Declare to the department")
    phone.says("The targets are declared to the department.")
    phone.go(reverse("web:unit-targets", args=[unit_of(SCHOOLS[1]).pk]), status=404)

    table = TargetTable.objects.get(participant=school)
    assert (table.state, table.content["values"]["J05"]["target"]) == ("declared", "6")


def test_10_the_department_amends_and_accepts_them(story):
    head = story.person("赵局长")
    school = unit_of(SCHOOLS[0])
    head.go(reverse("web:unit-targets", args=[school.pk]))
    head.follow("Review targets")
    head.page.locator("[name='J05:target']").fill("8")
    head.fill({"Why it is amended": "上年增长较快，按全市平均增幅确定。"})
    head.look("sheets-review")
    head.press("Accept")
    head.says("The targets are accepted and stand in the draft of the scheme.")

    own = plan_in(scheme()).sheets[school.code].values["J05"]
    assert (own.target, TargetTable.objects.get(participant=school).state) == (8 * TICK, "reviewed")


def test_11_it_is_submitted_and_comes_back_with_two_marked_cells(story):
    clerk, chief = story.person("王经办"), story.person("周科长")
    clerk.go(page_of_scheme("check"))
    open_at_first = clerk.page.locator("#findings form").count()
    assert open_at_first > 0
    clerk.page.locator("#findings details summary").first.click()
    clerk.page.locator("#findings form textarea").first.fill("上年有一次性因素，按三年平均确定。")
    clerk.page.locator("#findings form button").first.click()
    clerk.says("The answer is kept with the finding.")
    clerk.look("sheets-answered")
    clerk.go(page_of_scheme())
    clerk.follow("Submit for approval")
    clerk.press("Submit for approval")
    clerk.page.get_by_text("已提交审定").first.wait_for()
    clerk.go(reverse("web:approve-scheme", args=[scheme().pk]), status=403)
    chief.go("/")
    chief.look("sheets-desk-chief")
    chief.go(page_of_scheme("cells"))
    chief.look("sheets-cells")
    for path in WHY:
        chief.page.locator(f"input[name=cell][value='{path}']").check()
    chief.press("Return")
    for place, reason in enumerate(WHY.values()):
        chief.page.locator(f"[name=why_{place}]").fill(reason)
    chief.fill({"Reason": "请补充两处后再报。"})
    chief.look("sheets-return")
    chief.press("Return the version")
    chief.says("The version is returned.")

    assert {row.path: row.reason for row in Mark.objects.all()} == WHY


def test_12_the_drafter_sees_them_mends_and_submits_again(story):
    clerk = story.person("王经办")
    clerk.go("/")
    clerk.look("sheets-desk-returned")
    clerk.go(page_of_scheme())
    clerk.says("请补充两处后再报。")
    clerk.look("sheets-returned")
    mended = ({"Source of the value": SOURCE}, {"Visible or latent": "latent"})
    for (path, reason), fields in zip(WHY.items(), mended, strict=True):
        clerk.go(reverse("web:edit-indicator", args=[scheme().pk, path.split("/")[1]]))
        clerk.says(reason)
        clerk.fill(fields)
        clerk.press("Save")
    clerk.go(page_of_scheme("marks"))
    clerk.says("changed since")
    clerk.look("sheets-marks")
    clerk.follow("Submit for approval")
    clerk.fill({"What is new": "写明了数据来源；家长满意度改为潜绩。"})
    clerk.press("Submit for approval")

    assert scheme().state == "submitted"


def test_13_the_approver_sees_what_changed_and_approves_with_the_targets(story):
    chief = story.person("周科长")
    chief.go(reverse("web:approvals", args=[this_year().pk]))
    chief.look("sheets-approvals")
    chief.go(page_of_scheme("changes"))
    chief.says(SOURCE)
    chief.look("sheets-changes")
    chief.follow("Approve")
    chief.look("sheets-approve")
    chief.press("Approve the version")
    chief.says("The version is approved.")

    states = dict(TargetTable.objects.values_list("participant__name", "state"))
    assert states.pop(SCHOOLS[0]) == "finalised"
    assert set(states.values()) == {"open"}
    assert PartVersion.objects.get(pk=scheme().pk).state == "approved"
