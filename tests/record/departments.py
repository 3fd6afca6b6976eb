"""Departments."""

from datetime import date
from functools import partial

from kaohe.organization.services import departments
from tests.record.cases import leaves


@leaves("departments.open_department", "department.opened")
def _(city):
    return partial(
        departments.open_department, by=city.office, jurisdiction=city.place, name="市水务局"
    )


@leaves("departments.correct_department", "department.corrected")
def _(city):
    return partial(
        departments.correct_department,
        by=city.office,
        department=city.education,
        seen=1,
        short_name="教体局",
    )


@leaves("departments.rename_department", "department.renamed")
def _(city):
    return partial(
        departments.rename_department,
        by=city.office,
        department=city.education,
        seen=1,
        name="市教育局",
        on=date(2026, 3, 1),
        document="编〔2026〕2号",
    )


@leaves("departments.close_department", "department.closed")
def _(city):
    return partial(
        departments.close_department,
        by=city.office,
        department=city.education,
        seen=1,
        on=date(2026, 3, 1),
        reason="机构改革",
    )
