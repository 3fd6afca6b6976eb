"""The folders of imported years as they are kept: unpacked beside, and never trusted unseen."""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from kaohe.core.errors import Conflict
from kaohe.core.problems import N_
from kaohe.folder.zipped import UnfitZip, empty, files_below, unpack, unpack_whole
from kaohe.indicators.models import AssessmentYear
from kaohe.organization.models import StoredFile
from kaohe.organization.queries.files import path_of

Signature = tuple[tuple[str, int, int], ...]
_seen: dict[Path, Signature] = {}  # what this process has compared with the zip, as it was then


class FolderMissing(Conflict):
    """The year has no folder of its own."""

    code = "year-folder.missing"
    sentence = N_(
        "No assessment folder is kept for the year {year}. Import the folder of that year first."
    )


class FolderSpoilt(Conflict):
    """What is kept is not what was put there."""

    code = "year-folder.spoilt"
    sentence = N_(
        "The folder of the year {year} that is kept here is no longer what was imported. Tell the"
        " system administrator, who puts the files back from the backup."
    )


def opened_folder(year: AssessmentYear) -> Path:
    """The assessment folder of an imported year, unpacked; nobody writes there.

    Raises:
        FolderMissing: the year has none.
        FolderSpoilt: the file that is kept was changed or is gone.

    Source: docs/rules/year_folder.md, YF-3.
    """
    return _opened(year, year.folder, unpack)


def opened_results(year: AssessmentYear) -> Path:
    """What the engine made of the folder of an imported year, unpacked.

    Raises:
        FolderMissing: the year has none.
        FolderSpoilt: the file that is kept was changed or is gone.

    Source: docs/rules/year_folder.md, YF-3.
    """
    return _opened(year, year.results, unpack_whole)


def _opened(
    year: AssessmentYear, file: StoredFile | None, unpacking: Callable[[Path, Path], None]
) -> Path:
    if file is None:
        raise FolderMissing(year=year.year)
    place = Path(settings.HOME) / "cache" / "folders" / file.digest
    if _seen.get(place) == _signature(place):
        return place
    kept = path_of(file.digest)
    try:
        if hashlib.sha256(kept.read_bytes()).hexdigest() != file.digest:
            raise FolderSpoilt(year=year.year)
        _renew(kept, place, unpacking)
    except (OSError, UnfitZip) as broken:
        raise FolderSpoilt(year=year.year) from broken
    _seen[place] = _signature(place)
    return place


def _renew(kept: Path, place: Path, unpacking: Callable[[Path, Path], None]) -> None:
    """Unpack aside; what lies there already stays if it is the same, else it gives way."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = Path(tempfile.mkdtemp(prefix=f".{place.name[:12]}-", dir=place.parent))
    try:
        unpacking(kept, aside)
        if _contents(aside) == _contents(place):
            return
        old = aside.with_name(f"{aside.name}-old")
        if place.exists():
            place.rename(old)
        try:
            aside.rename(place)
        except OSError:  # another process was first
            if _contents(aside) != _contents(place):
                raise
        empty(old)
    finally:
        empty(aside)


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        name: hashlib.sha256(file.read_bytes()).digest()
        for name, file in files_below(folder).items()
    }


def _signature(folder: Path) -> Signature:
    """What tells that nothing was written there since: names, sizes and times of change."""
    found = []
    for name, file in files_below(folder).items():
        about = os.stat(file)
        found.append((name, about.st_size, about.st_mtime_ns))
    return tuple(found) or ((str(folder), -1, -1),)
