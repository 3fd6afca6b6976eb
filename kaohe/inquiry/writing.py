"""Results written aside and renamed: a half-written OUT never exists."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kaohe.core.problems import N_

MARK = "manifest.json"  # what every result of ours holds, so that only such a one is replaced


class OutTaken(Exception):
    """OUT holds something; ``sentence`` is a message id with ``{out}``."""

    def __init__(self, out: Path, sentence: str) -> None:
        self.out, self.sentence = out, sentence
        super().__init__(sentence.format(out=out))


def check_out(out: Path, *, force: bool, mark: str = MARK) -> None:
    """Whether results may go to ``out``: absent, empty, or an earlier result with ``force``.

    Raises:
        OutTaken: it holds something else, or an earlier result and ``force`` was not given.

    Source: docs/rules/outputs.md, O-4.
    """
    if out.is_dir():
        holds = {entry.name for entry in out.iterdir()}
        if not holds:
            return
        if mark not in holds:
            raise OutTaken(out, N_("{out} holds other files; name a new or an empty folder"))
        if not force:
            raise OutTaken(
                out, N_("{out} holds an earlier result; add --force to replace it, or name another")
            )
    elif out.exists() or out.is_symlink():
        raise OutTaken(out, N_("{out} is a file; name a new or an empty folder"))


@contextmanager
def written_aside(out: Path) -> Iterator[Path]:
    """A new folder beside ``out`` that takes its place when the block ends well, else vanishes.

    Source: docs/rules/outputs.md, O-4.
    """
    out = out.absolute()
    out.parent.mkdir(parents=True, exist_ok=True)
    aside = out.with_name(f".{out.name}.writing-{os.getpid()}")
    earlier = out.with_name(f".{out.name}.earlier-{os.getpid()}")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    try:
        yield aside
        if out.exists():
            out.rename(earlier)
        try:
            aside.rename(out)
        except OSError:
            if earlier.exists():
                earlier.rename(out)
            raise
        shutil.rmtree(earlier, ignore_errors=True)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
