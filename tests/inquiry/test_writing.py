"""OUT is there whole or not at all, and nothing that is not ours is ever lost."""

import pytest

from kaohe.inquiry.writing import MARK, OutTaken, check_file, check_out, written_aside


def test_a_new_and_an_empty_folder_may_be_written(tmp_path):
    check_out(tmp_path / "new", force=False)
    (tmp_path / "empty").mkdir()
    check_out(tmp_path / "empty", force=False)


def test_an_earlier_result_is_replaced_only_by_force(tmp_path):
    (tmp_path / MARK).write_text("{}")

    with pytest.raises(OutTaken, match="--force"):
        check_out(tmp_path, force=False)
    check_out(tmp_path, force=True)


def test_what_is_not_ours_asks_for_force_and_a_file_is_never_replaced(tmp_path):
    (tmp_path / "thesis.docx").write_text("years of work")

    with pytest.raises(OutTaken, match="other files"):
        check_out(tmp_path, force=False)
    check_out(tmp_path, force=True)
    with pytest.raises(OutTaken, match="is a file"):
        check_out(tmp_path / "thesis.docx", force=True)


def test_what_is_not_ours_stays_where_a_result_is_replaced(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.docx").write_text("years of work")
    (out / "report.pdf").write_text("of last week")

    with written_aside(out, replace=True) as aside:
        (aside / MARK).write_text("{}")

    assert {entry.name for entry in out.iterdir()} == {"thesis.docx", MARK}
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


def test_what_was_written_aside_takes_the_place_of_the_earlier(tmp_path):
    out = tmp_path / "deep" / "out"
    for text in ("first", "second"):
        with written_aside(out, replace=True) as aside:
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


def test_the_assessment_folder_is_never_replaced_even_if_it_holds_a_manifest(tmp_path):
    folder = tmp_path / "city"
    folder.mkdir()
    for out in (folder, tmp_path):
        (out / MARK).write_text("{}")
        with pytest.raises(OutTaken, match="is the assessment folder, or holds it"):
            check_out(out, force=True, folder=folder)
    (tmp_path / "link").symlink_to(folder)
    with pytest.raises(OutTaken, match="is the assessment folder, or holds it"):
        check_out(tmp_path / "link", force=True, folder=folder)
    check_out(folder / "results", force=False, folder=folder)


def test_a_place_below_a_file_is_refused(tmp_path):
    (tmp_path / "thesis.docx").write_text("years of work")

    with pytest.raises(OutTaken, match=r"thesis\.docx is a file"):
        check_out(tmp_path / "thesis.docx" / "deep" / "out", force=True)


def test_of_two_who_write_to_one_place_the_later_gives_way(tmp_path):
    out = tmp_path / "out"

    def write_both() -> None:
        with written_aside(out) as aside:
            (aside / MARK).write_text("later")
            out.mkdir()
            (out / MARK).write_text("earlier")

    with pytest.raises(OutTaken, match="earlier result"):
        write_both()
    assert (out / MARK).read_text() == "earlier"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


def test_a_link_to_a_folder_stays_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to("real")

    with written_aside(tmp_path / "out") as aside:
        (aside / MARK).write_text("{}")

    assert (tmp_path / "real" / MARK).read_text() == "{}"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["out", "real"]


def test_a_single_file_needs_a_folder_to_lie_in(tmp_path):
    check_file(tmp_path / "problems.csv", tmp_path / "city")
    for place in (tmp_path, tmp_path / "nowhere" / "problems.csv"):
        with pytest.raises(OutTaken, match="cannot be written"):
            check_file(place, tmp_path / "city")
