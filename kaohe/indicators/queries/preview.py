"""The effect of settings on the latest year whose facts are known: who would move, and why."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

import duckdb
from django.utils.translation import gettext

from kaohe.core.errors import Conflict
from kaohe.core.problems import N_, FolderRefused
from kaohe.core.scheme import Scheme
from kaohe.core.scheme_canonical import canonical
from kaohe.core.scheme_trials import Trial, trial_of
from kaohe.engine.run import score
from kaohe.folder.checks import check_folder
from kaohe.indicators.models import AssessmentYear, PartVersion
from kaohe.indicators.queries.parts import scheme_in
from kaohe.indicators.queries.past_years import last_with_folder
from kaohe.indicators.queries.preview_base import base_tables, scheme_of_folder
from kaohe.indicators.queries.remembered import Remembered
from kaohe.inquiry.whatif.moves import (
    AFTER,
    Move,
    Told,
    count_moves,
    keeper,
    make_moves,
    read_moves,
)
from kaohe.locale import Translate

GRADES = ("A", "B", "C", "none")
Counts = Mapping[str, int]  # grade → units
_MOST = 32  # previews that a process keeps

_previews: Remembered[tuple[str, str], "Preview"] = Remembered(_MOST)  # of this process


class PreviewNotPossible(Conflict):
    """The settings do not fit the facts of the earlier year."""

    code = "settings.preview-not-possible"
    sentence = N_(
        "The effect on {year} cannot be computed: with these settings its facts would not be sound."
        " {problem}. Correct the settings, or go on without a preview."
    )


class GroupLine(NamedTuple):
    """A group before and after: units, and how many of them have which grade."""

    name: str
    units: int
    before: Counts
    after: Counts

    @property
    def moved(self) -> bool:
        """Whether the numbers of its grades differ."""
        return self.before != self.after


class TierLine(NamedTuple):
    """A tier before and after: how many units."""

    name: str
    before: int
    after: int


@dataclass(frozen=True)
class Preview:
    """What settings would have done to a year.

    ``before`` and ``wished``: the settings of that year, and those that are tried.  ``counts``: of
    ``moves.count_moves``.  ``quota``: staff who may be graded excellent, before and
    after.  ``seats_left_out``: the committee's choices at the last seat no longer fit.
    """

    before: Scheme
    wished: Scheme
    trial: Trial
    counts: Counts
    groups: tuple[GroupLine, ...]
    tiers: tuple[TierLine, ...]
    quota: tuple[int, int]
    moves: tuple[Move, ...]
    seats_left_out: bool = False

    @property
    def year(self) -> int:
        """The year whose facts are used."""
        return self.before.year

    @property
    def grades(self) -> tuple[GroupLine, ...]:
        """All groups together, as one line."""
        before: Counter[str] = Counter()
        after: Counter[str] = Counter()
        for line in self.groups:
            before.update(line.before)
            after.update(line.after)
        return (GroupLine("", sum(line.units for line in self.groups), before, after),)

    def told(self, translate: Translate, most: int | None = None) -> list[dict[str, Any]]:
        """Who moves, in words, changed grades first; as ``inquiry.whatif.differences`` has it."""
        return Told(translate, {}).sections(self.moves[:most])


def base_of(version: PartVersion) -> AssessmentYear | None:
    """The year on which settings are tried: the latest one before, whose folder is kept."""
    return last_with_folder(version.jurisdiction, version.part.assessment_year.year)


def preview_of_version(version: PartVersion) -> Preview | None:
    """The effect of a version of the settings; None where no earlier year is there.

    Raises:
        FolderMissing, FolderSpoilt: the kept folder cannot be read.
    """
    base = base_of(version)
    return preview_of(base, scheme_in(version)) if base else None


def preview_of(year: AssessmentYear, wished: Scheme) -> Preview:
    """The effect of settings on a year whose folder is kept; kept in the process.

    Raises:
        FolderMissing, FolderSpoilt: the kept folder cannot be read.
        PreviewNotPossible: the settings do not fit the facts of that year.

    Source: docs/rules/settings.md, SE-4.
    """
    return _previews.get_or(_key(year, wished), lambda: _computed(year, wished))


def _key(year: AssessmentYear, wished: Scheme) -> tuple[str, str]:
    digest = sha256(canonical(wished).encode()).hexdigest()
    return (year.folder.digest if year.folder else "", digest)


class Peek(NamedTuple):
    """What is there without computing: all that there will be, or not yet."""

    is_ready: bool
    preview: Preview | None


def peek(version: PartVersion) -> Peek:
    """The preview of a version, if it is remembered, or if there can be none."""
    base = base_of(version)
    if base is None:
        return Peek(True, None)
    found = _previews.get(_key(base, scheme_in(version)))
    return Peek(found is not None, found)


def _computed(year: AssessmentYear, wished: Scheme) -> Preview:
    base = scheme_of_folder(year)
    with base_tables(year) as con:
        names = con.execute("SELECT DISTINCT \"group\" FROM units WHERE status <> 'exempt'")
        trial = trial_of(base, wished, {name for (name,) in names.fetchall()})
        left_out = _score(con, trial.scheme)
        make_moves(con)
        return Preview(
            base,
            wished,
            trial,
            count_moves(con),
            _groups(con),
            _tiers(con),
            _quota(con),
            tuple(read_moves(con, (), setting=True)),
            left_out,
        )


def _score(con: duckdb.DuckDBPyConnection, scheme: Scheme) -> bool:
    """Scores the facts under other settings; whether the choices of seats were left out.

    Raises:
        PreviewNotPossible: the settings do not fit the facts of that year.
    """
    errors = [each for each in check_folder(con, scheme) if each.severity == "error"]
    if errors:
        raise PreviewNotPossible(year=scheme.year, problem=errors[0].sentence(gettext))
    try:
        score(con, scheme, keeper(con, AFTER))
    except FolderRefused:
        for table in ("results", "component_scores", "linkages"):
            con.execute(f"DROP TABLE IF EXISTS {AFTER}_{table}")
        con.execute("DELETE FROM adjustments WHERE kind = 'seat'")
        score(con, scheme, keeper(con, AFTER))
        return True
    return False


def _groups(con: duckdb.DuckDBPyConnection) -> tuple[GroupLine, ...]:
    rows = con.execute(
        'SELECT a."group", b.grade, a.grade, count(*) FROM before_results b'
        ' JOIN after_results a USING (unit) GROUP BY ALL ORDER BY a."group"'
    ).fetchall()
    found: dict[str, tuple[Counter[str], Counter[str]]] = {}
    for name, old, new, number in rows:
        before, after = found.setdefault(name, (Counter(), Counter()))
        before[old] += number
        after[new] += number
    return tuple(
        GroupLine(name, sum(before.values()), dict(before), dict(after))
        for name, (before, after) in found.items()
    )


def _tiers(con: duckdb.DuckDBPyConnection) -> tuple[TierLine, ...]:
    rows = con.execute(
        "SELECT tier, sum(b), sum(a) FROM ("
        "SELECT tier, 1 AS b, 0 AS a FROM before_component_scores WHERE component = 'individual'"
        " UNION ALL "
        "SELECT tier, 0, 1 FROM after_component_scores WHERE component = 'individual')"
        " WHERE tier IS NOT NULL GROUP BY tier ORDER BY tier"
    ).fetchall()
    return tuple(TierLine(name, int(before), int(after)) for name, before, after in rows)


def _quota(con: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    sums = [
        con.execute(
            f"SELECT coalesce(sum(amount), 0) FROM {side}_linkages"  # noqa: S608
            " WHERE measure = 'excellent-quota'"
        ).fetchall()[0][0]
        for side in ("before", "after")
    ]
    return int(sums[0]), int(sums[1])
