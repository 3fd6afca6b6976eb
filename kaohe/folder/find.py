"""What lies in an assessment folder: the scheme, the tables and their forms, and strays."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from kaohe.core.problems import declare
from kaohe.core.tables import INPUT_TABLES
from kaohe.folder.findings import Findings

SCHEME = "scheme.toml"
WORKBOOK = "assessment.xlsx"
NEEDED = ("units", "items")
_TABULAR = {
    ".csv", ".tsv", ".txt", ".tab", ".parquet", ".pq", ".toml",
    ".xlsx", ".xlsm", ".xlsb", ".xls", ".xlt", ".et", ".ett", ".ods", ".numbers",
}  # fmt: skip
_WORKBOOKS = {".xlsm", ".xlsb", ".xls", ".xlt", ".et", ".ett", ".ods", ".numbers"}

declare(
    "error",
    {
        "table-misspelt": (
            "there is no such table; “{found}” is most likely meant to be it, and would be left "
            "out",
            "correct the name, or take “{found}” out of the folder (hide it, if it is a sheet)",
        ),
        "folder-missing": (
            "there is no folder {folder}",
            "give the folder that holds scheme.toml and the tables",
        ),
        "folder-is-a-file": (
            "{folder} is a file, not a folder",
            "give the folder that holds scheme.toml and the tables; unpack an archive first",
        ),
        "folder-unreadable": (
            "the folder {folder} cannot be opened: {reason}",
            "ask its owner for permission to read it, or copy it to a place of your own",
        ),
        "file-unreadable": (
            "the file {file} cannot be read: {reason}",
            "close it in other programs, and check the permission to read it",
        ),
        "not-a-file": (
            "{file} is no file that can be read from beginning to end, but a pipe or a device",
            "put the file itself into the folder",
        ),
        "scheme-missing": (
            "the folder has no scheme.toml",
            "add scheme.toml, the scheme of the year with its weights and rules",
        ),
        "scheme-not-utf8": (
            "scheme.toml is not UTF-8 text: byte {position} does not belong there",
            "save it as UTF-8, in Notepad by Save as, Encoding",
        ),
        "table-missing": (
            "the table “{name}” is missing, and no folder can be assessed without it",
            "add {name}.csv, {name}.parquet, or a sheet {name} in assessment.xlsx",
        ),
        "table-in-two-forms": (
            "the table “{name}” is there more than once: {forms}",
            "keep the one that holds, and take the others out of the folder",
        ),
        "workbook-form": (
            "{file} is a form of workbook that is not read here",
            "open it in WPS or Excel and save it as assessment.xlsx",
        ),
    },
)
declare(
    "warning",
    {
        "unknown-file": (
            "{file} is not the name of a table, and is not read",
            "leave it if nothing of it is needed; the tables are {tables}",
        ),
        "likely-file": (
            "{file} is not the name of a table, and is not read; likely {likely} is meant",
            "rename it to {likely}, or take it out of the folder",
        ),
        "unknown-sheet": (
            "the sheet “{sheet}” is not the name of a table, and is not read",
            "leave it if nothing of it is needed; the tables are {tables}",
        ),
        "likely-sheet": (
            "the sheet “{sheet}” is not the name of a table, and is not read; likely “{likely}” "
            "is meant",
            "rename the sheet to {likely}, or hide it",
        ),
    },
)


@dataclass(frozen=True, slots=True)
class Found:
    """The files of a folder that are read, by what they are."""

    scheme: Path | None = None
    workbook: Path | None = None
    csv: dict[str, Path] = field(default_factory=dict)
    parquet: dict[str, Path] = field(default_factory=dict)  # a file, or a folder of parts
    opened: bool = False


def likely_name(name: str, names: Iterable[str] = tuple(INPUT_TABLES)) -> str | None:
    """The name that somebody who wrote ``name`` most likely meant; None where nothing is near.

    >>> likely_name("Event"), likely_name("not applicable"), likely_name("说明")
    ('events', 'not_applicable', None)
    """
    wanted = name.strip().casefold().replace(" ", "_").replace("-", "_")
    near = difflib.get_close_matches(wanted, list(names), n=1, cutoff=0.75)
    return near[0] if near else None


def reason_of(error: OSError) -> str:
    """What the system says is the reason, in a few words."""
    return error.strerror or str(error)[:200]


def find_folder(path: Path, findings: Findings) -> Found:
    """Looks through a folder, one level deep, by exact names.

    Source: docs/rules/folder.md, F-1.
    """
    entries = _entries(path, findings)
    if entries is None:
        return Found()
    found = Found()
    scheme = workbook = None
    for entry in entries:
        if _is_device(entry):
            _report_device(entry, findings)
        elif entry.name == SCHEME:
            scheme = entry
        elif entry.name == WORKBOOK:
            workbook = entry
        elif entry.stem in INPUT_TABLES and entry.suffix == ".csv":
            found.csv[entry.stem] = entry
        elif entry.stem in INPUT_TABLES and entry.suffix == ".parquet":
            found.parquet[entry.stem] = entry
        else:
            _report_stray(entry, findings)
    if scheme is None:
        findings.add("scheme-missing", SCHEME)
    return Found(scheme, workbook, found.csv, found.parquet, opened=True)


def _entries(path: Path, findings: Findings) -> list[Path] | None:
    if not path.exists():
        findings.add("folder-missing", folder=str(path))
    elif not path.is_dir():
        findings.add("folder-is-a-file", folder=str(path))
    else:
        try:
            return sorted(path.iterdir())
        except OSError as error:
            findings.add("folder-unreadable", folder=str(path), reason=reason_of(error))
    return None


def _is_device(entry: Path) -> bool:
    """Whether it is a pipe, a socket or a device: reading one may never end."""
    return entry.exists() and not entry.is_file() and not entry.is_dir()


def _report_device(entry: Path, findings: Findings) -> None:
    table = entry.stem if entry.stem in INPUT_TABLES else entry.name
    findings.add("not-a-file", table, file=entry.name)


def _report_stray(entry: Path, findings: Findings) -> None:
    """Warns of a file that looks like a table and is none."""
    name, suffix = entry.name, entry.suffix.casefold()
    if name.startswith((".", "~$")):
        return
    if entry.stem.casefold() == "assessment" and suffix in _WORKBOOKS:
        findings.add("workbook-form", file=name)
        return
    likely = likely_name(entry.stem, (*INPUT_TABLES, "assessment", "scheme"))
    if suffix not in _TABULAR and not (likely and suffix == ""):
        return
    if likely is None:
        findings.add("unknown-file", file=name, tables=", ".join(INPUT_TABLES))
        return
    ending = {"assessment": ".xlsx", "scheme": ".toml"}.get(likely)
    meant = likely + (ending or (suffix if suffix in {".csv", ".parquet"} else ".csv"))
    findings.add("likely-file", file=name, likely=meant)


def refuse_misspelt(read: Iterable[str], findings: Findings) -> None:
    """Refuses a misspelt name where the table that it means is absent: its facts would be lost.

    Args:
        read: the tables that were found under their own names.

    Source: docs/rules/folder.md, F-1.
    """
    present = set(read)
    for problem in findings.problems:
        if problem.code in {"likely-file", "likely-sheet"}:
            table = str(problem.facts["likely"]).partition(".")[0]
            if table in INPUT_TABLES and table not in present:
                name = problem.facts.get("sheet", problem.facts.get("file"))
                findings.add("table-misspelt", table, found=name)


def report_sheet(sheet: str, findings: Findings) -> None:
    """Warns of a visible sheet that is no table.

    Source: docs/rules/folder.md, F-1.
    """
    likely = likely_name(sheet)
    if likely:
        findings.add("likely-sheet", WORKBOOK, sheet=sheet, likely=likely)
    else:
        findings.add("unknown-sheet", WORKBOOK, sheet=sheet, tables=", ".join(INPUT_TABLES))
