"""The worked year explained: what each unit is told, and that a calculator agrees."""

import json
from datetime import date

import pytest

from kaohe.core.quantities import FULL, parse_ticks, show_ticks
from kaohe.core.rows import Adjustment, Event, PastGrade, Succession, Tenure
from kaohe.core.scoring import assess
from kaohe.inquiry.explanation.explain import explain
from tests.core import golden
from tests.inquiry.calculator import check, compute, lines_in
from tests.inquiry.cases import explained, of_golden, texts

NAMES = sorted(golden.CODES)


def test_a2_is_told_that_its_seat_of_the_first_tier_went_to_a1():
    told = of_golden("a2")

    scope = told["components"][1]["scope"]
    assert scope["reason"] == (
        "Tier Ⅰ: its one seat went to 市人民医院 (96.4000). "
        "Tier Ⅱ: 94.0000 reaches the threshold 75."
    )
    assert [(row["name"], row["tier"], row["this"]) for row in scope["units"]] == [
        ("市人民医院", "Ⅰ", False),
        ("市中医医院", "Ⅱ", True),
        ("市妇幼保健院", "Ⅱ", False),
    ]
    assert "score after tier Ⅱ: 94.0000 − 3.0000 = 91.0000" in texts(told["components"][1]["lines"])


def test_a2_is_told_why_b1_stands_above_it_with_less():
    told = texts(of_golden("a2")["grade"]["lines"])

    assert (
        "市疾病预防控制中心 stands above with less in the individual indicators: individual"
        " indicators 92.0000 against 94.0000; tier Ⅰ against Ⅱ"
    ) in told
    assert "bonus 1.0000 against 0.0000" in told


def test_a_composite_can_be_typed_into_a_calculator():
    told = of_golden("b1")

    assert texts(told["composite"]["lines"]).splitlines() == [
        "weighted score: (97.5000×20 + 92.0000×60 + 87.8500×20) ÷ 100 = 9227.0000 ÷ 100 = 92.2700",
        "bonus that counts: 1.0000 = 1.0000",
        "composite: 92.2700 + 1.0000 = 93.2700 → 93.27",
    ]


def test_a_unit_in_a_small_scope_is_told_that_thresholds_alone_decide():
    assert of_golden("b1")["components"][1]["scope"]["reason"] == (
        "Only 2 units in the scope, fewer than 3: thresholds alone decide. "
        "Tier Ⅰ: 92.0000 reaches the threshold 90."
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_line_of_the_worked_year_is_what_a_calculator_gives(name):
    lines = [line for line in lines_in(of_golden(name)) if line["chain"]]

    assert len(lines) > 10
    for line in lines:
        check(line)


def test_the_calculator_finds_a_wrong_line():
    line = dict(next(line for line in lines_in(of_golden("a2")) if len(line["chain"]) > 1))
    line["chain"] = [*line["chain"][:-1], "1.2345"]

    with pytest.raises(AssertionError):
        check(line)


@pytest.mark.parametrize("name", NAMES)
def test_an_explanation_survives_json(name):
    told = of_golden(name)

    assert json.loads(json.dumps(told, ensure_ascii=False)) == told


@pytest.mark.parametrize("name", NAMES)
def test_the_causes_of_a_component_sum_to_what_it_lacks_of_100(name):
    told = of_golden(name)

    for part in told["lost"]["components"]:
        causes = [
            parse_ticks(cause["lost"])
            for cause in told["lost"]["causes"]
            if cause["component"] == part["component"] and cause["cause"] != "tier"
        ]
        assert show_ticks(sum(causes)) == part["lost"]
        assert parse_ticks(part["lost"]) == FULL - parse_ticks(part["score"])


def test_the_last_seat_and_the_distance_to_it_are_named():
    obstacle = of_golden("a2")["grade"]["obstacles"][0]

    assert obstacle["code"] == "no-seat"
    assert (obstacle["has"], obstacle["needed"], obstacle["gap"]) == ("93.10", "98.44", "5.34")
    assert "市人民医院" in obstacle["words"]


def test_a_minimum_names_what_is_missing_to_it():
    codes = {row["code"]: row for row in of_golden("b2")["grade"]["obstacles"]}

    assert codes["below-a-minimum"]["gap"] == "18.3800"
    assert codes["component-below-minimum"]["gap"] == "12.4000"
    assert codes["tier-barred"]["gap"] == "1.5000"


def test_a_bar_names_its_document_and_says_that_points_would_not_help():
    inputs = golden.inputs()
    bar = Adjustment("X1", golden.CODES["a1"], "bar_a", "安全事故", "安委〔2026〕7号")
    inputs = inputs._replace(adjustments=(*inputs.adjustments, bar))

    told = explained(inputs, golden.scheme(), golden.CODES["a1"])

    assert told["result"]["grade"] == "B"
    assert told["grade"]["obstacles"][0]["document"] == "安委〔2026〕7号"
    assert told["lost"]["enough"] is None
    assert "As long as grade A is barred, no points would have brought it." in told["lost"]["notes"]


def test_what_would_have_been_enough_is_enough_and_nothing_less_is():
    told = of_golden("a2")["lost"]["enough"]

    assert told["grade"] == "A"
    assert told["changes"] == [f"measurement:{golden.CODES['a2']}/W01=60"]
    least = parse_ticks(told["least"]["value"])
    for value, grade in ((least, "A"), (least - 1, "B")):
        inputs = golden.inputs()
        rows = [
            row._replace(value=value) if row.unit == golden.CODES["a2"] else row
            for row in inputs.measurements
        ]
        changed = assess(golden.scheme(), inputs._replace(measurements=tuple(rows)))
        assert {row.unit: row.grade for row in changed.results}[golden.CODES["a2"]] == grade


def test_ways_are_ordered_by_effort_for_a_composite_point():
    keeps = of_golden("b2")["lost"]["keeps"]
    prices = [keep["effort"] / float(keep["gain"]) for keep in keeps if float(keep["gain"]) > 0]

    assert len(prices) > 5
    assert prices == sorted(prices)
    assert keeps[0]["effort"] <= 2


def test_a_lost_event_can_be_kept_by_correcting_it_oneself_or_by_avoiding_it():
    told = of_golden("a3")["lost"]
    cause = next(c["number"] for c in told["causes"] if c["fact"] == "R01-a3-0")
    ways = {keep["action"]: keep for keep in told["keeps"] if keep["cause"] == cause}

    assert ways["avoid"]["gain"] == "+0.2000"
    assert ways["self-correct"]["gain"] == "+0.1000"
    assert ways["avoid"]["changes"] == ["event:R01-a3-0=withdrawn"]
    assert ways["self-correct"]["changes"] == ["event:R01-a3-0.self_corrected=true"]


def test_an_event_says_its_evidence_and_why_it_does_not_count():
    code = golden.CODES["a2"]
    day = date(2026, 5, 6)
    rows = (
        Event("P1", code, "R01", "late", day, "pending", False, document="登〔2026〕1号"),
        Event("P2", code, "R01", "late", day, "confirmed", False, document="登〔2026〕2号"),
        Event("P3", code, "R01", "late", day, "confirmed", False, reverses="P2"),
        Event("P4", code, "R01", "late", day, "confirmed", True),
    )
    inputs = golden.inputs()
    told = explained(inputs._replace(events=(*inputs.events, *rows)), golden.scheme(), code)

    item = next(i for i in told["components"][0]["items"] if i["item"] == "R01")
    events = {event["event"]: event for event in item["events"]}
    assert events["P1"]["why"] == "It counts only when it is confirmed."
    assert events["P1"]["document"] == "登〔2026〕1号"
    assert events["P2"]["why"] == "It was undone by the event P3."
    assert events["P3"]["why"] == "It undoes the event P2 and never counts itself."
    assert (events["P4"]["effect"], events["P4"]["counted"]) == ("-0.5000", True)
    assert "event P4, self-corrected: 1.0000 × (100 − 50) ÷ 100 = 0.5000" in texts(item["lines"])
    assert [event["event"] for event in told["open_events"]] == ["P1"]
    assert told["open_events"][0]["composite"] == "92.80"


def test_a_run_of_years_shows_each_year_with_its_document():
    code, old = golden.CODES["a1"], "12370683000009Z999"
    history = (
        PastGrade(code, 2025, "A", "莱考〔2026〕1号"),
        PastGrade(old, 2024, "A", "莱考〔2025〕1号"),
    )
    inputs = golden.inputs()._replace(
        history=history,
        successions=(Succession(code, old, 2025, "continuation"),),
        tenures=(Tenure(code, "张三", "principal", date(2020, 1, 1)),),
    )
    told = explained(inputs, golden.scheme(), code)["linkages"]

    run = told["runs"][0]
    assert (run["years"], run["needed"]) == (3, 3)
    assert [(m["year"], m["unit"], m["document"]) for m in run["members"]] == [
        (2026, code, None),
        (2025, code, "莱考〔2026〕1号"),
        (2024, old, "莱考〔2025〕1号"),
        (2023, None, None),
    ]
    measures = {row["measure"]: row for row in told["measures"]}
    assert measures["promotion-priority"]["person"] == "张三"
    assert "In a run of 3 years" in texts(measures["promotion-priority"]["lines"])


def test_an_exempt_unit_is_told_that_it_has_no_scores():
    inputs = golden.inputs()
    units = tuple(
        unit._replace(status="exempt", status_reason="机构改革")
        if unit.unit == golden.CODES["a3"]
        else unit
        for unit in inputs.units
    )
    told = explained(inputs._replace(units=units), golden.scheme(), golden.CODES["a3"])

    assert told["result"]["composite"] is None
    assert told["components"] == []
    assert texts(told["grade"]["lines"]).startswith("The unit is exempt")


def test_nothing_is_explained_by_results_that_do_not_follow_from_the_facts():
    inputs = golden.inputs()
    outputs = assess(golden.scheme(), inputs)
    wrong = outputs._replace(
        results=tuple(row._replace(composite=(row.composite or 0) + 1) for row in outputs.results)
    )

    with pytest.raises(ValueError, match="does not follow"):
        explain(golden.scheme(), inputs, wrong, golden.CODES["a2"])


def test_the_calculator_knows_minimums_and_brackets():
    assert compute("MAX(0, MIN(5.0000, 2 × (3 − (−0.5))))") == 5
