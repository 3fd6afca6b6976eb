"""How the points of a scheme are shared out."""

from kaohe.core.indicators import Element, Indicator, Plan, SheetPlan
from kaohe.core.plan_shares import Shares, by_unit, overall, shares_of
from kaohe.core.quantities import FULL, TICK

SHARED = Indicator(
    "J01", element=Element.BUSINESS, points=3 * TICK, rule="marks", visibility="latent"
)
OWN = Indicator("J02", unit="U1", element="其他", points=TICK, rule="rank", visibility="visible")
BARE = Indicator("J03")


def test_parts_are_of_the_points_of_all():
    shares = shares_of([SHARED, OWN, BARE])
    assert shares == Shares(4 * TICK, 3 * TICK, 0, 0, TICK, TICK, 3 * TICK, 3)
    assert shares.percent("business") == 75 * TICK
    assert shares.marked


def test_without_points_nothing_has_a_share():
    assert shares_of([BARE]).percent("latent") is None
    assert not shares_of([BARE]).marked


def test_points_that_are_not_marked_are_noticed():
    assert not shares_of([SHARED, Indicator("J04", points=1)]).marked


def test_each_sheet_has_what_is_for_all_and_its_own():
    plan = Plan("", (SHARED, OWN), {"U2": SheetPlan(), "U1": SheetPlan()})
    assert [(each.unit, each.shares.points) for each in by_unit(plan)] == [
        ("U2", 3 * TICK),
        ("U1", 4 * TICK),
    ]
    assert overall(plan).points == 7 * TICK


def test_a_plan_without_sheets_is_what_is_for_all():
    assert overall(Plan("", (SHARED, OWN))).percent("latent") == FULL
