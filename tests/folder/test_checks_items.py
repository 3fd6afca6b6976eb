"""What the rule of an item needs stands, and the items of a unit make 100 points."""

from dataclasses import replace

import duckdb
import pytest

from kaohe.core.problems import Problem
from kaohe.core.quantities import TICK
from kaohe.core.rows import Inputs, Measurement, NotApplicable, Response, Step, Target
from kaohe.core.scheme import Channel, Scheme
from kaohe.folder.checks import check_folder, without_echoes
from kaohe.folder.rows import store_inputs
from tests.folder.mini_folder import (
    CLINIC,
    INPUTS,
    ITEMS,
    MUSEUM,
    NURSERY,
    SCHEME,
    SCHOOL,
    Place,
    added,
    places,
    problems_of,
    spoilt,
)

ERRORS: dict[str, tuple[Inputs, Place]] = {
    "steps missing": (spoilt("items", 8, steps=()), ("rule-needs-column", "items", 8, "steps")),
    "kinds missing": (
        spoilt("items", 3, kinds=()),
        ("rule-needs-column", "items", 3, "kinds"),
    ),
    "direction missing": (
        spoilt("items", 11, direction=None),
        ("rule-needs-column", "items", 11, "direction"),
    ),
    "an end missing everywhere": (
        spoilt("items", 4, full_at=None),
        ("rule-needs-column-or-targets", "items", 4, "full_at"),
    ),
    "a target missing everywhere": (
        spoilt("items", 5, target=None),
        ("rule-needs-column-or-targets", "items", 5, "target"),
    ),
    "the target of one unit's own item missing": (
        spoilt("items", 9, target=None),
        ("rule-needs-column-or-targets", "items", 9, "target"),
    ),
    "an end missing for one unit": (
        spoilt("items", 4, zero_at=None),
        ("target-missing", "targets", None, "zero_at"),
    ),
    "a base missing without any row": (
        INPUTS._replace(targets=INPUTS.targets[1:]),
        ("target-missing", "targets", None, "base"),
    ),
    "a base missing in its row": (
        spoilt("targets", 2, base=None, target=TICK),
        ("target-missing", "targets", 2, "base"),
    ),
    "equal ends": (
        spoilt("items", 4, full_at=60 * TICK),
        ("ends-equal", "items", 4, "full_at"),
    ),
    "ends that a target makes equal": (
        spoilt("targets", 3, zero_at=95 * TICK),
        ("ends-equal", "targets", 3, "full_at"),
    ),
    "a target of 0 to be reached": (
        spoilt("items", 5, target=0),
        ("target-not-positive", "items", 5, "target"),
    ),
    "a growth of 0 to be reached": (
        spoilt("items", 6, target=0),
        ("target-not-positive", "items", 6, "target"),
    ),
    "a unit's target of 0 to be reached": (
        added("targets", Target(SCHOOL, "J2", target=0)),
        ("target-not-positive", "targets", 4, "target"),
    ),
    "a negative limit": (
        spoilt("items", 9, target=-1),
        ("value-negative", "items", 9, "target"),
    ),
    "a unit's negative limit": (
        added("targets", Target(CLINIC, "W2", target=-1)),
        ("value-negative", "targets", 4, "target"),
    ),
    "a negative base": (
        spoilt("targets", 2, base=-1),
        ("value-negative", "targets", 2, "base"),
    ),
    "a base of 0": (
        spoilt("targets", 2, base=0),
        ("base-not-positive", "targets", 2, "base"),
    ),
}


@pytest.mark.parametrize(("inputs", "place"), ERRORS.values(), ids=ERRORS.keys())
def test_what_a_rule_needs_is_missed_at_its_place(inputs: Inputs, place: Place) -> None:
    assert places(inputs) == [place]


def test_a_base_that_is_negative_and_not_used_is_an_error_and_a_warning() -> None:
    inputs = added("targets", Target(SCHOOL, "J1", base=-1))

    assert places(inputs) == [
        ("column-not-used", "targets", 4, "base"),
        ("value-negative", "targets", 4, "base"),
    ]


OWN_ENDS = (Target(SCHOOL, "J1", full_at=1), Target(NURSERY, "J1", full_at=1))
SOUND: dict[str, Inputs] = {
    "equal ends that every unit has replaced": INPUTS._replace(
        items=(*ITEMS[:2], ITEMS[2]._replace(full_at=60 * TICK), *ITEMS[3:]),
        targets=(INPUTS.targets[0], *OWN_ENDS),
    ),
    "equal ends where the item does not apply": INPUTS._replace(
        targets=(INPUTS.targets[0], Target(NURSERY, "J1", zero_at=95 * TICK)),
        not_applicable=(*INPUTS.not_applicable, NotApplicable(NURSERY, "J1", "r")),
    ),
    "a limit of 0": spoilt("items", 9, target=0),
    "a negative threshold": spoilt("items", 8, steps=(Step(90 * TICK, 1), Step(-1, 1))),
    "an interval that falls": spoilt("items", 4, zero_at=200 * TICK),
    "ends below 0": spoilt("items", 4, zero_at=-TICK, full_at=0),
    "a target for each unit": INPUTS._replace(
        items=(*ITEMS[:3], ITEMS[3]._replace(target=None), *ITEMS[4:]),
        targets=(
            *INPUTS.targets,
            Target(SCHOOL, "J2", target=1),
            Target(NURSERY, "J2", target=1),
        ),
    ),
    "no target where the item does not apply": INPUTS._replace(
        items=(*ITEMS[:7], ITEMS[7]._replace(target=None), *ITEMS[8:]),
        not_applicable=(*INPUTS.not_applicable, NotApplicable(CLINIC, "W2", "r")),
    ),
    "no base where there was nothing to measure": INPUTS._replace(
        targets=INPUTS.targets[1:],
        measurements=(
            *(each for each in INPUTS.measurements if each.item != "J3"),
            Measurement(SCHOOL, "J3", None, 0, 0),
        ),
    ),
}


@pytest.mark.parametrize("inputs", SOUND.values(), ids=SOUND.keys())
def test_what_a_rule_can_use_is_no_problem(inputs: Inputs) -> None:
    assert places(inputs) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("zero_at", 1),
        ("full_at", 1),
        ("target", 1),
        ("minimum", 1),
        ("late_per_day", 1),
        ("direction", "up"),
        ("trim", False),
    ],
)
def test_a_column_that_the_rule_does_not_use_is_a_warning(column: str, value: object) -> None:
    found = problems_of(spoilt("items", 8, **{column: value}))

    assert [(each.code, each.row, each.column) for each in found] == [
        ("column-not-used", 8, column)
    ]
    assert found[0].severity == "warning"


def test_steps_and_kinds_of_other_rules_are_warnings() -> None:
    inputs = INPUTS._replace(
        items=(ITEMS[0]._replace(steps=ITEMS[6].steps), *ITEMS[1:6],
               ITEMS[6]._replace(kinds=ITEMS[0].kinds), *ITEMS[7:])
    )  # fmt: skip

    assert places(inputs) == [
        ("column-not-used", "items", 2, "steps"),
        ("column-not-used", "items", 8, "kinds"),
    ]


def test_sums_that_are_not_100_are_told_once_a_department_with_the_sum_found() -> None:
    found = problems_of(spoilt("items", 5, points=20 * TICK + 1))

    assert [(each.code, each.table, each.row) for each in found] == [("points-not-100", "units", 2)]
    assert found[0].facts == {
        "component": "individual",
        "count": 2,
        "department": "教体局",
        "found": "100.0001",
        "unit": SCHOOL,
    }


def test_common_items_are_summed_for_every_department() -> None:
    found = problems_of(spoilt("items", 3, points=39 * TICK))

    assert [(each.row, each.facts["component"], each.facts["found"]) for each in found] == [
        (2, "common", "99"),
        (3, "common", "99"),
    ]


def test_an_item_of_one_unit_counts_for_that_unit_alone() -> None:
    own = ITEMS[3]._replace(item="J5", unit=SCHOOL, points=TICK)

    found = problems_of(added("items", own))

    assert [(each.row, each.facts["count"], each.facts["found"]) for each in found] == [
        (2, 1, "101")
    ]


def test_having_no_item_of_a_component_is_a_sum_of_0() -> None:
    inputs = INPUTS._replace(
        units=(INPUTS.units[0], INPUTS.units[2], INPUTS.units[3]._replace(status="graded")),
        items=tuple(each for each in ITEMS if each.department != "卫健局"),
        measurements=(), milestones=(), responses=(), adjustments=(),
    )  # fmt: skip

    found = problems_of(inputs)

    assert [(each.code, each.row, each.facts["found"]) for each in found] == [
        ("points-not-100", 4, "0")
    ]


def test_exempt_units_need_no_sums() -> None:
    assert places(spoilt("units", 4, status="exempt")) == []
    assert MUSEUM not in str(problems_of(spoilt("items", 2, points=1)))


def test_nothing_is_said_of_sums_while_points_are_unreadable() -> None:
    inputs = spoilt("items", 5, points=None)

    assert places(inputs) == []


def _silent(unit: str) -> Inputs:
    """All items of a unit stand in not_applicable, and it has no facts."""
    items = ["K1", "K2", "W1", "W2", "W3", "W4"]
    return INPUTS._replace(
        not_applicable=tuple(NotApplicable(unit, item, "r") for item in items)
        + INPUTS.not_applicable,
        measurements=INPUTS.measurements[:3],
        milestones=(),
        responses=INPUTS.responses[:1],
    )


def test_a_graded_unit_without_any_component_is_refused() -> None:
    assert places(_silent(CLINIC)) == [("unit-without-component", "units", 3, "status")]


def test_a_unit_with_nothing_to_measure_in_all_items_has_no_component_either() -> None:
    inputs = _silent(CLINIC)
    waived = tuple(each for each in inputs.not_applicable if each.item != "W4")
    nothing = Measurement(CLINIC, "W4", None, 0, 0)

    inputs = inputs._replace(not_applicable=waived, measurements=(*inputs.measurements, nothing))

    assert places(inputs) == [("unit-without-component", "units", 3, "status")]


def test_not_applicable_that_counts_in_full_leaves_no_component_missing() -> None:
    assert places(_silent(CLINIC), replace(SCHEME, not_applicable="full")) == []


def test_an_ungraded_unit_may_be_without_any_component() -> None:
    inputs = _silent(CLINIC)
    units = (*inputs.units[:1], inputs.units[1]._replace(status="ungraded"), *inputs.units[2:])

    assert places(inputs._replace(units=units)) == []


def _thin(policy: str, minimum: int, weight: int = 40 * TICK) -> Scheme:
    channels = (Channel("visit", weight, minimum), Channel("telephone", 60 * TICK, 1))
    return replace(SCHEME, survey=replace(SCHEME.survey, channels=channels, thin_channel=policy))


@pytest.mark.parametrize(
    ("response", "scheme", "heard"),
    [
        (Response("x", CLINIC, "h1", "visit", True, (1, 2)), SCHEME, True),
        (Response("x", CLINIC, "h1", "visit", False, (1, 2)), SCHEME, False),
        (Response("x", CLINIC, "h1", "visit", True, (None, None)), SCHEME, False),
        (Response("x", CLINIC, "h1", "visit", True, (1, None)), SCHEME, False),
        (Response("x", CLINIC, "h1", "visit", True, (1, 2)), _thin("drop", 2), False),
        (Response("x", CLINIC, "h1", "visit", True, (1, 2)), _thin("keep", 2), True),
        (Response("x", CLINIC, "h1", "visit", True, (1, 2)), _thin("shrink", 2), True),
        (Response("x", CLINIC, "h1", "visit", True, (1, 2)), _thin("shrink", 30, 10), False),
    ],
)
def test_responses_that_count_and_weigh_are_a_component(
    response: Response, scheme: Scheme, heard: bool
) -> None:
    inputs = _silent(CLINIC)

    found = places(inputs._replace(responses=(response,)), scheme)

    assert found == ([] if heard else [("unit-without-component", "units", 3, "status")])


def test_a_folder_without_rows_is_refused_by_its_two_tables() -> None:
    assert places(Inputs((), ())) == [
        ("no-rows", "items", None, ""),
        ("no-rows", "units", None, ""),
    ]


def test_many_rows_of_one_fault_are_counted_and_not_all_listed() -> None:
    rows = [Measurement(SCHOOL, f"X{number}", 1) for number in range(1_500)]

    found = problems_of(added("measurements", *rows))

    assert len(found) == 1_001
    last = found[-1]
    assert (last.code, last.facts, last.severity) == ("yet-more-rows", {"count": 500}, "error")
    assert last.row == found[-2].row


def test_many_warnings_stay_warnings() -> None:
    waived = [ITEMS[3]._replace(item=f"X{number}", zero_at=1, points=1) for number in range(1_200)]

    found = problems_of(added("items", *waived))

    unused = [each for each in found if each.column == "zero_at"]
    assert len(unused) == 1_001
    assert unused[-1].facts == {"count": 200}
    assert {each.severity for each in unused} == {"warning"}


def test_what_only_repeats_a_refused_cell_is_left_out() -> None:
    found = problems_of(spoilt("measurements", 2, value=None))
    elsewhere = Problem("measurement-empty", "measurements", 3, "value")

    assert without_echoes(found, []) == found
    assert without_echoes(found, [elsewhere]) == found
    assert without_echoes(found, [Problem("measurement-both", "measurements", 2, "value")]) == []


def test_other_faults_of_a_row_with_a_refused_cell_stay() -> None:
    found = problems_of(spoilt("measurements", 2, item="J9"))

    assert without_echoes(found, [Problem("measurement-both", "measurements", 2, "value")]) == found


def test_checking_leaves_nothing_behind() -> None:
    with duckdb.connect() as con:
        store_inputs(con, SCHEME, INPUTS)
        before = con.execute("SELECT count(*) FROM duckdb_tables()").fetchall()
        check_folder(con, SCHEME)

        assert con.execute("SELECT count(*) FROM duckdb_tables()").fetchall() == before


def test_a_table_that_could_not_be_read_is_not_said_to_be_empty() -> None:
    found = [Problem("no-rows", "items"), Problem("no-rows", "units")]

    assert without_echoes(found, [Problem("key-twice", "units", 7)]) == found[:1]
    assert without_echoes(found, [Problem("scheme-missing", "assessment.xlsx")]) == []
    assert without_echoes(found, [Problem("folder-missing", facts={"folder": "x"})]) == []
