"""Results read back, and the table of what each unit had under each indicator."""

import pytest

from kaohe.core.scheme_toml import scheme_toml
from kaohe.core.scoring import assess
from kaohe.folder.author import write_folder
from kaohe.folder.past_table import past_rows, read_past, write_past
from kaohe.folder.read_results import read_outputs
from kaohe.inquiry.assess import Wanted, assess_folder
from tests.folder.mini_folder import CLINIC, INPUTS, MUSEUM, NURSERY, SCHEME, SCHOOL


def test_results_that_were_written_are_read_back_as_the_exact_evaluator_gives_them(tmp_path):
    write_folder(INPUTS, scheme_toml(SCHEME), tmp_path / "in")
    assess_folder(tmp_path / "in", tmp_path / "out", Wanted(documents=False))

    assert read_outputs(tmp_path / "out") == assess(SCHEME, INPUTS)


def test_a_number_that_is_none_is_not_read(tmp_path):
    write_folder(INPUTS, scheme_toml(SCHEME), tmp_path / "in")
    assess_folder(tmp_path / "in", tmp_path / "out", Wanted(documents=False))
    path = tmp_path / "out" / "item_scores.csv"
    path.write_text(path.read_text().replace("60.0000", "sixty", 1))

    with pytest.raises(ValueError, match="no number"):
        read_outputs(tmp_path / "out")


@pytest.fixture
def rows():
    found = past_rows(INPUTS, assess(SCHEME, INPUTS).item_scores)
    return {(row.unit, row.item): row for row in found}


def test_it_has_value_target_and_what_was_earned(rows):
    row = rows[SCHOOL, "J2"]

    assert (row.value, row.target, row.points) == (900_000, 900_000, 200_000)
    assert row.earned == 200_000
    assert rows[SCHOOL, "J1"].target == 950_000  # the full end, where there is no target


def test_what_did_not_apply_or_was_never_reported_earned_nothing_and_lost_nothing(rows):
    assert rows[NURSERY, "J3"].earned is None  # not applicable
    assert rows[NURSERY, "J1"].earned is None  # missing
    assert rows[CLINIC, "W4"].earned is None  # 0 of 0
    assert rows[MUSEUM, "K1"].earned is None  # exempt
    assert rows[SCHOOL, "K1"].earned is not None


def test_it_comes_back_from_its_file(tmp_path, rows):
    write_past(rows.values(), tmp_path)

    assert read_past(tmp_path) == list(rows.values())
