"""Entries are written with their deed or not at all, and can be told and checked."""

import json
import time

import pytest
from django.db import transaction

from kaohe.core.access import Role
from kaohe.core.leaf import LIMIT, Event, commitment
from kaohe.journal.models import JournalEntry, SealedText
from kaohe.journal.queries import entries_of, entries_of_unit, tell
from kaohe.journal.services import append, append_all
from tests.fixtures.database import record_unlocked

RENAMED = Event(
    "unit.renamed",
    "unit:7",
    "370699",
    "12370699MB2000017K",
    facts={"name": "示例市第一中学"},
    was={"name": "示例市一中"},
    sealed={"reason": "更名；䶮 O'Neill"},
)


@pytest.fixture
def clerk(person):
    found = person(Role.OFFICE_CLERK)
    found.acting_role = str(Role.OFFICE_CLERK)
    return found


def test_the_columns_beside_a_leaf_repeat_what_it_says(clerk):
    entry = append(RENAMED, by=clerk)

    said = json.loads(entry.leaf)
    for column in ("entry", "jurisdiction", "unit", "subject", "actor", "action"):
        assert getattr(entry, column) == said[column]
    assert said["actor"] == clerk.pseudonym
    assert said["role"] == "office_clerk"
    assert said["at"] == entry.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def test_what_is_read_back_has_the_bytes_that_were_written(clerk):
    written = append(RENAMED, by=clerk)

    read = JournalEntry.objects.get(pk=written.pk)

    assert (read.leaf, read.at) == (written.leaf, written.at)


def test_a_leaf_names_nobody_and_holds_no_free_text(clerk):
    leaf = append(RENAMED, by=clerk).leaf

    assert not any(each in leaf for each in (clerk.name, clerk.username, "O'Neill"))


def test_the_sealed_text_fits_its_commitment(clerk):
    entry = append(RENAMED, by=clerk)

    body = SealedText.objects.get(entry=entry).texts["reason"]
    found = commitment(bytes.fromhex(body["salt"]), "reason", body["text"])
    assert json.loads(entry.leaf)["sealed"] == {"reason": found}


def test_two_entries_about_one_text_do_not_show_that_it_is_one(clerk):
    first, second = append_all([RENAMED, RENAMED], by=clerk)

    sealed = [json.loads(each.leaf)["sealed"]["reason"] for each in (first, second)]
    assert sealed[0] != sealed[1]
    assert first.entry != second.entry


def test_an_erased_text_leaves_the_leaf_as_it_was(clerk):
    entry = append(RENAMED, by=clerk)
    with record_unlocked():  # as a lawful erasure will
        SealedText.objects.filter(entry=entry).delete()

    [told] = tell(entries_of(["unit:7"]))
    assert told.sealed == {"reason": None}
    assert told.facts == {"name": "示例市第一中学"}
    assert JournalEntry.objects.get().leaf == entry.leaf


def test_what_the_installation_does_is_told_as_its_own(db):
    [told] = tell([append(Event("installation.founded", "installation:1"), by=None)])

    assert (told.actor, told.role, told.sealed) == ("system", "", {})


def test_an_entry_without_sealed_text_has_no_row_for_it(db):
    append(Event("unit.added", "unit:1"), by=None)

    assert not SealedText.objects.exists()


def test_the_latest_entry_about_an_object_or_a_unit_is_told_first(db):
    other = Event("unit.added", "unit:8", unit="12370699MB2000018F")
    append_all([RENAMED, other, Event("unit.closed", "unit:7", unit=RENAMED.unit)], by=None)

    assert [told.action for told in tell(entries_of(["unit:7"]))] == ["unit.closed", "unit.renamed"]
    found = tell(entries_of_unit(RENAMED.unit))
    assert [told.action for told in found] == ["unit.closed", "unit.renamed"]


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused():
    with pytest.raises(transaction.TransactionManagementError, match="transaction of its deed"):
        append(RENAMED, by=None)

    assert not JournalEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_was_given_up_leaves_nothing():
    with transaction.atomic():
        append(RENAMED, by=None)
        there = JournalEntry.objects.count()
        transaction.set_rollback(True)

    assert there == 1
    assert (JournalEntry.objects.count(), SealedText.objects.count()) == (0, 0)


def test_one_entry_that_is_too_long_refuses_all_of_them(db):
    too_long = Event("unit.added", "unit:2", facts={"note": "a" * LIMIT})

    with pytest.raises(ValueError, match="unit:2"), transaction.atomic():
        append_all([RENAMED, too_long], by=None)

    assert not JournalEntry.objects.exists()


def test_a_long_reason_does_not_lengthen_the_leaf(db):
    short, long = (
        append(Event("unit.closed", "unit:1", sealed={"reason": text}), by=None)
        for text in ("撤", "撤" * 100_000)
    )

    assert len(short.leaf) == len(long.leaf)


def test_ten_thousand_entries_are_written_quickly_and_in_order(db):
    events = [Event("unit.imported", f"unit:{n}", sealed={"purpose": "x"}) for n in range(10_000)]
    began = time.process_time()

    append_all(events, by=None)

    assert time.process_time() - began < 5
    subjects = JournalEntry.objects.order_by("id").values_list("subject", flat=True)
    assert list(subjects) == [event.subject for event in events]
    assert SealedText.objects.count() == 10_000
