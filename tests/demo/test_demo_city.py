"""The demonstration city: believable, whole, and the same for everybody."""

from collections import Counter, defaultdict
from pathlib import Path

import duckdb
import pytest

from kaohe.core.codes import is_credit_code
from kaohe.core.quantities import FULL
from kaohe.core.rows import Inputs
from kaohe.core.scheme import Scheme
from kaohe.core.scheme_text import read_scheme
from kaohe.core.tables import EVENT_STATUSES, RULES
from kaohe.demo import plan
from kaohe.demo.city import MOST_CITY_UNITS, build_city
from kaohe.demo.roster import default_size
from kaohe.folder.author import write_folder
from kaohe.folder.checks import check_folder
from kaohe.folder.load import load_folder
from kaohe.folder.rows import fetch_inputs
from tests.demo.years import assessed, codes
from tests.engine.tables_of import scored


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_year_2014_comes_to_the_56_good_units_that_were_published(seed: int) -> None:
    year = assessed(2014, seed)
    basis = {unit.unit: unit.funding_basis for unit in year.inputs.units}
    good = [result.unit for result in year.outputs.results if result.grade == "A"]

    assert Counter(basis[unit] for unit in good) == {"per_pupil": 18, "appropriation": 38}


def test_seats_follow_from_the_sizes_of_the_groups() -> None:
    year = assessed()
    sizes = Counter(unit.group for unit in year.inputs.units if unit.status == "graded")
    seats = Counter(result.group for result in year.outputs.results if result.grade == "A")

    assert sum(sizes.values()) == 280
    assert seats == {group: size // 5 for group, size in sizes.items()}


@pytest.mark.parametrize("seed", [1, 7])
def test_scores_are_such_as_offices_know_them(seed: int) -> None:
    results = assessed(2026, seed).outputs.results
    composites = sorted(r.composite for r in results if r.composite is not None)

    assert composites[0] >= 4_500
    assert composites[3] >= 6_800
    assert 8_500 <= composites[140] <= 9_200
    assert composites[-1] <= 10_200
    assert 2 <= sum(result.grade == "C" for result in results) <= 4


def test_every_rule_has_facts() -> None:
    inputs = assessed().inputs
    rule = {item.item: item.rule for item in inputs.items}
    facts = (inputs.events, inputs.measurements, inputs.milestones, inputs.marks)
    used = {rule[fact.item] for rows in facts for fact in rows}

    assert used == set(RULES)


def test_every_flaw_of_a_real_year_occurs() -> None:
    outputs = assessed().outputs
    flags = codes(row.flags for row in outputs.item_scores)
    flags += codes(row.flags for row in outputs.survey_scores)
    flags += codes(row.flags for row in outputs.results)

    assert set(flags) == {
        "missing",
        "not-applicable",
        "nothing-to-measure",
        "alone",
        "thin-channel",
        "component-missing",
    }
    assert flags["component-missing"] == 1
    assert flags["missing"] == 3


def test_events_of_every_fate_occur() -> None:
    events = assessed().inputs.events
    reversals = {event.event: event.reverses for event in events if event.reverses}

    assert {event.status for event in events} == set(EVENT_STATUSES)
    assert any(event.self_corrected for event in events)
    assert any(event.points is not None for event in events)
    assert any(undone in reversals for undone in reversals.values()), "a reversal is reversed"
    assert [event.event for event in events] == sorted(event.event for event in events)
    assert sum(event.item == "R07" for event in events) > 5, "annual reports come late"
    assert sum(event.item == "R02" for event in events) > 20, "changes are missed"


def test_grades_have_all_their_reasons_and_consequences() -> None:
    outputs = assessed().outputs
    reasons = codes(result.reasons for result in outputs.results)
    measures = Counter(linkage.measure for linkage in outputs.linkages)

    assert {"barred-from-a", "component-below-minimum", "tier-barred"} <= set(reasons)
    assert {"forced", "below-c", "no-seat", "ungraded", "exempt"} <= set(reasons)
    assert measures["promotion-priority"] >= 10
    assert 1 <= measures["removal-proposal"] <= 4
    assert measures["principal-decision"] >= 1
    assert {row.kind for row in assessed().inputs.successions} == {
        "continuation",
        "merger",
        "absorption",
        "split",
    }


def test_one_seat_is_given_by_the_committee_to_one_of_two_equal_units() -> None:
    year = assessed()
    decided = [row.unit for row in year.inputs.adjustments if row.kind == "seat"]
    results = {result.unit: result for result in year.outputs.results}
    chosen = results[decided[0]]
    twins = [
        other
        for other in results.values()
        if (other.group, other.rank) == (chosen.group, chosen.rank)
    ]

    assert len(decided) == 1
    assert [twin.composite for twin in twins] == [chosen.composite] * 2
    assert sorted(twin.grade for twin in twins) == ["A", "B"]


def test_the_ledgers_have_20_and_12_items_and_100_points() -> None:
    items = [item for item in assessed().inputs.items if item.component == "common"]
    ledgers: dict[str | None, list[int]] = defaultdict(list)
    for item in items:
        ledgers[item.element].append(item.points)

    sizes = [(len(points), sum(points)) for points in ledgers.values()]
    assert sizes == [(20, 60 * FULL // 100), (12, 40 * FULL // 100)]
    assert len({item.aspect for item in items}) == 9


def test_departments_have_their_own_schemes_and_units_their_own_sheets() -> None:
    inputs = assessed().inputs
    departments = {unit.department for unit in inputs.units}
    own = {item.unit for item in inputs.items if item.unit is not None}

    assert 20 <= len(departments) <= 30
    assert {item.department for item in inputs.items if item.department} == departments
    assert len(own) > 50
    assert len({target.unit for target in inputs.targets}) > 50


def test_codes_are_valid_and_of_no_real_place() -> None:
    inputs = assessed().inputs
    gone = {row.predecessor for row in inputs.successions}
    every = [unit.unit for unit in inputs.units] + sorted(gone)

    assert all(is_credit_code(code) and code.startswith("12370699") for code in every)
    assert len(set(every)) == len(every)


def test_about_80_000_facts_come_from_the_default_size() -> None:
    inputs = assessed().inputs
    channels = {(row.round, row.channel) for row in inputs.responses}

    assert len(inputs.units) == default_size() == 282
    assert 70_000 <= len(inputs.responses) <= 90_000
    assert len(channels) == 6
    assert any(not row.valid for row in inputs.responses)
    assert any(not any(row.answers) for row in inputs.responses)


def test_the_same_seed_gives_the_same_city_and_another_seed_another() -> None:
    first = build_city(60, 2026, 5)

    assert build_city(60, 2026, 5) == first
    assert build_city(60, 2026, 6)[1].responses != first[1].responses


def test_engine_and_exact_evaluator_agree_about_the_city() -> None:
    year = assessed()

    assert scored(year.scheme, year.inputs) == year.outputs


def test_the_scheme_writes_out_every_default() -> None:
    scheme = assessed().scheme
    plain = Scheme(year=2026, jurisdiction=scheme.jurisdiction, weights=scheme.weights)

    assert scheme.tier_policy == plain.tier_policy
    assert scheme.grading == plain.grading
    assert scheme.linkages == plain.linkages
    assert scheme.missing == plain.missing
    assert scheme.survey.scale == plain.survey.scale
    assert len(scheme.survey.dimensions) == 5
    assert all(len(dimension.questions) == 2 for dimension in scheme.survey.dimensions)


def test_before_2023_the_quota_of_excellent_staff_is_the_older_one() -> None:
    assert assessed(2014).scheme.linkages.excellent_quota == "points"


def read_back(path: Path) -> tuple[Inputs, Counter[tuple[str, str]]]:
    with duckdb.connect() as con:
        loaded = load_folder(path, con)
        problems = [*loaded.problems, *check_folder(con, loaded.scheme)]
        assert loaded.scheme is not None
        found = Counter((problem.severity, problem.code) for problem in problems)
        return fetch_inputs(con, loaded.scheme), found


def test_the_city_passes_every_check_and_one_pair_of_entries_is_worth_a_look(
    tmp_path: Path,
) -> None:
    text, inputs = build_city()
    write_folder(inputs, text, tmp_path, "csv")

    _, found = read_back(tmp_path)

    assert found == {("warning", "same-source-twice"): 1}


def test_a_workbook_says_the_same_as_the_tables(tmp_path: Path) -> None:
    text, inputs = build_city(45)
    for form in ("xlsx", "csv"):
        write_folder(inputs, text, tmp_path / form, form)

    in_workbook, found = read_back(tmp_path / "xlsx")
    in_tables, _ = read_back(tmp_path / "csv")

    assert not found
    for table, rows in in_tables._asdict().items():
        assert sorted(getattr(in_workbook, table), key=repr) == sorted(rows, key=repr)


@pytest.mark.parametrize("units", [1, 2, 3, 7, 11, 25, 39, 40, 41, 90, 150])
def test_a_city_of_any_size_passes_every_check(units: int, tmp_path: Path) -> None:
    text, inputs = build_city(units)
    write_folder(inputs, text, tmp_path, "parquet")

    _, found = read_back(tmp_path)

    assert len(inputs.units) == units
    assert not any(severity == "error" for severity, _ in found)
    assert read_scheme(text)[1] == []


def test_more_units_than_the_plan_names_get_numbered_names() -> None:
    _, inputs = build_city(400)
    names = [unit.name for unit in inputs.units]

    assert len(set(names)) == 400
    assert "示例市第十二小学" in names


@pytest.mark.parametrize("units", [0, -1, MOST_CITY_UNITS + 1])
def test_a_city_without_a_possible_size_is_refused(units: int) -> None:
    with pytest.raises(ValueError, match="units"):
        build_city(units)


def test_every_department_of_the_plan_has_a_sheet_of_100_points() -> None:
    for name in {row["sheet"] for row in plan.city()["departments"]} | {"town"}:
        sheet = plan.sheet(name)
        shared = sum(row["points"] for row in sheet["items"])
        own = sheet.get("own", {})

        assert all(shared + sum(r["points"] for r in rows) == 100 for rows in own.values())
        assert own or shared == 100
