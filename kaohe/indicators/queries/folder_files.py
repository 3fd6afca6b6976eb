"""Zips of folders: what somebody sends, looked at before it is taken; what is kept of a year."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import Any, NamedTuple

from kaohe.core.access import Verb
from kaohe.core.errors import Invalid
from kaohe.core.problems import N_, FolderRefused, Problem, errors_in
from kaohe.folder.rows import fetch_inputs
from kaohe.folder.zipped import UnfitZip, unpack
from kaohe.indicators.models import AssessmentYear
from kaohe.indicators.queries.past_years import FolderMissing, FolderSpoilt, results_of
from kaohe.indicators.queries.whole_folder import unfit
from kaohe.inquiry.opening import opened
from kaohe.organization.models import Jurisdiction, StoredFile, User
from kaohe.organization.queries.access import one, visible
from kaohe.organization.queries.files import path_of

CHUNK = 1 << 18


class ZipUnfit(Invalid):
    """A zip that cannot be unpacked, or holds no assessment folder."""

    code = "year-folder.zip-unfit"
    sentence = N_(
        "“{name}” holds no assessment folder that can be unpacked. Put scheme.toml and the tables"
        " into one folder, pack that folder as an ordinary zip without a password, and send it."
    )
    field = "file"


class Looked(NamedTuple):
    """What was found in a folder: its year and place, and all that is wrong or odd."""

    year: int | None
    jurisdiction: str
    units: int
    problems: list[Problem]

    @property
    def is_refused(self) -> bool:
        return errors_in(self.problems)


def look_into(stream: Any, name: str) -> Looked:
    """Unpack, read and check a zip that somebody sends; nothing is kept of it.

    Raises:
        ZipUnfit: it cannot be unpacked, or holds no folder.

    Source: docs/rules/year_folder.md, YF-1, YF-2.
    """
    with NamedTemporaryFile(suffix=".zip") as aside:
        while chunk := stream.read(CHUNK):
            aside.write(chunk)
        aside.flush()
        stream.seek(0)
        with unpacked(Path(aside.name), name) as folder:
            return _checked(folder)


def _checked(folder: Path) -> Looked:
    try:
        with opened(folder) as ready:
            inputs = fetch_inputs(ready.con, ready.scheme)
            problems = [*ready.warnings, *unfit(inputs)]
            scheme = ready.scheme
            return Looked(scheme.year, scheme.jurisdiction, len(inputs.units), problems)
    except FolderRefused as refused:
        return Looked(None, "", 0, refused.problems)


@contextmanager
def unpacked(archive: Path, name: str) -> Iterator[Path]:
    """The folder in a zip, for as long as the block lasts.

    Raises:
        ZipUnfit: it cannot be unpacked, or holds no folder.
    """
    with TemporaryDirectory(prefix="kaohe-folder-") as aside:
        try:
            unpack(archive, Path(aside))
        except (UnfitZip, OSError) as broken:
            raise ZipUnfit(name=name) from broken
        yield Path(aside)


def get_folder_file(user: User, key: int) -> StoredFile:
    """A zip that was brought to become a year, where the user manages years.

    Raises:
        NothingHere: there is none.
    """
    rows = StoredFile.objects.filter(media="zip").select_related("jurisdiction", "added_by")
    return one(visible(user, Verb.YEAR_MANAGE, rows), key)


def kept_file(year: AssessmentYear, which: str) -> tuple[bytes, str]:
    """The folder of a year as it was, or its results: bytes and name.

    Args:
        which: "folder" or "results".

    Raises:
        FolderMissing: none is kept.
        FolderSpoilt: the file is gone, or another.
    """
    file = year.folder if which == "folder" else year.results
    if file is None:
        raise FolderMissing(year=year.year)
    place = path_of(file.digest)
    data = place.read_bytes() if place.exists() else b""
    if hashlib.sha256(data).hexdigest() != file.digest:
        raise FolderSpoilt(year=year.year)
    return data, file.name


def year_of_folder(place: Jurisdiction, number: int, digest: str) -> AssessmentYear | None:
    """The year that was made of just this folder, if it was."""
    return AssessmentYear.objects.filter(
        jurisdiction=place, year=number, folder__digest=digest
    ).first()


class GradeCount(NamedTuple):
    """How many units of a group have which grade."""

    group: str
    units: int
    a: int
    b: int
    c: int
    none: int


def grade_counts(year: AssessmentYear) -> list[GradeCount]:
    """What the kept results of a year come to, group by group; nothing where none are kept."""
    if year.results_id is None:
        return []
    found: dict[str, list[str]] = {}
    for row in results_of(year).results:
        found.setdefault(row.group, []).append(row.grade)
    return [
        GradeCount(group, len(grades), *(grades.count(grade) for grade in ("A", "B", "C", "none")))
        for group, grades in sorted(found.items())
    ]
