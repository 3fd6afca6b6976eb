"""``kaohe journal …`` with real folders, databases and processes, broken off and brought back."""

import json
import os
import shutil
import signal
import tarfile

import pytest

from kaohe.cli.journal import LARGEST, FileUnreadable, NoKeys, read, read_text, trusted
from kaohe.core.notes import KeyUnsound
from tests.cli.installations import Installation, commands, poll

DEEDS = """
from django.db import transaction
from kaohe.core.leaf import Event
from kaohe.journal.services import append_all
with transaction.atomic():
    append_all([Event("unit.renamed", f"unit:{{n}}", sealed={{"reason": "更名"}})
                for n in range({count})], by=None)
"""
STANDING = """
from kaohe.journal.rows import standing
print(*standing())
"""


def deeds(installation, count):
    installation.python(DEEDS.format(count=count))


def standing(installation):
    """The next index, and how many entries wait."""
    return tuple(map(int, installation.python(STANDING).split()))


def vkey(installation):
    return (installation.home / "log" / "vkey").read_text(encoding="utf-8").split()[0]


@pytest.fixture
def sealed(made):
    """An installation with 300 entries sealed beside those of its making."""
    deeds(made, 300)
    made.run("journal", "seal")
    return made


# ── the commands ──────────────────────────────────────────────────────────────────────────────────
def test_seal_verify_and_export_say_what_they_did_in_both_languages(made, tmp_path):
    deeds(made, 5)
    count = sum(standing(made))

    assert f"Entries sealed: {count}." in made.run("journal", "seal")
    assert "Nothing waits" in made.run("journal", "seal")
    said = made.run("journal", "verify")
    assert f"{count} sealed ({count} under the last checkpoint), 0 waiting" in said
    assert "The record is whole." in said
    assert "记录完整无误" in made.run("journal", "verify", env={"KAOHE_LANGUAGE": "zh"})

    copy = tmp_path / "copy"
    assert str(copy) in made.run("journal", "export", copy)
    said = made.run("journal", "verify", "--log", copy, "--key", vkey(made))
    assert f"The log is whole: {count} entries." in said
    assert "new files: 0" in made.run("journal", "export", copy)


@pytest.mark.parametrize("words", [["seal"], ["verify"], ["export", "x"], ["recover"], ["rebuild"]])
def test_without_an_installation_each_says_so(empty, words):
    assert "kaohe init" in empty.run("journal", *words, code=1)


def test_before_the_first_sealing_each_says_what_to_do(made, tmp_path):
    assert "kaohe journal seal" in made.run("journal", "export", tmp_path / "copy", code=1)
    assert not (tmp_path / "copy").exists()
    assert "The record is whole." in made.run("journal", "verify")
    assert "nothing to rebuild" in made.run("journal", "rebuild")
    assert "0 entries" in made.run("journal", "recover", code=1)
    assert "holds no checkpoint" in made.run("journal", "adopt", "--from-database", code=1)


def test_wrong_words_are_said_with_status_two(made):
    for words in ([], ["seal", "more"], ["export"], ["adopt"], ["cosign"], ["fly"]):
        made.run("journal", *words, code=2)
    made.run("journal", "verify", "--log", "x", "--receipt", "y", code=2)


@pytest.mark.parametrize(
    "words",
    [
        ["adopt", "none"],
        ["cosign", "large"],
        ["verify", "--receipt", "strange", "--policy", "strange"],
        ["adopt", "strange"],
        ["export", "strange"],
    ],
)
def test_files_that_are_of_no_use_are_said(sealed, tmp_path, words):
    (tmp_path / "large").write_bytes(b"x" * 1_100_000)
    (tmp_path / "strange").write_bytes(b"\xff\xfe\0")

    said = sealed.run("journal", *words, code=1)
    assert said.startswith("kaohe: ")
    assert "Traceback" not in said


def test_small_files_are_read_and_others_refused_with_the_reason(tmp_path):
    (tmp_path / "large").write_bytes(b"x" * (LARGEST + 1))
    (tmp_path / "just").write_bytes(b"x" * LARGEST)
    (tmp_path / "strange").write_bytes(b"\xff\xfe\0")
    (tmp_path / "text").write_text("\ufeff密钥", encoding="utf-8")

    assert len(read(tmp_path / "just")) == LARGEST
    assert read_text(tmp_path / "text") == "密钥"
    for name in ("large", "none", ".", "just/below", "n" * 300, "nul\0"):
        with pytest.raises(FileUnreadable, match="cannot be read"):
            read(tmp_path / name)
    with pytest.raises(FileUnreadable, match="no text"):
        read_text(tmp_path / "strange")


def test_keys_are_given_as_they_are_or_in_files(tmp_path, ring):
    (tmp_path / "vkey").write_text("\n".join([*ring.vkeys, ""]), encoding="utf-8")

    assert trusted([ring.vkeys[0]]) == trusted([str(tmp_path / "vkey")]) == list(ring.keys)
    for words, refusal in (
        ([], NoKeys),
        (["x" * 5000], KeyUnsound),
        (["nul\0"], KeyUnsound),
        ([str(tmp_path)], FileUnreadable),
    ):
        with pytest.raises(refusal):
            trusted(words)


def test_a_change_of_the_key_is_said_with_the_new_one(sealed):
    old = vkey(sealed)

    said = sealed.run("journal", "change-key").splitlines()

    new = next(line for line in said if "+" in line)
    assert new != old
    deeds(sealed, 1)
    sealed.run("journal", "seal")
    assert (sealed.home / "log" / "vkey").read_text(encoding="utf-8").split() == [new, old]
    assert "whole" in sealed.run("journal", "verify")


def test_verify_names_an_altered_row_with_status_one_even_where_the_protection_is_gone(sealed):
    sealed.python(
        "from tests.fixtures.database import record_unlocked\n"
        "from django.db import connection\n"
        "with record_unlocked(), connection.cursor() as cursor:\n"
        "    cursor.execute(\"UPDATE journal_journalentry SET subject = 'unit:x' WHERE id = 20\")\n"
        "from kaohe.journal.append_only import names\n"
        "name = sorted(names(connection.vendor, 'journal_position'))[0]\n"
        "end = ' ON journal_position' if connection.vendor == 'postgresql' else ''\n"
        "with connection.cursor() as cursor:\n"
        "    cursor.execute(f'DROP TRIGGER {name}{end}')\n"
    )

    said = sealed.run("journal", "verify", code=1)
    assert "was altered (subject)" in said
    assert "no longer protects the record" in said
    assert "NOT whole" in said
    assert "kaohe upgrade" in sealed.run("journal", "seal", code=1)


# ── broken off ────────────────────────────────────────────────────────────────────────────────────
KILL = """
import os, signal
done, deed = 0, os.{deed}
def watched(*words):
    global done
    done += 1
    if done == {at}:
        os.kill(os.getpid(), signal.SIGKILL)
    return deed(*words)
os.{deed} = watched
"""


KILLS = [("fsync", 1), ("fsync", 5), ("fsync", 12), ("replace", 2), ("replace", 6)]


@pytest.mark.parametrize(("deed", "at"), KILLS)
def test_killed_while_it_seals_the_next_sealing_completes_it(sealed, deed, at):
    before = shutil.copytree(sealed.home / "log", sealed.home.parent / "before")
    deeds(sealed, 700)
    process = sealed.start("journal", "seal", prelude=KILL.format(deed=deed, at=at))
    status = process.wait(60)
    assert status in (-signal.SIGKILL, 0)  # so many things are not written each time

    since = before / "checkpoint"
    key = ["--key", vkey(sealed)]
    said = sealed.run("journal", "verify", "--log", sealed.home / "log", "--since", since, *key)
    assert "whole" in said
    sealed.run("journal", "seal")
    assert standing(sealed)[1] == 0
    assert "The record is whole." in sealed.run("journal", "verify")
    said = sealed.run("journal", "verify", "--log", sealed.home / "log", "--since", since, *key)
    assert f"whole: {standing(sealed)[0]} entries" in said


# ── backups ───────────────────────────────────────────────────────────────────────────────────────
def test_an_older_backup_signs_nothing_until_the_entries_are_brought_back(sealed, tmp_path):
    deeds(sealed, 3)  # these wait when the backup is made
    sealed.run("backup", tmp_path / "b.tar.gz")
    deeds(sealed, 300)
    sealed.run("journal", "seal")
    count = standing(sealed)[0]
    earlier = shutil.copy(sealed.home / "log" / "checkpoint", tmp_path / "earlier")

    said = sealed.run("restore", tmp_path / "b.tar.gz", "--force")
    assert "kaohe journal recover" in said

    said = sealed.run("journal", "seal", code=1)
    assert f"has signed {count} entries" in said
    assert "kaohe journal recover" in said
    assert "an older backup was brought back" in sealed.run("journal", "verify", code=1)
    assert "Entries brought back" in sealed.run("journal", "recover")
    sealed.run("journal", "seal")
    said = sealed.run("journal", "verify")
    assert "301 lost by a restored backup" in said  # and the name of the backup
    assert "The record is whole." in said
    log, key = sealed.home / "log", vkey(sealed)
    sealed.run("journal", "verify", "--log", log, "--key", key, "--since", earlier)


def test_a_backup_holds_neither_the_log_nor_the_last_checkpoint(sealed, empty, tmp_path):
    sealed.run("backup", tmp_path / "b.tar.gz")
    newest = sealed.home / "log" / "checkpoint"

    empty.run("restore", tmp_path / "b.tar.gz")

    with tarfile.open(tmp_path / "b.tar.gz") as tar:
        names = tar.getnames()
    assert "keys/log/ring.json" in names
    assert not [name for name in names if name.startswith(("log", "last-checkpoint"))]
    assert not (empty.home / "log").exists()
    assert "kaohe journal adopt" in empty.run("journal", "seal", code=1)
    assert "kaohe journal seal" in empty.run("journal", "adopt", newest)
    empty.run("journal", "seal")
    assert "The record is whole." in empty.run("journal", "verify")
    key = vkey(empty)
    empty.run("journal", "verify", "--log", empty.home / "log", "--key", key, "--since", newest)


def test_a_backup_from_before_a_change_of_keys_keeps_the_new_one(sealed, tmp_path):
    sealed.run("backup", tmp_path / "b.tar.gz")
    sealed.run("journal", "change-key")
    ring = (sealed.home / "keys" / "log" / "ring.json").read_bytes()

    assert "kaohe journal recover" in sealed.run("restore", tmp_path / "b.tar.gz", "--force")

    assert (sealed.home / "keys" / "log" / "ring.json").read_bytes() == ring
    sealed.run("journal", "recover")
    sealed.run("journal", "seal")
    assert "The record is whole." in sealed.run("journal", "verify")


def test_a_backup_of_another_installation_leaves_the_log_there_alone(sealed, empty, tmp_path):
    empty.run("init")
    deeds(empty, 3)
    empty.run("journal", "seal")
    empty.run("backup", tmp_path / "other.tar.gz")
    before = {
        path: path.read_bytes() for path in (sealed.home / "log").rglob("*") if path.is_file()
    }

    sealed.run("restore", tmp_path / "other.tar.gz", "--force")

    deeds(sealed, 1)
    said = sealed.run("journal", "seal", code=1)
    assert "a backup of another installation was restored here" in said
    checkpoint = empty.home / "log" / "checkpoint"
    assert "another installation" in sealed.run("journal", "adopt", checkpoint, code=1)
    assert {path: path.read_bytes() for path in before} == before


def test_two_machines_on_one_database_never_sign_two_histories(sealed):
    if not sealed.database:
        pytest.skip("an embedded database lies on one machine")
    shutil.copytree(sealed.home, sealed.home.parent / "second")
    second = Installation(sealed.home.parent / "second", sealed.database)
    deeds(sealed, 300)
    sealed.run("journal", "seal")
    deeds(sealed, 10)

    assert "KAOHE_SEAL=off" in second.run("journal", "seal", code=1)
    second.run("journal", "adopt", "--from-database")
    second.run("journal", "seal")
    assert "KAOHE_SEAL=off" in sealed.run("journal", "seal", code=1)

    since, key = sealed.home / "log" / "checkpoint", vkey(sealed)
    second.run("journal", "verify", "--log", second.home / "log", "--key", key, "--since", since)
    assert "The record is whole." in second.run("journal", "verify")


MIGRATE_BACK = """
from django.core.management import call_command
call_command("migrate", "journal", "0002", verbosity=0)
"""


def test_an_upgrade_queues_the_entries_of_before(made):
    deeds(made, 20)
    count = sum(standing(made))
    made.python(MIGRATE_BACK)

    made.run("upgrade")

    assert standing(made) == (0, count + 1)  # and that of the upgrade
    made.run("journal", "seal")
    assert "The record is whole." in made.run("journal", "verify")


# ── the worker ────────────────────────────────────────────────────────────────────────────────────
def sealers(process):
    return [pid for pid, told in commands(process.pid).items() if "journal sealer" in told]


def test_the_worker_has_a_sealer_starts_it_anew_and_ends_it(made):
    deeds(made, 3)
    worker = made.start("worker", KAOHE_SEAL_SECONDS="1")
    [first] = poll(lambda: sealers(worker))
    poll(lambda: (made.home / "log" / "checkpoint").exists())
    os.kill(first, signal.SIGKILL)

    [second] = poll(lambda: [pid for pid in sealers(worker) if pid != first])
    count = sum(standing(made))
    deeds(made, 5)
    poll(lambda: standing(made) == (count + 5, 0))
    state = json.loads((made.home / "run" / "sealer.json").read_text(encoding="utf-8"))
    assert state["trouble"] is None

    worker.send_signal(signal.SIGTERM)
    assert worker.wait(60) == 0
    poll(lambda: not os.path.exists(f"/proc/{second}"))
    assert "The record is whole." in made.run("journal", "verify")


def test_a_machine_that_is_not_to_seal_has_no_sealer(made):
    worker = made.start("worker", KAOHE_SEAL="off")
    poll(
        lambda: (
            "The worker is ready." in worker.log.read_text() or "已就绪" in worker.log.read_text()
        )
    )
    poll(lambda: (made.home / "run" / "worker.json").exists())

    assert sealers(worker) == []
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(60) == 0
