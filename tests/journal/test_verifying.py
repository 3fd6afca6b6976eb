"""Verification names what was altered, removed, exchanged or added by hand, and nothing else.

Sealing refuses to go on where it would build on it.
"""
# ruff: noqa: S608  # the statements are made of our own names

import json

import pytest
from django.db import connection, transaction

from kaohe.core.checkpoint import Checkpoint
from kaohe.journal import findings, models
from kaohe.journal.checking import DatabaseAhead, RowsDiffer, StoreEmpty
from kaohe.journal.erasing import ERASED, Ground, erase, erase_all_again
from kaohe.journal.models import JournalEntry
from kaohe.journal.recovery import requeue
from kaohe.journal.sealing import RowMissing
from tests.fixtures.sealing import by_hand, indexed

GROUND = Ground("judgment", "（2026）鲁0683民初1号", "erasure:1")
VALUES = {
    "entry": "f" * 32,
    "at": "2026-01-02 03:04:05+00:00",
    "jurisdiction": "370698",
    "unit": "12370699MB2000018H",
    "subject": "unit:999",
    "actor": "e" * 32,
    "action": "unit.closed",
}


@pytest.fixture
def sealed(record):
    """A record of 300 entries with texts, sealed in two steps."""
    record.sealed(260, reason="更名，䶮𠀀")
    record.sealed(40, reason="O’Brien")
    assert record.said() == []
    return record


def change(index, column, value):
    """Alter one column of the entry with an index."""
    by_hand(f"UPDATE journal_journalentry SET {column} = %s WHERE id = %s", value, pk(index))


def pk(index):
    return indexed(index).pk


def refuses(record, refusal):
    """Whether sealing is refused now, with more entries waiting; what it says."""
    record.add(1)
    last = record.log.last()
    with pytest.raises(refusal) as refused, transaction.atomic():
        record.seal()
    assert record.log.last() == last
    return str(refused.value)


# ── entries ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("column", VALUES)
@pytest.mark.parametrize("index", [0, 255, 299])
def test_an_altered_column_is_named(sealed, column, index):
    change(index, column, VALUES[column])

    [said] = sealed.said()
    assert said.startswith(f"Index {index}: the entry in the database was altered ({column}).")
    assert "“unit.renamed”" in said


@pytest.mark.parametrize("index", [0, 5, 256, 299])
def test_an_altered_leaf_is_named_with_what_was_altered_and_stops_sealing(sealed, index):
    leaf = json.loads(indexed(index).leaf) | {"subject": "unit:999", "action": "unit.closed"}
    change(index, "leaf", json.dumps(leaf, ensure_ascii=False))

    [said] = sealed.said()
    assert said.startswith(
        f"Index {index}: the entry in the database was altered (action, subject). It says"
        " “unit.closed” about unit:999"
    )
    assert f"index {index} " in refuses(sealed, RowsDiffer)


@pytest.mark.parametrize("leaf", ["{}", "", "[1]", "no JSON", '"x"', '{"sealed": [1], "entry": 7}'])
def test_a_leaf_that_is_no_entry_any_more_is_named(sealed, leaf):
    change(7, "leaf", leaf)

    [said] = sealed.said()
    assert said.startswith("Index 7: ")


def test_a_blank_more_in_a_leaf_is_named(sealed):
    change(9, "leaf", indexed(9).leaf + " ")

    [said] = sealed.said()
    assert said.startswith("Index 9: the entry in the database was altered (leaf).")


@pytest.mark.parametrize("index", [0, 130, 256, 298])
def test_an_entry_that_was_removed_is_named_with_what_it_said(sealed, index):
    key = pk(index)
    _remove(key)

    [said] = sealed.said()
    assert said == (
        f"Index {index}: the entry was removed from the database. It said “unit.renamed” about"
        f" unit:{index}."
    )
    assert f"index {index} " in refuses(sealed, RowsDiffer)


def _remove(key):
    for statement in (
        "DELETE FROM journal_sealedtext WHERE entry_id = %s",
        "DELETE FROM journal_position WHERE entry_id = %s",
        "DELETE FROM journal_journalentry WHERE id = %s",
    ):
        by_hand(statement, key)


def test_many_that_were_removed_are_named_up_to_a_limit(sealed):
    for index in range(20, 200):
        by_hand("DELETE FROM journal_sealedtext WHERE entry_id = %s", pk(index))
    by_hand('DELETE FROM journal_position WHERE "index" BETWEEN 20 AND 199')
    by_hand(
        "DELETE FROM journal_journalentry WHERE NOT EXISTS"
        " (SELECT 1 FROM journal_position p WHERE p.entry_id = journal_journalentry.id)"
    )

    said = sealed.said()
    assert len(said) == findings.LIMIT
    assert said[0].startswith("Index 20: the entry was removed")


def test_the_last_ones_that_were_removed_are_named_as_one(sealed):
    for index in range(290, 300):
        _remove(pk(index))

    [said] = sealed.said()
    assert said.startswith("From index 290 on the database holds none of the 300 entries")
    assert "about unit:290." in said


def test_two_entries_that_were_exchanged_are_both_named(sealed):
    first, second = pk(3), pk(280)
    for index, key in ((3, -1), (280, first), (3, second)):
        by_hand('UPDATE journal_position SET entry_id = %s WHERE "index" = %s', key, index)

    assert sealed.said() == [
        "Index 3: here stands the entry that was sealed with index 280: exchanged.",
        "Index 280: here stands the entry that was sealed with index 3: exchanged.",
    ]
    assert "index 280 " in refuses(sealed, RowsDiffer)


def test_another_entry_in_the_place_of_one_is_named(sealed):
    [other] = sealed.add(1)
    by_hand("DELETE FROM journal_pending")
    by_hand('UPDATE journal_position SET entry_id = %s WHERE "index" = 299', other.pk)

    [said] = sealed.said()
    assert said.startswith("Index 299: here stands another entry than the one that was sealed")


def test_an_index_that_was_taken_away_is_named(sealed):
    by_hand('DELETE FROM journal_position WHERE "index" = 270')

    assert sealed.said() == [
        "Index 270: the index was taken from the entry “unit.renamed” about unit:270, which is"
        " still in the database."
    ]
    assert "index 270 " in refuses(sealed, RowsDiffer)


def test_an_index_that_nobody_gave_stops_sealing(sealed):
    [other] = sealed.add(1)
    by_hand('INSERT INTO journal_position ("index", entry_id) VALUES (310, %s)', other.pk)

    with pytest.raises(RowMissing, match="index 300"):
        sealed.seal()
    assert next(said.split(":")[0] for said in sealed.said()) == "Index 300"


# ── entries that wait ─────────────────────────────────────────────────────────────────────────────
def test_a_row_that_was_taken_out_of_the_line_is_named_and_can_be_put_back(sealed):
    first, second = sealed.add(2)
    by_hand("DELETE FROM journal_pending WHERE entry_id = %s", first.pk)
    sealed.seal()

    [said] = sealed.said()
    assert said.startswith(f"Row {first.pk}: “unit.renamed” about {first.subject} has no index")

    assert requeue(sealed.log) == 1
    sealed.seal()
    assert sealed.said() == []
    told = JournalEntry.objects.get(action="log.entries-requeued")
    assert json.loads(told.leaf)["facts"] == {"count": 1}
    assert indexed(300).pk == second.pk
    assert indexed(301).pk == first.pk
    assert requeue(sealed.log) == 0
    assert JournalEntry.objects.filter(action="log.entries-requeued").count() == 1


@pytest.mark.parametrize("column", VALUES)
def test_an_entry_altered_while_it_waits_is_named(sealed, column):
    [entry] = sealed.add(1)
    by_hand(
        f"UPDATE journal_journalentry SET {column} = %s WHERE id = %s", VALUES[column], entry.pk
    )

    [said] = sealed.said()
    assert said.startswith(f"Row {entry.pk}, which waits to be sealed, was altered ({column}).")


def test_a_row_removed_while_it_waits_is_named_and_the_others_are_sealed(sealed):
    first, _ = sealed.add(2)
    by_hand("DELETE FROM journal_journalentry WHERE id = %s", first.pk)
    with transaction.atomic():
        assert sealed.seal().count == 1

        assert sealed.said() == [
            f"Row {first.pk} waited to be sealed and was removed from the database."
        ]
        by_hand("DELETE FROM journal_pending")


def test_a_row_that_waits_twice_is_named(sealed):
    by_hand("INSERT INTO journal_pending (entry_id) VALUES (%s)", pk(12))

    [said] = sealed.said()
    assert said.startswith(f"Row {pk(12)} waits once more although it has the index 12")


# ── texts and erasures ────────────────────────────────────────────────────────────────────────────
def put_texts(index, texts):
    by_hand("UPDATE journal_sealedtext SET texts = %s WHERE entry_id = %s", texts, pk(index))


def test_a_text_that_was_altered_removed_or_added_is_named(sealed):
    texts = json.dumps(models.SealedText.objects.get(pk=pk(1)).texts, ensure_ascii=False)
    put_texts(1, texts.replace("更名", "撤销"))
    put_texts(2, "{}")
    put_texts(3, texts)  # of another entry, with its salt
    by_hand("DELETE FROM journal_sealedtext WHERE entry_id = %s", pk(4))
    put_texts(5, texts.replace('{"reason"', '{"more": {"salt": "00", "text": "x"}, "reason"'))
    put_texts(6, '{"reason": 7}')
    put_texts(7, "[]")

    said = sealed.said()
    assert [each.partition(":")[0] for each in said] == [
        "Index 1", "Index 2", "Index 3", "Index 4", "Index 5", "Index 5", "Index 6", "Index 7",
    ]  # fmt: skip
    assert "is not the one that was recorded" in said[0]
    assert "is gone, and no erasure is on record" in said[1]
    assert "a text “more” was added" in "".join(said[4:6])


def test_texts_that_were_lawfully_erased_are_counted(sealed):
    before = sealed.verify()
    with transaction.atomic():
        erase({indexed(0): ["reason"], indexed(299): ["reason"]}, by=None, ground=GROUND)

    for _ in range(2):  # before and after the erasures themselves are sealed
        found = sealed.verify()
        assert found.findings == []
        assert (found.texts, found.erased) == (before.texts - 2, 2)
        sealed.seal()


def test_an_erasure_marked_by_hand_is_named_once(sealed):
    by_hand(
        "INSERT INTO journal_erasure (name, entry_id, record_id) VALUES ('reason', %s, %s)",
        pk(5),
        pk(6),
    )

    assert sealed.said() == [
        f"The text “reason” of row {pk(5)} is marked as erased, but no entry of the record says so."
    ]


def test_an_erasure_whose_mark_was_removed_still_counts(sealed):
    with transaction.atomic():
        erase({indexed(0): ["reason"]}, by=None, ground=GROUND)
    by_hand("DELETE FROM journal_erasure")

    assert sealed.said() == []
    assert sealed.verify().erased == 1


def test_an_erased_text_that_was_put_back_is_named_and_erased_again(sealed):
    row = models.SealedText.objects.get(pk=pk(0))
    texts = json.dumps(row.texts, ensure_ascii=False)
    with transaction.atomic():
        erase({indexed(0): ["reason"]}, by=None, ground=GROUND)
    assert JournalEntry.objects.filter(action=ERASED).count() == 1
    put_texts(0, texts)

    [said] = sealed.said()
    assert said.startswith("Index 0: the text “reason” of “unit.renamed” about unit:0 was lawfully")
    assert erase_all_again() == 1
    assert sealed.said() == []


# ── checkpoints, cosignatures, protection ─────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("root", "0" * 64),
        ("note", "nonsense"),
        ("note", "assess.example.gov.cn/trace\n260\nAAAA\n\n— x AAAA\n"),
    ],
)
def test_a_checkpoint_altered_in_the_database_is_named(sealed, column, value):
    by_hand(f"UPDATE journal_checkpoint SET {column} = %s WHERE size = 260", value)

    assert sealed.said() == ["The checkpoint of 260 entries in the database was altered."]
    sealed.add(1)
    assert sealed.seal() is not None  # sealing does not build on it


def test_a_checkpoint_added_by_hand_is_named_and_does_not_stop_sealing(sealed):
    by_hand(
        "INSERT INTO journal_checkpoint (size, root, note, at)"
        " SELECT 9000, root, note, at FROM journal_checkpoint WHERE size = 300"
    )

    assert sealed.said() == ["The checkpoint of 9000 entries in the database was altered."]
    sealed.add(1)
    assert sealed.seal().checkpoint.size == 301


def test_a_checkpoint_that_another_machine_signed_stops_sealing(sealed):
    note = sealed.log.ring.sign(Checkpoint(sealed.log.ring.origin, 400, b"\1" * 32))
    models.Checkpoint.objects.create(
        size=400, root="01" * 32, note=note.content, at=models.Checkpoint.objects.first().at
    )

    [said] = sealed.said()
    assert said.startswith("The database knows a checkpoint of 400 entries")
    assert "knows one of 400 entries" in refuses(sealed, DatabaseAhead)


def test_a_checkpoint_of_our_own_key_over_other_entries_is_named(sealed):
    note = sealed.log.ring.sign(Checkpoint(sealed.log.ring.origin, 270, b"\1" * 32))
    models.Checkpoint.objects.create(
        size=270, root="01" * 32, note=note.content, at=models.Checkpoint.objects.first().at
    )

    assert sealed.said() == ["The checkpoint of 270 entries in the database was altered."]


@pytest.mark.parametrize("what", ["store", "both"])
def test_a_lost_store_is_named_and_the_rest_still_held_against_what_is_known(sealed, what):
    (sealed.home / "last-checkpoint" / "last.sqlite3").unlink()
    if what == "both":
        (sealed.home / "log" / "checkpoint").unlink()
    change(4, "subject", "unit:999")

    said = sealed.said()
    assert said[0].startswith("The store of the last checkpoint is empty although the log has")
    assert any(each.startswith("Index 4:") for each in said)
    assert "300 sealed entries" in refuses(sealed, StoreEmpty)


def test_a_protection_that_was_removed_is_named(sealed, vendor):
    where = " ON journal_position" if vendor == "postgresql" else ""
    name = "journal_position_no_" + ("change" if vendor == "postgresql" else "delete")
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{where}")

    [said] = sealed.said()
    assert name in said


def test_a_clean_record_without_any_log_is_whole(record):
    record.add(3)

    found = record.verify()
    assert found.is_sound
    assert (found.size, found.sealed, found.pending) == (0, 0, 3)


def test_progress_is_told_up_to_the_end(sealed):
    from kaohe.journal.verifying import verify

    told = []
    verify(sealed.log, lambda done, total: told.append((done, total)))

    assert {total for _, total in told} == {600}
    assert max(done for done, _ in told) >= 300 + 256
    assert [done for done, _ in told] == sorted(done for done, _ in told)
