"""What must hold in every sound year."""

from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from kaohe.core.grading import seats
from kaohe.core.quantities import FULL, HUNDREDTH, LIMIT
from kaohe.core.rows import Event, Inputs, Outputs
from kaohe.core.scheme import Scheme
from kaohe.core.scoring import assess
from kaohe.core.tables import OUTPUT_KEYS, OUTPUT_TABLES
from tests.worlds import World, credit_code, worlds

seeds = st.integers(0, 2**32).map(lambda seed: Random(seed))  # noqa: S311


def earned(outputs: Outputs) -> dict[tuple[str, str], int]:
    return {
        (row.unit, row.item): row.earned for row in outputs.item_scores if row.earned is not None
    }


def composites(outputs: Outputs) -> dict[str, int]:
    return {row.unit: row.composite for row in outputs.results if row.composite is not None}


def without_choices(world: World) -> World:
    """The committee has decided nothing yet, so that any ranking is sound."""
    rows = tuple(row for row in world.inputs.adjustments if row.kind != "seat")
    return World(world.scheme, world.inputs._replace(adjustments=rows))


def ledger_items(inputs: Inputs, rule: str) -> list[tuple[str, str, str]]:
    """Unit, item and kind of every place where an event of a ledger item may stand."""
    apart = {(row.unit, row.item) for row in inputs.not_applicable}
    return [
        (unit.unit, item.item, item.kinds[0].kind)
        for unit in inputs.units
        for item in inputs.items
        if item.rule == rule
        and item.department in (None, unit.department)
        and item.unit in (None, unit.unit)
        and (unit.unit, item.item) not in apart
    ]


@given(worlds())
def test_every_table_is_sorted_by_its_key_and_no_key_stands_twice(world: World) -> None:
    outputs = assess(*world)
    for name, keys in OUTPUT_KEYS.items():
        columns = [column.name for column in OUTPUT_TABLES[name]]
        found = [
            tuple(row[columns.index(key)] or "" for key in keys) for row in getattr(outputs, name)
        ]
        assert found == sorted(set(found))


@given(worlds(), seeds)
def test_the_order_of_rows_has_no_meaning(world: World, rng: Random) -> None:
    shuffled = {
        name: tuple(rng.sample(rows, len(rows))) for name, rows in world.inputs._asdict().items()
    }

    assert assess(world.scheme, Inputs(**shuffled)) == assess(*world)


@given(worlds())
def test_renaming_units_changes_no_score(world: World) -> None:
    scheme, inputs = world
    new = {unit.unit: credit_code(500_000 + n) for n, unit in enumerate(inputs.units)}
    renamed = Inputs(
        **{
            name: tuple(
                row._replace(
                    **{
                        column: new.get(getattr(row, column), getattr(row, column))
                        for column in ("unit", "predecessor")
                        if hasattr(row, column)
                    }
                )
                for row in rows
            )
            for name, rows in inputs._asdict().items()
        }
    )

    def by_unit(outputs: Outputs, names: dict[str, str]) -> dict[str, tuple[object, ...]]:
        return {names.get(row.unit, row.unit): row[1:] for row in outputs.results}

    assert by_unit(assess(scheme, renamed), {}) == by_unit(assess(scheme, inputs), new)


@given(worlds())
def test_every_number_stays_within_its_bounds(world: World) -> None:
    scheme, inputs = world
    outputs = assess(scheme, inputs)
    top = FULL + scheme.bonus_cap

    assert all(0 <= cell.earned <= cell.points for cell in outputs.item_scores if cell.earned)
    assert all(
        0 <= score <= FULL
        for row in outputs.component_scores
        for score in (row.score, row.adjusted)
        if score is not None
    )
    assert all(0 <= value * HUNDREDTH <= top + 50 for value in composites(outputs).values())
    assert all(row.score is None or 0 <= row.score <= FULL for row in outputs.survey_scores)


@given(worlds(), st.data())
def test_one_more_deduction_raises_nobody(world: World, data: st.DataObject) -> None:
    scheme, inputs = without_choices(world)
    scheme = replace(scheme, tier_policy=replace(scheme.tier_policy, assign="none"))
    places = ledger_items(inputs, "deduction")
    assume(places)
    unit, item, kind = data.draw(st.sampled_from(places))
    points = data.draw(st.sampled_from([None, 0, 1, 5_000, LIMIT - 1]))
    new = Event("~new", unit, item, kind, date(scheme.year, 5, 1), "confirmed", False, points)
    before = assess(scheme, inputs)
    after = assess(scheme, inputs._replace(events=(*inputs.events, new)))

    was, now = earned(before), earned(after)
    lost = was.pop((unit, item), 0) - now.pop((unit, item), 0)
    assert lost >= 0
    assert now == was
    fell = {code: composites(after)[code] - value for code, value in composites(before).items()}
    assert fell.pop(unit, 0) <= 0
    assert set(fell.values()) <= {0}


@given(worlds(), st.data())
def test_a_deduction_withdrawn_lowers_nobodys_own_score(world: World, data: st.DataObject) -> None:
    scheme, inputs = without_choices(world)
    rules = {item.item: item.rule for item in inputs.items}
    plain = [
        row
        for row in inputs.events
        if rules[row.item] == "deduction" and row.status == "confirmed" and row.reverses is None
    ]
    assume(plain)
    struck = data.draw(st.sampled_from(plain))
    rows = tuple(
        row._replace(status="withdrawn") if row is struck else row for row in inputs.events
    )
    was, now = earned(assess(scheme, inputs)), earned(assess(scheme, inputs._replace(events=rows)))

    assert set(was) == set(now)
    assert all(now[key] >= was[key] for key in was)


@given(worlds(), st.data())
def test_units_with_the_same_facts_stay_equal(world: World, data: st.DataObject) -> None:
    """A unit is doubled: both come out with the same scores, tier, rank and grade."""
    scheme, inputs = without_choices(world)
    graded = [unit for unit in inputs.units if unit.status == "graded"]
    assume(graded)
    model = data.draw(st.sampled_from(graded))
    twin = credit_code(700_001)
    alone = {item.item for item in inputs.items if item.unit is not None}
    doubled = Inputs(
        **{
            name: (
                *rows,
                *(_as_twin(name, row, twin, alone) for row in rows if row.unit == model.unit),
            )
            for name, rows in inputs._asdict().items()
        }
    )
    outputs = assess(scheme, doubled)

    found = {row.unit: row for row in outputs.results}
    assert found[twin][2:] == found[model.unit][2:]
    parts = {
        unit: [row[1:] for row in outputs.component_scores if row.unit == unit]
        for unit in (twin, model.unit)
    }
    assert parts[twin] == parts[model.unit]


def _as_twin(table: str, row: Any, twin: str, alone: set[str]) -> Any:
    """A row as the twin's; what only one unit may have gets a name of its own."""
    changed = {"unit": twin}
    for column in ("event", "reverses", "response", "adjustment"):
        if table in ("events", "responses", "adjustments") and getattr(row, column, None):
            changed[column] = f"{getattr(row, column)}~twin"
    if getattr(row, "item", "") in alone:
        changed["item"] = f"{row.item}~twin"
    return row._replace(**changed)


@given(worlds())
def test_seats_are_not_exceeded_and_only_all_in_may_part_from_that(world: World) -> None:
    scheme, inputs = world
    scheme = replace(scheme, grading=replace(scheme.grading, tie_at_last_seat="all_out"))
    outputs = assess(scheme, without_choices(World(scheme, inputs)).inputs)
    for group, size in _seats(scheme, outputs).items():
        assert sum(row.group == group and row.grade == "A" for row in outputs.results) <= size


def _seats(scheme: Scheme, outputs: Outputs) -> dict[str, int]:
    return {
        row.group: seats(scheme.grading, row.group_size)
        for row in outputs.results
        if row.group_size is not None
    }


@given(worlds())
def test_every_grade_has_its_reasons_and_vetoes_hold(world: World) -> None:
    outputs = assess(*world)
    vetoes = {(row.unit, row.kind) for row in world.inputs.adjustments}
    allowed = {
        "A": {"seat"},
        "C": {"forced", "below-c", "lowest-share"},
        "none": {"ungraded", "exempt"},
        "B": {
            *("below-a-minimum", "component-below-minimum", "barred-from-a", "tier-barred"),
            *("no-seat", "tie-at-last-seat"),
        },
    }
    for row in outputs.results:
        reasons = row.reasons.split(";")
        assert set(reasons) <= allowed[row.grade]
        assert reasons == sorted(reasons)
        if row.rank is not None and (row.unit, "force_c") in vetoes:
            assert row.grade == "C"
        if (row.unit, "bar_a") in vetoes:
            assert row.grade != "A"


@given(worlds())
def test_the_result_is_recomputed_from_the_lines_above_it(world: World) -> None:
    """From the printed components alone: the bracket, and the composite."""
    scheme, inputs = world
    outputs = assess(scheme, inputs)
    parts: dict[str, dict[str, int | None]] = {}
    for row in outputs.component_scores:
        parts.setdefault(row.unit, {})[row.component] = row.adjusted
    for result in outputs.results:
        if result.composite is None or result.weighted is None:
            continue
        top = bottom = 0
        for weight, (component, score) in zip(
            scheme.weights_of(result.group), parts[result.unit].items(), strict=True
        ):
            if score is not None or scheme.missing[component] == "zero":
                top, bottom = top + weight * (score or 0), bottom + weight
        bracket = (2 * top + bottom) // (2 * bottom) if bottom else 0
        assert result.weighted == bracket
        total = bracket + (result.bonus or 0) - (result.deduction or 0)
        held = min(FULL + scheme.bonus_cap, max(0, total))
        assert result.composite == (held + 50) // 100
