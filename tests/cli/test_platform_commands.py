"""``kaohe init``, ``backup``, ``restore`` and ``upgrade``: whole or not at all."""

import hashlib
import io
import json
import resource
import sqlite3
import stat
import tarfile

import pytest

from kaohe.cli import archive

ENTRIES = """
from kaohe.journal.models import JournalEntry
print(*JournalEntry.objects.order_by("id").values_list("action", flat=True))
"""
JURISDICTION = """
from kaohe.organization.models import User
from kaohe.organization.services.installation import enter_jurisdiction
by = User.objects.get(username="sysadmin")
enter_jurisdiction(by=by, code="370699", name="示例䶮市", support="王䶮")
"""
NAMES = """
from kaohe.organization.models import Jurisdiction
print(*Jurisdiction.objects.values_list("name", "support", flat=False))
"""


@pytest.fixture
def in_use(made):
    """An installation with something in it: a jurisdiction, and a file."""
    made.python(JURISDICTION)
    (made.home / "files" / "ab").mkdir()
    (made.home / "files" / "ab" / "abcd").write_bytes(b"evidence")
    return made


def digests(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.parts[-2] not in ("run", "logs")
    }


def archive_of(installation, tmp_path, name="b.tar.gz"):
    installation.run("backup", tmp_path / name)
    return tmp_path / name


def rewritten(archive, change):
    """The archive with its members as ``change`` leaves them: name → bytes."""
    with tarfile.open(archive) as tar:
        members = {each.name: tar.extractfile(each).read() for each in tar}
    change(members)
    with tarfile.open(archive, "w:gz") as tar:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return archive


def test_init_makes_an_installation_that_only_its_owner_reads(made):
    accounts = (made.home / "first-accounts.txt").read_text(encoding="utf-8").splitlines()

    assert [line.split("\t")[1] for line in accounts] == ["sysadmin", "secadmin", "auditadmin"]
    for path in (made.home, made.home / "keys", made.home / "files"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    for path in (made.home / "first-accounts.txt", made.home / "keys" / "secret"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert made.python(ENTRIES).split() == [
        "installation.made",
        *["user.opened", "role.granted"] * 3,
    ]


def test_a_second_init_changes_nothing(made):
    before = digests(made.home), made.python(ENTRIES)

    assert "already" in made.run("init")

    assert (digests(made.home), made.python(ENTRIES)) == before


def test_an_init_that_cannot_keep_the_first_passwords_made_no_account(empty):
    empty.home.mkdir()
    (empty.home / "first-accounts.txt").mkdir()  # nothing can be renamed to there

    assert "first-accounts.txt" in empty.run("init", code=1)

    assert empty.python(ENTRIES) == ""
    (empty.home / "first-accounts.txt").rmdir()
    empty.run("init")
    assert empty.python(ENTRIES).split()[0] == "installation.made"


@pytest.mark.parametrize("words", [["serve"], ["worker"], ["backup"], ["upgrade"]])
def test_nothing_else_runs_before_init(empty, words):
    assert "kaohe init" in empty.run(*words, code=1)


def test_a_database_that_does_not_answer_is_said(empty):
    empty.database = "postgresql://nobody@127.0.0.1:1/none"

    assert "The database cannot be used" in empty.run("init", code=1)


def test_a_backup_brings_everything_back(in_use, empty, tmp_path):
    archive = archive_of(in_use, tmp_path)
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600

    empty.run("restore", archive)

    assert empty.python(NAMES) == in_use.python(NAMES) == "('示例䶮市', '王䶮')"
    assert (empty.home / "files/ab/abcd").read_bytes() == b"evidence"
    assert (empty.home / "keys/secret").read_text() == (in_use.home / "keys/secret").read_text()
    assert empty.python(ENTRIES).split()[-1] == "installation.restored"
    assert in_use.python(ENTRIES).split()[-1] == "installation.backed-up"
    assert "already" in empty.run("upgrade")  # the record is protected there too


def test_a_backup_does_not_write_over_another(in_use, tmp_path):
    archive = archive_of(in_use, tmp_path)
    before = archive.read_bytes()

    assert "already" in in_use.run("backup", archive, code=1)

    assert archive.read_bytes() == before


def test_a_full_disk_leaves_nothing_of_a_backup(in_use, tmp_path):
    folder = tmp_path / "there"

    def little_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    told = in_use.run("backup", folder / "b.tar.gz", code=1, preexec_fn=little_room)

    assert "Nothing was left there" in told or "failed" in told
    assert list(folder.iterdir()) == []


def test_a_restore_does_not_touch_an_installation_unasked(in_use, made, tmp_path):
    archive = archive_of(in_use, tmp_path)
    in_use.python(NAMES)
    before = digests(in_use.home)

    assert "--force" in in_use.run("restore", archive, code=1)

    assert digests(in_use.home) == before


def test_a_forced_restore_keeps_what_was_there(in_use, tmp_path):
    archive = archive_of(in_use, tmp_path)
    in_use.python(
        "from kaohe.organization.models import Jurisdiction as J\nJ.objects.all().delete()"
    )
    (in_use.home / "files" / "later").write_bytes(b"later")

    in_use.run("restore", archive, "--force")

    assert "示例䶮市" in in_use.python(NAMES)
    assert not (in_use.home / "files" / "later").exists()
    [kept] = in_use.home.glob("before-restore-*")
    assert (kept / "files" / "later").read_bytes() == b"later"
    assert (kept / "kaohe.sqlite3").exists() or (kept / "database.dump").exists()


def cut(path):
    path.write_bytes(path.read_bytes()[:-2000])


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def change_file(path):
    rewritten(path, lambda members: members.update({"files/ab/abcd": b"forged"}))


def leave_out(path):
    rewritten(path, lambda members: members.pop("files/ab/abcd"))


def escape(path):
    rewritten(path, lambda members: members.update({"files/../../out": b"x"}))


def no_list(path):
    rewritten(path, lambda members: members.pop("manifest.json"))


def other_thing(path):
    path.write_bytes(b"PK\x03\x04 not an archive of ours")


def leave_out_database(path):
    def change(members):
        manifest = json.loads(members["manifest.json"])
        for name in ("database.sqlite3", "database.dump"):
            members.pop(name, None)
            manifest["sha256"].pop(name, None)
        members["manifest.json"] = json.dumps(manifest).encode()

    rewritten(path, change)


@pytest.mark.parametrize(
    "damage", [cut, flip, change_file, leave_out, escape, no_list, other_thing, leave_out_database]
)
def test_an_archive_that_is_not_whole_is_refused(in_use, empty, tmp_path, damage):
    archive = archive_of(in_use, tmp_path)
    damage(archive)

    assert "Nothing was changed" in empty.run("restore", archive, code=1)

    assert not (empty.home / "files").exists()
    assert not (tmp_path / "out").exists()
    assert list(tmp_path.glob(".kaohe-*")) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told.pop("database"),
        lambda told: told.pop("version"),
        lambda told: told.update(migrations=5),
        lambda told: told.update(migrations={"organization": {}}),
        lambda told: told.update(format={}),
        lambda told: told.update(sha256=[]),
    ],
)
def test_a_list_of_contents_in_no_form_of_ours_is_no_backup(in_use, tmp_path, change):
    def odd(members):
        told = json.loads(members["manifest.json"])
        change(told)
        members["manifest.json"] = json.dumps(told).encode()

    path = rewritten(archive_of(in_use, tmp_path), odd)

    with pytest.raises(archive.ArchiveUnsound) as refused, archive.opened(path, tmp_path):
        pass
    assert refused.value.facts["reason"] == archive.STRANGE


@pytest.mark.parametrize("content", [b"[" * 200_000, b"[]", b"null", b"\xff"])
def test_a_list_of_contents_that_is_none_is_refused_with_a_sentence(in_use, tmp_path, content):
    path = rewritten(
        archive_of(in_use, tmp_path), lambda members: members.update({"manifest.json": content})
    )

    with pytest.raises(archive.ArchiveUnsound), archive.opened(path, tmp_path):
        pass


def test_an_archive_of_a_newer_version_is_refused(in_use, empty, tmp_path):
    def newer(members):
        manifest = json.loads(members["manifest.json"])
        manifest["migrations"]["organization"].append("9999_the_future")
        members["manifest.json"] = json.dumps(manifest).encode()

    archive = rewritten(archive_of(in_use, tmp_path), newer)

    assert "newer" in empty.run("restore", archive, code=1)


def test_an_archive_of_the_other_database_is_refused(in_use, empty, tmp_path):
    def other(members):
        manifest = json.loads(members["manifest.json"])
        manifest["database"] = "oracle"
        members["manifest.json"] = json.dumps(manifest).encode()

    archive = rewritten(archive_of(in_use, tmp_path), other)

    assert "KAOHE_DATABASE" in empty.run("restore", archive, code=1)


def test_a_damaged_database_is_not_backed_up_as_if_it_were_sound(in_use, tmp_path):
    if in_use.database:
        pytest.skip("a server keeps its own files")
    file = in_use.home / "kaohe.sqlite3"
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    content = bytearray(file.read_bytes())
    content[20 * 4096 : 60 * 4096] = b"\xff" * (40 * 4096)
    file.write_bytes(content)

    in_use.run("backup", tmp_path / "b.tar.gz", code=1)

    assert not (tmp_path / "b.tar.gz").exists()


@pytest.mark.parametrize("back_to", ["journal 0001", "organization 0001"])
def test_an_upgrade_keeps_everything_and_backs_up_first(in_use, back_to):
    entries = in_use.python(ENTRIES)
    app, name = back_to.split()
    in_use.python(
        "from django.core.management import call_command\n"
        f"call_command('migrate', {app!r}, {name!r}, verbosity=0)"
    )
    assert "kaohe upgrade" in in_use.run("serve", "--port", "1", code=1)

    assert "backup" in in_use.run("upgrade")

    assert in_use.python(NAMES) == "('示例䶮市', '王䶮')"
    assert in_use.python(ENTRIES) == f"{entries} installation.upgraded"
    [archive] = (in_use.home / "backups").iterdir()
    assert tarfile.is_tarfile(archive)
    assert "already" in in_use.run("upgrade")


def test_an_upgrade_puts_the_protection_of_the_record_back(in_use):
    in_use.python(
        "from django.db import connection\n"
        "from kaohe.journal.append_only import names\n"
        "name = sorted(names(connection.vendor, 'journal_journalentry'))[0]\n"
        "where = '' if connection.vendor == 'sqlite' else ' ON journal_journalentry'\n"
        "connection.cursor().execute(f'DROP TRIGGER {name}{where}')"
    )
    assert "protection" in in_use.run("serve", "--port", "1", code=1)

    in_use.run("upgrade")

    assert "already" in in_use.run("upgrade")


def test_an_upgrade_that_fails_says_how_to_go_back(in_use, tmp_path):
    told = in_use.python(
        "import sys\n"
        "from django.core import management\n"
        "from kaohe.cli.main import main\n"
        "from kaohe.organization.queries import installation\n"
        "def breaks(*_, **__): raise RuntimeError('no such column')\n"
        "management.call_command = breaks\n"
        "installation.pending_migrations = lambda: ['organization.9999']\n"
        "sys.stderr = sys.stdout\n"
        "sys.exit(main(['upgrade', '--lang', 'en']))",
        code=1,
    )

    [archive] = (in_use.home / "backups").iterdir()
    assert f"kaohe restore {archive} --force" in told
    in_use.run("restore", archive, "--force")
    assert "示例䶮市" in in_use.python(NAMES)
