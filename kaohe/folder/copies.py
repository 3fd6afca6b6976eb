"""A table copied to a plain CSV file of our own, row numbers kept, for the same way in as all."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from kaohe.folder.cells import TAKEN
from kaohe.folder.headers import Header, letters
from kaohe.folder.intake import Source
from kaohe.folder.typed import literal

WriteRow = Callable[[int, Sequence[str]], None]
_PLAIN = "auto_detect=false, delim=',', quote='\"', escape='\"', strict_mode=true"


def csv_relation(path: Path, types: Iterable[tuple[str, str]], *, header: bool) -> str:
    """SQL of a CSV file with commas, in UTF-8, whose columns are named and typed here."""
    columns = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in types)
    first = "true" if header else "false"
    name = literal(escaped(path))
    return f"read_csv({name}, {_PLAIN}, header={first}, columns={{{columns}}})"


def escaped(path: Path) -> str:
    """A path that DuckDB takes for one file, though signs of a pattern stand in it."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path))


@contextmanager
def copying(path: Path) -> Iterator[WriteRow]:
    """Opens a copy; gives a function that writes the cells of one row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")

        def write(row: int, cells: Sequence[str]) -> None:
            writer.writerow([row, *cells])

        yield write


def copied_source(path: Path, header: Header) -> Source:
    """The source of a copy that has ``row`` and then every column of the header."""
    raw = [f"c{index}" for index in range(header.width)]
    return Source(
        relation=csv_relation(
            path, [("row", "BIGINT"), *((name, "VARCHAR") for name in raw)], header=False
        ),
        texts={name: raw[index] for name, index in header.places.items()},
        unnamed={letters(index): raw[index] for index in header.unnamed},
        copied=True,
    )


def as_own(text: str) -> str:
    """A cell of a file as it may stand in a copy: the mark of refused cells is ours alone."""
    return text.replace(TAKEN, "\x7f") if TAKEN in text else text
