"""Copying the whole database out and in: SQLite by itself, PostgreSQL by its own programs."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kaohe.core.errors import Conflict


class ProgramMissing(Conflict):
    """PostgreSQL is copied by its own programs."""

    code = "backup.program-missing"
    sentence = (
        "{program} is not on this machine. Install the client programs of PostgreSQL"
        " (postgresql-client), of the server's version or newer."
    )


class ProgramFailed(Conflict):
    """pg_dump or pg_restore gave up."""

    code = "backup.program-failed"
    sentence = "{program} failed: {reason}"


class DatabaseDamaged(Conflict):
    """The copy is not a sound database."""

    code = "backup.damaged"
    sentence = "The database is damaged: {reason}. Restore the last backup that is sound."


def _is_sqlite() -> bool:
    from django.db import connection

    return connection.vendor == "sqlite"


def settings() -> Mapping[str, Any]:
    from django.db import connection

    return connection.settings_dict


def database_file_name() -> str:
    """What the copy is called in an archive."""
    return "database.sqlite3" if _is_sqlite() else "database.dump"


def copy_database(target: Path) -> None:
    """The database as one moment, whatever is written meanwhile."""
    if _is_sqlite():
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _copy_sqlite(target)
    else:
        _postgresql("pg_dump", "--format=custom", "--no-owner", f"--file={target}", by_name=True)


def _copy_sqlite(target: Path) -> None:
    source = sqlite3.connect(f"file:{settings()['NAME']}?mode=ro", uri=True, timeout=20)
    copy = sqlite3.connect(target)
    try:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        raise OSError(str(error)) from error
    finally:
        copy.close()
        source.close()
    must_be_sound(target)


def must_be_sound(file: Path) -> None:
    """Refuse a database file that is damaged.

    Raises:
        DatabaseDamaged: it is.
    """
    connection = sqlite3.connect(file)
    try:
        [(found,)] = connection.execute("PRAGMA integrity_check(1)").fetchall()
    except sqlite3.DatabaseError as error:
        found = str(error)
    finally:
        connection.close()
    if found != "ok":
        raise DatabaseDamaged(reason=found)


def bring_back(dump: Path) -> None:
    """PostgreSQL as a dump says, in one transaction: wholly or not at all."""
    words = ("--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error")
    _postgresql("pg_restore", *words, f"--dbname={settings()['NAME']}", str(dump))


def _postgresql(program: str, *words: str, by_name: bool = False) -> None:
    path = shutil.which(program)
    if path is None:
        raise ProgramMissing(program=program)
    known = settings()
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    given = {name: str(known[key]) for name, key in names.items() if known.get(key)}
    target = [str(known["NAME"])] if by_name else []
    done = subprocess.run(  # noqa: S603
        [path, "--no-password", *words, *target],
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        if "No space left" in done.stderr:
            raise OSError(28, os.strerror(28))
        lines = done.stderr.strip().splitlines() or [str(done.returncode)]
        raise ProgramFailed(program=program, reason=lines[-1])
