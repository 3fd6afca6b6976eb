"""Rules as official papers: read into pieces, set as PDF, written as .docx."""

import io

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from pypdf import PdfReader

from kaohe.documents.press import Press
from kaohe.documents.refusals import CharacterMissing
from kaohe.documents.rules_docx import RED, write_rules_docx
from kaohe.documents.rules_paper import print_rules, rules_paper, title_lines
from kaohe.documents.rules_text import clauses, label_in, pieces

TEXT = """第一章 总则
第一条 为规范工作，制定本规则。

第二条 遵循下列原则：
（一）公开；
（二）公正。
第二章 附则
第三条 本规则自印发之日起施行。"""


@pytest.fixture(scope="module")
def press():
    return Press()


@pytest.fixture
def paper():
    return rules_paper(
        "示例市事业单位考核委员会工作规则",
        TEXT,
        head="示例市事业单位考核委员会文件",
        number="示事考委〔2026〕1号",
        remark="（2026年3月5日印发，自2026年4月1日起施行）",
        issuer="示例市事业单位考核委员会",
        issued_on="2026年3月5日",
    )


def text_of(pdf):
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "")


def test_lines_are_read_as_what_they_are():
    assert [piece.kind for piece in pieces(TEXT)] == [
        "chapter",
        "article",
        "article",
        "paragraph",
        "paragraph",
        "chapter",
        "article",
    ]


@pytest.mark.parametrize(
    ("line", "kind", "label"),
    [
        ("第二十一条之一　补充规定。", "article", "第二十一条之一"),
        ("第12条 内容", "article", "第12条"),
        ("第三节 监督", "section", "第三节"),
        ("一、总体要求", "heading", "一、"),
        ("一、这是一个很长的段落，它以标点结束。", "paragraph", ""),
        ("第一条款的解释见附件", "article", "第一条"),
        ("本条", "paragraph", ""),
        ("第一章 " + "很长的章名" * 20, "paragraph", ""),
    ],
)
def test_a_line_by_line(line, kind, label):
    [piece] = pieces(line)

    assert (piece.kind, piece.label) == (kind, label)


def test_an_article_keeps_its_paragraphs():
    found = clauses(TEXT)

    assert found[2].paragraphs == ("遵循下列原则：", "（一）公开；", "（二）公正。")
    assert found[3].kind == "chapter"


def test_a_label_is_found_at_the_beginning_only():
    assert label_in("第二条 遵循下列原则：") == "第二条"
    assert label_in("依照第二条办理") == ""


def test_a_long_title_stands_on_lines_of_about_one_length():
    lines = title_lines("示例市事业单位" * 6)

    assert "".join(lines) == "示例市事业单位" * 6
    assert max(map(len, lines)) - min(map(len, lines)) <= 1
    assert max(map(len, lines)) <= 19


def test_the_pdf_holds_everything_and_is_the_same_each_time(paper, press):
    first, second = print_rules(paper, press=press), print_rules(paper, press=press)

    text = text_of(first)
    assert first == second
    for part in (
        "示例市事业单位考核委员会文件",
        "示事考委〔2026〕1号",
        "第一章",
        "第三条",
        "（二）公正。",
        "2026年3月5日",
        "— 1 —",
    ):
        assert part in text


def test_a_paper_without_head_has_no_head(press):
    text = text_of(
        print_rules(rules_paper("工作规则", TEXT, remark="（第1版，草稿）"), press=press)
    )

    assert "文件" not in text
    assert "（第1版，草稿）" in text


def test_text_is_never_markup(press):
    made = print_rules(rules_paper("规则", '第一条 #panic("x") *甲* $1$ <b>'), press=press)

    assert '#panic("x") *甲* $1$ <b>' in text_of(made)


def test_a_character_that_cannot_be_printed_is_refused(press):
    with pytest.raises(CharacterMissing, match="U\\+308AA"):
        print_rules(rules_paper("规则", "第一条 周\U000308aa。"), press=press)


def test_the_word_file_has_the_layout_of_the_standard(paper):
    book = Document(io.BytesIO(write_rules_docx(paper)))

    section = book.sections[0]
    size = (section.page_width, section.top_margin, section.left_margin, section.right_margin)
    assert [round(each / Mm(1)) for each in size] == [210, 37, 28, 26]
    assert book.settings.odd_and_even_pages_header_footer
    lines = [paragraph.text for paragraph in book.paragraphs]
    assert lines[0] == "示例市事业单位考核委员会文件"
    assert book.paragraphs[0].runs[0].font.color.rgb == RED
    assert "第一章　总则" in lines
    assert "第一条　为规范工作，制定本规则。" in lines
    article = book.paragraphs[lines.index("第一条　为规范工作，制定本规则。")]
    fonts = [run._r.rPr.rFonts.get(qn("w:eastAsia")) for run in article.runs]
    assert fonts == ["黑体", "仿宋_GB2312"]
    assert article.paragraph_format.first_line_indent.pt == 32
    assert "PAGE" in section.footer._element.xml


def test_the_red_line_stands_where_the_schema_has_it(paper):
    book = Document(io.BytesIO(write_rules_docx(paper)))

    [numbered] = [each for each in book.paragraphs if each.text == "示事考委〔2026〕1号"]
    parts = [child.tag.rpartition("}")[2] for child in numbered._p.pPr]
    assert parts.index("pBdr") < parts.index("spacing") < parts.index("jc")


def test_the_word_file_says_nothing_of_when_and_by_whom(paper):
    facts = Document(io.BytesIO(write_rules_docx(paper))).core_properties

    assert (facts.author, facts.last_modified_by, facts.modified.year) == ("", "", 2000)


def test_a_rare_character_goes_into_the_word_file():
    book = Document(io.BytesIO(write_rules_docx(rules_paper("规则", "第一条 䶮𠀀\U000308aa。"))))

    assert any("䶮𠀀\U000308aa" in paragraph.text for paragraph in book.paragraphs)
