"""How firm ranks and grades are: what a study says, writes and refuses."""

import csv
import hashlib
import json
from dataclasses import replace

import numpy as np
import pytest

from kaohe.core.problems import FolderRefused
from kaohe.core.quantities import TICK
from kaohe.core.scheme import Grading, Scheme
from kaohe.documents.refusals import FontMissing
from kaohe.folder.author import write_folder
from kaohe.inquiry.refusals import QuestionRefused
from kaohe.inquiry.robustness import files
from kaohe.inquiry.robustness import simulate as simulating
from kaohe.inquiry.robustness.chance import Chance, Floats, Ints
from kaohe.inquiry.robustness.cohort import MISSING, Cohort
from kaohe.inquiry.robustness.files import (
    check_place,
    how_text,
    render_robustness,
    write_files,
)
from kaohe.inquiry.robustness.scores import perturbed_weights
from kaohe.inquiry.robustness.simulate import Uncertainty, simulate
from kaohe.inquiry.robustness.study import Robustness, study, uncertainty_of
from kaohe.inquiry.writing import OutTaken
from kaohe.locale import translator
from tests.core import golden

SCHEME = Scheme(
    2026,
    "370683",
    {"common": 20 * TICK, "individual": 60 * TICK, "social": 20 * TICK},
    grading=Grading(a_minimum=0, a_component_minimum={}, a_barred_tiers=()),
)


def cohort(scores: list[tuple[int, int, int]], **given: object) -> Cohort:
    """One group of units with these component scores in points, without tiers."""
    size = len(scores)
    score = np.array(scores, dtype=np.int64).T * TICK
    none = np.zeros(size, dtype=np.bool_)
    names = np.array([f"unit {place}" for place in range(size)], dtype=np.object_)
    plain = Cohort(
        unit=names,
        name=names,
        department=names,
        groups=("教育组",),
        group_start=np.array([0, size]),
        composite=np.zeros(size, dtype=np.int64),
        rank=np.ones(size, dtype=np.int64),
        grade=names,
        score=score,
        adjusted=score.copy(),
        extra=np.zeros(size, dtype=np.int64),
        tier=np.full(size, -1),
        scope=np.zeros(size, dtype=np.int64),
        forced=none,
        barred=none,
        chosen=none,
    )
    return replace(plain, **given)  # type: ignore[arg-type]


def random_cohort(size: int) -> Cohort:
    drawn = np.random.default_rng(5).integers(70, 100, (size, 3))
    return cohort([tuple(row) for row in drawn.tolist()])


@pytest.fixture
def year(tmp_path):
    """The worked year of the documentation, as a folder."""
    folder = tmp_path / "year"
    write_folder(golden.inputs(), golden.SCHEME_TEXT, folder)
    return folder


@pytest.fixture
def found(year):
    return study(year, uncertainty_of(200, 3))


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_simulation_is_what_it_always_was():
    simulation = simulate(random_cohort(40), SCHEME, Uncertainty(draws=100, seed=2026))
    told = np.column_stack([simulation.grades, simulation.rank_low, simulation.rank_high])

    assert (
        hashlib.sha256(told.astype("<i8").tobytes()).hexdigest()
        == "75aee486260d8f184a7ffb9a65e07e294f54ed12d4b5be4df7509d836df29fba"
    )


def test_a_unit_best_in_every_component_is_first_in_every_draw():
    simulation = simulate(cohort([(90, 90, 90)] * 5 + [(95, 95, 95)]), SCHEME, Uncertainty())

    assert simulation.grades.tolist() == [[0, 1000, 0]] * 5 + [[1000, 0, 0]]
    assert simulation.rank_low.tolist() == [2] * 5 + [1]
    assert simulation.rank_high.tolist() == [2] * 5 + [1]


def test_units_between_which_only_the_weights_decide_change_places():
    among = cohort([(100, 80, 72), (80, 100, 70), *[(60, 60, 60)] * 3])
    even = replace(SCHEME, weights=dict.fromkeys(SCHEME.weights, TICK))
    simulation = simulate(among, even, Uncertainty(draws=2000))

    first, second = simulation.grades[:2, 0].tolist()
    assert first + second == 2000
    assert 0 < second < first
    assert simulation.rank_low[:2].tolist() == [1, 1]
    assert simulation.rank_high[:2].tolist() == [2, 2]


def test_an_interval_leaves_out_as_many_draws_at_either_end():
    among = random_cohort(30)
    wide = simulate(among, SCHEME, Uncertainty(draws=400, interval=100 * TICK))
    usual = simulate(among, SCHEME, Uncertainty(draws=400))
    narrow = simulate(among, SCHEME, Uncertainty(draws=400, interval=0))

    assert (wide.rank_low <= usual.rank_low).all()
    assert (usual.rank_high <= wide.rank_high).all()
    assert (usual.rank_high - usual.rank_low).sum() < (wide.rank_high - wide.rank_low).sum()
    assert (narrow.rank_high - narrow.rank_low).max() <= 1


def test_a_draw_that_fails_is_reported_and_leaves_no_interval(monkeypatch):
    def spoilt(weights: tuple[int, ...], factors: Ints) -> Floats:
        found = perturbed_weights(weights, factors)
        found[2, 0] = np.nan
        return found

    monkeypatch.setattr(simulating, "perturbed_weights", spoilt)
    simulation = simulate(random_cohort(10), SCHEME, Uncertainty(draws=100))

    assert (simulation.attempted, simulation.completed, simulation.failed) == (100, 99, 1)
    assert simulation.grades is None
    assert simulation.rank_low is None
    assert simulation.rank_high is None


def test_bonuses_beyond_all_bounds_are_still_exact():
    bonus = np.array([10**12 - 51, 10**12 - 50, 0], dtype=np.int64)
    simulation = simulate(cohort([(0, 0, 0)] * 3, extra=bonus), SCHEME, Uncertainty(draws=8))

    assert simulation.rank_low.tolist() == [2, 1, 3]
    assert simulation.rank_high.tolist() == [2, 1, 3]


def test_a_unit_without_any_component_in_the_sums_has_its_bonus_alone():
    scores = [(MISSING, MISSING, MISSING), (0, 0, 0)]
    among = cohort(scores, extra=np.array([3 * TICK, 2 * TICK]))
    among.score[:, 0] = among.adjusted[:, 0] = MISSING
    shared = replace(SCHEME, missing=dict.fromkeys(SCHEME.missing, "redistribute"))
    simulation = simulate(among, shared, Uncertainty(draws=8))

    assert simulation.rank_high.tolist() == [1, 2]


def test_boundary_cases_come_first(found):
    order = [(not row.boundary, row.group, row.rank, row.unit) for row in found.units]

    assert order == sorted(order)
    for row in found.units:
        likeliest = max(row.p_a, row.p_b, row.p_c)
        assert row.boundary == (likeliest < 9_500)
        assert row.rank_low <= row.rank_high


def test_a_study_repeats_byte_for_byte(year, tmp_path):
    for name in ("one", "two"):
        write_files(study(year, uncertainty_of(50, 9)), tmp_path / name, str, "en")

    for name in ("robustness.csv", "robustness.json", "robustness.svg", "robustness.png"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_the_table_holds_every_graded_unit(found, tmp_path):
    assert write_files(found, tmp_path / "out", str, "en") == ""

    rows = rows_of(tmp_path / "out" / "robustness.csv")
    assert tuple(rows[0]) == files.COLUMNS
    assert [row["unit"] for row in rows] == [row.unit for row in found.units]
    for row in rows:
        shares = [float(row[name]) for name in ("p_a", "p_b", "p_c")]
        assert sum(shares) == pytest.approx(1)
        assert row["boundary"] == str(max(shares) < 0.95).lower()
        assert int(row["rank_low"]) <= int(row["rank_high"])


def test_how_it_was_made_stands_beside_it(found, tmp_path):
    write_files(found, tmp_path / "out", str, "en")
    how = json.loads((tmp_path / "out" / "robustness.json").read_text(encoding="utf-8"))

    assert how["seed"] == 3
    assert how["draws"] == {"attempted": 200, "completed": 200, "failed": 0}
    assert how["weights_percent"] == "25.0000"
    assert how["weight_factors_sha256"] == found.factors_digest
    factors = Chance(3, 200).factors(25 * TICK, 3)
    assert found.factors_digest == hashlib.sha256(factors.astype("<i8").tobytes()).hexdigest()


def test_no_interval_is_written_where_a_draw_failed(found, tmp_path):
    unknown = tuple(
        row._replace(rank_low=None, rank_high=None, p_a=None, p_b=None, p_c=None)
        for row in found.units
    )
    failed = replace(found, completed=found.attempted - 1, units=unknown)
    said = write_files(failed, tmp_path / "out", str, "en")

    assert "a draw failed" in said
    assert not (tmp_path / "out" / "robustness.svg").exists()
    for row in rows_of(tmp_path / "out" / "robustness.csv"):
        assert {row[name] for name in files.COLUMNS[6:]} == {""}
    text = render_robustness(failed, str, 90)
    assert "199 completed, 1 failed" in text
    assert "no interval is given" in text


def test_too_many_units_have_no_picture(found, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "PICTURED", 1)

    assert "more than 1 units" in write_files(found, tmp_path / "out", str, "en")
    assert not (tmp_path / "out" / "robustness.png").exists()


def test_without_a_typeface_the_table_is_written_and_the_picture_explained(
    found, tmp_path, monkeypatch
):
    def find(*_: object, **__: object) -> None:
        raise FontMissing

    monkeypatch.setattr("kaohe.documents.press.Typefaces.find", find)
    said = write_files(found, tmp_path / "out", str, "en")

    assert "typeface" in said
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "robustness.csv",
        "robustness.json",
    ]


def test_a_study_takes_only_the_place_of_a_study(found, tmp_path):
    out = tmp_path / "out"
    write_files(found, out, str, "en")

    with pytest.raises(OutTaken, match="--force"):
        check_place(out, tmp_path / "city", force=False)
    check_place(out, tmp_path / "city", force=True)
    (out / "robustness.json").rename(out / "manifest.json")
    with pytest.raises(OutTaken, match="other files"):
        check_place(out, tmp_path / "city", force=False)
    write_files(found, out, str, "en", replace=True)
    assert {"manifest.json", "robustness.json"} <= {path.name for path in out.iterdir()}


def test_the_text_tells_the_boundary_cases_in_both_languages(found):
    cases = [row for row in found.units if row.boundary]
    wide = replace(found, units=tuple(row._replace(p_a=5_000, p_b=5_000) for row in found.units))

    assert f"{len(cases)} of" in render_robustness(found, str, 90) or not cases
    for row in wide.units:
        assert row.name in render_robustness(wide, translator("zh"), 90)
        assert row.name in render_robustness(wide, str, 90)
    assert "处于等次边界的单位" in render_robustness(wide, translator("zh"), 90)


def test_a_long_list_of_boundary_cases_is_cut(found):
    row = found.units[0]._replace(p_a=5_000, p_b=5_000)
    many = replace(found, units=(row,) * (files.LISTED + 7))

    assert "and 7 more" in render_robustness(many, str, 90)


def test_firm_grades_are_said_to_be_firm(found):
    firm = tuple(row._replace(p_a=0, p_b=10_000, p_c=0) for row in found.units)

    assert "grades are firm" in render_robustness(replace(found, units=firm), str, 90)


def test_each_uncertainty_can_be_left_out():
    assert uncertainty_of(10, 1, "12.5", ["weights"]) == Uncertainty(
        10, 1, 125_000, survey=False, events=False
    )
    assert uncertainty_of(10, 1, "25", ["survey", "events"]).weights is None
    assert "nothing uncertain" in how_text(
        Uncertainty(weights=None, survey=False, events=False), str
    )
    assert "±12.5" in how_text(uncertainty_of(10, 1, "12.5%"), str)


@pytest.mark.parametrize("weights", ["", "abc", "-1", "100.1", "1e2", "0.00001"])
def test_what_is_no_percentage_is_refused(weights):
    with pytest.raises(QuestionRefused, match="how far a weight may move"):
        uncertainty_of(10, 1, weights)


def test_more_draws_than_mean_anything_are_refused():
    with pytest.raises(QuestionRefused, match="more than 100,000"):
        uncertainty_of(100_001, 1)


def test_a_folder_without_graded_units_is_refused(tmp_path):
    inputs = golden.inputs()
    units = [unit._replace(status="ungraded", status_reason="新设立") for unit in inputs.units]
    year = inputs._replace(units=tuple(units))
    write_folder(year, golden.SCHEME_TEXT, tmp_path / "year")

    with pytest.raises(QuestionRefused, match="no unit of the folder is graded"):
        study(tmp_path / "year", Uncertainty(draws=1))


def test_a_folder_that_is_not_sound_is_refused(tmp_path):
    with pytest.raises(FolderRefused):
        study(tmp_path, Uncertainty(draws=1))


def test_a_study_agrees_with_the_assessment(found):
    assert isinstance(found, Robustness)
    assert sum(group.size for group in found.groups) == len(found.units)
    assert {row.group for row in found.units} == {group.group for group in found.groups}
