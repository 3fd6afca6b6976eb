"""A unit explained from its folder: what the engine scored and the exact rules say are one."""

import pytest

from kaohe.folder.author import write_folder
from kaohe.inquiry.explanation.folder import explain_folder
from kaohe.inquiry.refusals import QuestionRefused
from tests.core import golden
from tests.inquiry.cases import of_golden


@pytest.fixture(scope="module", params=["csv", "parquet"])
def folder(request, tmp_path_factory):
    path = tmp_path_factory.mktemp(request.param) / "year"
    write_folder(golden.inputs(), golden.SCHEME_TEXT, path, request.param)
    return path


@pytest.mark.parametrize("name", sorted(golden.CODES))
def test_a_unit_is_explained_from_its_folder_as_from_rows_in_memory(folder, name):
    assert explain_folder(folder, golden.CODES[name]) == of_golden(name)


def test_a_unit_can_be_asked_for_by_part_of_its_name(folder):
    assert explain_folder(folder, "中医")["unit"]["code"] == golden.CODES["a2"]


def test_a_question_for_no_unit_is_refused(folder):
    with pytest.raises(QuestionRefused):
        explain_folder(folder, "消防")
