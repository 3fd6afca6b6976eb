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

from kaohe.journal import frozen_rows
from kaohe.journal.frozen_rows import FROZEN

# Each table with what identifies a row: a new row with an old one's key would replace it.
TABLES: Mapping[str, tuple[str, ...]] = {
    "journal_journalentry": ("id", "entry"),
    "journal_sealedtext": ("entry_id",),
    "journal_position": ('"index"', "entry_id"),
    "journal_checkpoint": ("size",),
    "journal_cosignature": ("id", "checkpoint_id+witness_id"),
    "journal_erasure": ("id", "entry_id+name"),
}
# The one change that is allowed: a text whose erasure is on record goes, with its salt.
ERASABLE = "journal_sealedtext"
ERASURES = "journal_erasure"

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
# Names, kinds and values of what is left are those of before but for what was erased, in the same
# order.  The types of the text and of its parts are asked for, because a list or a number may look
# the same to json_each, and a zero byte ends what it reads.
_NO_UPDATE_BUT_ERASURE = """
CREATE TRIGGER IF NOT EXISTS {table}_no_update BEFORE UPDATE ON {table}
WHEN NEW.entry_id IS NOT OLD.entry_id
  OR typeof(NEW.texts) IS NOT 'text'
  OR instr(CAST(NEW.texts AS BLOB), x'00') > 0
  OR NOT json_valid(NEW.texts)
  OR json_type(NEW.texts) IS NOT 'object'
  OR (SELECT json_group_array(json_array(key, type, value)) FROM json_each(NEW.texts))
    IS NOT (
      SELECT json_group_array(json_array(key, type, value)) FROM json_each(OLD.texts)
      WHERE key NOT IN (SELECT name FROM journal_erasure WHERE entry_id = OLD.entry_id))
BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END
"""
# An erasure counts only where an entry of the record says so: it will be sealed, for all to see.
_ONLY_SAID = """
CREATE TRIGGER IF NOT EXISTS {table}_no_unsaid BEFORE INSERT ON {table}
WHEN NOT EXISTS (
  SELECT 1 FROM journal_journalentry AS said, journal_journalentry AS erased,
    json_each(said.leaf, '$.facts.names') AS name
  WHERE said.id = NEW.record_id AND erased.id = NEW.entry_id
    AND said.action = 'record.text-erased'
    AND json_extract(said.leaf, '$.action') = said.action
    AND json_extract(said.leaf, '$.facts.entry') = erased.entry
    AND name.value = NEW.name)
BEGIN SELECT RAISE(ABORT, 'append-only: {table} of what no entry says'); END
"""
_FUNCTION = """
CREATE OR REPLACE FUNCTION kaohe_append_only() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END;
$$ LANGUAGE plpgsql
"""
# The tables of the trigger's own schema by name: else a temporary table of that name would be read.
_ERASURE = """
CREATE OR REPLACE FUNCTION kaohe_only_erased() RETURNS trigger AS $$
DECLARE left_over jsonb;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.entry_id = OLD.entry_id THEN
    EXECUTE format('SELECT $1 - ARRAY(SELECT name::text FROM %I.journal_erasure'
      ' WHERE entry_id = $2)', TG_TABLE_SCHEMA) INTO left_over USING OLD.texts, OLD.entry_id;
    IF NEW.texts = left_over THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END;
$$ LANGUAGE plpgsql SET search_path = pg_catalog
"""
_SAID = """
CREATE OR REPLACE FUNCTION kaohe_only_said() RETURNS trigger AS $$
DECLARE is_said boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT 1 FROM %1$I.journal_journalentry AS said,'
    ' %1$I.journal_journalentry AS erased WHERE said.id = $1 AND erased.id = $2'
    ' AND said.action = ''record.text-erased'' AND said.leaf::jsonb ->> ''action'' = said.action'
    ' AND said.leaf::jsonb #>> ''{facts,entry}'' = erased.entry'
    ' AND said.leaf::jsonb #> ''{facts,names}'' ? $3)', TG_TABLE_SCHEMA)
    INTO is_said USING NEW.record_id, NEW.entry_id, NEW.name::text;
  IF is_said THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'append-only: % of what no entry says', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END;
$$ LANGUAGE plpgsql SET search_path = pg_catalog
"""
_INSERTING = (
    "CREATE OR REPLACE TRIGGER {table}_no_unsaid BEFORE INSERT ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION kaohe_only_said()"
)
_POSTGRESQL = (
    "CREATE OR REPLACE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION {function}()",
    "CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION kaohe_append_only()",
)


def statements(vendor: str, table: str) -> list[str]:
    """What makes ``table`` append-only, as it must be today; safe to repeat."""
    found = plain(vendor, table)
    if table == ERASURES:
        said = [_ONLY_SAID] if vendor == "sqlite" else [_INSERTING]
        function = [] if vendor == "sqlite" else [_SAID]
        return [*found, *function, *(each.format(table=table) for each in said)]
    if table != ERASABLE:
        return found
    if vendor == "sqlite":
        return [_NO_UPDATE_BUT_ERASURE.format(table=table), *found[1:]]
    changing = _POSTGRESQL[0].format(table=table, function="kaohe_only_erased")
    return [_FUNCTION, _ERASURE, changing, found[-1]]


def plain(vendor: str, table: str) -> list[str]:
    """What refuses every change of ``table``."""
    if vendor == "sqlite":
        same = " OR ".join(map(_is_same, TABLES.get(table, ("id",))))
        return [
            *(_SQLITE.format(table=table, verb=verb, VERB=verb.upper()) for verb in _VERBS),
            _NO_REPLACE.format(table=table, same=same),
        ]
    triggers = [each.format(table=table, function="kaohe_append_only") for each in _POSTGRESQL]
    return [_FUNCTION, *triggers]


def _is_same(key: str) -> str:
    return " AND ".join(f"{column} = NEW.{column}" for column in key.split("+"))


def dropping(vendor: str, table: str) -> list[str]:
    """What takes the triggers of ``table`` away."""
    where = "" if vendor == "sqlite" else f" ON {table}"
    return [f"DROP TRIGGER IF EXISTS {name}{where}" for name in sorted(names(vendor, table))]


def names(vendor: str, table: str) -> set[str]:
    """The triggers that ``statements`` makes."""
    ends = ("update", "delete", "replace") if vendor == "sqlite" else ("change", "truncate")
    more = ("unsaid",) if table == ERASURES else ()
    return {f"{table}_no_{end}" for end in (*ends, *more)}


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
        for table in (ERASABLE, ERASURES):
            for statement in [*dropping(vendor, table), *statements(vendor, table)]:
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
        for table in (ERASABLE, ERASURES):
            for statement in [*dropping(vendor, table), *plain(vendor, table)]:
                schema_editor.execute(statement, params=None)

    def describe(self) -> str:
        """For the list of migrations."""
        return "Let recorded erasures remove their texts"


class Loosen(AppendOnly):
    """Before a change of a column of ``TABLES`` that triggers of others read.

    The embedded database rebuilds the table, and cannot while a trigger reads it.  What goes here
    is put back when the migrations are done (``restore``).
    """

    READING = ((ERASABLE, "update"), (ERASURES, "unsaid"))

    def __init__(self) -> None:
        super().__init__(ERASABLE)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Remove the triggers that read another table, on the embedded database."""
        if schema_editor.connection.vendor == "sqlite":
            for table, end in self.READING:
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{end}", params=None)

    database_backwards = database_forwards

    def describe(self) -> str:
        """For the list of migrations."""
        return "Let a table of the record be rebuilt"


def missing(connection: BaseDatabaseWrapper, tables: Iterable[str] | None = None) -> set[str]:
    """Which triggers are not there, of the record and of what is frozen beside it.

    Args:
        tables: which to look for, if not for all; of these, those that are there.
    """
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')")
        there = {row[0] for row in cursor.fetchall()}
    looked_for = present.intersection((*TABLES, *FROZEN) if tables is None else tables)
    wanted = [all_names(connection.vendor, table) for table in looked_for]
    return set[str]().union(*wanted) - there


def all_names(vendor: str, table: str) -> set[str]:
    """The triggers of a table, of the record or frozen."""
    return names(vendor, table) if table in TABLES else frozen_rows.names(vendor, table)


def all_statements(vendor: str) -> dict[str, list[str]]:
    """By table, what makes all triggers that must be there; safe to repeat."""
    return {table: statements(vendor, table) for table in TABLES} | {
        table: frozen_rows.statements(vendor, frozen) for table, frozen in FROZEN.items()
    }


def restore(*, using: str, **_: Any) -> None:
    """Put back what a rebuilt table has lost; called after each migration."""
    connection = connections[using]
    if missing(connection):
        with connection.cursor() as cursor:
            present = set(connection.introspection.table_names(cursor))
            for table, making in all_statements(connection.vendor).items():
                if table in present:
                    for statement in making:
                        cursor.execute(statement)
