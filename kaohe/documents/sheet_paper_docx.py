"""A form as a Word file, for offices that work in WPS: what it says reads back the same."""

import io
from typing import Any

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from kaohe.documents.blocks import DASH
from kaohe.documents.receipt_code import PaperProof
from kaohe.documents.rules_docx import BODY, HEI, KAI, TITLE, set_page, write_run
from kaohe.documents.rules_paper import title_lines
from kaohe.documents.sheet_paper import WIDTH, FormPaper, FormTable, spans_of

SMALL, TINY = 10.5, 9.0
_SIDES = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}


def write_form_docx(papers: FormPaper | list[FormPaper]) -> bytes:
    """One paper as a .docx, or several, each on a page of its own.

    Source: GB/T 9704-2012, 5 and 7.
    """
    book = Document()
    set_page(book)
    for place, paper in enumerate([papers] if isinstance(papers, FormPaper) else papers):
        if place:
            book.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        _write(book, paper)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write(book: Any, paper: FormPaper) -> None:
    for line in title_lines(paper.title):
        _line(book, line, TITLE, 22, "center")
    if paper.draft:
        _line(book, paper.draft, KAI, 16, "center")
    if paper.facts:
        _facts(book, paper)
    for text in paper.lead:
        _line(book, text, BODY, 12)
    for table in paper.tables:
        heading = _line(book, table.heading, HEI, 12)
        heading.paragraph_format.keep_with_next = True
        heading.paragraph_format.space_before = Pt(10)
        _table(book, table)
        if table.remark:
            _line(book, table.remark, BODY, TINY)
    if paper.boxes:
        _boxes(book, paper)
    if paper.remark:
        _line(book, paper.remark, BODY, TINY)
    if paper.proof:
        _proof(book, paper.proof)


def _line(book: Any, text: str, font: str, size: float, side: str = "left") -> Any:
    paragraph = book.add_paragraph()
    form = paragraph.paragraph_format
    form.space_before, form.space_after = Pt(0), Pt(4)
    form.line_spacing_rule = WD_LINE_SPACING.SINGLE
    paragraph.alignment = _SIDES[side]
    if text:
        write_run(paragraph, text, font, size)
    return paragraph


def _new_table(book: Any, rows: int, widths: list[float]) -> Any:
    table = book.add_table(rows, len(widths))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    return table


def _put(cell: Any, text: str, font: str, size: float, side: str, width: float) -> None:
    """A text into a cell; its lines stay lines of one paragraph each."""
    cell.width = Mm(width)
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    for place, line in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        paragraph.alignment = _SIDES[side]
        paragraph.paragraph_format.space_after = Pt(0)
        write_run(paragraph, line, font, size)


def _facts(book: Any, paper: FormPaper) -> None:
    widths = [24.0, 54.0, 24.0, 54.0]
    lines = -(-len(paper.facts) // 2)
    table = _new_table(book, lines, widths)
    cells = [cell for row in table.rows for cell in row.cells]
    texts = [text for pair in paper.facts for text in pair]
    texts += [""] * (len(cells) - len(texts))
    for place, (cell, text) in enumerate(zip(cells, texts, strict=True)):
        label = place % 2 == 0
        side = "center" if label else "left"
        _put(cell, text, HEI if label else BODY, SMALL, side, widths[place % 4])


def widths_of(table: FormTable) -> list[float]:
    """The widths of the columns in millimetres, those without one sharing what is left."""
    left = WIDTH - sum(each.width for each in table.columns)
    open_ones = sum(each.width == 0 for each in table.columns) or 1
    return [each.width or left / open_ones for each in table.columns]


def _table(book: Any, it: FormTable) -> None:
    widths = widths_of(it)
    table = _new_table(book, len(it.rows) + 1, widths)
    grid = [list(row.cells) for row in table.rows]
    for place, column in enumerate(it.columns):
        _put(grid[0][place], column.head, HEI, TINY, "center", widths[place])
    _repeat(table.rows[0])
    for line, (row, spans) in enumerate(zip(it.rows, spans_of(it), strict=True), 1):
        for place, (text, span) in enumerate(zip(row, spans, strict=True)):
            cell = grid[line][place]
            if span > 1:
                cell = cell.merge(grid[line + span - 1][place])
            if span:
                _put(cell, text or DASH, BODY, TINY, it.columns[place].align, widths[place])


def _repeat(row: Any) -> None:
    """The heads on every page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _boxes(book: Any, paper: FormPaper) -> None:
    _line(book, "", BODY, TINY)
    width = WIDTH / len(paper.boxes)
    table = _new_table(book, 2, [width] * len(paper.boxes))
    for place, label in enumerate(paper.boxes):
        _put(table.cell(0, place), label, HEI, SMALL, "center", width)
        box = table.cell(1, place)
        _put(box, paper.dated, BODY, SMALL, "right", width)
        box.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.BOTTOM
    table.rows[1].height = Mm(30)


def _proof(book: Any, proof: PaperProof) -> None:
    """The code of the receipt, and how it is verified."""
    picture = book.add_paragraph()
    side = Mm(proof.code.side)
    picture.add_run().add_picture(io.BytesIO(proof.code.png), width=side, height=side)
    picture.paragraph_format.keep_with_next = True
    for text in proof.lines:
        _line(book, text, BODY, TINY)
