"""Ranks, seats, grades and their reasons."""

from dataclasses import replace

import pytest

from kaohe.core.grading import (
    Contender,
    Decision,
    barriers,
    grade_group,
    ranks,
    reasons_for_c,
    seats,
)
from kaohe.core.problems import FolderRefused
from kaohe.core.quantities import FULL, TICK
from kaohe.core.rows import Adjustment
from kaohe.core.scheme import Grading, Scheme, SeatsAtLeast
from kaohe.core.scoring import assess
from tests.core import golden

SCHEME = Scheme(2026, "370683", {"common": 1, "individual": 1, "social": 1})
PLAIN = SCHEME.grading


def unit(code: str, composite: int, *adjusted: int | None) -> Contender:
    """A contender; its composite in points, S′ of all components 95 unless given."""
    return Contender(code, composite * 100, adjusted or (95 * TICK,) * 3, "Ⅰ")


def under(**settings: object) -> Scheme:
    return replace(SCHEME, grading=replace(PLAIN, **settings))  # type: ignore[arg-type]


def grades(scheme: Scheme, *contenders: Contender) -> dict[str, Decision]:
    return {row.unit: row for row in grade_group(scheme, contenders).decisions}


def letters(scheme: Scheme, *contenders: Contender) -> str:
    found = grades(scheme, *contenders)
    return "".join(found[each.unit].grade for each in contenders)


def test_ranks_skip_after_a_tie() -> None:
    found = ranks(PLAIN, [unit("d", 90), unit("b", 95), unit("c", 95), unit("a", 99)])

    assert found == {"a": 1, "b": 2, "c": 2, "d": 4}


def test_equal_composites_are_parted_by_the_components_in_their_order() -> None:
    strong = unit("strong", 90, 1, 96 * TICK, 1)
    weak = unit("weak", 90, FULL, 95 * TICK, FULL)
    none = unit("none", 90, FULL, None, FULL)
    zero = unit("zero", 90, FULL, 0, FULL)

    assert ranks(PLAIN, [none, zero, weak, strong]) == {
        "strong": 1,
        "weak": 2,
        "zero": 3,
        "none": 4,
    }
    assert set(ranks(replace(PLAIN, tie_break=()), [none, weak]).values()) == {1}


@pytest.mark.parametrize(("rounding", "number"), [("floor", 1), ("half_up", 2), ("ceil", 2)])
def test_seats_are_made_whole_as_the_scheme_says(rounding: str, number: int) -> None:
    assert seats(replace(PLAIN, seats_rounding=rounding), 9) == number
    assert seats(replace(PLAIN, seats_rounding=rounding), 10) == 2


def test_a_group_large_enough_has_its_least_seats() -> None:
    grading = replace(PLAIN, a_share=0, seats_at_least=SeatsAtLeast(2, 3))

    assert [seats(grading, n) for n in (0, 2, 3)] == [0, 0, 2]


def test_all_that_makes_a_c_is_told() -> None:
    grading = replace(PLAIN, c_share=50 * TICK)
    low = replace(unit("u", 59), forced=True)

    assert reasons_for_c(grading, low, rank=2, group_size=2) == (
        "below-c",
        "forced",
        "lowest-share",
    )
    assert reasons_for_c(grading, unit("u", 60), rank=1, group_size=2) == ()


def test_the_lowest_are_c_only_below_their_limit() -> None:
    scheme = under(c_share=34 * TICK)

    assert letters(scheme, unit("a", 80), unit("b", 75), unit("c", 69)) == "BBC"
    assert letters(scheme, unit("a", 80), unit("b", 75), unit("c", 70)) == "BBB"


def test_equals_of_one_outside_the_lowest_are_spared() -> None:
    scheme = under(c_share=50 * TICK)
    tied = [unit("a", 80), unit("b", 65), unit("c", 65), unit("d", 65)]

    assert letters(scheme, *tied) == "BBBB"
    assert letters(scheme, *tied[:3]) == "BBB"  # one of two
    assert letters(scheme, unit("x", 81), *tied[:3]) == "BBCC"


def test_all_that_keeps_from_a_is_told() -> None:
    kept = replace(unit("u", 80, 79 * TICK, None, 79 * TICK), barred=True, tier="Ⅲ")

    assert barriers(PLAIN, kept, SCHEME.missing) == (
        "barred-from-a",
        "below-a-minimum",
        "component-below-minimum",
        "tier-barred",
    )
    assert barriers(PLAIN, unit("u", 90, 80 * TICK, 0, 80 * TICK), SCHEME.missing) == ()
    assert barriers(PLAIN, replace(unit("u", 90), tier=None), SCHEME.missing) == ()


def test_a_missing_component_fails_its_minimum_unless_redistributed() -> None:
    without = unit("u", 95, 95 * TICK, 95 * TICK, None)

    assert barriers(PLAIN, without, SCHEME.missing) == ()
    assert barriers(PLAIN, without, {"common": "zero", "social": "zero"}) == (
        "component-below-minimum",
    )


def test_seats_go_to_candidates_by_rank() -> None:
    five = [unit("a", 99), replace(unit("b", 98), barred=True), unit("c", 97), unit("d", 89)]
    found = grades(under(a_share=50 * TICK), *five)

    assert {code: row.reasons for code, row in found.items()} == {
        "a": ("seat",),
        "b": ("barred-from-a",),
        "c": ("seat",),
        "d": ("below-a-minimum",),
    }
    assert letters(under(a_share=25 * TICK), *five) == "ABBB"


TIED = (unit("a", 99), unit("b", 95), unit("c", 95), unit("d", 94))


@pytest.mark.parametrize(
    ("way", "expected"), [("all_in", "AAAB"), ("all_out", "ABBB"), ("committee", "ABBB")]
)
def test_a_tie_at_the_last_seat(way: str, expected: str) -> None:
    assert letters(under(a_share=50 * TICK, tie_at_last_seat=way), *TIED) == expected


def test_the_tied_are_flagged_until_the_committee_decides() -> None:
    scheme = under(a_share=50 * TICK)
    undecided = grades(scheme, *TIED)
    decided = grades(scheme, TIED[0], replace(TIED[1], chosen=True), *TIED[2:])

    assert undecided["b"][2:] == ("B", ("tie-at-last-seat",), ("tie-at-last-seat",))
    assert undecided["d"][2:] == ("B", ("no-seat",), ())
    assert decided["b"][2:] == ("A", ("seat",), ())
    assert decided["c"][2:] == ("B", ("no-seat",), ())
    assert decided["d"].grade == "B"


def test_without_a_seat_left_there_is_no_tie() -> None:
    found = grades(under(a_share=25 * TICK), *TIED)

    assert found["b"][2:] == ("B", ("no-seat",), ())


def test_choices_that_do_not_fit_the_tie_are_named() -> None:
    scheme = under(a_share=50 * TICK)
    chosen = [replace(each, chosen=True) for each in TIED]
    low = replace(unit("low", 20), chosen=True)

    assert grade_group(scheme, [chosen[0], *TIED[1:]]).not_tied == ("a",)
    assert grade_group(scheme, [*TIED[:3], chosen[3]]).not_tied == ("d",)
    assert grade_group(scheme, [*TIED[:3], low]).not_tied == ("low",)
    assert grade_group(scheme, [TIED[0], *chosen[1:3], TIED[3]]).too_many == ("b", "c")
    all_in = under(a_share=50 * TICK, tie_at_last_seat="all_in")
    assert grade_group(all_in, [TIED[0], chosen[1], *TIED[2:]]).not_tied == ("b",)


def refusal(unit_key: str, status: str) -> list[tuple[str, object]]:
    """What an assessment refuses when the committee chose a unit of the worked year."""
    inputs = golden.with_adjustment("seat", unit_key)
    units = tuple(
        row._replace(status=status) if row.unit == golden.CODES[unit_key] else row
        for row in inputs.units
    )
    with pytest.raises(FolderRefused) as refused:
        assess(golden.scheme(), inputs._replace(units=units))
    return [(problem.code, problem.facts["unit"]) for problem in refused.value.problems]


def test_a_seat_for_a_unit_that_is_not_tied_refuses_the_year() -> None:
    assert refusal("a1", "graded") == [("seat-not-tied", golden.CODES["a1"])]
    assert refusal("a1", "ungraded") == [("seat-not-tied", golden.CODES["a1"])]


def test_more_seats_than_are_left_refuse_the_year() -> None:
    """Two units with everything equal, one seat, and both chosen."""
    first, second = golden.CODES["a1"], golden.CODES["a2"]
    inputs = golden.inputs()
    model = {name: getattr(inputs, name) for name in ("measurements", "marks")}
    twins = {
        name: tuple(row._replace(unit=unit) for unit in (first, second) for row in rows[:1])
        for name, rows in model.items()
    }
    chosen = tuple(Adjustment(unit, unit, "seat", "议定", "纪要1号") for unit in (first, second))
    inputs = inputs._replace(
        **twins,
        units=inputs.units[:2],
        events=(),
        adjustments=chosen,
        responses=(),
        history=(),
        tenures=(),
    )
    scheme = replace(golden.scheme(), grading=Grading(a_share=50 * TICK))
    with pytest.raises(FolderRefused) as refused:
        assess(scheme, inputs)

    assert {problem.code for problem in refused.value.problems} == {"seats-too-many"}
