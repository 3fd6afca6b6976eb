"""The common template: begun, edited item by item, read as two ledgers."""

from dataclasses import replace
from functools import partial

import pytest

from kaohe.core.indicators import Plan
from kaohe.core.plan_edits import ItemCodeUnfit, ItemGone, ItemThere
from kaohe.core.quantities import FULL, TICK
from kaohe.indicators.queries.parts import plan_in
from kaohe.indicators.queries.template import ledgers_of
from kaohe.indicators.services import template_part
from kaohe.organization.queries.access import RoleMissing
from kaohe.organization.services.writing import Changed
from tests.fixtures.indicators import make_year
from tests.record.settings import ITEM


@pytest.fixture
def draft(year, office_clerk):
    return template_part.begin_template(by=office_clerk, year=year)


@pytest.fixture
def put(draft, office_clerk):
    return partial(template_part.put_common_item, by=office_clerk, version=draft, seen=None)


def codes(version):
    return [each.item for each in plan_in(version).indicators]


def test_the_template_that_comes_along_has_two_ledgers(draft):
    first, second = ledgers_of(plan_in(draft))

    assert (first.code, first.count, first.points) == ("registration", 20, 60 * TICK)
    assert (second.code, second.count, second.points) == ("establishment", 12, 40 * TICK)
    assert [len(each.items) for each in first.aspects] == [6, 4, 4, 2, 2, 2]
    assert [each.points // TICK for each in first.aspects] == [18, 14, 12, 6, 6, 4]
    assert [each.points // TICK for each in second.aspects] == [14, 14, 12]


def test_items_in_no_ledger_stand_last():
    stray = replace(ITEM, ledger="")
    found = ledgers_of(
        Plan(indicators=(stray, replace(ITEM, item="R22"), replace(stray, ledger="?")))
    )

    assert [(each.code, each.count) for each in found] == [("registration", 1), ("", 2)]


def test_a_new_item_ends_its_aspect(put):
    row = put(indicator=ITEM)

    assert codes(row)[5:8] == ["R06", "R21", "R07"]
    new_aspect = put(indicator=replace(ITEM, item="R22", aspect="其他"))
    assert codes(new_aspect)[20:23] == ["R20", "R22", "E01"]
    no_ledger = put(indicator=replace(ITEM, item="X01", ledger="", aspect=""))
    assert codes(no_ledger)[-1] == "X01"


def test_an_item_is_put_in_place_of_another(put, draft):
    old = plan_in(draft).indicators[1]
    row = put(indicator=replace(old, points=4 * TICK), instead_of="R02")
    now = plan_in(row)

    assert now.indicators[1].points == 4 * TICK
    assert sum(each.points for each in now.indicators) == FULL - TICK


def test_an_item_of_the_template_is_common_and_for_all(put):
    row = put(indicator=replace(ITEM, component="individual", unit="x", element="主体业务开展"))
    found = next(each for each in plan_in(row).indicators if each.item == "R21")

    assert (found.component, found.unit, found.element) == ("common", "", "")


def test_codes_are_their_own(put):
    with pytest.raises(ItemThere):
        put(indicator=replace(ITEM, item="R01"))
    with pytest.raises(ItemCodeUnfit):
        put(indicator=replace(ITEM, item="=1"))
    with pytest.raises(ItemGone):
        put(indicator=ITEM, instead_of="R99")


def test_an_item_is_taken_out(draft, office_clerk):
    remove = partial(template_part.remove_common_item, by=office_clerk, version=draft, seen=None)
    row = remove(item="R20")

    assert "R20" not in codes(row)
    with pytest.raises(ItemGone):
        remove(item="R20")


def test_the_preface_is_kept_in_paragraphs(draft, office_clerk):
    row = template_part.write_template_preface(
        by=office_clerk,
        version=draft,
        seen=draft.version,
        preface=" 一、满分100分。\r\n二、逐项扣分。 ",
    )

    assert plan_in(row).preface == "一、满分100分。\n二、逐项扣分。"
    with pytest.raises(Changed):
        template_part.write_template_preface(
            by=office_clerk, version=draft, seen=draft.version, preface="三"
        )


def test_last_years_template_begins_the_next_year(template, city, office_clerk, draft_settings):
    after = make_year(city, office_clerk, 2027)
    row = template_part.begin_template(by=office_clerk, year=after, like=template)

    assert row.content == template.content
    with pytest.raises(template_part.NotTemplate):
        template_part.begin_template(by=office_clerk, year=after, like=draft_settings)


@pytest.fixture
def draft_settings(year, office_clerk):
    from kaohe.indicators.services import settings_part

    return settings_part.begin_settings(by=office_clerk, year=year)


def test_another_part_is_no_template(draft_settings, put):
    with pytest.raises(template_part.NotTemplate):
        put(version=draft_settings, indicator=ITEM)


def test_who_does_not_draft_the_template_may_not(year, put, dept_clerk):
    with pytest.raises(RoleMissing):
        template_part.begin_template(by=dept_clerk, year=year)
    with pytest.raises(RoleMissing):
        put(by=dept_clerk, indicator=ITEM)
