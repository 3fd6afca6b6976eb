"""What becomes of units: renamed, merged, split, transferred, closed; history and years stay."""

import threading
from datetime import date
from functools import partial

import pytest
from django.db import connection

from kaohe.core.access import Role
from kaohe.core.succession_refusals import (
    CodeTaken,
    CodeUnsound,
    DayBeforeLastChange,
    NameTaken,
    TooFewNewcomers,
    UnitClosed,
)
from kaohe.core.successions import Deed, Fate, Form, Runs
from kaohe.journal.models import JournalEntry
from kaohe.journal.queries import entries_of, tell
from kaohe.organization.models import PastGrade, Succession, Unit
from kaohe.organization.queries.access import NothingHere, RoleMissing
from kaohe.organization.queries.successions import (
    Asked,
    DayInFuture,
    NewUnit,
    outlook,
    successions_of,
    units_to_choose,
)
from kaohe.organization.services import successions, units
from kaohe.organization.services.people import InPost
from kaohe.organization.services.writing import Changed
from tests.organization.workbooks import code

DAY = date(2026, 3, 1)
EVE = date(2026, 2, 28)


@pytest.fixture
def unit(chief, city, education):
    """A function: enter a unit under education, with a principal."""

    def enter(body, name, department=education, **fields):
        return units.enter_unit(
            by=chief,
            jurisdiction=city,
            department=department,
            name=name,
            code=code(body),
            category="public_second",
            sector="教育",
            opened_on=date(2000, 9, 1),
            posts=[InPost("principal", f"校长{body}", from_on=date(2020, 1, 1))],
            **fields,
        )

    return enter


@pytest.fixture
def carry_out(chief, city):
    """Carry a deed out on units, from 1 March 2026, with its document."""

    def carry_out(deed, *rows, by=chief, seen=None, day=DAY, **terms):
        asked = Asked(
            deed, tuple(row.pk for row in rows), day, "示编〔2026〕8号", "机构改革", **terms
        )
        return successions.carry_out(by=by, jurisdiction=city, asked=asked, seen=seen or {})

    return carry_out


def names(unit):
    return list(
        unit.names.filter(kind="name").order_by("id").values_list("name", "from_on", "to_on")
    )


def actions(since):
    return sorted(JournalEntry.objects.filter(pk__gt=since).values_list("action", flat=True))


def last():
    return JournalEntry.objects.latest("id").pk


def test_a_new_name_keeps_the_old_one_with_its_last_day(unit, carry_out):
    row, since = unit(1, "示例一中"), last()

    [done] = carry_out(Deed.RENAME, row, name="示例市第一䶮文中学", code=row.code)

    assert names(done) == [
        ("示例一中", date(2000, 9, 1), EVE),
        ("示例市第一䶮文中学", DAY, None),
    ]
    assert actions(since) == ["unit.renamed"]
    told = next(iter(tell(entries_of([done.subject]))))
    assert (told.facts["name"], told.was["name"]) == ("示例市第一䶮文中学", "示例一中")
    assert told.facts["document"] == "示编〔2026〕8号"
    assert told.effective_on == DAY
    assert told.sealed["reason"] == "机构改革"
    assert Succession.objects.count() == 0


def test_a_new_code_continues_the_old_one_and_may_do_so_twice(unit, carry_out):
    row = unit(1, "示例一中")

    carry_out(Deed.RENAME, row, code=code(2))
    carry_out(Deed.RENAME, row, code=code(3), day=date(2026, 5, 1))

    row.refresh_from_db()
    assert row.code == code(3)
    assert [
        (each.kind, each.predecessor_code, each.code, each.unit_id, each.predecessor_id, each.year)
        for each in Succession.objects.order_by("id")
    ] == [
        ("continuation", code(1), code(2), row.pk, row.pk, 2026),
        ("continuation", code(2), code(3), row.pk, row.pk, 2026),
    ]


def test_a_former_code_is_not_given_to_another_unit(unit, carry_out):
    row, other = unit(1, "示例一中"), unit(5, "示例五中")
    carry_out(Deed.RENAME, row, code=code(2))

    with pytest.raises(CodeTaken):
        carry_out(Deed.RENAME, other, code=code(1))
    with pytest.raises(CodeUnsound):
        carry_out(Deed.RENAME, other, code="12370683MB0000019O")


def test_what_absorbs_goes_on_and_the_others_end(unit, carry_out):
    big, small = unit(1, "示例一中"), unit(2, "示例二中", short_name="二中")
    since = last()

    done = carry_out(
        Deed.MERGE, big, small, form=Form.INTO_EXISTING, survivor=big.pk, name="示例中学"
    )

    assert [row.name for row in done] == ["示例中学", "示例二中"]
    small.refresh_from_db()
    assert small.closed_on == EVE
    assert names(small) == [("示例二中", date(2000, 9, 1), EVE)]
    assert small.names.get(kind="short").to_on == EVE
    assert small.affiliations.get().to_on == EVE
    assert small.tenures.get().to_on == EVE
    row = Succession.objects.get()
    assert (row.kind, row.unit, row.predecessor) == ("absorption", big, small)
    assert actions(since) == ["tenure.ended", "unit.absorbed", "unit.merged"]
    told = next(iter(tell(entries_of([big.subject]))))
    assert told.facts["predecessors"] == ["示例二中"]


def test_what_merges_into_a_new_unit_ends_and_its_name_is_free(unit, carry_out, education):
    first, second = (
        unit(1, "示例一中"),
        unit(
            2,
            "示例二中",
        ),
    )
    since = last()

    new, *ended = carry_out(
        Deed.MERGE,
        first,
        second,
        form=Form.INTO_NEW,
        newcomers=(NewUnit("示例一中", code(9)),),
    )

    assert (new.name, new.code, new.department, new.opened_on) == (
        "示例一中",
        code(9),
        education,
        DAY,
    )
    assert (new.category, new.sector) == ("public_second", "教育")
    assert {row.name for row in ended} == {"示例一中", "示例二中"}
    assert {row.kind for row in Succession.objects.all()} == {"merger"}
    assert actions(since) == [
        *("tenure.ended", "tenure.ended"),
        *("unit.formed", "unit.merged", "unit.merged"),
    ]


def test_what_is_split_goes_on_or_ends(unit, carry_out, health):
    whole = unit(1, "示例中心")
    since = last()
    goes_on, new = carry_out(
        Deed.SPLIT, whole, newcomers=(NewUnit("示例分中心", code(7), health.pk),)
    )
    assert (goes_on, new.department) == (whole, health)
    assert actions(since) == ["unit.split", "unit.split-off"]

    other = unit(2, "示例学校")
    with pytest.raises(TooFewNewcomers):
        carry_out(Deed.SPLIT, other, continues=False, newcomers=(NewUnit("甲校", code(8)),))
    *_new, ended = carry_out(
        Deed.SPLIT,
        other,
        continues=False,
        newcomers=(NewUnit("甲校", code(8)), NewUnit("乙校", code(9))),
    )
    assert (ended.name, ended.closed_on) == ("示例学校", EVE)
    assert Succession.objects.filter(kind="split", predecessor=other).count() == 2


def test_what_is_transferred_keeps_where_it_was(unit, carry_out, education, health):
    first, second = unit(1, "示例一中"), unit(2, "示例二中")
    since = last()

    carry_out(Deed.TRANSFER, first, second, department=health.pk)

    assert list(
        first.affiliations.order_by("id").values_list("department", "from_on", "to_on")
    ) == [(education.pk, date(2000, 9, 1), EVE), (health.pk, DAY, None)]
    assert set(Unit.objects.values_list("department", flat=True)) == {health.pk}
    assert actions(since) == ["unit.transferred", "unit.transferred"]


def test_what_is_closed_is_closed_once(unit, carry_out):
    row = unit(1, "示例一中")

    carry_out(Deed.CLOSE, row)

    row.refresh_from_db()
    assert row.closed_on == EVE
    with pytest.raises(UnitClosed):
        carry_out(Deed.CLOSE, row, day=date(2026, 4, 1))


def test_a_refused_deed_changes_nothing(unit, carry_out):
    row = unit(1, "示例一中")
    unit(2, "示例二中")
    entries = JournalEntry.objects.count()

    with pytest.raises(NameTaken):
        carry_out(Deed.RENAME, row, name=" 示例 二中", code=row.code)
    with pytest.raises(DayInFuture):
        carry_out(Deed.RENAME, row, name="示例三中", day=date(2999, 1, 1))

    assert JournalEntry.objects.count() == entries
    assert len(names(row)) == 1


def test_deeds_follow_one_another_in_time(unit, carry_out):
    row = unit(1, "示例一中")
    carry_out(Deed.RENAME, row, name="示例二中")

    with pytest.raises(DayBeforeLastChange):
        carry_out(Deed.RENAME, row, name="示例三中")


def test_who_saw_an_older_version_of_any_unit_is_told(unit, carry_out, chief):
    first, second = unit(1, "示例一中"), unit(2, "示例二中")
    seen = {first.pk: 1, second.pk: 1}
    units.correct_unit(by=chief, unit=second, seen=1, posts_approved=5)

    with pytest.raises(Changed):
        carry_out(Deed.MERGE, first, second, form=Form.INTO_EXISTING, survivor=first.pk, seen=seen)

    assert Succession.objects.count() == 0


@pytest.mark.parametrize("role", [Role.OFFICE_CLERK, Role.DEPT_HEAD, Role.COMMITTEE_DIRECTOR])
def test_others_may_not(unit, carry_out, person, education, role):
    row = unit(1, "示例一中")

    with pytest.raises(RoleMissing):
        carry_out(Deed.CLOSE, row, by=person(role, department=education))


def test_a_unit_or_department_of_another_city_is_not_there(unit, carry_out, chief, other_city):
    from tests.fixtures.people import make_department, make_unit

    foreign_department = make_department(other_city, "邻市教育局")
    foreign = make_unit(other_city, foreign_department, "邻市一中", 77)

    with pytest.raises(NothingHere):
        carry_out(Deed.CLOSE, foreign)
    with pytest.raises(NothingHere):
        carry_out(Deed.TRANSFER, unit(1, "示例一中"), department=foreign_department.pk)
    assert units_to_choose(chief, other_city, "邻市") == []


def test_the_outlook_says_what_becomes_of_years_posts_and_departments(unit, chief, city):
    big, small = unit(1, "示例一中"), unit(2, "示例二中")
    for year, grade in ((2023, "B"), (2024, "A"), (2025, "A")):
        PastGrade.objects.create(jurisdiction=city, unit=big, year=year, grade=grade)
        PastGrade.objects.create(jurisdiction=city, unit=small, year=year, grade="C")
    ask = partial(Asked, Deed.MERGE, (big.pk, small.pk), DAY)

    found = outlook(ask(form=Form.INTO_EXISTING, survivor=big.pk), [big, small], date(2026, 6, 1))

    assert [(each.unit, each.fate, each.before, each.after) for each in found.effects] == [
        (code(1), Fate.KEPT, Runs(2, 0), Runs(2, 0)),
        (code(2), Fate.ENDS, Runs(0, 3), None),
    ]
    assert found.posts == 1
    assert [(each.name, before, after) for each, before, after in found.numbers] == [
        ("市教育和体育局", 2, 1)
    ]

    renamed = outlook(Asked(Deed.RENAME, (big.pk,), DAY, code=code(9)), [big], date(2026, 6, 1))
    [effect] = renamed.effects
    assert (effect.fate, effect.after) == (Fate.CARRIED, Runs(2, 0))
    assert JournalEntry.objects.filter(action__startswith="unit.").count() == 2


def test_one_sees_successions_of_units_that_one_may_see(unit, carry_out, person, city, health):
    first, second = unit(1, "示例一中"), unit(2, "示例二中")
    carry_out(Deed.MERGE, first, second, form=Form.INTO_EXISTING, survivor=first.pk)

    assert successions_of(person(Role.OFFICE_CLERK), city).count() == 1
    assert successions_of(person(Role.UNIT_HEAD, unit=second), city).count() == 1
    assert successions_of(person(Role.DEPT_HEAD, department=health), city).count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_deeds_at_once_do_not_give_one_name_to_two_units(unit, carry_out, vendor):
    if vendor != "postgresql":
        pytest.skip("the embedded database lets one writer in at a time by itself")
    rows = [unit(1, "示例一中"), unit(2, "示例二中")]
    told, begin = [], threading.Barrier(2)

    def work(row):
        begin.wait()
        try:
            carry_out(Deed.RENAME, row, name="示例中学", code=row.code)
            told.append("done")
        except NameTaken:
            told.append("taken")
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[row]) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told) == ["done", "taken"]
    assert Unit.objects.filter(name="示例中学").count() == 1
