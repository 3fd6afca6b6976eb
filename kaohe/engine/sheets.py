"""From facts to cells: what each unit earned under each item, set-based."""

import narwhals as nw

from kaohe.core.quantities import FULL
from kaohe.core.tables import EVENT_RULES, MEASURED_RULES
from kaohe.engine import items as rules
from kaohe.engine.arithmetic import Frame, at_least_one, chosen, half_up, running, total, whole
from kaohe.engine.cells import RULE_COLUMNS, Grid, addressed, follows
from kaohe.engine.events import ledger_totals
from kaohe.engine.tables import Bench

FLAGS = ("", "alone", "missing", "not-applicable", "nothing-to-measure")
_PARTS = ("numerator", "denominator")
_OWN_ENDS = ("zero_at", "full_at", "target")


def places_by_rank(bench: Bench, everyone: Grid) -> Frame:
    """How many graded units of the department stand before each value, and how many they are.

    A rank spans a department, so this takes all units at once.

    Returns:
        cell, better, ranked.

    Source: docs/rules/scoring.md, I-10.
    """
    ranks = everyone.items.filter(follows("rank")).select("item", "direction")
    values = everyone.located(bench.given("measurements").join(ranks, on="item"))
    falling = nw.when(nw.col("direction") == "down").then(1).otherwise(-1)
    ordered = values.join(everyone.units.select("u", "department", "status"), on="u").select(
        "cell", "i", "department", "status", "direction", "value", *_PARTS
    )
    ordered = (
        rules.with_values(ordered)
        .filter(~nw.col("v").is_null())
        .with_columns(order=falling * nw.col("v"), graded=whole(nw.col("status") == "graded"))
    )
    blocks = ordered.group_by("i", "department", "order").agg(graded=total(nw.col("graded")))
    within = ("i", "department")
    counted = blocks.with_columns(
        better=running(nw.col("graded"), within, ("order",)) - nw.col("graded"),
        ranked=total(nw.col("graded")).over(*within),
    )
    places = ordered.select("cell", "i", "department", "order").join(
        counted, on=["i", "department", "order"]
    )
    return bench.keep("ranked", places.select("cell", "better", "ranked"))


def _measured(bench: Bench, place: Grid, ranked: Frame | None) -> Frame:
    """What each measurement earns.  Returns: cell, earned, facts, flag."""
    facts = bench.given("measurements").select("unit", "item", "value", *_PARTS)
    steps = [f"{kind}_{step}" for kind in ("step", "percent") for step in range(1, place.steps + 1)]
    known = place.located(facts, "rule", "worth", *RULE_COLUMNS[:4], *steps)
    known = bench.plan("measured", known.drop("u", "i", "unit", "item"))
    if place.uses("targets"):
        own = place.located(
            bench.given("targets").select(
                "unit", "item", "base", *(nw.col(end).alias(f"own_{end}") for end in _OWN_ENDS)
            )
        )
        chosen = {end: nw.coalesce(nw.col(f"own_{end}"), nw.col(end)) for end in _OWN_ENDS}
        own = own.select("cell", "base", *(f"own_{end}" for end in _OWN_ENDS))
        known = known.join(own, on="cell", how="left").with_columns(**chosen)
    if ranked is not None:
        known = known.join(ranked, on="cell", how="left")
    known = bench.plan("measured_beside", known)
    known = rules.with_values(known)
    if "growth" in place.rules and place.uses("targets"):
        known = rules.with_growth(known)
    alone = nw.lit(False)
    if ranked is not None:
        alone = follows("rank") & (nw.col("ranked") <= 1)
    share, of = rules.earned_share(place)
    flag = (
        nw.when(nw.col("v").is_null())
        .then(FLAGS.index("nothing-to-measure"))
        .when(alone)
        .then(FLAGS.index("alone"))
        .otherwise(0)
    )
    earned = nw.when(~nw.col("v").is_null()).then(nw.col("earned"))
    return half_up(known, earned=(nw.col("worth") * share, of)).select(
        "cell", earned=earned, facts=nw.lit(1, nw.Int64()), flag=flag
    )


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
    """What the facts of each cell earn; None where there is no fact at all.

    Args:
        effects: of the part's events; None: no event counts.
        ranked: kept by ``places_by_rank``; None: no ranked item has a value.

    Returns:
        cell, earned: ticks, facts, flag: a place in ``FLAGS``.  A cell without facts has no row.

    Source: docs/rules/scoring.md, R-2, I-1 to I-11.
    """
    found = []
    if place.uses("measurements", MEASURED_RULES):
        found.append(bench.plan("by_measurement", _measured(bench, place, ranked)))
    if effects is not None:
        found.append(bench.plan("by_events", _by_events(bench, place, effects)))
    if place.uses("milestones", ("milestones",)):
        found.append(bench.plan("by_milestones", _by_milestones(bench, place)))
    if place.uses("marks", ("marks",)):
        found.append(bench.plan("by_marks", _by_marks(bench, place)))
    return nw.concat(found, how="vertical") if found else None


def cells(bench: Bench, place: Grid, facts: Frame | None) -> Frame:
    """Every cell of a part with what it earned; earned is empty where the item does not apply.

    Returns:
        cell, u, i, common, worth, earned, facts, flag: a place in ``FLAGS``.

    Source: docs/rules/scoring.md, R-3; docs/rules/outputs.md, O-1, O-5.
    """
    found = bench.plan("addressed", addressed(place))
    if facts is None:
        found = found.with_columns(
            earned=nw.lit(None, nw.Int64()),
            facts=nw.lit(None, nw.Int64()),
            flag=nw.lit(None, nw.Int64()),
        )
    else:
        found = found.join(facts, on="cell", how="left")
    excused: nw.Expr = nw.lit(False)
    if place.uses("not_applicable"):
        rows = place.located(bench.given("not_applicable").select("unit", "item"))
        found = found.join(rows.select("cell", excused=nw.lit(True)), on="cell", how="left")
        excused = nw.col("excused").fill_null(False)
    return found.select("cell", "u", "i", "common", "worth", **_concluded(excused))


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


def _concluded(excused: nw.Expr) -> dict[str, nw.Expr]:
    """Earned, facts and flag of a cell, with or without facts."""
    silent = nw.col("facts").is_null()
    kept = nw.when(follows("deduction")).then(nw.col("worth")).otherwise(0)
    needed = ~follows(*sorted(EVENT_RULES))
    earned = nw.when(silent).then(kept).otherwise(nw.col("earned"))
    return {
        "earned": nw.when(~excused).then(earned),
        "facts": nw.when(excused | silent).then(0).otherwise(nw.col("facts")).cast(nw.Int64()),
        "flag": nw.when(excused)
        .then(FLAGS.index("not-applicable"))
        .when(silent & needed)
        .then(FLAGS.index("missing"))
        .otherwise(nw.col("flag").fill_null(0)),
    }


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
