"""Writing a demonstration folder, or refusing to."""

from pathlib import Path

import pytest

from kaohe.demo.write import Made, write_demo
from kaohe.inquiry.refusals import QuestionRefused


@pytest.mark.parametrize(
    ("scale", "form", "holds"),
    [
        ("city", None, "assessment.xlsx"),
        ("city", "csv", "units.csv"),
        ("city", "parquet", "units.parquet"),
        ("province", None, "units.parquet"),
        ("nation", "csv", "units.csv"),
    ],
)
def test_each_scale_has_its_forms(scale: str, form: str | None, holds: str, tmp_path: Path) -> None:
    made = write_demo(tmp_path / "out", scale=scale, units=12, form=form)

    names = {file.name for file in (tmp_path / "out").iterdir()}
    assert {"scheme.toml", holds} <= names
    assert made.units == 12
    assert made.facts > 500


def test_a_city_without_a_number_has_282_units(tmp_path: Path) -> None:
    made = write_demo(tmp_path / "out", form="parquet")

    assert made == Made(units=282, facts=made.facts)
    assert 75_000 < made.facts < 90_000


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"units": 0}, "demo-units"),
        ({"units": 3_001}, "demo-units"),
        ({"units": 2_000_001, "scale": "nation"}, "demo-units"),
        ({"year": 1900}, "demo-year"),
        ({"year": 3000}, "demo-year"),
        ({"scale": "nation", "form": "xlsx"}, "demo-form"),
    ],
)
def test_what_cannot_be_made_is_refused_and_nothing_is_written(
    asked: dict[str, object], code: str, tmp_path: Path
) -> None:
    with pytest.raises(QuestionRefused) as refused:
        write_demo(tmp_path / "out", **asked)  # type: ignore[arg-type]

    assert [problem.code for problem in refused.value.problems] == [code]
    assert list(tmp_path.iterdir()) == []


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(QuestionRefused) as refused:
        write_demo(tmp_path / "out", scale="province", units=0, year=1, form="xlsx")

    assert len(refused.value.problems) == 3
