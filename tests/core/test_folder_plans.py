"""The rows of a folder as template, schemes and sheets, and these as rows again."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings

from kaohe.core.folder_items import Placed, SheetOfUnit, gather
from kaohe.core.folder_plans import plans_of
from kaohe.core.indicators import Indicator, Node, Plan, SheetPlan, Values
from kaohe.core.quantities import TICK
from kaohe.core.rows import Unit
from tests.folder.mini_folder import CLINIC, INPUTS, MUSEUM, NURSERY, SCHOOL
from tests.worlds import worlds

HALL, POOL = "12370699000000001A", "12370699000000002B"


def without_facts(milestones):
    return sorted(row._replace(done_on=None) for row in milestones)


def says_something(target):
    return any(each is not None for each in target[2:])


def sheets_of(inputs):
    """The sheet of each unit that has one, as the platform would keep it."""
    plans = plans_of(inputs)
    codes = {each.item for each in plans.template.indicators}
    for unit in inputs.units:
        plan = plans.departments[unit.department]
        if unit.unit in plan.sheets:
            indicators = [*plans.template.of_unit(unit.unit), *plan.of_unit(unit.unit)]
            sheet = plan.sheets[unit.unit]
            yield SheetOfUnit(unit.unit, unit.department, indicators, codes, sheet)


def parts_of(inputs):
    plans = plans_of(inputs)
    yield from (Placed("", each) for each in plans.template.indicators)
    for name, plan in plans.departments.items():
        yield from (Placed(name, each) for each in plan.indicators)


@settings(max_examples=150)
@given(worlds())
def test_a_folder_comes_back_from_its_plans_whole(world):
    inputs = world.inputs
    units = {unit.unit: unit.department for unit in inputs.units}

    found = gather(sheets_of(inputs), parts_of(inputs), units)

    assert found.problems == []
    assert sorted(found.items, key=str) == sorted(inputs.items, key=str)
    assert sorted(found.targets, key=str) == sorted(filter(says_something, inputs.targets), key=str)
    assert sorted(found.not_applicable) == sorted(inputs.not_applicable)
    assert without_facts(found.milestones) == without_facts(inputs.milestones)


def test_an_item_without_a_department_is_common_to_all_whatever_its_component():
    shared = INPUTS.items[2]._replace(department=None)
    plans = plans_of(INPUTS._replace(items=(shared, *INPUTS.items[3:])))

    assert [each.item for each in plans.template.indicators] == ["J1"]
    assert plans.template.indicators[0].component == "individual"


def test_an_exempt_unit_has_a_sheet_only_if_it_has_rows_of_its_own():
    plans = plans_of(INPUTS)
    waived = INPUTS.not_applicable[0]._replace(unit=MUSEUM, item="K1")
    with_row = plans_of(INPUTS._replace(not_applicable=(waived,)))

    assert plans.departments["文旅局"].sheets == {}
    assert with_row.departments["文旅局"].sheets == {MUSEUM: SheetPlan({}, {"K1": "新建园"}, {})}
    assert set(plans.departments["教体局"].sheets) == {SCHOOL, NURSERY}
    assert set(plans.departments["卫健局"].sheets) == {CLINIC}


def indicator(item="J1", **fields):
    return Indicator(item, "安全演练次数", points=100 * TICK, rule="ratio_up", **fields)


def a_sheet(unit=HALL, indicators=(), sheet=None, common=()):
    there = indicators or (indicator(target=TICK),)
    return SheetOfUnit(unit, "文旅局", there, common, sheet or SheetPlan())


UNITS = {HALL: "文旅局", POOL: "文旅局"}


def codes(found):
    return [problem.code for problem in found.problems]


def test_an_indicator_that_two_sheets_say_differently_is_told_with_the_unit():
    other = indicator(target=2 * TICK)

    found = gather([a_sheet(), a_sheet(POOL, [other])], [], UNITS)

    assert codes(found) == ["export-items-differ"]
    assert found.problems[0].facts == {"item": "J1", "unit": POOL}
    assert codes(gather([a_sheet(), a_sheet(POOL)], [], UNITS)) == []


def test_a_sheet_that_lacks_what_others_have_is_told():
    more = indicator("J2", target=TICK)

    found = gather([a_sheet(indicators=[indicator(target=TICK), more]), a_sheet(POOL)], [], UNITS)

    assert codes(found) == ["export-sheet-behind"]
    assert found.problems[0].facts == {"unit": POOL, "items": "J2"}


def test_an_indicator_of_a_part_that_stands_on_no_sheet_is_added_where_it_addresses_anybody():
    parts = [
        Placed("", indicator("A")),
        Placed("文旅局", indicator("B")),
        Placed("文旅局", indicator("C", unit=POOL)),
        Placed("文旅局", indicator("D", unit="12370699000000009X")),
        Placed("水务局", indicator("E")),
    ]

    found = gather([], parts, UNITS)

    assert [row.item for row in found.items] == ["A", "B", "C"]
    assert [row.department for row in found.items] == [None, "文旅局", "文旅局"]


def test_an_indicator_without_points_is_told_and_no_row():
    found = gather([a_sheet(indicators=[replace(indicator(), points=None)])], [], UNITS)

    assert codes(found) == ["export-points-missing"]
    assert found.items == []


def test_own_values_of_what_is_no_indicator_of_the_unit_are_left_out_and_facts_of_what_is_waived():
    node = Node("开工", 100 * TICK, date(2026, 3, 1))
    own = SheetPlan(
        {"J1": Values(target=TICK), "gone": Values(target=TICK)},
        {"J1": "职能不涉及", "gone": "—"},
        {"J1": (node,), "gone": (node,)},
    )

    found = gather([a_sheet(sheet=own)], [], UNITS)

    assert [row.item for row in found.targets] == ["J1"]
    assert [row.item for row in found.not_applicable] == ["J1"]
    assert found.milestones == []


def test_what_comes_from_the_template_has_no_department():
    found = gather([a_sheet(common=["J1"])], [], UNITS)

    assert found.items[0].department is None


def test_a_department_of_exempt_units_alone_still_has_a_scheme():
    unit = Unit(POOL, "泳池", "体育组", "体育局", "exempt", "appropriation", 3)
    plans = plans_of(INPUTS._replace(units=(*INPUTS.units, unit)))

    assert plans.departments["体育局"] == Plan("", (), {})
