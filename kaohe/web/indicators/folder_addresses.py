"""The addresses of folders of years: in, out, and what is kept."""

from kaohe.core.access import Verb
from kaohe.web.indicators import folders
from kaohe.web.routes import page

_M = Verb.YEAR_MANAGE
_Y = "indicators/years/<int:key>/files"

FOLDERS = [
    page("indicators/years/import", folders.import_folder, "import-year", _M),
    page(_Y, folders.year_files, "year-files", _M),
    page(f"{_Y}/export", folders.export_year, "export-year", _M),
    page(f"{_Y}/<slug:which>", folders.kept, "kept-folder", _M),
]
