"""What a file is, judged by its bytes; a name that says otherwise is a lie."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

from kaohe.core.errors import Invalid
from kaohe.core.problems import N_
from kaohe.folder.encodings import UnreadableText, detect
from kaohe.folder.xlsx_parts import Parts, UnfitWorkbook

ENDINGS: Mapping[str, tuple[str, ...]] = {  # kind → how names of such files end, the usual first
    "xlsx": (".xlsx",),
    "xls": (".xls", ".et"),
    "csv": (".csv", ".txt"),
    "docx": (".docx",),
    "doc": (".doc", ".wps"),
    "pdf": (".pdf",),
    "png": (".png",),
    "jpg": (".jpg", ".jpeg"),
    "zip": (".zip",),  # an assessment folder; taken only where it is asked for by name
}
USUAL = frozenset(ENDINGS) - {"zip"}
_HEAD = 8 << 20
_MAGIC = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = (("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"))


class FileLies(Invalid):
    """The name says one thing, the bytes another."""

    code = "file.lies"
    sentence = N_(
        "“{name}” is not what its name says: its content is of the kind {found}. Open it in the"
        " program it comes from and save it under the right form; renaming a file does not change"
        " what it is."
    )
    field = "file"


class FileDamaged(Invalid):
    """Not whole, or of no kind that is known."""

    code = "file.damaged"
    sentence = N_(
        "“{name}” cannot be read: it is damaged, or of a kind that is not known here. Open it in"
        " WPS or Excel, save it anew, and send it again."
    )
    field = "file"


class FileProtected(Invalid):
    """A workbook behind a password."""

    code = "file.protected"
    sentence = N_("“{name}” is protected by a password. Open it, remove the password, and save it.")
    field = "file"


class FileSuspicious(Invalid):
    """An archive that would unpack to far more than it is."""

    code = "file.suspicious"
    sentence = N_(
        "“{name}” would unpack to far more than an ordinary file holds, and was not opened. Save it"
        " anew in WPS or Excel, without pictures, and send it again."
    )
    field = "file"


class SheetsAlike(Invalid):
    """A workbook in which one name stands for two sheets."""

    code = "file.sheets-alike"
    sentence = N_(
        "“{name}” has two sheets of one name, and it cannot be told which is meant. Give each sheet"
        " a name of its own, save the workbook, and send it again."
    )
    field = "file"


class WithMacros(Invalid):
    """A file with programs in it."""

    code = "file.with-macros"
    sentence = N_(
        "“{name}” holds macros, which are programs and are not taken. Save it as a workbook"
        " without macros (.xlsx) and send that."
    )
    field = "file"


def kind_of(path: Path, name: str) -> str:
    """The kind of a file, one of ``ENDINGS``.

    Args:
        path: where its bytes are.
        name: what it is called.

    Raises:
        FileLies: the name does not fit the bytes.
        FileDamaged, FileProtected, WithMacros: it is of no use.
        UnfitWorkbook: it is an archive that is not safe to open.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    found = _found(path, name, head)
    ending = Path(name).suffix.casefold()
    if ending not in ENDINGS.get(found, ()):
        raise FileLies(name=name, found=found)
    return found


def _found(path: Path, name: str, head: bytes) -> str:
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(_OLE):
        return _inside_ole(name, head)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _inside_zip(path, name)
    try:
        encoding = detect(path)
    except UnreadableText as odd:
        raise FileDamaged(name=name) from odd
    if b"\x00" in head and not encoding.name.startswith(("utf-16", "utf-32")):
        raise FileDamaged(name=name)
    return "csv"


def _inside_ole(name: str, head: bytes) -> str:
    """Which program wrote a file of the old form."""
    if "EncryptedPackage".encode("utf-16-le") in head:
        raise FileProtected(name=name)
    if "_VBA_PROJECT".encode("utf-16-le") in head:
        raise WithMacros(name=name)
    for stream, kind in _STREAMS:
        if stream.encode("utf-16-le") in head:
            return kind
    raise FileDamaged(name=name)


def _inside_zip(path: Path, name: str) -> str:
    """Which program wrote an archive; a workbook is looked through before anybody opens it."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = {part.casefold() for part in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as broken:
        raise FileDamaged(name=name) from broken
    if any(part.endswith("vbaproject.bin") for part in names):
        raise WithMacros(name=name)
    if "xl/workbook.xml" in names:
        Parts(path).close()
        return "xlsx"
    if "word/document.xml" in names:
        _check_sizes(path)
        return "docx"
    _check_sizes(path)
    return "zip"


def _check_sizes(path: Path) -> None:
    """An archive that is no workbook: what its directory says must be ordinary."""
    with zipfile.ZipFile(path) as archive:
        size = sum(part.file_size for part in archive.infolist())
    if size > 400 << 20 or size > 300 * max(path.stat().st_size, 1 << 16):
        raise UnfitWorkbook("workbook-bomb")
