"""The explanation of a unit's score on paper: figures that add up, and every lost point."""

import re
from fractions import Fraction
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfReader

from kaohe.core.scoring import assess
from kaohe.documents.press import Press
from kaohe.documents.sheet import sheet_data, write_sheet
from kaohe.documents.waterfall import picture, steps, two_digits
from kaohe.inquiry.explanation.explain import explain
from kaohe.locale import translator
from tests.documents.towns import SCHEME, town

INPUTS = town(40)
OUTPUTS = assess(SCHEME, INPUTS)
ZH = translator("zh")


def explained(unit, translate=ZH):
    return explain(SCHEME, INPUTS, OUTPUTS, unit, translate)


@pytest.fixture(scope="module")
def press():
    return Press()


def one(**wanted):
    return next(
        row
        for row in OUTPUTS.results
        if all(getattr(row, name) == value for name, value in wanted.items())
    )


def text_of(path):
    pages = PdfReader(BytesIO(path.read_bytes())).pages
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in pages))


def printed(tmp_path, press, unit, translate=ZH, language="zh"):
    path = tmp_path / "sheet.pdf"
    explanation = explained(unit, translate)
    write_sheet(path, explanation, translate=translate, language=language, press=press)
    return explanation, text_of(path)


@pytest.mark.parametrize("row", OUTPUTS.results, ids=lambda row: row.unit)
def test_what_went_away_and_what_is_left_make_a_hundred(row):
    if row.composite is None:
        return
    explanation = explained(row.unit)
    change = sum(step.change for step in steps(explanation, ZH))

    assert abs(100 + change - Fraction(row.composite, 100)) <= Fraction(1, 100)


def test_a_waterfall_goes_from_full_marks_to_the_composite_without_a_gap():
    row = one(grade="B", rank=4)
    fall: dict[str, Any] = picture(explained(row.unit), ZH)
    rows = fall["rows"]

    assert rows[0]["value"] == "100.00"
    assert rows[-1]["value"] == two_digits(Fraction(row.composite, 100))
    for before, after in pairwise(rows[1:-1]):
        assert before["end"] == after["start"]
    for each in rows:
        assert fall["low"] <= each["end"] <= fall["high"]


@pytest.mark.parametrize(
    "wanted", [{"grade": "A"}, {"grade": "B"}, {"grade": "C"}, {"reasons": "ungraded"}]
)
def test_a_sheet_names_the_unit_its_figures_and_every_lost_point(tmp_path, press, wanted):
    explanation, text = printed(tmp_path, press, one(**wanted).unit)

    assert explanation["unit"]["name"] in text
    assert explanation["unit"]["code"] in text
    assert explanation["result"]["composite"] in text
    for part in explanation["composite"]["components"]:
        assert part["name"] in text
        assert part["adjusted"] is None or part["adjusted"] in text
    for cause in explanation["lost"]["causes"]:
        if cause["cause"] == "event":
            assert cause["fact"] in text
            assert cause["document"] in text
        if cause["item_name"]:
            assert cause["item_name"] in text


def test_a_loser_reads_what_was_needed_and_how_far_off_it_was(tmp_path, press):
    row = next(row for row in OUTPUTS.results if row.reasons == "below-a-minimum")
    explanation, text = printed(tmp_path, press, row.unit)
    obstacle = explanation["grade"]["obstacles"][0]

    assert "为何不是A等次" in text
    assert obstacle["has"] in text
    assert obstacle["gap"].rstrip("0").rstrip(".") in text
    assert "异议期" in text


def test_parts_are_printed_with_all_their_digits_and_add_up_to_the_weighted_score():
    row = one(grade="A", group="农林水组")
    data: dict[str, Any] = sheet_data(explained(row.unit), ZH, "zh")
    shares = [Fraction(part["share"]) for part in data["parts"]]

    assert len({len(part["share"].partition(".")[2]) for part in data["parts"]}) == 1
    assert abs(sum(shares) - Fraction(row.weighted, 10_000)) <= Fraction(1, 20_000)


def test_an_exempt_unit_is_told_why_it_has_no_score(tmp_path, press):
    row = one(reasons="exempt")
    _, text = printed(tmp_path, press, row.unit)

    assert "为何不定等次" in text
    assert "正在办理注销登记" in text


def test_a_component_without_facts_stands_as_missing(tmp_path, press):
    unit = INPUTS.units[5].unit  # nobody answered about it
    explanation, text = printed(tmp_path, press, unit)

    assert explanation["composite"]["components"][2]["score"] is None
    assert "社会评价——" in text


def test_in_english_the_labels_are_english(tmp_path, press):
    _, text = printed(tmp_path, press, one(grade="B").unit, str, "en")

    assert "Wherethepointswent" in text
    assert "分数的去处" not in text


def test_the_same_explanation_gives_the_same_bytes(tmp_path, press):
    explanation = explained(one(grade="B").unit)
    for name in ("a.pdf", "b.pdf"):
        write_sheet(tmp_path / name, explanation, translate=ZH, press=press)

    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_a_sheet_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    press = Press()
    monkeypatch.setattr(press, "pages", lambda *_: [b"%PDF new"])
    (tmp_path / "sheet.pdf").write_bytes(b"%PDF old")

    def stop(self, data):
        with self.open("wb") as file:
            file.write(data[:3])
        raise OSError("disk full")

    monkeypatch.setattr("pathlib.Path.write_bytes", stop)
    with pytest.raises(OSError, match="disk full"):
        press.print(tmp_path / "sheet.pdf", "sheet", {})

    assert [entry.read_bytes() for entry in tmp_path.iterdir()] == [b"%PDF old"]
