"""The benchmark measures what it says, and its page tells whether the goals are met."""

import sys

import duckdb
import pytest

from bench import floor, indicators, pages, platform
from bench.measure import cost, cost_of, told_by
from bench.page import Line, Section, page, with_part
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


@pytest.mark.parametrize(
    ("whole", "then"),
    [
        ("# A\n\n1\n\n# B\n\n2\n\n# C\n\n3\n", "# A\n\n1\n\n# B\n\nnew\n\n# C\n\n3\n"),
        ("# A\n\n1\n\n# B\n\n2\n", "# A\n\n1\n\n# B\n\nnew\n"),
        ("# A\n\n1\n", "# A\n\n1\n\n# B\n\nnew\n"),
    ],
)
def test_a_part_of_the_page_takes_the_place_of_the_one_of_its_title(whole, then):
    assert with_part(whole, "# B\n\nnew\n") == then


def test_what_a_command_says_is_known_while_it_runs_on():
    said = told_by([sys.executable, "-c", "print('{\"a\": 1}', flush=True); raise SystemExit(3)"])

    assert next(said) == {"a": 1}
    with pytest.raises(RuntimeError, match="3"):
        next(said)


def test_a_measurement_that_was_stopped_tells_what_it_knows():
    found = {"SQLite": {"sheets": 280, "issue": [0.5, 0.2], "issue_floor": [0.1, 0.1]}}
    (section,) = indicators.told(found)

    assert [line.measured for line in section.lines] == ["0.50 s (CPU 0.20 s); 2.0 times"]


def test_a_page_is_compared_with_the_empty_view_and_its_goal():
    section = platform.pages({"empty": [0.002, 0.003], "desk": [0.05, 0.07], "list": [0.09, 0.1]})

    assert [line.met for line in section.lines] == [None, True, False]
    assert section.lines[1].measured == "50.0 ms, 70.0 ms; 25 times"


@pytest.mark.parametrize(("with_it", "met"), [(0.0119, True), (0.0121, False)])
def test_what_an_entry_adds_is_a_share_of_the_form_without_it(with_it, met):
    section = platform.record({"with": with_it, "without": 0.010})

    assert section.lines[-1].met is met


def test_an_import_counts_check_and_application_together():
    found = {"units": 10_000, "read": 0.5, "check": 8, "apply": 13, "page": 0.003}

    assert [line.met for line in platform.register(found).lines] == [None, None, None, False, None]


def test_an_answer_that_is_no_page_stops_the_benchmark():
    def application(environ, start_response):
        start_response("302 Found", [])
        return ClosingIterator([b""])

    with pytest.raises(RuntimeError, match="302 Found"):
        pages.ask(application, "/", {})


class ClosingIterator(list):
    """An answer as a WSGI application gives it."""

    def close(self):
        """Nothing to close."""
