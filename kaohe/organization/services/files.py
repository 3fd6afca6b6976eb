"""Files that people bring: looked at, kept once under their digest, and put on record.

What a file is, its bytes say; a name that says otherwise is refused.  A file is written aside and
renamed, so that half a file never stands under a digest.
"""

import errno
import hashlib
import os
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Protocol

from django.conf import settings
from django.db import transaction

from kaohe.core.access import Target, Verb
from kaohe.core.errors import Conflict, Invalid
from kaohe.core.problems import N_
from kaohe.core.texts import clean
from kaohe.folder.xlsx_parts import UnfitWorkbook
from kaohe.organization.models import Jurisdiction, StoredFile, User
from kaohe.organization.queries.access import Placed, require
from kaohe.organization.queries.files import path_of
from kaohe.organization.services.file_kinds import (
    ENDINGS,
    USUAL,
    FileDamaged,
    FileLies,
    FileProtected,
    FileSuspicious,
    SheetsAlike,
    WithMacros,
    kind_of,
)
from kaohe.organization.services.writing import created, record

__all__ = (
    "FileDamaged",
    "FileEmpty",
    "FileLies",
    "FileNotTaken",
    "FileProtected",
    "FileSuspicious",
    "FileTooLarge",
    "NoRoom",
    "SheetsAlike",
    "WithMacros",
    "keep_bytes",
    "store_file",
)

_CHUNK = 1 << 18
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_LONGEST_NAME = 200


class FileTooLarge(Invalid):
    """More bytes than an upload may have."""

    code = "file.too-large"
    sentence = N_(
        "The file is larger than {limit} megabytes. Take out pictures and sheets that are not"
        " needed, or divide it, and send it again."
    )
    field = "file"


class FileEmpty(Invalid):
    """No byte at all."""

    code = "file.empty"
    sentence = N_("“{name}” is empty. Open it, check that it holds something, and save it again.")
    field = "file"


class FileNotTaken(Invalid):
    """A file of a kind that does not belong here."""

    code = "file.not-taken"
    sentence = N_("“{name}” cannot be used here. Send a file of the kind {kinds}.")
    field = "file"


class NoRoom(Conflict):
    """The disk is full; nothing was kept."""

    code = "file.no-room"
    sentence = N_(
        "The disk of the installation is full, and the file was not kept. Tell the system"
        " administrator, who makes room; then send it again."
    )
    field = "file"


class Readable(Protocol):
    """Where the bytes come from."""

    def read(self, size: int, /) -> bytes:
        """The next bytes; none at the end."""


class Kept(NamedTuple):
    """A file that lies under its digest."""

    digest: str
    size: int
    media: str


@transaction.atomic
def store_file(
    *,
    by: User,
    jurisdiction: Jurisdiction,
    name: str,
    stream: Readable,
    verb: Verb,
    where: Placed | Target | None = None,
    kinds: Collection[str] = USUAL,
) -> StoredFile:
    """Keep a file that somebody sent.

    Args:
        verb, where: what it is sent for; None: for the whole jurisdiction.
        kinds: which kinds belong here, of ``file_kinds.ENDINGS``; a zip only where it is named.

    Raises:
        RoleMissing: ``by`` may not do that there.
        FileTooLarge, FileEmpty, FileNotTaken, FileLies, FileDamaged, FileProtected,
        FileSuspicious, SheetsAlike, WithMacros: it is not a file that can be taken.
        NoRoom: the disk is full.
    """
    require(by, verb, where or Target(jurisdiction.lineage))
    name = clean(name.replace("\\", "/").rpartition("/")[2])[-_LONGEST_NAME:] or "—"
    kept = _keep(stream, name, kinds)
    row = StoredFile.objects.create(
        jurisdiction=jurisdiction,
        digest=kept.digest,
        name=name,
        size=kept.size,
        media=kept.media,
        added_by=by,
    )
    record(created(row, "file.added"), by=by)
    return row


def keep_bytes(data: bytes) -> str:
    """Keep what the platform itself has made, beside the files; its digest.

    Raises:
        NoRoom: the disk is full.
    """
    digest = hashlib.sha256(data).hexdigest()
    if not path_of(digest).exists():
        with _aside() as aside:
            aside.write_bytes(data)
            _settle(aside, digest)
    return digest


def _keep(stream: Readable, name: str, kinds: Collection[str]) -> Kept:
    """Write a stream aside, look at it, and give it its place."""
    with _aside() as aside:
        digest, size = _copy(stream, aside)
        if not size:
            raise FileEmpty(name=name)
        try:
            media = kind_of(aside, name)
        except UnfitWorkbook as unfit:
            raise _REFUSED.get(unfit.code, FileDamaged)(name=name) from unfit
        if media not in kinds:
            endings = "、".join(ENDINGS[kind][0] for kind in ENDINGS if kind in kinds)
            raise FileNotTaken(name=name, kinds=endings)
        _settle(aside, digest)
    return Kept(digest, size, media)


_REFUSED: dict[str, type[Invalid]] = {
    "workbook-encrypted": FileProtected,
    "workbook-bomb": FileSuspicious,
    "workbook-sheets-alike": SheetsAlike,
    "workbook-too-large": FileSuspicious,
}


@contextmanager
def _aside() -> Iterator[Path]:
    """A place for a file that is not yet known to be good; nothing stays there."""
    try:
        folder = Path(settings.FILES)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, path = tempfile.mkstemp(prefix=".aside-", dir=folder)
        os.close(descriptor)
    except OSError as error:
        raise _no_room(error) from error
    try:
        yield Path(path)
    except OSError as error:
        raise _no_room(error) from error
    finally:
        Path(path).unlink(missing_ok=True)


def _no_room(error: OSError) -> Exception:
    return NoRoom() if error.errno in _FULL else error


def _copy(stream: Readable, aside: Path) -> tuple[str, int]:
    """Copy to the disk, and no further than the limit; digest and size."""
    digest, size, limit = hashlib.sha256(), 0, settings.UPLOAD_LIMIT
    with aside.open("wb") as out:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise FileTooLarge(limit=limit >> 20)
            digest.update(chunk)
            out.write(chunk)
    return digest.hexdigest(), size


def _settle(aside: Path, digest: str) -> None:
    """Give a whole file its place; what lies there already is the same."""
    place = path_of(digest)
    place.parent.mkdir(exist_ok=True, mode=0o700)
    with aside.open("rb") as file:
        os.fsync(file.fileno())
    aside.rename(place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
