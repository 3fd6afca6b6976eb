"""The typed tables: the columns that every input table has in DuckDB, whatever file it came from.

Named like the input tables, with a column for each ``Column.field``, and ``row``: the row as a
spreadsheet numbers it, the first below the header being 2.  Decimals are ticks in a BIGINT.  An
absent cell is NULL, an absent table is empty.
"""

from collections.abc import Iterable

from kaohe.core.scheme import Scheme
from kaohe.core.tables import INPUT_TABLES, Kind

SQL_TYPES: dict[Kind, str] = {
    Kind.CREDIT_CODE: "VARCHAR",
    Kind.CODE: "VARCHAR",
    Kind.TEXT: "VARCHAR",
    Kind.POINTS: "BIGINT",
    Kind.PERCENT: "BIGINT",
    Kind.RATE: "BIGINT",
    Kind.DECIMAL: "BIGINT",
    Kind.COUNT: "BIGINT",
    Kind.YEAR: "BIGINT",
    Kind.DATE: "DATE",
    Kind.FLAG: "BOOLEAN",
    Kind.CHOICE: "VARCHAR",
}
PARSED_TABLES: dict[str, dict[str, str]] = {
    "item_steps": {
        "item": "VARCHAR",
        "position": "BIGINT",
        "threshold": "BIGINT",
        "percent": "BIGINT",
    },
    "item_kinds": {"item": "VARCHAR", "kind": "VARCHAR", "points": "BIGINT", "cap": "BIGINT"},
}


def quoted(name: str) -> str:
    """A name as SQL writes it.

    >>> quoted("group")
    '"group"'
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL writes it.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def answer_columns(scheme: Scheme | None) -> tuple[str, ...]:
    """The answer columns of ``responses``: one for each question, in the scheme's order."""
    questions = scheme.survey.questions if scheme else ()
    return tuple(f"answer_{number}" for number in range(1, len(questions) + 1))


def typed_columns(table: str, scheme: Scheme | None) -> dict[str, str]:
    """Field and SQL type of each column of a typed table, without ``row``.

    Source: docs/rules/folder.md, F-2.
    """
    columns = {column.field: SQL_TYPES[column.kind] for column in INPUT_TABLES[table]}
    if table == "responses":
        columns |= dict.fromkeys(answer_columns(scheme), "TINYINT")
    return columns


def column_list(names: Iterable[str]) -> str:
    """Names with commas between them, quoted for SQL."""
    return ", ".join(quoted(name) for name in names)
