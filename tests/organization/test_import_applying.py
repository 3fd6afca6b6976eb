"""A checked workbook: applied whole or not at all, once, an entry for each object."""

import io
from datetime import date
from functools import partial

import pytest

from kaohe.journal.models import JournalEntry
from kaohe.journal.queries import entries_of, tell
from kaohe.organization.models import Import, Person, Unit, UnitName
from kaohe.organization.queries.import_report import Options
from kaohe.organization.services import departments, imports, units
from kaohe.organization.services.imports import (
    ImportOver,
    ImportStale,
    ImportUnchecked,
)
from tests.organization.workbooks import book, code, row


def test_new_units_come_in_with_all_that_belongs_to_them(bring, apply, city, education):
    line = row(
        1,
        "示例市䶮文中学",
        单位简称="䶮中",
        加挂牌子="示例市科技馆；少年宫",
        曾用名="示例县䶮文中学",
        编制数=186,
        开办资金="120.5",
        有效期止=date(2029, 3, 5),
        主要负责人="O'Brien·买买提",
        主要负责人职务="党委书记",
        任职日期="2021.8.20",
        法定代表人="O'Brien·买买提",
        联络员="赵敏",
        联络员电话="0535-2212345",
    )

    done = apply(bring(line))

    unit = Unit.objects.get()
    assert done.state == "applied"
    assert (unit.name, unit.code, unit.department) == ("示例市䶮文中学", code(1), education)
    assert (unit.posts_approved, f"{unit.start_up:f}", unit.cert_to) == (
        186,
        "120.5000",
        date(2029, 3, 5),
    )
    assert sorted(unit.names.values_list("kind", "name")) == [
        ("name", "示例县䶮文中学"),
        ("name", "示例市䶮文中学"),
        ("plate", "少年宫"),
        ("plate", "示例市科技馆"),
        ("short", "䶮中"),
    ]
    assert {each.post: each.person.name for each in unit.tenures.all()} == {
        "principal": "O'Brien·买买提",
        "legal_representative": "O'Brien·买买提",
        "contact": "赵敏",
    }
    assert Person.objects.count() == 2


def test_each_object_has_exactly_one_entry_and_the_import_its_own(bring, apply):
    before = max(JournalEntry.objects.values_list("pk", flat=True), default=0)
    done = apply(bring(row(1, "一中", 主要负责人="王", 联络员="李"), row(2, "二中")))

    actions = sorted(JournalEntry.objects.filter(pk__gt=before).values_list("action", flat=True))
    assert actions == sorted(
        [
            *("file.added", "import.started", "import.checked", "import.applied"),
            *("unit.entered", "unit.entered"),
            *("person.entered", "person.entered", "tenure.begun", "tenure.begun"),
        ]
    )
    subjects = [each.subject for each in JournalEntry.objects.filter(action="unit.entered")]
    assert len(set(subjects)) == 2
    told = next(iter(tell(entries_of([Unit.objects.get(name="一中").subject]))))
    assert told.facts["import_id"] == done.pk
    told = next(iter(tell(entries_of([Person.objects.get(name="王").subject]))))
    assert told.sealed["name"] == "王"


def test_applied_twice_is_applied_once(bring, apply):
    found = bring(row(1, "一中"))

    apply(found)
    entries = JournalEntry.objects.count()
    apply(found)

    assert Unit.objects.count() == 1
    assert JournalEntry.objects.count() == entries


def test_what_was_applied_or_given_up_is_over(bring, apply, chief):
    applied, dropped = bring(row(1, "一中")), bring(row(2, "二中"))
    apply(applied)
    imports.drop_import(by=chief, row=dropped, seen=dropped.version)

    with pytest.raises(ImportOver):
        apply(dropped)
    with pytest.raises(ImportOver):
        imports.check_import(by=chief, key=applied.pk, options=Options())
    with pytest.raises(ImportOver):
        imports.drop_import(by=chief, row=applied, seen=None)


def test_what_was_not_checked_is_not_applied(chief, city, education):
    data = io.BytesIO(book([row(1, "一中")]))
    started = imports.start_import(by=chief, jurisdiction=city, name="a.xlsx", stream=data)

    with pytest.raises(ImportUnchecked):
        imports.apply_import(by=chief, key=started.pk, report="")


def test_a_report_that_was_not_looked_at_is_not_applied(bring, chief):
    found = bring(row(1, "一中"))

    with pytest.raises(ImportStale):
        imports.apply_import(by=chief, key=found.pk, report="0" * 64)


def _close(chief, education):
    departments.close_department(
        by=chief, department=education, seen=None, on=date(2026, 1, 1), reason=""
    )


def test_a_register_that_was_changed_meanwhile_is_checked_again(
    bring, apply, registered, chief, city, education
):
    change = bring(row(1, "示例市第一中学", 编制数=120))
    units.correct_unit(by=chief, unit=registered, seen=None, posts_approved=110)
    with pytest.raises(ImportStale, match="row 2"):
        apply(change)

    new = bring(row(2, "二中"))
    units.enter_unit(
        by=chief, jurisdiction=city, department=education, name="第二中学", code=code(2)
    )
    with pytest.raises(ImportStale, match="二中"):
        apply(new)

    assert Unit.objects.get(pk=registered.pk).posts_approved == 110


def test_a_change_elsewhere_does_not_stand_in_the_way(bring, apply, registered, chief):
    new = bring(row(2, "二中"))
    units.correct_unit(by=chief, unit=registered, seen=None, posts_approved=110)

    assert apply(new).state == "applied"


def test_a_department_that_closed_meanwhile_stands_in_the_way(bring, apply, chief, education):
    new = bring(row(2, "二中"))
    _close(chief, education)

    with pytest.raises(ImportStale):
        apply(new)


def test_broken_in_the_middle_nothing_is_there_and_the_second_time_all(bring, apply, monkeypatch):
    found = bring(*(row(number, f"第{number}中学") for number in range(1, 8)))
    before = JournalEntry.objects.count()
    monkeypatch.setattr("kaohe.organization.services.import_applying.CHUNK", 3)

    def stop(done, total, message):
        if done == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        imports.apply_import(by=found.added_by, key=found.pk, report=found.report, progress=stop)
    assert (Unit.objects.count(), UnitName.objects.count()) == (0, 0)
    assert JournalEntry.objects.count() == before

    apply(found)
    assert Unit.objects.count() == 7
    assert Import.objects.get(pk=found.pk).state == "applied"


def test_the_same_check_again_is_not_told_again(bring, chief):
    found = bring(row(1, "一中"))
    entries = JournalEntry.objects.count()

    again = imports.check_import(by=chief, key=found.pk, options=Options())

    assert again.report == found.report
    assert JournalEntry.objects.count() == entries


def test_progress_is_told_up_to_the_end(bring, chief):
    found = bring(*(row(number, f"第{number}中学") for number in range(1, 4)))
    told = []
    tell_it = partial(imports.apply_import, by=chief, key=found.pk, report=found.report)

    tell_it(progress=lambda *step: told.append(step))

    assert told[-1][:2] == (3, 3)
