"""What follows from a grade: quotas, runs, people."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import floor

import pytest

from kaohe.core.linkages import (
    Past,
    excellent_quota,
    grade_in,
    joined,
    known_past,
    months_before,
    principals,
    proposals,
    run_of_years,
)
from kaohe.core.quantities import TICK
from kaohe.core.rows import PastGrade, Succession, Tenure, Unit
from kaohe.core.scheme import Linkages, Scheme

UNIT = Unit("U", "第一中学", "教育组", "教体局", "graded", "per_pupil", 37)
SCHEME = Scheme(2026, "370683", {})
LAST = date(2026, 12, 31)


def tenure(person: str, start: date, end: date | None = None, post: str = "principal") -> Tenure:
    return Tenure("U", person, post, start, end)


def past(grades: str, *successions: Succession) -> Past:
    """Grades of 2025, 2024 … for the unit: A, B, C, n (none), or a blank for nothing known."""
    words = {"n": "none"}
    rows = [
        PastGrade("U", 2025 - back, words.get(letter, letter))
        for back, letter in enumerate(grades)
        if letter != " "
    ]
    return known_past(rows, successions)


@pytest.mark.parametrize(
    ("staff", "b", "a"),
    [
        *[(3, 0, 0), (5, 1, 1), (8, 1, 2), (12, 2, 3), (20, 4, 5)],
        *[(37, 7, 9), (67, 13, 16), (100, 20, 25), (134, 26, 33)],
    ],
)
def test_quotas_by_fixed_shares(staff: int, b: int, a: int) -> None:
    assert excellent_quota(Linkages(), "B", staff) == b
    assert excellent_quota(Linkages(), "A", staff) == a


@pytest.mark.parametrize(
    ("way", "base", "twenty", "hundred"),
    [
        ("points", 15, 5, 25),
        ("points", 20, 5, 25),
        ("ratio", 15, 3, 16),
        ("ratio", 20, 4, 22),
    ],
)
def test_quotas_by_uplift(way: str, base: int, twenty: int, hundred: int) -> None:
    rules = Linkages(excellent_quota=way, base_share=base * TICK)

    assert excellent_quota(rules, "A", 20) == twenty
    assert excellent_quota(rules, "A", 100) == hundred


def test_quotas_are_exact_for_every_size() -> None:
    for n in range(501):
        for percent in (15, 20):
            base, up = Fraction(percent, 100), Fraction(11, 10)
            plain = Linkages(base_share=percent * TICK)
            ratio = replace(plain, excellent_quota="ratio")
            rounded = replace(plain, excellent_quota="ratio_of_rounded")

            assert excellent_quota(ratio, "A", n) == floor(n * base * up)
            assert excellent_quota(rounded, "A", n) == floor(floor(n * base) * up)
            assert excellent_quota(ratio, "C", n) == floor(n * base)


@pytest.mark.parametrize(
    ("months", "day"),
    [
        (0, LAST),
        (6, date(2026, 6, 30)),
        (10, date(2026, 2, 28)),
        (34, date(2024, 2, 29)),
        (2025 * 12, date(1, 12, 31)),
        (2026 * 12, date.min),
        (99_999_999, date.min),
    ],
)
def test_months_earlier_end_on_the_months_last_day(months: int, day: date) -> None:
    assert months_before(LAST, months) == day


def test_a_principal_needs_the_months_and_the_last_day() -> None:
    rows = [
        tenure("long", date(2026, 6, 30)),
        tenure("short", date(2026, 7, 1)),
        tenure("gone", date(2020, 1, 1), date(2026, 12, 30)),
        tenure("to the last day", date(2020, 1, 1), LAST),
        tenure("in law", date(2020, 1, 1), post="legal_representative"),
    ]

    assert principals(rows, 2026, 6) == ["long", "to the last day"]


def test_terms_without_a_day_between_are_one() -> None:
    first, again = date(2026, 1, 1), date(2026, 9, 1)
    rows = [tenure("p", again), tenure("p", first, date(2026, 8, 31))]

    assert joined(rows) == [tenure("p", first)]
    assert len(joined([tenure("p", again), tenure("p", first, date(2026, 8, 30))])) == 2
    assert len(joined([rows[0], rows[1]._replace(post="legal_representative")])) == 2
    assert len(joined([rows[0], rows[1]._replace(person="q")])) == 2


def test_terms_that_overlap_are_one() -> None:
    inner = tenure("p", date(2026, 2, 1), date(2026, 3, 1))
    outer = tenure("p", date(2026, 1, 1), date(2026, 8, 31))
    still = tenure("p", date(2026, 1, 1))

    assert joined([inner, outer]) == [outer]
    assert joined([inner, still]) == [still]


@pytest.mark.parametrize(
    ("grades", "gap", "years"),
    [
        ("", "break", [2026]),
        ("AA", "break", [2026, 2025, 2024]),
        ("ABA", "break", [2026, 2025]),
        ("AnA", "break", [2026, 2025]),
        ("AnA", "bridge", [2026, 2025, 2023]),
        ("nnA", "bridge", [2026, 2023]),
        ("A A", "bridge", [2026, 2025]),
    ],
)
def test_a_run_counts_backwards(grades: str, gap: str, years: list[int]) -> None:
    assert run_of_years(past(grades), "U", (2026, "A"), gap) == years


def test_only_a_continuation_carries_the_predecessors_years() -> None:
    old = [PastGrade("OLD", year, "A") for year in (2023, 2024, 2025)]
    rows = [*old, PastGrade("U", 2025, "B"), PastGrade("OLDER", 2022, "A")]
    chain = [
        Succession("U", "OLD", 2025, "continuation"),
        Succession("U", "OTHER", 2025, "absorption"),
        Succession("OLD", "OLDER", 2023, "continuation"),
    ]
    known = known_past(rows, chain)

    assert [grade_in(known, "U", year) for year in (2025, 2024, 2023, 2022, 2021)] == [
        "B",
        "A",
        "A",
        "A",
        None,
    ]
    merged = known_past(rows, [Succession("U", "OLD", 2025, "merger")])
    assert grade_in(merged, "U", 2024) is None


def test_the_predecessors_years_end_where_the_succession_begins() -> None:
    rows = [PastGrade("OLD", 2025, "A")]

    assert (
        grade_in(known_past(rows, [Succession("U", "OLD", 2025, "continuation")]), "U", 2025)
        is None
    )
    assert (
        grade_in(known_past(rows, [Succession("U", "OLD", 2026, "continuation")]), "U", 2025) == "A"
    )


def measures(grade: str, known: Past, *tenures: Tenure, unit: Unit = UNIT) -> list[str]:
    """link/measure/person of what follows, in order."""
    rows = proposals(SCHEME, unit, grade, tenures, known)
    return ["/".join(filter(None, row[1:4])) for row in rows]


def test_a_grade_of_none_has_no_consequence() -> None:
    assert measures("none", past("AA"), tenure("p", date(2020, 1, 1))) == []


def test_b_has_its_quota_alone() -> None:
    (row,) = proposals(SCHEME, UNIT, "B", [], past(""))

    assert row == ("U", "honours", "excellent-quota", None, 7, "S28")


def test_a_without_anyone_in_post() -> None:
    assert measures("A", past("AA"), unit=UNIT._replace(funding_basis="appropriation")) == [
        "funding/appropriation-ratio-up",
        "honours/certificate",
        "honours/commendation",
        "honours/excellent-quota",
        "honours/principal-decision",
        "staffing/staffing-priority",
    ]


def test_a_three_years_running_and_a_new_principal() -> None:
    rows = [
        tenure("新", date(2026, 8, 1)),
        tenure("法", date(2020, 1, 1), post="legal_representative"),
        tenure("新", date(2026, 8, 1), post="legal_representative"),
    ]

    assert [each for each in measures("A", past("AA"), *rows) if "/p" in each] == [
        "cadres/promotion-priority/新",
        "cadres/promotion-priority/法",
        "funding/per-pupil-standard-up",
        "honours/principal-decision",
    ]
    assert not [each for each in measures("A", past("A"), *rows) if "cadres" in each]


def test_c_bars_whoever_is_in_post_and_proposes_to_remove_who_was_throughout() -> None:
    rows = [
        tenure("旧", date(2020, 1, 1)),
        tenure("新", date(2026, 1, 1), post="legal_representative"),
        tenure("去", date(2020, 1, 1), date(2025, 12, 31)),
    ]

    assert measures("C", past("nC"), *rows) == [
        "cadres/removal-proposal/旧",
        "honours/barred-from-honours/新",
        "honours/barred-from-honours/旧",
        "honours/excellent-quota",
        "honours/warning",
    ]


def test_c_twice_with_nobody_throughout_is_left_to_a_decision() -> None:
    assert measures("C", past("C"), tenure("新", date(2026, 1, 1))) == [
        "cadres/removal-decision",
        "honours/barred-from-honours/新",
        "honours/excellent-quota",
        "honours/warning",
    ]


def test_c_once_leaves_the_cadres_alone() -> None:
    assert measures("C", past("B")) == ["honours/excellent-quota", "honours/warning"]


def test_a_cycle_of_successions_ends() -> None:
    known = known_past(
        [],
        [Succession("U", "V", 2026, "continuation"), Succession("V", "U", 2026, "continuation")],
    )

    assert grade_in(known, "U", 2025) is None
