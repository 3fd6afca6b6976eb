"""The benchmark measures what it says, and its page tells whether the goals are met."""

import sys

import duckdb
import pytest

from bench import floor
from bench.measure import cost, cost_of
from bench.page import Line, Section, page
from kaohe.cli.main import main


def test_memory_is_the_most_that_the_command_held():
    megabytes = 800  # far above what this process holds itself: a child begins with that
    spent = cost_of([sys.executable, "-c", f"bytearray({megabytes} << 20)"])

    assert megabytes < spent.peak < megabytes + 60


def test_what_a_command_says_as_json_is_kept():
    assert cost([sys.executable, "-c", "print('{\"a\": 1}')"], 2).said == {"a": 1}
    assert cost_of([sys.executable, "-c", "print('a')"]).said is None


def test_a_command_that_fails_stops_the_benchmark():
    with pytest.raises(RuntimeError, match="no such thing"):
        cost_of([sys.executable, "-c", "raise SystemExit('no such thing')"])


def test_the_floor_writes_every_table_of_a_result(tmp_path):
    folder, results, out = (tmp_path / name for name in ("folder", "results", "out"))
    for form in ("csv", "parquet"):
        given = folder / form
        main(["demo-city", str(given), "--units", "20", "--format", form])
        options = ["--out", str(results / form), "--tables-only", "--format", form]
        main(["assess", str(given), *options])
        floor.main(given, results / form, out / form)

        for table in ("item_scores", "survey_scores", "results", "linkages"):
            was, now = (f"{place / form / table}.{form}" for place in (results, out))
            rows = [duckdb.execute(f"FROM '{path}'").fetchall() for path in (was, now)]
            assert rows[0] == rows[1] != []


def test_the_floor_reads_every_column_but_free_text(tmp_path):
    file = tmp_path / "events.csv"
    file.write_text("event,unit,item,note\ne1,u,i,n\n", encoding="utf-8")
    asked: list[str] = []

    class Listening:
        def execute(self, query: str) -> duckdb.DuckDBPyConnection:
            asked.append(query)
            return duckdb.execute(query)

    floor.scan(Listening(), "events", file)  # type: ignore[arg-type]

    assert [f'hash("{name}")' in asked[-1] for name in ("event", "unit", "item", "note")] == [
        True,
        True,
        True,
        False,
    ]


def test_the_page_says_which_goals_are_met():
    lines = [Line("a", "1 s", "under 2 s", True), Line("b", "3 s", "under 2 s", False)]
    text = page([Section("Costs", [*lines, Line("c", "4 s")], "A note.")])

    assert "| a | 1 s | under 2 s | yes |" in text
    assert "| b | 3 s | under 2 s | **no** |" in text
    assert "| c | 4 s |  |  |" in text
    assert text.endswith("\nA note.\n")
