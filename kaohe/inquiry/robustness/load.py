"""From typed tables and result tables to the arrays of a simulation."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
import narwhals as nw
import numpy as np

from kaohe.core.quantities import FULL
from kaohe.core.scheme import Scheme
from kaohe.core.tables import COMPONENTS
from kaohe.engine.arithmetic import total
from kaohe.engine.cells import grid
from kaohe.engine.survey import response_scores, uses_survey
from kaohe.engine.tables import Bench
from kaohe.inquiry.robustness.cohort import (
    MISSING,
    NO_CAP,
    Array,
    Cohort,
    SurveyMeans,
    Undecided,
)

Columns = dict[str, Array]


def cohort_from(con: duckdb.DuckDBPyConnection, scheme: Scheme) -> Cohort:
    """The graded units of a scored folder.

    Args:
        con: holds the typed tables of a sound folder and the result tables made from them.
    """
    with _made(con, "cohort", _COHORT.format(scope=_SCOPES[scheme.tier_policy.scope])):
        units = _columns(con, "SELECT * FROM cohort ORDER BY u")
        size = len(units["u"])
        starts = np.unique(units["place"], return_index=True)[1]
        score, adjusted, tier = _components(con, scheme, size)
        standing = _columns(con, _STANDING)
        return Cohort(
            unit=units["unit"],
            name=units["name"],
            department=units["department"],
            groups=tuple(units["group"][starts]),
            group_start=np.append(starts, size).astype(np.int64),
            composite=units["composite"],
            rank=units["rank"],
            grade=units["grade"],
            score=score,
            adjusted=adjusted,
            extra=units["extra"],
            tier=tier,
            scope=units["scope"],
            forced=_marked(standing, "force_c", size),
            barred=_marked(standing, "bar_a", size),
            chosen=_marked(standing, "seat", size),
            survey=_survey(con, scheme, size),
            undecided=_undecided(con, scheme),
        )


_SCOPES = {"department": "department", "group": '"group"', "jurisdiction": "1"}
_COHORT = """
    SELECT row_number() OVER (ORDER BY "group", unit) - 1 AS u, unit, name, department, "group",
        dense_rank() OVER (ORDER BY "group") - 1 AS place,
        dense_rank() OVER (ORDER BY {scope}) - 1 AS scope,
        composite, rank, grade, bonus - deduction AS extra
    FROM results WHERE rank IS NOT NULL
"""
_COMPONENTS = """
    SELECT u, component, score, adjusted, coalesce(tier, '') AS tier
    FROM component_scores JOIN cohort USING (unit) WHERE score IS NOT NULL
"""
_STANDING = "SELECT u, kind FROM adjustments JOIN cohort USING (unit)"


@contextmanager
def _made(con: duckdb.DuckDBPyConnection, name: str, query: str) -> Iterator[None]:
    """A temporary table for the length of a block."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")
    try:
        yield
    finally:
        con.execute(f"DROP TABLE temp.{name}")


def _columns(
    con: duckdb.DuckDBPyConnection, query: str, values: list[Any] | None = None
) -> Columns:
    """The columns of a query, whole numbers as int64.  No cell may be NULL."""
    found = con.execute(query, values or []).fetchnumpy()
    columns: Columns = {}
    for name, column in found.items():
        plain = np.ma.getdata(column)
        columns[name] = plain.astype(np.int64) if plain.dtype.kind in "iu" else plain
    return columns


def _marked(standing: Columns, kind: str, size: int) -> Array:
    marks = np.zeros(size, dtype=np.bool_)
    marks[standing["u"][standing["kind"] == kind]] = True
    return marks


def _components(
    con: duckdb.DuckDBPyConnection, scheme: Scheme, size: int
) -> tuple[Array, Array, Array]:
    """S and S′ by component, and the place of each unit's tier."""
    found = _columns(con, _COMPONENTS)
    score = np.full((len(COMPONENTS), size), MISSING, dtype=np.int64)
    adjusted = score.copy()
    for place, component in enumerate(COMPONENTS):
        own = found["component"] == component
        score[place, found["u"][own]] = found["score"][own]
        adjusted[place, found["u"][own]] = found["adjusted"][own]
    tier = np.full(size, -1, dtype=np.int64)
    for place, each in enumerate(scheme.tier_policy.tiers):
        tier[found["u"][found["tier"] == each.name]] = place
    return score, adjusted, tier


_CHANNELS = """
    SELECT u, list_position(?, round) - 1 AS round, list_position(?, channel) - 1 AS channel,
        score, weight_used
    FROM survey_scores JOIN cohort USING (unit) WHERE score IS NOT NULL
"""
# The square of twice the standard error s/√n, whole; s² has the divisor n - 1.
_ERRORS = """
    SELECT u, list_position(?, round) - 1 AS round, list_position(?, channel) - 1 AS channel,
        CAST(4 * (n * squares - sum * sum) // (n * n * (n - 1)) AS BIGINT) AS square
    FROM (SELECT unit, round, channel, CAST(counted AS HUGEINT) AS n,
            CAST(sum AS HUGEINT) AS sum, CAST(squares AS HUGEINT) AS squares
        FROM temp.kaohe_spread WHERE counted >= 2)
    JOIN cohort USING (unit)
"""


def _survey(con: duckdb.DuckDBPyConnection, scheme: Scheme, size: int) -> SurveyMeans | None:
    """The channels' means, weights and standard errors; None where nobody was asked.

    Source: docs/rules/survey.md, E-3, E-4, E-5.
    """
    rounds = [each.code for each in scheme.survey.rounds]
    channels = [each.code for each in scheme.survey.channels]
    shape = len(rounds), len(channels), size
    with Bench(con, None) as bench:
        everyone = grid(bench)
        if not uses_survey(everyone, scheme.survey):
            return None
        scores = response_scores(bench, bench.given("responses"), scheme.survey)
        score = nw.col("score")
        spread = scores.group_by("unit", "round", "channel").agg(
            counted=score.count(), sum=total(score), squares=total(score * score)
        )
        bench.keep("spread", spread)
        squares = _columns(con, _ERRORS, [rounds, channels])
    mean, error, weight = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    known = _columns(con, _CHANNELS, [rounds, channels])
    at = known["round"], known["channel"], known["u"]
    mean[at], weight[at] = known["score"], known["weight_used"]
    root = np.floor(np.sqrt(squares["square"].astype(np.float64)))  # exact below 2^52
    error[squares["round"], squares["channel"], squares["u"]] = (root + 1) // 2
    weights = np.array([each.weight for each in scheme.survey.rounds], dtype=np.float64)
    return SurveyMeans(mean, error, weight, weights)


# Events that a confirmed event reverses are out, whatever the others turn out to be.
_OPEN = """
    WITH standing AS (
        SELECT e.event, c.u, i.item, i.component, i.rule, i.points AS worth, e.kind, k.cap,
            e.status = 'confirmed' AS certain, coalesce(e.points, k.points) AS points,
            e.self_corrected AND i.rule = 'deduction' AS relieved
        FROM events e JOIN cohort c USING (unit) JOIN items i USING (item)
            JOIN item_kinds k ON k.item = e.item AND k.kind = e.kind
        WHERE e.reverses IS NULL AND e.status <> 'withdrawn' AND e.event NOT IN
            (SELECT reverses FROM events WHERE status = 'confirmed' AND reverses IS NOT NULL)
    ), doubted AS (
        SELECT DISTINCT reverses AS event FROM events WHERE status IN ('pending', 'objected')
    )
    SELECT event, u, item, if(component = 'common', 0, 1) AS component,
        rule = 'deduction' AS deducts, worth, kind, coalesce(cap, {no_cap}) AS cap, certain,
        NOT certain OR event IN (SELECT event FROM doubted WHERE event IS NOT NULL) AS open,
        if(relieved, (2 * points * {kept} + {full}) // (2 * {full}), points) AS value
    FROM standing
"""
_KINDS = """
    SELECT u, component, item, kind, deducts, worth, cap,
        CAST(coalesce(sum(value) FILTER (NOT open), 0) AS BIGINT) AS base,
        count(*) FILTER (open) AS events
    FROM ledger WHERE (u, item) IN (SELECT (u, item) FROM ledger WHERE open)
    GROUP BY ALL
"""
_ITEMS = """
    SELECT u, component, item, any_value(deducts) AS deducts, any_value(worth) AS worth,
        CAST(coalesce(sum(least(base, cap)) FILTER (events = 0), 0) AS BIGINT) AS other,
        count(*) FILTER (events > 0) AS kinds
    FROM open_kinds GROUP BY ALL ORDER BY ALL
"""
_CELLS = """
    SELECT c.u, i.component, any_value(i.items) AS items,
        CAST(coalesce(sum(coalesce(s.earned, {absent})) FILTER (s.item NOT IN
            (SELECT item FROM open_kinds k WHERE k.u = c.u)), 0) AS BIGINT) AS earned,
        CAST(sum(if(s.earned IS NULL, {absent}, s.points)) AS BIGINT) AS points
    FROM item_scores s JOIN cohort c USING (unit)
        JOIN (SELECT u, component, count(DISTINCT item) AS items FROM open_kinds GROUP BY ALL) i
        ON i.u = c.u AND s.component = if(i.component = 0, 'common', 'individual')
    GROUP BY c.u, i.component ORDER BY c.u, i.component
"""
_COINS = """
    SELECT event, row_number() OVER (ORDER BY event) - 1 AS coin FROM (
        SELECT event FROM ledger WHERE open AND NOT certain
        UNION SELECT event FROM events WHERE status IN ('pending', 'objected')
            AND reverses IN (SELECT event FROM ledger WHERE open))
"""
_EVENTS = """
    SELECT value, coalesce(if(certain, -1, coin), -1) AS coin, event,
        row_number() OVER (ORDER BY u, component, item, kind, event) - 1 AS place
    FROM ledger LEFT JOIN coins USING (event) WHERE open ORDER BY place
"""
_DENIALS = """
    SELECT place, c.coin FROM ({events}) AS e JOIN events r ON r.reverses = e.event
        JOIN coins c ON c.event = r.event ORDER BY place, c.coin
"""


def _undecided(con: duckdb.DuckDBPyConnection, scheme: Scheme) -> Undecided | None:
    """The open events of the cohort and where their points land; None where none matters.

    Source: docs/rules/scoring.md, R-1, I-7, I-8, C-1.
    """
    kept = FULL - scheme.self_correction_relief
    ledger = _OPEN.format(no_cap=NO_CAP, kept=kept, full=FULL)
    absent = "s.points" if scheme.not_applicable == "full" else "0"
    with _made(con, "ledger", ledger), _made(con, "coins", _COINS):
        with _made(con, "open_kinds", _KINDS):
            kinds = _columns(con, "SELECT * FROM open_kinds WHERE events > 0 ORDER BY ALL")
            items = _columns(con, _ITEMS)
            cells = _columns(con, _CELLS.format(absent=absent))
        events = _columns(con, _EVENTS)
        denials = _columns(con, _DENIALS.format(events=_EVENTS))
        coins = _columns(con, "SELECT event FROM coins ORDER BY coin")
    if not len(events["value"]):
        return None
    return Undecided(
        coins=coins["event"],
        event_points=events["value"],
        event_coin=events["coin"],
        denial_event=denials["place"],
        denial_coin=denials["coin"],
        kind_start=_starts(kinds["events"]),
        kind_base=kinds["base"],
        kind_cap=kinds["cap"],
        item_start=_starts(items["kinds"]),
        item_points=items["worth"],
        item_deducts=items["deducts"],
        item_other=items["other"],
        cell_start=_starts(cells["items"]),
        cell_unit=cells["u"],
        cell_component=cells["component"],
        cell_earned=cells["earned"],
        cell_points=cells["points"],
    )


def _starts(numbers: Array) -> Array:
    """Where each of some slices begins, and the end, from how long they are."""
    return np.concatenate([[0], np.cumsum(numbers)]).astype(np.int64)
