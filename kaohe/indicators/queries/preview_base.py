"""What a preview begins with: the folder of an earlier year as typed tables, with its results.

Read once, checked and scored, it lies beside the kept folder as a file of the engine's database; so
a preview has to compute only what changes.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from django.conf import settings

from kaohe import __version__
from kaohe.core.scheme import Scheme
from kaohe.core.scheme_text import read_scheme
from kaohe.folder.find import SCHEME
from kaohe.indicators.models import AssessmentYear
from kaohe.indicators.queries.past_years import opened_folder
from kaohe.inquiry.opening import connection, opened, score_opened
from kaohe.inquiry.whatif.moves import BEFORE, keeper


def is_prepared(year: AssessmentYear) -> bool:
    """Whether a preview on a year begins at once."""
    return _place(year).exists()


def prepare(year: AssessmentYear) -> Path:
    """The file with a year's tables and results; made where it is not there yet.

    Raises:
        FolderMissing, FolderSpoilt: no folder of the year is kept, or it was changed.

    Source: docs/rules/settings.md, SE-4.
    """
    place = _place(year)
    if place.exists():
        return place
    folder = opened_folder(year)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=place.parent) as scratch:
        aside = Path(scratch) / "tables.duckdb"
        with opened(folder) as found:
            score_opened(found, keeper(found.con, BEFORE))
            found.con.execute(f"ATTACH '{aside}' AS kept")
            found.con.execute("COPY FROM DATABASE memory TO kept; DETACH kept")
        os.replace(aside, place)
    return place


def _place(year: AssessmentYear) -> Path:
    digest = year.folder.digest if year.folder else "none"
    return Path(settings.HOME) / "cache" / "previews" / f"{digest}-{__version__}.duckdb"


@contextmanager
def base_tables(year: AssessmentYear) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of our own with the typed tables of a year, and ``before_…`` its results."""
    place = prepare(year)
    with connection() as con:
        con.execute(f"ATTACH '{place}' AS kept (READ_ONLY)")
        con.execute("COPY FROM DATABASE kept TO memory; DETACH kept")
        yield con


def scheme_of_folder(year: AssessmentYear) -> Scheme:
    """The scheme in the kept folder of a year.

    Raises:
        FolderMissing, FolderSpoilt: no folder of the year is kept, or it was changed.
        ValueError: the scheme is unsound; what is kept never is.
    """
    text = (opened_folder(year) / SCHEME).read_text(encoding="utf-8-sig")
    scheme, problems = read_scheme(text)
    if scheme is None:
        raise ValueError(f"the kept scheme is unsound: {problems[0].sentence()}")
    return scheme
