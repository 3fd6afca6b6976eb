"""Columns of the record in which somebody has put what is no text: named, and hiding no other."""
# ruff: noqa: S608  # the statements are made of our own words

import pytest
from django.db import connection

from kaohe.journal.checking import RowsDiffer, latest_signed
from kaohe.journal.models import JournalEntry
from kaohe.journal.queries import UNREADABLE, tell
from tests.fixtures.sealing import by_hand, indexed

NO_TEXT = ("x'ff00'", "CAST(x'7bff' AS TEXT)")


@pytest.fixture
def sealed(record):
    if connection.vendor != "sqlite":
        pytest.skip("this database takes nothing but text")
    record.sealed(3, reason="更名")
    return record


@pytest.mark.parametrize("value", NO_TEXT)
def test_a_leaf_that_is_no_text_is_named_and_stops_sealing(sealed, value):
    by_hand(f"UPDATE journal_journalentry SET leaf = {value} WHERE id = %s", indexed(1).pk)

    [said] = sealed.said()
    assert said.startswith("Index 1: ")
    sealed.add(1)
    with pytest.raises(RowsDiffer, match="index 1 "):
        sealed.seal()


@pytest.mark.parametrize("value", NO_TEXT)
def test_a_column_that_is_no_text_is_named(sealed, value):
    by_hand(f"UPDATE journal_journalentry SET subject = {value} WHERE id = %s", indexed(1).pk)

    [said] = sealed.said()
    assert said.startswith("Index 1: the entry in the database was altered (subject).")


@pytest.mark.parametrize("value", NO_TEXT)
def test_a_waiting_leaf_that_is_no_text_is_named(sealed, value):
    sealed.add(1)
    last = JournalEntry.objects.latest("pk")
    by_hand(f"UPDATE journal_journalentry SET leaf = {value} WHERE id = %s", last.pk)

    assert any(f"{last.pk}" in said for said in sealed.said())


@pytest.mark.parametrize("value", NO_TEXT)
def test_a_checkpoint_that_is_no_text_is_named_and_counts_for_nothing(sealed, value):
    by_hand(f"UPDATE journal_checkpoint SET note = {value}")

    assert sealed.said() == ["The checkpoint of 3 entries in the database was altered."]
    assert latest_signed(sealed.log) is None


@pytest.mark.parametrize("leaf", ["[]", "{", '{"sealed":5}', ""])
def test_an_entry_that_cannot_be_read_hides_no_other(record, leaf):
    record.sealed(3, reason="更名")
    spoilt = indexed(1)
    by_hand("UPDATE journal_journalentry SET leaf = %s WHERE id = %s", leaf, spoilt.pk)

    told = list(tell(JournalEntry.objects.order_by("pk")))

    assert [each.action == UNREADABLE for each in told] == [False, True, False]
    assert (told[1].entry, told[1].facts, told[1].sealed) == (spoilt.entry, {}, {})
