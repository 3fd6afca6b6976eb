"""The commands as one types them: what they say, what they write, and their exit status."""

import csv
import hashlib
import json
import os
import subprocess
import sys

import duckdb
import pytest

from kaohe.cli.main import main
from kaohe.folder.author import write_folder
from tests.core import golden


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """A demonstration city of sixty units, as CSV."""
    folder = tmp_path_factory.mktemp("city") / "city"
    assert main(["demo-city", str(folder), "--units", "60", "--format", "csv"]) == 0
    return folder


@pytest.fixture(scope="module")
def results(city):
    out = city.parent / "results"
    assert main(["assess", str(city), "--out", str(out), "--tables-only"]) == 0
    return out


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tables(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def spoil(city, tmp_path, table, before, after):
    """A copy of the city with one text of one table changed."""
    copy = tmp_path / "spoilt"
    copy.mkdir()
    for path in city.iterdir():
        text = path.read_text(encoding="utf-8-sig")
        if path.stem == table:
            assert before in text
            text = text.replace(before, after, 1)
        (copy / path.name).write_text(text, encoding="utf-8")
    return copy


def test_an_assessment_writes_every_table_and_says_so(city, results, capsys):
    assert {path.name for path in results.iterdir()} == {
        "item_scores.csv",
        "event_effects.csv",
        "survey_scores.csv",
        "component_scores.csv",
        "results.csv",
        "linkages.csv",
        "problems.csv",
        "manifest.json",
    }
    assert len(rows(results / "results.csv")) == 60


def test_the_manifest_names_every_table_with_its_digest(city, results):
    manifest = json.loads((results / "manifest.json").read_text(encoding="utf-8"))

    for name, digest in manifest["outputs"].items():
        assert hashlib.sha256((results / name).read_bytes()).hexdigest() == digest
    for name, digest in manifest["inputs"].items():
        assert hashlib.sha256((city / name).read_bytes()).hexdigest() == digest
    assert "problems.csv" not in manifest["outputs"]


def test_the_same_folder_gives_the_same_bytes(city, results, tmp_path):
    assert main(["assess", str(city), "--out", str(tmp_path / "again"), "--tables-only"]) == 0

    assert tables(tmp_path / "again") == tables(results)


def test_a_folder_of_parquet_gives_the_same_tables(results, tmp_path):
    folder, out = tmp_path / "parquet", tmp_path / "out"
    main(["demo-city", str(folder), "--units", "60", "--format", "parquet"])

    assert main(["assess", str(folder), "--out", str(out), "--tables-only"]) == 0
    for name in ("results.csv", "item_scores.csv", "event_effects.csv", "survey_scores.csv"):
        assert (out / name).read_bytes() == (results / name).read_bytes()


def test_papers_are_written_beside_the_tables(city, tmp_path):
    out = tmp_path / "out"

    assert main(["assess", str(city), "--out", str(out)]) == 0
    assert (out / "report.pdf").read_bytes().startswith(b"%PDF")
    assert (out / "results.xlsx").read_bytes().startswith(b"PK")


def test_an_earlier_result_is_not_overwritten_by_accident(city, results, capsys):
    before = tables(results)

    assert main(["assess", str(city), "--out", str(results), "--tables-only"]) == 2
    assert "--force" in capsys.readouterr().err
    assert tables(results) == before


def test_a_refused_folder_leaves_nothing_and_names_every_problem(city, tmp_path, capsys):
    spoilt = spoil(city, tmp_path, "units", ",graded,", ",gradde,")
    out, problems = tmp_path / "out", tmp_path / "problems.csv"

    status = main(["assess", str(spoilt), "--out", str(out), "--problems", str(problems)])

    assert status == 1
    assert not out.exists()
    (row,) = [row for row in rows(problems) if row["column"] == "status"]
    assert (row["severity"], row["table"], row["row"]) == ("error", "units", "2")
    assert "gradde" in capsys.readouterr().err


def test_what_is_wrong_is_said_in_the_language_asked_for(city, tmp_path, capsys):
    spoilt = spoil(city, tmp_path, "scheme", "year =", "yaer =")

    main(["assess", str(spoilt), "--out", str(tmp_path / "out"), "--lang", "en"])
    english = capsys.readouterr().err
    main(["assess", str(spoilt), "--out", str(tmp_path / "out")])
    chinese = capsys.readouterr().err

    assert "there is no setting “yaer”" in english
    assert "没有“yaer”这一设置项" in chinese


@pytest.mark.parametrize(
    "words",
    [[], ["assess"], ["assess", "x"], ["asess", "x"], ["robustness", "x", "--draws", "0"]],
)
def test_wrong_usage_has_its_own_status(words, capsys):
    with pytest.raises(SystemExit) as stop:
        main(words)

    assert stop.value.code == 2


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path, capsys):
    assert main(["assess", str(tmp_path / "none"), "--out", str(tmp_path / "out")]) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_an_explanation_is_told_printed_and_given_as_json(city, results, tmp_path, capsys):
    unit = next(row for row in rows(results / "results.csv") if row["grade"] == "B")
    sheet = tmp_path / "sheet.pdf"

    assert main(["explain", str(city), unit["name"]]) == 0
    text = capsys.readouterr().out
    assert main(["explain", str(city), unit["unit"], "--json", "--pdf", str(sheet)]) == 0
    explanation = json.loads(capsys.readouterr().out)

    assert unit["composite"] in text
    assert explanation["result"]["composite"] == unit["composite"]
    assert sheet.read_bytes().startswith(b"%PDF")


def test_a_unit_that_is_not_there_is_refused_with_near_ones(city, capsys):
    assert main(["explain", str(city), "不存在的单位", "--lang", "en"]) == 2
    assert "there is no unit" in capsys.readouterr().err


def test_a_difference_is_told_and_written(city, results, tmp_path, capsys):
    unit = rows(results / "results.csv")[0]["unit"]
    table = tmp_path / "moves.csv"

    status = main(["what-if", str(city), "--set", f"bonus:{unit}=+1", "--csv", str(table)])

    assert status == 0
    assert unit in {row["unit"] for row in rows(table)}


def test_a_change_that_cannot_be_is_refused_as_wrong_usage(city, capsys):
    assert main(["what-if", str(city), "--set", "event:none=withdrawn"]) == 2
    assert main(["what-if", str(city), "--set", "nonsense"]) == 2


def test_robustness_writes_a_table_and_two_pictures(city, tmp_path, capsys):
    out = tmp_path / "robustness"

    assert main(["robustness", str(city), "--draws", "50", "--out", str(out)]) == 0
    shown = rows(out / "robustness.csv")
    assert all(abs(sum(float(row[p]) for p in ("p_a", "p_b", "p_c")) - 1) < 0.001 for row in shown)
    assert (out / "robustness.svg").read_text(encoding="utf-8").startswith("<svg")
    assert (out / "robustness.png").read_bytes().startswith(b"\x89PNG")


def test_the_tour_names_only_what_is_there(city, results, capsys):
    assert main(["tour", str(city), str(results)]) == 0
    told = capsys.readouterr().out

    assert "results.csv" in told
    assert "report.pdf" not in told


def test_the_help_names_every_command_in_both_languages(capsys):
    for language, word in (("zh", "考核文件夹"), ("en", "the assessment folder")):
        with pytest.raises(SystemExit) as stop:
            main(["assess", "--help", "--lang", language])
        assert stop.value.code == 0
        assert word in capsys.readouterr().out


def test_help_does_not_wait_for_the_engine():
    code = (
        "import sys; from kaohe.cli.main import build_parser; build_parser(str).format_help();"
        "print(sorted({'duckdb', 'narwhals', 'numpy', 'typst'} & set(sys.modules)))"
    )
    told = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert told.stdout.strip() == "[]"


def test_the_worked_year_comes_out_of_the_command_line_digit_by_digit(tmp_path):
    folder, out = tmp_path / "folder", tmp_path / "out"
    write_folder(golden.inputs(), golden.SCHEME_TEXT, folder, "csv")

    assert main(["assess", str(folder), "--out", str(out), "--tables-only"]) == 0
    shown = [(r["composite"], r["rank"], r["grade"]) for r in rows(out / "results.csv")]
    assert sorted(shown) == sorted(
        [
            ("98.44", "1", "A"),
            ("93.27", "2", "B"),
            ("93.10", "3", "B"),
            ("86.38", "4", "B"),
            ("71.62", "5", "B"),
        ]
    )


def test_the_problem_that_others_follow_from_is_told_before_them(city, tmp_path, capsys):
    first = rows(city / "units.csv")[0]["unit"]
    wrong = first[:-1] + ("1" if first[-1] == "0" else "0")
    spoilt = spoil(city, tmp_path, "units", first, wrong)

    assert main(["assess", str(spoilt), "--out", str(tmp_path / "out"), "--lang", "en"]) == 1
    assert capsys.readouterr().err.startswith("ERROR  units, row 2, column unit: ")


def test_an_assessment_folder_is_not_replaced_by_its_results(city, tmp_path, capsys):
    folder = spoil(city, tmp_path, "units", "", "")
    (folder / "manifest.json").write_text("{}")
    before = tables(folder)

    assert main(["assess", str(folder), "--out", str(folder), "--force", "--lang", "en"]) == 2
    assert "is the assessment folder" in capsys.readouterr().err
    assert tables(folder) == before


def test_a_list_of_problems_that_cannot_be_written_stops_before_the_work(city, tmp_path, capsys):
    out = tmp_path / "out"
    where = tmp_path / "nowhere" / "problems.csv"

    assert main(["assess", str(city), "--out", str(out), "--problems", str(where)]) == 2
    assert str(where) in capsys.readouterr().err
    assert not out.exists()


def test_a_name_that_is_no_text_is_wrong_usage(city, tmp_path):
    with pytest.raises(SystemExit) as left:
        main(["assess", str(city), "--out", str(tmp_path / "a\udcff")])
    assert left.value.code == 2


def test_a_terminal_without_chinese_characters_stops_nothing(city):
    told = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "kaohe", "explain", str(city), "中学", "--lang", "zh"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )

    assert b"Traceback" not in told.stderr
    assert b"\\u" in told.stdout + told.stderr


@pytest.mark.parametrize("fault", [duckdb.IOException, duckdb.OutOfMemoryException])
def test_a_full_disk_is_told_in_a_line(city, tmp_path, monkeypatch, capsys, fault):
    def fail(*_: object) -> None:
        raise fault("Could not write file: No space left on device\nstack")

    monkeypatch.setattr("kaohe.inquiry.assess.write_outputs", fail)

    assert main(["assess", str(city), "--out", str(tmp_path / "out")]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[-1] == "kaohe: Could not write file: No space left on device"
    assert list(tmp_path.iterdir()) == []
