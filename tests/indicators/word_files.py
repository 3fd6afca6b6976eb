"""Word files as departments send them: tables built cell by cell, cells merged."""

import io
import zipfile

from docx import Document

HEADS = ("序号", "一级指标", "考核指标", "分值", "年度目标", "评分标准")


def word(*parts):
    """A .docx: texts are paragraphs, lists of rows are tables; gives its bytes.

    A row is a list of cells; ``None`` is merged with the cell to its left, ``...`` with the one
    above it.
    """
    book = Document()
    for part in parts:
        if isinstance(part, str):
            book.add_paragraph(part)
            continue
        table = book.add_table(len(part), len(part[0]))
        for line, row in enumerate(part):
            for place, text in enumerate(row):
                if isinstance(text, str):
                    table.cell(line, place).text = text
        _merge(table, part)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _merge(table, rows):
    for line, row in enumerate(rows):
        for place, text in enumerate(row):
            if text is None:
                table.cell(line, place - 1).merge(table.cell(line, place))
            elif text is ...:
                table.cell(line - 1, place).merge(table.cell(line, place))


class _Entry(zipfile.ZipInfo):
    """An entry whose name is written as given, without telling how."""

    __slots__ = ("raw",)

    def _encodeFilenameFlags(self):  # of the library
        return self.raw, self.flag_bits & ~0x800


def packed(files, encoding=""):
    """A .zip of files by their names; ``encoding``: of names that do not tell it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = _Entry(name) if encoding else zipfile.ZipInfo(name)
            if encoding:
                entry.raw = name.encode(encoding)
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
