"""report.pdf: an official paper that says who, which rank, which grade and why."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from kaohe.core.linkages import excellent_quota
from kaohe.core.quantities import show_hundredths
from kaohe.core.rows import Linkage, Succession
from kaohe.core.scoring import assess
from kaohe.documents.fonts import Typefaces
from kaohe.documents.grounds import Grounds, quota_words
from kaohe.documents.press import Press
from kaohe.documents.refusals import CharacterMissing, FontMissing
from kaohe.documents.report import write_report
from kaohe.locale import translator
from tests.documents.towns import SCHEME, credit_code, town

INPUTS = town(40)
OUTPUTS = assess(SCHEME, INPUTS)
RARE = "\U00031300"  # 𱌀, of extension H


@pytest.fixture(scope="module")
def press():
    return Press()


def written(path, press, inputs=INPUTS, outputs=OUTPUTS, **options):
    settings = {"translate": translator("zh"), **options}
    write_report(path, SCHEME, inputs, outputs, press=press, **settings)
    return path.read_bytes()


def text_of(paper):
    """The text of all pages; breaks of lines and blanks are the typesetter's own."""
    pages = PdfReader(BytesIO(paper)).pages
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in pages))


@pytest.fixture(scope="module")
def paper(press, tmp_path_factory):
    return written(tmp_path_factory.mktemp("report") / "report.pdf", press)


@pytest.fixture(scope="module")
def text(paper):
    return text_of(paper)


def test_every_unit_is_named_and_every_composite_is_printed(text):
    for row in OUTPUTS.results:
        assert row.name in text
        if row.composite is not None:
            assert show_hundredths(row.composite) in text


def test_a_rank_stands_before_its_unit_and_its_composite_behind_it(text):
    first = next(row for row in OUTPUTS.results if row.group == "教育组" and row.rank == 1)

    assert f"1{first.name}{show_hundredths(first.composite or 0)}" in text


def test_the_chapters_of_an_official_paper_are_numbered(text):
    for words in ("一、总体情况", "二、分组排名", "三、等次名单", "四、结果运用", "五、依据和说明"):
        assert words in text
    assert "（一）农林水组" in text
    assert "1．通报表扬和颁发证书" in text
    assert "—1—" in text


def test_a_grade_withheld_or_forced_has_its_reason(text):
    assert "有直接定为C等次的情形" in text
    assert "综合得分低于C等次界线" in text
    assert "有不得评为A等次的情形" in text
    assert "正在办理注销登记" in text


def test_quotas_runs_and_posts_show_what_they_rest_on(text):
    quota = next(row for row in OUTPUTS.linkages if row.measure == "excellent-quota")
    unit = next(unit for unit in INPUTS.units if unit.unit == quota.unit)

    assert f"{unit.staff}×2" in text
    assert "2023–2026年度A等次" in text
    assert "示事考委〔2024〕1号" in text
    assert "起任主要负责人、法定代表人" in text


def test_there_is_no_clock_in_it(press, paper, tmp_path):
    again = written(tmp_path / "again.pdf", Press())

    assert again == paper
    assert not re.search(rb"/(?:Creation|Mod)Date", paper)


def test_the_date_of_issue_is_blank_or_the_one_that_is_given(press, text, tmp_path):
    dated = written(tmp_path / "r.pdf", press, issuer="示例市考核办", issued_on=date(2027, 2, 5))

    assert "年月日" in text
    assert "2027年2月5日" in text_of(dated)
    assert "示例市考核办" in text_of(dated)


def test_pages_have_the_size_and_the_type_of_the_standard(paper):
    reader = PdfReader(BytesIO(paper))
    resources: list[Any] = [page["/Resources"] for page in reader.pages]
    fonts = {
        str(font.get_object()["/BaseFont"])
        for resource in resources
        for font in resource["/Font"].values()
    }

    assert {tuple(round(float(x)) for x in page.mediabox[2:]) for page in reader.pages} == {
        (595, 842)
    }
    assert any("CJK" in font or "Song" in font for font in fonts)


def test_in_english_the_words_are_english(press, tmp_path):
    text = text_of(written(tmp_path / "r.pdf", press, translate=str, language="en"))

    assert "1.Summary" in text
    assert "总体情况" not in text


def test_groups_too_small_for_a_seat_have_no_grade_a(press, tmp_path):
    inputs = town(12)
    text = text_of(written(tmp_path / "r.pdf", press, inputs, assess(SCHEME, inputs)))

    assert "（一）A等次无。" in text


def test_markup_in_a_name_is_only_a_name(press, tmp_path):
    first = INPUTS.units[0]
    strange = first._replace(name="#panic(1)*中学*$x$")
    inputs = INPUTS._replace(units=(strange, *INPUTS.units[1:]))

    assert "#panic(1)*中学*$x$" in text_of(
        written(tmp_path / "r.pdf", press, inputs, assess(SCHEME, inputs))
    )


def test_a_character_that_no_typeface_has_is_named_with_its_unit(press, tmp_path):
    first = INPUTS.units[0]
    inputs = INPUTS._replace(units=(first._replace(name=f"{RARE}山小学"), *INPUTS.units[1:]))

    with pytest.raises(CharacterMissing) as refused:
        written(tmp_path / "r.pdf", press, inputs, assess(SCHEME, inputs))

    assert f"{RARE}山小学" in refused.value.sentence(translator("zh"))
    assert "U+31300" in str(refused.value)
    assert not (tmp_path / "r.pdf").exists()


def test_a_rare_character_of_a_person_is_named_with_the_unit(press, tmp_path):
    leaders = tuple(row._replace(person=f"李{RARE}") for row in INPUTS.tenures)
    inputs = INPUTS._replace(tenures=leaders)

    with pytest.raises(CharacterMissing) as refused:
        written(tmp_path / "r.pdf", press, inputs, assess(SCHEME, inputs))

    where = str(refused.value.facts["where"])
    assert f"李{RARE}" in where
    assert any(unit.name in where for unit in INPUTS.units)


def test_a_rare_character_that_a_typeface_has_is_printed(press, tmp_path):
    first = INPUTS.units[0]
    inputs = INPUTS._replace(units=(first._replace(name="䶮山小学"), *INPUTS.units[1:]))

    assert "䶮山小学" in text_of(written(tmp_path / "r.pdf", press, inputs, assess(SCHEME, inputs)))


def test_without_a_chinese_typeface_the_package_is_named(tmp_path):
    with pytest.raises(FontMissing) as refused:
        Typefaces.find([tmp_path], system=False)

    for language in ("zh", "en"):
        sentence = refused.value.sentence(translator(language))
        assert "fonts-noto-cjk" in sentence
        assert "思源宋体" in sentence


def test_typefaces_of_a_folder_of_our_own_come_before_the_systems(tmp_path, monkeypatch):
    system = Typefaces.find()
    path, _ = system.files[system.families["song"][0]]
    (tmp_path / "own.ttc").symlink_to(path)
    monkeypatch.setenv("KAOHE_FONTS", str(tmp_path))

    own = Typefaces.find(system=False)

    assert own.folders == (str(tmp_path),)
    assert own.families["body"][0] in own.files
    assert written(tmp_path / "r.pdf", Press(own))[:5] == b"%PDF-"


def test_a_run_over_a_bridged_year_names_its_years_one_by_one():
    scheme = replace(SCHEME, linkages=replace(SCHEME.linkages, a_gap="bridge"))
    winner = next(row for row in OUTPUTS.results if row.grade == "A")
    history = tuple(
        row._replace(grade="none") if (row.unit, row.year) == (winner.unit, 2024) else row
        for row in INPUTS.history
    )
    grounds = Grounds(scheme, INPUTS._replace(history=history), translator("zh"))
    linkage = Linkage(winner.unit, "cadres", "promotion-priority", "某", None, "S29")

    ground = grounds.of(linkage, "A")

    assert ground.words == "2023、2025、2026年度A等次"
    assert ground.documents == "示事考委〔2024〕1号；示事考委〔2026〕1号"


def test_a_continued_unit_shows_its_predecessors_documents():
    winner = next(row for row in OUTPUTS.results if row.grade == "A")
    before = credit_code(900)
    history = tuple(
        row._replace(unit=before) if row.unit == winner.unit else row for row in INPUTS.history
    )
    inputs = INPUTS._replace(
        history=history, successions=(Succession(winner.unit, before, 2026, "continuation"),)
    )
    linkage = Linkage(winner.unit, "cadres", "promotion-priority", "某", None, "S29")

    ground = Grounds(SCHEME, inputs, translator("zh")).of(linkage, "A")

    assert ground.words == "2023–2026年度A等次"
    assert ground.documents.startswith("示事考委〔2024〕1号")


@pytest.mark.parametrize("staff", range(0, 501, 7))
@pytest.mark.parametrize("mode", ["fixed", "points", "ratio", "ratio_of_rounded"])
@pytest.mark.parametrize("grade", ["A", "B", "C"])
def test_the_arithmetic_of_a_quota_ends_in_the_quota(mode, grade, staff):
    rules = replace(SCHEME.linkages, excellent_quota=mode)

    words = quota_words(rules, grade, staff)

    assert re.split(r" = | to ", words)[-1] == str(excellent_quota(rules, grade, staff))


def test_the_four_ways_of_a_quota_are_written_out():
    def words(mode):
        return quota_words(replace(SCHEME.linkages, excellent_quota=mode), "A", 37)

    assert words("fixed") == "37 × 25% = 9.25, rounded down to 9"
    assert words("points") == "37 × MIN(15% + 10%, 25%) = 9.25, rounded down to 9"
    assert words("ratio") == "37 × 15% × (1 + 10%) = 6.105, rounded down to 6"
    assert words("ratio_of_rounded") == (
        "37 × 15% = 5.55, rounded down to 5; 5 × (1 + 10%) = 5.5, rounded down to 5"
    )


def test_a_mark_that_turns_the_writing_is_left_out_of_a_paper(tmp_path, press):
    first = INPUTS.units[0]
    inputs = INPUTS._replace(units=(first._replace(name="\u202e一中"), *INPUTS.units[1:]))
    text = text_of(written(tmp_path / "r.pdf", press, inputs, assess(SCHEME, inputs)))

    assert "一中" in text
    assert "\u202e" not in text
