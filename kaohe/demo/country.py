"""A province or a nation of invented counties, by the million facts and in little memory.

The database makes every table from a series of numbers, in the order of the units' codes, and
writes it away as it goes.  The queries are in ``sql/``; what they are made from follows from the
size, the year and the seed by whole numbers alone.
"""

from pathlib import Path
from typing import NamedTuple

import duckdb

from kaohe.demo import plan
from kaohe.demo.country_sheets import store_sheets

COUNTY = 400  # units
MOST_UNITS = 2_000_000
_SQL = Path(__file__).parent / "sql"
_TABLES = (
    "units",
    "items",
    "targets",
    "not_applicable",
    "events",
    "measurements",
    "milestones",
    "marks",
    "responses",
    "adjustments",
    "history",
    "successions",
    "tenures",
)
_FACTS = frozenset({"events", "measurements", "milestones", "marks", "responses"})
_OPTIONS = {
    "parquet": "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)",
    "csv": "(FORMAT csv, HEADER)",
}


class Scale(NamedTuple):
    """How large, and how many people are asked about a unit in each round and channel."""

    units: int
    asked: tuple[int, int, int]  # on site, by telephone, by visit
    minimums: tuple[int, int, int]


SCALES = {
    "province": Scale(40_000, asked=(54, 48, 20), minimums=(30, 30, 10)),
    "nation": Scale(1_100_000, asked=(16, 14, 6), minimums=(12, 12, 5)),
}


def write_country(folder: Path, scale: str, *, units: int, year: int, seed: int, form: str) -> int:
    """Writes the folder of a province or a nation; gives back how many facts it holds.

    Args:
        folder: an existing folder; the tables are written into it.
        scale: "province" or "nation".
        units: how many institutions in all, 1 to ``MOST_UNITS``, in counties of about ``COUNTY``.
        form: "parquet" or "csv".
    """
    counties = max(1, (units + COUNTY // 2) // COUNTY)
    size = SCALES[scale]
    text = plan.scheme_text(year, jurisdiction="900000", minimums=size.minimums, groups=())
    (folder / "scheme.toml").write_text(text, encoding="utf-8", newline="\n")
    with duckdb.connect(":memory:") as con:
        con.execute("SET memory_limit = '1500MB'")
        # With more threads, rows pile up in memory until those before them are written.
        con.execute("SET threads = 1")
        con.execute("SET TimeZone = 'UTC'")
        con.execute((_SQL / "arithmetic.sql").read_text(encoding="utf-8"))
        store_sheets(con, year)
        _set_variables(con, size, (units, counties, year, seed))
        con.execute((_SQL / "land.sql").read_text(encoding="utf-8"))
        return sum(_copy(con, table, folder, form) for table in _TABLES)


def _set_variables(
    con: duckdb.DuckDBPyConnection, size: Scale, numbers: tuple[int, int, int, int]
) -> None:
    units, counties, year, seed = numbers
    on_site, telephone, _ = size.asked
    values = {
        "units": units,
        "counties": counties,
        "county_size": -(-units // counties),
        "year": year,
        "seed": (seed * 2_654_435_761 + 97) % 2**31,
        "answers": 2 * sum(size.asked),
        "on_site": on_site,
        "telephone": telephone,
    }
    for name, value in values.items():
        con.execute(f"SET VARIABLE {name} = {value}::BIGINT")
    for name, letters in plan.people().items():
        con.execute(f"SET VARIABLE {name} = '{letters}'")
    con.execute(f"SET VARIABLE new_year = DATE '{year}-01-01'")
    con.execute(
        "SET VARIABLE entries = (SELECT list(struct_pack(suffix := suffix, kind := kind)"
        " ORDER BY position) FROM entry)"
    )


def _copy(con: duckdb.DuckDBPyConnection, table: str, folder: Path, form: str) -> int:
    """Writes one table; how many facts it adds."""
    query = (_SQL / f"{table}.sql").read_text(encoding="utf-8")
    target = folder / f"{table}.{form}"
    path = str(target).replace("'", "''")
    counted = con.execute(f"COPY ({query}) TO '{path}' {_OPTIONS[form]}").fetchone()
    return counted[0] if counted is not None and table in _FACTS else 0
