"""Of an entry's texts exactly those go whose erasure an entry says, whoever asks the database."""
# ruff: noqa: S608  # the statements are made of our own names

import json
import sqlite3

import pytest
from django.db import connection, transaction
from django.db.migrations.state import ProjectState
from django.db.utils import DatabaseError

from kaohe.core.leaf import Event
from kaohe.journal.append_only import AllowErasure, missing
from kaohe.journal.models import Erasure, SealedText
from kaohe.journal.services import append

SET = "UPDATE journal_sealedtext SET texts = %s WHERE entry_id = %s"


def entry_with(**texts):
    with transaction.atomic():
        return append(Event("person.entered", "person:1", sealed=texts), by=None)


@pytest.fixture
def entry(db):
    """An entry with a name, a remark and one that is called like a place in a list."""
    return entry_with(name="王某某", note='他说："好"', **{"0": "零"})


def said(entry, *names):
    """An entry that says that texts are erased, and the rows that follow from it."""
    facts = {"entry": entry.entry, "names": list(names)}
    record = append(Event("record.text-erased", entry.subject, facts=facts), by=None)
    for name in names:
        Erasure.objects.create(entry=entry, name=name, record=record)
    return record


def texts_of(entry):
    return SealedText.objects.get(pk=entry.pk).texts


def refused(statement, *values):
    """Whether the database itself refuses a statement; the test's transaction goes on."""
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    return True


def without(texts, *names):
    return {name: text for name, text in texts.items() if name not in names}


def test_a_text_goes_whose_erasure_is_said(entry):
    before = texts_of(entry)
    said(entry, "name")

    with connection.cursor() as cursor:
        cursor.execute(SET, [json.dumps(without(before, "name")), entry.pk])

    assert texts_of(entry) == without(before, "name")


def test_all_texts_go_and_the_row_stays(entry):
    said(entry, "name", "note", "0")

    with connection.cursor() as cursor:
        cursor.execute(SET, ["{}", entry.pk])

    assert texts_of(entry) == {}
    assert refused("DELETE FROM journal_sealedtext")


@pytest.mark.parametrize(
    "change",
    [
        lambda texts: without(texts, "name"),
        lambda texts: {},
        lambda texts: texts | {"name": {"salt": "00", "text": "李某某"}},
        lambda texts: texts | {"more": {"salt": "00", "text": "李某某"}},
        lambda texts: texts | {"name": texts["note"], "note": texts["name"]},
        lambda texts: texts | {"name": json.dumps(texts["name"])},
        lambda texts: texts | {"name": texts["name"] | {"more": "x"}},
        lambda texts: texts | {"name": None},
        lambda texts: list(texts.values()),
        lambda texts: [],
        lambda texts: None,
        lambda texts: "王某某",
        lambda texts: 0,
    ],
    ids=range(13),
)
def test_without_an_erasure_nothing_changes(entry, change):
    before = texts_of(entry)

    assert refused(SET, json.dumps(change(before)), entry.pk)
    assert texts_of(entry) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda texts: without(texts, "note"),
        lambda texts: without(texts, "name", "note"),
        lambda texts: texts | {"name": {"salt": "00", "text": "李某某"}},
        lambda texts: without(texts, "name") | {"Name": texts["name"]},
        lambda texts: without(texts, "name") | {"note": {**texts["note"], "text": "她说"}},
        lambda texts: without(texts, "name") | {"note": json.dumps(texts["note"])},
        lambda texts: list(without(texts, "name").values()),
        lambda texts: [without(texts, "name")],
    ],
    ids=range(8),
)
def test_an_erasure_lets_nothing_else_through(entry, change):
    before = texts_of(entry)
    said(entry, "name")

    assert refused(SET, json.dumps(change(before)), entry.pk)
    assert texts_of(entry) == before


@pytest.mark.parametrize(
    "raw", ["[]", "null", '""', "0", "true", "", "{", '{"a":1}', '[{"0":"x"}]', '{"": {}}']
)
def test_where_everything_is_erased_only_an_empty_object_is_left(entry, raw):
    said(entry, "name", "note", "0")

    assert refused(SET, raw, entry.pk)
    assert set(texts_of(entry)) == {"name", "note", "0"}


def test_nothing_cannot_stand_for_texts(entry):
    said(entry, "name", "note", "0")

    assert refused("UPDATE journal_sealedtext SET texts = NULL")
    assert refused(SET, "{}\x00王某某", entry.pk)


def test_a_name_that_is_said_twice_does_not_hide_another_text(entry, vendor):
    before = texts_of(entry)
    said(entry, "name")
    left = json.dumps(without(before, "name"))[1:-1]
    twice = f'{{{left}, "note": {{"salt": "00", "text": "她说"}}}}'
    first = f'{{"note": {{"salt": "00", "text": "她说"}}, {left}}}'

    assert refused(SET, twice, entry.pk)
    if vendor == "sqlite":  # PostgreSQL keeps the last of them, which is the true one
        assert refused(SET, first, entry.pk)
    else:
        with connection.cursor() as cursor:
            cursor.execute(SET, [first, entry.pk])
        assert texts_of(entry) == without(before, "name")


def test_another_spelling_of_a_name_is_the_same_name(entry):
    before = texts_of(entry)
    said(entry, "note")
    spelled = json.dumps(without(before, "note")).replace('"name"', '"n\\u0061me"')

    assert refused(SET, spelled.replace('"n', '"N'), entry.pk)
    with connection.cursor() as cursor:
        cursor.execute(SET, [spelled, entry.pk])
    assert texts_of(entry) == without(before, "note")


def test_the_texts_of_one_entry_do_not_go_to_another(entry):
    other = append(Event("person.entered", "person:2"), by=None)
    before = texts_of(entry)
    said(entry, "name")
    move = "UPDATE journal_sealedtext SET entry_id = %s, texts = %s WHERE entry_id = %s"

    assert refused(move, other.pk, json.dumps(without(before, "name")), entry.pk)
    assert refused("UPDATE journal_sealedtext SET entry_id = %s", other.pk)


def test_the_erasure_of_one_entry_is_none_of_another(entry):
    other = entry_with(name="赵某某")
    said(entry, "name")

    assert refused(SET, "{}", other.pk)
    assert "name" in texts_of(other)


def test_an_erased_text_does_not_come_back(entry):
    before = texts_of(entry)
    said(entry, "name")
    with connection.cursor() as cursor:
        cursor.execute(SET, [json.dumps(without(before, "name")), entry.pk])

    assert refused(SET, json.dumps(before), entry.pk)
    assert refused(
        "INSERT INTO journal_sealedtext (entry_id, texts) VALUES (%s, %s)"
        " ON CONFLICT (entry_id) DO UPDATE SET texts = excluded.texts",
        entry.pk,
        json.dumps(before),
    )
    assert texts_of(entry) == without(before, "name")


@pytest.mark.parametrize(
    ("action", "facts"),
    [
        ("person.corrected", lambda entry: {"entry": entry.entry, "names": ["name"]}),
        ("record.text-erased", lambda entry: {"entry": "0" * 32, "names": ["name"]}),
        ("record.text-erased", lambda entry: {"entry": entry.entry, "names": ["note"]}),
        ("record.text-erased", lambda entry: {"entry": entry.entry, "names": []}),
        ("record.text-erased", lambda entry: {"entry": entry.entry}),
        ("record.text-erased", lambda entry: {}),
    ],
    ids=range(6),
)
def test_an_erasure_that_no_entry_says_is_none(entry, action, facts):
    record = append(Event(action, entry.subject, facts=facts(entry)), by=None)

    assert refused(
        "INSERT INTO journal_erasure (entry_id, name, record_id) VALUES (%s, %s, %s)",
        entry.pk,
        "name",
        record.pk,
    )
    assert refused(SET, json.dumps(without(texts_of(entry), "name")), entry.pk)


def test_an_erasure_is_neither_changed_nor_removed(entry):
    record = said(entry, "name", "note")

    assert refused("UPDATE journal_erasure SET name = 'note'")
    assert refused("DELETE FROM journal_erasure")
    assert refused(
        "INSERT INTO journal_erasure (entry_id, name, record_id) VALUES (%s, %s, %s)"
        " ON CONFLICT (entry_id, name) DO UPDATE SET record_id = excluded.record_id",
        entry.pk,
        "name",
        record.pk,
    )


def test_a_table_of_the_same_name_for_a_while_changes_nothing(entry, vendor):
    column = "bigint" if vendor == "postgresql" else "integer"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE journal_erasure (entry_id {column}, name text)")
        cursor.execute("INSERT INTO journal_erasure VALUES (%s, 'name')", [entry.pk])

    try:
        assert refused(SET, json.dumps(without(texts_of(entry), "name")), entry.pk)
    finally:
        with connection.cursor() as cursor:
            temporary = "pg_temp" if vendor == "postgresql" else "temp"
            cursor.execute(f"DROP TABLE {temporary}.journal_erasure")


@pytest.mark.django_db(transaction=True)
def test_a_strange_program_replaces_neither_texts_nor_erasures(vendor):
    if vendor != "sqlite":
        pytest.skip("only SQLite knows REPLACE")
    entry = entry_with(name="王某某", note="备注")
    with transaction.atomic():
        record = said(entry, "name")
    stranger = sqlite3.connect(connection.settings_dict["NAME"])  # without our settings

    for statement in (
        f"REPLACE INTO journal_sealedtext (entry_id, texts) VALUES ({entry.pk}, '{{}}')",
        f"UPDATE OR REPLACE journal_sealedtext SET texts = '{{}}' WHERE entry_id = {entry.pk}",
        f"UPDATE OR IGNORE journal_sealedtext SET texts = '{{}}' WHERE entry_id = {entry.pk}",
        "UPDATE journal_sealedtext SET texts = CAST(texts AS BLOB)",
        "REPLACE INTO journal_erasure (entry_id, name, record_id)"
        f" VALUES ({entry.pk}, 'name', {record.pk})",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            stranger.execute(statement)
    stranger.close()

    assert set(texts_of(entry)) == {"name", "note"}
    assert Erasure.objects.count() == 1


def test_the_trigger_on_erasures_is_missed_where_it_is_not(entry, vendor):
    name = "journal_erasure_no_unsaid"
    with connection.cursor() as cursor:
        where = " ON journal_erasure" if vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER {name}{where}")

    assert missing(connection) == {name}


@pytest.mark.django_db(transaction=True)
def test_the_operation_can_be_undone_and_done_again(vendor):
    entry = entry_with(name="王某某")
    with transaction.atomic():
        said(entry, "name")
    state, operation = ProjectState(), AllowErasure()
    with connection.schema_editor() as editor:
        operation.database_backwards("journal", editor, state, state)
    try:
        assert missing(connection) == {"journal_erasure_no_unsaid"}
        with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
            cursor.execute(SET, ["{}", entry.pk])
    finally:
        with connection.schema_editor() as editor:
            operation.database_forwards("journal", editor, state, state)

    assert missing(connection) == set()
    with connection.cursor() as cursor:
        cursor.execute(SET, ["{}", entry.pk])
    assert texts_of(entry) == {}
    assert "erasures" in operation.describe()
