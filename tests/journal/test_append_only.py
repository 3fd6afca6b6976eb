"""The record can only be added to, whoever speaks to the database, and after every migration."""
# ruff: noqa: S608  # the statements are made of our own names

import sqlite3

import pytest
from django.db import connection, migrations, models, transaction
from django.db.migrations.state import ProjectState
from django.db.utils import DatabaseError

from kaohe.core.leaf import Event
from kaohe.journal.append_only import (
    TABLES,
    AllowErasure,
    AppendOnly,
    Loosen,
    missing,
    names,
    restore,
)
from kaohe.journal.models import JournalEntry, SealedText
from kaohe.journal.services import append

ENTRY, TEXT, *_ = TABLES
COLUMNS = "entry, at, jurisdiction, unit, subject, actor, action, leaf"


@pytest.fixture
def entry(db):
    return append(Event("unit.added", "unit:1", sealed={"purpose": "教书育人"}), by=None)


def refused(statement, *values):
    """Whether the database itself refuses a statement; the test's transaction goes on."""
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
    return True


def kept():
    """All that both tables hold."""
    return list(JournalEntry.objects.values_list()), list(SealedText.objects.values_list())


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {ENTRY} SET leaf = '{{}}'",
        f"UPDATE {ENTRY} SET subject = 'unit:2' WHERE id = (SELECT MAX(id) FROM {ENTRY})",
        f"DELETE FROM {ENTRY}",
        f"UPDATE {TEXT} SET texts = '{{}}'",
        f"DELETE FROM {TEXT}",
    ],
)
def test_a_raw_change_or_removal_is_refused(entry, statement):
    before = kept()

    assert refused(statement)
    assert kept() == before


def test_a_row_cannot_be_written_over_by_an_insert(entry):
    before = kept()
    same = f"INSERT INTO {ENTRY} (id, {COLUMNS}) SELECT id, {COLUMNS} FROM {ENTRY} WHERE true"

    assert refused(f"{same} ON CONFLICT (id) DO UPDATE SET leaf = '{{}}'")
    assert refused(f"{same} ON CONFLICT (entry) DO UPDATE SET subject = 'unit:2'")
    assert kept() == before


def test_replace_does_not_go_round(entry, vendor):
    if vendor != "sqlite":
        pytest.skip("only SQLite knows REPLACE")
    before = kept()
    values = f"SELECT id, {COLUMNS} FROM {ENTRY}"

    assert refused(f"INSERT OR REPLACE INTO {ENTRY} (id, {COLUMNS}) {values}")
    assert refused(f"REPLACE INTO {ENTRY} (id, {COLUMNS}) {values}")
    assert refused(f"UPDATE OR REPLACE {ENTRY} SET leaf = '{{}}'")
    assert kept() == before


@pytest.mark.django_db(transaction=True)
def test_replace_does_not_go_round_from_a_strange_program_either(vendor):
    if vendor != "sqlite":
        pytest.skip("only SQLite knows REPLACE")
    with transaction.atomic():
        append(Event("unit.added", "unit:1", sealed={"purpose": "教书育人"}), by=None)
    before = kept()
    stranger = sqlite3.connect(connection.settings_dict["NAME"])  # without our settings

    for table, columns in ((ENTRY, f"id, {COLUMNS}"), (TEXT, "entry_id, texts")):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            stranger.execute(f"REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}")
    stranger.close()
    assert kept() == before


@pytest.mark.parametrize("table", [f"{ENTRY} CASCADE", TEXT])
def test_the_table_cannot_be_emptied(entry, vendor, table):
    if vendor != "postgresql":
        pytest.skip("SQLite knows no TRUNCATE; its DELETE is refused above")

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or the server has a reason of its own

    assert refused(f"TRUNCATE {table}")


def test_the_object_relational_way_is_refused_too(entry):
    before = kept()
    entry.leaf = "{}"

    def empty():
        SealedText.objects.all().delete()

    for deed in (entry.save, entry.sealed.delete, empty):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            deed()
    assert kept() == before


def test_what_is_already_there_can_be_added_to(entry):
    append(Event("unit.corrected", "unit:1"), by=None)

    assert JournalEntry.objects.count() == 2


def test_no_trigger_is_missing_and_one_that_was_dropped_is_named(entry, vendor):
    assert missing(connection) == set()

    name = sorted(names(vendor, ENTRY))[0]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}" + (f" ON {ENTRY}" if vendor == "postgresql" else ""))

    assert missing(connection) == {name}


def test_a_trigger_that_was_switched_off_is_missing(entry, vendor):
    if vendor != "postgresql":
        pytest.skip("SQLite cannot switch off a trigger")
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {ENTRY} DISABLE TRIGGER {ENTRY}_no_change")

    assert missing(connection) == {f"{ENTRY}_no_change"}


def with_a_new_column():
    """The state before, and a later migration that changes a column of the record's table."""
    before = ProjectState.from_apps(JournalEntry._meta.apps)
    change = migrations.AlterField(
        "journalentry", "action", models.CharField(max_length=80, db_index=True)
    )
    after = before.clone()
    change.state_forwards("journal", after)
    return before, change, after


@pytest.mark.django_db(transaction=True)
def test_a_later_migration_of_the_table_leaves_the_triggers(vendor):
    with transaction.atomic():
        append(Event("unit.added", "unit:1"), by=None)
    before, change, after = with_a_new_column()

    with connection.schema_editor() as editor:
        Loosen().database_forwards("journal", editor, before, before)
        change.database_forwards("journal", editor, before, after)
    lost = missing(connection)
    restore(using="default")

    try:
        loose = {f"{table}_no_{end}" for table, end in Loosen.READING}
        assert lost == (names("sqlite", ENTRY) | loose if vendor == "sqlite" else set())
        assert missing(connection) == set()
        assert refused(f"UPDATE {ENTRY} SET leaf = '{{}}'")
        assert JournalEntry.objects.count() == 1
    finally:
        with connection.schema_editor() as editor:
            Loosen().database_backwards("journal", editor, after, after)
            change.database_backwards("journal", editor, after, before)
        restore(using="default")


@pytest.mark.django_db(transaction=True)
def test_the_operation_can_be_undone_and_done_again(vendor):
    state = ProjectState()
    operation = AppendOnly(TEXT)

    with connection.schema_editor() as editor:
        operation.database_backwards("journal", editor, state, state)
    gone = missing(connection)
    with connection.schema_editor() as editor:
        operation.database_forwards("journal", editor, state, state)
        AllowErasure().database_forwards("journal", editor, state, state)  # as it was before

    assert gone == names(vendor, TEXT)
    assert missing(connection) == set()
    assert TEXT in operation.describe()
