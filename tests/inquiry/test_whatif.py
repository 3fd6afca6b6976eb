"""Who would move: the same as a changed folder assessed from scratch, and the folder stays."""

import csv
import hashlib
import json
import re
from dataclasses import replace
from datetime import date

import pytest

from kaohe.core.quantities import parse_ticks, show_hundredths
from kaohe.core.rows import Milestone
from kaohe.core.scoring import assess
from kaohe.folder.author import write_folder
from kaohe.inquiry.refusals import QuestionRefused
from kaohe.inquiry.terminal import columns
from kaohe.inquiry.whatif.differences import what_if
from kaohe.inquiry.whatif.text import render_moves
from kaohe.locale import translator
from tests.core import golden

CODES = golden.CODES


@pytest.fixture(scope="module", params=["csv", "parquet"])
def folder(request, tmp_path_factory):
    path = tmp_path_factory.mktemp(request.param) / "year"
    write_folder(golden.inputs(), golden.SCHEME_TEXT, path, request.param)
    return path


def states(inputs, scheme):
    """By unit: composite, rank, grade, tier and linkages, from scratch."""
    outputs = assess(scheme, inputs)
    tiers = {row.unit: row.tier for row in outputs.component_scores if row.component[0] == "i"}
    links = {
        row.unit: {link[2:5] for link in outputs.linkages if link.unit == row.unit}
        for row in outputs.results
    }
    return {
        row.unit: (row.composite, row.rank, row.grade, tiers.get(row.unit), links[row.unit])
        for row in outputs.results
    }


def told(state):
    composite = state["composite"]
    return (composite, state["rank"], state["grade"], state["tier"])


def check_against_scratch(result, inputs, scheme):
    """Every unit that moves is told, as it was and as it would be, and no other."""
    before, after = states(golden.inputs(), golden.scheme()), states(inputs, scheme)
    moved = {unit for unit in before if before[unit] != after[unit]}
    units = {unit["unit"]: unit for unit in result["units"]}
    assert moved <= set(units)
    for code, unit in units.items():
        for side, states_ in (("before", before), ("after", after)):
            composite, *rest = states_[code][:4]
            printed = None if composite is None else show_hundredths(composite)
            assert told(unit[side]) == (printed, *rest)
    assert result["counts"]["moved"] == len(units)
    assert result["counts"]["grade"] == sum(before[u][2] != after[u][2] for u in before)
    assert result["counts"]["linkages"] == sum(before[u][4] != after[u][4] for u in before)


def edited(table, **cells):
    """The worked year with some rows of a table changed: key → cells."""
    inputs = golden.inputs()
    rows = tuple(
        row._replace(**cells[row[0]]) if row[0] in cells else row for row in getattr(inputs, table)
    )
    return inputs._replace(**{table: rows})


def test_a_withdrawn_event_moves_the_same_units_as_a_changed_folder(folder):
    result = what_if(folder, ["event:R01-b1-0=withdrawn"])

    check_against_scratch(
        result, edited("events", **{"R01-b1-0": {"status": "withdrawn"}}), golden.scheme()
    )
    assert [unit["unit"] for unit in result["units"]] == [CODES["b1"]]


def test_a_measurement_moves_the_tiers_and_ranks_of_others(folder):
    result = what_if(folder, [f"measurement:{CODES['a2']}/W01=60"])
    inputs = golden.inputs()
    rows = tuple(
        row._replace(value=600_000) if row.unit == CODES["a2"] else row
        for row in inputs.measurements
    )

    check_against_scratch(result, inputs._replace(measurements=rows), golden.scheme())
    because = {unit["name"]: unit["because"]["code"] for unit in result["units"]}
    assert because["市中医医院"] == "own"
    assert because["市人民医院"] == "tier"
    assert because["市疾病预防控制中心"] in ("order", "seat")


def test_a_weight_moves_everybody(folder):
    result = what_if(folder, ["scheme:components.common.weight=40"])
    scheme = golden.scheme()
    weights = {**scheme.weights, "common": 400_000}

    check_against_scratch(result, golden.inputs(), replace(scheme, weights=weights))
    assert {unit["because"]["code"] for unit in result["units"]} == {"setting"}


def test_a_bonus_moves_the_rank_of_another_who_is_told_by_whom(folder):
    result = what_if(folder, ["bonus:中医=+1"])

    because = {unit["name"]: unit["because"]["words"] for unit in result["units"]}
    assert because == {
        "市中医医院": "its own facts change: bonus:中医=+1",
        "市疾病预防控制中心": "市中医医院 changes places with it",
    }
    ranks = {u["name"]: (u["before"]["rank"], u["after"]["rank"]) for u in result["units"]}
    assert ranks == {"市中医医院": (3, 2), "市疾病预防控制中心": (2, 3)}


def test_a_bar_gives_the_seat_and_what_follows_to_another(folder):
    result = what_if(folder, [f"bar_a:{CODES['a1']}=true"])

    check_against_scratch(result, golden.with_adjustment("bar_a", "a1"), golden.scheme())
    units = {unit["unit"]: unit for unit in result["units"]}
    assert units[CODES["b1"]]["because"]["code"] == "seat"
    assert units[CODES["b1"]]["linkages_new"]
    assert any("王院长" in link for link in units[CODES["a1"]]["linkages_gone"])


def test_changes_are_carried_out_together(folder):
    changes = [
        "event:E01-a3-0.self_corrected=true",
        "event:R01-a3-0.points=3",
        "adjustment:J1=withdrawn",
        f"unit:{CODES['b2']}.status=exempt",
        f"unit:{CODES['b2']}.status_reason=机构改革",
        f"mark:{CODES['b1']}/W02/评审组=39.5",
        "scheme:tier_policy.small_scope=1",
    ]
    result = what_if(folder, changes)
    inputs = edited(
        "events",
        **{"E01-a3-0": {"self_corrected": True}, "R01-a3-0": {"points": 30_000}},
    )
    inputs = inputs._replace(
        adjustments=tuple(row for row in inputs.adjustments if row.adjustment != "J1"),
        units=tuple(
            row._replace(status="exempt") if row.unit == CODES["b2"] else row
            for row in inputs.units
        ),
        marks=tuple(
            row._replace(points=395_000) if row.unit == CODES["b1"] else row for row in inputs.marks
        ),
    )
    scheme = golden.scheme()
    policy = replace(scheme.tier_policy, small_scope=1)

    check_against_scratch(result, inputs, replace(scheme, tier_policy=policy))


def test_a_change_that_changes_nothing_moves_nobody(folder):
    result = what_if(folder, ["event:R01-b1-0=confirmed"])

    assert result["counts"]["moved"] == 0
    assert result["units"] == []
    assert "Nothing would change." in render_moves(result)


def test_points_of_an_item_and_its_list_of_kinds_can_be_tried(folder):
    result = what_if(folder, ["item:R01.kinds=late:2;absent:5:10"])

    moved = {unit["name"]: unit["after"]["common"] for unit in result["units"]}
    assert moved["市妇幼保健院"] == "93.0000"
    because = {unit["name"]: unit["because"]["code"] for unit in result["units"]}
    assert because["市妇幼保健院"] == "setting"


def test_the_folder_is_left_as_it_is(folder):
    def digest():
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return [(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files]

    before = digest()
    what_if(folder, ["event:R01-b1-0=withdrawn", "scheme:grading.a_share=40"])

    assert digest() == before


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        (["event:R01-b1-9=withdrawn"], ["change-of-absent"]),
        (["event:R01-b1-0=withdrawn", "bonus:医院=1"], ["unit-ambiguous"]),
        (["mark:中医=3", "measurement:中医/W9=3"], ["change-key-form", "change-item-unknown"]),
        (["mark:中医/W02/评审组=50"], ["change-unsound", "mark-above-points"]),
        (["measurement:中医/W01.numerator=5"], ["change-unsound", "measurement-half"]),
        (["seat:中医=true"], ["change-unsound", "seat-not-tied"]),
        (["item:W02.points=41"], ["change-unsound"]),
    ],
)
def test_what_does_not_fit_is_refused_with_all_that_is_wrong(folder, changes, codes):
    with pytest.raises(QuestionRefused) as refused:
        what_if(folder, changes)

    assert [problem.code for problem in refused.value.problems][: len(codes)] == codes
    for problem in refused.value.problems:
        assert problem.sentence(translator("zh"))


def test_near_codes_are_offered_for_one_that_is_not_there(folder):
    with pytest.raises(QuestionRefused) as refused:
        what_if(folder, ["event:R01-b1-9=withdrawn"])

    assert "R01-b1-0" in refused.value.problems[0].remedy()


def test_a_milestone_is_known_by_unit_item_and_name(tmp_path):
    inputs = golden.inputs()
    item = next(item for item in inputs.items if item.item == "W01")
    staged = item._replace(rule="milestones", zero_at=None, full_at=None, late_per_day=100_000)
    row = Milestone(CODES["a2"], "W01", "竣工/验收", 1_000_000, date(2026, 5, 1))
    rows = [row._replace(unit=code, done_on=date(2026, 5, 1)) for code in CODES.values()]
    late = [
        each._replace(done_on=date(2026, 5, 4)) if each.unit == CODES["a2"] else each
        for each in rows
    ]
    write_folder(
        inputs._replace(
            items=tuple(staged if each.item == "W01" else each for each in inputs.items),
            measurements=(),
            milestones=tuple(late),
        ),
        golden.SCHEME_TEXT,
        tmp_path / "year",
    )

    result = what_if(
        tmp_path / "year", [f"milestone:{CODES['a2']}/W01/竣工/验收.done_on=2026-05-01"]
    )

    own = next(unit for unit in result["units"] if unit["unit"] == CODES["a2"])
    gained = (parse_ticks(own["after"]["individual"]) or 0) - (
        parse_ticks(own["before"]["individual"]) or 0
    )
    assert gained == 180_000


def test_the_difference_is_plain_data_and_a_csv_file(folder, tmp_path):
    path = tmp_path / "moves.csv"
    result = what_if(folder, ["bonus:中医=+1"], csv=path)

    assert json.loads(json.dumps(result, ensure_ascii=False)) == result
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert {row["name"]: (row["rank_before"], row["rank_after"]) for row in rows} == {
        "市中医医院": ("3", "2"),
        "市疾病预防控制中心": ("2", "3"),
    }
    assert rows[0].keys() >= {"composite_before", "linkages_new", "because"}
    assert list(tmp_path.iterdir()) == [path]


def test_the_difference_reads_well_in_chinese_on_a_terminal(folder):
    chinese = translator("zh")
    text = render_moves(what_if(folder, [f"bar_a:{CODES['a1']}=true"], chinese), chinese, 90)

    assert text.startswith("变更试算结果")
    assert max(columns(line) for line in text.splitlines()) <= 90
    assert "A → B" in text
    assert "B → A" in text
    assert re.findall(r"[A-Za-z]{4,}", re.sub(r"--set|bar_a:\S+|--csv", "", text)) == []
