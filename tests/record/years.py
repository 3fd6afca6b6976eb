"""Assessment years: their calendar, groups and units."""

from datetime import date
from functools import partial

from kaohe.core.access import Role
from kaohe.indicators.models import Group, Step
from kaohe.indicators.services import groups, participants, steps, years
from kaohe.organization.models import Document
from tests.record.cases import leaves

CALENDAR = ("step.planned",) * 29


def opened(city, *, frozen=False):
    """2026, opened with the school in it; its groups free for a long time, or frozen."""
    school = city.school
    school.category, school.group, school.staff = "public_first", "教育组", 80
    school.save()
    year = years.open_year(by=city.clerk, jurisdiction=city.place, year=2026)
    year.freeze_on = date(2100, 3, 31)
    year.frozen_on = date(2026, 3, 10) if frozen else None
    year.save()
    return year


OPENED = ("year.opened", *CALENDAR, "group.made", "participant.taken-in")


@leaves("years.open_year", *OPENED)
def _(city):
    city.school.category, city.school.group = "public_first", "教育组"
    city.school.save()
    return partial(years.open_year, by=city.clerk, jurisdiction=city.place, year=2026)


@leaves("years.correct_year", "year.corrected")
def _(city):
    year = opened(city)
    return partial(
        years.correct_year,
        by=city.clerk,
        year=year,
        seen=1,
        title="2026年度考核",
        minimum_group=4,
        freeze_on=date(2026, 4, 30),
        cut_off_on=year.cut_off_on,
        reason="本年度启动较晚，经请示同意",
    )


@leaves("years.link_document", "year.document-linked")
def _(city):
    year = opened(city)
    document = Document.objects.create(
        jurisdiction=city.place, sort="opinion", title="2026年度考核意见"
    )
    return partial(
        years.link_document, by=city.clerk, year=year, seen=1, sort="opinion", document=document
    )


@leaves("years.close_year", "year.closed")
def _(city):
    return partial(years.close_year, by=city.office, year=opened(city), seen=1)


@leaves("years.reopen_year", "year.reopened")
def _(city):
    year = years.close_year(by=city.office, year=opened(city), seen=1)
    return partial(
        years.reopen_year, by=city.office, year=year, seen=2, reason="一家单位目标调整漏办"
    )


@leaves("years.archive_year", "year.archived")
def _(city):
    year = years.close_year(by=city.office, year=opened(city), seen=1)
    return partial(years.archive_year, by=city.office, year=year, seen=2)


def step_of(year, code):
    return Step.objects.get(assessment_year=year, code=code)


@leaves("steps.move_step", "step.moved")
def _(city):
    return partial(
        steps.move_step,
        by=city.clerk,
        step=step_of(opened(city), "scheme"),
        seen=1,
        starts_on=date(2026, 2, 2),
        ends_on=date(2026, 4, 10),
        reason="考核意见印发较晚",
    )


@leaves("steps.finish_step", "step.finished")
def _(city):
    step = step_of(opened(city), "scheme")
    return partial(steps.finish_step, by=city.clerk, step=step, seen=1, note="印发方案二十份")


@leaves("steps.drop_step", "step.dropped")
def _(city):
    step = step_of(opened(city), "certificates")
    return partial(steps.drop_step, by=city.clerk, step=step, seen=1, reason="表彰未获批准")


@leaves("steps.reopen_step", "step.reopened")
def _(city):
    step = step_of(opened(city), "scheme")
    steps.finish_step(by=city.clerk, step=step, seen=1)
    return partial(steps.reopen_step, by=city.clerk, step=step, seen=2, reason="漏发一个部门")


@leaves("groups.make_group", "group.made")
def _(city):
    return partial(groups.make_group, by=city.clerk, year=opened(city), name="镇街所属组")


@leaves("groups.rename_group", "group.renamed")
def _(city):
    group = opened(city).groups.get()
    return partial(groups.rename_group, by=city.clerk, group=group, seen=1, name="中小学组")


@leaves("groups.close_group", "group.closed")
def _(city):
    group = groups.make_group(by=city.clerk, year=opened(city), name="镇街所属组")
    return partial(groups.close_group, by=city.clerk, group=group, seen=1)


@leaves("groups.assign_units", "participant.grouped")
def _(city):
    year = opened(city)
    group = groups.make_group(by=city.clerk, year=year, name="综合组")
    rows = list(year.participants.all())
    return partial(groups.assign_units, by=city.clerk, year=year, participants=rows, group=group)


@leaves("groups.merge_groups", "group.made", "participant.grouped", "group.closed")
def _(city):
    year = opened(city)
    return partial(
        groups.merge_groups, by=city.clerk, year=year, sources=[year.groups.get()], into="综合组"
    )


@leaves("groups.freeze_groups", "year.frozen")
def _(city):
    return partial(
        groups.freeze_groups, by=city.clerk, year=opened(city), seen=1, reason="单位数量有限"
    )


@leaves("participants.add_unit", "participant.taken-in")
def _(city):
    return partial(
        participants.add_unit,
        by=city.clerk,
        year=opened(city),
        unit=city.second_school,
        reason="新设立的学校",
    )


@leaves("participants.take_out_of_year", "participant.taken-out")
def _(city):
    row = opened(city).participants.get()
    return partial(
        participants.take_out_of_year,
        by=city.clerk,
        participant=row,
        seen=1,
        reason="不属于公益类单位",
    )


@leaves("participants.propose_change", "change.proposed")
def _(city):
    return partial(propose, city, opened(city), "status", "exempt")


def propose(city, year, field, new):
    return participants.propose_change(
        by=city.clerk,
        participant=year.participants.get(),
        field=field,
        new=new,
        reason="正在办理撤并手续",
        document="编办发〔2026〕9号",
    )


@leaves("participants.decide_change", "change.approved", "participant.status-set")
def _(city):
    change = propose(city, opened(city), "status", "exempt")
    return partial(participants.decide_change, by=city.office, change=change, seen=1, approve=True)


@leaves("participants.decide_change#group", "change.approved", "participant.grouped")
def _(city):
    year = opened(city, frozen=True)
    Group.objects.create(jurisdiction=city.place, assessment_year=year, name="综合组")
    change = propose(city, year, "group", "综合组")
    return partial(participants.decide_change, by=city.office, change=change, seen=1, approve=True)


@leaves("participants.decide_change#refused", "change.refused")
def _(city):
    change = propose(city, opened(city), "status", "exempt")
    return partial(
        participants.decide_change,
        by=city.person(Role.COMMITTEE_DIRECTOR),
        change=change,
        seen=1,
        approve=False,
        answer="撤并尚未批复",
    )


@leaves("participants.withdraw_change", "change.withdrawn")
def _(city):
    change = propose(city, opened(city), "status", "exempt")
    return partial(
        participants.withdraw_change, by=city.clerk, change=change, seen=1, reason="批复已到"
    )


@leaves("participants.refresh_units", "participant.refreshed")
def _(city):
    year = opened(city)
    city.school.staff = 95
    city.school.save()
    rows = list(year.participants.all())
    return partial(participants.refresh_units, by=city.clerk, year=year, participants=rows)
