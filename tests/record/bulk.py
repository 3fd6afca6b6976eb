"""Many rows of the register in one request: an entry for each object."""

from functools import partial

from kaohe.demo.roster import credit_code
from kaohe.organization.services import departments_bulk, people_bulk, units_bulk
from kaohe.organization.services.people import InPost
from tests.record.cases import leaves


@leaves(
    "units_bulk.enter_units",
    *("unit.entered", "person.entered", "tenure.begun"),
    "unit.entered",
)
def _(city):
    first = {
        "department": city.education.pk,
        "name": "示例市实验小学",
        "code": credit_code(49458077, city.place.code),
        "posts": [InPost("principal", "李某某")],
    }
    second = {"department": city.education.pk, "name": "示例市第三小学"}
    return partial(
        units_bulk.enter_units, by=city.office, jurisdiction=city.place, rows=[first, second]
    )


@leaves("people_bulk.enter_people", "person.entered", "person.entered", "tenure.begun")
def _(city):
    rows = [{"name": "王某某"}, {"name": "李某某", "unit": city.school.pk, "post": "deputy"}]
    return partial(people_bulk.enter_people, by=city.office, jurisdiction=city.place, rows=rows)


@leaves("departments_bulk.open_departments", "department.opened", "department.opened")
def _(city):
    rows = [{"name": "市水务局", "document": "编〔2019〕1号"}, {"name": "市林业局"}]
    return partial(
        departments_bulk.open_departments, by=city.office, jurisdiction=city.place, rows=rows
    )
