"""Last year's sheets as many Word files at once: brought, one by one or in an archive.

What cannot be taken is listed with its reason and keeps the rest from being applied until it is
left out or sent anew.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, Any, NamedTuple

from django.db import transaction

from kaohe.core.access import Verb
from kaohe.core.errors import Refusal
from kaohe.core.texts import clean
from kaohe.indicators.models import PartImport, PartVersion, WordImportFile
from kaohe.indicators.queries.word_drafts import unit_names
from kaohe.indicators.reading.word_archives import BROKEN, LONGEST, UnfitArchive, open_archive
from kaohe.indicators.reading.word_files import ALL, OUT
from kaohe.indicators.services.part_import_refusals import (
    PartFileOver,
    WordArchiveUnfit,
    WordFilesNone,
    WordFilesTooMany,
    WordFileUnknown,
    WordOldForm,
    WordUnitUnknown,
)
from kaohe.indicators.services.part_imports import must_be_editable
from kaohe.organization.models import StoredFile, User
from kaohe.organization.queries.access import require
from kaohe.organization.services.file_kinds import (
    FileDamaged,
    FileLies,
    FileProtected,
    FileSuspicious,
    SheetsAlike,
    WithMacros,
)
from kaohe.organization.services.files import FileEmpty, FileNotTaken, FileTooLarge, store_file
from kaohe.organization.services.writing import State, changed, created, record, save, taken

MOST_FILES = 100
_WORD, _ARCHIVE, _MACROS = ".docx", ".zip", (".docm", ".dotm")
_OLD = (".doc", ".wps", ".wpt", ".dot", ".rtf")
_UNFIT: Mapping[type[Refusal], str] = {
    FileProtected: "word-protected",
    WithMacros: "word-macros",
    FileSuspicious: "word-suspicious",
    FileTooLarge: "word-suspicious",
    FileDamaged: "word-damaged",
    FileEmpty: "word-damaged",
    FileLies: "word-damaged",
    FileNotTaken: "word-damaged",
    SheetsAlike: "word-damaged",
}


class WordSent(NamedTuple):
    """A file that somebody sends: its name and its bytes."""

    name: str
    stream: IO[bytes]


class _Kept(NamedTuple):
    name: str
    file: StoredFile | None
    unfit: str
    refusal: Refusal | None


@transaction.atomic
def bring_word_files(*, by: User, version: PartVersion, files: Sequence[WordSent]) -> PartImport:
    """Keep Word files, and those in archives, that are to become part of a draft.

    Raises:
        RoleMissing: ``by`` does not draft the scheme.
        PartFileNotScheme: it is not a department's scheme.
        PartMoveNotOpen: the version cannot be edited where it stands.
        WordFilesTooMany: there are more than can be taken at once.
        WordArchiveUnfit: an archive cannot be opened.
        WordOldForm, WordFilesNone and the refusals of ``store_file``: no file can be read.

    Source: docs/rules/plan_books.md, PB-9.
    """
    require(by, Verb.SCHEME_DRAFT, version.part)
    must_be_editable(version)
    kept = [_keep(by, version, each) for each in _one_by_one(files)]
    first = next((each.file for each in kept if each.file is not None), None)
    if first is None:
        raise _nothing_of(kept)
    row = PartImport.objects.create(
        jurisdiction=version.jurisdiction,
        part=version.part,
        file=first,
        count=len(kept),
        sort="docx",
        state="brought",
        added_by=by,
    )
    WordImportFile.objects.bulk_create(
        WordImportFile(part_import=row, file=each.file, name=name, unfit=each.unfit)
        for name, each in zip(_told_apart([each.name for each in kept]), kept, strict=True)
    )
    record(created(row, "part-import.brought"), by=by)
    return row


def _one_by_one(files: Sequence[WordSent]) -> Iterator[WordSent]:
    """Every file, those in archives too.

    Raises:
        WordFilesTooMany, WordArchiveUnfit: they cannot be taken.
    """
    count = 0
    for sent in files:
        for each in _unpacked(sent) if _ends(sent.name, _ARCHIVE) else iter((sent,)):
            count += 1
            if count > MOST_FILES:
                raise WordFilesTooMany(limit=MOST_FILES)
            yield each


def _unpacked(sent: WordSent) -> Iterator[WordSent]:
    with _refused(sent.name), open_archive(sent.stream) as (archive, packed):
        if not packed:
            raise UnfitArchive("empty")
        for each in packed:
            if not _ends(each.name, _WORD):
                yield WordSent(each.name, sent.stream)  # its bytes are not needed
                continue
            with archive.open(each.entry) as stream:
                yield WordSent(each.name, stream)


@contextmanager
def _refused(name: str) -> Iterator[None]:
    try:
        yield
    except UnfitArchive as unfit:
        raise WordArchiveUnfit(name=name, why=WordArchiveUnfit.WHY[unfit.code]) from unfit


def _ends(name: str, ending: str | tuple[str, ...]) -> bool:
    return name.casefold().endswith(ending)


def _keep(by: User, version: PartVersion, sent: WordSent) -> _Kept:
    """A file as it is kept; what cannot be taken, with the code that says why."""
    name = "/".join(filter(None, map(clean, sent.name.replace("\\", "/").split("/")))) or "—"
    name = name[-LONGEST:]
    if _ends(name, _OLD):
        return _Kept(name, None, "word-old-form", WordOldForm(name=name))
    if _ends(name, _MACROS):
        return _Kept(name, None, "word-macros", WithMacros(name=name))
    if not _ends(name, _WORD):
        return _Kept(name, None, "word-other-kind", FileNotTaken(name=name, kinds=_WORD))
    try:
        file = store_file(
            by=by,
            jurisdiction=version.jurisdiction,
            name=name,
            stream=sent.stream,
            verb=Verb.SCHEME_DRAFT,
            where=version.part,
            kinds={"docx"},
        )
    except tuple(_UNFIT) as refusal:
        if refusal.facts.get("found") == "doc":
            return _Kept(name, None, "word-old-form", WordOldForm(name=name))
        return _Kept(name, None, _UNFIT[type(refusal)], refusal)
    except BROKEN:
        return _Kept(name, None, "word-damaged", FileDamaged(name=name))
    return _Kept(name, file, "", None)


def _nothing_of(kept: Sequence[_Kept]) -> Refusal:
    """Why nothing of what was sent can be read."""
    if len(kept) == 1 and kept[0].refusal is not None:
        return kept[0].refusal
    return WordFilesNone()


def _told_apart(names: Sequence[str]) -> list[str]:
    """Names of which no two are alike."""
    found: list[str] = []
    taken_names: set[str] = set()
    for name in names:
        stem, dot, ending = name.rpartition(".")
        made, number = name, 1
        while made in taken_names:
            number += 1
            made = f"{stem} ({number}){dot}{ending}"
        taken_names.add(made)
        found.append(made[-LONGEST:])
    return found


@transaction.atomic
def place_word_files(
    *, by: User, row: PartImport, seen: int | None, chosen: Mapping[int, str]
) -> PartImport:
    """Say of some files of an import which unit each is for; it is to be read again then.

    Args:
        chosen: key of the file → code of a unit, "all" for all units, "out" to leave it out, "" as
            it says itself.

    Raises:
        RoleMissing: ``by`` does not draft the scheme.
        PartFileOver: it was applied or given up.
        WordFileUnknown, WordUnitUnknown: there is no such file in it, or no such unit.
        Changed: it is not what ``by`` saw.

    Source: docs/rules/plan_books.md, PB-9.
    """
    require(by, Verb.SCHEME_DRAFT, row.part)
    row = taken(PartImport, row.pk, seen)
    if row.state not in ("brought", "read"):
        raise PartFileOver
    files = {each.pk: each for each in row.files.all()}
    units = {"", ALL, OUT, *unit_names(row.part).called}
    moved = []
    for key, unit in chosen.items():
        if key not in files:
            raise WordFileUnknown
        if unit not in units:
            raise WordUnitUnknown(unit=unit)
        if files[key].chosen != unit:
            files[key].chosen = unit
            moved.append(files[key])
    if not moved:
        return row
    WordImportFile.objects.bulk_update(moved, ["chosen"])
    before = State(row)
    extra: dict[str, Any] = {"files": len(moved)}
    save(row, by=by, event=changed(row, before, "part-import.placed", extra=extra))
    return row
