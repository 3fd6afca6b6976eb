"""The addresses of workbooks, Word files and papers."""

from kaohe.core.access import Verb
from kaohe.web.indicators import workbooks
from kaohe.web.routes import page

_V = "indicators/parts/<int:key>"
_F = "indicators/files/<int:key>"
_D = Verb.SCHEME_DRAFT

BOOKS = [
    page(f"{_V}/workbook", workbooks.scheme_workbook, "scheme-workbook", Verb.SCHEME_READ),
    page(f"{_V}/upload", workbooks.scheme_upload, "scheme-upload", _D),
    page(f"{_V}/word", workbooks.scheme_word, "scheme-word", _D),
    page(_F, workbooks.part_file, "part-file", _D),
    page(f"{_F}/marked", workbooks.marked_part_file, "part-file-marked", _D),
    page(f"{_F}/read", workbooks.read_part_file, "read-part-file", _D),
    page(f"{_F}/apply", workbooks.apply_part_file, "apply-part-file", _D),
    page(f"{_F}/drop", workbooks.drop_part_file, "drop-part-file", _D),
]
