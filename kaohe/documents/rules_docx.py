"""The same paper as a Word file, for offices that go on working in WPS: GB/T 9704-2012.

The typefaces are named as the standard names them; a machine without them puts others in.
"""

import io
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from kaohe.documents.receipt_code import PaperProof
from kaohe.documents.rules_paper import RulesPaper, title_lines
from kaohe.documents.rules_text import Piece

BODY, TITLE, HEI, KAI, SONG = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
RED = RGBColor(0xC8, 0x10, 0x2E)
PITCH = Pt(28.95)  # 22 lines on 225 mm
EM = Pt(16)
MADE = datetime(2000, 1, 1, tzinfo=UTC)  # the same paper gives the same properties


def write_rules_docx(paper: RulesPaper) -> bytes:
    """The paper as a .docx.

    Source: GB/T 9704-2012, 5 and 7.
    """
    book = Document()
    set_page(book)
    if paper.head:
        _head(book, paper)
    for line in title_lines(paper.title):
        _line(book, line, font=TITLE, size=22, centred=True, before=0)
    if paper.remark:
        _line(book, paper.remark, font=KAI, centred=True)
    _line(book, "")
    for piece in paper.pieces:
        _piece(book, piece)
    if paper.issuer:
        _line(book, "")
        _line(book, "")
        _signed(book, paper.issuer, ems=2)
        _signed(book, paper.issued_on, ems=4)
    if paper.proof:
        _proof(book, paper.proof)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def set_page(book: Any) -> None:
    """Paper, margins, body, numbers of pages; the properties say who and what, and no clock."""
    section = book.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(22)  # 7 mm below the type area
    book.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)
    style = book.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", EM
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY)
    facts = book.core_properties
    facts.author = facts.last_modified_by = facts.comments = ""
    facts.created = facts.modified = MADE


def _page_number(footer: Any, side: Any) -> None:
    """— 1 —, on the outer side, one character in."""
    paragraph = footer.paragraphs[0]
    paragraph.alignment = side
    indent = "right_indent" if side == WD_ALIGN_PARAGRAPH.RIGHT else "left_indent"
    setattr(paragraph.paragraph_format, indent, Pt(14))
    write_run(paragraph, "— ", SONG, 14)
    run = write_run(paragraph, "", SONG, 14)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)
    write_run(paragraph, " —", SONG, 14)


def write_run(
    paragraph: Paragraph, text: str, font: str, size: float = 16, *, bold: bool = False
) -> Any:
    """A text in a typeface: Chinese in ``font``, Latin in Times New Roman."""
    run = paragraph.add_run(text)
    run.font.size, run.font.bold = Pt(size), bold
    run.font.name = "Times New Roman" if font != SONG else SONG
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return run


def _line(
    book: Any,
    text: str,
    *,
    font: str = BODY,
    size: float = 16,
    centred: bool = False,
    indent: bool = False,
    before: float = 0,
) -> Paragraph:
    paragraph: Paragraph = book.add_paragraph()
    form = paragraph.paragraph_format
    form.space_before, form.space_after = Pt(before), Pt(0)
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    form.line_spacing = PITCH if size <= 22 else Pt(size * 1.3)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if indent:
        form.first_line_indent = EM * 2
    if text:
        write_run(paragraph, text, font, size)
    return paragraph


def _head(book: Any, paper: RulesPaper) -> None:
    """The red head, the number, and the red line below it."""
    size = max(26.0, min(48.0, 420 / max(len(paper.head), 1)))
    paragraph = _line(book, paper.head, font=TITLE, size=size, centred=True, before=60)
    for run in paragraph.runs:
        run.font.color.rgb = RED
    _line(book, "")
    numbered = _line(book, paper.number, centred=True)
    edges = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "8"), ("color", "C8102E")):
        bottom.set(qn(f"w:{name}"), value)
    edges.append(bottom)
    numbered._p.get_or_add_pPr().insert_element_before(edges, "w:spacing", "w:ind", "w:jc")
    _line(book, "")


def _piece(book: Any, piece: Piece) -> None:
    if piece.kind in ("chapter", "section"):
        font = HEI if piece.kind == "chapter" else KAI
        paragraph = _line(book, "", centred=True, before=14.5)
        write_run(paragraph, f"{piece.label}　{piece.text}", font)
        paragraph.paragraph_format.keep_with_next = True
        return
    paragraph = _line(book, "", indent=True)
    if piece.kind == "article":
        write_run(paragraph, f"{piece.label}　", HEI)
        write_run(paragraph, piece.text, BODY)
    elif piece.kind == "heading":
        write_run(paragraph, piece.label + piece.text, HEI)
        paragraph.paragraph_format.keep_with_next = True
    else:
        write_run(paragraph, piece.text, BODY)


def _proof(book: Any, proof: PaperProof) -> None:
    """The code of the receipt, and how it is verified, on one page."""
    _line(book, "")
    picture = book.add_paragraph()
    side = Mm(proof.code.side)
    picture.add_run().add_picture(io.BytesIO(proof.code.png), width=side, height=side)
    picture.paragraph_format.keep_with_next = True
    for text in proof.lines:
        paragraph = _line(book, text, size=10.5)
        paragraph.paragraph_format.line_spacing = Pt(16)
        paragraph.paragraph_format.keep_with_next = text != proof.lines[-1]


def _signed(book: Any, text: str, *, ems: int) -> None:
    paragraph = _line(book, text)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paragraph.paragraph_format.right_indent = EM * ems
