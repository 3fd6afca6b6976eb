"""An assessment folder, or its results, as one zip: packed alike each time, unpacked with care."""

import lzma
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path, PurePosixPath

from kaohe.folder.find import SCHEME

MOST_FILES = 500
MOST_BYTES = 400 << 20  # unpacked
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can tell
_CHUNK = 1 << 18
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError)


class UnfitZip(Exception):
    """A zip that holds no folder, or cannot be unpacked safely; ``code`` says which."""

    def __init__(self, code: str) -> None:
        self.code = code  # damaged, protected, suspicious, no-folder
        super().__init__(code)


def pack(files: Mapping[str, Path]) -> bytes:
    """Files as a zip, by their names in it; the same files give the same bytes.

    Source: docs/rules/year_folder.md, YF-2.
    """
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            archive.writestr(entry, files[name].read_bytes(), zipfile.ZIP_DEFLATED, 6)
    return stream.getvalue()


def files_below(folder: Path) -> dict[str, Path]:
    """Every file of a folder by its name below it."""
    return {
        file.relative_to(folder).as_posix(): file
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def unpack(archive: Path, into: Path) -> None:
    """Unpack what ``pack`` has made, or what somebody has sent, into a folder that is empty.

    The folder in the zip is where ``scheme.toml`` lies, be it on top or below others; a table may
    be a folder of parts.  Nothing else is unpacked.

    Raises:
        UnfitZip: it is damaged, protected, suspicious, or holds no scheme.

    Source: docs/rules/year_folder.md, YF-2.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = opened.infolist()
            _refuse_suspicious(entries)
            left = MOST_BYTES
            for entry, name in _wanted(entries):
                place = into / name
                place.parent.mkdir(exist_ok=True, mode=0o700)
                left -= _copy(opened, entry, place, left)
    except NotImplementedError as strange:  # a RuntimeError, too
        raise UnfitZip("damaged") from strange
    except RuntimeError as locked:  # what the library raises for want of a password
        raise UnfitZip("protected") from locked
    except _BROKEN as broken:
        raise UnfitZip("damaged") from broken


def unpack_whole(archive: Path, into: Path) -> None:
    """Unpack a zip of results that ``pack`` has made.

    Raises:
        UnfitZip: it is damaged.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            for entry in opened.infolist():
                _copy(opened, entry, into / Path(entry.filename).name, MOST_BYTES)
    except (*_BROKEN, OSError) as broken:
        raise UnfitZip("damaged") from broken


def _refuse_suspicious(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise UnfitZip("suspicious")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise UnfitZip("protected")


def _wanted(entries: list[zipfile.ZipInfo]) -> Iterator[tuple[zipfile.ZipInfo, str]]:
    """The entries of the folder that holds the scheme, by their names in it."""
    plain = [entry for entry in entries if not entry.is_dir()]
    paths = {id(entry): PurePosixPath(entry.filename.replace("\\", "/")) for entry in plain}
    schemes = [path for path in paths.values() if path.name == SCHEME and _is_seen(path)]
    if not schemes:
        raise UnfitZip("no-folder")
    home = min(schemes, key=lambda path: len(path.parts)).parent
    for entry in plain:
        path = paths[id(entry)]
        if not path.is_relative_to(home) or not _is_seen(path):
            continue
        name = path.relative_to(home)
        if stat.S_ISLNK(entry.external_attr >> 16) or path.is_absolute() or ".." in path.parts:
            raise UnfitZip("suspicious")
        if len(name.parts) <= 2:
            yield entry, name.as_posix()


def _is_seen(path: PurePosixPath) -> bool:
    return not any(part.startswith(("__MACOSX", ".", "~$")) for part in path.parts if part != "..")


def _copy(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, place: Path, most: int) -> int:
    size = 0
    with opened.open(entry) as source, place.open("wb") as out:
        while chunk := source.read(_CHUNK):
            size += len(chunk)
            if size > most:
                raise UnfitZip("suspicious")
            out.write(chunk)
    return size


def empty(folder: Path) -> None:
    """Remove a folder with all that is in it, if it is there."""
    shutil.rmtree(folder, ignore_errors=True)
