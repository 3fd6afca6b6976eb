"""OUT is there whole or not at all, and nothing that is not ours is ever replaced."""

import pytest

from kaohe.inquiry.writing import MARK, OutTaken, check_out, written_aside


def test_a_new_and_an_empty_folder_may_be_written(tmp_path):
    check_out(tmp_path / "new", force=False)
    (tmp_path / "empty").mkdir()
    check_out(tmp_path / "empty", force=False)


def test_an_earlier_result_is_replaced_only_by_force(tmp_path):
    (tmp_path / MARK).write_text("{}")

    with pytest.raises(OutTaken, match="--force"):
        check_out(tmp_path, force=False)
    check_out(tmp_path, force=True)


def test_what_is_not_ours_is_not_replaced_even_by_force(tmp_path):
    (tmp_path / "thesis.docx").write_text("years of work")

    with pytest.raises(OutTaken, match="other files"):
        check_out(tmp_path, force=True)
    with pytest.raises(OutTaken, match="is a file"):
        check_out(tmp_path / "thesis.docx", force=True)


def test_what_was_written_aside_takes_the_place_of_the_earlier(tmp_path):
    out = tmp_path / "deep" / "out"
    for text in ("first", "second"):
        with written_aside(out) as aside:
            (aside / MARK).write_text(text)
            assert not (out / MARK).exists() or (out / MARK).read_text() == "first"

    assert (out / MARK).read_text() == "second"
    assert [entry.name for entry in out.parent.iterdir()] == ["out"]


def test_nothing_appears_when_writing_fails(tmp_path):
    out = tmp_path / "out"

    def fail() -> None:
        with written_aside(out) as aside:
            (aside / "half.csv").write_text("unit,it")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        fail()
    assert list(tmp_path.iterdir()) == []
