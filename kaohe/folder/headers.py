"""The header of a table: which of its columns stand where, and which are strange or lacking."""

from collections.abc import Sequence
from dataclasses import dataclass

from kaohe.core.problems import declare
from kaohe.core.scheme import Scheme
from kaohe.core.tables import INPUT_TABLES, Column, Kind
from kaohe.folder.find import likely_name
from kaohe.folder.findings import Findings
from kaohe.folder.typed import answer_columns

ANSWERS = ("1", "2", "3", "4", "5")  # very dissatisfied … very satisfied
LISTED = 20  # unknown columns that are listed by name
LONGEST = 60  # characters of a strange name that are shown

declare(
    "error",
    {
        "header-missing": (
            "there is no header: row 1 is empty",
            "write the names of the columns into row 1: {names}",
        ),
        "header-unknown": (
            "row 1 is not the header of this table: none of its columns is there",
            "put the names of the columns into row 1, without a title above: {names}",
        ),
        "missing-column": (
            "the column “{name}” is missing",
            "add a column {name} to the header, and fill it in",
        ),
        "duplicate-column": (
            "the header has “{name}” twice, in the columns {places}",
            "keep the one that holds and delete the other",
        ),
    },
)
declare(
    "warning",
    {
        "unknown-column": (
            "the table has no column “{name}”; it is not read",
            "leave it if nothing of it is needed",
        ),
        "likely-column": (
            "the table has no column “{name}”; it is not read; likely “{likely}” is meant",
            "rename the column to {likely}, or leave it if nothing of it is needed",
        ),
        "unnamed-column": (
            "column {place} has no name in row 1 and is not read, though cells are filled there: "
            "{count}",
            "give the column its name, or delete it",
        ),
        "many-unknown-columns": (
            "more columns that this table does not have, and that are not read: {count}",
            "check that this is the right file",
        ),
    },
)


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns stand.  ``places``: index in the file by column name; absent: no cell."""

    width: int
    places: dict[str, int]
    unnamed: tuple[int, ...] = ()
    usable: bool = True  # False: nothing of the table can be read


def columns_of(table: str, scheme: Scheme | None) -> tuple[Column, ...]:
    """The columns of a table as a file writes them; for ``responses`` with the answers.

    Source: docs/rules/folder.md, F-1.
    """
    columns = INPUT_TABLES[table]
    if table == "responses" and scheme is not None:
        fields = answer_columns(scheme)
        columns += tuple(
            Column(question, Kind.CHOICE, False, choices=ANSWERS, as_field=field)
            for question, field in zip(scheme.survey.questions, fields, strict=True)
        )
    return columns


def is_answer(column: Column) -> bool:
    """Whether a column holds the answers to a question of the survey."""
    return column.choices == ANSWERS


def must_stand(column: Column) -> bool:
    """Whether a header without this column is refused."""
    return column.required or is_answer(column)


def letters(index: int) -> str:
    """A column as a spreadsheet names it.

    >>> letters(0), letters(25), letters(26), letters(701), letters(702)
    ('A', 'Z', 'AA', 'ZZ', 'AAA')
    """
    name = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, 26)
        name = chr(65 + letter) + name
    return name


def match_header(
    table: str, names: Sequence[str], columns: Sequence[Column], findings: Findings
) -> Header:
    """Finds the columns of a table in its header; their order is free.

    Args:
        names: the cells of row 1; blanks around them do not count.
        columns: the table's; of ``responses`` without its answers, unknown ones are no surprise.

    Source: docs/rules/folder.md, F-1.
    """
    stripped = [name.strip().strip("\ufeff").strip() for name in names]
    known = [column.name for column in columns]
    if not any(name in known for name in stripped):
        code = "header-unknown" if any(stripped) else "header-missing"
        findings.add(code, table, 1, names=", ".join(known))
        return Header(len(names), {}, usable=False)
    places: dict[str, int] = {}
    for column in columns:
        found = [index for index, written in enumerate(stripped) if written == column.name]
        if len(found) > 1:
            at = ", ".join(letters(index) for index in found)
            findings.add("duplicate-column", table, 1, column.name, name=column.name, places=at)
        elif found:
            places[column.name] = found[0]
        elif must_stand(column):
            findings.add("missing-column", table, 1, column.name, name=column.name)
    if table != "responses" or any(is_answer(column) for column in columns):
        unknown = [name for name in stripped if name and name not in known]
        absent = [name for name in known if name not in stripped]
        _report_unknown(table, unknown, absent, findings)
    unnamed = tuple(index for index, name in enumerate(stripped) if not name)
    return Header(len(names), places, unnamed)


def _report_unknown(
    table: str, unknown: Sequence[str], absent: Sequence[str], findings: Findings
) -> None:
    for name in unknown[:LISTED]:
        shown = name[:LONGEST]
        likely = likely_name(shown, absent)
        if likely:
            findings.add("likely-column", table, 1, shown, name=shown, likely=likely)
        else:
            findings.add("unknown-column", table, 1, shown, name=shown)
    if len(unknown) > LISTED:
        findings.add("many-unknown-columns", table, 1, count=len(unknown) - LISTED)
