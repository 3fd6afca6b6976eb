"""An assessment folder opened: read, checked, and ready to be scored."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from kaohe.core.problems import FolderRefused, Problem, errors_in
from kaohe.core.scheme import Scheme
from kaohe.engine.run import score
from kaohe.engine.tables import Sink
from kaohe.folder.checks import check_folder, without_echoes
from kaohe.folder.load import LoadedFolder, load_folder

MUCH = 30_000_000  # bytes of a folder
MEMORY = "2500MB"  # what the engine may hold; beyond it, it writes to a scratch folder


@dataclass(frozen=True)
class Opened:
    """A sound folder in memory.  ``warnings`` are what was odd about it, yet no error."""

    con: duckdb.DuckDBPyConnection
    scheme: Scheme
    loaded: LoadedFolder
    warnings: list[Problem]


@contextmanager
def connection(threads: int = 1) -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine of our own: nothing is shared, nothing is fetched from a network."""
    with TemporaryDirectory(prefix="kaohe-") as scratch:
        con = duckdb.connect(
            config={
                "memory_limit": MEMORY,
                "threads": threads,
                "temp_directory": scratch,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        try:
            yield con
        finally:
            con.close()


@contextmanager
def opened(folder: Path) -> Iterator[Opened]:
    """Reads and checks a folder.

    Raises:
        FolderRefused: with every problem of the folder.

    Source: docs/rules/folder.md, F-10.
    """
    with connection(_threads(folder)) as con:
        loaded = load_folder(folder, con)
        relations = without_echoes(check_folder(con, loaded.scheme), loaded.problems)
        problems = [*loaded.problems, *relations]
        if loaded.scheme is None or errors_in(problems):
            raise FolderRefused(problems)
        yield Opened(con, loaded.scheme, loaded, problems)


def _threads(folder: Path) -> int:
    """One for a city, where handing work over costs more than doing it; else all there are."""
    if not folder.is_dir():
        return 1
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return (os.cpu_count() or 1) if size > MUCH else 1


def score_opened(opened: Opened, sink: Sink | None = None) -> None:
    """Scores the folder, into tables of its connection or into ``sink``.

    Raises:
        FolderRefused: the committee gave seats that are not there to give (G-3); each problem has
            the row of the adjustment.

    Source: docs/rules/grading.md, G-3.
    """
    try:
        score(opened.con, opened.scheme, sink)
    except FolderRefused as refused:
        query = "SELECT unit, min(row) FROM adjustments WHERE kind = 'seat' GROUP BY unit"
        rows = dict(opened.con.execute(query).fetchall())
        placed = [replace(p, row=rows.get(p.facts["unit"])) for p in refused.problems]
        raise FolderRefused([*opened.warnings, *placed]) from refused
