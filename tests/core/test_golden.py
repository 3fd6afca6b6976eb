"""The worked year and its variants, to the last digit."""

from kaohe.core.quantities import show_hundredths, show_ticks
from kaohe.core.rows import Inputs, Outputs, Result
from kaohe.core.scoring import assess
from tests.core import golden

KEYS = {code: key for key, code in golden.CODES.items()}


def assessed(inputs: Inputs | None = None) -> Outputs:
    return assess(golden.scheme(), golden.inputs() if inputs is None else inputs)


def results(inputs: Inputs | None = None) -> dict[str, Result]:
    return {KEYS[row.unit]: row for row in assessed(inputs).results}


def component(name: str) -> dict[str, tuple[str, str | None, str]]:
    return {
        KEYS[row.unit]: (show_ticks(row.score or 0), row.tier, show_ticks(row.adjusted or 0))
        for row in assessed().component_scores
        if row.component == name
    }


def test_the_individual_component_has_its_tiers_and_adjusted_scores() -> None:
    assert component("individual") == {
        "a1": ("96.4000", "Ⅰ", "96.4000"),
        "a2": ("94.0000", "Ⅱ", "91.0000"),
        "a3": ("88.5000", "Ⅱ", "85.5000"),
        "b1": ("92.0000", "Ⅰ", "92.0000"),
        "b2": ("73.5000", "Ⅲ", "67.5000"),
    }


def test_the_ledgers_leave_their_points() -> None:
    scores = {key: score for key, (score, _, _) in component("common").items()}

    assert scores == {
        "a1": "98.5000",
        "a2": "100.0000",
        "a3": "96.0000",
        "b1": "97.5000",
        "b2": "88.0000",
    }


def test_the_two_rounds_make_the_social_component() -> None:
    rounds = {
        (KEYS[row.unit], row.round): show_ticks(row.score or 0) for row in assessed().survey_scores
    }

    assert rounds["b1", "h1"] == "90.1000"
    assert rounds["b1", "h2"] == "86.3500"
    assert {key: score for key, (score, _, _) in component("social").items()} == {
        "a1": "89.5200",
        "a2": "92.5000",
        "a3": "84.4000",
        "b1": "87.8500",
        "b2": "67.6000",
    }


def test_composites_ranks_and_grades_are_those_of_the_table() -> None:
    found = {
        key: (show_hundredths(row.composite or 0), row.rank, row.grade, row.reasons)
        for key, row in results().items()
    }

    assert found == {
        "a1": ("98.44", 1, "A", "seat"),
        "b1": ("93.27", 2, "B", "no-seat"),
        "a2": ("93.10", 3, "B", "no-seat"),
        "a3": ("86.38", 4, "B", "below-a-minimum"),
        "b2": ("71.62", 5, "B", "below-a-minimum;component-below-minimum;tier-barred"),
    }


def test_every_lost_point_has_its_event() -> None:
    effects = [row for row in assessed().event_effects if KEYS[row.unit] == "b2"]

    assert [(row.event, show_ticks(row.effect)) for row in effects] == [
        ("E01-b2-0", "-0.5000"),
        ("E01-b2-1", "-0.5000"),
        ("E01-b2-2", "-0.5000"),
        ("E01-b2-3", "-0.5000"),
        ("R01-b2-0", "-5.0000"),
        ("R01-b2-1", "-5.0000"),
    ]


def test_what_follows_for_the_unit_with_the_seat() -> None:
    rows = [row[1:5] for row in assessed().linkages if KEYS[row.unit] == "a1"]

    assert rows == [
        ("cadres", "promotion-priority", "王院长", None),
        ("funding", "appropriation-ratio-up", None, None),
        ("honours", "certificate", None, None),
        ("honours", "commendation", None, None),
        ("honours", "excellent-quota", None, 25),
        ("honours", "principal-excellent", "王院长", None),
        ("staffing", "staffing-priority", None, None),
    ]


def test_barred_from_a_the_seat_goes_to_the_next() -> None:
    found = results(golden.with_adjustment("bar_a", "a1"))

    assert (found["a1"].rank, found["a1"].grade, found["a1"].reasons) == (1, "B", "barred-from-a")
    assert (found["b1"].rank, found["b1"].grade, found["b1"].reasons) == (2, "A", "seat")
    assert found["a2"].grade == "B"


def test_forced_to_c_a_unit_keeps_its_rank_and_loses_its_seat() -> None:
    found = results(golden.with_adjustment("force_c", "a1"))

    assert (found["a1"].rank, found["a1"].grade, found["a1"].reasons) == (1, "C", "forced")
    assert found["b1"].grade == "A"


def test_without_a_survey_its_weight_goes_to_the_others() -> None:
    row = results(golden.without_survey("b2"))["b2"]

    assert (show_ticks(row.weighted or 0), show_hundredths(row.composite or 0)) == (
        "72.6250",
        "72.63",
    )
    assert row.flags == "component-missing"
    assert row.reasons == "below-a-minimum;tier-barred"


def test_four_points_won_back_do_not_change_the_order() -> None:
    before, after = results(), results(golden.with_faults_withdrawn("a3"))

    assert show_hundredths(after["a3"].composite or 0) == "87.18"
    assert {key: row.rank for key, row in after.items()} == {
        key: row.rank for key, row in before.items()
    }
