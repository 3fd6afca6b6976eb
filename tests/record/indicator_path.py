"""The path of the parts of a year's scheme, and the sheets that are issued."""

from dataclasses import replace
from datetime import date
from functools import partial

from kaohe.core.access import Role
from kaohe.core.checkup_answers import Key
from kaohe.core.indicator_trees import digest_of, tree_of
from kaohe.core.indicators import Plan
from kaohe.core.part_path import Sort
from kaohe.indicators.models import (
    AssessmentYear,
    Mark,
    Part,
    Participant,
    PartVersion,
    Sheet,
)
from kaohe.indicators.services import answering, archiving, issuing, parts, receiving, reviewing
from kaohe.indicators.services.issuing import sheet_content
from tests.fixtures.indicators import common_plan, school_plan
from tests.record.cases import leaves

DAY = date(2026, 4, 1)


def the_year(city):
    """2026, open, with the school in it."""
    year, is_new = AssessmentYear.objects.get_or_create(
        jurisdiction=city.place,
        year=2026,
        defaults={
            "title": "2026年度事业单位绩效考核",
            "freeze_on": date(2026, 3, 31),
            "cut_off_on": date(2026, 9, 30),
            "opened_by": city.office,
        },
    )
    if is_new:
        Participant.objects.create(
            jurisdiction=city.place,
            assessment_year=year,
            unit=city.school,
            department=city.education,
            code=city.school.code,
            name=city.school.name,
            department_name=city.education.name,
            category="public_first",
        )
    return year


def drafter(city):
    return city.person(Role.DEPT_CLERK, department=city.education)


def version(city, state="draft", plan=None, *, sort=Sort.DEPARTMENT, by=None, **fields):
    """A version of the department's scheme, or of the template, in some state."""
    year = the_year(city)
    department = city.education if sort is Sort.DEPARTMENT else None
    part, _ = Part.objects.get_or_create(
        jurisdiction=city.place, assessment_year=year, sort=sort, department=department
    )
    content = tree_of(plan or school_plan(city.school.code))
    return PartVersion.objects.create(
        jurisdiction=city.place,
        part=part,
        number=part.versions.count() + 1,
        state=state,
        content=content,
        digest=digest_of(content),
        drafted_by=by or drafter(city),
        **fields,
    )


def template(city, plan=None, state="issued"):
    return version(city, state, plan or common_plan(), sort=Sort.TEMPLATE, by=city.office)


def sheet(city, scheme, common):
    """The school's sheet, as both say."""
    code = city.school.code
    content = sheet_content(school_plan(code), common_plan(), code)
    return Sheet.objects.create(
        jurisdiction=city.place,
        participant=Participant.objects.get(code=code),
        number=1,
        content=content,
        digest=digest_of(content),
        sheet_number="考核单〔2026〕001号",
        scheme_version=scheme,
        template_version=common,
        issued_by=city.office,
        issued_on=DAY,
    )


@leaves("parts.begin_part", "part.begun", "part.drafted")
def _(city):
    return partial(
        parts.begin_part,
        by=drafter(city),
        year=the_year(city),
        sort=Sort.DEPARTMENT,
        department=city.education,
        content=tree_of(Plan()),
        change_note="首次编制",
    )


@leaves("parts.draft_next_version", "part.drafted")
def _(city):
    row = version(city, "issued", issued_on=DAY)
    return partial(parts.draft_next_version, by=drafter(city), part=row.part, change_note="修订")


@leaves("parts.edit_part", "part.edited")
def _(city):
    row = version(city)
    content = {**row.content, "preface": "改"}
    return partial(parts.edit_part, by=drafter(city), version=row, seen=1, content=content)


@leaves("parts.edit_part#a marked cell", "part.edited", "mark.settled")
def _(city):
    row = version(city, "returned")
    Mark.objects.create(
        jurisdiction=city.place,
        part_version=row,
        path="preface",
        text=row.content["preface"],
        reason="改",
        made_by=city.office,
    )
    content = {**row.content, "preface": "改"}
    return partial(parts.edit_part, by=drafter(city), version=row, seen=1, content=content)


@leaves("parts.submit_part", "part.submitted")
def _(city):
    return partial(parts.submit_part, by=drafter(city), version=version(city), seen=1)


@leaves("parts.return_part", "part.returned", "mark.made", "mark.made")
def _(city):
    marks = [parts.Marked("preface", "写明依据"), parts.Marked("indicators/J01/points", "偏高")]
    row = version(city, "submitted")
    return partial(
        parts.return_part, by=city.office, version=row, seen=1, reason="请核对", marks=marks
    )


@leaves("parts.approve_part", "part.approved")
def _(city):
    return partial(parts.approve_part, by=city.office, version=version(city, "submitted"), seen=1)


@leaves("parts.withdraw_part", "part.withdrawn")
def _(city):
    row = version(city)
    return partial(parts.withdraw_part, by=drafter(city), version=row, seen=1, reason="重新起草")


@leaves("answering.answer_finding", "finding.answered")
def _(city):
    template(city)
    plan = school_plan(city.school.code)
    first = replace(plan.indicators[0], source="")
    row = version(city, plan=replace(plan, indicators=(first, *plan.indicators[1:])))
    key = Key("source-missing", "indicators/J01/source")
    return partial(
        answering.answer_finding, by=drafter(city), version=row, key=key, text="年报发布后补充"
    )


@leaves("issuing.issue_part", "part.issued", "sheet.issued")
def _(city):
    template(city)
    row = version(city, "approved")
    return partial(
        issuing.issue_part, by=city.office, version=row, seen=1, document_number="示考办〔2026〕5号"
    )


@leaves(
    "issuing.issue_part#the next version",
    "part.issued",
    "part.superseded",
    "sheet.issued",
    "sheet.superseded",
)
def _(city):
    common = template(city)
    sheet(city, version(city, "issued", issued_on=DAY), common)
    plan = school_plan(city.school.code)
    row = version(city, "approved", Plan("改", plan.indicators[:-1], plan.sheets))
    return partial(issuing.issue_part, by=city.office, version=row, seen=1)


@leaves("issuing.issue_parts", "part.issued", "sheet.issued")
def _(city):
    template(city)
    versions = [(version(city, "approved"), 1)]
    return partial(issuing.issue_parts, by=city.office, versions=versions)


@leaves("issuing.issue_each", "part.issued", "sheet.issued")
def _(city):
    template(city)
    versions = [(version(city, "approved"), 1)]
    return partial(issuing.issue_each, by=city.office, versions=versions)


@leaves("reviewing.approve_parts", "part.approved")
def _(city):
    versions = [(version(city, "submitted"), 1)]
    return partial(reviewing.approve_parts, by=city.office, versions=versions)


@leaves("receiving.receive_sheet", "sheet.received")
def _(city):
    row = sheet(city, version(city, "issued", issued_on=DAY), template(city))
    head = city.person(Role.UNIT_HEAD, unit=city.school)
    return partial(receiving.receive_sheet, by=head, sheet=row, seen=1)


@leaves("receiving.renew_sheets", "sheet.issued", "sheet.superseded")
def _(city):
    old = template(city, state="superseded")
    sheet(city, version(city, "issued", issued_on=DAY), old)
    plan = common_plan()
    template(city, Plan("改", plan.indicators[::-1]))
    return partial(
        receiving.renew_sheets, by=city.office, year=the_year(city), reason="共性指标修订"
    )


@leaves("archiving.archive_parts", "part.archived", "part.archived", "sheet.archived")
def _(city):
    sheet(city, version(city, "issued", issued_on=DAY), template(city))
    return partial(archiving.archive_parts, by=city.office, year=the_year(city))
