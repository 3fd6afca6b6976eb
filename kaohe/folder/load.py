"""A folder read: its scheme and its tables, typed, and all that is wrong with the files."""

from collections.abc import Callable
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import duckdb

from kaohe.core.problems import Problem
from kaohe.core.scheme import Scheme
from kaohe.core.scheme_text import read_scheme
from kaohe.core.tables import INPUT_TABLES
from kaohe.folder.csv_tables import read_csv_table
from kaohe.folder.find import NEEDED, SCHEME, Found, find_folder, reason_of, refuse_misspelt
from kaohe.folder.findings import Findings
from kaohe.folder.headers import columns_of
from kaohe.folder.intake import Reading, make_empty
from kaohe.folder.item_lists import make_item_lists
from kaohe.folder.parquet_tables import read_parquet_table

if TYPE_CHECKING:
    from kaohe.folder.xlsx_tables import Workbook


@dataclass(frozen=True)
class LoadedFolder:
    """What was read.  ``scheme`` is None where it is missing or unsound.

    ``files`` has the file, or the folder of Parquet parts, of each table that was found, and of
    "scheme.toml".
    """

    path: Path
    scheme: Scheme | None
    problems: list[Problem]
    files: dict[str, Path] = field(default_factory=dict)


def load_folder(path: Path, con: duckdb.DuckDBPyConnection) -> LoadedFolder:
    """Makes the typed tables of a folder in ``con``, every one, be it empty.

    Nothing is raised for what is wrong with the folder: ``problems`` has it all, as far as files
    and cells go.  Without a sound scheme the answers of ``responses`` are not read.

    Source: docs/rules/folder.md, F-1, F-2, F-9, F-10.
    """
    findings = Findings()
    found = find_folder(path, findings)
    scheme, problems = _read_scheme(found.scheme, findings)
    files = {SCHEME: found.scheme} if found.scheme else {}
    workbook = _open(found.workbook, findings) if found.workbook else None
    with (
        TemporaryDirectory(prefix="kaohe-reading-") as scratch,
        closing(workbook) if workbook else nullcontext(),
    ):
        for table in INPUT_TABLES:
            reading = Reading(con, table, columns_of(table, scheme), Path(scratch), findings)
            file = _read_table(reading, found, workbook)
            if file is not None:
                files[table] = file
    make_item_lists(con, findings)
    refuse_misspelt(files, findings)
    return LoadedFolder(path, scheme, [*problems, *findings.problems], files)


def _read_scheme(path: Path | None, findings: Findings) -> tuple[Scheme | None, list[Problem]]:
    if path is None:
        return None, []
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        findings.add("scheme-not-utf8", SCHEME, position=error.start + 1)
    except OSError as error:
        findings.add("file-unreadable", SCHEME, file=path.name, reason=reason_of(error))
    else:
        return read_scheme(text)
    return None, []


def _open(path: Path, findings: Findings) -> "Workbook | None":
    # What reads workbooks takes a while to import, and a folder of CSV does without.
    from kaohe.folder.xlsx_tables import open_workbook

    return open_workbook(path, findings)


def _read_table(reading: Reading, found: Found, workbook: "Workbook | None") -> Path | None:
    """Makes the typed table from the file that has it; gives that file."""
    table = reading.table
    ways: list[tuple[Path, Callable[[], None]]] = []
    if file := found.csv.get(table):
        ways.append((file, partial(read_csv_table, reading, file)))
    if file := found.parquet.get(table):
        ways.append((file, partial(read_parquet_table, reading, file)))
    if found.workbook and workbook and workbook.has(table):
        ways.append((found.workbook, partial(workbook.read_table, reading)))
    if len(ways) > 1:
        forms = ", ".join(file.name for file, _ in ways)
        reading.note("table-in-two-forms", name=table, forms=forms)
    if not ways:
        unread = found.workbook is not None and workbook is None  # it may be in there
        if found.opened and table in NEEDED and not unread:
            reading.note("table-missing", name=table)
        make_empty(reading)
        return None
    file, read = ways[0]
    try:
        read()
    except OSError as error:
        reading.note("file-unreadable", file=file.name, reason=reason_of(error))
        make_empty(reading)
    return file
