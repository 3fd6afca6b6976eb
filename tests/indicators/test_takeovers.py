"""A unit that moves to another department while its sheet is on its way loses nothing."""

from datetime import date

import pytest

from kaohe.core.access import Role
from kaohe.core.indicator_trees import plan_of, tree_of
from kaohe.core.indicators import Plan
from kaohe.core.part_path import Sort
from kaohe.core.successions import Deed
from kaohe.indicators.models import AssessmentYear, Participant, PartVersion, Sheet
from kaohe.indicators.queries.takeovers import arrivals, takeover_tasks
from kaohe.indicators.services import issuing, participants, parts, scheme_part, takeovers
from kaohe.indicators.services.part_refusals import PartMoved, PartNotSound
from kaohe.indicators.services.takeovers import NothingToTakeOver
from kaohe.organization.queries.access import RoleMissing
from kaohe.organization.services import successions
from kaohe.organization.services.successions import Asked
from kaohe.organization.services.writing import Changed


@pytest.fixture
def other_clerk(person, health):
    """Who drafts for the department of health."""
    return person(Role.DEPT_CLERK, department=health, username="卫健起草")


@pytest.fixture
def transfer(city, school, health, office_chief, office_clerk, year):
    """The school goes over to health in the register; the year takes it over."""

    def go(*, taken_over=True):
        asked = Asked(
            Deed.TRANSFER,
            (school.pk,),
            date(2026, 3, 1),
            "示编〔2026〕8号",
            "机构改革",
            department=health.pk,
        )
        successions.carry_out(by=office_chief, jurisdiction=city, asked=asked, seen={})
        if taken_over:
            row = Participant.objects.get(code=school.code)
            participants.refresh_units(by=office_clerk, year=year, participants=[row])

    return go


@pytest.fixture
def new_draft(year, health, other_clerk):
    """The draft of the new department, without anything in it."""
    return parts.begin_part(
        by=other_clerk,
        year=year,
        sort=Sort.DEPARTMENT,
        department=health,
        content=tree_of(Plan("卫生健康局考核方案")),
    )


def take_over(by, version, school, **given):
    return takeovers.take_over_sheet(by=by, version=version, seen=None, unit=school.code, **given)


def brought_whole(school, version, old):
    """The indicators of the new sheet are those of the old one, under codes of their own."""
    now, was = plan_of(version.content), plan_of(old)
    new = now.of_unit(school.code)
    assert [each.name for each in new] == [each.name for each in was.of_unit(school.code)]
    assert not {each.item for each in new} & {each.item for each in was.indicators}
    assert sum(each.points or 0 for each in new) == sum(
        each.points or 0 for each in was.of_unit(school.code)
    )


@pytest.mark.parametrize("taken_over", [True, False])
def test_a_draft_names_the_unit_and_cannot_be_handed_in_with_it(
    taken_over, draft, template, transfer, dept_clerk, school
):
    transfer(taken_over=taken_over)

    with pytest.raises(PartNotSound, match=school.name):
        parts.submit_part(by=dept_clerk, version=draft, seen=None)


@pytest.mark.parametrize("taken_over", [True, False])
def test_what_is_handed_in_is_not_approved_and_says_who_went_where(
    taken_over, draft, template, transfer, submit, office_chief, school, health
):
    submit(version=draft)
    transfer(taken_over=taken_over)

    with pytest.raises(PartMoved, match=rf"{school.name}（现由{health.name}主管）"):
        parts.approve_part(by=office_chief, version=draft, seen=None)


def test_what_is_approved_is_not_issued_and_goes_back(
    draft, template, transfer, submit, office_chief, dept_clerk, school, health
):
    submit(version=draft)
    parts.approve_part(by=office_chief, version=draft, seen=None)
    transfer()
    with pytest.raises(PartMoved, match=health.name):
        issuing.issue_part(by=office_chief, version=draft, seen=None)

    parts.return_part(by=office_chief, version=draft, seen=None, reason="该单位已划转，请移出")
    row = scheme_part.take_out_unit(by=dept_clerk, version=draft, seen=None, unit=school.code)
    assert school.code not in row.content["sheets"]
    assert Sheet.objects.count() == 0


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "approved"])
def test_the_new_department_takes_the_sheet_over_from_whatever_state(
    state, draft, template, transfer, submit, office_chief, new_draft, other_clerk, school
):
    if state != "draft":
        submit(version=draft)
    if state == "returned":
        parts.return_part(by=office_chief, version=draft, seen=None, reason="补充")
    if state == "approved":
        parts.approve_part(by=office_chief, version=draft, seen=None)
    transfer()

    row = take_over(other_clerk, new_draft, school)

    brought_whole(school, row, draft.content)
    assert "承接示例市第一中学考核单（原由市教育和体育局编制）" in row.change_note
    draft.refresh_from_db()
    assert draft.state == state  # nothing of the former department's is touched


def test_a_sheet_in_force_stays_until_the_new_departments_follows_it(
    scheme, transfer, new_draft, other_clerk, office_chief, school, issued
):
    old = Sheet.objects.get()
    transfer()
    old.refresh_from_db()
    assert old.state == "issued"

    row = take_over(other_clerk, new_draft, school)
    brought_whole(school, row, scheme.content)
    issued(row, other_clerk, office_chief)

    old.refresh_from_db()
    new = Sheet.objects.get(state="issued")
    assert (old.state, new.number, new.sheet_number) == ("superseded", 2, old.sheet_number)
    assert new.participant_id == old.participant_id


def test_a_merged_unit_holds_its_scheme_up_and_is_named(
    draft, template, submit, office_chief, school
):
    submit(version=draft)
    school.closed_on = date(2026, 3, 1)
    school.save()

    with pytest.raises(PartMoved, match=rf"{school.name}（已注销或合并）"):
        parts.approve_part(by=office_chief, version=draft, seen=None)


def test_values_go_under_what_is_asked_alike(
    draft, template, transfer, year, health, other_clerk, school
):
    first, *_rest = plan_of(draft.content).indicators
    version = parts.begin_part(
        by=other_clerk,
        year=year,
        sort=Sort.DEPARTMENT,
        department=health,
        content=tree_of(Plan("", (first,))),
    )
    transfer()
    row = take_over(other_clerk, version, school, with_indicators=False)

    assert len(plan_of(row.content).indicators) == 1
    assert school.code in row.content["sheets"]


def test_the_desk_of_the_new_department_says_so_until_it_is_done(
    draft, template, transfer, new_draft, other_clerk, dept_clerk, school, city
):
    assert takeover_tasks(other_clerk, city) == []
    transfer()

    [task] = takeover_tasks(other_clerk, city)
    assert task.facts["unit"] == school.name
    assert takeover_tasks(dept_clerk, city) == []
    [origin] = arrivals(new_draft)
    assert (origin.department, origin.issued) == ("市教育和体育局", False)

    take_over(other_clerk, new_draft, school)
    assert takeover_tasks(other_clerk, city) == []


def test_only_the_new_department_takes_over_and_once(
    draft, template, transfer, new_draft, other_clerk, dept_clerk, school
):
    with pytest.raises(NothingToTakeOver):  # it is still under the former department
        take_over(other_clerk, new_draft, school)
    transfer()
    with pytest.raises(RoleMissing):
        take_over(dept_clerk, new_draft, school)
    with pytest.raises(Changed):
        takeovers.take_over_sheet(by=other_clerk, version=new_draft, seen=7, unit=school.code)
    take_over(other_clerk, new_draft, school)
    with pytest.raises(NothingToTakeOver):
        take_over(other_clerk, new_draft, school)


def test_nothing_is_taken_over_in_a_closed_year(
    draft, template, transfer, new_draft, other_clerk, school
):
    from kaohe.indicators.services.part_refusals import YearIsClosed

    transfer()
    AssessmentYear.objects.update(state="closed")

    with pytest.raises(YearIsClosed):
        take_over(other_clerk, new_draft, school)
    assert PartVersion.objects.get(pk=new_draft.pk).content == new_draft.content
