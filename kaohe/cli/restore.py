"""``kaohe restore FILE``: verify the whole archive first; then all of it, or nothing."""

import argparse
import shutil
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from kaohe import __version__
from kaohe.cli import archive, database
from kaohe.cli.init import make_folders
from kaohe.cli.platform import home, in_use, on_platform
from kaohe.cli.talk import say
from kaohe.core.errors import Conflict, Invalid, Refusal
from kaohe.locale import Translate

OURS = ("files", "keys")


class HomeTaken(Conflict):
    """There is an installation where the archive is to go."""

    code = "restore.taken"
    sentence = (
        "There is an installation in {home}. Restore into another folder (KAOHE_HOME), or replace"
        " this one with --force: it is then kept aside."
    )


class OtherDatabase(Invalid):
    """A copy of one kind of database does not fit the other."""

    code = "restore.other-database"
    sentence = (
        "The backup is of {theirs}, this installation is set to {ours}. Set KAOHE_DATABASE as it"
        " was when the backup was made."
    )


class FromNewer(Invalid):
    """The archive was made by a newer version."""

    code = "restore.from-newer"
    sentence = (
        "The backup was made by version {theirs}; this is {ours}. Install that version or a newer"
        " one first."
    )


@on_platform
def run(options: argparse.Namespace) -> int:
    from django.db import connection

    from kaohe.journal import append_only
    from kaohe.organization.queries.installation import pending_migrations
    from kaohe.organization.services.installation import note

    _ = options.translate
    with archive.opened(options.file, home()) as (folder, manifest):
        _must_fit(manifest, folder)
        taken = _is_taken()
        if taken and not options.force:
            raise HomeTaken(home=home())
        with in_use(alone=True):
            _carry_keys(folder)
            kept = _replace(folder)
    if kept is not None:
        say(_("What was there before is kept in {folder}.").format(folder=kept))
    say(_("The backup is restored into {home}.").format(home=home()))
    if pending_migrations() or append_only.missing(connection):
        say(_("It is of an earlier version. Now run: kaohe upgrade"))
    else:
        note(what="restored", facts={"file": options.file.name, "version": __version__})
        _compare_with_log(_)
    return 0


def _compare_with_log(_: Translate) -> None:
    """What was erased stays so; what the log has signed since the backup can be brought back."""
    from kaohe.cli.journal import erase_again
    from kaohe.journal.recovery import entries_to_recover

    erase_again(_)
    try:
        count = entries_to_recover()
    except Refusal as refusal:
        say("kaohe: " + refusal.say(_), sys.stderr)
        return
    if count:
        sentence = _(
            "The log has signed {count} entries that the backup does not hold. Before anybody goes"
            " on working, bring them back: kaohe journal recover"
        )
        say(sentence.format(count=count))


def _must_fit(manifest: dict[str, Any], folder: Path) -> None:
    from django.db import connection

    from kaohe.organization.queries.installation import unknown_migrations

    if manifest["database"] != connection.vendor:
        raise OtherDatabase(theirs=manifest["database"], ours=connection.vendor)
    if unknown_migrations(manifest["migrations"]):
        raise FromNewer(theirs=manifest["version"], ours=__version__)
    if connection.vendor == "sqlite":
        database.must_be_sound(folder / "database.sqlite3")


def _is_taken() -> bool:
    from django.db import connection

    from kaohe.organization.queries.installation import is_made

    if connection.vendor == "sqlite":
        return Path(str(connection.settings_dict["NAME"])).exists()
    return is_made()


def _carry_keys(folder: Path) -> None:
    """Put the log's keys that are in use in the place of the backup's, where these are older.

    A change of keys destroys the old one; what the log has signed since then, only the new one
    vouches for.
    """
    from kaohe.tlog.keys import read_ring

    here, there = home() / "keys", folder / "keys"
    try:
        now = read_ring(here / "log")
        if (there / "log").exists():
            then = read_ring(there / "log")
            is_older = then.origin == now.origin and set(then.keys) <= set(now.keys)
        else:
            is_older = (here / "secret").read_bytes() == (there / "secret").read_bytes()
    except (Refusal, OSError):
        return
    if is_older:
        shutil.rmtree(there / "log", ignore_errors=True)
        shutil.copytree(here / "log", there / "log")


def _replace(folder: Path) -> Path | None:
    """Put what was unpacked in its place; what was there goes to a folder of its own.

    Whatever fails, what was there is put back.
    """
    from django.db import connection

    make_folders()
    kept = home() / f"before-restore-{datetime.now():%Y%m%d-%H%M%S}"  # noqa: DTZ005
    kept.mkdir(mode=0o700)
    moved: list[tuple[Path, Path]] = []
    try:
        if connection.vendor != "sqlite" and _is_taken():
            database.copy_database(kept / "database.dump")
        connection.close()
        for name in _names():
            if (home() / name).exists():
                _move(home() / name, kept / name, moved)
        for name in OURS:
            (folder / name).mkdir(exist_ok=True, mode=0o700)
            _move(folder / name, home() / name, moved)
        if connection.vendor == "sqlite":
            target = Path(str(connection.settings_dict["NAME"]))
            _move(folder / "database.sqlite3", target, moved)
        else:
            database.bring_back(folder / "database.dump")
    except BaseException:
        for source, target in reversed(moved):
            target.replace(source)
        shutil.rmtree(kept, ignore_errors=True)
        raise
    if not any(_holds_files(kept)):
        shutil.rmtree(kept, ignore_errors=True)
        return None
    return kept


def _names() -> list[str]:
    """What of the installation's folder is replaced."""
    from django.db import connection

    names = list(OURS)
    if connection.vendor == "sqlite":
        file = Path(str(connection.settings_dict["NAME"])).name
        names += [file, f"{file}-wal", f"{file}-shm"]
    return names


def _holds_files(folder: Path) -> list[Path]:
    """Files worth keeping: the key that this very command made is none."""
    return [
        path
        for path in folder.rglob("*")
        if path.is_file() and path.relative_to(folder).as_posix() != "keys/secret"
    ]


def _move(source: Path, target: Path, moved: list[tuple[Path, Path]]) -> None:
    source.replace(target)
    moved.append((source, target))
