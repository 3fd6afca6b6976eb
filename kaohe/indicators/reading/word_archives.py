"""Archives of Word files: what is in them, under names as they were written."""

import lzma
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, NamedTuple

from kaohe.core.texts import clean

MOST_ENTRIES = 1_000
MOST_BYTES = 200 << 20  # unpacked
MOST_TIMES = 300  # unpacked, as a multiple of what was sent
SMALL = 1 << 16  # bytes; a smaller archive is taken for one of this size
LONGEST = 300  # characters of a name
_UTF8, _LOCKED = 0x800, 0x1  # flags of an entry
_WIDE = "\u2e80"  # from here on: Chinese characters and what goes with them
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError)


class UnfitArchive(Exception):
    """An archive that cannot be opened; ``code``: damaged, protected, suspicious or empty."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class Packed(NamedTuple):
    """A file in an archive, by its name with its folders."""

    name: str
    entry: zipfile.ZipInfo


@contextmanager
def open_archive(stream: IO[bytes]) -> Iterator[tuple[zipfile.ZipFile, list[Packed]]]:
    """An archive and the files in it, in the order of their names.

    Folders, links, and what a system adds for itself are not among them.

    Raises:
        UnfitArchive: it is damaged, protected, or would unpack to far more than it is.

    Source: docs/rules/plan_books.md, PB-9.
    """
    try:
        archive = zipfile.ZipFile(stream)
    except (*BROKEN, ValueError) as broken:
        raise UnfitArchive("damaged") from broken
    with archive:
        yield archive, _files_in(archive)


def _files_in(archive: zipfile.ZipFile) -> list[Packed]:
    entries = archive.infolist()
    size = sum(entry.file_size for entry in entries)
    packed = max(sum(entry.compress_size for entry in entries), SMALL)
    if len(entries) > MOST_ENTRIES or size > MOST_BYTES or size > MOST_TIMES * packed:
        raise UnfitArchive("suspicious")
    if any(entry.flag_bits & _LOCKED for entry in entries):
        raise UnfitArchive("protected")
    found = [
        Packed(name, entry)
        for name, entry in zip(names_in(entries), entries, strict=True)
        if name and not name.endswith("/") and not stat.S_ISLNK(entry.external_attr >> 16)
    ]
    return sorted((each for each in found if _is_seen(each.name)), key=lambda each: each.name)


def names_in(entries: Sequence[zipfile.ZipInfo]) -> list[str]:
    """The names of entries, whatever program wrote them: UTF-8 or GBK, told or not.

    What is not told is judged over all entries: a single short name can be both.
    """
    raw = [
        b"" if entry.flag_bits & _UTF8 else entry.orig_filename.encode("cp437", "replace")
        for entry in entries
    ]
    code = encoding_of(b"/".join(raw))
    return [
        _tidy(entry.orig_filename if entry.flag_bits & _UTF8 else name.decode(code, "replace"))
        for entry, name in zip(entries, raw, strict=True)
    ]


def encoding_of(names: bytes) -> str:
    """How names were written that do not tell it.

    >>> encoding_of("一中.docx".encode("gbk")), encoding_of("一中.docx".encode())
    ('gb18030', 'utf-8')
    """
    try:
        text = names.decode("utf-8")
        if text.isascii() or max(text) >= _WIDE:
            return "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        names.decode("gb18030")
    except UnicodeDecodeError:
        return "cp437"
    return "gb18030"


def _tidy(name: str) -> str:
    """A name with its folders, without what leads out of the archive."""
    is_folder = name.endswith(("/", "\\"))
    parts = [clean(part) for part in name.replace("\\", "/").split("/")]
    kept = "/".join(part for part in parts if part not in ("", ".", ".."))
    return kept[-LONGEST:] + ("/" if is_folder else "")


def _is_seen(name: str) -> bool:
    return not any(part.startswith(("__MACOSX", ".", "~$")) for part in name.split("/")) and (
        name.rpartition("/")[2].casefold() not in {"thumbs.db", "desktop.ini"}
    )
