"""Changes that were asked for, matched with the rows of a folder, and carried out on its tables.

The folder itself is not touched.  A typed table is changed in place; a view over Parquet is laid
aside, and a view of the same name shows its rows with the changed ones in place of the old.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Any

import duckdb

from kaohe.core.problems import Problem, declare
from kaohe.core.tables import INPUT_TABLES
from kaohe.folder.typed import column_list, quoted
from kaohe.inquiry.refusals import QuestionRefused
from kaohe.inquiry.unit_search import Name, find_unit
from kaohe.inquiry.whatif.wishes import ADDABLE, ADDED, SCHEME, TABLES, Wish

declare(
    "error",
    {
        "change-of-absent": (
            "“{change}” would change a row of {table} that is not there: {found}",
            "give the code as it stands in {table}; near ones: {near}",
        ),
        "change-item-unknown": (
            "“{change}” names the item “{found}”, which is not there",
            "give the code of an item; near ones: {near}",
        ),
        "change-key-form": (
            "“{change}” does not name its row",
            "write {form}",
        ),
    },
)

Key = tuple[Any, ...]
_FORMS = {
    "measurement": "measurement:UNIT/ITEM=…",
    "mark": "mark:UNIT/ITEM/JUDGE=…",
    "milestone": "milestone:UNIT/ITEM/NAME.done_on=…",
    "target": "target:UNIT/ITEM.target=…",
    "not_applicable": "not_applicable:UNIT/ITEM=…",
    "history": "history:UNIT/YEAR=…",
}
_MARK = "what-if"  # document and code of adjustments that a change adds


@dataclass
class Edits:
    """Rows to put in place of others, and rows to take away, by table and key.

    ``touched`` are the changes, as they were asked for, by the unit whose facts they change.
    """

    rows: dict[str, dict[Key, dict[str, Any]]] = field(default_factory=lambda: defaultdict(dict))
    gone: dict[str, set[Key]] = field(default_factory=lambda: defaultdict(set))
    touched: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def tables(self) -> list[str]:
        """The tables that change."""
        return sorted({*self.rows, *self.gone})


def key_fields(table: str) -> list[str]:
    """The fields by which a row of a table is known."""
    return [column.field for column in INPUT_TABLES[table] if column.key]


class Resolver:
    """Matches changes with rows; ``problems`` gathers what does not fit."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self.edits = Edits()
        self.problems: list[Problem] = []

    @cached_property
    def _names(self) -> list[Name]:
        return self._con.execute("SELECT unit, name FROM units ORDER BY unit").fetchall()

    def resolve(self, wishes: Iterable[Wish]) -> Edits:
        """All changes to tables, those to the scheme left out."""
        for number, wish in enumerate(wishes, 1):
            if wish.what == SCHEME:
                continue
            try:
                if wish.what in ADDED:
                    self._adjust(wish, number)
                else:
                    self._edit(wish)
            except QuestionRefused as refused:
                self.problems += refused.problems
        return self.edits

    def _refuse(self, code: str, wish: Wish, **facts: object) -> QuestionRefused:
        return QuestionRefused([Problem(code, "--set", facts={"change": wish.text, **facts})])

    def _adjust(self, wish: Wish, number: int) -> None:
        unit = find_unit(self._names, wish.which)
        self.edits.touched[unit].append(wish.text)
        if wish.gone:
            found = self._con.execute(
                "SELECT adjustment FROM adjustments WHERE unit = $1 AND kind = $2",
                [unit, wish.what],
            ).fetchall()
            self.edits.gone["adjustments"].update(found)
            return
        code = f"{_MARK}-{number}"
        self.edits.rows["adjustments"][code,] = {
            "row": self._next_row("adjustments"),
            "adjustment": code,
            "unit": unit,
            "kind": wish.what,
            "matter": code,
            "points": wish.value if wish.column == "points" else None,
            "document": _MARK,
            "note": None,
        }

    def _edit(self, wish: Wish) -> None:
        table, _ = TABLES[wish.what]
        key = self._key(wish, table)
        row = self.edits.rows[table].get(key) or self._row(table, key)
        if row is None and (wish.gone or table not in ADDABLE):
            raise self._absent(wish, table, key)
        if wish.gone:
            self.edits.gone[table].add(key)
        row = row or self._new(table, key)
        if wish.column:
            row[wish.column] = wish.value
        if table == "measurements" and wish.column:
            others = ("numerator", "denominator") if wish.column == "value" else ("value",)
            row.update(dict.fromkeys(others))
        if not wish.gone:
            self.edits.rows[table][key] = row
        if row.get("unit") and table != "items":
            self.edits.touched[row["unit"]].append(wish.text)

    def _key(self, wish: Wish, table: str) -> Key:
        fields = key_fields(table)
        if fields[0] != "unit":
            return (wish.which,)
        if len(fields) == 1:
            return (find_unit(self._names, wish.which),)
        parts = self._parts(wish, fields)
        if table == "history":
            if not parts[1].isascii() or not parts[1].isdigit():
                raise self._refuse("change-key-form", wish, form=_FORMS[wish.what])
            return (find_unit(self._names, parts[0]), int(parts[1]))
        return (find_unit(self._names, parts[0]), *parts[1:])

    def _parts(self, wish: Wish, fields: Sequence[str]) -> Sequence[str]:
        """The parts of a key between slashes; a code may itself hold a slash."""
        pieces = [piece.strip() for piece in wish.which.split("/")]
        ways = [
            ["/".join(pieces[a:b]) for a, b in zip((0, *cuts), (*cuts, len(pieces)), strict=True)]
            for cuts in combinations(range(1, len(pieces)), len(fields) - 1)
        ]
        if not ways or "" in pieces:
            raise self._refuse("change-key-form", wish, form=_FORMS[wish.what])
        if "item" not in fields:
            return ways[0]
        for parts in ways:
            if self._has_item(parts[1]):
                return parts
        near = self._near("items", "item", ways[0][1])
        raise self._refuse("change-item-unknown", wish, found=ways[0][1], near=near)

    def _has_item(self, code: str) -> bool:
        query = "SELECT 1 FROM items WHERE item = $1"
        return self._con.execute(query, [code]).fetchone() is not None

    def _row(self, table: str, key: Key) -> dict[str, Any] | None:
        names = ["row", *(column.field for column in INPUT_TABLES[table])]
        if table == "responses":
            described = self._con.execute(f"DESCRIBE {table}").fetchall()
            names = [row[0] for row in described]
        query = f"SELECT {column_list(names)} FROM {table} WHERE {_where(table)}"  # noqa: S608
        found = self._con.execute(query, list(key)).fetchone()
        return None if found is None else dict(zip(names, found, strict=True))

    def _new(self, table: str, key: Key) -> dict[str, Any]:
        row: dict[str, Any] = {column.field: None for column in INPUT_TABLES[table]}
        row |= dict(zip(key_fields(table), key, strict=True))
        if "reason" in row:
            row["reason"] = _MARK
        return {"row": self._next_row(table), **row}

    def _next_row(self, table: str) -> int:
        found = self._con.execute(f"SELECT coalesce(max(row), 1) FROM {table}").fetchone()  # noqa: S608
        return (found[0] if found else 1) + 1 + len(self.edits.rows[table])

    def _absent(self, wish: Wish, table: str, key: Key) -> QuestionRefused:
        name = key_fields(table)[-1]
        fixed = dict(zip(key_fields(table)[:-1], key[:-1], strict=True))
        near = self._near(table, name, str(key[-1]), fixed)
        return self._refuse(
            "change-of-absent", wish, table=table, found=" / ".join(map(str, key)), near=near
        )

    def _near(self, table: str, name: str, wanted: str, fixed: dict[str, Any] | None = None) -> str:
        """The codes of a table that are most like the one that is not there."""
        fixed = fixed or {}
        conditions = "".join(f" AND {quoted(each)} = ?" for each in fixed)
        rows = self._con.execute(
            f"SELECT DISTINCT {quoted(name)}::VARCHAR AS code FROM {table}"  # noqa: S608
            f" WHERE {quoted(name)} IS NOT NULL{conditions}"
            " ORDER BY jaro_winkler_similarity(code, ?) DESC, code LIMIT 4",
            [*fixed.values(), wanted],
        ).fetchall()
        return ", ".join(code for (code,) in rows) or "—"


def _where(table: str) -> str:
    return " AND ".join(f"{quoted(name)} = ?" for name in key_fields(table))


def apply_edits(con: duckdb.DuckDBPyConnection, edits: Edits) -> None:
    """Carries the changes out on the typed tables of ``con``.

    Args:
        con: holds the typed tables; a view is laid aside as ``NAME_as_filed``.
    """
    for table in edits.tables:
        fields = key_fields(table)
        rows, gone = edits.rows.get(table, {}), edits.gone.get(table, set())
        changes = f"changed_{table}"
        con.execute(f"CREATE OR REPLACE TABLE {changes} AS FROM {table} LIMIT 0")
        keys = f"keys_{table}"
        con.execute(
            f"CREATE OR REPLACE TABLE {keys} AS"  # noqa: S608
            f" SELECT {column_list(fields)} FROM {table} LIMIT 0"
        )
        for key in {*rows, *gone}:
            marks = ", ".join("?" * len(fields))
            con.execute(f"INSERT INTO {keys} VALUES ({marks})", list(key))  # noqa: S608
        for key, row in rows.items():
            if key not in gone:
                marks = ", ".join("?" * len(row))
                con.execute(
                    f"INSERT INTO {changes} ({column_list(row)}) VALUES ({marks})",  # noqa: S608
                    list(row.values()),
                )
        _replace(con, table, column_list(fields))


def _replace(con: duckdb.DuckDBPyConnection, table: str, fields: str) -> None:
    is_view = con.execute("SELECT 1 FROM duckdb_views() WHERE view_name = $1", [table]).fetchone()
    filed = f"{table}_as_filed"
    con.execute(f"ALTER {'VIEW' if is_view else 'TABLE'} {table} RENAME TO {filed}")
    con.execute(
        f"CREATE {'VIEW' if is_view else 'TABLE'} {table} AS"  # noqa: S608
        f" SELECT * FROM {filed} ANTI JOIN keys_{table} USING ({fields})"
        f" UNION ALL BY NAME SELECT * FROM changed_{table}"
    )
