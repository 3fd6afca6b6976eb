"""A migration operation: rows that are settled stay as they are, on both databases.

``append_only`` refuses every change of the record; here a table says itself which changes of which
of its rows are refused.  The app whose table it is declares what it says (``keep_frozen``), so
that the triggers are looked for and put back like those of the record.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


@dataclass(frozen=True, slots=True)
class Frozen:
    """What a database refuses of a table's rows.

    Attributes:
        change: SQL over OLD and NEW; an update is refused where it holds.  ``{differs}`` is
            written for "is not the same as", which also compares what is empty.
        removal: SQL over OLD; a removal is refused where it holds.
        replaced: SQL over the columns of a row that is there and over NEW; a new row is refused
            where it holds, because it would take the other's place.
        instead: what to do, told with the refusal.
    """

    table: str
    change: str
    removal: str
    replaced: str
    instead: str


FROZEN: dict[str, Frozen] = {}
"""By table, all that were declared."""

_DIFFERS = {"sqlite": "IS NOT", "postgresql": "IS DISTINCT FROM"}
_SQLITE = (
    "CREATE TRIGGER IF NOT EXISTS {table}_frozen_update BEFORE UPDATE ON {table}\n"
    "WHEN {change}\nBEGIN SELECT RAISE(ABORT, '{message}'); END",
    "CREATE TRIGGER IF NOT EXISTS {table}_frozen_delete BEFORE DELETE ON {table}\n"
    "WHEN {removal}\nBEGIN SELECT RAISE(ABORT, '{message}'); END",
    # REPLACE removes a row without asking the trigger above, unless the connection wants it asked.
    "CREATE TRIGGER IF NOT EXISTS {table}_frozen_replace BEFORE INSERT ON {table}\n"
    "WHEN EXISTS (SELECT 1 FROM {table} WHERE {replaced})\n"
    "BEGIN SELECT RAISE(ABORT, '{message}'); END",
)
_FUNCTION = """
CREATE OR REPLACE FUNCTION {table}_frozen() RETURNS trigger AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NOT COALESCE({change}, false) THEN RETURN NEW; END IF;
  ELSIF TG_OP = 'DELETE' THEN
    IF NOT COALESCE({removal}, false) THEN RETURN OLD; END IF;
  END IF;
  RAISE EXCEPTION USING MESSAGE = '{message}', ERRCODE = 'restrict_violation';
END;
$$ LANGUAGE plpgsql SET search_path = pg_catalog
"""
_POSTGRESQL = (
    _FUNCTION,
    "CREATE OR REPLACE TRIGGER {table}_frozen_change BEFORE UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION {table}_frozen()",
    "CREATE OR REPLACE TRIGGER {table}_frozen_truncate BEFORE TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION {table}_frozen()",
)


def keep_frozen(rows: Iterable[Frozen]) -> None:
    """Say which rows are frozen; from here on their triggers are missed where they are not."""
    FROZEN.update((each.table, each) for each in rows)


def statements(vendor: str, frozen: Frozen) -> list[str]:
    """What freezes the rows of a table; safe to repeat."""
    differs = _DIFFERS[vendor]
    words = {
        "table": frozen.table,
        "change": frozen.change.replace("{differs}", differs),
        "removal": frozen.removal,
        "replaced": frozen.replaced,
        "message": f"frozen: {frozen.table}: {frozen.instead}".replace("'", "''"),
    }
    return [each.format(**words) for each in (_SQLITE if vendor == "sqlite" else _POSTGRESQL)]


def names(vendor: str, table: str) -> set[str]:
    """The triggers that ``statements`` makes."""
    ends = ("update", "delete", "replace") if vendor == "sqlite" else ("change", "truncate")
    return {f"{table}_frozen_{end}" for end in ends}


def dropping(vendor: str, table: str) -> list[str]:
    """What takes the triggers of a table away."""
    where = "" if vendor == "sqlite" else f" ON {table}"
    return [f"DROP TRIGGER IF EXISTS {name}{where}" for name in sorted(names(vendor, table))]


class Freeze(Operation):
    """From here on what is settled in a table is neither changed nor removed."""

    reversible = True

    def __init__(self, frozen: Frozen) -> None:
        self.frozen = frozen

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing changes in what Django knows of the table."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Make the triggers, in the place of those that an earlier migration made."""
        vendor = schema_editor.connection.vendor
        old = dropping(vendor, self.frozen.table)
        for statement in [*old, *statements(vendor, self.frozen)]:
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Remove the triggers."""
        for statement in dropping(schema_editor.connection.vendor, self.frozen.table):
            schema_editor.execute(statement, params=None)

    def describe(self) -> str:
        """For the list of migrations."""
        return f"Freeze what is settled in {self.frozen.table}"
