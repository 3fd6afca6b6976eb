"""Whether a workbook that somebody sent is small enough to be opened whole and written again."""

import zipfile
import zlib
from pathlib import Path
from xml.parsers import expat

from openpyxl.utils.cell import range_boundaries

MOST_BYTES = 8 << 20  # of all parts unpacked; opened, they take some thirty times as much
MOST_MERGED = 100_000  # cells under merged ones, each of which is an object
LAST_COLUMN = 16_384  # behind it nothing can be added
_UNFIT = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError)


def can_be_annotated(source: Path) -> bool:
    """Whether all sheets of a workbook together are of ordinary size, not only the one read.

    Source: docs/rules/imports.md, IM-7.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > MOST_BYTES:
                return False
            look = _Look()
            return all(look.passes(archive.read(part)) for part in parts)
    except _UNFIT:
        return False


class _TooMuchError(Exception):
    """There is more than can be opened, or what nobody writes."""


class _Look:
    """A pass over the parts that counts the cells under merged ones."""

    def __init__(self) -> None:
        self.merged = 0

    def passes(self, content: bytes) -> bool:
        """Whether a part, with those before it, stays within bounds."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.StartDoctypeDeclHandler = self._refuse
        try:
            parser.Parse(content, True)
        except expat.ExpatError:
            return b"mergeCell" not in content  # a picture, or a part that cannot be read
        except (_TooMuchError, TypeError, ValueError):
            return False
        return True

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if local == "mergeCell":
            left, top, right, bottom = (
                int(each or 0) for each in range_boundaries(attributes["ref"])
            )
            self.merged += (right - left + 1) * (bottom - top + 1)
            if (
                self.merged > MOST_MERGED
                or right >= LAST_COLUMN
                or not 0 < left <= right
                or not 0 < top <= bottom
            ):
                raise _TooMuchError
        elif local == "c" and attributes.get("r", "").startswith("XFD"):
            raise _TooMuchError

    def _refuse(self, *_: object) -> None:
        raise _TooMuchError
