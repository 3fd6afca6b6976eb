"""In which encoding a file of text is written: UTF-8, or what older programs save."""

import codecs
from dataclasses import dataclass
from pathlib import Path

from kaohe.core.problems import declare

_CHUNK = 1 << 20
_BYTE_ORDER_MARKS = (  # the longer first: UTF-32 begins like UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_FILES = (
    (b"PK\x03\x04", "xlsx"),
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"PAR1", "parquet"),
    (b"\x1f\x8b", "gz"),
    (b"%PDF", "pdf"),
)

declare(
    "error",
    {
        "not-a-text": (
            "the file is called .csv, and is a file of the kind .{kind}",
            "open it in the program it comes from and save it as CSV UTF-8",
        ),
        "not-utf8": (
            "byte {position} of the file, in line {line}, is not UTF-8 text",
            "open the file and look at that line; then save it as CSV UTF-8",
        ),
        "not-in-encoding": (
            "byte {position} of the file is not text in {encoding}, as its beginning says",
            "open the file and save it as CSV UTF-8",
        ),
    },
)
declare(
    "warning",
    {
        "read-as-gb18030": (
            "the file is not UTF-8; it was read as GB18030, as WPS and Excel save CSV",
            "check the Chinese texts; better save it as CSV UTF-8",
        ),
        "read-as-unicode": (
            "the file is not UTF-8; it was read as {encoding}",
            "better save it as CSV UTF-8",
        ),
    },
)


class UnreadableText(Exception):
    """The file is no text; ``code`` and ``facts`` say what it is."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec of Python; ``notice`` is the code of what to tell about it, "" for UTF-8."""

    name: str
    notice: str = ""


def detect(path: Path) -> Encoding:
    """The encoding in which the whole file can be read.

    Raises:
        UnreadableText: it is no text, or not from beginning to end.
        OSError: the file cannot be opened.

    Source: docs/rules/folder.md, F-9.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    for magic, kind in _OTHER_FILES:
        if head.startswith(magic):
            raise UnreadableText("not-a-text", kind=kind)
    wide = next((name for mark, name in _BYTE_ORDER_MARKS if head.startswith(mark)), "")
    wide = wide or _wide_without_mark(head)
    if wide:
        position = first_error(path, wide)
        if position is not None:
            raise UnreadableText("not-in-encoding", position=position, encoding=wide.upper())
        return Encoding(wide, "read-as-unicode")
    position = first_error(path, "utf-8")
    if position is None:
        return Encoding("utf-8-sig")
    if not _mostly_utf8(path, position) and first_error(path, "gb18030") is None:
        return Encoding("gb18030", "read-as-gb18030")
    raise UnreadableText("not-utf8", position=position + 1, line=_line_of(path, position))


def first_error(path: Path, encoding: str) -> int | None:
    """Where the first byte stands (0 the first) that is not text in ``encoding``; None: nowhere."""
    decoder = codecs.getincrementaldecoder(encoding)()
    done = 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            pending = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return done - pending + error.start
            if not chunk:
                return None
            done += len(chunk)


def _wide_without_mark(head: bytes) -> str:
    """UTF-16 of mostly ASCII text has zeros in every other byte."""
    half = len(head) // 2
    if half < 4:
        return ""
    if head[1::2].count(0) > half * 0.6 and not head[::2].count(0):
        return "utf-16-le"
    if head[::2].count(0) > half * 0.6 and not head[1::2].count(0):
        return "utf-16-be"
    return ""


def _mostly_utf8(path: Path, position: int) -> bool:
    """Whether the text around a wrong byte is UTF-8: then the byte is damage, not GB18030."""
    with path.open("rb") as file:
        file.seek(max(0, position - _CHUNK // 2))
        sample = file.read(_CHUNK)
    high = sum(byte >= 0x80 for byte in sample)
    read = sum(len(c.encode()) for c in sample.decode("utf-8", "ignore") if ord(c) > 0x7F)
    return read * 2 > high


def _line_of(path: Path, position: int) -> int:
    lines = 1
    with path.open("rb") as file:
        while position > 0:
            chunk = file.read(min(_CHUNK, position))
            if not chunk:
                break
            lines += chunk.count(b"\n")
            position -= len(chunk)
    return lines
