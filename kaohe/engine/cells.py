"""The cells: each unit beside each item that addresses it, and where their facts stand.

Units and items are numbered in the order of their codes, and ``cell`` = unit number · number of
items + item number.  So a cell is one whole number, joins are narrow, and cells sort as codes do.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import narwhals as nw

from kaohe.core.tables import INPUT_TABLES, RULES
from kaohe.engine.arithmetic import Frame, chosen
from kaohe.engine.tables import Bench

UNIT_COLUMNS = ("u", "unit", "group", "department", "status")
RULE_COLUMNS = ("zero_at", "full_at", "target", "minimum", "late_per_day", "direction", "trim")
EVERYWHERE, DEPARTMENT, ONE_UNIT = "everywhere", "department", "unit"


@dataclass(frozen=True, slots=True)
class Part:
    """Units from one code to another, both included: as many as are scored at a time."""

    low: str
    high: str
    first: int  # their numbers
    last: int


@dataclass(frozen=True, slots=True)
class Grid:
    """The units of a part beside all items, and what the folder has of facts."""

    units: Frame  # UNIT_COLUMNS
    items: Frame  # i, item, component, common, worth, rule, RULE_COLUMNS, step_1, percent_1 …
    width: int  # how many items there are
    steps: int  # the largest number of steps of an item
    rules: frozenset[str]  # of the items
    scopes: frozenset[str]  # EVERYWHERE, DEPARTMENT, ONE_UNIT: whom the items address
    filled: frozenset[str]  # the input tables that have rows
    part: Part | None = None  # None: all units

    def uses(self, table: str, rules: Iterable[str] = ()) -> bool:
        """Whether a table has rows and, where rules are named, an item follows one of them."""
        named = frozenset(rules)
        return table in self.filled and (not named or bool(named & self.rules))

    def within(self, facts: Frame) -> Frame:
        """The rows of the part's units; rows clustered by unit let a reader skip the others."""
        if self.part is None:
            return facts
        return facts.filter(
            nw.col("unit") >= nw.lit(self.part.low), nw.col("unit") <= nw.lit(self.part.high)
        )

    def numbered_within(self, rows: Frame) -> Frame:
        """The rows of the part's units, where these stand by their number ``u``."""
        if self.part is None:
            return rows
        return rows.filter(nw.col("u") >= self.part.first, nw.col("u") <= self.part.last)

    def located(self, facts: Frame, *columns: str) -> Frame:
        """Facts of the part's units with their ``cell`` and the named columns of their item.

        Facts of exempt units are not used.

        Args:
            facts: unit, item and more.
        """
        items = self.items.select("item", "i", *columns)
        units = self.units.select("unit", "u")
        return (
            self.within(facts)
            .join(items, on="item")
            .join(units, on="unit")
            .with_columns(cell=nw.col("u") * self.width + nw.col("i"))
        )

    def for_part(self, part: Part) -> "Grid":
        """The same for some of the units."""
        narrowed = replace(self, part=part)
        return replace(narrowed, units=narrowed.within(self.units))


def follows(*rules: str) -> nw.Expr:
    """Whether a row's item follows one of the rules: its ``rule`` is a place in ``RULES``."""
    number = nw.col("rule")
    numbers = [RULES.index(rule) for rule in rules]
    return number == numbers[0] if len(numbers) == 1 else number.is_in(numbers)


def grid(bench: Bench) -> Grid:
    """Number units and items, and look at what there is.

    Source: docs/rules/folder.md, F-5.
    """
    given = bench.given("items")
    scope = (
        nw.when(~nw.col("unit").is_null())
        .then(nw.lit(ONE_UNIT))
        .when(~nw.col("department").is_null())
        .then(nw.lit(DEPARTMENT))
        .otherwise(nw.lit(EVERYWHERE))
    )
    kinds = bench.rows(given.group_by("rule", scope.alias("scope")).agg(items=nw.len()))
    rules = frozenset(rule for rule, _, _ in kinds)
    steps = 0
    if rules & {"steps_up", "steps_down"}:
        steps = bench.rows(bench.given("item_steps").select(nw.col("position").max()))[0][0]
    return Grid(
        units=_numbered_units(bench),
        items=_numbered_items(bench, scope, steps),
        width=sum(number for _, _, number in kinds),
        steps=steps,
        rules=rules,
        scopes=frozenset(name for _, name, _ in kinds),
        filled=bench.filled(INPUT_TABLES),
    )


def _numbered_units(bench: Bench) -> Frame:
    assessed = bench.given("units").filter(nw.col("status") != "exempt")
    return bench.keep("units", assessed.with_row_index("u", order_by="unit").select(*UNIT_COLUMNS))


def _numbered_items(bench: Bench, scope: nw.Expr, steps: int) -> Frame:
    items = (
        bench.given("items")
        .with_row_index("i", order_by="item")
        .select(
            "i",
            "item",
            "component",
            *RULE_COLUMNS,
            rule=chosen(nw.col("rule"), {rule: n for n, rule in enumerate(RULES)}, None),
            common=nw.col("component") == "common",
            worth="points",
            scope=scope,
            item_department="department",
            item_unit="unit",
        )
    )
    if steps:
        places = range(1, steps + 1)
        at = [nw.col("position") == place for place in places]
        listed = bench.given("item_steps").group_by("item")
        wide = {f"step_{place}": "threshold" for place in places}
        wide |= {f"percent_{place}": "percent" for place in places}
        side_by_side = listed.agg(
            **{
                name: nw.when(at[int(name.rpartition("_")[2]) - 1]).then(nw.col(column)).max()
                for name, column in wide.items()
            }
        )
        items = items.join(side_by_side, on="item", how="left")
    return bench.keep("items", items)


def addressed(place: Grid) -> Frame:
    """Each unit of the part beside each item that addresses it.

    Returns:
        cell, u, i, common, worth, rule.

    Source: docs/rules/folder.md, F-5.
    """
    items = place.items.select(
        "i", "common", "worth", "rule", "scope", "item_department", "item_unit"
    )
    units = place.units.select("u", "unit", "department")
    found = []
    if EVERYWHERE in place.scopes or not place.scopes:
        found.append(units.join(items.filter(nw.col("scope") == EVERYWHERE), how="cross"))
    if DEPARTMENT in place.scopes:
        of_departments = items.filter(nw.col("scope") == DEPARTMENT)
        found.append(units.join(of_departments, left_on="department", right_on="item_department"))
    if ONE_UNIT in place.scopes:
        of_units = items.filter(nw.col("scope") == ONE_UNIT)
        beside = units.join(of_units, left_on="unit", right_on="item_unit")
        found.append(
            beside.filter(
                nw.col("item_department").is_null()
                | (nw.col("item_department") == nw.col("department"))
            )
        )
    columns = ("u", "i", "common", "worth", "rule")
    together = nw.concat([frame.select(*columns) for frame in found], how="vertical")
    return together.select(*columns, cell=nw.col("u") * place.width + nw.col("i"))
