"""Units that have no component at all, or lack the tier that the office assigns by hand."""

from collections.abc import Mapping

import duckdb

from kaohe.core.problems import Problem, declare
from kaohe.core.quantities import FULL
from kaohe.core.scheme import Scheme
from kaohe.core.survey import weight_used
from kaohe.folder.sweep import LISTED, listed
from kaohe.folder.typed import answer_columns

declare(
    "error",
    {
        "unit-without-component": (
            "the unit {unit} is to be graded, and there is nothing to grade: no item applies to "
            "it, and no response counts",
            "set its status to ungraded, with the reason",
        ),
        "tier-row-missing": (
            "the unit {unit} has no row, and the scheme assigns tiers by hand",
            "add a row for it, with its tier and the reason",
        ),
    },
)

# How many of a unit's items do not apply: by not_applicable, or because 0 of 0 was measured.
_WAIVED = """
SELECT p.unit, count(*) FILTER (WHERE i.component = 'common') AS common,
  count(*) FILTER (WHERE i.component = 'individual') AS individual
FROM (
  SELECT unit, item FROM check_waived UNION SELECT unit, item FROM check_unmeasurable
) p JOIN check_items i ON i.item = p.item GROUP BY p.unit
"""
_NONE_WAIVED = "SELECT NULL AS unit, 0 AS common, 0 AS individual WHERE false"


def check_presence(
    con: duckdb.DuckDBPyConnection, scheme: Scheme, sizes: Mapping[str, int]
) -> list[Problem]:
    """Graded units without any component; with manual tiers, units that lack a row.

    A unit without any item is left to the check of sums.

    Args:
        con: holds the typed tables and those of ``checks_ground``.
        sizes: rows of each table.

    Source: docs/rules/folder.md, F-7; docs/rules/scoring.md, C-1, C-2.
    """
    waived = _WAIVED if scheme.not_applicable == "rescale" else _NONE_WAIVED
    rows = con.execute(
        f"SELECT u.row, s.unit FROM check_sums s JOIN check_units u ON u.unit = s.unit"  # noqa: S608
        f" JOIN ({waived}) w ON w.unit = s.unit WHERE s.status = 'graded'"
        " AND s.common_items <= w.common AND s.individual_items <= w.individual ORDER BY u.row"
    ).fetchall()
    if rows and sizes["responses"]:
        heard = _heard(con, scheme, [unit for _, unit in rows])
        rows = [(row, unit) for row, unit in rows if unit not in heard]
    places = [(row, {"unit": unit}) for row, unit in rows[:LISTED]]
    problems = listed("unit-without-component", "units", "status", places, len(rows))
    if scheme.tier_policy.assign == "manual":
        problems += _without_tier(con, waived)
    return problems


def _without_tier(con: duckdb.DuckDBPyConnection, waived: str) -> list[Problem]:
    lacking = con.execute(
        f"SELECT s.unit, count(*) OVER () FROM check_sums s"  # noqa: S608
        f" LEFT JOIN ({waived}) w ON w.unit = s.unit"
        " ANTI JOIN tiers t ON t.unit = s.unit"
        " WHERE s.individual_items > coalesce(w.individual, 0)"
        f" ORDER BY s.unit LIMIT {LISTED}"
    ).fetchall()
    places = [(None, {"unit": unit}) for unit, _ in lacking]
    return listed("tier-row-missing", "tiers", "unit", places, lacking[0][1] if lacking else 0)


def _heard(con: duckdb.DuckDBPyConnection, scheme: Scheme, units: list[str]) -> set[str]:
    """Those of some units that have a social component: a counting response that weighs."""
    columns = answer_columns(scheme)
    if not columns:
        return set()
    answered = " + ".join(f"({column} IS NOT NULL)::INTEGER" for column in columns)
    rows = con.execute(
        "SELECT unit, channel, count(*) FROM responses"  # noqa: S608
        " WHERE valid AND unit IN (SELECT unnest($1::VARCHAR[]))"
        f" AND {answered} > 0"
        f" AND {FULL} * ({answered}) >= {scheme.survey.answered_share * len(columns)}"
        " GROUP BY unit, round, channel",
        [units],
    ).fetchall()
    channels = {channel.code: channel for channel in scheme.survey.channels}
    policy = scheme.survey.thin_channel
    return {
        unit
        for unit, channel, counted in rows
        if channel in channels and weight_used(channels[channel], counted, policy) > 0
    }
