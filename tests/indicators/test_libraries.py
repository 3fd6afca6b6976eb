"""What comes with the platform to begin from: complete, sound, and free of what is forbidden."""

from collections import Counter

import pytest

from kaohe.core.checkup import Context, UnitFacts
from kaohe.core.checkup_plan import check_plan
from kaohe.core.curves import curve
from kaohe.core.indicators import Plan, SheetPlan, Values
from kaohe.core.quantities import TICK
from kaohe.indicators.queries.libraries import LibraryUnknown, libraries, library, seed_template

CODES = [code for code, _title in libraries()]


def test_the_seed_template_has_both_ledgers_with_their_aspects_items_and_points():
    items = seed_template().indicators
    aspects = [
        list(Counter(each.aspect for each in items if each.ledger == ledger).values())
        for ledger in ("registration", "establishment")
    ]
    assert aspects == [[6, 4, 4, 2, 2, 2], [4, 4, 4]]
    points = Counter()
    for each in items:
        points[each.ledger] += each.points
    assert points == {"registration": 60 * TICK, "establishment": 40 * TICK}
    assert [each.item for each in items] == [
        *(f"R{number:02d}" for number in range(1, 21)),
        *(f"E{number:02d}" for number in range(1, 13)),
    ]


def test_the_seed_template_says_of_each_item_how_it_is_judged_and_on_what_it_rests():
    for each in seed_template().indicators:
        assert each.tag in {"seed", "reg", "practice", "design"}
        assert each.judge in {"automatic", "system", "inspection", "complaint", "manual"}
        assert each.kinds
        assert all(kind.points <= each.points for kind in each.kinds)


def test_the_seed_template_passes_its_check_up():
    assert check_plan(seed_template(), Context(2026)) == []


@pytest.mark.parametrize("code", CODES)
def test_a_library_makes_a_sound_sheet_of_100_points(code):
    title = dict(libraries())[code]
    plan = Plan("", library(code), {"U": SheetPlan()})
    context = Context(2026, title, seed_template().indicators, {"U": UnitFacts("示例单位")})
    assert check_plan(plan, context) == []
    assert sum(each.points for each in plan.indicators) == 100 * TICK


@pytest.mark.parametrize("code", CODES)
def test_every_indicator_of_a_library_can_be_drawn_and_is_fully_described(code):
    for each in library(code):
        assert len(curve(each, Values())) > 1
        assert each.basis
        assert each.measure
        assert each.person
        assert each.period in {"month", "quarter", "half", "year"}


def test_codes_of_libraries_and_template_do_not_meet():
    codes = [each.item for code in CODES for each in library(code)]
    codes += [each.item for each in seed_template().indicators]
    assert len(codes) == len(set(codes))


def test_a_library_that_does_not_exist_is_not_found():
    with pytest.raises(LibraryUnknown):
        library("../common_template")
