"""A migration operation: from here on a table can only be added to, on both databases.

On SQLite a later change of the table's columns rebuilds it and loses its triggers, so they are put
back after every migration (``restore``), and ``missing`` names those that are not there.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

# Each table with what identifies a row: a new row with an old one's key would replace it.
TABLES: Mapping[str, tuple[str, ...]] = {
    "journal_journalentry": ("id", "entry"),
    "journal_sealedtext": ("entry_id",),
}

_SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {VERB} ON {table}
BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END
"""
# REPLACE removes a row without asking the trigger above, unless the connection wants it asked.
_NO_REPLACE = """
CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})
BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END
"""
_VERBS = ("update", "delete")
_FUNCTION = """
CREATE OR REPLACE FUNCTION kaohe_append_only() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END;
$$ LANGUAGE plpgsql
"""
_POSTGRESQL = (
    "CREATE OR REPLACE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION kaohe_append_only()",
    "CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION kaohe_append_only()",
)


def statements(vendor: str, table: str) -> list[str]:
    """What makes ``table`` append-only; safe to repeat."""
    if vendor == "sqlite":
        same = " OR ".join(f"{key} = NEW.{key}" for key in TABLES.get(table, ("id",)))
        return [
            *(_SQLITE.format(table=table, verb=verb, VERB=verb.upper()) for verb in _VERBS),
            _NO_REPLACE.format(table=table, same=same),
        ]
    return [_FUNCTION, *(each.format(table=table) for each in _POSTGRESQL)]


def names(vendor: str, table: str) -> set[str]:
    """The triggers that ``statements`` makes."""
    ends = ("update", "delete", "replace") if vendor == "sqlite" else ("change", "truncate")
    return {f"{table}_no_{end}" for end in ends}


class AppendOnly(Operation):
    """From here on rows of ``table`` are neither changed nor removed."""

    reversible = True

    def __init__(self, table: str) -> None:
        self.table = table

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing changes in what Django knows of the table."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Make the triggers."""
        for statement in statements(schema_editor.connection.vendor, self.table):
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Remove the triggers."""
        vendor = schema_editor.connection.vendor
        where = "" if vendor == "sqlite" else f" ON {self.table}"
        for name in sorted(names(vendor, self.table)):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{where}", params=None)

    def describe(self) -> str:
        """For the list of migrations."""
        return f"Make {self.table} append-only"


def missing(connection: BaseDatabaseWrapper, tables: Iterable[str] = TABLES) -> set[str]:
    """Which triggers of the record are not there, among the tables that are."""
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')")
        there = {row[0] for row in cursor.fetchall()}
    wanted = [names(connection.vendor, table) for table in tables if table in present]
    return set().union(*wanted) - there


def restore(*, using: str, **_: Any) -> None:
    """Put back what a rebuilt table has lost; called after each migration."""
    connection = connections[using]
    if missing(connection):
        with connection.cursor() as cursor:
            present = set(connection.introspection.table_names(cursor))
            for table in TABLES:
                if table in present:
                    for statement in statements(connection.vendor, table):
                        cursor.execute(statement)
