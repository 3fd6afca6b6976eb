"""One assessment: from the typed tables to the six result tables, on DuckDB.

A folder of many units is scored in parts of so many units each, in order of their codes, up to the
components; what needs everybody (ranks under an item, tiers, grades) takes all units at once.
"""

from collections.abc import Iterator

import duckdb
import narwhals as nw

import kaohe.core.standing  # noqa: F401  (declares what choices of seats may get wrong)
from kaohe.core.problems import FolderRefused, Problem
from kaohe.core.scheme import Scheme
from kaohe.core.tables import COMPONENTS
from kaohe.engine.arithmetic import Frame
from kaohe.engine.cells import Grid, Part, grid
from kaohe.engine.composite import STANDS, adjustments_by_unit, with_composite
from kaohe.engine.events import effects, uses_events
from kaohe.engine.grading import graded_units
from kaohe.engine.linkages import proposals
from kaohe.engine.sheets import cells, component_sums, facts_of_cells, item_scores, ranked_cells
from kaohe.engine.survey import channel_scores, component_scores, uses_survey
from kaohe.engine.tables import Bench, Sink
from kaohe.engine.tiers import tier_name, with_adjusted, with_tiers

UNITS_AT_A_TIME = 60_000


def score(
    con: duckdb.DuckDBPyConnection,
    scheme: Scheme,
    sink: Sink | None = None,
    *,
    units_at_a_time: int = UNITS_AT_A_TIME,
) -> None:
    """Everything that one year's facts come to under its scheme.

    Args:
        con: holds the typed tables of a sound folder.
        sink: takes each result table in order of its key, and reads it before it returns;
            ``item_scores`` and ``survey_scores`` come in as many pieces as there are parts.
            None: tables of those names are made in ``con``.
        units_at_a_time: with more units than this, they are scored in parts.

    Raises:
        FolderRefused: the committee's choices of seats do not fit the tie at the last seat.

    Source: docs/rules/scoring.md, N-3, N-4; docs/rules/outputs.md, O-1.
    """
    with Bench(con, sink) as bench:
        everyone = grid(bench)
        ranked = None
        if everyone.uses("measurements", ("rank",)):
            ranked = ranked_cells(bench, everyone)
        for place in parts(bench, everyone, units_at_a_time):
            _score_part(bench, place, scheme, ranked)
        bench.release("facts", "silent", "effects", "channels", "ranked")
        bench.emit("event_effects", _all_effects(bench))
        bench.release("all_effects")
        standing = _standing(bench, everyone, scheme)
        bench.emit("component_scores", component_rows(standing))
        results = _results(bench, everyone, standing, scheme)
        bench.emit("results", results)
        bench.emit("linkages", proposals(bench, results, scheme))


def _all_effects(bench: Bench) -> Frame:
    kept = bench.kept("all_effects")
    return bench.nothing("event_effects") if kept is None else kept


def parts(bench: Bench, everyone: Grid, units_at_a_time: int) -> Iterator[Grid]:
    """The grid whole, or cut into parts of so many units in order of their codes."""
    number = bench.rows(everyone.units.select(nw.len()))[0][0]
    if number <= units_at_a_time:
        yield everyone
        return
    place = nw.col("u") % units_at_a_time
    at_an_edge = (place == 0) | (place == units_at_a_time - 1) | (nw.col("u") == number - 1)
    codes = dict(bench.rows(everyone.units.filter(at_an_edge).select("u", "unit")))
    for first in range(0, number, units_at_a_time):
        last = min(first + units_at_a_time, number) - 1
        yield everyone.for_part(Part(codes[first], codes[last], first, last))


def _score_part(bench: Bench, place: Grid, scheme: Scheme, ranked: Frame | None) -> None:
    """Cells, effects, survey and components of a part: kept or given to the sink."""
    found = None
    if uses_events(place):
        found = bench.keep("effects", effects(bench, place, scheme.self_correction_relief))
        bench.add("all_effects", found.select("event", "unit", "item", "effect"))
    scored = cells(bench, place, facts_of_cells(bench, place, found, ranked))
    bench.emit("item_scores", item_scores(place, scored), order_by=("cell",))
    bench.add("components", component_sums(scored, scheme.not_applicable))
    if not uses_survey(place, scheme.survey):
        bench.emit("survey_scores", bench.nothing("survey_scores"))
        return
    channels = bench.keep("channels", channel_scores(bench, place, scheme.survey))
    bench.emit("survey_scores", channels)
    bench.add("social", component_scores(channels, scheme.survey))


def _standing(bench: Bench, everyone: Grid, scheme: Scheme) -> Frame:
    """Every unit that is not exempt with its tier and its components, S and S′.

    Returns:
        UNIT_COLUMNS, place, tier; NAME and NAME_adjusted for each component.

    Source: docs/rules/scoring.md, C-1, C-2, C-3.
    """
    units = everyone.units
    components = bench.kept("components")
    if components is not None:
        units = units.join(components, on="u", how="left")
    social = bench.kept("social")
    if social is None:
        units = units.with_columns(social=nw.lit(None, nw.Int64()))
    else:
        units = units.join(social, on="u", how="left")
    policy = scheme.tier_policy
    tiered = with_tiers(bench.keep("scored", units), policy, bench.given("tiers"))
    tiered = with_adjusted(tiered, policy)
    bench.release("components", "social")
    return bench.keep(
        "standing",
        tiered.with_columns(
            tier=tier_name(policy),
            common_adjusted=nw.col("common"),
            social_adjusted=nw.col("social"),
        ),
    )


def component_rows(standing: Frame) -> Frame:
    """The three rows of each unit in ``component_scores``.

    Source: docs/rules/outputs.md, O-1, O-5.
    """
    rows = []
    for component in COMPONENTS:
        score = nw.col(component)
        tier = nw.col("tier") if component == "individual" else nw.lit(None, nw.String())
        missing = nw.when(score.is_null()).then(nw.lit("component-missing"))
        rows.append(
            standing.select(
                "unit",
                component=nw.lit(component),
                score=score,
                tier=tier,
                adjusted=nw.col(f"{component}_adjusted"),
                flags=missing.otherwise(nw.lit("")),
            )
        )
    return nw.concat(rows, how="vertical")


def _results(bench: Bench, everyone: Grid, standing: Frame, scheme: Scheme) -> Frame:
    """The rows of ``results``, with staff and funding_basis.

    Source: docs/rules/grading.md, G-4, G-5; docs/rules/outputs.md, O-1, O-5.
    """
    parts_of_none = ("bonus", "deduction", *STANDS)
    if everyone.uses("adjustments"):
        adjustments = adjustments_by_unit(bench.given("adjustments"))
        standing = standing.join(adjustments, on="unit", how="left").with_columns(
            **{name: nw.col(name).fill_null(0) for name in parts_of_none}
        )
    else:
        zero = nw.lit(0, nw.Int64())
        standing = standing.with_columns(**dict.fromkeys(parts_of_none, zero))
    totals = bench.keep("totals", with_composite(standing, scheme))
    graded = totals.filter(nw.col("status") == "graded")
    grades = bench.keep("grades", graded_units(bench, graded, scheme))
    if everyone.uses("adjustments"):
        _refuse_unsound_seats(bench, totals, grades, scheme)
    return bench.keep("results", _result_rows(bench.given("units"), totals, grades))


def _result_rows(units: Frame, totals: Frame, grades: Frame) -> Frame:
    missing = nw.col("common").is_null() | nw.col("individual").is_null()
    missing = (missing | nw.col("social").is_null()) & (nw.col("status") != "exempt")
    tied = nw.col("reasons") == "tie-at-last-seat"
    flags = [
        nw.when(missing).then(nw.lit("component-missing")),
        nw.when(tied).then(nw.lit("tie-at-last-seat")),
    ]
    return (
        units.select("unit", "name", "group", "department", "status", "staff", "funding_basis")
        .join(totals.drop("group", "department", "status"), on="unit", how="left")
        .join(grades.drop("seat"), on="u", how="left")
        .with_columns(
            grade=nw.col("grade").fill_null("none"),
            reasons=nw.coalesce(nw.col("reasons"), nw.col("status")),
            flags=nw.concat_str(flags, separator=";", ignore_nulls=True),
        )
    )


def _refuse_unsound_seats(bench: Bench, totals: Frame, grades: Frame, scheme: Scheme) -> None:
    """Refuse where the committee's choices of seats do not fit the tie that they are to resolve.

    Source: docs/rules/grading.md, G-3.
    """
    chosen = totals.filter(nw.col("seat") > 0).select("u", "unit")
    known = chosen.join(grades, on="u", how="left").select("unit", "tied", "too_many")
    committee = scheme.grading.tie_at_last_seat == "committee"
    problems = []
    for unit, tied, too_many in bench.rows(known):
        if too_many and committee:
            code = "seats-too-many"
        elif tied and committee:
            continue
        else:
            code = "seat-not-tied"
        problems.append(Problem(code, "adjustments", column="unit", facts={"unit": unit}))
    if problems:
        raise FolderRefused(problems)
