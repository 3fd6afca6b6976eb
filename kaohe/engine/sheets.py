"""From facts to cells: what each unit earned under each item, set-based."""

import narwhals as nw

from kaohe.core.quantities import FULL
from kaohe.core.tables import EVENT_RULES
from kaohe.engine import items as rules
from kaohe.engine.arithmetic import Frame, at_least_one, chosen, half_up, running, total, whole
from kaohe.engine.cells import Grid, addressed, follows
from kaohe.engine.events import ledger_totals
from kaohe.engine.tables import Bench

FLAGS = ("", "alone", "missing", "not-applicable", "nothing-to-measure")
_PARTS = ("numerator", "denominator")
_OWN_ENDS = ("zero_at", "full_at", "target")
_CELL = ("cell", "u", "i", "common", "worth", "earned", "facts", "flag")


def ranked_cells(bench: Bench, everyone: Grid) -> Frame:
    """What every value of a ranked item earns.

    A rank spans a department, so this takes all units at once.

    Returns:
        cell, u, earned: ticks, facts, flag: a place in ``FLAGS``.

    Source: docs/rules/scoring.md, I-10.
    """
    ranks = everyone.items.filter(follows("rank")).select("item", "direction", "worth")
    given = bench.given("measurements").select("unit", "item", "value", *_PARTS)
    located = bench.plan("ranked_values", everyone.located(given.join(ranks, on="item")))
    values = rules.with_values(located)
    falling = nw.when(nw.col("direction") == "down").then(1).otherwise(-1)
    units = everyone.units.select("u", "department", "status")
    ordered = values.join(units, on="u").with_columns(
        order=falling * nw.col("v"), graded=whole(nw.col("status") == "graded")
    )
    ordered = bench.plan("ranked_in_order", ordered)
    measured = ordered.filter(~nw.col("v").is_null())
    within = ("i", "department")
    blocks = measured.group_by(*within, "order").agg(graded=total(nw.col("graded")))
    counted = blocks.select(
        *within,
        "order",
        better=running(nw.col("graded"), within, ("order",)) - nw.col("graded"),
        ranked=total(nw.col("graded")).over(*within),
    )
    places = ordered.drop("graded").join(counted, on=[*within, "order"], how="left")
    alone = nw.when(nw.col("ranked") <= 1).then(FLAGS.index("alone")).otherwise(0)
    share, of = rules.rank()
    earned = half_up(places, earned=(nw.col("worth") * share, of))
    return bench.keep("ranked", earned.select("cell", "u", **_measured_cell(alone)))


def _measured_cell(flag: nw.Expr) -> dict[str, nw.Expr]:
    """Earned, facts and flag of a measurement; without ``v`` there was nothing to measure."""
    nothing = nw.col("v").is_null()
    return {
        "earned": nw.when(~nothing).then(nw.col("earned")),
        "facts": nw.lit(1, nw.Int64()),
        "flag": nw.when(nothing).then(FLAGS.index("nothing-to-measure")).otherwise(flag),
    }


def _by_measurement(bench: Bench, place: Grid) -> Frame:
    facts = bench.given("measurements").select("unit", "item", "value", *_PARTS)
    known = place.located(facts, "rule", "worth", *rules.columns_used(place))
    if "rank" in place.rules:
        known = known.filter(~follows("rank"))
    known = bench.plan("measured", known.drop("u", "i", "unit", "item"))
    if place.uses("targets"):
        known = bench.plan("measured_beside", _with_own_ends(bench, place, known))
    known = rules.with_values(known)
    if "growth" in place.rules and place.uses("targets"):
        known = rules.with_growth(known)
    share, of = rules.earned_share(place)
    found = half_up(known, earned=(nw.col("worth") * share, of))
    return found.select("cell", **_measured_cell(nw.lit(0)))


def _with_own_ends(bench: Bench, place: Grid, known: Frame) -> Frame:
    """A unit's own values in place of the item's."""
    used = [end for end in _OWN_ENDS if end in known.columns]
    own_columns = {f"own_{end}": nw.col(end) for end in used}
    given = bench.given("targets").select("unit", "item", "base", **own_columns)
    own = place.located(given).select("cell", "base", *own_columns)
    in_place = {end: nw.coalesce(nw.col(f"own_{end}"), nw.col(end)) for end in used}
    return known.join(own, on="cell", how="left").with_columns(**in_place)


def _by_milestones(bench: Bench, place: Grid) -> Frame:
    rows = bench.given("milestones").select("unit", "item", "share", "due_on", "done_on")
    located = bench.plan("milestones", place.located(rows, "late_per_day", "worth"))
    return _plain(rules.milestones(located))


def _by_marks(bench: Bench, place: Grid) -> Frame:
    rows = bench.given("marks").select("unit", "item", "points")
    return _plain(rules.marks(bench.plan("marks", place.located(rows, "trim"))))


def _by_events(bench: Bench, place: Grid, effects: Frame) -> Frame:
    known = place.items.select("item", "rule", "worth")
    totals = ledger_totals(effects).join(known, on="item")
    return _plain(totals.with_columns(earned=rules.deduction_or_accrual()))


def _plain(facts: Frame) -> Frame:
    return facts.select("cell", "earned", "facts", flag=nw.lit(0))


def facts_of_cells(
    bench: Bench, place: Grid, effects: Frame | None, ranked: Frame | None
) -> Frame | None:
    """The cells that have facts, and what these earn; None where there is no fact at all.

    Args:
        effects: of the part's events; None: no event counts.
        ranked: ``ranked_cells``; None: no ranked item has a value.

    Returns:
        cell, u, i, common, worth, earned: ticks, facts, flag: a place in ``FLAGS``.

    Source: docs/rules/scoring.md, R-2, I-1 to I-11.
    """
    found = []
    if place.uses("measurements", rules.FRACTIONS):
        found.append(bench.plan("by_measurement", _by_measurement(bench, place)))
    if ranked is not None:
        found.append(place.numbered_within(ranked).select("cell", "earned", "facts", "flag"))
    if effects is not None:
        found.append(bench.plan("by_events", _by_events(bench, place, effects)))
    if place.uses("milestones", ("milestones",)):
        found.append(bench.plan("by_milestones", _by_milestones(bench, place)))
    if place.uses("marks", ("marks",)):
        found.append(bench.plan("by_marks", _by_marks(bench, place)))
    if not found:
        return None
    together = bench.plan("by_facts", nw.concat(found, how="vertical"))
    numbered = together.with_columns(u=nw.col("cell") // place.width)
    numbered = numbered.with_columns(i=nw.col("cell") - nw.col("u") * place.width)
    items = place.items.select("i", "common", "worth")
    return bench.keep("facts", numbered.join(items, on="i").select(*_CELL))


def cells(bench: Bench, place: Grid, facts: Frame | None) -> Frame:
    """Every cell of a part with what it earned; earned is empty where the item does not apply.

    Args:
        facts: ``facts_of_cells``.

    Returns:
        The columns of ``facts``.

    Source: docs/rules/scoring.md, R-3; docs/rules/outputs.md, O-1, O-5.
    """
    silent = bench.plan("addressed", addressed(place))
    if facts is not None:
        silent = silent.join(facts.select("cell"), on="cell", how="anti")
    excused: nw.Expr = nw.lit(False)
    if place.uses("not_applicable"):
        rows = place.located(bench.given("not_applicable").select("unit", "item"))
        silent = silent.join(rows.select("cell", excused=nw.lit(True)), on="cell", how="left")
        excused = nw.col("excused").fill_null(False)
    kept = nw.when(follows("deduction")).then(nw.col("worth")).otherwise(0)
    needed = ~follows(*sorted(EVENT_RULES))
    flag = nw.when(needed).then(FLAGS.index("missing")).otherwise(0)
    concluded = silent.with_columns(
        earned=nw.when(~excused).then(kept),
        facts=nw.lit(0, nw.Int64()),
        flag=nw.when(excused).then(FLAGS.index("not-applicable")).otherwise(flag),
    )
    silent = bench.keep("silent", concluded.select(*_CELL))
    return silent if facts is None else nw.concat([facts, silent], how="vertical")


def item_scores(place: Grid, found: Frame) -> Frame:
    """The rows of ``item_scores``, and ``cell``, by which they sort as by their key.

    Args:
        found: ``cells`` of the part.

    Source: docs/rules/outputs.md, O-1, O-5.
    """
    named = found.join(place.items.select("i", "item", "component"), on="i")
    return named.join(place.units.select("u", "unit"), on="u").with_columns(
        points="worth", flags=chosen(nw.col("flag"), dict(enumerate(FLAGS)), "")
    )


def component_sums(found: Frame, not_applicable: str) -> Frame:
    """S of the common and of the individual component of each unit; empty where it is missing.

    Args:
        found: ``cells``.
        not_applicable: "rescale" leaves such an item out, "full" counts it as earned.

    Returns:
        u, common, individual: ticks.

    Source: docs/rules/scoring.md, C-1.
    """
    applies = ~nw.col("earned").is_null()
    points, earned = nw.col("worth"), nw.col("earned")
    if not_applicable == "full":
        earned = nw.coalesce(earned, points)
    else:
        points = nw.when(applies).then(points).otherwise(0)
    of_component = {"common": nw.col("common"), "individual": ~nw.col("common")}
    sums = {
        f"{name}_{component}": total(nw.when(belongs).then(terms).otherwise(0))
        for component, belongs in of_component.items()
        for name, terms in (("points", points), ("earned", earned.fill_null(0)))
    }
    names = ("common", "individual")
    both = half_up(
        found.group_by("u").agg(**sums),
        **{
            name: (FULL * nw.col(f"earned_{name}"), at_least_one(nw.col(f"points_{name}")))
            for name in names
        },
    )
    scores = {name: nw.when(nw.col(f"points_{name}") > 0).then(nw.col(name)) for name in names}
    return both.select("u", **scores)
