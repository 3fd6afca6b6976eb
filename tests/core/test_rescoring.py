"""One unit rescored against the whole year assessed again."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.core.problems import FolderRefused
from kaohe.core.quantities import TICK
from kaohe.core.rescoring import NotCovered, Rescored, cohort_of, rescore
from kaohe.core.rows import Adjustment, Inputs, Measurement, NotApplicable, Outputs
from kaohe.core.scheme import Grading, Scheme
from kaohe.core.scoring import assess
from kaohe.core.sheets import addressed
from tests.core import golden
from tests.world_items import rows_for
from tests.worlds import World, together, worlds

Change = Callable[[Inputs], Inputs]


def only(inputs: Inputs, unit: str) -> Inputs:
    """The unit alone, the items that address it, and its rows."""
    (place,) = (each for each in inputs.units if each.unit == unit)
    tables: dict[str, tuple[Any, ...]] = {
        name: tuple(row for row in rows if row.unit == unit)
        for name, rows in inputs._asdict().items()
        if name != "items"
    }
    return Inputs(**{**tables, "items": tuple(addressed(inputs.items)(place))})


def exchanged(inputs: Inputs, after: Inputs, unit: str) -> Inputs:
    """The whole year with ``unit``'s rows taken from ``after``."""
    tables: dict[str, tuple[Any, ...]] = {
        name: (*(row for row in rows if row.unit != unit), *getattr(after, name))
        for name, rows in inputs._asdict().items()
        if name != "items"
    }
    return Inputs(**{**tables, "items": inputs.items})


def by_rescoring(scheme: Scheme, inputs: Inputs, after: Inputs) -> Rescored:
    (unit,) = after.units
    cohort = cohort_of(scheme, inputs, assess(scheme, inputs), unit.unit)
    return rescore(scheme, only(inputs, unit.unit), after, cohort)


def merged(was: Iterable[Any], moved: Iterable[Any], keys: int) -> tuple[Any, ...]:
    rows = {row[:keys]: row for row in was} | {row[:keys]: row for row in moved}
    return tuple(rows[key] for key in sorted(rows))


def applied(was: Outputs, moved: Rescored, unit: str) -> Outputs:
    """The outputs with what rescoring found in place; linkages left out."""

    def own(rows: Iterable[Any], new: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(
            sorted([*(row for row in rows if row.unit != unit), *new], key=lambda r: r[:3])
        )

    return Outputs(
        own(was.item_scores, moved.item_scores),
        own(was.event_effects, moved.event_effects),
        own(was.survey_scores, moved.survey_scores),
        merged(was.component_scores, moved.component_scores, 2),
        merged(was.results, moved.results, 1),
        (),
    )


def of_item(rows: Inputs, item: str) -> dict[str, tuple[Any, ...]]:
    """The rows under one item, by table."""
    names = ("targets", "not_applicable", "events", "measurements", "milestones", "marks")
    return {name: tuple(row for row in getattr(rows, name) if row.item == item) for name in names}


def a_change(rng: Random, scheme: Scheme, rows: Inputs) -> Inputs:
    """The unit's rows with other facts under its items, other answers, other adjustments."""
    parts = [Inputs(rows.units, rows.items)]
    for item in rows.items:
        refused = any(row.item == item.item for row in rows.not_applicable)
        if item.rule != "rank" and not refused and rng.random() < 0.7:
            new = rows_for(rng, item, rows.units[0].unit, scheme.year)
        else:
            new = Inputs((), (), **of_item(rows, item.item))
        parts.append(new)
    fresh = together(parts)
    kept = rng.sample(rows.responses, rng.randint(0, len(rows.responses)))
    extra = tuple(
        Adjustment(
            f"new-{kind}", rows.units[0].unit, kind, "复核", "文1号", rng.choice((0, 20_000))
        )
        for kind in ("bonus", "deduction", "bar_a", "force_c")
        if rng.random() < 0.25
    )
    others = {name: getattr(rows, name) for name in ("tiers", "history", "tenures", "successions")}
    return fresh._replace(responses=tuple(kept), adjustments=(*rows.adjustments, *extra), **others)


def units_refused(act: Callable[[], object]) -> set[object]:
    """The units that a refusal names; none where nothing was refused."""
    try:
        act()
    except FolderRefused as refused:
        return {problem.facts["unit"] for problem in refused.problems}
    return set()


@given(worlds(), st.integers(0, 2**32))
def test_rescoring_finds_what_the_whole_year_comes_to(world: World, seed: int) -> None:
    rng = Random(seed)  # noqa: S311
    scheme, inputs = world
    unit = rng.choice(inputs.units).unit
    after = a_change(rng, scheme, only(inputs, unit))
    was = assess(scheme, inputs)
    changed = exchanged(inputs, after, unit)

    if refused := units_refused(lambda: assess(scheme, changed)):
        assert units_refused(lambda: by_rescoring(scheme, inputs, after)) == refused
        return
    whole = assess(scheme, changed)
    moved = by_rescoring(scheme, inputs, after)

    assert applied(was, moved, unit) == whole._replace(linkages=())
    assert all(row not in was.results for row in moved.results)


def test_an_objection_won_moves_only_whom_it_moves() -> None:
    scheme, inputs = golden.scheme(), golden.inputs()
    unit = golden.CODES["a3"]

    moved = by_rescoring(scheme, inputs, only(golden.with_faults_withdrawn("a3"), unit))

    assert [row.composite for row in moved.results] == [8718]
    assert {row.unit for row in moved.component_scores} == {unit}
    assert moved.event_effects == ()


def test_a_tier_that_falls_free_moves_a_unit_of_the_department() -> None:
    scheme, inputs = golden.scheme(), golden.inputs()
    before = only(inputs, golden.CODES["a1"])
    worse = Measurement(golden.CODES["a1"], "W01", 300_000)

    moved = by_rescoring(scheme, inputs, before._replace(measurements=(worse,)))

    tiers = {row.unit: row.tier for row in moved.component_scores if row.component == "individual"}
    assert tiers == {golden.CODES["a1"]: "Ⅲ", golden.CODES["a2"]: "Ⅰ"}
    grades = {row.unit: row.grade for row in moved.results}
    assert grades[golden.CODES["a2"]] == "A"


def refused_table(change: Change) -> str:
    """The table that a change of the worked year's unit a1 is refused for."""
    scheme, inputs = golden.scheme(), golden.inputs()
    item = inputs.items[2]._replace(rule="rank", direction="up", zero_at=None, full_at=None)
    ranked = inputs._replace(items=(*inputs.items[:2], item, inputs.items[3]))
    after = change(only(ranked, golden.CODES["a1"]))
    cohort = cohort_of(scheme, ranked, assess(scheme, ranked), golden.CODES["a1"])
    with pytest.raises(NotCovered) as refused:
        rescore(scheme, only(ranked, golden.CODES["a1"]), after, cohort)
    return refused.value.table


def test_a_change_that_reaches_further_than_one_unit_is_refused() -> None:
    unit = golden.CODES["a1"]
    struck = (NotApplicable(unit, "W01", "职能划转"),)

    assert refused_table(lambda rows: rows._replace(measurements=())) == "measurements"
    assert refused_table(lambda rows: rows._replace(not_applicable=struck)) == "not_applicable"
    assert refused_table(lambda rows: rows._replace(items=rows.items[:3])) == "items"
    assert (
        refused_table(
            lambda rows: rows._replace(units=(rows.units[0]._replace(status="ungraded"),))
        )
        == "units"
    )


def test_a_change_that_undoes_the_tie_which_the_committee_decided_is_refused() -> None:
    inputs = golden.inputs()
    unit, other = golden.CODES["a1"], golden.CODES["a2"]
    of_both = {
        name: tuple(
            row._replace(unit=code)
            for code in (unit, other)
            for row in getattr(inputs, name)
            if row.unit == unit
        )
        for name in ("measurements", "marks")
    }
    inputs = inputs._replace(
        units=tuple(row for row in inputs.units if row.unit in (unit, other)),
        events=(),
        responses=(),
        adjustments=(Adjustment("S", unit, "seat", "议定", "纪要1号"),),
        **of_both,
    )
    scheme = replace(golden.scheme(), grading=Grading(a_share=50 * TICK))
    before = only(inputs, unit)
    bonus = Adjustment("B", unit, "bonus", "表彰", "文1号", TICK)

    assert units_refused(lambda: assess(scheme, inputs)) == set()
    with pytest.raises(FolderRefused):
        by_rescoring(scheme, inputs, before._replace(adjustments=(*before.adjustments, bonus)))


def test_a_change_under_an_exempt_unit_moves_nobody() -> None:
    inputs = golden.inputs()
    first, *rest = inputs.units
    inputs = inputs._replace(units=(first._replace(status="exempt"), *rest))
    rows = only(inputs, first.unit)

    assert by_rescoring(golden.scheme(), inputs, rows._replace(events=())) == Rescored()
