"""The addresses of workbooks, Word files and papers."""

from kaohe.core.access import Verb
from kaohe.web.indicators import sheet_papers, word_import, workbooks
from kaohe.web.routes import page

_V = "indicators/parts/<int:key>"
_F = "indicators/files/<int:key>"
_S = "indicators/sheets/<int:key>"
_U = "indicators/units/<int:key>"
_Y = "indicators/years/<int:key>"
_D, _R = Verb.SCHEME_DRAFT, Verb.SHEET_READ

BOOKS = [
    page(f"{_V}/workbook", workbooks.scheme_workbook, "scheme-workbook", Verb.SCHEME_READ),
    page(f"{_V}/upload", workbooks.scheme_upload, "scheme-upload", _D),
    page(f"{_V}/word", workbooks.scheme_word, "scheme-word", _D),
    page(_F, workbooks.part_file, "part-file", _D),
    page(f"{_F}/marked", workbooks.marked_part_file, "part-file-marked", _D),
    page(f"{_F}/read", workbooks.read_part_file, "read-part-file", _D),
    page(f"{_F}/apply", workbooks.apply_part_file, "apply-part-file", _D),
    page(f"{_F}/drop", workbooks.drop_part_file, "drop-part-file", _D),
    page(f"{_F}/units", word_import.units_of_files, "part-file-units", _D),
    page(f"{_F}/undo", workbooks.undo_applied_file, "undo-part-file", _D),
    page(f"{_F}/columns", word_import.columns_of_file, "part-file-columns", _D),
    page(f"{_S}/paper", sheet_papers.sheet_paper, "sheet-paper", _R),
    page(f"{_S}/paper.pdf", sheet_papers.sheet_paper_pdf, "sheet-paper-pdf", _R),
    page(f"{_S}/paper.docx", sheet_papers.sheet_paper_docx, "sheet-paper-docx", _R),
    page(f"{_U}/targets.pdf", sheet_papers.targets_paper_pdf, "targets-paper-pdf", _R),
    page(f"{_U}/targets.docx", sheet_papers.targets_paper_docx, "targets-paper-docx", _R),
    page(f"{_Y}/papers", sheet_papers.sheets_papers, "sheets-papers", _R),
    page(f"{_Y}/papers/<uuid:job>", sheet_papers.papers_archive, "papers-archive", _R),
]
