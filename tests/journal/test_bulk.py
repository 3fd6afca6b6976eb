"""Many rows at once: the same as one by one, with keys of their own."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from kaohe.journal import bulk
from kaohe.journal.bulk import insert_all, new_row
from kaohe.organization.models import Affiliation, Person, Unit, UnitName


@pytest.fixture(autouse=True)
def _even_few_rows(monkeypatch):
    monkeypatch.setattr(bulk, "FEW", 1)


def units(city, department, *codes, **fields):
    return [
        Unit(jurisdiction=city, department=department, name=f"单位{code}", code=code, **fields)
        for code in codes
    ]


def test_rows_are_what_they_would_be_one_by_one(city, education):
    fields = {
        "start_up": Decimal("120.5"),
        "cert_to": date(2029, 3, 5),
        "purpose": "一\t二\\n\n“䶮𠀀”",
        "posts_approved": 0,
    }
    [alone] = units(city, education, "a", **fields)
    alone.save()

    insert_all(units(city, education, "b", **fields))

    kept = [name for name in Unit.plain if name not in ("code", "name")]
    first, second = (Unit.objects.get(code=code) for code in "ab")
    assert [getattr(first, name) for name in kept] == [getattr(second, name) for name in kept]
    assert first.purpose == second.purpose
    assert second.cert_from is None


def test_each_row_has_its_key_and_the_next_one_another(city, education):
    rows = units(city, education, "a", "b", "c")

    insert_all(rows)
    later = Unit.objects.create(jurisdiction=city, department=education, name="以后")

    assert len({*(row.pk for row in rows), later.pk}) == 4
    assert {row.pk: row.code for row in rows}.items() <= dict(
        Unit.objects.values_list("pk", "code")
    ).items()


def test_rows_may_point_to_rows_that_were_not_saved_when_they_were_made(city, education):
    rows = units(city, education, "a", "b")
    names = [UnitName(unit=row, kind="name", name=row.name, folded=row.name) for row in rows]
    places = [Affiliation(unit=row, department=education) for row in rows]

    for each in (rows, names, places):
        insert_all(each)

    assert set(UnitName.objects.values_list("unit__code", flat=True)) == {"a", "b"}
    assert Affiliation.objects.filter(unit__code="b", department=education).count() == 1


def test_an_inserted_row_can_be_saved_again(city):
    row = Person(jurisdiction=city, name="王")
    insert_all([row])
    row.name = "李"
    row.save()

    assert list(Person.objects.values_list("name", flat=True)) == ["李"]


def test_a_broken_constraint_is_told_and_nothing_is_written(city, education):
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_all(units(city, education, "a", "b", "a"))

    assert Unit.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_without_a_transaction_nothing_is_written():
    with pytest.raises(transaction.TransactionManagementError):
        insert_all([Person(name="王")])


def test_no_rows_are_no_work(city):
    insert_all([])

    assert Person.objects.count() == 0


def test_a_new_row_is_what_the_model_makes(city, education):
    given = {"jurisdiction": city, "department": education, "name": "单位", "staff": 3}
    made, usual = new_row(Unit, **given), Unit(**given)

    fields = [field.attname for field in Unit._meta.concrete_fields]
    assert [getattr(made, name) for name in fields] == [getattr(usual, name) for name in fields]
    assert made.department is education
    assert (made._state.adding, made._state.db) == (True, None)
    made.save()
    assert Unit.objects.get().name == "单位"


def test_a_new_row_may_point_to_one_that_has_no_key_yet(city, education):
    unit = new_row(Unit, jurisdiction=city, department=education, name="单位")
    name = new_row(UnitName, unit=unit, kind="name", name="单位", folded="单位")
    assert name.unit_id is None

    with transaction.atomic():
        insert_all([unit])
        insert_all([name])

    assert UnitName.objects.get().unit_id == unit.pk
