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
    "journal_position": ('"index"', "entry_id"),
    "journal_checkpoint": ("size",),
    "journal_cosignature": ("id",),
    "journal_erasure": ("id",),
}
# The one change that is allowed: a text whose erasure is on record goes, with its salt.
ERASABLE = "journal_sealedtext"

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
_NO_UPDATE_BUT_ERASURE = """
CREATE TRIGGER IF NOT EXISTS {table}_no_update BEFORE UPDATE ON {table}
WHEN NEW.entry_id IS NOT OLD.entry_id
  OR EXISTS (
    SELECT 1 FROM json_each(OLD.texts) AS old LEFT JOIN json_each(NEW.texts) AS new USING (key)
    WHERE (new.key IS NOT NULL AND new.value IS NOT old.value)
       OR (new.key IS NULL AND NOT EXISTS (
         SELECT 1 FROM journal_erasure AS e WHERE e.entry_id = OLD.entry_id AND e.name = old.key)))
  OR EXISTS (
    SELECT 1 FROM json_each(NEW.texts) AS new LEFT JOIN json_each(OLD.texts) AS old USING (key)
    WHERE old.key IS NULL)
BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END
"""
_FUNCTION = """
CREATE OR REPLACE FUNCTION kaohe_append_only() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END;
$$ LANGUAGE plpgsql
"""
_ERASURE = """
CREATE OR REPLACE FUNCTION kaohe_only_erased() RETURNS trigger AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.entry_id = OLD.entry_id AND NOT EXISTS (
    SELECT 1 FROM jsonb_each(OLD.texts) AS old
      FULL JOIN jsonb_each(NEW.texts) AS new ON new.key = old.key
    WHERE old.key IS NULL OR new.value <> old.value
       OR (new.key IS NULL AND NOT EXISTS (
         SELECT 1 FROM journal_erasure AS e WHERE e.entry_id = OLD.entry_id AND e.name = old.key)))
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END;
$$ LANGUAGE plpgsql
"""
_POSTGRESQL = (
    "CREATE OR REPLACE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION {function}()",
    "CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION kaohe_append_only()",
)


def statements(vendor: str, table: str) -> list[str]:
    """What makes ``table`` append-only, as it must be today; safe to repeat."""
    found = plain(vendor, table)
    if table != ERASABLE:
        return found
    if vendor == "sqlite":
        return [_NO_UPDATE_BUT_ERASURE.format(table=table), *found[1:]]
    changing = _POSTGRESQL[0].format(table=table, function="kaohe_only_erased")
    return [_FUNCTION, _ERASURE, changing, found[-1]]


def plain(vendor: str, table: str) -> list[str]:
    """What refuses every change of ``table``."""
    if vendor == "sqlite":
        same = " OR ".join(f"{key} = NEW.{key}" for key in TABLES.get(table, ("id",)))
        return [
            *(_SQLITE.format(table=table, verb=verb, VERB=verb.upper()) for verb in _VERBS),
            _NO_REPLACE.format(table=table, same=same),
        ]
    triggers = [each.format(table=table, function="kaohe_append_only") for each in _POSTGRESQL]
    return [_FUNCTION, *triggers]


def dropping(vendor: str, table: str) -> list[str]:
    """What takes the triggers of ``table`` away."""
    where = "" if vendor == "sqlite" else f" ON {table}"
    return [f"DROP TRIGGER IF EXISTS {name}{where}" for name in sorted(names(vendor, table))]


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
        for statement in plain(schema_editor.connection.vendor, self.table):
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Remove the triggers."""
        for statement in dropping(schema_editor.connection.vendor, self.table):
            schema_editor.execute(statement, params=None)

    def describe(self) -> str:
        """For the list of migrations."""
        return f"Make {self.table} append-only"


class AllowErasure(AppendOnly):
    """From here on a text goes whose erasure is on record; nothing else does."""

    def __init__(self) -> None:
        super().__init__(ERASABLE)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Replace the triggers."""
        vendor = schema_editor.connection.vendor
        for statement in [*dropping(vendor, ERASABLE), *statements(vendor, ERASABLE)]:
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Refuse every change again."""
        vendor = schema_editor.connection.vendor
        for statement in [*dropping(vendor, ERASABLE), *plain(vendor, ERASABLE)]:
            schema_editor.execute(statement, params=None)

    def describe(self) -> str:
        """For the list of migrations."""
        return "Let recorded erasures remove their texts"


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
