"""One archive of an installation: its database, its files and its keys, with a list of digests.

The database is copied first, and as one moment; files are never changed or removed, so whatever the
copy names is among the files that are put in afterwards.
"""

import gzip
import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, NamedTuple

from kaohe import __version__
from kaohe.cli.database import copy_database, database_file_name
from kaohe.cli.platform import home
from kaohe.core.errors import Conflict, Invalid
from kaohe.core.problems import N_

STRANGE = N_("it is not a backup of this program")
DAMAGED = N_("it is damaged or cut short")
OTHERWISE = N_("some of its contents are missing or not what they were")
FORMAT = "kaohe-backup/1"
MANIFEST = "manifest.json"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}  # the copy of each kind
FOLDERS = ("files", "keys")
_CHUNK = 1024 * 1024


class ArchiveTaken(Conflict):
    """A backup never writes over another."""

    code = "backup.taken"
    sentence = "{file} is there already. Give the backup another name."


class NoRoom(Conflict):
    """The archive could not be written; what was begun is removed."""

    code = "backup.no-room"
    sentence = (
        "The backup could not be written to {folder} ({reason}). Nothing was left there. Free some"
        " space, or name a file on another disk."
    )


class ArchiveUnsound(Invalid):
    """The file is not a whole archive of ours."""

    code = "restore.unsound"
    sentence = (
        "{file} cannot be restored: {reason}. Nothing was changed. Take another backup, or copy the"
        " file anew from where it was kept."
    )
    words = frozenset({"reason"})


class Made(NamedTuple):
    """An archive that was written."""

    path: Path
    size: int
    digest: str


def write(target: Path) -> Made:
    """Write the archive of this installation: aside first, renamed when it is whole.

    Raises:
        ArchiveTaken: there is a file of that name.
        NoRoom: the disk is full, or cannot be written.
    """
    if target.exists():
        raise ArchiveTaken(file=target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(prefix=".kaohe-backup-", dir=target.parent) as folder:
            aside = Path(folder) / "archive.tar.gz"
            database = Path(folder) / database_file_name()
            copy_database(database)
            _write(aside, database)
            digest = digest_of(aside)
            aside.replace(target)
    except OSError as error:
        reason = error.strerror or str(error)
        raise NoRoom(folder=target.parent, reason=reason) from error
    return Made(target, target.stat().st_size, digest)


def _write(aside: Path, database: Path) -> None:
    from django.db import connection

    from kaohe.organization.queries.installation import applied_migrations

    digests: dict[str, str] = {}
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        with tarfile.open(fileobj=out, mode="w:gz", compresslevel=6) as tar:
            for name, path in [(database.name, database), *_members()]:
                digests[name] = _add(tar, name, path)
            manifest = {
                "format": FORMAT,
                "version": __version__,
                "database": connection.vendor,
                "migrations": applied_migrations(),
                "sha256": digests,
            }
            content = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
            info = tarfile.TarInfo(MANIFEST)
            info.size, info.mode = len(content), 0o600
            tar.addfile(info, io.BytesIO(content))
        out.flush()
        os.fsync(out.fileno())


def _members() -> Iterator[tuple[str, Path]]:
    for folder in FOLDERS:
        for path in sorted((home() / folder).rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(home()).as_posix(), path


class _Hashing:
    """A file that is hashed as it is read."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.hash = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Some bytes."""
        content = self.file.read(size)
        self.hash.update(content)
        return content


def _add(tar: tarfile.TarFile, name: str, path: Path) -> str:
    """Put a file in, without its owner and with rights for one; its digest."""
    with path.open("rb") as file:
        info = tarfile.TarInfo(name)
        info.size, info.mode = os.fstat(file.fileno()).st_size, 0o600
        info.mtime = int(os.fstat(file.fileno()).st_mtime)
        hashing = _Hashing(file)
        tar.addfile(info, hashing)
    return hashing.hash.hexdigest()


@contextmanager
def opened(archive: Path, beside: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """What an archive holds, unpacked beside ``beside`` and wholly verified; and its manifest.

    Raises:
        ArchiveUnsound: it is not an archive of ours, damaged, or has more or less than it says.
    """
    beside.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".kaohe-restore-", dir=beside.parent))
    try:
        try:
            manifest = _unpack(archive, folder)
        except _BROKEN as error:
            raise ArchiveUnsound(file=archive, reason=DAMAGED) from error
        except OSError as error:
            reason = DAMAGED if isinstance(error, gzip.BadGzipFile) else error.strerror
            raise ArchiveUnsound(file=archive, reason=reason or str(error)) from error
        yield folder, manifest
    finally:
        shutil.rmtree(folder, ignore_errors=True)


_BROKEN = (
    tarfile.TarError,
    zlib.error,
    EOFError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RecursionError,
)


def _unpack(archive: Path, folder: Path) -> dict[str, Any]:
    found: dict[str, str] = {}
    with tarfile.open(archive, mode="r:gz") as tar:
        for member in tar:
            content = tar.extractfile(member) if member.isfile() else None
            if content is None or not _is_ours(member.name):
                raise ArchiveUnsound(file=archive, reason=STRANGE)
            path = folder / member.name
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                shutil.copyfileobj(content, out, _CHUNK)
            found[member.name] = digest_of(path)
    if MANIFEST not in found:
        raise ArchiveUnsound(file=archive, reason=STRANGE)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if not _is_manifest(manifest):
        raise ArchiveUnsound(file=archive, reason=STRANGE)
    del found[MANIFEST]
    copy = DATABASES.get(manifest["database"], MANIFEST)  # of another kind: refused by its name
    if found != manifest["sha256"] or (copy != MANIFEST and copy not in found):
        raise ArchiveUnsound(file=archive, reason=OTHERWISE)
    return dict(manifest)


def _is_manifest(told: Any) -> bool:
    """Whether a list of contents says all that ours say, each in its form."""
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        return False
    migrations = told.get("migrations")
    return (
        isinstance(told.get("version"), str)
        and isinstance(told.get("database"), str)
        and isinstance(told.get("sha256"), dict)
        and isinstance(migrations, dict)
        and all(
            isinstance(names, list) and all(isinstance(name, str) for name in names)
            for names in migrations.values()
        )
    )


def _is_ours(name: str) -> bool:
    parts = PurePosixPath(name).parts
    if name == MANIFEST or name in DATABASES.values():
        return True
    return len(parts) > 1 and parts[0] in FOLDERS and ".." not in parts


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
