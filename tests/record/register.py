"""The register of units: entered, corrected, imported, fixed for a year; people and posts."""

import io
from datetime import date
from functools import partial

from kaohe.core.access import Verb
from kaohe.core.successions import Deed, Form
from kaohe.demo.roster import credit_code
from kaohe.organization.models import Import, Person, StoredFile, Tenure
from kaohe.organization.queries.import_report import Options
from kaohe.organization.queries.successions import Asked
from kaohe.organization.services import (
    files,
    history,
    imports,
    people,
    snapshots,
    successions,
    units,
)
from kaohe.organization.services.people import InPost
from tests.record.cases import leaves

DAY = date(2026, 3, 5)
TABLE = (
    "统一社会信用代码,单位名称,主管部门,机构类别,主要负责人\n"
    "{code},示例市实验小学,市教育和体育局,公益一类,李某某\n"
)


def workbook(city):
    """A table of one new unit with its principal."""
    city.education  # noqa: B018  # must be there
    text = TABLE.format(code=credit_code(49458077, city.place.code))
    return io.BytesIO(text.encode("utf-8-sig"))


def brought(city, *, checked=False):
    row = imports.start_import(
        by=city.office, jurisdiction=city.place, name="名录.csv", stream=workbook(city)
    )
    if checked:
        imports.check_import(by=city.office, key=row.pk, options=Options())
    return Import.objects.get(pk=row.pk)


def somebody(city, name="王某某"):
    return Person.objects.create(jurisdiction=city.place, name=name)


def in_post(city, post="principal"):
    return Tenure.objects.create(
        jurisdiction=city.place,
        person=somebody(city),
        unit=city.school,
        post=post,
        from_on=date(2020, 1, 1),
    )


@leaves("units.enter_unit", "unit.entered", "person.entered", "tenure.begun", "tenure.begun")
def _(city):
    return partial(
        units.enter_unit,
        by=city.office,
        jurisdiction=city.place,
        department=city.education,
        name="示例市实验小学",
        code=credit_code(49458077, city.place.code),
        posts=[InPost("principal", "李某某"), InPost("legal_representative", "李某某")],
    )


@leaves("units.correct_unit", "unit.corrected")
def _(city):
    return partial(units.correct_unit, by=city.office, unit=city.school, seen=1, staff=305)


@leaves("units.set_names", "unit.names-set")
def _(city):
    return partial(
        units.set_names,
        by=city.office,
        unit=city.school,
        seen=1,
        short_name="一中",
        plates=["示例市高级中学"],
        former_names=["示例县一中"],
        on=DAY,
    )


@leaves("history.record_past_grade", "unit.past-grade-recorded")
def _(city):
    return partial(
        history.record_past_grade,
        by=city.office,
        unit=city.school,
        year=2025,
        grade="A",
        document="示考〔2026〕3号",
    )


@leaves("history.record_past_grade#again", "unit.past-grade-replaced")
def _(city):
    given = {"by": city.office, "unit": city.school, "year": 2025, "document": "示考〔2026〕3号"}
    history.record_past_grade(grade="A", **given)
    return partial(history.record_past_grade, grade="B", replaces=True, reason="复核改正", **given)


@leaves("snapshots.take_snapshot", "unit.snapshot-taken", "unit.snapshot-taken")
def _(city):
    assert [unit.closed_on for unit in (city.school, city.second_school)] == [None, None]
    return partial(
        snapshots.take_snapshot,
        by=city.office,
        jurisdiction=city.place,
        year=2025,
        on=date(2025, 12, 31),
    )


@leaves("files.store_file", "file.added")
def _(city):
    return partial(
        files.store_file,
        by=city.office,
        jurisdiction=city.place,
        name="名录.csv",
        stream=workbook(city),
        verb=Verb.UNIT_IMPORT,
    )


@leaves("imports.start_import", "file.added", "import.started")
def _(city):
    return partial(
        imports.start_import,
        by=city.office,
        jurisdiction=city.place,
        name="名录.csv",
        stream=workbook(city),
    )


@leaves("imports.check_import", "import.checked")
def _(city):
    return partial(imports.check_import, by=city.office, key=brought(city).pk, options=Options())


@leaves("imports.apply_import", "unit.entered", "person.entered", "tenure.begun", "import.applied")
def _(city):
    row = brought(city, checked=True)
    return partial(imports.apply_import, by=city.office, key=row.pk, report=row.report)


@leaves("imports.drop_import", "import.dropped")
def _(city):
    file = StoredFile.objects.create(
        jurisdiction=city.place, digest="0" * 64, name="a.csv", size=1, media="csv",
        added_by=city.office,
    )  # fmt: skip
    row = Import.objects.create(jurisdiction=city.place, file=file, added_by=city.office)
    return partial(imports.drop_import, by=city.office, row=row, seen=1)


@leaves("people.enter_person", "person.entered")
def _(city):
    return partial(people.enter_person, by=city.office, jurisdiction=city.place, name="䶮某某")


@leaves("people.correct_person", "person.corrected")
def _(city):
    return partial(
        people.correct_person, by=city.office, person=somebody(city), seen=1, name="王某"
    )


@leaves("people.appoint", "person.entered", "tenure.begun", "tenure.ended")
def _(city):
    in_post(city)
    return partial(
        people.appoint,
        by=city.office,
        place=city.school,
        post="principal",
        name="赵某某",
        from_on=DAY,
        relieve=True,
    )


@leaves("people.end_tenure", "tenure.ended")
def _(city):
    return partial(people.end_tenure, by=city.office, tenure=in_post(city), seen=1, on=DAY)


@leaves("people.correct_tenure", "tenure.corrected")
def _(city):
    return partial(
        people.correct_tenure, by=city.office, tenure=in_post(city), seen=1, title="党委书记"
    )


@leaves("successions.carry_out", "unit.absorbed", "unit.merged", "tenure.ended")
def _(city):
    kept = city.second_school
    gone = in_post(city).unit
    asked = Asked(
        Deed.MERGE,
        (kept.pk, gone.pk),
        DAY,
        "示编〔2026〕8号",
        "机构改革",
        form=Form.INTO_EXISTING,
        survivor=kept.pk,
    )
    return partial(
        successions.carry_out, by=city.office, jurisdiction=city.place, asked=asked, seen={}
    )
