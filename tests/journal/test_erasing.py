"""A lawful erasure: the texts and their salts go for good, the entries and all proofs stay."""

import json
import secrets
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kaohe.core.leaf import Event, commitment
from kaohe.journal import erasing
from kaohe.journal.erasing import (
    ERASED,
    Ground,
    NoSuchText,
    TextErased,
    clear_remains,
    erase,
    erase_again,
    erase_all_again,
    erasing_entries,
)
from kaohe.journal.log import open_log
from kaohe.journal.models import Erasure, JournalEntry, SealedText
from kaohe.journal.proofs import verify_entry
from kaohe.journal.queries import tell
from kaohe.journal.sealing import seal
from kaohe.journal.services import append
from kaohe.journal.verifying import verify
from tests.fixtures.database import record_unlocked

GROUND = Ground("judgment", "（2026）鲁0683民初1号", "erasure:1", "判决已生效")


def entry_with(subject="person:1", **texts):
    with transaction.atomic():
        return append(
            Event("person.entered", subject, "370699", "UNIT", {"post": "principal"}, sealed=texts),
            by=None,
        )


@pytest.fixture
def entry(db):
    return entry_with(name="王某某", phone="0535-0000000", note='䶮𠀀 "O’Brien"')


def texts_of(entry):
    return SealedText.objects.get(pk=entry.pk).texts


def test_texts_and_salts_go_and_nothing_else(entry):
    before = texts_of(entry)
    salt = before["name"]["salt"]

    with transaction.atomic():
        erase({entry: ["name", "phone"]}, by=None, ground=GROUND)

    row = JournalEntry.objects.get(pk=entry.pk)
    assert texts_of(entry) == {"note": before["note"]}
    assert salt not in repr(list(SealedText.objects.values_list("texts", flat=True)))
    assert row.leaf == entry.leaf
    kept = texts_of(entry)["note"]
    promised = json.loads(row.leaf)["sealed"]["note"]
    assert commitment(bytes.fromhex(kept["salt"]), "note", kept["text"]) == promised


def test_an_erasure_is_an_entry_about_the_same_object(entry):
    with transaction.atomic():
        [record] = erase({entry: ["phone", "name"]}, by=None, ground=GROUND)

    [told] = tell([record])
    assert (told.action, told.subject, told.jurisdiction, told.unit) == (
        ERASED,
        "person:1",
        "370699",
        "UNIT",
    )
    assert told.facts == {
        "basis": "judgment",
        "document": "（2026）鲁0683民初1号",
        "entry": entry.entry,
        "names": ["name", "phone"],
        "request": "erasure:1",
    }
    assert told.sealed == {"erasure_reason": "判决已生效"}
    assert "判决已生效" not in record.leaf
    assert set(Erasure.objects.values_list("entry", "name", "record")) == {
        (entry.pk, "name", record.pk),
        (entry.pk, "phone", record.pk),
    }


def test_each_entry_that_loses_texts_has_an_entry_of_its_own(entry):
    other = entry_with("person:2", name="赵某某")

    with transaction.atomic():
        erase({entry: ["name"], other: ["name"]}, by=None, ground=GROUND)

    said = JournalEntry.objects.filter(action=ERASED).values_list("subject", flat=True)
    assert list(said) == ["person:1", "person:2"]
    assert erasing_entries([entry.pk, other.pk]).keys() == {(entry.pk, "name"), (other.pk, "name")}


def test_an_entry_tells_that_its_text_was_erased_and_by_what(entry):
    with transaction.atomic():
        [record] = erase({entry: ["name"]}, by=None, ground=GROUND)

    [told] = tell(JournalEntry.objects.filter(pk=entry.pk).select_related("sealed"))
    assert told.sealed["name"] is None
    assert told.sealed["phone"] == "0535-0000000"
    assert erasing_entries([entry.pk]) == {(entry.pk, "name"): record.entry}


def test_what_was_erased_is_not_erased_again(entry):
    with transaction.atomic():
        erase({entry: ["name"]}, by=None, ground=GROUND)
    count = JournalEntry.objects.count()

    with pytest.raises(TextErased, match="“name”"), transaction.atomic():
        erase({entry: ["phone", "name"]}, by=None, ground=GROUND)

    assert JournalEntry.objects.count() == count
    assert set(texts_of(entry)) == {"phone", "note"}


@pytest.mark.parametrize("name", ["post", "was.name", "", "name "])
def test_only_a_text_that_the_entry_commits_to_can_be_erased(entry, name):
    with pytest.raises(NoSuchText), transaction.atomic():
        erase({entry: [name]}, by=None, ground=GROUND)

    assert set(texts_of(entry)) == {"name", "phone", "note"}


def test_an_entry_without_texts_has_none_to_erase(db):
    bare = entry_with()

    with pytest.raises(NoSuchText), transaction.atomic():
        erase({bare: ["name"]}, by=None, ground=GROUND)


@pytest.mark.django_db(transaction=True)
def test_an_erasure_needs_the_transaction_of_its_deed():
    entry = entry_with(name="王某某")

    with pytest.raises(transaction.TransactionManagementError):
        erase({entry: ["name"]}, by=None, ground=GROUND)

    assert "name" in texts_of(entry)


def test_an_erasure_that_fails_half_way_leaves_everything(entry, monkeypatch):
    before, count = texts_of(entry), JournalEntry.objects.count()

    def fails(row, names):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(erasing, "_let_go", fails)
    with pytest.raises(RuntimeError, match="disk is full"), transaction.atomic():
        erase({entry: ["name"]}, by=None, ground=GROUND)

    assert texts_of(entry) == before
    assert JournalEntry.objects.count() == count
    assert not Erasure.objects.exists()


def bring_back(entry, texts):
    """What an older backup does, and nothing else may."""
    with record_unlocked():
        SealedText.objects.filter(pk=entry.pk).update(texts=texts)


def test_a_text_that_a_backup_brought_back_is_erased_again(entry):
    before = texts_of(entry)
    with transaction.atomic():
        [record] = erase({entry: ["name", "phone"]}, by=None, ground=GROUND)
    bring_back(entry, before)
    count = JournalEntry.objects.count()

    assert erase_again(record) == 2
    assert erase_again(record) == 0
    assert set(texts_of(entry)) == {"note"}
    assert JournalEntry.objects.count() == count


def test_an_erasure_whose_rows_were_lost_is_found_in_its_entry(entry):
    before = texts_of(entry)
    with transaction.atomic():
        [record] = erase({entry: ["name"]}, by=None, ground=GROUND)
    bring_back(entry, before)
    with record_unlocked():
        Erasure.objects.all().delete()

    assert erase_all_again() == 1
    assert set(texts_of(entry)) == {"phone", "note"}
    assert erasing_entries([entry.pk]) == {(entry.pk, "name"): record.entry}


def test_the_erasure_of_an_entry_that_is_not_there_does_nothing(db):
    facts = {"entry": "0" * 32, "names": ["name"]}
    record = append(Event(ERASED, "person:1", facts=facts), by=None)

    assert erase_again(record) == 0


def test_only_an_erasure_erases_again(entry):
    with pytest.raises(ValueError, match="erases nothing"):
        erase_again(entry)


@pytest.fixture
def log_of_one(settings, tmp_path):
    """A log in a folder of its own."""
    settings.LOG, settings.KEYS = tmp_path / "log", tmp_path / "keys"
    settings.LAST_CHECKPOINT, settings.HOME = tmp_path / "last", tmp_path
    return open_log(make=True)


@pytest.mark.django_db(transaction=True)
def test_every_proof_stands_after_an_erasure(log_of_one):
    entry = entry_with(name="王某某", note="备注")
    seal(log_of_one)
    with transaction.atomic():
        [record] = erase({entry: ["name", "note"]}, by=None, ground=GROUND)
    seal(log_of_one)

    for row in (entry, record):
        assert verify_entry(log_of_one, JournalEntry.objects.get(pk=row.pk)).proved is not None
    found = verify(log_of_one)
    assert found.findings == []
    assert (found.erased, found.texts) == (2, 1)  # the reason of the erasure is kept


def anywhere(*needles: str) -> list[str]:
    """The files of the embedded database in which one of some texts can be read."""
    file = Path(connection.settings_dict["NAME"])
    found = []
    for each in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
        content = each.read_bytes() if each.exists() else b""
        for needle in needles:
            spellings = (needle, json.dumps(needle)[1:-1])
            if any(spelled.encode() in content for spelled in spellings):
                found.append(each.name)
    return found


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("length", [1, 200, 3000])
def test_no_file_of_the_embedded_database_keeps_an_erased_text(vendor, length):
    if vendor != "sqlite":
        pytest.skip("PostgreSQL keeps old versions until a worker writes the tables anew")
    text = secrets.token_hex(12) + "赵" * length
    needle = text[:24]
    entries = [entry_with(f"person:{n}", name="王某某" * (n % 90), note="注") for n in range(40)]
    entry = entry_with(name=text, note="备注")
    entries += [entry_with(f"person:{n}", name="王某某" * (n % 90)) for n in range(40)]
    salt = texts_of(entry)["name"]["salt"]
    assert anywhere(needle)
    assert anywhere(salt)

    with transaction.atomic():
        erase({entry: ["name"], entries[3]: ["name"]}, by=None, ground=GROUND)

    assert anywhere(needle, salt) == []
    with connection.cursor() as cursor:  # this machine's own default may be the same
        cursor.execute("PRAGMA secure_delete")
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db(transaction=True)
def test_the_files_are_cleared_later_where_somebody_reads_meanwhile(vendor, monkeypatch):
    if vendor != "sqlite":
        pytest.skip("on PostgreSQL a worker clears")
    import sqlite3

    monkeypatch.setattr(erasing, "PATIENCE", 1)
    entry = entry_with(name=secrets.token_hex(12))
    needle = texts_of(entry)["name"]["text"]
    reader = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM journal_sealedtext").fetchone()

    with transaction.atomic():
        erase({entry: ["name"]}, by=None, ground=GROUND)
    assert clear_remains() is False
    reader.execute("COMMIT")
    reader.close()

    assert clear_remains() is True
    assert anywhere(needle) == []


@pytest.mark.django_db(transaction=True)
def test_postgresql_writes_the_tables_anew(vendor):
    if vendor != "postgresql":
        pytest.skip("the embedded database overwrites what is removed")
    entry = entry_with(name="王某某")
    with transaction.atomic():
        erase({entry: ["name"]}, by=None, ground=GROUND)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_filenode('journal_sealedtext')")
        before = cursor.fetchone()

        assert clear_remains() is True

        cursor.execute("SELECT pg_relation_filenode('journal_sealedtext')")
        assert cursor.fetchone() != before


@pytest.mark.django_db(transaction=True)
def test_postgresql_holds_nobody_up_who_is_at_work(vendor, monkeypatch):
    if vendor != "postgresql":
        pytest.skip("the embedded database is asked above")
    monkeypatch.setattr(erasing, "PATIENCE", 1)
    entry_with(name="王某某")
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT count(*) FROM journal_sealedtext")
        assert clear_remains() is False
        with other.cursor() as cursor:
            cursor.execute("COMMIT")
        assert clear_remains() is True
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone() == ("0",)
    finally:
        other.close()


def test_within_a_transaction_nothing_can_be_cleared(db):
    with pytest.raises(transaction.TransactionManagementError):
        clear_remains()


def test_erasing_asks_as_few_questions_for_many_texts_as_for_few_entries(entry):
    many = [entry_with(f"person:{n}", name="某某") for n in range(30)]

    with (
        CaptureQueriesContext(
            connection,
        ) as few,
        transaction.atomic(),
    ):
        erase({each: ["name"] for each in many[:3]}, by=None, ground=GROUND)
    with CaptureQueriesContext(connection) as more, transaction.atomic():
        erase({each: ["name"] for each in many[3:]}, by=None, ground=GROUND)

    assert len(more) - len(few) == 27 - 3  # one for each row that loses texts, no more
