"""A whole assessment folder read for the platform: checked, assessed, packed, not written."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from kaohe.core.errors import Conflict
from kaohe.core.problems import N_, FolderRefused, Problem, declare
from kaohe.core.rows import Inputs
from kaohe.core.scheme import Scheme
from kaohe.core.tables import INPUT_TABLES
from kaohe.folder.manifest import digest, scheme_digest, write_manifest
from kaohe.folder.past_table import past_rows, write_past
from kaohe.folder.results import fetch_outputs
from kaohe.folder.rows import FIRST_ROW, fetch_inputs
from kaohe.folder.write import write_outputs, write_problems
from kaohe.folder.zipped import files_below, pack
from kaohe.inquiry.opening import Opened, opened, score_opened
from kaohe.inquiry.writing import MARK
from kaohe.locale import Translate

MOST_UNITS = 20_000
LONGEST = {
    ("units", "name"): 120,
    ("units", "group"): 60,
    ("units", "department"): 120,
    ("units", "category"): 40,
    ("units", "sector"): 40,
}
READING, ASSESSING = N_("The folder is read and checked."), N_("The folder is assessed.")
Progress = Callable[[int, int, str], None]

declare(
    "error",
    {
        "year-text-long": (
            "“{found}” is longer than the {most} characters that the platform keeps",
            "shorten it; the whole text can stand in another place",
        ),
        "year-units-many": (
            "the folder has {units} units, and a year on the platform has at most {most}",
            "divide it into the folders of the jurisdictions that it is about",
        ),
    },
)


class FolderChanged(Conflict):
    """The folder is not what it was a moment ago."""

    code = "year-folder.changed"
    sentence = N_("Somebody changed the folder while it was read. Let them finish, then try again.")


@dataclass(frozen=True)
class WholeFolder:
    """What a folder holds, and what the engine makes of it."""

    scheme: Scheme
    inputs: Inputs
    warnings: list[Problem]
    digest: str  # of the scheme
    folder: bytes  # the files that were read, as a zip
    results: bytes

    @property
    def folder_digest(self) -> str:
        """SHA-256 of the zip of the folder."""
        return hashlib.sha256(self.folder).hexdigest()


def read_whole(
    path: Path,
    progress: Callable[[int, int, str], None] = lambda *_: None,
    translate: Translate = str,
) -> WholeFolder:
    """Read, check and assess a folder.

    Raises:
        FolderRefused: with every problem of it.
        FolderChanged: somebody wrote there meanwhile.

    Source: docs/rules/year_folder.md, YF-1.
    """
    progress(0, 4, READING)
    with opened(path) as ready:
        inputs = fetch_inputs(ready.con, ready.scheme)
        problems = list(unfit(inputs))
        if problems:
            raise FolderRefused([*ready.warnings, *problems])
        progress(1, 4, ASSESSING)
        score_opened(ready)
        with TemporaryDirectory(prefix="kaohe-year-") as aside:
            results = _results(ready, inputs, Path(aside), translate)
        return WholeFolder(
            ready.scheme,
            inputs,
            ready.warnings,
            scheme_digest(ready.scheme),
            _packed(ready),
            results,
        )


def _results(ready: Opened, inputs: Inputs, aside: Path, translate: Translate) -> bytes:
    write_outputs(ready.con, aside)
    write_problems(ready.warnings, aside / "problems.csv", translate)
    write_manifest(aside / MARK, ready.loaded, ready.scheme)
    write_past(past_rows(inputs, fetch_outputs(ready.con).item_scores), aside)
    return pack(files_below(aside))


def _packed(ready: Opened) -> bytes:
    """The files that were read; they must still be what they were when the engine read them."""
    home = ready.loaded.path
    files: dict[str, Path] = {}
    for source in ready.loaded.files.values():
        below = files_below(source) if source.is_dir() else {"": source}
        for file in below.values():
            files[file.relative_to(home).as_posix()] = file
    before = {name: digest(file) for name, file in files.items()}
    data = pack(files)
    if before != {name: digest(file) for name, file in files.items()}:
        raise FolderChanged
    return data


def unfit(inputs: Inputs) -> Iterator[Problem]:
    """What the platform cannot keep of a folder that is sound."""
    if len(inputs.units) > MOST_UNITS:
        facts = {"units": len(inputs.units), "most": MOST_UNITS}
        yield Problem("year-units-many", "units", facts=facts)
    for (table, column), most in LONGEST.items():
        place = [each.name for each in INPUT_TABLES[table]].index(column)
        field = INPUT_TABLES[table][place].field
        for row, each in enumerate(getattr(inputs, table), FIRST_ROW):
            text = getattr(each, field) or ""
            if len(text) > most:
                cell = {"found": text[:30] + "…", "most": most}
                yield Problem("year-text-long", table, row, column, cell)
