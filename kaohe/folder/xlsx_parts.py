"""The inside of a workbook, looked at before it is opened: is it one, is it safe, what is odd.

A workbook is a zip archive of XML.  The reader of cells holds a whole sheet in memory and shows an
error cell, or a formula that was never calculated, as nothing; so each part is first streamed
through here.
"""

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any
from xml.parsers import expat

from kaohe.core.problems import declare
from kaohe.folder.headers import letters

MOST_BYTES = 400 << 20  # of all parts unpacked
MOST_PARTS = 5_000
HIGHEST_RATIO = 300  # unpacked to packed, of a part that is not small
SMALL = 4 << 20
MOST_CELLS = 5_000_000  # of the rectangle that a sheet's cells span
MOST_MERGED = 10_000  # ranges of a sheet
_SURELY_FIT = MOST_CELLS // 16_384  # rows, however many columns a sheet has
_CHUNK = 1 << 20
_OVERLAP = 256  # bytes: longer than what the patterns below match
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]{0,120}?\br=["\']([0-9]+)["\']')
_COLUMN = re.compile(rb'\br=["\']([A-Z]{1,3})[0-9]+["\']')
_FAR = re.compile(rb'\br=["\'][A-Z]{1,3}([0-9]{3,})["\']')  # a cell may name a row of its own
_NUMBERED = re.compile(rb'<(?:\w+:)?c [^>]{0,80}?\br=["\'][A-Z]')
_MERGED = re.compile(rb"mergeCell[\s/>]")
_ODD = re.compile(  # a formula, an error, a place that no spreadsheet writes
    rb"<(?:\w+:)?f[ />]|\bt=[\"']e[\"']|\br=[\"'](?:[A-Z]{4}|[A-Z]*[a-z])"
)

declare(
    "error",
    {
        "workbook-unreadable": (
            "the workbook {file} cannot be read: {reason}",
            "open it in WPS or Excel and save it anew; if it came over a network, check that it "
            "is whole",
        ),
        "workbook-no-archive": (
            "{file} is not a workbook of the kind .xlsx, or not a whole one",
            "open it in WPS or Excel and save it anew; if it came over a network, check that it "
            "is whole",
        ),
        "workbook-old-form": (
            "{file} is a workbook of an old form (.xls, .et) with a new name",
            "open it in WPS or Excel and save it as a workbook of the kind .xlsx",
        ),
        "workbook-encrypted": (
            "{file} is protected by a password",
            "open it, remove the password, and save it",
        ),
        "workbook-too-large": (
            "{file} would unpack to {size} megabytes, and {limit} is the most that is read",
            "save its large tables as CSV or Parquet, and delete their sheets",
        ),
        "workbook-bomb": (
            "{file} is packed so tightly ({part}, 1 to {ratio}) that it is no ordinary workbook",
            "open it in WPS or Excel and save it anew",
        ),
        "workbook-sheets-alike": (
            "{file} has two sheets named “{sheet}”",
            "give each sheet a name of its own, and save the workbook",
        ),
        "sheet-too-large": (
            "the cells of the sheet “{sheet}” reach to {corner}: too far to be read",
            "delete what stands far outside the table; save a table with so many rows as CSV or "
            "Parquet",
        ),
        "sheet-too-many-merged": (
            "the sheet “{sheet}” has {count} merged ranges, and {limit} are the most that is read",
            "unmerge the cells and fill in each of them",
        ),
    },
)


class UnfitWorkbook(Exception):
    """The workbook, or a sheet of it, is not read; ``code`` and ``facts`` say why."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code)


@dataclass(slots=True)
class Oddities:
    """What the reader of cells does not show.  Places are (row, column), both from 0."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)  # such as #REF!
    uncalculated: set[tuple[int, int]] = field(default_factory=set)  # formulas without a value
    formulas: int = 0
    merged: int = 0  # ranges
    last_row: int = 0
    last_column: int = 0


class Parts:
    """The parts of a workbook, by the names of its sheets."""

    def __init__(self, path: Path) -> None:
        """Looks at the directory of the archive and streams each part once.

        Raises:
            UnfitWorkbook: it is no workbook, or not a safe one.
            OSError: the file cannot be opened.

        Source: docs/rules/folder.md, F-9.
        """
        self.file = path.name
        self.awaits_calculation = False  # whether formulas hold no values of a spreadsheet yet
        with path.open("rb") as file:
            head = file.read(8 << 20)
        if head.startswith(b"\xd0\xcf\x11\xe0"):
            sealed = "EncryptedPackage".encode("utf-16-le") in head
            code = "workbook-encrypted" if sealed else "workbook-old-form"
            raise UnfitWorkbook(code, file=self.file)
        try:
            self._archive = zipfile.ZipFile(path)
        except _BROKEN as error:
            raise self._unreadable(error) from error
        try:
            self._check_sizes()
            self._sheets = self._find_sheets()
        except _BROKEN as error:
            self.close()
            raise self._unreadable(error) from error
        except UnfitWorkbook:
            self.close()
            raise

    def close(self) -> None:
        """Lets go of the file."""
        self._archive.close()

    def _unreadable(self, error: Exception) -> UnfitWorkbook:
        if isinstance(error, zipfile.BadZipFile | zlib.error | lzma.LZMAError | EOFError):
            return UnfitWorkbook("workbook-no-archive", file=self.file)
        return UnfitWorkbook("workbook-unreadable", file=self.file, reason=str(error)[:200])

    def _check_sizes(self) -> None:
        """What the directory says is checked against what streams out: a lie ends in an error."""
        parts = self._archive.infolist()
        size = sum(part.file_size for part in parts)
        if size > MOST_BYTES or len(parts) > MOST_PARTS:
            facts = {"size": size >> 20, "limit": MOST_BYTES >> 20}
            raise UnfitWorkbook("workbook-too-large", file=self.file, **facts)
        if len({part.filename.casefold() for part in parts}) < len(parts):
            raise zipfile.BadZipFile("two parts have one name")
        for part in parts:
            ratio = part.file_size // max(part.compress_size, 1)
            if part.file_size > SMALL and ratio > HIGHEST_RATIO:
                name = part.filename
                raise UnfitWorkbook("workbook-bomb", file=self.file, part=name, ratio=ratio)
            if part.flag_bits & 1:
                raise UnfitWorkbook("workbook-encrypted", file=self.file)
            for _ in self._stream(part.filename):
                pass

    def _stream(self, name: str) -> Iterator[bytes]:
        with self._archive.open(name) as part:
            while chunk := part.read(_CHUNK):
                yield chunk

    def _find_sheets(self) -> dict[str, str]:
        """The part of each sheet, by its name; notes whether formulas await calculation.

        What could be understood in two ways is refused: the reader of cells must open the very
        part that was looked through.
        """
        ids: dict[str, str] = {}

        def workbook(name: str, attributes: dict[str, str]) -> None:
            if name == "sheet":
                sheet = attributes.get("name", "")
                if sheet.casefold() in {each.casefold() for each in ids}:
                    raise UnfitWorkbook("workbook-sheets-alike", file=self.file, sheet=sheet[:40])
                ids[sheet] = attributes.get("id", "")
            elif name == "calcPr":
                self.awaits_calculation = attributes.get("fullCalcOnLoad") in {"1", "true"}

        targets: dict[str, str] = {}

        def relations(name: str, attributes: dict[str, str]) -> None:
            if name == "Relationship":
                key = attributes.get("Id", "")
                if key in targets:
                    raise ValueError(f"two of its parts are called {key[:40]}")
                targets[key] = attributes.get("Target", "")

        self._parse("xl/workbook.xml", workbook)
        self._parse("xl/_rels/workbook.xml.rels", relations)
        return {name: _absolute(targets.get(key, "")) for name, key in ids.items()}

    def _parse(self, part: str, start: Any) -> None:
        parser = _parser()

        def each(name: str, attributes: dict[str, str]) -> None:
            plain = {_local(key): value for key, value in attributes.items()}
            if len(plain) < len(attributes):
                raise ValueError(f"{_local(name)[:40]} says one thing twice")
            start(_local(name), plain)

        parser.StartElementHandler = each
        for chunk in self._stream(part):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)

    def oddities(self, sheet: str) -> Oddities:
        """What the reader of cells would not show of a sheet.

        Raises:
            UnfitWorkbook: the sheet spans so many cells, or has so many merged ones, that it
                would not fit into memory, or its part is damaged.

        Source: docs/rules/folder.md, F-9.
        """
        part = self._sheets.get(sheet, "")
        try:
            if not self._needs_a_closer_look(part):
                return Oddities()
            look = _SheetLook(self.awaits_calculation)
            parser = _parser()
            parser.StartElementHandler = look.start
            parser.EndElementHandler = look.end
            parser.CharacterDataHandler = look.text
            for chunk in self._stream(part):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except _BROKEN as error:
            raise self._unreadable(error) from error
        found = look.found
        if found.merged > MOST_MERGED:
            facts = {"count": found.merged, "limit": MOST_MERGED}
            raise UnfitWorkbook("sheet-too-many-merged", sheet=sheet, **facts)
        if (found.last_row + 1) * (found.last_column + 1) > MOST_CELLS:
            corner = f"{letters(found.last_column)}{found.last_row + 1}"
            raise UnfitWorkbook("sheet-too-large", sheet=sheet, corner=corner)
        return found

    def _needs_a_closer_look(self, part: str) -> bool:
        """Whether a sheet has formulas, errors, unnumbered cells, or very many cells or ranges."""
        last_row, merged, numbered, tail = 0, 0, False, b""
        for chunk in self._stream(part):
            if not tail and chunk[:2] in {b"\xff\xfe", b"\xfe\xff"}:
                return True
            text = tail + chunk
            if _ODD.search(text):
                return True
            merged += len(_MERGED.findall(text))
            if merged > MOST_MERGED:
                return True
            numbered = numbered or _NUMBERED.search(text) is not None
            rows = {*_ROW.findall(text), *_FAR.findall(text)}
            last_row = max(last_row, *map(int, rows), 0)
            tail = text[-_OVERLAP:]
        return not numbered or (
            last_row > _SURELY_FIT and last_row * self._last_column(part) > MOST_CELLS
        )

    def _last_column(self, part: str) -> int:
        """The number of the last column that a sheet mentions, from 1."""
        names: set[bytes] = set()
        tail = b""
        for chunk in self._stream(part):
            text = tail + chunk
            names.update(_COLUMN.findall(text))
            tail = text[-_OVERLAP:]
        return max((column_index(name.decode()) + 1 for name in names), default=1)


_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    expat.ExpatError,
    EOFError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    UnicodeDecodeError,
    ValueError,
)


def column_index(name: str) -> int:
    """The column that a spreadsheet names so, counted from 0.

    >>> column_index("A"), column_index("AA"), column_index("XFD")
    (0, 26, 16383)
    """
    index = 0
    for letter in name.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


class _SheetLook:
    """Handlers of one pass over a sheet's XML: positions, formulas, values."""

    def __init__(self, awaits_calculation: bool) -> None:
        self.found = Oddities()
        self._nothing = {"", "0"} if awaits_calculation else {""}
        self._row = self._column = -1
        self._formula = self._in_value = False
        self._type = ""
        self._value: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "c":
            place = attributes.get("r", "")
            name = place.rstrip("0123456789")
            self._column = column_index(name) if name else self._column + 1
            if number := place[len(name) :]:
                self._row = int(number) - 1  # the reader of cells believes the cell, not its row
            self._formula, self._type = False, attributes.get("t", "n")
            self._value = []
        elif local == "row":
            number = attributes.get("r", "")
            self._row = int(number) - 1 if number else self._row + 1
            self._column = -1
        elif local == "f":
            self._formula = True
        elif local in {"v", "t"}:
            self._in_value = True
        elif local == "mergeCell":
            self.found.merged += 1

    def text(self, text: str) -> None:
        if self._in_value:
            self._value.append(text)

    def end(self, name: str) -> None:
        local = _local(name)
        if local in {"v", "t"}:
            self._in_value = False
        elif local == "c":
            self._close()

    def _close(self) -> None:
        value, place = "".join(self._value), (self._row, self._column)
        if self._formula:
            self.found.formulas += 1
        if self._type == "e":
            self.found.errors[place] = value or "#"
        elif self._formula and self._type != "str" and value in self._nothing:
            self.found.uncalculated.add(place)
        if value or self._formula:
            self.found.last_row = max(self.found.last_row, self._row)
            self.found.last_column = max(self.found.last_column, self._column)


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.buffer_text = True
    return parser


def _refuse_doctype(*_: object) -> None:
    raise ValueError("it declares entities of its own")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _absolute(target: str) -> str:
    """The part of a relation's target, which is relative to ``xl`` or begins with a slash."""
    if target.startswith(("/", "xl/")):  # some writers give the whole path without a slash
        return target.removeprefix("/")
    parts: list[str] = ["xl"]
    for step in PurePosixPath(target).parts:
        if step == "..":
            parts = parts[:-1]
        else:
            parts.append(step)
    return "/".join(parts)
