"""Small folders for the tests of reading: files written as somebody might, and what is found."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from kaohe.core.problems import Problem
from kaohe.core.tables import INPUT_TABLES
from kaohe.folder.load import LoadedFolder, load_folder
from kaohe.locale import translator
from tests.folder.mini_folder import CLINIC, SCHOOL

SCHEME = """\
format = "kaohe-scheme/1"
year = 2026
jurisdiction = "370683"
[components.common]
weight = 20
[components.individual]
weight = 60
[components.social]
weight = 20
[survey]
dimensions = [ { code = "duty", weight = 20, questions = ["q1", "q2"] } ]
channels = [ { code = "visit", weight = 40, minimum = 30 } ]
rounds = [ { code = "h1", weight = 40 } ]
"""
HEADERS = {
    table: ",".join(column.name for column in columns) for table, columns in INPUT_TABLES.items()
}
UNITS = f"""\
{HEADERS["units"]}
{SCHOOL},第一中学,教育组,教体局,graded,,per_pupil,120,,
{CLINIC},中医院,卫生组,卫健局,graded,,appropriation,300,,
"""
ITEMS = f"""\
{HEADERS["items"]}
K1,common,,,,,台账,100,deduction,,,,,,late:1,,,
"""
SOUND = {"scheme.toml": SCHEME, "units.csv": UNITS, "items.csv": ITEMS}
MARKS = "unit,item,judge,points"


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Writes files into a folder, texts as UTF-8 with their line ends as they are."""
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(data)
    return folder


class Read:
    """A folder that was read: its tables, and its problems in reading order."""

    def __init__(self, folder: Path) -> None:
        self.con = duckdb.connect()
        self.loaded: LoadedFolder = load_folder(folder, self.con)
        self.problems: list[Problem] = sorted(self.loaded.problems, key=Problem.place)
        chinese = translator("zh")
        for problem in self.problems:  # each can be said, in both languages
            for text in (problem.sentence(), problem.remedy()):
                assert "{" not in text
            assert problem.sentence(chinese)
            assert problem.remedy(chinese)

    def rows(self, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
        return self.con.execute(f"SELECT {columns} FROM {table} ORDER BY row").fetchall()  # noqa: S608

    def column(self, table: str, column: str) -> list[Any]:
        return [row[0] for row in self.rows(table, f'"{column}"')]

    @property
    def codes(self) -> list[str]:
        return [problem.code for problem in self.problems]

    def places(self, table: str) -> list[tuple[int | None, str, str]]:
        """Row, column and code of each problem of a table."""
        return [(p.row, p.column, p.code) for p in self.problems if p.table == table]

    def said(self, code: str) -> str:
        """The sentence and the remedy of the one problem with this code."""
        (problem,) = [problem for problem in self.problems if problem.code == code]
        return f"{problem.sentence()}; {problem.remedy()}"


def read(folder: Path, files: Mapping[str, str | bytes], *, without: Iterable[str] = ()) -> Read:
    """A sound folder with some files more, in place of its own, or left out."""
    kept = {name: text for name, text in SOUND.items() if name not in set(without)}
    return Read(write_files(folder, {**kept, **files}))


def read_marks(folder: Path, text: str | bytes) -> Read:
    """A sound folder with a table ``marks``."""
    return read(folder, {"marks.csv": text})
