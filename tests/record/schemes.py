"""Departments' schemes, edited piece by piece."""

from functools import partial

from kaohe.core.access import Role
from kaohe.core.indicator_trees import tree_of
from kaohe.core.indicators import Element, Indicator, SheetPlan, Values
from kaohe.core.part_path import Sort
from kaohe.core.quantities import TICK
from kaohe.indicators.models import Participant
from kaohe.indicators.services import parts, scheme_part, takeovers
from kaohe.organization.models import Affiliation
from tests.fixtures.indicators import make_year, school_plan
from tests.record.cases import leaves


def a_draft(city):
    """A draft of the department of education for one school, and who drafted it."""
    school = city.school
    school.category = "public_first"
    school.save()
    year = make_year(city.place, city.office)
    clerk = city.person(Role.DEPT_CLERK, department=city.education)
    version = parts.begin_part(
        by=clerk,
        year=year,
        sort=Sort.DEPARTMENT,
        department=city.education,
        content=tree_of(school_plan(school.code)),
    )
    return clerk, version


def an_edit(city, service, **given):
    clerk, version = a_draft(city)
    return partial(service, by=clerk, version=version, seen=1, **given)


@leaves("scheme_part.begin_scheme", "part.begun", "part.drafted")
def _(city):
    school = city.school
    school.category = "public_first"
    school.save()
    year = make_year(city.place, city.office)
    clerk = city.person(Role.DEPT_CLERK, department=city.education)
    return partial(
        scheme_part.begin_scheme,
        by=clerk,
        year=year,
        department=city.education,
        source="library",
        library_code="education",
    )


@leaves("scheme_part.write_indicator", "part.edited")
def _(city):
    made = Indicator("", "阅读量", element=Element.BENEFIT, points=TICK, rule="marks")
    return an_edit(city, scheme_part.write_indicator, indicator=made)


@leaves("scheme_part.remove_from_scheme", "part.edited")
def _(city):
    return an_edit(city, scheme_part.remove_from_scheme, item="J01")


@leaves("scheme_part.move_in_scheme", "part.edited")
def _(city):
    return an_edit(city, scheme_part.move_in_scheme, item="J01", up=False)


@leaves("scheme_part.copy_to_units", "part.edited")
def _(city):
    edit = an_edit(city, scheme_part.copy_to_units, item="J99", units=[city.school.code])
    made = Indicator("J99", "专有", unit=city.school.code, points=TICK, rule="marks")
    scheme_part.write_indicator(
        by=edit.keywords["by"], version=edit.keywords["version"], seen=1, indicator=made
    )
    return partial(edit, seen=2)


@leaves("scheme_part.add_from_library", "part.edited")
def _(city):
    return an_edit(
        city, scheme_part.add_from_library, library_code="education", points={"JY01": TICK}
    )


@leaves("scheme_part.write_sheet", "part.edited")
def _(city):
    sheet = SheetPlan({"J02": Values(target=90 * TICK, reason="新建校区")})
    return an_edit(city, scheme_part.write_sheet, unit=city.school.code, sheet=sheet)


@leaves("scheme_part.take_units_in", "part.edited")
def _(city):
    second = city.second_school
    second.category = "public_first"
    second.save()
    return an_edit(city, scheme_part.take_units_in, units=[second.code])


@leaves("scheme_part.take_out_unit", "part.edited")
def _(city):
    return an_edit(city, scheme_part.take_out_unit, unit=city.school.code)


@leaves("scheme_part.write_preface", "part.edited")
def _(city):
    return an_edit(city, scheme_part.write_preface, preface="指导思想")


@leaves("takeovers.take_over_sheet", "part.edited")
def _(city):
    _clerk, draft = a_draft(city)
    year = draft.part.assessment_year
    health = city.health
    Affiliation.objects.create(unit=city.school, department=city.education)
    Participant.objects.filter(code=city.school.code).update(
        department=health, department_name=health.name
    )
    other = city.person(Role.DEPT_CLERK, department=health)
    version = parts.begin_part(
        by=other,
        year=year,
        sort=Sort.DEPARTMENT,
        department=health,
        content=tree_of(school_plan()),
    )
    return partial(
        takeovers.take_over_sheet, by=other, version=version, seen=1, unit=city.school.code
    )
