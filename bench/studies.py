"""What is measured inside one process: robustness, our share of the peers' work, one event.

``python -m bench.studies FOLDER SCORES`` opens and scores a folder once, measures on it, writes the
component scores for ``bench.peers`` to SCORES, and prints CPU seconds as JSON.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from bench.measure import cpu_of
from kaohe.core.quantities import TICK
from kaohe.core.rescoring import Cohort as Standings
from kaohe.core.rescoring import cohort_of, rescore
from kaohe.core.rows import (
    Adjustment,
    ComponentScore,
    Inputs,
    ManualTier,
    Outputs,
    Result,
    Unit,
)
from kaohe.core.scheme import Scheme
from kaohe.folder.rows import fetch_inputs
from kaohe.folder.typed import column_list
from kaohe.inquiry.opening import opened, score_opened
from kaohe.inquiry.robustness.cohort import Cohort
from kaohe.inquiry.robustness.load import cohort_from
from kaohe.inquiry.robustness.simulate import NO_UNCERTAINTY, Uncertainty, simulate

REPEATS = 5


def main(folder: Path, scores: Path) -> None:
    """Measure, and print."""
    with opened(folder) as ready:
        score_opened(ready)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        cohort = cohort_from(ready.con, ready.scheme)
        load = cpu_of(lambda: cohort_from(ready.con, ready.scheme), 1)
        event = one_event(ready.con, ready.scheme)
        scheme = ready.scheme
    share_with_peers(cohort, scheme, scores)
    found = {"load": load, "scored_peak": before, **robustness(cohort, scheme), **event}
    found["ours"] = cpu_of(lambda: simulate(cohort, scheme, NO_UNCERTAINTY), REPEATS)
    found["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found))


def robustness(cohort: Cohort, scheme: Scheme) -> dict[str, float]:
    """1,000 draws: weights alone, everything, and the matrix products that weights alone need.

    Both products write a new array for each group.  ``product`` keeps them, as somebody must who
    wants them all; ``product_dropped`` throws each away, so that the next lies in the same memory.
    """
    weights = Uncertainty(survey=False, events=False)
    points = [
        np.ascontiguousarray(np.maximum(cohort.adjusted[:, units], 0).T, dtype=np.float64)
        for _, units in cohort.slices()
    ]
    drawn = np.ascontiguousarray(np.random.default_rng(1).random((3, weights.draws)))

    def dropped() -> None:
        for group in points:
            group @ drawn

    return {
        "units": cohort.size,
        "groups": len(points),
        "weights": cpu_of(lambda: simulate(cohort, scheme, weights), REPEATS),
        "all": cpu_of(lambda: simulate(cohort, scheme, Uncertainty()), 3),
        "product": cpu_of(lambda: [group @ drawn for group in points], REPEATS),
        "product_dropped": cpu_of(dropped, REPEATS),
    }


def share_with_peers(cohort: Cohort, scheme: Scheme, path: Path) -> None:
    """The component scores in points, a missing one 0: what the peers start from."""
    np.savez(
        path,
        scores=np.maximum(cohort.adjusted, 0).T / TICK,
        weights=np.array(list(scheme.weights.values())) / TICK,
        start=cohort.group_start,
    )


def one_event(con: duckdb.DuckDBPyConnection, scheme: Scheme) -> dict[str, float]:
    """A pending event confirmed: its unit rescored, its tier scope and groups decided anew.

    ``event`` starts from the cohort in memory, ``event_read`` reads it from the tables first.
    """
    query = """
        SELECT e.event, e.unit FROM events e JOIN results r USING (unit)
        WHERE e.status = 'pending' AND e.reverses IS NULL AND r.rank IS NOT NULL
        ORDER BY e.event LIMIT 1
    """
    event, unit = con.execute(query).fetchall()[0]
    others = _cohort_codes(con, scheme, unit)

    def read() -> tuple[Inputs, Inputs, Standings]:
        alone = fetch_inputs(con, scheme, [unit])
        return alone, _confirmed(alone, event), cohort_of(scheme, *_among(con, others), unit)

    before, after, cohort = read()
    moved = rescore(scheme, before, after, cohort)
    if not moved.event_effects:
        raise RuntimeError("the event did not count")
    return {
        "event": cpu_of(lambda: rescore(scheme, before, after, cohort), 9),
        "event_read": cpu_of(lambda: rescore(scheme, *read()), 3),
        "event_cohort": len(others),
    }


def _confirmed(inputs: Inputs, event: str) -> Inputs:
    events = tuple(
        row._replace(status="confirmed") if row.event == event else row for row in inputs.events
    )
    return inputs._replace(events=events)


def _cohort_codes(con: duckdb.DuckDBPyConnection, scheme: Scheme, unit: str) -> list[str]:
    """The units of the tier scope of one unit, and of all their groups."""
    scope = {"department": "department", "group": '"group"', "jurisdiction": "1"}
    own = scope[scheme.tier_policy.scope]
    query = f"""
        SELECT unit FROM units WHERE "group" IN (SELECT "group" FROM units
            WHERE {own} = (SELECT {own} FROM units WHERE unit = ?))
    """  # noqa: S608
    return [code for (code,) in con.execute(query, [unit]).fetchall()]


def _among(con: duckdb.DuckDBPyConnection, codes: list[str]) -> tuple[Inputs, Outputs]:
    """What decides among some units: their places, adjustments, tiers, components and results."""

    def rows(table: str, make: Any, fields: tuple[str, ...]) -> tuple[Any, ...]:
        query = f"SELECT {column_list(fields)} FROM {table} WHERE list_contains(?, unit)"  # noqa: S608
        return tuple(map(make, con.execute(query, [codes]).fetchall()))

    inputs = Inputs(
        rows("units", Unit._make, Unit._fields),
        (),
        adjustments=rows("adjustments", Adjustment._make, Adjustment._fields),
        tiers=rows("tiers", ManualTier._make, ManualTier._fields),
    )
    components = rows("component_scores", ComponentScore._make, ComponentScore._fields)
    results = rows("results", Result._make, Result._fields)
    return inputs, Outputs((), (), (), components, results, ())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
