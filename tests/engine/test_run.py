"""The engine's edges: the worked year, empty folders, parts, seats that do not fit."""

import duckdb
import pytest

from kaohe.core.problems import FolderRefused
from kaohe.core.rows import Adjustment, Inputs, Outputs, Unit
from kaohe.core.scheme import Scheme
from kaohe.core.scoring import assess
from kaohe.core.tables import OUTPUT_TABLES
from kaohe.engine.run import score
from tests.core import golden
from tests.engine.tables_of import ROWS, scored, typed_tables
from tests.worlds import World, world


def stored(year: World, *, units_at_a_time: int) -> Outputs:
    """The result tables that the engine leaves in the database, in the order in which they lie."""
    with typed_tables(*year) as con:
        score(con, year.scheme, units_at_a_time=units_at_a_time)
        rows = {table: con.execute(f"FROM {table}").fetchall() for table in OUTPUT_TABLES}
        left = con.execute(
            "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'kaohe%'"
        ).fetchall()
    assert left == []
    return Outputs(*(tuple(map(ROWS[name], rows[name])) for name in Outputs._fields))


def test_the_worked_year_comes_out_to_the_last_digit() -> None:
    year = golden.scheme(), golden.inputs()

    assert scored(*year) == assess(*year)


def test_without_a_sink_the_results_are_tables_and_nothing_else_is_left() -> None:
    year = world(4, 9)

    assert stored(year, units_at_a_time=4) == assess(*year)


def test_a_sink_gets_each_table_in_order_of_its_key() -> None:
    year = world(5, 12)

    found = scored(*year, units_at_a_time=5)

    assert list(found.item_scores) == sorted(found.item_scores, key=lambda row: row[:2])
    assert list(found.survey_scores) == sorted(found.survey_scores, key=lambda row: row[:3])
    assert list(found.event_effects) == sorted(found.event_effects, key=lambda row: row.event)
    assert list(found.results) == sorted(found.results, key=lambda row: row.unit)


def test_the_order_of_rows_has_no_meaning() -> None:
    year = world(6, 12)
    backwards = Inputs._make(rows[::-1] for rows in year.inputs)

    assert scored(year.scheme, backwards) == scored(*year)


def test_another_number_of_threads_gives_the_same() -> None:
    year = world(7, 12)
    with typed_tables(*year) as con:
        con.execute("SET threads = 1")
        score(con, year.scheme)
        alone = con.execute("FROM results").fetchall()

    assert tuple(alone) == scored(*year).results


def exempt(number: int) -> Unit:
    return Unit(f"12370683000000{number:04d}", "所", "组", "局", "exempt", "per_pupil", 1)


@pytest.mark.parametrize("units", [(), (exempt(1), exempt(2))], ids=["no unit", "all exempt"])
def test_a_folder_with_nothing_to_score_gives_empty_tables(units: tuple[Unit, ...]) -> None:
    scheme = Scheme(2026, "370683", {"common": 1, "individual": 1, "social": 1})
    inputs = Inputs(units, ())

    assert scored(scheme, inputs) == assess(scheme, inputs)


def refusal(scheme: Scheme, inputs: Inputs) -> list[tuple[str, object]]:
    with pytest.raises(FolderRefused) as by_engine:
        scored(scheme, inputs)
    with pytest.raises(FolderRefused) as by_evaluator:
        assess(scheme, inputs)
    said = [(each.code, each.facts["unit"]) for each in by_engine.value.problems]
    assert sorted(said) == sorted(
        (each.code, each.facts["unit"]) for each in by_evaluator.value.problems
    )
    return said


def seat(unit: str) -> Adjustment:
    return Adjustment(f"seat {unit}", unit, "seat", "末位席位", "局务会纪要")


def test_a_seat_for_a_unit_that_is_not_tied_is_refused() -> None:
    unit = golden.CODES["b2"]
    inputs = golden.inputs()
    inputs = inputs._replace(adjustments=(*inputs.adjustments, seat(unit)))

    assert refusal(golden.scheme(), inputs) == [("seat-not-tied", unit)]


def test_more_seats_than_are_left_are_refused() -> None:
    scheme, inputs, tied = tie_at_the_last_seat()
    chosen = tuple(map(seat, tied))

    said = refusal(scheme, inputs._replace(adjustments=chosen))

    assert said == [("seats-too-many", unit) for unit in sorted(tied)]


def test_the_committee_decides_a_tie_with_one_seat() -> None:
    scheme, inputs, tied = tie_at_the_last_seat()

    open_tie = scored(scheme, inputs)
    decided = scored(scheme, inputs._replace(adjustments=(seat(tied[0]),)))

    assert {row.flags for row in open_tie.results if row.unit in tied} == {"tie-at-last-seat"}
    assert {row.unit: row.reasons for row in decided.results if row.unit in tied} == {
        tied[0]: "seat",
        tied[1]: "no-seat",
    }


def tie_at_the_last_seat() -> tuple[Scheme, Inputs, list[str]]:
    """The worked year with its best unit twice: one seat for two that are equal in all."""
    best, twin = golden.CODES["a1"], "12370683000000001X"
    inputs = golden.inputs()
    doubled: dict[str, tuple[object, ...]] = {}
    for table, rows in inputs._asdict().items():
        own = [row for row in rows if getattr(row, "unit", None) == best]
        again = [row._replace(unit=twin) for row in own]
        for key in ("event", "response", "adjustment"):
            again = [
                row._replace(**{key: f"{getattr(row, key)} twin"}) if hasattr(row, key) else row
                for row in again
            ]
        doubled[table] = (*rows, *again)
    doubled["adjustments"] = ()
    return golden.scheme(), Inputs(**doubled), sorted([best, twin])  # type: ignore[arg-type]


def test_a_closed_sink_is_not_a_finished_run() -> None:
    year = world(8, 6)

    def broken(table: str, rows: duckdb.DuckDBPyRelation) -> None:
        raise OSError(f"no room for {table}")

    with typed_tables(*year) as con:
        with pytest.raises(OSError, match="item_scores"):
            score(con, year.scheme, broken)
        score(con, year.scheme)
        assert len(con.execute("FROM results").fetchall()) == len(year.inputs.units)
