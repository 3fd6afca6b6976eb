"""Large tables: keys are told apart in one pass where they are sorted, in parts where not."""

from collections.abc import Iterator

import duckdb
import pytest

from kaohe.core.rows import Mark
from kaohe.core.tables import INPUT_TABLES
from kaohe.folder import checks_keys
from kaohe.folder.checks_ground import table_sizes
from kaohe.folder.checks_keys import check_keys, is_ascending
from kaohe.folder.rows import store_inputs
from tests.folder.mini_folder import INPUTS, SCHEME, SCHOOL


@pytest.fixture
def con(monkeypatch: pytest.MonkeyPatch) -> Iterator[duckdb.DuckDBPyConnection]:
    monkeypatch.setattr(checks_keys, "LARGE", 2)
    monkeypatch.setattr(checks_keys, "KEYS_IN_A_PASS", 7)
    with duckdb.connect() as connection:
        yield connection


def repeated(
    con: duckdb.DuckDBPyConnection, judges: list[str | None]
) -> list[tuple[int | None, object]]:
    rows = tuple(Mark(SCHOOL, "J4", judge, 1) for judge in judges)  # type: ignore[arg-type]
    store_inputs(con, SCHEME, INPUTS._replace(marks=rows))
    found = check_keys(con, table_sizes(con))
    assert {(each.code, each.table, each.column) for each in found} <= {
        ("key-twice", "marks", "judge")
    }
    return [(each.row, each.facts["first"]) for each in found]


NAMES: list[str | None] = [f"{number:03d}" for number in range(50)]


def test_sorted_keys_are_seen_to_differ_in_one_pass(con: duckdb.DuckDBPyConnection) -> None:
    assert repeated(con, NAMES) == []
    assert is_ascending(con, "marks")


def test_keys_in_any_order_are_told_apart(con: duckdb.DuckDBPyConnection) -> None:
    assert repeated(con, NAMES[::-1]) == []
    assert not is_ascending(con, "marks")


def test_a_key_that_stands_again_is_found_wherever_it_stands(
    con: duckdb.DuckDBPyConnection,
) -> None:
    assert repeated(con, [*NAMES, "007", "031", "007"]) == [(52, 9), (53, 33), (54, 9)]
    assert repeated(con, ["a", "a", "b"]) == [(3, 2)]


def test_empty_keys_are_not_the_same_key(con: duckdb.DuckDBPyConnection) -> None:
    assert repeated(con, ["a", None, None, "b"]) == []
    assert repeated(con, ["a", None, "a"]) == [(4, 2)]


def test_every_key_of_the_small_folder_is_told_apart(con: duckdb.DuckDBPyConnection) -> None:
    store_inputs(con, SCHEME, INPUTS)

    sizes = table_sizes(con)

    assert sizes == {table: len(getattr(INPUTS, table)) for table in INPUT_TABLES}
    assert check_keys(con, sizes) == []
