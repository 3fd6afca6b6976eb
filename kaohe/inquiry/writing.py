"""Results written aside and renamed: a half-written OUT never exists."""

import errno
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from kaohe.core.problems import N_
from kaohe.core.tables import OUTPUT_TABLES

MARK = "manifest.json"  # what every result of ours holds
OURS = frozenset(
    {f"{table}.{form}" for table in OUTPUT_TABLES for form in ("csv", "parquet")}
    | {MARK, "problems.csv", "results.xlsx", "report.pdf"}
)  # what a new result takes the place of; anything else in OUT is somebody's and stays


class OutTaken(Exception):
    """OUT holds something; ``sentence`` is a message id with ``{out}``."""

    def __init__(self, out: Path, sentence: str) -> None:
        self.out, self.sentence = out, sentence
        super().__init__(sentence.format(out=out))


def check_out(out: Path, *, force: bool, mark: str = MARK, folder: Path | None = None) -> None:
    """Whether results may go to ``out``: absent or empty, or anything with ``force``.

    Args:
        folder: what is read; whatever ``out`` holds, it must not take the place of that.

    Raises:
        OutTaken: it holds something, and ``force`` was not given; or it is a file.

    Source: docs/rules/outputs.md, O-4.
    """
    if folder is not None and _real(folder).is_relative_to(_real(out)):
        raise OutTaken(
            out,
            N_("{out} is the assessment folder, or holds it; name a new or an empty folder"),
        )
    if out.is_dir():
        holds = {entry.name for entry in out.iterdir()}
        if not holds or force:
            return
        if mark in holds:
            raise OutTaken(
                out, N_("{out} holds an earlier result; add --force to replace it, or name another")
            )
        raise OutTaken(out, N_("{out} holds other files; name a new or an empty folder"))
    elif out.exists() or out.is_symlink():
        raise OutTaken(out, N_("{out} is a file; name a new or an empty folder"))
    else:
        above = next(parent for parent in out.absolute().parents if os.path.lexists(parent))
        if not above.is_dir():
            raise OutTaken(above, N_("{out} is a file; name a new or an empty folder"))


def check_file(file: Path, folder: Path) -> None:
    """Whether a single file may be written, before long work is done for it.

    Args:
        folder: what is read; none of its files is ever written over.

    Raises:
        OutTaken: a folder has its name, or it would lie in none, or among what is read.
    """
    if _real(file).is_relative_to(_real(folder)):
        raise OutTaken(file, N_("{out} lies in the assessment folder; name another place"))
    if file.is_dir() or not file.absolute().parent.is_dir():
        raise OutTaken(file, N_("{out} cannot be written; name a file in a folder that is there"))


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


@contextmanager
def written_aside(
    out: Path, *, replace: bool = False, ours: Collection[str] = OURS
) -> Iterator[Path]:
    """A new folder beside ``out`` that takes its place when the block ends well, else vanishes.

    Args:
        replace: an earlier result in ``out`` gives way; what else is there stays.
        ours: the names of what gives way.

    Raises:
        OutTaken: meanwhile another has filled ``out``, and it does not give way.

    Source: docs/rules/outputs.md, O-4.
    """
    out = _real(out)  # where a link points to, so that the link stays one
    out.parent.mkdir(parents=True, exist_ok=True)
    aside = out.with_name(f".{out.name}.writing-{os.getpid()}")
    earlier = out.with_name(f".{out.name}.earlier-{os.getpid()}")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    try:
        yield aside
        if replace and out.exists():
            out.rename(earlier)
        try:
            aside.rename(out)
        except OSError as error:
            if earlier.exists():
                earlier.rename(out)
            if error.errno in {errno.ENOTEMPTY, errno.EEXIST}:
                check_out(out, force=False)
            raise
        if earlier.exists():
            _keep_others(earlier, out, ours)
            shutil.rmtree(earlier, ignore_errors=True)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _keep_others(earlier: Path, out: Path, ours: Collection[str]) -> None:
    for entry in earlier.iterdir():
        if entry.name not in ours:
            entry.rename(out / entry.name)
