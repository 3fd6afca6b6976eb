"""Provinces and nations: sound, in order, and the same as the exact evaluator sees them."""

from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest

from kaohe.core.codes import is_credit_code
from kaohe.core.rows import Inputs, Outputs
from kaohe.core.scheme import Scheme
from kaohe.core.scoring import assess
from kaohe.core.tables import OUTPUT_TABLES, RULES
from kaohe.demo.country import SCALES, write_country
from kaohe.demo.roster import credit_code
from kaohe.engine.run import score
from kaohe.folder.checks import check_folder
from kaohe.folder.load import load_folder
from kaohe.folder.rows import fetch_inputs
from tests.demo.years import codes
from tests.engine.tables_of import ROWS

UNITS = 900


class Nation(NamedTuple):
    """A small nation on disk and in memory, and its result from both evaluators."""

    folder: Path
    facts: int
    problems: Counter[str]
    scheme: Scheme
    inputs: Inputs
    outputs: Outputs
    by_engine: dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Nation:
    """Three counties of a nation."""
    folder = tmp_path_factory.mktemp("nation")
    facts = write_country(folder, "nation", units=UNITS, year=2026, seed=3, form="parquet")
    with duckdb.connect() as con:
        loaded = load_folder(folder, con)
        problems = [*loaded.problems, *check_folder(con, loaded.scheme)]
        assert loaded.scheme is not None
        inputs = fetch_inputs(con, loaded.scheme)
        by_engine: dict[str, list[tuple[Any, ...]]] = {table: [] for table in OUTPUT_TABLES}

        def sink(table: str, relation: duckdb.DuckDBPyRelation) -> None:
            by_engine[table] += [ROWS[table](row) for row in relation.fetchall()]

        score(con, loaded.scheme, sink)
    found = Counter(problem.code for problem in problems)
    outputs = assess(loaded.scheme, inputs)
    return Nation(folder, facts, found, loaded.scheme, inputs, outputs, by_engine)


def rows(path: Path, columns: str) -> list[tuple[Any, ...]]:
    """The rows of a Parquet file in the order in which they stand there."""
    with duckdb.connect() as con:
        return con.read_parquet(str(path)).project(columns).fetchall()


def test_nothing_is_wrong_with_it(nation: Nation) -> None:
    assert nation.problems == {}


def test_engine_and_exact_evaluator_agree_about_it(nation: Nation) -> None:
    for table, expected in nation.outputs._asdict().items():
        assert nation.by_engine[table] == list(expected)


def test_a_unit_of_the_nation_has_42_items_and_more_than_82_facts(nation: Nation) -> None:
    per_unit = Counter(row.unit for row in nation.outputs.item_scores)

    assert 40 <= sum(per_unit.values()) / len(per_unit) <= 43
    assert nation.facts * SCALES["nation"].units > 90_000_000 * UNITS


def test_a_unit_of_the_province_has_more_than_250_facts(tmp_path: Path) -> None:
    facts = write_country(tmp_path, "province", units=UNITS, year=2026, seed=1, form="parquet")

    assert facts * SCALES["province"].units >= 10_000_000 * UNITS


def test_every_rule_has_facts_and_every_flaw_occurs(nation: Nation) -> None:
    rule = {item.item: item.rule for item in nation.inputs.items}
    inputs, outputs = nation.inputs, nation.outputs
    facts = (inputs.events, inputs.measurements, inputs.milestones, inputs.marks)
    flags = codes(row.flags for row in outputs.item_scores)
    flags += codes(row.flags for row in outputs.survey_scores)
    flags += codes(row.flags for row in outputs.results)

    assert {rule[fact.item] for table in facts for fact in table} == set(RULES)
    assert {"missing", "not-applicable", "nothing-to-measure"} <= set(flags)
    assert {"thin-channel", "component-missing"} <= set(flags)
    assert {unit.status for unit in inputs.units} == {"graded", "ungraded", "exempt"}
    assert any(event.reverses for event in inputs.events)
    assert inputs.successions


def test_counties_are_groups_of_believable_size_and_score(nation: Nation) -> None:
    groups = Counter(unit.group for unit in nation.inputs.units)
    grades = Counter(result.grade for result in nation.outputs.results)

    assert 50 <= min(groups.values())
    assert max(groups.values()) <= 170
    assert 0.15 < grades["A"] / UNITS <= 0.2


@pytest.mark.parametrize(
    ("table", "keys"),
    [
        ("units", ("unit",)),
        ("items", ("item",)),
        ("events", ("event",)),
        ("events", ("unit", "event")),
        ("responses", ("response",)),
        ("responses", ("unit", "response")),
        ("measurements", ("unit", "item")),
        ("milestones", ("unit", "item", "milestone")),
        ("marks", ("unit", "item", "judge")),
        ("targets", ("unit", "item")),
        ("adjustments", ("adjustment",)),
        ("history", ("unit", '"year"')),
        ("tenures", ("unit",)),
    ],
)
def test_rows_stand_in_the_order_of_their_keys(
    nation: Nation, table: str, keys: tuple[str, ...]
) -> None:
    found = rows(nation.folder / f"{table}.parquet", ", ".join(keys))

    assert len(found) > 2
    assert found == sorted(found)


def test_columns_are_typed(nation: Nation) -> None:
    types = {}
    with duckdb.connect() as con:
        for table in ("items", "events", "responses"):
            file = con.read_parquet(str(nation.folder / f"{table}.parquet"))
            types[table] = dict(zip(file.columns, map(str, file.types), strict=True))

    assert types["items"]["points"] == "DECIMAL(12,4)"
    assert types["events"]["occurred_on"] == "DATE"
    assert types["events"]["self_corrected"] == types["responses"]["valid"] == "BOOLEAN"
    assert types["responses"]["q10"] == "TINYINT"


def test_codes_are_valid_and_of_no_real_place(nation: Nation) -> None:
    every = [unit.unit for unit in nation.inputs.units]
    every += [row.predecessor for row in nation.inputs.successions]

    assert all(is_credit_code(code) and code.startswith("1290") for code in every)
    assert every[0] == credit_code(10_000_000, "900001")


def test_the_same_seed_gives_the_same_nation_and_another_seed_another(tmp_path: Path) -> None:
    made = []
    for name, seed in (("one", 1), ("again", 1), ("other", 2)):
        (tmp_path / name).mkdir()
        write_country(tmp_path / name, "nation", units=60, year=2026, seed=seed, form="csv")
        files = sorted((tmp_path / name).iterdir())
        made.append([file.read_bytes() for file in files])

    assert made[0] == made[1]
    assert made[0] != made[2]


@pytest.mark.parametrize("units", [1, 2, 30, 399, 601])
def test_any_number_of_units_passes_every_check(units: int, tmp_path: Path) -> None:
    write_country(tmp_path, "province", units=units, year=2014, seed=2, form="parquet")

    with duckdb.connect() as con:
        loaded = load_folder(tmp_path, con)
        problems = [*loaded.problems, *check_folder(con, loaded.scheme)]
        counted = con.execute("SELECT count(*) FROM units").fetchone()

    assert problems == []
    assert counted == (units,)
