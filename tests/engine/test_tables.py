"""The bench: stages computed now, later, or not at all, and what is left behind."""

import duckdb
import narwhals as nw
import pytest

from kaohe.core.tables import OUTPUT_TABLES
from kaohe.engine.tables import Bench


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(
        "CREATE TABLE given AS SELECT range AS n, 'x' || range AS name FROM range(4)"
    )
    connection.execute("CREATE TABLE empty (n BIGINT)")
    return connection


def numbers(bench: Bench, frame: nw.LazyFrame[duckdb.DuckDBPyRelation]) -> list[int]:
    return [row[0] for row in bench.rows(frame.sort("n").select("n"))]


def test_a_kept_stage_has_its_rows_and_more_can_be_added(con: duckdb.DuckDBPyConnection) -> None:
    with Bench(con, None) as bench:
        small = bench.given("given").filter(nw.col("n") < 2)
        assert numbers(bench, bench.add("small", small)) == [0, 1]
        assert numbers(bench, bench.add("small", small)) == [0, 0, 1, 1]
        assert numbers(bench, bench.keep("small", small)) == [0, 1]


def test_a_planned_stage_is_computed_where_it_is_kept(con: duckdb.DuckDBPyConnection) -> None:
    with Bench(con, None) as bench:
        planned = bench.plan("planned", bench.given("given").filter(nw.col("n") > 0))
        further = bench.plan("further", planned.with_columns(n=nw.col("n") * 10))

        assert numbers(bench, planned) == [1, 2, 3]
        assert numbers(bench, bench.keep("alone", planned)) == [1, 2, 3]
        assert numbers(bench, bench.keep("both", further)) == [10, 20, 30]
        twice = nw.concat([further, further], how="vertical").group_by("n").agg(times=nw.len())
        assert sorted(bench.rows(bench.keep("twice", twice))) == [(10, 2), (20, 2), (30, 2)]


def test_a_stage_planned_anew_may_rest_on_a_later_one(con: duckdb.DuckDBPyConnection) -> None:
    with Bench(con, None) as bench:
        first = bench.plan("first", bench.given("given"))
        second = bench.plan("second", first.filter(nw.col("n") > 1))
        again = bench.plan("first", bench.given("given").filter(nw.col("n") == 0))

        assert numbers(bench, bench.keep("found", again)) == [0]
        assert second.columns == ["n", "name"]


def test_tables_with_rows_are_told_from_empty_ones(con: duckdb.DuckDBPyConnection) -> None:
    with Bench(con, None) as bench:
        assert bench.filled(["given", "empty"]) == {"given"}
        assert (bench.number_of("given"), bench.number_of("empty")) == (4, 0)


def test_constants_become_a_table_with_or_without_rows(con: duckdb.DuckDBPyConnection) -> None:
    with Bench(con, None) as bench:
        some = bench.constants("some", {"name": str, "n": int}, [("甲", 1), ("乙", None)])
        none = bench.constants("none", {"name": str, "n": int}, [])

        assert bench.rows(some) == [("甲", 1), ("乙", None)]
        assert (none.columns, bench.rows(none)) == (["name", "n"], [])


@pytest.mark.parametrize("table", sorted(OUTPUT_TABLES))
def test_a_result_without_rows_has_its_columns(con: duckdb.DuckDBPyConnection, table: str) -> None:
    with Bench(con, None) as bench:
        bench.emit(table, bench.nothing(table))

    found = con.table(table)
    assert found.columns == [column.name for column in OUTPUT_TABLES[table]]
    assert found.fetchall() == []


def _fail_halfway(con: duckdb.DuckDBPyConnection) -> None:
    with Bench(con, None) as bench:
        bench.plan("planned", bench.keep("kept", bench.given("given")))
        bench.release("kept", "never kept")
        assert bench.kept("kept") is None
        bench.keep("other", bench.given("given"))
        raise ZeroDivisionError


def test_nothing_of_a_run_is_left_even_when_it_fails(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(ZeroDivisionError):
        _fail_halfway(con)

    left = con.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()
    assert left == [("empty",), ("given",)]
