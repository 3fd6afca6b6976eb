"""Verifying an entry now: whatever was altered by hand is found out, step by step."""

import base64
import json
import re

import pytest
from django.db import connection

from kaohe.core.access import Role
from kaohe.core.leaf import Event
from kaohe.journal import services as journal
from kaohe.journal.models import JournalEntry
from kaohe.organization.services.departments import open_department


@pytest.fixture
def office(person):
    return person(Role.OFFICE_HEAD)


@pytest.fixture
def reader(office, signed_in):
    return signed_in(office)


@pytest.fixture
def entry(office, city):
    row = open_department(by=office, jurisdiction=city, name="市水务局")
    return JournalEntry.objects.get(subject=row.subject)


def page_of(client, entry, **headers):
    answer = client.get(f"/trace/{entry.entry}/verify", headers=headers or None)
    assert answer.status_code == 200
    return answer.content.decode()


def verdicts(client, entry):
    """What each check found, from the part that htmx asks for."""
    page = page_of(client, entry, **{"HX-Request": "true"})
    assert "<html" not in page
    return re.findall(r'class="st st-(\w+)"', page)


def test_a_sound_entry_verifies_but_for_witnesses_that_are_not_there(reader, entry, sealing):
    sealing()

    assert verdicts(reader, entry) == ["done"] * 5 + ["hold"]
    assert "<html" in page_of(reader, entry)


def test_an_entry_that_waits_is_checked_as_far_as_can_be(reader, entry):
    assert verdicts(reader, entry) == ["done"] * 2 + ["hold"] * 4


def altering(sql, values):
    """Change rows by hand, as somebody could who has the database."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            for table in ("journal_journalentry", "journal_sealedtext"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_update")
        cursor.execute(sql, values)


def test_an_altered_row_is_found_out(reader, entry, sealing):
    sealing()
    told = json.loads(entry.leaf) | {"action": "department.closed"}
    leaf = json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    altering(
        "UPDATE journal_journalentry SET leaf = %s, action = 'department.closed' WHERE id = %s",
        [leaf, entry.pk],
    )

    assert verdicts(reader, entry) == ["done", "done", "late", "late", "done", "hold"]


def test_an_altered_column_is_found_out(reader, entry, sealing):
    sealing()
    altering("UPDATE journal_journalentry SET action = 'unit.closed' WHERE id = %s", [entry.pk])

    assert verdicts(reader, entry)[0] == "late"


def test_an_altered_text_is_found_out(reader, city, sealing):
    entry = journal.append(
        Event("department.closed", "department:7", city.code, sealed={"reason": "改革"}), by=None
    )
    sealing()
    texts = entry.sealed.texts | {"reason": {**entry.sealed.texts["reason"], "text": "改个"}}
    altering(
        "UPDATE journal_sealedtext SET texts = %s WHERE entry_id = %s",
        [json.dumps(texts), entry.pk],
    )

    assert verdicts(reader, entry)[1] == "late"


def test_a_damaged_tile_is_told_and_not_crashed_upon(reader, entry, sealing, tmp_path):
    sealing()
    [tile] = (tmp_path / "log" / "tile" / "0" / "000.p").iterdir()
    tile.unlink()

    assert verdicts(reader, entry)[2:] == ["late"]


def test_a_forged_checkpoint_is_found_out(reader, entry, sealing):
    log = sealing()
    row_note = log.last()[0].content
    signature = row_note.rstrip("\n").rpartition(" ")[2]
    raw = bytearray(base64.b64decode(signature))
    raw[-1] ^= 1
    forged = row_note.replace(signature, base64.b64encode(bytes(raw)).decode())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            cursor.execute("DROP TRIGGER IF EXISTS journal_checkpoint_no_update")
        cursor.execute("UPDATE journal_checkpoint SET note = %s", [forged])

    assert verdicts(reader, entry)[4:] == ["late", "hold"]
